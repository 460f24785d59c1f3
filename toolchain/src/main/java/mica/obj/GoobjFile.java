// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an object of the standard toolchain (Go 1.20 to 1.27), as its compiler and assembler write it and as it stands in archives.
 *
 * <pre>
 *   go object linux amd64 go1.27 ...     a head of text lines, ended by a line "!"
 *   !
 *   \0go120ld  fingerprint  flags  offsets of the blocks        all little-endian, offsets count from the magic number
 *   imports, packages, files, symbol definitions by kind, references, indices, relocations, auxiliary symbols, data, names
 * </pre>
 *
 * Each block is an array of records of fixed size. Every offset, size and number is checked before it is used: a damaged file gives a {@link FormatException} and
 * nothing else. Source: the comments of Go's cmd/internal/goobj.
 */
public final class GoobjFile {
    /** Auxiliary symbols of a function: its record, and tables of pc values. */
    public static final int AUX_FUNCINFO = 1;
    public static final int AUX_PCSP = 7;
    public static final int AUX_PCFILE = 8;
    public static final int AUX_PCLINE = 9;

    private static final byte[] TEXT_MAGIC = "go object ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] MAGIC = "\0go120ld".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FLAGS = 16;
    private static final int OFFSETS = 20;
    private static final int BLOCKS = 19;
    private static final int IMPORTS = 0;
    private static final int FILES = 2;
    private static final int SYMBOLS = 3;
    private static final int NON_PACKAGE = 6;
    private static final int REFERENCES = 7;
    private static final int RELOC_INDEX = 11;
    private static final int AUX_INDEX = 12;
    private static final int DATA_INDEX = 13;
    private static final int RELOCS = 14;
    private static final int AUX = 15;
    private static final int DATA = 16;
    private static final int REF_NAMES = 17;
    private static final int IMPORT_SIZE = 16;
    private static final int SYMBOL_SIZE = 21;
    private static final int RELOC_SIZE = 23;
    private static final int AUX_SIZE = 9;
    private static final int REF_NAME_SIZE = 16;
    /** Predeclared package numbers: symbols without package, two kinds of hashed ones, builtin ones, this package's own. */
    private static final int NONE = Integer.MAX_VALUE;
    private static final int HASHED64 = NONE - 1;
    private static final int HASHED = NONE - 2;
    private static final int BUILTIN = NONE - 3;
    private static final int SELF = NONE - 4;
    private static final int STATIC = 0xffff;

    /** A symbol that the file defines or, without data, refers to by name. */
    public static final class Sym {
        /** Empty for some that the toolchain knows by content only. */
        public final String name;
        /** 0, 1 for ABIInternal; -1: visible in this file only. */
        public final int abi;
        /** Number of the kind, see {@link GoobjNames#kind}. */
        public final int kind;
        public final boolean dupOk;
        /** Bytes in the program. */
        public final long size;
        public final int align;
        /** Where its data begins, from the magic number; for what has none, where the next one's would. */
        public final int offset;
        /** Bytes of data in the file; less than {@link #size} for zeroed variables. */
        public final int dataSize;
        final int number;

        Sym(String name, int abi, int kind, boolean dupOk, long size, int align, int offset, int dataSize, int number) {
            this.name = name;
            this.abi = abi;
            this.kind = kind;
            this.dupOk = dupOk;
            this.size = size;
            this.align = align;
            this.offset = offset;
            this.dataSize = dataSize;
            this.number = number;
        }

        /** STEXT and STEXTFIPS. */
        public boolean isText() {
            return kind == 1 || kind == 2;
        }

        /** The name as the standard tools show it: {@code f<1>} if only this file sees it. */
        public String shown() {
            return abi < 0 ? name + "<1>" : name;
        }
    }

    /** A relocation. */
    public static final class Reloc {
        /** From the symbol's start. */
        public final int offset;
        public final int size;
        /** See {@link GoobjNames#relocation}. */
        public final int type;
        public final long addend;
        /** Name of the symbol; empty = none. */
        public final String target;
        /** Whether the standard tools mark the name with {@code <1>}: it is local to this file, or a builtin function of ABIInternal. */
        private final boolean marked;

