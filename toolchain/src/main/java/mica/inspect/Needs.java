// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;

/**
 * Follows the edges of a {@link LinkGraph} from its start, and again with something taken out: what is not reached then is there for
 * that alone. With conditions on edges there is no tree of dominators, but the question that it answers has the same answer:
 * a dominates b if b is not reached without a.
 */
public final class Needs {
    public final LinkGraph graph;
    private final int[] first;
    private final int[] edges;
    private final int[] firstWhen;
    private final int[] edgesWhen;
    private Map<String, int[]> byName;

    public Needs(LinkGraph graph) {
        this.graph = graph;
        int n = graph.nodes.size();
        this.first = new int[n + 1];
        this.edges = index(graph.from, first);
        this.firstWhen = new int[n + 1];
        this.edgesWhen = index(graph.when, firstWhen);
    }

    /** Edges by a column of node numbers: those of node k are {@code list[first[k]] .. list[first[k+1] - 1]}. */
    private int[] index(int[] column, int[] starts) {
        for (int e = 0; e < graph.edgeCount; e++) {
            if (column[e] >= 0) {
                starts[column[e] + 1]++;
            }
        }
        for (int k = 1; k < starts.length; k++) {
            starts[k] += starts[k - 1];
        }
        int[] list = new int[starts[starts.length - 1]];
        int[] next = Arrays.copyOf(starts, starts.length);
        for (int e = 0; e < graph.edgeCount; e++) {
            if (column[e] >= 0) {
                list[next[column[e]]++] = e;
            }
        }
        return list;
    }

    /** What is reached, and by which edge first. */
    public static final class Walk {
        /** For each node the edge that led to it first, breadth first; {@link #NOT} = not reached, {@link #START} = node 0. */
        public final int[] by;
        public static final int NOT = -1;
        public static final int START = -2;

        Walk(int n) {
            by = new int[n];
            Arrays.fill(by, NOT);
        }

        public boolean reaches(int node) {
            return by[node] != NOT;
        }
    }

    public Walk walk() {
        return walk(-1, -1, -1);
    }

    /**
     * @param without a node that counts as not there; -1 = none
     * @param cutFrom edges from this node to {@code cutTo} and to what that is in interfaces count as not there; -1 = none
     */
    public Walk walk(int without, int cutFrom, int cutTo) {
        int n = graph.nodes.size();
        Walk w = new Walk(n);
        int[] queue = new int[n];
        int tail = 0;
        if (without != 0) {
            w.by[0] = Walk.START;
            queue[tail++] = 0;
        }
        for (int head = 0; head < tail; head++) {
            int k = queue[head];
            for (int side = 0; side < 2; side++) {
                int[] starts = side == 0 ? first : firstWhen;
                int[] list = side == 0 ? edges : edgesWhen;
                for (int i = starts[k]; i < starts[k + 1]; i++) {
                    int e = list[i];
                    int to = graph.to[e];
                    if (w.reaches(to) || to == without || !holds(w, e) || graph.from[e] == cutFrom && isTarget(to, cutTo)) {
                        continue;
                    }
                    w.by[to] = e;
                    queue[tail++] = to;
                }
            }
        }
        return w;
    }

    private boolean holds(Walk w, int e) {
        return w.reaches(graph.from[e]) && (graph.when[e] < 0 || w.reaches(graph.when[e]));
    }

    /** Whether a reference to {@code wanted} is what made the edge to {@code to}: the node itself, or that it gets into interfaces. */
    private boolean isTarget(int to, int wanted) {
        Node n = graph.nodes.get(to);
        return to == wanted || n.kind == NodeKind.IN_INTERFACE && n.owner == wanted;
    }

    /** Numbers of the edges that start at a node. */
    public int[] out(int node) {
        return Arrays.copyOfRange(edges, first[node], first[node + 1]);
    }

    /** Edges that end at a node, in the graph's order. */
    public int[] in(int node) {
        int[] list = new int[8];
        int n = 0;
        for (int e = 0; e < graph.edgeCount; e++) {
            if (graph.to[e] == node) {
                if (n == list.length) {
                    list = Arrays.copyOf(list, n * 2);
                }
                list[n++] = e;
            }
        }
        return Arrays.copyOf(list, n);
    }

    /** Symbols of a name, names of folded ones included: compiled functions before assembly of the same name. */
    public int[] find(String name) {
        if (byName == null) {
            byName = new HashMap<>();
            for (int pass = 1; pass >= 0; pass--) {
                for (int i = 0; i < graph.nodes.size(); i++) {
                    Node n = graph.nodes.get(i);
                    if (n.kind == NodeKind.SYMBOL && n.abi == pass) {
                        enter(n.name, i);
                        for (String a : n.aliases) {
                            enter(a, i);
                        }
                    }
                }
            }
        }
        return byName.getOrDefault(name, new int[0]);
    }

    private void enter(String name, int node) {
        if (!name.isEmpty()) {
            int[] old = byName.get(name);
            int[] list = old == null ? new int[1] : Arrays.copyOf(old, old.length + 1);
            list[list.length - 1] = node;
            byName.put(name, list);
        }
    }

    /** Names that hold all of {@code part}, at most {@code limit}, for a message about one that does not exist. */
    public List<String> like(String part, int limit) {
        find("");
        return byName.keySet().stream().filter(s -> s.contains(part)).sorted().limit(limit).toList();
    }
}
