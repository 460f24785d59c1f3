// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.CallInfo;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** Entry, calls, returns, checks, and the ends of blocks. */
final class SelectCall {
    /** Registers of the calling convention in their order. */
    static final byte[] INT_REGS = {AX, BX, CX, DI, SI, R8, R9, R10, R11};
    static final int FLOAT_REG0 = X0;
    /** Everything that can hold a value: no SP, BP, R14, X15. */
    static final int INT_MASK = 0xffff & ~(1 << SP | 1 << BP | 1 << R14);
    static final int FLOAT_MASK = 0x7fff0000;

    /** What a CHECK does when it fails. */
    static final class Failure {
        /** Reports; operands in AX and BX. */
        final Symbol function;
        /** Codes of the operands (USEk, MEM), or IMM with the value; NONE = no operand. */
        byte x;
        byte y;
        long xImm;
        long yImm;

        Failure(Symbol function) {
            this.function = function;
        }
    }

    private final Selector s;

    SelectCall(Selector s) {
        this.s = s;
    }

    static byte register(AbiSig.Loc l) {
        return l.type.isFloat() ? (byte) (FLOAT_REG0 + l.reg) : INT_REGS[l.reg];
    }

    void select(Value v) {
        switch (v.op) {
            case BOUNDS_CHECK -> bounds(v);
            case DIV_CHECK -> check(v, Cond.EQ, "runtime.panicdivide");
            case SHIFT_CHECK -> check(v, Cond.LT, "runtime.panicshift");
            case CALL, CALL_CLOSURE, CALL_CODE -> call(v);
            case RESULT -> result(v);
            case RESULT_ADDR -> {
                Inst i = s.def(LEAQ, v.id);
                i.a = Inst.MEM;
                i.memKind = Inst.M_OUT;
                i.memDisp = ((CallInfo) v.args[0].aux).sig.results[(int) v.auxInt].stackOffset;
            }
            default -> ret(v);
        }
    }

    /** Puts the incoming registers first in the entry block. */
    void entry(MBlock b) {
        Inst in = new Inst(Inst.Form.NOTHING, null);
        Block e = b.ssa;
        int stackArgs = 0;
        Inst[] more = new Inst[e.count];
        for (int k = 0; k < e.count; k++) {
            Value v = e.values[k];
            if (v.op == Op.CLOSURE_CONTEXT && s.need[v.id]) {
                in.addDef(v.id, (byte) DX);
            } else if (v.op == Op.ARG && s.need[v.id]) {
                AbiSig.Loc l = s.f.sig.args[(int) v.auxInt];
                if (l.reg >= 0) {
                    s.m.argUsed[(int) v.auxInt] = true;
                    in.addDef(v.id, register(l));
                } else {
                    // lies in the caller's frame already: loaded where it is used
                    s.m.home[v.id] = l.stackOffset;
                    Inst i = new Inst(Inst.Form.NOTHING, null);
                    i.addDef(v.id, Inst.ANY);
                    more[stackArgs++] = i;
                }
            }
        }
        int n = 1 + stackArgs;
        while (b.insts.length < b.count + n) {
            b.insts = java.util.Arrays.copyOf(b.insts, Math.max(8, b.insts.length * 2));
        }
        System.arraycopy(b.insts, 0, b.insts, n, b.count);
        b.insts[0] = in;
        System.arraycopy(more, 0, b.insts, 1, stackArgs);
        b.count += n;
    }

    // Checks.

    private void check(Value v, int failure, String function) {
        Value x = Selector.stripCopy(v.args[0]);
        if (x.op == Op.CONST) {
            boolean fails = failure == Cond.EQ ? x.auxInt == 0 : x.auxInt < 0;
            if (!fails) {
                return;
            }
        }
        int w = x.type.size;
        Inst i = s.emit(new Inst(Inst.Form.CHECK, w == 1 ? TESTB : w == 2 ? TESTW : w == 4 ? TESTL : TESTQ));
        i.a = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
        i.b = i.a;
        i.cond = failure;
        i.aux = new Failure(s.symbols.function(function));
    }

