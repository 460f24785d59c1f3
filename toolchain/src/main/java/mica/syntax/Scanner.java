// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;

/**
 * Bytes to tokens. {@link #next} leaves the token in {@link #tok} and what belongs to it in the fields below; it
 * inserts semicolons, collects directives, and records {@code //line} comments in the source file. All offsets are
 * bytes from the start of the text.
 */
abstract class Scanner {
    final SourceFile source;
    final Diagnostics diags;
    final Names names;
    final byte[] text;
    private final int end;
    /** Offset of the byte to look at next. */
    private int at;

    Token tok;
    /** Offset of the token. */
    int off;
    /** Spelling of a NAME or LITERAL; for SEMI "semicolon", "newline" or "EOF". */
    String lit;
    Expr.Lit litKind;
    boolean litBad;
    /** For OPERATOR, STAR, ASSIGN_OP and INC_OP. */
    Operator op;
    /** Binary precedence of OPERATOR and STAR; 0 if none. */
    int prec;
    /** Whether a line end here becomes a semicolon. */
    private boolean nlsemi;
    /** How many errors were found so far. */
    int errors;
    /** Whether an error of the grammar was reported. */
    boolean syntaxFailed;
    private int lastErrorLine;

    /** All directives of the file, and those not yet attached to a declaration. */
    final List<Directive> directives = new ArrayList<>(0);

    private int pendingFrom;

