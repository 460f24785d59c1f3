// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import mica.syntax.Expr;

/**
 * The order in which package variables are initialized ("Package initialization" in the specification): again and again the variable
 * that is earliest in declaration order and depends on no uninitialized one. Dependencies go through functions.
 */
final class InitOrder {
    /** One initialization: a variable, or several that one call initializes. */
    private static final class Node {
        final Var[] vars;
        final Expr rhs;
        final int order;
        /** Nodes that wait for this one. */
        final List<Node> waiting = new ArrayList<>();
        int missing;
        boolean done;

        Node(Var[] vars, Expr rhs, int order) {
            this.vars = vars;
            this.rhs = rhs;
            this.order = order;
        }
    }

    private final Checker c;
    private final IdentityHashMap<Obj, Node> nodes = new IdentityHashMap<>();

    InitOrder(Checker c) {
        this.c = c;
    }

    List<Initializer> compute() {
        List<Node> all = collect();
        for (Node n : all) {
            dependencies(n);
        }
        PriorityQueue<Node> ready = new PriorityQueue<>((a, b) -> Integer.compare(a.order, b.order));
        for (Node n : all) {
            if (n.missing == 0) {
                ready.add(n);
            }
        }
        List<Initializer> out = new ArrayList<>();
        for (Node n; (n = ready.poll()) != null; ) {
            n.done = true;
            out.add(new Initializer(n.vars, n.rhs));
            for (Node w : n.waiting) {
                if (--w.missing == 0) {
                    ready.add(w);
                }
            }
        }
        for (Node n : all) {
            if (!n.done) {
                reportCycle(n);
                break;
            }
        }
        return out;
    }

    private List<Node> collect() {
        List<Node> all = new ArrayList<>();
        for (Var v : c.pkg.vars) {
            DeclInfo d = c.decls.info(v);
            if (d.init == null || nodes.containsKey(v)) {
                continue;
            }
            c.bodies.checkInitializer(v);
            Var[] vars = d.together != null ? d.together : new Var[] {v};
            Node n = new Node(vars, d.init, all.size());
            for (Var w : vars) {
                nodes.put(w, n);
            }
            all.add(n);
        }
        return all;
    }

    /** Finds the nodes that {@code n} depends on, through functions whose bodies are checked for that. */
    private void dependencies(Node n) {
        IdentityHashMap<Obj, Boolean> seen = new IdentityHashMap<>();
        IdentityHashMap<Node, Boolean> found = new IdentityHashMap<>();
        ArrayList<Obj> work = new ArrayList<>();
        for (Var v : n.vars) {
            work.addAll(c.decls.info(v).refs());
        }
        while (!work.isEmpty()) {
            Obj o = work.remove(work.size() - 1);
            if (o.pkg != c.pkg || seen.put(o, Boolean.TRUE) != null) {
                continue;
            }
            Node m = nodes.get(o);
            if (m != null) {
                if (found.put(m, Boolean.TRUE) == null) {
                    n.missing++;
                    m.waiting.add(n);
                }
            } else if (o instanceof Func f) {
                Func origin = f.origin;
                c.bodies.check(origin);
                DeclInfo d = c.decls.info(origin);
                if (d != null) {
                    work.addAll(d.refs());
                }
            }
        }
    }

    private void reportCycle(Node start) {
        List<Obj> path = new ArrayList<>();
        IdentityHashMap<Obj, Boolean> seen = new IdentityHashMap<>();
        Obj first = start.vars[0];
        if (!search(first, first, path, seen)) {
            // The variable only waits for a cycle elsewhere: find one of its members.
            for (Node n : nodes.values()) {
                path.clear();
                seen.clear();
                if (!n.done && search(n.vars[0], n.vars[0], path, seen)) {
                    first = n.vars[0];
                    break;
                }
            }
        }
        if (path.size() <= 1) {
            c.error(first.pos, "initialization cycle: " + first.name + " refers to itself");
            return;
        }
        StringBuilder sb = new StringBuilder("initialization cycle for ").append(first.name);
        for (int i = 0; i < path.size(); i++) {
            Obj from = path.get(i);
            Obj to = path.get((i + 1) % path.size());
            sb.append("\n\t").append(c.program.sources.format(from.pos)).append(": ").append(from.name).append(" refers to ").append(to.name);
        }
        c.error(first.pos, sb.toString());
    }

    private boolean search(Obj at, Obj goal, List<Obj> path, IdentityHashMap<Obj, Boolean> seen) {
        path.add(at);
        DeclInfo d = c.decls.info(at instanceof Func f ? f.origin : at);
        if (d != null) {
            for (Obj o : d.refs()) {
                Obj target = o instanceof Func f ? f.origin : o;
                if (target == goal) {
                    return true;
                }
                if (o.pkg == c.pkg && (o instanceof Func || nodes.containsKey(o)) && seen.put(target, Boolean.TRUE) == null
                        && search(target, goal, path, seen)) {
                    return true;
                }
            }
        }
        path.remove(path.size() - 1);
        return false;
    }
}
