// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.base.Fault;
import mica.ssa.BoundsKind;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Constant;
import mica.types.Pointer;
import mica.types.Slice;
import mica.types.Type;
import mica.types.Universe;

/** Conversions, implicit and written. */
final class ConvBuilder {
    /** Elements of the buffers that conversions and concatenations take (tmpBuf in package runtime). */
    private static final int ROOM = 32;

    private final FuncBuilder b;

    ConvBuilder(FuncBuilder b) {
        this.b = b;
    }

    /** What assignment does to a value: boxes it for an interface; otherwise the representation stays. */
    Operand implicit(Operand x, Type want) {
        if (x.type == want) {
            return x;
        }
        if (GoTypes.isUntypedNil(x.type)) {
            return b.zero(want);
        }
        if (GoTypes.isInterface(want)) {
            if (GoTypes.isUntyped(x.type)) {
                x = x.as(GoTypes.defaultType(x.type));
            }
            return b.ifaces.toInterface(x, want);
        }
        if (GoTypes.isUntyped(x.type) && !GoTypes.isBoolean(x.type) && !GoTypes.isString(x.type)) {
            return convert(x.as(GoTypes.defaultType(x.type)), want);
        }
        return x.as(want);
    }

    /** T(x) as written. */
    Operand written(Expr.Call e, Type to) {
        Expr arg = e.args[0];
        if (arg.constant != null) {
            Operand k = constant((Constant) arg.constant, b.type(arg), to);
            if (k != null) {
                return k;
            }
        }
        if (ExprBuilder.isNil(arg)) {
            return b.zero(to);
        }
        if (arg.constant == null && arg.unparen() instanceof Expr.Binary sum && sum.op == Operator.ADD && GoTypes.isString(b.type(arg))
                && GoTypes.under(to) instanceof Slice s && b.layout(s.elem).size == 1) {
            Operand y = b.strings.concatBytes(sum, b.type(arg), to);
            if (b.notes != null) {
                b.notes.converted(e, b.type(arg), to, y);
            }
            return y;
        }
        Operand x = b.exprs.expr(arg, arg.constant == null && GoTypes.isUntyped(b.type(arg)) && !GoTypes.isInterface(to)
                && GoTypes.under(to) instanceof Basic ? to : null);
        b.pos = e.pos;
        Operand y = convert(x, to);
        if (b.notes != null) {
            b.notes.converted(e, x.type, to, y);
        }
        return y;
    }

    /** A constant converted to a basic type; null when it has to be done at run time. */
    private Operand constant(Constant k, Type from, Type to) {
        if (!(GoTypes.under(to) instanceof Basic t) || !(GoTypes.under(from) instanceof Basic f)) {
            return null;
        }
        boolean ok = (t.info & Basic.NUMERIC) != 0 && (f.info & Basic.NUMERIC) != 0
                || (t.info & Basic.STRING) != 0 && (f.info & Basic.STRING) != 0
                || (t.info & Basic.BOOLEAN) != 0;
        if (!ok || (t.info & Basic.INTEGER) != 0 && k.toInt() == null) {
            return null;
        }
        if ((t.info & Basic.COMPLEX) == 0 && k.kind() == Constant.Kind.COMPLEX && k.imag().sign() != 0) {
            return null;
        }
        return b.exprs.constant(k, to);
    }

    /** T(x) for closed types. */
    Operand convert(Operand x, Type to) {
        Type from = x.type;
        if (GoTypes.isUntypedNil(from)) {
            return b.zero(to);
        }
        if (GoTypes.isInterface(to)) {
            return implicit(x, to);
        }
        Type fu = GoTypes.under(from);
        Type tu = GoTypes.under(to);
        if (tu instanceof Basic tb) {
            if ((tb.info & Basic.STRING) != 0) {
                return toString(x, fu, to);
            }
            if (fu instanceof Basic fb && (fb.info & Basic.NUMERIC) != 0 && (tb.info & Basic.NUMERIC) != 0) {
                return numeric(x, fb, tb, to);
            }
            if (tb.id == Basic.Id.UNSAFE_POINTER) {
                return Operand.of(to, fu instanceof Basic fb && (fb.info & Basic.INTEGER) != 0 ? pointer(toI64(x)) : x.v());
            }
            if (fu instanceof Basic fb && fb.id == Basic.Id.UNSAFE_POINTER && (tb.info & Basic.INTEGER) != 0) {
                Value n = b.emit(Op.PTR_TO_INT, MType.I64, x.v());
                return numeric(Operand.of(Universe.UINTPTR, n), Universe.UINTPTR, tb, to);
            }
            return x.as(to);
        }
        if (tu instanceof Slice ts && fu instanceof Basic fb && (fb.info & Basic.STRING) != 0) {
            boolean bytes = b.layout(ts.elem).size == 1;
            Value[] r = b.rtMaking(bytes ? "stringtoslicebyte" : "stringtoslicerune", room(ts.elem), b.nil(), x.parts[0], x.parts[1]);
            return Operand.of(to, r);
        }
        if (fu instanceof Slice && tu instanceof Pointer tp && GoTypes.under(tp.elem) instanceof Array a) {
            return Operand.of(to, arrayPointer(x, a));
        }
        if (fu instanceof Slice && tu instanceof Array a) {
            Value p = arrayPointer(x, a);
            return b.stable(b.loadFrom(to, p));
        }
        return x.as(to);
    }

