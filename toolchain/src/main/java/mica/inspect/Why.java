// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mica.obj.FormatException;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;

/** Why a symbol is in an executable: everything that makes it needed, one chain from the start, and what would go without it. */
public final class Why {
    private final Executable exe;
    private final LinkGraph graph;
    private final GraphNames names;
    public final Needs needs;
    private final Retained retained;
    private final Needs.Walk all;
    private final EdgeText text;

    /** What is known about one symbol. */
    public static final class Answer {
        public int node;
        public String name;
        public Node symbol;
        public String pkg;
        /** Edges of one way from the start to the symbol, in order. */
        public final List<Integer> chain = new ArrayList<>();
        /** Edges that lead to it. */
        public int[] reasons;
        /** Symbols of the chain without which it would not be there, in the chain's order. */
        public final List<Integer> dominators = new ArrayList<>();
        /** The last reference of the chain without which it would not be there; -1 = there are always two. */
        public int dominatingEdge = -1;
        /** Nodes that are there for this one alone, itself included. */
        public int[] retained;
        public Retained.Sum sum;
    }

    private Why(Executable exe) throws FormatException {
        this.exe = exe;
        this.graph = exe.graph();
        this.names = exe.graphNames();
        this.needs = new Needs(graph);
        this.retained = new Retained(exe);
        this.all = needs.walk();
        this.text = new EdgeText(graph, names, all);
    }

    /** Null if the file does not say why its symbols are there. */
    public static Why of(Executable exe) throws FormatException {
        return exe.graph() == null ? null : new Why(exe);
    }

    /** Answers for all symbols of a name; empty if there is none. */
    public List<Answer> ask(String name) {
        List<Answer> list = new ArrayList<>();
        for (int n : needs.find(name)) {
            list.add(answer(n));
        }
        return list;
    }

    private Answer answer(int node) {
        Answer a = new Answer();
        a.node = node;
        a.symbol = graph.nodes.get(node);
        a.name = names.name(node);
        a.pkg = names.pkg(node);
        a.reasons = needs.in(node);
        for (int at = node; all.by[at] >= 0; at = graph.from[all.by[at]]) {
            a.chain.add(0, all.by[at]);
        }
        a.retained = gone(needs.walk(node, -1, -1));
        a.sum = retained.of(a.retained);
        for (int e : a.chain) {
            int d = graph.from[e];
            if (d != 0 && d != node && graph.nodes.get(d).kind == NodeKind.SYMBOL && !needs.walk(d, -1, -1).reaches(node)) {
                a.dominators.add(d);
            }
        }
        for (int i = a.chain.size() - 1; i >= 0 && a.dominatingEdge < 0; i--) {
            int e = a.chain.get(i);
            if (isReference(e) && !cut(e).reaches(node)) {
                a.dominatingEdge = e;
            }
        }
        return a;
    }

    /** Whether an edge stands for references of one symbol to one name, which the linker can cut. */
    private boolean isReference(int e) {
        NodeKind to = graph.nodes.get(graph.to[e]).kind;
        return graph.nodes.get(graph.from[e]).kind == NodeKind.SYMBOL && graph.when[e] < 0
                && (to == NodeKind.SYMBOL || to == NodeKind.IN_INTERFACE || to == NodeKind.METHOD_KEY || to == NodeKind.METHOD_NAME);
    }

    /** What is reached without the references that an edge stands for. */
    public Needs.Walk cut(int e) {
        return needs.walk(-1, graph.from[e], target(e));
    }

    /** The node that is referred to: the type itself where an edge says that it gets into interfaces. */
    private int target(int e) {
        Node to = graph.nodes.get(graph.to[e]);
        return to.kind == NodeKind.IN_INTERFACE ? to.owner : graph.to[e];
    }

    /** An edge as {@code FROM=>TO}, by which the linker cuts it (-ldflags=-cut). */
    public String reference(int e) {
        return graph.nodes.get(graph.from[e]).name + "=>" + graph.nodes.get(target(e)).name;
    }

    /** What the file's loaded part loses if a reference is cut. */
    public Retained.Sum without(int e) {
        return retained.of(gone(cut(e)));
    }

    private int[] gone(Needs.Walk w) {
        int[] list = new int[w.by.length];
        int n = 0;
        for (int i = 0; i < list.length; i++) {
            if (all.reaches(i) && !w.reaches(i)) {
                list[n++] = i;
            }
        }
        return java.util.Arrays.copyOf(list, n);
    }

    /** One reason in a few words; null if the symbol is not known by that name. */
    public String briefly(String name) {
        int[] found = needs.find(name);
        return found.length == 0 || all.by[found[0]] < 0 ? null : text.edge(all.by[found[0]]);
    }

    // ---- texts ----

    /** @param top how many referrers and retained symbols are listed */
    public String text(Answer a, int top) {
        StringBuilder sb = new StringBuilder();
        sb.append(a.name).append(": ").append(a.symbol.size).append(" bytes of ").append(EdgeText.kind(a.symbol));
        if (!a.pkg.isEmpty()) {
            sb.append(", package ").append(a.pkg);
        }
        sb.append("\n\nfrom the start:\n");
        for (int e : a.chain) {
            sb.append("\t").append(text.edge(e)).append('\n');
        }
        sb.append("\nneeded because (").append(a.reasons.length).append("):\n");
        for (int i = 0; i < a.reasons.length && i < top; i++) {
            sb.append("\t").append(text.edge(a.reasons[i])).append('\n');
        }
        more(sb, a.reasons.length - top);
        if (!a.dominators.isEmpty()) {
            sb.append("\nonly through:\n");
            for (int d : a.dominators) {
                sb.append("\t").append(names.name(d)).append('\n');
            }
        }
        sb.append("\nwithout it the file would lose ").append(a.sum.bytes).append(" bytes:");
        a.sum.kinds.forEach((k, v) -> sb.append(' ').append(k).append(' ').append(v).append(','));
        sb.setCharAt(sb.length() - 1, '\n');
        int n = 0;
        List<Integer> largest = largest(a);
        for (int i : largest) {
            if (n++ < top) {
                sb.append(String.format("%12d  %s%n", names.ownSize(i), names.name(i)));
            }
        }
        more(sb, largest.size() - top);
        return sb.toString();
    }

    private static void more(StringBuilder sb, int n) {
        if (n > 0) {
            sb.append("\t(").append(n).append(" more)\n");
        }
    }

    /** Retained symbols with bytes of their own in the file, largest first, one a name. */
    private List<Integer> largest(Answer a) {
        List<Integer> list = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i : a.retained) {
            Node n = graph.nodes.get(i);
            if (n.kind == NodeKind.SYMBOL && Retained.inFile(n) && names.ownSize(i) > 0 && !n.name.isEmpty() && seen.add(n.name)) {
                list.add(i);
            }
        }
        list.sort(Comparator.comparingLong((Integer i) -> -names.ownSize(i)).thenComparing(i -> i));
        return list;
    }

    /** See docs/json.md, view {@code why}. */
    public String json(List<Answer> answers) {
        return new WhyJson(exe, graph, names, text).write(answers, this::largest);
    }
}
