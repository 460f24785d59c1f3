// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

/** Instructions in Plan 9 syntax, as the assembler reads them. */
public final class Amd64Printer {
    private Amd64Printer() {}

    /** What the text of some operands depends on. */
    public interface Context {
        long value(long operand);

        /** Appends the name of a SYM or ADDR operand's symbol. */
        void symbol(StringBuilder b, long operand);

        void label(StringBuilder b, long operand);

        /** Appends the text of memory relative to the instruction pointer; false to have it as disp(PC). */
        boolean relative(StringBuilder b, long operand);

        /** Appends name+offset(SB) where the displacement of memory without a base is a symbol's address. */
        default boolean absolute(StringBuilder b, long operand) {
            return false;
        }
    }

    /** Names for addresses of an executable or object. */
    public interface Names {
        /** {@code name} or {@code name+0x10} for an address that belongs to a symbol, else null. */
        String at(long address);
    }

    static void print(StringBuilder b, Amd64Op op, int suffix, long[] operands, int from, int n, Context context) {
        b.append(op.name());
        Amd64Suffix.print(b, suffix);
        for (int i = 0; i < n; i++) {
            b.append(i == 0 ? " " : ", ");
            operand(b, operands[from + i], context);
        }
    }

    /** A decoded instruction; {@code address} is its own, {@code offset} its offset in the decoded bytes. */
    public static String print(Amd64Inst inst, int offset, long address, Names names) {
        StringBuilder b = new StringBuilder(40);
        print(b, inst, new Context() {
            @Override
            public long value(long operand) {
                return inst.valueOf(operand);
            }

            @Override
            public void symbol(StringBuilder s, long operand) {
                s.append('?');
            }

            @Override
            public void label(StringBuilder s, long operand) {
                target(s, inst, address - offset + inst.target, names);
            }

            @Override
            public boolean relative(StringBuilder s, long operand) {
                String name = names.at(address + inst.length + disp(operand));
                if (name == null) {
                    return false;
                }
                s.append(name).append("(SB)");
                return true;
            }
        });
        return b.toString();
    }

    /** Appends a decoded instruction; a segment prefix that its operands do not show stands in front. */
    public static void print(StringBuilder b, Amd64Inst inst, Context context) {
        if (inst.segment >= 0) {
            b.append(name(inst.segment)).append(": ");
        }
        print(b, inst.op, inst.suffix, inst.operands, 0, inst.operandCount, context);
    }

    /** Appends where a branch goes: a symbol, or an address inside of one. */
    public static void target(StringBuilder b, Amd64Inst inst, long to, Names names) {
        String name = names.at(to);
        if (name != null && (inst.op == Amd64Op.CALL || name.indexOf('+') < 0)) {
            b.append(name).append("(SB)");
        } else {
            b.append("0x").append(Long.toHexString(to));
        }
    }

    static void operand(StringBuilder b, long o, Context context) {
        switch (kind(o)) {
            case REG -> b.append(name((int) o & 0xff));
            case IMM, IMM64 -> constant(b, context.value(o));
            case MEM -> {
                if (base(o) == PC && context.relative(b, o)) {
                    return;
                }
                if (base(o) == NOREG && context.absolute(b, o)) {
                    index(b, o);
                    return;
                }
                memory(b, o);
            }
            case SYM, ADDR -> {
                if (kind(o) == ADDR) {
                    b.append('$');
                }
                context.symbol(b, o);
                if (disp(o) != 0) {
                    b.append(disp(o) > 0 ? "+" : "").append(disp(o));
                }
                b.append("(SB)");
                index(b, o);
            }
            case LABEL -> context.label(b, o);
            case LIST -> {
                int r = (int) o & 0xff;
                b.append('[').append(name(r)).append('-').append(name(r + 3)).append(']');
            }
            default -> b.append('?');
        }
    }

    /** Small constants decimal, others hexadecimal, as go tool objdump has them. */
    private static void constant(StringBuilder b, long v) {
        b.append('$');
        if (v < 0 && v != Long.MIN_VALUE) {
            b.append('-');
            v = -v;
        }
        b.append("0x").append(Long.toHexString(v));
    }

    private static void memory(StringBuilder b, long o) {
        int base = base(o);
        int disp = disp(o);
        if (disp != 0 || base == NOREG || base != NOREG && base >= ES && base <= GS) {
            if (disp < 0) {
                b.append('-');
            }
            b.append("0x").append(Long.toHexString(Math.abs((long) disp)));
        }
        if (base != NOREG) {
            b.append('(').append(base == PC ? "IP" : name(base)).append(')');
        }
        index(b, o);
    }

    private static void index(StringBuilder b, long o) {
        if (Amd64.index(o) != NOREG) {
            b.append('(').append(name(Amd64.index(o))).append('*').append(1 << scaleLog(o)).append(')');
        }
    }
}
