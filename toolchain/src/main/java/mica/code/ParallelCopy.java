// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.X15;

import java.util.Arrays;

/**
 * Moves that happen at the same time, put in an order: a move whose destination nobody still reads goes first; what remains are
 * cycles, broken by an exchange (two integer registers) or by a temporary. X15, otherwise zero, carries values between memory and
 * memory; cycles that pass through memory use a slot besides.
 */
final class ParallelCopy {
    private final MFunc m;
    private int n;
    private int[] dst = new int[32];
    private int[] src = new int[32];
    private int[] vreg = new int[32];
    private boolean usedZero;
    private boolean keepFlags;

    /** The moves in order. */
    final Code out = new Code();

    /** A growing list of instructions. */
    static final class Code {
        Inst[] insts = new Inst[16];
        int count;

        void add(Inst i) {
            if (count == insts.length) {
                insts = Arrays.copyOf(insts, count * 2);
            }
            insts[count++] = i;
        }
    }

    ParallelCopy(MFunc m) {
        this.m = m;
    }

    void clear() {
        n = 0;
        out.count = 0;
        usedZero = false;
    }

    void add(int to, int from, int v) {
        if (to == from) {
            return;
        }
        if (n == dst.length) {
            dst = Arrays.copyOf(dst, n * 2);
            src = Arrays.copyOf(src, n * 2);
            vreg = Arrays.copyOf(vreg, n * 2);
        }
        dst[n] = to;
        src[n] = from;
        vreg[n++] = v;
    }

    void resolve(boolean keepFlags) {
        this.keepFlags = keepFlags;
        // what is made anew reads no location: it waits until all others are done
        int made = 0;
        for (int i = 0; i < n; i++) {
            if (src[i] <= Inst.LOC_REMAT) {
                made++;
            }
        }
        int pending = n - made;
        while (pending > 0) {
            boolean progress = false;
            for (int i = 0; i < n; i++) {
                if (dst[i] != -1 && src[i] > Inst.LOC_REMAT && !isRead(dst[i], i)) {
                    move(dst[i], src[i], vreg[i]);
                    dst[i] = -1;
                    pending--;
                    progress = true;
                }
            }
            if (!progress) {
                pending -= breakCycle();
            }
        }
        for (int i = 0; i < n; i++) {
            if (dst[i] != -1) {
                move(dst[i], src[i], vreg[i]);
            }
        }
        if (usedZero) {
            out.add(new Inst(Inst.Form.RESTORE_ZERO, null));
        }
    }

    private boolean isRead(int loc, int except) {
        for (int k = 0; k < n; k++) {
            if (k != except && dst[k] != -1 && src[k] == loc) {
                return true;
            }
        }
        return false;
    }

    /** Only cycles are left, and every location in them is read once. Returns the number of moves done. */
    private int breakCycle() {
        int i = 0;
        while (dst[i] == -1 || src[i] <= Inst.LOC_REMAT) {
            i++;
        }
        if (dst[i] < 16 && src[i] < 16) {
            Inst x = new Inst(Inst.Form.XCHG, null);
            x.x = dst[i];
            x.y = src[i];
            x.keepFlags = keepFlags;
            out.add(x);
            // src[i] now holds what dst[i] held
            int done = 1;
            int a = dst[i];
            int b = src[i];
            dst[i] = -1;
            for (int k = 0; k < n; k++) {
                if (dst[k] != -1 && src[k] == a) {
                    src[k] = b;
                    if (dst[k] == b) {
                        dst[k] = -1;
                        done++;
                    }
                }
            }
            return done;
        }
        boolean memory = cycleHasMemory(i);
        int temp = memory ? Inst.LOC_SCRATCH : X15;
        m.needsScratch |= memory;
        usedZero |= !memory;
        int old = holder(dst[i]);
        move(temp, dst[i], old);
        for (int k = 0; k < n; k++) {
            if (dst[k] != -1 && src[k] == dst[i]) {
                src[k] = temp;
            }
        }
        return 0;
    }

    /** The vreg that a location holds before the moves. */
    private int holder(int loc) {
        for (int k = 0; k < n; k++) {
            if (dst[k] != -1 && src[k] == loc) {
                return vreg[k];
            }
        }
        return -1;
    }

    private boolean cycleHasMemory(int i) {
        int at = i;
        do {
            if (dst[at] >= Inst.LOC_SCRATCH || src[at] >= Inst.LOC_SCRATCH) {
                return true;
            }
            int next = -1;
            for (int k = 0; k < n; k++) {
                if (dst[k] != -1 && src[k] == dst[at]) {
                    next = k;
                }
            }
            at = next;
        } while (at != i && at >= 0);
        return false;
    }

    private void move(int to, int from, int v) {
        if (to >= Inst.LOC_SCRATCH && from <= Inst.LOC_REMAT) {
            // what cannot be stored directly goes through a register that X15 saves
            usedZero |= !storable(v);
            emit(to, from, v);
        } else if (to >= Inst.LOC_SCRATCH && from >= Inst.LOC_SCRATCH) {
            usedZero = true;
            emit(X15, from, v);
            emit(to, X15, v);
        } else {
            emit(to, from, v);
        }
    }

    /** A constant that can be stored directly. */
    boolean storable(int v) {
        return storable(m, v);
    }

    static boolean storable(MFunc m, int v) {
        return m.remat[v].op == mica.ssa.Op.CONST && Selector.isImm32(m.remat[v].auxInt)
                && (!m.isFloat(v) || m.remat[v].auxInt == 0);
    }

    private void emit(int to, int from, int v) {
        Inst i = new Inst(Inst.Form.MOVE, null);
        i.x = to;
        i.y = from;
        i.v = v;
        i.keepFlags = keepFlags;
        out.add(i);
    }
}
