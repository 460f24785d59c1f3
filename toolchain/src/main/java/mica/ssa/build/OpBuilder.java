// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.BoundsKind;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Pointer;
import mica.types.Slice;
import mica.types.Type;
import mica.types.Universe;

/** Arithmetic, shifts, orderings and slicing on operands. */
final class OpBuilder {
    private final FuncBuilder b;

    OpBuilder(FuncBuilder b) {
        this.b = b;
    }

    Operand arithmetic(Operator op, Operand x, Operand y) {
        Type t = x.type;
        if (GoTypes.isComplex(t)) {
            return complex(op, x, y);
        }
        if (GoTypes.isFloat(t)) {
            Op o;
            switch (op) {
                case ADD -> o = Op.FADD;
                case SUB -> o = Op.FSUB;
                case MUL -> o = Op.FMUL;
                case DIV -> o = Op.FDIV;
                default -> throw b.unsupported("float operator " + op);
            }
            return Operand.of(t, b.emit(o, x.v().type, x.v(), y.v()));
        }
        if (GoTypes.isString(t)) {
            return b.strings.concat(t, x, y);
        }
        return Operand.of(t, integer(op, x.v(), y.v(), GoTypes.isUnsigned(t)));
    }

    private Value integer(Operator op, Value x, Value y, boolean unsigned) {
        MType m = x.type;
        switch (op) {
            case ADD:
                return b.add(x, y);
            case SUB:
                return b.sub(x, y);
            case MUL:
                return y.isConst() ? b.mul(x, y.auxInt) : x.isConst() ? b.mul(y, x.auxInt) : b.emit(Op.MUL, m, x, y);
            case DIV, REM:
                if (!y.isConst() || y.auxInt == 0) {
                    b.emit(Op.DIV_CHECK, MType.VOID, y);
                }
                if (op == Operator.DIV) {
                    return b.emit(unsigned ? Op.UDIV : Op.DIV, m, x, y);
                }
                return b.emit(unsigned ? Op.UREM : Op.REM, m, x, y);
            case AND:
                return b.emit(Op.AND, m, x, y);
            case OR:
                return b.emit(Op.OR, m, x, y);
            case XOR:
                return b.emit(Op.XOR, m, x, y);
            case AND_NOT:
                return b.emit(Op.AND, m, x, b.emit(Op.NOT, m, y));
            default:
                throw b.unsupported("operator " + op);
        }
    }

    private Operand complex(Operator op, Operand x, Operand y) {
        Value a = x.parts[0];
        Value i = x.parts[1];
        Value p = y.parts[0];
        Value q = y.parts[1];
        MType m = a.type;
        switch (op) {
            case ADD:
                return Operand.of(x.type, b.emit(Op.FADD, m, a, p), b.emit(Op.FADD, m, i, q));
            case SUB:
                return Operand.of(x.type, b.emit(Op.FSUB, m, a, p), b.emit(Op.FSUB, m, i, q));
            case MUL: {
                // Computed in float64, as the standard compiler does for complex64.
                Value wa = widen(a);
                Value wi = widen(i);
                Value wp = widen(p);
                Value wq = widen(q);
                Value re = b.emit(Op.FSUB, MType.F64, b.emit(Op.FMUL, MType.F64, wa, wp), b.emit(Op.FMUL, MType.F64, wi, wq));
                Value im = b.emit(Op.FADD, MType.F64, b.emit(Op.FMUL, MType.F64, wa, wq), b.emit(Op.FMUL, MType.F64, wi, wp));
                return Operand.of(x.type, narrow(re, m), narrow(im, m));
            }
            case DIV: {
                Value[] r = b.rt("complex128div", widen(a), widen(i), widen(p), widen(q));
                return Operand.of(x.type, narrow(r[0], m), narrow(r[1], m));
            }
            default:
                throw b.unsupported("complex operator " + op);
        }
    }

    private Value widen(Value v) {
        return v.type == MType.F32 ? b.emit(Op.FEXT, MType.F64, v) : v;
    }

    private Value narrow(Value v, MType m) {
        return m == MType.F32 ? b.emit(Op.FTRUNC, MType.F32, v) : v;
    }

    Operand negate(Operand x) {
        Value[] parts = new Value[x.parts.length];
        for (int k = 0; k < parts.length; k++) {
            Value v = x.parts[k];
            parts[k] = b.emit(v.type.isFloat() ? Op.FNEG : Op.NEG, v.type, v);
        }
        return Operand.of(x.type, parts);
    }

    Operand shift(boolean left, Operand x, Operand n) {
        Value count = n.v();
        Value v = x.v();
        int width = v.type.size * 8;
        boolean small = false;
        if (count.isConst()) {
            if (count.auxInt < 0 && !GoTypes.isUnsigned(n.type)) {
                b.emit(Op.SHIFT_CHECK, MType.VOID, count);
            }
            small = count.auxInt >= 0 && count.auxInt < width;
        } else if (!GoTypes.isUnsigned(n.type)) {
            b.emit(Op.SHIFT_CHECK, MType.VOID, count);
        }
        Op op = left ? Op.SHL : GoTypes.isUnsigned(x.type) ? Op.SHR : Op.SAR;
        Value r = b.emit(op, v.type, v, count);
        r.auxInt = small ? 1 : 0;
        return Operand.of(x.type, r);
    }

