// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import mica.base.JsonWriter;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** Who owns each byte of an executable: a list of ranges without gaps from the first byte of the file to the last. */
public final class SizeReport {
    /** A range of the file. */
    public static final class Range {
        public final long offset;
        public final long size;
        /** code, pclntab, funcdata, types, rodata, data, symtab, debug, note, headers, padding, or a section's name. */
        public final String kind;
        /** Import path; "" = none. */
        public final String pkg;
        /** Symbol, table or section. */
        public final String name;

        Range(long offset, long size, String kind, String pkg, String name) {
            this.offset = offset;
            this.size = size;
            this.kind = kind;
            this.pkg = pkg;
            this.name = name;
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

    private static final String[] PCLNTAB_PARTS = {"function names", "unit table", "file names", "pc-value tables", "functions"};

    private final Executable exe;
    private final ElfFile elf;
    public final List<Range> ranges = new ArrayList<>();
    private long at;

    public SizeReport(Executable exe) throws FormatException {
        this.exe = exe;
        this.elf = exe.elf;
        List<ElfFile.Section> sections = new ArrayList<>();
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_NULL && s.type != Elf.SHT_NOBITS && s.size > 0) {
                sections.add(s);
            }
        }
        sections.sort(Comparator.comparingLong((ElfFile.Section s) -> s.offset));
        long tables = elf.sectionTableOffset();
        long tablesEnd = tables + (long) elf.sections.size() * Elf.SHDR_SIZE;
        headers();
        for (ElfFile.Section s : sections) {
            if (tables > 0 && tables >= at && tables <= s.offset) {
                until(tablesEnd, tables, "section headers");
            }
            section(s);
        }
        if (tables >= at) {
            until(tablesEnd, tables, "section headers");
        }
        add(elf.bytes.length - at, "padding", "", "end of file");
    }

    /** Appends the next {@code n} bytes; nothing for a range that overlaps what is there. */
    private void add(long n, String kind, String pkg, String name) {
        if (n > 0) {
            ranges.add(new Range(at, n, kind, pkg, name));
            at += n;
        }
    }

    private void until(long end, long start, String name) {
        add(start - at, "padding", "", "before " + name);
        add(end - at, "headers", "", name);
    }

    private void headers() {
        add(Elf.EHDR_SIZE, "headers", "", "ELF header");
        add((long) elf.segments.size() * Elf.PHDR_SIZE, "headers", "", "program headers");
    }

    private void section(ElfFile.Section s) throws FormatException {
        add(s.offset - at, "padding", "", "before " + s.name);
        long end = s.offset + s.size;
        if (end <= at) {
            return;
        }
        if (s.name.equals(".gopclntab") && s.size > 72) {
            functionTable(s);
        } else if (s.has(Elf.SHF_ALLOC) && s.type == Elf.SHT_PROGBITS) {
            symbols(s);
        }
        add(end - at, kind(s), "", s.name);
    }

    private static String kind(ElfFile.Section s) {
        if (s.name.startsWith(".debug") || s.name.startsWith(".zdebug")) {
            return "debug";
        }
        switch (s.name) {
            case ".text":
                return "code";
            case ".gopclntab":
                return "pclntab";
            case ".go.func":
                return "funcdata";
            case ".go.type", ".typelink", ".itablink":
                return "types";
            case ".symtab", ".strtab":
                return "symtab";
            case ".shstrtab":
                return "headers";
            case ".rodata", ".noptrdata", ".data":
                return s.has(Elf.SHF_WRITE) ? "data" : "rodata";
            default:
                return s.type == Elf.SHT_NOTE ? "note" : s.name;
        }
    }

    /** Parts of the function table, by the offsets in its header. */
    private void functionTable(ElfFile.Section s) {
        add(72, "pclntab", "", "pclntab header");
        for (int i = 0; i < PCLNTAB_PARTS.length; i++) {
            long end = i + 1 < PCLNTAB_PARTS.length ? Bytes.load64(elf.bytes, (int) s.offset + 40 + 8 * i) : s.size;
            if (end > 0 && end <= s.size) {
                add(s.offset + end - at, "pclntab", "", PCLNTAB_PARTS[i]);
            }
        }
    }

