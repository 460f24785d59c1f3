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
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Why an allocation escapes, as a chain of assignments: follows the address from value to value, through memory of this function
 * too, until an instruction that lets it go. The shortest chain is given.
 */
final class EscapeChain {
    private final Func f;
    private final Escape e;
    private final Map<Value, List<Value>> users = new HashMap<>();
    private final Map<Value, Value> cameFrom = new HashMap<>();
    private final ArrayDeque<Value> todo = new ArrayDeque<>();

    EscapeChain(Func f, Escape e) {
        this.f = f;
        this.e = e;
    }

    List<Decisions.Step> of(Value alloc) {
        if (((Alloc) alloc.aux).forceHeap) {
            return List.of(step(alloc, "too large for the stack, or its address must not move"));
        }
        collectUsers();
        todo.add(alloc);
        cameFrom.put(alloc, null);
        while (!todo.isEmpty()) {
            Value v = todo.poll();
            for (Value u : users.getOrDefault(v, List.of())) {
                String end = visit(v, u);
                if (end != null) {
                    return chain(v, u, end);
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

    private void reach(Value from, Value to) {
        if (!cameFrom.containsKey(to)) {
            cameFrom.put(to, from);
            todo.add(to);
        }
    }

    /** Goes on from v to its user u; not null if u lets the address go: how. */
    private String visit(Value v, Value u) {
        switch (u.op) {
            case OFF_PTR, ADD_PTR, COPY, PHI -> reach(v, u);
            case SELECT -> {
                if (u.args[0] != v) {
                    reach(v, u);
                }
            }
            case STORE -> {
                if (u.args[1] == v) {
                    return stored(u);
                }
            }
            case MOVE -> {
                if (u.args[1] == v) {
                    reach(v, u.args[0]);
                }
            }
            case RETURN -> {
                return "returned";
            }
            case CALL, CALL_CLOSURE, CALL_CODE -> {
                return called(v, u);
            }
            case LOAD, ZERO, NIL_CHECK, KEEP_ALIVE, VAR_DEF, EQ, NE, ATOMIC_LOAD, PREFETCH -> { }
            case ATOMIC_STORE, ATOMIC_XCHG, ATOMIC_CAS -> {
                if (u.args[0] != v) {
                    return "stored atomically";
                }
            }
            default -> {
                return u.op == Op.PTR_TO_INT ? "converted to a number" : null;
            }
        }
        return null;
    }

    private String stored(Value store) {
        Set<Value> holders = new HashSet<>();
        if (e.pointsTo(store.args[0], holders)) {
            return "stored in memory of unknown lifetime";
        }
        for (Value h : holders) {
            if (e.escapes(h)) {
                return "stored in " + ((Alloc) h.aux).name + ", which escapes";
            }
        }
        Value taker = contentsTaker(store.args[0]);
        if (taker != null) {
            return "stored in memory whose contents " + callee((CallInfo) taker.aux) + " lets go or is not known well enough";
        }
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value l = b.values[i];
                if (l.op == Op.LOAD && l.type == mica.ssa.MType.PTR && e.shareObject(l.args[0], store.args[0])) {
                    reach(store.args[1], l);
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
                    boolean gets = c.args[k].type == mica.ssa.MType.PTR && e.shareObject(c.args[k], p);
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

    private String called(Value v, Value call) {
        CallInfo info = (CallInfo) call.aux;
        int flags = e.flagsAt(call, v);
        for (Value u : users.getOrDefault(call, List.of())) {
            if (u.op == Op.RESULT && (flags & EscapeSummary.RETURNED) != 0) {
                reach(v, u);
            }
        }
        if ((flags & EscapeSummary.SELF) == 0) {
            return null;
        }
        return "call parameter of " + callee(info) + ", which lets it go or is not known well enough";
    }

    private List<Decisions.Step> chain(Value last, Value end, String how) {
        ArrayList<Value> path = new ArrayList<>();
        for (Value v = last; v != null; v = cameFrom.get(v)) {
            path.add(0, v);
        }
        List<Decisions.Step> out = new ArrayList<>();
        for (Value v : path) {
            out.add(step(v, v == path.get(0) ? "address taken" : words(v)));
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
