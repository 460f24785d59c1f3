// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import java.util.Arrays;
import mica.base.Fault;

/** Where one parameter lies in the instruction word, as a token of {@code arm64.tbl} says. */
final class Arm64Field {
    private final String token;
    private final char kind;
    /** Positions: of the field, or of each bit, or of each place that holds the same. */
    private int[] at = {};
    private int width = 5;
    private int scale;
    private int factor = 1;
    private int base;
    private char how = 'u';
    private long constant;
    private long[] list = {};
    /** The bits that the parameter decides. */
    final int bits;

    Arm64Field(String token) {
        this.token = token;
        kind = token.charAt(0);
        String s = token.substring(1);
        switch (kind) {
            case 'z', 'r', 'q', 'v' -> at = ints(s.split("&"));
            case 'g' -> {
                int plus = s.indexOf('+');
                base = plus < 0 ? 0 : Integer.parseInt(s.substring(plus + 1));
                number(plus < 0 ? s : s.substring(0, plus));
            }
            case 'c', 'C' -> {
                at = new int[] {Integer.parseInt(s)};
                width = 4;
            }
            case 'x' -> {
                s = suffixes(s);
                at = ints(s.split("\\."));
                width = 1;
            }
            case 'i', 'w', 'm', 'M' -> number(suffixes(s));
            case 'L' -> {
                number(s);
                how = 's';
                scale = 2;
            }
            case 'k' -> constant = Long.parseLong(s);
            case '=' -> {
                int plus = s.indexOf('+');
                base = plus < 0 ? 0 : Integer.parseInt(s.substring(plus + 1));
                constant = Long.parseLong(plus < 0 ? s : s.substring(0, plus));
            }
            case 'b', 'B' -> {
                int place = s.indexOf('@');
                at = new int[] {place < 0 ? 10 : Integer.parseInt(s.substring(place + 1))};
                constant = Long.parseLong(place < 0 ? s : s.substring(0, place));
            }
            case 'l' -> constant = Long.parseLong(s);
            case 'F' -> at = ints(s.split("\\."));
            case 'e' -> {
                String[] p = s.split(":");
                at = new int[] {Integer.parseInt(p[0])};
                width = Integer.parseInt(p[1]);
                list = new long[p.length - 2];
                for (int i = 0; i < list.length; i++) {
                    String v = p[i + 2];
                    list[i] = v.indexOf('.') < 0 ? Long.parseLong(v) : Double.doubleToRawLongBits(Double.parseDouble(v));
                }
            }
            case 't', 'A', 'P' -> {
            }
            default -> throw new Fault("arch", "arm64.tbl: field " + token);
        }
        bits = mask();
    }

    /** P:W, perhaps with {@code <S} behind it. */
    private void number(String s) {
        int lt = s.indexOf('<');
        scale = lt < 0 ? scale : Integer.parseInt(s.substring(lt + 1));
        String[] p = (lt < 0 ? s : s.substring(0, lt)).split(":");
        at = new int[] {Integer.parseInt(p[0])};
        width = Integer.parseInt(p[1]);
    }

    /** Takes off how the number is coded, and the scale of scattered bits. */
    private String suffixes(String s) {
        if ("sn~-".indexOf(s.charAt(s.length() - 1)) >= 0) {
            how = s.charAt(s.length() - 1);
            s = s.substring(0, s.length() - 1);
        }
        if (s.indexOf('*') >= 0) {
            factor = Integer.parseInt(s.substring(s.indexOf('*') + 1));
            s = s.substring(0, s.indexOf('*'));
        }
        if (kind == 'x' && s.indexOf('<') >= 0) {
            scale = Integer.parseInt(s.substring(s.indexOf('<') + 1));
            s = s.substring(0, s.indexOf('<'));
        }
        return s;
    }

    private static int[] ints(String[] s) {
        return Arrays.stream(s).mapToInt(Integer::parseInt).toArray();
    }

    private int mask() {
        switch (kind) {
            case 'b', 'B':
                return (constant == 64 ? 0x1fff : 0xfff) << at[0];
            case 'l':
                return constant == 64 ? 0xfff << 10 : 0x1f << 16 | 0x1f << 10;
            case 'F':
                return at.length == 1 ? 0xff << at[0] : 0x1f << at[0] | 7 << at[1];
            case 't':
                return 1 << 31 | 31 << 19;
            case 'A', 'P':
                return 3 << 29 | 0x7ffff << 5;
            case 'k', '=':
                return 0;
            default:
                int m = 0;
                for (int p : at) {
                    m |= (1 << width) - 1 << p;
                }
                return m;
        }
    }

