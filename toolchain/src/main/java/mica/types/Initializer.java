// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** One initialization of package variables: {@code lhs... = rhs}; several variables when rhs is a call with several results. */
public final class Initializer {
    public final Var[] lhs;
    public final Expr rhs;

    public Initializer(Var[] lhs, Expr rhs) {
        this.lhs = lhs;
        this.rhs = rhs;
    }
}
