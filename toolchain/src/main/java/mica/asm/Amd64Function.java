// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;

import java.util.List;
import java.util.regex.Pattern;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Names;
import mica.arch.amd64.Amd64Op;
import mica.arch.amd64.Amd64Suffix;
import mica.arch.amd64.Amd64Table;
import mica.asm.AsmOperand.Kind;
import mica.obj.FuncInfo;
import mica.obj.Symbol;

/**
 * Makes one amd64 function after the other: prologue and epilogue, the depth of the stack at each instruction,
 * operands that
 * count from the frame, floating-point constants, branches, tables for the runtime.
 *
 * <pre>
 *   caller's arguments   name+n(FP) = n+8+depth(SP)
 *   return address
 *   saved BP             if the function has a frame or calls, and is not NOFRAME
 *   locals               name-n(SP) counts down from here; the TEXT's frame size
 *   (pushed words)
 *   SP
 * </pre>
 */
final class Amd64Function {
    private static final int STACK_SMALL = 128;
    private static final int STACK_BIG = 4096;
    private static final Pattern HEX = Pattern.compile("0x([0-9a-f]+)");

    private final AsmUnit unit;
    /** For shared libraries; else null. */
    private final Amd64Shared shared;
    private final Amd64Code basic = new Amd64Code();
    /** For functions with AVX and later; null until needed. */
    private Amd64Code vector;
    private Amd64Code code = basic;
    private final long[] packed = new long[8];

    private boolean useAl;
    private boolean sawAx;
    private AsmFunction f;
    private FuncInfo info;
    private int bp;
    /** Bytes between SP and the return address: after the prologue, and now. */
    private int frame;
    private int depth;
    private int[] labelOf;
    /** (instruction number, depth) pairs. */
    private int[] depths = new int[64];
    private int depthCount;
    /** What -S shows; null if nobody asks. */
    private FunctionLines lines;
    /** What {@link Amd64Shared} left of the current instruction, and the number it begins with. */
    private AsmInst left;
    private int leftAt;

    Amd64Function(AsmUnit unit) {
        this.unit = unit;
        shared = unit.options.shared || unit.options.dynlink ? new Amd64Shared(unit) : null;
        basic.acceptLooseConstants();
    }

    /**
     * The standard assembler knows the short form of byte operations between AX and a constant only from its second
     * pass on, which happens where some branch has to grow; so it is here, to give the same bytes.
     */
    void assemble(AsmFunction f) {
        if (unit.options.dynlink) {
            checkGot(f);
        }
        useAl = false;
        sawAx = false;
        code = hasVectors(f) ? vectorCode() : basic;
        once(f);
        if (sawAx && code.grew() && unit.errors.count == 0) {
            useAl = true;
            once(f);
        }
        if (unit.errors.count == 0) {
            code.finish(f.symbol);
            f.symbol.kind = mica.obj.SymKind.UNDEFINED;
            tables();
            if (lines != null) {
                lines.finish(code::start, code::padding, this::addedText);
            }
        }
    }

    private void checkGot(AsmFunction f) {
        AsmInst i = Amd64GotCheck.find(f);
        if (i != null) {
            unit.errors.error(i.pos, "when dynamic linking, R15 is clobbered by a global variable access and is used here: "
                    + AsmPrinter.print(i, unit.arch));
        }
    }

    private static boolean hasVectors(AsmFunction f) {
        for (AsmInst i : f.body) {
            if (i.op >= 0 && Amd64Table.isVector(Amd64Names.at(i.op))) {
                return true;
            }
        }
        return false;
    }

    private Amd64Code vectorCode() {
        if (vector == null) {
            vector = new Amd64Code(Amd64Table.all());
            vector.acceptLooseConstants();
        }
        return vector;
    }

    private void once(AsmFunction f) {
        this.f = f;
        code.reset();
        pcdatas = new int[0];
        info = new FuncInfo();
        labelOf = new int[f.body.size() + 1];
        depthCount = 0;
        depth = 0;
        lines = unit.lines(f);
        try {
            function();
        } catch (AsmErrors.Stop e) {
            return;
        }
        if (unit.errors.count == 0) {
            code.finish();
        }
    }

