// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.List;
import mica.arch.arm64.Arm64Decoder;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Printer;
import mica.arch.arm64.Arm64Table;
import mica.asm.AsmOperand.Kind;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Makes one arm64 function after the other.
 *
 * <pre>
 *   caller's arguments     name+n(FP) = n+8+size(RSP)
 *   caller's saved link register
 *   8 or 16 bytes, in whose upper word the function that is called saves R29
 *   locals                 name-n(SP) counts down from here
 *   saved link register    at 0(RSP); the caller's R29 is saved below, at -8(RSP)
 * </pre>
 * The size is that of the locals and the link register, rounded up to 16 so that at least 8 bytes are left over; a
 * function without locals and calls has no frame.
 */
final class Arm64Function {
    private static final int LR = 30;
    private static final int FP = 29;
    private static final int G = 28;
    /** Holds a closure's context. */
    private static final int CONTEXT = 26;
    /** Frame of a call in front of the stack check: link register, context, frame pointer. */
    private static final int HOOK_FRAME = 32;
    private static final int TEMPORARY = Arm64Select.TEMPORARY;
    /** Registers of the stack check, free at a function's entry. */
    private static final int CHECK1 = 16;
    private static final int CHECK2 = 17;
    /** internal/abi: frames up to this size may reach below the guard; above the second one the difference may wrap. */
    private static final int STACK_SMALL = 128;
    private static final int STACK_BIG = 4096;
    /** The largest frame that one store with write-back makes. */
    private static final int SMALL_FRAME = 0xf0;
    /** A goroutine's stack is at most 1 GB. */
    private static final int MAX_FRAME = 1 << 30;
    /** runtime.g.stackguard0. */
    private static final int STACK_GUARD = 16;

    private final AsmUnit unit;
    private final Arm64Code code = new Arm64Code();
    private final Arm64Select select;
    private AsmFunction f;
    private FuncInfo info;
    private Symbol out;
    /** Bytes between RSP in the body and the caller's RSP; the part of it that lies above the locals. */
    private int size;
    private int above;
    private boolean leaf;
    /** Item of the body's first statement behind each label: by index of the statement. */
    private int[] firstItem;
    /** What PCDATA says: the table, the number of the item from which on it holds, the value. */
    private final List<int[]> pcdata = new ArrayList<>();
    /** What -S shows; null if nobody asks. */
    private FunctionLines lines;

    Arm64Function(AsmUnit unit, Arm64Table table) {
        this.unit = unit;
        select = new Arm64Select(unit, table, code);
    }

    void assemble(AsmFunction f) {
        int errors = unit.errors.count;
        this.f = f;
        info = new FuncInfo();
        out = f.symbol;
        out.relocCount = 0;
        out.size = 0;
        code.reset();
        pcdata.clear();
        lines = unit.lines(f);
        boolean checks = frame();
        Arm64Code.Item start = null;
        Arm64Code.Item[] toMore = new Arm64Code.Item[2];
        if (unit.options.retpolines) {
            unit.errors.error(0, "-spectre=ret not supported on arm64");
            unit.options.retpolines = false;
        }
        if (checks) {
            mayMoreStack();
            start = stackCheck(toMore);
        }
        prologue();
        if (lines != null) {
            lines.leaf = leaf;
            lines.begin(f, size, size == 0, code.itemCount());
        }
        body();
        int end = code.itemCount();
        Arm64Code.Item more = checks ? moreStack(start) : null;
        if (lines != null) {
            lines.added(checks ? end + 1 : end, code.itemCount(), f.pos);
        }
        Arm64Code.Item[] items = code.items();
        for (Arm64Code.Item i : toMore) {
            if (i != null) {
                i.target = more;
            }
        }
        if (unit.errors.count == errors) {
            tables(code.layout());
            for (int[] p : pcdata) {
                info.pcdata[p[0]] = info.pcdata[p[0]] == null ? new PcTable() : info.pcdata[p[0]];
                info.pcdata[p[0]].add(items[p[1]].pc, p[2]);
            }
            if (lines != null) {
                lines.finish(n -> items[n].pc, n -> items[n].pc, n -> addedText(items[n]));
            }
        }
    }

    /** A statement and its line. */
    private void listed(AsmInst i, int index) {
        int from = code.itemCount();
        lines.statement(from);
        statement(i, index);
        if (i.mnemonic.equals("RET")) {
            lines.added(from, code.itemCount() - 1, i.pos);
            lines.line(code.itemCount() - 1, i.pos, i.operands.length == 0 ? "RET\t(R30)" : FunctionLines.text(i, unit.arch, 0, 0, false));
            return;
        }
        boolean refers = code.itemCount() > from && code.refers();
        FunctionLines.Line line = lines.line(from, i.pos, FunctionLines.text(i, unit.arch, 0, 0, refers));
        AsmOperand last = i.operands.length == 0 ? null : i.operands[i.operands.length - 1];
        if (last != null && last.kind == Kind.BRANCH) {
            Integer label = last.name == null ? Integer.valueOf(index + (int) last.value) : f.labels.get(last.name);
            line.to = label == null ? -1 : label;
            line.text += label == null ? last.name : "";
        }
    }

