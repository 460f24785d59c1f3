// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import mica.arch.amd64.Amd64Op;
import mica.base.Fault;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Integer arithmetic. Registers hold narrow values with undefined upper bits; arithmetic on 8 and 16 bits is done in 32. */
final class SelectInt {
    private final Selector s;

    SelectInt(Selector s) {
        this.s = s;
    }

    void select(Value v) {
        boolean q = v.type.size == 8;
        switch (v.op) {
            case ADD -> add(v, v.args[0], v.args[1]);
            case SUB -> sub(v);
            case MUL -> mul(v);
            case AND -> and(v);
            case OR -> logic(q ? ORQ : ORL, v);
            case XOR -> logic(q ? XORQ : XORL, v);
            case NEG -> s.unary(q ? NEGQ : NEGL, v.id, s.reg(v.args[0]));
            case NOT -> s.unary(q ? NOTQ : NOTL, v.id, s.reg(v.args[0]));
            case SHL, SHR, SAR -> shift(v);
            case ROTL -> rotate(v);
            case DIV, UDIV, REM, UREM -> divide(v);
            case MUL_HI, UMUL_HI -> mulHigh(v);
            case UMUL_WIDE -> mulWide(v);
            case UDIV_WIDE -> divWide(v);
            case ADD_CARRY, SUB_BORROW -> carry(v);
            case BSWAP -> bswap(v);
            case CTZ, BITLEN -> bits(v);
            case POPCNT -> popcnt(v);
            case EQ, NE, LT, LE, ULT, ULE, FEQ, FNE, FLT, FLE -> materialize(v, v.id, false);
            case BOOL_NOT -> boolNot(v);
            case SELECT -> choose(v);
            case SEXT, ZEXT -> extend(v);
            case PTR_TO_INT, INT_TO_PTR -> s.copy(v, v.args[0]);
            case OFF_PTR -> addConst(v.id, s.reg(v.args[0]), v.auxInt, true);
            case ADD_PTR -> s.mem.lea(v);
            default -> throw new Fault("code", "not an integer operation: " + v.op);
        }
    }

    private void add(Value v, Value a, Value b) {
        a = Selector.stripCopy(a);
        b = Selector.stripCopy(b);
        boolean q = v.type.size == 8;
        if (a.op == Op.CONST) {
            Value t = a;
            a = b;
            b = t;
        }
        if (Selector.isConst32(b)) {
            addConst(v.id, s.reg(a), b.auxInt, q);
            return;
        }
        int w = v.type.size;
        if (w >= 4 && s.foldableLoad(a) && !s.foldableLoad(b)) {
            Value t = a;
            a = b;
            b = t;
        }
        if (w >= 4 && s.foldableLoad(b)) {
            s.source(s.tied(q ? ADDQ : ADDL, v.id, s.reg(a)), b, w);
            return;
        }
        if (scaled(a) && !scaled(b)) {
            Value t = a;
            a = b;
            b = t;
        }
        if (scaled(b)) {
            Inst i = s.def(q ? LEAQ : LEAL, v.id);
            i.a = Inst.MEM;
            i.memKind = Inst.M_BASE;
            i.memBase = (byte) i.addUse(s.reg(a), Inst.ANY);
            i.memIndex = (byte) i.addUse(s.reg(b.args[0]), Inst.ANY);
            i.memScale = (byte) b.args[1].auxInt;
            return;
        }
        add3(v.id, s.reg(a), s.reg(b), q);
    }

    /** x << 1, 2 or 3 with no other use: part of an address. */
    private boolean scaled(Value v) {
        return v.op == Op.SHL && v.type.size >= 4 && s.foldable(v) && v.args[1].op == Op.CONST && v.args[1].auxInt >= 1
                && v.args[1].auxInt <= 3;
    }

    void add3(int dst, int a, int b, boolean q) {
        Inst i = s.emit(new Inst(Inst.Form.ADD, q ? ADDQ : ADDL));
        i.addUse(a, Inst.ANY);
        i.addUse(b, Inst.ANY);
        i.addDef(dst, Inst.ANY);
    }

