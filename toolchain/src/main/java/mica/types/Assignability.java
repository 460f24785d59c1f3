// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Assignment and conversion between types, type parameters included (their rules ask every type of the type set). */
final class Assignability {
    private Assignability() {}

    private static TypeParam param(Type t) {
        return Alias.strip(t) instanceof TypeParam p ? p : null;
    }

    static boolean assignable(Type v, Type t, Cause cause) {
        if (!Predicates.isValid(v) || !Predicates.isValid(t) || Predicates.identical(v, t)) {
            return true;
        }
        Type vu = v.underlying();
        Type tu = t.underlying();
        TypeParam vp = param(v);
        TypeParam tp = param(t);
        if (Predicates.isUntyped(v)) {
            return v == Universe.UNTYPED_NIL && Predicates.hasNil(t);
        }
        boolean oneUnnamed = !Predicates.hasName(v) || !Predicates.hasName(t);
        if (vp == null && tp == null && oneUnnamed && Predicates.identical(vu, tu)) {
            return true;
        }
        if (tu instanceof Interface && tp == null || Predicates.isInterfacePointer(t)) {
            if (Implements.of(v, t, false, cause)) {
                return true;
            }
            if (vp == null) {
                return false;
            }
            if (cause != null) {
                cause.text = "";
            }
        }
        if (vu instanceof Interface && vp == null && Implements.of(t, v, false, null)) {
            if (cause != null) {
                cause.text = "need type assertion";
            }
            return false;
        }
        if (vu instanceof Chan vc && vc.dir == Chan.BOTH && tu instanceof Chan tc && Predicates.identical(vc.elem, tc.elem)) {
            return oneUnnamed;
        }
        if (vp == null && tp == null) {
            return false;
        }
        return assignableParam(v, t, vp, tp, cause);
    }

    private static boolean assignableParam(Type v, Type t, TypeParam vp, TypeParam tp, Cause cause) {
        if (tp != null && !Predicates.hasName(v)) {
            return TypeSets.forEach(t, (e, u) -> e != null && (assignable(v, e, cause) || say(cause, () -> "cannot assign " + cause.name(v)
                    + " to " + cause.name(e) + " (in " + cause.name(t) + ")")));
        }
        if (vp != null && !Predicates.hasName(t)) {
            return TypeSets.forEach(v, (e, u) -> e != null && (assignable(e, t, cause) || say(cause, () -> "cannot assign " + cause.name(e)
                    + " (in " + cause.name(v) + ") to " + cause.name(t))));
        }
        return false;
    }

    private static boolean say(Cause cause, java.util.function.Supplier<String> text) {
        if (cause != null) {
            cause.text = text.get();
        }
        return false;
    }

    static boolean convertible(Type v, Type t, Cause cause) {
        if (assignable(v, t, cause)) {
            return true;
        }
        if (cause != null) {
            cause.text = "";
        }
        TypeParam vp = param(v);
        TypeParam tp = param(t);
        Type vu = v.underlying();
        Type tu = t.underlying();
        if (vp == null && tp == null) {
            return Predicates.identicalIgnoreTags(vu, tu) || pointers(v, t) || basics(vu, tu) || unsafe(vu, tu)
                    || sliceToArray(vu, tu);
        }
        if (vp != null && tp != null) {
            return TypeSets.forEach(v, (ve, x) -> ve != null && TypeSets.forEach(t, (te, y) -> te != null && (convertible(ve, te, cause)
                    || say(cause, () -> "cannot convert " + cause.name(ve) + " (in " + cause.name(v) + ") to type " + cause.name(te)
                            + " (in " + cause.name(t) + ")"))));
        }
        if (vp != null) {
            return TypeSets.forEach(v, (e, x) -> e != null && (convertible(e, t, cause) || say(cause, () -> "cannot convert "
                    + cause.name(e) + " (in " + cause.name(v) + ") to type " + cause.name(t))));
        }
        return TypeSets.forEach(t, (e, x) -> e != null && (convertible(v, e, cause) || say(cause, () -> "cannot convert "
                + cause.name(v) + " to type " + cause.name(e) + " (in " + cause.name(t) + ")")));
    }

    private static boolean pointers(Type v, Type t) {
        return Alias.strip(v) instanceof Pointer a && Alias.strip(t) instanceof Pointer b && param(a.elem) == null && param(b.elem) == null
                && Predicates.identicalIgnoreTags(a.elem.underlying(), b.elem.underlying());
    }

    private static boolean basics(Type v, Type t) {
        int number = Basic.INTEGER | Basic.FLOAT;
        if (Predicates.is(v, number) && Predicates.is(t, number) || Predicates.isComplex(v) && Predicates.isComplex(t)) {
            return true;
        }
        return Predicates.isString(t) && (Predicates.isInteger(v) || bytesOrRunes(v)) || Predicates.isString(v) && bytesOrRunes(t);
    }

    static boolean bytesOrRunes(Type t) {
        return t instanceof Slice s && s.elem.underlying() instanceof Basic b && param(s.elem) == null
                && (b.id == Basic.Id.UINT8 || b.id == Basic.Id.INT32);
    }

    private static boolean unsafe(Type v, Type t) {
        return unsafePointer(t) && (v instanceof Pointer || uintptr(v)) || unsafePointer(v) && (t instanceof Pointer || uintptr(t));
    }

    private static boolean unsafePointer(Type t) {
        return t instanceof Basic b && b.id == Basic.Id.UNSAFE_POINTER;
    }

    private static boolean uintptr(Type t) {
        return t instanceof Basic b && b.id == Basic.Id.UINTPTR;
    }

    private static boolean sliceToArray(Type v, Type t) {
        if (!(v instanceof Slice s)) {
            return false;
        }
        if (t instanceof Array a) {
            return Predicates.identical(s.elem, a.elem);
        }
        return t instanceof Pointer p && p.elem.underlying() instanceof Array a && Predicates.identical(s.elem, a.elem);
    }
}
