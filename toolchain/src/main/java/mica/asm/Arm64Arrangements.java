// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.List;
import mica.arch.arm64.Arm64Table;

/** What is wrong with the arrangements (B8, S4 ...) and elements of vector registers. */
final class Arm64Arrangements {
    private static final String INVALID = "invalid arrangement";
    private static final String MISMATCH = "operand mismatch";

    private Arm64Arrangements() {}

    /** Why no form of a vector instruction fits; null if nothing is to say. */
    static String explain(Arm64Select s, Arm64Table table) {
        String index = index(s);
        if (index != null) {
            return index;
        }
        if (table.knows(s.mnemonic, s.joined(-1))) {
            return s.is(0, "$#") && s.count > 1 && s.shape[1].startsWith("v.") ? shift(s.mnemonic) : null;
        }
        if (s.mnemonic.equals("SHA1H") && s.count == 2 && s.shape[0].startsWith("v.")) {
            return "invalid operands";
        }
        if (!blindlyKnown(s, table)) {
            return null;
        }
        List<String> used = new ArrayList<>();
        boolean elements = false;
        for (int k = 0; k < s.count; k++) {
            if (s.shape[k].startsWith("v.")) {
                used.add(s.shape[k].substring(2));
                elements |= s.shape[k].endsWith("[#]");
            }
        }
        return used.isEmpty() ? null : elements ? MISMATCH : verdict(s.mnemonic, used);
    }

    private static String shift(String m) {
        return m.contains("SHLL") ? "shift amount out of range" : "shift out of range";
    }

    /** An element that the vector does not have. */
    private static String index(Arm64Select s) {
        for (int k = 0; k < s.count; k++) {
            String o = s.shape[k];
            if (o.length() == 6 && o.startsWith("v.") && o.endsWith("[#]")) {
                int letter = "DSHB".indexOf(o.charAt(2));
                int most = (2 << letter) - 1;
                if (letter >= 0 && s.params[s.first[k] + 1] > most) {
                    return "register element index out of range 0 to " + most;
                }
            }
        }
        return null;
    }

    /** Whether there is a form that differs in arrangements only. */
    private static boolean blindlyKnown(Arm64Select s, Arm64Table table) {
        for (String[] form : table.forms(s.mnemonic)) {
            boolean same = form.length == s.count;
            for (int k = 0; same && k < form.length; k++) {
                same = blind(form[k]).equals(blind(s.shape[k]))
                        // Where a form has plain registers, an arrangement is one too many.
                        || form[k].equals("v") && isHash(s.mnemonic) && s.shape[k].startsWith("v.");
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    private static String blind(String shape) {
        return shape.startsWith("v.") ? shape.endsWith("[#]") ? "v.T[#]" : "v.T" : shape;
    }

    private static boolean isHash(String m) {
        return m.startsWith("SHA") || m.startsWith("AES");
    }

    private static String verdict(String m, List<String> used) {
        String b = m.endsWith("2") ? m.substring(0, m.length() - 1) : m;
        if (b.endsWith("SHLL") || b.endsWith("XTL")) {
            return MISMATCH;
        }
        if (isHash(m) || b.equals("VEXT") || b.equals("VRBIT") || b.startsWith("VREV") || b.endsWith("XTN") || b.endsWith("XTUN")
                || b.endsWith("SHRN") || isShift(b)) {
            return INVALID;
        }
        String last = used.get(used.size() - 1);
        switch (b) {
            case "VPMULL" -> {
                return used.get(0).equals(used.get(1)) && (last.equals("Q1") || last.equals("H8")) ? MISMATCH : INVALID;
            }
            case "VUMULL", "VUMLAL", "VUMLSL", "VSMULL", "VSMLAL", "VSMLSL" -> {
                return used.get(0).startsWith("D") ? INVALID : MISMATCH;
            }
            case "VUADDW" -> {
                return used.get(1).equals(last) ? MISMATCH : INVALID;
            }
            default -> {
                for (String a : used) {
                    if (!a.equals(last)) {
                        return MISMATCH;
                    }
                }
                return INVALID;
            }
        }
    }

    /** Shifts by a constant that keep the size. */
    private static boolean isShift(String b) {
        switch (b) {
            case "VSHL", "VSLI", "VSRI", "VUSHR", "VSSHR", "VSRSHR", "VURSHR", "VUSRA", "VSSRA", "VURSRA", "VSRSRA":
                return true;
            default:
                return false;
        }
    }
}