    private void function() {
        boolean calls = hasCalls();
        int locals = Math.max(f.frame, 0);
        int flags = f.flags;
        bp = (flags & AsmUnit.NOFRAME) == 0 && (locals > 0 || calls) ? 8 : 0;
        frame = locals + bp;
        boolean check = (flags & AsmUnit.NOSPLIT) == 0 && unit.options.stackChecks;
        if (check && frame < STACK_SMALL && !calls) {
            check = false;
            flags |= AsmUnit.NOSPLIT;
        }
        info.textFlags = flags;
        info.frame = frame;
        info.args = f.args;
        code.pos(f.pos);
        int start = code.newLabel();
        int more = code.newLabel();
        if (check && !unit.options.mayMoreStack.isEmpty()) {
            mayMoreStack();
        }
        code.bind(start);
        mark();
        if (check) {
            stackCheck(more);
        }
        prologue(locals);
        if (lines != null) {
            lines.begin(f, locals + bp, bp == 0, code.count());
        }
        List<AsmInst> body = f.body;
        for (int i = 0; i < body.size(); i++) {
            if (labelOf[i] == 0) {
                labelOf[i] = code.newLabel() + 1;
            }
            code.bind(labelOf[i] - 1);
            code.pos(body.get(i).pos);
            try {
                if (lines != null) {
                    listed(body.get(i), i);
                } else {
                    statement(body.get(i), i);
                }
            } catch (AsmErrors.Stop e) {
                // Reported; the rest of the function may have errors of its own.
            }
        }
        if (labelOf[body.size()] == 0) {
            labelOf[body.size()] = code.newLabel() + 1;
        }
        code.bind(labelOf[body.size()] - 1);
        if (lines != null) {
            lines.statement(code.count());
        }
        if (check) {
            depth = 0;
            mark();
            code.pos(f.pos);
            code.bind(more);
            String name = (flags & AsmUnit.NEEDCTXT) != 0 ? "runtime.morestack" : "runtime.morestack_noctxt";
            int from = code.count();
            code.emit(Amd64Op.CALL, code.sym(unit.table.lookup(name, 0), 0));
            code.emit(Amd64Op.JMP, label(start));
            if (lines != null) {
                lines.added(from, code.count(), f.pos);
            }
        }
    }

    /** A statement and its line. */
    private void listed(AsmInst i, int index) {
        int from = code.count();
        lines.statement(from);
        AsmOperand last = i.operands.length == 0 ? null : i.operands[i.operands.length - 1];
        int fp = depth + 8;
        int sp = depth - bp;
        left = i;
        statement(i, index);
        if (i.mnemonic.equals("RET")) {
            lines.added(from, code.count(), i.pos);
            return;
        }
        if (left != i) {
            rewritten(i, from, fp, sp);
            return;
        }
        // Zero is made, other constants of floating point are loaded.
        boolean made = code.count() > from && code.op(from) == Amd64Op.XORPS && !i.mnemonic.equals("XORPS");
        FunctionLines.Line line = lines.line(from, i.pos, made ? null : FunctionLines.text(i, unit.arch, fp, sp, true));
        if (last != null && last.kind == Kind.BRANCH) {
            line.to = destination(last, i, index);
        }
    }

    /** The lines of an instruction that became several. */
    private void rewritten(AsmInst i, int from, int fp, int sp) {
        if (left != null && left.op != Amd64Op.LEAQ.ordinal() && i.operands[0].reg != TLS) {
            lines.line(from, i.pos, "NOP");
        }
        lines.added(from, leftAt, i.pos);
        if (left != null) {
            lines.line(leftAt, i.pos, FunctionLines.text(left, unit.arch, fp, sp, true));
        }
    }

    /** An added instruction as it is listed, by its number. */
    private String addedText(int k) {
        String text = code.print(k).replaceFirst(" ", "\t").replace("runtime.tlsg(SB)", "TLS");
        // What is added has only small constants and offsets; they are shown as the statements' are.
        if (!text.contains("(SB)")) {
            text = HEX.matcher(text).replaceAll(m -> Long.toString(Long.parseLong(m.group(1), 16)));
        }
        int n = code.operandCount(k);
        if (n > 0 && kind(code.operand(k, n - 1)) == LABEL) {
            return text.substring(0, text.indexOf('\t') + 1) + code.labelOffset((int) code.operand(k, n - 1) & 0xffffff);
        }
        return text;
    }

