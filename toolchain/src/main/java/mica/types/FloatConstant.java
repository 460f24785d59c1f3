// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** A number that is not (known to be) an integer: an exact fraction in lowest terms, or a BigFloat when that would be large. */
final class FloatConstant extends Constant {
    /** Bits of numerator and denominator up to which fractions are kept, as gc does. */
    private static final int MAX_BITS = 4096;

    /** Fraction; null when big is used. */
    final BigInteger num;
    final BigInteger den;
    private final BigFloat big;

    private FloatConstant(BigInteger num, BigInteger den, BigFloat big) {
        this.num = num;
        this.den = den;
        this.big = big;
    }

    static FloatConstant make(BigInteger v) {
        return ratio(v, BigInteger.ONE);
    }

    static FloatConstant make(double v) {
        if (v == 0) {
            return ratio(BigInteger.ZERO, BigInteger.ONE);
        }
        long bits = Double.doubleToRawLongBits(v);
        int exp = (int) (bits >>> 52) & 0x7ff;
        long m = bits & 0xfffffffffffffL;
        if (exp == 0) {
            exp = 1;
        } else {
            m |= 1L << 52;
        }
        BigInteger n = BigInteger.valueOf(v < 0 ? -m : m);
        int e = exp - 1075;
        return e >= 0 ? ratio(n.shiftLeft(e), BigInteger.ONE) : ratio(n, BigInteger.ONE.shiftLeft(-e));
    }

    /** n/d, d positive. */
    static FloatConstant ratio(BigInteger n, BigInteger d) {
        BigInteger g = n.gcd(d);
        if (!g.equals(BigInteger.ONE) && g.signum() != 0) {
            n = n.divide(g);
            d = d.divide(g);
        }
        if (n.bitLength() > MAX_BITS || d.bitLength() > MAX_BITS) {
            return new FloatConstant(null, null, BigFloat.ofRatio(n, d));
        }
        return new FloatConstant(n, d, null);
    }

    /** Null stays null; small values become fractions again only through {@link #toInt}. */
    static FloatConstant make(BigFloat f) {
        return f == null ? null : f.sign() == 0 ? ratio(BigInteger.ZERO, BigInteger.ONE) : new FloatConstant(null, null, f);
    }

    BigFloat asBig() {
        return big != null ? big : BigFloat.ofRatio(num, den);
    }

    boolean isRatio() {
        return big == null;
    }

    @Override
    public Kind kind() {
        return Kind.FLOAT;
    }

    @Override
    public double doubleValue() {
        return big != null ? big.doubleValue() : Rounding.ratioToDouble(num, den);
    }

    @Override
    public float floatValue() {
        return big != null ? big.floatValue() : Rounding.ratioToFloat(num, den);
    }

    @Override
    public int sign() {
        return big != null ? big.sign() : num.signum();
    }

    @Override
    public Constant toInt() {
        if (big == null) {
            return den.equals(BigInteger.ONE) ? IntConstant.make(num) : null;
        }
        // Huge integers are useless, and cost memory.
        if (big.exponent + big.mantissa.bitLength() > MAX_BITS || big.exponent < -MAX_BITS) {
            return null;
        }
        BigFloat f = big.isInteger() ? big : big.shortened(BigFloat.PRECISION - 4);
        return f.isInteger() ? IntConstant.make(f.mantissa.shiftLeft((int) f.exponent)) : null;
    }

    @Override
    public Constant toFloat() {
        return this;
    }

    @Override
    public Constant toComplex() {
        return new ComplexConstant(this, of(0));
    }

    private boolean integral() {
        return big == null ? den.equals(BigInteger.ONE) : big.isInteger();
    }

    @Override
    public String toString() {
        double d = doubleValue();
        if ((sign() == 0) == (d == 0) && !Double.isInfinite(d)) {
            String s = general(d, 6);
            return !integral() && s.indexOf('.') < 0 ? general(d, 0) : s;
        }
        return beyondDouble();
    }

    /** As C's %.{digits}g; digits 0: as many as are needed to tell the double from its neighbours. */
    static String general(double d, int digits) {
        if (d == 0) {
            return "0";
        }
        BigDecimal b = digits == 0 ? new BigDecimal(Double.toString(d)) : new BigDecimal(d).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        b = b.stripTrailingZeros();
        String unscaled = b.unscaledValue().abs().toString();
        int exp = unscaled.length() - 1 - b.scale();
        int limit = digits == 0 ? 21 : digits;
        StringBuilder sb = new StringBuilder();
        if (d < 0) {
            sb.append('-');
        }
        if (exp >= -4 && exp < limit) {
            return sb.append(b.abs().toPlainString()).toString();
        }
        return exponential(sb, unscaled, exp);
    }

    private static String exponential(StringBuilder sb, String digits, long exp) {
        sb.append(digits.charAt(0));
        if (digits.length() > 1) {
            sb.append('.').append(digits, 1, digits.length());
        }
        sb.append('e').append(exp < 0 ? '-' : '+');
        long a = Math.abs(exp);
        return sb.append(a < 10 ? "0" : "").append(a).toString();
    }

    /** Six digits of a number whose exponent no double has. */
    private String beyondDouble() {
        BigFloat f = asBig();
        long bin = f.exponent + f.mantissa.bitLength();
        long dec = (long) (bin * 0.30102999566398120);
        BigFloat scaled = BigFloat.scaledByTen(BigInteger.ONE, -dec);
        double m = scaled == null ? 0 : f.multiply(scaled).doubleValue();
        if (m == 0 || Double.isInfinite(m)) {
            return (sign() < 0 ? "-" : "") + "1e" + (dec < 0 ? "" : "+") + dec;
        }
        BigDecimal b = new BigDecimal(m).round(new MathContext(6, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        String digits = b.unscaledValue().abs().toString();
        StringBuilder sb = new StringBuilder();
        if (m < 0) {
            sb.append('-');
        }
        return exponential(sb, digits, dec + digits.length() - 1 - b.scale());
    }

    @Override
    public String exact() {
        if (big != null) {
            return big.mantissa + "p" + big.exponent;
        }
        return den.equals(BigInteger.ONE) ? num.toString() : num + "/" + den;
    }
}
