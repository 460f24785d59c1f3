// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import mica.arch.amd64.Amd64Op;
import mica.base.Fault;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.CallInfo;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/** Addresses, loads, stores, block moves, atomics. */
final class SelectMem {
    /** Up to this many bytes are moved or zeroed by single instructions. */
    private static final int INLINE = 192;

    private final Selector s;

    // The address that address() took apart.
    private byte kind;
    private Value base;
    private Value index;
    private int scale;
    private long disp;
    private Object aux;

    SelectMem(Selector s) {
        this.s = s;
    }

    void select(Value v) {
        switch (v.op) {
            case LOAD -> load(v);
            case STORE -> store(v);
            case ZERO -> zero(v.args[0], v.auxInt);
            case MOVE -> move(v.args[0], v.args[1], v.auxInt);
            case NIL_CHECK -> nilCheck(v);
            case GETG -> s.def(MOVQ, v.id).a = (byte) (Inst.PHYS + R14);
            case CALLER_PC -> incoming(s.def(MOVQ, v.id), -8);
            case CALLER_SP -> incoming(s.def(LEAQ, v.id), 0);
            case VAR_DEF, FENCE -> { }
            case KEEP_ALIVE -> s.emit(new Inst(Inst.Form.NOTHING, null)).addUse(s.reg(v.args[0]), Inst.ANY_MEM);
            case PAUSE -> s.plain(PAUSE);
            case BREAKPOINT -> s.emit(new Inst(Inst.Form.MACRO, null)).cond = Expand.BREAKPOINT;
            case PREFETCH -> {
                Inst i = s.plain(PREFETCHT0);
                i.a = Inst.MEM;
                operand(i, v.args[0], 0);
                // a prefetch does not fault
                forgetAccess(v.args[0]);
            }
            default -> atomic(v);
        }
    }

    private void forgetAccess(Value p) {
        s.accessBlock[s.strip(p).id] = null;
        if (base != null) {
            s.accessBlock[s.strip(base).id] = null;
        }
    }

    private static void incoming(Inst i, int offset) {
        i.a = Inst.MEM;
        i.memKind = Inst.M_IN;
        i.memDisp = offset;
    }

    /** Takes an address apart into what a memory operand can hold. */
    private void address(Value a, long offset) {
        kind = Inst.M_BASE;
        base = null;
        index = null;
        scale = 0;
        disp = offset;
        aux = null;
        for (;;) {
            switch (a.op) {
                case COPY -> {
                    a = a.args[0];
                    continue;
                }
                case OFF_PTR -> {
                    if (Selector.isImm32(disp + a.auxInt)) {
                        disp += a.auxInt;
                        a = a.args[0];
                        continue;
                    }
                }
                case LOCAL_ADDR -> {
                    if (Selector.isImm32(disp + a.auxInt)) {
                        kind = Inst.M_SLOT;
                        aux = a.aux;
                        disp += a.auxInt;
                        return;
                    }
                }
                case ADDR -> {
                    if (index == null && Selector.isImm32(disp + a.auxInt)) {
                        kind = Inst.M_SYM;
                        aux = a.aux;
                        disp += a.auxInt;
                        return;
                    }
                }
                case GETG -> {
                    if (index == null) {
                        kind = Inst.M_G;
                        return;
                    }
                }
                case ARG_ADDR -> {
                    kind = Inst.M_IN;
                    disp += s.f.sig.args[(int) a.auxInt].stackOffset;
                    return;
                }
                case RESULT_ADDR -> {
                    kind = Inst.M_OUT;
                    disp += ((CallInfo) a.args[0].aux).sig.results[(int) a.auxInt].stackOffset;
                    return;
                }
                case INT_TO_PTR, PTR_TO_INT -> {
                    // arithmetic on addresses as integers; the sum itself is no value that lives on
                    if (!wanted(a) && (s.uses[a.id] == 1 || a.block == s.block.ssa)) {
                        a = a.args[0];
                        continue;
                    }
                }
                case ADD -> {
                    if (a.type == MType.I64 && index == null && !wanted(a) && (s.uses[a.id] == 1 || a.block == s.block.ssa)) {
                        Value x = a.args[0];
                        Value y = a.args[1];
                        if (scaled(x) && !scaled(y)) {
                            Value t = x;
                            x = y;
                            y = t;
                        }
                        long d = disp;
                        takeIndex(y);
                        if (Selector.isImm32(disp)) {
                            a = x;
                            continue;
                        }
                        disp = d;
                        index = null;
                        scale = 0;
                    }
                }
                case ADD_PTR -> {
                    if (index == null && (s.uses[a.id] == 1 || a.block == s.block.ssa) && !wanted(a)) {
                        takeIndex(a.args[1]);
                        a = a.args[0];
                        continue;
                    }
                }
                default -> { }
            }
            base = a;
            return;
        }
    }

