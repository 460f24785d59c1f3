// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import mica.base.Fault;
import mica.syntax.ConstSlot;
import mica.syntax.Operator;

/**
 * The exact value of a constant expression. Immutable. Integers are exact without limit (the checker refuses more than 512
 * bits); other numbers are exact fractions while those stay small and 512-bit binary floats beyond.
 */
public abstract class Constant implements ConstSlot {
    public enum Kind {
        BOOL, STRING, INT, FLOAT, COMPLEX
    }

    private static final Constant TRUE = new Bool(true);
    private static final Constant FALSE = new Bool(false);

    Constant() {}

    public abstract Kind kind();

    /** As messages show it: short, strings quoted and cut. */
    @Override
    public abstract String toString();

    /** Exact and complete. */
    public abstract String exact();

    public static Constant of(boolean b) {
        return b ? TRUE : FALSE;
    }

    public static Constant of(long v) {
        return IntConstant.make(v);
    }

    public static Constant of(BigInteger v) {
        return IntConstant.make(v);
    }

    /** Exactly v, which is finite. */
    public static Constant of(double v) {
        return FloatConstant.make(v);
    }

    /** The array is not copied and must not change. */
    public static Constant ofString(byte[] bytes) {
        return new Str(bytes);
    }

    public static Constant ofText(String s) {
        return new Str(s.getBytes(StandardCharsets.UTF_8));
    }

    /** The string of one code point; U+FFFD if it is none. */
    public static Constant ofRune(long r) {
        int c = r < 0 || r > 0x10ffff || r >= 0xd800 && r < 0xe000 ? 0xfffd : (int) r;
        return ofText(Character.toString(c));
    }

    public static Constant complex(Constant re, Constant im) {
        return new ComplexConstant(re, im);
    }

    // Literals as written; null when malformed or out of the supported range.

    public static Constant parseInt(String lit) {
        return Literals.integer(lit);
    }

    public static Constant parseFloat(String lit) {
        return Literals.floating(lit);
    }

    public static Constant parseImaginary(String lit) {
        return Literals.imaginary(lit);
    }

    public static Constant parseRune(String lit) {
        return Literals.rune(lit);
    }

    public static Constant parseString(String lit) {
        return Literals.string(lit);
    }

    // Values; asking the wrong kind is a fault.

    public boolean boolValue() {
        throw wrong("bool");
    }

    /** The string's bytes; not to be changed. */
    public byte[] bytes() {
        throw wrong("string");
    }

    /** The string decoded as UTF-8 (malformed bytes become U+FFFD). */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** INT that fits in 64 signed bits. */
    public boolean isLong() {
        return false;
    }

    public long longValue() {
        throw wrong("int64");
    }

    /** Low 64 bits of an INT, as uint64 and int64 have them. */
    public long lowBits() {
        return bigValue().longValue();
    }

    public BigInteger bigValue() {
        throw wrong("int");
    }

    /** Nearest double, ties to even; infinite when too large. INT and FLOAT. */
    public double doubleValue() {
        throw wrong("float");
    }

    /** Nearest float, rounded once. */
    public float floatValue() {
        throw wrong("float");
    }

    /** Real and imaginary part of any number. */
    public Constant real() {
        return this;
    }

    public Constant imag() {
        return of(0);
    }

    /** -1, 0, 1 of INT and FLOAT; COMPLEX: 0 only for zero. */
    public int sign() {
        throw wrong("number");
    }

    /** Number of bits of |x| (INT). */
    public int bitLength() {
        return bigValue().abs().bitLength();
    }

    // To a kind; null when the value is not exactly in it (INT from 1.5, FLOAT from 1i).

    public Constant toInt() {
        return null;
    }

    public Constant toFloat() {
        return null;
    }

    public Constant toComplex() {
        return null;
    }

    /** ADD, SUB, NOT, XOR (complement). @param type for the complement of an unsigned type: limits the result's bits; may be null */
    public static Constant unary(Operator op, Constant x, Basic type) {
        return ConstantOps.unary(op, x, type);
    }

    /**
     * Arithmetic and logic; operands are matched in kind. Division by zero is the caller's to exclude.
     *
     * @param integerDivision DIV truncates
     * @return null when the exponent of a float leaves the supported range
     */
    public static Constant binary(Operator op, Constant x, Constant y, boolean integerDivision) {
        return ConstantOps.binary(op, x, y, integerDivision);
    }

    /** Shifts an INT; right shifts round towards negative infinity. */
    public static Constant shift(boolean left, Constant x, int count) {
        return ConstantOps.shift(left, x, count);
    }

    public static boolean compare(Operator op, Constant x, Constant y) {
        return ConstantOps.compare(op, x, y);
    }

    /** The value as one of basic type t has it (floats rounded), or null when it is not representable. */
    public static Constant represent(Constant x, Basic t) {
        return Representable.represent(x, t);
    }

    /** Whether x fails to be representable only because it is too large or too small for t (not for its fraction or kind). */
    public static boolean overflows(Constant x, Basic t) {
        return Representable.overflows(x, t);
    }

    /** Conversion T(x) of a constant to basic type t (integer to string included), or null when impossible. */
    public static Constant convert(Constant x, Basic from, Basic t) {
        return Representable.convert(x, from, t);
    }

    private Fault wrong(String want) {
        return new Fault("constant", "asked " + kind() + " " + exact() + " for its " + want);
    }

    /** Same kind and value; 1 and 1.0 differ. */
    @Override
    public boolean equals(Object o) {
        return o == this || o instanceof Constant c && c.kind() == kind() && ConstantOps.compare(Operator.EQL, this, c);
    }

    @Override
    public int hashCode() {
        return kind() == Kind.STRING ? java.util.Arrays.hashCode(bytes()) : exact().hashCode();
    }

    private static final class Bool extends Constant {
        private final boolean value;

        Bool(boolean value) {
            this.value = value;
        }

        @Override
        public Kind kind() {
            return Kind.BOOL;
        }

        @Override
        public boolean boolValue() {
            return value;
        }

        @Override
        public String toString() {
            return value ? "true" : "false";
        }

        @Override
        public String exact() {
            return toString();
        }
    }

    private static final class Str extends Constant {
        /** Longest text in a message, quotes included. */
        private static final int MAX_SHOWN = 72;
        private final byte[] value;

        Str(byte[] value) {
            this.value = value;
        }

        @Override
        public Kind kind() {
            return Kind.STRING;
        }

        @Override
        public byte[] bytes() {
            return value;
        }

        @Override
        public String toString() {
            String s = exact();
            if (s.codePointCount(0, s.length()) > MAX_SHOWN) {
                s = s.substring(0, s.offsetByCodePoints(0, MAX_SHOWN - 3)) + "...";
            }
            return s;
        }

        @Override
        public String exact() {
            return Literals.quote(value);
        }
    }
}
