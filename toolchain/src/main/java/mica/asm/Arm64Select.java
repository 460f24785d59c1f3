// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.List;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Table;
import mica.arch.arm64.Arm64Words;
import mica.asm.AsmOperand.Kind;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * One parsed instruction to words: most are one row of the table; constants and offsets that do not fit, and symbols, take
 * several words, mostly by way of R27.
 *
 * <p>An operand is a shape with parameters, as in the table; here there are three more: {@code S} for a symbol's contents,
 * {@code $S} for its address, {@code L} for a place in the code.
 */
final class Arm64Select {
    /** REGTMP of Go's conventions. */
    static final int TEMPORARY = 27;
    private static final int MAX_OPERANDS = 8;

    /** A branch to a statement of the body, by index. */
    static final class Branch {
        final Arm64Code.Item item;
        final int target;

        Branch(Arm64Code.Item item, int target) {
            this.item = item;
            this.target = target;
        }
    }

    private final AsmUnit unit;
    private final Arm64Table table;
    private final Arm64Code code;
    private final Arm64Memory memory;
    private final int[] scratch = new int[4];
    private final StringBuilder key = new StringBuilder();
    final List<Branch> branches = new ArrayList<>();

    private AsmFunction f;
    private int size;
    private int above;

    // The current instruction, resolved.
    AsmInst inst;
    /** With .P or .W. */
    String mnemonic;
    int count;
    final String[] shape = new String[MAX_OPERANDS];
    /** Number of each operand's first parameter. */
    final int[] first = new int[MAX_OPERANDS + 1];
    long[] params = new long[32];
    /** Symbol operand, or null. */
    AsmOperand symbol;
    private int label;

    Arm64Select(AsmUnit unit, Arm64Table table, Arm64Code code) {
        this.unit = unit;
        this.table = table;
        this.code = code;
        memory = new Arm64Memory(this, unit, table, code);
    }

    /** Begins a function with {@code size} bytes of frame, of which {@code above} lie between locals and caller. */
    void frame(AsmFunction f, int size, int above) {
        this.f = f;
        this.size = size;
        this.above = above;
        branches.clear();
    }

    AsmErrors.Stop illegal(AsmInst i) {
        if (table.isScalable(i.mnemonic)) {
            return unit.errors.stop(i.pos, "illegal combination from SVE: " + AsmPrinter.print(i, unit.arch));
        }
        return unit.errors.stop(i.pos, "illegal combination: " + AsmPrinter.print(i, unit.arch));
    }

    /** Reports what is wrong with the current instruction. */
    AsmErrors.Stop wrong(String what) {
        return unit.errors.stop(inst.pos, what + ": " + AsmPrinter.print(inst, unit.arch));
    }

    // Words for everybody here.

    /** One row of the table, which must exist unless it is part of what a statement asks for. */
    void emit(String mnemonic, String shapes, long... params) {
        int w = table.encode(mnemonic, shapes, params);
        if (w == -1 && inst != null) {
            // A register that the longer way does not take.
            throw illegal(inst);
        }
        if (w == -1) {
            throw new mica.base.Fault("asm", "no form " + mnemonic + " " + shapes + " " + java.util.Arrays.toString(params));
        }
        code.word(w);
    }

    /** A branch that gets its target later. */
    void branch(String mnemonic, int reach) {
        emit(mnemonic, "L", 0);
        code.current().reach = reach;
    }

    /** Loads a constant; returns the number of words. */
    int constant(long v, boolean wide, int reg) {
        int n = Arm64Words.constant(v, wide, reg, scratch);
        for (int i = 0; i < n; i++) {
            code.word(scratch[i]);
        }
        return n;
    }

    /** {@code op $v, from, to} for ADD, SUB, ADDS, SUBS of 64 or 32 bits, whatever the constant. */
    void arithmetic(String op, long v, int from, int to, int pos) {
        boolean wide = !op.endsWith("W");
        long x = wide ? v : v & 0xffffffffL;
        if (Arm64Words.isAddend(x)) {
            emit(op, "$#|r|r", x, from, to);
            return;
        }
        boolean flags = op.startsWith("ADDS") || op.startsWith("SUBS");
        boolean oneWord = Arm64Words.constant(x, wide, TEMPORARY, scratch) == 1;
        if (!flags && !oneWord && x >= 0 && x <= 0xffffff) {
            emit(op, "$#|r|r", x & 0xfff, from, to);
            emit(op, "$#|r|r", x & 0xfff000, to, to);
            return;
        }
        constant(x, wide, TEMPORARY);
        byRegister(op, from, to, oneWord);
    }

