// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;
import mica.base.Fault;
import mica.syntax.Operator;

/** Operators over constants. */
final class ConstantOps {
    private ConstantOps() {}

    static Constant unary(Operator op, Constant x, Basic type) {
        switch (op) {
            case ADD:
                return x;
            case NOT:
                return Constant.of(!x.boolValue());
            case SUB:
                return negate(x);
            case XOR:
                return complement(x, type);
            default:
                throw unknown(op, x);
        }
    }

    private static Fault unknown(Operator op, Constant x) {
        return new Fault("constant", "no operation " + op + " on " + x.kind());
    }

    private static Constant negate(Constant x) {
        return switch (x.kind()) {
            case INT -> x.isLong() && x.longValue() != Long.MIN_VALUE ? Constant.of(-x.longValue()) : Constant.of(x.bigValue().negate());
            case FLOAT -> {
                FloatConstant f = (FloatConstant) x;
                yield f.isRatio() ? FloatConstant.ratio(f.num.negate(), f.den) : FloatConstant.make(f.asBig().negate());
            }
            case COMPLEX -> new ComplexConstant(negate(x.real()), negate(x.imag()));
            default -> throw unknown(Operator.SUB, x);
        };
    }

    private static Constant complement(Constant x, Basic type) {
        BigInteger v = x.bigValue().not();
        if (type != null && (type.info & Basic.UNSIGNED) != 0) {
            v = v.and(BigInteger.ONE.shiftLeft((int) Sizes.sizeof(type) * 8).subtract(BigInteger.ONE));
        }
        return Constant.of(v);
    }

    static Constant shift(boolean left, Constant x, int count) {
        if (x.sign() == 0 || count == 0) {
            return x;
        }
        if (!left) {
            return x.isLong() ? Constant.of(count > 63 ? x.longValue() >> 63 : x.longValue() >> count)
                    : Constant.of(x.bigValue().shiftRight(count));
        }
        if (x.isLong() && count < 62 && x.bitLength() + count < 63) {
            return Constant.of(x.longValue() << count);
        }
        return Constant.of(x.bigValue().shiftLeft(count));
    }

    static Constant binary(Operator op, Constant x, Constant y, boolean integerDivision) {
        if (x.kind() == Constant.Kind.STRING) {
            return concat(x, y);
        }
        if (x.kind() == Constant.Kind.BOOL) {
            return switch (op) {
                case ANDAND -> Constant.of(x.boolValue() && y.boolValue());
                case OROR -> Constant.of(x.boolValue() || y.boolValue());
                default -> throw unknown(op, x);
            };
        }
        int rank = Math.max(x.kind().ordinal(), y.kind().ordinal());
        if (rank == Constant.Kind.INT.ordinal()) {
            return op == Operator.DIV && !integerDivision ? FloatConstant.ratio(
                    y.sign() < 0 ? x.bigValue().negate() : x.bigValue(), y.bigValue().abs()) : integer(op, x, y);
        }
        if (rank == Constant.Kind.FLOAT.ordinal()) {
            return floating(op, (FloatConstant) x.toFloat(), (FloatConstant) y.toFloat());
        }
        return complex(op, x, y);
    }

    /** Longer constant strings are refused: gc takes up to 2 GB. */
    static final int MAX_STRING = 1 << 28;

