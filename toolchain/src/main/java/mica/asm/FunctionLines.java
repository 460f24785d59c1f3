// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import mica.asm.AsmOperand.Kind;

/**
 * The lines of one function in a listing. While the code is made, a line belongs to the number that its first instruction
 * has there; {@link #finish} turns numbers into offsets.
 */
final class FunctionLines {
    /** One instruction, or a remark between instructions. */
    static final class Line {
        final int pos;
        /** Number, then offset in the function. */
        int offset;
        /** Mnemonic, a tab, operands; null until the end for what the assembler added. */
        String text;
        /** Statement of the body that the last operand leads to; -1 = none. */
        int to = -1;

        Line(int number, int pos, String text) {
            offset = number;
            this.pos = pos;
            this.text = text;
        }
    }

    final List<Line> lines = new ArrayList<>();
    /** Numbers at which the statements of the body begin, and one more for its end. */
    private final List<Integer> statements = new ArrayList<>();
    /** Bytes of the frame as TEXT shows them. */
    int size;
    boolean leaf;
    boolean noFrame;

    /** The listing's head: what comes before the body, and up to which number. */
    void begin(AsmFunction f, int shownSize, boolean frameless, int end) {
        size = shownSize;
        noFrame = frameless;
        added(0, end, f.pos);
        if (f.args != 0 && !f.symbol.local) {
            line(end, f.pos, "FUNCDATA\t$0, " + f.symbol.name + ".args_stackmap(SB)");
        }
    }

    /** The next statement of the body begins here. */
    void statement(int number) {
        statements.add(number);
    }

    Line line(int number, int pos, String text) {
        Line l = new Line(number, pos, text);
        lines.add(l);
        return l;
    }

    /** Instructions that stand for no statement: all from one number up to another. */
    void added(int from, int to, int pos) {
        for (int n = from; n < to; n++) {
            line(n, pos, null);
        }
    }

    /**
     * @param offset where an instruction begins, by its number
     * @param padding where what fills up in front of it begins
     * @param text what an added instruction is
     */
    void finish(IntUnaryOperator offset, IntUnaryOperator padding, IntFunction<String> text) {
        for (Line l : lines) {
            int number = l.offset;
            l.offset = l.text != null && l.text.startsWith("PCALIGN") ? padding.applyAsInt(number) : offset.applyAsInt(number);
            if (l.text == null) {
                l.text = text.apply(number);
            } else if (l.to >= 0 && l.to < statements.size()) {
                l.text += offset.applyAsInt(statements.get(l.to));
            }
        }
    }

    /**
     * A statement as it is listed, up to the target of a branch if that is its last operand.
     *
     * @param fp what is added to offsets from FP
     * @param sp what is added to offsets from the pseudo register SP
     * @param constants whether constants of floating point come from memory
     */
    static String text(AsmInst i, AsmArch arch, int fp, int sp, boolean constants) {
        StringBuilder b = new StringBuilder(i.mnemonic).append(i.suffix);
        for (int k = 0; k < i.operands.length; k++) {
            AsmOperand o = i.operands[k];
            b.append(k == 0 ? "\t" : ", ");
            if (o.kind == Kind.BRANCH && k == i.operands.length - 1) {
                break;
            }
            if (o.kind == Kind.MEM && o.reg < 0 && o.index < 0 && o.name == null && i.mnemonic.startsWith("CMP")) {
                // The condition of SSE's compares may be written without the dollar sign.
                b.append('$').append(o.value);
            } else if (o.kind == Kind.FLOAT && constants) {
                b.append(constant(o.real, i.mnemonic)).append("(SB)");
            } else if (o.isSymbol() && o.pseudo == AsmOperand.SB) {
                AsmPrinter.operand(b, moved(o, 0), arch);
            } else if (o.isSymbol() && (o.pseudo == AsmOperand.FP || o.pseudo == AsmOperand.SP)) {
                AsmPrinter.operand(b, moved(o, o.pseudo == AsmOperand.FP ? fp : sp), arch);
            } else {
                AsmPrinter.operand(b, o, arch);
            }
        }
        return b.toString();
    }

    private static String constant(double v, String mnemonic) {
        boolean single = mnemonic.endsWith("S");
        java.util.HexFormat hex = java.util.HexFormat.of();
        return single ? "$f32." + hex.toHexDigits(Float.floatToRawIntBits((float) v)) : "$f64." + hex.toHexDigits(Double.doubleToRawLongBits(v));
    }

    /** A copy at another offset; listings name no ABI of operands. */
    private static AsmOperand moved(AsmOperand o, int by) {
        AsmOperand m = o.copy();
        m.value += by;
        m.abi = -1;
        return m;
    }
}
