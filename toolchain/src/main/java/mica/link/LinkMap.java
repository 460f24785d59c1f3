// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mica.base.JsonWriter;
import mica.obj.Elf;
import mica.obj.LinkGraph;
import mica.obj.Symbol;

/** What lies where in an image, and why: as JSON (docs/json.md, view {@code linkmap}), or in the form of GNU ld's -Map. */
public final class LinkMap {
    private final Image image;
    private final Map<Symbol, List<String>> folded = new HashMap<>();

    private LinkMap(Image image) {
        this.image = image;
        for (Symbol s : image.symbols) {
            if (s.foldedInto != null && !s.name.isEmpty()) {
                folded.computeIfAbsent(s.foldedInto, k -> new ArrayList<>()).add(s.name);
            }
        }
    }

    // ---- GNU ----

    /** The memory map of GNU ld: a line for each output section, below it one for each symbol, with address and size. */
    public static String gnu(Image image) {
        return new LinkMap(image).gnu();
    }

    private String gnu() {
        StringBuilder sb = new StringBuilder("\nMemory Configuration\n\nName             Origin             Length             Attributes\n");
        sb.append("*default*        0x0000000000000000 0xffffffffffffffff\n\nLinker script and memory map\n");
        for (Section s : image.sections) {
            sb.append('\n').append(column(s.name)).append(hex(s.address)).append(' ').append(pad(s.size)).append('\n');
            long at = s.address;
            for (Symbol y : s.symbols) {
                if (y.address > at) {
                    sb.append(column(" *fill*")).append(hex(at)).append(' ').append(pad(y.address - at)).append('\n');
                }
                sb.append(column(" " + s.name)).append(hex(y.address)).append(' ').append(pad(y.size)).append(' ')
                        .append(y.pkg.isEmpty() ? "mica" : y.pkg).append('\n');
                sb.append(column("")).append(hex(y.address)).append("                ").append(shown(y)).append('\n');
                at = Math.max(at, y.address + y.size);
            }
        }
        return sb.append("OUTPUT(a.out elf64-x86-64)\n").toString();
    }

    /** A name that is too long for its column has a line of its own. */
    private static String column(String name) {
        return name.length() < 16 ? name + " ".repeat(16 - name.length()) : name + "\n" + " ".repeat(16);
    }

    private static String hex(long v) {
        String s = Long.toHexString(v);
        return "0x" + "0".repeat(16 - s.length()) + s;
    }

    private static String pad(long v) {
        String s = "0x" + Long.toHexString(v);
        return " ".repeat(Math.max(0, 10 - s.length())) + s;
    }

    /** Names are one line each, whatever a string holds. */
    private static String shown(Symbol y) {
        String q = JsonWriter.quote(y.name);
        return q.length() == y.name.length() + 2 ? y.name : q;
    }

    // ---- JSON ----

    public static String json(Image image) {
        return new LinkMap(image).json();
    }

    private String json() {
        StringBuilder sb = new StringBuilder();
        JsonWriter w = new JsonWriter(sb);
        w.beginObject().field("version", 1).field("view", "linkmap").field("buildId", image.buildId).field("entry", image.entry).field("size", image.bytes.length);
        w.line().name("sections").beginArray();
        for (Section s : image.sections) {
            w.line().beginObject().field("name", s.name).field("address", s.address).field("offset", s.fileOffset).field("size", s.size).field("align", s.align)
                    .endObject();
        }
        w.endArray().line().name("symbols").beginArray();
        for (Section s : image.sections) {
            for (Symbol y : s.symbols) {
                w.line();
                symbol(w, s, y);
            }
        }
        w.endArray();
        reasons(w);
        w.endObject().end();
        return sb.toString();
    }

    private void symbol(JsonWriter w, Section in, Symbol y) {
        w.beginObject().field("name", y.name).field("kind", lower(y.kind)).field("section", in.name).field("address", y.address).field("size", y.size);
        if (in.type != Elf.SHT_NOBITS) {
            w.field("offset", in.fileOffset + (y.address - in.address));
        }
        if (y.abi == 1) {
            w.field("abi", "internal");
        }
        if (!y.pkg.isEmpty()) {
            w.field("package", y.pkg);
        }
        List<String> names = folded.get(y);
        if (names != null) {
            w.name("folded").beginArray();
            names.forEach(w::value);
            w.endArray();
        }
        w.name("relocs").beginArray();
        for (int i = 0; i < y.relocCount; i++) {
            if (y.relocTarget[i] != null) {
                w.beginObject().field("offset", y.relocOffset[i]).field("type", y.relocType[i].name()).field("symbol", y.relocTarget[i].name)
                        .field("addend", y.relocAddend[i]).endObject();
            }
        }
        w.endArray().endObject();
    }

    /** Nodes and edges of the link graph by their numbers. */
    private void reasons(JsonWriter w) {
        LinkGraph g = image.graph;
        w.line().name("nodes").beginArray();
        for (LinkGraph.Node n : g.nodes) {
            w.line().beginObject().field("is", lower(n.kind)).field("name", n.name);
            if (n.owner >= 0) {
                w.field("of", n.owner);
            } else if (n.kind == LinkGraph.NodeKind.SYMBOL) {
                w.field("address", n.address);
            }
            w.endObject();
        }
        w.endArray().line().name("edges").beginArray();
        for (int e = 0; e < g.edgeCount; e++) {
            w.line().beginObject().field("from", g.from[e]).field("to", g.to[e]);
            if (g.when[e] >= 0) {
                w.field("when", g.when[e]);
            }
            w.field("reason", lower(g.reason[e])).endObject();
        }
        w.endArray();
    }

    private static String lower(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
