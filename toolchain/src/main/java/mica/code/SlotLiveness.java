// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import mica.arch.amd64.Amd64Op;
import mica.obj.Symbol;
import mica.ssa.CallInfo;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/**
 * Which words of variables in memory the collector must look at, call by call: those that an instruction of this function may still
 * read before they are overwritten. It works on allocated instructions, where every access to a slot is in sight.
 *
 * <p>A variable whose address was put into a register can also be reached through pointers: by callees, by other variables, by
 * records of deferred calls. Such variables are {@link #objects}: the collector looks at them when a live pointer leads there, whether
 * this function reads them again or not. (Inside the frame, addresses of slots are made where they are needed, never spilled, so that
 * a later use of the address counts as a read.)
 *
 * <p>Functions under runtime rules, and what hands closures to the system stack, whose frames the collector does not see, keep all
 * their variables alive.
 */
final class SlotLiveness {
    /** Variables with more pointers than this live and die as a whole. */
    private static final int MAX_WORDS = 64;

    private final MFunc m;
    private final Frame frame;
    /** Per slot: number of its first bit, -1 = no pointers or not used. */
    private final int[] firstBit;
    /** Per slot: one bit per pointer word, or one bit for all. */
    private final boolean[] whole;
    private int bits;
    /** By bit: the slot, and the word in it (-1 = all). */
    private int[] bitSlot = new int[16];
    private int[] bitWord = new int[16];
    private long[][] liveIn;
    private long[] recover;
    /** Per slot: its address may be held elsewhere. */
    final boolean[] objects;
    /** False: all words are alive everywhere. */
    final boolean precise;

    SlotLiveness(MFunc m, Frame frame) {
        this.m = m;
        this.frame = frame;
        firstBit = new int[m.f.slots.size()];
        whole = new boolean[firstBit.length];
        objects = new boolean[firstBit.length];
        number();
        precise = bits > 0 && m.hasCalls && !m.f.runtimeRules && !usesSystemStack();
        if (precise) {
            run();
        }
    }

    private void number() {
        for (Slot s : m.f.slots) {
            firstBit[s.id] = -1;
            if (!frame.slotUsed[s.id] || !Frame.hasPointers(s)) {
                continue;
            }
            firstBit[s.id] = bits;
            int n = 0;
            for (int w = 0; w * 8L < s.size; w++) {
                n += isPointer(s, w) ? 1 : 0;
            }
            whole[s.id] = n > MAX_WORDS;
            if (whole[s.id]) {
                bit(s.id, -1);
                continue;
            }
            for (int w = 0; w * 8L < s.size; w++) {
                if (isPointer(s, w)) {
                    bit(s.id, w);
                }
            }
        }
    }

    private void bit(int slot, int word) {
        if (bits == bitSlot.length) {
            bitSlot = Arrays.copyOf(bitSlot, bits * 2);
            bitWord = Arrays.copyOf(bitWord, bits * 2);
        }
        bitSlot[bits] = slot;
        bitWord[bits++] = word;
    }

    static boolean isPointer(Slot s, int word) {
        return word / 8 < s.ptrMask.length && (s.ptrMask[word / 8] >> (word % 8) & 1) != 0;
    }

