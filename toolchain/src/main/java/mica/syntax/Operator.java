// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** Unary, binary and assignment operators, with their spelling and binary precedence (0: not binary). */
public enum Operator {
    OROR("||", 1),
    ANDAND("&&", 2),
    EQL("==", 3),
    NEQ("!=", 3),
    LSS("<", 3),
    LEQ("<=", 3),
    GTR(">", 3),
    GEQ(">=", 3),
    ADD("+", 4),
    SUB("-", 4),
    OR("|", 4),
    XOR("^", 4),
    MUL("*", 5),
    DIV("/", 5),
    REM("%", 5),
    AND("&", 5),
    AND_NOT("&^", 5),
    SHL("<<", 5),
    SHR(">>", 5),
    /** Unary only. */
    NOT("!", 0),
    /** Unary only: receive. */
    RECV("<-", 0),
    /** Unary only: constraint element. */
    TILDE("~", 0);

    public final String text;
    public final int precedence;

    Operator(String text, int precedence) {
        this.text = text;
        this.precedence = precedence;
    }

    public boolean isComparison() {
        return precedence == 3;
    }

    public boolean isShift() {
        return this == SHL || this == SHR;
    }

    @Override
    public String toString() {
        return text;
    }
}
