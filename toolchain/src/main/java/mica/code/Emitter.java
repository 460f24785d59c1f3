// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import java.util.Arrays;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Op;
import mica.base.Fault;
import mica.obj.Origin;
import mica.obj.Provenance;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.CallInfo;
import mica.ssa.InlineSite;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/** Writes allocated instructions with {@code arch}: prologue, blocks, cold code behind them, the call for more stack. */
final class Emitter {
    /** Frames up to this size are covered by the room below the stack guard (internal/abi StackSmall). */
    static final int SMALL = 128;
    /** Frames above need care that the comparison does not wrap around. */
    static final int BIG = 4096;
    /** Functions without calls and with at most this frame make no stack check. */
    static final int LEAF = 96;

    final MFunc m;
    final Amd64Code c;
    final Frame frame;
    final Tables tables;
    private final Expand expand;
    private MBlock[] layout;

    /** Code placed behind the function's body. */
    static final class Cold {
        Inst inst;
        int label;
        int back;
        Value origin;
    }

    private Cold[] colds = new Cold[8];
    private int coldCount;
    private Symbol[] tableSymbols = new Symbol[0];
    private MBlock[] tableBlocks = new MBlock[0];
    private int entryLabel;
    private int moreLabel = -1;
    /** Of each emitted instruction: the SSA value (or -1) and the ordinal of its {@link Origin}. */
    private int[] values = new int[256];
    private byte[] reasons = new byte[256];
    private int noted;
    private Value origin;

    Emitter(MFunc m, Amd64Code c, Frame frame, Tables tables) {
        this.m = m;
        this.c = c;
        this.frame = frame;
        this.tables = tables;
        this.expand = new Expand(this);
    }

    void run() {
        layout = Layout.of(m);
        for (MBlock b : m.order) {
            b.label = -1;
        }
        for (MBlock b : layout) {
            b.label = c.newLabel();
        }
        c.pos(m.f.pos);
        prologue();
        for (int i = 0; i < layout.length; i++) {
            block(layout[i], i + 1 < layout.length ? layout[i + 1] : null);
        }
        for (int i = 0; i < coldCount; i++) {
            cold(colds[i]);
        }
        moreStack();
        note(-1, Origin.MORE_STACK);
        tables.inlineMarks(this);
        note(-1, Origin.INLINE_MARK);
        for (Symbol used : m.f.usedTypes) {
            c.mark(RelocType.USE_IFACE, used, 0);
        }
        if (c.count() > 0 && endsInCall()) {
            // a return address must lie inside the function
            c.emit(UD2);
            note(-1, Origin.PADDING);
        }
    }

    private boolean endsInCall() {
        return c.op(c.count() - 1) == CALL;
    }

    /** After the code's offsets are known: tables of jump targets. */
    void finish() {
        for (int i = 0; i < tableSymbols.length; i++) {
            MBlock b = tableBlocks[i];
            Symbol s = tableSymbols[i];
            for (int k = 0; k < b.succs.length; k++) {
                s.putAddress(8 * k, tables.out, c.labelOffset(Layout.target(b.succs[k]).label));
            }
            s.align = 8;
            s.kind = SymKind.RODATA;
        }
    }

    /** After the code's offsets are known. */
    Provenance provenance() {
        Provenance p = new Provenance();
        for (int i = 0; i < c.count(); i++) {
            p.values.add(c.start(i), values[i]);
            p.origins.add(c.start(i), reasons[i]);
        }
        return p;
    }

    // Frame.

    private void prologue() {
        entryLabel = c.newLabel();
        c.bind(entryLabel);
        int f = frame.size;
        boolean check = !m.f.nosplit && (m.hasCalls || f > LEAF);
        if (check) {
            moreLabel = c.newLabel();
            if (f <= SMALL) {
                c.emit(CMPQ, SP, mem(R14, 16));
            } else if (f < BIG) {
                c.emit(LEAQ, mem(SP, -(f - SMALL)), R12);
                c.emit(CMPQ, R12, mem(R14, 16));
            } else {
                c.emit(MOVQ, SP, R12);
                c.emit(SUBQ, c.imm64(f - SMALL), R12);
                c.emit(JCS, label(moreLabel));
                c.emit(CMPQ, R12, mem(R14, 16));
            }
            c.emit(JLS, label(moreLabel));
        }
        note(-1, Origin.STACK_CHECK);
        tables.sp(0);
        if (f > 0) {
            c.emit(PUSHQ, BP);
            tables.sp(8);
            c.emit(MOVQ, SP, BP);
            if (f > 8) {
                c.emit(SUBQ, c.imm64(f - 8), SP);
                tables.sp(f);
            }
        }
        if (m.f.sig != null && m.f.sig.abi == 0) {
            c.emit(XORPS, X15, X15);
        }
        if (m.savesG) {
            c.emit(MOVQ, R14, mem(SP, frame.savedG));
        }
        note(-1, Origin.PROLOGUE);
        zeroSlots();
        note(-1, Origin.ZERO_SLOTS);
        tables.stackMap(tables.base());
    }

