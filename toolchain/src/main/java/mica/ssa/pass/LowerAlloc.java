// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.base.Fault;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/**
 * Decides where each ALLOC lives: in a stack slot if it does not escape, else on the heap (runtime.newobject). Required: nothing
 * behind this pass knows ALLOC. Without optimization everything that may go to the heap does.
 */
final class LowerAlloc {
    /** Other allocations: new, literals, make. */
    private static final long MAX_IMPLICIT = 64 << 10;

    /** Decides for one function where each ALLOC goes. */
    static final class Choice {
        private final Func f;
        private final PassContext c;
        private Escape e;
        private Cfg cfg;
        private boolean solved;

        Choice(Func f, PassContext c) {
            this.f = f;
            this.c = c;
        }

        private void solve() {
            if (!solved) {
                solved = true;
                e = c.off.contains("escape") ? null : Escape.of(f, Summaries.of(c));
                cfg = e == null ? null : new Cfg(f);
            }
        }

        boolean onStack(Value v) {
            Alloc a = (Alloc) v.aux;
            solve();
            return a.forceStack || !alwaysHeap(a) && e != null && cfg.reached(v.block) && !e.escapes(v);
        }

        /** Whether what the call makes is gone before the frame is. */
        boolean inFrame(Value call) {
            solve();
            return e != null && cfg.reached(call.block) && !e.escapes(call);
        }

        /** Whether it may be written meanwhile. */
        boolean written(Value call) {
            return e.written(call);
        }

        /** Why it does not go to the stack. */
        String reason(Value v) {
            Alloc a = (Alloc) v.aux;
            return alwaysHeap(a) ? "too large for stack" : e == null ? "escape analysis is off"
                    : e.inLoop(v) ? "an earlier one may be in use in the same loop" : "it may be used after the function returns";
        }
    }

    private LowerAlloc() {}

    static void run(Func f, PassContext c) {
        Choice choice = new Choice(f, c);
        if (c.log != null) {
            EscapeReport.run(f, c, choice);
        }
        if (c.optimize && !f.nosplit) {
            LowerMade.run(f, c, choice);
        }
        for (int bi = 0; bi < f.blocks.size(); bi++) {
            Block b = f.blocks.get(bi);
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op != Op.ALLOC) {
                    continue;
                }
                Alloc a = (Alloc) v.aux;
                i = choice.onStack(v) ? toSlot(f, b, i, v, a) : converted(f, b, i, v, a, c) ? i - 1 : toHeap(f, b, i, v, a, c);
            }
        }
        f.allocated = true;
    }

    /** It goes to the heap whatever is done with it, so what is stored in it does too. */
    static boolean alwaysHeap(Alloc a) {
        return !a.forceStack && (a.forceHeap || a.size > limit(a));
    }

    private static long limit(Alloc a) {
        return a.kind == Alloc.Kind.VARIABLE ? Alloc.MAX_VARIABLE : MAX_IMPLICIT;
    }

    private static int toSlot(Func f, Block b, int i, Value v, Alloc a) {
        Slot s = f.newSlot(a.name, a.size, a.align, a.ptrMask);
        s.goType = a.goType;
        s.initialized = b == f.entry && noSafepointBefore(b, i);
        v.reset(Op.LOCAL_ADDR, MType.PTR);
        v.aux = s;
        Value z = f.newValue(Op.ZERO, MType.VOID, b, v.pos);
        z.inline = v.inline;
        z.addArg(v);
        z.auxInt = a.size;
        z.aux = a.goType;
        b.insert(i + 1, z);
        return i + 1;
    }

    private static boolean noSafepointBefore(Block b, int at) {
        for (int i = 0; i < at; i++) {
            if (b.values[i].op.isCall() || b.values[i].op.isCheck()) {
                return false;
            }
        }
        return true;
    }

    /**
     * A box for a small number, a string or a slice is made by a service that knows some for good: if the value is stored in it right
     * behind, alloc and stores become a call.
     */
    private static boolean converted(Func f, Block b, int at, Value box, Alloc a, PassContext c) {
        int words = (int) (a.size + 7) / 8;
        if (a.conversion == null || at + words >= b.count) {
            return false;
        }
        Value[] parts = new Value[words];
        for (int k = 0; k < words; k++) {
            Value s = b.values[at + 1 + k];
            if (s.op != Op.STORE || s.args[0] != box || s.auxInt != 8L * k) {
                return false;
            }
            parts[k] = s.args[1];
        }
        for (int k = 0; k <= words; k++) {
            b.removeAt(at);
        }
        Value call = f.newValue(Op.CALL, MType.TUPLE, b, box.pos);
        call.inline = box.inline;
        call.aux = c.services.runtimeCall(a.conversion);
        for (Value p : parts) {
            if (p.type.isFloat()) {
                Value bits = f.newValue(Op.BITCAST, p.type == MType.F64 ? MType.I64 : MType.I32, b, box.pos);
                bits.inline = box.inline;
                bits.addArg(p);
                b.insert(at++, bits);
                p = bits;
            }
            call.addArg(p);
        }
        b.insert(at, call);
        box.reset(Op.RESULT, MType.PTR);
        box.addArg(call);
        b.insert(at + 1, box);
        return true;
    }

    private static int toHeap(Func f, Block b, int i, Value v, Alloc a, PassContext c) {
        if (f.runtimeRules && a.kind != Alloc.Kind.NEW && a.kind != Alloc.Kind.BOX && a.kind != Alloc.Kind.MAKE_SLICE) {
            throw new Fault("escape", f.name + ": " + a.name + " would go to the heap, which the runtime forbids");
        }
        CallInfo info = c.services.runtimeCall("newobject");
        Value type = f.newValue(Op.ADDR, MType.PTR, b, v.pos);
        type.aux = a.typeDescriptor;
        Value call = f.newValue(Op.CALL, MType.TUPLE, b, v.pos);
        call.addArg(type);
        call.aux = info;
        type.inline = v.inline;
        call.inline = v.inline;
        v.reset(Op.RESULT, MType.PTR);
        v.addArg(call);
        b.insert(i, type);
        b.insert(i + 1, call);
        return i + 2;
    }
}