    private static final byte OTHER = 0;
    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 'a'; c <= 'z'; c++) {
            CLASS[c] = LETTER;
            CLASS[c - 32] = LETTER;
        }
        CLASS['_'] = LETTER;
        for (int c = '0'; c <= '9'; c++) {
            CLASS[c] = DIGIT;
        }
    }

    Scanner(SourceFile source, Diagnostics diags, Names names) {
        this.source = source;
        this.diags = diags;
        this.names = names;
        this.text = source.text;
        this.end = text.length;
        // A byte order mark is allowed at the very beginning.
        if (end >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb && (text[2] & 0xff) == 0xbf) {
            at = 3;
        }
    }

    /** Position of the current token. */
    final int pos() {
        return source.base + off;
    }

    /** Reports an error that gc prints without the words "syntax error"; type checking goes on after it. */
    final void errorAt(int offset, String message) {
        errors++;
        diags.error(source.base + offset, message);
    }

    /** Reports a syntax error; a second one on a line counts as a consequence of the first. */
    final void plainSyntaxError(int pos, String message) {
        errors++;
        syntaxFailed = true;
        int line = source.physicalLine(pos);
        diags.syntaxError(pos, message, line == lastErrorLine);
        lastErrorLine = line;
    }

    /** Directives since the last call. */
    final Directive[] takeDirectives() {
        int n = directives.size();
        if (pendingFrom == n) {
            return Directive.NONE;
        }
        Directive[] r = directives.subList(pendingFrom, n).toArray(Directive.NONE);
        pendingFrom = n;
        return r;
    }

    final void next() {
        boolean semi = nlsemi;
        nlsemi = false;
        byte[] b = text;
        int i = at;
        for (; ; ) {
            while (i < end && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n' && !semi)) {
                i++;
            }
            off = i;
            if (i >= end) {
                at = i;
                if (semi) {
                    lit = "EOF";
                    tok = Token.SEMI;
                } else {
                    tok = Token.EOF;
                }
                return;
            }
            int c = b[i];
            if (c == '/' && i + 1 < end && (b[i + 1] == '/' || b[i + 1] == '*')) {
                if (b[i + 1] == '/') {
                    i = lineComment(i);
                } else {
                    at = i;
                    int after = fullComment(i);
                    boolean newline = semi && hasNewline(i, after);
                    i = after;
                    if (newline) {
                        at = i;
                        lit = "newline";
                        tok = Token.SEMI;
                        return;
                    }
                }
                continue;
            }
            if (c == '\n') {
                at = i + 1;
                lit = "newline";
                tok = Token.SEMI;
                return;
            }
            if (c < 0 || CLASS[c] == LETTER) {
                if (c >= 0 || startsIdentifier(i)) {
                    identifier(i);
                    return;
                }
                i = at;
                continue;
            }
            if (CLASS[c] == DIGIT) {
                number(i);
                return;
            }
            at = i + 1;
            if (punctuation(c, i)) {
                return;
            }
            i = at;
        }
    }

    private boolean hasNewline(int from, int to) {
        for (int k = from; k < to; k++) {
            if (text[k] == '\n') {
                return true;
            }
        }
        return false;
    }

    // ---- identifiers

    private void identifier(int from) {
        byte[] b = text;
        int i = from;
        int h = 0;
        while (i < end) {
            int c = b[i];
            if (c >= 0) {
                if (CLASS[c] == OTHER) {
                    break;
                }
                h = h * 31 + c;
                i++;
            } else {
                int n = runeLength(i);
                int r = n > 0 ? rune(i, n) : -1;
                if (n == 0 || !Character.isLetter(r) && Character.getType(r) != Character.DECIMAL_DIGIT_NUMBER) {
                    if (n == 0) {
                        errorAt(i, "invalid UTF-8 encoding");
                        n = 1;
                    } else if (r == 0xfeff) {
                        errorAt(i, "invalid BOM in the middle of the file");
                    } else {
                        errorAt(i, "invalid character " + describe(r) + " in identifier");
                    }
                }
                for (int k = 0; k < n; k++) {
                    h = h * 31 + b[i + k];
                }
                i += n;
            }
        }
        at = i;
        lit = names.lookup(b, from, i, h);
        Token t = names.token;
        tok = t;
        switch (t) {
            case NAME, BREAK, CONTINUE, FALLTHROUGH, RETURN -> nlsemi = true;
            default -> {}
        }
    }

    /** Whether a non-ASCII letter stands at {@code i}; if not, reports it and moves behind it. */
    private boolean startsIdentifier(int i) {
        int n = runeLength(i);
        if (n == 0) {
            errorAt(i, "invalid UTF-8 encoding");
            at = i + 1;
            return false;
        }
        int r = rune(i, n);
        if (Character.isLetter(r)) {
            return true;
        }
        if (r == 0xfeff) {
            errorAt(i, "invalid BOM in the middle of the file");
        } else if (Character.getType(r) == Character.DECIMAL_DIGIT_NUMBER) {
            errorAt(i, "identifier cannot begin with digit " + describe(r));
            return true;
        } else {
            errorAt(i, "invalid character " + describe(r));
        }
        at = i + n;
        return false;
    }

    /** Length of the valid UTF-8 sequence at {@code i}, or 0. */
    private int runeLength(int i) {
        int c = text[i] & 0xff;
        if (c < 0x80) {
            return 1;
        }
        int n = c >= 0xf0 && c <= 0xf4 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
        if (n == 0 || i + n > end) {
            return 0;
        }
        for (int k = 1; k < n; k++) {
            if ((text[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int r = rune(i, n);
        boolean ok = n == 2 || n == 3 && r >= 0x800 && (r < 0xd800 || r > 0xdfff) || n == 4 && r >= 0x10000 && r <= 0x10ffff;
        return ok ? n : 0;
    }

    private int rune(int i, int n) {
        byte[] b = text;
        return switch (n) {
            case 1 -> b[i];
            case 2 -> (b[i] & 0x1f) << 6 | b[i + 1] & 0x3f;
            case 3 -> (b[i] & 0x0f) << 12 | (b[i + 1] & 0x3f) << 6 | b[i + 2] & 0x3f;
            default -> (b[i] & 0x07) << 18 | (b[i + 1] & 0x3f) << 12 | (b[i + 2] & 0x3f) << 6 | b[i + 3] & 0x3f;
        };
    }

    /** As Go's verb %#U. */
    static String describe(int r) {
        StringBuilder s = new StringBuilder("U+");
        String hex = Integer.toHexString(r).toUpperCase();
        s.append("0".repeat(Math.max(0, 4 - hex.length()))).append(hex);
        int type = Character.getType(r);
        boolean printable = r == ' '
                || type != Character.CONTROL
                        && type != Character.FORMAT
                        && type != Character.SURROGATE
                        && type != Character.PRIVATE_USE
                        && type != Character.UNASSIGNED
                        && type != Character.LINE_SEPARATOR
                        && type != Character.PARAGRAPH_SEPARATOR
                        && type != Character.SPACE_SEPARATOR;
        if (printable) {
            s.append(" '").appendCodePoint(r).append('\'');
        }
        return s.toString();
    }

    // ---- operators and punctuation

    private int peek() {
        return at < end ? text[at] : 0;
    }

    /** Sets the token that begins with {@code c} ({@link #at} is behind it); false if there is none. */
    private boolean punctuation(int c, int from) {
        switch (c) {
            case '(' -> tok = Token.LPAREN;
            case '[' -> tok = Token.LBRACK;
            case '{' -> tok = Token.LBRACE;
            case ',' -> tok = Token.COMMA;
            case ';' -> {
                tok = Token.SEMI;
                lit = "semicolon";
            }
            case ')' -> close(Token.RPAREN);
            case ']' -> close(Token.RBRACK);
            case '}' -> close(Token.RBRACE);
            case '"' -> stringLit(from);
            case '`' -> rawString(from);
            case '\'' -> runeLit(from);
            case ':' -> {
                if (peek() == '=') {
                    at++;
                    tok = Token.DEFINE;
                } else {
                    tok = Token.COLON;
                }
            }
            case '.' -> dot(from);
            default -> {
                return operator(c, from);
            }
        }
        return true;
    }

    private void close(Token t) {
        tok = t;
        nlsemi = true;
    }

    private void dot(int from) {
        int c = peek();
        if (c >= '0' && c <= '9') {
            number(from);
        } else if (c == '.' && at + 1 < end && text[at + 1] == '.') {
            at += 2;
            tok = Token.DOT_DOT_DOT;
        } else {
            tok = Token.DOT;
        }
    }

    private boolean operator(int c, int from) {
        switch (c) {
            case '+' -> plusMinus(Operator.ADD, '+');
            case '-' -> plusMinus(Operator.SUB, '-');
            case '*' -> {
                op = Operator.MUL;
                prec = 5;
                if (peek() == '=') {
                    at++;
                    tok = Token.ASSIGN_OP;
                } else {
                    tok = Token.STAR;
                }
            }
            case '/' -> opOrAssign(Operator.DIV);
            case '%' -> opOrAssign(Operator.REM);
            case '^' -> opOrAssign(Operator.XOR);
            case '~' -> plain(Operator.TILDE);
            case '&' -> {
                if (peek() == '&') {
                    at++;
                    plain(Operator.ANDAND);
                } else if (peek() == '^') {
                    at++;
                    opOrAssign(Operator.AND_NOT);
                } else {
                    opOrAssign(Operator.AND);
                }
            }
            case '|' -> {
                if (peek() == '|') {
                    at++;
                    plain(Operator.OROR);
                } else {
                    opOrAssign(Operator.OR);
                }
            }
            case '<' -> {
                if (peek() == '<') {
                    at++;
                    opOrAssign(Operator.SHL);
                } else if (peek() == '-') {
                    at++;
                    tok = Token.ARROW;
                } else {
                    orEqual(Operator.LSS, Operator.LEQ);
                }
            }
            case '>' -> {
                if (peek() == '>') {
                    at++;
                    opOrAssign(Operator.SHR);
                } else {
                    orEqual(Operator.GTR, Operator.GEQ);
                }
            }
            case '=' -> {
                if (peek() == '=') {
                    at++;
                    plain(Operator.EQL);
                } else {
                    tok = Token.ASSIGN;
                }
            }
            case '!' -> orEqual(Operator.NOT, Operator.NEQ);
            default -> {
                errorAt(from, c == 0 ? "invalid NUL character" : "invalid character " + describe(c));
                return false;
            }
        }
        return true;
    }

    private void plain(Operator o) {
        op = o;
        prec = o.precedence;
        tok = Token.OPERATOR;
    }

    private void orEqual(Operator alone, Operator withEqual) {
        if (peek() == '=') {
            at++;
            plain(withEqual);
        } else {
            plain(alone);
        }
    }

    private void opOrAssign(Operator o) {
        op = o;
        prec = o.precedence;
        if (peek() == '=') {
            at++;
            tok = Token.ASSIGN_OP;
        } else {
            tok = Token.OPERATOR;
        }
    }

    private void plusMinus(Operator o, char c) {
        if (peek() == c) {
            at++;
            op = o;
            prec = 0;
            nlsemi = true;
            tok = Token.INC_OP;
        } else {
            opOrAssign(o);
        }
    }

    // ---- literals

    private void literal(Expr.Lit kind, int from, boolean ok) {
        nlsemi = true;
        tok = Token.LITERAL;
        litKind = kind;
        litBad = !ok;
        lit = new String(text, from, at - from, StandardCharsets.UTF_8);
    }

    private static boolean isDecimal(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(int c) {
        return isDecimal(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    /** Digits (bits of {@code seen}: 1 a digit, 2 an underscore) and the first digit that is too large. */
    private int digits;

    private int invalidDigit;

    private void digits(int base) {
        if (base <= 10) {
            for (int c = peek(); isDecimal(c) || c == '_'; c = peek()) {
                if (c == '_') {
                    digits |= 2;
                } else {
                    digits |= 1;
                    if (c >= '0' + base && invalidDigit < 0) {
                        invalidDigit = at;
                    }
                }
                at++;
            }
        } else {
            for (int c = peek(); isHex(c) || c == '_'; c = peek()) {
                digits |= c == '_' ? 2 : 1;
                at++;
            }
        }
    }

    private void number(int from) {
        at = from;
        digits = 0;
        invalidDigit = -1;
        Expr.Lit kind = Expr.Lit.INT;
        boolean ok = true;
        int base = 10;
        char prefix = 0;
        if (peek() != '.') {
            if (peek() == '0') {
                at++;
                switch (peek() | 0x20) {
                    case 'x' -> {
                        at++;
                        base = 16;
                        prefix = 'x';
                    }
                    case 'o' -> {
                        at++;
                        base = 8;
                        prefix = 'o';
                    }
                    case 'b' -> {
                        at++;
                        base = 2;
                        prefix = 'b';
                    }
                    default -> {
                        base = 8;
                        prefix = '0';
                        digits = 1;
                    }
                }
            }
            // 08.5 and 09i are decimal: an octal literal's digits are judged later.
            int before = invalidDigit;
            digits(prefix == '0' ? 10 : base);
            if (prefix == '0') {
                invalidDigit = before;
                for (int k = from; k < at; k++) {
                    if (text[k] == '8' || text[k] == '9') {
                        invalidDigit = k;
                        break;
                    }
                }
            }
        }
        if (peek() == '.') {
            kind = Expr.Lit.FLOAT;
            if (prefix == 'o' || prefix == 'b') {
                errorAt(at, "invalid radix point in " + baseName(base) + " literal");
                ok = false;
            }
            at++;
            digits(base);
            if (prefix == '0') {
                invalidDigit = -1;
            }
        }
        if ((digits & 1) == 0 && ok) {
            errorAt(at, baseName(base) + " literal has no digits");
            ok = false;
        }
        int e = peek() | 0x20;
        if (e == 'e' || e == 'p') {
            if (ok && (e == 'e' ? prefix != 0 && prefix != '0' : prefix != 'x')) {
                errorAt(at, "'" + (char) peek() + "' exponent requires " + (e == 'e' ? "decimal" : "hexadecimal") + " mantissa");
                ok = false;
            }
            at++;
            kind = Expr.Lit.FLOAT;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            int mantissa = digits;
            int bad = invalidDigit;
            digits = 0;
            digits(10);
            invalidDigit = prefix == '0' ? -1 : bad;
            if ((digits & 1) == 0 && ok) {
                errorAt(at, "exponent has no digits");
                ok = false;
            }
            digits |= mantissa;
        } else if (prefix == 'x' && kind == Expr.Lit.FLOAT && ok) {
            errorAt(at, "hexadecimal mantissa requires a 'p' exponent");
            ok = false;
        }
        if (peek() == 'i') {
            kind = Expr.Lit.IMAG;
            at++;
        }
        if (kind == Expr.Lit.INT && invalidDigit >= 0 && ok) {
            errorAt(invalidDigit, "invalid digit '" + (char) text[invalidDigit] + "' in " + baseName(base) + " literal");
            ok = false;
        }
        if ((digits & 2) != 0 && ok) {
            int bad = misplacedUnderscore(from, at);
            if (bad >= 0) {
                errorAt(bad, "'_' must separate successive digits");
                ok = false;
            }
        }
        literal(kind, from, ok);
    }

    private static String baseName(int base) {
        return switch (base) {
            case 2 -> "binary";
            case 8 -> "octal";
            case 10 -> "decimal";
            default -> "hexadecimal";
        };
    }

    /** Offset of the first underscore that isn't between digits (or a base prefix and a digit), or -1. */
    private int misplacedUnderscore(int from, int to) {
        boolean hex = to - from > 1 && text[from] == '0' && (text[from + 1] | 0x20) == 'x';
        int i = from;
        // What precedes: 'd' a digit or prefix, '_' an underscore, '.' anything else.
        char before = '.';
        if (to - from > 1 && text[from] == '0') {
            int p = text[from + 1] | 0x20;
            if (p == 'x' || p == 'o' || p == 'b') {
                i += 2;
                before = 'd';
            }
        }
        for (; i < to; i++) {
            int c = text[i];
            if (c == '_') {
                if (before != 'd') {
                    return i;
                }
                before = '_';
            } else if (isDecimal(c) || hex && isHex(c)) {
                before = 'd';
            } else {
                if (before == '_') {
                    return i - 1;
                }
                before = '.';
            }
        }
        return before == '_' ? to - 1 : -1;
    }

    private void stringLit(int from) {
        boolean ok = true;
        byte[] b = text;
        for (; ; ) {
            if (at >= end) {
                errorAt(from, "string not terminated");
                ok = false;
                break;
            }
            int c = b[at];
            if (c == '"') {
                at++;
                break;
            }
            if (c == '\\') {
                at++;
                if (!escape('"')) {
                    ok = false;
                }
            } else if (c == '\n') {
                errorAt(at, "newline in string");
                ok = false;
                break;
            } else if (c <= 0) {
                checkRune();
            } else {
                at++;
            }
        }
        literal(Expr.Lit.STRING, from, ok);
    }

    /** Moves over one rune, reporting bad encodings. */
    private void checkRune() {
        int c = text[at];
        if (c > 0) {
            at++;
            return;
        }
        if (c == 0) {
            errorAt(at++, "invalid NUL character");
            return;
        }
        int n = runeLength(at);
        if (n == 0) {
            errorAt(at, "invalid UTF-8 encoding");
            at++;
        } else {
            if (n == 3 && rune(at, 3) == 0xfeff) {
                errorAt(at, "invalid BOM in the middle of the file");
            }
            at += n;
        }
    }

    private void rawString(int from) {
        boolean ok = true;
        for (; ; ) {
            if (at >= end) {
                errorAt(from, "string not terminated");
                ok = false;
                break;
            }
            int c = text[at];
            if (c == '`') {
                at++;
                break;
            }
            if (c <= 0) {
                checkRune();
            } else {
                at++;
            }
        }
        literal(Expr.Lit.STRING, from, ok);
    }

    private void runeLit(int from) {
        boolean ok = true;
        for (int n = 0; ; n++) {
            if (at >= end) {
                if (ok) {
                    errorAt(from, "rune literal not terminated");
                    ok = false;
                }
                break;
            }
            int c = text[at];
            if (c == '\'') {
                if (ok && n != 1) {
                    errorAt(
                            n == 0 ? at : from,
                            n == 0
                                    ? "empty rune literal or unescaped '"
                                    : "more than one character in rune literal");
                    ok = false;
                }
                at++;
                break;
            }
            if (c == '\\') {
                at++;
                if (!escape('\'')) {
                    ok = false;
                }
            } else if (c == '\n') {
                if (ok) {
                    errorAt(at, "newline in rune literal");
                    ok = false;
                }
                break;
            } else {
                checkRune();
            }
        }
        literal(Expr.Lit.RUNE, from, ok);
    }

    /** Checks the escape whose backslash stands before {@link #at}. */
    private boolean escape(char quote) {
        int n;
        int base;
        int max;
        int c = peek();
        switch (c) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> {
                at++;
                return true;
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                n = 3;
                base = 8;
                max = 255;
            }
            case 'x' -> {
                at++;
                n = 2;
                base = 16;
                max = 255;
            }
            case 'u' -> {
                at++;
                n = 4;
                base = 16;
                max = 0x10ffff;
            }
            case 'U' -> {
                at++;
                n = 8;
                base = 16;
                max = 0x10ffff;
            }
            default -> {
                if (c == quote) {
                    at++;
                    return true;
                }
                if (at >= end) {
                    return true; // the caller complains about the end of the text
                }
                errorAt(at, "unknown escape");
                return false;
            }
        }
        long x = 0;
        for (int k = n; k > 0; k--) {
            if (at >= end) {
                return true;
            }
            c = text[at];
            int d = isDecimal(c) ? c - '0' : isHex(c) ? (c | 0x20) - 'a' + 10 : 36;
            if (d >= base) {
                int len = Math.max(1, runeLength(at));
                String shown = new String(text, at, len, StandardCharsets.UTF_8);
                String quoted = c == '\'' ? "'\\''" : c == '\n' ? "'\\n'" : "'" + shown + "'";
                errorAt(at, "invalid character " + quoted + " in " + baseName(base) + " escape");
                return false;
            }
            x = x * base + d;
            at++;
        }
        if (x > max && base == 8) {
            errorAt(at, "octal escape value " + x + " > 255");
            return false;
        }
        if (x > max || x >= 0xd800 && x < 0xe000) {
            errorAt(at, "escape is invalid Unicode code point " + (x > 0x10ffff ? "U+" + Long.toHexString(x).toUpperCase() : describe((int) x)));
            return false;
        }
        return true;
    }

    // ---- comments

    /** Skips the comment at {@code from}; the offset of its line end. */
    private int lineComment(int from) {
        byte[] b = text;
        int i = from + 2;
        while (i < end && b[i] != '\n') {
            if (b[i] <= 0) {
                at = i;
                checkRune();
                i = at;
            } else {
                i++;
            }
        }
        int first = from + 2;
        if (first < i) {
            int c = b[first];
            if (c == 'l' && startsWith(first, "line ")) {
                if (from == 0 || b[from - 1] == '\n') {
                    lineDirective(first + 5, trimmed(i), i + 1);
                }
            } else if (c == 'g' && startsWith(first, "go:") || c == 'e' && startsWith(first, "export ")) {
                directives.add(new Directive(
                        source.base + from,
                        new String(b, first, trimmed(i) - first, StandardCharsets.UTF_8),
                        ownLine(from)));
            }
        }
        return i;
    }

    private int trimmed(int to) {
        return to > 0 && text[to - 1] == '\r' ? to - 1 : to;
    }

    private boolean ownLine(int from) {
        for (int i = from - 1; i >= 0 && text[i] != '\n'; i--) {
            if (text[i] != ' ' && text[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private boolean startsWith(int i, String s) {
        if (i + s.length() > end) {
            return false;
        }
        for (int k = 0; k < s.length(); k++) {
            if (text[i + k] != s.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    private int fullComment(int from) {
        byte[] b = text;
        int i = from + 2;
        for (; ; ) {
            if (i >= end) {
                errorAt(from, "comment not terminated");
                return end;
            }
            int c = b[i];
            if (c == '*' && i + 1 < end && b[i + 1] == '/') {
                break;
            }
            if (c <= 0) {
                at = i;
                checkRune();
                i = at;
            } else {
                i++;
            }
        }
        if (startsWith(from + 2, "line ") && !hasNewline(from, i)) {
            lineDirective(from + 7, i, i + 2);
        }
        return i + 2;
    }

    /** The text of a line directive is {@code file:line} or {@code file:line:column}; it takes effect at {@code effect}. */
    private void lineDirective(int from, int to, int effect) {
        int colon = lastColon(from, to);
        if (colon < 0) {
            return; // not a directive: people write "line" in comments
        }
        long last = parseNumber(colon + 1, to);
        if (last < 0) {
            // gc says what it read, from the last colon on.
            errorAt(colon + 1, "invalid line number: " + new String(text, colon + 1, to - colon - 1, StandardCharsets.UTF_8));
            return;
        }
        int line = (int) last;
        int col = 0;
        int nameEnd = colon;
        int before = lastColon(from, colon);
        if (before >= 0) {
            long first = parseNumber(before + 1, colon);
            if (first >= 0) {
                if (last == 0 || last > 0x3fffffff) {
                    errorAt(colon + 1, "invalid column number: " + new String(text, colon + 1, to - colon - 1, StandardCharsets.UTF_8));
                    return;
                }
                col = (int) last;
                line = (int) first;
                nameEnd = before;
                colon = before;
            }
        }
        if (line == 0 || line > 0x3fffffff) {
            errorAt(colon + 1, "invalid line number: " + new String(text, colon + 1, to - colon - 1, StandardCharsets.UTF_8));
            return;
        }
        String name = new String(text, from, nameEnd - from, StandardCharsets.UTF_8);
        if (name.isEmpty() && col > 0) {
            name = source.fileName(source.base + Math.min(effect, end) - 1);
        } else if (!name.isEmpty() && !name.startsWith("/")) {
            int slash = source.path.lastIndexOf('/');
            name = slash < 0 ? name : source.path.substring(0, slash + 1) + name;
        }
        source.addLineDirective(effect, name, line, col);
    }

    private int lastColon(int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (text[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    private long parseNumber(int from, int to) {
        if (from >= to || to - from > 12) {
            return -1;
        }
        long n = 0;
        for (int i = from; i < to; i++) {
            if (!isDecimal(text[i])) {
                return -1;
            }
            n = n * 10 + text[i] - '0';
        }
        return n;
    }
}