    private static boolean scaled(Value v) {
        v = Selector.stripCopy(v);
        return v.op == Op.SHL && v.type == MType.I64 && v.args[1].op == Op.CONST && v.args[1].auxInt >= 0 && v.args[1].auxInt <= 3;
    }

    /** Somebody already wants this sum in a register and it is alive here: then taking it apart saves nothing. */
    private boolean wanted(Value a) {
        return s.need[a.id];
    }

    private void takeIndex(Value i) {
        index = i;
        for (;;) {
            i = Selector.stripCopy(index);
            index = i;
            Value c = i.argCount == 2 ? Selector.stripCopy(i.args[1]) : null;
            boolean free = s.uses[i.id] == 1 || i.block == s.block.ssa;
            if (i.op == Op.ADD && i.type == MType.I64 && c.op == Op.CONST && free && !s.need[i.id]
                    && Selector.isImm32(disp + (c.auxInt << scale)) && Selector.isImm32(c.auxInt)) {
                disp += c.auxInt << scale;
                index = i.args[0];
            } else if (i.op == Op.SUB && i.type == MType.I64 && c.op == Op.CONST && free && !s.need[i.id]
                    && Selector.isImm32(disp - (c.auxInt << scale)) && Selector.isImm32(c.auxInt)) {
                disp -= c.auxInt << scale;
                index = i.args[0];
            } else if (i.op == Op.SHL && i.type == MType.I64 && c.op == Op.CONST && c.auxInt >= 0 && c.auxInt + scale <= 3) {
                scale += (int) c.auxInt;
                index = i.args[0];
            } else if (i.op == Op.MUL && i.type == MType.I64 && c.op == Op.CONST && (c.auxInt == 2 || c.auxInt == 4 || c.auxInt == 8)
                    && scale + Long.numberOfTrailingZeros(c.auxInt) <= 3) {
                scale += Long.numberOfTrailingZeros(c.auxInt);
                index = i.args[0];
            } else if (i.op == Op.CONST && Selector.isImm32(i.auxInt) && Selector.isImm32(disp + (i.auxInt << scale))) {
                disp += i.auxInt << scale;
                index = null;
                scale = 0;
                return;
            } else {
                return;
            }
        }
    }

    /** Gives the instruction the memory operand at address a + offset. */
    void operand(Inst i, Value a, long offset) {
        address(a, offset);
        if (!Selector.isImm32(disp)) {
            throw new Fault("code: " + s.f.name, "displacement does not fit: " + disp);
        }
        fill(i, 0);
        note(a, offset);
    }

    /** Fills in the address taken apart last, moved by a few bytes. */
    private void fill(Inst i, int more) {
        i.memKind = kind;
        i.memAux = aux;
        i.memDisp = (int) disp + more;
        i.memScale = (byte) scale;
        if (kind == Inst.M_BASE) {
            i.memBase = (byte) i.addUse(s.reg(base), Inst.ANY);
        }
        if (index != null) {
            int r = s.reg(index);
            i.memIndex = kind == Inst.M_BASE && r == i.use[i.memBase] ? i.memBase : (byte) i.addUse(r, Inst.ANY);
        }
    }