    /** For parameters that repeat another one: its number, and what is added to it in {@link #tiedDistance}; else -1. */
    int tiedTo() {
        return kind == '=' ? (int) constant : -1;
    }

    int tiedDistance() {
        return base;
    }

    /** Bits by which the parameter varies. */
    int freedom() {
        return kind == 'k' || kind == '=' ? 0 : Integer.bitCount(bits) / ("zrqv".indexOf(kind) >= 0 ? at.length : 1);
    }

    /** What a number is shifted right by. */
    int shift() {
        return kind == 'i' ? scale : 0;
    }

    boolean accepts(long v) {
        switch (kind) {
            case 'z', 'v':
                return v >= 0 && v <= 31;
            case 'r':
                return v >= 0 && v <= 32 && v != 31;
            case 'q':
                return v >= 0 && v <= 30;
            case 'g':
                long x = v == Arm64Inst.RSP ? -1 : v - base;
                return x >= 0 && x >> scale << scale == x && x >> scale < 1L << width;
            case 'c':
                return v >= 0 && v <= 15;
            case 'C':
                return v >= 0 && v <= 13;
            case 'k':
                return v == constant;
            case '=':
                return true;
            case 'b', 'B':
                return Arm64Immediates.logical(mask(v), (int) constant) >= 0;
            case 'l':
                return v >= 0 && v < constant;
            case 'F':
                return Arm64Immediates.floating(Double.longBitsToDouble(v)) >= 0;
            case 't':
                return v >= 0 && v < 64;
            case 'P':
                return (v & 0xfff) == 0 && v >> 12 >= -(1 << 20) && v >> 12 < 1 << 20;
            case 'A':
                return v >= -(1 << 20) && v < 1 << 20;
            case 'e':
                return index(v) >= 0;
            case 'x':
                return acceptsNumber(v, at.length);
            case 'm':
                return acceptsNumber(~v, width);
            case 'M':
                return (v >>> 32 == 0 || v == (int) v) && acceptsNumber(~v & 0xffffffffL, width);
            case 'w':
                return v >= 1 && v <= 1L << width;
            default:
                return acceptsNumber(v, width);
        }
    }

    /** The bits of a logical constant as the instruction has them. */
    private long mask(long v) {
        return kind == 'b' ? v : constant == 64 ? ~v : ~v & (1L << constant) - 1;
    }

