// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64Table.*;

import java.util.Arrays;
import java.util.HashMap;
import mica.base.Fault;

/**
 * Reads the rows of the tables' text form (described at the head of amd64.tbl) into columns, in the order of the
 * text.
 */
final class Amd64TableReader {
    private static final String[] CONDITIONS =
            {"OS", "OC", "CS", "CC", "EQ", "NE", "LS", "HI", "MI", "PL", "PS", "PC", "LT", "GE", "LE", "GT"};

    int count;
    int[] op = new int[1200];
    int[] spec = new int[1200];
    int[] extra = new int[1200];
    int[] roles = new int[1200];
    byte[] arity = new byte[1200];
    long[] accepts = new long[1200 * MAX_OPERANDS];

    /** Binary logarithm of how much longer than 128 bits the row's current length is. */
    private int scale;
    /** Rounding and SAE exist for scalars and 512 bits only: of a row with several lengths, for the last. */
    private boolean roundable = true;

    private final HashMap<String, Amd64Op> names = Amd64Table.names();
    private final HashMap<String, Long> sets = new HashMap<>();

    void read(String text, String resource) {
        int at = 0;
        int line = 0;
        String[] tokens = new String[24];
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                end = text.length();
            }
            line++;
            if (end > at && text.charAt(at) != '#') {
                try {
                    int n = split(text, at, end, ' ', tokens);
                    if (n > 0) {
                        row(tokens, n);
                    }
                } catch (RuntimeException e) {
                    throw new Fault("arch", resource + ":" + line + ": " + e.getMessage(), e);
                }
            }
            at = end + 1;
        }
    }

    private static int split(String s, int from, int to, char separator, String[] into) {
        int n = 0;
        int at = from;
        while (at < to) {
            if (s.charAt(at) == separator) {
                at++;
                continue;
            }
            int e = at;
            while (e < to && s.charAt(e) != separator) {
                e++;
            }
            into[n++] = s.substring(at, e);
            at = e;
        }
        return n;
    }

    private void row(String[] t, int n) {
        String m = t[0];
        if (m.charAt(0) == '*') {
            String stem = m.substring(1);
            int q = stem.indexOf('_');
            String before = q < 0 ? stem : stem.substring(0, q);
            String after = q < 0 ? "" : stem.substring(q + 1);
            form(before + "W" + after, t, n, OSIZE, 2, 0);
            form(before + "L" + after, t, n, 0, 3, 0);
            form(before + "Q" + after, t, n, W, 3, 0);
        } else if (m.indexOf('?') >= 0) {
            for (int c = 0; c < 16; c++) {
                form(m.replace("?", CONDITIONS[c]), t, n, 0, 3, c);
            }
        } else {
            lengths(m, t, n);
        }
    }

    /** One form, or with VEX.xy, EVEX.xyz and the like one for each length; each with its masked variants. */
    private void lengths(String mnemonic, String[] t, int n) {
        String enc = n > 2 ? t[2] : "";
        int dot = enc.indexOf('.');
        String list = t[1];
        if (dot < 0) {
            masked(mnemonic, list, t, n, 0, 0);
            return;
        }
        boolean evex = enc.charAt(0) == 'E';
        t[2] = enc.substring(0, dot);
        for (int i = dot + 1; i < enc.length(); i++) {
            char c = enc.charAt(i);
            String expanded = list.replace('~', evex ? Character.toUpperCase(c) : c);
            roundable = c == 'z';
            masked(mnemonic, expanded, t, n, c - 'x' << LEN_SHIFT, c - 'x');
        }
        roundable = true;
    }

    private void masked(String mnemonic, String list, String[] t, int n, int bits, int scale) {
        boolean may = false;
        boolean must = false;
        for (int i = 3; i < n; i++) {
            may |= t[i].equals("mask");
            must |= t[i].equals("mask!");
        }
        this.scale = scale;
        if (!must) {
            t[1] = list;
            form(mnemonic, t, n, bits, 3, 0);
        }
        if (may || must) {
            int comma = list.lastIndexOf(',');
            t[1] = list.substring(0, comma + 1) + "k1@k," + list.substring(comma + 1);
            form(mnemonic, t, n, bits, 3, 0);
        }
        this.scale = 0;
    }

    /**
     * Adds one form. {@code bits} go into its spec, {@code iz} is the immediate that "iz" means, {@code add} is added
     * to the opcode.
     */
    private void form(String mnemonic, String[] t, int n, int bits, int iz, int add) {
        Amd64Op named = names.get(mnemonic);
        if (named == null) {
            throw new Fault("arch", "no mnemonic " + mnemonic);
        }
        int f = count++;
        if (f == op.length) {
            grow();
        }
        op[f] = named.ordinal();
        int s = bits;
        int x = 0;
        int modrm = MODRM_NONE;
        boolean opcode = false;
        for (int i = 2; i < n; i++) {
            String k = t[i];
            switch (k) {
                case "o16" -> s |= OSIZE;
                case "a32" -> s |= ASIZE;
                case "W" -> s |= W;
                case "WIG" -> s |= WIG;
                case "LIG" -> s |= LIG;
                case "VEX" -> s |= VEX << ENC_SHIFT;
                case "EVEX" -> s |= EVEX << ENC_SHIFT;
                case "L1" -> s |= 1 << LEN_SHIFT;
                case "L2" -> s |= 2 << LEN_SHIFT;
                case "0F" -> s |= (s >> MAP_SHIFT & 3) == 0 ? 1 << MAP_SHIFT : 0x0f;
                case "0F38" -> s |= 2 << MAP_SHIFT;
                case "0F3A" -> s |= 3 << MAP_SHIFT;
                case "/r" -> modrm = MODRM_REG;
                case "+r" -> modrm = MODRM_OPREG;
                case "ib" -> s |= IMM_B << IMM_SHIFT;
                case "iw" -> s |= IMM_W << IMM_SHIFT;
                case "id" -> s |= IMM_D << IMM_SHIFT;
                case "iq" -> s |= IMM_Q << IMM_SHIFT;
                case "iz" -> s |= iz << IMM_SHIFT;
                case "is4" -> s |= IMM_IS4 << IMM_SHIFT;
                case "rel8" -> s |= REL8 << IMM_SHIFT;
                case "rel32" -> s |= REL32 << IMM_SHIFT;
                case "zero" -> x |= ZEROING;
                case "er" -> x |= roundable ? ROUNDING : 0;
                case "sae" -> x |= roundable ? SAE : 0;
                case "mask", "mask!" -> x |= t[1].contains("@k") ? MASKED : 0;
                case "asm" -> x |= ASM_ONLY;
                default -> {
                    char c = k.charAt(0);
                    if (c == '/') {
                        modrm = k.charAt(1) - '0';
                    } else if (c == '=') {
                        modrm = MODRM_FIXED;
                        x |= Integer.parseInt(k, 1, 3, 16);
                    } else if (c == 'N') {
                        x |= Integer.numberOfTrailingZeros(Integer.parseInt(k, 1, k.length(), 10))
                                + scale << DISP_SHIFT;
                    } else if (c == 'b') {
                        x |= Integer.numberOfTrailingZeros(k.charAt(1) - '0') << BCST_SHIFT;
                    } else if (!opcode && isPrefix(k) && hasOpcodeAfter(t, i, n)) {
                        s |= (k.equals("66") ? 1 : k.equals("F3") ? 2 : 3) << PP_SHIFT;
                    } else {
                        s |= Integer.parseInt(k, 16) + add;
                        opcode = true;
                    }
                }
            }
        }
        spec[f] = s | modrm << MODRM_SHIFT;
        extra[f] = x;
        operands(f, t[1], modrm, s);
    }

    private static boolean isPrefix(String k) {
        return k.equals("66") || k.equals("F2") || k.equals("F3");
    }

    private static boolean hasOpcodeAfter(String[] t, int i, int n) {
        for (int j = i + 1; j < n; j++) {
            String k = t[j];
            if (k.length() == 2 && Character.digit(k.charAt(0), 16) >= 0 && Character.digit(k.charAt(1), 16) >= 0
                    || k.startsWith("0F")) {
                return true;
            }
        }
        return false;
    }

    private void operands(int f, String list, int modrm, int s) {
        if (list.equals("-")) {
            return;
        }
        String[] c = new String[8];
        int n = split(list, 0, list.length(), ',', c);
        arity[f] = (byte) n;
        int role = 0;
        boolean regTaken = modrm != MODRM_REG;
        boolean vTaken = (s >> ENC_SHIFT & 3) == LEGACY;
        boolean rmTaken = false;
        boolean immTaken = false;
        for (int i = n - 1; i >= 0; i--) {
            String name = c[i];
            char fixed = 0;
            int at = name.indexOf('@');
            if (at > 0) {
                fixed = name.charAt(at + 1);
                c[i] = name = name.substring(0, at);
            }
            long set = set(name);
            if (name.equals("i32") && (s & W) != 0) {
                set = Amd64Classes.I_S32 | Amd64Classes.I_U32_LOOSE;
            }
            accepts[f * MAX_OPERANDS + i] = set;
            int r;
            if (fixed != 0) {
                r = switch (fixed) {
                    case 'm' -> IN_RM;
                    case 'r' -> IN_REG;
                    case 'v' -> IN_VVVV;
                    case 'o' -> IN_OPCODE;
                    case 'k' -> IN_MASK;
                    case 'b' -> IN_BOTH;
                    case 'i' -> IN_IS4;
                    default -> IMPLIED;
                };
                if (r == IN_REG) {
                    regTaken = true;
                } else if (r == IN_VVVV) {
                    vTaken = true;
                }
            } else if ((set & (Amd64Classes.TO_LABEL | Amd64Classes.TO_SYMBOL)) != 0) {
                r = IN_REL;
            } else if ((set & (Amd64Classes.I_64 | Amd64Classes.I_U8 | Amd64Classes.I_S8 | Amd64Classes.I_S32
                    | Amd64Classes.I_U32
                    | Amd64Classes.I_U7 | Amd64Classes.I_U2)) != 0) {
                r = immTaken ? IN_IMM2 : IN_IMM;
                immTaken = true;
            } else if ((set & (Amd64Classes.I_1 | Amd64Classes.I_3 | Amd64Classes.I_0)) != 0) {
                r = IMPLIED;
            } else if ((set & ~0L << 40 & ~(Amd64Classes.LIST_X | Amd64Classes.LIST_Z)) != 0
                    || set == Amd64Classes.ADDRESS) {
                r = IN_RM;
                rmTaken = true;
            } else if (modrm == MODRM_OPREG) {
                r = IN_OPCODE;
            } else if (!regTaken) {
                r = IN_REG;
                regTaken = true;
            } else if (!vTaken) {
                r = IN_VVVV;
                vTaken = true;
            } else if (!rmTaken) {
                r = IN_RM;
                rmTaken = true;
            } else {
                throw new Fault("arch", "no place for operand " + name);
            }
            role |= r << 4 * i;
        }
        roles[f] = role;
    }

    private long set(String name) {
        Long s = sets.get(name);
        if (s == null) {
            s = Amd64Classes.set(name);
            sets.put(name, s);
        }
        return s;
    }

    private void grow() {
        int n = op.length * 2;
        op = Arrays.copyOf(op, n);
        spec = Arrays.copyOf(spec, n);
        extra = Arrays.copyOf(extra, n);
        roles = Arrays.copyOf(roles, n);
        arity = Arrays.copyOf(arity, n);
        accepts = Arrays.copyOf(accepts, n * MAX_OPERANDS);
    }
}
