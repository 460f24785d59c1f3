// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import mica.arch.amd64.Amd64Names;
import mica.arch.amd64.Amd64Op;
import mica.asm.AsmOperand.Kind;

/**
 * With -dynlink, R15 holds nothing of use behind an instruction that reaches a global variable ({@link Amd64Shared}): the first
 * instruction found to read it there is an error. Followed are all ways from such instructions up to one that sets R15 anew.
 */
final class Amd64GotCheck {
    private final AsmFunction f;
    private final BitSet seen = new BitSet();
    private final List<Integer> work = new ArrayList<>();

    private Amd64GotCheck(AsmFunction f) {
        this.f = f;
    }

    /** The instruction that reads R15 when it is spoiled, or null. */
    static AsmInst find(AsmFunction f) {
        return new Amd64GotCheck(f).find();
    }

    private AsmInst find() {
        for (int i = 0; i < f.body.size(); i++) {
            if (spoils(f.body.get(i))) {
                visit(i);
            }
        }
        while (!work.isEmpty()) {
            int at = work.remove(work.size() - 1);
            AsmInst i = f.body.get(at);
            if (i.kind != AsmInst.Kind.INST) {
                visit(at + 1);
                continue;
            }
            if (reads(i)) {
                return i;
            }
            if (sets(i)) {
                continue;
            }
            AsmOperand last = last(i);
            if (last != null && last.kind == Kind.BRANCH) {
                Integer to = last.name == null ? Integer.valueOf(at + (int) last.value) : f.labels.get(last.name);
                visit(to == null ? -1 : to);
            }
            if (i.op != Amd64Op.JMP.ordinal() && i.op != Amd64Op.RET.ordinal()) {
                visit(at + 1);
            }
        }
        return null;
    }

    private void visit(int at) {
        if (at >= 0 && at < f.body.size() && !seen.get(at)) {
            seen.set(at);
            work.add(at);
        }
    }

    private static AsmOperand last(AsmInst i) {
        return i.operands.length == 0 ? null : i.operands[i.operands.length - 1];
    }

    /** The second of more than two operands. */
    private static AsmOperand middle(AsmInst i) {
        return i.operands.length < 3 ? null : i.operands[1];
    }

    private static boolean spoils(AsmInst i) {
        if (i.kind != AsmInst.Kind.INST || i.operands.length == 0) {
            return false;
        }
        Amd64Op op = Amd64Names.at(i.op);
        if (Amd64Shared.isDirect(op) || op == Amd64Op.LEAQ) {
            return false;
        }
        return Amd64Shared.isGlobal(i.operands[0]) || Amd64Shared.isGlobal(last(i)) || Amd64Shared.isGlobal(middle(i));
    }

    private static boolean isR15(int reg) {
        return reg == R15 || reg == R15B;
    }

    private static boolean isR15(AsmOperand o) {
        return o != null && o.kind == Kind.REG && isR15(o.reg);
    }

    private static boolean addressesR15(AsmOperand o) {
        return o != null && (o.kind == Kind.MEM || o.kind == Kind.ADDR) && (isR15(o.reg) || isR15(o.index));
    }

    private static boolean reads(AsmInst i) {
        AsmOperand[] o = i.operands;
        if (o.length == 0) {
            return false;
        }
        Amd64Op op = Amd64Names.at(i.op);
        AsmOperand to = last(i);
        AsmOperand middle = middle(i);
        if (addressesR15(o[0]) || addressesR15(to) || addressesR15(middle)) {
            return true;
        }
        if (o.length == 1) {
            return isR15(to) && !setsOnly(op);
        }
        boolean clears = (op == Amd64Op.XORL || op == Amd64Op.XORQ) && o[0].kind == Kind.REG && to.kind == Kind.REG && o[0].reg == to.reg;
        boolean product = op == Amd64Op.MULXL || op == Amd64Op.MULXQ;
        return isR15(o[0]) && !clears || isR15(to) && !clears && !product && !setsOnly(op) || isR15(middle) && !product;
    }

    private static boolean sets(AsmInst i) {
        Amd64Op op = Amd64Names.at(i.op);
        boolean product = op == Amd64Op.MULXL || op == Amd64Op.MULXQ;
        return isR15(last(i)) && (i.operands.length > 1 || setsOnly(op)) || product && isR15(middle(i));
    }

    /** Whether an instruction's last operand is written and not read. */
    private static boolean setsOnly(Amd64Op op) {
        String name = op.name();
        if (name.startsWith("MOV") || name.startsWith("PMOV")) {
            return true;
        }
        switch (op) {
            case POPW, POPL, POPQ, LEAL, LEAQ, IMUL3W, IMUL3L, IMUL3Q, PEXTRB, PEXTRW, PEXTRD, PEXTRQ, VPEXTRB, VPEXTRW, VPEXTRD, VPEXTRQ,
                    EXTRACTPS, BSFW, BSFL, BSFQ, BSRW, BSRL, BSRQ, POPCNTW, POPCNTL, POPCNTQ, LZCNTW, LZCNTL, LZCNTQ, SHLXL, SHLXQ, SHRXL,
                    SHRXQ, SARXL, SARXQ:
                return true;
            default:
                return false;
        }
    }
}
