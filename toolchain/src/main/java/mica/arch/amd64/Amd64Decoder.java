// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Table.*;

/**
 * Bytes → instructions, from the rows that encode them. Prefixes that modify (LOCK, REP) are instructions of their
 * own, as in
 * Plan 9 assembly. Not for concurrent use.
 */
public final class Amd64Decoder {
    private static final int[] NO_FORMS = {};

    private final Amd64Table table = Amd64Table.all();
    /** Forms by encoding kind, map and opcode. */
    private final int[][] index = new int[3 * 4 * 256][];

    private byte[] b;
    private int at;
    private int end;

    // What the prefixes say.
    private boolean p66;
    private boolean pF2;
    private boolean pF3;
    private boolean p67;
    private int segment;
    private int rex;
    private boolean hasRex;
    private int enc;
    private int map;
    private int pp;
    private int len;
    private int vvvv;
    private boolean evexB;
    private boolean evexZ;
    private int aaa;
    /** Bits 3 and 4 of ModRM.reg, of ModRM.rm or base, of the index. */
    private int extR;
    private int extB;
    private int extX;
    private int extX4;

    // Operand bytes.
    private int mod;
    private int regField;
    private int rmField;
    private int afterOpcode;

    public Amd64Decoder() {
        int[] count = new int[index.length];
        for (int pass = 0; pass < 2; pass++) {
            for (int f : table.byRow) {
                int spec = table.spec[f];
                int key = (spec >> ENC_SHIFT & 3) * 1024 + (spec >> MAP_SHIFT & 3) * 256 + (spec & OPCODE);
                int n = (spec >> MODRM_SHIFT & 15) == MODRM_OPREG ? 8 : 1;
                for (int i = 0; i < n; i++) {
                    if (pass == 0) {
                        count[key + i]++;
                    } else {
                        index[key + i][index[key + i].length - count[key + i]--] = f;
                    }
                }
            }
            for (int k = 0; pass == 0 && k < index.length; k++) {
                index[k] = count[k] == 0 ? NO_FORMS : new int[count[k]];
            }
        }
    }

    /** Decodes the instruction at {@code code[from]}; false if the bytes up to {@code to} begin none that is known. */
    public boolean decode(byte[] code, int from, int to, Amd64Inst out) {
        b = code;
        end = Math.min(to, from + 15);
        at = from;
        p66 = pF2 = pF3 = p67 = hasRex = evexB = evexZ = false;
        segment = -1;
        rex = enc = map = pp = len = aaa = extR = extB = extX = extX4 = 0;
        vvvv = 0;
        out.fixAt = -1;
        out.segment = -1;
        if (!prefixes(from, out)) {
            return lone(code, from, to, out);
        }
        afterOpcode = at;
        int key = enc * 1024 + map * 256 + (b[at - 1] & 0xff);
        int[] candidates = index[key];
        // First those that W and the length fit exactly, then those to which they mean nothing.
        for (int strict = 1; strict >= 0; strict--) {
            for (int f : candidates) {
                if (fits(f, strict == 1) && operands(f, from, out)) {
                    return true;
                }
            }
        }
        return lone(code, from, to, out);
    }

    /** A prefix byte that no instruction here wants. */
    private static boolean lone(byte[] code, int from, int to, Amd64Inst out) {
        int c = from < to ? code[from] & 0xff : 0;
        out.op = c == 0xf3 ? Amd64Op.REP : c == 0xf2 ? Amd64Op.REPN : null;
        out.operandCount = 0;
        out.suffix = 0;
        out.length = 1;
        return out.op != null;
    }

    /** Reads everything up to the opcode, the opcode included; false if the bytes end. */
    private boolean prefixes(int from, Amd64Inst out) {
        for (;;) {
            if (at >= end) {
                return false;
            }
            int c = b[at] & 0xff;
            switch (c) {
                case 0x66 -> p66 = true;
                case 0xf2 -> pF2 = true;
                case 0xf3 -> pF3 = true;
                case 0x67 -> p67 = true;
                case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 -> segment = c == 0x26 ? ES : c == 0x2e ? CS : c == 0x36 ? SS
                        : c == 0x3e ? DS
                        : c == 0x64 ? FS : GS;
                default -> {
                    return opcode(c);
                }
            }
            at++;
        }
    }

