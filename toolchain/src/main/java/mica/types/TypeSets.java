// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Computes type sets and answers questions about operands whose type is a type parameter. */
public final class TypeSets {
    private TypeSets() {}

    /** Errors found while a type set is computed (duplicate methods, bad union terms). */
    @FunctionalInterface
    public interface Reporter {
        void error(int pos, String text);
    }

    public static TypeSet of(Interface t) { return of(t, null); }

    /** @param reporter takes errors of this interface's own elements, or null */
    public static TypeSet of(Interface t, Reporter reporter) { throw new UnsupportedOperationException(); }

    /** The constraint of a type parameter as an interface (made implicit where something else was written). */
    public static Interface constraintInterface(TypeParam p) { throw new UnsupportedOperationException(); }

    /** Tests each type of a type set: for a type parameter the underlying types of its terms, otherwise t's underlying type. */
    @FunctionalInterface
    public interface Visitor {
        /** @param t the type of the term @param u its underlying type; u is null when the type set has no specific types
         *  @return false to stop */
        boolean visit(Type t, Type u);
    }

    /** Visits the type set of t (one call for types that are no type parameters); false when a visit returned false. */
    public static boolean forEach(Type t, Visitor v) { throw new UnsupportedOperationException(); }

    /** The one underlying type that all types of t's type set share (t's own if t is no type parameter), else null, with the cause. */
    public static Type commonUnder(Type t, Cause cause) { throw new UnsupportedOperationException(); }

    /** As commonUnder; channels of different direction agree when one direction wins (range, receive, send). */
    public static Type commonUnderChan(Type t, Cause cause) { throw new UnsupportedOperationException(); }

    /** As commonUnder, where []byte and string count as []byte/string mix (append, copy, slicing, index): the result is string then. */
    public static Type commonUnderBytes(Type t, Cause cause) { throw new UnsupportedOperationException(); }
}
