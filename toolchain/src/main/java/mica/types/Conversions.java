// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Conversions T(x). */
final class Conversions extends Part {
    Conversions(Checker c) {
        super(c);
    }

    void convert(Operand x, Type t) {
        if (!Predicates.isValid(t)) {
            x.invalid();
            return;
        }
        boolean constArg = x.isConstant() && Predicates.isConstType(x.type);
        boolean constResult = false;
        boolean ok;
        Cause cause = c.cause();
        Type old = x.type;
        Constant oldValue = x.value;
        if (constArg && Predicates.isConstType(t)) {
            Constant v = x.value == null ? null : Constant.convert(x.value, (Basic) Alias.strip(x.type).underlying(), (Basic) Alias.strip(t).underlying());
            ok = v != null;
            if (!ok && Predicates.isInteger(x.type) && Predicates.isInteger(t)) {
                error(x, "constant " + x.value + " overflows " + name(t));
                x.invalid();
                return;
            }
            x.value = v;
            constResult = true;
        } else if (constArg && Predicates.isTypeParam(t)) {
            ok = TypeSets.forEach(t, (term, u) -> {
                if (u == null) {
                    cause.text = "no specific types";
                    return false;
                }
                if (Predicates.isString(x.type) && isBytesOrRunes(u)) {
                    return true;
                }
                if (!(u instanceof Basic b) || Constant.convert(x.value, (Basic) Alias.strip(x.type).underlying(), b) == null) {
                    if (Predicates.isInteger(x.type) && Predicates.isInteger(u)) {
                        cause.text = "constant " + x.value + " overflows " + name(u) + " (in " + name(t) + ")";
                    } else {
                        cause.text = "cannot convert " + describe(x) + " to type " + name(u) + " (in " + name(t) + ")";
                    }
                    return false;
                }
                return true;
            });
            x.mode = Mode.VALUE;
        } else {
            ok = convertible(x, t, cause);
            if (ok) {
                x.mode = x.isNil() ? Mode.VALUE : Mode.VALUE;
            }
        }
        if (!ok) {
            x.mode = constArg ? Mode.CONSTANT : x.mode;
            x.value = oldValue;
            error(x, "cannot convert " + describe(x) + " to type " + name(t) + (cause.text.isEmpty() ? "" : ": " + cause.text));
            x.invalid();
            return;
        }
        if (Predicates.isUntyped(old)) {
            Type fin = t;
            if (old == Universe.UNTYPED_NIL) {
                fin = t;
            } else if (Predicates.isInterface(t) || constArg && !Predicates.isConstType(t) && !Predicates.isTypeParam(t)) {
                fin = Predicates.defaultType(old);
            } else if (Predicates.isTypeParam(t) && constArg) {
                fin = Predicates.defaultType(old);
            } else if (constArg && Predicates.isInteger(old) && Predicates.allString(t)) {
                fin = Predicates.defaultType(old);
            }
            c.untyped.finish(x.expr, fin, constResult && fin == t ? x.value : null);
        }
        x.type = t;
        if (!constResult) {
            x.value = null;
        }
    }

    /** Slices became convertible to arrays, and to pointers to arrays, late. */
    private boolean mayConvertSlice(Type from, Type to, Cause cause) {
        Type u = to.underlying();
        boolean slice = from.underlying() instanceof Slice;
        if (slice && u instanceof Array && !c.allowVersion(20)) {
            cause.text = "conversion of slice to array requires go1.20 or later" + c.versionReason();
            return false;
        }
        if (slice && u instanceof Pointer && !c.allowVersion(17)) {
            cause.text = "conversion of slice to array pointer requires go1.17 or later" + c.versionReason();
            return false;
        }
        return true;
    }

    private static boolean isBytesOrRunes(Type u) {
        return u instanceof Slice s && s.elem.underlying() instanceof Basic b && (b.id == Basic.Id.UINT8 || b.id == Basic.Id.INT32);
    }

    private boolean convertible(Operand x, Type t, Cause cause) {
        if (x.isNil()) {
            return Predicates.hasNil(t);
        }
        if (x.isUntyped()) {
            if (c.untyped.implicit(x, t) != null) {
                return true;
            }
            if (x.isConstant()) {
                // A constant string becomes a []byte or []rune, 1 becomes an any.
                return Predicates.convertible(Predicates.defaultType(x.type), t, cause);
            }
            if (Predicates.isNumeric(x.type)) {
                // What is shifted may turn out not to be an integer: then that is the error.
                return Predicates.allNumeric(t) || Predicates.isInteger(x.type) && Predicates.allString(t);
            }
            return false;
        }
        if (Predicates.convertible(x.type, t, cause)) {
            return mayConvertSlice(x.type, t, cause);
        }
        if (cause.text.isEmpty() && Predicates.isInterface(t)) {
            Predicates.assignable(x.type, t, cause);
        }
        return false;
    }
}