    private boolean opcode(int c) {
        if (c == 0xc5 || c == 0xc4) {
            return vex(c);
        }
        if (c == 0x62) {
            return evex();
        }
        if (c >= 0x40 && c <= 0x4f) {
            hasRex = true;
            rex = c;
            extR = (c & 4) << 1;
            extX = (c & 2) << 2;
            extB = (c & 1) << 3;
            at++;
            if (at >= end) {
                return false;
            }
            c = b[at] & 0xff;
        }
        if (c == 0x0f) {
            at++;
            if (at >= end) {
                return false;
            }
            map = 1;
            c = b[at] & 0xff;
            if (c == 0x38 || c == 0x3a) {
                map = c == 0x38 ? 2 : 3;
                at++;
                if (at >= end) {
                    return false;
                }
            }
        }
        at++;
        return true;
    }

    private boolean vex(int c) {
        int n = c == 0xc5 ? 2 : 3;
        if (at + n >= end) {
            return false;
        }
        int b1 = b[at + 1] & 0xff;
        int last = b[at + n - 1] & 0xff;
        enc = VEX;
        extR = (~b1 & 0x80) >> 4;
        map = 1;
        if (c == 0xc4) {
            extX = (~b1 & 0x40) >> 3;
            extB = (~b1 & 0x20) >> 2;
            map = b1 & 31;
            rex = (last & 0x80) != 0 ? 8 : 0;
            if (map == 0 || map > 3) {
                return false;
            }
        }
        vvvv = ~last >> 3 & 15;
        len = last >> 2 & 1;
        pp = last & 3;
        at += n + 1;
        return true;
    }

    private boolean evex() {
        if (at + 4 >= end) {
            return false;
        }
        int p0 = b[at + 1] & 0xff;
        int p1 = b[at + 2] & 0xff;
        int p2 = b[at + 3] & 0xff;
        enc = EVEX;
        extR = (~p0 & 0x80) >> 4 | ~p0 & 0x10;
        extX = (~p0 & 0x40) >> 3;
        extX4 = (~p2 & 8) << 1;
        extB = (~p0 & 0x20) >> 2;
        map = p0 & 3;
        rex = (p1 & 0x80) != 0 ? 8 : 0;
        vvvv = ~p1 >> 3 & 15 | (~p2 & 8) << 1;
        pp = p1 & 3;
        evexZ = (p2 & 0x80) != 0;
        len = p2 >> 5 & 3;
        evexB = (p2 & 0x10) != 0;
        aaa = p2 & 7;
        at += 5;
        return (p0 & 0x0c) == 0 && (p1 & 4) != 0 && map != 0;
    }

    private boolean fits(int f, boolean strict) {
        at = afterOpcode;
        int spec = table.spec[f];
        boolean w = (rex & 8) != 0;
        if (((spec & W) != 0) != w && (strict || (spec & W) != 0)) {
            return false;
        }
        int want = spec >> PP_SHIFT & 3;
        if (enc == LEGACY) {
            boolean is66 = want == 1 || (spec & OSIZE) != 0;
            if (is66 != p66 || (want == 2) != pF3 || (want == 3) != pF2 || ((spec & ASIZE) != 0) != p67) {
                return false;
            }
        } else {
            if (want != pp || p66 || pF2 || pF3 || p67) {
                return false;
            }
            boolean lengthFits = (spec >> LEN_SHIFT & 3) == len;
            if (enc == EVEX) {
                int x = table.extra[f];
                if ((aaa != 0) != ((x & MASKED) != 0) || evexZ && (x & ZEROING) == 0) {
                    return false;
                }
                boolean register = at < end && (b[at] & 0xc0) == 0xc0;
                if (evexB && register) {
                    if ((x & (ROUNDING | SAE)) == 0) {
                        return false;
                    }
                    lengthFits |= (x & ROUNDING) != 0;
                } else if (evexB && (x >> BCST_SHIFT & 3) == 0) {
                    return false;
                }
            }
            if (!lengthFits && (strict || enc == EVEX || len > 1)) {
                return false;
            }
        }
        int modrm = spec >> MODRM_SHIFT & 15;
        if (modrm == MODRM_FIXED) {
            return at < end && (b[at] & 0xff) == (table.extra[f] & 0xff);
        }
        if (modrm < MODRM_REG) {
            return at < end && (b[at] >> 3 & 7) == modrm;
        }
        return true;
    }

