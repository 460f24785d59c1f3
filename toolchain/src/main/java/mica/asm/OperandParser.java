// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import mica.asm.AsmOperand.Kind;

/** Parses one operand from the tokens between two commas. */
final class OperandParser {
    private final AsmArch arch;
    private final AsmErrors errors;
    private final String packagePath;
    private final boolean allowAbi;
    private List<Token> tokens;
    private int at;
    private int end;
    private int linePos;

    OperandParser(AsmArch arch, AsmErrors errors, String packagePath, boolean allowAbi) {
        this.arch = arch;
        this.errors = errors;
        this.packagePath = packagePath;
        this.allowAbi = allowAbi;
    }

    void start(List<Token> tokens, int from, int end, int linePos) {
        this.tokens = tokens;
        this.at = from;
        this.end = end;
        this.linePos = linePos;
    }

    Token peek() {
        return at < end ? tokens.get(at) : new Token(Token.EOF, "", linePos, false);
    }

    Token peek(int ahead) {
        return at + ahead < end ? tokens.get(at + ahead) : new Token(Token.EOF, "", linePos, false);
    }

    Token next() {
        Token t = peek();
        if (at < end) {
            at++;
        }
        return t;
    }

    boolean more() {
        return at < end;
    }

    /** The place of the next token, for {@link #back}. */
    int mark() {
        return at;
    }

    void back(int mark) {
        at = mark;
    }

    AsmErrors.Stop fail(String text) {
        return errors.stop(linePos, text);
    }

    void get(int kind, String what) {
        Token t = next();
        if (t.kind != kind) {
            throw fail("expected " + what + ", found " + quoted(t));
        }
    }

    /** A token as messages show it: punctuation in quotes. */
    private static String quoted(Token t) {
        return t.kind > 0 && t.kind != '?' ? "'" + t.text + "'" : describe(t);
    }

    private static String describe(Token t) {
        return t.kind == Token.EOF ? "EOF" : t.text;
    }

    /** The whole operand. */
    AsmOperand operand() {
        if (!more()) {
            throw fail("empty operand: cannot happen");
        }
        AsmOperand o = arch.special(this);
        if (o == null) {
            o = general();
        }
        o.pos = linePos;
        if (more()) {
            throw fail("expected end of operand, found " + quoted(peek()));
        }
        return o;
    }

    private AsmOperand general() {
        AsmOperand o = new AsmOperand();
        int prefix = 0;
        if (peek().kind == '$' || peek().kind == '*') {
            prefix = next().kind;
        }
        o.indirect = prefix == '*';
        Token t = peek();
        if (t.kind == Token.IDENT && !isRegister(t.text) || t.kind == Token.STRING && peek(1).kind != Token.EOF) {
            symbol(o, prefix);
            return o;
        }
        if (t.kind == '[') {
            if (prefix != 0) {
                throw fail("illegal use of register list");
            }
            list(o);
            return o;
        }
        if (t.kind == Token.IDENT) {
            register(o, prefix);
            return o;
        }
        boolean haveConstant = false;
        if (t.kind == Token.STRING) {
            if (prefix != '$') {
                throw fail("string constant must be an immediate");
            }
            next();
            o.kind = Kind.STRING;
            o.name = unquote(t.text);
            return o;
        }
        if (!(t.kind == '(' && peek(1).kind == Token.IDENT && isRegisterOrPseudo(peek(1).text))) {
            if (isFloat()) {
                if (prefix != '$') {
                    throw fail("floating-point constant must be an immediate");
                }
                o.kind = Kind.FLOAT;
                o.real = floatExpr();
                return o;
            }
            if (!beginsExpression(t)) {
                next();
                throw fail("expected '(', found " + quoted(peek()));
            }
            o.value = expr();
            haveConstant = true;
        }
        if (!more()) {
            o.kind = prefix == '$' ? Kind.IMM : Kind.MEM;
            if (!haveConstant) {
                throw fail("missing operand");
            }
            return o;
        }
        if (peek().kind != '(') {
            throw fail("expected end of operand, found " + quoted(peek()));
        }
        o.kind = prefix == '$' ? Kind.ADDR : Kind.MEM;
        registerIndirect(o, prefix);
        return o;
    }

