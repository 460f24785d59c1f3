// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.List;
import mica.ssa.CallInfo;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;
import mica.ssa.Value;

/** Puts the inliner's decisions into words. */
final class InlineReport {
    private InlineReport() {}

    static void function(Decisions log, FuncRef ref, InlineBody body, int budget, List<Decisions.Step> tree) {
        boolean can = body != null && body.func != null && body.cost <= budget;
        String why = body == null ? "marked go:noinline" : can ? "" : reason(body.never == null ? "function too complex" : body.never,
                body.cost, budget);
        int cost = body == null || body.cost == Integer.MAX_VALUE ? -1 : body.cost;
        log.list.add(new Decisions.Decision(Decisions.Kind.INLINABLE, ref.pos, null, log.name, can, can ? "can inline" : "cannot inline", why,
                cost, tree));
        if (can) {
            log.remark(ref.pos, null, "can inline " + log.name);
        }
    }

    static void inlined(Decisions log, Value call, FuncRef ref, int cost) {
        String name = shortName(ref.linkName, log.linkName);
        log.add(Decisions.Kind.CALL, call.pos, call.inline, name, true, "inlined", "", cost);
        boolean service = isRuntime(ref) || ofRuntime(call.inline);
        if (!service || log.linkName.startsWith("runtime.")) {
            log.remark(call.pos, call.inline, "inlining call to " + name);
        }
    }

    private static boolean isRuntime(FuncRef ref) {
        return ref.linkName.startsWith("runtime.") && ref.linkName.length() > 8 && !Character.isUpperCase(ref.linkName.charAt(8));
    }

    /** Whether code came by inlining a service of package runtime, which no source of other packages names. */
    static boolean ofRuntime(InlineSite inline) {
        for (InlineSite s = inline; s != null; s = s.parent) {
            if (isRuntime(s.callee)) {
                return true;
            }
        }
        return false;
    }

    static void kept(Decisions log, Value call, FuncRef ref, String why, int cost, int budget) {
        CallInfo info = (CallInfo) call.aux;
        String name = ref != null ? shortName(ref.linkName, log.linkName) : info.callee != null ? info.callee.name : "a function value";
        log.add(Decisions.Kind.CALL, call.pos, call.inline, name, false, "called", reason(why, cost, budget),
                cost == Integer.MAX_VALUE ? -1 : cost);
    }

    private static String reason(String why, int cost, int budget) {
        return why.equals("function too complex") ? why + ": cost " + cost + " exceeds budget " + budget : why;
    }

    /** A function as messages about another call it: without the common package, or with the last element of its package's path. */
    static String shortName(String name, String from) {
        int bracket = name.indexOf('[');
        int slash = (bracket < 0 ? name : name.substring(0, bracket)).lastIndexOf('/');
        int dot = name.indexOf('.', slash + 1);
        String pkg = dot < 0 ? "" : name.substring(0, dot + 1);
        return !pkg.isEmpty() && from.startsWith(pkg) ? name.substring(dot + 1) : name.substring(slash + 1);
    }
}
