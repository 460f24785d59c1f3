// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import mica.base.JsonWriter;
import mica.obj.FormatException;

/** Who owns each byte of a file: ranges without gaps from its first byte to its last, and their sums. Ranges are found by {@code ByteOwners}. */
public final class SizeReport {
    /** A range of the file. */
    public static final class Range {
        public final long offset;
        public final long size;
        /** code, pclntab, funcdata, types, strings, rodata, data, symtab, debug, note, headers, padding and so on; unknown = nobody's. */
        public final String kind;
        /** Import path; "" = none, or several. */
        public final String pkg;
        /** Symbol, table or section. */
        public final String name;
        /** Section; "" = outside of all. */
        public final String section;

        Range(long offset, long size, String kind, String pkg, String name, String section) {
            this.offset = offset;
            this.size = size;
            this.kind = kind;
            this.pkg = pkg;
            this.name = name;
            this.section = section;
        }

        /** The named type that the range is for: methods, descriptors, tables; "" = none. */
        public String type() {
            return name.equals(section) || kind.equals("padding") || kind.equals("strings") ? "" : TypeNames.typeOf(name);
        }

        /** What the range counts for under one of {@link SizeReport#KEYS}. */
        String key(String by) {
            switch (by) {
                case "kind":
                    return kind;
                case "package":
                    return pkg;
                case "type":
                    return type();
                case "section":
                    return section;
                default:
                    return name;
            }
        }
    }

    /** A sum of ranges under one name. */
    public static final class Sum {
        public final String name;
        public long bytes;
        public int count;

        Sum(String name) {
            this.name = name;
        }
    }

    /** By what ranges can be summed up. */
    public static final List<String> KEYS = List.of("kind", "package", "type", "symbol", "section");

    public final String file;
    /** Bytes of the file. */
    public final long size;
    public final List<Range> ranges;
    /** The file names the owner of each string, type and table. */
    public final boolean detailed;

    /** @throws FormatException if the file is damaged, or parts of it overlap */
    public SizeReport(Executable exe) throws FormatException {
        this.file = exe.elf.path;
        this.size = exe.elf.bytes.length;
        this.ranges = new ByteOwners(exe).ranges;
        this.detailed = exe.graph() != null;
    }

    /** Sums by one of {@link #KEYS}, largest first; ranges without such a name are left out, save for kinds. */
    public List<Sum> by(String key) {
        TreeMap<String, Sum> map = new TreeMap<>();
        for (Range r : ranges) {
            String k = r.key(key);
            if (!k.isEmpty()) {
                Sum s = map.computeIfAbsent(k, Sum::new);
                s.bytes += r.size;
                s.count++;
            }
        }
        List<Sum> list = new ArrayList<>(map.values());
        list.sort(Comparator.comparingLong((Sum s) -> -s.bytes));
        return list;
    }

    // ---- texts ----

    /** A table by one key. @param top at most so many lines; 0 = all */
    public String table(String key, int top) {
        StringBuilder sb = new StringBuilder();
        sb.append(String.format("%12s %7s  %s%n", "bytes", "share", "by " + key));
        List<Sum> sums = by(key);
        long rest = size;
        int n = 0;
        for (Sum s : sums) {
            if (top > 0 && n == top) {
                break;
            }
            line(sb, s.bytes, s.name);
            rest -= s.bytes;
            n++;
        }
        if (rest > 0) {
            String more = "(" + (sums.size() - n) + " more";
            line(sb, rest, n == sums.size() ? "(no " + key + ")" : key.equals("kind") ? more + ")" : more + ", and what has no " + key + ")");
        }
        line(sb, size, "file");
        return sb.toString();
    }

    private void line(StringBuilder sb, long bytes, String name) {
        sb.append(String.format("%12d %6.2f%%  %s%n", bytes, 100.0 * bytes / size, name));
    }

    /** Packages, in each the kinds, in each the symbols; what is smaller than a share of the file is summed up. */
    public String tree(double least) {
        Node root = new Node("file");
        for (Range r : ranges) {
            root.child(r.pkg.isEmpty() ? "(no package)" : r.pkg).child(r.kind).child(r.name).add(r.size);
        }
        StringBuilder sb = new StringBuilder();
        root.print(sb, "", (long) (size * least), size);
        return sb.toString();
    }

    private static final class Node {
        final String name;
        long bytes;
        final TreeMap<String, Node> children = new TreeMap<>();
        Node parent;

        Node(String name) {
            this.name = name;
        }

        Node child(String n) {
            Node c = children.computeIfAbsent(n, Node::new);
            c.parent = this;
            return c;
        }

        void add(long n) {
            for (Node p = this; p != null; p = p.parent) {
                p.bytes += n;
            }
        }

        void print(StringBuilder sb, String indent, long least, long all) {
            sb.append(String.format("%12d %6.2f%%  %s%s%n", bytes, 100.0 * bytes / all, indent, name));
            List<Node> list = new ArrayList<>(children.values());
            list.sort(Comparator.comparingLong((Node c) -> -c.bytes));
            long small = 0;
            int n = 0;
            for (Node c : list) {
                if (c.bytes < least) {
                    small += c.bytes;
                    n++;
                } else {
                    c.print(sb, indent + "  ", least, all);
                }
            }
            if (n > 0 && small * 8 >= least) {
                sb.append(String.format("%12d %6.2f%%  %s%n", small, 100.0 * small / all, indent + "  (" + n + " smaller)"));
            }
        }
    }

    /** See docs/json.md, view {@code size}. */
    public String json() {
        StringBuilder sb = new StringBuilder();
        JsonWriter w = new JsonWriter(sb);
        w.beginObject().field("version", 1).field("view", "size").field("file", file).field("size", size);
        for (String key : List.of("kind", "package", "section")) {
            w.line().name(key.equals("kind") ? "kinds" : key.equals("package") ? "packages" : "sections").beginArray();
            for (Sum s : by(key)) {
                w.beginObject().field("name", s.name).field("bytes", s.bytes).field("count", s.count).endObject();
            }
            w.endArray();
        }
        w.line().name("ranges").beginArray();
        for (Range r : ranges) {
            w.line().beginObject().field("offset", r.offset).field("size", r.size).field("kind", r.kind);
            if (!r.pkg.isEmpty()) {
                w.field("package", r.pkg);
            }
            w.field("name", r.name);
            if (!r.type().isEmpty()) {
                w.field("type", r.type());
            }
            if (!r.section.isEmpty()) {
                w.field("section", r.section);
            }
            w.endObject();
        }
        w.endArray().endObject().end();
        return sb.toString();
    }
}
