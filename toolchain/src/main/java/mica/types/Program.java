// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import mica.base.Diagnostics;
import mica.base.Sources;

/**
 * The typed program: packages whose declarations have been checked, and function bodies that are checked when somebody
 * asks for them. Safe for concurrent use; one lock guards all checking.
 */
public final class Program {
    public final Sources sources;
    public final Diagnostics diagnostics;
    private final Importer importer;
    /** Checked packages in the order in which their checking ended: imported ones come before their importers. */
    private final List<Pkg> packages = new ArrayList<>();
    private final Map<Pkg, Checker> checkers = new HashMap<>();

    public Program(Sources sources, Diagnostics diagnostics, Importer importer) {
        this.sources = sources;
        this.diagnostics = diagnostics;
        this.importer = importer;
    }

    /** Checks the declarations of a package and of everything it imports; bodies, too, where {@code checkAllBodies} is set. */
    public synchronized Pkg check(Pkg pkg) {
        if (pkg == Universe.UNSAFE || checkers.containsKey(pkg)) {
            return pkg;
        }
        Checker c = new Checker(this, pkg);
        checkers.put(pkg, c);
        c.checkPackage();
        packages.add(pkg);
        return pkg;
    }

    /** The package that an import path means in {@code from} (null: as a root), checked; null if it does not load. */
    public synchronized Pkg check(Pkg from, String path) {
        Pkg p = path.equals("unsafe") ? Universe.UNSAFE : importer.load(from, path);
        return p == null ? null : check(p);
    }

    /** Takes over packages that another program has checked: for many small programs over one library. */
    public synchronized void adopt(Program other) {
        checkers.putAll(other.checkers);
        packages.addAll(other.packages);
    }

    /** As {@link #adopt(Program)}, of those packages that are wanted only. */
    public synchronized void adopt(Program other, Predicate<Pkg> wanted) {
        for (Pkg p : other.packages()) {
            if (wanted.test(p)) {
                checkers.put(p, other.checkers.get(p));
                packages.add(p);
            }
        }
    }

    /** Whether checking of the package is under way further up (an import cycle). */
    synchronized boolean underWay(Pkg pkg) {
        Checker c = checkers.get(pkg);
        return c != null && !c.declarationsDone;
    }

    Pkg find(Pkg from, String path) {
        return path.equals("unsafe") ? Universe.UNSAFE : importer.load(from, path);
    }

    /** Checked packages, imported ones before their importers. */
    public synchronized List<Pkg> packages() {
        return new ArrayList<>(packages);
    }

    /**
     * Checks the body of a declared function or method (of a generic one: its one body in terms of type parameters) unless that was done.
     * Afterwards the slots in the tree of {@code f.origin.decl} are final.
     */
    public synchronized void checkBody(Func f) {
        f = f.origin;
        if (f.decl != null && f.decl.body != null && f.pkg != null) {
            checkers.get(f.pkg).bodies.check(f);
        }
    }

    /** Checks the initializer of a package variable unless that was done; the slots of {@code v.decl} are final then. */
    public synchronized void checkInitializer(Var v) {
        if (v.pkg != null && v.decl != null) {
            checkers.get(v.pkg).bodies.checkInitializer(v);
        }
    }

    /**
     * The package's variable initializations in the order of the specification. Checks all initializers, and those bodies that they
     * refer to inside the package.
     */
    public synchronized List<Initializer> initOrder(Pkg pkg) {
        if (pkg == Universe.UNSAFE) {
            return List.of();
        }
        return checkers.get(pkg).initOrder();
    }
}
