// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/**
 * The text form of a function. One line per value: {@code v4 = ADD I64 v1 v3}; constants and offsets as {@code #n}, symbols and
 * other aux in angle brackets. Block ends: {@code GOTO b1}, {@code IF v5 -> b1 b2}, {@code TABLE v5 -> b1 b2 b3}, {@code RET},
 * {@code UNREACHABLE}.
 */
public final class Printer {
    private Printer() {}

    public static String print(Func f) {
        StringBuilder sb = new StringBuilder();
        sb.append("func ").append(f.name).append(" {\n");
        for (Slot s : f.slots) {
            sb.append("  slot s").append(s.id).append(' ').append(s.name).append(" size ").append(s.size).append(" align ")
                    .append(s.align).append(" ptrs ").append(mask(s.ptrMask)).append('\n');
        }
        for (Block b : f.blocks) {
            print(b, sb);
        }
        return sb.append("}\n").toString();
    }

    private static void print(Block b, StringBuilder sb) {
        sb.append(b).append(':');
        if (b == b.func.recover) {
            sb.append(" recover");
        }
        for (int i = 0; i < b.predCount; i++) {
            sb.append(i == 0 ? " <- " : " ").append(b.preds[i]);
        }
        sb.append('\n');
        for (int i = 0; i < b.count; i++) {
            sb.append("  ").append(line(b.values[i])).append('\n');
        }
        sb.append("  ");
        switch (b.kind) {
            case PLAIN -> sb.append("GOTO");
            case IF -> sb.append("IF ").append(b.control).append(b.likely > 0 ? " likely" : b.likely < 0 ? " unlikely" : "").append(" ->");
            case JUMP_TABLE -> sb.append("TABLE ").append(b.control).append(" ->");
            case RET -> sb.append("RET");
            case UNREACHABLE -> sb.append("UNREACHABLE");
        }
        for (int i = 0; i < b.succCount; i++) {
            sb.append(' ').append(b.succs[i]);
        }
        sb.append('\n');
    }

    /** One value as text, without its position. */
    public static String line(Value v) {
        StringBuilder sb = new StringBuilder();
        if (v.type != MType.VOID) {
            sb.append(v).append(" = ");
        }
        sb.append(v.op);
        if (v.type != MType.VOID) {
            sb.append(' ').append(v.type);
        }
        for (int i = 0; i < v.argCount; i++) {
            sb.append(' ').append(v.args[i]);
        }
        String aux = aux(v);
        return aux.isEmpty() ? sb.toString() : sb.append(' ').append(aux).toString();
    }

    /** What a value has beside operands: {@code #n}, {@code <symbol>}, both, or nothing. */
    public static String aux(Value v) {
        StringBuilder sb = new StringBuilder();
        if (v.auxInt != 0 || v.op == Op.CONST || v.op == Op.ARG || v.op == Op.RESULT) {
            sb.append('#').append(v.auxInt);
        }
        if (v.aux != null) {
            sb.append(sb.isEmpty() ? "<" : " <").append(aux(v.aux)).append('>');
        }
        return sb.toString();
    }

    private static String aux(Object aux) {
        if (aux instanceof Slot s) {
            return "s" + s.id;
        }
        if (aux instanceof CallInfo c) {
            return c.callee != null ? c.callee.toString() : c.methodName != null ? "." + c.methodName : "";
        }
        if (aux instanceof Alloc a) {
            return a.kind + " " + a.name + " size " + a.size + " align " + a.align + " ptrs " + mask(a.ptrMask);
        }
        return aux.toString();
    }

    private static String mask(byte[] m) {
        if (m == null) {
            return "-";
        }
        StringBuilder sb = new StringBuilder();
        for (byte x : m) {
            sb.append(Character.forDigit(x >> 4 & 15, 16)).append(Character.forDigit(x & 15, 16));
        }
        return sb.toString();
    }
}
