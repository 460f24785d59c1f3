// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/**
 * Turns stack slots whose address goes nowhere into SSA values, piece by piece (scalar replacement and mem2reg in one). A slot is
 * taken apart when all its uses are loads, stores, zeroing, and small copies, and the scalars that are accessed don't overlap
 * in different ways. Phis are put at the iterated dominance frontier of the stores of a piece; then a walk over the dominator tree
 * replaces loads by the value that is current.
 */
final class Promote {
    /** Copies up to this many bytes are taken apart with the slot. */
    private static final int MAX_MOVE = 128;
    private static final int MAX_PIECES = 16;
    /** Limits the work in huge functions: pieces times blocks. */
    private static final long MAX_WORK = 4_000_000;

    private final Func f;
    private final Cfg cfg;

    /** Pieces of a slot, sorted by offset; null = the slot stays in memory. */
    private static final class Pieces {
        long[] offset = new long[4];
        MType[] type = new MType[4];
        int count;
        /** Number of the first piece as a variable. */
        int first;
        boolean rejected;

        /** Adds an access; false if it overlaps another in a different way. */
        boolean add(long at, MType t) {
            for (int i = 0; i < count; i++) {
                if (offset[i] == at && type[i] == t) {
                    return true;
                }
                if (at < offset[i] + type[i].size && offset[i] < at + t.size) {
                    return false;
                }
            }
            if (count == MAX_PIECES) {
                return false;
            }
            if (count == offset.length) {
                offset = Arrays.copyOf(offset, count * 2);
                type = Arrays.copyOf(type, count * 2);
            }
            offset[count] = at;
            type[count++] = t;
            return true;
        }

        int find(long at) {
            for (int i = 0; i < count; i++) {
                if (offset[i] == at) {
                    return i;
                }
            }
            return -1;
        }

        /** Every byte of the range belongs to a piece, and no piece is cut. */
        boolean covers(long from, long n) {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                if (offset[i] >= from && offset[i] + type[i].size <= from + n) {
                    sum += type[i].size;
                } else if (offset[i] < from + n && from < offset[i] + type[i].size) {
                    return false;
                }
            }
            return sum == n;
        }

