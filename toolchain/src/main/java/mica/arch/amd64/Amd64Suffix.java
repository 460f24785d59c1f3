// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    /** What is wrong with suffixes as they are written (with their dots), in the standard assembler's words; null if nothing. */
    public static String problem(String s) {
        String[] all = s.substring(1).split("\\.", -1);
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> unknown = new HashSet<>();
        boolean broadcast = false;
        boolean rounds = false;
        for (int i = 0; i < all.length; i++) {
            int bits = parse(all[i]);
            if (bits < 0 && unknown.add(all[i])) {
                problems.add("unknown suffix \"" + all[i] + '"');
            }
            if (bits == Z && i != all.length - 1) {
                problems.add("Z suffix should be the last");
            }
            broadcast |= bits == BCST;
            rounds |= bits >= SAE;
            if (!seen.add(all[i])) {
                problems.add("duplicate suffix \"" + all[i] + '"');
            }
        }
        if (broadcast && rounds) {
            problems.add("can't combine rounding/SAE and broadcast");
        }
        int most = all[all.length - 1].equals("Z") ? 2 : 1;
        return !problems.isEmpty() ? String.join("; ", problems) : all.length > most ? "bad suffix combination" : null;
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
