// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.nio.charset.StandardCharsets;
import mica.base.SourceFile;

/** Splits one source file into tokens; comments vanish, line ends stay. */
final class AsmLexer {
    final SourceFile file;
    private final byte[] s;
    private int at;
    private final AsmErrors errors;
    /** Set once something other than comments was seen, for the check of //go:build comments. */
    private boolean sawCode;

    AsmLexer(SourceFile file, AsmErrors errors) {
        this.file = file;
        this.s = file.text;
        this.errors = errors;
    }

    Token next() {
        boolean spaced = skipSpace();
        if (at >= s.length) {
            return new Token(Token.EOF, "", file.pos(s.length), spaced);
        }
        int from = at;
        int c = s[at] & 0xff;
        if (c == '\n') {
            at++;
            return new Token(Token.NEWLINE, "\n", file.pos(from), spaced);
        }
        sawCode = true;
        if (isLetter(c)) {
            at = identEnd(at);
            return token(Token.IDENT, from, spaced);
        }
        if (c >= '0' && c <= '9' || c == '.' && at + 1 < s.length && s[at + 1] >= '0' && s[at + 1] <= '9') {
            return number(from, spaced);
        }
        if (c == '\'' || c == '"' || c == '`') {
            return quoted(from, c, spaced);
        }
        int d = at + 1 < s.length ? s[at + 1] : 0;
        int two = c == '<' && d == '<' ? Token.LSH : c == '>' && d == '>' ? Token.RSH
                : c == '-' && d == '>' ? Token.ARROW : c == '@' && d == '>' ? Token.ROTATE : 0;
        if (two != 0) {
            at += 2;
            return token(two, from, spaced);
        }
        at++;
        if (c >= 0x80) {
            while (at < s.length && (s[at] & 0xc0) == 0x80) {
                at++;
            }
            return token('?', from, spaced);
        }
        return token(c, from, spaced);
    }

    private Token token(int kind, int from, boolean spaced) {
        return new Token(kind, new String(s, from, at - from, StandardCharsets.UTF_8), file.pos(from), spaced);
    }

    private boolean skipSpace() {
        boolean any = false;
        while (at < s.length) {
            byte c = s[at];
            if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '/' && at + 1 < s.length && s[at + 1] == '/') {
                int from = at;
                while (at < s.length && s[at] != '\n') {
                    at++;
                }
                if (sawCode && isBuildComment(from)) {
                    errors.error(file.pos(from), "misplaced //go:build comment");
                }
            } else if (c == '/' && at + 1 < s.length && s[at + 1] == '*') {
                int from = at;
                at += 2;
                while (at + 1 < s.length && !(s[at] == '*' && s[at + 1] == '/')) {
                    at++;
                }
                if (at + 1 >= s.length) {
                    errors.error(file.pos(from), "comment not terminated");
                    at = s.length;
                } else {
                    at += 2;
                }
            } else {
                return any;
            }
            any = true;
        }
        return any;
    }

    private boolean isBuildComment(int from) {
        String mark = "//go:build";
        if (at - from < mark.length()) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (s[from + i] != mark.charAt(i)) {
                return false;
            }
        }
        return at - from == mark.length() || s[from + mark.length()] == ' ' || s[from + mark.length()] == '\t';
    }

    /** Identifiers may hold letters of any script, the middle dot (U+00B7) and the division slash (U+2215). */
    private boolean isLetter(int c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        }
        int cp = codePoint(at);
        return Character.isLetter(cp) || cp == 0xb7 || cp == 0x2215;
    }

    private int identEnd(int i) {
        while (i < s.length) {
            int c = s[i] & 0xff;
            if (c < 0x80) {
                if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= '0' && c <= '9')) {
                    return i;
                }
                i++;
            } else {
                int cp = codePoint(i);
                if (!Character.isLetterOrDigit(cp) && cp != 0xb7 && cp != 0x2215) {
                    return i;
                }
                i += cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
            }
        }
        return i;
    }

    private int codePoint(int i) {
        int c = s[i] & 0xff;
        int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        int cp = c & (0x3f >> more);
        for (int k = 1; k <= more; k++) {
            if (i + k >= s.length || (s[i + k] & 0xc0) != 0x80) {
                return 0xfffd;
            }
            cp = cp << 6 | s[i + k] & 0x3f;
        }
        return cp;
    }

    private Token number(int from, boolean spaced) {
        boolean isFloat = false;
        if (s[at] == '0' && at + 1 < s.length && (s[at + 1] | 0x20) == 'x') {
            at += 2;
            while (at < s.length
                    && (Character.digit(s[at], 16) >= 0 || s[at] == '_' || s[at] == '.' || (s[at] | 0x20) == 'p'
                    || (s[at] == '-' || s[at] == '+') && (s[at - 1] | 0x20) == 'p')) {
                isFloat |= s[at] == '.' || (s[at] | 0x20) == 'p';
                at++;
            }
        } else {
            boolean prefixed = s[at] == '0' && at + 1 < s.length
                    && ((s[at + 1] | 0x20) == 'b' || (s[at + 1] | 0x20) == 'o');
            if (prefixed) {
                at += 2;
            }
            while (at < s.length
                    && (s[at] >= '0' && s[at] <= '9' || s[at] == '_' || !prefixed
                            && (s[at] == '.' || (s[at] | 0x20) == 'e'
                    || (s[at] == '-' || s[at] == '+') && (s[at - 1] | 0x20) == 'e'))) {
                isFloat |= s[at] == '.' || (s[at] | 0x20) == 'e';
                at++;
            }
        }
        return token(isFloat ? Token.FLOAT : Token.INT, from, spaced);
    }

    private Token quoted(int from, int quote, boolean spaced) {
        at++;
        while (at < s.length && s[at] != quote && (s[at] != '\n' || quote == '`')) {
            if (s[at] == '\\' && quote != '`') {
                at++;
            }
            at++;
        }
        if (at >= s.length || s[at] != quote) {
            errors.error(file.pos(from), "literal not terminated");
            at = Math.min(at, s.length);
            return token('?', from, spaced);
        } else {
            at++;
        }
        return token(quote == '\'' ? Token.CHAR : Token.STRING, from, spaced);
    }
}
