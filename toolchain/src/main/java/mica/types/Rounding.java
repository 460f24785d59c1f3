// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;

/** IEEE 754 rounding to nearest, ties to even, from exact values; subnormal results included. */
final class Rounding {
    private Rounding() {}

    static double toDouble(BigInteger m, long e) {
        return round(m, e, 53, -1022);
    }

    static float toFloat(BigInteger m, long e) {
        return (float) round(m, e, 24, -126);
    }


    static double ratioToDouble(BigInteger n, BigInteger d) {
        return ratio(n, d, 53, -1022);
    }

    static float ratioToFloat(BigInteger n, BigInteger d) {
        return (float) ratio(n, d, 24, -126);
    }

    private static double ratio(BigInteger n, BigInteger d, int precision, int minExponent) {
        if (n.signum() == 0) {
            return 0;
        }
        int shift = precision + 4 - (n.bitLength() - d.bitLength());
        BigInteger a = n.abs();
        BigInteger[] qr = shift >= 0 ? a.shiftLeft(shift).divideAndRemainder(d) : a.divideAndRemainder(d.shiftLeft(-shift));
        BigInteger q = qr[0].shiftLeft(1);
        if (qr[1].signum() != 0) {
            q = q.setBit(0);
        }
        double v = round(q, -shift - 1L, precision, minExponent);
        return n.signum() < 0 ? -v : v;
    }

    /** m times 2^e with at most precision bits (fewer below 2^minExponent). */
    private static double round(BigInteger m, long e, int precision, int minExponent) {
        if (m.signum() == 0) {
            return 0;
        }
        BigInteger a = m.abs();
        int bits = a.bitLength();
        long top = bits - 1 + e;
        if (top > 2000) {
            return m.signum() < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        long keep = top >= minExponent ? precision : precision - (minExponent - top);
        if (keep < 0) {
            return 0;
        }
        long drop = bits - keep;
        if (drop > 0) {
            int d = (int) drop;
            boolean half = a.testBit(d - 1);
            boolean rest = a.getLowestSetBit() < d - 1;
            a = a.shiftRight(d);
            if (half && (rest || a.testBit(0))) {
                a = a.add(BigInteger.ONE);
            }
            e += d;
        }
        double v = scale(a.doubleValue(), e, a.bitLength());
        return m.signum() < 0 ? -v : v;
    }

    /** v * 2^e in one exact step; a has few bits, so only the exponent can leave the range. */
    private static double scale(double v, long e, int bits) {
        if (e + bits > 1100) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.scalb(v, (int) e);
    }
}
