// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.List;
import mica.ssa.Alloc;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.InlineSite;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Says what escape analysis found: for each place in the source that asks for memory, whether it escapes, and for each parameter,
 * where what it points to may go. For allocations it is the very decision that {@link LowerAlloc} carries out; memory that only the
 * runtime can make (of a size known at run time, say) is followed in the same way; it lies on the heap, or in room that {@link LowerMade} gives.
 */
final class EscapeReport {
    private final Func f;
    private final PassContext c;
    private final Decisions log;
    private final LowerAlloc.Choice choice;

    private EscapeReport(Func f, PassContext c, LowerAlloc.Choice choice) {
        this.f = f;
        this.c = c;
        this.log = c.log;
        this.choice = choice;
    }

    /** Called before allocations are lowered. */
    static void run(Func f, PassContext c, LowerAlloc.Choice choice) {
        Devirtualize.report(f, c);
        if (f.notes != null) {
            EscapeReport r = new EscapeReport(f, c, choice);
            r.sites();
            r.parameters();
        }
    }

    private void sites() {
        if (f.notes.sites.isEmpty()) {
            return;
        }
        Escape e = Escape.ofSites(f, Summaries.of(c), f.notes.sites);
        for (FuncNotes.Site s : f.notes.sites) {
            Value v = s.value == null ? null : DeadCode.resolve(s.value);
            boolean gone = v == null || !present(v);
            boolean escapes = !gone && (v.op == Op.ALLOC ? !choice.onStack(v) : e.siteEscapes(v));
            String where = gone ? "nowhere: nobody uses it" : v.op == Op.ALLOC ? escapes ? "heap" : "stack"
                    : v.op == Op.ADDR ? "read-only data" : v.op == Op.RESULT ? !escapes && hasRoom(v) ? "stack if it is small, else heap"
                    : "heap: made by the runtime" : "inside another value";
            String why = !escapes ? "" : v.op != Op.ALLOC ? "it may be used after the function returns" : choice.reason(v);
            List<Decisions.Step> steps = escapes && v.op == Op.ALLOC ? new EscapeChain(f, e).of(v) : List.of();
            log.list.add(new Decisions.Decision(Decisions.Kind.ALLOCATION, s.pos, s.inline, s.text, !escapes, where, why,
                    !gone && v.op == Op.ALLOC ? (int) Math.min(((Alloc) v.aux).size, Integer.MAX_VALUE) : -1, steps));
            if (fromRuntime(s.inline)) {
                continue;
            }
            if (s.variable) {
                if (escapes) {
                    log.remark(s.pos, s.inline, "moved to heap: " + s.text);
                }
            } else {
                log.remark(s.pos, s.inline, s.text + (escapes ? " escapes to heap" : " does not escape"));
            }
        }
    }

    private static boolean hasRoom(Value result) {
        return result.args[0].aux instanceof CallInfo call && call.room != null;
    }

    /** Code of a service of package runtime that was inlined: not worth a remark anywhere else. */
    private boolean fromRuntime(InlineSite inline) {
        return InlineReport.ofRuntime(inline) && !log.linkName.startsWith("runtime.");
    }

    private static boolean present(Value v) {
        for (int i = 0; i < v.block.count; i++) {
            if (v.block.values[i] == v) {
                return true;
            }
        }
        return false;
    }

    private void parameters() {
        if (f.notes.params.isEmpty()) {
            return;
        }
        Escape e = Escape.ofParameters(f, Summaries.of(c));
        for (FuncNotes.Param p : f.notes.params) {
            if (p.pointers() && !p.name().equals("_") && !p.name().isEmpty() && !moved(p)) {
                parameter(e, p);
            }
        }
    }

    /** The parameter's variable itself is on the heap: that is all that is said of it. */
    private boolean moved(FuncNotes.Param p) {
        for (FuncNotes.Site s : f.notes.sites) {
            Value v = s.value == null ? null : DeadCode.resolve(s.value);
            if (v != null && s.variable && s.inline == null && s.pos == p.pos() && v.op == Op.ALLOC && present(v) && !choice.onStack(v)) {
                return true;
            }
        }
        return false;
    }

    private void parameter(Escape e, FuncNotes.Param p) {
        int heap = e.heapLevel(p);
        boolean leaks = heap >= 0;
        if (leaks) {
            String text = (heap == 0 ? "leaking param: " : "leaking param content: ") + p.name();
            say(p, heap == 0 ? "the pointer may outlive the call" : "pointers in what it points to may outlive the call", text, heap, new EscapeChain(f, e).of(p, -1, heap));
        }
        for (int r = 0; r < f.notes.results.size(); r++) {
            int level = e.resultLevel(p, r);
            if (level >= 0 && (heap < 0 || level < heap)) {
                leaks = true;
                say(p, "returned", "leaking param: " + p.name() + " to result " + f.notes.results.get(r) + " level=" + level, level, new EscapeChain(f, e).of(p, r, level));
            }
        }
        if (!leaks) {
            say(p, "", p.name() + " does not escape", -1, List.of());
        }
    }

    /** @param loads between the parameter and what leaks; -1 = nothing does */
    private void say(FuncNotes.Param p, String reason, String text, int loads, List<Decisions.Step> steps) {
        log.list.add(new Decisions.Decision(Decisions.Kind.PARAMETER, p.pos(), null, p.name(), loads < 0, text, reason, loads, steps));
        log.remark(p.pos(), null, text);
    }
}
