// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.math.BigInteger;

/** Which constants the basic types can hold, and how they hold them. */
final class Representable {
    private Representable() {}

    static Constant represent(Constant x, Basic t) {
        if ((t.info & Basic.INTEGER) != 0) {
            Constant i = number(x) ? x.toInt() : null;
            return i != null && inRange(i, t) ? i : null;
        }
        if ((t.info & Basic.FLOAT) != 0) {
            Constant f = number(x) ? x.toFloat() : null;
            return f == null ? null : round(f, t.id);
        }
        if ((t.info & Basic.COMPLEX) != 0) {
            Constant c = number(x) ? x.toComplex() : null;
            if (c == null || t.id == Basic.Id.UNTYPED_COMPLEX) {
                return c;
            }
            Basic.Id part = t.id == Basic.Id.COMPLEX64 ? Basic.Id.FLOAT32 : Basic.Id.FLOAT64;
            Constant re = round(c.real().toFloat(), part);
            Constant im = round(c.imag().toFloat(), part);
            return re == null || im == null ? null : Constant.complex(re, im);
        }
        if ((t.info & Basic.STRING) != 0) {
            return x.kind() == Constant.Kind.STRING ? x : null;
        }
        return (t.info & Basic.BOOLEAN) != 0 && x.kind() == Constant.Kind.BOOL ? x : null;
    }

    private static boolean number(Constant x) {
        return x.kind() != Constant.Kind.STRING && x.kind() != Constant.Kind.BOOL;
    }

    private static boolean inRange(Constant i, Basic t) {
        if ((t.info & Basic.UNTYPED) != 0) {
            return true;
        }
        int bits = (int) Sizes.sizeof(t) * 8;
        if ((t.info & Basic.UNSIGNED) != 0) {
            return i.sign() >= 0 && i.bitLength() <= bits;
        }
        if (i.isLong()) {
            long v = i.longValue();
            return v << 64 - bits >> 64 - bits == v;
        }
        return false;
    }

    private static Constant round(Constant f, Basic.Id id) {
        switch (id) {
            case FLOAT32:
                float s = f.floatValue();
                return Float.isInfinite(s) ? null : Constant.of((double) s);
            case FLOAT64:
                double d = f.doubleValue();
                return Double.isInfinite(d) ? null : Constant.of(d);
            default:
                return f;
        }
    }

    static boolean overflows(Constant x, Basic t) {
        if (!number(x) || represent(x, t) != null || (t.info & Basic.NUMERIC) == 0) {
            return false;
        }
        return (t.info & Basic.INTEGER) != 0 ? x.toInt() != null : (t.info & Basic.COMPLEX) != 0 || x.toFloat() != null;
    }

    static Constant convert(Constant x, Basic from, Basic t) {
        if ((t.info & Basic.STRING) != 0 && x.kind() == Constant.Kind.INT && (from == null || (from.info & Basic.INTEGER) != 0)) {
            BigInteger v = x.bigValue();
            return Constant.ofRune(v.bitLength() > 31 ? -1 : v.longValue());
        }
        return represent(x, t);
    }
}