    void addConst(int dst, int a, long n, boolean q) {
        if (!Selector.isImm32(n)) {
            add3(dst, a, s.constant(n, MType.I64), true);
            return;
        }
        Inst i = s.emit(new Inst(Inst.Form.ADD, q ? ADDQ : ADDL));
        i.addUse(a, Inst.ANY);
        i.addDef(dst, Inst.ANY);
        i.imm = n;
    }

    private void sub(Value v) {
        boolean q = v.type.size == 8;
        Value b = Selector.stripCopy(v.args[1]);
        if (Selector.isConst32(b) && b.auxInt != Integer.MIN_VALUE) {
            addConst(v.id, s.reg(v.args[0]), -b.auxInt, q);
        } else if (v.args[0].isConst(0)) {
            s.unary(q ? NEGQ : NEGL, v.id, s.reg(b));
        } else {
            s.source(s.tied(q ? SUBQ : SUBL, v.id, s.reg(v.args[0])), b, width(v));
        }
    }

    /** Width of memory operands that may be folded; 0 = none, as arithmetic on narrow values is wider than they are. */
    private static int width(Value v) {
        return v.type.size >= 4 ? v.type.size : -v.type.size;
    }

    private void mul(Value v) {
        boolean q = v.type.size == 8;
        Value a = Selector.stripCopy(v.args[0]);
        Value b = Selector.stripCopy(v.args[1]);
        if (a.op == Op.CONST) {
            Value t = a;
            a = b;
            b = t;
        }
        if (Selector.isConst32(b)) {
            long n = b.auxInt;
            if (n > 0 && (n & n - 1) == 0) {
                shiftConst(q ? SHLQ : SHLL, v.id, s.reg(a), Long.numberOfTrailingZeros(n));
            } else if (n == 3 || n == 5 || n == 9) {
                int r = s.reg(a);
                Inst i = s.def(q ? LEAQ : LEAL, v.id);
                i.a = Inst.MEM;
                i.memKind = Inst.M_BASE;
                i.memBase = (byte) i.addUse(r, Inst.ANY);
                i.memIndex = i.memBase;
                i.memScale = (byte) (n == 3 ? 1 : n == 5 ? 2 : 3);
            } else {
                Inst i = s.def(q ? IMUL3Q : IMUL3L, v.id);
                i.immFirst = true;
                s.sourceNoImm(i, a, width(v));
                i.imm = q ? n : (int) n;
            }
            return;
        }
        tiedCommuting(q ? IMULQ : IMULL, v, a, b);
    }

    /** dst = a op b for an operation that commutes. */
    private void tiedCommuting(Amd64Op op, Value v, Value a, Value b) {
        int w = width(v);
        if (w > 0 && s.foldableLoad(a) && !s.foldableLoad(b)) {
            Value t = a;
            a = b;
            b = t;
        }
        Inst i = s.tied(op, v.id, s.reg(a));
        s.sourceNoImm(i, b, w);
        i.commutes = i.use.length == 2 && i.a == Inst.USE1;
    }

    private void logic(Amd64Op op, Value v) {
        Value a = Selector.stripCopy(v.args[0]);
        Value b = Selector.stripCopy(v.args[1]);
        if (a.op == Op.CONST) {
            Value t = a;
            a = b;
            b = t;
        }
        if (Selector.isConst32(b)) {
            s.source(s.tied(op, v.id, s.reg(a)), b, v.type.size == 8 ? 8 : 4);
        } else {
            tiedCommuting(op, v, a, b);
        }
    }

    private void and(Value v) {
        Value a = Selector.stripCopy(v.args[0]);
        Value b = Selector.stripCopy(v.args[1]);
        if (a.op == Op.CONST) {
            Value t = a;
            a = b;
            b = t;
        }
        boolean q = v.type.size == 8;
        if (b.op == Op.CONST) {
            long n = b.auxInt;
            if (n == 0xff && v.type.size > 1) {
                s.defReg(MOVBLZX, v.id, s.reg(a));
                return;
            }
            if (n == 0xffff && v.type.size > 2) {
                s.defReg(MOVWLZX, v.id, s.reg(a));
                return;
            }
            if (n == 0xffffffffL && q) {
                s.defReg(MOVL, v.id, s.reg(a));
                return;
            }
            if (q && n >= 0 && n <= Integer.MAX_VALUE) {
                Inst i = s.tied(ANDL, v.id, s.reg(a));
                i.a = Inst.IMM;
                i.imm = n;
                return;
            }
        }
        logic(q ? ANDQ : ANDL, v);
    }

