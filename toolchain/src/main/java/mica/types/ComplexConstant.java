// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A complex number; its parts are INT or FLOAT. */
final class ComplexConstant extends Constant {
    private final Constant re;
    private final Constant im;

    ComplexConstant(Constant re, Constant im) {
        this.re = re;
        this.im = im;
    }

    @Override
    public Kind kind() {
        return Kind.COMPLEX;
    }

    @Override
    public Constant real() {
        return re;
    }

    @Override
    public Constant imag() {
        return im;
    }

    @Override
    public int sign() {
        return re.sign() | im.sign();
    }

    @Override
    public Constant toInt() {
        return im.sign() == 0 ? re.toInt() : null;
    }

    @Override
    public Constant toFloat() {
        return im.sign() == 0 ? re.toFloat() : null;
    }

    @Override
    public Constant toComplex() {
        return this;
    }

    @Override
    public String toString() {
        return "(" + re + " + " + im + "i)";
    }

    @Override
    public String exact() {
        return "(" + re.exact() + " + " + im.exact() + "i)";
    }
}
