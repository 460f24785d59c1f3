// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64Op.*;

import java.util.Arrays;
import mica.arch.amd64.Amd64Op;
import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Chooses instructions. Blocks are visited from last to first and values from the end of each block, so every use is seen before its
 * definition: a user may swallow an operand with no other use (a constant, a load, an address, a comparison), and what nobody asked
 * for as a register is never made.
 *
 * <p>A load may be swallowed only if nothing with an effect stands between it and the instruction: effects are counted per block, and
 * both must have seen the same number ({@link #epoch}).
 */
final class Selector {
    final MFunc m;
    final Func f;
    final CodeSymbols symbols;
    final SelectInt ints;
    final SelectFloat floats;
    final SelectMem mem;
    final SelectCall calls;

    /** Uses of each value, as operands and as controls. */
    final int[] uses;
    /** Effects in the block before each value. */
    final int[] epoch;
    final boolean[] need;
    /** RESULT values of each tuple, by number. */
    final Value[][] results;
    /** Epoch of an access through each pointer that faults when it is nil; -1 = none in this block. */
    final int[] accessEpoch;
    final Block[] accessBlock;

    MBlock block;
    Value current;
    int currentEpoch;

    private Inst[] buffer = new Inst[64];
    private int buffered;

    Selector(MFunc m) {
        this.m = m;
        this.f = m.f;
        this.symbols = m.symbols;
        int n = f.valueCount();
        uses = new int[n];
        epoch = new int[n];
        need = new boolean[n];
        results = new Value[n][];
        accessEpoch = new int[n];
        accessBlock = new Block[n];
        ints = new SelectInt(this);
        floats = new SelectFloat(this);
        mem = new SelectMem(this);
        calls = new SelectCall(this);
    }

    void run() {
        for (MBlock b : m.order) {
            scan(b);
        }
        for (MBlock b : m.order) {
            phis(b);
        }
        for (int i = m.order.length - 1; i >= 0; i--) {
            select(m.order[i]);
        }
    }

    private void scan(MBlock b) {
        int e = 0;
        for (int i = 0; i < b.ssa.count; i++) {
            Value v = b.ssa.values[i];
            m.type[v.id] = v.type;
            epoch[v.id] = e;
            if ((v.op.writesMemory() || v.op.isCheck()) && v.op != Op.NIL_CHECK && v.op != Op.VAR_DEF && v.op != Op.KEEP_ALIVE
                    && v.op != Op.ALLOC) {
                e++;
            }
            for (int k = 0; k < v.argCount; k++) {
                uses[v.args[k].id]++;
            }
            if (v.op == Op.RESULT || v.op == Op.RESULT_ADDR) {
                int t = v.args[0].id;
                int n = (int) v.auxInt;
                if (results[t] == null) {
                    results[t] = new Value[n + 1];
                } else if (results[t].length <= n) {
                    results[t] = Arrays.copyOf(results[t], n + 1);
                }
                if (v.op == Op.RESULT) {
                    if (results[t][n] != null) {
                        // a second RESULT of the same number is a copy of the first
                        v.copyOf(results[t][n]);
                        uses[results[t][n].id]++;
                    } else {
                        results[t][n] = v;
                    }
                }
            }
        }
        if (b.ssa.control != null) {
            uses[b.ssa.control.id]++;
        }
    }

    private void phis(MBlock b) {
        int n = 0;
        while (n < b.ssa.count && b.ssa.values[n].op == Op.PHI) {
            n++;
        }
        if (n == 0) {
            return;
        }
        b.phis = new int[n];
        b.phiArgs = new int[b.preds.length][n];
        for (int k = 0; k < n; k++) {
            Value v = b.ssa.values[k];
            b.phis[k] = v.id;
            if (v.argCount != b.preds.length) {
                throw new Fault("code: " + f.name, v + " has " + v.argCount + " operands, its block " + b.preds.length + " predecessors");
            }
            for (int p = 0; p < v.argCount; p++) {
                Value a = strip(v.args[p]);
                if (v.type.size > a.type.size && m.type[a.id].size < v.type.size) {
                    m.type[a.id] = v.type;
                }
                need[a.id] = true;
                b.phiArgs[p][k] = a.id;
            }
        }
    }

    private void select(MBlock b) {
        block = b;
        current = b.ssa.control;
        int e = 0;
        for (int i = b.ssa.count - 1; i >= 0; i--) {
            if (b.ssa.values[i].op != Op.PHI) {
                Value v = b.ssa.values[i];
                e = epoch[v.id] + ((v.op.writesMemory() || v.op.isCheck()) && v.op != Op.NIL_CHECK && v.op != Op.VAR_DEF
                        && v.op != Op.KEEP_ALIVE && v.op != Op.ALLOC ? 1 : 0);
                break;
            }
        }
        currentEpoch = e;
        calls.end(b);
        flush(b);
        for (int i = b.ssa.count - 1; i >= 0; i--) {
            Value v = b.ssa.values[i];
            if (v.op == Op.PHI) {
                break;
            }
            if (need[v.id] || v.op.hasEffect()) {
                current = v;
                currentEpoch = epoch[v.id];
                select(v);
                flush(b);
            }
        }
        for (int i = 0, j = b.count - 1; i < j; i++, j--) {
            Inst t = b.insts[i];
            b.insts[i] = b.insts[j];
            b.insts[j] = t;
        }
        if (b == m.order[0]) {
            calls.entry(b);
        }
    }

    private void flush(MBlock b) {
        while (buffered > 0) {
            Inst i = buffer[--buffered];
            buffer[buffered] = null;
            b.add(i);
        }
    }

    private void select(Value v) {
        switch (v.op) {
            case CONST, ADDR, LOCAL_ADDR, ARG_ADDR -> lazy(v);
            case ARG, CLOSURE_CONTEXT, PHI -> { }
            case COPY, TRUNC -> copy(v, v.args[0]);
            case ADD, SUB, MUL, DIV, UDIV, REM, UREM, AND, OR, XOR, NEG, NOT, SHL, SHR, SAR, ROTL, MUL_HI, UMUL_HI, UMUL_WIDE,
                UDIV_WIDE, ADD_CARRY, SUB_BORROW, BSWAP, CTZ, BITLEN, POPCNT, EQ, NE, LT, LE, ULT, ULE, FEQ, FNE, FLT, FLE,
                BOOL_NOT, SEXT, ZEXT, PTR_TO_INT, INT_TO_PTR, OFF_PTR, ADD_PTR -> ints.select(v);
            case SELECT -> {
                if (v.type.isFloat()) {
                    floats.select(v);
                } else {
                    ints.select(v);
                }
            }
            case INT_TO_FLOAT, UINT_TO_FLOAT, FLOAT_TO_INT, FLOAT_TO_UINT, FEXT, FTRUNC, BITCAST, FADD, FSUB, FMUL, FDIV, FNEG,
                FSQRT, FABS, FCOPYSIGN, FMA, FROUND, FMIN, FMAX -> floats.select(v);
            case LOAD, STORE, ZERO, MOVE, NIL_CHECK, ATOMIC_LOAD, ATOMIC_STORE, ATOMIC_ADD, ATOMIC_XCHG, ATOMIC_CAS, ATOMIC_AND,
                ATOMIC_OR, PREFETCH, PAUSE, FENCE, BREAKPOINT, VAR_DEF, KEEP_ALIVE, GETG, CALLER_PC, CALLER_SP -> mem.select(v);
            case BOUNDS_CHECK, DIV_CHECK, SHIFT_CHECK, CALL, CALL_CLOSURE, CALL_CODE, RESULT, RESULT_ADDR, RETURN -> calls.select(v);
            default -> throw new Fault("code: " + f.name, "operation " + v.op + " cannot be turned into machine code: " + v);
        }
    }

    // What families share.

    Inst emit(Inst i) {
        i.origin = current;
        if (buffered == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffered * 2);
        }
        buffer[buffered++] = i;
        return i;
    }

    Inst plain(Amd64Op op) {
        return emit(new Inst(Inst.Form.PLAIN, op));
    }

    /** The value that stands for v: copies, truncations and extensions without work are looked through. */
    Value strip(Value v) {
        for (;;) {
            switch (v.op) {
                case COPY, TRUNC -> v = v.args[0];
                case ZEXT -> {
                    Value a = v.args[0];
                    if (v.type != MType.I64 || a.type != MType.I32 || !writesLong(a.op)) {
                        return v;
                    }
                    m.type[a.id] = MType.I64;
                    v = a;
                }
                default -> {
                    return v;
                }
            }
        }
    }

    /** The operation on 32 bits leaves zeros in the upper half of its register. */
    private static boolean writesLong(Op op) {
        return switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR, NEG, NOT, SHL, SHR, SAR, ROTL, BSWAP, LOAD, UDIV, UREM -> true;
            default -> false;
        };
    }

    /** Asks for v in a register; returns the virtual register. */
    int reg(Value v) {
        v = strip(v);
        need[v.id] = true;
        return v.id;
    }

    boolean single(Value v) {
        return uses[v.id] == 1 && !need[v.id];
    }

    /** v is used here only, and computed in this block: it may be made part of the current instruction. */
    boolean foldable(Value v) {
        return uses[v.id] == 1 && !need[v.id] && v.block == block.ssa;
    }

    boolean foldableLoad(Value v) {
        return v.op == Op.LOAD && foldable(v) && epoch[v.id] == currentEpoch;
    }

    static boolean isImm32(long n) {
        return n == (int) n;
    }

    static boolean isConst32(Value v) {
        return v.op == Op.CONST && isImm32(v.auxInt) && !v.type.isFloat();
    }

    int temp(MType t) {
        return m.temp(t);
    }

    void copy(Value v, Value from) {
        Inst i = emit(new Inst(Inst.Form.COPY, null));
        i.addUse(reg(from), Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.tied = true;
    }

    /** v is made where it is used. */
    private void lazy(Value v) {
        Inst i = emit(new Inst(Inst.Form.NOTHING, null));
        i.addDef(v.id, Inst.ANY);
        m.remat[v.id] = v;
    }

    /** A constant in a register, made right here. */
    int constant(long n, MType t) {
        int r = temp(t);
        Inst i = plain(n == (int) n && n < 0 && t.size == 8 ? MOVQ : n >>> 32 == 0 || t.size <= 4 ? MOVL : MOVQ);
        i.imm = i.op == MOVL ? n & 0xffffffffL : n;
        i.a = Inst.IMM;
        i.b = Inst.DEF0;
        i.addDef(r, Inst.ANY);
        return r;
    }

    /** Makes b the source operand (code a) of an instruction {@code op b, dst} of the given width: constant, memory or register. */
    void source(Inst i, Value b, int width) {
        b = stripCopy(b);
        if (isConst32(b)) {
            i.a = Inst.IMM;
            i.imm = width == 4 ? (int) b.auxInt : b.auxInt;
        } else {
            sourceNoImm(i, b, width);
        }
    }

    void sourceNoImm(Inst i, Value b, int width) {
        b = stripCopy(b);
        if (b.type.size == width && foldableLoad(b)) {
            i.a = Inst.MEM;
            mem.operand(i, b.args[0], b.auxInt);
        } else {
            i.a = (byte) (Inst.USE0 + i.addUse(reg(b), Inst.ANY_MEM));
        }
    }

    static Value stripCopy(Value v) {
        while (v.op == Op.COPY) {
            v = v.args[0];
        }
        return v;
    }

    /** {@code op src, dst} with dst = a before and v after. */
    Inst tied(Amd64Op op, int dst, int a) {
        Inst i = plain(op);
        i.addUse(a, Inst.ANY);
        i.addDef(dst, Inst.ANY);
        i.b = Inst.DEF0;
        i.tied = true;
        return i;
    }

    /** {@code op dst} with dst = a before. */
    Inst unary(Amd64Op op, int dst, int a) {
        Inst i = tied(op, dst, a);
        i.a = Inst.DEF0;
        i.b = Inst.NONE;
        return i;
    }

    /** {@code op src, dst} that only writes dst; the caller gives the source. */
    Inst def(Amd64Op op, int dst) {
        Inst i = plain(op);
        i.addDef(dst, Inst.ANY);
        i.b = Inst.DEF0;
        return i;
    }

    /** {@code op a, dst} with a in a register. */
    Inst defReg(Amd64Op op, int dst, int a) {
        Inst i = def(op, dst);
        i.a = (byte) (Inst.USE0 + i.addUse(a, Inst.ANY));
        return i;
    }
}
