// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Expr;
import mica.types.Type;

/**
 * The left side of an assignment of several values whose operands are evaluated, but whose checks for nil and bounds belong to the
 * assignment itself: what stands to the left of it is assigned before they fail.
 */
final class Pending {
    final Expr expr;
    final Type type;
    /** The pointer or the slice. */
    final Operand base;
    /** The index of an element, else null. */
    final Operand index;

    Pending(Expr expr, Type type, Operand base, Operand index) {
        this.expr = expr;
        this.type = type;
        this.base = base;
        this.index = index;
    }
}
