// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Questions about types that the specification answers with yes or no; a {@link Cause} (may be null) takes the reason for no. */
public final class Predicates {
    private Predicates() {}

    // Basic facts. isX looks at the underlying type (false for type parameters), allX at each type of the type set.
    public static boolean isValid(Type t) { return Alias.strip(t) != Universe.INVALID; }
    public static boolean isBoolean(Type t) { return is(t, Basic.BOOLEAN); }
    public static boolean isInteger(Type t) { return is(t, Basic.INTEGER); }
    public static boolean isUnsigned(Type t) { return is(t, Basic.UNSIGNED); }
    public static boolean isFloat(Type t) { return is(t, Basic.FLOAT); }
    public static boolean isComplex(Type t) { return is(t, Basic.COMPLEX); }
    public static boolean isNumeric(Type t) { return is(t, Basic.NUMERIC); }
    public static boolean isString(Type t) { return is(t, Basic.STRING); }
    public static boolean isConstType(Type t) { return is(t, Basic.CONST_TYPE); }
    /** The underlying type is a Basic with one of the bits in info. */
    public static boolean is(Type t, int info) { throw new UnsupportedOperationException(); }
    /** Every type of the type set has one of the bits. */
    public static boolean all(Type t, int info) { throw new UnsupportedOperationException(); }
    public static boolean allBoolean(Type t) { return all(t, Basic.BOOLEAN); }
    public static boolean allInteger(Type t) { return all(t, Basic.INTEGER); }
    public static boolean allUnsigned(Type t) { return all(t, Basic.UNSIGNED); }
    public static boolean allNumeric(Type t) { return all(t, Basic.NUMERIC); }
    public static boolean allString(Type t) { return all(t, Basic.STRING); }
    public static boolean allOrdered(Type t) { return all(t, Basic.ORDERED); }
    public static boolean allNumericOrString(Type t) { return all(t, Basic.NUMERIC | Basic.STRING); }
    public static boolean isUntyped(Type t) { return Alias.strip(t) instanceof Basic b && (b.info & Basic.UNTYPED) != 0 || Alias.strip(t) == Universe.UNTYPED_NIL; }
    public static boolean isTyped(Type t) { return !isUntyped(t); }
    public static boolean isTypeParam(Type t) { return Alias.strip(t) instanceof TypeParam; }
    /** An interface that is no type parameter. */
    public static boolean isInterface(Type t) { return !isTypeParam(t) && t.underlying() instanceof Interface; }
    /** A generic type that was not instantiated. */
    public static boolean isGeneric(Type t) { throw new UnsupportedOperationException(); }
    /** Can hold nil (type parameters: all types of the set can). */
    public static boolean hasNil(Type t) { throw new UnsupportedOperationException(); }
    /** A type that mentions a type parameter. */
    public static boolean isParameterized(Type t) { throw new UnsupportedOperationException(); }
    /** The type that an untyped operand gets without context; t itself if typed. */
    public static Type defaultType(Type t) { throw new UnsupportedOperationException(); }

    public static boolean identical(Type a, Type b) { throw new UnsupportedOperationException(); }
    public static boolean identicalIgnoreTags(Type a, Type b) { throw new UnsupportedOperationException(); }
    /** Equal as type parameter instances need it: same origin, identical arguments. */
    public static boolean comparable(Type t) { return comparable(t, true, null); }
    /** @param dynamic interfaces count as comparable (==); false: strictly comparable (constraint comparable before satisfaction) */
    public static boolean comparable(Type t, boolean dynamic, Cause cause) { throw new UnsupportedOperationException(); }

    /** A value of type v (typed; or untyped nil) can be assigned to a variable of type t. Untyped constants are the checker's. */
    public static boolean assignable(Type v, Type t, Cause cause) { throw new UnsupportedOperationException(); }
    /** A non-constant value of type v can be converted to t. */
    public static boolean convertible(Type v, Type t, Cause cause) { throw new UnsupportedOperationException(); }
    /** v implements interface t. @param constraint t is a constraint (satisfies: comparable is meant loosely) */
    public static boolean implement(Type v, Type t, boolean constraint, Cause cause) { throw new UnsupportedOperationException(); }
    /** x.(t) is possible for x of interface type v. */
    public static boolean assertableTo(Type v, Type t, Cause cause) { throw new UnsupportedOperationException(); }
}
