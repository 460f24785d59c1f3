// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;

import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Names;
import mica.arch.amd64.Amd64Op;
import mica.asm.AsmOperand.Kind;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * What becomes of instructions in code for shared libraries, as {@code go tool asm} does it.
 *
 * <pre>
 * -shared    MOVQ TLS, AX             MOVQ runtime.tlsg@gottpoff(IP), AX
 *            MOVQ 8(TLS), AX          the same, and MOVQ FS:8(AX), AX
 *
 * -dynlink   LEAQ x+8(SB), AX         MOVQ x@GOT(SB), AX; LEAQ 8(AX), AX     also MOVQ $x+8(SB), AX
 *            ADDQ AX, x+8(SB)         MOVQ x@GOT(SB), R15; ADDQ AX, 8(R15)
 *            DUFFZERO f(SB)           MOVQ f@GOT(SB), R15; LEAQ (R15), R15; CALL R15
 * </pre>
 * Calls and jumps stay as they are: the linker finds a way for them. So does what is local to a file.
 */
final class Amd64Shared {
    private static final int GOT = R15;

    private final AsmUnit unit;
    private Amd64Code code;

    Amd64Shared(AsmUnit unit) {
        this.unit = unit;
    }

    /**
     * Emits what has to come in front of an instruction.
     *
     * @return the instruction that is left to be made, or null if there is none
     */
    AsmInst rewrite(AsmInst i, Amd64Code code) {
        this.code = code;
        Amd64Op op = Amd64Names.at(i.op);
        AsmOperand[] o = i.operands;
        if (op == Amd64Op.MOVQ && o.length == 2 && o[0].reg == TLS && o[1].kind == Kind.REG && o[1].reg < X0) {
            loadThreadPlace(code, o[1].reg);
            if (o[0].kind == Kind.REG) {
                return null;
            }
            AsmOperand m = o[0].copy();
            m.reg = o[1].reg;
            m.index = TLS;
            return with(i, op, m, o[1]);
        }
        return unit.options.dynlink ? global(i, op) : i;
    }

    /** Loads where in thread-local storage g is. */
    void loadThreadPlace(Amd64Code code, int reg) {
        code.emit(Amd64Op.MOVQ, code.entry(unit.table.lookup("runtime.tlsg", 0), RelocType.GOTTPOFF), reg);
    }

    /** Whether an operand is of something that another library may define. */
    static boolean isGlobal(AsmOperand o) {
        return o != null && o.isSymbol() && o.pseudo == AsmOperand.SB && !o.isStatic;
    }

    /** Whether an instruction's symbol is reached without the table: functions are. */
    static boolean isDirect(Amd64Op op) {
        return op == Amd64Op.CALL || op == Amd64Op.JMP || op == Amd64Op.RET;
    }

    private AsmInst global(AsmInst i, Amd64Op op) {
        AsmOperand[] o = i.operands;
        if ((op == Amd64Op.DUFFZERO || op == Amd64Op.DUFFCOPY) && o.length == 1) {
            return duff(i, op);
        }
        AsmOperand from = o.length == 0 ? null : o[0];
        boolean address = isGlobal(from) && (from.kind == Kind.ADDR ? op != Amd64Op.MOVL : op == Amd64Op.LEAQ);
        if (address) {
            return address(i, op);
        }
        int at = operand(i);
        if (at < 0 || isDirect(op)) {
            return i;
        }
        if (o[at].kind == Kind.ADDR && op != Amd64Op.MOVL) {
            throw wrong(i, "don't know how to handle");
        }
        load(o[at], GOT);
        AsmOperand[] changed = o.clone();
        changed[at] = o[at].copy();
        changed[at].kind = Kind.MEM;
        changed[at].reg = GOT;
        changed[at].name = null;
        changed[at].pseudo = AsmOperand.NONE;
        return with(i, op == Amd64Op.MOVL && o[at].kind == Kind.ADDR ? Amd64Op.LEAL : op, changed);
    }

    /** The operand that takes the way by the table: of a list of them the first, the last or the second may be one; -1 = none. */
    private int operand(AsmInst i) {
        AsmOperand[] o = i.operands;
        int last = o.length - 1;
        for (int k = 2; k < last; k++) {
            if (isGlobal(o[k])) {
                throw wrong(i, "don't know how to handle");
            }
        }
        int at = -1;
        for (int k : new int[] {0, last, 1}) {
            if (k < 0 || k > last || k == at || !isGlobal(o[k])) {
                continue;
            }
            if (at >= 0) {
                throw wrong(i, k == last ? "cannot handle NAME_EXTERN on both sides in" : "cannot handle NAME_EXTERN on multiple operands in");
            }
            at = k;
        }
        return at;
    }

    private AsmInst address(AsmInst i, Amd64Op op) {
        AsmOperand[] o = i.operands;
        if (o.length != 2 || o[1].kind != Kind.REG || op != Amd64Op.MOVQ && op != Amd64Op.LEAQ) {
            throw wrong(i, "do not know how to handle LEA-type insn to non-register in");
        }
        boolean vector = o[1].reg >= X0 && o[1].reg < X0 + 16 && o[0].value == 0;
        if (o[0].index >= 0 || o[1].reg >= X0 && !vector) {
            throw unit.errors.stop(i.pos, "invalid instruction: " + AsmPrinter.print(i, unit.arch));
        }
        load(o[0], o[1].reg);
        if (o[0].value == 0) {
            return null;
        }
        AsmOperand m = o[0].copy();
        m.kind = Kind.MEM;
        m.reg = o[1].reg;
        m.name = null;
        m.pseudo = AsmOperand.NONE;
        return with(i, Amd64Op.LEAQ, m, o[1]);
    }

    private AsmInst duff(AsmInst i, Amd64Op op) {
        if (i.operands[0].value != 0) {
            String name = op == Amd64Op.DUFFZERO ? "runtime.duffzero+" : "runtime.duffcopy+";
            throw unit.errors.stop(i.pos, "MOVQ\t" + name + i.operands[0].value + "@GOT(SB), R15 has offset against gotref");
        }
        Symbol f = unit.table.lookup(op == Amd64Op.DUFFZERO ? "runtime.duffzero" : "runtime.duffcopy", 1);
        code.emit(Amd64Op.MOVQ, code.entry(f, RelocType.GOTPCREL), GOT);
        code.emit(Amd64Op.LEAQ, mem(GOT, 0), GOT);
        AsmOperand r = new AsmOperand();
        r.kind = Kind.REG;
        r.reg = GOT;
        return with(i, Amd64Op.CALL, r);
    }

    private void load(AsmOperand o, int reg) {
        code.emit(Amd64Op.MOVQ, code.entry(unit.symbol(o, false), RelocType.GOTPCREL), reg);
    }

    private AsmErrors.Stop wrong(AsmInst i, String what) {
        return unit.errors.stop(i.pos, what + ' ' + AsmPrinter.print(i, unit.arch) + " with -dynlink");
    }

    private static AsmInst with(AsmInst i, Amd64Op op, AsmOperand... operands) {
        boolean same = i.op == op.ordinal();
        AsmInst n = new AsmInst(i.kind, same ? i.mnemonic : op.name(), i.suffix, operands, i.pos);
        n.op = op.ordinal();
        n.width = i.width;
        return n;
    }
}
