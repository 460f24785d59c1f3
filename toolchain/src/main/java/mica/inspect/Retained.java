// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;
import mica.obj.SymKind;

/**
 * How many bytes of the loaded part of the file would not be there if some nodes were not: their own, and those of what is shared (pc-value tables,
 * names, paths, bytes of strings that lie in one another) if all that share them go. Symbol table and debug information are not counted.
 */
public final class Retained {
    /** Two symbols with more than this between them have something else between them. */
    private static final int MAX_PADDING = 64;
    /** An entry of the function index: offset of the code, offset of the record. */
    private static final int INDEX_ENTRY = 8;
    private static final int CODE_PER_BUCKET = 4096;
    private static final int BUCKET = 20;
    private static final int BYTES_PER_MASK_WORD = 512;

    /** Bytes that go when all of some nodes go. */
    private static final class Shared {
        final long size;
        final int[] owners;

        Shared(long size, int[] owners) {
            this.size = size;
            this.owners = owners;
        }
    }

    private final Executable exe;
    private final LinkGraph graph;
    private final GraphNames names;
    private final List<Shared> shared = new ArrayList<>();
    private final List<String> sharedKind = new ArrayList<>();
    private final long[] record;
    /** Padding between each symbol and the next. */
    private final long[] padding;
    private int[][] sharedOf;

    Retained(Executable exe) throws FormatException {
        this.exe = exe;
        this.graph = exe.graph();
        this.names = exe.graphNames();
        this.record = new long[graph.nodes.size()];
        this.padding = new long[graph.nodes.size()];
        paddings();
        functions();
        strings();
        index();
    }

    private void share(long size, String kind, int[] owners) {
        if (owners.length > 0) {
            shared.add(new Shared(size, owners));
            sharedKind.add(kind);
        }
    }

