// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Questions about types that the specification answers with yes or no; a {@link Cause} (may be null) takes the reason for no. */
public final class Predicates {
    private Predicates() {}

    public static boolean isValid(Type t) {
        return Alias.strip(t) != Universe.INVALID;
    }

    // isX looks at the underlying type (false for type parameters), allX at each type of the type set.

    public static boolean isBoolean(Type t) {
        return is(t, Basic.BOOLEAN);
    }

    public static boolean isInteger(Type t) {
        return is(t, Basic.INTEGER);
    }

    public static boolean isUnsigned(Type t) {
        return is(t, Basic.UNSIGNED);
    }

    public static boolean isFloat(Type t) {
        return is(t, Basic.FLOAT);
    }

    public static boolean isComplex(Type t) {
        return is(t, Basic.COMPLEX);
    }

    public static boolean isNumeric(Type t) {
        return is(t, Basic.NUMERIC);
    }

    public static boolean isString(Type t) {
        return is(t, Basic.STRING);
    }

    public static boolean isConstType(Type t) {
        return is(t, Basic.CONST_TYPE);
    }

    /** The underlying type is a Basic with one of the bits in info. */
    public static boolean is(Type t, int info) {
        t = Alias.strip(t);
        return !(t instanceof TypeParam) && t.underlying() instanceof Basic b && (b.info & info) != 0;
    }

    /** Every type of the type set has one of the bits. */
    public static boolean all(Type t, int info) {
        Type s = Alias.strip(t);
        if (!(s instanceof TypeParam p)) {
            return is(s, info);
        }
        TypeSet set = TypeSets.of(TypeSets.constraintInterface(p));
        if (!set.hasTerms()) {
            return false;
        }
        for (Type e : set.terms.types) {
            if (!(e.underlying() instanceof Basic b && (b.info & info) != 0)) {
                return false;
            }
        }
        return true;
    }

    public static boolean allBoolean(Type t) {
        return all(t, Basic.BOOLEAN);
    }

    public static boolean allInteger(Type t) {
        return all(t, Basic.INTEGER);
    }

    public static boolean allUnsigned(Type t) {
        return all(t, Basic.UNSIGNED);
    }

    public static boolean allNumeric(Type t) {
        return all(t, Basic.NUMERIC);
    }

    public static boolean allString(Type t) {
        return all(t, Basic.STRING);
    }

    public static boolean allOrdered(Type t) {
        return all(t, Basic.ORDERED);
    }

    public static boolean allNumericOrString(Type t) {
        return all(t, Basic.NUMERIC | Basic.STRING);
    }

    public static boolean isUntyped(Type t) {
        return Alias.strip(t) instanceof Basic b && (b.info & Basic.UNTYPED) != 0;
    }

    public static boolean isTyped(Type t) {
        return !isUntyped(t);
    }

    public static boolean isUntypedNumeric(Type t) {
        return Alias.strip(t) instanceof Basic b && (b.info & Basic.UNTYPED) != 0 && (b.info & Basic.NUMERIC) != 0;
    }

    public static boolean isTypeParam(Type t) {
        return Alias.strip(t) instanceof TypeParam;
    }

    /** An interface that is no type parameter. */
    public static boolean isInterface(Type t) {
        return !isTypeParam(t) && t.underlying() instanceof Interface;
    }

    /** Pointer to interface: a frequent mistake that messages point out. */
    static boolean isInterfacePointer(Type t) {
        return t.underlying() instanceof Pointer p && isInterface(p.elem);
    }

    /** Predeclared, defined or type parameter: what the specification calls a named type. */
    public static boolean hasName(Type t) {
        return switch (Alias.strip(t).kind()) {
            case BASIC, NAMED, TYPE_PARAM -> true;
            default -> false;
        };
    }

    /** A generic type that was not instantiated. */
    public static boolean isGeneric(Type t) {
        if (t instanceof Alias a && a.typeParams.length > 0 && a.typeArgs.length == 0) {
            return true;
        }
        return Alias.strip(t) instanceof Named n && n.typeParams.length > 0 && n.typeArgs.length == 0;
    }

    /** Can hold nil (type parameters: all types of the set can). */
    public static boolean hasNil(Type t) {
        Type s = Alias.strip(t);
        if (s instanceof TypeParam p) {
            TypeSet set = TypeSets.of(TypeSets.constraintInterface(p));
            if (!set.hasTerms()) {
                return false;
            }
            for (Type e : set.terms.types) {
                if (!hasNil(e)) {
                    return false;
                }
            }
            return true;
        }
        Type u = s.underlying();
        return switch (u.kind()) {
            case BASIC -> ((Basic) u).id == Basic.Id.UNSAFE_POINTER || u == Universe.UNTYPED_NIL;
            case POINTER, SLICE, MAP, CHAN, SIGNATURE, INTERFACE -> true;
            default -> false;
        };
    }

    /** The type mentions a type parameter (or is a local type of a generic function, seen from inside). */
    public static boolean isParameterized(Type t) {
        return Mentions.any(t, null);
    }

    /** The type mentions one of the parameters. */
    public static boolean mentions(Type t, TypeParam[] params) {
        return params.length > 0 && Mentions.any(t, params);
    }

    /** The type that an untyped operand gets without context; t itself if typed. */
    public static Type defaultType(Type t) {
        if (Alias.strip(t) instanceof Basic b) {
            return switch (b.id) {
                case UNTYPED_BOOL -> Universe.BOOL;
                case UNTYPED_INT -> Universe.INT;
                case UNTYPED_RUNE -> Universe.RUNE;
                case UNTYPED_FLOAT -> Universe.FLOAT64;
                case UNTYPED_COMPLEX -> Universe.COMPLEX128;
                case UNTYPED_STRING -> Universe.STRING;
                default -> t;
            };
        }
        return t;
    }

    public static boolean identical(Type a, Type b) {
        return a == b || new Identity(false).same(a, b);
    }

    public static boolean identicalIgnoreTags(Type a, Type b) {
        return a == b || new Identity(true).same(a, b);
    }

    /** Values can be compared with == (interfaces too). */
    public static boolean comparable(Type t) {
        return comparable(t, true, null);
    }

    /** @param dynamic interfaces count as comparable; false: strictly comparable, where no comparison can panic */
    public static boolean comparable(Type t, boolean dynamic, Cause cause) {
        return Comparability.of(t, dynamic, cause);
    }

    /** A value of type v (typed, or untyped nil) can be assigned to a variable of type t. Untyped constants are the checker's. */
    public static boolean assignable(Type v, Type t, Cause cause) {
        return Assignability.assignable(v, t, cause);
    }

    /** A non-constant value of type v can be converted to t. */
    public static boolean convertible(Type v, Type t, Cause cause) {
        return Assignability.convertible(v, t, cause);
    }

    /** v implements interface t. @param constraint t is a constraint: v satisfies it (comparable is meant loosely) */
    public static boolean implement(Type v, Type t, boolean constraint, Cause cause) {
        return Implements.of(v, t, constraint, cause);
    }

    /** x.(t) is possible for x of interface type v; the cause is such as "(missing method Foo)". */
    public static boolean assertableTo(Type v, Type t, Cause cause) {
        return isInterface(t) || Lookup.missingMethod(t, v, false, cause) == null;
    }
}
