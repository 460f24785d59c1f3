// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mica.base.JsonWriter;
import mica.obj.ElfFile;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;
import mica.obj.SymKind;

/** How nodes of a link graph are shown: names also for what has none, packages also for what only one package refers to. */
public final class GraphNames {
    private static final int MAX_TEXT = 48;

    private final ElfFile elf;
    private final LinkGraph graph;
    /** Package of each node; "" = none, or several. */
    private final String[] packages;
    private final long[] own;
    /** A node that refers to this one; -1 = none, -2 = several. */
    private final int[] referrer;

    GraphNames(ElfFile elf, LinkGraph graph) {
        this.elf = elf;
        this.graph = graph;
        int n = graph.nodes.size();
        this.packages = new String[n];
        this.own = new long[n];
        this.referrer = new int[n];
        Arrays.fill(referrer, -1);
        for (int i = 0; i < n; i++) {
            Node x = graph.nodes.get(i);
            own[i] += x.size;
            if (x.owner >= 0 && x.owner < n && x.kind != NodeKind.SYMBOL) {
                own[x.owner] -= x.size;
            }
            packages[i] = x.kind != NodeKind.SYMBOL ? "" : namedPackage(x);
        }
        referrers();
    }

    private static String namedPackage(Node x) {
        String p = LinkGraph.packageOf(x.name);
        return p.isEmpty() ? x.pkg : p;
    }

    /** What is referred to by symbols of one package only belongs to it; twice, as boxes and func values stand in between. */
    private void referrers() {
        for (int e = 0; e < graph.edgeCount; e++) {
            int to = graph.to[e];
            if (graph.nodes.get(graph.from[e]).kind == NodeKind.SYMBOL) {
                referrer[to] = referrer[to] == -1 || referrer[to] == graph.from[e] ? graph.from[e] : -2;
            }
        }
        for (int round = 0; round < 2; round++) {
            String[] found = new String[packages.length];
            for (int e = 0; e < graph.edgeCount; e++) {
                int to = graph.to[e];
                String p = packages[graph.from[e]];
                if (packages[to].isEmpty() && graph.nodes.get(to).kind == NodeKind.SYMBOL) {
                    found[to] = found[to] == null || found[to].equals(p) ? p : "";
                }
            }
            for (int i = 0; i < found.length; i++) {
                if (found[i] != null) {
                    packages[i] = found[i];
                }
            }
        }
    }

    /** Import path of the package that a symbol belongs to; "" = of none, or of several. */
    public String pkg(int node) {
        return packages[node];
    }

    /** Bytes of a node that go when it goes, without those of facts about it. */
    public long ownSize(int node) {
        return Math.max(0, own[node]);
    }

    /** Name of a symbol, or what a nameless one is. */
    public String name(int node) {
        Node n = graph.nodes.get(node);
        if (n.kind != NodeKind.SYMBOL || !n.name.isEmpty() && n.symKind != SymKind.STRING) {
            return n.name;
        }
        switch (n.symKind) {
            case STRING:
                return "string " + text(n);
            case NAME:
                return "names of types, fields and methods";
            case FUNCDATA:
                return referrer[node] < 0 ? "shared stack maps" : graph.nodes.get(referrer[node]).name;
            default:
                return "";
        }
    }

    private String text(Node n) {
        int size = (int) Math.min(n.size, MAX_TEXT);
        long at = size <= 0 ? -1 : elf.fileOffset(n.address, size);
        if (at < 0) {
            return "\"\"";
        }
        String s = new String(elf.bytes, (int) at, size, StandardCharsets.UTF_8);
        return JsonWriter.quote(s) + (n.size > size ? "..." : "");
    }
}
