// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A union of terms in a constraint: {@code ~int | string}. */
public final class Union extends Type {
    public final Type[] terms;
    public final boolean[] tilde;

    public Union(Type[] terms, boolean[] tilde) {
        this.terms = terms;
        this.tilde = tilde;
    }

    @Override
    public Kind kind() {
        return Kind.UNION;
    }
}
