// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

/** Register numbers of amd64 and makers of packed operands (see {@link #kind}). */
public final class Amd64 {
    private Amd64() {}

    public static final int
            AX = 0, CX = 1, DX = 2, BX = 3, SP = 4, BP = 5, SI = 6, DI = 7, R8 = 8, R9 = 9, R10 = 10, R11 = 11,
            R12 = 12, R13 = 13, R14 = 14, R15 = 15;

    public static final int
            X0 = 16, X1 = 17, X2 = 18, X3 = 19, X4 = 20, X5 = 21, X6 = 22, X7 = 23, X8 = 24, X9 = 25, X10 = 26,
            X11 = 27, X12 = 28, X13 = 29, X14 = 30, X15 = 31, X16 = 32, X17 = 33, X18 = 34, X19 = 35, X20 = 36,
            X21 = 37, X22 = 38, X23 = 39, X24 = 40, X25 = 41, X26 = 42, X27 = 43, X28 = 44, X29 = 45, X30 = 46,
            X31 = 47;

    public static final int
            Y0 = 48, Y1 = 49, Y2 = 50, Y3 = 51, Y4 = 52, Y5 = 53, Y6 = 54, Y7 = 55, Y8 = 56, Y9 = 57, Y10 = 58,
            Y11 = 59, Y12 = 60, Y13 = 61, Y14 = 62, Y15 = 63, Y16 = 64, Y17 = 65, Y18 = 66, Y19 = 67, Y20 = 68,
            Y21 = 69, Y22 = 70, Y23 = 71, Y24 = 72, Y25 = 73, Y26 = 74, Y27 = 75, Y28 = 76, Y29 = 77, Y30 = 78,
            Y31 = 79;

    public static final int
            Z0 = 80, Z1 = 81, Z2 = 82, Z3 = 83, Z4 = 84, Z5 = 85, Z6 = 86, Z7 = 87, Z8 = 88, Z9 = 89, Z10 = 90,
            Z11 = 91, Z12 = 92, Z13 = 93, Z14 = 94, Z15 = 95, Z16 = 96, Z17 = 97, Z18 = 98, Z19 = 99, Z20 = 100,
            Z21 = 101, Z22 = 102, Z23 = 103, Z24 = 104, Z25 = 105, Z26 = 106, Z27 = 107, Z28 = 108, Z29 = 109,
            Z30 = 110, Z31 = 111;

    public static final int
            K0 = 112, K1 = 113, K2 = 114, K3 = 115, K4 = 116, K5 = 117, K6 = 118, K7 = 119;

    public static final int
            M0 = 120, M1 = 121, M2 = 122, M3 = 123, M4 = 124, M5 = 125, M6 = 126, M7 = 127;

    /**
     * Byte registers by their own names; {@code AX..R15} do for bytes, too, so a code generator needs none of these.
     */
    public static final int
            AL = 128, CL = 129, DL = 130, BL = 131, SPB = 132, BPB = 133, SIB = 134, DIB = 135, R8B = 136,
            R9B = 137, R10B = 138, R11B = 139, R12B = 140, R13B = 141, R14B = 142, R15B = 143, AH = 144, CH = 145,
            DH = 146, BH = 147;

    public static final int
            F0 = 148, F1 = 149, F2 = 150, F3 = 151, F4 = 152, F5 = 153, F6 = 154, F7 = 155;

    public static final int
            ES = 156, CS = 157, SS = 158, DS = 159, FS = 160, GS = 161;

    public static final int
            CR0 = 162, CR1 = 163, CR2 = 164, CR3 = 165, CR4 = 166, CR5 = 167, CR6 = 168, CR7 = 169, CR8 = 170,
            CR9 = 171, CR10 = 172, CR11 = 173, CR12 = 174, CR13 = 175, CR14 = 176, CR15 = 177;

    public static final int
            DR0 = 178, DR1 = 179, DR2 = 180, DR3 = 181, DR4 = 182, DR5 = 183, DR6 = 184, DR7 = 185;

    public static final int
            TR0 = 186, TR1 = 187, TR2 = 188, TR3 = 189, TR4 = 190, TR5 = 191, TR6 = 192, TR7 = 193;

    public static final int
            GDTR = 194, IDTR = 195, LDTR = 196, MSW = 197, TASK = 198, TLS = 199;

    public static final int
            PC = 200, SB = 201, FP = 202;

    /** No register (as base or index). */
    public static final int NOREG = 255;

    // Packed operands: the kind in bits 60-63, so that a register operand is its number.
    public static final int REG = 0;
    /** A constant of at most 60 bits with sign. */
    public static final int IMM = 1;
    /** A constant in the buffer's pool. */
    public static final int IMM64 = 2;
    /** disp(base)(index*scale). */
    public static final int MEM = 3;
    /** symbol+addend(SB), with an index register or none. */
    public static final int SYM = 4;
    /** $symbol+addend(SB). */
    public static final int ADDR = 5;
    public static final int LABEL = 6;
    /** Four consecutive registers, by the first: [Z0-Z3]. */
    public static final int LIST = 7;
    /** The absent operand. */
    public static final int NONE = 15;