    private void zeroSlots() {
        int from = frame.zeroFrom;
        int n = frame.zeroTo - from;
        if (n > 256) {
            int loop = c.newLabel();
            c.emit(LEAQ, mem(SP, from), R12);
            c.emit(MOVL, c.imm64(n / 64), R13);
            c.bind(loop);
            for (int i = 0; i < 64; i += 16) {
                c.emit(MOVUPS, X15, mem(R12, i));
            }
            c.emit(ADDQ, imm(64), R12);
            c.emit(DECL, R13);
            c.emit(JNE, label(loop));
            from += n / 64 * 64;
            n %= 64;
        }
        for (; n >= 16; n -= 16, from += 16) {
            c.emit(MOVUPS, X15, mem(SP, from));
        }
        if (n > 0) {
            c.emit(MOVQ, imm(0), mem(SP, from));
        }
    }

    void epilogue() {
        int f = frame.size;
        if (f > 8) {
            c.emit(ADDQ, c.imm64(f - 8), SP);
            tables.sp(8);
        }
        if (f > 0) {
            c.emit(POPQ, BP);
            tables.sp(0);
        }
        c.emit(RET);
        tables.sp(f);
    }

    /** Called with the caller's state of registers: arguments go to their places in the caller's frame and come back. */
    private void moreStack() {
        if (moreLabel < 0) {
            return;
        }
        c.pos(m.f.pos);
        tables.inline(null);
        c.bind(moreLabel);
        tables.sp(0);
        AbiSig sig = m.f.sig;
        for (int i = 0; i < sig.args.length; i++) {
            AbiSig.Loc l = sig.args[i];
            if (m.argUsed[i]) {
                c.emit(SelectMem.storeOp(l.type), SelectCall.register(l), mem(SP, 8 + l.spillOffset));
            }
        }
        tables.stackMap(tables.entry());
        c.emit(CALL, c.sym(m.symbols.assembly(m.f.needsContext ? "runtime.morestack" : "runtime.morestack_noctxt"), 0));
        tables.stackMap(tables.base());
        for (int i = 0; i < sig.args.length; i++) {
            AbiSig.Loc l = sig.args[i];
            if (m.argUsed[i]) {
                c.emit(SelectMem.loadOp(l.type), mem(SP, 8 + l.spillOffset), SelectCall.register(l));
            }
        }
        c.emit(JMP, label(entryLabel));
    }

    // Blocks.

    private void block(MBlock b, MBlock next) {
        c.bind(b.label);
        tables.sp(frame.size);
        for (int i = 0; i < b.count; i++) {
            inst(b.insts[i]);
            note(b.insts[i]);
        }
        switch (b.end) {
            case GOTO -> go(b.succs[0], next);
            case BRANCH -> branch(b, next);
            case LEAVE -> { }
        }
        note(b.ssa.control == null ? -1 : b.ssa.control.id, Origin.JUMP);
    }

    /** Says where the instructions since the last note come from. */
    private void note(int value, Origin why) {
        if (c.count() > values.length) {
            values = Arrays.copyOf(values, c.count() * 2);
            reasons = Arrays.copyOf(reasons, c.count() * 2);
        }
        for (; noted < c.count(); noted++) {
            values[noted] = value;
            reasons[noted] = (byte) why.ordinal();
        }
    }

    private void note(Inst in) {
        if (noted == c.count()) {
            return;
        }
        int v = in.origin == null ? -1 : in.origin.id;
        switch (in.form) {
            case MOVE -> note(in.v >= 0 && in.v < m.f.valueCount() ? in.v : v, in.y <= Inst.LOC_REMAT ? Origin.REMATERIALIZE
                    : in.x >= Inst.LOC_SCRATCH ? Origin.SPILL : in.y >= Inst.LOC_SCRATCH ? Origin.RELOAD : Origin.MOVE);
            case XCHG -> note(v, Origin.MOVE);
            case RESTORE_ZERO -> note(v, Origin.ZERO_REGISTER);
            case RETURN -> note(v, Origin.EPILOGUE);
            default -> note(v, Origin.VALUE);
        }
    }

