// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import mica.ssa.Block;
import mica.ssa.Func;

/**
 * The shape of a function before selection: splits critical edges (so that the copies of every edge have a place of their own, at the
 * predecessor's end or the successor's start), orders blocks in reverse postorder, finds dominators and natural loops.
 */
final class Cfg {
    private final Func f;
    private final MFunc m;
    private MBlock[] stackBlocks;
    private boolean[] seen;

    private Cfg(MFunc m) {
        this.m = m;
        this.f = m.f;
    }

    static void build(MFunc m) {
        Cfg c = new Cfg(m);
        c.splitCriticalEdges();
        c.makeBlocks();
        c.markCold();
        c.number();
        c.dominators();
        c.loops();
        c.reorder();
    }

    private void splitCriticalEdges() {
        int n = f.blocks.size();
        for (int k = 0; k < n; k++) {
            Block b = f.blocks.get(k);
            if (b.succCount < 2) {
                continue;
            }
            for (int i = 0; i < b.succCount; i++) {
                Block to = b.succs[i];
                if (to.predCount < 2) {
                    continue;
                }
                Block mid = f.newBlock();
                mid.pos = b.pos;
                int p = b.succIndex[i];
                mid.addEdge(to);
                // addEdge gave "to" a new predecessor; the new block takes the old one's place instead
                to.preds[--to.predCount] = null;
                mid.succIndex[0] = p;
                to.preds[p] = mid;
                to.predIndex[p] = 0;
                mid.preds[0] = b;
                mid.predIndex[0] = i;
                mid.predCount = 1;
                b.succs[i] = mid;
                b.succIndex[i] = 0;
            }
        }
    }

    private void makeBlocks() {
        m.byId = new MBlock[f.blockCount()];
        seen = new boolean[f.blockCount()];
        for (Block b : f.blocks) {
            m.byId[b.id] = new MBlock(b);
        }
        for (Block b : f.blocks) {
            MBlock mb = m.byId[b.id];
            mb.succs = new MBlock[b.succCount];
            for (int i = 0; i < b.succCount; i++) {
                mb.succs[i] = m.byId[b.succs[i].id];
            }
            mb.preds = new MBlock[b.predCount];
            for (int i = 0; i < b.predCount; i++) {
                mb.preds[i] = m.byId[b.preds[i].id];
            }
        }
    }

    /** Cold: leads only to a call that does not return, or the unlikely side of a branch. Spreads to what is reached only from cold blocks. */
    private void markCold() {
        for (int k = f.blocks.size() - 1; k >= 0; k--) {
            MBlock b = m.byId[f.blocks.get(k).id];
            if (b.ssa.kind == Block.Kind.UNREACHABLE) {
                b.cold = true;
            }
        }
        boolean changed = true;
        for (int round = 0; changed && round < 8; round++) {
            changed = false;
            for (int k = f.blocks.size() - 1; k >= 0; k--) {
                MBlock b = m.byId[f.blocks.get(k).id];
                if (!b.cold && (allCold(b.succs) || allColdEdges(b))) {
                    b.cold = true;
                    changed = true;
                }
            }
            for (int k = 0; k < f.blocks.size(); k++) {
                MBlock b = m.byId[f.blocks.get(k).id];
                if (!b.cold && allColdEdges(b)) {
                    b.cold = true;
                    changed = true;
                }
            }
        }
        m.byId[f.entry.id].cold = false;
    }

    private static boolean allCold(MBlock[] bs) {
        for (MBlock b : bs) {
            if (!b.cold) {
                return false;
            }
        }
        return bs.length > 0;
    }

    private static boolean allColdEdges(MBlock b) {
        for (int i = 0; i < b.preds.length; i++) {
            MBlock p = b.preds[i];
            int edge = b.ssa.predIndex[i];
            boolean unlikely = p.ssa.kind == Block.Kind.IF && (p.ssa.likely > 0 && edge == 1 || p.ssa.likely < 0 && edge == 0);
            if (!p.cold && !unlikely) {
                return false;
            }
        }
        return b.preds.length > 0;
    }