    /** {@code op R27, from, to}; with RSP it is the form of extended registers. */
    private void byRegister(String op, int from, int to, boolean oneWord) {
        boolean narrow = op.endsWith("W");
        if (narrow && !oneWord && (from == Arm64Inst.RSP || to == Arm64Inst.RSP)) {
            emit(op, "r.UXTX|r|r", TEMPORARY, from, to);
        } else {
            emit(op, "r|r|r", TEMPORARY, from, to);
        }
    }

    // Operands.

    private void resolve(AsmInst i, int index) {
        inst = i;
        mnemonic = i.suffix.isEmpty() ? i.mnemonic : i.mnemonic + i.suffix;
        count = i.operands.length;
        symbol = null;
        label = -1;
        if (count > MAX_OPERANDS) {
            throw illegal(i);
        }
        int n = 0;
        for (int k = 0; k < count; k++) {
            first[k] = n;
            AsmOperand o = i.operands[k];
            if (o.kind == Kind.SPECIAL) {
                n = special(k, o, n);
            } else {
                n = plain(k, o, n, index);
            }
        }
        first[count] = n;
    }

    private int special(int k, AsmOperand o, int n) {
        // (R1) is 0(R1), (Z1.D) is 0(Z1.D).
        if (o.name.charAt(0) == '(' && o.name.indexOf(')') == o.name.length() - 1 && o.params.length == 1) {
            shape[k] = "#" + o.name;
            params[n] = 0;
            params[n + 1] = o.params[0];
            return n + 2;
        }
        if (n + o.params.length > params.length - 4) {
            throw illegal(inst);
        }
        shape[k] = o.name;
        for (long v : o.params) {
            params[n++] = v;
        }
        return n;
    }

    private int plain(int k, AsmOperand o, int n, int index) {
        switch (o.kind) {
            case IMM -> {
                shape[k] = "$#";
                params[n] = o.value;
                return n + 1;
            }
            case FLOAT -> {
                shape[k] = "$f";
                params[n] = Double.doubleToRawLongBits(o.real);
                return n + 1;
            }
            case BRANCH -> {
                return place(k, o, n, index);
            }
            case MEM, ADDR -> {
                return named(k, o, n);
            }
            default -> throw illegal(inst);
        }
    }

    private int place(int k, AsmOperand o, int n, int index) {
        Integer at = o.name == null ? Integer.valueOf(index + (int) o.value) : f.labels.get(o.name);
        if (at == null && table.knowsName(o.name)) {
            shape[k] = o.name;
            return n;
        }
        if (at == null) {
            throw unit.errors.stop(inst.pos, "undefined label " + o.name);
        }
        if (at < 0 || at > f.body.size()) {
            throw unit.errors.stop(inst.pos, "branch out of range");
        }
        shape[k] = "L";
        params[n] = 0;
        // The standard assembler gives ADR of a place counted from here the distance 0.
        label = o.name == null && mnemonic.startsWith("ADR") ? -1 : at;
        return n + 1;
    }

    private int named(int k, AsmOperand o, int n) {
        if (!o.isSymbol() || o.index >= 0) {
            throw illegal(inst);
        }
        if (o.pseudo == AsmOperand.SB) {
            shape[k] = o.kind == Kind.ADDR ? "$S" : "S";
            symbol = o;
            return n;
        }
        shape[k] = o.kind == Kind.ADDR ? "$#(r)" : "#(r)";
        params[n] = o.value + (o.pseudo == AsmOperand.FP ? size + 8 : size - above);
        params[n + 1] = Arm64Inst.RSP;
        if (!inst.suffix.isEmpty()) {
            throw illegal(inst);
        }
        return n + 2;
    }

    boolean is(int k, String s) {
        return k < count && shape[k].equals(s);
    }

    /** Whether an operand is of the pseudo registers. */
    boolean isRegister(int k) {
        return is(k, "r");
    }

    // Selection.

    /** Emits the words of an instruction into the current item. */
    void instruction(AsmInst i, int index) {
        try {
            select(i, index);
        } finally {
            inst = null;
        }
    }

