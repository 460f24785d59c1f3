// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

/** Instructions in Plan 9 syntax, as the assembler reads them. */
public final class Amd64Printer {
    private Amd64Printer() {}

    static void print(StringBuilder b, Amd64Op op, int suffix, long[] operands, int from, int n, Amd64Code code) {
        b.append(op.name());
        Amd64Suffix.print(b, suffix);
        for (int i = 0; i < n; i++) {
            b.append(i == 0 ? " " : ", ");
            operand(b, operands[from + i], code);
        }
    }

    static void operand(StringBuilder b, long o, Amd64Code code) {
        switch (kind(o)) {
            case REG -> b.append(name((int) o & 0xff));
            case IMM, IMM64 -> b.append('$').append(code.valueOf(o));
            case MEM -> memory(b, o);
            case SYM, ADDR -> {
                if (kind(o) == ADDR) {
                    b.append('$');
                }
                b.append(code.symbolOf(o).name);
                if (disp(o) != 0) {
                    b.append(disp(o) > 0 ? "+" : "").append(disp(o));
                }
                b.append("(SB)");
                index(b, o);
            }
            case LABEL -> b.append('L').append((int) o);
            case LIST -> {
                int r = (int) o & 0xff;
                b.append('[').append(name(r)).append('-').append(name(r + 3)).append(']');
            }
            default -> b.append('?');
        }
    }

    private static void memory(StringBuilder b, long o) {
        int base = base(o);
        int disp = disp(o);
        if (disp != 0 || base == NOREG) {
            b.append(disp);
        }
        if (base != NOREG) {
            b.append('(').append(name(base)).append(')');
        }
        index(b, o);
    }

    private static void index(StringBuilder b, long o) {
        if (Amd64.index(o) != NOREG) {
            b.append('(').append(name(Amd64.index(o))).append('*').append(1 << scaleLog(o)).append(')');
        }
    }
}
