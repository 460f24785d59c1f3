// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

/** The order in which blocks are emitted: reverse postorder, cold blocks last, loops turned so that their test stands at the end. */
final class Layout {
    private Layout() {}

    static MBlock[] of(MFunc m) {
        MBlock[] r = new MBlock[m.order.length];
        int n = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (MBlock b : m.order) {
                if (b.cold == (pass == 1) && (b == m.order[0] || target(b) == b)) {
                    r[n++] = b;
                }
            }
        }
        r = java.util.Arrays.copyOf(r, n);
        rotate(r);
        return r;
    }

    /** Where control arrives that is sent to b: past blocks that do nothing. */
    static MBlock target(MBlock b) {
        int guard = 0;
        while (b.count == 0 && b.end == MBlock.End.GOTO && guard++ < 100) {
            b = b.succs[0];
        }
        return b;
    }

    /** A loop's head that decides whether to go on is placed behind the block that jumps back to it: one jump less in each round. */
    private static void rotate(MBlock[] r) {
        for (int i = 1; i < r.length; i++) {
            MBlock h = r[i];
            if (h.loop != h || h.end != MBlock.End.BRANCH || h.cold) {
                continue;
            }
            MBlock t0 = target(h.succs[0]);
            MBlock t1 = target(h.succs[1]);
            boolean exits = !inLoop(t0, h) || !inLoop(t1, h);
            // the block in front must not fall into the head anyway from inside
            MBlock before = r[i - 1];
            if (!exits || inLoop(before, h) && before.end == MBlock.End.GOTO && target(before.succs[0]) == h) {
                continue;
            }
            // the end of the run of this loop's blocks
            int e = i;
            while (e + 1 < r.length && !r[e + 1].cold && inLoop(r[e + 1], h)) {
                e++;
            }
            if (e == i || r[e].end != MBlock.End.GOTO || target(r[e].succs[0]) != h) {
                continue;
            }
            MBlock inside = inLoop(t0, h) ? t0 : t1;
            if (r[i + 1] != inside) {
                continue;
            }
            System.arraycopy(r, i + 1, r, i, e - i);
            r[e] = h;
        }
    }

    private static boolean inLoop(MBlock b, MBlock h) {
        for (MBlock l = b.loop; l != null; l = Cfg.outer(l)) {
            if (l == h) {
                return true;
            }
        }
        return false;
    }
}
