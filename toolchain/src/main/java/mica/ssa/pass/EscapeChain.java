// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Why an allocation escapes, or what a parameter points to leaks, as a chain of assignments: follows the address from value to value, through
 * memory of this function too, until an instruction that lets it go. The shortest chain is given.
 */
final class EscapeChain {
    /** A value, and how many loads lie between the address that is followed and it. */
    private record Place(Value value, int loads) {}

    /** No matter which way out. */
    private static final int ANYWHERE = -2;
    /** Ways out other than results. */
    private static final int HEAP = -1;

    private final Func f;
    private final Escape e;
    private final Map<Value, List<Value>> users = new HashMap<>();
    private final Map<Place, Place> cameFrom = new HashMap<>();
    private final ArrayDeque<Place> todo = new ArrayDeque<>();
    /** The way out that is looked for: ANYWHERE, HEAP or the number of a result. */
    private int target;
    /** How many loads there are on the way. */
    private int level;

    EscapeChain(Func f, Escape e) {
        this.f = f;
        this.e = e;
    }

    List<Decisions.Step> of(Value alloc) {
        if (((Alloc) alloc.aux).forceHeap) {
            return List.of(step(alloc, "too large for the stack, or its address must not move"));
        }
        target = ANYWHERE;
        level = 0;
        begin(alloc, 0);
        return search();
    }

