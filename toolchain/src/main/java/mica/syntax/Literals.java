// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Values of string and rune literals. */
public final class Literals {
    private Literals() {}

    /** The bytes of a valid string literal, quotes and all. */
    public static byte[] stringBytes(String text) {
        byte[] b = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(b.length);
        int n = b.length - 1;
        if (b[0] == '`') {
            for (int i = 1; i < n; i++) {
                if (b[i] != '\r') {
                    out.write(b[i]);
                }
            }
            return out.toByteArray();
        }
        int i = 1;
        while (i < n) {
            int c = b[i];
            if (c != '\\') {
                int from = i;
                do {
                    i++;
                } while (i < n && b[i] != '\\');
                out.write(b, from, i - from);
                continue;
            }
            long v = escape(b, i + 1);
            i = (int) (v >>> 32);
            int r = (int) v;
            if (r < 0) {
                out.write(r & 0xff);
            } else {
                utf8(out, r);
            }
        }
        return out.toByteArray();
    }

    /** A valid string literal's text, where it is known to be text (import paths, tags). */
    public static String stringText(String text) {
        return new String(stringBytes(text), StandardCharsets.UTF_8);
    }

    /** The value of a valid rune literal. */
    public static int runeValue(String text) {
        if (text.charAt(1) == '\\') {
            int r = (int) escape(text.getBytes(StandardCharsets.UTF_8), 2);
            return r < 0 ? r & 0xff : r;
        }
        return text.codePointAt(1);
    }

    /** The escape behind a backslash: in the low half the rune, or with the sign bit set a byte; in the high half where it ends. */
    private static long escape(byte[] b, int i) {
        int base;
        int n;
        boolean isByte = false;
        int c = b[i++];
        switch (c) {
            case 'x' -> {
                n = 2;
                base = 16;
                isByte = true;
            }
            case 'u' -> {
                n = 4;
                base = 16;
            }
            case 'U' -> {
                n = 8;
                base = 16;
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                i--;
                n = 3;
                base = 8;
                isByte = true;
            }
            default -> {
                int r =
                        switch (c) {
                            case 'a' -> 7;
                            case 'b' -> '\b';
                            case 'f' -> '\f';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            case 'v' -> 11;
                            default -> c;
                        };
                return (long) i << 32 | r;
            }
        }
        int v = 0;
        for (int k = 0; k < n; k++) {
            v = v * base + Character.digit(b[i++], 16);
        }
        if (isByte) {
            v |= 0x80000000;
        }
        return (long) i << 32 | v & 0xffffffffL;
    }

    private static void utf8(ByteArrayOutputStream out, int r) {
        if (r < 0x80) {
            out.write(r);
        } else if (r < 0x800) {
            out.write(0xc0 | r >> 6);
            out.write(0x80 | r & 0x3f);
        } else if (r < 0x10000) {
            out.write(0xe0 | r >> 12);
            out.write(0x80 | r >> 6 & 0x3f);
            out.write(0x80 | r & 0x3f);
        } else {
            out.write(0xf0 | r >> 18);
            out.write(0x80 | r >> 12 & 0x3f);
            out.write(0x80 | r >> 6 & 0x3f);
            out.write(0x80 | r & 0x3f);
        }
    }
}