    /** x < y and its like. */
    Value ordered(Operator op, Operand x, Operand y) {
        if (GoTypes.isString(x.type)) {
            Value c = b.rt1("cmpstring", x.parts[0], x.parts[1], y.parts[0], y.parts[1]);
            return integerOrder(op, c, b.zero(c.type), false);
        }
        if (GoTypes.isFloat(x.type)) {
            Value a = x.v();
            Value c = y.v();
            switch (op) {
                case LSS:
                    return b.emit(Op.FLT, MType.I8, a, c);
                case LEQ:
                    return b.emit(Op.FLE, MType.I8, a, c);
                case GTR:
                    return b.emit(Op.FLT, MType.I8, c, a);
                default:
                    return b.emit(Op.FLE, MType.I8, c, a);
            }
        }
        return integerOrder(op, x.v(), y.v(), GoTypes.isUnsigned(x.type));
    }

    private Value integerOrder(Operator op, Value a, Value c, boolean unsigned) {
        Op lt = unsigned ? Op.ULT : Op.LT;
        Op le = unsigned ? Op.ULE : Op.LE;
        switch (op) {
            case LSS:
                return b.compare(lt, a, c);
            case LEQ:
                return b.compare(le, a, c);
            case GTR:
                return b.compare(lt, c, a);
            default:
                return b.compare(le, c, a);
        }
    }

    /** x[lo:hi:max]. */
    Operand slice(Expr.Slice e) {
        Type xt = b.type(e.x);
        Type u = GoTypes.under(xt);
        Value ptr;
        Value len;
        Value cap;
        boolean isString = u instanceof Basic;
        boolean fixed = false;
        Type elem;
        if (isString) {
            Operand s = b.exprs.expr(e.x);
            ptr = s.parts[0];
            len = s.parts[1];
            cap = len;
            elem = Universe.BYTE;
        } else if (u instanceof Slice s) {
            Operand x = b.exprs.expr(e.x);
            ptr = x.parts[0];
            len = x.parts[1];
            cap = x.parts[2];
            elem = s.elem;
        } else {
            Array a;
            if (u instanceof Pointer p) {
                ptr = b.exprs.value(e.x);
                b.pos = e.pos;
                b.nilCheck(ptr);
                a = (Array) GoTypes.under(p.elem);
            } else {
                ptr = b.places.address(e.x);
                a = (Array) u;
            }
            len = b.i64(a.length);
            cap = len;
            elem = a.elem;
            fixed = true;
        }
        Operand lo = bound(e.lo);
        Operand hi = bound(e.hi);
        Operand max = bound(e.max);
        b.pos = e.pos;
        Value i;
        Value j;
        Value k = cap;
        if (max != null) {
            k = check(max, cap, fixed ? BoundsKind.SLICE3_ALEN : BoundsKind.SLICE3_ACAP,
                    fixed ? BoundsKind.SLICE3_ALEN_U : BoundsKind.SLICE3_ACAP_U);
            j = check(hi, k, BoundsKind.SLICE3_B, BoundsKind.SLICE3_B_U);
            i = lo == null ? b.i64(0) : check(lo, j, BoundsKind.SLICE3_C, BoundsKind.SLICE3_C_U);
        } else {
            boolean alen = fixed || isString;
            j = hi == null ? len
                    : check(hi, isString ? len : cap, alen ? BoundsKind.SLICE_ALEN : BoundsKind.SLICE_ACAP,
                            alen ? BoundsKind.SLICE_ALEN_U : BoundsKind.SLICE_ACAP_U);
            i = lo == null ? b.i64(0) : check(lo, j, BoundsKind.SLICE_B, BoundsKind.SLICE_B_U);
        }
        Value newLen = b.sub(j, i);
        Value newCap = isString ? newLen : b.sub(k, i);
        Value p = advance(ptr, i, newCap, elem);
        return isString ? Operand.of(b.type(e), p, newLen) : Operand.of(b.type(e), p, newLen, newCap);
    }

    private Operand bound(Expr e) {
        return e == null ? null : b.exprs.expr(e, e.constant != null ? Universe.INT : null);
    }

    private Value check(Operand x, Value limit, BoundsKind signed, BoundsKind unsigned) {
        return b.places.checkIndex(x, limit, signed, unsigned);
    }

    /** ptr + i elements; ptr itself when nothing is left behind it, so that no pointer leaves the object. */
    private Value advance(Value ptr, Value i, Value newCap, Type elem) {
        long size = b.layout(elem).size;
        if (i.isConst(0) || size == 0) {
            return ptr;
        }
        Value delta = b.mul(i, size);
        if (!newCap.isConst() || newCap.auxInt == 0) {
            // (-cap) >> 63 is all ones exactly when cap > 0.
            Value mask = b.emit(Op.SAR, MType.I64, b.emit(Op.NEG, MType.I64, newCap), b.i64(63));
            mask.auxInt = 1;
            delta = b.emit(Op.AND, MType.I64, delta, mask);
        }
        return b.addPtr(ptr, delta);
    }
}
