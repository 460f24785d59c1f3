// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.Value;

/** What the cost of a body is made of, for reports: the operations of each place in the source. */
final class InlineCost {
    private static final class Part {
        int cost;
        final List<String> what = new ArrayList<>();
    }

    private InlineCost() {}

    /** The body as the inliner weighs it, one step per position that costs something. */
    static List<Decisions.Step> of(FuncRef ref, PassContext c) {
        InlineBody known = InlineBody.of(ref, c);
        Func f = known.func != null ? known.func : rebuilt(ref, c);
        if (f == null) {
            return List.of();
        }
        Map<Integer, Part> parts = new TreeMap<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                int n = InlineBody.cost(v);
                add(parts, v.pos, b.kind == Block.Kind.UNREACHABLE ? n / 2 : n, name(v));
            }
            if (b.kind == Block.Kind.IF && b.control != null) {
                add(parts, b.control.pos, 1, "branch");
            } else if (b.kind == Block.Kind.JUMP_TABLE && b.control != null) {
                add(parts, b.control.pos, 10, "jump table");
            }
        }
        List<Decisions.Step> out = new ArrayList<>();
        parts.forEach((pos, p) -> out.add(new Decisions.Step(pos, null, p.cost + ": " + String.join(", ", p.what))));
        return out;
    }

    private static Func rebuilt(FuncRef ref, PassContext c) {
        Func f;
        try {
            f = ref.build();
        } catch (RuntimeException e) {
            // what the builder refuses is reported where the function is compiled
            return null;
        }
        if (f != null && f.sig != null) {
            Decisions log = c.log;
            c.log = null;
            DeadCode.run(f, c);
            Fold.run(f, c);
            SimplifyCfg.run(f, c);
            c.log = log;
        }
        return f;
    }

    private static void add(Map<Integer, Part> parts, int pos, int cost, String what) {
        if (cost > 0) {
            Part p = parts.computeIfAbsent(pos, x -> new Part());
            p.cost += cost;
            p.what.add(what + " " + cost);
        }
    }

    private static String name(Value v) {
        return switch (v.op) {
            case CALL -> "call of " + (((CallInfo) v.aux).callee == null ? "?" : ((CallInfo) v.aux).callee.name);
            case CALL_CLOSURE -> "call of a func value";
            case CALL_CODE -> "call of an interface method";
            default -> v.op.name();
        };
    }
}
