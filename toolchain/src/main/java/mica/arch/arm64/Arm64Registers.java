// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/**
 * Names of registers and conditions in Plan 9 syntax. A register has a letter, which stands for it in the shapes of
 * operands, and a number: {@code r} general (31 is ZR, 32 RSP), {@code f} floating point, {@code v} vector, {@code z} scalable
 * vector, {@code p} predicate, {@code n} predicate as counter.
 */
public final class Arm64Registers {
    /** The letters; a register's code is the letter's index times 64 plus its number. */
    private static final String LETTERS = "rfvzpn";
    private static final String[] PREFIXES = {"R", "F", "V", "Z", "P", "PN"};
    private static final String[] CONDITIONS =
            {"EQ", "NE", "HS", "LO", "MI", "PL", "VS", "VC", "HI", "LS", "GE", "LT", "GT", "LE", "AL", "NV"};

    private Arm64Registers() {}

    /** The code of a register, for {@link #letter} and {@link #number}; -1 if the name is none. */
    public static int parse(String name) {
        int n = name.length();
        if (n == 0 || n > 12 || name.charAt(0) > 'Z' && n > 1) {
            return -1;
        }
        switch (name) {
            case "ZR":
                return Arm64Inst.ZR;
            case "RSP":
                return Arm64Inst.RSP;
            case "g":
                return 28;
            case "R18_PLATFORM":
                return 18;
            case "LR":
                return 30;
            default:
        }
        boolean counter = n > 2 && name.charAt(0) == 'P' && name.charAt(1) == 'N';
        int kind = counter ? 5 : "RFVZP".indexOf(name.charAt(0));
        int v = kind < 0 ? -1 : decimal(name, counter ? 2 : 1);
        if (v < 0 || v > (kind == 0 ? 30 : kind < 4 ? 31 : 15) || kind == 0 && (v == 18 || v == 28)) {
            return -1;
        }
        return kind << 6 | v;
    }

    private static int decimal(String s, int from) {
        int n = s.length() - from;
        if (n < 1 || n > 2 || n == 2 && s.charAt(from) == '0') {
            return -1;
        }
        int v = 0;
        for (int i = from; i < s.length(); i++) {
            int d = s.charAt(i) - '0';
            if (d < 0 || d > 9) {
                return -1;
            }
            v = v * 10 + d;
        }
        return v;
    }

    public static char letter(int code) {
        return LETTERS.charAt(code >> 6);
    }

    public static int number(int code) {
        return code & 63;
    }

    static boolean isLetter(char c) {
        return LETTERS.indexOf(c) >= 0;
    }

    /** The name of a register. */
    public static String name(char letter, long number) {
        if (letter == 'r') {
            return general((int) number);
        }
        return PREFIXES[LETTERS.indexOf(letter)] + number;
    }

    private static String general(int r) {
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

    /** Number of a condition, or -1. */
    public static int condition(String name) {
        if (name.length() != 2) {
            return -1;
        }
        if (name.equals("CS") || name.equals("CC")) {
            return name.equals("CS") ? 2 : 3;
        }
        for (int i = 0; i < CONDITIONS.length; i++) {
            if (CONDITIONS[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    static String condition(int number) {
        return CONDITIONS[number & 15];
    }
}
