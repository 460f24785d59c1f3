// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import mica.obj.Symbol;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Replaces calls of small functions by their bodies. Works from the caller down: what an inlined body calls is looked at in the
 * next round, unless the function is in the chain of calls already. A decision depends on the callee's own body and on
 * the call alone, never on what was compiled before, so it is the same in every build.
 *
 * <p>Calls of closures take part when the code is known: a function value without captured variables is a read-only symbol that
 * names it, others are an ALLOC with the code's address stored in its first word.
 */
final class Inline {
    /** Cost of a body that is inlined anywhere. */
    private static final int BUDGET = 40;
    /** Cost of a closure's body: what it saves is more, since its captured variables can stay in registers. */
    private static final int CLOSURE_BUDGET = 120;
    /** Rounds, which is the depth of calls inside inlined bodies. */
    private static final int ROUNDS = 5;
    /** A function stops growing when this many values were added. */
    private static final int MAX_GROWTH = 3000;

    private final Func f;
    private final PassContext c;
    private int grown;
    /** A body that never returns was put in: blocks behind it are gone. */
    private boolean shrunk;

    private Inline(Func f, PassContext c) {
        this.f = f;
        this.c = c;
    }

    static void run(Func f, PassContext c) {
        Inline x = new Inline(f, c);
        x.run();
        if (c.log != null) {
            x.report();
        }
    }

    private void run() {
        for (int round = 0; round < ROUNDS && grown < MAX_GROWTH; round++) {
            boolean changed = round > 0 && Devirtualize.changed(f, c);
            ArrayList<Value> calls = new ArrayList<>();
            for (Block b : f.blocks) {
                // What ends in a panic is not worth its size.
                if (b.kind == Block.Kind.UNREACHABLE) {
                    continue;
                }
                for (int i = 0; i < b.count; i++) {
                    if (b.values[i].op == Op.CALL || b.values[i].op == Op.CALL_CLOSURE) {
                        calls.add(b.values[i]);
                    }
                }
            }
            for (Value v : calls) {
                if (grown < MAX_GROWTH && (!shrunk || f.blocks.contains(v.block)) && inline(v)) {
                    changed = true;
                }
            }
            if (!changed) {
                break;
            }
            DeadCode.run(f, c);
            Fold.run(f, c);
            SimplifyCfg.run(f, c);
        }
    }

    private boolean inline(Value call) {
        if (refusal(call) != null) {
            return false;
        }
        boolean closure = call.op == Op.CALL_CLOSURE;
        FuncRef ref = callee(call);
        InlineBody body = InlineBody.of(ref, c);
        if (c.log != null) {
            InlineReport.inlined(c.log, call, ref, body.cost);
            c.log.inlined(ref, call.inline);
        }
        shrunk |= !new Splice(f, call, ref, body.func, closure).run();
        grown += body.values;
        return true;
    }

    private static FuncRef callee(Value call) {
        return call.op == Op.CALL_CLOSURE ? code(call.args[0]) : call.op == Op.CALL ? ((CallInfo) call.aux).ref : null;
    }

    /** Null if the call is to be inlined, else why not. */
    private String refusal(Value call) {
        if (f.recover != null && reachedFromRecover(call.block)) {
            return "runs after a recovered panic";
        }
        CallInfo info = (CallInfo) call.aux;
        boolean closure = call.op == Op.CALL_CLOSURE;
        FuncRef ref = callee(call);
        if (ref == null || info.sig == null) {
            return info.callee == null ? "callee not known" : "function of the runtime or in assembly";
        }
        if (info.room != null) { // it may lie in this frame only as a call
            return "service of the runtime";
        }
        if (ref.noInline) {
            return "marked go:noinline";
        }
        if (ref == f.ref || inChain(call.inline, ref)) {
            return "recursive";
        }
        InlineBody body = InlineBody.of(ref, c);
        if (body.func == null) {
            return body.never;
        }
        if (body.cost > budget(call)) {
            return "function too complex";
        }
        if (f.runtimeRules && !body.func.runtimeRules && body.allocates) {
            return "may allocate, which the runtime forbids";
        }
        return body.func.sig.args.length != call.argCount - (closure ? 1 : 0) || body.func.needsContext && !closure
                ? "called with other parameters than declared" : null;
    }

    private static int budget(Value call) {
        return call.op == Op.CALL_CLOSURE || takesClosure(call) ? CLOSURE_BUDGET : BUDGET;
    }

    /** Says what became of the calls that are still there. */
    private void report() {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.CALL || v.op == Op.CALL_CLOSURE) {
                    String why = b.kind == Block.Kind.UNREACHABLE ? "on the way to a panic" : refusal(v);
                    FuncRef ref = callee(v);
                    int cost = ref == null || ref.noInline || b.kind == Block.Kind.UNREACHABLE ? -1 : InlineBody.of(ref, c).cost;
                    InlineReport.kept(c.log, v, ref, why == null ? "the caller has grown too much" : why, cost, budget(v));
                }
            }
        }
    }

    /** Says whether the function itself may be inlined elsewhere. */
    static void inlinable(FuncRef ref, boolean literal, PassContext c) {
        if (c.optimize && !c.off.contains("inline")) {
            InlineReport.function(c.log, ref, ref.noInline ? null : InlineBody.of(ref, c), literal ? CLOSURE_BUDGET : BUDGET,
                    InlineCost.of(ref, c));
        }
    }

    private boolean reachedFromRecover(Block b) {
        return b == f.recover;
    }

    private static boolean inChain(InlineSite s, FuncRef ref) {
        for (; s != null; s = s.parent) {
            if (s.callee == ref) {
                return true;
            }
        }
        return false;
    }

    /** An argument is a closure whose code is known: inlining opens the way to inline that one too. */
    private static boolean takesClosure(Value call) {
        for (int i = 0; i < call.argCount; i++) {
            if (code(call.args[i]) != null) {
                return true;
            }
        }
        return false;
    }

    /** The function that a func value runs, if it is known. */
    static FuncRef code(Value fn) {
        fn = DeadCode.resolve(fn);
        if (fn.op == Op.ADDR && fn.auxInt == 0) {
            Symbol s = (Symbol) fn.aux;
            boolean value = s.name.endsWith("\u00b7f") && s.relocCount == 1 && s.relocOffset[0] == 0 && s.relocAddend[0] == 0;
            return value && s.relocTarget[0].origin instanceof FuncRef r ? r : null;
        }
        if (fn.op != Op.ALLOC || ((Alloc) fn.aux).kind != Alloc.Kind.CLOSURE) {
            return null;
        }
        Block b = fn.block;
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op == Op.STORE && v.args[0] == fn && v.auxInt == 0) {
                return v.args[1].op == Op.ADDR && ((Symbol) v.args[1].aux).origin instanceof FuncRef r ? r : null;
            }
        }
        return null;
    }
}
