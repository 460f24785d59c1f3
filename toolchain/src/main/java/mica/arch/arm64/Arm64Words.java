// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/**
 * Sequences that bring a constant into a register: MOVZ or MOVN with MOVKs, or ORR of a bit mask. Which one is chosen is the
 * standard assembler's choice.
 */
public final class Arm64Words {
    private static final int MOVN = 0x12800000;
    private static final int MOVZ = 0x52800000;
    private static final int MOVK = 0x72800000;
    private static final int ORR = 0x320003e0;
    private static final int WIDE = 0x80000000;

    private Arm64Words() {}

    /** Whether ADD and SUB hold a constant: twelve bits, or twelve bits shifted left by twelve. */
    public static boolean isAddend(long v) {
        return v >= 0 && (v <= 0xfff || (v & 0xfff) == 0 && v <= 0xfff000);
    }

    /** Whether a logical instruction of 64 or 32 bits holds a constant. */
    public static boolean isMask(long v, boolean wide) {
        return Arm64Immediates.logical(wide ? v : v & 0xffffffffL, wide ? 64 : 32) >= 0;
    }

    /** Position of the only 16 bits that are not zero, in bits; -1 if there are several. */
    private static int half(long v) {
        for (int s = 0; s < 64; s += 16) {
            if ((v & ~(0xffffL << s)) == 0) {
                return s;
            }
        }
        return -1;
    }

    /**
     * Puts the words that load a constant into {@code out} (room for four) and returns their number. With {@code wide}
     * false only the lower 32 bits count.
     */
    public static int constant(long v, boolean wide, int reg, int[] out) {
        int r = reg == Arm64Inst.RSP ? 31 : reg;
        int sf = wide ? WIDE : 0;
        long x = wide ? v : v & 0xffffffffL;
        long not = wide ? ~x : ~x & 0xffffffffL;
        boolean mask = reg != Arm64Inst.ZR && isMask(x, wide);
        if (mask && isAddend(x)) {
            out[0] = orr(x, wide, r);
            return 1;
        }
        if (half(x) >= 0) {
            out[0] = move(MOVZ | sf, x, half(x), r);
            return 1;
        }
        if (half(not) >= 0) {
            out[0] = move(MOVN | sf, not, half(not), r);
            return 1;
        }
        if (mask) {
            out[0] = orr(x, wide, r);
            return 1;
        }
        return pieces(x, wide, reg, out);
    }

    /** The same of half words only, whether or not there is a shorter way; one word for 64 bits with a single half word. */
    public static int pieces(long v, boolean wide, int reg, int[] out) {
        if (!wide) {
            out[0] = move(MOVZ, v, 0, reg);
            out[1] = move(MOVK, v, 16, reg);
            return 2;
        }
        return several(v, reg, out);
    }

    private static int orr(long v, boolean wide, int r) {
        return ORR | (wide ? WIDE : 0) | Arm64Immediates.logical(v, wide ? 64 : 32) << 10 | r;
    }

    private static int move(int op, long v, int shift, int r) {
        return op | shift / 16 << 21 | (int) (v >>> shift & 0xffff) << 5 | r;
    }

    private static int several(long v, int r, int[] out) {
        int zeros = 0;
        int ones = 0;
        for (int s = 0; s < 64; s += 16) {
            long h = v >>> s & 0xffff;
            zeros += h == 0 ? 1 : 0;
            ones += h == 0xffff ? 1 : 0;
        }
        if (zeros < 2 && ones < 2 && maskAndHalf(v, r, out)) {
            return 2;
        }
        boolean inverted = zeros < 2 && (ones == 2 || zeros == 0 && ones == 1);
        long skipped = inverted ? 0xffff : 0;
        boolean skip = zeros > 0 || inverted;
        int n = 0;
        for (int s = 0; s < 64; s += 16) {
            long h = v >>> s & 0xffff;
            if (skip && h == skipped) {
                continue;
            }
            out[n] = n > 0 ? move(MOVK | WIDE, v, s, r) : inverted ? move(MOVN | WIDE, ~v, s, r) : move(MOVZ | WIDE, v, s, r);
            n++;
        }
        return n;
    }

    /** A bit mask with one half word replaced: where that half continues the pattern of the others, they are a mask. */
    private static boolean maskAndHalf(long v, int r, int[] out) {
        for (int s = 0; s < 64; s += 16) {
            long hole = 0xffffL << s;
            for (int period = 2; period <= 32; period *= 2) {
                long x = v & ~hole | Long.rotateLeft(v, Math.max(period, 16)) & hole;
                if (Arm64Immediates.logical(x, 64) >= 0) {
                    out[0] = orr(x, true, r);
                    out[1] = move(MOVK | WIDE, v, s, r);
                    return true;
                }
            }
        }
        return false;
    }
}
