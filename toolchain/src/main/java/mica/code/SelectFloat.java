// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64Op.*;

import mica.arch.amd64.Amd64Op;
import mica.base.Fault;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Floating point with SSE2. Constants are operands in memory. */
final class SelectFloat {
    private final Selector s;

    SelectFloat(Selector s) {
        this.s = s;
    }

    void select(Value v) {
        boolean d = v.type == MType.F64;
        switch (v.op) {
            case FADD -> commuting(d ? ADDSD : ADDSS, v);
            case FMUL -> commuting(d ? MULSD : MULSS, v);
            case FSUB -> tied(d ? SUBSD : SUBSS, v);
            case FDIV -> tied(d ? DIVSD : DIVSS, v);
            case FSQRT -> source(s.def(d ? SQRTSD : SQRTSS, v.id), v.args[0]);
            case FEXT -> source(s.def(CVTSS2SD, v.id), v.args[0]);
            case FTRUNC -> source(s.def(CVTSD2SS, v.id), v.args[0]);
            case FNEG -> wide(XORPS, v, sign(d));
            case FABS -> wide(ANDPS, v, ~sign(d));
            case FCOPYSIGN -> copySign(v, d);
            case FROUND -> round(v);
            case FMIN, FMAX -> minMax(v, d);
            case FMA -> fma(v, d);
            case INT_TO_FLOAT -> fromInt(v, d);
            case UINT_TO_FLOAT -> macro(v, Expand.UINT_TO_FLOAT, d, MType.I64, MType.I64);
            case FLOAT_TO_INT -> source(s.def(v.args[0].type == MType.F64 ? (v.type.size == 8 ? CVTTSD2SQ : CVTTSD2SL)
                    : v.type.size == 8 ? CVTTSS2SQ : CVTTSS2SL, v.id), v.args[0]);
            case FLOAT_TO_UINT -> macro(v, Expand.FLOAT_TO_UINT, v.args[0].type == MType.F64, MType.F64, MType.I64);
            case BITCAST -> bitcast(v);
            case SELECT -> choose(v);
            default -> throw new Fault("code", "not a floating-point operation: " + v.op);
        }
    }

    private static long sign(boolean d) {
        return d ? 0x8000000000000000L : 0x8000000080000000L;
    }

    /** Makes b the source: a constant in memory, a load, a register or its home. */
    private void source(Inst i, Value b) {
        b = Selector.stripCopy(b);
        if (b.op == Op.CONST && b.auxInt != 0) {
            i.a = Inst.MEM;
            i.memKind = Inst.M_SYM;
            i.memAux = b.type == MType.F64 ? s.symbols.float64(b.auxInt) : s.symbols.float32((int) b.auxInt);
        } else {
            s.sourceNoImm(i, b, b.type.size);
        }
    }

    private void tied(Amd64Op op, Value v) {
        source(s.tied(op, v.id, s.reg(v.args[0])), v.args[1]);
    }

    private void commuting(Amd64Op op, Value v) {
        Value a = Selector.stripCopy(v.args[0]);
        Value b = Selector.stripCopy(v.args[1]);
        if (a.op == Op.CONST || s.foldableLoad(a) && !s.foldableLoad(b) && b.op != Op.CONST) {
            Value t = a;
            a = b;
            b = t;
        }
        Inst i = s.tied(op, v.id, s.reg(a));
        source(i, b);
        i.commutes = i.use.length == 2 && i.a == Inst.USE1;
    }

    /** With a 16-byte constant. */
    private void wide(Amd64Op op, Value v, long pattern) {
        Inst i = s.tied(op, v.id, s.reg(v.args[0]));
        wideOperand(i, pattern);
    }

    private void wideOperand(Inst i, long pattern) {
        i.a = Inst.MEM;
        i.memKind = Inst.M_SYM;
        i.memAux = s.symbols.wide(pattern, pattern);
    }

