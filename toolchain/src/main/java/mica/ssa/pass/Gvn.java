// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Value numbering over the dominator tree: a pure value that a dominating one computes already becomes its copy, and a check that
 * a dominating equal one has passed goes away. Constants and addresses of symbols and slots count as equal operands without being
 * merged themselves, so that no registers are held for them.
 *
 * <p>Loads take part within extended blocks (a block and those that follow it alone): {@link Memory} knows what lies where.
 */
final class Gvn {
    private final Func f;
    private final Cfg cfg;
    /** Chained hash table with an undo stack. */
    private Value[] heads = new Value[256];
    private final Value[] next;
    private final int[] hashes;
    private Value[] undo = new Value[256];
    private int undoCount;

    private Gvn(Func f) {
        this.f = f;
        this.cfg = new Cfg(f);
        int n = 256;
        while (n < f.valueCount() / 2) {
            n *= 2;
        }
        heads = new Value[n];
        next = new Value[f.valueCount()];
        hashes = new int[f.valueCount()];
    }

    static void run(Func f, PassContext c) {
        new Gvn(f).run();
        DeadCode.run(f, c);
    }

    private void run() {
        int[] marks = new int[cfg.order.length + 1];
        Memory[] memory = new Memory[cfg.order.length + 1];
        Aliases aliases = new Aliases(f);
        DomWalk walk = new DomWalk(cfg);
        walk.run(b -> {
            int d = walk.depth();
            marks[d] = undoCount;
            boolean extends_ = b.predCount == 1 && d > 0 && b.preds[0] == cfg.idom[b.id];
            memory[d] = extends_ ? memory[d - 1].copy() : new Memory(aliases);
            enter(b, memory[d]);
        }, b -> {
            while (undoCount > marks[walk.depth()]) {
                Value v = undo[--undoCount];
                heads[hashes[v.id] & heads.length - 1] = next[v.id];
            }
        });
    }

    private void enter(Block b, Memory m) {
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            for (int k = 0; k < v.argCount; k++) {
                v.args[k] = DeadCode.resolve(v.args[k]);
            }
            if (v.op == Op.LOAD) {
                Value known = m.load(v);
                if (known != null) {
                    v.copyOf(known);
                }
                continue;
            }
            if (v.op.isCheck()) {
                if (find(v) != null) {
                    b.removeAt(i--);
                } else {
                    enterTable(v);
                }
                continue;
            }
            if (!v.op.isPure()) {
                m.effect(v);
                continue;
            }
            if (mergeable(v)) {
                if (v.op.commutes() && v.args[0].id > v.args[1].id && !v.args[1].isConst()) {
                    Value t = v.args[0];
                    v.args[0] = v.args[1];
                    v.args[1] = t;
                }
                Value same = find(v);
                if (same != null) {
                    v.copyOf(same);
                } else {
                    enterTable(v);
                }
            }
        }
        if (b.control != null) {
            b.control = DeadCode.resolve(b.control);
        }
    }

    private static boolean mergeable(Value v) {
        return switch (v.op) {
            case PHI, COPY, CONST, ADDR, LOCAL_ADDR, ARG, ARG_ADDR, CLOSURE_CONTEXT, GETG, CALLER_PC, CALLER_SP -> false;
            default -> true;
        };
    }

    private static boolean leaf(Value v) {
        return v.op == Op.CONST || v.op == Op.ADDR || v.op == Op.LOCAL_ADDR;
    }

    /** The same value, or equal leaves. */
    static boolean equal(Value a, Value b) {
        return a == b || leaf(a) && a.op == b.op && a.type == b.type && a.auxInt == b.auxInt && a.aux == b.aux;
    }

    private static int hash(Value v) {
        int h = v.op.ordinal() * 31 + v.type.ordinal();
        h = h * 31 + Long.hashCode(v.auxInt);
        for (int i = 0; i < v.argCount; i++) {
            Value a = v.args[i];
            h = h * 31 + (leaf(a) ? a.op.ordinal() * 7919 + Long.hashCode(a.auxInt) : a.id);
        }
        return h ^ h >>> 15;
    }

    private Value find(Value v) {
        int h = hash(v);
        hashes[v.id] = h;
        for (Value c = heads[h & heads.length - 1]; c != null; c = next[c.id]) {
            if (hashes[c.id] == h && same(c, v)) {
                return c;
            }
        }
        return null;
    }

    private static boolean same(Value a, Value b) {
        if (a.op != b.op || a.type != b.type || a.auxInt != b.auxInt || a.argCount != b.argCount || a.aux != b.aux) {
            return false;
        }
        for (int i = 0; i < a.argCount; i++) {
            if (!equal(a.args[i], b.args[i])) {
                return false;
            }
        }
        return true;
    }

    private void enterTable(Value v) {
        int at = hashes[v.id] & heads.length - 1;
        next[v.id] = heads[at];
        heads[at] = v;
        if (undoCount == undo.length) {
            undo = Arrays.copyOf(undo, undoCount * 2);
        }
        undo[undoCount++] = v;
    }

}
