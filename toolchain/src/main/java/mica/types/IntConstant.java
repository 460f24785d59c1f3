// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;

/** An integer: a long where it fits (big is null then), else a BigInteger. */
final class IntConstant extends Constant {
    private static final int SMALL_MIN = -16;
    private static final int SMALL_MAX = 256;
    private static final IntConstant[] SMALL = small();

    private final long value;
    private final BigInteger big;

    private IntConstant(long value, BigInteger big) {
        this.value = value;
        this.big = big;
    }

    private static IntConstant[] small() {
        IntConstant[] list = new IntConstant[SMALL_MAX - SMALL_MIN + 1];
        for (int i = 0; i < list.length; i++) {
            list[i] = new IntConstant(i + SMALL_MIN, null);
        }
        return list;
    }

    static IntConstant make(long v) {
        return v >= SMALL_MIN && v <= SMALL_MAX ? SMALL[(int) v - SMALL_MIN] : new IntConstant(v, null);
    }

    static IntConstant make(BigInteger v) {
        return v.bitLength() <= 63 ? make(v.longValue()) : new IntConstant(0, v);
    }

    @Override
    public Kind kind() {
        return Kind.INT;
    }

    @Override
    public boolean isLong() {
        return big == null;
    }

    @Override
    public long longValue() {
        return big == null ? value : big.longValueExact();
    }

    @Override
    public long lowBits() {
        return big == null ? value : big.longValue();
    }

    @Override
    public BigInteger bigValue() {
        return big == null ? BigInteger.valueOf(value) : big;
    }

    @Override
    public int bitLength() {
        return big == null ? 64 - Long.numberOfLeadingZeros(value < 0 ? -value : value) : big.abs().bitLength();
    }

    @Override
    public double doubleValue() {
        return big == null ? (double) value : big.doubleValue();
    }

    @Override
    public float floatValue() {
        return big == null ? (float) value : big.floatValue();
    }

    @Override
    public int sign() {
        return big == null ? Long.signum(value) : big.signum();
    }

    @Override
    public Constant toInt() {
        return this;
    }

    @Override
    public Constant toFloat() {
        return FloatConstant.make(bigValue());
    }

    @Override
    public Constant toComplex() {
        return new ComplexConstant(this, of(0));
    }

    @Override
    public String toString() {
        return big == null ? Long.toString(value) : big.toString();
    }

    @Override
    public String exact() {
        return toString();
    }
}
