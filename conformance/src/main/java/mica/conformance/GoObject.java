// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An object file of the standard toolchain: its defined symbols with bytes, relocations and tables of pc values. The format is the one
 * of Go 1.20 to 1.27 (magic {@code \0go120ld}): a header with offsets of blocks, each an array of fixed-size records.
 */
final class GoObject {
    /** A relocation; {@code type} is a number of cmd/internal/objabi. */
    record Reloc(int offset, int size, int type, long addend, String target) {}

    /** A step of a table of pc values: from {@code pc} on the value holds. */
    record Step(int pc, int value) {}

    /** A defined symbol. {@code abi} is -1 for file-local ones; {@code pcsp} is null for data. */
    record Symbol(String name, int abi, int type, boolean dupOk, long size, int align, byte[] data, List<Reloc> relocs,
            List<Step> pcsp) {
        /** STEXT and STEXTFIPS. */
        boolean isText() {
            return type == 1 || type == 2;
        }
    }

    private static final byte[] MAGIC = "\0go120ld".getBytes(StandardCharsets.ISO_8859_1);
    private static final int PACKAGES = 1;
    private static final int SYMBOLS = 3;
    private static final int NON_PACKAGE = 6;
    private static final int RELOC_INDEX = 11;
    private static final int AUX_INDEX = 12;
    private static final int DATA_INDEX = 13;
    private static final int RELOCS = 14;
    private static final int AUX = 15;
    private static final int DATA = 16;
    private static final int REF_NAMES = 17;
    private static final int BLOCKS = 19;
    private static final int SYMBOL_SIZE = 21;
    private static final int RELOC_SIZE = 23;
    private static final int AUX_SIZE = 9;
    private static final int AUX_PCSP = 7;
    /** Predeclared package numbers: symbols without package, two kinds of hashed ones, builtin ones, this package's own. */
    private static final int NONE = Integer.MAX_VALUE;
    private static final int HASHED64 = NONE - 1;
    private static final int HASHED = NONE - 2;
    private static final int BUILTIN = NONE - 3;
    private static final int SELF = NONE - 4;

    private final ByteBuffer in;
    private final int[] block = new int[BLOCKS];
    private final int quantum;

    private final List<String> builtins;

    private GoObject(byte[] file, int start, int quantum, List<String> builtins) {
        in = ByteBuffer.wrap(file, start, file.length - start).slice().order(ByteOrder.LITTLE_ENDIAN);
        this.quantum = quantum;
        this.builtins = builtins;
        for (int i = 0; i < BLOCKS; i++) {
            block[i] = in.getInt(MAGIC.length + 8 + 4 + 4 * i);
        }
    }

    /**
     * The symbols that a file defines. {@code quantum} is the unit of code offsets: 4 on arm64, 1 on amd64; {@code builtins} names the
     * runtime's functions that are referred to by number.
     */
    static List<Symbol> read(byte[] file, int quantum, List<String> builtins) throws IOException {
        for (int i = 0; i + MAGIC.length < file.length; i++) {
            if (file[i] == 0 && java.util.Arrays.equals(file, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                try {
                    return new GoObject(file, i, quantum, builtins).symbols();
                } catch (IndexOutOfBoundsException e) {
                    throw new IOException("damaged Go object file", e);
                }
            }
        }
        throw new IOException("not a Go object file");
    }

    private List<Symbol> symbols() {
        List<Symbol> all = new ArrayList<>();
        int n = (block[NON_PACKAGE + 1] - block[SYMBOLS]) / SYMBOL_SIZE;
        for (int i = 0; i < n; i++) {
            all.add(symbol(i));
        }
        return all;
    }

    private Symbol symbol(int i) {
        int at = block[SYMBOLS] + i * SYMBOL_SIZE;
        int abi = in.getShort(at + 8);
        List<Reloc> relocs = new ArrayList<>();
        for (int r = index(RELOC_INDEX, i); r < index(RELOC_INDEX, i + 1); r++) {
            int p = block[RELOCS] + r * RELOC_SIZE;
            relocs.add(new Reloc(in.getInt(p), in.get(p + 4), in.getShort(p + 5), in.getLong(p + 7),
                    name(in.getInt(p + 15), in.getInt(p + 19))));
        }
        List<Step> pcsp = null;
        for (int a = index(AUX_INDEX, i); a < index(AUX_INDEX, i + 1); a++) {
            int p = block[AUX] + a * AUX_SIZE;
            if (in.get(p) == AUX_PCSP) {
                pcsp = steps(data(number(in.getInt(p + 1), in.getInt(p + 5))));
            }
        }
        return new Symbol(string(at), abi, in.get(at + 10), (in.get(at + 11) & 1) != 0, in.getInt(at + 13) & 0xffffffffL,
                in.getInt(at + 17), data(i), relocs, pcsp);
    }

    private int index(int blockNumber, int i) {
        return in.getInt(block[blockNumber] + 4 * i);
    }

    private byte[] data(int i) {
        int from = index(DATA_INDEX, i);
        byte[] b = new byte[index(DATA_INDEX, i + 1) - from];
        in.get(block[DATA] + from, b);
        return b;
    }

    /** The number of a symbol that this file defines, over all its kinds of definitions. */
    private int number(int pkg, int sym) {
        int before = switch (pkg) {
            case SELF -> 0;
            case HASHED64 -> block[SYMBOLS + 1];
            case HASHED -> block[SYMBOLS + 2];
            default -> block[NON_PACKAGE];
        };
        return sym + (before == 0 ? 0 : (before - block[SYMBOLS]) / SYMBOL_SIZE);
    }

    private String name(int pkg, int sym) {
        if (pkg == 0) {
            return "";
        }
        if (pkg == NONE || pkg == HASHED || pkg == HASHED64 || pkg == SELF) {
            return string(block[SYMBOLS] + number(pkg, sym) * SYMBOL_SIZE);
        }
        if (pkg == BUILTIN && sym < builtins.size()) {
            return builtins.get(sym);
        }
        for (int p = block[REF_NAMES]; p < block[REF_NAMES + 1]; p += 16) {
            if (in.getInt(p) == pkg && in.getInt(p + 4) == sym) {
                return string(p + 8);
            }
        }
        return string(block[PACKAGES] + 8 * pkg) + "#" + sym;
    }

    private String string(int at) {
        byte[] b = new byte[in.getInt(at)];
        in.get(in.getInt(at + 4), b);
        return new String(b, StandardCharsets.UTF_8);
    }

    /** A table of pc values: pairs of a signed difference of the value (zigzag) and the length of the code it holds for. */
    private List<Step> steps(byte[] b) {
        List<Step> out = new ArrayList<>();
        int value = -1;
        int pc = 0;
        for (int[] p = {0}; p[0] < b.length; ) {
            int d = varint(b, p);
            if (d == 0 && pc > 0) {
                break;
            }
            value += d >>> 1 ^ -(d & 1);
            out.add(new Step(pc, value));
            pc += varint(b, p) * quantum;
        }
        return out;
    }

    private static int varint(byte[] b, int[] p) {
        int v = 0;
        for (int s = 0;; s += 7) {
            int x = b[p[0]++];
            v |= (x & 0x7f) << s;
            if (x >= 0) {
                return v;
            }
        }
    }
}