    /** An added instruction as it is listed. */
    private String addedText(Arm64Code.Item item) {
        for (int r = 0; r < out.relocCount; r++) {
            if (out.relocOffset[r] == item.pc && out.relocType[r] == RelocType.A64_CALL26) {
                return "CALL\t" + out.relocTarget[r].name + "(SB)";
            }
        }
        int word = java.nio.ByteBuffer.wrap(out.data).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(item.pc);
        Arm64Inst inst = new Arm64Inst();
        if (!new Arm64Decoder().decode(word, inst)) {
            return "WORD\t$" + word;
        }
        return item.target != null ? inst.mnemonic + "\t" + item.target.pc : Arm64Printer.print(inst, item.pc, a -> null).replaceFirst(" ", "\t");
    }

    /** Sets the frame's size; whether the function checks the stack. */
    private boolean frame() {
        int locals = f.frame;
        boolean bare = (f.flags & AsmUnit.NOFRAME) != 0;
        if (locals == -8) {
            bare = true;
            locals = 0;
        }
        if (locals < 0) {
            unit.errors.error(f.pos, "negative frame size " + locals + " - did you mean NOFRAME?");
            locals = 0;
        }
        if (locals > MAX_FRAME) {
            unit.errors.error(f.pos, "frame size " + locals + " is too large");
            locals = 0;
        }
        if (bare && locals != 0) {
            unit.errors.error(f.pos, "NOFRAME functions must have a frame size of 0, not " + locals);
        }
        leaf = true;
        for (AsmInst i : f.body) {
            leaf &= !i.mnemonic.equals("CALL");
        }
        bare |= leaf && locals == 0;
        size = locals + (bare ? 0 : 8);
        above = 0;
        if (size != 0) {
            above = size % 16 == 8 ? 8 : 16;
            if (size % 8 != 0) {
                unit.errors.error(f.pos, "unaligned frame size " + (size - 8) + " - must be 16 aligned");
            }
            size += above;
        }
        leaf |= size == 0;
        info.frame = locals + above;
        select.frame(f, size, above);
        info.textFlags = f.flags;
        if (leaf && bare || !unit.options.stackChecks) {
            return false;
        }
        if (leaf && size < STACK_SMALL) {
            info.textFlags |= AsmUnit.NOSPLIT;
        }
        return (info.textFlags & AsmUnit.NOSPLIT) == 0;
    }

    private Arm64Code.Item begin() {
        return code.begin(f.pos);
    }

    /** Calls a function in front of the check, in a frame of its own. */
    private void mayMoreStack() {
        if (unit.options.mayMoreStack.isEmpty()) {
            return;
        }
        begin().adjust = HOOK_FRAME;
        select.emit("MOVD.W", "r|#(r)", LR, -HOOK_FRAME, Arm64Inst.RSP);
        begin();
        select.emit("MOVD", "r|#(r)", FP, -8, Arm64Inst.RSP);
        begin();
        select.emit("SUB", "$#|r|r", 8, Arm64Inst.RSP, FP);
        begin();
        select.emit("MOVD", "r|#(r)", CONTEXT, 8, Arm64Inst.RSP);
        begin();
        code.reloc(RelocType.A64_CALL26, unit.table.lookup(unit.options.mayMoreStack, out.abi), 0);
        code.word(0x94000000);
        begin();
        select.emit("MOVD", "#(r)|r", 8, Arm64Inst.RSP, CONTEXT);
        begin();
        select.emit("MOVD", "#(r)|r", -8, Arm64Inst.RSP, FP);
        begin().adjust = -HOOK_FRAME;
        select.emit("MOVD.P", "#(r)|r", HOOK_FRAME, Arm64Inst.RSP, LR);
    }

    /** Compares RSP after the prologue with the guard; branches that leave for more stack are put into {@code toMore}. */
    private Arm64Code.Item stackCheck(Arm64Code.Item[] toMore) {
        Arm64Code.Item start = begin();
        select.emit("MOVD", "#(r)|r", STACK_GUARD, G, CHECK1);
        if (size <= STACK_SMALL) {
            begin();
            select.emit("CMP", "r|r", CHECK1, Arm64Inst.RSP);
        } else {
            begin();
            select.arithmetic(size <= STACK_BIG ? "SUB" : "SUBS", size - STACK_SMALL, Arm64Inst.RSP, CHECK2, f.pos);
            if (size > STACK_BIG) {
                toMore[0] = begin();
                select.branch("BLO", 19);
            }
            begin();
            select.emit("CMP", "r|r", CHECK1, CHECK2);
        }
        toMore[1] = begin();
        select.branch("BLS", 19);
        return start;
    }

