// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Makes the graph of blocks smaller: branches that are decided, blocks that follow each other, empty blocks, and jumps from a
 * block that already knows the next decision (jump threading).
 */
final class SimplifyCfg {
    private final Func f;
    private boolean changed;
    /** Uses of each value, counted when threading asks. */
    private int[] uses;

    private SimplifyCfg(Func f) {
        this.f = f;
    }

    static void run(Func f, PassContext c) {
        new SimplifyCfg(f).run();
    }

    private void run() {
        for (int round = 0; round < 10; round++) {
            changed = false;
            DeadCode.copies(f);
            for (Block b : f.blocks) {
                decide(b);
            }
            DeadCode.unreached(f);
            merge();
            skipEmpty();
            DeadCode.unreached(f);
            DeadCode.copies(f);
            for (Block b : f.blocks) {
                DeadCode.phisFirst(b);
                known(b);
            }
            thread();
            if (!changed) {
                break;
            }
        }
        DeadCode.run(f, null);
    }

    /** Takes the only successor that can be taken. */
    private void decide(Block b) {
        if (b.kind == Block.Kind.IF) {
            if (b.control.isConst()) {
                b.removeEdge(b.control.auxInt != 0 ? 1 : 0);
                plain(b);
            } else if (b.succs[0] == b.succs[1] && phisAgree(b)) {
                b.removeEdge(1);
                plain(b);
            }
        } else if (b.kind == Block.Kind.JUMP_TABLE && b.control.isConst() && b.control.auxInt >= 0 && b.control.auxInt < b.succCount) {
            int keep = (int) b.control.auxInt;
            for (int i = b.succCount - 1; i >= 0; i--) {
                if (i != keep) {
                    b.removeEdge(i);
                }
            }
            plain(b);
        }
    }

    private void plain(Block b) {
        b.kind = Block.Kind.PLAIN;
        b.control = null;
        b.likely = 0;
        changed = true;
    }

    private static boolean phisAgree(Block b) {
        Block s = b.succs[0];
        for (int i = 0; i < s.count && s.values[i].op == Op.PHI; i++) {
            if (s.values[i].args[b.succIndex[0]] != s.values[i].args[b.succIndex[1]]) {
                return false;
            }
        }
        return true;
    }

    /** Appends a block to its only predecessor, which goes nowhere else. */
    private void merge() {
        for (Block b : f.blocks) {
            while (b.kind == Block.Kind.PLAIN && b.succCount == 1) {
                Block s = b.succs[0];
                if (s == b || s.predCount != 1 || s == f.entry || s == f.recover) {
                    break;
                }
                for (int i = 0; i < s.count; i++) {
                    Value v = s.values[i];
                    if (v.op == Op.PHI) {
                        v.copyOf(v.args[0]);
                    }
                    b.append(v);
                }
                s.count = 0;
                takeEnd(b, s);
                changed = true;
            }
        }
        DeadCode.unreached(f);
    }

    /** b ends as s did; s is left without edges. */
    private static void takeEnd(Block b, Block s) {
        b.removeEdge(0);
        b.kind = s.kind;
        b.control = s.control;
        b.likely = s.likely;
        s.control = null;
        s.kind = Block.Kind.UNREACHABLE;
        for (int i = 0; i < s.succCount; i++) {
            Block t = s.succs[i];
            int p = s.succIndex[i];
            // The edge changes hands in place, so that phi operands stay where they are.
            if (b.succCount == b.succs.length) {
                b.succs = java.util.Arrays.copyOf(b.succs, b.succCount * 2);
                b.succIndex = java.util.Arrays.copyOf(b.succIndex, b.succCount * 2);
            }
            b.succs[b.succCount] = t;
            b.succIndex[b.succCount] = p;
            t.preds[p] = b;
            t.predIndex[p] = b.succCount++;
        }
        s.succCount = 0;
    }

    /** Predecessors of a block without contents go to its successor directly. */
    private void skipEmpty() {
        for (Block b : f.blocks) {
            if (b.kind != Block.Kind.PLAIN || b.count != 0 || b == f.entry || b == f.recover || b.succCount != 1) {
                continue;
            }
            Block s = b.succs[0];
            if (s == b) {
                continue;
            }
            boolean phis = s.count > 0 && s.values[0].op == Op.PHI;
            for (int p = b.predCount - 1; p >= 0; p--) {
                Block from = b.preds[p];
                if (from == b || phis && leadsTo(from, s)) {
                    continue;
                }
                int edge = b.predIndex[p];
                int via = b.succIndex[0];
                from.redirect(edge, s);
                for (int i = 0; i < s.count && s.values[i].op == Op.PHI; i++) {
                    s.values[i].addArg(s.values[i].args[via]);
                }
                changed = true;
            }
        }
    }

    private static boolean leadsTo(Block from, Block s) {
        for (int i = 0; i < from.succCount; i++) {
            if (from.succs[i] == s) {
                return true;
            }
        }
        return false;
    }

