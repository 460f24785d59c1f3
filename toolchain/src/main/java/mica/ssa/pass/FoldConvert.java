// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Rules for conversions between integers. */
final class FoldConvert {
    private final Fold r;

    FoldConvert(Fold r) {
        this.r = r;
    }

    boolean apply(Value v) {
        Value x = v.args[0];
        if (x.isConst() && r.on(Fold.Rule.CONSTANTS)) {
            return switch (v.op) {
                case ZEXT -> Rewriter.toConst(v, Ints.unsigned(x.type, x.auxInt));
                case SEXT, TRUNC, PTR_TO_INT -> Rewriter.toConst(v, x.auxInt);
                default -> false;
            };
        }
        if (x.type == v.type && v.type.isInt() && r.on(Fold.Rule.CONVERT_TWICE)) {
            return Rewriter.toCopy(v, x);
        }
        return r.on(Fold.Rule.CONVERT_TWICE) && twice(v, x);
    }

    private boolean twice(Value v, Value x) {
        switch (v.op) {
            case ZEXT:
                return x.op == Op.ZEXT && Rewriter.to(v, Op.ZEXT, x.args[0]);
            case SEXT:
                // After a zero extension to more bits the sign is 0.
                return x.op == Op.SEXT && Rewriter.to(v, Op.SEXT, x.args[0]) || x.op == Op.ZEXT && Rewriter.to(v, Op.ZEXT, x.args[0]);
            case TRUNC:
                return trunc(v, x);
            case PTR_TO_INT:
                return x.op == Op.INT_TO_PTR && x.args[0].type == v.type && Rewriter.toCopy(v, x.args[0]);
            case INT_TO_PTR:
                // before, escape analysis must see what was a number, and what only hides the pointer from it
                return v.block.func.allocated && x.op == Op.PTR_TO_INT && Rewriter.toCopy(v, x.args[0]);
            default:
                return false;
        }
    }

    private boolean trunc(Value v, Value x) {
        if (x.op == Op.TRUNC) {
            return Rewriter.to(v, Op.TRUNC, x.args[0]);
        }
        if (x.op == Op.ZEXT || x.op == Op.SEXT) {
            MType from = x.args[0].type;
            if (from == v.type) {
                return Rewriter.toCopy(v, x.args[0]);
            }
            return Rewriter.to(v, from.size > v.type.size ? Op.TRUNC : x.op, x.args[0]);
        }
        if (x.op == Op.AND && x.args[1].isConst() && (Ints.mask(v.type) & ~x.args[1].auxInt) == 0 && r.on(Fold.Rule.TRUNC_OF_MASK)) {
            return Rewriter.to(v, Op.TRUNC, x.args[0]);
        }
        return false;
    }
}
