// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.InlineSite;
import mica.ssa.MType;
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

    private static final Pattern VALUE = Pattern.compile("\\bv([0-9]{1,8})\\b");

    private final Decisions log;
    private final Map<Value, Check> all = new LinkedHashMap<>();
    private final Map<Value, String> facts = new HashMap<>();
    private final Map<Value, List<Decisions.Step>> proofs = new HashMap<>();
    private final Map<Value, String> missing = new HashMap<>();
    /** All values that there were, by their ids. */
    private Value[] values = new Value[0];
    /** Index in the log's list of each check that stays. */
    private final Map<Value, Integer> kept = new LinkedHashMap<>();

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
        values = values.length < f.valueCount() ? Arrays.copyOf(values, f.valueCount()) : values;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                values[b.values[i].id] = b.values[i];
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
            String open = missing.getOrDefault(v, c.op == Op.NIL_CHECK ? c.what.substring("of ".length()) + " != nil" : "");
            String reason = gone ? facts.getOrDefault(v, "not needed after pass " + c.goneAfter) : open.isEmpty() ? "" : "missing: " + open;
            Decisions.Kind kind = c.op == Op.NIL_CHECK ? Decisions.Kind.NIL_CHECK : Decisions.Kind.BOUNDS_CHECK;
            if (!gone) {
                kept.put(v, log.list.size());
            }
            log.list.add(new Decisions.Decision(kind, c.pos, c.inline, named(c.what, f.notes), gone, gone ? "removed by " + c.goneAfter : "kept",
                    named(reason, f.notes), -1, named(proofs.getOrDefault(v, List.of()), f.notes)));
            Decisions.Step at = new Decisions.Step(Decisions.outermost(c.pos, c.inline), null, "");
            if (c.op == Op.NIL_CHECK) {
                log.nils.add(new Decisions.Step(at.pos(), null, gone ? "removed nil check" : "generated nil check"));
            } else if (!gone) {
                log.bounds.add(new Decisions.Step(at.pos(), null, "Found " + name(c.bounds)));
            }
        }
    }

    private List<Decisions.Step> named(List<Decisions.Step> steps, FuncNotes notes) {
        List<Decisions.Step> out = new ArrayList<>();
        for (Decisions.Step s : steps) {
            out.add(new Decisions.Step(s.pos(), s.inline(), named(s.text(), notes)));
        }
        return out;
    }

    /** Says beside each value what it is: a constant's number, the source's words, or its operation and type. */
    private String named(String text, FuncNotes notes) {
        return VALUE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(name(Integer.parseInt(m.group(1)), notes)));
    }

    private String name(int id, FuncNotes notes) {
        Value v = id < values.length ? values[id] : null;
        String source = notes == null ? null : notes.nameOf(id);
        if (v != null && v.isConst() && v.type != MType.PTR) {
            return Long.toString(v.auxInt);
        }
        return source != null ? source + " (v" + id + ")" : v == null ? "v" + id : "v" + id + " (" + v.op + " " + v.type + ")";
    }

    /** See {@link Decisions#emitted}. */
    void emitted(IntPredicate hasCode) {
        kept.forEach((v, i) -> {
            Decisions.Decision d = log.list.get(i);
            if (v.op == Op.NIL_CHECK && !hasCode.test(v.id)) {
                log.list.set(i, new Decisions.Decision(d.kind(), d.pos(), d.inline(), d.what(), false, "kept, costs nothing",
                        d.reason() + "; an access through the same pointer faults in its place", d.number(), d.steps()));
            }
        });
    }
}
