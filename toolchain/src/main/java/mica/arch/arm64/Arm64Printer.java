// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/** Instructions in Plan 9 syntax: the shapes of the operands with the parameters in the letters' places. */
public final class Arm64Printer {
    private static final String[] CONDITIONS =
            {"EQ", "NE", "HS", "LO", "MI", "PL", "VS", "VC", "HI", "LS", "GE", "LT", "GT", "LE", "AL", "NV"};

    private Arm64Printer() {}

    /** Names for addresses. */
    public interface Names {
        /** {@code name} or {@code name+16} for an address that belongs to a symbol, else null. */
        String at(long address);
    }

    /** The text of an instruction at an address. */
    public static String print(Arm64Inst inst, long address, Names names) {
        StringBuilder b = new StringBuilder(inst.mnemonic);
        int k = 0;
        for (int i = 0; i < inst.shapes.length; i++) {
            b.append(i == 0 ? " " : ", ");
            k = operand(b, inst, i, k, address, names);
        }
        return b.toString();
    }

    /** Appends an operand whose first parameter is number k; returns the number of the next operand's first. */
    private static int operand(StringBuilder b, Arm64Inst inst, int i, int k, long address, Names names) {
        String s = inst.shapes[i];
        switch (s) {
            case "c" -> {
                b.append(CONDITIONS[(int) inst.params[k]]);
                return k + 1;
            }
            case "$f" -> {
                b.append("$(").append(Double.longBitsToDouble(inst.params[k])).append(')');
                return k + 1;
            }
            case "$#" -> {
                b.append('$').append(inst.params[k]);
                return k + 1;
            }
            case "L" -> {
                long to = address + inst.params[k];
                String name = names.at(to);
                if (name != null && (inst.mnemonic.equals("CALL") || name.indexOf('+') < 0)) {
                    b.append(name).append("(SB)");
                } else {
                    b.append("0x").append(Long.toHexString(to));
                }
                return k + 1;
            }
            default -> {
                return s.charAt(0) == '[' ? list(b, s, inst, k) : general(b, s, inst, k);
            }
        }
    }

    /** [v.B16,v.B16]: consecutive registers from one parameter; an index may follow. */
    private static int list(StringBuilder b, String s, Arm64Inst inst, int k) {
        int reg = (int) inst.params[k++];
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == 'v') {
                b.append('V').append(reg++ & 31);
            } else if (c == '#') {
                b.append(inst.params[k++]);
            } else {
                b.append(c).append(c == ',' ? " " : "");
            }
        }
        return k;
    }

    private static int general(StringBuilder b, String s, Arm64Inst inst, int k) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            boolean begins = i == 0 || !Character.isLetterOrDigit(s.charAt(i - 1));
            if (begins && (c == 'r' || c == 'f' || c == 'v')) {
                b.append(c == 'r' ? general((int) inst.params[k]) : (c == 'f' ? "F" : "V") + inst.params[k]);
                k++;
            } else if (c == '#') {
                long v = inst.params[k++];
                // An offset of 0 is not written.
                if (v != 0 || i != 0) {
                    b.append(v);
                }
            } else {
                b.append(c).append(c == ',' ? " " : "");
            }
        }
        return k;
    }

    /** Plan 9's name of a general register. */
    static String general(int r) {
        switch (r) {
            case Arm64Inst.ZR:
                return "ZR";
            case Arm64Inst.RSP:
                return "RSP";
            case 18:
                return "R18_PLATFORM";
            case 28:
                return "g";
            default:
                return "R" + r;
        }
    }
}