    /** The call for a larger stack, behind the body; returns where it begins. */
    private Arm64Code.Item moreStack(Arm64Code.Item start) {
        Arm64Code.Item none = begin();
        none.adjust = -size;
        begin();
        select.emit("MOVD", "r|r", LR, 3);
        begin();
        String name = (f.flags & AsmUnit.NEEDCTXT) != 0 ? "runtime.morestack" : "runtime.morestack_noctxt";
        code.reloc(RelocType.A64_CALL26, unit.table.lookup(name, 0), 0);
        code.word(0x94000000);
        Arm64Code.Item back = begin();
        select.branch("JMP", 26);
        back.target = start;
        back.ends = true;
        back.adjust = size;
        return none;
    }

    private void prologue() {
        if (size == 0) {
            return;
        }
        if (size > SMALL_FRAME) {
            begin();
            select.arithmetic("SUB", size, Arm64Inst.RSP, 20, f.pos);
            begin();
            select.emit("STP", "(r,r)|#(r)", FP, LR, -8, 20);
            begin().adjust = size;
            select.emit("MOVD", "r|r", 20, Arm64Inst.RSP);
        } else {
            begin().adjust = size;
            select.emit("MOVD.W", "r|#(r)", LR, -size, Arm64Inst.RSP);
            begin();
            select.emit("MOVD", "r|#(r)", FP, -8, Arm64Inst.RSP);
        }
        begin();
        select.emit("SUB", "$#|r|r", 8, Arm64Inst.RSP, FP);
    }

    private void body() {
        firstItem = new int[f.body.size() + 1];
        for (int i = 0; i < f.body.size(); i++) {
            firstItem[i] = code.itemCount();
            AsmInst inst = f.body.get(i);
            try {
                if (lines != null) {
                    listed(inst, i);
                } else {
                    statement(inst, i);
                }
            } catch (AsmErrors.Stop e) {
                // Reported; the rest may have errors of its own.
            }
        }
        firstItem[f.body.size()] = code.itemCount();
        if (lines != null) {
            lines.statement(code.itemCount());
        }
        // Where labels at the very end lead.
        begin();
        for (Arm64Select.Branch b : select.branches) {
            b.item.target = code.item(firstItem[b.target]);
        }
        select.branches.clear();
    }

    private void statement(AsmInst i, int index) {
        switch (i.kind) {
            case BYTES -> data(i);
            case FUNCDATA -> {
                AsmOperand o = i.operands[1];
                int n = (int) i.operands[0].value;
                if (n < 0 || n >= info.funcdata.length || !o.isSymbol()) {
                    throw unit.errors.stop(i.pos, "value for FUNCDATA must be symbol reference");
                }
                info.funcdata[n] = o.name.equals("go_args_stackmap") ? unit.table.lookup(out.name + ".args_stackmap", 0)
                        : unit.symbol(o, false);
            }
            case PCDATA -> {
                for (AsmOperand o : i.operands) {
                    if (o.kind != Kind.IMM) {
                        throw unit.errors.stop(i.pos, "PCDATA: expected integer constant");
                    }
                }
                int table = (int) i.operands[0].value;
                if (table < 0 || table >= info.pcdata.length) {
                    throw unit.errors.stop(i.pos, "bad PCDATA table " + table);
                }
                pcdata.add(new int[] {table, code.itemCount(), (int) i.operands[1].value});
            }
            case PCALIGN, PCALIGNMAX -> align(i);
            case INST -> instruction(i, index);
            default -> {
            }
        }
    }

    /** WORD and DWORD. */
    private void data(AsmInst i) {
        AsmOperand o = i.operands[0];
        code.begin(i.pos);
        if (o.kind == Kind.ADDR && o.isSymbol() && o.pseudo == AsmOperand.SB && i.width == 8) {
            code.reloc(RelocType.ABS64, unit.symbol(o, false), o.value);
            code.word(0);
            code.word(0);
            return;
        }
        if (o.kind != Kind.IMM) {
            throw select.illegal(i);
        }
        code.word((int) o.value);
        if (i.width == 8) {
            code.word((int) (o.value >>> 32));
        }
    }

    private void align(AsmInst i) {
        AsmOperand[] o = i.operands;
        long n = o[0].value;
        if (o[0].kind != Kind.IMM || n < 8 || n > 2048 || (n & n - 1) != 0) {
            throw unit.errors.stop(i.pos, "alignment value of an instruction must be a power of two and in the range [8, 2048], got "
                    + n);
        }
        Arm64Code.Item item = code.begin(i.pos);
        item.align = (int) n;
        item.maxPadding = o.length == 2 ? (int) o[1].value : (int) n;
        out.align = Math.max(out.align, (int) n);
    }

