// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Table.*;

/** Decoded instructions in GNU's (AT&amp;T) syntax, the size always as a suffix of the mnemonic, numbers in hexadecimal. */
public final class Amd64Gnu {
    private Amd64Gnu() {}

    private static final String[] WIDE = "rax rcx rdx rbx rsp rbp rsi rdi".split(" ");
    private static final String[] BYTES = "al cl dl bl spl bpl sil dil".split(" ");
    private static final String[] MODES = {"{rn-sae}", "{rd-sae}", "{ru-sae}", "{rz-sae}"};

    /** Appends an instruction that stands at {@code address}. */
    public static void print(StringBuilder b, Amd64Inst inst, long address) {
        Amd64Table table = Amd64Table.all();
        int f = inst.form;
        if (inst.segment >= 0 && !hasMemory(inst)) {
            b.append(name(inst.segment).toLowerCase(java.util.Locale.ROOT)).append(' ');
        }
        b.append(Amd64GnuNames.of(inst));
        if (Amd64GnuNames.isNop(inst) || isPrefix(inst.op)) {
            return;
        }
        int n = inst.operandCount;
        boolean last = Amd64GnuNames.isConstantLast(inst.op) && n == 3;
        boolean swap = Amd64GnuNames.isSwapped(inst.op) && n == 2;
        int mask = -1;
        int printed = 0;
        String rounding = rounding(inst.suffix);
        for (int k = 0; k < n; k++) {
            int i = swap ? n - 1 - k : last ? (k + 2) % 3 : k;
            int role = table.role(f, i);
            long o = inst.operands[i];
            if (role == IN_MASK) {
                mask = i;
                continue;
            }
            if (role == IMPLIED && Amd64GnuNames.isSilent(inst, i)) {
                continue;
            }
            boolean constant = kind(o) == IMM || kind(o) == IMM64;
            boolean general = kind(o) == REG && (o < X0) && i == 0;
            if (rounding != null && !constant && !general) {
                b.append(printed++ == 0 ? " " : ",").append(rounding);
                rounding = null;
            }
            b.append(printed++ == 0 ? " " : ",");
            boolean toPort = inst.op == Amd64Op.OUTB || inst.op == Amd64Op.OUTW || inst.op == Amd64Op.OUTL;
            if (toPort) {
                b.append('%').append(Amd64GnuNames.accumulator(inst)).append(',');
            }
            operand(b, inst, table, i, address);
            if (role == IN_BOTH) {
                b.append(',');
                operand(b, inst, table, i, address);
            }
        }
        b.append(Amd64GnuNames.implied(inst));
        if (mask >= 0) {
            b.append(printed == 0 ? " " : "").append("{%k").append((int) inst.operands[mask] & 7).append('}');
            if ((inst.suffix & Amd64Suffix.Z) != 0) {
                b.append("{z}");
            }
        }
    }

    private static boolean isPrefix(Amd64Op op) {
        return op == Amd64Op.LOCK || op == Amd64Op.REP || op == Amd64Op.REPN;
    }

    private static boolean hasMemory(Amd64Inst inst) {
        for (int i = 0; i < inst.operandCount; i++) {
            if (kind(inst.operands[i]) == MEM) {
                return true;
            }
        }
        return false;
    }

    private static String rounding(int suffix) {
        return (suffix & Amd64Suffix.ROUND) != 0 ? MODES[suffix >> Amd64Suffix.MODE_SHIFT & 3]
                : (suffix & Amd64Suffix.SAE) != 0 ? "{sae}" : null;
    }

    private static void operand(StringBuilder b, Amd64Inst inst, Amd64Table table, int i, long address) {
        long o = inst.operands[i];
        boolean indirect = inst.op == Amd64Op.CALL || inst.op == Amd64Op.JMP;
        switch (kind(o)) {
            case REG -> {
                b.append(indirect ? "*%" : "%");
                register(b, (int) o & 0xff, inst, table, i);
            }
            case IMM, IMM64 -> {
                b.append('$');
                boolean isByte = inst.op == Amd64Op.INT ||  inst.op.name().startsWith("IN") || inst.op.name().startsWith("OUT");
                hex(b, isByte ? inst.valueOf(o) & 0xff : inst.valueOf(o));
            }
            case MEM -> {
                b.append(indirect ? "*" : "");
                memory(b, inst, o);
                int x = table.extra[inst.form];
                if ((inst.suffix & Amd64Suffix.BCST) != 0) {
                    b.append("{1to").append(1 << (x >> DISP_SHIFT & 7) - (x >> BCST_SHIFT & 3)).append('}');
                }
            }
            case LABEL -> b.append("0x").append(Long.toHexString(address + inst.distance));
            case LIST -> b.append('%').append(vector((int) o & 0xff));
            default -> b.append('?');
        }
    }

