// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Turns small branches into SELECT: where a block chooses between two ways that meet again at once and only compute a few cheap
 * values.
 *
 * <pre>
 *     b: IF c -> t e         b: ... values of t and e ...
 *     t: GOTO j        =>       x = SELECT c t e
 *     e: GOTO j                 GOTO j
 * </pre>
 * Either t or e may be missing (b goes to j itself).
 */
final class IfConvert {
    private static final int MAX_PHIS = 2;
    private static final int MAX_VALUES = 2;

    private IfConvert() {}

    static void run(Func f, PassContext c) {
        Cfg cfg = new Cfg(f);
        boolean changed = false;
        for (int i = cfg.order.length - 1; i >= 0; i--) {
            changed |= convert(f, cfg, cfg.order[i]);
        }
        if (changed) {
            SimplifyCfg.run(f, c);
        }
    }

    private static boolean convert(Func f, Cfg cfg, Block b) {
        if (b.kind != Block.Kind.IF || b.likely != 0) {
            return false;
        }
        Block t = b.succs[0];
        Block e = b.succs[1];
        Block j = arm(b, t) ? t.succs[0] : arm(b, e) ? e.succs[0] : null;
        if (j == null || j == b) {
            return false;
        }
        int viaT = t == j ? b.succIndex[0] : arm(b, t) && t.succs[0] == j ? t.succIndex[0] : -1;
        int viaE = e == j ? b.succIndex[1] : arm(b, e) && e.succs[0] == j ? e.succIndex[0] : -1;
        if (viaT < 0 || viaE < 0 || t == e || cfg.reached(j) && cfg.number[j.id] <= cfg.number[b.id]) {
            return false;
        }
        int phis = 0;
        for (int i = 0; i < j.count && j.values[i].op == Op.PHI; i++) {
            Value p = j.values[i];
            if (p.args[viaT] == p.args[viaE]) {
                continue;
            }
            if (p.type.isFloat() || ++phis > MAX_PHIS) {
                return false;
            }
        }
        if (phis == 0) {
            return false;
        }
        move(t, j, b);
        move(e, j, b);
        for (int i = 0; i < j.count && j.values[i].op == Op.PHI; i++) {
            Value p = j.values[i];
            Value x = p.args[viaT];
            Value y = p.args[viaE];
            if (x != y) {
                Value s = f.newValue(Op.SELECT, p.type, b, p.pos);
                s.inline = p.inline;
                s.addArg(b.control);
                s.addArg(x);
                s.addArg(y);
                b.append(s);
                p.args[viaT] = s;
                p.args[viaE] = s;
            }
        }
        // Both ways bring the same values now: the one over e goes away.
        b.removeEdge(1);
        b.kind = Block.Kind.PLAIN;
        b.control = null;
        if (e != j) {
            e.removeEdge(0);
            e.kind = Block.Kind.UNREACHABLE;
            f.blocks.remove(e);
        }
        return true;
    }

    /** s does nothing but a few cheap things between b and the join. */
    private static boolean arm(Block b, Block s) {
        if (s.predCount != 1 || s.kind != Block.Kind.PLAIN || s.count > MAX_VALUES || s == s.func.recover) {
            return false;
        }
        for (int i = 0; i < s.count; i++) {
            if (!cheap(s.values[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean cheap(Value v) {
        return switch (v.op) {
            case CONST, ADD, SUB, AND, OR, XOR, NEG, NOT, EQ, NE, LT, LE, ULT, ULE, BOOL_NOT, TRUNC, SEXT, ZEXT, LOCAL_ADDR, ADDR ->
                !v.type.isFloat();
            case SHL, SHR, SAR -> v.args[1].isConst();
            default -> false;
        };
    }

    private static void move(Block from, Block j, Block to) {
        if (from == j) {
            return;
        }
        for (int i = 0; i < from.count; i++) {
            to.append(from.values[i]);
        }
        from.count = 0;
    }
}
