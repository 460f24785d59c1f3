// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Rules that gather offsets: into one OFF_PTR, into addresses, into loads and stores. */
final class FoldPointer {
    private final Fold r;

    FoldPointer(Fold r) {
        this.r = r;
    }

    private static boolean fits(long n) {
        return n == (int) n;
    }

    boolean apply(Value v) {
        Value p = v.args[0];
        switch (v.op) {
            case OFF_PTR:
                return offset(v, p);
            case ADD_PTR:
                Value n = v.args[1];
                if (n.isConst() && r.on(Fold.Rule.OFFSETS)) {
                    long c = n.auxInt;
                    Rewriter.to(v, Op.OFF_PTR, p);
                    v.auxInt = c;
                    return true;
                }
                return false;
            default:
                if (p.op == Op.OFF_PTR && fits(v.auxInt + p.auxInt) && r.on(Fold.Rule.OFFSETS)) {
                    v.auxInt += p.auxInt;
                    v.args[0] = p.args[0];
                    return true;
                }
                return false;
        }
    }

    private boolean offset(Value v, Value p) {
        if (v.auxInt == 0 && p.type == v.type && r.on(Fold.Rule.OFFSETS)) {
            return Rewriter.toCopy(v, p);
        }
        if (p.op == Op.OFF_PTR && fits(v.auxInt + p.auxInt) && r.on(Fold.Rule.OFFSETS)) {
            v.auxInt += p.auxInt;
            v.args[0] = p.args[0];
            return true;
        }
        if ((p.op == Op.ADDR || p.op == Op.LOCAL_ADDR) && fits(v.auxInt + p.auxInt) && v.type == MType.PTR
                && r.on(Fold.Rule.ADDRESS_OFFSET)) {
            long n = v.auxInt + p.auxInt;
            Object aux = p.aux;
            Rewriter.to(v, p.op);
            v.auxInt = n;
            v.aux = aux;
            return true;
        }
        return false;
    }
}
