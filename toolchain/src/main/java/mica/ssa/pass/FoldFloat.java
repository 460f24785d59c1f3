// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Rules for floats: only what gives the same bits for every operand, NaN and signed zeros included. */
final class FoldFloat {
    private final Fold r;

    FoldFloat(Fold r) {
        this.r = r;
    }

    private static double value(Value c) {
        return c.type == MType.F32 ? Float.intBitsToFloat((int) c.auxInt) : Double.longBitsToDouble(c.auxInt);
    }

    /** The result rounded to v's type; NaNs are left alone, as their bits are the machine's. */
    private static boolean set(Value v, double d) {
        if (Double.isNaN(d)) {
            return false;
        }
        return Rewriter.toConst(v, v.type == MType.F32 ? Float.floatToRawIntBits((float) d) : Double.doubleToRawLongBits(d));
    }

    boolean apply(Value v) {
        Value x = v.args[0];
        if (v.op == Op.FNEG && x.op == Op.FNEG && r.on(Fold.Rule.FLOAT_NEGATE)) {
            return Rewriter.toCopy(v, x.args[0]);
        }
        if (v.op == Op.BITCAST && x.op == Op.BITCAST && x.args[0].type == v.type && r.on(Fold.Rule.CONVERT_TWICE)) {
            return Rewriter.toCopy(v, x.args[0]);
        }
        // The root of a number of 24 bits, rounded to 53 and then to 24 bits, is the one rounded to 24 bits at once.
        if (v.op == Op.FTRUNC && x.op == Op.FSQRT && x.args[0].op == Op.FEXT && v.type == x.args[0].args[0].type && r.on(Fold.Rule.FLOAT_NARROW)) {
            return Rewriter.to(v, Op.FSQRT, x.args[0].args[0]);
        }
        if (!x.isConst() || v.argCount > 1 && !v.args[1].isConst() || !r.on(Fold.Rule.FLOAT_CONSTANTS)) {
            return false;
        }
        return v.argCount == 1 ? unary(v, x) : binary(v, value(x), value(v.args[1]));
    }

    private static boolean unary(Value v, Value x) {
        switch (v.op) {
            case FNEG:
                return set(v, -value(x));
            case FABS:
                return set(v, Math.abs(value(x)));
            case FSQRT:
                return set(v, v.type == MType.F32 ? (float) Math.sqrt(value(x)) : Math.sqrt(value(x)));
            case INT_TO_FLOAT:
                return set(v, v.type == MType.F32 ? (float) x.auxInt : (double) x.auxInt);
            case FEXT, FTRUNC:
                return set(v, value(x));
            case BITCAST:
                long bits = x.auxInt;
                return Rewriter.toConst(v, v.type == MType.F32 ? bits & 0xffffffffL : bits);
            default:
                return false;
        }
    }

    private static boolean binary(Value v, double x, double y) {
        switch (v.op) {
            case FADD:
                return set(v, v.type == MType.F32 ? (float) x + (float) y : x + y);
            case FSUB:
                return set(v, v.type == MType.F32 ? (float) x - (float) y : x - y);
            case FMUL:
                return set(v, v.type == MType.F32 ? (float) x * (float) y : x * y);
            case FDIV:
                return set(v, v.type == MType.F32 ? (float) x / (float) y : x / y);
            case FEQ:
                return Rewriter.toConst(v, x == y ? 1 : 0);
            case FNE:
                return Rewriter.toConst(v, x != y ? 1 : 0);
            case FLT:
                return Rewriter.toConst(v, x < y ? 1 : 0);
            case FLE:
                return Rewriter.toConst(v, x <= y ? 1 : 0);
            default:
                return false;
        }
    }
}
