// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/** Removes blocks that are not reached, copies, and values that nothing needs. */
final class DeadCode {
    private DeadCode() {}

    static void run(Func f, PassContext c) {
        unreached(f);
        copies(f);
        values(f);
    }

    static void unreached(Func f) {
        boolean[] live = new boolean[f.blockCount()];
        Block[] stack = new Block[f.blocks.size() + 2];
        int n = 0;
        stack[n++] = f.entry;
        live[f.entry.id] = true;
        if (f.recover != null) {
            stack[n++] = f.recover;
            live[f.recover.id] = true;
        }
        while (n > 0) {
            Block b = stack[--n];
            for (int i = 0; i < b.succCount; i++) {
                if (!live[b.succs[i].id]) {
                    live[b.succs[i].id] = true;
                    stack[n++] = b.succs[i];
                }
            }
        }
        boolean all = true;
        for (Block b : f.blocks) {
            if (!live[b.id]) {
                all = false;
                while (b.succCount > 0) {
                    b.removeEdge(b.succCount - 1);
                }
            }
        }
        if (!all) {
            f.blocks.removeIf(b -> !live[b.id]);
        }
    }

    /** What v stands for. */
    static Value resolve(Value v) {
        while (v.op == Op.COPY) {
            v = v.args[0];
        }
        return v;
    }

    /** Uses what copies copy; phis whose operands are all one value become copies first. */
    static void copies(Func f) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block b : f.blocks) {
                for (int i = 0; i < b.count && (b.values[i].op == Op.PHI || b.values[i].op == Op.COPY); i++) {
                    changed |= b.values[i].op == Op.PHI && onlyOne(b.values[i]);
                }
            }
        }
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    if (v.args[k].op == Op.COPY) {
                        v.args[k] = resolve(v.args[k]);
                    }
                }
            }
            if (b.control != null) {
                b.control = resolve(b.control);
            }
        }
    }

    private static boolean onlyOne(Value phi) {
        Value same = null;
        for (int i = 0; i < phi.argCount; i++) {
            Value a = resolve(phi.args[i]);
            if (a == phi || a == same) {
                continue;
            }
            if (same != null) {
                return false;
            }
            same = a;
        }
        if (same == null) {
            return false;
        }
        phi.copyOf(same);
        return true;
    }

    private static void values(Func f) {
        boolean[] live = new boolean[f.valueCount()];
        Value[] stack = new Value[f.valueCount() + 1];
        int n = 0;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op.hasEffect() && !live[v.id]) {
                    live[v.id] = true;
                    stack[n++] = v;
                }
            }
            if (b.control != null && !live[b.control.id]) {
                live[b.control.id] = true;
                stack[n++] = b.control;
            }
        }
        while (n > 0) {
            Value v = stack[--n];
            for (int k = 0; k < v.argCount; k++) {
                Value a = v.args[k];
                if (!live[a.id]) {
                    live[a.id] = true;
                    stack[n++] = a;
                }
            }
        }
        for (Block b : f.blocks) {
            int k = 0;
            for (int i = 0; i < b.count; i++) {
                if (live[b.values[i].id]) {
                    b.values[k++] = b.values[i];
                }
            }
            Arrays.fill(b.values, k, b.count, null);
            b.count = k;
            phisFirst(b);
        }
    }

    /** Phis that became other values stand among the phis still: the others go first. */
    static void phisFirst(Block b) {
        int at = 0;
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op == Op.PHI) {
                if (i != at) {
                    System.arraycopy(b.values, at, b.values, at + 1, i - at);
                    b.values[at] = v;
                }
                at++;
            }
        }
    }
}