    private static boolean beginsExpression(Token t) {
        switch (t.kind) {
            case Token.INT, Token.CHAR, '(', '+', '-', '~', ')', Token.FLOAT:
                return true;
            default:
                return false;
        }
    }

    private boolean isRegister(String name) {
        return arch.register(name) >= 0 && !isPseudo(name);
    }

    private static boolean isPseudo(String name) {
        return name.equals("SB") || name.equals("FP") || name.equals("PC");
    }

    boolean isRegisterOrPseudo(String name) {
        return arch.register(name) >= 0 || isPseudo(name);
    }

    private void register(AsmOperand o, int prefix) {
        if (prefix == '$') {
            throw fail("prefix $ not allowed for register: $" + peek().text);
        }
        o.kind = Kind.REG;
        o.reg = arch.register(next().text);
        if (peek().kind == ':') {
            next();
            Token low = next();
            int r = low.kind == Token.IDENT ? arch.register(low.text) : -1;
            if (r < 0) {
                throw fail("expected register; found " + describe(low));
            }
            o.kind = Kind.PAIR;
            o.reg2 = r;
        }
    }

    private void list(AsmOperand o) {
        get('[', "'['");
        if (!more()) {
            throw fail("register list: expected ']', found EOF");
        }
        Token lo = next();
        o.kind = Kind.LIST;
        o.reg = lo.kind == Token.IDENT ? arch.register(lo.text) : -1;
        if (o.reg < 0) {
            throw fail("register list: bad low register in `[" + describe(lo) + "`");
        }
        Token dash = next();
        if (dash.kind != '-') {
            throw fail("register list: expected '-' after `[" + lo.text + "`, found " + quoted(dash));
        }
        Token hi = next();
        o.reg2 = hi.kind == Token.IDENT ? arch.register(hi.text) : -1;
        if (o.reg2 < 0) {
            throw fail("register list: bad high register in `[" + lo.text + "-" + describe(hi) + "`");
        }
        Token close = next();
        if (close.kind != ']') {
            throw fail("register list: expected ']' after `[" + lo.text + "-" + hi.text + "`, found " + quoted(close));
        }
    }

