// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import mica.base.JsonWriter;
import mica.obj.FormatException;

/** What changed from one executable to another: sums by kind, package and symbol, and why new symbols are there. */
public final class SizeDiff {
    /** One name on both sides. */
    public static final class Change {
        public final String name;
        public long before;
        public long after;

        Change(String name) {
            this.name = name;
        }

        public long bytes() {
            return after - before;
        }

        public String status() {
            return before == 0 ? "new" : after == 0 ? "gone" : after > before ? "grown" : "shrunk";
        }
    }

    private final SizeReport old;
    private final SizeReport now;
    private final Why why;

    /** @param why reasons of the second file; null = it keeps none */
    public SizeDiff(SizeReport old, SizeReport now, Why why) {
        this.old = old;
        this.now = now;
        this.why = why;
    }

    /** What is not the same by a key of {@link SizeReport#KEYS}, the largest change first. */
    public List<Change> changes(String key) {
        TreeMap<String, Change> map = new TreeMap<>();
        for (SizeReport.Sum s : old.by(key)) {
            map.computeIfAbsent(s.name, Change::new).before = s.bytes;
        }
        for (SizeReport.Sum s : now.by(key)) {
            map.computeIfAbsent(s.name, Change::new).after = s.bytes;
        }
        List<Change> list = new ArrayList<>();
        for (Change c : map.values()) {
            if (c.before != c.after) {
                list.add(c);
            }
        }
        list.sort(Comparator.comparingLong((Change c) -> -Math.abs(c.bytes())));
        return list;
    }

    /** Tables by kind, package and symbol. @param top lines of each; 0 = all */
    public String text(int top) throws FormatException {
        StringBuilder sb = new StringBuilder();
        for (String key : List.of("kind", "package", "symbol")) {
            table(sb, key, top);
        }
        sb.append(String.format("%12d %12d %+12d          file%n", old.size, now.size, now.size - old.size));
        if (old.detailed != now.detailed) {
            sb.append(String.format("(%s was linked with symbols, the other not: what only symbols name is new or gone)%n", old.detailed ? old.file : now.file));
        }
        return sb.toString();
    }

    private void table(StringBuilder sb, String key, int top) throws FormatException {
        List<Change> list = changes(key);
        sb.append(String.format("%12s %12s %12s          %s%n", "before", "after", "change", "by " + key));
        int n = 0;
        for (Change c : list) {
            if (top > 0 && n++ == top) {
                sb.append(String.format("%47s  (%d more)%n", "", list.size() - top));
                break;
            }
            sb.append(String.format("%12d %12d %+12d  %-6s  %s%s%n", c.before, c.after, c.bytes(), c.status(), c.name, key.equals("symbol") ? reason(c) : ""));
        }
        sb.append('\n');
    }

    private String reason(Change c) throws FormatException {
        String r = c.before > 0 || why == null ? null : why.briefly(c.name);
        return r == null ? "" : "  (" + r + ")";
    }

    /** See docs/json.md, view {@code size-diff}. */
    public String json() throws FormatException {
        StringBuilder sb = new StringBuilder();
        JsonWriter w = new JsonWriter(sb);
        w.beginObject().field("version", 1).field("view", "size-diff").field("before", old.file).field("after", now.file)
                .field("sizeBefore", old.size).field("sizeAfter", now.size);
        for (String key : List.of("kind", "package", "symbol")) {
            w.line().name(key.equals("kind") ? "kinds" : key.equals("package") ? "packages" : "symbols").beginArray();
            for (Change c : changes(key)) {
                w.line().beginObject().field("name", c.name).field("status", c.status()).field("before", c.before).field("after", c.after);
                String r = !key.equals("symbol") || c.before > 0 || why == null ? null : why.briefly(c.name);
                if (r != null) {
                    w.field("why", r);
                }
                w.endObject();
            }
            w.endArray();
        }
        w.endObject().end();
        return sb.toString();
    }
}
