// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Literals as written in source, to constants; and strings back to literals. */
final class Literals {
    /** Decimal exponents up to which fractions are computed exactly. */
    private static final int EXACT_EXPONENT = 1300;

    private Literals() {}

    private static String plain(String lit) {
        return lit.indexOf('_') < 0 ? lit : lit.replace("_", "");
    }

    static Constant integer(String lit) {
        String s = plain(lit);
        int radix = 10;
        int from = 0;
        if (s.length() > 1 && s.charAt(0) == '0') {
            char c = (char) (s.charAt(1) | 0x20);
            radix = c == 'x' ? 16 : c == 'b' ? 2 : 8;
            from = c == 'x' || c == 'b' || c == 'o' ? 2 : 1;
        }
        try {
            if (s.length() - from <= (radix == 2 ? 62 : radix == 16 ? 15 : 18)) {
                return Constant.of(Long.parseLong(s, from, s.length(), radix));
            }
            return Constant.of(new BigInteger(s.substring(from), radix));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static Constant floating(String lit) {
        String s = plain(lit);
        try {
            return s.length() > 1 && s.charAt(0) == '0' && (s.charAt(1) | 0x20) == 'x' ? hexFloat(s) : decimalFloat(s);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Constant decimalFloat(String s) {
        int e = s.indexOf('e') >= 0 ? s.indexOf('e') : s.indexOf('E');
        String mantissa = e < 0 ? s : s.substring(0, e);
        long exp = e < 0 ? 0 : exponent(s.substring(e + 1));
        int dot = mantissa.indexOf('.');
        if (dot >= 0) {
            exp -= mantissa.length() - dot - 1;
            mantissa = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
        }
        BigInteger m = new BigInteger(mantissa.isEmpty() ? "0" : mantissa);
        if (m.signum() == 0) {
            return FloatConstant.make(m);
        }
        if (Math.abs(exp) <= EXACT_EXPONENT) {
            BigInteger p = BigInteger.TEN.pow((int) Math.abs(exp));
            return exp >= 0 ? FloatConstant.ratio(m.multiply(p), BigInteger.ONE) : FloatConstant.ratio(m, p);
        }
        return FloatConstant.make(BigFloat.scaledByTen(m, exp));
    }

    /** Beyond int the value is out of every range; kept finite so that arithmetic on it cannot wrap. */
    private static long exponent(String s) {
        boolean negative = s.startsWith("-");
        String digits = s.startsWith("-") || s.startsWith("+") ? s.substring(1) : s;
        long v = digits.length() > 12 ? 1_000_000_000_000L : Long.parseLong(digits);
        return negative ? -v : v;
    }

    private static Constant hexFloat(String s) {
        int p = s.indexOf('p') >= 0 ? s.indexOf('p') : s.indexOf('P');
        if (p < 0) {
            return null;
        }
        String mantissa = s.substring(2, p);
        long exp = exponent(s.substring(p + 1));
        int dot = mantissa.indexOf('.');
        if (dot >= 0) {
            exp -= 4L * (mantissa.length() - dot - 1);
            mantissa = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
        }
        BigInteger m = new BigInteger(mantissa, 16);
        if (Math.abs(exp) > 4 * EXACT_EXPONENT) {
            return FloatConstant.make(BigFloat.of(m, exp));
        }
        int e = (int) exp;
        return e >= 0 ? FloatConstant.ratio(m.shiftLeft(e), BigInteger.ONE) : FloatConstant.ratio(m, BigInteger.ONE.shiftLeft(-e));
    }

    /** For backward compatibility, decimal digits with leading zeros stay decimal before an i. */
    static Constant imaginary(String lit) {
        String s = plain(lit.substring(0, lit.length() - 1));
        boolean prefixed = s.length() > 1 && s.charAt(0) == '0' && Character.isLetter(s.charAt(1)) && (s.charAt(1) | 0x20) != 'e';
        boolean hexFloat = prefixed && (s.indexOf('p') >= 0 || s.indexOf('P') >= 0);
        Constant im = prefixed && !hexFloat ? integer(s) : floating(s);
        return im == null ? null : new ComplexConstant(Constant.of(0), im);
    }

    static Constant rune(String lit) {
        int end = lit.length() - 1;
        if (end < 2) {
            return null;
        }
        if (lit.charAt(1) != '\\') {
            return Constant.of(lit.codePointAt(1));
        }
        return Constant.of(escape(lit, 2));
    }

    /** The value of the escape whose letter or first digit is at i; -1 if there is none. */
    private static int escape(String s, int i) {
        char c = s.charAt(i);
        return switch (c) {
            case 'a' -> 7;
            case 'b' -> 8;
            case 'f' -> 12;
            case 'n' -> 10;
            case 'r' -> 13;
            case 't' -> 9;
            case 'v' -> 11;
            case '\\', '\'', '"' -> c;
            case 'x' -> number(s, i + 1, 2, 16);
            case 'u' -> number(s, i + 1, 4, 16);
            case 'U' -> number(s, i + 1, 8, 16);
            default -> number(s, i, 3, 8);
        };
    }

    private static int number(String s, int from, int n, int radix) {
        long v = 0;
        for (int i = from; i < from + n && i < s.length(); i++) {
            int d = Character.digit(s.charAt(i), radix);
            if (d < 0) {
                return -1;
            }
            v = v * radix + d;
        }
        return v > Integer.MAX_VALUE ? -1 : (int) v;
    }

    /** Characters that the escape at i takes, its letter included. */
    private static int escapeLength(char c) {
        return c == 'x' ? 3 : c == 'u' ? 5 : c == 'U' ? 9 : c >= '0' && c <= '7' ? 3 : 1;
    }

    static Constant string(String lit) {
        int end = lit.length() - 1;
        if (end < 1) {
            return null;
        }
        if (lit.charAt(0) == '`') {
            String raw = lit.substring(1, end);
            return Constant.ofText(raw.indexOf('\r') < 0 ? raw : raw.replace("\r", ""));
        }
        if (lit.indexOf('\\') < 0) {
            return Constant.ofText(lit.substring(1, end));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(lit.length());
        int i = 1;
        while (i < end) {
            int next = lit.indexOf('\\', i);
            if (next < 0 || next >= end) {
                next = end;
            }
            if (next > i) {
                out.writeBytes(lit.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
                continue;
            }
            char c = lit.charAt(i + 1);
            int v = escape(lit, i + 1);
            if (v < 0) {
                return null;
            }
            if (c == 'u' || c == 'U') {
                out.writeBytes(Character.toString(Character.isValidCodePoint(v) ? v : 0xfffd).getBytes(StandardCharsets.UTF_8));
            } else {
                out.write(v);
            }
            i += 1 + escapeLength(c);
        }
        return Constant.ofString(out.toByteArray());
    }

    /** Go's strconv.Quote: valid UTF-8 is decoded, other bytes are written as \x. */
    static String quote(byte[] b) {
        StringBuilder sb = new StringBuilder(b.length + 2);
        int i = 0;
        StringBuilder run = new StringBuilder();
        sb.append('"');
        while (i < b.length) {
            int n = sequence(b, i);
            if (n == 0) {
                flush(sb, run);
                int v = b[i++] & 255;
                sb.append("\\x").append(Character.forDigit(v >> 4, 16)).append(Character.forDigit(v & 15, 16));
            } else {
                run.append(new String(b, i, n, StandardCharsets.UTF_8));
                i += n;
            }
        }
        flush(sb, run);
        return sb.append('"').toString();
    }

    private static void flush(StringBuilder sb, StringBuilder run) {
        StringBuilder q = new StringBuilder();
        TypeStrings.quote(q, run.toString());
        sb.append(q, 1, q.length() - 1);
        run.setLength(0);
    }

    /** Length of the well-formed UTF-8 sequence at i, or 0. */
    private static int sequence(byte[] b, int i) {
        int c = b[i] & 255;
        if (c < 0x80) {
            return 1;
        }
        int n = c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
        if (n == 0 || i + n > b.length) {
            return 0;
        }
        for (int k = 1; k < n; k++) {
            if ((b[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = b[i + 1] & 255;
        boolean bad = c == 0xe0 && second < 0xa0 || c == 0xed && second >= 0xa0 || c == 0xf0 && second < 0x90 || c == 0xf4 && second >= 0x90;
        return bad ? 0 : n;
    }
}
