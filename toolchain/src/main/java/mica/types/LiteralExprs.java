// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** Literals of basic types, and function literals. */
final class LiteralExprs extends Part {
    LiteralExprs(Checker c) {
        super(c);
    }

    void basic(Operand x, Expr.BasicLit e) {
        if (e.bad) {
            return;
        }
        String t = e.text;
        Constant v;
        Basic type;
        switch (e.lit) {
            case INT -> {
                type = Universe.UNTYPED_INT;
                v = tooLong(e) ? null : Constant.parseInt(t);
            }
            case FLOAT -> {
                type = Universe.UNTYPED_FLOAT;
                v = tooLong(e) ? null : Constant.parseFloat(t);
            }
            case IMAG -> {
                type = Universe.UNTYPED_COMPLEX;
                v = tooLong(e) ? null : Constant.parseImaginary(t);
            }
            case RUNE -> {
                type = Universe.UNTYPED_RUNE;
                v = Constant.parseRune(t);
            }
            default -> {
                type = Universe.UNTYPED_STRING;
                v = Constant.parseString(t);
            }
        }
        if (v == null) {
            if (!tooLong(e)) {
                error(e, "malformed constant: " + t);
            }
            return;
        }
        versions(e);
        x.constant(type, v);
        if (v.kind() == Constant.Kind.INT && v.bitLength() > 512) {
            error(e, "constant overflow");
            x.invalid();
        }
    }

    private boolean tooLong(Expr.BasicLit e) {
        if (e.text.length() <= 10000) {
            return false;
        }
        error(e, "excessively long constant: " + e.text.substring(0, 10) + "... (" + e.text.length() + " chars)");
        return true;
    }

    /** Binary, octal with 0o, hexadecimal floating-point literals and underscores came with Go 1.13. */
    private void versions(Expr.BasicLit e) {
        if (c.allowVersion(13) || e.lit == Expr.Lit.STRING || e.lit == Expr.Lit.RUNE) {
            return;
        }
        String t = e.text;
        if (t.indexOf('_') >= 0) {
            c.needVersion(e.pos, 13, "underscore in numeric literal");
        } else if (t.length() > 1 && t.charAt(0) == '0') {
            char k = Character.toLowerCase(t.charAt(1));
            if (k == 'b') {
                c.needVersion(e.pos, 13, "binary literal");
            } else if (k == 'o') {
                c.needVersion(e.pos, 13, "0o/0O-style octal literal");
            } else if (k == 'x' && e.lit != Expr.Lit.INT) {
                c.needVersion(e.pos, 13, "hexadecimal floating-point literal");
            }
        }
    }

    void function(Operand x, Expr.FuncLit e) {
        Signature s = c.signatures.type(e.typeExpr);
        c.bodies.funcLit(e, s);
        x.set(Mode.VALUE, s);
    }
}
