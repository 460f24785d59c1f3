// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.Func;
import mica.ssa.InlineSite;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * What became of the bounds and nil checks of a function: looks after each pass which are still there. Passes that prove something
 * say what.
 */
final class Checks {
    /** A check as it was when it was first seen. */
    private static final class Check {
        Op op;
        BoundsKind bounds;
        int pos;
        InlineSite inline;
        String what;
        /** The pass after which it was gone; null: it is there. */
        String goneAfter;
    }

    private final Decisions log;
    private final Map<Value, Check> all = new LinkedHashMap<>();
    private final Map<Value, String> facts = new HashMap<>();
    private final Map<Value, List<Decisions.Step>> proofs = new HashMap<>();
    private final Map<Value, String> missing = new HashMap<>();

    Checks(Decisions log) {
        this.log = log;
    }

    /** The check cannot fail because of a fact, which follows from the steps. */
    void removed(Value v, String fact, List<Decisions.Step> steps) {
        facts.put(v, fact);
        proofs.put(v, steps);
        see(v);
        if (v.op == Op.BOUNDS_CHECK) {
            proved(v, "Proved " + name((BoundsKind) v.aux));
            if (name((BoundsKind) v.aux).equals("IsInBounds") && v.args[1].isConst() && byDefinition(steps)) {
                log.remark(v.pos, v.inline, "index bounds check elided");
            }
        }
    }

    /** It follows from types and operations alone, not from branches or other checks. */
    private static boolean byDefinition(List<Decisions.Step> steps) {
        return steps.stream().allMatch(s -> s.text().contains("is computed") || s.text().contains("not negative"));
    }

    /** What could not be shown of a check that stays. */
    void missing(Value v, String demand) {
        missing.put(v, demand);
    }

    /** A comparison was decided. */
    void decided(Value v, boolean holds) {
        String op = switch (v.op) {
            case LT -> "Less";
            case LE -> "Leq";
            case ULT -> "Less";
            case ULE -> "Leq";
            case EQ -> "Eq";
            default -> "Neq";
        };
        String unsigned = v.op == Op.ULT || v.op == Op.ULE ? "U" : "";
        proved(v, (holds ? "Proved " : "Disproved ") + op + v.args[0].type.size * 8 + unsigned);
    }

    private void proved(Value v, String text) {
        log.proofs.add(new Decisions.Step(Decisions.outermost(v.pos, v.inline), null, text));
    }

    private static String name(BoundsKind k) {
        return k.strict ? "IsInBounds" : "IsSliceInBounds";
    }

    private Check see(Value v) {
        return all.computeIfAbsent(v, x -> {
            Check c = new Check();
            c.op = v.op;
            c.bounds = v.aux instanceof BoundsKind k ? k : null;
            c.pos = v.pos;
            c.inline = v.inline;
            c.what = v.op == Op.NIL_CHECK ? "of " + v.args[0].toString() : (c.bounds.strict ? "index " : "slice ") + v.args[0] + " of " + v.args[1];
            return c;
        });
    }

    private static boolean isCheck(Value v) {
        return v.op == Op.NIL_CHECK || v.op == Op.BOUNDS_CHECK;
    }

    void after(String pass, Func f) {
        Set<Value> here = new HashSet<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                if (isCheck(b.values[i])) {
                    here.add(b.values[i]);
                    see(b.values[i]);
                }
            }
        }
        for (Map.Entry<Value, Check> e : all.entrySet()) {
            if (e.getValue().goneAfter == null && !here.contains(e.getKey())) {
                e.getValue().goneAfter = pass;
            }
        }
    }

    /** Turns what was seen into decisions, and into the remarks of -d=ssa/check_bce/debug and -d=nil. */
    void finish(Func f) {
        for (Map.Entry<Value, Check> e : all.entrySet()) {
            Value v = e.getKey();
            Check c = e.getValue();
            boolean gone = c.goneAfter != null;
            String reason = gone ? facts.getOrDefault(v, "not needed after pass " + c.goneAfter)
                    : missing.containsKey(v) ? "missing: " + missing.get(v) : "";
            Decisions.Kind kind = c.op == Op.NIL_CHECK ? Decisions.Kind.NIL_CHECK : Decisions.Kind.BOUNDS_CHECK;
            log.list.add(new Decisions.Decision(kind, c.pos, c.inline, c.what, gone, gone ? "removed by " + c.goneAfter : "kept", reason, -1,
                    proofs.getOrDefault(v, new ArrayList<>())));
            Decisions.Step at = new Decisions.Step(Decisions.outermost(c.pos, c.inline), null, "");
            if (c.op == Op.NIL_CHECK) {
                log.nils.add(new Decisions.Step(at.pos(), null, gone ? "removed nil check" : "generated nil check"));
            } else if (!gone) {
                log.bounds.add(new Decisions.Step(at.pos(), null, "Found " + name(c.bounds)));
            }
        }
    }
}
