// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import mica.base.Fault;

/**
 * The forms of every mnemonic, as parallel columns; read from the two resources once. Rows of a mnemonic stand together
 * in the order in which the encoder tries them. Immutable after loading.
 */
public final class Amd64Table {
    // spec: how a form is encoded.
    static final int OPCODE = 0xff;
    static final int MAP_SHIFT = 8; // 2 bits: one-byte, 0F, 0F38, 0F3A
    static final int PP_SHIFT = 10; // 2 bits: none, 66, F3, F2
    static final int W = 1 << 12;
    static final int OSIZE = 1 << 13;
    static final int ASIZE = 1 << 14;
    static final int ENC_SHIFT = 15; // 2 bits
    static final int LEGACY = 0;
    static final int VEX = 1;
    static final int EVEX = 2;
    static final int LEN_SHIFT = 17; // 2 bits: 128, 256, 512
    static final int MODRM_SHIFT = 19; // 4 bits: a digit, or
    static final int MODRM_REG = 8;
    static final int MODRM_NONE = 9;
    static final int MODRM_OPREG = 10;
    static final int MODRM_FIXED = 11;
    static final int IMM_SHIFT = 23; // 3 bits
    static final int IMM_NONE = 0;
    static final int IMM_B = 1;
    static final int IMM_W = 2;
    static final int IMM_D = 3;
    static final int IMM_Q = 4;
    static final int IMM_IS4 = 5;
    static final int REL8 = 6;
    static final int REL32 = 7;
    static final int WIG = 1 << 26; // the W bit means nothing: decoded either way
    static final int LIG = 1 << 27; // the length means nothing

    // extra: bits 0-7 the fixed ModRM byte, and for EVEX:
    static final int DISP_SHIFT = 8; // 3 bits: log2 of the compressed displacement's unit
    static final int BCST_SHIFT = 11; // 2 bits: log2 of the broadcast element's size, 0 = no broadcast
    static final int ZEROING = 1 << 13;
    static final int ROUNDING = 1 << 14;
    static final int SAE = 1 << 15;
    static final int MASKED = 1 << 16;
    /** Accepted by the assembler, never chosen by the decoder. */
    static final int ASM_ONLY = 1 << 17;

    // roles: 4 bits for each operand.
    static final int IN_RM = 1;
    static final int IN_REG = 2;
    static final int IN_VVVV = 3;
    static final int IN_OPCODE = 4;
    static final int IMPLIED = 5;
    static final int IN_IMM = 6;
    static final int IN_MASK = 7;
    static final int IN_REL = 8;
    static final int IN_IS4 = 9;
    static final int IN_IMM2 = 10;
    /** ModRM.rm and ModRM.reg. */
    static final int IN_BOTH = 11;

    static final int MAX_OPERANDS = 6;

    final int[] spec;
    final int[] extra;
    final int[] roles;
    /** MAX_OPERANDS class sets for each form. */
    final long[] accepts;
    final byte[] arity;
    /** Mnemonic (ordinal) of each form. */
    final short[] opOf;
    /** Forms in the order of the resources' rows: where two have the same bytes, the decoder takes the first. */
    final int[] byRow;
    /** First form of each mnemonic; the next entry ends it. */
    final int[] first;
    final int count;

    private static final class LazyBase {
        static final Amd64Table BASE = new Amd64Table(read("amd64.tbl"), null);
    }

    private static final class Lazy {
        static final Amd64Table ALL = new Amd64Table(read("amd64-vector.tbl"), LazyBase.BASE);
    }

    /** Every form. */
    public static Amd64Table all() {
        return Lazy.ALL;
    }

    /** Forms of the mnemonics up to SSE4 and BMI: all that a code generator needs, loaded faster. */
    public static Amd64Table base() {
        return LazyBase.BASE;
    }

    /** Whether a mnemonic's forms are in {@link #all()} only. */
    public static boolean isVector(Amd64Op op) {
        return op.ordinal() >= FIRST_VECTOR.ordinal();
    }

