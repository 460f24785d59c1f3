// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Rules for integer comparisons, negation of booleans, and SELECT. */
final class FoldCompare {
    private final Fold r;

    FoldCompare(Fold r) {
        this.r = r;
    }

    boolean apply(Value v) {
        return switch (v.op) {
            case BOOL_NOT -> not(v);
            case SELECT -> select(v);
            default -> compare(v);
        };
    }

    static boolean isCompare(Op op) {
        return switch (op) {
            case EQ, NE, LT, LE, ULT, ULE -> true;
            default -> false;
        };
    }

    /** The value is 0 or 1. */
    static boolean isBool(Value v) {
        return switch (v.op) {
            case EQ, NE, LT, LE, ULT, ULE, FEQ, FNE, FLT, FLE, BOOL_NOT -> true;
            default -> v.isConst(0) || v.isConst(1);
        };
    }

    /** Outcome of a comparison of constants. */
    static boolean holds(Op op, MType t, long x, long y) {
        long ux = Ints.unsigned(t, x);
        long uy = Ints.unsigned(t, y);
        return switch (op) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
            case ULT -> Long.compareUnsigned(ux, uy) < 0;
            default -> Long.compareUnsigned(ux, uy) <= 0;
        };
    }

    private boolean compare(Value v) {
        Value x = v.args[0];
        Value y = v.args[1];
        MType t = x.type;
        if (x.isConst() && y.isConst() && r.on(Fold.Rule.CONSTANTS)) {
            return Rewriter.toConst(v, holds(v.op, t, x.auxInt, y.auxInt) ? 1 : 0);
        }
        if (x == y && r.on(Fold.Rule.COMPARE_SELF)) {
            return Rewriter.toConst(v, v.op == Op.EQ || v.op == Op.LE || v.op == Op.ULE ? 1 : 0);
        }
        boolean equality = v.op == Op.EQ || v.op == Op.NE;
        if (equality && x.isConst() && r.on(Fold.Rule.CONSTANT_RIGHT)) {
            v.args[0] = y;
            v.args[1] = x;
            return true;
        }
        if (equality) {
            return equality(v, x, y, t);
        }
        if (v.op == Op.ULT && y.isConst(0) || v.op == Op.ULT && x.isConst(-1)) {
            return r.on(Fold.Rule.COMPARE_UNSIGNED) && Rewriter.toConst(v, 0);
        }
        if (v.op == Op.ULE && x.isConst(0)) {
            return r.on(Fold.Rule.COMPARE_UNSIGNED) && Rewriter.toConst(v, 1);
        }
        if ((v.op == Op.ULT && y.isConst(1) || v.op == Op.ULE && y.isConst(0)) && t.isInt() && r.on(Fold.Rule.COMPARE_UNSIGNED)) {
            return Rewriter.to(v, Op.EQ, x, r.constant(v, t, 0));
        }
        if (v.op == Op.ULT && x.isConst(0) && r.on(Fold.Rule.COMPARE_UNSIGNED)) {
            return Rewriter.to(v, Op.NE, y, x);
        }
        return false;
    }

    private boolean equality(Value v, Value x, Value y, MType t) {
        if (t == MType.PTR) {
            if (y.isConst(0) && NilChecks.neverNil(x) && r.on(Fold.Rule.COMPARE_SELF)) {
                return Rewriter.toConst(v, v.op == Op.NE ? 1 : 0);
            }
            return false;
        }
        if (y.isConst()) {
            if (x.op == Op.ADD && x.args[1].isConst() && r.on(Fold.Rule.COMPARE_ADD)) {
                return Rewriter.to(v, v.op, x.args[0], r.constant(v, t, Ints.wrap(t, y.auxInt - x.args[1].auxInt)));
            }
            if (y.auxInt == 0 && x.op == Op.SUB && r.on(Fold.Rule.COMPARE_SUB)) {
                return Rewriter.to(v, v.op, x.args[0], x.args[1]);
            }
            if (t == MType.I8 && isBool(x) && (y.auxInt == 0 || y.auxInt == 1) && r.on(Fold.Rule.COMPARE_BOOL)) {
                boolean same = (v.op == Op.EQ) == (y.auxInt == 1);
                return same ? Rewriter.toCopy(v, x) : Rewriter.to(v, Op.BOOL_NOT, x);
            }
            if ((x.op == Op.ZEXT || x.op == Op.SEXT) && r.on(Fold.Rule.COMPARE_EXTENDED)) {
                MType from = x.args[0].type;
                long back = x.op == Op.ZEXT ? Ints.unsigned(from, y.auxInt) : Ints.wrap(from, y.auxInt);
                if (Ints.wrap(t, back) != y.auxInt) {
                    return Rewriter.toConst(v, v.op == Op.NE ? 1 : 0);
                }
                return Rewriter.to(v, v.op, x.args[0], r.constant(v, from, Ints.wrap(from, y.auxInt)));
            }
        } else if (x.op == y.op && (x.op == Op.ZEXT || x.op == Op.SEXT) && x.args[0].type == y.args[0].type
                && r.on(Fold.Rule.COMPARE_EXTENDED)) {
            return Rewriter.to(v, v.op, x.args[0], y.args[0]);
        }
        return false;
    }

    private boolean not(Value v) {
        Value x = v.args[0];
        if (x.isConst() && r.on(Fold.Rule.CONSTANTS)) {
            return Rewriter.toConst(v, x.auxInt == 0 ? 1 : 0);
        }
        if (x.op == Op.BOOL_NOT && isBool(x.args[0]) && r.on(Fold.Rule.NEGATE_TWICE)) {
            return Rewriter.toCopy(v, x.args[0]);
        }
        if (r.on(Fold.Rule.NOT_OF_COMPARE)) {
            switch (x.op) {
                case EQ:
                    return Rewriter.to(v, Op.NE, x.args[0], x.args[1]);
                case NE:
                    return Rewriter.to(v, Op.EQ, x.args[0], x.args[1]);
                case LT:
                    return Rewriter.to(v, Op.LE, x.args[1], x.args[0]);
                case LE:
                    return Rewriter.to(v, Op.LT, x.args[1], x.args[0]);
                case ULT:
                    return Rewriter.to(v, Op.ULE, x.args[1], x.args[0]);
                case ULE:
                    return Rewriter.to(v, Op.ULT, x.args[1], x.args[0]);
                case FEQ:
                    return Rewriter.to(v, Op.FNE, x.args[0], x.args[1]);
                case FNE:
                    return Rewriter.to(v, Op.FEQ, x.args[0], x.args[1]);
                default:
            }
        }
        return false;
    }

    private boolean select(Value v) {
        Value c = v.args[0];
        Value x = v.args[1];
        Value y = v.args[2];
        if (x == y && r.on(Fold.Rule.SELECT_KNOWN)) {
            return Rewriter.toCopy(v, x);
        }
        if (c.isConst() && r.on(Fold.Rule.SELECT_KNOWN)) {
            return Rewriter.toCopy(v, c.auxInt != 0 ? x : y);
        }
        if (c.op == Op.BOOL_NOT && r.on(Fold.Rule.SELECT_NOT)) {
            return Rewriter.to(v, Op.SELECT, c.args[0], y, x);
        }
        if (v.type == MType.I8 && isBool(c) && r.on(Fold.Rule.SELECT_BOOL)) {
            if (x.isConst(1) && y.isConst(0)) {
                return Rewriter.toCopy(v, c);
            }
            if (x.isConst(0) && y.isConst(1)) {
                return Rewriter.to(v, Op.BOOL_NOT, c);
            }
        }
        return false;
    }
}
