// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Makes one access of several to neighboring bytes, as the functions of package encoding/binary are written: a number put together
 * of bytes is loaded at once, one that is taken apart is stored at once, and so are constants side by side. Bytes in falling
 * order are swapped.
 *
 * <pre>
 *     ZEXT [p] | ZEXT [p+1] << 8 | ZEXT [p+2] << 16 | ZEXT [p+3] << 24    =>  LOAD I32 p
 *     STORE p (TRUNC x >> 8); STORE p+1 (TRUNC x)                         =>  STORE p (ROTL x 8)
 * </pre>
 * All accesses stand in one block; the wide one takes the place of the last, up to which nothing may write (for loads), or look at
 * the memory, write it otherwise or leave the function (for stores).
 */
final class Combine extends Rewriter {
    /** Most accesses that are looked at together. */
    private static final int MAX = 16;

    private final Aliases aliases;
    private final int[] uses;
    /** Of loads: those that an OR is made of. Of stores: those that nothing has looked at yet. */
    private final Access[] open = new Access[MAX];
    private int count;

    /** A load or store of a part of a number. */
    private static final class Access {
        /** The load or store. */
        final Value v;
        /** Its address is {@code base + index + offset}; index null = none. */
        final Value base;
        final Value index;
        final long offset;
        final int size;
        /** Bit of the number at which the part stands. */
        final int shift;
        /** Of stores: the number; null = a constant. */
        final Value number;
        /** The part is loaded with its bytes swapped. */
        final boolean swapped;
        /** In an OR: the operand. */
        Value operand;

        Access(Value v, int size, int shift, Value number, boolean swapped) {
            this.v = v;
            this.size = size;
            this.shift = shift;
            this.number = number;
            this.swapped = swapped;
            Value p = v.args[0];
            long at = v.auxInt + Aliases.offset(p);
            Value b = Aliases.base(p);
            Value i = null;
            if (b.op == Op.ADD_PTR) {
                i = b.args[1];
                if (i.op == Op.ADD && i.args[1].isConst()) {
                    at += i.args[1].auxInt;
                    i = i.args[0];
                }
                at += Aliases.offset(b.args[0]);
                b = Aliases.base(b.args[0]);
            }
            base = b;
            index = i;
            offset = at;
        }

        boolean isNear(Access o) {
            return Aliases.sameBase(base, o.base) && index == o.index;
        }

        Access shifted(int by) {
            return new Access(v, size, shift + by, number, swapped);
        }
    }

    private Combine(Func f) {
        super(f);
        aliases = new Aliases(f);
        uses = countUses(f);
    }

    static void run(Func f, PassContext c) {
        Combine x = new Combine(f);
        for (Block b : f.blocks) {
            x.block = b;
            x.loads();
            x.stores();
        }
    }

    private boolean once(Value v) {
        return v.id < uses.length && uses[v.id] == 1 && v.block == block;
    }

    // ---- loads ----

    private void loads() {
        boolean any = false;
        for (int i = 0; i < block.count; i++) {
            Value v = block.values[i];
            v.mark = i;
            any |= v.op == Op.OR;
        }
        if (!any) {
            return;
        }
        for (int i = 0; i < block.count; i++) {
            Value v = block.values[i];
            // Only whole sums: not those that are a part of another one behind them.
            if (v.op == Op.OR && v.type.isInt() && v.type != MType.I8 && !isPart(v, i)) {
                count = 0;
                if (collect(v, v.type) && count > 1) {
                    int before = block.count;
                    at = i;
                    sum(v);
                    if (block.count != before) {
                        for (int k = 0; k < block.count; k++) {
                            block.values[k].mark = k;
                        }
                        i += block.count - before;
                    }
                }
            }
        }
    }

    private boolean isPart(Value v, int i) {
        if (!once(v)) {
            return false;
        }
        for (int k = i + 1; k < block.count; k++) {
            Value u = block.values[k];
            for (int a = 0; a < u.argCount; a++) {
                if (u.args[a] == v) {
                    return u.op == Op.OR && u.type == v.type;
                }
            }
        }
        return false;
    }

    /** Finds the loads that v is made of; false if there are too many. */
    private boolean collect(Value v, MType type) {
        for (int k = 0; k < 2; k++) {
            Value x = v.args[k];
            if (x.op == Op.OR && x.type == type && once(x)) {
                if (!collect(x, type)) {
                    return false;
                }
                continue;
            }
            Access a = part(x);
            if (a != null) {
                if (count == MAX) {
                    return false;
                }
                a.operand = x;
                open[count++] = a;
            }
        }
        return true;
    }

    /** The load that v shows at some bit; null if v is something else. */
    private Access part(Value v) {
        if (!once(v)) {
            return null;
        }
        switch (v.op) {
            case LOAD:
                return v.type.isInt() ? new Access(v, v.type.size, 0, null, false) : null;
            case ZEXT:
                return part(v.args[0]);
            case BSWAP:
                Access a = v.args[0].op == Op.LOAD ? part(v.args[0]) : null;
                return a == null ? null : new Access(a.v, a.size, 0, null, true);
            case SHL:
                a = v.args[1].isConst() ? part(v.args[0]) : null;
                long n = v.args[1].auxInt;
                return a == null || n < 0 || a.shift + n + 8 * a.size > 8 * v.type.size ? null : a.shifted((int) n);
            default:
                return null;
        }
    }

