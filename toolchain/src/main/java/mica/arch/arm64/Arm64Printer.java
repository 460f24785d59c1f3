// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/** Instructions in Plan 9 syntax: the shapes of the operands with the parameters in the letters' places. */
public final class Arm64Printer {
    private Arm64Printer() {}

    /** Names for addresses. */
    public interface Names {
        /** {@code name} or {@code name+16} for an address that belongs to a symbol, else null. */
        String at(long address);
    }

    /** The text of an instruction at an address. */
    public static String print(Arm64Inst inst, long address, Names names) {
        switch (inst.mnemonic) {
            case "UBFM", "UBFMW", "SBFM", "SBFMW", "BFM", "BFMW" -> {
                return bitField(inst);
            }
            default -> {
            }
        }
        StringBuilder b = new StringBuilder(inst.mnemonic);
        int k = 0;
        for (int i = 0; i < inst.shapes.length; i++) {
            b.append(i == 0 ? " " : ", ");
            String s = inst.shapes[i];
            if (s.equals("L")) {
                place(b, inst, address, k++, names);
            } else if (s.equals("#(PC)")) {
                // A load's distance counts instructions, ADRP's bytes.
                b.append(inst.mnemonic.equals("ADRP") ? inst.params[k] : inst.params[k] / 4).append("(PC)");
                k++;
            } else if (s.equals("$#") && shift(inst, k) > 0) {
                b.append("$(").append(inst.params[k] >>> shift(inst, k)).append("<<").append(shift(inst, k)).append(')');
                k++;
            } else {
                k = operand(b, s, inst.params, k, ", ");
            }
        }
        return b.toString();
    }

    /** What a constant of MOVK, ADD, SUB and compares is shifted by in the instruction. */
    private static int shift(Arm64Inst inst, int k) {
        switch (inst.mnemonic) {
            case "MOVK", "MOVKW", "ADD", "ADDW", "ADDS", "ADDSW", "SUB", "SUBW", "SUBS", "SUBSW", "CMP", "CMPW", "CMN", "CMNW":
                return Arm64Table.get().fields[inst.row][k].shift();
            default:
                return 0;
        }
    }

    private static void place(StringBuilder b, Arm64Inst inst, long address, int k, Names names) {
        long to = address + inst.params[k];
        String name = names.at(to);
        if (name != null && (inst.mnemonic.equals("CALL") || name.indexOf('+') < 0)) {
            b.append(name).append("(SB)");
        } else {
            b.append(inst.mnemonic.equals("ADR") ? inst.params[k] : inst.params[k] / 4).append("(PC)");
        }
    }

    /** UBFM and its like hold a rotation and the number of the last bit: shown by what they extract or insert. */
    private static String bitField(Arm64Inst inst) {
        boolean narrow = inst.mnemonic.endsWith("W");
        String sign = inst.mnemonic.charAt(0) == 'B' ? "" : inst.mnemonic.substring(0, 1);
        long rotate = inst.params[0];
        long last = inst.params[2];
        boolean extract = last >= rotate;
        String name = sign.isEmpty() ? extract ? "BFXIL" : "BFI" : sign + (extract ? "BFX" : "BFIZ");
        long low = extract ? rotate : (narrow ? 32 : 64) - rotate;
        long width = extract ? last - rotate + 1 : last + 1;
        return name + (narrow ? "W" : "") + " $" + low + ", " + Arm64Registers.name('r', inst.params[1]) + ", $" + width + ", "
                + Arm64Registers.name('r', inst.params[3]);
    }

    /** The text of one operand as the assembler repeats it: no blanks in lists. */
    public static String operand(String shape, long[] params) {
        StringBuilder b = new StringBuilder();
        operand(b, shape, params, 0, shape.charAt(0) == '[' ? "," : ", ");
        return b.toString();
    }

    /** How many parameters the text of an operand takes from the instruction's. */
    public static int parameters(String shape) {
        if (shape.equals("c") || shape.equals("$f")) {
            return 1;
        }
        boolean list = shape.charAt(0) == '[';
        int n = list ? 1 : 0;
        for (int i = 0; i < shape.length(); i++) {
            n += shape.charAt(i) == '#' || !list && isRegister(shape, i) ? 1 : 0;
        }
        return n;
    }

    /** Appends an operand whose first parameter is number k; returns the number of the next operand's first. */
    private static int operand(StringBuilder b, String s, long[] params, int k, String comma) {
        switch (s) {
            case "c" -> {
                b.append(Arm64Registers.condition((int) params[k]));
                return k + 1;
            }
            case "$f" -> {
                b.append("$(").append(Double.longBitsToDouble(params[k])).append(')');
                return k + 1;
            }
            default -> {
                return s.charAt(0) == '[' ? list(b, s, params, k, comma) : general(b, s, params, k, comma);
            }
        }
    }

    private static boolean isName(String s, int i) {
        return i >= 0 && i < s.length() && (Character.isLetterOrDigit(s.charAt(i)) || s.charAt(i) == '_');
    }

    private static boolean isRegister(String s, int i) {
        return Arm64Registers.isLetter(s.charAt(i)) && !isName(s, i - 1) && !isName(s, i + 1);
    }

    /**
     * [v.B16,v.B16]: consecutive registers from one parameter; [z.B-z+3.B]: the first and, three further, the last. An
     * index may follow.
     */
    private static int list(StringBuilder b, String s, long[] params, int k, String comma) {
        int n = (int) params[k++];
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '#') {
                b.append(params[k++]);
            } else if (isRegister(s, i)) {
                int limit = c == 'p' || c == 'n' ? 15 : 31;
                if (i + 2 < s.length() && s.charAt(i + 1) == '+' && Character.isDigit(s.charAt(i + 2))) {
                    int end = i + 2;
                    while (end < s.length() && Character.isDigit(s.charAt(end))) {
                        end++;
                    }
                    n += Integer.parseInt(s, i + 2, end, 10) - 1;
                    i = end - 1;
                }
                b.append(Arm64Registers.name(c, n++ & limit));
            } else {
                b.append(c == ',' ? comma : String.valueOf(c));
            }
        }
        return k;
    }

    private static int general(StringBuilder b, String s, long[] params, int k, String comma) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (isRegister(s, i)) {
                b.append(Arm64Registers.name(c, params[k++]));
            } else if (c == '#') {
                // An offset of 0 is not written.
                if (params[k] != 0 || i != 0) {
                    b.append(params[k]);
                }
                k++;
            } else if (s.startsWith("VL*#", i)) {
                b.append(params[k] < 0 ? "-VL*" : "VL*").append(Math.abs(params[k++]));
                i += 3;
            } else {
                b.append(c == ',' ? comma : String.valueOf(c));
            }
        }
        return k;
    }
}