    private Inst shiftConst(Amd64Op op, int dst, int a, int n) {
        Inst i = s.tied(op, dst, a);
        i.a = Inst.IMM;
        i.imm = n;
        return i;
    }

    /** The operand of a right shift, widened to 32 bits if it is narrower. */
    private int widened(Value x, boolean signed) {
        if (x.type.size >= 4) {
            return s.reg(x);
        }
        int r = s.temp(MType.I32);
        extendTo(r, x, signed, false);
        return r;
    }

    private void shift(Value v) {
        int bits = v.type.size * 8;
        boolean q = bits == 64;
        Value x = v.args[0];
        Value c = Selector.stripCopy(v.args[1]);
        Amd64Op op = switch (v.op) {
            case SHL -> q ? SHLQ : SHLL;
            case SHR -> q ? SHRQ : SHRL;
            default -> q ? SARQ : SARL;
        };
        if (c.op == Op.CONST) {
            long n = c.auxInt & mask(c.type);
            if (Long.compareUnsigned(n, bits) >= 0) {
                if (v.op != Op.SAR) {
                    Inst i = s.def(MOVL, v.id);
                    i.a = Inst.IMM;
                    return;
                }
                n = bits - 1;
            }
            int r = v.op == Op.SHL ? s.reg(x) : widened(x, v.op == Op.SAR);
            if (n == 0) {
                Inst i = s.emit(new Inst(Inst.Form.COPY, null));
                i.addUse(r, Inst.ANY);
                i.addDef(v.id, Inst.ANY);
                i.tied = true;
            } else if (n == 1 && v.op == Op.SHL) {
                add3(v.id, r, r, q);
            } else {
                shiftConst(op, v.id, r, (int) n);
            }
            return;
        }
        int r = v.op == Op.SHL ? s.reg(x) : widened(x, v.op == Op.SAR);
        int count = s.reg(c);
        if (v.auxInt == 1) {
            shiftBy(op, v.id, r, count);
            return;
        }
        int limit = q ? 64 : 32;
        if (v.op == Op.SAR) {
            // the count, but at most limit - 1
            int clamped = s.temp(MType.I32);
            int max = s.constant(limit - 1, MType.I32);
            compareCount(c.type, count, limit);
            Inst i = s.tied(CMOVLCS, clamped, max);
            i.a = (byte) (Inst.USE0 + i.addUse(count, Inst.ANY));
            i.readsFlags = true;
            shiftBy(op, v.id, r, clamped);
            return;
        }
        int shifted = s.temp(v.type);
        int mask = s.temp(v.type);
        shiftBy(op, shifted, r, count);
        compareCount(c.type, count, limit);
        Inst i = s.emit(new Inst(Inst.Form.PLAIN, q ? SBBQ : SBBL));
        i.addDef(mask, Inst.ANY);
        i.a = Inst.DEF0;
        i.b = Inst.DEF0;
        i.readsFlags = true;
        i = s.tied(q ? ANDQ : ANDL, v.id, shifted);
        i.a = (byte) (Inst.USE0 + i.addUse(mask, Inst.ANY));
        i.commutes = true;
    }

    private static long mask(MType t) {
        return t.size == 8 ? -1L : (1L << t.size * 8) - 1;
    }

    private void compareCount(MType t, int count, int limit) {
        Inst i = s.plain(t.size == 1 ? CMPB : t.size == 2 ? CMPW : t.size == 4 ? CMPL : CMPQ);
        i.a = (byte) (Inst.USE0 + i.addUse(count, Inst.ANY));
        i.b = Inst.IMM;
        i.imm = limit;
    }

    private void shiftBy(Amd64Op op, int dst, int a, int count) {
        Inst i = s.tied(op, dst, a);
        i.addUse(count, (byte) CX);
        i.a = (byte) (Inst.PHYS + CX);
    }

    private void rotate(Value v) {
        Amd64Op op = switch (v.type.size) {
            case 1 -> ROLB;
            case 2 -> ROLW;
            case 4 -> ROLL;
            default -> ROLQ;
        };
        Value c = Selector.stripCopy(v.args[1]);
        int r = s.reg(v.args[0]);
        if (c.op == Op.CONST) {
            shiftConst(op, v.id, r, (int) (c.auxInt & v.type.size * 8 - 1));
        } else {
            shiftBy(op, v.id, r, s.reg(c));
        }
    }