    private void bounds(Value v) {
        BoundsKind k = (BoundsKind) v.aux;
        Value x = Selector.stripCopy(v.args[0]);
        Value y = Selector.stripCopy(v.args[1]);
        Failure fail = new Failure(s.symbols.function(k.function));
        Inst i = s.emit(new Inst(Inst.Form.CHECK, CMPQ));
        i.aux = fail;
        if (x.isConst(0) && k.strict && y.op != Op.CONST && !s.foldableLoad(y)) {
            // 0 is out of range only if the length is 0
            i.op = TESTQ;
            fail.x = Inst.IMM;
            fail.y = (byte) (Inst.USE0 + i.addUse(s.reg(y), Inst.ANY));
            i.a = fail.y;
            i.b = fail.y;
            i.cond = Cond.EQ;
            return;
        }
        if (Selector.isConst32(x) && !Selector.isConst32(y)) {
            // y compared with the constant: fails if y <= x, or y < x
            fail.x = Inst.IMM;
            fail.xImm = x.auxInt;
            fail.y = left(i, y);
            i.a = fail.y;
            i.b = Inst.IMM;
            i.imm = x.auxInt;
            i.cond = k.strict ? Cond.LS : Cond.CS;
            return;
        }
        i.cond = k.strict ? Cond.CC : Cond.HI;
        if (Selector.isConst32(y)) {
            fail.y = Inst.IMM;
            fail.yImm = y.auxInt;
            fail.x = left(i, x);
            i.a = fail.x;
            i.b = Inst.IMM;
            i.imm = y.auxInt;
            return;
        }
        fail.x = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
        i.a = fail.x;
        fail.y = left(i, y);
        i.b = fail.y;
    }

    /** An operand in a register, in its home, or a load. */
    private byte left(Inst i, Value v) {
        if (s.foldableLoad(v)) {
            s.mem.operand(i, v.args[0], v.auxInt);
            return Inst.MEM;
        }
        return (byte) (Inst.USE0 + i.addUse(s.reg(v), v.op == Op.CONST ? Inst.ANY : Inst.ANY_MEM));
    }

    // Calls.

    private void call(Value v) {
        CallInfo info = (CallInfo) v.aux;
        AbiSig sig = info.sig;
        int first = v.op == Op.CALL ? 0 : 1;
        s.m.hasCalls = true;
        s.m.outSize = Math.max(s.m.outSize, sig.stackSize + sig.spillSize);
        for (int pass = 0; pass < 2; pass++) {
            // block copies first: they may need fixed registers
            for (int k = 0; k < sig.args.length; k++) {
                AbiSig.Loc l = sig.args[k];
                if (l.reg >= 0) {
                    continue;
                }
                Value x = v.args[first + k];
                if (l.byvalSize > 0 && pass == 0) {
                    s.mem.copyMemory(null, Inst.M_OUT, l.stackOffset, x, l.byvalSize);
                } else if (l.byvalSize == 0 && pass == 1) {
                    storeTo(x, l, Inst.M_OUT);
                }
            }
        }
        Inst i = s.emit(new Inst(Inst.Form.CALL, CALL));
        i.aux = info;
        for (int k = 0; k < sig.args.length; k++) {
            if (sig.args[k].reg >= 0) {
                i.addUse(s.reg(v.args[first + k]), register(sig.args[k]));
            }
        }
        if (v.op == Op.CALL) {
            i.a = Inst.MEM;
            i.memKind = Inst.M_SYM;
            i.memAux = info.callee;
        } else if (v.op == Op.CALL_CLOSURE) {
            i.memKind = Inst.M_BASE;
            i.a = Inst.MEM;
            i.memBase = (byte) i.addUse(s.reg(v.args[0]), (byte) DX);
        } else {
            i.a = (byte) (Inst.USE0 + i.addUse(s.reg(v.args[0]), Inst.ANY));
        }
        i.clobbers = INT_MASK | FLOAT_MASK;
        Value[] rs = s.results[v.id];
        for (int k = 0; rs != null && k < rs.length; k++) {
            Value r = rs[k];
            if (r != null && s.need[r.id] && sig.results[k].reg >= 0) {
                i.addDef(r.id, register(sig.results[k]));
            }
        }
        if (sig.abi == 0) {
            s.m.savesG = true;
            Inst back = s.plain(MOVQ);
            back.a = Inst.MEM;
            back.memKind = Inst.M_SAVED_G;
            back.b = (byte) (Inst.PHYS + R14);
            s.emit(new Inst(Inst.Form.RESTORE_ZERO, null));
        }
    }

