// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;

/**
 * The order in which blocks are emitted. Chains of blocks that follow each other are joined along edges, the most frequent first and
 * unconditional ones before branches (Pettis, Hansen: Profile Guided Code Positioning, bottom-up); so a loop's test ends up behind the
 * block that jumps back to it. The entry's chain stands first, cold chains last.
 */
final class Layout {
    private final MFunc m;
    /** By block number: neighbours in the chain; -1 = none. */
    private final int[] next;
    private final int[] prev;
    /** Chain of each block: number of some member, compressed when asked. */
    private final int[] chain;

    private Layout(MFunc m) {
        this.m = m;
        int n = m.order.length;
        next = new int[n];
        prev = new int[n];
        chain = new int[n];
        Arrays.fill(next, -1);
        Arrays.fill(prev, -1);
        for (int i = 0; i < n; i++) {
            chain[i] = i;
        }
    }

    static MBlock[] of(MFunc m) {
        return new Layout(m).run();
    }

    /** Where control arrives that is sent to b: past blocks that do nothing. Of a loop of such blocks the first stays. */
    static MBlock target(MBlock b) {
        MBlock slow = b;
        for (int n = 1; isEmpty(b); n++) {
            b = b.succs[0];
            if (n % 2 == 0) {
                slow = slow.succs[0];
            }
            if (b == slow) {
                return first(b);
            }
        }
        return b;
    }

    private static boolean isEmpty(MBlock b) {
        return b.count == 0 && b.end == MBlock.End.GOTO;
    }

    /** The block with the least number of the endless loop of empty blocks that b is in. */
    private static MBlock first(MBlock b) {
        MBlock least = b;
        for (MBlock x = b.succs[0]; x != b; x = x.succs[0]) {
            least = x.number < least.number ? x : least;
        }
        return least;
    }

    private MBlock[] run() {
        join();
        MBlock[] r = new MBlock[m.order.length];
        int n = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (MBlock b : m.order) {
                if (b.cold != (pass == 1) || prev[b.number] >= 0 || !placed(b)) {
                    continue;
                }
                for (int k = b.number; k >= 0; k = next[k]) {
                    r[n++] = m.order[k];
                }
            }
        }
        return Arrays.copyOf(r, n);
    }

    private boolean placed(MBlock b) {
        return b == m.order[0] || target(b) == b;
    }

    private void join() {
        int edges = 0;
        long[] order = new long[2 * m.order.length];
        for (MBlock b : m.order) {
            if (!placed(b)) {
                continue;
            }
            int kinds = b.end == MBlock.End.GOTO ? 1 : b.end == MBlock.End.BRANCH ? 2 : 0;
            for (int k = 0; k < kinds; k++) {
                MBlock t = target(b.succs[k]);
                int frequency = Math.min(b.loopDepth, t.loopDepth);
                int rank = 2 * (100 - Math.min(frequency, 100)) + (b.end == MBlock.End.GOTO ? 0 : 1);
                int unlikely = b.ssa.likely > 0 && k == 1 || b.ssa.likely < 0 && k == 0 ? 1 : 0;
                order[edges++] = (long) rank << 48 | (long) unlikely << 47 | (long) b.number << 16 & 0x7fffffff0000L | k;
            }
        }
        Arrays.sort(order, 0, edges);
        for (int i = 0; i < edges; i++) {
            MBlock b = m.order[(int) (order[i] >>> 16 & 0x7fffffff)];
            MBlock t = target(b.succs[(int) order[i] & 1]);
            if (next[b.number] < 0 && prev[t.number] < 0 && t != m.order[0] && b.cold == t.cold
                    && find(b.number) != find(t.number)) {
                next[b.number] = t.number;
                prev[t.number] = b.number;
                chain[find(t.number)] = find(b.number);
            }
        }
    }

    private int find(int i) {
        while (chain[i] != i) {
            chain[i] = chain[chain[i]];
            i = chain[i];
        }
        return i;
    }
}
