// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.LinkGraph;
import mica.obj.SymKind;

/**
 * Finds an owner for each byte of a file. Headers and sections part the file; sections are parted by what is known of their contents:
 * nodes of the link graph, symbols, functions and pieces of the function table, type descriptors. What lies between is padding if it is
 * blank, and else the section's own. Headers and sections that overlap are an error.
 */
final class ByteOwners {
    /** Header of the function table. */
    private static final int PCLN_HEADER = 72;

    private final Executable exe;
    private final ElfFile elf;
    private final LinkGraph graph;
    private final Map<ElfFile.Section, List<Owned>> known = new HashMap<>();
    final List<SizeReport.Range> ranges = new ArrayList<>();
    private long at;

    /** A range before it is placed; nested ones lose to those around them. */
    private record Owned(long offset, long size, String kind, String pkg, String name) {}

    /** A header or section. */
    private record Part(long offset, long size, String name, ElfFile.Section section) {}

    ByteOwners(Executable exe) throws FormatException {
        this.exe = exe;
        this.elf = exe.elf;
        this.graph = exe.graph();
        collect();
        for (Part p : parts()) {
            if (p.offset < at) {
                throw elf.bad(p.offset, p.name + " overlaps what lies before it");
            }
            gap(p.offset, "", "before " + p.name, null);
            if (p.section == null) {
                add(p.size, "headers", "", p.name, "");
            } else {
                section(p.section);
            }
        }
        gap(elf.bytes.length, "", "end of file", null);
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(0, Elf.EHDR_SIZE, "ELF header", null));
        if (!elf.segments.isEmpty()) {
            parts.add(new Part(elf.programTableOffset(), (long) elf.segments.size() * Elf.PHDR_SIZE, "program headers", null));
        }
        if (!elf.sections.isEmpty()) {
            parts.add(new Part(elf.sectionTableOffset(), (long) elf.sections.size() * Elf.SHDR_SIZE, "section headers", null));
        }
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_NULL && s.type != Elf.SHT_NOBITS && s.size > 0) {
                parts.add(new Part(s.offset, s.size, "section " + s.name, s));
            }
        }
        parts.sort(Comparator.comparingLong(Part::offset));
        return parts;
    }

    private void add(long n, String kind, String pkg, String name, String section) {
        if (n <= 0) {
            return;
        }
        if (!ranges.isEmpty()) {
            SizeReport.Range last = ranges.get(ranges.size() - 1);
            if (last.kind.equals(kind) && last.name.equals(name) && last.pkg.equals(pkg)) {
                ranges.set(ranges.size() - 1, new SizeReport.Range(last.offset, last.size + n, kind, pkg, name, section));
                at += n;
                return;
            }
        }
        ranges.add(new SizeReport.Range(at, n, kind, pkg, name, section));
        at += n;
    }

    /** Bytes up to {@code end} that nobody claims: padding if they are blank, else the section's. */
    private void gap(long end, String section, String name, String kind) {
        if (end <= at) {
            return;
        }
        boolean blank = true;
        for (long p = at; p < end && blank; p++) {
            byte b = elf.bytes[(int) p];
            blank = b == 0 || b == (byte) 0xCC && "code".equals(kind);
        }
        if (blank) {
            add(end - at, "padding", "", section.isEmpty() ? name : "in " + section, section);
        } else if (kind == null) {
            add(end - at, "unknown", "", name, section);
        } else {
            add(end - at, kind, "", section, section);
        }
    }

    private void section(ElfFile.Section s) {
        String kind = kind(s);
        long end = s.offset + s.size;
        List<Owned> list = known.get(s);
        if (list == null) {
            add(s.size, kind, "", s.name, s.name);
            return;
        }
        list.sort(Comparator.comparingLong(Owned::offset).thenComparing(Comparator.comparingLong(Owned::size).reversed()));
        for (Owned o : list) {
            long from = Math.max(o.offset, at);
            long to = Math.min(o.offset + o.size, end);
            if (to > at && from < end) {
                gap(from, s.name, s.name, kind);
                add(to - from, o.kind, o.pkg, o.name, s.name);
            }
        }
        gap(end, s.name, s.name, kind);
    }

    static String kind(ElfFile.Section s) {
        if (s.has(Elf.SHF_ALLOC)) {
            if (s.has(Elf.SHF_EXECINSTR)) {
                return "code";
            }
            if (s.type == Elf.SHT_NOTE || s.name.equals(".go.buildinfo")) {
                return "note";
            }
            switch (s.name.startsWith(".data.rel.ro.") ? s.name.substring(12) : s.name) {
                case ".gopclntab":
                    return "pclntab";
                case ".go.func":
                    return "funcdata";
                case ".go.type", ".typelink", ".itablink":
                    return "types";
                case ".eh_frame", ".eh_frame_hdr", ".gcc_except_table":
                    return "unwind";
                case ".dynsym", ".dynstr", ".gnu.hash", ".hash", ".rela.dyn", ".rela.plt", ".gnu.version", ".gnu.version_r", ".dynamic":
                    return "dynamic linking";
                default:
                    return s.has(Elf.SHF_WRITE) ? "data" : "rodata";
            }
        }
        switch (s.type) {
            case Elf.SHT_SYMTAB, Elf.SHT_STRTAB, Elf.SHT_SYMTAB_SHNDX:
                return s.name.equals(".shstrtab") ? "headers" : "symtab";
            case Elf.SHT_RELA, Elf.SHT_REL, Elf.SHT_GROUP:
                return "relocations";
            default:
                return s.name.startsWith(".debug") || s.name.startsWith(".zdebug") || s.name.startsWith(".mica") ? "debug" : "other";
        }
    }

    // ---- what is known ----

    private void collect() throws FormatException {
        if (graph != null) {
            GraphNames names = exe.graphNames();
            for (int i = 0; i < graph.nodes.size(); i++) {
                LinkGraph.Node n = graph.nodes.get(i);
                if (n.kind == LinkGraph.NodeKind.SYMBOL && !n.name.equals("runtime.pclntab")) {
                    claim(n.address, n.size, kind(n.symKind), names.pkg(i), names.name(i));
                }
            }
        } else {
            for (Executable.Sym y : exe.symbols()) {
                if (y.size > 0 && !Executable.isRange(y.name)) {
                    claim(y.address, y.size, null, LinkGraph.packageOf(y.name), y.name);
                }
            }
            for (Executable.Sym y : exe.functions()) {
                claim(y.address, exe.symbols().isEmpty() ? withoutFill(y) : y.size, "code", LinkGraph.packageOf(y.name), y.name);
            }
            types();
        }
        functionTable();
    }

    /** In the function table, functions reach to the next one; what fills the space between them is not theirs. */
    private long withoutFill(Executable.Sym y) {
        long at = elf.fileOffset(y.address, y.size);
        long n = y.size;
        while (at >= 0 && n > 0 && (elf.bytes[(int) (at + n - 1)] == (byte) 0xCC || elf.bytes[(int) (at + n - 1)] == 0) && y.size - n < 64) {
            n--;
        }
        return n;
    }

    private void types() throws FormatException {
        TypeTable types = exe.typeTable();
        if (types == null) {
            return;
        }
        for (TypeTable.Item i : types.items()) {
            claim(i.address, i.size, "types", i.pkg, i.label());
        }
    }

    /** @param kind null = that of the section */
    private void claim(long address, long size, String kind, String pkg, String name) {
        if (size <= 0) {
            return;
        }
        ElfFile.Section s = exe.sectionAt(address);
        if (s != null && s.type != Elf.SHT_NOBITS) {
            claim(s, s.offset + (address - s.address), size, kind == null ? kind(s) : kind, pkg, name);
        }
    }

    private void claim(ElfFile.Section s, long offset, long size, String kind, String pkg, String name) {
        known.computeIfAbsent(s, k -> new ArrayList<>()).add(new Owned(offset, size, kind, pkg, name));
    }

    private static String kind(SymKind k) {
        switch (k) {
            case TEXT:
                return "code";
            case STRING:
                return "strings";
            case TYPE, NAME, ITAB:
                return "types";
            case FUNCDATA:
                return "funcdata";
            case RODATA:
                return "rodata";
            default:
                return "data";
        }
    }

    private void functionTable() throws FormatException {
        Pcln table = exe.pcln();
        if (table == null) {
            return;
        }
        ElfFile.Section s = exe.pclnSection();
        long[] parts = table.parts();
        claim(s, parts[0], PCLN_HEADER, "pclntab", "", "header of the function table");
        claim(s, parts[2], parts[3] - parts[2], "pclntab", "", "unit table");
        claim(s, parts[5], 8L * (table.count() + 1), "pclntab", "", "function index");
        for (PclnPieces.Piece p : exe.pclnPieces().all()) {
            if (!p.what.equals("name")) {
                String name = owner(p);
                claim(s, p.offset, p.size, "pclntab", LinkGraph.packageOf(name), name);
            }
        }
        // All names, as some are of inlined calls of which no instruction is left.
        for (long p = parts[1]; p < parts[2]; ) {
            int n = table.stringSize(p);
            String name = table.text(p);
            if (n > 1) {
                claim(s, p, n, "pclntab", LinkGraph.packageOf(name), name);
            }
            p += n;
        }
        Executable.Sym funcs = exe.symbol("go:func.*");
        if (funcs != null && funcs.address >= s.address && funcs.address < s.address + s.size) {
            claim(s, s.offset + (funcs.address - s.address), Math.min(funcs.size, s.address + s.size - funcs.address), "funcdata", "", "go:func.*");
        }
    }

    private String owner(PclnPieces.Piece p) throws FormatException {
        return p.what.equals("path") ? "paths of source files"
                : p.owners.size() == 1 ? exe.pclnPieces().functions.get(p.owners.get(0)).name : "shared pc values";
    }
}
