// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.base.Fault;
import mica.ssa.Func;

/** Which passes run, in which order, and which orders are needed: all data. */
public final class PassList {
    /** A pass under its name. */
    public static final class Entry {
        public final String name;
        /** Runs even without optimization, and cannot be switched off. */
        public final boolean required;
        final Pass pass;

        Entry(String name, boolean required, Pass pass) {
            this.name = name;
            this.required = required;
            this.pass = pass;
        }
    }

    private static final Entry[] ENTRIES = {
        optional("dead code early", DeadCode::run),
        optional("fold early", Fold::run),
        optional("simplify cfg early", SimplifyCfg::run),
        optional("devirtualize", Devirtualize::run),
        optional("inline", Inline::run),
        required("lower allocations", LowerAlloc::run),
        optional("promote", Promote::run),
        optional("fold", Fold::run),
        optional("simplify cfg", SimplifyCfg::run),
        optional("gvn", Gvn::run),
        optional("nil checks", NilChecks::run),
        optional("bounds", Bounds::run),
        optional("licm", Licm::run),
        optional("dead stores", DeadStores::run),
        optional("combine", Combine::run),
        optional("fold late", Fold::run),
        optional("simplify cfg late", SimplifyCfg::run),
        optional("if convert", IfConvert::run),
        required("dead code late", DeadCode::run),
    };

    /** The first must run before the second; the text says why. */
    private static final String[][] ORDERS = {
        {"inline", "lower allocations", "what an inlined callee does with a pointer is seen"},
        {"lower allocations", "promote", "only slots are promoted"},
        {"promote", "gvn", "values in slots are not numbered"},
        {"gvn", "nil checks", "equal pointers are one value"},
        {"nil checks", "licm", "checks that stay hold loads in the loop"},
        {"promote", "dead stores", "most stores to slots are gone by then"},
        {"dead stores", "combine", "a store that goes does not keep others apart"},
        {"bounds", "combine", "checks between stores keep them apart"},
        {"combine", "fold late", "what was combined is left as copies"},
        {"gvn", "bounds", "lengths that are equal are one value"},
        {"bounds", "simplify cfg late", "decided branches go away"},
        {"simplify cfg late", "if convert", "empty blocks hide the pattern"},
        {"lower allocations", "dead code late", "lowering leaves unused addresses"},
    };

    static {
        verifyOrders();
    }

    private PassList() {}

    private static Entry optional(String name, Pass p) {
        return new Entry(name, false, p);
    }

    private static Entry required(String name, Pass p) {
        return new Entry(name, true, p);
    }

    /** The passes in their order. */
    public static Entry[] entries() {
        return ENTRIES.clone();
    }

    /** Runs everything that is on. */
    public static void run(Func f, PassContext c) {
        if (c.verify) {
            Verify.check(f, "build");
        }
        for (Entry e : ENTRIES) {
            if (e.required || c.optimize && !c.off.contains(e.name)) {
                runOne(f, c, e);
            }
        }
        if (c.log != null) {
            c.log.checks.finish(f);
        }
    }

    /** Runs one pass by name. */
    public static void run(String name, Func f, PassContext c) {
        for (Entry e : ENTRIES) {
            if (e.name.equals(name)) {
                runOne(f, c, e);
                return;
            }
        }
        throw new Fault("passes", "no pass " + name);
    }

    private static void runOne(Func f, PassContext c, Entry e) {
        long start = c.observer == null ? 0 : System.nanoTime();
        try {
            e.pass.run(f, c);
        } catch (RuntimeException x) {
            throw x instanceof Fault ? x : new Fault(e.name, f.name + ": " + x, x);
        }
        if (c.observer != null) {
            c.observer.after(e.name, f, System.nanoTime() - start);
        }
        if (c.log != null) {
            c.log.checks.after(e.name, f);
        }
        if (c.verify) {
            Verify.check(f, e.name);
        }
    }

    private static void verifyOrders() {
        for (String[] o : ORDERS) {
            if (index(o[0]) > index(o[1])) {
                throw new Fault("passes", o[0] + " must run before " + o[1] + ": " + o[2]);
            }
        }
    }

    private static int index(String name) {
        for (int i = 0; i < ENTRIES.length; i++) {
            if (ENTRIES[i].name.equals(name)) {
                return i;
            }
        }
        throw new Fault("passes", "no pass " + name);
    }
}