    /** An access through these pointers faults if they are nil. */
    private void note(Value a, long offset) {
        if (kind != Inst.M_BASE || index != null) {
            return;
        }
        for (long o = offset;;) {
            if (o >= 0 && o < 4096) {
                // every pointer on the way whose distance to the access is small
                Value x = s.strip(a);
                s.accessBlock[x.id] = s.block.ssa;
                s.accessEpoch[x.id] = s.currentEpoch;
            }
            if (a.op == Op.COPY) {
                a = a.args[0];
            } else if (a.op == Op.OFF_PTR) {
                o += a.auxInt;
                a = a.args[0];
            } else {
                return;
            }
        }
    }

    private void nilCheck(Value v) {
        Value p = s.strip(v.args[0]);
        if (s.accessBlock[p.id] == s.block.ssa && s.accessEpoch[p.id] == s.currentEpoch) {
            return;
        }
        Inst i = s.plain(TESTB);
        i.a = (byte) (Inst.PHYS + AX);
        i.b = Inst.MEM;
        operand(i, v.args[0], 0);
    }

    /** An address in a register. */
    void lea(Value v) {
        address(v, 0);
        if (kind == Inst.M_BASE && base == v) {
            // not taken apart (wanted, as it is what we make): do it one level deep
            index = null;
            scale = 0;
            disp = 0;
            takeIndex(v.args[1]);
            Value p = v.args[0];
            while (p.op == Op.OFF_PTR && Selector.isImm32(disp + p.auxInt)) {
                disp += p.auxInt;
                p = p.args[0];
            }
            base = p;
            if (p.op == Op.LOCAL_ADDR && Selector.isImm32(disp + p.auxInt)) {
                kind = Inst.M_SLOT;
                aux = p.aux;
                disp += p.auxInt;
            }
        }
        if (kind == Inst.M_BASE && index == null) {
            s.ints.addConst(v.id, s.reg(base), disp, true);
        } else if (kind == Inst.M_BASE && scale == 0 && disp == 0) {
            s.ints.add3(v.id, s.reg(base), s.reg(index), true);
        } else {
            Inst i = s.def(LEAQ, v.id);
            i.a = Inst.MEM;
            fill(i, 0);
        }
    }

    static Amd64Op loadOp(MType t) {
        return switch (t) {
            case I8 -> MOVBLZX;
            case I16 -> MOVWLZX;
            case I32 -> MOVL;
            case F32 -> MOVSS;
            case F64 -> MOVSD;
            default -> MOVQ;
        };
    }

    static Amd64Op storeOp(MType t) {
        return switch (t) {
            case I8 -> MOVB;
            case I16 -> MOVW;
            case I32 -> MOVL;
            case F32 -> MOVSS;
            case F64 -> MOVSD;
            default -> MOVQ;
        };
    }

    private void load(Value v) {
        Inst i = s.def(loadOp(v.type), v.id);
        i.a = Inst.MEM;
        operand(i, v.args[0], v.auxInt);
    }

    private void store(Value v) {
        Value x = Selector.stripCopy(v.args[1]);
        MType t = x.type;
        if (update(v, x)) {
            return;
        }
        if (x.op == Op.TRUNC && x.args[0].type.isInt()) {
            x = s.strip(x);
        }
        Inst i;
        if (x.op == Op.CONST && (t.isFloat() ? x.auxInt == 0 || t == MType.F32 : Selector.isImm32(x.auxInt))) {
            i = s.plain(t == MType.F64 ? MOVQ : t == MType.F32 ? MOVL : storeOp(t));
            i.a = Inst.IMM;
            i.imm = narrow(x.auxInt, t);
        } else {
            i = s.plain(storeOp(t));
            i.a = (byte) (Inst.USE0 + i.addUse(s.reg(x), Inst.ANY));
        }
        i.b = Inst.MEM;
        operand(i, v.args[0], v.auxInt);
    }

    private static long narrow(long n, MType t) {
        return switch (t.size) {
            case 1 -> (byte) n;
            case 2 -> (short) n;
            case 4 -> (int) n;
            default -> n;
        };
    }

