// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Table;

/** What is wrong with an instruction, in the standard assembler's words. */
final class Arm64Checks {
    private static final String UNPREDICTABLE = "constrained unpredictable behavior";

    private Arm64Checks() {}

    /** Width of the distance in a branch's word; 33 for pages. */
    static int reach(String mnemonic) {
        switch (mnemonic) {
            case "JMP", "CALL":
                return 26;
            case "TBZ", "TBNZ":
                return 14;
            case "ADR":
                return 21;
            case "ADRP":
                return 33;
            default:
                return 19;
        }
    }

    /** Moves of a register that extend it: of ZR they are a move of 32 bits. */
    static boolean isExtension(String mnemonic) {
        switch (mnemonic) {
            case "MOVB", "MOVBU", "MOVH", "MOVHU", "MOVW", "MOVWU", "SXTB", "SXTH", "SXTW", "UXTB", "UXTH", "UXTW", "SXTBW",
                    "SXTHW", "UXTBW", "UXTHW":
                return true;
            default:
                return false;
        }
    }

    // Faults of instructions that have an encoding.

    /** A fault that no field of the word refuses; null = none. */
    static String before(Arm64Select s) {
        String m = s.inst.mnemonic;
        char c = m.charAt(0);
        if (c == 'L' && m.startsWith("LD") || c == 'F' && m.startsWith("FLDP")) {
            return load(s, m);
        }
        if (c == 'S' && m.startsWith("ST")) {
            return store(s, m);
        }
        if (c == 'M' && m.startsWith("MOV")) {
            return m.equals("MOVK") && s.is(0, "$#") && s.params[0] == 0 ? "zero shifts cannot be handled correctly" : writeBack(s);
        }
        return c == 'C' && m.startsWith("CASP") ? pairs(s) : null;
    }

    private static String load(Arm64Select s, String m) {
        boolean pair = m.startsWith("LDP") || m.startsWith("FLDP");
        if (!pair && !m.startsWith("LDXP") && !m.startsWith("LDAXP") || s.count != 2 || !s.is(0, "#(r)")
                || !s.is(1, "(r,r)") && !s.is(1, "(f,f)")) {
            return null;
        }
        long base = s.params[1];
        long a = s.params[2];
        long b = s.params[3];
        boolean back = !s.inst.suffix.isEmpty() && m.charAt(0) == 'L' && base != Arm64Inst.RSP && (a == base || b == base);
        boolean kinds = s.is(1, "(f,f)") == (m.charAt(0) == 'F');
        return kinds && (back || a == b) ? UNPREDICTABLE : null;
    }

    private static String store(Arm64Select s, String m) {
        if ((m.equals("STP") || m.equals("STPW")) && !s.inst.suffix.isEmpty() && s.is(0, "(r,r)") && s.is(1, "#(r)")) {
            long base = s.params[3];
            return base != Arm64Inst.RSP && (s.params[0] == base || s.params[1] == base) ? UNPREDICTABLE : null;
        }
        // The status must be in no register of the others.
        boolean exclusive = m.startsWith("STXR") || m.startsWith("STLXR") || m.startsWith("STXP") || m.startsWith("STLXP");
        if (!exclusive || s.count != 3 || !s.is(1, "#(r)") || !s.is(2, "r")) {
            return null;
        }
        long status = s.params[s.first[2]];
        long base = s.params[s.first[1] + 1];
        boolean same = status == base && base != Arm64Inst.RSP;
        for (int i = 0; i < s.first[1]; i++) {
            same |= s.params[i] == status;
        }
        return same ? UNPREDICTABLE : null;
    }

    /** A register that is both loaded or stored and written back to as base. */
    private static String writeBack(Arm64Select s) {
        if (s.inst.suffix.isEmpty() || s.count != 2) {
            return null;
        }
        boolean load = s.is(0, "#(r)") && s.is(1, "r");
        if (!load && !(s.is(0, "r") && s.is(1, "#(r)"))) {
            return null;
        }
        long base = s.params[load ? 1 : 2];
        return base != Arm64Inst.RSP && base == s.params[load ? 2 : 0] ? UNPREDICTABLE : null;
    }

    private static String pairs(Arm64Select s) {
        if (s.count != 3 || !s.is(0, "(r,r)") || !s.is(1, "#(r)") || !s.is(2, "(r,r)")) {
            return null;
        }
        for (int k = 0; k < 3; k += 2) {
            String what = k == 0 ? "source" : "destination";
            long a = s.params[s.first[k]];
            if ((a & 1) != 0) {
                return what + " register pair must start from even register";
            }
            if (s.params[s.first[k] + 1] != a + 1) {
                return what + " register pair must be contiguous";
            }
        }
        return null;
    }

    // Why no form fits.