    /** Ranges of the section's symbols; what lies between them belongs to the section itself, or is padding. */
    private void symbols(ElfFile.Section s) throws FormatException {
        String kind = kind(s);
        boolean code = kind.equals("code");
        List<Executable.Sym> list = new ArrayList<>();
        for (Executable.Sym y : code ? exe.functions() : exe.symbols()) {
            if (y.size > 0 && y.address >= s.address && y.address < s.address + s.size) {
                list.add(y);
            }
        }
        list.sort(Comparator.comparingLong((Executable.Sym y) -> y.address).thenComparingLong(y -> -y.size));
        for (Executable.Sym y : list) {
            long from = s.offset + (y.address - s.address);
            if (from < at) {
                continue;
            }
            add(from - at, code ? "padding" : kind, "", code ? "between functions" : s.name);
            add(Math.min(y.size, s.offset + s.size - at), kind, packageOf(y.name), y.name);
        }
    }

    /** Import path at the start of a link name; "" for the compiler's and linker's own symbols. */
    static String packageOf(String name) {
        if (name.startsWith("type:") || name.startsWith("go:") || name.startsWith("_")) {
            return "";
        }
        int bracket = name.indexOf('[');
        String plain = bracket < 0 ? name : name.substring(0, bracket);
        int dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
        return dot < 0 ? "" : plain.substring(0, dot);
    }

    // ---- sums ----

    public List<Sum> byKind() {
        return sums(true);
    }

    /** Named packages only. */
    public List<Sum> byPackage() {
        return sums(false);
    }

    private List<Sum> sums(boolean kind) {
        TreeMap<String, Sum> map = new TreeMap<>();
        for (Range r : ranges) {
            String key = kind ? r.kind : r.pkg;
            if (kind || !key.isEmpty()) {
                Sum s = map.computeIfAbsent(key, Sum::new);
                s.bytes += r.size;
                s.count++;
            }
        }
        List<Sum> list = new ArrayList<>(map.values());
        list.sort(Comparator.comparingLong((Sum s) -> -s.bytes));
        return list;
    }

    // ---- texts ----

    public String text() {
        StringBuilder sb = new StringBuilder();
        table(sb, "by kind", byKind());
        sb.append('\n');
        table(sb, "by package", byPackage());
        return sb.toString();
    }

    private void table(StringBuilder sb, String title, List<Sum> sums) {
        sb.append(String.format("%12s %7s  %s%n", "bytes", "share", title));
        for (Sum s : sums) {
            sb.append(String.format("%12d %6.2f%%  %s%n", s.bytes, 100.0 * s.bytes / elf.bytes.length, s.name));
        }
        if (title.equals("by kind")) {
            sb.append(String.format("%12d %6.2f%%  %s%n", elf.bytes.length, 100.0, "file"));
        }
    }

    public String json() {
        StringBuilder sb = new StringBuilder();
        JsonWriter w = new JsonWriter(sb);
        w.beginObject().field("size", elf.bytes.length).name("ranges").beginArray();
        for (Range r : ranges) {
            w.line().beginObject().field("offset", r.offset).field("size", r.size).field("kind", r.kind);
            if (!r.pkg.isEmpty()) {
                w.field("package", r.pkg);
            }
            w.field("name", r.name).endObject();
        }
        w.endArray().endObject().end();
        return sb.toString();
    }

    /** What grew or shrank from {@code old} to this file, largest change first. */
    public String difference(SizeReport old) {
        StringBuilder sb = new StringBuilder();
        changes(sb, "by kind", old.byKind(), byKind());
        sb.append('\n');
        changes(sb, "by package", old.byPackage(), byPackage());
        return sb.toString();
    }

    private static void changes(StringBuilder sb, String title, List<Sum> before, List<Sum> after) {
        TreeMap<String, long[]> map = new TreeMap<>();
        for (Sum s : before) {
            map.computeIfAbsent(s.name, k -> new long[2])[0] = s.bytes;
        }
        for (Sum s : after) {
            map.computeIfAbsent(s.name, k -> new long[2])[1] = s.bytes;
        }
        List<String> names = new ArrayList<>(map.keySet());
        names.sort(Comparator.comparingLong((String n) -> -Math.abs(map.get(n)[1] - map.get(n)[0])));
        sb.append(String.format("%12s %12s %12s  %s%n", "before", "after", "change", title));
        for (String n : names) {
            long[] v = map.get(n);
            if (v[0] != v[1]) {
                sb.append(String.format("%12d %12d %+12d  %s%n", v[0], v[1], v[1] - v[0], n));
            }
        }
    }
}
