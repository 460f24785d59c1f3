// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Value;

/** A function as machine instructions over virtual registers. SSA value ids are virtual register numbers; temporaries follow. */
final class MFunc {
    static final int NO_HOME = Integer.MIN_VALUE;

    final Func f;
    final CodeSymbols symbols;
    /** Blocks in reverse postorder; the recover block stands last. */
    MBlock[] order;
    /** By SSA block id. */
    MBlock[] byId;

    int vregs;
    MType[] type;
    /** Values that are made anew instead of being spilled. */
    Value[] remat;
    /** Offset in the incoming argument area where the value lies from the start on; NO_HOME = elsewhere. */
    int[] home;

    /** Arguments in registers that are used. */
    final boolean[] argUsed;

    /** Bytes of the outgoing argument area. */
    int outSize;
    boolean hasCalls;
    /** Calls of functions with ABI0: g must be kept in the frame. */
    boolean savesG;
    /** Some parallel copy needs a slot of its own. */
    boolean needsScratch;

    /** Per vreg: must be stored to its home after definition. */
    boolean[] spilled;
    /** Per vreg: a phi that has no register at its block's start. */
    boolean[] memoryPhi;
    /** Per vreg: offset of its home among the spill slots; -1 = none. */
    int[] slot;
    int spillSlots;

    MFunc(Func f, CodeSymbols symbols) {
        this.f = f;
        this.symbols = symbols;
        argUsed = new boolean[f.sig.args.length];
        vregs = f.valueCount();
        int n = vregs + 16 + vregs / 4;
        type = new MType[n];
        remat = new Value[n];
        home = new int[n];
        Arrays.fill(home, NO_HOME);
    }

    int temp(MType t) {
        if (vregs == type.length) {
            int n = vregs * 2;
            type = Arrays.copyOf(type, n);
            remat = Arrays.copyOf(remat, n);
            home = Arrays.copyOf(home, n);
            Arrays.fill(home, vregs, n, NO_HOME);
        }
        type[vregs] = t;
        return vregs++;
    }

    boolean isFloat(int v) {
        return type[v].isFloat();
    }
}
