// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A {@link LinkGraph} as the section {@code .mica.link} of an executable, which is not loaded.
 *
 * <pre>
 *   Elf64_Chdr and a zlib stream (SHF_COMPRESSED), of:
 *   version  1
 *   packages count, then each a string
 *   nodes    count, then each: kind; then
 *            SYMBOL  flags: SymKind | 16 named by .symtab | 32 package follows | 64 ABIInternal
 *                    entry of .symtab, zigzag from the one before + 1, and size, zigzag from the entry's; or
 *                    name (strings, names and function data: empty), address zigzag from the end before, size
 *                    package number if it is not the one in the name
 *                    count of aliases, then each a name
 *            others  owner + 1, name, size
 *   edges    count, then in order of their start: start minus the one before, end, second condition + 1, reason
 * </pre>
 * Numbers are varints, names share a prefix with the name before: its length, the length of the rest, the rest in UTF-8.
 */
public final class LinkGraphFile {
    public static final String SECTION = ".mica.link";
    private static final int VERSION = 1;
    private static final int IN_SYMTAB = 16;
    private static final int HAS_PACKAGE = 32;
    private static final int ABI_INTERNAL = 64;
    private static final int CHDR_SIZE = 24;
    /** More than any program's graph; a file that claims more is damaged. */
    private static final long MAX_SIZE = 1L << 30;
    private static final int MAX_RATIO = 1100;

    private LinkGraphFile() {}

    // ---- writing ----

    /**
     * @param symtab for each node the number of its entry in .symtab; 0 = it has none
     * @param symtabSize size that each of these entries gives
     */
    public static Bytes write(LinkGraph g, int[] symtab, long[] symtabSize) {
        Bytes out = new Bytes(1 << 16);
        out.putVarint(VERSION);
        List<String> packages = new ArrayList<>(new java.util.TreeSet<>(g.nodes.stream().map(n -> n.pkg).toList()));
        out.putVarint(packages.size());
        for (String p : packages) {
            name(out, "", p);
        }
        out.putVarint(g.nodes.size());
        int entry = 0;
        long end = 0;
        String before = "";
        for (int i = 0; i < g.nodes.size(); i++) {
            LinkGraph.Node n = g.nodes.get(i);
            out.putVarint(n.kind.ordinal());
            if (n.kind != LinkGraph.NodeKind.SYMBOL) {
                out.putVarint(n.owner + 1);
                name(out, before, n.name);
                before = n.name;
                out.putVarint(n.size);
                continue;
            }
            boolean own = symtab[i] == 0;
            String name = own && !hasName(n.symKind) ? "" : n.name;
            boolean pkg = !n.pkg.equals(LinkGraph.packageOf(name));
            out.putVarint(n.symKind.ordinal() | (own ? 0 : IN_SYMTAB) | (pkg ? HAS_PACKAGE : 0) | (n.abi == 1 ? ABI_INTERNAL : 0));
            if (own) {
                name(out, before, name);
                before = name;
                out.putVarint(zigzag(n.address - end));
                out.putVarint(n.size);
            } else {
                out.putVarint(zigzag(symtab[i] - entry - 1));
                entry = symtab[i];
                out.putVarint(zigzag(n.size - symtabSize[i]));
            }
            end = n.address + n.size;
            if (pkg) {
                out.putVarint(java.util.Collections.binarySearch(packages, n.pkg));
            }
            out.putVarint(n.aliases.size());
            for (String a : n.aliases) {
                name(out, name, a);
            }
        }
        edges(out, g);
        return out;
    }

    /** What the contents tell better than a name, which is made from them anyway. */
    private static boolean hasName(SymKind k) {
        return k != SymKind.STRING && k != SymKind.NAME && k != SymKind.FUNCDATA;
    }

    private static void edges(Bytes out, LinkGraph g) {
        Integer[] order = new Integer[g.edgeCount];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        java.util.Arrays.sort(order, (a, b) -> {
            int c = Integer.compare(g.from[a], g.from[b]);
            c = c == 0 ? Integer.compare(g.to[a], g.to[b]) : c;
            c = c == 0 ? Integer.compare(g.when[a], g.when[b]) : c;
            return c == 0 ? g.reason[a].compareTo(g.reason[b]) : c;
        });
        out.putVarint(g.edgeCount);
        int from = 0;
        for (int e : order) {
            out.putVarint(g.from[e] - from);
            from = g.from[e];
            out.putVarint(g.to[e]);
            out.putVarint(g.when[e] + 1);
            out.putVarint(g.reason[e].ordinal());
        }
    }

    private static long zigzag(long v) {
        return v << 1 ^ v >> 63;
    }

    private static void name(Bytes out, String before, String name) {
        int n = Math.min(before.length(), name.length());
        int same = 0;
        while (same < n && before.charAt(same) == name.charAt(same)) {
            same++;
        }
        byte[] rest = name.substring(same).getBytes(StandardCharsets.UTF_8);
        out.putVarint(same);
        out.putVarint(rest.length);
        out.put(rest);
    }

    // ---- reading ----

    /** The graph of an executable; null if it has none. */
    public static LinkGraph read(ElfFile elf) throws FormatException {
        ElfFile.Section s = elf.find(SECTION);
        if (s == null || s.type == Elf.SHT_NOBITS) {
            return null;
        }
        return new Reader(elf, s).graph();
    }

    private static final class Reader {
        private final ElfFile elf;
        private final ElfFile.Section section;
        private final byte[] b;
        private int at;

        Reader(ElfFile elf, ElfFile.Section section) throws FormatException {
            this.elf = elf;
            this.section = section;
            this.b = inflate();
        }

