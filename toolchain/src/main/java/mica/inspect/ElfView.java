// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static mica.inspect.FactTable.hex;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** What an ELF file says about itself: headers, segments, sections, symbols, relocations, notes, each as a table. */
final class ElfView {
    private static final int SHT_DYNSYM = 11;
    private static final int REL_SIZE = 16;
    private static final int MAX_NOTE_TEXT = 64;

    private final ElfFile elf;
    private final byte[] b;

    ElfView(ElfFile elf) {
        this.elf = elf;
        this.b = elf.bytes;
    }

    private int u16(long at) {
        return Bytes.load16(b, (int) at);
    }

    private int u32(long at) {
        return Bytes.load32(b, (int) at);
    }

    private long u64(long at) {
        return Bytes.load64(b, (int) at);
    }

    FactTable headers() {
        return FactTable.of("headers", "format", "ELF64", "data", "little endian", "version", b[6] & 0xff, "osabi", b[7] & 0xff, "abiVersion", b[8] & 0xff,
                "type", ElfNames.fileType(elf.fileType), "machine", ElfNames.machine(elf.machine), "entry", hex(elf.entry), "programHeaders", u64(32),
                "sectionHeaders", u64(40), "flags", hex(u32(48) & 0xffffffffL), "headerSize", u16(52), "programHeaderSize", u16(54), "segments", u16(56),
                "sectionHeaderSize", u16(58), "sections", u16(60), "nameSection", u16(62));
    }

    FactTable segments() {
        FactTable t = new FactTable("segments", "type", "offset", "address", "physical", "fileSize", "memSize", "flags", "align", "sections");
        for (int i = 0; i < elf.segments.size(); i++) {
            ElfFile.Segment s = elf.segments.get(i);
            t.row(ElfNames.segment(s.type), hex(s.offset), hex(s.address), hex(u64(elf.programTableOffset() + (long) i * Elf.PHDR_SIZE + 24)), hex(s.fileSize),
                    hex(s.memSize), ElfNames.segmentFlags(s.flags), hex(s.align), inside(s));
        }
        return t;
    }

    private String inside(ElfFile.Segment s) {
        StringBuilder sb = new StringBuilder();
        for (ElfFile.Section x : elf.sections) {
            if (x.has(Elf.SHF_ALLOC) && x.size > 0 && x.address >= s.address && x.address - s.address < s.memSize && s.type != Elf.PT_GNU_STACK) {
                sb.append(sb.isEmpty() ? "" : " ").append(x.name);
            }
        }
        return sb.toString();
    }

    FactTable sections() {
        FactTable t = new FactTable("sections", "index", "name", "type", "address", "offset", "size", "entrySize", "flags", "link", "info", "align");
        for (ElfFile.Section s : elf.sections) {
            t.row(s.index, s.name, ElfNames.section(s.type), hex(s.address), hex(s.offset), hex(s.size), s.entrySize, ElfNames.sectionFlags(s.flags), s.link,
                    s.info, s.align);
        }
        return t;
    }

    FactTable symbols() throws FormatException {
        FactTable t = new FactTable("symbols", "table", "index", "value", "size", "type", "binding", "visibility", "section", "name");
        for (ElfFile.Section s : elf.sections) {
            if (s.type == Elf.SHT_SYMTAB || s.type == SHT_DYNSYM) {
                List<ElfFile.Sym> list = elf.symbols(s);
                for (int i = 0; i < list.size(); i++) {
                    ElfFile.Sym y = list.get(i);
                    t.row(s.name, i, hex(y.value), y.size, ElfNames.symbolType(y.type), ElfNames.binding(y.binding),
                            ElfNames.visibility(b[(int) (s.offset + (long) i * Elf.SYM_SIZE + 5)]), ElfNames.sectionIndex(y.section), shown(y));
                }
            }
        }
        return t;
    }

    /** A section's symbol has the section's name. */
    private String shown(ElfFile.Sym y) {
        return y.name.isEmpty() && y.type == Elf.STT_SECTION && y.section < elf.sections.size() ? elf.sections.get(y.section).name : y.name;
    }

    FactTable relocations() throws FormatException {
        FactTable t = new FactTable("relocations", "section", "offset", "type", "symbol", "addend", "formula");
        for (ElfFile.Section s : elf.sections) {
            if (s.type == Elf.SHT_RELA || s.type == Elf.SHT_REL) {
                relocations(t, s);
            }
        }
        return t;
    }

    private void relocations(FactTable t, ElfFile.Section s) throws FormatException {
        List<ElfFile.Sym> symbols = s.link > 0 && s.link < elf.sections.size() && isSymbols(elf.sections.get(s.link)) ? elf.symbols(elf.sections.get(s.link))
                : List.of();
        int size = s.type == Elf.SHT_RELA ? Elf.RELA_SIZE : REL_SIZE;
        if (s.entrySize != size) {
            throw elf.bad(s.offset, "relocation entries of " + s.entrySize + " bytes");
        }
        for (long at = s.offset; at + size <= s.offset + s.size; at += size) {
            int y = u32(at + 12);
            int type = u32(at + 8);
            if (y < 0 || y > 0 && y >= symbols.size()) {
                throw elf.bad(at, "relocation of symbol " + (y & 0xffffffffL) + " of " + symbols.size());
            }
            t.row(s.name, hex(u64(at)), ElfNames.relocation(elf.machine, type), y == 0 ? "" : shown(symbols.get(y)), size == REL_SIZE ? 0L : u64(at + 16),
                    ElfNames.formula(elf.machine, type));
        }
    }

    private static boolean isSymbols(ElfFile.Section s) {
        return s.type == Elf.SHT_SYMTAB || s.type == SHT_DYNSYM;
    }

    FactTable notes() throws FormatException {
        FactTable t = new FactTable("notes", "section", "owner", "type", "size", "contents");
        for (ElfFile.Section s : elf.sections) {
            if (s.type == Elf.SHT_NOTE) {
                notes(t, s);
            }
        }
        return t;
    }

    /** Each note: sizes of name and contents, type, name, contents, both filled up to the section's alignment (4, or 8). */
    private void notes(FactTable t, ElfFile.Section s) throws FormatException {
        long end = s.offset + s.size;
        long align = s.align == 8 ? 8 : 4;
        for (long at = s.offset; at + 12 <= end; ) {
            long name = u32(at) & 0xffffffffL;
            long size = u32(at + 4) & 0xffffffffL;
            long contents = at + 12 + name + align - 1 & -align;
            if (name > s.size || size > s.size || contents + size > end) {
                throw elf.bad(at, "note of " + name + " and " + size + " bytes in a section of " + s.size);
            }
            int n = 0;
            while (n < name && b[(int) at + 12 + n] != 0) {
                n++;
            }
            String owner = new String(b, (int) at + 12, n, StandardCharsets.UTF_8);
            t.row(s.name, owner, hex(u32(at + 8) & 0xffffffffL), size, contents(owner, (int) contents, (int) size));
            at = contents + size + align - 1 & -align;
        }
    }

    private String contents(String owner, int at, int size) {
        if (owner.equals("Go")) {
            return new String(b, at, size, StandardCharsets.UTF_8);
        }
        String s = HexFormat.of().formatHex(b, at, at + Math.min(size, MAX_NOTE_TEXT));
        return size > MAX_NOTE_TEXT ? s + "..." : s;
    }
}
