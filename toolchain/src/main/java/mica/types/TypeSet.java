// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The types that an interface stands for: their common methods, and the terms that restrict them. */
public final class TypeSet {
    /** All methods, sorted by name (unexported ones then by package path); embedded interfaces included. */
    public final Func[] methods;
    /** Types of the set: null = every type; empty = no type. Each is a type and whether ~ stands before it. */
    public final Type[] terms;
    public final boolean[] tilde;
    /** Only strictly comparable types (meaningful when terms is null). */
    public final boolean comparable;

    TypeSet(Func[] methods, Type[] terms, boolean[] tilde, boolean comparable) {
        this.methods = methods;
        this.terms = terms;
        this.tilde = tilde;
        this.comparable = comparable;
    }

    public boolean isEmpty() { return terms != null && terms.length == 0; }
    public boolean isAll() { return terms == null && !comparable && methods.length == 0; }
    /** Has nothing but methods: an ordinary (basic) interface. */
    public boolean isMethodSet() { return terms == null && !comparable; }
    public boolean hasTerms() { return terms != null && terms.length > 0; }
}
