// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/** Constants that arm64 packs: bit masks of logical instructions, and floating-point numbers of eight bits. */
final class Arm64Immediates {
    private Arm64Immediates() {}

    /**
     * N:immr:imms of a logical constant of 8, 16, 32 or 64 bits, or -1. Such a constant repeats an element of 2, 4 ... 64
     * bits that is a run of ones, rotated (Arm ARM, DecodeBitMasks).
     */
    static int logical(long value, int width) {
        long v = value;
        if (width < 64) {
            if (v >>> width != 0 && v >> width - 1 != -1) {
                return -1;
            }
            v &= (1L << width) - 1;
            for (int n = width; n < 64; n *= 2) {
                v |= v << n;
            }
        }
        if (v == 0 || v == -1) {
            return -1;
        }
        int size = 64;
        while (size > 2) {
            int half = size / 2;
            long m = (1L << half) - 1;
            if ((v & m) != (v >>> half & m)) {
                break;
            }
            size = half;
        }
        long m = size == 64 ? -1L : (1L << size) - 1;
        long e = v & m;
        int ones = Long.bitCount(e);
        for (int r = 0; r < size; r++) {
            // Rotating the element left by r must give the run at the bottom.
            long rotated = r == 0 ? e : (e << r | e >>> size - r) & m;
            if (rotated == (1L << ones) - 1) {
                int n = size == 64 ? 1 : 0;
                int imms = ~(size * 2 - 1) & 0x3f | ones - 1;
                return n << 12 | r << 6 | imms;
            }
        }
        return -1;
    }

    /** The constant that N:immr:imms means; 0 if it means none. */
    static long logicalValue(int field, int width) {
        int imms = field & 0x3f;
        int r = field >> 6 & 0x3f;
        int n = field >> 12 & 1;
        int len = 31 - Integer.numberOfLeadingZeros(n << 6 | ~imms & 0x3f);
        if (len < 1) {
            return 0;
        }
        int size = 1 << len;
        int ones = (imms & size - 1) + 1;
        if (ones == size) {
            return 0;
        }
        long m = size == 64 ? -1L : (1L << size) - 1;
        long e = (1L << ones) - 1;
        int rot = r & size - 1;
        e = rot == 0 ? e : (e >>> rot | e << size - rot) & m;
        for (int s = size; s < 64; s *= 2) {
            e |= e << s;
        }
        return width < 64 ? e & (1L << width) - 1 : e;
    }

    /** The eight bits of a number n/16 * 2^r with n in 16..31 and r in -3..4, or -1. */
    static int floating(double d) {
        for (int i = 0; i < 256; i++) {
            if (Double.doubleToRawLongBits(floatingValue(i)) == Double.doubleToRawLongBits(d)) {
                return i;
            }
        }
        return -1;
    }

    static double floatingValue(int b) {
        int exponent = ((b >> 4 & 7) ^ 4) - 3;
        double v = (16 + (b & 15)) / 16.0 * Math.pow(2, exponent);
        return (b & 0x80) != 0 ? -v : v;
    }
}
