// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.Op;
import mica.ssa.Value;

/** A function as the inliner sees it: a simplified body that is only read, and what it costs. Kept in {@link FuncRef#inlineBody}. */
final class InlineBody {
    /** Bodies above this cost are not kept. */
    private static final int MAX_COST = 120;
    private static final int CALL_COST = 14;

    /** Null: never inlined. */
    final Func func;
    final int cost;
    final int values;
    final boolean allocates;
    /** Why it is never inlined; null if it may be. */
    final String never;

    private InlineBody(Func func, int cost, int values, boolean allocates, String never) {
        this.func = func;
        this.cost = cost;
        this.values = values;
        this.allocates = allocates;
        this.never = never;
    }

    private static InlineBody never(String why) {
        return new InlineBody(null, Integer.MAX_VALUE, 0, false, why);
    }

    static InlineBody of(FuncRef ref, PassContext c) {
        if (ref.inlineBody instanceof InlineBody b) {
            return b;
        }
        InlineBody b = make(ref, c);
        ref.inlineBody = b;
        return b;
    }

    private static InlineBody make(FuncRef ref, PassContext c) {
        Func f;
        try {
            f = ref.build();
        } catch (mica.base.Fault e) {
            throw e;
        } catch (RuntimeException e) {
            // Something that the builder refuses: it is reported where the function itself is compiled.
            return never("cannot be compiled");
        }
        if (f == null || f.sig == null) {
            return never("no function body");
        }
        if (f.recover != null || f.wrapper) {
            return never(f.wrapper ? "wrapper" : "unhandled op DEFER");
        }
        DeadCode.run(f, c);
        Fold.run(f, c);
        SimplifyCfg.run(f, c);
        int cost = 0;
        int values = 0;
        boolean allocates = false;
        for (Block b : f.blocks) {
            cost += b.kind == Block.Kind.IF ? 1 : b.kind == Block.Kind.JUMP_TABLE ? 10 : 0;
            boolean cold = b.kind == Block.Kind.UNREACHABLE;
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                int n = cost(v);
                if (n < 0) {
                    return never("needs a frame of its own");
                }
                allocates |= v.op == Op.ALLOC;
                cost += cold ? n / 2 : n;
                values++;
            }
            if (cost > MAX_COST) {
                return new InlineBody(null, cost, 0, false, "function too complex");
            }
        }
        return new InlineBody(f, cost, values, allocates, null);
    }

    /** Negative: the body must keep a frame of its own. */
    static int cost(Value v) {
        switch (v.op) {
            case CONST, ADDR, LOCAL_ADDR, ARG, ARG_ADDR, PHI, COPY, RESULT, RESULT_ADDR, CLOSURE_CONTEXT, RETURN, OFF_PTR, KEEP_ALIVE,
                    VAR_DEF, NIL_CHECK:
                return 0;
            case CALLER_PC, CALLER_SP:
                return -1;
            case CALL:
                CallInfo info = (CallInfo) v.aux;
                return info.callee != null && frameSensitive(info.callee.name) ? -1 : CALL_COST;
            case CALL_CLOSURE, CALL_CODE:
                return CALL_COST;
            case MOVE, ZERO, ALLOC:
                return 2;
            default:
                return 1;
        }
    }

    /** Services that look at the frame that calls them. */
    private static boolean frameSensitive(String name) {
        return name.startsWith("runtime.deferproc") || name.equals("runtime.deferreturn") || name.equals("runtime.gorecover")
                || name.equals("runtime.getcallerpc") || name.equals("runtime.getcallersp") || name.equals("runtime.deferrangefunc")
                || name.equals("runtime.mcall") || name.equals("runtime.gosave") || name.equals("runtime.getcallerfp")
                || name.equals("runtime.publicationBarrier");
    }
}
