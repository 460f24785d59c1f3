// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Table.*;

/**
 * Writes one instruction of a chosen form. What a relocation must patch is left in {@link #fixAt} and its companions.
 * Reusable; not for concurrent use.
 */
final class Amd64Encoder {

    static final int FIX_NONE = 0;
    static final int FIX_PC = 1;
    static final int FIX_ABS = 2;

    private final Amd64Table table;
    /**
     * Offset of the four bytes to relocate, and how; the addend for FIX_PC is relative to the end of the instruction.
     */
    int fixAt;
    int fixKind;
    long fixOperand;

    private byte[] b;
    private int at;
    private long[] pool;

    Amd64Encoder(Amd64Table table) {
        this.table = table;
    }

    /**
     * Appends the instruction at {@code b[at]} (32 bytes must be free) and returns the offset behind it. Relative
     * targets are left 0.
     */
    int encode(int form, int suffix, long[] operands, long[] pool, byte[] b, int at) {
        this.b = b;
        this.at = at;
        this.pool = pool;
        fixKind = FIX_NONE;
        int spec = table.spec[form];
        int n = table.arity[form];
        int roles = table.roles[form];
        long rm = NO_OPERAND;
        int reg = -1;
        int vvvv = -1;
        int opreg = -1;
        int mask = 0;
        int is4 = -1;
        long imm = 0;
        long imm2 = 0;
        boolean needRex = false;
        boolean noRex = false;
        for (int i = 0; i < n; i++) {
            long o = operands[i];
            int role = roles >> 4 * i & 15;
            switch (role) {
                case IN_RM -> rm = o;
                case IN_REG -> reg = (int) o & 0xff;
                case IN_VVVV -> vvvv = (int) o & 0xff;
                case IN_OPCODE -> opreg = (int) o & 0xff;
                case IN_MASK -> mask = (int) o & 7;
                case IN_IS4 -> is4 = number((int) o & 0xff);
                case IN_IMM -> imm = value(o);
                case IN_IMM2 -> imm2 = value(o);
                case IN_BOTH -> {
                    rm = o;
                    reg = (int) o & 0xff;
                }
                case IN_REL -> {
                    fixKind = FIX_PC;
                    fixOperand = o;
                }
                default -> {
                }
            }
            if (o >>> 60 == REG && role <= IN_OPCODE
                    && (table.accepts[form * MAX_OPERANDS + i] & Amd64Classes.R_BYTE) != 0) {
                int r = (int) o & 0xff;
                if (r >= AH && r <= BH) {
                    noRex = true;
                } else {
                    needRex |= (number(r) & 12) == 4;
                }
            }
        }
        int enc = spec >> ENC_SHIFT & 3;
        if (enc == LEGACY) {
            legacy(spec, rm, reg, opreg, needRex, noRex);
        } else if (enc == VEX) {
            vex(spec, rm, reg, vvvv);
        } else {
            evex(spec, table.extra[form], suffix, rm, reg, vvvv, mask);
        }
        int modrm = spec >> MODRM_SHIFT & 15;
        int immKind = spec >> IMM_SHIFT & 7;
        if (modrm == MODRM_FIXED) {
            this.b[this.at++] = (byte) table.extra[form];
        } else if (modrm <= MODRM_REG) {
            int unit = 0;
            if (enc == EVEX) {
                int x = table.extra[form];
                unit = (suffix & Amd64Suffix.BCST) != 0 ? x >> BCST_SHIFT & 3 : x >> DISP_SHIFT & 7;
            }
            modrm(modrm == MODRM_REG ? number(reg) & 7 : modrm, rm, enc == EVEX ? unit : -1);
        }
        immediate(immKind, imm, imm2, is4);
        return this.at;
    }

    /** Whether the operands ask for AH, CH, DH or BH where a REX prefix is needed, with which those numbers mean SP, BP, SI, DI. */
    boolean highByteWithRex(int form, long[] operands) {
        boolean high = false;
        boolean rex = (table.spec[form] & W) != 0;
        for (int i = 0; i < table.arity[form]; i++) {
            long o = operands[i];
            int role = table.roles[form] >> 4 * i & 15;
            if (role > IN_OPCODE && role != IN_BOTH) {
                continue;
            }
            int r = (int) o & 0xff;
            boolean isByte = (table.accepts[form * MAX_OPERANDS + i] & Amd64Classes.R_BYTE) != 0;
            if (kind(o) == REG && isByte && r >= AH && r <= BH) {
                high = true;
            } else {
                rex |= addressBits(o) != 0 || kind(o) == REG && isByte && (number(r) & 12) == 4;
            }
        }
        return high && rex;
    }