    private void select(AsmInst i, int index) {
        resolve(i, index);
        zeroRegister();
        if (count == 2 && is(0, "r") && is(1, "r") && params[0] == Arm64Inst.ZR && Arm64Checks.isExtension(mnemonic)) {
            emit("MOVWU", "r|r", Arm64Inst.ZR, params[1]);
            return;
        }
        if (symbol != null) {
            memory.symbolic();
            return;
        }
        if (is(0, "$f") && count == 2 && i.suffix.isEmpty() && floating()) {
            return;
        }
        String problem = Arm64Checks.before(this);
        if (problem != null) {
            throw wrong(problem);
        }
        if (is(0, "$#") && (bitField() || constants())) {
            return;
        }
        int w = lookup();
        if (w != -1) {
            finish(w);
            return;
        }
        if (remainder() || memory.large()) {
            return;
        }
        String why = Arm64Checks.explain(this, table);
        throw why == null ? illegal(i) : wrong(why);
    }

    private void finish(int w) {
        if (label >= 0) {
            Arm64Code.Item item = code.current();
            item.reach = Arm64Checks.reach(mnemonic);
            item.ends = mnemonic.equals("JMP");
            branches.add(new Branch(item, label));
        } else {
            code.current().ends = mnemonic.equals("JMP") || mnemonic.equals("ERET");
        }
        code.word(w);
    }

    /** The word of the row that fits, or -1. */
    int lookup() {
        int w = table.encode(mnemonic, joined(-1), params);
        for (int k = 0; w == -1 && k < count; k++) {
            if (shape[k].startsWith("#(") && params[first[k]] == 0) {
                long[] p = new long[params.length];
                System.arraycopy(params, 0, p, 0, first[k]);
                System.arraycopy(params, first[k] + 1, p, first[k], params.length - first[k] - 1);
                w = table.encode(mnemonic, joined(k), p);
            }
        }
        return w;
    }

    /** The shapes as the table joins them; memory operand {@code bare} without its offset. */
    String joined(int bare) {
        if (count == 0) {
            return "-";
        }
        key.setLength(0);
        for (int k = 0; k < count; k++) {
            key.append(k == 0 ? "" : "|").append(shape[k], k == bare ? 1 : 0, shape[k].length());
        }
        return key.toString();
    }

    /** $0 is ZR where the instruction takes a register. */
    private void zeroRegister() {
        if (is(0, "$#") && params[0] == 0) {
            switch (inst.mnemonic) {
                case "MOVD", "MOVW", "MOVWU", "MOVH", "MOVHU", "MOVB", "MOVBU", "SBC", "SBCW", "SBCS", "SBCSW", "ADC", "ADCW",
                        "ADCS", "ADCSW", "FMOVD", "FMOVS", "MSR" -> {
                    shape[0] = "r";
                    params[0] = Arm64Inst.ZR;
                }
                default -> {
                }
            }
        }
    }

    /** FMOV of a number without an eight-bit form: zero from ZR, others from memory. */
    private boolean floating() {
        boolean single = mnemonic.equals("FMOVS");
        if (!single && !mnemonic.equals("FMOVD") || !is(1, "f")) {
            return false;
        }
        double d = Double.longBitsToDouble(params[0]);
        // The standard assembler takes the first of the eight-bit numbers from memory.
        if (d != 2.0 && table.encode(mnemonic, "$f|f", params) != -1) {
            return false;
        }
        long bits = single ? Float.floatToRawIntBits((float) d) & 0xffffffffL : params[0];
        if (bits == 0) {
            emit(mnemonic, "r|f", Arm64Inst.ZR, params[1]);
            return true;
        }
        memory.load(constantSymbol(single ? "$f32." : "$f64.", bits, single ? 4 : 8), params[1]);
        return true;
    }

    Symbol constantSymbol(String prefix, long bits, int width) {
        String hex = Long.toHexString(bits);
        return unit.constant(prefix + "0".repeat(2 * width - hex.length()) + hex, bits, width);
    }