    public static final long NO_OPERAND = -1L;

    public static int kind(long operand) {
        return (int) (operand >>> 60);
    }

    public static long imm(long value) {
        if (value << 4 >> 4 != value) {
            throw new mica.base.Fault("arch", "constant needs Amd64Code.imm64: " + value);
        }
        return (long) IMM << 60 | value & 0xfffffffffffffffL;
    }

    public static long immValue(long operand) {
        return operand << 4 >> 4;
    }

    public static long label(int label) {
        return (long) LABEL << 60 | label;
    }

    public static long list4(int first) {
        return (long) LIST << 60 | first;
    }

    public static long mem(int base, int disp) {
        return mem(base, NOREG, 1, disp);
    }

    /** disp(base)(index*scale); base or index may be {@link #NOREG}, scale is 1, 2, 4 or 8. */
    public static long mem(int base, int index, int scale, int disp) {
        return (long) MEM << 60 | address(base, index, scale, disp);
    }

    // bits 0-31 displacement or addend, 32-39 base (0-17 of a SYM: see symbol()), 50-57 index, 58-59 scale.
    static long address(int base, int index, int scale, int disp) {
        int s = 31 - Integer.numberOfLeadingZeros(scale);
        return (long) s << 58 | (long) index << 50 | (long) base << 32 | disp & 0xffffffffL;
    }

    public static int disp(long operand) {
        return (int) operand;
    }

    /** Base register of a MEM, {@link #NOREG} if none. */
    public static int base(long operand) {
        return (int) (operand >>> 32) & 0xff;
    }

    public static int index(long operand) {
        return (int) (operand >>> 50) & 0xff;
    }

    /** Binary logarithm of the index's scale. */
    public static int scaleLog(long operand) {
        return (int) (operand >>> 58) & 3;
    }

    /** Number of the symbol in the buffer's list, of SYM and ADDR operands. */
    public static int symbol(long operand) {
        return (int) (operand >>> 32) & 0x3ffff;
    }

    /** The 3, 4 or 5-bit number that encodings use for a register. */
    public static int number(int reg) {
        if (reg < 16) {
            return reg;
        }
        if (reg < 112) {
            return reg - 16 & 31;
        }
        if (reg < 128) {
            return reg & 7;
        }
        if (reg < 144) {
            return reg & 15;
        }
        return NUMBERS.charAt(reg - 144);
    }

    private static final String NUMBERS =
            "\4\5\6\7" + "\0\1\2\3\4\5\6\7" + "\0\1\2\3\4\5" + "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17"
                    + "\0\1\2\3\4\5\6\7" + "\0\1\2\3\4\5\6\7" + "\0\0\0\0\0\0\0\0\0";

    private static final String[] LOW =
            ("AX CX DX BX SP BP SI DI R8 R9 R10 R11 R12 R13 R14 R15").split(" ");
    private static final String[] HIGH =
            ("AL CL DL BL SPB BPB SIB DIB R8B R9B R10B R11B R12B R13B R14B R15B AH CH DH BH F0 F1 F2 F3 F4 F5 F6 F7"
                    + " ES CS SS DS FS GS CR0 CR1 CR2 CR3 CR4 CR5 CR6 CR7 CR8 CR9 CR10 CR11 CR12 CR13 CR14 CR15"
                    + " DR0 DR1 DR2 DR3 DR4 DR5 DR6 DR7 TR0 TR1 TR2 TR3 TR4 TR5 TR6 TR7 GDTR IDTR LDTR MSW TASK TLS PC SB FP")
                    .split(" ");

    /** Plan 9 name of a register. */
    public static String name(int reg) {
        if (reg < 16) {
            return LOW[reg];
        }
        if (reg < 112) {
            return "XYZ".charAt((reg - 16) / 32) + Integer.toString(reg - 16 & 31);
        }
        if (reg < 128) {
            return (reg < 120 ? "K" : "M") + (reg & 7);
        }
        return reg - 128 < HIGH.length ? HIGH[reg - 128] : "NONE";
    }

    /** Register number of a Plan 9 name, or -1. */
    public static int register(String name) {
        int n = name.length();
        char c = n == 0 ? 0 : name.charAt(0);
        if (n >= 2 && n <= 3 && "XYZKM".indexOf(c) >= 0 && name.charAt(1) >= '0' && name.charAt(1) <= '9') {
            int v = name.charAt(1) - '0';
            if (n == 3) {
                char d = name.charAt(2);
                if (d < '0' || d > '9' || v == 0) {
                    return -1;
                }
                v = v * 10 + d - '0';
            }
            int limit = c <= 'M' ? 8 : 32;
            if (v >= limit) {
                return -1;
            }
            return v + (c == 'X' ? X0 : c == 'Y' ? Y0 : c == 'Z' ? Z0 : c == 'K' ? K0 : M0);
        }
        for (int i = 0; i < LOW.length; i++) {
            if (LOW[i].equals(name)) {
                return i;
            }
        }
        for (int i = 0; i < HIGH.length; i++) {
            if (HIGH[i].equals(name)) {
                return 128 + i;
            }
        }
        return -1;
    }
}