    private static void hex(StringBuilder b, long v) {
        if (v < 0 && v != Long.MIN_VALUE) {
            b.append('-');
            v = -v;
        }
        b.append("0x").append(Long.toHexString(v));
    }

    private static void memory(StringBuilder b, Amd64Inst inst, long o) {
        int base = base(o);
        int index = index(o);
        if (inst.segment >= 0) {
            b.append('%').append(name(inst.segment).toLowerCase(java.util.Locale.ROOT)).append(':');
        }
        if (base >= ES && base <= GS) {
            b.append('%').append(name(base).toLowerCase(java.util.Locale.ROOT)).append(':');
            base = NOREG;
        }
        if (disp(o) != 0 || base == NOREG && index == NOREG || base == PC) {
            hex(b, disp(o));
        }
        if (base == NOREG && index == NOREG) {
            return;
        }
        b.append('(');
        if (base != NOREG) {
            b.append(base == PC ? "%rip" : "%" + general(base, 64));
        }
        if (index != NOREG) {
            b.append(",%").append(index < 16 ? general(index, 64) : vector(index)).append(',').append(1 << scaleLog(o));
        }
        b.append(')');
    }

    private static void register(StringBuilder b, int r, Amd64Inst inst, Amd64Table table, int i) {
        if (r < 16 || r >= AL && r <= R15B) {
            b.append(general(number(r), width(inst, table, i)));
        } else if (r >= AH && r <= BH) {
            b.append("acdb".charAt(r - AH)).append('h');
        } else if (r <= Z31) {
            b.append(vector(r));
        } else if (r >= K0 && r <= K7) {
            b.append('k').append(r - K0);
        } else if (r >= M0 && r <= M7) {
            b.append("mm").append(r - M0);
        } else if (r >= F0 && r <= F7) {
            // The top of the stack is written without its number where it is understood.
            boolean top = table.role(inst.form, i) == IMPLIED;
            b.append("st").append(top ? "" : "(" + (r - F0) + ")");
        } else {
            b.append(name(r).toLowerCase(java.util.Locale.ROOT));
        }
    }

    private static String vector(int r) {
        return (r < Y0 ? "xmm" : r < Z0 ? "ymm" : "zmm") + number(r);
    }

    private static String general(int n, int width) {
        if (n >= 8) {
            return "r" + n + (width == 64 ? "" : width == 32 ? "d" : width == 16 ? "w" : "b");
        }
        return width == 64 ? WIDE[n] : width == 32 ? "e" + WIDE[n].substring(1) : width == 16 ? WIDE[n].substring(1) : BYTES[n];
    }

    /** Bits of the general register that is operand i. */
    private static int width(Amd64Inst inst, Amd64Table table, int i) {
        int f = inst.form;
        long set = table.accepts[f * MAX_OPERANDS + i];
        if ((set & (Amd64Classes.R_BYTE | Amd64Classes.R_AL | Amd64Classes.R_CL)) != 0 && (set & Amd64Classes.R) == 0) {
            return 8;
        }
        int special = Amd64GnuNames.width(inst.op, i, inst.operandCount);
        if (special != 0) {
            return special;
        }
        for (int k = 0; k < inst.operandCount; k++) {
            long o = inst.operands[k];
            if (kind(o) == REG && (o >= CR0 && o <= DR7 || o >= TR0 && o <= TR7)) {
                return 64;
            }
        }
        int spec = table.spec[f];
        return (spec & W) != 0 ? 64 : (spec & OSIZE) != 0 ? 16 : 32;
    }
}
