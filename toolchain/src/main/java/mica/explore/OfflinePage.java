// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import mica.base.JsonWriter;
import mica.build.BuildException;
import mica.build.Package;
import mica.build.Probe;
import mica.build.Session;
import mica.obj.FormatException;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.base.Sources;
import mica.link.Image;
import mica.ssa.Func;

/**
 * The explorer as one file. Functions of the user's packages are there with all passes; of the library's, which are a hundred times as
 * many, the SSA that the front end made, the SSA that code was selected from, and the code: compressed, one element a package, and
 * unpacked when one is looked at.
 */
final class OfflinePage {
    private final Session.Build build;
    private final Set<String> own = new HashSet<>();

    private OfflinePage(Session.Build build) {
        this.build = build;
        for (Package p : build.packages) {
            if (!p.standard) {
                own.add(p.importPath);
            }
        }
    }

    /**
     * The page of a linked program.
     *
     * @param size the view {@code size} of its executable
     * @param more further members of the facts as JSON texts, by name
     */
    static String of(Session.Build build, String title, String size, Map<String, String> more) throws BuildException, FormatException {
        return new OfflinePage(build).page(title, size, more);
    }

    private String page(String title, String size, Map<String, String> more) throws BuildException, FormatException {
        ProgramView view = new ProgramView(build);
        StringBuilder facts = new StringBuilder("{\"version\":1,\"view\":\"explore\"");
        member(facts, "checked", view.checked());
        member(facts, "linked", view.linked());
        Map<String, StringBuilder> packs = new TreeMap<>();
        member(facts, "functions", functions(packs));
        member(facts, "code", code());
        member(facts, "size", size);
        member(facts, "reached", reached());
        for (Map.Entry<String, String> e : more.entrySet()) {
            member(facts, e.getKey(), e.getValue());
        }
        StringBuilder elements = new StringBuilder(Page.element("facts", "{\"version\":1,\"view\":\"explore\"}"));
        pack(elements, "all", facts.append('}').toString());
        for (Map.Entry<String, StringBuilder> e : packs.entrySet()) {
            pack(elements, "pack:" + e.getKey(), e.getValue().append('}').toString());
        }
        return Page.of(title, "explorer.js", elements);
    }

    /** An element with compressed JSON. */
    private static void pack(StringBuilder elements, String id, String json) {
        elements.append("<script type=\"text/plain\" id=\"").append(Page.text(id)).append("\">").append(packed(json)).append("</script>\n");
    }

    private static void member(StringBuilder b, String name, String json) {
        b.append(",\n").append(JsonWriter.quote(name)).append(':').append(json);
    }

    /** Views of the user's functions; those of others go into packs, by package. */
    private String functions(Map<String, StringBuilder> packs) throws BuildException {
        StringBuilder mine = new StringBuilder("{");
        for (Symbol s : build.image.symbols) {
            if (s.kind != SymKind.TEXT || s.size == 0 || s.foldedInto != null || build.find(s.name) != s) {
                continue;
            }
            boolean whole = own.contains(s.pkg) || s.name.startsWith("main.");
            StringBuilder to = whole ? mine : packs.computeIfAbsent(s.pkg, k -> new StringBuilder("{"));
            to.append(to.length() > 1 ? ",\n" : "").append(JsonWriter.quote(s.name)).append(':').append(facts(s, whole));
        }
        return mine.append('}').toString();
    }

    /** The linked bytes of the user's functions. */
    private String code() {
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b).beginObject();
        for (Symbol s : build.image.symbols) {
            if (s.kind == SymKind.TEXT && s.size > 0 && (own.contains(s.pkg) || s.name.startsWith("main.")) && build.find(s.name) == s) {
                j.field(s.name, LinkedCode.bytes(build.image, s));
            }
        }
        j.endObject();
        return b.toString();
    }

    private String facts(Symbol s, boolean whole) throws BuildException {
        SsaRecorder all = new SsaRecorder(s.name);
        Brief brief = new Brief();
        try {
            if (build.function(s.name, whole ? all : brief) != null) {
                return SsaView.slim(whole ? all.record() : brief.record, build.sources, !whole);
            }
        } catch (CancellationException e) {
            throw new BuildException("mica: explore: cancelled");
        }
        return SsaView.slim(SsaRecord.assembled(s), build.sources, !whole);
    }

    /** Keeps the first and the last SSA of one function, and its code. */
    private static final class Brief implements Probe {
        SsaRecord record;

        @Override
        public boolean wants(Func f) {
            return true;
        }

        @Override
        public void after(String pass, Func f, long nanos) {
            if (record == null) {
                record = new SsaRecord(f);
                record.pass(pass, f, nanos);
            }
        }

        @Override
        public void prepared(Func f, long nanos) {
            record.pass("prepare code", f, nanos);
        }

        @Override
        public void emitted(Func f, Symbol out, long nanos) {
            record.emitted(f, out);
        }

        @Override
        public void linked(Image image, Sources sources) {}
    }

    /** Who referred to each symbol first, as columns: names, and the index of that symbol; -1 for roots. */
    private String reached() {
        Map<Symbol, Integer> index = new HashMap<>();
        List<Symbol> list = new ArrayList<>(build.image.symbols);
        for (int i = 0; i < list.size(); i++) {
            index.put(list.get(i), i);
        }
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b).beginObject().name("names").beginArray();
        list.forEach(s -> j.value(s.name));
        j.endArray().name("from").beginArray();
        list.forEach(s -> j.value(index.getOrDefault(s.reachedFrom, -1)));
        j.endArray().endObject();
        return b.toString();
    }

    private static String packed(String json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream z = new GZIPOutputStream(out) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            z.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base85.of(out.toByteArray());
    }
}
