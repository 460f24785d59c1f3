// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Puts types in the place of type parameters. */
public final class Subst {
    private Subst() {}

    /** t with each params[i] replaced by args[i]; t itself when it mentions none of them. */
    public static Type apply(Type t, TypeParam[] params, Type[] args) { throw new UnsupportedOperationException(); }
}
