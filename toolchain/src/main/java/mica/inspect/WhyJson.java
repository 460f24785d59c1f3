// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import mica.base.JsonWriter;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;

/** Answers of {@link Why} as JSON. */
final class WhyJson {
    private final Executable exe;
    private final LinkGraph graph;
    private final GraphNames names;
    private final EdgeText text;
    private final StringBuilder out = new StringBuilder();
    private final JsonWriter w = new JsonWriter(out);

    WhyJson(Executable exe, LinkGraph graph, GraphNames names, EdgeText text) {
        this.exe = exe;
        this.graph = graph;
        this.names = names;
        this.text = text;
    }

    String write(List<Why.Answer> answers, Function<Why.Answer, List<Integer>> largest) {
        w.beginObject().field("version", 1).field("view", "why").field("file", exe.elf.path).line().name("symbols").beginArray();
        for (Why.Answer a : answers) {
            w.line().beginObject().field("name", a.name).field("kind", EdgeText.kind(a.symbol)).field("address", a.symbol.address)
                    .field("size", a.symbol.size).field("package", a.pkg);
            edges("chain", a.chain);
            edges("reasons", java.util.Arrays.stream(a.reasons).boxed().toList());
            w.line().name("dominators").beginArray();
            for (int d : a.dominators) {
                w.value(names.name(d));
            }
            w.endArray().line().name("retained").beginObject().field("bytes", a.sum.bytes).name("kinds").beginObject();
            a.sum.kinds.forEach((k, v) -> w.field(k, v));
            w.endObject().name("symbols").beginArray();
            for (int i : largest.apply(a)) {
                w.line().beginObject().field("name", names.name(i)).field("kind", EdgeText.kind(graph.nodes.get(i))).field("size", names.ownSize(i)).endObject();
            }
            w.endArray().endObject().endObject();
        }
        w.endArray().endObject().end();
        return out.toString();
    }

    private void edges(String name, List<Integer> list) {
        w.line().name(name).beginArray();
        for (int e : list) {
            w.line().beginObject();
            node("from", graph.from[e]);
            node("to", graph.to[e]);
            if (graph.when[e] >= 0) {
                node("when", graph.when[e]);
            }
            w.field("reason", graph.reason[e].name().toLowerCase(Locale.ROOT).replace('_', ' ')).field("text", text.edge(e)).endObject();
        }
        w.endArray();
    }

    private void node(String name, int i) {
        Node n = graph.nodes.get(i);
        w.name(name).beginObject().field("is", n.kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        String shown = names.name(i);
        if (!shown.isEmpty()) {
            w.field("name", shown);
        }
        if (n.owner >= 0) {
            w.field("of", names.name(n.owner));
        }
        w.endObject();
    }
}
