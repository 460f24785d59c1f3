// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Untyped operands: which type they take on, and the tree below them that takes it on, too. */
final class Untyped extends Part {
    /** Why an implicit conversion is not possible. */
    static final int OK = 0;
    static final int MISMATCH = 1;
    static final int TRUNCATED = 2;
    static final int OVERFLOW = 3;

    /** Reason of the last failed {@link #implicit}. */
    int why;
    /** Value that the last successful {@link #implicit} of a constant gave. */
    private Constant value;

    Untyped(Checker c) {
        super(c);
    }

    /** Converts an untyped operand to its default type; typed operands stay as they are. */
    void defaultType(Operand x) {
        if (x.ok() && x.isUntyped() && !x.isNil()) {
            convert(x, Predicates.defaultType(x.type));
        }
    }

    /** Converts an untyped operand to target; reports why it is not possible. */
    void convert(Operand x, Type target) {
        Type t = implicit(x, target);
        if (t == null) {
            report(x, target);
            x.invalid();
            return;
        }
        if (t != x.type) {
            apply(x, t);
        }
    }

    /** Gives the operand the type that {@link #implicit} found, in the tree as well. */
    void apply(Operand x, Type t) {
        if (x.isConstant()) {
            x.value = value != null ? value : x.value;
        }
        x.type = t;
        if (x.expr != null && !x.commaOk) {
            finish(x.expr, t, x.value);
        }
    }

    private void report(Operand x, Type target) {
        target = Predicates.isTypeParam(target) ? target : target.underlying();
        if (why == TRUNCATED) {
            error(x, describe(x) + " truncated to " + name(target));
        } else if (why == OVERFLOW) {
            error(x, describe(x) + " overflows " + name(target));
        } else {
            error(x, "cannot convert " + describe(x) + " to type " + name(target));
        }
    }

    /**
     * The type that an untyped operand takes on when it meets target: target itself, the default type if target is an interface,
     * the larger kind if both are untyped. Null when it cannot ({@link #why}). Typed operands keep theirs.
     */
    Type implicit(Operand x, Type target) {
        why = OK;
        value = null;
        if (!x.ok() || !x.isUntyped() || !Predicates.isValid(target)) {
            return x.type;
        }
        if (Predicates.isUntyped(target)) {
            return bothUntyped(x, target);
        }
        if (x.isNil()) {
            return Predicates.hasNil(target) ? target : fail(MISMATCH);
        }
        Type t = Alias.strip(target);
        if (t instanceof TypeParam) {
            boolean ok = TypeSets.forEach(t, (e, u) -> u != null && implicit(x, u) != null);
            if (!ok) {
                return fail(MISMATCH);
            }
            value = null;
            return target;
        }
        Type u = t.underlying();
        switch (u.kind()) {
            case BASIC -> {
                return toBasic(x, target, (Basic) u);
            }
            case INTERFACE -> {
                if (!TypeSets.of((Interface) u).isAll()) {
                    return fail(MISMATCH);
                }
                Type d = Predicates.defaultType(x.type);
                if (x.isConstant()) {
                    // Default types hold any constant of theirs but too large ones.
                    return toBasic(x, d, (Basic) d.underlying());
                }
                return d;
            }
            default -> {
                return fail(MISMATCH);
            }
        }
    }

    private Type fail(int reason) {
        why = reason;
        return null;
    }

    private Type bothUntyped(Operand x, Type target) {
        Basic a = (Basic) Alias.strip(x.type);
        Basic b = (Basic) Alias.strip(target);
        if (a == b) {
            return x.type;
        }
        if ((a.info & Basic.NUMERIC) != 0 && (b.info & Basic.NUMERIC) != 0) {
            return a.id.ordinal() < b.id.ordinal() ? target : x.type;
        }
        return fail(MISMATCH);
    }

