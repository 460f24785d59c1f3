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
        /** Null for a constant. */
        final Var[] vars;
        final Obj first;
        final Expr rhs;
        final int order;
        /** Nodes that wait for this one. */
        final List<Node> waiting = new ArrayList<>();
        int missing;
        boolean done;

        Node(Var[] vars, Obj first, Expr rhs, int order) {
            this.vars = vars;
            this.first = first;
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
        int left = all.size();
        while (left > 0) {
            Node n = ready.poll();
            if (n == null) {
                n = stuck(all);
            }
            if (n.done) {
                continue;
            }
            n.done = true;
            left--;
            if (n.vars != null) {
                out.add(new Initializer(n.vars, n.rhs));
            }
            for (Node w : n.waiting) {
                if (--w.missing == 0 && !w.done) {
                    ready.add(w);
                }
            }
        }
        return out;
    }

    private List<Node> collect() {
        List<Node> all = new ArrayList<>();
        for (Obj o : c.collect.objects) {
            DeclInfo d = c.decls.info(o);
            if (nodes.containsKey(o) || !(o instanceof Var) && !(o instanceof Const)) {
                continue;
            }
            if (o instanceof Const) {
                constant(o, d, all);
                continue;
            }
            Var v = (Var) o;
            if (d.init == null) {
                constant(v, d, all);
                continue;
            }
            c.bodies.checkInitializer(v);
            Var[] vars = d.together != null ? d.together : new Var[] {v};
            Node n = new Node(vars, v, d.init, all.size());
            for (Var w : vars) {
                nodes.put(w, n);
            }
            all.add(n);
        }
        return all;
    }

    /** What needs no initialization is there only to find cycles. */
    private void constant(Obj o, DeclInfo d, List<Node> all) {
        if (c.pkg.checkAllBodies && !d.refs().isEmpty()) {
            Node n = new Node(null, o, null, all.size());
            nodes.put(o, n);
            all.add(n);
        }
    }

    /** Finds the nodes that {@code n} depends on, through functions whose bodies are checked for that. */
    private void dependencies(Node n) {
        IdentityHashMap<Obj, Boolean> seen = new IdentityHashMap<>();
        IdentityHashMap<Node, Boolean> found = new IdentityHashMap<>();
        ArrayList<Obj> work = new ArrayList<>();
        work.addAll(c.decls.info(n.first).refs());
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

    /** Every node left waits: one that waits for the fewest goes on, after a report if it is on a cycle. */
    private Node stuck(List<Node> all) {
        Node best = null;
        for (Node n : all) {
            if (!n.done && (best == null || n.missing < best.missing)) {
                best = n;
            }
        }
        for (Obj o : best.vars == null ? new Obj[] {best.first} : best.vars) {
            List<Obj> path = new ArrayList<>();
            if (search(o, o, path, new IdentityHashMap<>())) {
                report(path);
                break;
            }
        }
        return best;
    }

    private void report(List<Obj> path) {
        Obj first = path.get(0);
        if (path.size() == 1) {
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
        for (Obj o : c.decls.info(at).refs()) {
            Obj target = o instanceof Func f ? f.origin : o;
            if (target == goal) {
                return true;
            }
            if (o.pkg == c.pkg && seen.put(target, Boolean.TRUE) == null && search(target, goal, path, seen)) {
                return true;
            }
        }
        path.remove(path.size() - 1);
        return false;
    }
}