        Reloc(int offset, int size, int type, long addend, String target, boolean marked) {
            this.offset = offset;
            this.size = size;
            this.type = type;
            this.addend = addend;
            this.target = target;
            this.marked = marked;
        }

        /** The target as the standard tools show it. */
        public String shown() {
            return marked ? target + "<1>" : target;
        }
    }

    public final String path;
    /** The text in front of the magic number, without its last line. */
    public final String head;
    /** GOOS and GOARCH that the head names; empty if it does not. */
    public final String os;
    public final String arch;
    /** The toolchain's version. */
    public final String version;
    /** From the magic number to the end. */
    public final byte[] bytes;
    /** Defined symbols, in the order of their numbers. */
    public final List<Sym> symbols = new ArrayList<>();

    private final int start;
    private final int[] block = new int[BLOCKS];
    /** Strings by length and offset: names are shared. */
    private final Map<Long, String> strings = new HashMap<>();
    private long stringBytes;
    /** Names of other packages' symbols by package and number. */
    private final Map<Long, String> refNames = new HashMap<>();
    private final List<String> references = new ArrayList<>();

    /** Whether a file begins as such an object does; what stands before the compiler's export data begins alike. */
    public static boolean isGoobj(byte[] b) {
        return b.length >= TEXT_MAGIC.length && Arrays.equals(b, 0, TEXT_MAGIC.length, TEXT_MAGIC, 0, TEXT_MAGIC.length);
    }

    /** @param path for messages */
    public GoobjFile(String path, byte[] file) throws FormatException {
        this.path = path;
        int end = 0;
        while (end + 3 <= file.length && !(file[end] == '\n' && file[end + 1] == '!' && file[end + 2] == '\n')) {
            end++;
        }
        if (!isGoobj(file) || end + 3 > file.length) {
            throw new FormatException(path, -1, "not a Go object: its head has no end");
        }
        head = new String(file, 0, end, StandardCharsets.UTF_8);
        String[] words = head.split("\\s+");
        os = words.length > 2 ? words[2] : "";
        arch = words.length > 3 ? words[3] : "";
        version = words.length > 4 ? words[4] : "";
        start = end + 3;
        bytes = Arrays.copyOfRange(file, start, file.length);
        magic();
        for (int i = 0; i < BLOCKS; i++) {
            block[i] = Bytes.load32(bytes, OFFSETS + 4 * i);
            if (block[i] < (i == 0 ? OFFSETS + 4 * BLOCKS : block[i - 1]) || block[i] > bytes.length) {
                throw bad(OFFSETS + 4 * i, "block " + i + " begins at " + (block[i] & 0xffffffffL));
            }
        }
        symbols();
    }

