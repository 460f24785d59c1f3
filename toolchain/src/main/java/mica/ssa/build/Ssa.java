// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.Arrays;
import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Makes SSA form while code is generated, after Braun, Buchwald, Hack, Leißa, Mallon and Zwinkau, "Simple and Efficient
 * Construction of Static Single Assignment Form". A scalar variable is a number; each block remembers the variable's
 * latest value. Reading in a block without one looks into the predecessors; where several meet, a phi is made. A block whose
 * predecessors are not all known yet is not sealed: its phis get their operands when it is.
 *
 * <p>A phi that turns out to have one distinct operand becomes a COPY of it; {@link #finish} removes copies, dead phis and blocks
 * that are not reached.
 */
class Ssa {
    final Func func;
    /** Where code is added; after a jump a block without predecessors, which {@link #finish} drops. */
    Block cur;
    int pos;

    private MType[] varTypes = new MType[32];
    private int varCount;
    private Value[][] defs = new Value[16][];
    private boolean[] sealed = new boolean[16];
    /** Per block: pairs (variable, phi) that wait for sealing. */
    private int[][] waitingVars = new int[16][];
    private Value[][] waitingPhis = new Value[16][];
    private int[] waitingCount = new int[16];

    Ssa(Func func) {
        this.func = func;
    }

    // Variables.

    final int newVar(MType t) {
        if (varCount == varTypes.length) {
            varTypes = Arrays.copyOf(varTypes, varCount * 2);
        }
        varTypes[varCount] = t;
        return varCount++;
    }

    /** Consecutive variables for the parts of a value; the number of the first. */
    final int newVars(MType[] types) {
        int first = varCount;
        for (MType t : types) {
            newVar(t);
        }
        return first;
    }

    final void write(int var, Value v) {
        write(var, cur, v);
    }

    final Value read(int var) {
        return read(var, cur);
    }

    private void write(int var, Block b, Value v) {
        grow(b.id);
        Value[] d = defs[b.id];
        if (d == null || d.length <= var) {
            d = d == null ? new Value[Math.max(var + 1, 8)] : Arrays.copyOf(d, Math.max(var + 1, d.length * 2));
            defs[b.id] = d;
        }
        d[var] = v;
    }

    private Value latest(int var, Block b) {
        grow(b.id);
        Value[] d = defs[b.id];
        return d == null || d.length <= var ? null : d[var];
    }

    final Value read(int var, Block b) {
        Value v = latest(var, b);
        if (v != null) {
            return resolve(v);
        }
        // Walk up single predecessors without recursion.
        Block top = b;
        while (v == null && sealed[top.id] && top.predCount == 1) {
            top = top.preds[0];
            v = latest(var, top);
        }
        if (v == null) {
            v = readAtTop(var, top);
        }
        v = resolve(v);
        for (Block w = b; w != top; w = w.preds[0]) {
            write(var, w, v);
        }
        return v;
    }

    private Value readAtTop(int var, Block b) {
        if (!sealed[b.id]) {
            Value phi = newPhi(var, b);
            write(var, b, phi);
            int n = waitingCount[b.id];
            if (waitingVars[b.id] == null) {
                waitingVars[b.id] = new int[4];
                waitingPhis[b.id] = new Value[4];
            } else if (n == waitingVars[b.id].length) {
                waitingVars[b.id] = Arrays.copyOf(waitingVars[b.id], n * 2);
                waitingPhis[b.id] = Arrays.copyOf(waitingPhis[b.id], n * 2);
            }
            waitingVars[b.id][n] = var;
            waitingPhis[b.id][n] = phi;
            waitingCount[b.id] = n + 1;
            return phi;
        }
        if (b.predCount == 0) {
            Value zero = func.newValue(Op.CONST, varTypes[var], b, pos);
            b.insert(phiCount(b), zero);
            write(var, b, zero);
            return zero;
        }
        Value phi = newPhi(var, b);
        write(var, b, phi);
        return fill(var, phi);
    }

    private static int phiCount(Block b) {
        int n = 0;
        while (n < b.count && (b.values[n].op == Op.PHI || isEntryValue(b.values[n].op))) {
            n++;
        }
        return n;
    }

    private static boolean isEntryValue(Op op) {
        return op == Op.ARG || op == Op.ARG_ADDR || op == Op.CLOSURE_CONTEXT;
    }

    private Value newPhi(int var, Block b) {
        Value phi = func.newValue(Op.PHI, varTypes[var], b, pos);
        b.insert(0, phi);
        return phi;
    }

    private Value fill(int var, Value phi) {
        Block b = phi.block;
        for (int i = 0; i < b.predCount; i++) {
            phi.addArg(read(var, b.preds[i]));
        }
        return simplify(phi);
    }

    /** Turns a phi whose operands are all one value (or itself) into a copy of that value. */
    private static Value simplify(Value phi) {
        Value same = null;
        for (int i = 0; i < phi.argCount; i++) {
            Value a = resolve(phi.args[i]);
            if (a == phi || a == same) {
                continue;
            }
            if (same != null) {
                return phi;
            }
            same = a;
        }
        if (same == null) {
            MType t = phi.type;
            phi.reset(Op.CONST, t);
            return phi;
        }
        phi.copyOf(same);
        return same;
    }

    static Value resolve(Value v) {
        while (v.op == Op.COPY) {
            v = v.args[0];
        }
        return v;
    }

    /** All predecessors of b are known now. */
    final void seal(Block b) {
        grow(b.id);
        if (sealed[b.id]) {
            throw new Fault("ssa build", func.name + ": block sealed twice");
        }
        sealed[b.id] = true;
        for (int i = 0; i < waitingCount[b.id]; i++) {
            fill(waitingVars[b.id][i], waitingPhis[b.id][i]);
        }
        waitingCount[b.id] = 0;
    }

    private void grow(int id) {
        if (id >= sealed.length) {
            int n = Math.max(id + 1, sealed.length * 2);
            defs = Arrays.copyOf(defs, n);
            sealed = Arrays.copyOf(sealed, n);
            waitingVars = Arrays.copyOf(waitingVars, n);
            waitingPhis = Arrays.copyOf(waitingPhis, n);
            waitingCount = Arrays.copyOf(waitingCount, n);
        }
    }

    // Blocks.

    final Block newBlock() {
        Block b = func.newBlock();
        b.pos = pos;
        grow(b.id);
        return b;
    }

    /** Goes on in b, all of whose predecessors are known. */
    final void startSealed(Block b) {
        seal(b);
        cur = b;
    }

    final void start(Block b) {
        cur = b;
    }

    /** Goes on in a block that nothing reaches. */
    final void startDead() {
        startSealed(newBlock());
    }

    final void jump(Block to) {
        cur.kind = Block.Kind.PLAIN;
        cur.addEdge(to);
        cur = null;
    }

    final void branch(Value cond, Block yes, Block no, int likely) {
        if (cond.isConst()) {
            jump(cond.auxInt != 0 ? yes : no);
            return;
        }
        cur.kind = Block.Kind.IF;
        cur.control = cond;
        cur.likely = likely;
        cur.pos = pos;
        cur.addEdge(yes);
        cur.addEdge(no);
        cur = null;
    }

    /** Ends the block after something that does not return, and goes on in a dead one. */
    final void unreachable() {
        cur.kind = Block.Kind.UNREACHABLE;
        startDead();
    }

    // Values.

    final Value emit(Op op, MType t) {
        Value v = func.newValue(op, t, cur, pos);
        cur.append(v);
        return v;
    }

    final Value emit(Op op, MType t, Value a) {
        Value v = func.newValue(op, t, cur, pos);
        v.addArg(a);
        cur.append(v);
        return v;
    }

    final Value emit(Op op, MType t, Value a, Value b) {
        Value v = func.newValue(op, t, cur, pos);
        v.addArg(a);
        v.addArg(b);
        cur.append(v);
        return v;
    }

    final Value emit(Op op, MType t, Value a, Value b, Value c) {
        Value v = emit(op, t, a, b);
        v.addArg(c);
        return v;
    }

    final Value constant(MType t, long n) {
        Value v = emit(Op.CONST, t);
        v.auxInt = n;
        return v;
    }

    final Value i64(long n) {
        return constant(MType.I64, n);
    }

    final Value bool(boolean b) {
        return constant(MType.I8, b ? 1 : 0);
    }

    final Value nil() {
        return constant(MType.PTR, 0);
    }

    final Value zero(MType t) {
        return constant(t, 0);
    }

    final Value address(Object symbol, long offset) {
        Value v = emit(Op.ADDR, MType.PTR);
        v.aux = symbol;
        v.auxInt = offset;
        return v;
    }

    final Value offset(Value p, long n) {
        if (n == 0) {
            return p;
        }
        if (p.op == Op.OFF_PTR || p.op == Op.ADDR || p.op == Op.LOCAL_ADDR) {
            Value v = emit(p.op, MType.PTR);
            v.aux = p.aux;
            v.auxInt = p.auxInt + n;
            if (p.op == Op.OFF_PTR) {
                v.addArg(p.args[0]);
            }
            return v;
        }
        Value v = emit(Op.OFF_PTR, MType.PTR, p);
        v.auxInt = n;
        return v;
    }

    final Value load(MType t, Value p, long n) {
        Value v = emit(Op.LOAD, t, p);
        v.auxInt = n;
        return v;
    }

    final void store(Value p, long n, Value x) {
        Value v = emit(Op.STORE, MType.VOID, p, x);
        v.auxInt = n;
    }

    final void zeroMemory(Value p, long n, Object type) {
        if (n == 0) {
            return;
        }
        Value v = emit(Op.ZERO, MType.VOID, p);
        v.auxInt = n;
        v.aux = type;
    }

    final void move(Value to, Value from, long n, Object type) {
        if (n == 0 || to == from) {
            return;
        }
        Value v = emit(Op.MOVE, MType.VOID, to, from);
        v.auxInt = n;
        v.aux = type;
    }

    final Value compare(Op op, Value a, Value b) {
        if (a.isConst() && b.isConst() && a.type.isInt()) {
            long x = a.auxInt;
            long y = b.auxInt;
            switch (op) {
                case EQ:
                    return bool(x == y);
                case NE:
                    return bool(x != y);
                case LT:
                    return bool(x < y);
                case LE:
                    return bool(x <= y);
                default:
            }
        }
        return emit(op, MType.I8, a, b);
    }

    final Value not(Value b) {
        return b.isConst() ? bool(b.auxInt == 0) : emit(Op.BOOL_NOT, MType.I8, b);
    }

    final Value add(Value a, Value b) {
        if (a.isConst() && b.isConst()) {
            return constant(a.type, wrap(a.type, a.auxInt + b.auxInt));
        }
        return b.isConst(0) ? a : a.isConst(0) ? b : emit(Op.ADD, a.type, a, b);
    }

    final Value sub(Value a, Value b) {
        if (a.isConst() && b.isConst()) {
            return constant(a.type, wrap(a.type, a.auxInt - b.auxInt));
        }
        return b.isConst(0) ? a : emit(Op.SUB, a.type, a, b);
    }

    final Value mul(Value a, long n) {
        if (a.isConst()) {
            return constant(a.type, wrap(a.type, a.auxInt * n));
        }
        return n == 1 ? a : emit(Op.MUL, a.type, a, constant(a.type, n));
    }

    /** n * size for a byte count. */
    final Value emitMul(Value n, long size) {
        return size == 0 ? i64(0) : mul(n, size);
    }

    final Value result(Value tuple, int n, MType t) {
        Value v = emit(Op.RESULT, t, tuple);
        v.auxInt = n;
        return v;
    }

    final Value addPtr(Value p, Value n) {
        return n.isConst() ? offset(p, n.auxInt) : emit(Op.ADD_PTR, MType.PTR, p, n);
    }

    static long wrap(MType t, long n) {
        switch (t) {
            case I8:
                return (byte) n;
            case I16:
                return (short) n;
            case I32:
                return (int) n;
            default:
                return n;
        }
    }

    // The end.

    /** Removes what is not reached, copies, and values that nothing uses. */
    final void finish() {
        for (Block b : func.blocks) {
            phisFirst(b);
        }
        dropUnreached();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block b : func.blocks) {
                for (int i = 0; i < b.count; i++) {
                    Value v = b.values[i];
                    if (v.op == Op.PHI && simplify(v) != v) {
                        changed = true;
                    }
                }
            }
        }
        useResolved();
        dropDead();
    }

    private void dropUnreached() {
        boolean[] live = new boolean[func.blockCount()];
        Block[] stack = new Block[func.blockCount() + 1];
        int n = 0;
        stack[n++] = func.entry;
        live[func.entry.id] = true;
        if (func.recover != null) {
            stack[n++] = func.recover;
            live[func.recover.id] = true;
        }
        while (n > 0) {
            Block b = stack[--n];
            for (int i = 0; i < b.succCount; i++) {
                if (!live[b.succs[i].id]) {
                    live[b.succs[i].id] = true;
                    stack[n++] = b.succs[i];
                }
            }
        }
        for (Block b : func.blocks) {
            if (!live[b.id]) {
                for (int i = b.succCount - 1; i >= 0; i--) {
                    b.removeEdge(i);
                }
            }
        }
        func.blocks.removeIf(b -> !live[b.id]);
    }

    private void useResolved() {
        for (Block b : func.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    v.args[k] = resolve(v.args[k]);
                }
            }
            if (b.control != null) {
                b.control = resolve(b.control);
            }
        }
    }

    private void dropDead() {
        boolean[] live = new boolean[func.valueCount()];
        Value[] stack = new Value[func.valueCount() + 1];
        int n = 0;
        for (Block b : func.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op.hasEffect() && !live[v.id]) {
                    live[v.id] = true;
                    stack[n++] = v;
                }
            }
            if (b.control != null && !live[b.control.id]) {
                live[b.control.id] = true;
                stack[n++] = b.control;
            }
        }
        while (n > 0) {
            Value v = stack[--n];
            for (int k = 0; k < v.argCount; k++) {
                Value a = v.args[k];
                if (!live[a.id]) {
                    live[a.id] = true;
                    stack[n++] = a;
                }
            }
        }
        for (Block b : func.blocks) {
            int k = 0;
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (live[v.id] && v.op != Op.COPY) {
                    b.values[k++] = v;
                }
            }
            Arrays.fill(b.values, k, b.count, null);
            b.count = k;
            phisFirst(b);
        }
    }

    /** Constants that came from phis without operands may stand among the phis. */
    private static void phisFirst(Block b) {
        int at = 0;
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op == Op.PHI) {
                if (i != at) {
                    System.arraycopy(b.values, at, b.values, at + 1, i - at);
                    b.values[at] = v;
                }
                at++;
            }
        }
    }
}
