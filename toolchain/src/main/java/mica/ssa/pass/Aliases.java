// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/** Which memory accesses cannot meet: by base and offset, by different slots and symbols, and by slots whose address stays known. */
final class Aliases {
    /** Slots whose address is only used to access them directly, by slot id. */
    private final boolean[] confined;
    private final boolean afterPanic;

    Aliases(Func f) {
        confined = new boolean[f.slots.size()];
        java.util.Arrays.fill(confined, true);
        afterPanic = f.recover != null;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    Value base = base(v.args[k]);
                    if (base.op == Op.LOCAL_ADDR && !direct(v, k)) {
                        confined[((Slot) base.aux).id] = false;
                    }
                }
            }
        }
    }

    private static boolean direct(Value v, int k) {
        return switch (v.op) {
            case LOAD, ZERO, NIL_CHECK, KEEP_ALIVE, OFF_PTR, COPY, EQ, NE -> true;
            case STORE -> k == 0;
            case MOVE -> true;
            default -> false;
        };
    }

    static Value base(Value p) {
        while (p.op == Op.OFF_PTR || p.op == Op.COPY) {
            p = p.args[0];
        }
        return p;
    }

    static long offset(Value p) {
        long n = 0;
        while (p.op == Op.OFF_PTR || p.op == Op.COPY) {
            n += p.op == Op.OFF_PTR ? p.auxInt : 0;
            p = p.args[0];
        }
        return p.op == Op.ADDR || p.op == Op.LOCAL_ADDR ? n + p.auxInt : n;
    }

    /** No call, and nothing through other pointers, touches the slot; a recovering function reads its slots after any panic. */
    boolean confined(Value base) {
        return base.op == Op.LOCAL_ADDR && confined[((Slot) base.aux).id];
    }

    /** Code that runs after a panic may look at slots. */
    boolean recovers() {
        return afterPanic;
    }

    static boolean sameBase(Value a, Value b) {
        return a == b || (a.op == Op.ADDR || a.op == Op.LOCAL_ADDR) && a.op == b.op && a.aux == b.aux;
    }

    /** The two ranges may share a byte; n < 0 means an unknown length. */
    boolean mayMeet(Value a, long atA, long n, Value b, long atB, long m) {
        if (sameBase(a, b)) {
            return n < 0 || m < 0 || atA < atB + m && atB < atA + n;
        }
        boolean namedA = a.op == Op.ADDR || a.op == Op.LOCAL_ADDR || a.op == Op.ALLOC;
        boolean namedB = b.op == Op.ADDR || b.op == Op.LOCAL_ADDR || b.op == Op.ALLOC;
        if (namedA && namedB) {
            return false;
        }
        return !confined(a) && !confined(b);
    }
}