    private void divide(Value v) {
        boolean signed = v.op == Op.DIV || v.op == Op.REM;
        boolean remainder = v.op == Op.REM || v.op == Op.UREM;
        boolean q = v.type.size == 8;
        Value y = Selector.stripCopy(v.args[1]);
        int a = widened(v.args[0], signed);
        int b = v.type.size < 4 ? widened(y, signed) : s.reg(y);
        Inst i = s.emit(new Inst(Inst.Form.DIVIDE, signed ? (q ? IDIVQ : IDIVL) : (q ? DIVQ : DIVL)));
        i.addUse(a, (byte) AX);
        i.addUse(b, Inst.ANY);
        i.addDef(v.id, (byte) (remainder ? DX : AX));
        i.clobbers = 1 << AX | 1 << DX;
        i.earlyClobbers = i.clobbers;
        // MIN / -1 traps; narrow operands were widened, so their quotient fits
        i.cond = signed && v.type.size >= 4 && !(y.op == Op.CONST && y.auxInt != -1) ? 1 : 0;
    }

    private void mulHigh(Value v) {
        boolean q = v.type.size == 8;
        if (v.type.size < 4) {
            throw new Fault("code", "narrow " + v.op);
        }
        Amd64Op op = v.op == Op.MUL_HI ? (q ? IMULQ : IMULL) : (q ? MULQ : MULL);
        Value a = Selector.stripCopy(v.args[0]);
        Value b = Selector.stripCopy(v.args[1]);
        if (b.op == Op.CONST || s.foldableLoad(a) && !s.foldableLoad(b)) {
            // a constant is best made in AX itself
            Value t = a;
            a = b;
            b = t;
        }
        Inst i = s.plain(op);
        i.addUse(s.reg(a), (byte) AX);
        s.sourceNoImm(i, b, v.type.size);
        i.addDef(v.id, (byte) DX);
        i.clobbers = 1 << AX | 1 << DX;
    }

    private Value result(Value tuple, int n) {
        Value[] r = s.results[tuple.id];
        Value x = r == null || n >= r.length ? null : r[n];
        return x != null && s.need[x.id] ? x : null;
    }

    private void mulWide(Value v) {
        Value hi = result(v, 0);
        Value lo = result(v, 1);
        if (hi == null && lo == null) {
            return;
        }
        Inst i = s.plain(MULQ);
        i.addUse(s.reg(v.args[0]), (byte) AX);
        s.sourceNoImm(i, v.args[1], 8);
        if (hi != null) {
            i.addDef(hi.id, (byte) DX);
        }
        if (lo != null) {
            i.addDef(lo.id, (byte) AX);
        }
        i.clobbers = 1 << AX | 1 << DX;
    }

    private void divWide(Value v) {
        Value quo = result(v, 0);
        Value rem = result(v, 1);
        Inst i = s.plain(DIVQ);
        i.addUse(s.reg(v.args[0]), (byte) DX);
        i.addUse(s.reg(v.args[1]), (byte) AX);
        i.a = (byte) (Inst.USE0 + i.addUse(s.reg(v.args[2]), Inst.ANY));
        if (quo != null) {
            i.addDef(quo.id, (byte) AX);
        }
        if (rem != null) {
            i.addDef(rem.id, (byte) DX);
        }
        i.clobbers = 1 << AX | 1 << DX;
        i.earlyClobbers = i.clobbers;
    }