    private static Constant concat(Constant x, Constant y) {
        byte[] a = x.bytes();
        byte[] b = y.bytes();
        if (a.length + (long) b.length > MAX_STRING) {
            return null;
        }
        byte[] c = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, c, a.length, b.length);
        return Constant.ofString(c);
    }

    private static Constant integer(Operator op, Constant x, Constant y) {
        if (x.isLong() && y.isLong()) {
            long a = x.longValue();
            long b = y.longValue();
            switch (op) {
                case ADD:
                    long s = a + b;
                    if (((a ^ s) & (b ^ s)) >= 0) {
                        return Constant.of(s);
                    }
                    break;
                case SUB:
                    long d = a - b;
                    if (((a ^ b) & (a ^ d)) >= 0) {
                        return Constant.of(d);
                    }
                    break;
                case MUL:
                    long hi = Math.multiplyHigh(a, b);
                    long lo = a * b;
                    if (hi == lo >> 63) {
                        return Constant.of(lo);
                    }
                    break;
                case DIV:
                    if (a != Long.MIN_VALUE || b != -1) {
                        return Constant.of(a / b);
                    }
                    break;
                case REM:
                    return b == -1 ? Constant.of(0) : Constant.of(a % b);
                case AND:
                    return Constant.of(a & b);
                case OR:
                    return Constant.of(a | b);
                case XOR:
                    return Constant.of(a ^ b);
                case AND_NOT:
                    return Constant.of(a & ~b);
                default:
                    throw unknown(op, x);
            }
        }
        return big(op, x.bigValue(), y.bigValue(), x);
    }

    private static Constant big(Operator op, BigInteger a, BigInteger b, Constant x) {
        return Constant.of(switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> a.divide(b);
            case REM -> a.remainder(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case AND_NOT -> a.andNot(b);
            default -> throw unknown(op, x);
        });
    }

    private static Constant floating(Operator op, FloatConstant x, FloatConstant y) {
        if (x.isRatio() && y.isRatio()) {
            return switch (op) {
                case ADD -> FloatConstant.ratio(x.num.multiply(y.den).add(y.num.multiply(x.den)), x.den.multiply(y.den));
                case SUB -> FloatConstant.ratio(x.num.multiply(y.den).subtract(y.num.multiply(x.den)), x.den.multiply(y.den));
                case MUL -> FloatConstant.ratio(x.num.multiply(y.num), x.den.multiply(y.den));
                case DIV -> {
                    BigInteger n = x.num.multiply(y.den);
                    yield FloatConstant.ratio(y.sign() < 0 ? n.negate() : n, x.den.multiply(y.num.abs()));
                }
                default -> throw unknown(op, x);
            };
        }
        BigFloat a = x.asBig();
        BigFloat b = y.asBig();
        return FloatConstant.make(switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.add(b.negate());
            case MUL -> a.multiply(b);
            case DIV -> a.divide(b);
            default -> throw unknown(op, x);
        });
    }

    private static Constant complex(Operator op, Constant x, Constant y) {
        Constant a = x.real();
        Constant b = x.imag();
        Constant c = y.real();
        Constant d = y.imag();
        switch (op) {
            case ADD, SUB:
                return make(arith(op, a, c), arith(op, b, d));
            case MUL:
                return make(arith(Operator.SUB, arith(Operator.MUL, a, c), arith(Operator.MUL, b, d)),
                        arith(Operator.ADD, arith(Operator.MUL, b, c), arith(Operator.MUL, a, d)));
            case DIV:
                Constant s = norm(y);
                if (s == null || s.sign() == 0) {
                    return null;
                }
                Constant re = arith(Operator.ADD, arith(Operator.MUL, a, c), arith(Operator.MUL, b, d));
                Constant im = arith(Operator.SUB, arith(Operator.MUL, b, c), arith(Operator.MUL, a, d));
                return make(arith(Operator.DIV, re, s), arith(Operator.DIV, im, s));
            default:
                throw unknown(op, x);
        }
    }

    /** The sum of the squares of both parts; null if it cannot be represented. */
    static Constant norm(Constant z) {
        Constant c = z.real();
        Constant d = z.imag();
        return arith(Operator.ADD, arith(Operator.MUL, c, c), arith(Operator.MUL, d, d));
    }

    private static Constant make(Constant re, Constant im) {
        return re == null || im == null ? null : new ComplexConstant(re, im);
    }

    private static Constant arith(Operator op, Constant x, Constant y) {
        return x == null || y == null ? null : binary(op, x, y, false);
    }

    static boolean compare(Operator op, Constant x, Constant y) {
        return switch (x.kind()) {
            case BOOL -> (op == Operator.EQL) == (x.boolValue() == y.boolValue());
            case STRING -> holds(op, java.util.Arrays.compareUnsigned(x.bytes(), y.bytes()));
            default -> numbers(op, x, y);
        };
    }

    private static boolean numbers(Operator op, Constant x, Constant y) {
        if (x.kind() == Constant.Kind.COMPLEX || y.kind() == Constant.Kind.COMPLEX) {
            boolean equal = numbers(Operator.EQL, x.real(), y.real()) && numbers(Operator.EQL, x.imag(), y.imag());
            return (op == Operator.EQL) == equal;
        }
        if (x.isLong() && y.isLong()) {
            return holds(op, Long.compare(x.longValue(), y.longValue()));
        }
        if (x.kind() == Constant.Kind.INT && y.kind() == Constant.Kind.INT) {
            return holds(op, x.bigValue().compareTo(y.bigValue()));
        }
        FloatConstant a = (FloatConstant) x.toFloat();
        FloatConstant b = (FloatConstant) y.toFloat();
        if (a.isRatio() && b.isRatio()) {
            return holds(op, a.num.multiply(b.den).compareTo(b.num.multiply(a.den)));
        }
        return holds(op, a.asBig().compare(b.asBig()));
    }

    private static boolean holds(Operator op, int c) {
        return switch (op) {
            case EQL -> c == 0;
            case NEQ -> c != 0;
            case LSS -> c < 0;
            case LEQ -> c <= 0;
            case GTR -> c > 0;
            case GEQ -> c >= 0;
            default -> throw new Fault("constant", "no comparison " + op);
        };
    }
}