    private boolean hasCalls() {
        for (AsmInst i : f.body) {
            if (i.kind == AsmInst.Kind.INST) {
                Amd64Op op = Amd64Names.at(i.op);
                if (op == Amd64Op.CALL || op == Amd64Op.DUFFCOPY || op == Amd64Op.DUFFZERO) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Compares SP with g's stack guard (g is in R14) and goes to {@code more} if the frame does not fit. */
    private void stackCheck(int more) {
        long guard = mem(R14, 16);
        if (unit.options.loadG && f.symbol.abi == 0) {
            loadG();
        }
        if (frame <= STACK_SMALL) {
            code.emit(Amd64Op.CMPQ, SP, guard);
        } else if (frame <= STACK_BIG) {
            code.emit(Amd64Op.LEAQ, mem(SP, -(frame - STACK_SMALL)), R12);
            code.emit(Amd64Op.CMPQ, R12, guard);
        } else {
            code.emit(Amd64Op.MOVQ, SP, R12);
            code.emit(Amd64Op.SUBQ, imm(frame - STACK_SMALL), R12);
            code.emit(Amd64Op.JCS, label(more));
            code.emit(Amd64Op.CMPQ, R12, guard);
        }
        code.emit(Amd64Op.JLS, label(more));
    }

    /** Calls a function of the same ABI in front of the check; DX holds a closure's context. */
    private void mayMoreStack() {
        boolean context = (f.flags & AsmUnit.NEEDCTXT) != 0;
        if (context) {
            code.emit(Amd64Op.PUSHQ, DX);
        }
        code.emit(Amd64Op.CALL, code.sym(unit.table.lookup(unit.options.mayMoreStack, f.symbol.abi), 0));
        if (context) {
            code.emit(Amd64Op.POPQ, DX);
        }
    }

    private void loadG() {
        if (shared == null) {
            code.emit(Amd64Op.MOVQ, mem(FS, -8), R14);
        } else {
            shared.loadThreadPlace(code, R14);
            code.emit(Amd64Op.MOVQ, mem(R14, TLS, 1, 0), R14);
        }
    }

    private void prologue(int locals) {
        if (bp != 0) {
            code.emit(Amd64Op.PUSHQ, BP);
            depth = 8;
            mark();
            code.emit(Amd64Op.MOVQ, SP, BP);
        }
        if (locals != 0) {
            adjust(locals);
        }
        mark();
    }

    /** Moves SP down by {@code n} bytes (up if negative). */
    private void adjust(int n) {
        if (n == 128) {
            code.emit(Amd64Op.ADDQ, imm(-128), SP);
        } else if (n == -128) {
            code.emit(Amd64Op.SUBQ, imm(-128), SP);
        } else if (n >= 0) {
            code.emit(Amd64Op.SUBQ, imm(n), SP);
        } else {
            code.emit(Amd64Op.ADDQ, imm(-n), SP);
        }
        depth += n;
    }

    /** The depth holds from the next instruction on. */
    private void mark() {
        if (depthCount + 2 > depths.length) {
            depths = java.util.Arrays.copyOf(depths, depths.length * 2);
        }
        depths[depthCount++] = code.count();
        depths[depthCount++] = depth;
    }

    private void statement(AsmInst i, int index) {
        switch (i.kind) {
            case INST -> instruction(i, index);
            case BYTES -> bytes(i);
            case FUNCDATA -> funcdata(i);
            case PCDATA -> {
                int table = (int) constant(i, 0);
                if (table < 0 || table >= info.pcdata.length) {
                    throw unit.errors.stop(i.pos, "bad PCDATA table " + table);
                }
                pcdata(table, (int) constant(i, 1));
            }
            case PCALIGN -> align(i, 0);
            case PCALIGNMAX -> align(i, (int) constant(i, 1));
        }
    }

    private long constant(AsmInst i, int k) {
        if (k >= i.operands.length) {
            throw invalid(i);
        }
        AsmOperand o = i.operands[k];
        if (o.kind != Kind.IMM) {
            throw unit.errors.stop(i.pos, i.mnemonic + ": expected integer constant");
        }
        return o.value;
    }

    private void align(AsmInst i, int max) {
        long n = constant(i, 0);
        if (n < 8 || n > 2048 || (n & n - 1) != 0) {
            throw unit.errors.stop(i.pos,
                    "alignment value of an instruction must be a power of two and in the range [8, 2048], got "
                    + n);
        }
        code.align((int) n, max);
        if (max == 0) {
            f.symbol.align = Math.max(f.symbol.align, (int) n);
        }
    }

    private void bytes(AsmInst i) {
        AsmOperand o = i.operands[0];
        if (o.kind == Kind.ADDR && o.isSymbol() && o.pseudo == AsmOperand.SB && i.width == 8 && (f.flags & AsmUnit.RAW) != 0) {
            code.rawAddress(unit.symbol(o, false), o.value);
        } else if (o.kind == Kind.FLOAT && i.width >= 4) {
            code.raw(i.width == 4 ? Float.floatToRawIntBits((float) o.real) : Double.doubleToRawLongBits(o.real),
                    i.width);
        } else if (o.kind == Kind.IMM) {
            code.raw(o.value, i.width);
        } else {
            throw invalid(i);
        }
    }

    /** (table, instruction, value) triples. */
    private int[] pcdatas = new int[0];

    private void pcdata(int table, int value) {
        int n = pcdatas.length;
        pcdatas = java.util.Arrays.copyOf(pcdatas, n + 3);
        pcdatas[n] = table;
        pcdatas[n + 1] = code.count();
        pcdatas[n + 2] = value;
    }

    private void funcdata(AsmInst i) {
        int table = (int) constant(i, 0);
        AsmOperand o = i.operands[1];
        if (table < 0 || table >= info.funcdata.length || !o.isSymbol() || o.pseudo != AsmOperand.SB) {
            throw unit.errors.stop(i.pos, "value for FUNCDATA must be symbol reference");
        }
        if (o.name.equals("go_args_stackmap")) {
            info.funcdata[table] = argsMap();
        } else {
            info.funcdata[table] = unit.symbol(o, false);
        }
    }

    /** The map of pointers among the arguments, which the compiler makes from the Go declaration. */
    private Symbol argsMap() {
        return unit.table.lookup(f.symbol.name + ".args_stackmap", 0);
    }

    private AsmErrors.Stop invalid(AsmInst i) {
        return unit.errors.stop(i.pos, "invalid instruction: " + AsmPrinter.print(i, unit.arch));
    }

    private void instruction(AsmInst i, int index) {
        left = shared == null ? i : shared.rewrite(i, code);
        leftAt = code.count();
        if (left != null) {
            plain(left, index);
        }
    }

    private void plain(AsmInst i, int index) {
        Amd64Op op = Amd64Names.at(i.op);
        int suffix = Amd64Suffix.parseAll(i.suffix);
        AsmOperand[] operands = i.operands;
        switch (op) {
            case RET -> {
                ret(i);
                return;
            }
            case ADJSP -> {
                adjust((int) constant(i, 0));
                mark();
                return;
            }
            case NOP -> {
                // Operands of a NOP say nothing; the standard assembler takes one.
                if (operands.length > 1 || operands.length == 1 && !isNopOperand(operands[0])) {
                    throw invalid(i);
                }
                return;
            }
            case MOVQ, MOVL -> {
                if (operands.length == 2 && operands[0].kind == Kind.REG && operands[0].reg == TLS && operands[1].kind == Kind.REG
                        && operands[1].reg < X0) {
                    return;
                }
            }
            default -> {
            }
        }
        if (operands.length == 2 && isConditional(op) && operands[0].kind == Kind.IMM && (operands[0].value & ~1L) == 0) {
            // A hint whether the branch is taken; nothing is made of it.
            operands = new AsmOperand[] {operands[1]};
        }
        if ((op == Amd64Op.CALL || op == Amd64Op.JMP) && operands.length == 1 && operands[0].isSymbol()
                && (operands[0].pseudo != AsmOperand.SB || operands[0].indirect)) {
            if (op == Amd64Op.JMP || operands[0].pseudo != AsmOperand.SB || operands[0].index >= 0) {
                throw invalid(i);
            }
            code.callThrough(unit.symbol(operands[0], false), offset(operands[0].value, i));
            return;
        }
        int n = 0;
        for (int k = 0; k < operands.length; k++) {
            AsmOperand o = operands[k];
            if (o.kind == Kind.PAIR) {
                packed[n++] = o.reg2;
                packed[n++] = o.reg;
            } else if (o.kind == Kind.FLOAT) {
                if (isSingle(i.mnemonic)) {
                    int bits = Float.floatToRawIntBits((float) o.real);
                    if (bits == 0 && op == Amd64Op.MOVSS) {
                        packed[n++] = operands[1].reg;
                        op = Amd64Op.XORPS;
                    } else {
                        packed[n++] = code.sym(unit.constant("$f32." + hex(bits & 0xffffffffL, 8), bits, 4), 0);
                    }
                } else {
                    long bits = Double.doubleToRawLongBits(o.real);
                    if (bits == 0 && op == Amd64Op.MOVSD) {
                        packed[n++] = operands[1].reg;
                        op = Amd64Op.XORPS;
                    } else {
                        packed[n++] = code.sym(unit.constant("$f64." + hex(bits, 16), bits, 8), 0);
                    }
                }
            } else if (n < packed.length) {
                packed[n++] = pack(o, i, index);
            }
            if (n > 6) {
                throw invalid(i);
            }
        }
        for (int k = 0; k < operands.length; k++) {
            AsmOperand o = operands[k];
            if (o.kind == Kind.ADDR && (op == Amd64Op.LEAQ || op == Amd64Op.LEAL || op == Amd64Op.LEAW)) {
                throw invalid(i);
            }
            if (o.kind == Kind.ADDR && (o.pseudo != AsmOperand.SB || o.name == null)) {
                op = leaOf(op, i);
            }
        }
        // Compares of SSE may have their condition without the dollar sign.
        if (n == 3 && operands.length == 3 && operands[2].kind == Kind.MEM && operands[2].reg < 0
                && operands[2].name == null
                && operands[2].index < 0 && i.mnemonic.startsWith("CMP")) {
            packed[2] = code.imm64(operands[2].value);
        }
        if (n == 2 && (f.flags & AsmUnit.RAW) == 0 && isByteArithmetic(op)) {
            int ax = packed[0] == AX && kind(packed[1]) == IMM ? 0 : packed[1] == AX && kind(packed[0]) == IMM ? 1 : -1;
            if (ax >= 0) {
                sawAx = true;
                packed[ax] = useAl ? AL : AX;
            }
        }
        if (n == 1 && kind(packed[0]) == SYM && (f.flags & AsmUnit.RAW) == 0
                && (isConditional(op) || isDuff(op))) {
            throw invalid(i);
        }
        if (unit.options.retpolines && n == 1 && (op == Amd64Op.CALL || op == Amd64Op.JMP)) {
            packed[0] = retpoline(operands[0], i);
        }
        String problem = Amd64Checks.gather(op, packed, n);
        if (problem == null && suffix != 0) {
            problem = code.suffixProblem(op, suffix, packed, n);
        }
        if (problem != null) {
            throw unit.errors.stop(i.pos, problem + ": " + AsmPrinter.print(i, unit.arch));
        }
        if (code.tryEmit(op, suffix, packed, n) < 0) {
            throw invalid(i);
        }
        track(op, packed, n);
    }

    /** The function that takes the place of a call or jump to where a register says; other targets stay. */
    private long retpoline(AsmOperand o, AsmInst i) {
        if (o.kind == Kind.BRANCH || o.isSymbol()) {
            return packed[0];
        }
        if (o.kind != Kind.REG) {
            throw unit.errors.stop(i.pos, "non-retpoline-compatible: " + AsmPrinter.print(i, unit.arch));
        }
        return code.sym(unit.table.lookup("runtime.retpoline" + unit.arch.registerName(o.reg), 0), 0);
    }

    private static boolean isDuff(Amd64Op op) {
        return op == Amd64Op.DUFFCOPY || op == Amd64Op.DUFFZERO;
    }

    private static boolean isConditional(Amd64Op op) {
        return op.ordinal() >= Amd64Op.JCC.ordinal() && op.ordinal() <= Amd64Op.JPS.ordinal() && op != Amd64Op.JMP
                && !op.name().startsWith("JCX");
    }

    private static boolean isNopOperand(AsmOperand o) {
        return o.kind == Kind.REG && (o.reg <= X0 + 15 || o.reg >= F0 && o.reg <= F7) || o.kind == Kind.MEM && o.index < X0
                || o.kind == Kind.ADDR && o.isSymbol();
    }

    private static boolean isByteArithmetic(Amd64Op op) {
        switch (op) {
            case ADCB, ADDB, ANDB, CMPB, ORB, SBBB, SUBB, XORB, TESTB:
                return true;
            default:
                return false;
        }
    }

    private static boolean isSingle(String mnemonic) {
        return mnemonic.endsWith("SS") || mnemonic.startsWith("F") && mnemonic.endsWith("F");
    }

    private static String hex(long v, int digits) {
        String s = Long.toHexString(v);
        return "0".repeat(digits - s.length()) + s;
    }

    private Amd64Op leaOf(Amd64Op op, AsmInst i) {
        switch (op) {
            case MOVQ:
                return Amd64Op.LEAQ;
            case MOVL:
                return Amd64Op.LEAL;
            case MOVW:
                return Amd64Op.LEAW;
            default:
                throw invalid(i);
        }
    }

    /** What an instruction does to SP. */
    private void track(Amd64Op op, long[] operands, int n) {
        int change;
        switch (op) {
            case PUSHQ, PUSHFQ -> change = 8;
            case PUSHL, PUSHFL -> change = 4;
            case PUSHW, PUSHFW -> change = 2;
            case POPQ, POPFQ -> change = -8;
            case POPL, POPFL -> change = -4;
            case POPW, POPFW -> change = -2;
            default -> {
                if (n > 0 && operands[n - 1] == SP && op != Amd64Op.CMPQ && op != Amd64Op.CMPL) {
                    info.flags |= FuncInfo.FLAG_SP_WRITE;
                }
                return;
            }
        }
        depth += change;
        mark();
    }

    /** Undoes the prologue, then returns, or goes to the operand. */
    private void ret(AsmInst i) {
        if (depth != frame && (f.flags & AsmUnit.RAW) == 0) {
            unit.errors.error(i.pos, "unbalanced PUSH/POP");
        }
        int locals = frame - bp;
        if (locals != 0) {
            adjust(-locals);
            mark();
        }
        if (bp != 0) {
            code.emit(Amd64Op.POPQ, BP);
            depth -= 8;
            mark();
        }
        if (i.operands.length == 0) {
            code.emit(Amd64Op.RET);
        } else if (i.operands.length == 1 && i.operands[0].isSymbol() && i.operands[0].pseudo == AsmOperand.SB) {
            packed[0] = pack(i.operands[0], i, 0);
            if (code.tryEmit(Amd64Op.JMP, 0, packed, 1) < 0) {
                throw invalid(i);
            }
        } else {
            throw invalid(i);
        }
        depth = frame;
        mark();
    }

    private long pack(AsmOperand o, AsmInst i, int index) {
        switch (o.kind) {
            case REG:
                return o.reg;
            case IMM:
                return code.imm64(o.value);
            case MEM, ADDR:
                return memory(o, i);
            case BRANCH:
                return branch(o, i, index);
            case LIST:
                if (o.reg2 != o.reg + 3) {
                    throw invalid(i);
                }
                return list4(o.reg);
            default:
                throw invalid(i);
        }
    }

    private long memory(AsmOperand o, AsmInst i) {
        int idx = o.index < 0 ? NOREG : o.index;
        if (o.reg == OperandParser.PSEUDO || o.index == OperandParser.PSEUDO || o.index >= 0 && o.scale == 0) {
            throw invalid(i);
        }
        long off = o.value;
        if (o.isSymbol()) {
            if (o.pseudo == AsmOperand.SB) {
                // A symbol with an index is an absolute address of 32 bits: compiled code has it, the language of assembly has not.
                if (idx != NOREG && (f.flags & AsmUnit.RAW) == 0) {
                    throw invalid(i);
                }
                Symbol s = unit.symbol(o, false);
                int disp = offset(off, i);
                return o.kind == Kind.ADDR ? idx == NOREG ? code.addr(s, disp) : badAddress(i)
                        : idx == NOREG ? code.sym(s, disp) : code.sym(s, disp, idx, o.scale);
            }
            off += o.pseudo == AsmOperand.FP ? depth + 8 : depth - bp;
            return mem(SP, idx, o.scale, offset(off, i));
        }
        if (shared != null && o.index == TLS && o.reg >= 0) {
            return mem(o.reg, TLS, 1, offset(off, i));
        }
        if (o.reg == TLS || o.index == TLS) {
            if (shared != null) {
                throw unit.errors.stop(i.pos, "unknown TLS base register for linux with -shared: " + AsmPrinter.print(i, unit.arch));
            }
            // The word in front of the thread pointer; a base register only held what MOVQ TLS left undone.
            return mem(FS, offset(off - 8, i));
        }
        int base = o.reg < 0 ? NOREG : o.reg;
        return mem(base, idx, Math.max(o.scale, 1), offset(off, i));
    }

    private long badAddress(AsmInst i) {
        throw invalid(i);
    }

    private int offset(long v, AsmInst i) {
        // LEAL keeps only the low half of the sum.
        if (v != (int) v && i.op != Amd64Op.LEAL.ordinal()) {
            throw unit.errors.stop(i.pos, "offset too large in " + AsmPrinter.print(i, unit.arch));
        }
        return (int) v;
    }

    private long branch(AsmOperand o, AsmInst i, int index) {
        int to = destination(o, i, index);
        if (labelOf[to] == 0) {
            labelOf[to] = code.newLabel() + 1;
        }
        return label(labelOf[to] - 1);
    }

    /** The statement that a branch leads to in the end, by index. */
    private int destination(AsmOperand o, AsmInst i, int index) {
        int to;
        if (o.name != null) {
            Integer at = f.labels.get(o.name);
            if (at == null) {
                throw unit.errors.stop(i.pos, "undefined label " + o.name);
            }
            to = at;
        } else {
            to = index + (int) o.value;
        }
        // A branch to a jump goes where the jump goes.
        int most = (f.flags & AsmUnit.RAW) != 0 ? 0 : 5000;
        for (int hops = 0; hops < most && to >= 0 && to < f.body.size(); hops++) {
            AsmInst t = f.body.get(to);
            if (t.kind != AsmInst.Kind.INST || t.op != Amd64Op.JMP.ordinal() || t.operands.length != 1
                    || t.operands[0].kind != Kind.BRANCH) {
                break;
            }
            AsmOperand next = t.operands[0];
            Integer at = next.name != null ? f.labels.get(next.name) : Integer.valueOf(to + (int) next.value);
            if (at == null || at == to) {
                break;
            }
            to = at;
        }
        if (to < 0 || to > f.body.size()) {
            throw unit.errors.stop(i.pos, "branch out of range");
        }
        return to;
    }

    /** Fills the function's tables from what was noted by instruction. */
    private void tables() {
        for (int k = 0; k < depthCount; k += 2) {
            info.pcsp.add(code.start(depths[k]), depths[k + 1]);
        }
        for (int k = 0; k < code.count(); k++) {
            info.pcpos.add(code.start(k), code.position(k));
        }
        for (int k = 0; k < pcdatas.length; k += 3) {
            if (info.pcdata[pcdatas[k]] == null) {
                info.pcdata[pcdatas[k]] = new mica.obj.PcTable();
            }
            info.pcdata[pcdatas[k]].add(code.start(pcdatas[k + 1]), pcdatas[k + 2]);
        }
        pcdatas = new int[0];
        info.flags |= FuncInfo.FLAG_ASM | ((f.flags & AsmUnit.TOPFRAME) != 0 ? FuncInfo.FLAG_TOP_FRAME : 0);
        info.funcId = (f.flags & AsmUnit.WRAPPER) != 0 ? FuncIds.WRAPPER : FuncIds.of(f.symbol.name);
        info.startLine = unit.options.sources.file(f.pos).line(f.pos);
        if (info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] == null && f.args != 0 && !f.symbol.local) {
            info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] = argsMap();
        }
        f.symbol.func = info;
    }
}