    /** Where a branch on a value leads to a phi of it, the phi takes the constant that the value then is. */
    private void known(Block b) {
        for (int p = 0; p < b.predCount; p++) {
            Block from = b.preds[p];
            if (from.kind != Block.Kind.IF || from.control.isConst() || from.succs[0] == from.succs[1]) {
                continue;
            }
            for (int i = 0; i < b.count && b.values[i].op == Op.PHI; i++) {
                Value phi = b.values[i];
                if (phi.args[p] == from.control) {
                    phi.args[p] = f.newValue(Op.CONST, phi.type, from, phi.pos);
                    phi.args[p].auxInt = b.predIndex[p] == 0 ? 1 : 0;
                    from.append(phi.args[p]);
                    changed = true;
                }
            }
        }
    }

    // Jump threading.

    /**
     * A block of phis that branches on one of them (or on its comparison with a constant): predecessors that bring a constant
     * go where it leads. The phis must be used nowhere but in the block and in phis of its successors.
     */
    private void thread() {
        uses = null;
        for (int n = 0; n < f.blocks.size(); n++) {
            Block b = f.blocks.get(n);
            if (b.kind != Block.Kind.IF || b.predCount < 2 || b == f.entry || b.succs[0] == b || b.succs[1] == b) {
                continue;
            }
            Value phi = decidingPhi(b);
            if (phi == null) {
                continue;
            }
            if (uses == null) {
                uses = Rewriter.countUses(f);
            }
            if (!usedHereOnly(b)) {
                continue;
            }
            for (int p = b.predCount - 1; p >= 0; p--) {
                Value a = phi.args[p];
                if (!a.isConst() || b.preds[p] == b) {
                    continue;
                }
                boolean taken = outcome(b.control, phi, a);
                Block t = b.succs[taken ? 0 : 1];
                int via = b.succIndex[taken ? 0 : 1];
                if (leadsTo(b.preds[p], t) && t.count > 0 && t.values[0].op == Op.PHI) {
                    continue;
                }
                redirect(b, p, t, via);
                changed = true;
                uses = null;
            }
            if (uses == null) {
                DeadCode.unreached(f);
                return;
            }
        }
    }

    private static Value decidingPhi(Block b) {
        Value c = b.control;
        Value phi = null;
        if (c.op == Op.PHI && c.block == b) {
            phi = c;
        } else if (FoldCompare.isCompare(c.op) && c.block == b && c.args[1].isConst() && c.args[0].op == Op.PHI && c.args[0].block == b) {
            phi = c.args[0];
        }
        if (phi == null) {
            return null;
        }
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op != Op.PHI && v != c && !v.isConst()) {
                return null;
            }
        }
        return phi;
    }

    private static boolean outcome(Value control, Value phi, Value constant) {
        return control == phi ? constant.auxInt != 0
                : FoldCompare.holds(control.op, phi.type, constant.auxInt, control.args[1].auxInt);
    }

    private boolean usedHereOnly(Block b) {
        int[] here = new int[b.count];
        for (int i = 0; i < b.count; i++) {
            b.values[i].mark = i;
        }
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            for (int k = 0; k < v.argCount; k++) {
                // A phi that takes another phi of the block from a back edge is no use at the end of the block.
                if (v.op != Op.PHI && v.args[k].block == b) {
                    here[v.args[k].mark]++;
                }
            }
        }
        if (b.control.block == b) {
            here[b.control.mark]++;
        }
        for (int s = 0; s < b.succCount; s++) {
            Block t = b.succs[s];
            for (int i = 0; i < t.count && t.values[i].op == Op.PHI; i++) {
                Value a = t.values[i].args[b.succIndex[s]];
                if (a.block == b) {
                    here[a.mark]++;
                }
            }
        }
        for (int i = 0; i < b.count; i++) {
            if (here[i] != uses[b.values[i].id]) {
                return false;
            }
        }
        return true;
    }

    private static void redirect(Block b, int p, Block t, int via) {
        int phis = 0;
        while (phis < t.count && t.values[phis].op == Op.PHI) {
            phis++;
        }
        Value[] bring = new Value[phis];
        for (int i = 0; i < phis; i++) {
            Value a = t.values[i].args[via];
            bring[i] = a.block == b && a.op == Op.PHI ? a.args[p] : a;
            if (a.block == b && a.op != Op.PHI) {
                // A constant of the block, or the comparison itself: known on this way.
                bring[i] = constantFor(b, p, a);
            }
        }
        b.preds[p].redirect(b.predIndex[p], t);
        for (int i = 0; i < phis; i++) {
            t.values[i].addArg(bring[i]);
        }
    }

    private static Value constantFor(Block b, int p, Value a) {
        Block from = b.preds[p];
        Value c = b.func.newValue(Op.CONST, a.type, from, a.pos);
        c.auxInt = a.isConst() ? a.auxInt : outcome(a, a.args[0], a.args[0].args[p]) ? 1 : 0;
        from.append(c);
        return c;
    }
}