    private void storeTo(Value x, AbiSig.Loc l, byte area) {
        x = Selector.stripCopy(x);
        Inst i;
        if (x.op == Op.CONST && (x.type.isFloat() ? x.auxInt == 0 : Selector.isImm32(x.auxInt))) {
            MType t = x.type == MType.F64 ? MType.I64 : x.type == MType.F32 ? MType.I32 : x.type;
            i = s.plain(SelectMem.storeOp(t));
            i.a = Inst.IMM;
            i.imm = t.size == 1 ? (byte) x.auxInt : t.size == 2 ? (short) x.auxInt : t.size == 4 ? (int) x.auxInt : x.auxInt;
        } else {
            i = s.plain(SelectMem.storeOp(l.type));
            i.a = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
        }
        i.b = Inst.MEM;
        i.memKind = area;
        i.memDisp = l.stackOffset;
    }

    private void result(Value v) {
        s.need[v.args[0].id] = true;
        AbiSig.Loc l = locOf(v);
        if (l == null || l.reg >= 0 || l.byvalSize > 0) {
            return;
        }
        Inst i = s.def(SelectMem.loadOp(v.type), v.id);
        i.a = Inst.MEM;
        i.memKind = Inst.M_OUT;
        i.memDisp = l.stackOffset;
    }

    private static AbiSig.Loc locOf(Value result) {
        return result.args[0].aux instanceof CallInfo c ? c.sig.results[(int) result.auxInt] : null;
    }

    private void ret(Value v) {
        AbiSig sig = s.f.sig;
        for (int pass = 0; pass < 2; pass++) {
            for (int k = 0; k < sig.results.length; k++) {
                AbiSig.Loc l = sig.results[k];
                if (l.reg >= 0) {
                    continue;
                }
                if (l.byvalSize > 0 && pass == 0) {
                    s.mem.copyMemory(null, Inst.M_IN, l.stackOffset, v.args[k], l.byvalSize);
                } else if (l.byvalSize == 0 && pass == 1) {
                    storeTo(v.args[k], l, Inst.M_IN);
                }
            }
        }
        Inst i = s.emit(new Inst(Inst.Form.RETURN, RET));
        for (int k = 0; k < sig.results.length; k++) {
            if (sig.results[k].reg >= 0) {
                i.addUse(s.reg(v.args[k]), register(sig.results[k]));
            }
        }
    }

    // Ends of blocks.

    void end(MBlock b) {
        Block e = b.ssa;
        switch (e.kind) {
            case PLAIN -> b.end = e.succCount == 0 ? MBlock.End.LEAVE : MBlock.End.GOTO;
            case IF -> branch(b);
            case JUMP_TABLE -> {
                b.end = MBlock.End.LEAVE;
                Inst i = s.emit(new Inst(Inst.Form.TABLE, JMP));
                i.addUse(s.reg(e.control), Inst.ANY);
                i.addDef(s.temp(MType.I64), Inst.ANY);
                i.early = true;
                i.aux = b;
            }
            case RET, UNREACHABLE -> b.end = MBlock.End.LEAVE;
        }
    }

    private void branch(MBlock b) {
        Value c = Selector.stripCopy(b.ssa.control);
        if (c.op == Op.CONST) {
            // both edges stay: register state was prepared for both; the jump decides
            Inst i = s.plain(CMPB);
            i.a = (byte) (Inst.USE0 + i.addUse(s.reg(c), Inst.ANY));
            i.b = Inst.IMM;
            b.cond = Cond.NE;
        } else {
            b.cond = s.ints.condition(c);
        }
        b.end = MBlock.End.BRANCH;
    }
}
