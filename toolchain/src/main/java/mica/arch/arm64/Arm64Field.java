// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import mica.base.Fault;

/** Where one parameter lies in the instruction word, as a token of {@code arm64.tbl} says. */
final class Arm64Field {
    private final char kind;
    private final int[] at;
    private final int width;
    private final int scale;
    private final char how;
    private final long constant;
    /** The bits that the parameter decides. */
    final int bits;

    Arm64Field(String token) {
        kind = token.charAt(0);
        String s = token.substring(1);
        int[] places = {};
        int w = 5;
        int sc = 0;
        char h = 'u';
        long c = 0;
        switch (kind) {
            case 'z', 'r', 'f', 'v' -> {
                String[] p = s.split("&");
                places = new int[p.length];
                for (int i = 0; i < p.length; i++) {
                    places[i] = Integer.parseInt(p[i]);
                }
            }
            case 'c', 'C' -> {
                places = new int[] {Integer.parseInt(s)};
                w = 4;
            }
            case 'x' -> {
                String[] p = s.split("\\.");
                places = new int[p.length];
                for (int i = 0; i < p.length; i++) {
                    places[i] = Integer.parseInt(p[i]);
                }
                w = 1;
            }
            case 'i', 'L', 'w', 'm', 'M' -> {
                if ("sn~-".indexOf(s.charAt(s.length() - 1)) >= 0) {
                    h = s.charAt(s.length() - 1);
                    s = s.substring(0, s.length() - 1);
                }
                int lt = s.indexOf('<');
                sc = lt < 0 ? 0 : Integer.parseInt(s.substring(lt + 1));
                s = lt < 0 ? s : s.substring(0, lt);
                int colon = s.indexOf(':');
                places = new int[] {Integer.parseInt(s.substring(0, colon))};
                w = Integer.parseInt(s.substring(colon + 1));
                if (kind == 'L') {
                    h = 's';
                    sc = 2;
                }
            }
            case 'k' -> c = Long.parseLong(s);
            case 'b', 'B', 'l', 'F' -> c = Long.parseLong(s);
            case 't', 'A', 'P' -> {
            }
            default -> throw new Fault("arch", "arm64.tbl: field " + token);
        }
        at = places;
        width = w;
        scale = sc;
        how = h;
        constant = c;
        bits = mask();
    }

    private int mask() {
        int m = 0;
        for (int p : at) {
            m |= (1 << width) - 1 << p;
        }
        switch (kind) {
            case 'b', 'B':
                return constant == 64 ? 0x1fff << 10 : 0xfff << 10;
            case 'l':
                return constant == 64 ? 0xfff << 10 : 0x1f << 16 | 0x1f << 10;
            case 'F':
                return 0xff << 13;
            case 't':
                return 1 << 31 | 31 << 19;
            case 'A', 'P':
                return 3 << 29 | 0x7ffff << 5;
            default:
                return m;
        }
    }

    boolean accepts(long v) {
        switch (kind) {
            case 'z':
                return v >= 0 && v <= 31;
            case 'r':
                return v >= 0 && v <= 32 && v != 31;
            case 'f', 'v':
                return v >= 0 && v <= 31;
            case 'c', 'C':
                return v >= 0 && v <= 15;
            case 'k':
                return v == constant;
            case 'b', 'B':
                return Arm64Immediates.logical(kind == 'B' ? ~v : v, (int) constant) >= 0;
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
            case 'x':
                return v >= 0 && v < 1L << at.length;
            case 'm', 'M':
                return kind == 'm' ? acceptsNumber(~v) : (v >>> 32 == 0 || v == (int) v)
                        && acceptsNumber(~v & 0xffffffffL);
            case 'w':
                return v >= 1 && v <= 1L << width;
            default:
                return acceptsNumber(v);
        }
    }

    private boolean acceptsNumber(long v) {
        if ((v >> scale) << scale != v) {
            return false;
        }
        // A field that ends at bit 63 is the top of an unsigned number.
        long x = scale + width == 64 ? v >>> scale : v >> scale;
        long n = 1L << width;
        if (how == 's') {
            return x >= -n / 2 && x < n / 2;
        }
        return how == '-' ? x >= 1 && x <= n : x >= 0 && x < n;
    }