    /** Loads at once what can be loaded at once of the sum v. */
    private void sum(Value v) {
        Arrays.sort(open, 0, count, (a, b) -> Long.compare(a.offset, b.offset));
        for (int bytes = 8; bytes >= 2; bytes /= 2) {
            for (int i = 0; i < count; i++) {
                if (open[i] != null && bytes <= v.type.size && (join(v, i, bytes, false) || join(v, i, bytes, true))) {
                    // The sum is another one now; what else is in it, the next run finds.
                    return;
                }
            }
        }
    }

    /** Joins the parts from the i-th on to one load of so many bytes, if they are neighbors. */
    private boolean join(Value v, int i, int bytes, boolean falling) {
        int[] members = new int[bytes];
        int n = 0;
        int size = 0;
        for (int k = i; k < count && size < bytes; k++) {
            Access a = open[k];
            if (!a.isNear(open[i])) {
                continue;
            }
            int shift = falling ? open[i].shift + 8 * open[i].size - 8 * (size + a.size) : open[i].shift + 8 * size;
            boolean order = a.size == 1 || a.swapped == falling;
            if (a.offset != open[i].offset + size || a.shift != shift || !order) {
                return false;
            }
            members[n++] = k;
            size += a.size;
        }
        if (size != bytes || n < 2) {
            return false;
        }
        int first = Integer.MAX_VALUE;
        int last = -1;
        for (int k = 0; k < n; k++) {
            first = Math.min(first, open[members[k]].v.mark);
            last = Math.max(last, open[members[k]].v.mark);
        }
        if (!quiet(first, last, open[i], bytes)) {
            return false;
        }
        Access low = open[falling ? members[n - 1] : i];
        Value lead = open[i].v;
        int end = at;
        at = last;
        Value like = block.values[last];
        MType type = bytes == 8 ? MType.I64 : bytes == 4 ? MType.I32 : MType.I16;
        Value wide = add(like, Op.LOAD, type, lead.args[0]);
        wide.auxInt = lead.auxInt;
        at += end - last;
        if (falling) {
            wide = swap(v, wide);
        }
        if (type != v.type) {
            wide = add(v, Op.ZEXT, v.type, wide);
        }
        if (low.shift > 0) {
            wide = add(v, Op.SHL, v.type, wide, constant(v, MType.I64, low.shift));
            wide.auxInt = 1;
        }
        Value rest = without(v, members, n);
        if (rest == null) {
            v.copyOf(wide);
        } else {
            to(v, Op.OR, rest, wide);
        }
        return true;
    }

    private Value swap(Value like, Value x) {
        return x.type == MType.I16 ? add(like, Op.ROTL, MType.I16, x, constant(like, MType.I64, 8)) : add(like, Op.BSWAP, x.type, x);
    }

    /** The sum v without the joined parts; null if nothing is left. */
    private Value without(Value v, int[] members, int n) {
        Value[] left = new Value[] {null};
        leaves(v, v.type, members, n, left, v);
        return left[0];
    }

    private void leaves(Value v, MType type, int[] members, int n, Value[] left, Value root) {
        for (int k = 0; k < 2; k++) {
            Value x = v.args[k];
            if (x.op == Op.OR && x.type == type && once(x)) {
                leaves(x, type, members, n, left, root);
                continue;
            }
            boolean joined = false;
            for (int m = 0; m < n; m++) {
                joined |= open[members[m]].operand == x;
            }
            if (!joined) {
                left[0] = left[0] == null ? x : add(root, Op.OR, type, left[0], x);
            }
        }
    }