    /**
     * A number as pointer. {@code unsafe.Pointer(uintptr(p) ^ 0)} is how Go code says that escape analysis is not to follow p
     * (internal/abi.NoEscape and its copies).
     */
    private Value pointer(Value n) {
        Value x = Ssa.resolve(n);
        if (x.op == Op.XOR && Ssa.resolve(x.args[1]).op == Op.CONST && Ssa.resolve(x.args[1]).auxInt == 0
                && Ssa.resolve(x.args[0]).op == Op.PTR_TO_INT) {
            n = b.emit(Op.PTR_TO_INT, MType.I64, Ssa.resolve(x.args[0]).args[0]);
            n.aux = mica.ssa.Func.HIDDEN;
        }
        return b.emit(Op.INT_TO_PTR, MType.PTR, n);
    }

    private Value arrayPointer(Operand slice, Array a) {
        Value v = b.emit(Op.BOUNDS_CHECK, MType.VOID, b.i64(a.length), slice.parts[1]);
        v.aux = BoundsKind.CONVERT;
        return slice.parts[0];
    }

    /** Room for a small string or slice. */
    static Array room(Type elem) {
        return new Array(elem, ROOM);
    }

    private Operand toString(Operand x, Type fu, Type to) {
        if (fu instanceof Basic fb) {
            if ((fb.info & Basic.STRING) != 0) {
                return x.as(to);
            }
            return Operand.of(to, b.rtMaking("intstring", new Array(Universe.BYTE, 4), b.nil(), toI64(x)));
        }
        Slice s = (Slice) fu;
        if (b.layout(s.elem).size == 1) {
            return Operand.of(to, b.rtMaking("slicebytetostring", room(Universe.BYTE), b.nil(), x.parts[0], x.parts[1]));
        }
        return Operand.of(to, b.rtMaking("slicerunetostring", room(Universe.BYTE), b.nil(), x.parts[0], x.parts[1], x.parts[2]));
    }

    private Operand numeric(Operand x, Basic from, Basic to, Type type) {
        boolean fi = (from.info & Basic.INTEGER) != 0;
        boolean ti = (to.info & Basic.INTEGER) != 0;
        boolean fu = (from.info & Basic.UNSIGNED) != 0;
        boolean tu = (to.info & Basic.UNSIGNED) != 0;
        MType m = (to.info & Basic.COMPLEX) != 0 ? null : Layout.scalarOf(to);
        if ((from.info & Basic.COMPLEX) != 0) {
            if ((to.info & Basic.COMPLEX) == 0) {
                throw new Fault(b.func.name, "conversion of a complex value to " + to);
            }
            MType part = to.id == Basic.Id.COMPLEX64 ? MType.F32 : MType.F64;
            return Operand.of(type, floatTo(x.parts[0], part), floatTo(x.parts[1], part));
        }
        if (fi && ti) {
            return Operand.of(type, resize(x.v(), fu, m));
        }
        if (fi) {
            return Operand.of(type, intToFloat(x.v(), fu, m));
        }
        if (ti) {
            return Operand.of(type, floatToInt(x.v(), tu, m));
        }
        return Operand.of(type, floatTo(x.v(), m));
    }

    private Value intToFloat(Value v, boolean unsigned, MType m) {
        if (unsigned && v.type == MType.I64) {
            return b.emit(Op.UINT_TO_FLOAT, m, v);
        }
        if (unsigned && v.type == MType.I32) {
            return b.emit(Op.INT_TO_FLOAT, m, resize(v, true, MType.I64));
        }
        if (v.type == MType.I8 || v.type == MType.I16) {
            v = resize(v, unsigned, MType.I32);
        }
        return b.emit(Op.INT_TO_FLOAT, m, v);
    }

    private Value floatToInt(Value v, boolean unsigned, MType m) {
        if (unsigned && m == MType.I64) {
            return b.emit(Op.FLOAT_TO_UINT, MType.I64, v);
        }
        if (m == MType.I64 || m == MType.I32 && !unsigned) {
            return b.emit(Op.FLOAT_TO_INT, m, v);
        }
        // Narrow targets (and uint32) take the low bits of the wider conversion.
        MType wide = m == MType.I32 ? MType.I64 : MType.I32;
        return b.emit(Op.TRUNC, m, b.emit(Op.FLOAT_TO_INT, wide, v));
    }

    private Value floatTo(Value v, MType m) {
        if (v.type == m) {
            return v;
        }
        return b.emit(m == MType.F64 ? Op.FEXT : Op.FTRUNC, m, v);
    }

    /** An integer in another width. */
    Value resize(Value v, boolean unsigned, MType m) {
        if (v.type == m) {
            return v;
        }
        if (v.isConst()) {
            long n = v.auxInt;
            if (unsigned && m.size > v.type.size) {
                n &= (1L << v.type.size * 8) - 1;
            }
            return b.constant(m, Ssa.wrap(m, n));
        }
        if (m.size < v.type.size) {
            return b.emit(Op.TRUNC, m, v);
        }
        return b.emit(unsigned ? Op.ZEXT : Op.SEXT, m, v);
    }

    /** An integer operand as 64 bits. */
    Value toI64(Operand x) {
        return resize(x.v(), GoTypes.isUnsigned(x.type), MType.I64);
    }
}