    private void go(MBlock to, MBlock next) {
        to = Layout.target(to);
        if (to != next) {
            c.emit(JMP, label(to.label));
        }
    }

    private void branch(MBlock b, MBlock next) {
        MBlock yes = Layout.target(b.succs[0]);
        MBlock no = Layout.target(b.succs[1]);
        int cond = b.cond;
        if (yes == no) {
            go(yes, next);
            return;
        }
        if (yes == next) {
            MBlock t = yes;
            yes = no;
            no = t;
            cond = Cond.negate(cond);
        }
        jump(cond, yes.label, no.label);
        if (no != next) {
            c.emit(JMP, label(no.label));
        }
    }

    /** Jumps to yes if the condition holds; with FEQ, jumps to no where it does not. */
    private void jump(int cond, int yes, int no) {
        if (cond == Cond.FEQ) {
            c.emit(JNE, label(no));
            c.emit(JPC, label(yes));
        } else if (cond == Cond.FNE) {
            c.emit(JNE, label(yes));
            c.emit(JPS, label(yes));
        } else {
            c.emit(Cond.JUMP[cond], label(yes));
        }
    }

    private void inst(Inst in) {
        if (in.origin != null && in.origin != origin) {
            origin = in.origin;
            if (origin.pos != 0) {
                c.pos(origin.pos);
            }
            tables.inline(origin.inline);
        }
        switch (in.form) {
            case PLAIN -> plain(in);
            case ADD -> add(in);
            case COPY, NOTHING -> { }
            case MOVE -> move(in);
            case XCHG -> c.emit(XCHGQ, in.x, in.y);
            case RESTORE_ZERO -> c.emit(XORPS, X15, X15);
            case CALL -> call(in);
            case RETURN -> epilogue();
            case CHECK -> check(in);
            case DIVIDE -> expand.divide(in);
            case TABLE -> table(in);
            case MACRO -> expand.expand(in);
        }
    }

    long operand(Inst in, int code) {
        if (code >= Inst.PHYS) {
            return code - Inst.PHYS;
        }
        if (code == Inst.IMM) {
            return c.imm64(in.imm);
        }
        if (code == Inst.MEM) {
            return memory(in, 0);
        }
        if (code >= Inst.DEF0) {
            return in.defReg[code - Inst.DEF0];
        }
        return use(in, code - Inst.USE0);
    }

    long use(Inst in, int k) {
        int r = in.useReg[k];
        return r >= 0 ? r : home(in.use[k]);
    }

    /** Where a value lies in memory. */
    long home(int v) {
        if (m.home[v] != MFunc.NO_HOME) {
            return mem(SP, frame.size + 8 + m.home[v]);
        }
        if (m.slot[v] < 0) {
            throw new Fault("code: " + m.f.name, "v" + v + " has no stack slot");
        }
        return mem(SP, frame.spills + 8 * m.slot[v]);
    }

    long memory(Inst in, int more) {
        int base = in.memBase >= 0 ? in.useReg[in.memBase] : NOREG;
        int index = in.memIndex >= 0 ? in.useReg[in.memIndex] : NOREG;
        int scale = 1 << in.memScale;
        int disp = in.memDisp + more;
        switch (in.memKind) {
            case Inst.M_BASE -> { }
            case Inst.M_SYM -> {
                return c.sym((Symbol) in.memAux, disp);
            }
            case Inst.M_SLOT -> {
                base = SP;
                disp += ((Slot) in.memAux).offset;
            }
            case Inst.M_OUT -> base = SP;
            case Inst.M_IN -> {
                base = SP;
                disp += frame.size + 8;
            }
            case Inst.M_G -> base = R14;
            case Inst.M_SAVED_G -> {
                base = SP;
                disp = frame.savedG;
            }
            default -> throw new Fault("code: " + m.f.name, "no memory operand in " + in.op);
        }
        if (index != NOREG && scale == 1 && (base & 7) == BP && (index & 7) != BP && base != SP && index != SP) {
            // R13 as base costs a displacement byte
            int t = base;
            base = index;
            index = t;
        }
        return mem(base, index, index == NOREG ? 1 : scale, disp);
    }

