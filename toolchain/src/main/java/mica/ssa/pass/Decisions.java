// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;

/**
 * What the passes decided about one function, and why, in the order in which it was decided. A pass writes here only if somebody
 * asked ({@link PassContext#log} is not null), and never decides otherwise because of it.
 */
public final class Decisions {
    public enum Kind {
        /** The function itself: may it be inlined elsewhere. */
        INLINABLE,
        /** A call. */
        CALL,
        /** A place that asks for memory. */
        ALLOCATION,
        /** A parameter: what a call does to what it points to. */
        PARAMETER,
        BOUNDS_CHECK,
        NIL_CHECK,
        /** A call through an interface. */
        INTERFACE_CALL
    }

    /** A step in an explanation, at a position. */
    public record Step(int pos, InlineSite inline, String text) {}

    /**
     * @param what what it is about: a callee, an expression, a check
     * @param done the good outcome: inlined, on the stack, removed, devirtualized, does not leak
     * @param result the outcome in a word or two
     * @param reason why, or the fact that was used, or what is missing; may be empty
     * @param number a cost, a size, the loads between a parameter and what leaks, or -1
     * @param steps how it came about; may be empty
     */
    public record Decision(Kind kind, int pos, InlineSite inline, String what, boolean done, String result, String reason, int number,
            List<Step> steps) {}

    /** The function, and its name in messages. */
    public final FuncRef ref;
    public final String linkName;
    public final String name;
    public final List<Decision> list = new ArrayList<>();
    /** Lines as the compiler's remarks (-m) have them, at the positions of the outermost code. */
    public final List<Step> remarks = new ArrayList<>();
    /** Remarks of -d=ssa/prove/debug, -d=ssa/check_bce/debug and -d=nil. */
    public final List<Step> proofs = new ArrayList<>();
    public final List<Step> bounds = new ArrayList<>();
    public final List<Step> nils = new ArrayList<>();
    /** Remarks of -live. */
    public final List<Step> live = new ArrayList<>();
    final Checks checks = new Checks(this);
    /** Instances of generic functions that were inlined, and where they were called: in which function, itself inlined or not. */
    public final Map<String, Set<String>> inlined = new TreeMap<>();

    public Decisions(FuncRef ref, String linkName, String name) {
        this.ref = ref;
        this.linkName = linkName;
        this.name = name;
    }

    /** Once code is made: which of the checks that stayed cost an instruction. @param hasCode whether the value of an id has code of its own */
    public void emitted(IntPredicate hasCode) {
        checks.emitted(hasCode);
    }

    void inlined(FuncRef callee, InlineSite at) {
        if (callee.shownName().contains("[...]")) {
            inlined.computeIfAbsent(callee.linkName, k -> new TreeSet<>()).add(at == null ? linkName : at.callee.linkName);
        }
    }

    void add(Kind kind, int pos, InlineSite inline, String what, boolean done, String result, String reason, int number) {
        list.add(new Decision(kind, pos, inline, what, done, result, reason, number, List.of()));
    }

    void remark(int pos, InlineSite inline, String text) {
        remarks.add(new Step(outermost(pos, inline), null, text));
    }

    /** The position in the function's own source where inlined code was called. */
    public static int outermost(int pos, InlineSite inline) {
        for (InlineSite s = inline; s != null; s = s.parent) {
            pos = s.callPos;
        }
        return pos;
    }

    /** Notes in {@code c.log} whether a function may be inlined where it is called. */
    public static void inlinable(FuncRef ref, boolean literal, PassContext c) {
        Inline.inlinable(ref, literal, c);
    }
}