        private byte[] inflate() throws FormatException {
            int start = (int) section.offset;
            if ((section.flags & Elf.SHF_COMPRESSED) == 0) {
                return java.util.Arrays.copyOfRange(elf.bytes, start, start + (int) section.size);
            }
            if (section.size < CHDR_SIZE || Bytes.load32(elf.bytes, start) != 1) {
                throw bad("compressed in an unknown way");
            }
            long size = Bytes.load64(elf.bytes, start + 8);
            if (size < 0 || size > MAX_SIZE || size > section.size * MAX_RATIO) {
                throw bad("claims to unpack to " + size + " bytes");
            }
            byte[] out = new byte[(int) size];
            Inflater i = new Inflater();
            try {
                i.setInput(elf.bytes, start + CHDR_SIZE, (int) section.size - CHDR_SIZE);
                if (i.inflate(out) != out.length) {
                    throw bad("unpacks to fewer bytes than it claims");
                }
            } catch (DataFormatException e) {
                throw bad("damaged compression");
            } finally {
                i.end();
            }
            return out;
        }

        private FormatException bad(String what) {
            return elf.bad(section.offset, "section " + SECTION + ": " + what);
        }

        private long number() throws FormatException {
            long v = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at >= b.length) {
                    break;
                }
                byte x = b[at++];
                v |= (long) (x & 0x7f) << shift;
                if (x >= 0) {
                    return v;
                }
            }
            throw bad("number cut off at " + at);
        }

        private long signed() throws FormatException {
            long v = number();
            return v >>> 1 ^ -(v & 1);
        }

        /** A number from 0 to limit - 1; every counted thing takes a byte at least, so a count is below the size. */
        private int below(long limit, String what) throws FormatException {
            long v = number();
            if (v < 0 || v >= limit) {
                throw bad(what + " " + v + " at " + at);
            }
            return (int) v;
        }

        private String name(String before) throws FormatException {
            int same = below(before.length() + 1L, "length of a name's start");
            int n = below(b.length - at + 1L, "length of a name");
            if (n > b.length - at) {
                throw bad("name cut off at " + at);
            }
            String rest = new String(b, at, n, StandardCharsets.UTF_8);
            at += n;
            if (same + (long) rest.length() > 1 << 20) {
                throw bad("name of " + (same + (long) rest.length()) + " characters");
            }
            return same == 0 ? rest : before.substring(0, same) + rest;
        }

        LinkGraph graph() throws FormatException {
            if (number() != VERSION) {
                throw bad("of a version that this mica does not know");
            }
            String[] packages = new String[below(b.length, "count of packages")];
            for (int i = 0; i < packages.length; i++) {
                packages[i] = name("");
            }
            LinkGraph g = new LinkGraph();
            int nodes = below(b.length, "count of nodes");
            List<ElfFile.Sym> symtab = elf.symbols();
            int entry = 0;
            long end = 0;
            String before = "";
            LinkGraph.NodeKind[] kinds = LinkGraph.NodeKind.values();
            SymKind[] symKinds = SymKind.values();
            long letters = 0;
            for (int i = 0; i < nodes; i++) {
                LinkGraph.NodeKind kind = kinds[below(kinds.length, "kind")];
                if (kind != LinkGraph.NodeKind.SYMBOL) {
                    int owner = below(nodes + 1L, "owner") - 1;
                    before = name(before);
                    LinkGraph.Node n = new LinkGraph.Node(kind, before, owner);
                    n.size = number();
                    g.add(n);
                    continue;
                }
                int flags = below(128, "flags");
                if ((flags & 15) >= symKinds.length) {
                    throw bad("kind of symbol " + (flags & 15));
                }
                LinkGraph.Node n;
                if ((flags & IN_SYMTAB) != 0) {
                    long next = entry + 1L + signed();
                    if (next < 0 || next >= symtab.size()) {
                        throw bad("entry " + next + " of .symtab");
                    }
                    entry = (int) next;
                    ElfFile.Sym y = symtab.get(entry);
                    n = new LinkGraph.Node(kind, y.name, -1);
                    n.address = y.value;
                    n.size = y.size + signed();
                } else {
                    before = name(before);
                    n = new LinkGraph.Node(kind, before, -1);
                    n.address = end + signed();
                    n.size = number();
                }
                letters += n.name.length();
                if (letters > MAX_SIZE / 4) {
                    throw bad("names of more than " + MAX_SIZE / 4 + " characters");
                }
                end = n.address + n.size;
                n.symKind = symKinds[flags & 15];
                n.abi = (flags & ABI_INTERNAL) != 0 ? 1 : 0;
                n.pkg = (flags & HAS_PACKAGE) != 0 ? packages[below(packages.length, "package")] : LinkGraph.packageOf(n.name);
                int aliases = below(b.length, "count of names");
                for (int k = 0; k < aliases; k++) {
                    n.aliases.add(name(n.name));
                }
                g.add(n);
            }
            edges(g, nodes);
            return g;
        }

        private void edges(LinkGraph g, int nodes) throws FormatException {
            LinkGraph.Reason[] reasons = LinkGraph.Reason.values();
            int n = below(b.length, "count of edges");
            int from = 0;
            for (int i = 0; i < n; i++) {
                from += below(nodes - (long) from, "start of an edge");
                int to = below(nodes, "end of an edge");
                int when = below(nodes + 1L, "condition of an edge") - 1;
                g.edge(from, to, when, reasons[below(reasons.length, "reason of an edge")]);
            }
            if (nodes == 0 || g.nodes.get(0).kind != LinkGraph.NodeKind.ROOT) {
                throw bad("has no start");
            }
        }
    }
}