    int encode(long v) {
        int w = 0;
        switch (kind) {
            case 'z', 'r', 'f', 'v' -> {
                for (int p : at) {
                    w |= (int) (v & 31 | (v == Arm64Inst.RSP ? 31 : 0)) << p;
                }
            }
            case 'c' -> w = (int) v << at[0];
            case 'C' -> w = (int) (v ^ 1) << at[0];
            case 'k' -> w = 0;
            case 'b', 'B' -> w = Arm64Immediates.logical(kind == 'B' ? ~v : v, (int) constant) << 10;
            case 'l' -> {
                int n = (int) constant;
                w = (int) (-v & n - 1) << 16 | (int) (n - 1 - v) << 10;
            }
            case 'F' -> w = Arm64Immediates.floating(Double.longBitsToDouble(v)) << 13;
            case 't' -> w = (int) (v >> 5) << 31 | (int) (v & 31) << 19;
            case 'P' -> w = (int) (v >> 12 & 3) << 29 | (int) (v >> 14 & 0x7ffff) << 5;
            case 'A' -> w = (int) (v & 3) << 29 | (int) (v >> 2 & 0x7ffff) << 5;
            case 'm', 'M' -> {
                long x = (kind == 'm' ? ~v : ~v & 0xffffffffL) >>> scale;
                w = (int) (x & (1L << width) - 1) << at[0];
            }
            case 'x' -> {
                for (int i = 0; i < at.length; i++) {
                    w |= (int) (v >> i & 1) << at[i];
                }
            }
            // The last bit of a bit field lies width-1 behind the first, which the other field holds.
            case 'w' -> w = (int) (v - 1) << at[0];
            default -> {
                long x = v >> scale;
                x = how == 'n' ? -x : how == '~' ? ~x : how == '-' ? x - 1 : x;
                w = (int) (x & (1L << width) - 1) << at[0];
            }
        }
        return w;
    }

    /** The parameter in a word; -1L is never an answer of a field that could not have made the word. */
    long decode(int w) {
        switch (kind) {
            case 'z', 'f', 'v':
                return w >>> at[0] & 31;
            case 'r':
                int r = w >>> at[0] & 31;
                return r == 31 ? Arm64Inst.RSP : r;
            case 'c':
                return w >>> at[0] & 15;
            case 'C':
                return w >>> at[0] & 15 ^ 1;
            case 'k':
                return constant;
            case 'b', 'B':
                long v = Arm64Immediates.logicalValue(w >>> 10 & 0x1fff, (int) constant);
                return kind == 'B' ? ~v & (constant == 32 ? 0xffffffffL : -1L) : v;
            case 'l':
                return constant - 1 - (w >>> 10 & (int) constant - 1);
            case 'F':
                return Double.doubleToRawLongBits(Arm64Immediates.floatingValue(w >>> 13 & 0xff));
            case 't':
                return (w >>> 31) << 5 | w >>> 19 & 31;
            case 'P':
                return ((long) (w << 8 >> 13) << 2 | w >>> 29 & 3) << 12;
            case 'A':
                return (long) (w << 8 >> 13) << 2 | w >>> 29 & 3;
            case 'm':
                return ~((w >>> at[0] & (1L << width) - 1) << scale);
            case 'M':
                return (int) ~((w >>> at[0] & (1L << width) - 1) << scale);
            case 'x':
                long bitsFound = 0;
                for (int i = 0; i < at.length; i++) {
                    bitsFound |= (long) (w >>> at[i] & 1) << i;
                }
                return bitsFound;
            case 'w':
                return (w >>> at[0] & (1 << width) - 1) + 1;
            default:
                long n = 1L << width;
                long x = w >>> at[0] & n - 1;
                x = how == 's' && x >= n / 2 ? x - n : how == 'n' ? -x & n - 1 : how == '~' ? ~x & n - 1 : how == '-'
                        ? x + 1 : x;
                return x << scale;
        }
    }
}