    private static final Amd64Op FIRST_VECTOR = Amd64Op.KADDB;

    private static Amd64TableReader read(String name) {
        try (InputStream in = Amd64Table.class.getResourceAsStream("/mica/arch/amd64/" + name)) {
            if (in == null) {
                throw new Fault("arch", "missing resource " + name);
            }
            Amd64TableReader r = new Amd64TableReader();
            r.read(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1), name);
            return r;
        } catch (IOException e) {
            throw new Fault("arch", "cannot read resource " + name, e);
        }
    }

    /** The forms of {@code below} (null = none), whose mnemonics all come first, then those that were read. */
    private Amd64Table(Amd64TableReader r, Amd64Table below) {
        int ops = Amd64Op.ALL.length;
        int n = below == null ? 0 : below.count;
        count = n + r.count;
        first = new int[ops + 1];
        for (int i = 0; i < r.count; i++) {
            first[r.op[i] + 1]++;
            if ((r.op[i] >= FIRST_VECTOR.ordinal()) != (below != null)) {
                throw new Fault("arch", Amd64Op.ALL[r.op[i]] + " is in the wrong table");
            }
        }
        for (int i = 0; i < ops; i++) {
            first[i + 1] += first[i];
        }
        for (int i = 0; i <= ops; i++) {
            first[i] += below == null ? 0 : i < FIRST_VECTOR.ordinal() ? below.first[i] : n;
        }
        int[] next = Arrays.copyOf(first, ops);
        spec = below == null ? new int[count] : Arrays.copyOf(below.spec, count);
        extra = below == null ? new int[count] : Arrays.copyOf(below.extra, count);
        roles = below == null ? new int[count] : Arrays.copyOf(below.roles, count);
        accepts = below == null ? new long[count * MAX_OPERANDS] : Arrays.copyOf(below.accepts, count * MAX_OPERANDS);
        arity = below == null ? new byte[count] : Arrays.copyOf(below.arity, count);
        opOf = below == null ? new short[count] : Arrays.copyOf(below.opOf, count);
        byRow = below == null ? new int[count] : Arrays.copyOf(below.byRow, count);
        for (int i = 0; i < r.count; i++) {
            int to = next[r.op[i]]++;
            byRow[n + i] = to;
            spec[to] = r.spec[i];
            extra[to] = r.extra[i];
            roles[to] = r.roles[i];
            arity[to] = r.arity[i];
            opOf[to] = (short) r.op[i];
            System.arraycopy(r.accepts, i * MAX_OPERANDS, accepts, to * MAX_OPERANDS, MAX_OPERANDS);
        }
    }

    /** The first form of a mnemonic that accepts operands of these classes, or -1. */
    int find(int op, int n, long c0, long c1, long c2, long c3, long c4) {
        for (int f = first[op], end = first[op + 1]; f < end; f++) {
            if (arity[f] == n && accept(f, n, c0, c1, c2, c3, c4)) {
                return f;
            }
        }
        return -1;
    }

    boolean accept(int form, int n, long c0, long c1, long c2, long c3, long c4) {
        int a = form * MAX_OPERANDS;
        return (n < 1 || (accepts[a] & c0) != 0)
                && (n < 2 || (accepts[a + 1] & c1) != 0)
                && (n < 3 || (accepts[a + 2] & c2) != 0)
                && (n < 4 || (accepts[a + 3] & c3) != 0)
                && (n < 5 || (accepts[a + 4] & c4) != 0);
    }

    int encoding(int form) {
        return spec[form] >> ENC_SHIFT & 3;
    }

    int imm(int form) {
        return spec[form] >> IMM_SHIFT & 7;
    }

    int role(int form, int operand) {
        return roles[form] >> 4 * operand & 15;
    }

    /** Mnemonics by Plan 9 name. */
    static HashMap<String, Amd64Op> names() {
        HashMap<String, Amd64Op> m = new HashMap<>(4096);
        for (Amd64Op op : Amd64Op.ALL) {
            m.put(op.name(), op);
        }
        return m;
    }
}