    /** UBFX and its like are forms of UBFM, SBFM and BFM, which hold a rotation and the number of the last bit. */
    private boolean bitField() {
        String m = mnemonic;
        if (!Arm64Arch.isBitField(m)) {
            return false;
        }
        boolean narrow = m.endsWith("W");
        String name = narrow ? m.substring(0, m.length() - 1) : m;
        boolean three = count == 3;
        if (!is(1, three ? "$#" : "r") || !is(2, three ? "r" : "$#") || count == 4 && !is(3, "r") || count < 3) {
            throw illegal(inst);
        }
        int bits = narrow ? 32 : 64;
        long low = params[0];
        long width = params[three ? 1 : 2];
        long from = params[three ? 2 : 1];
        long to = three ? from : params[3];
        boolean extract = name.endsWith("X") || name.endsWith("XIL");
        String base = name.startsWith("U") ? "UBFM" : name.startsWith("S") ? "SBFM" : "BFM";
        long rotate = extract ? low : low == 0 ? 0 : bits - low;
        long last = extract ? low + width - 1 : width - 1;
        String shapes = "$#|r|$#|r";
        long[] p = {rotate, from, last, to};
        int w = table.encode(base + (narrow ? "W" : ""), shapes, p);
        if (w == -1) {
            throw wrong("illegal bit number");
        }
        code.word(w);
        return true;
    }

    /** Instructions with a constant in front that may take more than one word. */
    private boolean constants() {
        String m = inst.mnemonic;
        if (!inst.suffix.isEmpty()) {
            return false;
        }
        switch (m) {
            case "MOVD", "MOVW" -> {
                return count == 2 && is(1, "r") && move(m.equals("MOVD"));
            }
            case "ADD", "ADDS", "SUB", "SUBS", "ADDW", "ADDSW", "SUBW", "SUBSW" -> {
                return sum();
            }
            case "CMP", "CMN", "CMPW", "CMNW" -> {
                return compare();
            }
            case "AND", "ORR", "EOR", "ANDS", "BIC", "ORN", "EON", "BICS", "ANDW", "ORRW", "EORW", "ANDSW", "BICW", "ORNW",
                    "EONW", "BICSW", "TST", "TSTW" -> {
                return logic();
            }
            case "VMOVS", "VMOVD", "VMOVQ" -> {
                return vector();
            }
            default -> {
                return false;
            }
        }
    }

    private boolean move(boolean wide) {
        int reg = (int) params[1];
        if (reg == Arm64Inst.RSP) {
            long x = wide ? params[0] : params[0] & 0xffffffffL;
            boolean plainMove = !Arm64Words.isAddend(x) && Arm64Words.constant(x, wide, Arm64Inst.ZR, scratch) == 1;
            if (!Arm64Words.isMask(x, wide) || plainMove) {
                throw illegal(inst);
            }
        }
        constant(params[0], wide, reg);
        return true;
    }

    private boolean sum() {
        boolean three = count == 3;
        if (!is(1, "r") || three && !is(2, "r") || count < 2 || count > 3) {
            return false;
        }
        int to = (int) params[three ? 2 : 1];
        int from = (int) params[1];
        boolean flags = mnemonic.startsWith("ADDS") || mnemonic.startsWith("SUBS");
        if (flags && to == Arm64Inst.RSP) {
            throw wrong("illegal destination register");
        }
        boolean wide = !mnemonic.endsWith("W");
        long v = wide ? params[0] : params[0] & 0xffffffffL;
        boolean direct = Arm64Words.isAddend(v);
        boolean one = Arm64Words.constant(v, wide, TEMPORARY, scratch) == 1;
        boolean two = !flags && !one && v >= 0 && v <= 0xffffff;
        if (!direct && !two && three && from == TEMPORARY) {
            throw wrong("cannot use REGTMP as source");
        }
        // ZR is number 31, which means RSP in the form with a constant.
        if (to == Arm64Inst.ZR || from == Arm64Inst.ZR) {
            throw illegal(inst);
        }
        arithmetic(mnemonic, v, from, to, inst.pos);
        return true;
    }

