// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The types that an interface stands for: their common methods, and the terms that restrict them. */
public final class TypeSet {
    static final TypeSet ALL = new TypeSet(new Func[0], null, false);

    /** All methods, sorted by name (unexported ones then by package path); embedded interfaces included. */
    public final Func[] methods;
    /** Types of the set: null = every type; empty = no type. */
    public final Terms terms;
    /** Only strictly comparable types (meaningful when terms is null). */
    public final boolean comparable;

    TypeSet(Func[] methods, Terms terms, boolean comparable) {
        this.methods = methods;
        this.terms = terms;
        this.comparable = comparable;
    }

    public boolean isEmpty() {
        return terms != null && terms.size() == 0;
    }

    public boolean isAll() {
        return terms == null && !comparable && methods.length == 0;
    }

    /** Has nothing but methods: an ordinary (basic) interface. */
    public boolean isMethodSet() {
        return terms == null && !comparable;
    }

    public boolean hasTerms() {
        return terms != null && terms.size() > 0;
    }

    /** Every type of the set is strictly comparable. */
    public boolean isComparable() {
        return isComparable(new java.util.HashSet<>());
    }

    /** @param seen see {@link Comparability#of(Type, java.util.Set)} */
    boolean isComparable(java.util.Set<Type> seen) {
        if (terms == null) {
            return comparable;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (!Comparability.of(terms.types[i], seen)) {
                return false;
            }
        }
        return true;
    }

    /** Every term lies in one of t's terms. */
    boolean subsetOf(TypeSet t) {
        if (t.terms == null) {
            return true;
        }
        if (terms == null) {
            return false;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (!t.terms.covers(terms.types[i], terms.tilde[i])) {
                return false;
            }
        }
        return true;
    }

    /** The method of that name, or null. */
    public Func method(Pkg pkg, String name) {
        int i = methodIndex(pkg, name);
        return i < 0 ? null : methods[i];
    }

    public int methodIndex(Pkg pkg, String name) {
        for (int i = 0; i < methods.length; i++) {
            if (Names.same(methods[i].name, methods[i].pkg, name, pkg)) {
                return i;
            }
        }
        return -1;
    }
}
