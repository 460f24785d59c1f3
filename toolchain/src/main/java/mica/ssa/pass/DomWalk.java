// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import java.util.function.Consumer;
import mica.ssa.Block;

/** Walks the dominator tree, children in reverse postorder, without recursion. */
final class DomWalk {
    private final Cfg cfg;
    private final int[] first;
    private final int[] sibling;
    private int depth;

    DomWalk(Cfg cfg) {
        this.cfg = cfg;
        int max = cfg.func.blockCount();
        first = new int[max];
        sibling = new int[max];
        Arrays.fill(first, -1);
        Arrays.fill(sibling, -1);
        for (int i = cfg.order.length - 1; i >= 0; i--) {
            Block b = cfg.order[i];
            Block d = cfg.idom[b.id];
            if (d != null) {
                sibling[b.id] = first[d.id];
                first[d.id] = b.id;
            }
        }
    }

    /** Depth of the block at work: roots have 0. */
    int depth() {
        return depth;
    }

    void run(Consumer<Block> enter, Consumer<Block> leave) {
        Block[] stack = new Block[cfg.order.length + 1];
        int[] next = new int[cfg.func.blockCount()];
        Block[] byId = new Block[cfg.func.blockCount()];
        for (Block b : cfg.order) {
            byId[b.id] = b;
            next[b.id] = first[b.id];
        }
        for (Block root : cfg.order) {
            if (cfg.idom[root.id] != null) {
                continue;
            }
            int top = 0;
            stack[top] = root;
            depth = 0;
            enter.accept(root);
            while (top >= 0) {
                Block b = stack[top];
                int c = next[b.id];
                if (c >= 0) {
                    next[b.id] = sibling[c];
                    stack[++top] = byId[c];
                    depth = top;
                    enter.accept(byId[c]);
                } else {
                    depth = top;
                    leave.accept(b);
                    top--;
                }
            }
        }
    }
}