    private boolean compare() {
        if (count != 2 || !is(1, "r")) {
            return false;
        }
        boolean wide = !mnemonic.endsWith("W");
        long v = wide ? params[0] : params[0] & 0xffffffffL;
        int from = (int) params[1];
        boolean one = Arm64Words.constant(v, wide, TEMPORARY, scratch) == 1;
        if (Arm64Words.isAddend(v)) {
            if (from == Arm64Inst.ZR) {
                throw illegal(inst);
            }
            emit(mnemonic, "$#|r", v, from);
            return true;
        }
        if (!one && from == Arm64Inst.RSP) {
            throw illegal(inst);
        }
        if (from == TEMPORARY) {
            throw wrong("cannot use REGTMP as source");
        }
        if (from == Arm64Inst.ZR) {
            // Only the longest way has a form with ZR; where it is one word, the standard assembler makes no code that runs.
            int n = Arm64Words.pieces(v, wide, TEMPORARY, scratch);
            if (n == 1) {
                throw illegal(inst);
            }
            for (int i = 0; i < n; i++) {
                code.word(scratch[i]);
            }
        } else {
            constant(v, wide, TEMPORARY);
        }
        emit(mnemonic, "r|r", TEMPORARY, from);
        return true;
    }

    private boolean logic() {
        boolean test = mnemonic.startsWith("TST");
        boolean three = count == 3;
        if (!is(1, "r") || three && !is(2, "r") || count < 2 || count > 3 || test && three) {
            return false;
        }
        boolean wide = !mnemonic.endsWith("W");
        long v = wide ? params[0] : params[0] & 0xffffffffL;
        int from = (int) params[1];
        int to = test ? Arm64Inst.ZR : (int) params[three ? 2 : 1];
        boolean flags = test || mnemonic.startsWith("ANDS") || mnemonic.startsWith("BICS");
        if (Arm64Words.isMask(v, wide) && (to != Arm64Inst.ZR || flags)) {
            boolean plainMove = !Arm64Words.isAddend(v) && Arm64Words.constant(v, wide, Arm64Inst.ZR, scratch) == 1;
            if (from == Arm64Inst.RSP && !three && !test && !flags) {
                throw wrong("illegal source register");
            }
            int w = table.encode(mnemonic, joined(-1), params(v));
            if (w != -1) {
                code.word(w);
                return true;
            }
            if (plainMove) {
                throw illegal(inst);
            }
        }
        if (from == Arm64Inst.RSP || to == Arm64Inst.RSP) {
            throw illegal(inst);
        }
        if (from == TEMPORARY && (three || test)) {
            throw wrong("cannot use REGTMP as source");
        }
        boolean oneMove = !Arm64Words.isAddend(v) && Arm64Words.constant(v, wide, Arm64Inst.ZR, scratch) == 1;
        if (Arm64Words.isMask(v, wide) && (v < 0 || v > 0xfff) && !oneMove) {
            // A mask that only ZR as destination keeps out of the instruction.
            int n = Arm64Words.pieces(v, wide, TEMPORARY, scratch);
            for (int i = 0; i < n; i++) {
                code.word(scratch[i]);
            }
        } else {
            constant(v, wide, TEMPORARY);
        }
        if (test) {
            emit(mnemonic, "r|r", TEMPORARY, from);
        } else {
            emit(mnemonic, "r|r|r", TEMPORARY, from, to);
        }
        return true;
    }

    private long[] params(long firstOne) {
        params[0] = firstOne;
        return params;
    }

    /** VMOVS, VMOVD, VMOVQ of constants load them from memory. */
    private boolean vector() {
        boolean quad = mnemonic.equals("VMOVQ");
        if (count != (quad ? 3 : 2) || !is(count - 1, "v") || quad && !is(1, "$#")) {
            return false;
        }
        Symbol s = quad ? unit.constant128(params[1], params[0])
                : mnemonic.equals("VMOVS") ? constantSymbol("$i32.", params[0] & 0xffffffffL, 4) : constantSymbol("$i64.", params[0], 8);
        memory.load(s, params[count - 1]);
        return true;
    }

    /** REM and its like: quotient, then what is left. */
    private boolean remainder() {
        boolean unsigned = mnemonic.startsWith("UREM");
        if (!unsigned && !mnemonic.startsWith("REM") || !is(0, "r") || !is(1, "r") || count == 3 && !is(2, "r") || count > 3) {
            return false;
        }
        String w = mnemonic.endsWith("W") ? "W" : "";
        long by = params[0];
        long from = params[1];
        long to = params[count - 1];
        int quotient = table.encode((unsigned ? "UDIV" : "SDIV") + w, "r|r|r", new long[] {by, from, TEMPORARY});
        int rest = table.encode("MSUB" + w, "r|r|r|r", new long[] {by, from, TEMPORARY, to});
        if (quotient == -1 || rest == -1) {
            return false;
        }
        code.word(quotient);
        code.word(rest);
        return true;
    }
}