    /**
     * How what a parameter points to gets out; empty if it cannot be said.
     *
     * @param result number of the result by which it does; -1 = otherwise
     * @param level how many loads lie between the parameter and what gets out
     */
    List<Decisions.Step> of(FuncNotes.Param p, int result, int level) {
        this.target = result < 0 ? HEAP : result;
        this.level = level;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if ((v.op == Op.ARG || v.op == Op.ARG_ADDR) && v.auxInt >= p.first() && v.auxInt < p.end()) {
                    begin(v, p.memory() ? -1 : 0);
                }
            }
        }
        return search();
    }

    private void begin(Value v, int loads) {
        Place p = new Place(v, loads);
        todo.add(p);
        cameFrom.put(p, null);
    }

    private List<Decisions.Step> search() {
        collectUsers();
        while (!todo.isEmpty()) {
            Place p = todo.poll();
            for (Value u : users.getOrDefault(p.value, List.of())) {
                String end = visit(p, u);
                if (end != null) {
                    return chain(p, u, end);
                }
            }
        }
        return List.of();
    }

    private void collectUsers() {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    users.computeIfAbsent(v.args[k], x -> new ArrayList<>()).add(v);
                }
            }
        }
    }

    private void reach(Place from, Value to) {
        reach(from, to, from.loads);
    }

    private void reach(Place from, Value to, int loads) {
        Place p = new Place(to, loads);
        if (loads <= level && !cameFrom.containsKey(p)) {
            cameFrom.put(p, from);
            todo.add(p);
        }
    }

    /** Whether an address gets out as is looked for when it gets out there other than by a result. */
    private boolean out(int loads) {
        return target < 0 && loads == level;
    }

    /** Goes on from p to its user u; not null if u lets the address go: how. */
    private String visit(Place p, Value u) {
        Value v = p.value;
        switch (u.op) {
            case OFF_PTR, ADD_PTR, COPY, PHI -> reach(p, u);
            case SELECT -> {
                if (u.args[0] != v) {
                    reach(p, u);
                }
            }
            case STORE -> {
                if (u.args[1] == v) {
                    return stored(p, u);
                }
            }
            case MOVE -> {
                if (u.args[1] == v) {
                    reach(p, u.args[0]);
                }
            }
            case RETURN -> {
                return p.loads == level && returned(v, u) ? "returned" : null;
            }
            case CALL, CALL_CLOSURE, CALL_CODE -> {
                return called(p, u);
            }
            case LOAD, ATOMIC_LOAD -> {
                if (u.type == MType.PTR) {
                    reach(p, u, p.loads + 1);
                }
            }
            case ZERO, NIL_CHECK, KEEP_ALIVE, VAR_DEF, EQ, NE, PREFETCH -> { }
            case ATOMIC_STORE, ATOMIC_XCHG, ATOMIC_CAS -> {
                if (u.args[0] != v && out(p.loads)) {
                    return "stored atomically";
                }
            }
            default -> {
                return u.op == Op.PTR_TO_INT && out(p.loads) ? "converted to a number" : null;
            }
        }
        return null;
    }

    private boolean returned(Value v, Value ret) {
        if (target == ANYWHERE) {
            return true;
        }
        for (int i = 0; i < ret.argCount; i++) {
            if (ret.args[i] == v && target >= 0 && f.notes.resultOf(i) == target) {
                return true;
            }
        }
        return false;
    }

    private String stored(Place p, Value store) {
        Set<Value> holders = new HashSet<>();
        boolean unknown = e.pointsTo(store.args[0], holders);
        if (unknown && out(p.loads)) {
            return "stored in memory of unknown lifetime";
        }
        for (Value h : holders) {
            if (e.escapes(h) && out(p.loads)) {
                return (((Alloc) h.aux).kind == Alloc.Kind.CLOSURE ? "captured by " : "stored in ") + ((Alloc) h.aux).name + ", which escapes";
            }
        }
        Value taker = contentsTaker(store.args[0]);
        if (taker != null && out(p.loads)) {
            return "stored in memory whose contents " + callee((CallInfo) taker.aux) + " lets go or is not known well enough";
        }
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value l = b.values[i];
                if (l.op == Op.LOAD && l.type == MType.PTR && e.shareObject(l.args[0], store.args[0])) {
                    reach(p, l);
                }
            }
        }
        return null;
    }

    /** A call that gets the memory at p and lets go what is found there; null = none. */
    private Value contentsTaker(Value p) {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value c = b.values[i];
                for (int k = 0; c.op.isCall() && k < c.argCount; k++) {
                    boolean gets = c.args[k].type == MType.PTR && e.shareObject(c.args[k], p);
                    if (gets && (e.flagsAt(c, c.args[k]) & (EscapeSummary.CONTENTS | EscapeSummary.CONTENTS_RETURNED)) != 0) {
                        return c;
                    }
                }
            }
        }
        return null;
    }

    private static String callee(CallInfo info) {
        return info.ref != null ? info.ref.shownName() : info.callee != null ? info.callee.name
                : info.methodName != null ? "method " + info.methodName + " of an interface" : "a function value";
    }

    private String called(Place p, Value call) {
        CallInfo info = (CallInfo) call.aux;
        int flags = e.flagsAt(call, p.value);
        for (Value u : users.getOrDefault(call, List.of())) {
            if (u.op == Op.RESULT && (flags & EscapeSummary.RETURNED) != 0) {
                reach(p, u);
            }
            if (u.op == Op.RESULT && (flags & EscapeSummary.CONTENTS_RETURNED) != 0) {
                reach(p, u, p.loads + 1);
            }
        }
        boolean self = (flags & EscapeSummary.SELF) != 0 && out(p.loads);
        if (!self && !((flags & EscapeSummary.CONTENTS) != 0 && out(p.loads + 1))) {
            return null;
        }
        return "call parameter of " + callee(info) + ", which lets it go or is not known well enough";
    }

    private List<Decisions.Step> chain(Place last, Value end, String how) {
        ArrayList<Decisions.Step> out = new ArrayList<>();
        for (Place p = last; p != null; p = cameFrom.get(p)) {
            Place before = cameFrom.get(p);
            if (before != null) {
                out.add(0, step(p.value, p.loads <= before.loads ? words(p.value) : p.loads <= 0 ? "a part of it" : "what it points to"));
            } else if (target == ANYWHERE) {
                out.add(0, step(p.value, "address taken"));
            }
        }
        out.add(step(end, how));
        return out;
    }

    private static String words(Value v) {
        return switch (v.op) {
            case PHI, SELECT -> "assigned on one of several ways";
            case OFF_PTR, ADD_PTR -> "address of a part";
            case LOAD -> "loaded again";
            case RESULT -> "result of a call";
            default -> "assigned";
        };
    }

    private static Decisions.Step step(Value v, String text) {
        return new Decisions.Step(v.pos, v.inline, text);
    }
}