    /** Why no form fits; null if that is all there is to say. */
    static String explain(Arm64Select s, Arm64Table table) {
        String m = s.inst.mnemonic;
        if (table.isScalable(m)) {
            return null;
        }
        String why = names(s, table, m);
        if (why == null && s.count > 0) {
            why = shifted(s, m);
        }
        if (why == null) {
            why = registers(s, table, m);
        }
        if (why == null) {
            why = addresses(s, table, m);
        }
        return why != null ? why : Arm64Arrangements.explain(s, table);
    }

    /** Instructions whose operand is a name. */
    private static String names(Arm64Select s, Arm64Table table, String m) {
        switch (m) {
            case "MSR" -> {
                return s.count == 2 && s.is(0, "r") && table.knows("MRS", s.shape[1] + "|r") ? "system register is not writable"
                        : null;
            }
            case "MRS" -> {
                return s.count == 2 && s.is(1, "r") && table.knows("MSR", "r|" + s.shape[0]) ? "system register is not readable"
                        : null;
            }
            case "TLBI", "DC" -> {
                return s.count == 0 || !isName(s.shape[0]) ? null
                        : table.knows(m, s.shape[0]) ? "extraneous register at operand 2"
                                : table.knows(m, s.shape[0] + "|r") ? "missing register at operand 2" : "illegal argument";
            }
            case "BTI" -> {
                return s.count == 0 ? "missing operand" : s.count == 1 && isName(s.shape[0]) ? "illegal argument" : null;
            }
            case "RPRFM" -> {
                boolean place = s.count == 3 && s.is(0, "#(r)") && s.params[0] == 0 && s.is(1, "r") && s.params[2] != Arm64Inst.RSP;
                return !place ? null : s.is(2, "$#") ? "range prefetch immediate must be 0 to 63"
                        : isName(s.shape[2]) ? "illegal range prefetch operand" : null;
            }
            default -> {
                return null;
            }
        }
    }

    private static boolean isName(String shape) {
        return Character.isUpperCase(shape.charAt(0)) && !shape.equals("L") && !shape.equals("S");
    }

    private static boolean isSum(String m) {
        String b = m.endsWith("W") ? m.substring(0, m.length() - 1) : m;
        switch (b) {
            case "ADD", "ADDS", "SUB", "SUBS", "CMP", "CMN", "NEG", "NEGS":
                return true;
            default:
                return false;
        }
    }

    /** Shifted and extended registers. */
    private static String shifted(Arm64Select s, String m) {
        String first = s.shape[0];
        if (first.length() < 4 || first.charAt(0) != 'r' || !first.endsWith("#")) {
            return null;
        }
        long amount = s.params[1];
        boolean stack = false;
        for (int k = 1; k < s.count; k++) {
            stack |= s.is(k, "r") && s.params[s.first[k]] == Arm64Inst.RSP;
        }
        if (first.charAt(1) == '.' || stack) {
            if (!first.endsWith("<<#")) {
                return null;
            }
            return isFlagged(m) && stack && s.params[s.first[s.count - 1]] == Arm64Inst.RSP && s.count == 3
                    ? "illegal destination register" : amount > 4 ? "shift amount out of range 0 to 4" : null;
        }
        if (amount >= 32 && m.endsWith("W")) {
            return "shift amount out of range 0 to 31";
        }
        return first.equals("r@>#") && isSum(m) ? "unsupported shift operator" : null;
    }

    private static boolean isFlagged(String m) {
        return m.startsWith("ADDS") || m.startsWith("SUBS");
    }

    private static String registers(Arm64Select s, Arm64Table table, String m) {
        if (isFlagged(m) && s.count == 3 && s.is(0, "r") && s.is(1, "r") && s.is(2, "r") && s.params[2] == Arm64Inst.RSP) {
            return "illegal destination register";
        }
        if (s.is(0, "c") && s.params[0] >= 14 && table.knows(m, s.joined(-1))) {
            return "invalid condition";
        }
        boolean load = m.startsWith("LDP") || m.startsWith("FLDP");
        if ((load || m.startsWith("STP") || m.startsWith("FSTP")) && s.count == 2) {
            int pair = load ? 1 : 0;
            if (s.is(1 - pair, "#(r)") && s.is(pair, m.charAt(0) == 'F' ? "(r,r)" : "(f,f)")) {
                return "invalid register pair";
            }
        }
        return null;
    }

    /** Memory operands. */
    private static String addresses(Arm64Select s, Arm64Table table, String m) {
        boolean known = table.knows(s.mnemonic, s.joined(-1));
        boolean vector = m.startsWith("VLD") || m.startsWith("VST");
        for (int k = 0; k < s.count; k++) {
            String o = s.shape[k];
            if (o.equals("#(r)") && known && !s.inst.suffix.isEmpty()) {
                return vector ? "invalid post-increment offset" : Arm64Memory.scale(m) >= 0 ? "offset out of range [-256,255]" : null;
            }
            if (o.startsWith("(r)(r.") || o.startsWith("(r)(r<<")) {
                return vector && s.inst.suffix.equals(".P") ? "invalid extended register"
                        : Arm64Memory.scale(m) >= 0 ? "invalid index shift amount" : null;
            }
        }
        return null;
    }
}
