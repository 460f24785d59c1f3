// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

/**
 * Operand classes: a set of bits. An operand has the bits of every class it belongs to; a form accepts an operand
 * when it shares a bit with the form's set.
 */
final class Amd64Classes {
    private Amd64Classes() {}

    // Constants by value.
    static final long I_1 = 1L << 0;
    static final long I_3 = 1L << 1;
    /** 0..3. */
    static final long I_U2 = 1L << 2;
    /** -128..127. */
    static final long I_S8 = 1L << 3;
    /** 0..127. */
    static final long I_U7 = 1L << 4;
    /** 0..255. */
    static final long I_U8 = 1L << 5;
    /** Fits 32 bits with sign. */
    static final long I_S32 = 1L << 6;
    /** Fits 32 bits without sign. */
    static final long I_U32 = 1L << 7;
    static final long I_64 = 1L << 8;
    static final long I_0 = 1L << 9;
    /** $symbol(SB). */
    static final long ADDRESS = 1L << 10;
    /** A label, or a symbol as a branch's target. */
    static final long TO_LABEL = 1L << 11;
    static final long TO_SYMBOL = 1L << 12;
    // Registers.
    static final long R = 1L << 13;
    static final long R_AX = 1L << 14;
    static final long R_CX = 1L << 15;
    static final long R_BYTE = 1L << 16;
    static final long R_AL = 1L << 17;
    static final long R_CL = 1L << 18;
    static final long R_X0 = 1L << 19;
    static final long R_X = 1L << 20;
    static final long R_XHI = 1L << 21;
    static final long R_Y = 1L << 22;
    static final long R_YHI = 1L << 23;
    /** Z0..Z15 and Z16..Z31 are never told apart: EVEX reaches all of them. */
    static final long R_Z = 1L << 24;
    static final long R_K0 = 1L << 25;
    static final long R_K = 1L << 26;
    static final long R_MM = 1L << 27;
    static final long R_CR = 1L << 28;
    static final long R_DR = 1L << 29;
    static final long R_TR = 1L << 30;
    static final long R_SEG = 1L << 31;
    static final long R_FS = 1L << 32;
    static final long R_GS = 1L << 33;
    static final long R_F0 = 1L << 34;
    static final long R_F = 1L << 35;
    // The registers of descriptor tables, machine status and task, which old assembly moves from and to.
    static final long R_GDTR = 1L << 36;
    static final long R_IDTR = 1L << 37;
    static final long R_LDTR = 1L << 38;
    static final long R_MSW = 1L << 39;
    static final long R_TASK = 1L << 49;
    // Memory.
    static final long M = 1L << 40;
    static final long VM_X = 1L << 41;
    static final long VM_XHI = 1L << 42;
    static final long VM_Y = 1L << 43;
    static final long VM_YHI = 1L << 44;
    static final long VM_Z = 1L << 45;
    /**
     * Fits 32 bits without sign, where the instruction extends the sign: only the assembler takes that (its users
     * mean the bits).
     */
    static final long I_U32_LOOSE = 1L << 48;
    // [X0-X3] and [Z0-Z3].
    static final long LIST_X = 1L << 46;
    static final long LIST_Z = 1L << 47;

    private static final String[] NAMES = {
        "1", "3", "u2", "s8", "u7", "u8", "s32", "u32", "i64", "ib", "i32", "addr", "L", "S", "r", "rm", "rb", "rmb",
                "al", "ax",
        "cl", "cx", "x0", "x", "xm", "X", "XM", "y", "ym", "Y", "YM", "Z", "ZM", "k", "k1", "km", "mm", "mxm", "cr",
                "dr", "tr",
        "sr", "fs", "gs", "f0", "f", "m", "vx", "vX", "vy", "vY", "vZ", "lX", "lZ", "0", "i32x", "gdtr", "idtr", "ldtr", "msw", "task",
    };
    private static final long[] SETS = {
        I_1, I_3, I_U2, I_S8, I_U7, I_U8, I_S32, I_U32, I_64, I_S8 | I_U8, I_S32 | I_U32, ADDRESS, TO_LABEL,
                TO_SYMBOL, R, R | M,
        R_BYTE, R_BYTE | M, R_AL, R_AX, R_CL, R_CX, R_X0, R_X, R_X | M, R_X | R_XHI, R_X | R_XHI | M, R_Y, R_Y | M,
                R_Y | R_YHI,
        R_Y | R_YHI | M, R_Z, R_Z | M, R_K0 | R_K, R_K, R_K0 | R_K | M, R_MM, R_MM | M, R_CR, R_DR, R_TR, R_SEG, R_FS,
                R_GS, R_F0,
        R_F0 | R_F, M, VM_X, VM_X | VM_XHI, VM_Y, VM_Y | VM_YHI, VM_Z, LIST_X, LIST_Z, I_0, I_S32 | I_U32_LOOSE,
        R_GDTR, R_IDTR, R_LDTR, R_MSW, R_TASK,
    };