    /** Store of (load of the same place op y): one instruction that changes memory. */
    private boolean update(Value v, Value x) {
        if (!x.type.isInt() || !s.foldable(x)) {
            return false;
        }
        int w = x.type.size;
        int k;
        switch (x.op) {
            case ADD -> k = 0;
            case SUB -> k = 1;
            case AND -> k = 2;
            case OR -> k = 3;
            case XOR -> k = 4;
            default -> {
                return false;
            }
        }
        Value l = Selector.stripCopy(x.args[0]);
        Value y = Selector.stripCopy(x.args[1]);
        if (x.op.commutes() && !sameLoad(v, l)) {
            Value t = l;
            l = y;
            y = t;
        }
        if (!sameLoad(v, l) || l.type != x.type || s.foldableLoad(y) && y.args[0] == l) {
            return false;
        }
        int wi = w == 1 ? 0 : w == 2 ? 1 : w == 4 ? 2 : 3;
        boolean one = k <= 1 && (y.isConst(1) || y.isConst(-1));
        Inst i = s.plain(one ? (k == 0 == y.isConst(1) ? INC : DEC)[wi] : UPDATE[k][wi]);
        if (one) {
            i.a = Inst.MEM;
        } else if (Selector.isConst32(y)) {
            i.a = Inst.IMM;
            i.imm = narrow(y.auxInt, x.type);
            i.b = Inst.MEM;
        } else {
            i.a = (byte) (Inst.USE0 + i.addUse(s.reg(y), Inst.ANY));
            i.b = Inst.MEM;
        }
        operand(i, v.args[0], v.auxInt);
        return true;
    }

    private boolean sameLoad(Value store, Value l) {
        return s.foldableLoad(l) && l.auxInt == store.auxInt && Selector.stripCopy(l.args[0]) == Selector.stripCopy(store.args[0])
                || s.foldableLoad(l) && samePlace(l, store);
    }

    /** The addresses are equal sums, though different values. */
    private static boolean samePlace(Value l, Value store) {
        Value a = Selector.stripCopy(l.args[0]);
        Value b = Selector.stripCopy(store.args[0]);
        long oa = l.auxInt;
        long ob = store.auxInt;
        while (a.op == Op.OFF_PTR) {
            oa += a.auxInt;
            a = Selector.stripCopy(a.args[0]);
        }
        while (b.op == Op.OFF_PTR) {
            ob += b.auxInt;
            b = Selector.stripCopy(b.args[0]);
        }
        if (oa != ob) {
            return false;
        }
        return a == b || a.op == Op.LOCAL_ADDR && b.op == Op.LOCAL_ADDR && a.aux == b.aux && a.auxInt == b.auxInt
                || a.op == Op.ADDR && b.op == Op.ADDR && a.aux == b.aux && a.auxInt == b.auxInt;
    }

    private static final Amd64Op[][] UPDATE = {
        {ADDB, ADDW, ADDL, ADDQ}, {SUBB, SUBW, SUBL, SUBQ}, {ANDB, ANDW, ANDL, ANDQ}, {ORB, ORW, ORL, ORQ},
        {XORB, XORW, XORL, XORQ}};
    private static final Amd64Op[] INC = {INCB, INCW, INCL, INCQ};
    private static final Amd64Op[] DEC = {DECB, DECW, DECL, DECQ};

    // Blocks of memory.

    private void zero(Value p, long n) {
        if (n == 0) {
            return;
        }
        address(p, 0);
        if (n > INLINE || !Selector.isImm32(disp + n)) {
            Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
            i.cond = Expand.ZERO;
            i.imm = n;
            i.addUse(s.reg(p), (byte) DI);
            i.clobbers = 1 << DI | 1 << CX | 1 << AX;
            i.earlyClobbers = i.clobbers;
            return;
        }
        note(p, 0);
        int at = 0;
        int rest = (int) n;
        while (rest >= 16) {
            zeroPart(MOVUPS, at);
            at += 16;
            rest -= 16;
        }
        if (rest == 0) {
            return;
        }
        if (n >= 16 && rest != 8 && rest != 4 && rest != 2 && rest != 1) {
            zeroPart(MOVUPS, at + rest - 16);
        } else if (rest >= 8) {
            zeroPart(MOVQ, at);
            if (rest > 8) {
                zeroPart(MOVQ, at + rest - 8);
            }
        } else if (rest >= 4) {
            zeroPart(MOVL, at);
            if (rest > 4) {
                zeroPart(MOVL, at + rest - 4);
            }
        } else {
            if (rest >= 2) {
                zeroPart(MOVW, at);
                at += 2;
            }
            if ((rest & 1) != 0) {
                zeroPart(MOVB, at);
            }
        }
    }

