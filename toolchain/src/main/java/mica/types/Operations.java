// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Unary and binary operators. */
final class Operations extends Part {
    Operations(Checker c) {
        super(c);
    }

    // ---- unary ----

    void unary(Operand x, Expr.Unary e, Type hint) {
        switch (e.op) {
            case AND -> {
                address(x, e, hint);
                return;
            }
            case RECV -> {
                receive(x, e);
                return;
            }
            case TILDE -> {
                c.exprs.expr(x, e.x);
                if (x.ok()) {
                    error(e, "cannot use ~ outside of interface or type constraint" + (Predicates.allInteger(x.type) ? " (use ^ for bitwise complement)" : ""));
                }
                x.invalid();
                return;
            }
            default -> { }
        }
        c.exprs.expr(x, e.x);
        if (!x.ok()) {
            return;
        }
        boolean defined = switch (e.op) {
            case ADD, SUB -> Predicates.allNumeric(x.type);
            case XOR -> Predicates.allInteger(x.type);
            default -> Predicates.allBoolean(x.type);
        };
        if (!defined) {
            error(x, "invalid operation: operator " + e.op.text + " not defined on " + describe(x));
            x.invalid();
            return;
        }
        if (x.isConstant()) {
            if (x.value == null) {
                return;
            }
            Basic b = Alias.strip(x.type).underlying() instanceof Basic k ? k : null;
            x.value = Constant.unary(e.op, x.value, b);
            x.expr = e;
            c.untyped.checkOverflow(x, e.pos, e.op == Operator.XOR ? "bitwise complement" : "negation");
            return;
        }
        x.mode = Mode.VALUE;
    }

    private void address(Operand x, Expr.Unary e, Type hint) {
        Expr inner = e.x.unparen();
        c.exprs.raw(x, e.x, null, null, false);
        if (x.mode == Mode.TYPE) {
            error(x, describe(x) + " is not an expression");
            x.invalid();
        } else if (x.mode == Mode.NO_VALUE) {
            error(x, describe(x) + " used as value");
            x.invalid();
        } else if (x.mode == Mode.BUILTIN) {
            error(x, describe(x) + " must be called");
            x.invalid();
        }
        c.exprs.single(x);
        if (!x.ok()) {
            return;
        }
        if (inner.kind != Expr.Kind.COMPOSITE_LIT && x.mode != Mode.VARIABLE) {
            error(x, "invalid operation: cannot take address of " + describe(x));
            x.invalid();
            return;
        }
        if (inner.kind != Expr.Kind.COMPOSITE_LIT) {
            Idents.noteChange(inner, true);
        }
        x.set(Mode.VALUE, new Pointer(x.type));
    }

    private void receive(Operand x, Expr.Unary e) {
        c.exprs.expr(x, e.x);
        if (!x.ok()) {
            return;
        }
        Type elem = channelElem(Places.start(x.expr), x, true);
        if (elem == null || !c.decls.complete(elem)) {
            x.invalid();
            return;
        }
        x.set(Mode.COMMA_OK, elem);
        c.env.hasCallOrRecv = true;
    }

    /** What can be received from (else: sent to) a channel; null after an error at {@code pos}. */
    Type channelElem(int pos, Operand x, boolean receive) {
        Cause cause = c.cause();
        Type u = TypeSets.commonUnder(x.type, cause, (t, tu) -> {
            if (tu == null) {
                return "no specific channel type";
            }
            if (!(tu instanceof Chan ch)) {
                return "non-channel " + name(t);
            }
            return (ch.dir & (receive ? Chan.RECV : Chan.SEND)) != 0 ? null : (receive ? "send-only channel " : "receive-only channel ") + name(t);
        });
        if (u instanceof Chan ch) {
            return ch.elem;
        }
        String what = "invalid operation: cannot " + (receive ? "receive from " : "send to ");
        error(pos, Predicates.isTypeParam(x.type) ? what + describe(x) + ": " + cause.text : what + cause.text + " " + describe(x));
        return null;
    }

    // ---- binary ----

    /** @param e the binary expression, or null for an assignment operation */
    void binary(Operand x, Expr e, Expr lhs, Expr rhs, Operator op, int opPos) {
        Operand y = new Operand();
        c.exprs.expr(x, lhs);
        c.exprs.expr(y, rhs);
        binary(x, y, e, lhs, rhs, op, opPos);
    }

