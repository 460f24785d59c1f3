// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Shifts, whose operands need not have the same type, and whose untyped left operand takes its type from the context. */
final class Shifts extends Part {
    /** Larger constant shift counts than this are refused (the smallest float64 has this many bits). */
    private static final int LIMIT = 1023 - 1 + 52;

    Shifts(Checker c) {
        super(c);
    }

    void shift(Operand x, Operand y, Expr e, Operator op, int opPos) {
        Constant xv = null;
        if (x.isConstant()) {
            xv = x.value == null ? null : x.value.kind() == Constant.Kind.STRING || x.value.kind() == Constant.Kind.BOOL ? null : x.value.toInt();
        }
        if (!(Predicates.allInteger(x.type) || x.isUntyped() && xv != null && xv.kind() == Constant.Kind.INT)) {
            error(x, "invalid operation: shifted operand " + describe(x) + " must be integer");
            x.invalid();
            return;
        }
        String shown = describe(y);
        if (!count(x, y)) {
            x.invalid();
            return;
        }
        if (x.isConstant()) {
            if (y.isConstant()) {
                constant(x, y, shown, xv, e, op, opPos);
                return;
            }
            if (x.isUntyped()) {
                // The type comes from the context in which the whole shift stands.
                x.mode = Mode.VALUE;
                x.value = null;
                return;
            }
        }
        if (!Predicates.allInteger(x.type)) {
            error(x, "invalid operation: shifted operand " + describe(x) + " must be integer");
            x.invalid();
            return;
        }
        x.mode = Mode.VALUE;
        x.value = null;
    }

    private boolean count(Operand x, Operand y) {
        if (y.isConstant()) {
            Constant v = y.value == null || y.value.kind() == Constant.Kind.STRING || y.value.kind() == Constant.Kind.BOOL ? null : y.value.toInt();
            if (v != null && v.kind() == Constant.Kind.INT && v.sign() < 0) {
                error(y, "invalid operation: negative shift count " + describe(y));
                return false;
            }
            if (y.isUntyped()) {
                c.untyped.convert(y, Universe.UINT);
                return y.ok();
            }
            if (v == null || v.kind() != Constant.Kind.INT) {
                error(y, "invalid operation: shift count " + describe(y) + " must be integer");
                return false;
            }
            return true;
        }
        if (Predicates.allInteger(y.type)) {
            if (y.isUntyped()) {
                c.untyped.convert(y, Universe.UINT);
                return y.ok();
            }
            if (!Predicates.allUnsigned(y.type) && !c.allowVersion(13)) {
                return c.needVersion(Places.start(y.expr), 13, "invalid operation: signed shift count " + describe(y));
            }
            return true;
        }
        if (y.isUntyped() && !y.isNil() && Predicates.isNumeric(y.type)) {
            c.untyped.convert(y, Universe.UINT);
            return y.ok();
        }
        error(y, "invalid operation: shift count " + describe(y) + " must be integer");
        return false;
    }

    private void constant(Operand x, Operand y, String shown, Constant xv, Expr e, Operator op, int opPos) {
        if (x.value == null || y.value == null || xv == null) {
            x.value = null;
            if (!Predicates.isInteger(x.type)) {
                x.type = Universe.UNTYPED_INT;
            }
            return;
        }
        Constant n = y.value.toInt();
        if (!n.isLong() || n.longValue() > LIMIT) {
            error(y, "invalid operation: invalid shift count " + shown);
            x.invalid();
            return;
        }
        if (!Predicates.isInteger(x.type)) {
            // A constant such as 1.0 becomes an integer.
            x.type = Universe.UNTYPED_INT;
        }
        x.value = Constant.shift(op == Operator.SHL, xv, (int) n.longValue());
        if (e != null) {
            x.expr = e;
        }
        c.untyped.checkOverflow(x, opPos, "shift");
    }
}