        /** No piece lies across the range's ends. */
        boolean clean(long from, long n) {
            for (int i = 0; i < count; i++) {
                boolean overlaps = offset[i] < from + n && from < offset[i] + type[i].size;
                if (overlaps && (offset[i] < from || offset[i] + type[i].size > from + n)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Pieces[] pieces;
    private MType[] varType = new MType[0];
    private int vars;

    private Promote(Func f) {
        this.f = f;
        this.cfg = new Cfg(f);
        this.pieces = new Pieces[f.slots.size()];
    }

    static void run(Func f, PassContext c) {
        if (!f.slots.isEmpty()) {
            new Promote(f).run();
        }
    }

    private void run() {
        for (int round = 0; round < 3; round++) {
            Arrays.fill(pieces, null);
            collect();
            if (!choose()) {
                return;
            }
            rewrite();
            DeadCode.run(f, null);
        }
    }

    /** The slot that an address value lies in, or null; the offset is {@link #offsetOf}. */
    private static Slot slotOf(Value p) {
        while (p.op == Op.OFF_PTR || p.op == Op.COPY) {
            p = p.args[0];
        }
        return p.op == Op.LOCAL_ADDR ? (Slot) p.aux : null;
    }

    private static long offsetOf(Value p) {
        long n = 0;
        while (p.op == Op.OFF_PTR || p.op == Op.COPY) {
            n += p.op == Op.OFF_PTR ? p.auxInt : 0;
            p = p.args[0];
        }
        return n + p.auxInt;
    }

    /** Slots whose address occurs. */
    private boolean[] used;

    private void collect() {
        used = new boolean[f.slots.size()];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = new Pieces();
        }
        boolean[] afterPanic = reachedFromRecover();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.LOCAL_ADDR) {
                    used[((Slot) v.aux).id] = true;
                }
                for (int k = 0; k < v.argCount; k++) {
                    if (v.args[k].type == MType.PTR) {
                        Slot s = slotOf(v.args[k]);
                        if (s != null && !pieces[s.id].rejected) {
                            Pieces p = pieces[s.id];
                            p.rejected = !cfg.reached(b) || afterPanic != null && afterPanic[b.id] || !scalarUse(v, k, p);
                        }
                    }
                }
            }
        }
        // Whole ranges can only be judged when all scalars are known; what one slot loses may cost another.
        for (boolean more = true; more; ) {
            more = false;
            for (Block b : f.blocks) {
                for (int i = 0; i < b.count; i++) {
                    more |= ranges(b.values[i]);
                }
            }
        }
    }

    private boolean[] reachedFromRecover() {
        if (f.recover == null) {
            return null;
        }
        boolean[] seen = new boolean[f.blockCount()];
        ArrayList<Block> todo = new ArrayList<>();
        todo.add(f.recover);
        seen[f.recover.id] = true;
        while (!todo.isEmpty()) {
            Block b = todo.remove(todo.size() - 1);
            for (int i = 0; i < b.succCount; i++) {
                if (!seen[b.succs[i].id]) {
                    seen[b.succs[i].id] = true;
                    todo.add(b.succs[i]);
                }
            }
        }
        return seen;
    }

    private static boolean scalarUse(Value v, int k, Pieces p) {
        switch (v.op) {
            case OFF_PTR, COPY, NIL_CHECK, KEEP_ALIVE:
                return true;
            case LOAD:
                return p.add(offsetOf(v.args[0]) + v.auxInt, v.type);
            case STORE:
                return k == 0 && p.add(offsetOf(v.args[0]) + v.auxInt, v.args[1].type);
            case ZERO:
                return true;
            case MOVE:
                return v.auxInt <= MAX_MOVE && slotOf(v.args[0]) != slotOf(v.args[1]);
            default:
                return false;
        }
    }

    /** Whether something changed. */
    private boolean ranges(Value v) {
        if (v.op == Op.ZERO) {
            Slot s = slotOf(v.args[0]);
            return s != null && demand(pieces[s.id], pieces[s.id].clean(offsetOf(v.args[0]), v.auxInt));
        }
        if (v.op != Op.MOVE) {
            return false;
        }
        Pieces to = candidate(v.args[0]);
        Pieces from = candidate(v.args[1]);
        long toBase = offsetOf(v.args[0]);
        long fromBase = offsetOf(v.args[1]);
        boolean changed = false;
        if (to != null && from != null) {
            changed = share(from, fromBase, to, toBase, v.auxInt) | share(to, toBase, from, fromBase, v.auxInt);
        }
        if (to != null && !to.rejected) {
            changed |= demand(to, to.clean(toBase, v.auxInt));
        }
        if (from != null && !from.rejected) {
            // What is copied into memory must be known byte by byte.
            changed |= demand(from, from.clean(fromBase, v.auxInt) && (to != null && !to.rejected || from.covers(fromBase, v.auxInt)));
        }
        return changed;
    }

    private Pieces candidate(Value p) {
        Slot s = slotOf(p);
        return s == null || pieces[s.id].rejected ? null : pieces[s.id];
    }

    private static boolean demand(Pieces p, boolean ok) {
        if (ok || p.rejected) {
            return false;
        }
        p.rejected = true;
        return true;
    }

    /** Two slots that are copied are cut alike in the range. */
    private static boolean share(Pieces from, long fromBase, Pieces to, long toBase, long n) {
        boolean changed = false;
        for (int i = 0; i < from.count && !to.rejected; i++) {
            long at = from.offset[i] - fromBase;
            if (at >= 0 && at + from.type[i].size <= n) {
                int before = to.count;
                if (!to.add(toBase + at, from.type[i])) {
                    to.rejected = true;
                    return true;
                }
                changed |= to.count != before;
            }
        }
        return changed;
    }

    /** Numbers the pieces of the slots that go; false if none does. */
    private boolean choose() {
        vars = 0;
        boolean any = false;
        for (Slot s : f.slots) {
            Pieces p = pieces[s.id];
            if (p.rejected || !used[s.id]) {
                pieces[s.id] = null;
                continue;
            }
            any = true;
            p.first = vars;
            vars += p.count;
        }
        if ((long) vars * f.blocks.size() > MAX_WORK) {
            return false;
        }
        varType = new MType[vars];
        for (Slot s : f.slots) {
            Pieces p = pieces[s.id];
            if (p != null) {
                System.arraycopy(p.type, 0, varType, p.first, p.count);
            }
        }
        return any;
    }

    // Rewriting.

    private Value[] current;
    private Value[] undoValue;
    private int[] undoVar;
    private int undoCount;
    /** Phi of variable v in block b: phiVar.get(b)[i] is the variable of the i-th phi at the block's start. */
    private int[][] phiVars;

    private void rewrite() {
        boolean[][] defs = definitions();
        placePhis(defs);
        current = new Value[vars];
        undoValue = new Value[64];
        undoVar = new int[64];
        undoCount = 0;
        int[] marks = new int[cfg.order.length + 1];
        DomWalk walk = new DomWalk(cfg);
        walk.run(b -> {
            marks[walk.depth()] = undoCount;
            enter(b);
        }, b -> {
            while (undoCount > marks[walk.depth()]) {
                undoCount--;
                current[undoVar[undoCount]] = undoValue[undoCount];
            }
        });
    }

    private void define(int var, Value v) {
        if (undoCount == undoVar.length) {
            undoVar = Arrays.copyOf(undoVar, undoCount * 2);
            undoValue = Arrays.copyOf(undoValue, undoCount * 2);
        }
        undoVar[undoCount] = var;
        undoValue[undoCount++] = current[var];
        current[var] = v;
    }

    private boolean[][] definitions() {
        boolean[][] defs = new boolean[vars][];
        for (Block b : cfg.order) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op != Op.STORE && v.op != Op.ZERO && v.op != Op.MOVE) {
                    continue;
                }
                Slot s = slotOf(v.args[0]);
                if (s == null || pieces[s.id] == null) {
                    continue;
                }
                Pieces p = pieces[s.id];
                long from = offsetOf(v.args[0]) + (v.op == Op.STORE ? v.auxInt : 0);
                long n = v.op == Op.STORE ? v.args[1].type.size : v.auxInt;
                for (int k = 0; k < p.count; k++) {
                    if (p.offset[k] >= from && p.offset[k] < from + n) {
                        if (defs[p.first + k] == null) {
                            defs[p.first + k] = new boolean[f.blockCount()];
                        }
                        defs[p.first + k][b.id] = true;
                    }
                }
            }
        }
        return defs;
    }

    private void placePhis(boolean[][] defs) {
        phiVars = new int[f.blockCount()][];
        Block[][] frontier = frontiers();
        Block[] todo = new Block[f.blockCount()];
        for (int var = 0; var < vars; var++) {
            if (defs[var] == null) {
                continue;
            }
            int n = 0;
            for (Block b : cfg.order) {
                if (defs[var][b.id]) {
                    todo[n++] = b;
                }
            }
            boolean[] has = new boolean[f.blockCount()];
            while (n > 0) {
                Block b = todo[--n];
                Block[] df = frontier[b.id];
                for (int i = 0; df != null && i < df.length && df[i] != null; i++) {
                    Block j = df[i];
                    if (has[j.id]) {
                        continue;
                    }
                    has[j.id] = true;
                    addPhi(j, var);
                    if (!defs[var][j.id]) {
                        todo[n++] = j;
                    }
                }
            }
        }
    }

    private void addPhi(Block j, int var) {
        Value phi = f.newValue(Op.PHI, varType[var], j, j.pos);
        for (int p = 0; p < j.predCount; p++) {
            phi.addArg(phi);
        }
        int[] list = phiVars[j.id];
        int n = list == null ? 0 : list.length;
        phiVars[j.id] = list == null ? new int[1] : Arrays.copyOf(list, n + 1);
        phiVars[j.id][n] = var;
        j.insert(n, phi);
    }

    private Block[][] frontiers() {
        Block[][] df = new Block[f.blockCount()][];
        int[] n = new int[f.blockCount()];
        for (Block b : cfg.order) {
            if (b.predCount < 2) {
                continue;
            }
            for (int i = 0; i < b.predCount; i++) {
                Block r = b.preds[i];
                if (!cfg.reached(r)) {
                    continue;
                }
                while (r != null && r != cfg.idom[b.id]) {
                    if (df[r.id] == null) {
                        df[r.id] = new Block[2];
                    }
                    if (n[r.id] == 0 || df[r.id][n[r.id] - 1] != b) {
                        if (n[r.id] == df[r.id].length) {
                            df[r.id] = Arrays.copyOf(df[r.id], n[r.id] * 2);
                        }
                        df[r.id][n[r.id]++] = b;
                    }
                    r = cfg.idom[r.id];
                }
            }
        }
        return df;
    }

    private void enter(Block b) {
        int[] phis = phiVars[b.id];
        for (int i = 0; phis != null && i < phis.length; i++) {
            define(phis[i], b.values[i]);
        }
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            switch (v.op) {
                case LOAD -> {
                    Pieces p = piecesOf(v.args[0]);
                    if (p != null) {
                        int var = p.first + p.find(offsetOf(v.args[0]) + v.auxInt);
                        Value x = current[var];
                        if (x == null) {
                            MType t = v.type;
                            v.reset(Op.CONST, t);
                        } else {
                            v.copyOf(x);
                        }
                    }
                }
                case STORE -> {
                    Pieces p = piecesOf(v.args[0]);
                    if (p != null) {
                        define(p.first + p.find(offsetOf(v.args[0]) + v.auxInt), v.args[1]);
                        b.removeAt(i--);
                    }
                }
                case ZERO -> {
                    Pieces p = piecesOf(v.args[0]);
                    if (p != null) {
                        b.removeAt(i--);
                        i = zero(b, i, v, p, offsetOf(v.args[0]));
                    }
                }
                case MOVE -> i = move(b, i, v);
                case NIL_CHECK -> {
                    if (piecesOf(v.args[0]) != null) {
                        b.removeAt(i--);
                    }
                }
                case KEEP_ALIVE -> {
                    Pieces p = piecesOf(v.args[0]);
                    if (p != null) {
                        b.removeAt(i--);
                        i = keepAlive(b, i, v, p);
                    }
                }
                case VAR_DEF -> {
                    if (pieces[((Slot) v.aux).id] != null) {
                        b.removeAt(i--);
                    }
                }
                default -> { }
            }
        }
        for (int s = 0; s < b.succCount; s++) {
            Block t = b.succs[s];
            int[] list = phiVars[t.id];
            for (int i = 0; list != null && i < list.length; i++) {
                Value x = current[list[i]];
                t.values[i].args[b.succIndex[s]] = x != null ? x : undefined(b, varType[list[i]]);
            }
        }
    }

    private Pieces piecesOf(Value p) {
        Slot s = slotOf(p);
        return s == null ? null : pieces[s.id];
    }

    /** Before any store: what the code generator's zeroing would have given. */
    private Value undefined(Block b, MType t) {
        Value v = f.newValue(Op.CONST, t, b, b.pos);
        b.append(v);
        return v;
    }

    private Value insert(Block b, int at, Value like, Op op, MType t) {
        Value v = f.newValue(op, t, b, like.pos);
        v.inline = like.inline;
        b.insert(at, v);
        return v;
    }

    private int zero(Block b, int i, Value v, Pieces p, long from) {
        for (int k = 0; k < p.count; k++) {
            if (p.offset[k] >= from && p.offset[k] < from + v.auxInt) {
                define(p.first + k, insert(b, ++i, v, Op.CONST, p.type[k]));
            }
        }
        return i;
    }

    /** What the variable points to stays alive as well. */
    private int keepAlive(Block b, int i, Value v, Pieces p) {
        for (int k = 0; k < p.count; k++) {
            Value x = current[p.first + k];
            if (p.type[k] == MType.PTR && x != null) {
                insert(b, ++i, v, Op.KEEP_ALIVE, MType.VOID).addArg(x);
            }
        }
        return i;
    }

    /** Takes a copy apart: pieces of the target are loaded (or taken from the source's pieces), pieces of the source stored. */
    private int move(Block b, int i, Value v) {
        Pieces to = piecesOf(v.args[0]);
        Pieces from = piecesOf(v.args[1]);
        if (to == null && from == null) {
            return i;
        }
        b.removeAt(i--);
        long toBase = offsetOf(v.args[0]);
        long fromBase = offsetOf(v.args[1]);
        if (to == null) {
            for (int k = 0; k < from.count; k++) {
                long at = from.offset[k] - fromBase;
                if (at >= 0 && at < v.auxInt) {
                    Value x = current[from.first + k];
                    if (x == null) {
                        x = insert(b, ++i, v, Op.CONST, from.type[k]);
                    }
                    Value s = insert(b, ++i, v, Op.STORE, MType.VOID);
                    s.addArg(v.args[0]);
                    s.addArg(x);
                    s.auxInt = at;
                }
            }
            return i;
        }
        Value[] got = new Value[to.count];
        for (int k = 0; k < to.count; k++) {
            long at = to.offset[k] - toBase;
            if (at < 0 || at >= v.auxInt) {
                continue;
            }
            if (from == null) {
                Value l = insert(b, ++i, v, Op.LOAD, to.type[k]);
                l.addArg(v.args[1]);
                l.auxInt = at;
                got[k] = l;
            } else {
                int piece = from.find(fromBase + at);
                if (piece < 0 || from.type[piece] != to.type[k]) {
                    throw new mica.base.Fault("promote", f.name + ": slots that are copied are cut differently");
                }
                got[k] = current[from.first + piece];
                if (got[k] == null) {
                    got[k] = insert(b, ++i, v, Op.CONST, to.type[k]);
                }
            }
        }
        for (int k = 0; k < to.count; k++) {
            if (got[k] != null) {
                define(to.first + k, got[k]);
            }
        }
        return i;
    }
}