    private long value(long operand) {
        return kind(operand) == IMM ? immValue(operand) : pool[(int) operand];
    }

    private void legacy(int spec, long rm, int reg, int opreg, boolean needRex, boolean noRex) {
        segment(rm);
        if ((spec & ASIZE) != 0) {
            b[at++] = 0x67;
        }
        if ((spec & OSIZE) != 0) {
            b[at++] = 0x66;
        }
        int pp = spec >> PP_SHIFT & 3;
        if (pp != 0) {
            b[at++] = (byte) (pp == 1 ? 0x66 : pp == 2 ? 0xf3 : 0xf2);
        }
        int rex = (spec & W) != 0 ? 8 : 0;
        if (reg >= 0 && (number(reg) & 8) != 0) {
            rex |= 4;
        }
        if (opreg >= 0 && (number(opreg) & 8) != 0) {
            rex |= 1;
        }
        rex |= addressBits(rm);
        if (rex != 0 || needRex) {
            if (noRex) {
                throw new mica.base.Fault("arch", "AH, CH, DH or BH in an instruction that needs a REX prefix");
            }
            b[at++] = (byte) (0x40 | rex);
        }
        int map = spec >> MAP_SHIFT & 3;
        if (map != 0) {
            b[at++] = 0x0f;
            if (map != 1) {
                b[at++] = (byte) (map == 2 ? 0x38 : 0x3a);
            }
        }
        b[at++] = (byte) ((spec & OPCODE) + (opreg >= 0 ? number(opreg) & 7 : 0));
    }

    private void segment(long rm) {
        if (rm >>> 60 == MEM) {
            int base = base(rm);
            if (base >= ES && base <= GS) {
                b[at++] = (byte) "\u0026\u002e\u0036\u003e\u0064\u0065".charAt(base - ES);
            } else if (base == TLS || index(rm) == TLS) {
                b[at++] = 0x64;
            }
        }
    }

    /** REX bits B (1) and X (2) of the operand in ModRM.rm. */
    private static int addressBits(long rm) {
        switch (kind(rm)) {
            case REG:
                return (number((int) rm & 0xff) & 8) >> 3;
            case MEM:
                int base = base(rm);
                int index = index(rm);
                return (base <= R15 ? base >> 3 : 0) | (index == NOREG || index == TLS ? 0 : (number(index) & 8) >> 2);
            case SYM:
                int i = index(rm);
                return i == NOREG ? 0 : (number(i) & 8) >> 2;
            default:
                return 0;
        }
    }

    private void vex(int spec, long rm, int reg, int vvvv) {
        segment(rm);
        int xb = addressBits(rm);
        int r = reg >= 0 ? number(reg) >> 3 & 1 : 0;
        int v = vvvv >= 0 ? ~number(vvvv) & 15 : 15;
        int low = v << 3 | (spec >> LEN_SHIFT & 1) << 2 | pp(spec);
        int map = spec >> MAP_SHIFT & 3;
        if (map == 1 && xb == 0 && (spec & W) == 0) {
            b[at++] = (byte) 0xc5;
            b[at++] = (byte) ((r ^ 1) << 7 | low);
        } else {
            b[at++] = (byte) 0xc4;
            b[at++] = (byte) ((r ^ 1) << 7 | (xb & 2 ^ 2) << 5 | (xb & 1 ^ 1) << 5 | map);
            b[at++] = (byte) ((spec & W) != 0 ? 0x80 | low : low);
        }
        b[at++] = (byte) (spec & OPCODE);
    }

    /** pp of VEX and EVEX: none, 66, F3, F2, as in spec. */
    private static int pp(int spec) {
        return spec >> PP_SHIFT & 3;
    }

