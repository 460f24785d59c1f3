// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Struct;
import mica.types.Type;

/** == of every comparable type. */
final class EqualBuilder {
    /** Plain memory up to this size is compared by loads. */
    private static final int INLINE_BYTES = 32;

    private final FuncBuilder b;

    EqualBuilder(FuncBuilder b) {
        this.b = b;
    }

    Value notEqual(Operand x, Operand y) {
        if (!x.isMemory() && x.parts.length == 1 && GoTypes.kind(x.type) != Type.Kind.STRUCT) {
            Value a = x.v();
            return a.type.isFloat() ? b.emit(Op.FNE, MType.I8, a, y.v()) : b.compare(Op.NE, a, y.v());
        }
        return b.not(equal(x, y));
    }

    /** x == y; both have identical types. */
    Value equal(Operand x, Operand y) {
        Type u = GoTypes.under(x.type);
        switch (u.kind()) {
            case BASIC:
                int info = ((Basic) u).info;
                if ((info & Basic.STRING) != 0) {
                    return strings(x, y);
                }
                if ((info & Basic.COMPLEX) != 0) {
                    return b.emit(Op.AND, MType.I8, b.emit(Op.FEQ, MType.I8, x.parts[0], y.parts[0]),
                            b.emit(Op.FEQ, MType.I8, x.parts[1], y.parts[1]));
                }
                if ((info & Basic.FLOAT) != 0) {
                    return b.emit(Op.FEQ, MType.I8, x.v(), y.v());
                }
                return b.compare(Op.EQ, x.v(), y.v());
            case INTERFACE:
                return interfaces(x, y);
            case STRUCT, ARRAY:
                return aggregates(x, y, u);
            default:
                return b.compare(Op.EQ, x.v(), y.v());
        }
    }