    /** The set that a class name of the tables means. */
    static long set(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return SETS[i];
            }
        }
        throw new mica.base.Fault("arch", "no operand class " + name);
    }

    private static final long[] OF_REGISTER = new long[256];

    static {
        long[] t = OF_REGISTER;
        for (int r = AX; r <= R15; r++) {
            t[r] = R | R_BYTE;
        }
        t[AX] |= R_AX;
        t[CX] |= R_CX | R_CL;
        for (int i = 0; i < 32; i++) {
            t[X0 + i] = i < 16 ? R_X : R_XHI;
            t[Y0 + i] = i < 16 ? R_Y : R_YHI;
            t[Z0 + i] = R_Z;
        }
        t[X0] |= R_X0;
        for (int i = 0; i < 8; i++) {
            t[K0 + i] = i == 0 ? R_K0 : R_K;
            t[M0 + i] = R_MM;
            t[F0 + i] = i == 0 ? R_F0 : R_F;
            t[DR0 + i] = R_DR;
            t[TR0 + i] = R_TR;
        }
        for (int r = AL; r <= BH; r++) {
            t[r] = R_BYTE;
        }
        t[AL] |= R_AL;
        t[CL] |= R_CL;
        for (int r = ES; r <= GS; r++) {
            t[r] = R_SEG;
        }
        t[FS] |= R_FS;
        t[GS] |= R_GS;
        t[GDTR] = R_GDTR;
        t[IDTR] = R_IDTR;
        t[LDTR] = R_LDTR;
        t[MSW] = R_MSW;
        t[TASK] = R_TASK;
        for (int r = CR0; r <= CR15; r++) {
            t[r] = R_CR;
        }
    }

    /** All classes of an operand, 0 if no form can take it. */
    static long of(long operand, long[] pool) {
        switch (kind(operand)) {
            case REG:
                return OF_REGISTER[(int) operand & 0xff];
            case IMM:
                return ofValue(immValue(operand));
            case IMM64:
                return ofValue(pool[(int) operand]);
            case MEM:
                return ofMemory(index(operand), base(operand));
            case SYM:
                return index(operand) == NOREG ? M | TO_SYMBOL : ofMemory(index(operand), NOREG);
            case ADDR:
                return index(operand) == NOREG ? ADDRESS : 0;
            case LABEL:
                return TO_LABEL;
            case LIST:
                long of = OF_REGISTER[(int) operand & 0xff];
                return (of & (R_X | R_XHI)) != 0 ? LIST_X : (of & R_Z) != 0 ? LIST_Z : 0;
            default:
                return 0;
        }
    }

    private static long ofMemory(int index, int base) {
        if (base != NOREG && base > R15 && (base < ES || base > GS) && base != TLS) {
            return 0;
        }
        if (index == NOREG || index < 16 && index != SP) {
            return M;
        }
        if (index >= X0 && index <= X31) {
            return index < X0 + 16 ? VM_X : VM_XHI;
        }
        if (index >= Y0 && index <= Y31) {
            return index < Y0 + 16 ? VM_Y : VM_YHI;
        }
        return index >= Z0 && index <= Z31 ? VM_Z : index == TLS ? M : 0;
    }

    private static long ofValue(long v) {
        long s = I_64;
        if (v == (int) v) {
            s |= I_S32;
            if (v >= -128 && v <= 127) {
                s |= I_S8;
            }
        }
        if (v >>> 32 == 0) {
            s |= I_U32 | I_U32_LOOSE;
            if (v <= 255) {
                s |= I_U8;
                if (v <= 127) {
                    s |= I_U7;
                }
                if (v <= 3) {
                    s |= I_U2 | (v == 1 ? I_1 : v == 3 ? I_3 : v == 0 ? I_0 : 0);
                }
            }
        }
        return s;
    }
}
