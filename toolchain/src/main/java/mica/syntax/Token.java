// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** Tokens as the parser sees them; the text is how errors name them. */
enum Token {
    EOF("EOF"),
    NAME("name"),
    LITERAL("literal"),
    /** A binary or unary operator other than {@code *} and {@code <-}. */
    OPERATOR("op"),
    ASSIGN_OP("op="),
    INC_OP("opop"),
    ASSIGN("="),
    DEFINE(":="),
    ARROW("<-"),
    STAR("*"),
    LPAREN("("),
    LBRACK("["),
    LBRACE("{"),
    RPAREN(")"),
    RBRACK("]"),
    RBRACE("}"),
    COMMA("comma"),
    SEMI("semicolon or newline"),
    COLON(":"),
    DOT("."),
    DOT_DOT_DOT("..."),
    BREAK("break"),
    CASE("case"),
    CHAN("chan"),
    CONST("const"),
    CONTINUE("continue"),
    DEFAULT("default"),
    DEFER("defer"),
    ELSE("else"),
    FALLTHROUGH("fallthrough"),
    FOR("for"),
    FUNC("func"),
    GO("go"),
    GOTO("goto"),
    IF("if"),
    IMPORT("import"),
    INTERFACE("interface"),
    MAP("map"),
    PACKAGE("package"),
    RANGE("range"),
    RETURN("return"),
    SELECT("select"),
    STRUCT("struct"),
    SWITCH("switch"),
    TYPE("type"),
    VAR("var");

    final String text;

    Token(String text) {
        this.text = text;
    }

    boolean isKeyword() {
        return ordinal() >= BREAK.ordinal();
    }
}
