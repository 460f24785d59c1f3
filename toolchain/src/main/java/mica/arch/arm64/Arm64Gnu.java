// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import java.util.Locale;

/**
 * Instructions in GNU's syntax, as llvm-objdump writes them: a row's template with the parameters in its places.
 *
 * <pre>
 *   {x1} {w1}      general register of parameter 1, 31 is the zero register, 32 the stack pointer; {X1} {W1}: both are zero
 *   {v1} {z1+2}    another register, or the one two further in a list; the letter is what the name begins with
 *   {#1h} {#1d}    a number in hexadecimal or decimal, {%1d} without #; behind it >S shifted right, *M multiplied,
 *                  n negated, U without sign, M its lower 32 bits
 *   {c1} {C1}      a condition, inverted     {f1} {g1}  a number of floating point, with eight digits or as it is
 * </pre>
 */
public final class Arm64Gnu {
    private static final String[] CONDITIONS =
            {"eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"};

    private Arm64Gnu() {}

    /** The text of a decoded instruction at an address; a directive with the word where there is no template. */
    public static String print(Arm64Inst inst, int word, long address, Arm64Printer.Names names) {
        String special = special(inst, address, names);
        if (special != null) {
            return special;
        }
        String template = Arm64Table.get().gnu(inst.row);
        if (template == null) {
            return directive(word);
        }
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '{') {
                b.append(c);
            } else if (template.charAt(i + 1) == '{') {
                b.append('{');
                i++;
            } else {
                int end = template.indexOf('}', i);
                place(b, template.substring(i + 1, end), inst);
                i = end;
            }
        }
        return tidy(b.toString());
    }

    /** What is written for a word that is no instruction. */
    public static String directive(int word) {
        return ".inst 0x" + String.format(Locale.ROOT, "%08x", word);
    }

    /** Offsets and shifts of zero are left out. */
    private static String tidy(String s) {
        if (s.endsWith("]")) {
            s = s.replace(", #0x0, mul vl]", "]").replace(", #0, mul vl]", "]").replace(", #0x0]", "]").replace(", #0]", "]");
        }
        if (s.startsWith("dcps")) {
            return s.endsWith(" #0x0") ? s.substring(0, 5) : s;
        }
        if (s.endsWith(" #0x0") && (s.startsWith("brk") || s.startsWith("h") || s.startsWith("smc") || s.startsWith("svc"))) {
            return s.substring(0, s.length() - 2);
        }
        if (s.startsWith("adr ") && s.endsWith("xtw #0]")) {
            return s.substring(0, s.length() - 4) + "]";
        }
        int n = s.length();
        return s.endsWith(" #0") && n > 7 && s.startsWith("xt", n - 6) ? s.substring(0, n - 3) : s;
    }

    private static void place(StringBuilder b, String p, Arm64Inst inst) {
        int end = 1 + (p.charAt(0) == 'p' && p.charAt(1) == 'n' ? 1 : 0);
        String kind = p.substring(0, end);
        int k = p.charAt(end++) - '0';
        long v = inst.params[k];
        switch (kind) {
            case "#", "%" -> number(b, p.substring(end), kind.equals("#"), v);
            case "c" -> b.append(CONDITIONS[(int) v & 15]);
            case "C" -> b.append(CONDITIONS[(int) v & 15 ^ 1]);
            case "f" -> b.append('#').append(String.format(Locale.ROOT, "%.8f", Double.longBitsToDouble(v)));
            case "g" -> b.append('#').append(Double.longBitsToDouble(v));
            case "x", "w", "X", "W" -> general(b, kind.charAt(0), (int) v + more(p, end));
            default -> {
                b.append(kind).append(v + more(p, end) & (kind.charAt(0) == 'p' ? 15 : 31));
            }
        }
    }

    /** +2 behind a register. */
    private static int more(String p, int end) {
        return end < p.length() ? Integer.parseInt(p.substring(end + 1)) : 0;
    }

    private static void general(StringBuilder b, char kind, int v) {
        char letter = Character.toLowerCase(kind);
        if (v == Arm64Inst.RSP && letter == kind) {
            b.append(kind == 'x' ? "sp" : "wsp");
        } else if (v >= Arm64Inst.ZR) {
            b.append(letter).append("zr");
        } else {
            b.append(letter).append(v);
        }
    }

    private static void number(StringBuilder b, String how, boolean hash, long v) {
        int i = 1;
        int shift = 0;
        long factor = 1;
        boolean unsigned = false;
        while (i < how.length()) {
            char c = how.charAt(i++);
            if (c == '>' || c == '*') {
                int n = 0;
                while (i < how.length() && Character.isDigit(how.charAt(i))) {
                    n = 10 * n + how.charAt(i++) - '0';
                }
                shift = c == '>' ? n : shift;
                factor = c == '*' ? n : factor;
            } else if (c == 'n') {
                v = -v;
            } else if (c == 'M') {
                v &= 0xffffffffL;
            } else if (c == 'U') {
                unsigned = true;
            }
        }
        // A field that ends at bit 63 is the top of an unsigned number.
        v = (shift == 48 ? v >>> shift : v >> shift) * factor;
        b.append(hash ? "#" : "");
        if (how.charAt(0) == 'd') {
            b.append(v);
        } else if (v < 0 && !unsigned) {
            b.append("-0x").append(Long.toHexString(-v));
        } else {
            b.append("0x").append(Long.toHexString(v));
        }
    }

    /** Places in the code, and bit fields, whose names depend on their parameters. */
    private static String special(Arm64Inst inst, long address, Arm64Printer.Names names) {
        String m = inst.mnemonic;
        switch (m) {
            case "UBFM", "UBFMW", "SBFM", "SBFMW", "BFM", "BFMW" -> {
                return bitField(inst);
            }
            case "MOVD", "MOVW" -> {
                String template = Arm64Table.get().gnu(inst.row);
                if (template != null && template.startsWith("orr") && inst.shapes[0].equals("$#")) {
                    return mask(inst, m.equals("MOVD"));
                }
            }
            default -> {
            }
        }
        for (int i = 0, k = 0; i < inst.shapes.length; i++) {
            String s = inst.shapes[i];
            if (s.equals("L") || s.equals("#(PC)")) {
                boolean page = m.equals("ADRP");
                long to = (page ? address & -4096 : address) + inst.params[k];
                String name = page ? null : names.at(to);
                return branch(inst, k) + "0x" + Long.toHexString(to) + (name == null ? "" : " <" + name + ">");
            }
            k += Arm64Printer.parameters(s);
        }
        return null;
    }

    /** ORR of a bit mask to the zero register is a MOV, unless a MOVZ or MOVN would be that MOV. */
    private static String mask(Arm64Inst inst, boolean wide) {
        long v = inst.params[0];
        long not = wide ? ~v : ~v & 0xffffffffL;
        boolean plain = false;
        for (int s = 0; s < 64; s += 16) {
            plain |= (v & ~(0xffffL << s)) == 0 || (not & ~(0xffffL << s)) == 0;
        }
        StringBuilder b = new StringBuilder(plain ? "orr " : "mov ");
        general(b, wide ? 'x' : 'w', (int) inst.params[1]);
        b.append(plain ? wide ? ", xzr, " : ", wzr, " : ", ");
        number(b, plain ? "hU" : "h", true, wide ? v : plain ? v & 0xffffffffL : (int) v);
        return b.toString();
    }

    private static String branch(Arm64Inst inst, int k) {
        String m = inst.mnemonic;
        StringBuilder b = new StringBuilder();
        switch (m) {
            case "JMP" -> b.append("b ");
            case "CALL" -> b.append("bl ");
            case "CBZ", "CBNZ", "CBZW", "CBNZW" -> {
                boolean narrow = m.endsWith("W");
                b.append(m.substring(0, m.length() - (narrow ? 1 : 0)).toLowerCase(Locale.ROOT)).append(' ');
                general(b, narrow ? 'w' : 'x', (int) inst.params[0]);
                b.append(", ");
            }
            case "TBZ", "TBNZ" -> {
                b.append(m.toLowerCase(Locale.ROOT)).append(' ');
                general(b, inst.params[0] > 31 ? 'x' : 'w', (int) inst.params[1]);
                b.append(", #0x").append(Long.toHexString(inst.params[0])).append(", ");
            }
            case "ADR", "ADRP" -> {
                b.append(m.toLowerCase(Locale.ROOT)).append(' ');
                general(b, 'x', (int) inst.params[k + 1]);
                b.append(", ");
            }
            default -> literal(b, m, inst.params[k + 1]);
        }
        return b.toString();
    }

    private static void literal(StringBuilder b, String m, long reg) {
        switch (m) {
            case "MOVD", "MOVWU" -> general(b.append("ldr "), m.equals("MOVD") ? 'x' : 'w', (int) reg);
            case "MOVW" -> general(b.append("ldrsw "), 'x', (int) reg);
            case "FMOVS", "FMOVD", "FMOVQ" -> b.append("ldr ").append(m.equals("FMOVS") ? 's' : m.equals("FMOVD") ? 'd' : 'q')
                    .append(reg);
            default -> {
                // A branch on a condition.
                String c = m.substring(1).toLowerCase(Locale.ROOT);
                b.append("b.").append(c.equals("cs") ? "hs" : c.equals("cc") ? "lo" : c).append(' ');
                return;
            }
        }
        b.append(", ");
    }

    private static String bitField(Arm64Inst inst) {
        boolean narrow = inst.mnemonic.endsWith("W");
        String sign = inst.mnemonic.charAt(0) == 'B' ? "" : inst.mnemonic.substring(0, 1).toLowerCase(Locale.ROOT);
        long rotate = inst.params[0];
        long last = inst.params[2];
        boolean extract = last >= rotate;
        long low = extract ? rotate : (narrow ? 32 : 64) - rotate;
        StringBuilder b = new StringBuilder(sign.isEmpty() ? extract ? "bfxil" : "bfi" : sign + (extract ? "bfx" : "bfiz")).append(' ');
        general(b, narrow ? 'w' : 'x', (int) inst.params[3]);
        b.append(", ");
        general(b, narrow ? 'w' : 'x', (int) inst.params[1]);
        return b.append(", #").append(low).append(", #").append(extract ? last - rotate + 1 : last + 1).toString();
    }
}
