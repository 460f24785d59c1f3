// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the headers and the section table of a PE executable (Microsoft's PE and COFF specification). Offsets and sizes are checked against the
 * file, so that a damaged one gives a {@link FormatException} and nothing else.
 */
public final class PeFile {
    private static final int DOS_HEADER = 64;
    private static final int COFF_HEADER = 24;
    private static final int OPTIONAL_HEADER = 72;
    private static final int SECTION_HEADER = 40;
    private static final int PE32 = 0x10b;
    private static final int PE32_PLUS = 0x20b;
    private static final int SYMBOL_SIZE = 18;

    /** A section header. */
    public static final class Section {
        /** From 1, as symbols count them. */
        public int index;
        public String name;
        public long address;
        public long memSize;
        public long offset;
        /** Bytes in the file. */
        public long size;
        public long flags;
    }

    public final int machine;
    public final long timestamp;
    public final long symbolTable;
    public final long symbolCount;
    public final int characteristics;
    /** PE32+, which has 64-bit addresses. */
    public final boolean wide;
    /** From the image's base. */
    public final long entry;
    public final long imageBase;
    public final long sectionAlign;
    public final long fileAlign;
    public final long imageSize;
    public final long headerSize;
    public final int subsystem;
    public final List<Section> sections = new ArrayList<>();

    private final String path;
    private final byte[] b;

    public static boolean isPe(byte[] b) {
        return b.length >= 2 && b[0] == 'M' && b[1] == 'Z';
    }

    public PeFile(String path, byte[] bytes) throws FormatException {
        this.path = path;
        this.b = bytes;
        check(0, DOS_HEADER, "DOS header");
        long pe = u32(60);
        check(pe, COFF_HEADER + OPTIONAL_HEADER, "PE header");
        if (u32(pe) != 0x4550) {
            throw new FormatException(path, pe, "no PE signature");
        }
        machine = Bytes.load16(b, (int) pe + 4);
        int count = Bytes.load16(b, (int) pe + 6);
        timestamp = u32(pe + 8);
        symbolTable = u32(pe + 12);
        symbolCount = u32(pe + 16);
        int optional = Bytes.load16(b, (int) pe + 20);
        characteristics = Bytes.load16(b, (int) pe + 22);
        int at = (int) pe + COFF_HEADER;
        int magic = Bytes.load16(b, at);
        if (magic != PE32 && magic != PE32_PLUS || optional < OPTIONAL_HEADER) {
            throw new FormatException(path, at, "optional header of kind 0x" + Integer.toHexString(magic) + " and " + optional + " bytes");
        }
        wide = magic == PE32_PLUS;
        entry = u32(at + 16);
        imageBase = wide ? Bytes.load64(b, at + 24) : u32(at + 28);
        sectionAlign = u32(at + 32);
        fileAlign = u32(at + 36);
        imageSize = u32(at + 56);
        headerSize = u32(at + 60);
        subsystem = Bytes.load16(b, at + 68);
        long table = at + (long) optional;
        check(table, (long) count * SECTION_HEADER, "section table");
        for (int i = 0; i < count; i++) {
            sections.add(section(i, (int) table + i * SECTION_HEADER));
        }
    }

    private Section section(int i, int at) throws FormatException {
        Section s = new Section();
        s.index = i + 1;
        s.name = name(at, 8);
        if (s.name.matches("/[0-9]{1,7}")) {
            s.name = longName(Integer.parseInt(s.name.substring(1)), at);
        }
        s.memSize = u32(at + 8);
        s.address = u32(at + 12);
        s.size = u32(at + 16);
        s.offset = u32(at + 20);
        s.flags = u32(at + 36);
        if (s.size > 0 && s.offset > 0) {
            check(s.offset, s.size, "section " + s.name);
        }
        return s;
    }

    /** A name over eight bytes stands in the string table behind the symbols. */
    private String longName(int offset, int at) throws FormatException {
        long p = symbolTable + symbolCount * SYMBOL_SIZE + offset;
        if (symbolTable == 0 || p >= b.length) {
            throw new FormatException(path, at, "section name at " + offset + " of the string table");
        }
        return name((int) p, (int) Math.min(256, b.length - p));
    }

    private String name(int at, int max) {
        int n = 0;
        while (n < max && b[at + n] != 0) {
            n++;
        }
        return new String(b, at, n, StandardCharsets.UTF_8);
    }

    private long u32(long at) {
        return Bytes.load32(b, (int) at) & 0xffffffffL;
    }

    private void check(long at, long n, String what) throws FormatException {
        if (at > b.length || n > b.length - at) {
            throw new FormatException(path, at, what + " of " + n + " bytes reaches beyond the end of the file");
        }
    }
}
