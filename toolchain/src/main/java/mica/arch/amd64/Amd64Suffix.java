// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

/** Suffixes of EVEX mnemonics as bits: {@code .Z}, {@code .BCST}, {@code .SAE}, {@code .RN_SAE} and so on. */
public final class Amd64Suffix {
    private Amd64Suffix() {}

    public static final int Z = 1;
    public static final int BCST = 2;
    public static final int SAE = 4;
    static final int ROUND = 8;
    static final int MODE_SHIFT = 4;

    private static final String[] MODES = {"RN_SAE", "RD_SAE", "RU_SAE", "RZ_SAE"};

    /** Bits of one suffix without its dot, or -1. */
    public static int parse(String s) {
        switch (s) {
            case "Z":
                return Z;
            case "BCST":
                return BCST;
            case "SAE":
                return SAE;
            default:
                for (int i = 0; i < 4; i++) {
                    if (MODES[i].equals(s)) {
                        return ROUND | i << MODE_SHIFT;
                    }
                }
                return -1;
        }
    }

    /** Bits of suffixes with their dots, such as ".RU_SAE.Z", or -1. */
    public static int parseAll(String s) {
        int bits = 0;
        int at = 0;
        while (at < s.length()) {
            int dot = s.indexOf('.', at + 1);
            int end = dot < 0 ? s.length() : dot;
            int one = parse(s.substring(at + 1, end));
            if (one < 0) {
                return -1;
            }
            bits |= one;
            at = end;
        }
        return bits;
    }

    static void print(StringBuilder b, int bits) {
        if ((bits & BCST) != 0) {
            b.append(".BCST");
        }
        if ((bits & ROUND) != 0) {
            b.append('.').append(MODES[bits >> MODE_SHIFT & 3]);
        } else if ((bits & SAE) != 0) {
            b.append(".SAE");
        }
        if ((bits & Z) != 0) {
            b.append(".Z");
        }
    }
}
