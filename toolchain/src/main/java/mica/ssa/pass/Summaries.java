// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.lang.ref.SoftReference;
import java.util.function.Function;
import mica.base.Fault;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;

/**
 * Finds the {@link EscapeSummary} of callees. A summary has a level: how many calls deep it was looked; at level 0 everything
 * is taken for the worst. So recursion ends, and the answer depends on the function alone, not on the order in which functions
 * are compiled. Kept in {@link FuncRef#summary}.
 */
final class Summaries {
    /** How deep the passes look. */
    private static final int LEVELS = 5;
    /** Larger functions are taken for the worst. */
    private static final int MAX_VALUES = 4000;

    private final EscapeSummary[] known = new EscapeSummary[LEVELS + 1];
    private SoftReference<Func> body;
    private boolean noBody;

    private Summaries() {}

    static Function<CallInfo, EscapeSummary> of(PassContext c) {
        return c.off.contains("escape summaries") ? info -> null : info -> at(info, LEVELS);
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
        EscapeSummary s = Escape.summary(f, info -> at(info, level - 1));
        synchronized (this) {
            body = new SoftReference<>(f);
            known[level] = s;
        }
        return s;
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