    private void plain(Inst in) {
        if (in.lock) {
            c.emit(LOCK);
        }
        if (in.immFirst) {
            c.emit(in.op, c.imm64(in.imm), operand(in, in.a), operand(in, in.b));
        } else if (in.c != Inst.NONE) {
            c.emit(in.op, operand(in, in.a), operand(in, in.b), operand(in, in.c));
        } else if (in.b != Inst.NONE) {
            c.emit(in.op, operand(in, in.a), operand(in, in.b));
        } else if (in.a != Inst.NONE) {
            c.emit(in.op, operand(in, in.a));
        } else if (in.use.length > 1) {
            // MUL and the like: the second factor may be in memory
            c.emit(in.op, use(in, 1));
        } else {
            c.emit(in.op);
        }
    }

    private void add(Inst in) {
        boolean q = in.op == ADDQ;
        int a = in.useReg[0];
        int d = in.defReg[0];
        if (in.use.length == 2) {
            int b = in.useReg[1];
            if (d == a) {
                c.emit(in.op, b, d);
            } else if (d == b) {
                c.emit(in.op, a, d);
            } else {
                boolean swap = (a & 7) == BP && (b & 7) != BP;
                c.emit(q ? LEAQ : LEAL, mem(swap ? b : a, swap ? a : b, 1, 0), d);
            }
            return;
        }
        if (d != a) {
            if (in.imm == 0) {
                c.emit(q ? MOVQ : MOVL, a, d);
            } else {
                c.emit(q ? LEAQ : LEAL, mem(a, (int) in.imm), d);
            }
        } else if (in.imm == 1) {
            c.emit(q ? INCQ : INCL, d);
        } else if (in.imm == -1) {
            c.emit(q ? DECQ : DECL, d);
        } else if (in.imm == 128) {
            c.emit(q ? SUBQ : SUBL, imm(-128), d);
        } else if (in.imm != 0) {
            c.emit(in.op, imm(in.imm), d);
        }
    }

    // Moves.

    private void move(Inst in) {
        MType t = in.v >= 0 ? m.type[in.v] : MType.I64;
        if (in.y <= Inst.LOC_REMAT) {
            rematerialize(in, m.remat[in.v]);
            return;
        }
        boolean fl = t.isFloat();
        boolean wide = t.size == 8;
        if (in.x < 32 && in.y < 32 && fl) {
            c.emit(MOVAPS, in.y, in.x);
            return;
        }
        long from = in.y < 32 ? in.y : location(in.y);
        long to = in.x < 32 ? in.x : location(in.x);
        boolean xmm = fl || in.x < 32 && in.x >= 16 || in.y < 32 && in.y >= 16;
        c.emit(xmm ? (wide ? MOVSD : MOVSS) : wide ? MOVQ : MOVL, from, to);
    }

    private long location(int loc) {
        return loc == Inst.LOC_SCRATCH ? mem(SP, frame.scratch) : home(loc - Inst.LOC_HOME);
    }

    private void rematerialize(Inst in, Value v) {
        if (in.x >= 32) {
            long to = location(in.x);
            if (ParallelCopy.storable(m, v.id)) {
                c.emit(v.type.size == 8 ? MOVQ : MOVL, c.imm64(v.type.size == 8 ? v.auxInt : (int) v.auxInt), to);
            } else {
                c.emit(MOVQ, AX, X15);
                make(v, AX, true);
                c.emit(v.type.size == 8 ? MOVQ : MOVL, AX, to);
                c.emit(MOVQ, X15, AX);
            }
        } else {
            make(v, in.x, in.keepFlags);
        }
    }

    private void make(Value v, int r, boolean keepFlags) {
        switch (v.op) {
            case CONST -> {
                if (r >= 16) {
                    if (v.auxInt == 0) {
                        c.emit(XORPS, r, r);
                    } else if (v.type == MType.F64) {
                        c.emit(MOVSD, c.sym(m.symbols.float64(v.auxInt), 0), r);
                    } else {
                        c.emit(MOVSS, c.sym(m.symbols.float32((int) v.auxInt), 0), r);
                    }
                } else {
                    constant(v.type.size < 8 ? v.auxInt & 0xffffffffL : v.auxInt, r, keepFlags);
                }
            }
            case ADDR -> c.emit(LEAQ, c.sym((Symbol) v.aux, Math.toIntExact(v.auxInt)), r);
            case LOCAL_ADDR -> c.emit(LEAQ, mem(SP, Math.toIntExact(((Slot) v.aux).offset + v.auxInt)), r);
            case ARG_ADDR -> c.emit(LEAQ, mem(SP, frame.size + 8 + m.f.sig.args[(int) v.auxInt].stackOffset), r);
            default -> throw new Fault("code: " + m.f.name, "cannot be made anew: " + v.op);
        }
    }

