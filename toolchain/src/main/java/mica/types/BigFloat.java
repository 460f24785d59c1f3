// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;

/**
 * A binary float of 512 bits: mantissa times two to the power of exponent, each operation rounded to nearest, ties to even.
 * The mantissa is odd (or zero), so equal values have equal parts.
 */
final class BigFloat {
    static final int PRECISION = 512;
    /** Exponents beyond this make no number: |x| is held below 2^(2^31). */
    private static final long MAX_EXPONENT = Integer.MAX_VALUE;

    static final BigFloat ZERO = new BigFloat(BigInteger.ZERO, 0);

    final BigInteger mantissa;
    final long exponent;

    private BigFloat(BigInteger mantissa, long exponent) {
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    /** m times 2^e, rounded; null if out of range. */
    static BigFloat of(BigInteger m, long e) {
        return round(m, e, false);
    }

    /** @param sticky something below m's last bit was lost */
    private static BigFloat round(BigInteger m, long e, boolean sticky) {
        if (m.signum() == 0) {
            return ZERO;
        }
        BigInteger a = m.abs();
        int drop = a.bitLength() - PRECISION;
        if (drop > 0) {
            boolean half = a.testBit(drop - 1);
            boolean rest = sticky || a.getLowestSetBit() < drop - 1;
            a = a.shiftRight(drop);
            e += drop;
            if (half && (rest || a.testBit(0))) {
                a = a.add(BigInteger.ONE);
            }
        }
        int zeros = a.getLowestSetBit();
        a = a.shiftRight(zeros);
        e += zeros;
        long top = e + a.bitLength();
        if (top > MAX_EXPONENT) {
            return null;
        }
        if (top < -MAX_EXPONENT) {
            return ZERO;
        }
        return new BigFloat(m.signum() < 0 ? a.negate() : a, e);
    }

    /** n/d rounded. */
    static BigFloat ofRatio(BigInteger n, BigInteger d) {
        return quotient(n, 0, d, 0);
    }

    int sign() {
        return mantissa.signum();
    }

    BigFloat negate() {
        return new BigFloat(mantissa.negate(), exponent);
    }

    BigFloat add(BigFloat y) {
        if (sign() == 0) {
            return y;
        }
        if (y.sign() == 0) {
            return this;
        }
        BigFloat hi = exponent >= y.exponent ? this : y;
        BigFloat lo = hi == this ? y : this;
        long gap = hi.exponent - lo.exponent;
        if (gap > 2L * PRECISION + lo.mantissa.bitLength()) {
            // The small one only decides ties: one bit far below stands for it.
            BigInteger m = hi.mantissa.shiftLeft(2 * PRECISION).add(BigInteger.valueOf(lo.sign()));
            return round(m, hi.exponent - 2 * PRECISION, true);
        }
        return round(hi.mantissa.shiftLeft((int) gap).add(lo.mantissa), lo.exponent, false);
    }

    BigFloat multiply(BigFloat y) {
        return round(mantissa.multiply(y.mantissa), exponent + y.exponent, false);
    }

    BigFloat divide(BigFloat y) {
        return quotient(mantissa, exponent, y.mantissa, y.exponent);
    }

    private static BigFloat quotient(BigInteger n, long ne, BigInteger d, long de) {
        int shift = Math.max(0, PRECISION + 2 - (n.bitLength() - d.bitLength()));
        BigInteger[] qr = n.shiftLeft(shift).divideAndRemainder(d);
        boolean rest = qr[1].signum() != 0;
        // An inexact quotient gets one more bit that says so.
        BigInteger q = qr[0].shiftLeft(1);
        if (rest) {
            q = q.add(BigInteger.valueOf(n.signum() * d.signum()));
        }
        return round(q, ne - de - shift - 1, false);
    }

    int compare(BigFloat y) {
        int s = Integer.compare(sign(), y.sign());
        if (s != 0 || sign() == 0) {
            return s;
        }
        int c = Long.compare(exponent + mantissa.bitLength(), y.exponent + y.mantissa.bitLength());
        if (c != 0) {
            return c * sign();
        }
        long e = Math.min(exponent, y.exponent);
        return mantissa.shiftLeft((int) (exponent - e)).compareTo(y.mantissa.shiftLeft((int) (y.exponent - e)));
    }

    boolean isInteger() {
        return exponent >= 0;
    }

    double doubleValue() {
        return Rounding.toDouble(mantissa, exponent);
    }

    float floatValue() {
        return Rounding.toFloat(mantissa, exponent);
    }

    /** The nearest value of fewer bits. */
    BigFloat shortened(int bits) {
        int drop = mantissa.bitLength() - bits;
        if (drop <= 0) {
            return this;
        }
        BigInteger half = BigInteger.ONE.shiftLeft(drop - 1);
        BigInteger a = mantissa.abs().add(half).shiftRight(drop).shiftLeft(drop);
        return of(mantissa.signum() < 0 ? a.negate() : a, exponent);
    }

    /** m times 10^n, for exponents too large for an exact fraction; the powers are rounded on the way. */
    static BigFloat scaledByTen(BigInteger m, long n) {
        BigFloat ten = of(BigInteger.TEN, 0);
        BigFloat p = of(BigInteger.ONE, 0);
        for (long k = Math.abs(n); k > 0; k >>= 1) {
            if ((k & 1) != 0) {
                p = p.multiply(ten);
            }
            if (p == null) {
                return n > 0 ? null : ZERO;
            }
            if (k > 1) {
                ten = ten.multiply(ten);
                if (ten == null) {
                    return n > 0 ? null : ZERO;
                }
            }
        }
        BigFloat x = of(m, 0);
        return n < 0 ? x.divide(p) : x.multiply(p);
    }
}
