// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads 64-bit little-endian ELF files: executables and relocatable objects. Every offset and size is checked against the file
 * before it is used, so that a damaged file gives a {@link FormatException} and nothing else.
 */
public final class ElfFile {
    /** A section header. */
    public static final class Section {
        public int index;
        public String name = "";
        public int type;
        public long flags;
        public long address;
        public long offset;
        /** Bytes in memory; in the file too unless the type is NOBITS. */
        public long size;
        public int link;
        public int info;
        public long align;
        public long entrySize;
        int nameOffset;

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A program header. */
    public static final class Segment {
        public int type;
        public int flags;
        public long offset;
        public long address;
        public long fileSize;
        public long memSize;
        public long align;
    }

    /** An entry of the symbol table. */
    public static final class Sym {
        public String name;
        public int binding;
        public int type;
        /** Section index, or one of the special SHN_* values. */
        public int section;
        public long value;
        public long size;
    }

    /** An entry of a RELA section. */
    public static final class Rela {
        public long offset;
        public int type;
        /** Index into the symbol table. */
        public int symbol;
        public long addend;
    }

    public final String path;
    public final byte[] bytes;
    public int fileType;
    public int machine;
    public long entry;
    public final List<Section> sections = new ArrayList<>();
    public final List<Segment> segments = new ArrayList<>();

    private long programTable;
    private long sectionTable;
    private int sectionCount;
    private int nameSection;

    /** True if the bytes begin as an ELF file does. */
    public static boolean isElf(byte[] b) {
        return b.length >= 4 && b[0] == 0x7f && b[1] == 'E' && b[2] == 'L' && b[3] == 'F';
    }

    public ElfFile(String path, byte[] bytes) throws FormatException {
        this.path = path;
        this.bytes = bytes;
        header();
        sections();
    }

    public FormatException bad(long offset, String text) {
        return new FormatException(path, offset, text);
    }

    /** Checks that {@code n} bytes from {@code offset} on lie in the file. */
    public void check(long offset, long n, String what) throws FormatException {
        if (offset < 0 || n < 0 || offset > bytes.length || n > bytes.length - offset) {
            throw bad(offset, what + " of " + n + " bytes reaches beyond the end of the file");
        }
    }

    private int u16(long at) {
        return Bytes.load16(bytes, (int) at);
    }

    private int i32(long at) {
        return Bytes.load32(bytes, (int) at);
    }

    private long i64(long at) {
        return Bytes.load64(bytes, (int) at);
    }

    private void header() throws FormatException {
        if (!isElf(bytes)) {
            throw bad(-1, "not an ELF file");
        }
        check(0, Elf.EHDR_SIZE, "ELF header");
        if (bytes[4] != 2 || bytes[5] != 1) {
            throw bad(4, "only 64-bit little-endian ELF files are supported");
        }
        fileType = u16(16);
        machine = u16(18);
        entry = i64(24);
        long phoff = i64(32);
        programTable = phoff;
        sectionTable = i64(40);
        int phnum = u16(56);
        sectionCount = u16(60);
        nameSection = u16(62);
        if (phnum > 0) {
            if (u16(54) != Elf.PHDR_SIZE) {
                throw bad(54, "program header entries of " + u16(54) + " bytes");
            }
            check(phoff, (long) phnum * Elf.PHDR_SIZE, "program header table");
        }
        for (int i = 0; i < phnum; i++) {
            long at = phoff + (long) i * Elf.PHDR_SIZE;
            Segment s = new Segment();
            s.type = i32(at);
            s.flags = i32(at + 4);
            s.offset = i64(at + 8);
            s.address = i64(at + 16);
            s.fileSize = i64(at + 32);
            s.memSize = i64(at + 40);
            s.align = i64(at + 48);
            segments.add(s);
        }
    }

    private void sections() throws FormatException {
        if (sectionTable == 0) {
            return;
        }
        if (u16(58) != Elf.SHDR_SIZE) {
            throw bad(58, "section header entries of " + u16(58) + " bytes");
        }
        check(sectionTable, Elf.SHDR_SIZE, "section header table");
        long n = sectionCount;
        if (n == 0) {
            // More than 0xff00 sections: the first header says how many.
            n = i64(sectionTable + 32);
        }
        if (nameSection == 0xffff) {
            nameSection = i32(sectionTable + 40);
        }
        if (n < 0 || n > bytes.length / Elf.SHDR_SIZE) {
            throw bad(sectionTable, n + " sections");
        }
        check(sectionTable, n * Elf.SHDR_SIZE, "section header table");
        for (int i = 0; i < n; i++) {
            sections.add(section(i, sectionTable + (long) i * Elf.SHDR_SIZE));
        }
        if (nameSection > 0 && nameSection < n) {
            Section names = sections.get(nameSection);
            for (Section s : sections) {
                s.name = string(names, s.nameOffset);
            }
        }
    }

