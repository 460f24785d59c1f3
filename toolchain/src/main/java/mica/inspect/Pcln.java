// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.obj.Bytes;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** Reads the function table (pclntab) of Go 1.20 and later: functions, and file and line of an address. */
public final class Pcln {
    private static final int MAGIC = 0xFFFFFFF1;
    private static final int HEADER = 72;
    private static final int FUNC_SIZE = 44;

    /** A function of the table. */
    public static final class Func {
        public final String name;
        public final long entry;
        public final long end;
        public final int startLine;
        public final int args;
        public final int funcId;
        public final int flags;
        /** Offset of the record in the file. */
        final int record;

        Func(String name, long entry, long end, int startLine, int args, int funcId, int flags, int record) {
            this.name = name;
            this.entry = entry;
            this.end = end;
            this.startLine = startLine;
            this.args = args;
            this.funcId = funcId;
            this.flags = flags;
            this.record = record;
        }
    }

    private final ElfFile elf;
    private final long start;
    private final long end;
    private final long text;
    private final int quantum;
    private final int count;
    private final long names;
    private final long units;
    private final long files;
    private final long pctab;
    private final long table;

    Pcln(ElfFile elf, ElfFile.Section section, long text) throws FormatException {
        this.elf = elf;
        this.start = section.offset;
        this.end = section.offset + section.size;
        if (section.size < HEADER || i32(start) != MAGIC || elf.bytes[(int) start + 7] != 8) {
            throw elf.bad(start, "function table of an unknown format");
        }
        this.quantum = elf.bytes[(int) start + 6];
        long stored = i64(start + 24);
        this.text = stored == 0 ? text : stored;
        long n = i64(start + 8);
        this.names = part(32);
        this.units = part(40);
        this.files = part(48);
        this.pctab = part(56);
        this.table = part(64);
        if (n < 0 || n > (end - table) / 8 - 1) {
            throw elf.bad(start + 8, n + " functions");
        }
        this.count = (int) n;
    }

    private long part(int field) throws FormatException {
        long at = i64(start + field);
        if (at < 0 || at > end - start) {
            throw elf.bad(start + field, "part of the function table at " + at);
        }
        return start + at;
    }

    private int i32(long at) {
        return Bytes.load32(elf.bytes, (int) at);
    }

    private long i64(long at) {
        return Bytes.load64(elf.bytes, (int) at);
    }

    private void check(long at, long n) throws FormatException {
        if (at < start || at > end - n) {
            throw elf.bad(at, "outside of the function table");
        }
    }

    private String string(long at) throws FormatException {
        check(at, 1);
        long p = at;
        while (p < end && elf.bytes[(int) p] != 0) {
            p++;
        }
        return new String(elf.bytes, (int) at, (int) (p - at), StandardCharsets.UTF_8);
    }

