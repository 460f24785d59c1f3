// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the header, segments and sections of a 64-bit little-endian Mach-O file (Apple's mach-o/loader.h). Offsets and sizes are checked against
 * the file, so that a damaged one gives a {@link FormatException} and nothing else.
 */
public final class MachoFile {
    private static final int MAGIC_64 = 0xfeedfacf;
    private static final int HEADER = 32;
    private static final int LC_SEGMENT_64 = 0x19;
    private static final int SEGMENT = 72;
    private static final int SECTION = 80;
    private static final int ZEROFILL = 1;
    private static final int GB_ZEROFILL = 12;
    private static final int THREAD_ZEROFILL = 18;

    /** A load command LC_SEGMENT_64. */
    public static final class Segment {
        public String name;
        public long address;
        public long memSize;
        public long offset;
        public long fileSize;
        /** 1 read, 2 write, 4 execute. */
        public int protection;
        public long flags;
    }

    /** A section of a segment. */
    public static final class Section {
        /** From 1, as symbols count them. */
        public int index;
        public String name;
        public String segment;
        public long address;
        public long size;
        public long offset;
        /** In bytes. */
        public long align;
        public long flags;
    }

    public final long cpu;
    public final long cpuSubtype;
    public final int fileType;
    public final int commandCount;
    public final long commandSize;
    public final long flags;
    public final List<Segment> segments = new ArrayList<>();
    public final List<Section> sections = new ArrayList<>();

    private final String path;
    private final byte[] b;

    public static boolean isMacho(byte[] b) {
        return b.length >= 4 && Bytes.load32(b, 0) == MAGIC_64;
    }

    public MachoFile(String path, byte[] bytes) throws FormatException {
        this.path = path;
        this.b = bytes;
        check(0, HEADER, "Mach-O header");
        cpu = u32(4);
        cpuSubtype = u32(8);
        fileType = Bytes.load32(b, 12);
        long count = u32(16);
        commandSize = u32(20);
        flags = u32(24);
        check(HEADER, commandSize, "load commands");
        commandCount = (int) Math.min(count, commandSize / 8);
        long at = HEADER;
        for (long i = 0; i < count; i++) {
            if (at + 8 > HEADER + commandSize) {
                throw new FormatException(path, at, "load command " + i + " lies behind all of them");
            }
            long size = u32(at + 4);
            if (size < 8 || size > HEADER + commandSize - at) {
                throw new FormatException(path, at, "load command of " + size + " bytes");
            }
            if (Bytes.load32(b, (int) at) == LC_SEGMENT_64) {
                segment((int) at, size);
            }
            at += size;
        }
    }

    private void segment(int at, long size) throws FormatException {
        if (size < SEGMENT) {
            throw new FormatException(path, at, "segment command of " + size + " bytes");
        }
        Segment s = new Segment();
        s.name = name(at + 8);
        s.address = Bytes.load64(b, at + 24);
        s.memSize = Bytes.load64(b, at + 32);
        s.offset = Bytes.load64(b, at + 40);
        s.fileSize = Bytes.load64(b, at + 48);
        s.protection = Bytes.load32(b, at + 60);
        s.flags = u32(at + 68);
        check(s.offset, s.fileSize, "segment " + s.name);
        segments.add(s);
        long n = u32(at + 64);
        if (n > (size - SEGMENT) / SECTION) {
            throw new FormatException(path, at + 64, n + " sections in a command of " + size + " bytes");
        }
        for (int i = 0; i < n; i++) {
            section(at + SEGMENT + i * SECTION);
        }
    }

    private void section(int at) throws FormatException {
        Section s = new Section();
        s.index = sections.size() + 1;
        s.name = name(at);
        s.segment = name(at + 16);
        s.address = Bytes.load64(b, at + 32);
        s.size = Bytes.load64(b, at + 40);
        s.offset = u32(at + 48);
        s.align = 1L << Math.min(62, u32(at + 52));
        s.flags = u32(at + 64);
        int kind = (int) (s.flags & 0xff);
        if (kind != ZEROFILL && kind != GB_ZEROFILL && kind != THREAD_ZEROFILL) {
            check(s.offset, s.size, "section " + s.name);
        }
        sections.add(s);
    }

    private String name(int at) {
        int n = 0;
        while (n < 16 && b[at + n] != 0) {
            n++;
        }
        return new String(b, at, n, StandardCharsets.UTF_8);
    }

    private long u32(long at) {
        return Bytes.load32(b, (int) at) & 0xffffffffL;
    }

    private void check(long at, long n, String what) throws FormatException {
        if (at < 0 || n < 0 || at > b.length || n > b.length - at) {
            throw new FormatException(path, at, what + " of " + n + " bytes reaches beyond the end of the file");
        }
    }
}