    private Value strings(Operand x, Operand y) {
        Value n = x.parts[1];
        Value m = y.parts[1];
        if (m.isConst(0) || n.isConst(0)) {
            return b.compare(Op.EQ, n, m);
        }
        int var = b.newVar(MType.I8);
        Block same = b.newBlock();
        Block done = b.newBlock();
        Value lens = b.compare(Op.EQ, n, m);
        b.write(var, lens);
        b.branch(lens, same, done, 0);
        b.startSealed(same);
        b.write(var, memequal(x.parts[0], y.parts[0], m.isConst() ? m : n));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    Value memequal(Value p, Value q, Value n) {
        if (n.isConst()) {
            switch ((int) n.auxInt) {
                case 1:
                    return b.compare(Op.EQ, b.load(MType.I8, p, 0), b.load(MType.I8, q, 0));
                case 2:
                    return b.compare(Op.EQ, b.load(MType.I16, p, 0), b.load(MType.I16, q, 0));
                case 4:
                    return b.compare(Op.EQ, b.load(MType.I32, p, 0), b.load(MType.I32, q, 0));
                case 8:
                    return b.compare(Op.EQ, b.load(MType.I64, p, 0), b.load(MType.I64, q, 0));
                default:
            }
        }
        return b.rt1("memequal", p, q, n);
    }

    /** Two interface values of the same kind (both empty interfaces or both with methods). */
    private Value interfaces(Operand x, Operand y) {
        if (!mica.types.Predicates.identical(x.type, y.type)) {
            // Their first words are comparable only in one interface type.
            x = b.conv.implicit(x, mica.types.Universe.EMPTY_INTERFACE);
            y = b.conv.implicit(y, mica.types.Universe.EMPTY_INTERFACE);
        }
        int var = b.newVar(MType.I8);
        Block same = b.newBlock();
        Block done = b.newBlock();
        Value words = b.compare(Op.EQ, x.parts[0], y.parts[0]);
        b.write(var, words);
        b.branch(words, same, done, 0);
        b.startSealed(same);
        b.write(var, b.rt1(GoTypes.isEface(x.type) ? "efaceeq" : "ifaceeq", x.parts[0], x.parts[1], y.parts[1]));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    /** Interface x == value y of a concrete type. */
    Value mixed(Operand x, Operand y) {
        int var = b.newVar(MType.I8);
        Block same = b.newBlock();
        Block done = b.newBlock();
        Value is = b.ifaces.hasType(x, y.type);
        b.write(var, is);
        b.branch(is, same, done, 0);
        b.startSealed(same);
        b.write(var, equal(b.ifaces.unbox(y.type, x.parts[1]), y));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    private Value aggregates(Operand x, Operand y, Type u) {
        if (b.layout(x.type).size == 0) {
            return b.bool(true);
        }
        if (x.isMemory()) {
            return memory(x.type, x.addr, y.addr);
        }
        if (u instanceof Array a) {
            return equal(Operand.of(a.elem, x.parts), Operand.of(a.elem, y.parts));
        }
        Struct s = (Struct) u;
        Value all = null;
        int var = b.newVar(MType.I8);
        Block no = null;
        Block done = b.newBlock();
        int last = s.fields.length - 1;
        while (last >= 0 && s.fields[last].name.equals("_")) {
            last--;
        }
        for (int i = 0; i <= last; i++) {
            if (s.fields[i].name.equals("_")) {
                continue;
            }
            Value eq = equal(b.exprs.part(x, i), b.exprs.part(y, i));
            if (i == last) {
                all = eq;
                break;
            }
            if (no == null) {
                no = b.newBlock();
            }
            Block next = b.newBlock();
            b.branch(eq, next, no, 0);
            b.startSealed(next);
        }
        b.write(var, all == null ? b.bool(true) : all);
        b.jump(done);
        if (no != null) {
            b.startSealed(no);
            b.write(var, b.bool(false));
            b.jump(done);
        }
        b.startSealed(done);
        return b.read(var);
    }

    /** Equality of two values of type t in memory. */
    Value memory(Type t, Value p, Value q) {
        long size = b.layout(t).size;
        if (GoTypes.isPlainMemory(t)) {
            return size <= INLINE_BYTES ? inline(p, q, size) : memequal(p, q, b.i64(size));
        }
        return b.calls.direct(b.c.synth.equalFn(t), p, q)[0];
    }

    private Value inline(Value p, Value q, long size) {
        Value diff = null;
        for (long at = 0; at < size; ) {
            MType m = size - at >= 8 ? MType.I64 : size - at >= 4 ? MType.I32 : size - at >= 2 ? MType.I16 : MType.I8;
            Value d = b.emit(Op.XOR, m, b.load(m, p, at), b.load(m, q, at));
            if (m != MType.I64) {
                d = b.emit(Op.ZEXT, MType.I64, d);
            }
            diff = diff == null ? d : b.emit(Op.OR, MType.I64, diff, d);
            at += m.size;
        }
        return diff == null ? b.bool(true) : b.compare(Op.EQ, diff, b.i64(0));
    }

    /** The body of a type:.eq function: compares the values at p and q part by part and returns. */
    Value parts(Type t, Value p, Value q) {
        Type u = GoTypes.under(t);
        if (GoTypes.isPlainMemory(t)) {
            return memequal(p, q, b.i64(b.layout(t).size));
        }
        if (!(u instanceof Struct) && !(u instanceof Array)) {
            return equal(b.loadFrom(t, p), b.loadFrom(t, q));
        }
        int var = b.newVar(MType.I8);
        Block no = b.newBlock();
        Block done = b.newBlock();
        if (u instanceof Struct s) {
            structParts(s, p, q, no);
        } else {
            arrayParts((Array) u, p, q, no);
        }
        b.write(var, b.bool(true));
        b.jump(done);
        b.startSealed(no);
        b.write(var, b.bool(false));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    private void structParts(Struct s, Value p, Value q, Block no) {
        long[] offs = mica.types.Sizes.offsets(s);
        for (int i = 0; i < s.fields.length; ) {
            if (s.fields[i].name.equals("_")) {
                i++;
                continue;
            }
            // A run of plain fields without gaps is compared at once.
            int end = i;
            long to = offs[i];
            while (end < s.fields.length && !s.fields[end].name.equals("_") && offs[end] == to && GoTypes.isPlainMemory(s.fields[end].type)) {
                to += GoTypes.size(s.fields[end].type);
                end++;
            }
            Value eq;
            if (end > i + 1) {
                long n = to - offs[i];
                Value a = b.offset(p, offs[i]);
                Value c = b.offset(q, offs[i]);
                eq = n <= INLINE_BYTES ? inline(a, c, n) : memequal(a, c, b.i64(n));
                i = end;
            } else {
                Type ft = s.fields[i].type;
                Value a = b.offset(p, offs[i]);
                Value c = b.offset(q, offs[i]);
                eq = b.layout(ft).scalar ? equal(b.loadFrom(ft, a), b.loadFrom(ft, c)) : memory(ft, a, c);
                i++;
            }
            Block next = b.newBlock();
            b.branch(eq, next, no, 0);
            b.startSealed(next);
        }
    }

    private void arrayParts(Array a, Value p, Value q, Block no) {
        int i = b.newVar(MType.I64);
        b.write(i, b.i64(0));
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block end = b.newBlock();
        b.jump(head);
        b.start(head);
        b.branch(b.compare(Op.LT, b.read(i), b.i64(a.length)), body, end, 1);
        b.startSealed(body);
        Value x = b.places.elementAddress(p, b.read(i), a.elem);
        Value y = b.places.elementAddress(q, b.read(i), a.elem);
        Value eq = b.layout(a.elem).scalar ? equal(b.loadFrom(a.elem, x), b.loadFrom(a.elem, y)) : memory(a.elem, x, y);
        b.branch(eq, next, no, 1);
        b.startSealed(next);
        b.write(i, b.add(b.read(i), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(end);
    }
}
