// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** A lexical element of assembly source. Its kind is a character for punctuation, or one of the constants. */
final class Token {
    static final int EOF = -1;
    static final int IDENT = -2;
    static final int INT = -3;
    static final int FLOAT = -4;
    static final int CHAR = -5;
    static final int STRING = -6;
    /** {@code <<}, {@code >>}, {@code ->}, {@code @>}. */
    static final int LSH = -7;
    static final int RSH = -8;
    static final int ARROW = -9;
    static final int ROTATE = -10;
    static final int NEWLINE = '\n';

    final int kind;
    final String text;
    /** Where it stands; for what a macro made, where the macro was used. */
    final int pos;
    /** Whether white space stands in front of it. */
    final boolean spaced;

    Token(int kind, String text, int pos, boolean spaced) {
        this.kind = kind;
        this.text = text;
        this.pos = pos;
        this.spaced = spaced;
    }

    Token at(int pos) {
        return new Token(kind, text, pos, spaced);
    }

    boolean endsStatement() {
        return kind == NEWLINE || kind == ';' || kind == EOF;
    }

    @Override
    public String toString() {
        switch (kind) {
            case EOF:
                return "EOF";
            case NEWLINE:
                return "\n";
            default:
                return text;
        }
    }
}