    /** name[<>][+-offset](pseudo)[(index*scale)], or a label. */
    private void symbol(AsmOperand o, int prefix) {
        Token t = next();
        boolean quoted = t.kind == Token.STRING;
        // unquote gives bytes.
        o.name = quoted ? new String(unquote(t.text).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                : t.text;
        if (peek().kind == '<') {
            next();
            Token q = peek();
            if (q.kind == '>') {
                o.isStatic = true;
            } else if (q.kind == Token.IDENT) {
                next();
                o.abi = q.text.equals("ABI0") ? 0 : q.text.equals("ABIInternal") ? 1 : -1;
                if (o.abi < 0) {
                    throw fail("malformed ABI selector " + quote(q.text) + " in reference to " + quote(t.text));
                }
                if (!allowAbi) {
                    throw fail("ABI selector only permitted when compiling runtime, reference was to " + quote(t.text));
                }
            }
            get('>', "'>'");
        }
        if (peek().kind == '+' || peek().kind == '-') {
            o.value = expr();
        }
        if (!more()) {
            if (prefix != 0 || o.isStatic || o.abi >= 0 || o.value != 0) {
                throw fail("illegal or missing addressing mode for symbol " + t.text);
            }
            o.kind = Kind.BRANCH;
            return;
        }
        get('(', "'('");
        Token reg = next();
        o.kind = prefix == '$' ? Kind.ADDR : Kind.MEM;
        switch (reg.text) {
            case "SB" -> o.pseudo = AsmOperand.SB;
            case "FP" -> o.pseudo = AsmOperand.FP;
            case "SP" -> o.pseudo = AsmOperand.SP;
            case "PC" -> {
                if (prefix != 0 || o.value != 0) {
                    throw fail("illegal addressing mode for PC");
                }
                o.kind = Kind.BRANCH;
            }
            default -> throw fail("expected pseudo-register; found " + describe(reg));
        }
        get(')', "')'");
        if (o.isStatic && o.pseudo != AsmOperand.SB) {
            throw fail("illegal use of pseudo-register in " + t.text);
        }
        // A name in quotes is the link name as it is (an extension: names of methods, types and instances are no
        // identifiers).
        if (!quoted) {
            o.name = linkName(t.text);
        }
        if (peek().kind == '(') {
            registerIndirect(o, prefix);
        }
    }

    private static String quote(String s) {
        return '"' + s + '"';
    }

    /** Middle dots become dots, division slashes slashes; a leading dot gets the package's path. */
    String linkName(String s) {
        if (s.indexOf('\u00b7') < 0 && s.indexOf('\u2215') < 0) {
            return s;
        }
        String n = s.replace('\u00b7', '.').replace('\u2215', '/');
        return n.charAt(0) == '.' && !packagePath.isEmpty() ? packagePath + n : n.charAt(0) == '.' ? "\"\"" + n : n;
    }

    /** (base), (base)(index*scale), (index*scale). */
    private void registerIndirect(AsmOperand o, int prefix) {
        get('(', "'('");
        Token t = next();
        int r = t.kind == Token.IDENT ? register(t.text, o) : -1;
        if (r == -1) {
            throw fail("expected register; found " + describe(t));
        }
        if (r == PSEUDO_PC) {
            get(')', "')'");
            if (prefix != 0 || o.name != null) {
                throw fail("illegal addressing mode for PC");
            }
            o.kind = Kind.BRANCH;
            return;
        }
        if (peek().kind == '*') {
            next();
            o.index = r;
            o.scale = scale();
            get(')', "')'");
            return;
        }
        if (r == PSEUDO) {
            throw fail("cannot reference " + t.text + " without a symbol");
        }
        get(')', "')'");
        if (o.name != null) {
            // foo(SB)(AX) is not a form of any instruction; a scale is wanted.
            o.index = r;
            o.scale = 0;
            return;
        }
        o.reg = r;
        if (peek().kind == '(') {
            next();
            Token x = next();
            int index = x.kind == Token.IDENT ? register(x.text, o) : -1;
            if (index == -1) {
                throw fail("expected register; found " + describe(x));
            }
            o.index = index == PSEUDO_PC ? PSEUDO : index;
            if (peek().kind == '*') {
                next();
                o.scale = scale();
            } else {
                o.scale = 0;
            }
            get(')', "')'");
        }
    }

    /** PC as a register, and the pseudo registers that are none. */
    private static final int PSEUDO_PC = -2;
    static final int PSEUDO = -3;

    private int register(String name, AsmOperand o) {
        if (name.equals("PC")) {
            return PSEUDO_PC;
        }
        if (name.equals("SB") || name.equals("FP")) {
            return PSEUDO;
        }
        return arch.register(name);
    }

    private int scale() {
        Token t = next();
        switch (t.text) {
            case "1", "2", "4", "8" -> {
                return t.text.charAt(0) - '0';
            }
            default -> throw fail("bad scale: " + t.text);
        }
    }

    // Expressions: unsigned 64-bit arithmetic.

    long expr() {
        long v = term();
        for (;;) {
            switch (peek().kind) {
                case '+' -> {
                    next();
                    v += term();
                }
                case '-' -> {
                    next();
                    v -= term();
                }
                case '|' -> {
                    next();
                    v |= term();
                }
                case '^' -> {
                    next();
                    v ^= term();
                }
                default -> {
                    return v;
                }
            }
        }
    }

    private long term() {
        long v = factor();
        for (;;) {
            switch (peek().kind) {
                case '*' -> {
                    next();
                    v *= factor();
                }
                case '/' -> {
                    next();
                    v = divide(v, factor(), "divide");
                }
                case '%' -> {
                    next();
                    v = divide(v, factor(), "modulo");
                }
                case Token.LSH -> {
                    next();
                    long n = factor();
                    if (n < 0) {
                        throw fail("negative left shift count");
                    }
                    v = n > 63 ? 0 : v << n;
                }
                case Token.RSH -> {
                    next();
                    long n = factor();
                    if (n < 0) {
                        throw fail("negative right shift count");
                    }
                    if (v < 0) {
                        throw fail("right shift of value with high bit set");
                    }
                    v = n > 63 ? 0 : v >>> n;
                }
                case '&' -> {
                    next();
                    v &= factor();
                }
                default -> {
                    return v;
                }
            }
        }
    }

    private long divide(long v, long by, String what) {
        if (v < 0) {
            throw fail(what + " of value with high bit set");
        }
        if (by == 0) {
            throw fail(what.equals("divide") ? "division by zero" : "modulo by zero");
        }
        return what.equals("divide") ? Long.divideUnsigned(v, by) : Long.remainderUnsigned(v, by);
    }

    long factor() {
        Token t = next();
        switch (t.kind) {
            case Token.INT:
                return integer(t.text);
            case Token.CHAR:
                return character(t.text);
            case '+':
                return factor();
            case '-':
                return -factor();
            case '~':
                return ~factor();
            case '(':
                long v = expr();
                if (peek().kind != ')') {
                    throw fail("missing closing paren");
                }
                next();
                return v;
            default:
                throw fail("unexpected " + describe(t) + " evaluating expression");
        }
    }

    private long integer(String s) {
        String d = s.replace("_", "");
        int radix = 10;
        int from = 0;
        if (d.length() > 1 && d.charAt(0) == '0') {
            char c = Character.toLowerCase(d.charAt(1));
            radix = c == 'x' ? 16 : c == 'b' ? 2 : 8;
            from = c == 'x' || c == 'b' || c == 'o' ? 2 : 1;
        }
        try {
            return Long.parseUnsignedLong(d, from, d.length(), radix);
        } catch (NumberFormatException e) {
            throw fail("strconv.ParseUint: parsing \"" + s + "\": "
                    + (d.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == 'x' || c == 'X')
                            ? "value out of range" : "invalid syntax"));
        }
    }

