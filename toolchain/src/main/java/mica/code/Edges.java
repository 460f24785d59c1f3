// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;

/**
 * Adds the moves of every edge: from where the predecessor's values are at its end to where the successor expects them, phi operands
 * included. They stand at the predecessor's end if that is its only successor, else at the successor's start.
 */
final class Edges {
    private final MFunc m;
    private final Spills spills;
    private final ParallelCopy copy;
    private final int[] phiIndex;

    Edges(MFunc m, Spills spills, ParallelCopy copy) {
        this.m = m;
        this.spills = spills;
        this.copy = copy;
        phiIndex = new int[m.vregs];
        Arrays.fill(phiIndex, -1);
    }

    void run() {
        for (MBlock b : m.order) {
            for (int k = 0; k < b.phis.length; k++) {
                phiIndex[b.phis[k]] = k;
            }
            for (int p = 0; p < b.preds.length; p++) {
                edge(b.preds[p], b, p);
            }
            for (int v : b.phis) {
                phiIndex[v] = -1;
            }
        }
    }

    private void edge(MBlock p, MBlock b, int index) {
        copy.clear();
        for (int r = 0; r < 32; r++) {
            int v = b.startRegs[r];
            if (v >= 0) {
                int a = phiIndex[v] >= 0 ? b.phiArgs[index][phiIndex[v]] : v;
                if (p.endRegs[r] != a) {
                    copy.add(r, location(p, a), a);
                }
            }
        }
        for (int k = 0; k < b.phis.length; k++) {
            int v = b.phis[k];
            if (m.memoryPhi[v]) {
                int a = b.phiArgs[index][k];
                copy.add(Inst.LOC_HOME + v, location(p, a), a);
            }
        }
        copy.resolve(false);
        if (copy.out.count == 0) {
            return;
        }
        if (p.succs.length == 1) {
            for (int i = 0; i < copy.out.count; i++) {
                p.add(copy.out.insts[i]);
            }
        } else {
            int n = copy.out.count;
            while (b.insts.length < b.count + n) {
                b.insts = Arrays.copyOf(b.insts, Math.max(8, b.insts.length * 2));
            }
            System.arraycopy(b.insts, 0, b.insts, n, b.count);
            System.arraycopy(copy.out.insts, 0, b.insts, 0, n);
            b.count += n;
            b.startMoves = n;
        }
    }

    private int location(MBlock p, int a) {
        for (int r = 0; r < 32; r++) {
            if (p.endRegs[r] == a) {
                return r;
            }
        }
        if (m.remat[a] != null) {
            return Inst.LOC_REMAT - a;
        }
        spills.restore(a, p);
        return Inst.LOC_HOME + a;
    }
}