    private int index(long v) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == v) {
                return i;
            }
        }
        return -1;
    }

    private boolean acceptsNumber(long v, int w) {
        if (factor != 1) {
            if (v % factor != 0) {
                return false;
            }
            v /= factor;
        }
        if ((v >> scale) << scale != v) {
            return false;
        }
        // A field that ends at bit 63 is the top of an unsigned number.
        long x = scale + w == 64 ? v >>> scale : v >> scale;
        long n = 1L << w;
        switch (how) {
            case 's':
                return x >= -n / 2 && x < n / 2;
            case '-':
                return x >= 1 && x <= n;
            case 'n':
                return kind == 'x' ? x >= 1 && x <= n : x >= 0 && x < n;
            default:
                return x >= 0 && x < n;
        }
    }

    /** The number as its bits lie in the field. */
    private long coded(long v) {
        long x = v / factor >> scale;
        switch (how) {
            case 'n':
                return -x;
            case '~':
                return ~x;
            case '-':
                return x - 1;
            default:
                return x;
        }
    }

    int encode(long v) {
        int w = 0;
        switch (kind) {
            case 'z', 'r', 'q', 'v' -> {
                for (int p : at) {
                    w |= (int) (v & 31 | (v == Arm64Inst.RSP ? 31 : 0)) << p;
                }
                return w;
            }
            case 'g' -> {
                return (int) (v - base >> scale) << at[0];
            }
            case 'c' -> {
                return (int) v << at[0];
            }
            case 'C' -> {
                return (int) (v ^ 1) << at[0];
            }
            case 'k', '=' -> {
                return 0;
            }
            case 'b', 'B' -> {
                return Arm64Immediates.logical(mask(v), (int) constant) << at[0];
            }
            case 'l' -> {
                int n = (int) constant;
                return (int) (-v & n - 1) << 16 | (int) (n - 1 - v) << 10;
            }
            case 'F' -> {
                int b = Arm64Immediates.floating(Double.longBitsToDouble(v));
                return at.length == 1 ? b << at[0] : (b & 31) << at[0] | b >> 5 << at[1];
            }
            case 't' -> {
                return (int) (v >> 5) << 31 | (int) (v & 31) << 19;
            }
            case 'P' -> {
                return (int) (v >> 12 & 3) << 29 | (int) (v >> 14 & 0x7ffff) << 5;
            }
            case 'A' -> {
                return (int) (v & 3) << 29 | (int) (v >> 2 & 0x7ffff) << 5;
            }
            case 'm', 'M' -> {
                long x = (kind == 'm' ? ~v : ~v & 0xffffffffL) >>> scale;
                return (int) (x & (1L << width) - 1) << at[0];
            }
            case 'e' -> {
                return index(v) << at[0];
            }
            case 'x' -> {
                long x = coded(v);
                for (int i = 0; i < at.length; i++) {
                    w |= (int) (x >> i & 1) << at[i];
                }
                return w;
            }
            // The last bit of a bit field lies width-1 behind the first, which the other field holds.
            case 'w' -> {
                return (int) (v - 1) << at[0];
            }
            default -> {
                return (int) (coded(v) & (1L << width) - 1) << at[0];
            }
        }
    }

    /** The parameter in a word; what a field could not have made, encodes to another word. */
    long decode(int w) {
        switch (kind) {
            case 'z', 'q', 'v':
                return w >>> at[0] & 31;
            case 'r':
                int r = w >>> at[0] & 31;
                return r == 31 ? Arm64Inst.RSP : r;
            case 'g':
                return ((long) (w >>> at[0] & (1 << width) - 1) << scale) + base;
            case 'c':
                return w >>> at[0] & 15;
            case 'C':
                return w >>> at[0] & 15 ^ 1;
            case 'k':
                return constant;
            case 'b', 'B':
                long v = Arm64Immediates.logicalValue(w >>> at[0] & 0x1fff, (int) constant);
                return kind == 'B' ? ~v & (constant == 32 ? 0xffffffffL : -1L) : v;
            case 'l':
                return constant - 1 - (w >>> 10 & (int) constant - 1);
            case 'F':
                int f = at.length == 1 ? w >>> at[0] & 0xff : w >>> at[0] & 31 | (w >>> at[1] & 7) << 5;
                return Double.doubleToRawLongBits(Arm64Immediates.floatingValue(f));
            case 't':
                return (w >>> 31) << 5 | w >>> 19 & 31;
            case 'P':
                return ((long) (w << 8 >> 13) << 2 | w >>> 29 & 3) << 12;
            case 'A':
                return (long) (w << 8 >> 13) << 2 | w >>> 29 & 3;
            case 'm':
                return ~((w >>> at[0] & (1L << width) - 1) << scale);
            case 'M':
                return ~((w >>> at[0] & (1L << width) - 1) << scale) & 0xffffffffL;
            case 'e':
                int i = w >>> at[0] & (1 << width) - 1;
                return i < list.length ? list[i] : 0;
            case 'x':
                long scattered = 0;
                for (int k = 0; k < at.length; k++) {
                    scattered |= (long) (w >>> at[k] & 1) << k;
                }
                return decoded(scattered, at.length);
            case 'w':
                return (w >>> at[0] & (1 << width) - 1) + 1;
            default:
                return decoded(w >>> at[0] & (1L << width) - 1, width);
        }
    }

    private long decoded(long x, int w) {
        long n = 1L << w;
        switch (how) {
            case 's':
                x = x >= n / 2 ? x - n : x;
                break;
            case 'n':
                x = -x & n - 1;
                x = kind == 'x' && x == 0 ? n : x;
                break;
            case '~':
                x = ~x & n - 1;
                break;
            case '-':
                x = x + 1;
                break;
            default:
                break;
        }
        return (x << scale) * factor;
    }

    @Override
    public String toString() {
        return token;
    }
}