    private long character(String s) {
        String body = unquote(s);
        if (body.isEmpty() || body.length() != body.offsetByCodePoints(0, 1) || body.codePointAt(0) == 0xfffd
                || s.startsWith("'\\x") && body.charAt(0) >= 0x80) {
            throw fail("illegal UTF-8 encoding for character constant");
        }
        return body.codePointAt(0);
    }

    /** The value of a quoted literal; bytes from \x and octal escapes become characters of that number. */
    private String unquote(String s) {
        try {
            return unquoted(s);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw fail("string parse error: invalid syntax");
        }
    }

    private String unquoted(String s) {
        if (s.charAt(0) == '`') {
            return s.substring(1, s.length() - 1);
        }
        StringBuilder b = new StringBuilder();
        for (int i = 1; i < s.length() - 1; i++) {
            char c = s.charAt(i);
            if (c != '\\') {
                byte[] utf = Character.toString(s.codePointAt(i)).getBytes(StandardCharsets.UTF_8);
                if (s.charAt(0) == '\'' || utf.length == 1) {
                    b.appendCodePoint(s.codePointAt(i));
                } else {
                    for (byte u : utf) {
                        b.append((char) (u & 0xff));
                    }
                }
                i += Character.charCount(s.codePointAt(i)) - 1;
                continue;
            }
            c = s.charAt(++i);
            int k = "abfnrtv\\'\"".indexOf(c);
            if (k >= 0) {
                b.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(k));
            } else if (c >= '0' && c <= '7') {
                b.append((char) Integer.parseInt(s, i, i + 3, 8));
                i += 2;
            } else {
                int n = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
                if (n == 0 || i + 1 + n > s.length() - 1) {
                    throw fail("string parse error: invalid syntax");
                }
                b.appendCodePoint(Integer.parseInt(s, i + 1, i + 1 + n, 16));
                i += n;
            }
        }
        return b.toString();
    }

    /**
     * Whether what follows is a floating-point expression: signs and parentheses, then a number with a dot or
     * exponent.
     */
    private boolean isFloat() {
        int k = at;
        while (k < end && (tokens.get(k).kind == '-' || tokens.get(k).kind == '+' || tokens.get(k).kind == '(')) {
            k++;
        }
        return k < end && tokens.get(k).kind == Token.FLOAT;
    }

    private double floatExpr() {
        Token t = next();
        switch (t.kind) {
            case '(':
                double v = floatExpr();
                get(')', "closing paren");
                return v;
            case '+':
                return floatExpr();
            case '-':
                return -floatExpr();
            case Token.FLOAT:
                String d = t.text.replace("_", "");
                try {
                    return Double.parseDouble(d.startsWith("0x") && d.indexOf('p') < 0 && d.indexOf('P') < 0 ? d
                            + "p0" : d);
                } catch (NumberFormatException e) {
                    throw fail("strconv.ParseFloat: parsing \"" + t.text + "\": invalid syntax");
                }
            default:
                throw fail("unexpected " + describe(t) + " evaluating float expression");
        }
    }
}