    void constant(long n, int r, boolean keepFlags) {
        if (n == 0 && !keepFlags) {
            c.emit(XORL, r, r);
        } else if (n >>> 32 == 0) {
            c.emit(MOVL, c.imm64(n), r);
        } else {
            c.emit(MOVQ, c.imm64(n), r);
        }
    }

    // Calls, checks, tables.

    private void call(Inst in) {
        if (in.origin.block == m.f.recover && tables.info.deferReturn == 0 && tables.recoverCall < 0) {
            tables.recoverCall = c.count();
        }
        tables.stackMap(tables.at(in));
        if (m.f.notes != null && m.f.notes.live != null) {
            tables.noteLive(in);
        }
        CallInfo info = (CallInfo) in.aux;
        if (info.methodKey != null) {
            c.mark(RelocType.USE_IFACE_METHOD, info.methodKey, 0);
        }
        c.emit(CALL, operand(in, in.a));
        tables.stackMap(tables.base());
    }

    Cold later(Inst in) {
        Cold k = new Cold();
        k.inst = in;
        k.label = c.newLabel();
        k.origin = in.origin;
        if (coldCount == colds.length) {
            colds = Arrays.copyOf(colds, coldCount * 2);
        }
        colds[coldCount++] = k;
        return k;
    }

    private void check(Inst in) {
        Cold k = later(in);
        c.emit(in.op, operand(in, in.a), operand(in, in.b));
        c.emit(Cond.JUMP[in.cond], label(k.label));
    }

    private void cold(Cold k) {
        origin = k.origin;
        c.pos(origin.pos);
        tables.inline(origin.inline);
        tables.sp(frame.size);
        c.bind(k.label);
        if (k.inst.form == Inst.Form.CHECK) {
            failure(k.inst);
        } else {
            expand.cold(k);
        }
        note(k.origin.id, k.inst.form == Inst.Form.CHECK ? Origin.FAILURE_CALL : Origin.COLD);
    }

    private void failure(Inst in) {
        SelectCall.Failure f = (SelectCall.Failure) in.aux;
        if (f.x != Inst.NONE) {
            long x = f.x == Inst.IMM ? c.imm64(f.xImm) : operand(in, f.x);
            long y = f.y == Inst.IMM ? c.imm64(f.yImm) : operand(in, f.y);
            if (uses(y, AX) && uses(x, BX)) {
                c.emit(XCHGQ, AX, BX);
                x = exchanged(x);
                y = exchanged(y);
            }
            if (uses(y, AX)) {
                load(y, BX);
                load(x, AX);
            } else {
                load(x, AX);
                load(y, BX);
            }
        }
        if (frame.size == 0) {
            c.emit(PUSHQ, BP);
            tables.sp(8);
            c.emit(MOVQ, SP, BP);
        }
        c.emit(CALL, c.sym(f.function, 0));
    }

    private static boolean uses(long o, int r) {
        return kind(o) == REG ? o == r : kind(o) == MEM && (base(o) == r || index(o) == r);
    }

    private static long exchanged(long o) {
        if (kind(o) == REG) {
            return o == AX ? BX : o == BX ? AX : o;
        }
        if (kind(o) == MEM) {
            int b = base(o) == AX ? BX : base(o) == BX ? AX : base(o);
            int i = index(o) == AX ? BX : index(o) == BX ? AX : index(o);
            return mem(b, i, 1 << scaleLog(o), disp(o));
        }
        return o;
    }

    private void load(long o, int r) {
        if (kind(o) == IMM || kind(o) == IMM64) {
            constant(c.valueOf(o), r, false);
        } else if (o != r) {
            c.emit(MOVQ, o, r);
        }
    }

    private void table(Inst in) {
        MBlock b = (MBlock) in.aux;
        Symbol s = new Symbol(m.f.name + ".jump" + tableSymbols.length, 0);
        s.local = true;
        s.kind = SymKind.RODATA;
        int n = tableSymbols.length;
        tableSymbols = Arrays.copyOf(tableSymbols, n + 1);
        tableBlocks = Arrays.copyOf(tableBlocks, n + 1);
        tableSymbols[n] = s;
        tableBlocks[n] = b;
        c.emit(LEAQ, c.sym(s, 0), in.defReg[0]);
        c.emit(JMP, mem(in.defReg[0], in.useReg[0], 8, 0));
    }

    void emit(Amd64Op op, long a, long b) {
        c.emit(op, a, b);
    }

    /** For inline tables. */
    static InlineSite siteOf(Value v) {
        return v == null ? null : v.inline;
    }

    boolean isRemat(int v, Op op) {
        return m.remat[v] != null && m.remat[v].op == op;
    }
}