    private boolean operands(int f, int from, Amd64Inst out) {
        at = afterOpcode;
        int spec = table.spec[f];
        int modrm = spec >> MODRM_SHIFT & 15;
        long rm = NO_OPERAND;
        mod = 3;
        if (modrm <= MODRM_REG) {
            if (at >= end) {
                return false;
            }
            int m = b[at] & 0xff;
            mod = m >> 6;
            regField = m >> 3 & 7 | extR;
            rmField = m & 7;
            at++;
            if (mod != 3) {
                rm = memory(f, out, from);
                if (rm == NO_OPERAND) {
                    return false;
                }
            }
        } else if (modrm == MODRM_FIXED) {
            at++;
        }
        int immAt = at;
        int n = table.arity[f];
        int roles = table.roles[f];
        boolean usesV = (roles & 0xf) == IN_VVVV || (roles & 0xf0) == IN_VVVV << 4 || (roles & 0xf00) == IN_VVVV << 8
                || (roles & 0xf000) == IN_VVVV << 12 || (roles & 0xf0000) == IN_VVVV << 16;
        boolean vsib = kind(rm) == MEM && index(rm) != NOREG && index(rm) >= X0;
        if (enc != LEGACY && !usesV && (vvvv & (vsib ? 15 : 31)) != 0) {
            return false;
        }
        if (segment >= 0 && kind(rm) != MEM) {
            // A branch hint, or nothing.
            out.segment = segment;
        }
        int pooled = 0;
        for (int i = 0; i < n; i++) {
            long set = table.accepts[f * MAX_OPERANDS + i];
            long o;
            switch (roles >> 4 * i & 15) {
                case IN_RM -> {
                    if (mod == 3) {
                        o = register(set, rmField | extB | (enc == EVEX ? extX << 1 : 0), i, f);
                    } else {
                        o = rm;
                        if ((Amd64Classes.of(base(rm) == PC ? mem(AX, 0) : rm, out.pool) & set) == 0) {
                            return false;
                        }
                    }
                }
                case IN_REG -> o = register(set, regField, i, f);
                case IN_BOTH -> {
                    int r = rmField | extB;
                    if (mod != 3 || r != regField) {
                        return false;
                    }
                    o = r;
                }
                case IN_VVVV -> o = register(set, vvvv, i, f);
                case IN_OPCODE -> o = register(set, b[afterOpcode - 1] & 7 | extB, i, f);
                case IN_MASK -> o = K0 + aaa;
                case IN_IS4 -> {
                    if (immAt >= end) {
                        return false;
                    }
                    o = register(set, b[immAt] >> 4 & 15, i, f);
                }
                case IN_IMM -> {
                    int width = immWidth(spec);
                    if (immAt + width > end) {
                        return false;
                    }
                    long v = immediate(set, immAt, width, spec);
                    if (v << 4 >> 4 != v) {
                        out.pool[pooled] = v;
                        o = (long) IMM64 << 60 | pooled++;
                    } else {
                        o = imm(v);
                    }
                    if ((Amd64Classes.of(o, out.pool) & set) == 0) {
                        return false;
                    }
                }
                case IN_REL -> {
                    int width = (spec >> IMM_SHIFT & 7) == REL8 ? 1 : 4;
                    if (immAt + width > end || set == Amd64Classes.TO_SYMBOL) {
                        return false;
                    }
                    out.target = (int) signed(immAt, width) + immAt + width;
                    out.distance = out.target - from;
                    if (width == 4) {
                        out.fixAt = immAt - from;
                    }
                    o = label(0);
                }
                case IMPLIED -> o = implied(set);
                default -> {
                    return false;
                }
            }
            if (o == NO_OPERAND) {
                return false;
            }
            out.operands[i] = o;
        }
        at = immAt + immWidth(spec);
        if (at > end) {
            return false;
        }
        out.op = Amd64Op.ALL[table.opOf[f]];
        out.operandCount = n;
        out.form = f;
        out.length = at - from;
        out.suffix = suffix(f);
        return true;
    }

