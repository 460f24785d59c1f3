// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Value;

/**
 * Order, dominators and loops of a function's blocks, computed once by a pass that needs them. The recover block counts as a
 * second root: a virtual root above both makes their dominators meet nowhere.
 *
 * <p>Dominators after Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm". Loops are natural loops: a header and all
 * blocks that reach a back edge to it without passing it. Edges into the middle of a cycle make no loop; {@link #irreducible} says so.
 */
public final class Cfg {
    public final Func func;
    /** Reached blocks in reverse postorder. */
    public final Block[] order;
    /** Position of a block in {@link #order}, by block id; -1 = not reached. */
    public final int[] number;
    /** Immediate dominator by block id; null for roots. */
    public final Block[] idom;
    public boolean irreducible;

    /** Header of the innermost loop that contains the block, by block id; null outside loops. A header is in its own loop. */
    private Block[] loop;
    /** Header of the loop around a loop, by the header's id. */
    private Block[] outer;
    private int[] depth;
    /** Enter and leave numbers of a walk over the dominator tree. */
    private int[] enter;
    private int[] leave;

    public Cfg(Func f) {
        this.func = f;
        number = new int[f.blockCount()];
        Arrays.fill(number, -1);
        order = computeOrder();
        idom = new Block[f.blockCount()];
        computeDominators();
    }

    private Block[] computeOrder() {
        Block[] post = new Block[func.blocks.size() + 1];
        int n = 0;
        Block[] stack = new Block[func.blocks.size() + 2];
        int[] next = new int[func.blockCount()];
        boolean[] seen = new boolean[func.blockCount()];
        // The recover block is walked first so that the entry comes first in the reverse.
        Block[] roots = func.recover == null ? new Block[] {func.entry} : new Block[] {func.recover, func.entry};
        for (Block root : roots) {
            if (seen[root.id]) {
                continue;
            }
            int top = 0;
            stack[top++] = root;
            seen[root.id] = true;
            while (top > 0) {
                Block b = stack[top - 1];
                // Last successors first: then the first one follows its block directly in the reverse.
                int k = b.succCount - 1 - next[b.id]++;
                if (k < 0) {
                    post[n++] = b;
                    top--;
                } else if (!seen[b.succs[k].id]) {
                    seen[b.succs[k].id] = true;
                    stack[top++] = b.succs[k];
                }
            }
        }
        Block[] rpo = new Block[n];
        for (int i = 0; i < n; i++) {
            rpo[i] = post[n - 1 - i];
            number[rpo[i].id] = i;
        }
        return rpo;
    }

    private boolean isRoot(Block b) {
        return b == func.entry || b == func.recover;
    }