    private void evex(int spec, int extra, int suffix, long rm, int reg, int vvvv, int mask) {
        segment(rm);
        int xb = addressBits(rm);
        int r = reg >= 0 ? number(reg) : 0;
        int v = vvvv >= 0 ? number(vvvv) : 0;
        int k = kind(rm);
        if (k == REG) {
            xb |= (number((int) rm & 0xff) & 16) >> 3;
        } else if (k == MEM || k == SYM) {
            int index = index(rm);
            if (index != NOREG && index >= X0) {
                v |= number(index) & 16;
            }
        }
        b[at++] = 0x62;
        b[at++] = (byte) ((r >> 3 & 1 ^ 1) << 7 | (xb & 2 ^ 2) << 5 | (xb & 1 ^ 1) << 5 | (r >> 4 & 1 ^ 1) << 4
                | spec >> MAP_SHIFT & 3);
        b[at++] = (byte) (((spec & W) != 0 ? 0x80 : 0) | (~v & 15) << 3 | 4 | pp(spec));
        int len = spec >> LEN_SHIFT & 3;
        int bit = 0;
        if ((suffix & Amd64Suffix.ROUND) != 0) {
            len = suffix >> Amd64Suffix.MODE_SHIFT & 3;
            bit = 1;
        } else if ((suffix & (Amd64Suffix.SAE | Amd64Suffix.BCST)) != 0) {
            bit = 1;
        }
        b[at++] = (byte) ((suffix & Amd64Suffix.Z) << 7 | len << 5 | bit << 4 | (v >> 4 & 1 ^ 1) << 3 | mask);
        b[at++] = (byte) (spec & OPCODE);
    }

    /** ModRM, SIB and displacement; {@code unit} is the log2 of an EVEX displacement's unit, -1 without EVEX. */
    private void modrm(int reg, long rm, int unit) {
        int r = reg << 3;
        int k = kind(rm);
        if (k == REG) {
            b[at++] = (byte) (0xc0 | r | number((int) rm & 0xff) & 7);
            return;
        }
        if (k == SYM || k == ADDR) {
            int index = index(rm);
            if (index == NOREG) {
                b[at++] = (byte) (r | 5);
                fixKind = FIX_PC;
            } else {
                b[at++] = (byte) (r | 4);
                b[at++] = (byte) (scaleLog(rm) << 6 | (number(index) & 7) << 3 | 5);
                fixKind = FIX_ABS;
            }
            fixOperand = rm;
            fixAt = at;
            put(0, 4);
            return;
        }
        int base = base(rm);
        int index = index(rm);
        int disp = disp(rm);
        if (index == TLS) {
            index = NOREG;
        }
        if (base > R15) {
            b[at++] = (byte) (r | 4);
            b[at++] = (byte) (index == NOREG ? 0x25 : scaleLog(rm) << 6 | (number(index) & 7) << 3 | 5);
            put(disp, 4);
            return;
        }
        int mod;
        int disp8 = disp;
        if (disp == 0 && (base & 7) != BP) {
            mod = 0;
        } else if (unit > 0) {
            disp8 = disp >> unit;
            mod = disp8 << unit == disp && disp8 == (byte) disp8 ? 0x40 : 0x80;
        } else {
            mod = disp == (byte) disp ? 0x40 : 0x80;
        }
        if (index != NOREG) {
            b[at++] = (byte) (mod | r | 4);
            b[at++] = (byte) (scaleLog(rm) << 6 | (number(index) & 7) << 3 | base & 7);
        } else {
            b[at++] = (byte) (mod | r | base & 7);
            if ((base & 7) == SP) {
                b[at++] = 0x24;
            }
        }
        if (mod == 0x40) {
            b[at++] = (byte) disp8;
        } else if (mod == 0x80) {
            put(disp, 4);
        }
    }

    private void immediate(int kind, long imm, long imm2, int is4) {
        switch (kind) {
            case IMM_B -> b[at++] = (byte) imm;
            case IMM_W -> put(imm, 2);
            case IMM_D -> put(imm, 4);
            case IMM_Q -> put(imm, 8);
            case IMM_IS4 -> b[at++] = (byte) (is4 << 4);
            case REL8 -> {
                fixAt = at;
                put(0, 1);
            }
            case REL32 -> {
                fixAt = at;
                put(0, 4);
            }
            default -> {
            }
        }
    }

    private void put(long v, int width) {
        for (int i = 0; i < width; i++) {
            b[at++] = (byte) (v >> 8 * i);
        }
    }
}