    private int suffix(int f) {
        int s = evexZ ? Amd64Suffix.Z : 0;
        if (evexB) {
            if (mod != 3) {
                s |= Amd64Suffix.BCST;
            } else if ((table.extra[f] & ROUNDING) != 0) {
                s |= Amd64Suffix.ROUND | len << Amd64Suffix.MODE_SHIFT;
            } else {
                s |= Amd64Suffix.SAE;
            }
        }
        return s;
    }

    private static int immWidth(int spec) {
        switch (spec >> IMM_SHIFT & 7) {
            case IMM_B, IMM_IS4, REL8:
                return 1;
            case IMM_W:
                return 2;
            case IMM_D, REL32:
                return 4;
            case IMM_Q:
                return 8;
            default:
                return 0;
        }
    }

    private long signed(int from, int width) {
        long v = 0;
        for (int i = width - 1; i >= 0; i--) {
            v = v << 8 | b[from + i] & 0xff;
        }
        int shift = 64 - 8 * width;
        return v << shift >> shift;
    }

    /** The constant, with the sign if its class allows one. */
    private long immediate(long set, int from, int width, int spec) {
        long v = signed(from, width);
        boolean negative = (set & (Amd64Classes.I_S8 | Amd64Classes.I_S32 | Amd64Classes.I_64)) != 0;
        // A byte that may be written either way (shuffles, shift counts) reads better without sign.
        boolean unsigned = !negative || (set & Amd64Classes.I_U8) != 0;
        return unsigned && width < 8 ? v & (1L << 8 * width) - 1 : v;
    }

    private long register(long set, int number, int operand, int f) {
        long o;
        if ((set & Amd64Classes.R_BYTE) != 0) {
            if (number >= 4 && number < 8 && !hasRex) {
                return AH + number - 4;
            }
            // Where AL has a form of its own, the longer form is written with AX.
            return number == 0 && shorterWithAl(f) ? AX : AL + number;
        }
        if ((set & Amd64Classes.R) != 0) {
            o = number & 15;
        } else if ((set & (Amd64Classes.R_X | Amd64Classes.R_XHI)) != 0) {
            o = X0 + number;
        } else if ((set & (Amd64Classes.R_Y | Amd64Classes.R_YHI)) != 0) {
            o = Y0 + number;
        } else if ((set & Amd64Classes.R_Z) != 0) {
            o = Z0 + number;
        } else if ((set & (Amd64Classes.R_K | Amd64Classes.R_K0)) != 0) {
            o = number < 8 ? K0 + number : NO_OPERAND;
        } else if ((set & Amd64Classes.R_MM) != 0) {
            o = M0 + (number & 7);
        } else if ((set & Amd64Classes.R_SEG) != 0) {
            o = number < 6 ? ES + number : NO_OPERAND;
        } else if ((set & Amd64Classes.R_CR) != 0) {
            o = CR0 + (number & 15);
        } else if ((set & Amd64Classes.R_DR) != 0) {
            o = number < 8 ? DR0 + number : NO_OPERAND;
        } else if ((set & (Amd64Classes.R_F | Amd64Classes.R_F0)) != 0) {
            o = F0 + (number & 7);
        } else if ((set & (Amd64Classes.LIST_X | Amd64Classes.LIST_Z)) != 0) {
            return list4(((set & Amd64Classes.LIST_Z) != 0 ? Z0 : X0) + (number & 31));
        } else {
            return NO_OPERAND;
        }
        return o != NO_OPERAND && (Amd64Classes.of(o, null) & set) != 0 ? o : NO_OPERAND;
    }