    void binary(Operand x, Operand y, Expr e, Expr lhs, Expr rhs, Operator op, int opPos) {
        if (!x.ok() || !y.ok()) {
            x.invalid();
            return;
        }
        if (op.isShift()) {
            c.shifts.shift(x, y, e, op, opPos);
            return;
        }
        Expr at = e != null ? e : lhs;
        Type tx = x.type;
        Type ty = y.type;
        int m = match(x, y);
        if (m != Untyped.OK) {
            if (m == Untyped.MISMATCH) {
                error(op.isComparison() ? rhs : lhs, mismatch(x, y, e, lhs, rhs, op));
            }
            x.invalid();
            return;
        }
        if (!x.ok()) {
            return;
        }
        if (op.isComparison()) {
            comparison(x, y, op);
            return;
        }
        if (!Predicates.identical(x.type, y.type)) {
            if (Predicates.isValid(x.type) && Predicates.isValid(y.type)) {
                // As they were before untyped operands took a type.
                x.type = tx;
                y.type = ty;
                error(at, mismatch(x, y, e, lhs, rhs, op));
            }
            x.invalid();
            return;
        }
        if (!defined(x, op)) {
            error(x, "invalid operation: operator " + op.text + " not defined on " + describe(x));
            x.invalid();
            return;
        }
        if ((op == Operator.DIV || op == Operator.REM) && (x.isConstant() || Predicates.allInteger(x.type)) && isZero(y)) {
            error(y, "invalid operation: division by zero");
            x.invalid();
            return;
        }
        if (x.isConstant() && y.isConstant()) {
            if (x.value == null || y.value == null) {
                x.value = null;
                return;
            }
            if (Predicates.isString(x.type) && x.value.bytes().length + (long) y.value.bytes().length > ConstantOps.MAX_STRING) {
                error(opPos, "constant string too long (" + (x.value.bytes().length + (long) y.value.bytes().length) + " bytes > " + ConstantOps.MAX_STRING + " bytes)");
                x.invalid();
                return;
            }
            x.value = Constant.binary(op, x.value, y.value, Predicates.isInteger(x.type));
            if (e != null) {
                x.expr = e;
            }
            c.untyped.checkOverflow(x, opPos, operation(op));
            return;
        }
        x.mode = Mode.VALUE;
        x.value = null;
    }

    private static boolean isZero(Operand y) {
        if (!y.isConstant() || y.value == null) {
            return false;
        }
        return switch (y.value.kind()) {
            case INT, FLOAT -> y.value.sign() == 0 || y.type.underlying() instanceof Basic b && (b.info & Basic.COMPLEX) != 0
                    && (ConstantOps.norm(y.value) == null || ConstantOps.norm(y.value).sign() == 0);
            // A square that is too small counts too: complex division divides by it.
            case COMPLEX -> y.value.sign() == 0 || ConstantOps.norm(y.value) == null || ConstantOps.norm(y.value).sign() == 0;
            default -> false;
        };
    }

    static String operation(Operator op) {
        return switch (op) {
            case ADD -> "addition";
            case SUB -> "subtraction";
            case XOR -> "bitwise XOR";
            case MUL -> "multiplication";
            case SHL -> "shift";
            default -> op.text;
        };
    }

    private String mismatch(Operand x, Operand y, Expr e, Expr lhs, Expr rhs, Operator op) {
        String what = e != null ? text(e) : text(lhs) + " " + op.text + "= " + (rhs == null ? "1" : text(rhs));
        return "invalid operation: " + what + " (mismatched types " + name(x.type) + " and " + name(y.type) + ")";
    }

    private static boolean defined(Operand x, Operator op) {
        return switch (op) {
            case ADD -> Predicates.allNumericOrString(x.type);
            case SUB, MUL, DIV -> Predicates.allNumeric(x.type);
            case REM, AND, OR, XOR, AND_NOT -> Predicates.allInteger(x.type);
            default -> Predicates.allBoolean(x.type);
        };
    }

    /** Converts untyped operands to each other's types. Reports TRUNCATED and OVERFLOW, but leaves MISMATCH to the caller. */
    private int match(Operand x, Operand y) {
        boolean ux = x.isUntyped();
        boolean uy = y.isUntyped();
        if (!ux && !uy) {
            return Untyped.OK;
        }
        if (!mayConvert(x, y)) {
            return Untyped.MISMATCH;
        }
        int r = one(x, y.type);
        return r != Untyped.OK ? r : one(y, x.type);
    }

    private int one(Operand x, Type target) {
        Type t = c.untyped.implicit(x, target);
        if (t == null) {
            int why = c.untyped.why;
            if (why != Untyped.MISMATCH) {
                c.untyped.convert(x, target);
            }
            return why;
        }
        if (t != x.type) {
            c.untyped.apply(x, t);
        }
        return Untyped.OK;
    }

    private static boolean mayConvert(Operand x, Operand y) {
        if (Predicates.isInterface(x.type) || Predicates.isInterface(y.type)) {
            return true;
        }
        if (Predicates.allBoolean(x.type) != Predicates.allBoolean(y.type)) {
            return false;
        }
        if (Predicates.allString(x.type) != Predicates.allString(y.type)) {
            return false;
        }
        if (x.isNil()) {
            return Predicates.hasNil(y.type);
        }
        if (y.isNil()) {
            return Predicates.hasNil(x.type);
        }
        return !(x.type.underlying() instanceof Pointer) && !(y.type.underlying() instanceof Pointer);
    }