    private void copySign(Value v, boolean d) {
        int magnitude = s.temp(v.type);
        int sign = s.temp(v.type);
        wideOperand(s.tied(ANDPS, magnitude, s.reg(v.args[0])), ~sign(d));
        wideOperand(s.tied(ANDPS, sign, s.reg(v.args[1])), sign(d));
        Inst i = s.tied(ORPS, v.id, magnitude);
        i.a = (byte) (Inst.USE0 + i.addUse(sign, Inst.ANY));
        i.commutes = true;
    }

    private void round(Value v) {
        Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
        i.cond = Expand.ROUND;
        i.imm = v.auxInt;
        i.addUse(s.reg(v.args[0]), Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.addDef(s.temp(MType.F64), Inst.ANY);
        i.addDef(s.temp(MType.I64), Inst.ANY);
        i.early = true;
    }

    private void minMax(Value v, boolean d) {
        Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
        i.cond = v.op == Op.FMIN ? Expand.MIN : Expand.MAX;
        i.imm = d ? 1 : 0;
        i.addUse(s.reg(v.args[0]), Inst.ANY);
        i.addUse(s.reg(v.args[1]), Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.early = true;
    }

    private void fma(Value v, boolean d) {
        // z += x * y
        Inst i = s.plain(d ? VFMADD231SD : VFMADD231SS);
        i.addUse(s.reg(v.args[2]), Inst.ANY);
        i.addUse(s.reg(v.args[0]), Inst.ANY);
        i.addUse(s.reg(v.args[1]), Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.tied = true;
        i.form3(Inst.USE1, Inst.USE2, Inst.DEF0);
    }

    private void fromInt(Value v, boolean d) {
        boolean q = v.args[0].type.size == 8;
        // the conversion writes half of its register: cut the dependence on what was there
        Inst i = s.emit(new Inst(Inst.Form.MACRO, d ? (q ? CVTSQ2SD : CVTSL2SD) : q ? CVTSQ2SS : CVTSL2SS));
        i.cond = Expand.INT_TO_FLOAT;
        s.sourceNoImm(i, v.args[0], v.args[0].type.size);
        i.addDef(v.id, Inst.ANY);
    }

    private void macro(Value v, int which, boolean d, MType t1, MType t2) {
        Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
        i.cond = which;
        i.imm = d ? 1 : 0;
        i.addUse(s.reg(v.args[0]), Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.addDef(s.temp(t1), Inst.ANY);
        i.addDef(s.temp(t2), Inst.ANY);
        i.early = true;
    }

    private void bitcast(Value v) {
        if (v.type.isFloat() == v.args[0].type.isFloat()) {
            s.copy(v, v.args[0]);
            return;
        }
        Value a = Selector.stripCopy(v.args[0]);
        if (s.foldableLoad(a)) {
            Inst i = s.def(v.type.isFloat() ? (v.type.size == 8 ? MOVSD : MOVSS) : v.type.size == 8 ? MOVQ : MOVL, v.id);
            i.a = Inst.MEM;
            s.mem.operand(i, a.args[0], a.auxInt);
            return;
        }
        s.defReg(v.type.size == 8 ? MOVQ : MOVL, v.id, s.reg(a));
    }

    /** Sets the flags for a comparison; returns its condition. a < b is tested as b > a, which is false when they are not ordered. */
    int compare(Value v) {
        boolean d = v.args[0].type == MType.F64;
        Inst i = s.plain(d ? UCOMISD : UCOMISS);
        int b = i.addUse(s.reg(v.args[1]), Inst.ANY);
        source(i, v.args[0]);
        i.b = (byte) (Inst.USE0 + b);
        return switch (v.op) {
            case FEQ -> Cond.FEQ;
            case FNE -> Cond.FNE;
            case FLT -> Cond.HI;
            default -> Cond.CC;
        };
    }

    private void choose(Value v) {
        int yes = s.reg(v.args[1]);
        int no = s.reg(v.args[2]);
        int cond = s.ints.condition(v.args[0]);
        Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
        i.cond = Expand.CHOOSE;
        i.imm = cond;
        i.addUse(no, Inst.ANY);
        i.addUse(yes, Inst.ANY);
        i.addDef(v.id, Inst.ANY);
        i.tied = true;
        i.readsFlags = true;
    }
}
