// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.Locale;
import mica.base.JsonWriter;

/** Writes a {@link ProcessMap} as text or as JSON (docs/json.md). */
public final class MapReport {
    private static final int VERSION = 1;

    private MapReport() {}

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** Sums by group, and below each the owners, largest first, as far as {@code most} of them. */
    public static String text(ProcessMap m, int most) {
        StringBuilder s = new StringBuilder();
        line(s, "process %d, %s: %d threads, stopped for %.1f ms", m.pid, m.path, m.threads, m.stopped / 1e6);
        owners(m, most, s);
        return s.toString();
    }

    /** The same without the line about the process. */
    static void owners(ProcessMap m, int most, StringBuilder s) {
        line(s, "%8d KiB resident, by owner:", m.rss / 1024);
        for (ProcessMap.Sum g : m.groups()) {
            line(s, "%10.1f  %s", g.bytes / 1024.0, g.kind.equals("section") ? g.name : g.kind);
            int shown = 0;
            long rest = 0;
            for (ProcessMap.Sum o : m.owners()) {
                boolean here = o.kind.equals(g.kind) && (!g.kind.equals("section") || (o.name + " ").startsWith(g.name + " "));
                if (here && shown++ < most) {
                    String name = g.kind.equals("section") ? o.name.substring(g.name.length()).strip() : o.function.isEmpty() ? o.name : o.name + " " + o.function;
                    line(s, "%16.1f  %s", o.bytes / 1024.0, name.isEmpty() ? "without a symbol" : name);
                } else if (here) {
                    rest += o.bytes;
                }
            }
            if (rest > 0) {
                line(s, "%16.1f  %d more", rest / 1024.0, shown - most);
            }
        }
        line(s, "%10.1f  sum; the kernel says %d KiB (smaps_rollup), %d KiB (statm)", m.sum() / 1024.0, m.rss / 1024, m.statm / 1024);
        if (m.stripped) {
            line(s, "the executable is stripped: data has no symbols");
        }
    }

    private static void line(StringBuilder s, String format, Object... args) {
        s.append(String.format(Locale.ROOT, format, args)).append('\n');
    }

    public static void json(ProcessMap m, Appendable out) {
        JsonWriter w = new JsonWriter(out);
        json(m, w);
        w.end();
    }

    /** The view as a value of a larger text. */
    static void json(ProcessMap m, JsonWriter w) {
        w.beginObject().line().field("version", VERSION).field("view", "map");
        w.line().name("process").beginObject().field("pid", m.pid).field("path", m.path).field("threads", m.threads).field("stripped", m.stripped)
                .field("stopped", m.stopped).endObject();
        w.line().field("rss", m.rss).field("statm", m.statm);
        w.line().name("groups").beginArray();
        for (ProcessMap.Sum s : m.groups()) {
            w.line().beginObject().field("owner", s.kind).field("name", s.name).field("bytes", s.bytes).endObject();
        }
        w.endArray().line().name("owners").beginArray();
        for (ProcessMap.Sum s : m.owners()) {
            w.line().beginObject().field("owner", s.kind).field("name", s.name);
            function(w, s.function);
            w.field("bytes", s.bytes).endObject();
        }
        w.endArray().line().name("mappings").beginArray();
        for (Mapping x : m.mappings) {
            w.line().beginObject().field("start", hex(x.start)).field("end", hex(x.end)).field("perm", x.permissions).field("path", x.path)
                    .field("rss", x.rss).endObject();
        }
        w.endArray().line().name("ranges").beginArray();
        for (ProcessMap.Range r : m.ranges) {
            range(w, r);
        }
        w.endArray().endObject();
    }

    private static void range(JsonWriter w, ProcessMap.Range r) {
        w.line().beginObject().field("start", hex(r.start)).field("end", hex(r.end)).field("owner", r.owner.kind).field("name", r.owner.name);
        if (r.owner.sizeClass >= 0) {
            w.field("class", r.owner.sizeClass).field("elem", r.owner.elem).field("pointers", r.owner.pointers).field("objects", r.owner.objects)
                    .field("live", r.owner.live);
        }
        if (r.owner.goid != 0) {
            w.field("goid", r.owner.goid);
        }
        function(w, r.owner.function);
        w.endObject();
    }

    private static void function(JsonWriter w, String name) {
        if (!name.isEmpty()) {
            w.field("function", name);
        }
    }
}
