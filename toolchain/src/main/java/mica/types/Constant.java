// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;
import mica.syntax.ConstSlot;
import mica.syntax.Operator;

/** The exact value of a constant expression. Immutable. */
public abstract class Constant implements ConstSlot {
    public enum Kind {
        BOOL, STRING, INT, FLOAT, COMPLEX
    }

    Constant() {}

    public abstract Kind kind();

    public static Constant of(boolean b) { throw new UnsupportedOperationException(); }
    public static Constant of(long v) { throw new UnsupportedOperationException(); }
    public static Constant of(BigInteger v) { throw new UnsupportedOperationException(); }
    /** Exactly v, which is finite. */
    public static Constant of(double v) { throw new UnsupportedOperationException(); }
    public static Constant ofString(byte[] bytes) { throw new UnsupportedOperationException(); }
    public static Constant ofText(String s) { throw new UnsupportedOperationException(); }
    public static Constant complex(Constant re, Constant im) { throw new UnsupportedOperationException(); }

    // Literals as written; null when malformed or out of the supported range.
    public static Constant parseInt(String lit) { throw new UnsupportedOperationException(); }
    public static Constant parseFloat(String lit) { throw new UnsupportedOperationException(); }
    public static Constant parseImaginary(String lit) { throw new UnsupportedOperationException(); }
    public static Constant parseRune(String lit) { throw new UnsupportedOperationException(); }
    public static Constant parseString(String lit) { throw new UnsupportedOperationException(); }

    // Values.
    public boolean boolValue() { throw new UnsupportedOperationException(); }
    public byte[] bytes() { throw new UnsupportedOperationException(); }
    /** The string decoded as UTF-8 (malformed bytes become U+FFFD). */
    public String text() { throw new UnsupportedOperationException(); }
    /** INT that fits in 64 signed bits. */
    public boolean isLong() { return false; }
    public long longValue() { throw new UnsupportedOperationException(); }
    public BigInteger bigValue() { throw new UnsupportedOperationException(); }
    /** Nearest double, ties to even; infinite when too large. INT and FLOAT. */
    public double doubleValue() { throw new UnsupportedOperationException(); }
    public float floatValue() { throw new UnsupportedOperationException(); }
    /** Real and imaginary part: of any numeric constant. */
    public Constant real() { return this; }
    public Constant imag() { return of(0); }
    /** -1, 0, 1 of INT and FLOAT; COMPLEX: 0 only for zero. */
    public int sign() { throw new UnsupportedOperationException(); }

    // To a kind; null when the value is not exactly in it (INT from 1.5, FLOAT from 1i).
    public Constant toInt() { throw new UnsupportedOperationException(); }
    public Constant toFloat() { throw new UnsupportedOperationException(); }
    public Constant toComplex() { throw new UnsupportedOperationException(); }

    /** ADD, SUB, NOT, XOR (complement). @param type for the complement of an unsigned type: limits the result's bits; may be null for untyped */
    public static Constant unary(Operator op, Constant x, Basic type) { throw new UnsupportedOperationException(); }
    /** Arithmetic and logic; operands are matched in kind. Division by zero is the caller's to exclude. @param integerDivision DIV truncates */
    public static Constant binary(Operator op, Constant x, Constant y, boolean integerDivision) { throw new UnsupportedOperationException(); }
    public static Constant shift(boolean left, Constant x, int count) { throw new UnsupportedOperationException(); }
    public static boolean compare(Operator op, Constant x, Constant y) { throw new UnsupportedOperationException(); }
    /** Number of bits of |x| (INT); for the 512-bit limit on untyped constants. */
    public int bitLength() { throw new UnsupportedOperationException(); }

    /** The value as one of basic type t has it (floats rounded), or null when it is not representable. */
    public static Constant represent(Constant x, Basic t) { throw new UnsupportedOperationException(); }
    /** Conversion T(x) of a constant to basic type t (integer to string included), or null when impossible. */
    public static Constant convert(Constant x, Basic from, Basic t) { throw new UnsupportedOperationException(); }

    /** As messages show it: short, strings quoted and cut. */
    @Override
    public abstract String toString();
    /** Exact and complete. */
    public abstract String exact();
}