    private void zeroPart(Amd64Op op, int at) {
        Inst i = s.plain(op);
        i.a = op == MOVUPS ? (byte) (Inst.PHYS + X15) : Inst.IMM;
        i.b = Inst.MEM;
        fill(i, at);
    }

    private void move(Value to, Value from, long n) {
        if (n == 0) {
            return;
        }
        copyMemory(to, -1, -1, from, n);
    }

    /** Copies n bytes from an address to another, or, where {@code area} (M_OUT, M_IN) is given, to an offset in it. */
    void copyMemory(Value to, int area, int areaOffset, Value from, long n) {
        if (n > INLINE) {
            Inst i = s.emit(new Inst(Inst.Form.MACRO, null));
            i.cond = Expand.COPY;
            i.imm = n;
            i.addUse(s.reg(from), (byte) SI);
            if (to != null) {
                i.addUse(s.reg(to), (byte) DI);
            } else {
                i.memKind = (byte) area;
                i.memDisp = areaOffset;
            }
            i.clobbers = 1 << DI | 1 << SI | 1 << CX | 1 << X14;
            i.earlyClobbers = i.clobbers;
            return;
        }
        int rest = (int) n;
        int at = 0;
        while (rest >= 16) {
            movePart(to, area, areaOffset, from, MType.F64, MOVUPS, at);
            at += 16;
            rest -= 16;
        }
        if (rest == 0) {
            return;
        }
        if (n >= 16 && rest != 8 && rest != 4 && rest != 2 && rest != 1) {
            movePart(to, area, areaOffset, from, MType.F64, MOVUPS, at + rest - 16);
        } else if (rest >= 8) {
            movePart(to, area, areaOffset, from, MType.I64, MOVQ, at);
            if (rest > 8) {
                movePart(to, area, areaOffset, from, MType.I64, MOVQ, at + rest - 8);
            }
        } else if (rest >= 4) {
            movePart(to, area, areaOffset, from, MType.I32, MOVL, at);
            if (rest > 4) {
                movePart(to, area, areaOffset, from, MType.I32, MOVL, at + rest - 4);
            }
        } else {
            if (rest >= 2) {
                movePart(to, area, areaOffset, from, MType.I16, MOVW, at);
                at += 2;
            }
            if ((rest & 1) != 0) {
                movePart(to, area, areaOffset, from, MType.I8, MOVB, at);
            }
        }
    }

    private void movePart(Value to, int area, int areaOffset, Value from, MType t, Amd64Op op, int at) {
        int r = s.temp(t);
        Inst l = s.def(op == MOVUPS ? MOVUPS : loadOp(t), r);
        l.a = Inst.MEM;
        address(from, 0);
        checkDisplacement(at);
        note(from, 0);
        fill(l, at);
        Inst i = s.plain(op);
        i.a = (byte) (Inst.USE0 + i.addUse(r, Inst.ANY));
        i.b = Inst.MEM;
        if (to == null) {
            i.memKind = (byte) area;
            i.memDisp = areaOffset + at;
        } else {
            address(to, 0);
            checkDisplacement(at);
            note(to, 0);
            fill(i, at);
        }
    }

    private void checkDisplacement(int at) {
        if (!Selector.isImm32(disp + at)) {
            throw new Fault("code: " + s.f.name, "displacement does not fit: " + disp);
        }
    }

    // Atomics.

    private static Amd64Op sized(MType t, Amd64Op b, Amd64Op l, Amd64Op q) {
        return switch (t.size) {
            case 1 -> b;
            case 4 -> l;
            case 8 -> q;
            default -> throw new Fault("code", "atomic operation on " + t);
        };
    }