    private void instruction(AsmInst i, int index) {
        switch (i.mnemonic) {
            case "RET" -> ret(i);
            case "NOP", "END" -> {
            }
            case "UNDEF" -> {
                code.begin(i.pos);
                code.word(0);
            }
            case "GETCALLERPC" -> {
                code.begin(i.pos);
                long to = i.operands.length == 1 && "r".equals(i.operands[0].name) ? i.operands[0].params[0] : -1;
                if (to < 0) {
                    throw select.illegal(i);
                }
                if (leaf) {
                    select.emit("MOVD", "r|r", LR, to);
                } else {
                    select.emit("MOVD", "#(r)|r", 0, Arm64Inst.RSP, to);
                }
            }
            default -> {
                code.begin(i.pos);
                select.instruction(i, index);
                stackPointer(i);
            }
        }
    }

    /** Follows what an instruction does to RSP. */
    private void stackPointer(AsmInst i) {
        AsmOperand last = i.operands.length == 0 ? null : i.operands[i.operands.length - 1];
        if (last == null || last.kind != Kind.SPECIAL || !last.name.equals("r") || last.params[0] != Arm64Inst.RSP) {
            return;
        }
        AsmOperand first = i.operands[0];
        boolean add = i.mnemonic.equals("ADD");
        if ((add || i.mnemonic.equals("SUB")) && first.kind == Kind.IMM) {
            code.current().adjust = (int) (add ? -first.value : first.value);
        }
        if (code.current().adjust == 0 && !i.mnemonic.startsWith("CMP") && !i.mnemonic.startsWith("CMN")) {
            info.flags |= FuncInfo.FLAG_SP_WRITE;
        }
    }

    private void ret(AsmInst i) {
        AsmOperand to = i.operands.length == 0 ? null : i.operands[0];
        if (i.operands.length > 1 || to != null && to.kind == Kind.IMM) {
            throw to != null && to.kind == Kind.IMM ? unit.errors.stop(i.pos, "using BECOME (" + AsmPrinter.print(i, unit.arch)
                    + ") is not supported!") : select.illegal(i);
        }
        if (size != 0) {
            leave(i);
        }
        Arm64Code.Item item = code.begin(i.pos);
        item.adjust = size;
        item.ends = true;
        if (to == null) {
            select.emit("RET", "-");
        } else if (to.isSymbol() && to.pseudo == AsmOperand.SB) {
            code.reloc(RelocType.A64_JUMP26, unit.symbol(to, false), to.value);
            code.word(0x14000000);
        } else if (to.kind == Kind.SPECIAL && (to.name.equals("r") || to.name.equals("(r)"))) {
            select.emit("RET", "r", to.params[0]);
        } else {
            throw select.illegal(i);
        }
    }

    private void leave(AsmInst i) {
        code.begin(i.pos);
        if (leaf) {
            select.arithmetic("ADD", size - 8, Arm64Inst.RSP, FP, i.pos);
            code.begin(i.pos).adjust = -size;
            select.arithmetic("ADD", size, Arm64Inst.RSP, Arm64Inst.RSP, i.pos);
        } else if (size <= SMALL_FRAME) {
            select.emit("MOVD", "#(r)|r", -8, Arm64Inst.RSP, FP);
            code.begin(i.pos).adjust = -size;
            select.emit("MOVD.P", "#(r)|r", size, Arm64Inst.RSP, LR);
        } else {
            select.emit("LDP", "#(r)|(r,r)", -8, Arm64Inst.RSP, FP, LR);
            if (size < 1 << 12) {
                code.begin(i.pos).adjust = -size;
                select.emit("ADD", "$#|r|r", size, Arm64Inst.RSP, Arm64Inst.RSP);
            } else {
                code.begin(i.pos);
                select.constant(size, true, TEMPORARY);
                code.begin(i.pos).adjust = -size;
                select.emit("ADD", "r|r|r", TEMPORARY, Arm64Inst.RSP, Arm64Inst.RSP);
            }
        }
    }

    private void tables(int bytes) {
        out.kind = SymKind.UNDEFINED;
        code.write(out, info, bytes);
        info.args = f.args;
        info.flags |= FuncInfo.FLAG_ASM | ((f.flags & AsmUnit.TOPFRAME) != 0 ? FuncInfo.FLAG_TOP_FRAME : 0);
        info.funcId = (f.flags & AsmUnit.WRAPPER) != 0 ? FuncIds.WRAPPER : FuncIds.of(out.name);
        info.startLine = unit.options.sources.file(f.pos).line(f.pos);
        if (info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] == null && f.args != 0 && !out.local) {
            info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] = unit.table.lookup(out.name + ".args_stackmap", 0);
        }
        out.func = info;
    }
}
