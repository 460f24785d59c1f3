// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.lang.ref.SoftReference;
import java.util.function.Function;
import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.Op;

/**
 * Finds the {@link EscapeSummary} of callees. A summary has a level: how many calls deep it was looked; at level 0 everything
 * is taken for the worst. So recursion through other functions ends, and the answer depends on the function alone, not on the order
 * in which functions are compiled. Kept in {@link FuncRef#summary}.
 */
final class Summaries {
    /** How deep the passes look. */
    private static final int LEVELS = 5;
    /** Larger functions are taken for the worst. */
    private static final int MAX_VALUES = 4000;

    private final EscapeSummary[] known = new EscapeSummary[LEVELS + 2];
    private SoftReference<Func> body;
    private boolean noBody;

    private Summaries() {}

    static Function<CallInfo, EscapeSummary> of(PassContext c) {
        return c.off.contains("escape summaries") ? info -> null : info -> at(info, below(info, LEVELS + 1));
    }

    /** The code of a closure is a part of the function that makes it, and on its level. */
    private static int below(CallInfo info, int level) {
        return info.sig == null ? level : level - 1;
    }

    private static EscapeSummary at(CallInfo info, int level) {
        FuncRef ref = info.ref;
        if (ref == null || level == 0) {
            return ref != null && ref.summary instanceof EscapeSummary known ? known : null;
        }
        Object o = ref.summary;
        if (o instanceof EscapeSummary known) {
            return known;
        }
        Summaries s;
        if (o instanceof Summaries t) {
            s = t;
        } else {
            synchronized (ref) {
                if (ref.summary == null) {
                    ref.summary = new Summaries();
                }
                if (!(ref.summary instanceof Summaries t)) {
                    return null;
                }
                s = t;
            }
        }
        return s.level(ref, level);
    }

    private EscapeSummary level(FuncRef ref, int level) {
        Func f;
        synchronized (this) {
            if (known[level] != null || noBody) {
                return known[level];
            }
            f = body == null ? null : body.get();
        }
        if (f == null) {
            f = build(ref);
        }
        if (f == null) {
            synchronized (this) {
                noBody = true;
            }
            return null;
        }
        EscapeSummary s = recursive(ref, f, level);
        synchronized (this) {
            body = new SoftReference<>(f);
            known[level] = s;
        }
        return s;
    }

    /** What a function's calls of itself do is what it does: the least answer that holds for both. */
    private static EscapeSummary recursive(FuncRef ref, Func f, int level) {
        EscapeSummary self = EscapeSummary.NOTHING;
        for (;;) {
            EscapeSummary assumed = self;
            EscapeSummary s = Escape.summary(f, info -> info.ref == ref ? assumed : at(info, below(info, level))).with(assumed);
            if (s.equals(assumed) || !callsItself(ref, f)) {
                return s;
            }
            self = s;
        }
    }

    private static boolean callsItself(FuncRef ref, Func f) {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                if (b.values[i].op == Op.CALL && ((CallInfo) b.values[i].aux).ref == ref) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Func build(FuncRef ref) {
        Func f;
        try {
            f = ref.build();
        } catch (Fault e) {
            throw e;
        } catch (RuntimeException e) {
            // Something that the builder refuses: it is reported where the function itself is compiled.
            return null;
        }
        return f == null || f.sig == null || f.valueCount() > MAX_VALUES ? null : f;
    }
}