    /** Depth-first from the entry; the successor visited last comes right behind its predecessor. */
    private void number() {
        int n = f.blocks.size();
        MBlock[] post = new MBlock[n];
        stackBlocks = new MBlock[n + 1];
        int[] next = new int[n + 1];
        Arrays.fill(seen, false);
        int count = 0;
        int sp = 0;
        // the recover block has no predecessors: it is a second root, numbered first in postorder so that it comes last
        for (int root = 0; root < 2; root++) {
            Block r = root == 0 ? f.recover : f.entry;
            if (r == null || seen[r.id]) {
                continue;
            }
            stackBlocks[sp] = m.byId[r.id];
            next[sp++] = 0;
            seen[r.id] = true;
            while (sp > 0) {
                MBlock b = stackBlocks[sp - 1];
                if (next[sp - 1] < b.succs.length) {
                    MBlock s = b.succs[visit(b, next[sp - 1]++)];
                    if (!seen[s.ssa.id]) {
                        seen[s.ssa.id] = true;
                        stackBlocks[sp] = s;
                        next[sp++] = 0;
                    }
                } else {
                    post[count++] = b;
                    sp--;
                }
            }
        }
        m.order = new MBlock[count];
        for (int i = 0; i < count; i++) {
            m.order[i] = post[count - 1 - i];
            m.order[i].number = i;
        }
        dropUnreachable();
    }

    /** The k-th successor to visit: the one to be placed next comes last. */
    private static int visit(MBlock b, int k) {
        if (b.succs.length != 2) {
            return b.succs.length - 1 - k;
        }
        MBlock s0 = b.succs[0];
        MBlock s1 = b.succs[1];
        boolean secondNext = s0.cold != s1.cold ? s0.cold
                : s0.loopDepth != s1.loopDepth ? s0.loopDepth < s1.loopDepth : b.ssa.likely < 0;
        return secondNext ? k : 1 - k;
    }

    /** Predecessors that cannot be reached hand nothing over; their phi operands go with them. */
    private void dropUnreachable() {
        for (MBlock b : m.order) {
            for (int i = b.ssa.predCount - 1; i >= 0; i--) {
                if (!seen[b.ssa.preds[i].id]) {
                    Block p = b.ssa.preds[i];
                    p.removeEdge(b.ssa.predIndex[i]);
                    b.preds = without(b.preds, i);
                }
            }
        }
    }

    private static MBlock[] without(MBlock[] a, int i) {
        MBlock[] r = Arrays.copyOf(a, a.length - 1);
        System.arraycopy(a, i + 1, r, i, a.length - 1 - i);
        return r;
    }

    /** Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. */
    private void dominators() {
        MBlock[] order = m.order;
        for (MBlock b : order) {
            b.idom = null;
        }
        order[0].idom = order[0];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 1; i < order.length; i++) {
                MBlock b = order[i];
                MBlock d = b.preds.length == 0 ? order[0] : null;
                for (MBlock p : b.preds) {
                    if (p.idom != null) {
                        d = d == null ? p : common(d, p);
                    }
                }
                if (d != b.idom) {
                    b.idom = d;
                    changed = true;
                }
            }
        }
        for (MBlock b : order) {
            b.domDepth = b == order[0] ? 0 : b.idom.domDepth + 1;
        }
    }

    static MBlock common(MBlock a, MBlock b) {
        while (a != b) {
            while (a.number > b.number) {
                a = a.idom;
            }
            while (b.number > a.number) {
                b = b.idom;
            }
        }
        return a;
    }

    static boolean dominates(MBlock a, MBlock b) {
        while (b.domDepth > a.domDepth) {
            b = b.idom;
        }
        return a == b;
    }

    private void loops() {
        MBlock[] order = m.order;
        for (int i = order.length - 1; i >= 0; i--) {
            MBlock h = order[i];
            boolean[] in = null;
            int sp = 0;
            for (MBlock p : h.preds) {
                if (!dominates(h, p)) {
                    continue;
                }
                if (in == null) {
                    in = new boolean[order.length];
                    in[h.number] = true;
                    enter(h, h);
                }
                if (!in[p.number]) {
                    in[p.number] = true;
                    stackBlocks[sp++] = p;
                }
            }
            while (sp > 0) {
                MBlock b = stackBlocks[--sp];
                enter(b, h);
                for (MBlock p : b.preds) {
                    if (!in[p.number]) {
                        in[p.number] = true;
                        stackBlocks[sp++] = p;
                    }
                }
            }
        }
    }

    private static void enter(MBlock b, MBlock h) {
        b.loopDepth++;
        if (b.loop == null) {
            b.loop = h;
        }
    }

    /** A second numbering, now that loops are known: what leaves a loop is placed behind it. */
    private void reorder() {
        number();
        dominators();
    }

    /** The loop around a loop's header; null = none. */
    static MBlock outer(MBlock header) {
        if (header.loopDepth <= 1) {
            return null;
        }
        // the immediate dominator of a header of depth n lies in the surrounding loop or deeper
        MBlock b = header.idom;
        while (b.loopDepth >= header.loopDepth) {
            MBlock l = b.loop;
            b = b == l ? b.idom : l;
        }
        return b.loop;
    }
}