    /** Nothing between two places of the block writes the bytes from a's address on. */
    private boolean quiet(int first, int last, Access a, int bytes) {
        for (int k = first + 1; k < last; k++) {
            Value v = block.values[k];
            switch (v.op) {
                case STORE, ZERO, MOVE -> {
                    long n = v.op == Op.STORE ? v.args[1].type.size : v.auxInt;
                    long off = Aliases.offset(v.args[0]) + (v.op == Op.STORE ? v.auxInt : 0);
                    if (aliases.mayMeet(Aliases.base(a.v.args[0]), Aliases.offset(a.v.args[0]) + a.v.auxInt, bytes, Aliases.base(v.args[0]), off, n)) {
                        return false;
                    }
                }
                case KEEP_ALIVE, VAR_DEF -> {}
                default -> {
                    if (v.op.writesMemory()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    // ---- stores ----

    private void stores() {
        count = 0;
        for (int i = 0; i < block.count; i++) {
            Value v = block.values[i];
            v.mark = i;
            at = i;
            switch (v.op) {
                case STORE -> {
                    Access a = stored(v);
                    if (a == null || count > 0 && !open[0].isNear(a) || count == MAX || overlaps(a)) {
                        flush();
                        v.mark = at;
                    }
                    if (a != null) {
                        open[count++] = a;
                    }
                }
                case LOAD -> {
                    if (meets(v.args[0], v.auxInt, v.type.size)) {
                        flush();
                    }
                }
                default -> {
                    if (v.op.isCheck() || v.op.readsMemory() || v.op.writesMemory()) {
                        flush();
                    }
                }
            }
            i = at;
        }
        at = block.count;
        flush();
    }

    private boolean meets(Value p, long off, int size) {
        for (int k = 0; k < count; k++) {
            Value q = open[k].v;
            if (aliases.mayMeet(Aliases.base(q.args[0]), Aliases.offset(q.args[0]) + q.auxInt, open[k].size, Aliases.base(p), Aliases.offset(p) + off, size)) {
                return true;
            }
        }
        return false;
    }

    private boolean overlaps(Access a) {
        for (int k = 0; k < count; k++) {
            if (a.offset < open[k].offset + open[k].size && open[k].offset < a.offset + a.size) {
                return true;
            }
        }
        return false;
    }

    /** What a store puts into memory, as a part of a number; null for pointers and floats. */
    private Access stored(Value v) {
        Value x = v.args[1];
        if (!x.type.isInt()) {
            return null;
        }
        int size = x.type.size;
        if (x.isConst()) {
            return new Access(v, size, 0, null, false);
        }
        int shift = 0;
        for (;;) {
            if (x.op == Op.TRUNC && x.args[0].type.isInt()) {
                x = x.args[0];
            } else if ((x.op == Op.SHR || x.op == Op.SAR) && x.args[1].isConst() && x.args[1].auxInt >= 0
                    && shift + x.args[1].auxInt + 8 * size <= 8 * x.type.size) {
                shift += (int) x.args[1].auxInt;
                x = x.args[0];
            } else {
                return new Access(v, size, shift, x, false);
            }
        }
    }

    /** Stores at once what can be stored at once; nothing is open any more. The block's value {@link #at} moves. */
    private void flush() {
        if (count > 1) {
            Arrays.sort(open, 0, count, (a, b) -> Long.compare(a.offset, b.offset));
            for (int i = 0; i < count; i++) {
                for (int bytes = 8; bytes >= 2; bytes /= 2) {
                    int n = joined(i, bytes);
                    if (n > 1) {
                        i += n - 1;
                        break;
                    }
                }
            }
        }
        count = 0;
    }

    /** Joins the stores from the i-th on to one of so many bytes; how many they were, 0 if they do not fit together. */
    private int joined(int i, int bytes) {
        Access low = open[i];
        int n = 0;
        int size = 0;
        boolean rising = true;
        boolean falling = true;
        long constant = 0;
        while (i + n < count && size < bytes) {
            Access a = open[i + n];
            if (a.offset != low.offset + size || a.number != low.number || low.number == null && size + a.size > 8) {
                return 0;
            }
            rising &= a.shift == low.shift + 8 * size;
            falling &= a.size == 1 && a.shift == low.shift - 8 * size;
            if (low.number == null) {
                long part = a.size == 8 ? a.v.args[1].auxInt : a.v.args[1].auxInt & (1L << 8 * a.size) - 1;
                constant |= part << 8 * size;
            }
            size += a.size;
            n++;
        }
        boolean fits = low.number == null || rising && low.shift + 8 * bytes <= 8 * low.number.type.size || falling;
        if (size != bytes || n < 2 || !fits) {
            return 0;
        }
        MType type = bytes == 8 ? MType.I64 : bytes == 4 ? MType.I32 : MType.I16;
        Value last = low.v;
        for (int k = i; k < i + n; k++) {
            last = open[k].v.mark > last.mark ? open[k].v : last;
        }
        int end = at;
        int before = block.count;
        at = indexOf(last);
        Value wide;
        if (low.number == null) {
            wide = constant(last, type, Ints.wrap(type, constant));
        } else {
            wide = low.number;
            int shift = falling && !rising ? open[i + n - 1].shift : low.shift;
            if (shift > 0) {
                wide = add(last, Op.SHR, wide.type, wide, constant(last, MType.I64, shift));
                wide.auxInt = 1;
            }
            if (wide.type != type) {
                wide = add(last, Op.TRUNC, type, wide);
            }
            if (falling && !rising) {
                wide = swap(last, wide);
            }
        }
        Value store = add(last, Op.STORE, MType.VOID, low.v.args[0], wide);
        store.auxInt = low.v.auxInt;
        for (int k = i; k < i + n; k++) {
            block.removeAt(indexOf(open[k].v));
        }
        at = end + block.count - before;
        return n;
    }

    private int indexOf(Value v) {
        int k = Math.min(v.mark + 2 * MAX, block.count - 1);
        while (block.values[k] != v) {
            k--;
        }
        return k;
    }
}