    /** x + y + c or x - y - c with carry in and out as 0 or 1. */
    private void carry(Value v) {
        boolean add = v.op == Op.ADD_CARRY;
        Value sum = result(v, 0);
        Value out = result(v, 1);
        int dst = sum != null ? sum.id : s.temp(MType.I64);
        Value in = Selector.stripCopy(v.args[2]);
        int x = s.reg(v.args[0]);
        int cout = out == null ? -1 : s.temp(MType.I64);
        Inst i;
        if (in.isConst(0)) {
            i = s.tied(add ? ADDQ : SUBQ, dst, x);
            s.source(i, v.args[1], 8);
        } else {
            // the carry flag again: c + -1 carries when c is 1
            int c = s.temp(MType.I64);
            Inst k = s.tied(ADDQ, c, s.reg(in));
            k.a = Inst.IMM;
            k.imm = -1;
            i = s.tied(add ? ADCQ : SBBQ, dst, x);
            i.readsFlags = true;
            s.source(i, v.args[1], 8);
        }
        if (out != null) {
            Inst k = s.emit(new Inst(Inst.Form.PLAIN, SBBQ));
            k.addDef(cout, Inst.ANY);
            k.a = Inst.DEF0;
            k.b = Inst.DEF0;
            k.readsFlags = true;
            s.unary(NEGQ, out.id, cout);
        }
    }

    private void bswap(Value v) {
        int r = s.reg(v.args[0]);
        switch (v.type.size) {
            case 8 -> s.unary(BSWAPQ, v.id, r);
            case 4 -> s.unary(BSWAPL, v.id, r);
            case 2 -> shiftConst(ROLW, v.id, r, 8);
            default -> s.copy(v, v.args[0]);
        }
    }

    private void bits(Value v) {
        Value x = v.args[0];
        int bits = x.type.size * 8;
        if (v.op == Op.CTZ) {
            int r = s.reg(x);
            if (bits >= 32 && nonZero(x)) {
                s.defReg(bits == 64 ? BSFQ : BSFL, v.id, r);
            } else if (bits == 64) {
                int found = s.temp(MType.I64);
                int max = s.constant(64, MType.I64);
                s.defReg(BSFQ, found, r);
                Inst i = s.tied(CMOVQEQ, v.id, found);
                i.a = (byte) (Inst.USE0 + i.addUse(max, Inst.ANY));
                i.readsFlags = true;
            } else if (bits == 32) {
                int wide = s.temp(MType.I64);
                int marked = s.temp(MType.I64);
                s.defReg(MOVL, wide, r);
                shiftConst(BTSQ, marked, wide, 32);
                s.defReg(BSFQ, v.id, marked);
            } else {
                int marked = s.temp(MType.I32);
                Inst i = s.tied(ORL, marked, r);
                i.a = Inst.IMM;
                i.imm = 1L << bits;
                s.defReg(BSFL, v.id, marked);
            }
            return;
        }
        if (bits == 64) {
            int found = s.temp(MType.I64);
            int fixed = s.temp(MType.I64);
            int r = s.reg(x);
            int none = s.constant(-1, MType.I64);
            s.defReg(BSRQ, found, r);
            Inst i = s.tied(CMOVQEQ, fixed, found);
            i.a = (byte) (Inst.USE0 + i.addUse(none, Inst.ANY));
            i.readsFlags = true;
            addConst(v.id, fixed, 1, true);
            return;
        }
        // the highest bit of 2x+1 is one above that of x, and there always is one
        int wide = s.temp(MType.I64);
        int doubled = s.temp(MType.I64);
        extendTo(wide, x, false, false);
        Inst i = s.def(LEAQ, doubled);
        i.a = Inst.MEM;
        i.memKind = Inst.M_BASE;
        i.memBase = (byte) i.addUse(wide, Inst.ANY);
        i.memIndex = i.memBase;
        i.memDisp = 1;
        s.defReg(BSRQ, v.id, doubled);
    }

    /** A branch on the way here has shown that x is not 0. */
    private boolean nonZero(Value x) {
        x = Selector.stripCopy(x);
        mica.ssa.Block b = s.block.ssa;
        for (int i = 0; i < 8 && b.predCount == 1; i++) {
            mica.ssa.Block p = b.preds[0];
            if (p.kind == mica.ssa.Block.Kind.IF) {
                Value c = Selector.stripCopy(p.control);
                boolean ne = c.op == Op.NE;
                if ((ne || c.op == Op.EQ) && Selector.stripCopy(c.args[0]) == x && Selector.stripCopy(c.args[1]).isConst(0)
                        && b.predIndex[0] == (ne ? 0 : 1)) {
                    return true;
                }
            }
            b = p;
        }
        return false;
    }

