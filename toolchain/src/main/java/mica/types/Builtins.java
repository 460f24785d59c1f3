// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Calls of predeclared functions; those whose first argument is a type or that belong to package unsafe are in {@link BuiltinTypes}. */
final class Builtins extends Part {
    Builtins(Checker c) {
        super(c);
    }

    static boolean allowedAsStatement(Builtin.Id id) {
        return switch (id) {
            case CLEAR, CLOSE, COPY, DELETE, PANIC, PRINT, PRINTLN, RECOVER -> true;
            default -> false;
        };
    }

    /** Which builtin a call calls. */
    Builtin.Id idOf(Expr.Call e) {
        Expr f = e.fun.unparen();
        Object o = f instanceof Expr.Name n ? n.obj : f instanceof Expr.Selector s ? s.sel.obj : null;
        return o instanceof Builtin b ? b.id : Builtin.Id.APPEND;
    }

    private static int minArgs(Builtin.Id id) {
        return switch (id) {
            case PRINT, PRINTLN, RECOVER -> 0;
            case COMPLEX, COPY, DELETE, UNSAFE_ADD, UNSAFE_SLICE, UNSAFE_STRING -> 2;
            default -> 1;
        };
    }

    private static boolean variadic(Builtin.Id id) {
        return switch (id) {
            case APPEND, MAKE, MAX, MIN, PRINT, PRINTLN -> true;
            default -> false;
        };
    }