    // ---- comparison ----

    void comparison(Operand x, Operand y, Operator op) {
        compare(x, y, op, false, false);
    }

    /** Brings two operands to one type; false if their types don't match. Other errors are reported, and make x invalid. */
    boolean matchQuietly(Operand x, Operand y) {
        int m = match(x, y);
        if (m == Untyped.TRUNCATED || m == Untyped.OVERFLOW) {
            x.invalid();
        }
        return m != Untyped.MISMATCH;
    }

    /** For switch cases: brings case value and tag together; v is invalid after an error. */
    void matchTypes(Operand v, Operand tag) {
        int m = match(v, tag);
        if (m == Untyped.MISMATCH && v.isUntyped() && !v.isNil()) {
            error(v, "cannot convert " + describe(v) + " to type " + name(tag.type));
        } else if (m == Untyped.MISMATCH) {
            error(v, "invalid case " + text(v.expr) + " in switch on " + (tag.expr == null ? "true" : text(tag.expr)) + " (mismatched types "
                    + name(v.type) + " and " + name(tag.type) + ")");
        }
        if (m != Untyped.OK) {
            v.invalid();
        }
    }

    /** A switch case v against its tag. @param noTag the switch has none: tag is true */
    void caseComparison(Operand v, Operand tag, boolean noTag) {
        compare(v, tag, Operator.EQL, true, noTag);
    }

    private void compare(Operand x, Operand y, Operator op, boolean switchCase, boolean noTag) {
        Operand at = x;
        String cause = "";
        boolean ok = true;
        Cause why = c.cause();
        if (!c.assignments.assignableTo(x, y.type, null) && !c.assignments.assignableTo(y, x.type, null)) {
            at = y;
            cause = "mismatched types " + name(x.type) + " and " + name(y.type);
            ok = false;
        } else if (op == Operator.EQL || op == Operator.NEQ) {
            if (x.isNil() || y.isNil()) {
                Type t = x.isNil() ? y.type : x.type;
                if (x.isNil() && y.isNil() && Predicates.isUntyped(t) || !Predicates.hasNil(t)) {
                    at = y;
                    ok = false;
                }
            } else if (!Predicates.comparable(x.type, true, why)) {
                cause = incomparable(x.type, why);
                ok = false;
            } else if (!Predicates.comparable(y.type, true, why)) {
                at = y;
                cause = incomparable(y.type, why);
                ok = false;
            }
        } else if (!Predicates.allOrdered(x.type)) {
            ok = false;
        } else if (!Predicates.allOrdered(y.type)) {
            at = y;
            ok = false;
        }
        if (!ok) {
            comparisonError(x, y, op, at, cause, switchCase, noTag);
            x.invalid();
            return;
        }
        if (x.isConstant() && y.isConstant() && x.value != null && y.value != null) {
            x.value = Constant.of(Constant.compare(op, x.value, y.value));
        } else {
            x.mode = Mode.VALUE;
            x.value = null;
            // Operands that are untyped still are so in the end: they get their default types.
            finishDefault(x);
            finishDefault(y);
        }
        x.type = Universe.UNTYPED_BOOL;
    }

    private void finishDefault(Operand x) {
        if (x.expr != null && x.isUntyped() && !x.isNil()) {
            c.untyped.finish(x.expr, Predicates.defaultType(x.type), null);
        }
    }

    private String incomparable(Type t, Cause why) {
        return switch (t.underlying().kind()) {
            case SLICE, SIGNATURE, MAP -> Operand.kindText(t) + " can only be compared to nil";
            default -> why.text;
        };
    }

    private void comparisonError(Operand x, Operand y, Operator op, Operand at, String cause, boolean switchCase, boolean noTag) {
        if (cause.isEmpty()) {
            if (Predicates.isTypeParam(x.type) || Predicates.isTypeParam(y.type)) {
                Operand p = Predicates.isTypeParam(x.type) ? x : y;
                cause = "type parameter " + name(p.type) + " cannot use operator " + op.text;
            } else {
                String kind = Operand.kindText(at.type);
                cause = "operator " + op.text + " not defined on " + (kind.isEmpty() ? name(at.type) : kind);
            }
        }
        if (switchCase) {
            String on = noTag ? "true" : text(y.expr);
            error(x.expr, "invalid case " + text(x.expr) + " in switch on " + on + " (" + cause + ")");
            return;
        }
        error(at, "invalid operation: " + text(x.expr) + " " + op.text + " " + text(y.expr) + " (" + cause + ")");
    }
}