    private void popcnt(Value v) {
        Value x = v.args[0];
        int r = x.type.size < 4 ? widened(x, false) : s.reg(x);
        Inst i = s.emit(new Inst(Inst.Form.MACRO, x.type.size == 8 ? POPCNTQ : POPCNTL));
        i.cond = Expand.POPCNT;
        i.addUse(r, Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.addDef(s.temp(MType.I64), Inst.ANY);
        i.addDef(s.temp(MType.I64), Inst.ANY);
        i.early = true;
    }

    private static boolean isCompare(Op op) {
        return switch (op) {
            case EQ, NE, LT, LE, ULT, ULE, FEQ, FNE, FLT, FLE -> true;
            default -> false;
        };
    }

    /** Emits what sets the flags for a boolean; returns the condition that holds when it is true. */
    int condition(Value c) {
        c = Selector.stripCopy(c);
        if (c.op == Op.BOOL_NOT && s.foldable(c)) {
            return Cond.negate(condition(c.args[0]));
        }
        if (isCompare(c.op) && s.foldable(c)) {
            return compare(c);
        }
        if (c.op == Op.ATOMIC_CAS && s.foldable(c) && c == s.current && c == s.block.ssa.values[s.block.ssa.count - 1]) {
            // the exchange comes right before the jump and sets the flag itself
            return Cond.EQ;
        }
        Inst i = s.plain(TESTB);
        int r = s.reg(c);
        i.a = (byte) (Inst.USE0 + i.addUse(r, Inst.ANY));
        i.b = i.a;
        return Cond.NE;
    }

    /** Emits a comparison and returns its condition. */
    int compare(Value v) {
        switch (v.op) {
            case FEQ, FNE, FLT, FLE -> {
                return s.floats.compare(v);
            }
            default -> { }
        }
        int cond = switch (v.op) {
            case EQ -> Cond.EQ;
            case NE -> Cond.NE;
            case LT -> Cond.LT;
            case LE -> Cond.LE;
            case ULT -> Cond.CS;
            default -> Cond.LS;
        };
        return compare(v.args[0], v.args[1], cond);
    }

    /** Compares a with b, in that order unless the returned condition says otherwise. */
    int compare(Value a, Value b, int cond) {
        a = Selector.stripCopy(a);
        b = Selector.stripCopy(b);
        int w = a.type.size;
        if (a.op == Op.CONST && b.op != Op.CONST) {
            Value t = a;
            a = b;
            b = t;
            cond = Cond.swap(cond);
        }
        if (b.isConst(0) && cond != Cond.CS && cond != Cond.CC && cond != Cond.HI && cond != Cond.LS) {
            if (test(a, w)) {
                return cond;
            }
        }
        if (b.op != Op.CONST && s.foldableLoad(a) && !s.foldableLoad(b)) {
            Value t = a;
            a = b;
            b = t;
            cond = Cond.swap(cond);
        }
        Inst i = s.plain(w == 1 ? CMPB : w == 2 ? CMPW : w == 4 ? CMPL : CMPQ);
        if (Selector.isConst32(b)) {
            if (s.foldableLoad(a)) {
                i.a = Inst.MEM;
                s.mem.operand(i, a.args[0], a.auxInt);
            } else {
                i.a = (byte) (Inst.USE0 + i.addUse(s.reg(a), Inst.ANY_MEM));
            }
            i.b = Inst.IMM;
            i.imm = w == 8 ? b.auxInt : w == 4 ? (int) b.auxInt : w == 2 ? (short) b.auxInt : (byte) b.auxInt;
            return cond;
        }
        i.a = (byte) (Inst.USE0 + i.addUse(s.reg(a), Inst.ANY));
        if (s.foldableLoad(b)) {
            i.b = Inst.MEM;
            s.mem.operand(i, b.args[0], b.auxInt);
        } else {
            i.b = (byte) (Inst.USE0 + i.addUse(s.reg(b), Inst.ANY_MEM));
        }
        return cond;
    }

    /** Compares a with zero by TEST, taking in an AND; false if a comparison with memory is better. */
    private boolean test(Value a, int w) {
        Amd64Op op = w == 1 ? TESTB : w == 2 ? TESTW : w == 4 ? TESTL : TESTQ;
        if (a.op == Op.AND && s.foldable(a)) {
            Value x = Selector.stripCopy(a.args[0]);
            Value y = Selector.stripCopy(a.args[1]);
            if (x.op == Op.CONST) {
                Value t = x;
                x = y;
                y = t;
            }
            if (Selector.isConst32(y)) {
                long n = y.auxInt;
                Inst i = s.plain(w == 8 && n >= 0 && n <= 0x7f ? TESTB : w == 8 && n >= 0 ? TESTL : op);
                i.a = Inst.IMM;
                i.b = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
                i.imm = w == 1 ? (byte) n : w == 2 ? (short) n : n;
                if (i.op == TESTB && w == 8) {
                    i.imm = n;
                }
                // the sign is that of the narrow operation only if the mask's is clear, as it is
            } else {
                Inst i = s.plain(op);
                i.a = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
                i.b = (byte) (Inst.USE0 + i.addUse(s.reg(y), Inst.ANY));
            }
            return true;
        }
        if (s.foldableLoad(a)) {
            return false;
        }
        Inst i = s.plain(op);
        int r = s.reg(a);
        i.a = (byte) (Inst.USE0 + i.addUse(r, Inst.ANY));
        i.b = i.a;
        return true;
    }

    private void materialize(Value v, int dst, boolean negate) {
        int cond = compare(v);
        set(negate ? Cond.negate(cond) : cond, dst);
    }

    /** dst = 1 if the condition holds, else 0. */
    void set(int cond, int dst) {
        if (cond < Cond.FEQ) {
            setOne(cond, dst);
            return;
        }
        int first = s.temp(MType.I8);
        int second = s.temp(MType.I8);
        boolean eq = cond == Cond.FEQ;
        setOne(eq ? Cond.EQ : Cond.NE, first);
        setOne(eq ? Cond.PC : Cond.PS, second);
        Inst i = s.tied(eq ? ANDL : ORL, dst, first);
        i.a = (byte) (Inst.USE0 + i.addUse(second, Inst.ANY));
        i.commutes = true;
    }

    private void setOne(int cond, int dst) {
        Inst i = s.plain(Cond.SET[cond]);
        i.addDef(dst, Inst.ANY);
        i.a = Inst.DEF0;
        i.readsFlags = true;
    }

    private void boolNot(Value v) {
        Value c = Selector.stripCopy(v.args[0]);
        if (isCompare(c.op) && s.foldable(c)) {
            materialize(c, v.id, true);
            return;
        }
        Inst i = s.tied(XORL, v.id, s.reg(c));
        i.a = Inst.IMM;
        i.imm = 1;
    }

    private void choose(Value v) {
        boolean q = v.type.size == 8;
        // operands first: what makes them must not stand between comparison and use of the flags
        int yes = s.reg(v.args[1]);
        int no = s.reg(v.args[2]);
        int cond = condition(v.args[0]);
        if (cond == Cond.FEQ) {
            int t = yes;
            yes = no;
            no = t;
            cond = Cond.FNE;
        }
        if (cond == Cond.FNE) {
            int half = s.temp(v.type);
            move(Cond.NE, q, half, no, yes);
            move(Cond.PS, q, v.id, half, yes);
        } else {
            move(cond, q, v.id, no, yes);
        }
    }

    private void move(int cond, boolean q, int dst, int no, int yes) {
        Inst i = s.tied(q ? Cond.MOVE_Q[cond] : Cond.MOVE_L[cond], dst, no);
        i.a = (byte) (Inst.USE0 + i.addUse(yes, Inst.ANY_MEM));
        i.readsFlags = true;
    }

    private void extend(Value v) {
        extendTo(v.id, v.args[0], v.op == Op.SEXT, v.type.size == 8);
    }

    /** dst = x widened to 32 bits (unsigned: 64) or, signed with q, to 64. */
    private void extendTo(int dst, Value x, boolean signed, boolean q) {
        x = Selector.stripCopy(x);
        Amd64Op op = switch (x.type.size) {
            case 1 -> !signed ? MOVBLZX : q ? MOVBQSX : MOVBLSX;
            case 2 -> !signed ? MOVWLZX : q ? MOVWQSX : MOVWLSX;
            case 4 -> signed && q ? MOVLQSX : MOVL;
            default -> MOVQ;
        };
        Inst i = s.def(op, dst);
        s.sourceNoImm(i, x, x.type.size);
    }
}