    /** Name as it is written after unsafe. or alone. */
    static String nameOf(Builtin.Id id) {
        return switch (id) {
            case UNSAFE_ADD -> "unsafe.Add";
            case UNSAFE_ALIGNOF -> "unsafe.Alignof";
            case UNSAFE_OFFSETOF -> "unsafe.Offsetof";
            case UNSAFE_SIZEOF -> "unsafe.Sizeof";
            case UNSAFE_SLICE -> "unsafe.Slice";
            case UNSAFE_SLICE_DATA -> "unsafe.SliceData";
            case UNSAFE_STRING -> "unsafe.String";
            case UNSAFE_STRING_DATA -> "unsafe.StringData";
            default -> id.name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    void call(Operand x, Expr.Call e, Builtin.Id id) {
        x.invalid();
        x.expr = e;
        if (e.hasDots && id != Builtin.Id.APPEND) {
            error(e, "invalid operation: invalid use of ... with built-in " + nameOf(id).replace("unsafe.", ""));
            c.exprs.use(e.args);
            return;
        }
        boolean saved = c.env.hasCallOrRecv;
        if (id == Builtin.Id.LEN || id == Builtin.Id.CAP) {
            c.env.hasCallOrRecv = false;
        }
        Operand[] args = null;
        int n = e.args.length;
        boolean typed = id == Builtin.Id.MAKE || id == Builtin.Id.NEW || id == Builtin.Id.UNSAFE_OFFSETOF;
        if (!typed) {
            args = c.calls.arguments(e);
            n = args.length;
            for (Operand a : args) {
                if (a.mode == Mode.VALUE && a.type instanceof Signature s && s.typeParams.length > 0) {
                    error(a, "cannot use generic function " + text(a.expr) + " without instantiation");
                    a.invalid();
                }
                if (!a.ok()) {
                    c.env.hasCallOrRecv |= saved;
                    if (id == Builtin.Id.PANIC || id == Builtin.Id.PRINT || id == Builtin.Id.PRINTLN) {
                        x.set(Mode.NO_VALUE, Tuple.EMPTY);
                    }
                    return;
                }
            }
        }
        int want = minArgs(id);
        if (n < want || n > want && !variadic(id)) {
            error(e, "invalid operation: " + (n < want ? "not enough" : "too many") + " arguments for " + text(e) + " (expected " + want + ", found " + n + ")");
            if (typed) {
                c.exprs.use(e.args);
            }
            return;
        }
        dispatch(x, e, id, args);
        if (id == Builtin.Id.LEN || id == Builtin.Id.CAP) {
            c.env.hasCallOrRecv |= saved;
        }
        x.expr = e;
    }

    private void dispatch(Operand x, Expr.Call e, Builtin.Id id, Operand[] args) {
        switch (id) {
            case APPEND -> append(x, e, args);
            case LEN, CAP -> length(x, args[0], id);
            case CLEAR -> clear(x, args[0], e);
            case CLOSE -> close(x, args[0]);
            case COMPLEX -> complex(x, e, args);
            case REAL, IMAG -> part(x, args[0], id);
            case COPY -> copy(x, args);
            case DELETE -> delete(x, args);
            case MIN, MAX -> extreme(x, e, args, id);
            case PANIC -> {
                c.assignments.assignable(args[0], Universe.EMPTY_INTERFACE, "argument to panic");
                x.set(Mode.NO_VALUE, Tuple.EMPTY);
            }
            case PRINT, PRINTLN -> {
                for (Operand a : args) {
                    c.assignments.assignable(a, null, "argument to built-in " + nameOf(id));
                }
                x.set(Mode.NO_VALUE, Tuple.EMPTY);
            }
            case RECOVER -> {
                if (c.env.body != null) {
                    c.env.body.hasRecover = true;
                }
                x.set(Mode.VALUE, Universe.ANY);
            }
            default -> c.builtinTypes.call(x, e, id, args);
        }
    }

    // ---- append, copy, delete, clear, close ----

    private void append(Operand x, Expr.Call e, Operand[] args) {
        Operand s = args[0];
        Type elem = sliceElem(s, "append", true);
        if (elem == null) {
            return;
        }
        Slice sl = new Slice(elem);
        Type type = s.type;
        if (s.isUntyped()) {
            return;
        }
        if (e.hasDots) {
            if (args.length != 2) {
                boolean many = args.length > 2;
                if (e.args.length == 1 && args.length > 1) {
                    error(e, "cannot use ... with " + args.length + "-valued " + text(e.args[0]));
                    return;
                }
                Type[] have = new Type[args.length];
                for (int i = 0; i < have.length; i++) {
                    have[i] = args[i].type;
                }
                error(many ? args[2] : args[args.length - 1], (many ? "too many" : "not enough") + " arguments in call to append\n\thave "
                        + c.arguments.summary(have, false, true) + "\n\twant (" + name(type) + ", ..." + name(sl.elem) + ")");
                return;
            }
            Operand b = args[1];
            boolean bytes = sl.elem.underlying() instanceof Basic k && k.id == Basic.Id.UINT8;
            if (bytes && !b.isNil() && TypeSets.commonUnderBytes(b.type, null) instanceof Basic str && Predicates.isString(str)) {
                c.untyped.defaultType(b);
            } else {
                c.assignments.assignable(b, new Slice(sl.elem), "argument to append");
            }
        } else {
            for (int i = 1; i < args.length; i++) {
                c.assignments.assignable(args[i], sl.elem, "argument to append");
            }
        }
        x.set(Mode.VALUE, type);
    }

    private void copy(Operand x, Operand[] args) {
        Type d = elemOf(args[0], "copy");
        if (d == null) {
            return;
        }
        Operand src = args[1];
        Type s;
        Type u = src.isNil() ? null : TypeSets.commonUnderBytes(src.type, null);
        if (u instanceof Basic b && Predicates.isString(b)) {
            s = Universe.BYTE;
        } else {
            s = elemOf(src, "copy");
            if (s == null) {
                return;
            }
        }
        if (!Predicates.identical(d, s)) {
            error(args[0], "invalid copy: arguments " + describe(args[0]) + " and " + describe(src) + " have different element types " + name(d) + " and " + name(s));
            return;
        }
        c.untyped.defaultType(src);
        x.set(Mode.VALUE, Universe.INT);
    }

    private Type elemOf(Operand a, String what) {
        return sliceElem(a, what, false);
    }

    /** The element type that all slices of a's type set share; null after an error. @param strings byte slices and strings may be mixed */
    private Type sliceElem(Operand a, String what, boolean strings) {
        if (strings && !a.isNil() && Predicates.isTypeParam(a.type) && TypeSets.commonUnderBytes(a.type, null) instanceof Slice s) {
            return s.elem;
        }
        Type[] elem = new Type[1];
        boolean ok = TypeSets.forEach(a.type, (t, u) -> {
            if (!(u instanceof Slice s)) {
                error(a, "invalid " + what + ": argument must be a slice; have " + (a.isNil() ? "untyped nil" : describe(a)));
                return false;
            }
            if (elem[0] != null && !Predicates.identical(elem[0], s.elem)) {
                error(a, "invalid " + what + ": mismatched slice element types " + name(elem[0]) + " and " + name(s.elem) + " in " + describe(a));
                return false;
            }
            elem[0] = s.elem;
            return true;
        });
        return ok ? elem[0] : null;
    }

    private void delete(Operand x, Operand[] args) {
        Type[] key = new Type[1];
        String[] why = {null};
        boolean ok = !args[0].isNil() && TypeSets.forEach(args[0].type, (t, u) -> {
            if (!(u instanceof MapType m)) {
                why[0] = u == null || !Predicates.isTypeParam(args[0].type) ? "invalid argument: " + describe(args[0]) + " is not a map"
                        : "invalid argument: " + describe(args[0]) + " is not a map";
                return false;
            }
            if (key[0] != null && !Predicates.identical(m.key, key[0])) {
                why[0] = "invalid argument: maps of " + describe(args[0]) + " must have identical key types";
                return false;
            }
            key[0] = m.key;
            return true;
        });
        if (!ok || key[0] == null) {
            error(args[0], why[0] == null ? "invalid argument: " + describe(args[0]) + " is not a map" : why[0]);
            return;
        }
        if (c.assignments.assignable(args[1], key[0], "argument to delete")) {
            x.set(Mode.NO_VALUE, Tuple.EMPTY);
        }
    }

    private void clear(Operand x, Operand a, Expr.Call e) {
        c.needVersion(e.fun.start(), 21, "clear");
        boolean ok = !a.isNil() && TypeSets.forEach(a.type, (t, u) -> u instanceof MapType || u instanceof Slice);
        if (!ok) {
            error(a, "invalid argument: cannot clear " + describe(a) + ": argument must be (or constrained by) map or slice");
            return;
        }
        x.set(Mode.NO_VALUE, Tuple.EMPTY);
    }

    private void close(Operand x, Operand a) {
        boolean[] recvOnly = new boolean[1];
        boolean ok = !a.isNil() && TypeSets.forEach(a.type, (t, u) -> {
            if (!(u instanceof Chan ch)) {
                return false;
            }
            if (ch.dir == Chan.RECV) {
                recvOnly[0] = true;
                return false;
            }
            return true;
        });
        if (!ok) {
            error(a, recvOnly[0] ? "invalid operation: cannot close receive-only channel " + describe(a)
                    : "invalid operation: cannot close non-channel " + describe(a));
            return;
        }
        x.set(Mode.NO_VALUE, Tuple.EMPTY);
    }

    // ---- len and cap ----

    private void length(Operand x, Operand a, Builtin.Id id) {
        boolean isLen = id == Builtin.Id.LEN;
        Type u = a.type.underlying();
        if (u instanceof Pointer p && p.elem.underlying() instanceof Array arr) {
            u = arr;
        }
        byte mode = Mode.INVALID;
        Constant value = null;
        if (!Predicates.isTypeParam(a.type)) {
            switch (u.kind()) {
                case BASIC -> {
                    if (Predicates.isString(u) && isLen) {
                        if (a.isConstant()) {
                            mode = Mode.CONSTANT;
                            value = a.value == null ? null : Constant.of(a.value.bytes().length);
                        } else {
                            mode = Mode.VALUE;
                        }
                    }
                }
                case ARRAY -> {
                    mode = Mode.VALUE;
                    if (!c.env.hasCallOrRecv && ((Array) u).length >= 0) {
                        mode = Mode.CONSTANT;
                        value = Constant.of(((Array) u).length);
                    }
                }
                case SLICE, CHAN -> mode = Mode.VALUE;
                case MAP -> mode = isLen ? Mode.VALUE : Mode.INVALID;
                default -> { }
            }
        } else if (TypeSets.forEach(a.type, (t, e) -> hasLength(e, isLen))) {
            mode = Mode.VALUE;
        }
        if (mode == Mode.INVALID) {
            if (Predicates.isValid(u)) {
                error(a, "invalid argument: " + describe(a) + " for built-in " + nameOf(id));
            }
            return;
        }
        if (mode == Mode.CONSTANT) {
            x.constant(Universe.INT, value);
        } else {
            x.set(Mode.VALUE, Universe.INT);
        }
        if (a.isUntyped()) {
            c.untyped.defaultType(a);
        }
    }

    private static boolean hasLength(Type u, boolean isLen) {
        if (u == null) {
            return false;
        }
        if (u instanceof Pointer p && p.elem.underlying() instanceof Array) {
            return true;
        }
        return switch (u.kind()) {
            case BASIC -> Predicates.isString(u) && isLen;
            case ARRAY, SLICE, CHAN -> true;
            case MAP -> isLen;
            default -> false;
        };
    }

    // ---- complex numbers ----

    private void complex(Operand x, Expr.Call e, Operand[] args) {
        Operand a = args[0];
        Operand b = args[1];
        boolean ua = a.isUntyped();
        boolean ub = b.isUntyped();
        if (ua && !ub) {
            c.untyped.convert(a, b.type);
        } else if (ub && !ua) {
            c.untyped.convert(b, a.type);
        } else if (ua) {
            if (a.isConstant() && b.isConstant()) {
                toFloat(a);
                toFloat(b);
            } else {
                c.untyped.convert(a, Universe.FLOAT64);
                c.untyped.convert(b, Universe.FLOAT64);
            }
        }
        if (!a.ok() || !b.ok()) {
            return;
        }
        if (!Predicates.identical(a.type, b.type)) {
            error(a, "invalid operation: " + text(e) + " (mismatched types " + name(a.type) + " and " + name(b.type) + ")");
            return;
        }
        Type t = complexOf(a.type);
        if (t == null) {
            error(a, "invalid argument: arguments have type " + name(a.type) + ", expected floating-point");
            return;
        }
        if (a.isConstant() && b.isConstant() && a.value != null && b.value != null) {
            x.constant(t, Constant.complex(a.value.real(), b.value.real()));
        } else {
            x.set(Mode.VALUE, t);
        }
    }

    private static void toFloat(Operand a) {
        if (Predicates.isNumeric(a.type) && a.value != null && a.value.imag().sign() == 0) {
            a.type = Universe.UNTYPED_FLOAT;
        }
    }

    private static Type complexOf(Type t) {
        if (!Predicates.isTypeParam(t) && t.underlying() instanceof Basic b) {
            return switch (b.id) {
                case FLOAT32 -> Universe.COMPLEX64;
                case FLOAT64 -> Universe.COMPLEX128;
                case UNTYPED_FLOAT -> Universe.UNTYPED_COMPLEX;
                default -> null;
            };
        }
        return null;
    }

    private void part(Operand x, Operand a, Builtin.Id id) {
        if (a.isUntyped()) {
            if (a.isConstant()) {
                if (Predicates.isNumeric(a.type)) {
                    a.type = Universe.UNTYPED_COMPLEX;
                }
            } else {
                c.untyped.convert(a, Universe.COMPLEX128);
                if (!a.ok()) {
                    return;
                }
            }
        }
        Type t = null;
        if (!Predicates.isTypeParam(a.type) && a.type.underlying() instanceof Basic b) {
            t = switch (b.id) {
                case COMPLEX64 -> Universe.FLOAT32;
                case COMPLEX128 -> Universe.FLOAT64;
                case UNTYPED_COMPLEX -> Universe.UNTYPED_FLOAT;
                default -> null;
            };
        }
        if (t == null) {
            error(a, "invalid argument: argument has type " + name(a.type) + ", expected complex type");
            return;
        }
        if (a.isConstant() && a.value != null) {
            x.constant(t, id == Builtin.Id.REAL ? a.value.real() : a.value.imag());
        } else {
            x.set(Mode.VALUE, t);
        }
    }

    // ---- min and max ----

    private void extreme(Operand x, Expr.Call e, Operand[] args, Builtin.Id id) {
        c.needVersion(e.fun.start(), 21, nameOf(id));
        Operator op = id == Builtin.Id.MIN ? Operator.LSS : Operator.GTR;
        for (Operand a : args) {
            if (!Predicates.allOrdered(a.type)) {
                error(a, "invalid argument: " + describe(a) + " cannot be ordered");
                return;
            }
        }
        Operand r = args[0].copy();
        for (int i = 1; i < args.length; i++) {
            Operand a = args[i];
            Operand before = r.copy();
            boolean match = c.operations.matchQuietly(r, a);
            if (!r.ok() || !a.ok()) {
                return;
            }
            if (!match || !Predicates.identical(r.type, a.type)) {
                error(a, "invalid argument: mismatched types " + name(before.type) + " (previous argument) and " + name(a.type) + " (type of " + text(a.expr) + ")");
                return;
            }
            if (r.isConstant() && a.isConstant()) {
                if (r.value != null && a.value != null && Constant.compare(op, a.value, r.value)) {
                    r.value = a.value;
                }
            } else {
                r.mode = Mode.VALUE;
                r.value = null;
            }
        }
        x.mode = r.isConstant() ? Mode.CONSTANT : Mode.VALUE;
        x.type = r.type;
        x.value = r.isConstant() ? r.value : null;
        if (!x.isConstant()) {
            if (x.isUntyped()) {
                x.type = Predicates.defaultType(x.type);
            }
        }
        if (!x.isUntyped()) {
            for (Operand a : args) {
                if (a.isUntyped() || a.expr.type instanceof Type t && Predicates.isUntyped(t)) {
                    c.untyped.finish(a.expr, x.type, a.isConstant() ? represented(a, x.type) : null);
                }
            }
        }
    }

    private static Constant represented(Operand a, Type t) {
        return a.value != null && t.underlying() instanceof Basic b ? Constant.represent(a.value, b) : a.value;
    }
}
