// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** Where gc reports errors about expressions: at their leftmost token, but at the bracket of a slice expression. */
final class Places {
    private Places() {}

    static int start(Expr e) {
        for (; ; ) {
            switch (e.kind) {
                case COMPOSITE_LIT -> {
                    Expr t = ((Expr.CompositeLit) e).typeExpr;
                    if (t == null) {
                        return e.pos;
                    }
                    e = t;
                }
                case KEY_VALUE -> e = ((Expr.KeyValue) e).key;
                case SELECTOR -> e = ((Expr.Selector) e).x;
                case INDEX -> e = ((Expr.Index) e).x;
                case TYPE_ASSERT -> e = ((Expr.TypeAssert) e).x;
                case CALL -> e = ((Expr.Call) e).fun;
                case BINARY -> e = ((Expr.Binary) e).x;
                default -> {
                    return e.pos;
                }
            }
        }
    }
}
