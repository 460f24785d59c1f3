// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** A part of the checker that knows one language construct. */
abstract class Part {
    final Checker c;

    Part(Checker c) {
        this.c = c;
    }

    final void error(int pos, String text) {
        c.error(pos, text);
    }

    final void error(Expr at, String text) {
        c.error(Places.start(at), text);
    }

    final void error(Operand at, String text) {
        c.error(Places.start(at.expr), text);
    }

    final String name(Type t) {
        return c.name(t);
    }

    static String text(Expr e) {
        return ExprText.of(e);
    }

    final String describe(Operand x) {
        return x.describe(c.qualifier);
    }
}
