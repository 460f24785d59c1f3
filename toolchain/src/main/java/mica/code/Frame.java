// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import mica.base.Refused;
import mica.ssa.Op;
import mica.ssa.Slot;

/**
 * The stack frame, from SP upwards:
 *
 * <pre>
 *   outgoing arguments and their spill area
 *   emergency slot of parallel copies, saved g
 *   variables without pointers
 *   homes of values without pointers, homes of pointers
 *   variables with pointers that need no zeroing, then those that do
 *   saved BP            (varp; pointer maps of locals count down from here)
 *   return address
 *   incoming arguments  (argp)
 * </pre>
 */
final class Frame {
    /** Bytes from SP to the return address, saved BP included; 0 = no frame at all. */
    final int size;
    final int scratch;
    final int savedG;
    final int spills;
    /** Range of variables to be zeroed at entry. */
    final int zeroFrom;
    final int zeroTo;
    final boolean[] slotUsed;

    /** Bytes; a goroutine's whole stack may be as large. */
    private static final long LIMIT = 1L << 30;

    Frame(MFunc m) {
        slotUsed = usedSlots(m);
        int at = m.outSize + 7 & ~7;
        scratch = at;
        at += m.needsScratch ? 8 : 0;
        savedG = at;
        at += m.savesG ? 8 : 0;
        for (Slot s : m.f.slots) {
            if (slotUsed[s.id] && !hasPointers(s)) {
                at = place(m, s, at);
            }
        }
        at = at + 7 & ~7;
        spills = at;
        at += 8 * m.spillSlots;
        for (Slot s : m.f.slots) {
            if (slotUsed[s.id] && hasPointers(s) && s.initialized) {
                at = place(m, s, at);
            }
        }
        at = at + 7 & ~7;
        zeroFrom = at;
        for (Slot s : m.f.slots) {
            if (slotUsed[s.id] && hasPointers(s) && !s.initialized) {
                at = place(m, s, at);
            }
        }
        at = at + 7 & ~7;
        zeroTo = at;
        size = at == 0 && !m.hasCalls ? 0 : at + 8;
    }

    private static int place(MFunc m, Slot s, int at) {
        int align = Math.min(Math.max(s.align, 1), 8);
        if (hasPointers(s)) {
            align = 8;
        }
        at = at + align - 1 & -align;
        s.offset = at;
        if (at + s.size > LIMIT) {
            long locals = 0;
            for (Slot t : m.f.slots) {
                locals += t.size;
            }
            throw new Refused(m.f.pos, "stack frame too large (>1GB): " + (locals >> 20) + " MB locals");
        }
        return (int) (at + s.size);
    }

    static boolean hasPointers(Slot s) {
        if (s.ptrMask == null) {
            return false;
        }
        for (byte b : s.ptrMask) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean[] usedSlots(MFunc m) {
        boolean[] used = new boolean[m.f.slots.size()];
        for (MBlock b : m.order) {
            for (int i = 0; i < b.count; i++) {
                Inst in = b.insts[i];
                if (in.memKind == Inst.M_SLOT) {
                    used[((Slot) in.memAux).id] = true;
                }
                if (in.form == Inst.Form.MOVE && in.y <= Inst.LOC_REMAT && m.remat[in.v].op == Op.LOCAL_ADDR) {
                    used[((Slot) m.remat[in.v].aux).id] = true;
                }
            }
        }
        return used;
    }
}