    private void paddings() {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < graph.nodes.size(); i++) {
            Node n = graph.nodes.get(i);
            if (n.kind == NodeKind.SYMBOL && inFile(n) && n.symKind != SymKind.STRING) {
                list.add(i);
            }
        }
        list.sort(Comparator.comparingLong(i -> graph.nodes.get(i).address));
        for (int k = 0; k + 1 < list.size(); k++) {
            Node n = graph.nodes.get(list.get(k));
            long gap = graph.nodes.get(list.get(k + 1)).address - (n.address + n.size);
            if (gap > 0 && gap < MAX_PADDING && exe.sectionAt(n.address) == exe.sectionAt(n.address + n.size + gap)) {
                padding[list.get(k)] = gap;
            }
        }
    }

    private void functions() throws FormatException {
        if (exe.pcln() == null) {
            return;
        }
        Map<Long, Integer> byAddress = new HashMap<>();
        for (int i = 0; i < graph.nodes.size(); i++) {
            Node n = graph.nodes.get(i);
            if (n.kind == NodeKind.SYMBOL && n.symKind == SymKind.TEXT) {
                byAddress.put(n.address, i);
            }
        }
        PclnPieces pieces = exe.pclnPieces();
        for (PclnPieces.Piece p : pieces.all()) {
            int[] owners = new int[p.owners.size()];
            int n = 0;
            for (int f : p.owners) {
                Integer node = byAddress.get(pieces.functions.get(f).entry);
                if (node != null) {
                    owners[n++] = node;
                }
            }
            if (n < owners.length) {
                // One of the owners is not in the graph, so the piece stays.
                continue;
            }
            if (p.what.equals("record")) {
                record[owners[0]] = p.size + INDEX_ENTRY;
            } else {
                // A path has an entry in the unit table, too.
                share(p.size + (p.what.equals("path") ? 4 : 0), "pclntab", owners);
            }
        }
    }

    /** Cuts bytes that several strings cover at all their ends; each piece is shared by the strings that cover it. */
    private void strings() {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < graph.nodes.size(); i++) {
            Node n = graph.nodes.get(i);
            if (n.kind == NodeKind.SYMBOL && n.symKind == SymKind.STRING && n.size > 0) {
                list.add(i);
            }
        }
        list.sort(Comparator.comparingLong((Integer i) -> graph.nodes.get(i).address).thenComparingLong(i -> -graph.nodes.get(i).size));
        for (int from = 0; from < list.size(); ) {
            long end = graph.nodes.get(list.get(from)).address + graph.nodes.get(list.get(from)).size;
            int to = from + 1;
            while (to < list.size() && graph.nodes.get(list.get(to)).address < end) {
                end = Math.max(end, graph.nodes.get(list.get(to)).address + graph.nodes.get(list.get(to)).size);
                to++;
            }
            cut(list.subList(from, to));
            from = to;
        }
    }

    private void cut(List<Integer> strings) {
        long[] ends = new long[strings.size() * 2];
        int n = 0;
        for (int i : strings) {
            ends[n++] = graph.nodes.get(i).address;
            ends[n++] = graph.nodes.get(i).address + graph.nodes.get(i).size;
        }
        Arrays.sort(ends);
        for (int k = 0; k + 1 < n; k++) {
            if (ends[k] == ends[k + 1]) {
                continue;
            }
            int[] owners = new int[strings.size()];
            int m = 0;
            for (int i : strings) {
                Node x = graph.nodes.get(i);
                if (x.address <= ends[k] && x.address + x.size >= ends[k + 1]) {
                    owners[m++] = i;
                }
            }
            share(ends[k + 1] - ends[k], "strings", Arrays.copyOf(owners, m));
        }
    }

    private void index() {
        int[] count = new int[graph.nodes.size()];
        for (Shared s : shared) {
            for (int o : s.owners) {
                count[o]++;
            }
        }
        sharedOf = new int[count.length][];
        for (int i = 0; i < count.length; i++) {
            sharedOf[i] = new int[count[i]];
        }
        for (int k = 0; k < shared.size(); k++) {
            for (int o : shared.get(k).owners) {
                sharedOf[o][--count[o]] = k;
            }
        }
    }

    /** Bytes by kind. */
    public static final class Sum {
        public long bytes;
        public final TreeMap<String, Long> kinds = new TreeMap<>();

        void add(String kind, long n) {
            if (n != 0) {
                bytes += n;
                kinds.merge(kind, n, Long::sum);
            }
        }
    }

    /** What the file would lose without some nodes. */
    public Sum of(int[] gone) {
        Sum sum = new Sum();
        int[] left = new int[shared.size()];
        long text = 0;
        long data = 0;
        long bss = 0;
        for (int i : gone) {
            Node n = graph.nodes.get(i);
            for (int k : sharedOf[i]) {
                if (++left[k] == shared.get(k).owners.length) {
                    sum.add(sharedKind.get(k), shared.get(k).size);
                }
            }
            if (n.kind != NodeKind.SYMBOL) {
                sum.add(n.kind == NodeKind.INIT_STEP ? "data" : "types", n.size);
                continue;
            }
            long size = names.ownSize(i) + padding[i];
            switch (n.symKind) {
                case TEXT -> {
                    sum.add("code", size);
                    sum.add("pclntab", record[i]);
                    text += size;
                }
                case TYPE, ITAB, NAME -> sum.add("types", size);
                case FUNCDATA -> sum.add("funcdata", size);
                case RODATA -> sum.add("rodata", size);
                case DATA -> {
                    sum.add("data", size);
                    data += size;
                }
                case NOPTRDATA -> sum.add("data", size);
                case BSS -> bss += size;
                default -> {}
            }
        }
        sum.add("rodata", tables(".text", text, CODE_PER_BUCKET, BUCKET));
        sum.add("rodata", tables(".data", data, BYTES_PER_MASK_WORD, 8) + tables(".bss", bss, BYTES_PER_MASK_WORD, 8));
        return sum;
    }

    /** What a table with {@code bytes} for every {@code per} bytes of a section loses with {@code n} bytes of the section. */
    private long tables(String section, long n, long per, long bytes) {
        ElfFile.Section s = exe.elf.find(section);
        if (s == null || n == 0) {
            return 0;
        }
        return (up(s.size, per) - up(Math.max(0, s.size - n), per)) / per * bytes;
    }

    private static long up(long n, long to) {
        return (n + to - 1) / to * to;
    }

    /** Bytes in memory that a zeroed variable takes, which is none of the file's. */
    static boolean inFile(Node n) {
        return n.symKind != SymKind.BSS && n.symKind != SymKind.NOPTRBSS && n.symKind != SymKind.UNDEFINED && n.symKind != SymKind.ABS;
    }

}
