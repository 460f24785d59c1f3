// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;

/**
 * Stack homes of values. A value that is loaded from its home anywhere is stored there exactly once: behind its definition, or, where
 * that executes less often, at the start of a block that dominates all loads and in which the value still is in a register (so no call
 * that the value survives can stand before the store: after a call it would have to be loaded first).
 */
final class Spills {
    private final MFunc m;
    /** Common dominator of all loads of a vreg; null = none. */
    private final MBlock[] loads;

    Spills(MFunc m) {
        this.m = m;
        loads = new MBlock[m.vregs];
    }

    /** v is read from its home in block b. */
    void restore(int v, MBlock b) {
        if (m.home[v] != MFunc.NO_HOME) {
            return;
        }
        m.spilled[v] = true;
        loads[v] = loads[v] == null ? b : Cfg.common(loads[v], b);
    }

    void place() {
        boolean any = false;
        for (int v = 0; v < m.vregs; v++) {
            if (m.spilled[v]) {
                any = true;
                break;
            }
        }
        for (int v = 0; v < m.vregs && !any; v++) {
            any = m.memoryPhi[v];
        }
        m.slot = new int[m.vregs];
        Arrays.fill(m.slot, -1);
        if (!any) {
            return;
        }
        MBlock[] where = new MBlock[m.vregs];
        for (MBlock b : m.order) {
            for (int v : b.phis) {
                if (m.spilled[v] && !m.memoryPhi[v]) {
                    where[v] = place(v, b);
                }
            }
            for (int i = 0; i < b.count; i++) {
                for (int v : b.insts[i].def) {
                    if (m.spilled[v]) {
                        where[v] = place(v, b);
                    }
                }
            }
        }
        insert(where);
        color();
    }

    /** The block at whose start v is stored; its own block means behind the definition. */
    private MBlock place(int v, MBlock home) {
        MBlock best = home;
        for (MBlock b = loads[v]; b != home; b = b.idom) {
            if (holds(b, v) && (frequency(b) < frequency(best) || best == home && frequency(b) <= frequency(home))) {
                best = b;
            }
        }
        return best;
    }

    private static int frequency(MBlock b) {
        return b.loopDepth * 2 + (b.cold ? 0 : 1);
    }

    private static boolean holds(MBlock b, int v) {
        for (int r = 0; r < 32; r++) {
            if (b.startRegs[r] == v) {
                return true;
            }
        }
        return false;
    }

    private void insert(MBlock[] where) {
        int[] byBlock = new int[m.vregs];
        int n = 0;
        for (int v = 0; v < m.vregs; v++) {
            if (where[v] != null) {
                byBlock[n++] = v;
            }
        }
        int[][] atStart = new int[m.order.length][];
        for (int i = 0; i < n; i++) {
            int v = byBlock[i];
            MBlock b = where[v];
            if (holds(b, v)) {
                int[] a = atStart[b.number];
                atStart[b.number] = a == null ? new int[] {v} : append(a, v);
            }
        }
        for (MBlock b : m.order) {
            ParallelCopy.Code out = new ParallelCopy.Code();
            boolean changed = false;
            for (int i = 0; i <= b.count; i++) {
                if (i == b.startMoves && atStart[b.number] != null) {
                    for (int v : atStart[b.number]) {
                        for (int r = 0; r < 32; r++) {
                            if (b.startRegs[r] == v) {
                                out.add(store(v, r, null));
                                changed = true;
                                break;
                            }
                        }
                    }
                }
                if (i == b.count) {
                    break;
                }
                Inst in = b.insts[i];
                out.add(in);
                for (int k = 0; k < in.def.length; k++) {
                    int v = in.def[k];
                    if (where[v] == b && in.defReg[k] >= 0) {
                        out.add(store(v, in.defReg[k], in));
                        changed = true;
                    }
                }
            }
            if (changed) {
                b.insts = out.insts;
                b.count = out.count;
            }
        }
    }

    private static int[] append(int[] a, int v) {
        int[] r = Arrays.copyOf(a, a.length + 1);
        r[a.length] = v;
        return r;
    }

    private static Inst store(int v, int r, Inst by) {
        Inst i = new Inst(Inst.Form.MOVE, null);
        i.x = Inst.LOC_HOME + v;
        i.y = r;
        i.v = v;
        if (by != null) {
            i.origin = by.origin;
        }
        return i;
    }

    /** Gives every stored value a slot; values that are never alive together share one. Pointers have slots of their own. */
    private void color() {
        int[] from = new int[m.vregs];
        int[] to = new int[m.vregs];
        Arrays.fill(from, Integer.MAX_VALUE);
        int[] list = new int[m.vregs];
        int n = 0;
        int pos = 0;
        int[] endOf = new int[m.order.length];
        for (MBlock b : m.order) {
            int begin = pos++;
            for (int v : b.liveIn) {
                n = extend(v, begin, from, to, list, n);
            }
            for (int v : b.phis) {
                n = extend(v, begin, from, to, list, n);
            }
            for (int i = 0; i < b.count; i++) {
                pos++;
                for (int v : b.insts[i].use) {
                    n = extend(v, pos, from, to, list, n);
                }
                for (int v : b.insts[i].def) {
                    n = extend(v, pos, from, to, list, n);
                }
            }
            pos++;
            for (int v : b.liveOut) {
                n = extend(v, pos, from, to, list, n);
            }
            endOf[b.number] = pos;
        }
        for (MBlock b : m.order) {
            for (int v : b.phis) {
                if (m.memoryPhi[v]) {
                    for (MBlock p : b.preds) {
                        n = extend(v, endOf[p.number], from, to, list, n);
                    }
                }
            }
        }
        long[] order = new long[n];
        for (int i = 0; i < n; i++) {
            order[i] = (long) from[list[i]] << 32 | list[i];
        }
        Arrays.sort(order);
        int[] slotEnd = new int[16];
        boolean[] slotPointer = new boolean[16];
        int slots = 0;
        for (long o : order) {
            int v = (int) o;
            boolean pointer = m.type[v] == mica.ssa.MType.PTR;
            int s = 0;
            while (s < slots && (slotEnd[s] >= from[v] || slotPointer[s] != pointer)) {
                s++;
            }
            if (s == slots) {
                if (s == slotEnd.length) {
                    slotEnd = Arrays.copyOf(slotEnd, s * 2);
                    slotPointer = Arrays.copyOf(slotPointer, s * 2);
                }
                slotPointer[s] = pointer;
                slots++;
            }
            slotEnd[s] = to[v];
            m.slot[v] = s;
        }
        // pointers lie together, next to the variables with pointers, so that the maps are short
        int[] number = new int[slots];
        int k = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int s = 0; s < slots; s++) {
                if (slotPointer[s] == (pass == 1)) {
                    number[s] = k++;
                }
            }
        }
        for (long o : order) {
            m.slot[(int) o] = number[m.slot[(int) o]];
        }
        m.spillSlots = slots;
    }

    private int extend(int v, int pos, int[] from, int[] to, int[] list, int n) {
        if (!m.spilled[v] && !m.memoryPhi[v]) {
            return n;
        }
        if (from[v] == Integer.MAX_VALUE) {
            list[n++] = v;
            from[v] = pos;
            to[v] = pos;
        } else {
            from[v] = Math.min(from[v], pos);
            to[v] = Math.max(to[v], pos);
        }
        return n;
    }
}
