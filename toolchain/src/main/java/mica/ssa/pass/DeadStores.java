// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Removes stores that later stores of the same block overwrite before anybody can look. Walks
 * blocks backwards with the bytes that will be overwritten, as a mask per base of the 64 bytes from some offset; what overwrites more
 * than that at once is kept as a range.
 */
final class DeadStores {
    private static final int MAX = 16;

    private final Aliases aliases;
    private final Value[] base = new Value[MAX];
    private final long[] start = new long[MAX];
    private final long[] mask = new long[MAX];
    private int count;
    private final Value[] rangeBase = new Value[MAX];
    private final long[] rangeStart = new long[MAX];
    private final long[] rangeEnd = new long[MAX];
    private int ranges;

    private DeadStores(Aliases aliases) {
        this.aliases = aliases;
    }

    static void run(Func f, PassContext c) {
        DeadStores d = new DeadStores(new Aliases(f));
        for (Block b : f.blocks) {
            d.block(b);
        }
    }

    private void block(Block b) {
        barrier();
        for (int i = b.count - 1; i >= 0; i--) {
            Value v = b.values[i];
            switch (v.op) {
                case STORE, ZERO -> {
                    Value p = Aliases.base(v.args[0]);
                    long at = Aliases.offset(v.args[0]) + (v.op == Op.STORE ? v.auxInt : 0);
                    long n = v.op == Op.STORE ? v.args[1].type.size : v.auxInt;
                    if (overwritten(p, at, n)) {
                        b.removeAt(i);
                    } else {
                        overwrite(p, at, n);
                    }
                }
                case MOVE -> {
                    Value p = Aliases.base(v.args[0]);
                    long at = Aliases.offset(v.args[0]);
                    if (overwritten(p, at, v.auxInt)) {
                        b.removeAt(i);
                    } else {
                        overwrite(p, at, v.auxInt);
                        // Last, as the target may be the source.
                        read(Aliases.base(v.args[1]), Aliases.offset(v.args[1]), v.auxInt);
                    }
                }
                case LOAD -> read(Aliases.base(v.args[0]), Aliases.offset(v.args[0]) + v.auxInt, v.type.size);
                default -> {
                    if (v.op.isCheck() || v.op.readsMemory()) {
                        barrier();
                    }
                }
            }
        }
    }

    /** A call, or a panic: everything is seen that others can reach; slots of functions that recover are, too. */
    private void barrier() {
        count = 0;
        ranges = 0;
    }

    private boolean overwritten(Value p, long at, long n) {
        for (int i = 0; i < ranges && n > 0; i++) {
            if (Aliases.sameBase(rangeBase[i], p) && at >= rangeStart[i] && at + n <= rangeEnd[i]) {
                return true;
            }
        }
        if (n > 64 || n <= 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            long from = at - start[i];
            if (Aliases.sameBase(base[i], p) && from >= 0 && from + n <= 64) {
                long want = (n == 64 ? -1 : (1L << n) - 1) << from;
                if ((mask[i] & want) == want) {
                    return true;
                }
            }
        }
        return false;
    }

    private void overwrite(Value p, long at, long n) {
        if (n > 64 && ranges < MAX) {
            rangeBase[ranges] = p;
            rangeStart[ranges] = at;
            rangeEnd[ranges++] = at + n;
        }
        if (n > 64 || n <= 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            long from = at - start[i];
            if (Aliases.sameBase(base[i], p) && from >= 0 && from + n <= 64) {
                mask[i] |= (n == 64 ? -1 : (1L << n) - 1) << from;
                return;
            }
        }
        if (count < MAX) {
            base[count] = p;
            start[count] = at & -64;
            long from = at - start[count];
            if (from + n <= 64) {
                mask[count++] = (n == 64 ? -1 : (1L << n) - 1) << from;
            }
        }
    }

    private void read(Value p, long at, long n) {
        int k = 0;
        for (int i = 0; i < count; i++) {
            if (!aliases.mayMeet(base[i], start[i], 64, p, at, n)) {
                base[k] = base[i];
                start[k] = start[i];
                mask[k++] = mask[i];
            }
        }
        count = k;
        k = 0;
        for (int i = 0; i < ranges; i++) {
            if (!aliases.mayMeet(rangeBase[i], rangeStart[i], rangeEnd[i] - rangeStart[i], p, at, n)) {
                rangeBase[k] = rangeBase[i];
                rangeStart[k] = rangeStart[i];
                rangeEnd[k++] = rangeEnd[i];
            }
        }
        ranges = k;
    }
}
