// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import mica.ssa.Block;

/** A block of machine instructions. */
final class MBlock {
    enum End {
        /** Goes on at succs[0]. */
        GOTO,
        /** Jumps on {@link #cond} to succs[0], else succs[1]. */
        BRANCH,
        /** The last instruction leaves. */
        LEAVE
    }

    final Block ssa;
    /** Position in reverse postorder. */
    int number;
    MBlock[] preds;
    MBlock[] succs;
    int loopDepth;
    /** Innermost loop's header (may be this block); null = none. */
    MBlock loop;
    /** Loop headers: the loop, or a loop inside, contains a call outside of cold blocks. */
    boolean loopHasCall;
    /** Loop headers: largest number of values alive at once, by class. */
    int loopPressureInt;
    int loopPressureFloat;
    MBlock idom;
    int domDepth;
    /** Rarely executed. */
    boolean cold;

    Inst[] insts = new Inst[8];
    int count;
    End end = End.LEAVE;
    int cond;

    /** Destinations of phis (vregs) and their operands, one row per predecessor. */
    int[] phis = Inst.NO_REGS;
    int[][] phiArgs = {};

    // Liveness: vregs alive at the start (phis excluded) and at the end, with distance to the next use.
    int[] liveIn = Inst.NO_REGS;
    int[] liveInDist = Inst.NO_REGS;
    int[] liveOut = Inst.NO_REGS;
    int[] liveOutDist = Inst.NO_REGS;
    int pressureInt;
    int pressureFloat;
    boolean hasCall;

    // Register allocation: which vreg each register holds at start and end; -1 = none.
    int[] startRegs;
    int[] endRegs;
    boolean allocated;
    /** Instructions at the start that belong to the edge from the only predecessor. */
    int startMoves;
    /** Position of the first instruction in the numbering of all. */
    int firstPos;

    // Emission.
    int label = -1;

    MBlock(Block ssa) {
        this.ssa = ssa;
    }

    void add(Inst i) {
        if (count == insts.length) {
            insts = Arrays.copyOf(insts, Math.max(8, count * 2));
        }
        insts[count++] = i;
    }

    @Override
    public String toString() {
        return ssa.toString();
    }
}