    private Type toBasic(Operand x, Type target, Basic b) {
        if (x.isConstant()) {
            if (x.value == null) {
                return target;
            }
            Constant v = Constant.represent(x.value, b);
            if (v == null) {
                return fail(reason(x, b));
            }
            value = v;
            return target;
        }
        Basic from = (Basic) Alias.strip(x.type);
        boolean fits = switch (from.id) {
            case UNTYPED_BOOL -> (b.info & Basic.BOOLEAN) != 0;
            case UNTYPED_INT, UNTYPED_RUNE, UNTYPED_FLOAT, UNTYPED_COMPLEX -> (b.info & Basic.NUMERIC) != 0;
            case UNTYPED_STRING -> (b.info & Basic.STRING) != 0;
            case UNTYPED_NIL -> b.id == Basic.Id.UNSAFE_POINTER;
            default -> false;
        };
        return fits ? target : fail(MISMATCH);
    }

    /** Why a constant is not representable as b. */
    static int reason(Operand x, Basic b) {
        if (Predicates.isNumeric(x.type) && (b.info & Basic.NUMERIC) != 0) {
            boolean fromInt = Predicates.isInteger(x.type);
            return !fromInt && (b.info & Basic.INTEGER) != 0 ? TRUNCATED : OVERFLOW;
        }
        return MISMATCH;
    }

    /** A typed constant must be representable in its type. */
    void checkOverflow(Operand x, int opPos, String operation) {
        if (x.value == null) {
            error(opPos, "constant result is not representable");
            return;
        }
        if (!x.isUntyped()) {
            if (Alias.strip(x.type).underlying() instanceof Basic b) {
                Constant v = Constant.represent(x.value, b);
                if (v == null) {
                    error(x, describe(x) + " overflows " + name(x.type));
                    x.invalid();
                    return;
                }
                x.value = v;
            }
            return;
        }
        if (x.value.kind() == Constant.Kind.INT && x.value.bitLength() > 512) {
            error(opPos, "constant " + operation + " overflow");
            x.value = null;
            x.invalid();
        }
    }

    /** Records the final type of an untyped expression in its tree, as far down as its untyped parts go. */
    void finish(Expr e, Type t, Constant v) {
        if (!(e.type instanceof Type old) || !Predicates.isUntyped(old)) {
            return;
        }
        e.type = t;
        if (e.mode == Mode.CONSTANT) {
            if (v != null) {
                e.constant = v;
            }
            if (e.kind == Expr.Kind.PAREN) {
                finish(((Expr.Paren) e).x, t, v);
            }
            return;
        }
        switch (e.kind) {
            case PAREN -> finish(((Expr.Paren) e).x, t, v);
            case UNARY -> {
                if (((Expr.Unary) e).op != Operator.RECV) {
                    finishOperand(((Expr.Unary) e).x, t);
                }
            }
            case BINARY -> {
                Expr.Binary b = (Expr.Binary) e;
                if (b.op.isComparison()) {
                    return;
                }
                if (b.op.isShift()) {
                    if (shiftedOperand(b, t)) {
                        finishOperand(b.x, t);
                    }
                } else {
                    finishOperand(b.x, t);
                    finishOperand(b.y, t);
                }
            }
            default -> { }
        }
    }

    /** A part of a non-constant untyped expression; constants among the parts are converted. */
    private void finishOperand(Expr e, Type t) {
        if (e.type instanceof Type old && Predicates.isUntyped(old) && e.mode == Mode.CONSTANT && e.constant != null
                && Alias.strip(t).underlying() instanceof Basic b && !Predicates.isUntyped(t)) {
            Constant v = Constant.represent((Constant) e.constant, b);
            if (v == null) {
                Operand x = new Operand(Mode.CONSTANT, old, e);
                x.value = (Constant) e.constant;
                why = reason(x, b);
                report(x, t);
            }
            finish(e, t, v);
            return;
        }
        finish(e, t, null);
    }

    /** In {@code 1 << n} the 1 takes the type of the context, which must be an integer's. */
    private boolean shiftedOperand(Expr.Binary b, Type t) {
        if (Predicates.isUntyped(t) || Predicates.allInteger(t) || !Predicates.isValid(t)) {
            return true;
        }
        Expr at = b.x;
        if (at.mode != Mode.CONSTANT) {
            return true;
        }
        error(at, "invalid operation: shifted operand " + text(at) + " (type " + name(t) + ") must be integer");
        return false;
    }
}