    private void computeDominators() {
        // Numbers as in order; -1 = not known yet, -2 = the virtual root.
        int n = order.length;
        int[] dom = new int[n];
        Arrays.fill(dom, -1);
        for (int i = 0; i < n; i++) {
            if (isRoot(order[i])) {
                dom[i] = -2;
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < n; i++) {
                Block b = order[i];
                if (isRoot(b)) {
                    continue;
                }
                int d = -1;
                for (int p = 0; p < b.predCount; p++) {
                    int k = number[b.preds[p].id];
                    if (k < 0 || dom[k] == -1) {
                        continue;
                    }
                    d = d == -1 ? k : meet(dom, d, k);
                }
                if (d != dom[i]) {
                    dom[i] = d;
                    changed = true;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            idom[order[i].id] = dom[i] < 0 ? null : order[dom[i]];
        }
    }

    private static int meet(int[] dom, int a, int b) {
        while (a != b) {
            if (a == -2 || b == -2) {
                return -2;
            }
            if (a > b) {
                a = dom[a];
            } else {
                b = dom[b];
            }
        }
        return a;
    }

    public boolean reached(Block b) {
        return number[b.id] >= 0;
    }

    /** a is b, or every way to b passes a. */
    public boolean dominates(Block a, Block b) {
        if (enter == null) {
            numberTree();
        }
        return enter[a.id] <= enter[b.id] && leave[b.id] <= leave[a.id];
    }

    private void numberTree() {
        int max = func.blockCount();
        enter = new int[max];
        leave = new int[max];
        int[] first = new int[max];
        int[] sibling = new int[max];
        Arrays.fill(first, -1);
        Arrays.fill(sibling, -1);
        for (int i = order.length - 1; i >= 0; i--) {
            Block d = idom[order[i].id];
            if (d != null) {
                sibling[order[i].id] = first[d.id];
                first[d.id] = order[i].id;
            }
        }
        int clock = 1;
        int[] stack = new int[order.length + 1];
        for (Block root : order) {
            if (idom[root.id] != null) {
                continue;
            }
            int top = 0;
            stack[top++] = root.id;
            enter[root.id] = clock++;
            while (top > 0) {
                int b = stack[top - 1];
                int c = first[b];
                if (c >= 0) {
                    first[b] = sibling[c];
                    enter[c] = clock++;
                    stack[top++] = c;
                } else {
                    leave[b] = clock++;
                    top--;
                }
            }
        }
    }

    /** Whether a's definition is seen at b's place (both in reached blocks; in one block the earlier one comes first). */
    public boolean dominates(Value a, Value b) {
        if (a.block != b.block) {
            return dominates(a.block, b.block);
        }
        for (int i = 0; i < a.block.count; i++) {
            if (a.block.values[i] == a) {
                return true;
            }
            if (a.block.values[i] == b) {
                return false;
            }
        }
        return false;
    }

    // Loops.

    private void computeLoops() {
        int max = func.blockCount();
        loop = new Block[max];
        outer = new Block[max];
        depth = new int[max];
        Block[] stack = new Block[order.length + 1];
        // Inner headers come later in the order: outer loops must not take blocks that an inner one has.
        for (int i = order.length - 1; i >= 0; i--) {
            Block h = order[i];
            int top = 0;
            boolean header = false;
            for (int p = 0; p < h.predCount; p++) {
                Block t = h.preds[p];
                if (number[t.id] < 0 || number[t.id] < i) {
                    continue;
                }
                if (!dominates(h, t)) {
                    irreducible = true;
                    continue;
                }
                header = true;
                top = enterLoop(t, h, stack, top);
            }
            if (header) {
                while (top > 0) {
                    Block b = stack[--top];
                    for (int p = 0; p < b.predCount; p++) {
                        if (number[b.preds[p].id] >= 0) {
                            top = enterLoop(b.preds[p], h, stack, top);
                        }
                    }
                }
                outer[h.id] = null;
                if (loop[h.id] == null) {
                    loop[h.id] = h;
                }
            }
        }
        for (Block b : order) {
            Block h = loop[b.id];
            int d = 0;
            for (; h != null; h = outer[h.id]) {
                d++;
            }
            depth[b.id] = d;
        }
    }

    /** Puts the block, or the outermost loop that it is known to be in, into the loop of header h. */
    private int enterLoop(Block b, Block h, Block[] stack, int top) {
        if (b == h || !dominates(h, b)) {
            return top;
        }
        if (loop[b.id] == null) {
            loop[b.id] = h;
            stack[top++] = b;
            return top;
        }
        Block l = loop[b.id];
        while (outer[l.id] != null && outer[l.id] != h && l != h) {
            l = outer[l.id];
        }
        if (l == h || outer[l.id] == h) {
            return top;
        }
        outer[l.id] = h;
        stack[top++] = l;
        return top;
    }

    /** Header of the innermost loop around b, or null. */
    public Block loopOf(Block b) {
        if (loop == null) {
            computeLoops();
        }
        return loop[b.id];
    }

    /** Header of the loop around the loop of header h, or null. */
    public Block outerLoop(Block h) {
        if (loop == null) {
            computeLoops();
        }
        return outer[h.id];
    }

    public int loopDepth(Block b) {
        if (loop == null) {
            computeLoops();
        }
        return depth[b.id];
    }

    /** b is in the loop of header h (loops inside included). */
    public boolean inLoop(Block b, Block h) {
        for (Block l = loopOf(b); l != null; l = outer[l.id]) {
            if (l == h) {
                return true;
            }
        }
        return false;
    }
}