    private boolean shorterWithAl(int f) {
        int op = table.opOf[f];
        for (int g = table.first[op]; g < table.first[op + 1]; g++) {
            if (g != f && table.arity[g] == 2 && table.role(g, 0) != 0
                    && (table.accepts[g * MAX_OPERANDS] == Amd64Classes.R_AL
                            || table.accepts[g * MAX_OPERANDS + 1] == Amd64Classes.R_AL)) {
                return table.imm(f) == IMM_B;
            }
        }
        return false;
    }

    private static long implied(long set) {
        if ((set & Amd64Classes.I_1) != 0) {
            return imm(1);
        }
        if ((set & Amd64Classes.I_3) != 0) {
            return imm(3);
        }
        if ((set & Amd64Classes.R_CL) != 0) {
            return CL;
        }
        if ((set & Amd64Classes.R_AL) != 0) {
            return AL;
        }
        if ((set & Amd64Classes.R_AX) != 0) {
            return AX;
        }
        if ((set & Amd64Classes.R_X0) != 0) {
            return X0;
        }
        if ((set & Amd64Classes.R_F0) != 0) {
            return F0;
        }
        return (set & Amd64Classes.R_FS) != 0 ? FS : (set & Amd64Classes.R_GS) != 0 ? GS : NO_OPERAND;
    }

    /** The operand of ModRM, SIB and displacement; {@code at} stands behind ModRM. */
    private long memory(int f, Amd64Inst out, int from) {
        int base = rmField;
        int index = NOREG;
        int scale = 0;
        if (base == 4) {
            if (at >= end) {
                return NO_OPERAND;
            }
            int sib = b[at++] & 0xff;
            scale = sib >> 6;
            base = sib & 7;
            int number = sib >> 3 & 7 | extX;
            long set = rmSet(f);
            if ((set & (Amd64Classes.VM_X | Amd64Classes.VM_Y | Amd64Classes.VM_Z)) != 0) {
                int first = (set & Amd64Classes.VM_X) != 0 ? X0 : (set & Amd64Classes.VM_Y) != 0 ? Y0 : Z0;
                index = first + (number | (enc == EVEX ? extX4 : 0));
            } else if (number != SP) {
                index = number;
            }
        }
        int width = mod == 1 ? 1 : mod == 2 ? 4 : 0;
        int realBase = base | extB;
        if (mod == 0 && base == 5) {
            width = 4;
            realBase = rmField == 4 ? NOREG : PC;
        }
        if (at + width > end) {
            return NO_OPERAND;
        }
        long disp = width == 0 ? 0 : signed(at, width);
        if (width == 4) {
            out.fixAt = at - from;
        }
        at += width;
        if (width == 1 && enc == EVEX) {
            int x = table.extra[f];
            disp <<= evexB ? x >> BCST_SHIFT & 3 : x >> DISP_SHIFT & 7;
        }
        if (segment >= 0) {
            // The model has a segment in the base's place only; with a base it is said beside.
            if (realBase != NOREG) {
                out.segment = segment;
            } else {
                realBase = segment;
            }
        }
        return mem(realBase, index, 1 << scale, (int) disp);
    }

    private long rmSet(int f) {
        for (int i = 0; i < table.arity[f]; i++) {
            if (table.role(f, i) == IN_RM) {
                return table.accepts[f * MAX_OPERANDS + i];
            }
        }
        return 0;
    }
}
