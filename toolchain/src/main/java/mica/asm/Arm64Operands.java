// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.arch.arm64.Arm64Printer;
import mica.arch.arm64.Arm64Registers;

/**
 * Reads operands that only arm64 has as shapes with parameters, as {@code arm64.tbl} writes them: everything but constants,
 * symbols and labels, which the general parser reads.
 */
final class Arm64Operands {
    private static final int MAX_PARAMS = 8;

    private OperandParser p;
    private final StringBuilder shape = new StringBuilder();
    private final long[] params = new long[MAX_PARAMS];
    private int count;

    /** The operand, or null if it is for the general parser, which then begins at the same token. */
    AsmOperand parse(OperandParser parser) {
        p = parser;
        shape.setLength(0);
        count = 0;
        int mark = p.mark();
        if (!leading() || !rest()) {
            p.back(mark);
            return null;
        }
        AsmOperand o = new AsmOperand();
        o.kind = AsmOperand.Kind.SPECIAL;
        o.name = shape.toString();
        if (Arm64Printer.parameters(o.name) != count) {
            throw p.fail("illegal operand");
        }
        o.params = java.util.Arrays.copyOf(params, count);
        return o;
    }

    private void param(long v) {
        if (count == MAX_PARAMS) {
            throw p.fail("operand with too many parts");
        }
        params[count++] = v;
    }

    private static boolean isRegister(Token t) {
        return t.kind == Token.IDENT && Arm64Registers.parse(t.text) >= 0;
    }

    /** What stands in front of parentheses; false if the operand is for the general parser. */
    private boolean leading() {
        Token t = p.peek();
        if (t.kind == '$') {
            p.next();
            shape.append('$');
            t = p.peek();
            if (t.kind == '(' && isRegister(p.peek(1))) {
                shape.append('#');
                param(0);
                return true;
            }
        }
        if (t.kind == Token.IDENT) {
            return shape.length() == 0 && (isRegister(t) || Arm64Registers.condition(t.text) >= 0);
        }
        if (t.kind == '[') {
            return shape.length() == 0;
        }
        if (t.kind == '(' && (isRegister(p.peek(1)) || isLength(p.peek(1)) || p.peek(1).kind == '-' && isLength(p.peek(2)))) {
            return shape.length() == 0;
        }
        return number(t);
    }

    /** VL, the length of vectors in bytes. */
    private static boolean isLength(Token t) {
        return t.kind == Token.IDENT && t.text.equals("VL");
    }

    private boolean number(Token t) {
        switch (t.kind) {
            case Token.INT, Token.CHAR, '-', '+', '~', '(' -> {
            }
            default -> {
                return false;
            }
        }
        for (int i = 0; p.peek(i).kind != Token.EOF; i++) {
            if (p.peek(i).kind == Token.FLOAT) {
                return false;
            }
        }
        param(p.expr());
        shape.append('#');
        return p.peek().kind == '(' && isRegister(p.peek(1));
    }

    private boolean rest() {
        boolean list = p.peek().kind == '[';
        int inList = 0;
        while (p.more()) {
            Token t = p.next();
            char last = shape.length() == 0 ? 0 : shape.charAt(shape.length() - 1);
            if (t.kind == Token.IDENT && last == '.') {
                shape.append(t.text);
            } else if (isLength(t) && (last == '(' || last == '-') && p.peek().kind == '*') {
                length(last == '-');
            } else if (isRegister(t)) {
                if (list) {
                    listed(t, inList++, last);
                } else {
                    register(t);
                }
            } else if (t.kind == Token.IDENT) {
                if (Arm64Registers.condition(t.text) < 0 || last != 0) {
                    return false;
                }
                shape.append('c');
                param(Arm64Registers.condition(t.text));
            } else if (t.kind == Token.INT || t.kind == '(' && (last == '<' || last == '>')) {
                p.back(p.mark() - 1);
                amount(last);
            } else if (t.kind != '$') {
                list &= t.kind != ']';
                shape.append(t.text);
            } else {
                return false;
            }
        }
        return true;
    }

    private void register(Token t) {
        int r = Arm64Registers.parse(t.text);
        shape.append(Arm64Registers.letter(r));
        param(Arm64Registers.number(r));
    }

    /** A register of a list: its number follows the one before, and is no parameter. */
    private void listed(Token t, int index, char last) {
        int r = Arm64Registers.parse(t.text);
        char letter = Arm64Registers.letter(r);
        if (index == 0) {
            register(t);
            return;
        }
        int limit = letter == 'p' || letter == 'n' ? 16 : 32;
        int number = Arm64Registers.number(r);
        if (last == '-') {
            int distance = number - (int) params[0] & limit - 1;
            shape.append(letter).append('+').append(distance);
        } else if (number != (params[0] + index) % limit || shape.charAt(1) != letter) {
            throw p.fail("incontiguous register in ARM64 register list: " + t.text);
        } else {
            shape.append(letter);
        }
    }

    private void length(boolean negative) {
        if (negative) {
            shape.setLength(shape.length() - 1);
        }
        shape.append("VL*#");
        p.next();
        long v = p.factor();
        param(negative ? -v : v);
    }

    /** A shift's amount, or an index. */
    private void amount(char last) {
        long v = p.factor();
        if ((last == '<' || last == '>') && (v < 0 || v > 63)) {
            throw p.fail("register shift count too large: " + v);
        }
        shape.append('#');
        param(v);
    }
}