    /** All functions in order of address. */
    public List<Func> functions() throws FormatException {
        List<Func> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(function(i));
        }
        return list;
    }

    private Func function(int i) throws FormatException {
        long at = table + i * 8L;
        long record = table + (i32(at + 4) & 0xffffffffL);
        check(record, FUNC_SIZE);
        long next = i + 1 < count ? i32(at + 8) & 0xffffffffL : endOfText();
        return new Func(string(names + i32(record + 4)), text + (i32(at) & 0xffffffffL), text + next, i32(record + 36),
                i32(record + 8), elf.bytes[(int) record + 40] & 0xff, elf.bytes[(int) record + 41] & 0xff,
                        (int) record);
    }

    private long endOfText() throws FormatException {
        check(table + count * 8L, 4);
        return i32(table + count * 8L) & 0xffffffffL;
    }

    /** The function that holds an address, or null. */
    public Func find(long address) throws FormatException {
        long offset = address - text;
        if (count == 0 || offset < 0 || offset >= endOfText()) {
            return null;
        }
        int lo = 0;
        int hi = count - 1;
        while (lo < hi) {
            int mid = lo + hi + 1 >>> 1;
            if ((i32(table + mid * 8L) & 0xffffffffL) <= offset) {
                lo = mid;
            } else {
                hi = mid - 1;
            }
        }
        Func f = function(lo);
        return address < f.entry ? null : f;
    }

    /** Line of an address in f (innermost, where calls were inlined); 0 = unknown. */
    public int line(Func f, long address) throws FormatException {
        return Math.max(0, value(f, i32(f.record + 24), address));
    }

    /** Source file of an address in f; null = unknown. */
    public String file(Func f, long address) throws FormatException {
        return fileName(f, value(f, i32(f.record + 20), address));
    }

    /** A cursor over the files of f's addresses: the number of a unit's file, for {@link #fileName}. */
    Cursor fileCursor(Func f) throws FormatException {
        return new Cursor(f, i32(f.record + 20));
    }

    /** A cursor over the lines of f's addresses. */
    Cursor lineCursor(Func f) throws FormatException {
        return new Cursor(f, i32(f.record + 24));
    }

    /** Name of the source file that a file cursor's value means in f; null = unknown. */
    String fileName(Func f, int number) throws FormatException {
        if (number < 0) {
            return null;
        }
        long unit = units + 4L * ((i32(f.record + 32) & 0xffffffffL) + number);
        check(unit, 4);
        int offset = i32(unit);
        return offset == -1 ? null : string(files + (offset & 0xffffffffL));
    }

    /** Reads a pc-value table forwards, for addresses that only grow. */
    final class Cursor {
        private long p;
        private long pc;
        private int value = -1;
        private boolean first = true;
        private boolean ended;

        private Cursor(Func f, int offset) {
            p = pctab + (offset & 0xffffffffL);
            pc = f.entry;
            ended = offset == 0;
        }

        /** The value at an address; -1 = none. */
        int at(long address) throws FormatException {
            while (!ended && address >= pc) {
                check(p, 1);
                long delta = varint(p);
                if (delta == 0 && !first) {
                    ended = true;
                    value = -1;
                    break;
                }
                first = false;
                p = skip(p);
                value += (int) (delta >>> 1 ^ -(delta & 1));
                pc += varint(p) * quantum;
                p = skip(p);
            }
            return value;
        }
    }

    // ---- parts of the table, for who owns which bytes; offsets count from the start of the file ----

    /** Header, names, units, files, pc-value tables, functions: where each begins; the end of the table comes last. */
    long[] parts() {
        return new long[] {start, names, units, files, pctab, table, end};
    }

    int count() {
        return count;
    }

    Func functionAt(int i) throws FormatException {
        return function(i);
    }

    /** Bytes of a function's record. */
    int recordSize(Func f) throws FormatException {
        long n = FUNC_SIZE + 4L * tables(f) + 4L * funcdata(f);
        check(f.record, n);
        return (int) n;
    }

    private int tables(Func f) throws FormatException {
        int n = i32(f.record + 28);
        if (n < 0 || n > 64) {
            throw elf.bad(f.record + 28, n + " pc-value tables");
        }
        return n;
    }

    private int funcdata(Func f) {
        return elf.bytes[f.record + 43] & 0xff;
    }


    /** Where the name lies in the file. */
    long nameOffset(Func f) {
        return names + i32(f.record + 4);
    }

    /** Where the name of an inlined call lies, by the offset in its record. */
    long nameOffset(int inTable) {
        return names + inTable;
    }

    /** The string at an offset of the file. */
    String text(long at) throws FormatException {
        return string(at);
    }

    /** Bytes of a string and its end mark. */
    int stringSize(long at) throws FormatException {
        check(at, 1);
        long p = at;
        while (p < end && elf.bytes[(int) p] != 0) {
            p++;
        }
        return (int) (p - at) + 1;
    }

    /** Where the pc-value tables of a function lie: pcsp, pcfile, pcln, then PCDATA; 0 = there is none. */
    long[] pcTables(Func f) throws FormatException {
        int n = tables(f);
        check(f.record, FUNC_SIZE + 4L * n);
        long[] at = new long[3 + n];
        for (int i = 0; i < at.length; i++) {
            int offset = i < 3 ? i32(f.record + 16 + 4L * i) : i32(f.record + FUNC_SIZE + 4L * (i - 3));
            at[i] = offset == 0 ? 0 : pctab + (offset & 0xffffffffL);
        }
        return at;
    }

    /** Offset of FUNCDATA {@code i} from go:func.*; -1 = there is none. */
    int funcdata(Func f, int i) throws FormatException {
        if (i >= funcdata(f)) {
            return -1;
        }
        long at = f.record + FUNC_SIZE + 4L * (tables(f) + i);
        check(at, 4);
        return i32(at);
    }

    /** Bytes of a pc-value table, its end included. */
    int tableSize(long at) throws FormatException {
        long p = at;
        for (boolean first = true; ; first = false) {
            check(p, 1);
            if (elf.bytes[(int) p] == 0 && !first) {
                return (int) (p + 1 - at);
            }
            p = skip(skip(p));
        }
    }

    /** The values of a pc-value table, in order. */
    int[] values(long at) throws FormatException {
        int[] list = new int[8];
        int n = 0;
        int value = -1;
        long p = at;
        for (boolean first = true; ; first = false) {
            check(p, 1);
            long delta = varint(p);
            if (delta == 0 && !first) {
                return java.util.Arrays.copyOf(list, n);
            }
            value += (int) (delta >>> 1 ^ -(delta & 1));
            if (n == list.length) {
                list = java.util.Arrays.copyOf(list, n * 2);
            }
            list[n++] = value;
            p = skip(skip(p));
        }
    }

    /** Where the path of file {@code number} of the function's unit lies in the file; -1 = nowhere. */
    long filePath(Func f, int number) throws FormatException {
        long unit = units + 4L * ((i32(f.record + 32) & 0xffffffffL) + number);
        check(unit, 4);
        int offset = i32(unit);
        return offset == -1 ? -1 : files + (offset & 0xffffffffL);
    }

    /** SP delta at an address. */
    public int stackDepth(Func f, long address) throws FormatException {
        return value(f, i32(f.record + 16), address);
    }

    /** The value that a pc-value table holds for an address; -1 = none. */
    private int value(Func f, int offset, long address) throws FormatException {
        if (offset == 0) {
            return -1;
        }
        long p = pctab + (offset & 0xffffffffL);
        long pc = f.entry;
        int value = -1;
        for (boolean first = true; ; first = false) {
            check(p, 1);
            long delta = varint(p);
            if (delta == 0 && !first) {
                return -1;
            }
            p = skip(p);
            value += (int) (delta >>> 1 ^ -(delta & 1));
            pc += varint(p) * quantum;
            p = skip(p);
            if (address < pc) {
                return value;
            }
        }
    }

    private long varint(long p) throws FormatException {
        long v = 0;
        for (int shift = 0; shift < 35; shift += 7, p++) {
            check(p, 1);
            byte b = elf.bytes[(int) p];
            v |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return v;
            }
        }
        throw elf.bad(p, "number of more than five bytes");
    }

    private long skip(long p) throws FormatException {
        for (; ; p++) {
            check(p, 1);
            if (elf.bytes[(int) p] >= 0) {
                return p + 1;
            }
        }
    }
}
