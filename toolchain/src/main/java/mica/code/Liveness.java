// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;

/**
 * Which virtual registers are alive at the borders of blocks, and how far away their next use is: instructions on the nearest way,
 * plus {@link #CALL} for each call and {@link #LOOP_EXIT} for each loop left. (Braun, Hack: Register Spilling and Live-Range Splitting
 * for SSA-Form Programs.) A value whose next use lies behind a call is better kept in memory until then.
 */
final class Liveness {
    static final int CALL = 1 << 12;
    static final int LOOP_EXIT = 1 << 20;
    static final int COLD = 1 << 9;
    static final int FAR = 1 << 28;

    private final MFunc m;
    /** Of the block at work: distance per vreg, valid where stamp is current. */
    private final int[] dist;
    private final int[] stamp;
    private int now;
    private int round;
    private int[] set = new int[64];
    private int size;

    Liveness(MFunc m) {
        this.m = m;
        dist = new int[m.vregs];
        stamp = new int[m.vregs];
    }

    void run() {
        boolean changed = true;
        for (round = 0; changed; round++) {
            changed = false;
            for (int i = m.order.length - 1; i >= 0; i--) {
                changed |= block(m.order[i]);
            }
            // without loops one round is exact
            if (round == 0 && !hasLoops()) {
                break;
            }
        }
        pressureOfLoops();
    }

    private boolean hasLoops() {
        for (MBlock b : m.order) {
            if (b.loopDepth > 0) {
                return true;
            }
            for (MBlock p : b.preds) {
                if (p.number >= b.number) {
                    return true;
                }
            }
        }
        return false;
    }

    private void reach(int v, int d) {
        if (stamp[v] != now) {
            stamp[v] = now;
            dist[v] = d;
            if (size == set.length) {
                set = Arrays.copyOf(set, size * 2);
            }
            set[size++] = v;
        } else if (d < dist[v]) {
            dist[v] = d;
        }
    }

    private boolean block(MBlock b) {
        now++;
        size = 0;
        for (int k = 0; k < b.succs.length; k++) {
            MBlock t = b.succs[k];
            int edge = (t.loopDepth < b.loopDepth ? LOOP_EXIT : 0) + (t.cold && !b.cold ? COLD : 0);
            for (int i = 0; i < t.liveIn.length; i++) {
                reach(t.liveIn[i], Math.min(FAR, t.liveInDist[i] + edge));
            }
            if (t.phis.length > 0) {
                int[] args = t.phiArgs[b.ssa.succIndex[k]];
                for (int a : args) {
                    reach(a, edge);
                }
            }
        }
        if (b.liveOut.length != size) {
            b.liveOut = new int[size];
            b.liveOutDist = new int[size];
        }
        int ints = 0;
        int floats = 0;
        for (int i = 0; i < size; i++) {
            int v = set[i];
            b.liveOut[i] = v;
            b.liveOutDist[i] = dist[v];
            if (m.remat[v] == null) {
                if (m.isFloat(v)) {
                    floats++;
                } else {
                    ints++;
                }
            }
        }
        int length = 0;
        b.hasCall = false;
        for (int i = 0; i < b.count; i++) {
            length += b.insts[i].isCall() ? CALL + 1 : 1;
            b.hasCall |= b.insts[i].isCall();
        }
        for (int i = 0; i < size; i++) {
            dist[set[i]] = Math.min(FAR, dist[set[i]] + length);
        }
        int maxInts = ints;
        int maxFloats = floats;
        int at = length;
        for (int i = b.count - 1; i >= 0; i--) {
            Inst in = b.insts[i];
            at -= in.isCall() ? CALL + 1 : 1;
            for (int d : in.def) {
                if (stamp[d] == now) {
                    stamp[d] = 0;
                    if (m.remat[d] == null) {
                        if (m.isFloat(d)) {
                            floats--;
                        } else {
                            ints--;
                        }
                    }
                }
            }
            for (int u : in.use) {
                if (stamp[u] != now && m.remat[u] == null) {
                    if (m.isFloat(u)) {
                        floats++;
                    } else {
                        ints++;
                    }
                }
                use(u, at);
            }
            maxInts = Math.max(maxInts, ints);
            maxFloats = Math.max(maxFloats, floats);
        }
        for (int p : b.phis) {
            stamp[p] = 0;
        }
        b.pressureInt = maxInts;
        b.pressureFloat = maxFloats;
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (stamp[set[i]] == now) {
                stamp[set[i]] = -now;
                set[n++] = set[i];
            }
        }
        boolean changed = b.liveIn.length != n;
        if (changed) {
            b.liveIn = new int[n];
            b.liveInDist = new int[n];
        }
        for (int i = 0; i < n; i++) {
            int v = set[i];
            b.liveIn[i] = v;
            if (b.liveInDist[i] != dist[v]) {
                b.liveInDist[i] = dist[v];
                // distances are estimates: only sets must be exact
                changed |= round < 2;
            }
        }
        return changed;
    }

    private void use(int v, int at) {
        if (stamp[v] != now) {
            stamp[v] = now;
            if (size == set.length) {
                set = Arrays.copyOf(set, size * 2);
            }
            set[size++] = v;
        }
        dist[v] = at;
    }

    private void pressureOfLoops() {
        for (MBlock b : m.order) {
            for (MBlock h = b.loop; h != null; h = Cfg.outer(h)) {
                h.loopHasCall |= b.hasCall && !b.cold;
                h.loopPressureInt = Math.max(h.loopPressureInt, b.pressureInt);
                h.loopPressureFloat = Math.max(h.loopPressureFloat, b.pressureFloat);
            }
        }
    }
}