    private Section section(int index, long at) throws FormatException {
        Section s = new Section();
        s.index = index;
        s.nameOffset = i32(at);
        s.type = i32(at + 4);
        s.flags = i64(at + 8);
        s.address = i64(at + 16);
        s.offset = i64(at + 24);
        s.size = i64(at + 32);
        s.link = i32(at + 40);
        s.info = i32(at + 44);
        s.align = i64(at + 48);
        s.entrySize = i64(at + 56);
        if (s.type != Elf.SHT_NOBITS && s.type != Elf.SHT_NULL) {
            check(s.offset, s.size, "section " + index);
        }
        return s;
    }

    /** Where the program headers stand in the file. */
    public long programTableOffset() {
        return programTable;
    }

    /** Where the section headers stand in the file; 0 = there are none. */
    public long sectionTableOffset() {
        return sectionTable;
    }

    /** The first section of that name, or null. */
    public Section find(String name) {
        for (Section s : sections) {
            if (s.type != Elf.SHT_NULL && s.name.equals(name)) {
                return s;
            }
        }
        return null;
    }

    private Section sectionAt(int index, int type, String what) throws FormatException {
        if (index <= 0 || index >= sections.size() || sections.get(index).type != type) {
            throw bad(sectionTable, what + " refers to section " + index);
        }
        return sections.get(index);
    }

    /** A NUL-terminated string of a string table. */
    public String string(Section table, long at) throws FormatException {
        if (at < 0 || at >= table.size || table.type == Elf.SHT_NOBITS || table.type == Elf.SHT_NULL) {
            if (at == 0) {
                return "";
            }
            throw bad(table.offset, "string at " + at + " of a table of " + table.size + " bytes");
        }
        int from = (int) (table.offset + at);
        int end = (int) (table.offset + table.size);
        int p = from;
        while (p < end && bytes[p] != 0) {
            p++;
        }
        return new String(bytes, from, p - from, StandardCharsets.UTF_8);
    }

    /** The symbol table with its null entry first; empty if the file has none. */
    public List<Sym> symbols() throws FormatException {
        for (Section s : sections) {
            if (s.type == Elf.SHT_SYMTAB) {
                return symbols(s);
            }
        }
        return new ArrayList<>();
    }

    /** The entries of a symbol table, or of a table for dynamic linking. */
    public List<Sym> symbols(Section table) throws FormatException {
        List<Sym> list = new ArrayList<>();
        Section strings = sectionAt(table.link, Elf.SHT_STRTAB, "symbol table");
        for (long at = 0; at + Elf.SYM_SIZE <= table.size; at += Elf.SYM_SIZE) {
            list.add(symbol(table.offset + at, strings));
        }
        return list;
    }

    private Sym symbol(long at, Section strings) throws FormatException {
        Sym y = new Sym();
        y.name = string(strings, i32(at) & 0xffffffffL);
        int info = bytes[(int) at + 4] & 0xff;
        y.binding = info >> 4;
        y.type = info & 15;
        y.section = u16(at + 6);
        y.value = i64(at + 8);
        y.size = i64(at + 16);
        return y;
    }

    /** Entries of a RELA section. */
    public List<Rela> relocations(Section s) throws FormatException {
        if (s.entrySize != Elf.RELA_SIZE) {
            throw bad(s.offset, "relocation entries of " + s.entrySize + " bytes");
        }
        List<Rela> list = new ArrayList<>();
        for (long at = s.offset; at + Elf.RELA_SIZE <= s.offset + s.size; at += Elf.RELA_SIZE) {
            Rela r = new Rela();
            r.offset = i64(at);
            r.type = i32(at + 8);
            r.symbol = i32(at + 12);
            r.addend = i64(at + 16);
            list.add(r);
        }
        return list;
    }

    /** File offset of the byte that is mapped at an address, with at least {@code n} bytes of the file behind it; -1 = none. */
    public long fileOffset(long address, long n) {
        for (Segment s : segments) {
            if (s.type == Elf.PT_LOAD && address >= s.address && address - s.address <= s.fileSize - n) {
                long at = s.offset + (address - s.address);
                return at >= 0 && at <= bytes.length - n ? at : -1;
            }
        }
        return -1;
    }
}