    private boolean usesSystemStack() {
        for (MBlock b : m.order) {
            for (int i = 0; i < b.count; i++) {
                if (b.insts[i].isCall() && b.insts[i].aux instanceof CallInfo c && c.callee instanceof Symbol s
                        && (s.name.equals("runtime.systemstack") || s.name.equals("runtime.mcall"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Calls visit(slot, word) for what is alive behind a call (null: anywhere else), word -1 = the whole slot. */
    void each(Inst call, Visitor v) {
        if (!precise) {
            for (int i = 0; i < bits; i++) {
                v.word(m.f.slots.get(bitSlot[i]), bitWord[i]);
            }
            return;
        }
        for (int i = 0; i < bits; i++) {
            long mask = recover[i >> 6] | (call == null || call.liveWords == null ? 0 : call.liveWords[i >> 6]);
            if ((mask >>> i & 1) != 0) {
                v.word(m.f.slots.get(bitSlot[i]), bitWord[i]);
            }
        }
    }

    /** Sees live words. */
    interface Visitor {
        void word(Slot s, int word);
    }

    // Data flow, backwards.

    private void run() {
        int n = bits + 63 >> 6;
        liveIn = new long[m.order.length][n];
        long[] live = new long[n];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = m.order.length - 1; i >= 0; i--) {
                MBlock b = m.order[i];
                atEnd(b, live);
                backwards(b, live, false);
                if (!Arrays.equals(live, liveIn[b.number])) {
                    System.arraycopy(live, 0, liveIn[b.number], 0, n);
                    changed = true;
                }
            }
        }
        // a call may panic, and the panic be recovered
        recover = m.f.recover == null ? new long[n] : liveIn[m.byId[m.f.recover.id].number];
        for (MBlock b : m.order) {
            atEnd(b, live);
            backwards(b, live, true);
        }
    }

    private void atEnd(MBlock b, long[] live) {
        Arrays.fill(live, 0);
        for (MBlock s : b.succs) {
            long[] in = liveIn[s.number];
            for (int k = 0; k < live.length; k++) {
                live[k] |= in[k];
            }
        }
    }

    private void backwards(MBlock b, long[] live, boolean note) {
        for (int i = b.count - 1; i >= 0; i--) {
            Inst in = b.insts[i];
            if (note && in.isCall()) {
                in.liveWords = live.clone();
            }
            if (in.memKind == Inst.M_SLOT) {
                access(in, live);
            }
            if (in.form == Inst.Form.MOVE && in.y <= Inst.LOC_REMAT) {
                address(m.remat[in.v], live);
            } else if (in.form == Inst.Form.NOTHING) {
                for (int v : in.use) {
                    address(m.remat[v], live);
                }
            }
        }
    }

    /** The address of a variable is made here. */
    private void address(Value v, long[] live) {
        if (v != null && v.op == Op.LOCAL_ADDR) {
            object(((Slot) v.aux).id, live);
        }
    }

    private void object(int slot, long[] live) {
        objects[slot] = true;
        read(slot, 0, Integer.MAX_VALUE, live);
    }

    private void access(Inst in, long[] live) {
        int slot = ((Slot) in.memAux).id;
        int size = storeSize(in);
        if (size > 0) {
            overwrite(slot, in.memDisp, in.memDisp + size, live);
        } else if (in.form == Inst.Form.MACRO || in.op == Amd64Op.LEAQ || in.memIndex >= 0) {
            object(slot, live);
        } else {
            // no operand is wider than 16 bytes
            read(slot, in.memDisp, in.memDisp + 16, live);
        }
    }

    /** Bytes written by a plain store that reads nothing there; 0 = another instruction. */
    private static int storeSize(Inst in) {
        if (in.form != Inst.Form.PLAIN || in.b != Inst.MEM || in.c != Inst.NONE || in.immFirst || in.lock || in.memIndex >= 0) {
            return 0;
        }
        return switch (in.op) {
            case MOVQ -> 8;
            case MOVUPS -> 16;
            default -> 0;
        };
    }

    private void read(int slot, int from, int to, long[] live) {
        int first = firstBit[slot];
        for (int i = first; first >= 0 && i < bits && bitSlot[i] == slot; i++) {
            if (whole[slot] || 8 * bitWord[i] < to && 8 * bitWord[i] + 8 > from) {
                live[i >> 6] |= 1L << i;
            }
        }
    }

    private void overwrite(int slot, int from, int to, long[] live) {
        int first = firstBit[slot];
        for (int i = first; first >= 0 && !whole[slot] && i < bits && bitSlot[i] == slot; i++) {
            if (8 * bitWord[i] >= from && 8 * bitWord[i] + 8 <= to) {
                live[i >> 6] &= ~(1L << i);
            }
        }
    }
}
