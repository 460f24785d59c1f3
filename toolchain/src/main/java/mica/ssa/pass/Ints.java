// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.MType;

/** Arithmetic of constants of the machine types, which are kept sign-extended. */
final class Ints {
    private Ints() {}

    static int bits(MType t) {
        return t.size * 8;
    }

    static long wrap(MType t, long n) {
        return switch (t) {
            case I8 -> (byte) n;
            case I16 -> (short) n;
            case I32 -> (int) n;
            default -> n;
        };
    }

    static long unsigned(MType t, long n) {
        return t.size == 8 ? n : n & (1L << bits(t)) - 1;
    }

    static long mask(MType t) {
        return t.size == 8 ? -1 : (1L << bits(t)) - 1;
    }

    static boolean isPowerOfTwo(long n) {
        return n > 0 && (n & n - 1) == 0;
    }

    static int log2(long n) {
        return 63 - Long.numberOfLeadingZeros(n);
    }

    static long signedMin(MType t) {
        return -1L << bits(t) - 1;
    }
}
