// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.List;
import mica.ssa.AbiSig;
import mica.ssa.MType;
import mica.types.Type;

/**
 * Where parameters and results travel: Go's published ABIInternal assignment, or ABI0 (everything on the stack).
 *
 * <p>Each parameter in turn takes registers for all of its parts, in the order of its fields, or else none: then it lies on the
 * stack. Zero-size parameters lie on the stack too. After the stack arguments follow the stack results, then the spill area: one
 * place, laid out as the type, for each register-assigned parameter. Every part of a register-assigned parameter is one
 * {@link AbiSig.Loc}; on the stack a scalar type gives one Loc per part, any other one memory Loc.
 */
final class Abi {
    static final int INT_REGS = 9;
    static final int FLOAT_REGS = 15;

    final AbiSig sig;
    /** Layouts of the parameters, receiver first, and of the results. */
    final Layout[] params;
    final Layout[] results;
    /** First Loc of each parameter; one more entry at the end. */
    final int[] paramStart;
    final int[] resultStart;
    /** The parameter travels as one address. */
    final boolean[] paramByval;
    final boolean[] resultByval;

    private int ints;
    private int floats;
    private long stack;

    private Abi(Layout[] params, Layout[] results, int abi) {
        this.params = params;
        this.results = results;
        paramStart = new int[params.length + 1];
        resultStart = new int[results.length + 1];
        paramByval = new boolean[params.length];
        resultByval = new boolean[results.length];
        List<AbiSig.Loc> args = new ArrayList<>();
        List<AbiSig.Loc> res = new ArrayList<>();
        boolean[] inRegs = new boolean[params.length];
        int[] firstInt = new int[params.length];
        int[] firstFloat = new int[params.length];
        for (int i = 0; i < params.length; i++) {
            firstInt[i] = ints;
            firstFloat[i] = floats;
            inRegs[i] = abi == 1 && takeRegs(params[i]);
        }
        // Stack offsets of stack parameters come first, in order; spill offsets are known only after the results.
        long[] offset = new long[params.length];
        for (int i = 0; i < params.length; i++) {
            if (!inRegs[i]) {
                offset[i] = takeStack(params[i]);
            }
        }
        stack = align(stack, 8);
        ints = 0;
        floats = 0;
        boolean[] resRegs = new boolean[results.length];
        for (int i = 0; i < results.length; i++) {
            resultStart[i] = res.size();
            int ri = ints;
            int rf = floats;
            resRegs[i] = abi == 1 && takeRegs(results[i]);
            if (resRegs[i]) {
                addRegs(results[i], ri, rf, -1, res);
            } else {
                resultByval[i] = addStack(results[i], takeStack(results[i]), res);
            }
        }
        resultStart[results.length] = res.size();
        stack = align(stack, 8);
        int stackSize = (int) stack;
        for (int i = 0; i < params.length; i++) {
            paramStart[i] = args.size();
            if (inRegs[i]) {
                addRegs(params[i], firstInt[i], firstFloat[i], takeStack(params[i]), args);
            } else {
                paramByval[i] = addStack(params[i], offset[i], args);
            }
        }
        paramStart[params.length] = args.size();
        stack = align(stack, 8);
        sig = new AbiSig(abi, args.toArray(new AbiSig.Loc[0]), res.toArray(new AbiSig.Loc[0]), stackSize, (int) stack - stackSize);
    }

    static Abi of(Layouts layouts, Type[] params, Type[] results, int abi) {
        return new Abi(layouts.of(params), layouts.of(results), abi);
    }

    private static long align(long n, int to) {
        return (n + to - 1) / to * to;
    }

    private long takeStack(Layout l) {
        stack = align(stack, l.align);
        long at = stack;
        stack += l.size;
        return at;
    }

    private boolean takeRegs(Layout l) {
        if (l.isZeroSize() || l.parts == null) {
            return false;
        }
        int i = ints;
        int f = floats;
        for (MType t : l.parts) {
            if (t.isFloat()) {
                f++;
            } else {
                i++;
            }
        }
        if (i > INT_REGS || f > FLOAT_REGS) {
            return false;
        }
        ints = i;
        floats = f;
        return true;
    }

    private static void addRegs(Layout l, int ints, int floats, long spill, List<AbiSig.Loc> out) {
        for (int k = 0; k < l.parts.length; k++) {
            MType t = l.parts[k];
            int reg = t.isFloat() ? floats++ : ints++;
            out.add(new AbiSig.Loc(t, reg, -1, spill < 0 ? -1 : (int) (spill + l.offsets[k]), 0, null));
        }
    }

    /** Returns whether it is a memory argument. */
    private static boolean addStack(Layout l, long at, List<AbiSig.Loc> out) {
        if (l.scalar) {
            for (int k = 0; k < l.parts.length; k++) {
                out.add(new AbiSig.Loc(l.parts[k], -1, (int) (at + l.offsets[k]), -1, 0, null));
            }
            return false;
        }
        if (l.isZeroSize()) {
            return false;
        }
        out.add(new AbiSig.Loc(MType.PTR, -1, (int) at, -1, (int) l.size, l.ptrMask()));
        return true;
    }
}