    private void magic() throws FormatException {
        if (bytes.length >= MAGIC.length && bytes[0] == 0 && bytes[6] == 'l' && bytes[7] == 'd' && bytes[1] == 'g' && bytes[2] == 'o'
                && !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new FormatException(path, -1, "go object of a different version: \"" + new String(bytes, 1, 7, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?") + "\"");
        }
        if (bytes.length < OFFSETS + 4 * BLOCKS || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw bad(0, "not a Go object: no magic number");
        }
    }

    private FormatException bad(int at, String text) {
        return new FormatException(path, (long) start + at, text);
    }

    public int flags() {
        return Bytes.load32(bytes, FLAGS);
    }

    /** The hash by which importers tell whether they saw this version of the package; 0 for assembly. */
    public long fingerprint() {
        return Bytes.load64(bytes, MAGIC.length);
    }

    /** Unit of code offsets in tables of pc values. */
    private int quantum() {
        return arch.equals("arm64") ? 4 : 1;
    }

    // ---- strings and names ----

    /** The string to which the length and offset at a place refer. */
    private String string(int at) throws FormatException {
        int length = Bytes.load32(bytes, at);
        int offset = Bytes.load32(bytes, at + 4);
        if (length == 0) {
            return "";
        }
        if (length < 0 || offset < 0 || offset > bytes.length - length) {
            throw bad(at, "string of " + (length & 0xffffffffL) + " bytes at " + (offset & 0xffffffffL));
        }
        long key = (long) length << 32 | offset;
        String s = strings.get(key);
        if (s == null) {
            // Strings do not overlap: more of them than there are bytes would be a trap.
            stringBytes += length;
            if (stringBytes > bytes.length) {
                throw bad(at, "strings overlap");
            }
            s = new String(bytes, offset, length, StandardCharsets.UTF_8);
            strings.put(key, s);
        }
        return s;
    }

    private int count(int blockNumber, int size) throws FormatException {
        int n = block[blockNumber + 1] - block[blockNumber];
        if (n % size != 0) {
            throw bad(block[blockNumber], "block " + blockNumber + " of " + n + " bytes");
        }
        return n / size;
    }

    /** Import paths of the packages that the compiler read. */
    public List<String> imports() throws FormatException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count(IMPORTS, IMPORT_SIZE); i++) {
            all.add(string(block[IMPORTS] + i * IMPORT_SIZE));
        }
        return all;
    }

    /** A source file by its number in tables; null if there is none. */
    public String file(int i) throws FormatException {
        return i < 0 || i >= count(FILES, 8) ? null : string(block[FILES] + 8 * i);
    }

    /** Names of symbols that other files define, in the order of the file; some are empty. */
    public List<String> references() {
        return references;
    }

    private void symbols() throws FormatException {
        for (int k = SYMBOLS; k <= REFERENCES; k++) {
            count(k, SYMBOL_SIZE);
        }
        int n = (block[REFERENCES] - block[SYMBOLS]) / SYMBOL_SIZE;
        for (int k = RELOC_INDEX; k <= DATA_INDEX; k++) {
            if (count(k, 4) < n + 1) {
                throw bad(block[k], "index of " + count(k, 4) + " entries for " + n + " symbols");
            }
        }
        for (int i = 0; i < n; i++) {
            symbols.add(symbol(i));
        }
        for (int at = block[REFERENCES]; at < block[REFERENCES + 1]; at += SYMBOL_SIZE) {
            references.add(string(at));
        }
        for (int i = 0; i < count(REF_NAMES, REF_NAME_SIZE); i++) {
            int at = block[REF_NAMES] + i * REF_NAME_SIZE;
            String name = string(at + 8);
            refNames.put((long) Bytes.load32(bytes, at) << 32 | Bytes.load32(bytes, at + 4) & 0xffffffffL, name);
            references.add(name);
        }
    }

    private Sym symbol(int i) throws FormatException {
        int at = block[SYMBOLS] + i * SYMBOL_SIZE;
        int from = index(DATA_INDEX, i, block[DATA + 1] - block[DATA]);
        int to = index(DATA_INDEX, i + 1, block[DATA + 1] - block[DATA]);
        if (to < from) {
            throw bad(block[DATA_INDEX] + 4 * i, "data of symbol " + i + " ends at " + to);
        }
        return new Sym(string(at), abi(at), bytes[at + 10] & 0xff, (bytes[at + 11] & 1) != 0, Bytes.load32(bytes, at + 13) & 0xffffffffL,
                Bytes.load32(bytes, at + 17), block[DATA] + from, to - from, i);
    }

    private int abi(int at) {
        int abi = Bytes.load16(bytes, at + 8);
        return abi == STATIC ? -1 : abi;
    }

    /** An entry of an index block, from 0 to {@code limit}. */
    private int index(int blockNumber, int i, int limit) throws FormatException {
        int at = block[blockNumber] + 4 * i;
        int v = Bytes.load32(bytes, at);
        if (v < 0 || v > limit) {
            throw bad(at, "index " + (v & 0xffffffffL) + " of " + limit);
        }
        return v;
    }

    // ---- what belongs to a symbol ----

    /** A copy of the symbol's data. */
    public byte[] data(Sym s) {
        return Arrays.copyOfRange(bytes, s.offset, s.offset + s.dataSize);
    }

    /** Relocations in the order of the file, which is that of their offsets. */
    public List<Reloc> relocs(Sym s) throws FormatException {
        int limit = count(RELOCS, RELOC_SIZE);
        int to = index(RELOC_INDEX, s.number + 1, limit);
        List<Reloc> all = new ArrayList<>();
        for (int i = index(RELOC_INDEX, s.number, limit); i < to; i++) {
            int at = block[RELOCS] + i * RELOC_SIZE;
            all.add(reloc(at, Bytes.load32(bytes, at + 15), Bytes.load32(bytes, at + 19)));
        }
        return all;
    }

    private Reloc reloc(int at, int pkg, int sym) throws FormatException {
        String name;
        boolean marked = false;
        if (pkg == 0 && sym == 0) {
            name = "";
        } else if (pkg == NONE || pkg == HASHED || pkg == HASHED64 || pkg == SELF) {
            int record = block[SYMBOLS] + number(at, pkg, sym) * SYMBOL_SIZE;
            name = string(record);
            marked = abi(record) < 0;
        } else if (pkg == BUILTIN) {
            if (sym < 0 || sym >= GoobjNames.builtins()) {
                throw bad(at, "builtin symbol " + (sym & 0xffffffffL));
            }
            name = GoobjNames.builtin(sym);
            marked = GoobjNames.builtinAbi(sym) != 0;
        } else {
            name = refNames.getOrDefault((long) pkg << 32 | sym & 0xffffffffL, "");
        }
        return new Reloc(Bytes.load32(bytes, at), bytes[at + 4] & 0xff, (short) Bytes.load16(bytes, at + 5), Bytes.load64(bytes, at + 7), name, marked);
    }

    /** The number, over all kinds, of a symbol that this file defines or lists as reference. */
    private int number(int at, int pkg, int sym) throws FormatException {
        int before = switch (pkg) {
            case HASHED64 -> block[SYMBOLS + 1];
            case HASHED -> block[SYMBOLS + 2];
            case NONE -> block[NON_PACKAGE];
            default -> block[SYMBOLS];
        };
        int limit = (block[REFERENCES + 1] - before) / SYMBOL_SIZE;
        if (sym < 0 || sym >= limit) {
            throw bad(at, "symbol " + (sym & 0xffffffffL) + " of " + limit);
        }
        return (before - block[SYMBOLS]) / SYMBOL_SIZE + sym;
    }

    /** The data of an auxiliary symbol of a type; null if there is none. */
    public byte[] aux(Sym s, int type) throws FormatException {
        int limit = count(AUX, AUX_SIZE);
        int to = index(AUX_INDEX, s.number + 1, limit);
        for (int i = index(AUX_INDEX, s.number, limit); i < to; i++) {
            int at = block[AUX] + i * AUX_SIZE;
            int pkg = Bytes.load32(bytes, at + 1);
            if ((bytes[at] & 0xff) == type && (pkg == SELF || pkg == HASHED || pkg == HASHED64 || pkg == NONE)) {
                int n = number(at, pkg, Bytes.load32(bytes, at + 5));
                return n < symbols.size() ? data(symbols.get(n)) : null;
            }
        }
        return null;
    }

    /**
     * A function's table of pc values: pairs of a difference to the last value (zigzag; the first to -1) and the length of the code for which it holds. Null if
     * there is none.
     */
    public PcTable table(Sym s, int type) throws FormatException {
        byte[] b = aux(s, type);
        if (b == null) {
            return null;
        }
        PcTable t = new PcTable();
        int value = -1;
        long pc = 0;
        for (int[] p = {0}; p[0] < b.length; ) {
            int d = varint(b, p, s);
            if (d == 0 && pc > 0) {
                break;
            }
            value += d >>> 1 ^ -(d & 1);
            t.add((int) pc, value);
            pc += (varint(b, p, s) & 0xffffffffL) * quantum();
            if (pc > Integer.MAX_VALUE) {
                throw bad(s.offset, "table of pc values of " + s.name + " covers " + pc + " bytes");
            }
        }
        return t;
    }

    private int varint(byte[] b, int[] p, Sym s) throws FormatException {
        int v = 0;
        for (int shift = 0; p[0] < b.length; shift += 7) {
            int x = b[p[0]++];
            v |= shift < 32 ? (x & 0x7f) << shift : 0;
            if (x >= 0) {
                return v;
            }
        }
        throw bad(s.offset, "table of pc values of " + s.name + " has no end");
    }
}