    private void atomic(Value v) {
        MType t = v.op == Op.ATOMIC_LOAD ? v.type : v.args[1].type;
        boolean used = v.type != MType.VOID && s.need[v.id];
        switch (v.op) {
            case ATOMIC_LOAD -> load(v);
            case ATOMIC_STORE -> {
                Inst i = s.tied(sized(t, XCHGB, XCHGL, XCHGQ), s.temp(t), s.reg(v.args[1]));
                i.a = Inst.DEF0;
                i.b = Inst.MEM;
                operand(i, v.args[0], v.auxInt);
                i.early = true;
            }
            case ATOMIC_XCHG -> {
                Inst i = s.tied(sized(t, XCHGB, XCHGL, XCHGQ), v.id, s.reg(v.args[1]));
                i.a = Inst.DEF0;
                i.b = Inst.MEM;
                operand(i, v.args[0], v.auxInt);
                i.early = true;
            }
            case ATOMIC_ADD -> {
                if (!used) {
                    Inst i = s.plain(sized(t, ADDB, ADDL, ADDQ));
                    i.lock = true;
                    s.source(i, v.args[1], -1);
                    if (i.a != Inst.IMM) {
                        i.useCon[0] = Inst.ANY;
                    } else {
                        i.imm = narrow(i.imm, t);
                    }
                    i.b = Inst.MEM;
                    operand(i, v.args[0], v.auxInt);
                    return;
                }
                int old = s.temp(t);
                Inst i = s.tied(sized(t, XADDB, XADDL, XADDQ), old, s.reg(v.args[1]));
                i.lock = true;
                i.a = Inst.DEF0;
                i.b = Inst.MEM;
                operand(i, v.args[0], v.auxInt);
                i.early = true;
                Value d = Selector.stripCopy(v.args[1]);
                if (Selector.isConst32(d)) {
                    s.ints.addConst(v.id, old, d.auxInt, t.size == 8);
                } else {
                    s.ints.add3(v.id, old, s.reg(d), t.size == 8);
                }
            }
            case ATOMIC_CAS -> {
                Inst i = s.plain(sized(t, CMPXCHGB, CMPXCHGL, CMPXCHGQ));
                i.lock = true;
                i.addUse(s.reg(v.args[1]), (byte) AX);
                i.a = (byte) (Inst.USE0 + i.addUse(s.reg(v.args[2]), Inst.ANY));
                i.b = Inst.MEM;
                operand(i, v.args[0], v.auxInt);
                i.clobbers = 1 << AX;
                i.earlyClobbers = 1 << AX;
                if (used) {
                    s.ints.set(Cond.EQ, v.id);
                }
            }
            default -> {
                boolean and = v.op == Op.ATOMIC_AND;
                if (!used) {
                    Inst i = s.plain(and ? sized(t, ANDB, ANDL, ANDQ) : sized(t, ORB, ORL, ORQ));
                    i.lock = true;
                    s.source(i, v.args[1], -1);
                    if (i.a != Inst.IMM) {
                        i.useCon[0] = Inst.ANY;
                    } else {
                        i.imm = narrow(i.imm, t);
                    }
                    i.b = Inst.MEM;
                    operand(i, v.args[0], v.auxInt);
                    return;
                }
                Inst i = s.emit(new Inst(Inst.Form.MACRO, and ? ANDQ : ORQ));
                i.cond = Expand.ATOMIC_LOOP;
                i.imm = t.size;
                i.addUse(s.reg(v.args[1]), Inst.ANY);
                operand(i, v.args[0], v.auxInt);
                i.addDef(v.id, (byte) AX);
                i.addDef(s.temp(MType.I64), Inst.ANY);
                i.clobbers = 1 << AX;
                i.earlyClobbers = 1 << AX;
                i.early = true;
            }
        }
    }

    /** What a stack slot or symbol operand names, for printing faults. */
    static String name(Object aux) {
        return aux instanceof Symbol y ? y.name : aux instanceof Slot l ? l.name : String.valueOf(aux);
    }

    /** Loads the scalar at a place in the incoming argument area. */
    static void incomingOperand(Inst i, AbiSig.Loc l) {
        i.a = Inst.MEM;
        i.memKind = Inst.M_IN;
        i.memDisp = l.stackOffset;
    }
}
