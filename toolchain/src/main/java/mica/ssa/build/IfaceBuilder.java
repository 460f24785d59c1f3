// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.obj.Symbol;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Type;
import mica.types.Universe;

/** Interface values: conversion to them, type assertions, what type switches need. */
final class IfaceBuilder {
    /** Offset of the type in an itab (internal/abi.ITab). */
    private static final long ITAB_TYPE = 8;

    private final FuncBuilder b;

    IfaceBuilder(FuncBuilder b) {
        this.b = b;
    }

    /** A value as interface type want. */
    Operand toInterface(Operand x, Type want) {
        if (GoTypes.isInterface(x.type)) {
            return between(x, want);
        }
        Value word = typeOrTab(x.type, want);
        return Operand.of(want, word, box(x));
    }

    /** First word of interface type want for a dynamic type, marked as used in an interface. */
    private Value typeOrTab(Type dynamic, Type want) {
        Symbol desc = b.c.data.type(dynamic);
        if (!b.func.usedTypes.contains(desc)) {
            b.func.usedTypes.add(desc);
        }
        return b.address(GoTypes.isEface(want) ? desc : b.c.data.itab(dynamic, want), 0);
    }

    /** The data word that holds x. */
    Value box(Operand x) {
        Type t = x.type;
        Layout l = b.layout(t);
        if (GoTypes.isDirectIface(t)) {
            return x.v();
        }
        if (l.size == 0) {
            return b.address(b.c.symbols.lookup("runtime.zerobase"), 0);
        }
        if (!x.isMemory()) {
            Symbol s = constantData(l, x);
            if (s != null) {
                return b.address(s, 0);
            }
            if (x.parts.length == 1 && x.v().type == MType.I8) {
                Value i = b.emit(Op.ZEXT, MType.I64, x.v());
                return b.addPtr(b.address(b.c.variableNamed("runtime.staticuint64s"), 0), b.mul(i, 8));
            }
        }
        Value p = b.alloc(Alloc.Kind.BOX, t.toString(), t, false);
        ((Alloc) p.aux).conversion = x.isMemory() ? null : conversion(t, l);
        b.storeTo(p, x);
        return p;
    }

    private static String conversion(Type t, Layout l) {
        if (GoTypes.isString(t)) {
            return "convTstring";
        }
        if (GoTypes.under(t) instanceof mica.types.Slice) {
            return "convTslice";
        }
        return !l.hasPointers && l.parts.length == 1 && l.size == l.align ? "convT" + 8 * l.size : null;
    }

    /** Read-only data equal to x, if x is constant; else null. */
    private Symbol constantData(Layout l, Operand x) {
        Value[] parts = new Value[x.parts.length];
        for (int k = 0; k < parts.length; k++) {
            parts[k] = Ssa.resolve(x.parts[k]);
            if (!parts[k].isConst() && !(parts[k].op == Op.ADDR && parts[k].aux instanceof Symbol)) {
                return null;
            }
        }
        return b.c.statics.readOnly(l, parts);
    }

    /** From one interface type to another that it implements. */
    private Operand between(Operand x, Type want) {
        boolean fromE = GoTypes.isEface(x.type);
        if (GoTypes.isEface(want)) {
            return fromE ? x.as(want) : Operand.of(want, typeOf(x), x.parts[1]);
        }
        // interface types that differ only by name have method tables of their own, which comparison tells apart
        if (mica.types.Predicates.identical(x.type, want)) {
            return x.as(want);
        }
        Value type = typeOf(x);
        int tab = b.newVar(MType.PTR);
        b.write(tab, b.nil());
        Block some = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.NE, type, b.nil()), some, done, 1);
        b.startSealed(some);
        b.write(tab, b.rt1("assertE2I", b.typeWord(want), type));
        b.jump(done);
        b.startSealed(done);
        return Operand.of(want, b.read(tab), x.parts[1]);
    }

    /** The dynamic type's descriptor, nil for a nil interface. */
    Value typeOf(Operand x) {
        if (GoTypes.isEface(x.type)) {
            return x.parts[0];
        }
        Value tab = x.parts[0];
        if (Ssa.resolve(tab).op == Op.ADDR) {
            return b.load(MType.PTR, tab, ITAB_TYPE);
        }
        int var = b.newVar(MType.PTR);
        b.write(var, tab);
        Block some = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.NE, tab, b.nil()), some, done, 1);
        b.startSealed(some);
        b.write(var, b.load(MType.PTR, tab, ITAB_TYPE));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    /** Whether the dynamic type of interface x is the concrete type t. */
    Value hasType(Operand x, Type t) {
        return b.compare(Op.EQ, typeOf(x), b.typeWord(t));
    }

    /** The value of type t that a data word stands for. */
    Operand unbox(Type t, Value data) {
        Layout l = b.layout(t);
        if (l.size == 0) {
            return b.zero(t);
        }
        if (GoTypes.isDirectIface(t)) {
            return Operand.of(t, data);
        }
        return b.loadFrom(t, data);
    }

    /** x.(T): the value, and with commaOk whether it holds. */
    Operand[] typeAssert(Expr.TypeAssert e, boolean commaOk) {
        Operand x = b.exprs.expr(e.x);
        b.pos = e.pos;
        Type t = b.env.apply((Type) (e.typeExpr != null ? e.typeExpr.type : e.type));
        return assertType(x, t, commaOk);
    }

    Operand[] assertType(Operand x, Type t, boolean commaOk) {
        if (!GoTypes.isInterface(x.type)) {
            throw b.unsupported("type assertion on a value of type " + x.type);
        }
        if (GoTypes.isInterface(t)) {
            return toInterfaceType(x, t, commaOk);
        }
        Value type = typeOf(x);
        Value is = b.compare(Op.EQ, type, b.typeWord(t));
        if (!commaOk) {
            Block yes = b.newBlock();
            Block no = b.newBlock();
            b.branch(is, yes, no, 1);
            b.startSealed(no);
            b.rtNoReturn("panicdottypeE", type, b.typeWord(t), b.typeWord(x.type));
            b.startSealed(yes);
            return new Operand[] {unbox(t, x.parts[1])};
        }
        Block yes = b.newBlock();
        Block no = b.newBlock();
        Block done = b.newBlock();
        Layout l = b.layout(t);
        int first = l.scalar ? b.newVars(l.parts) : -1;
        Value mem = l.scalar ? null : b.temp(t);
        b.branch(is, yes, no, 0);
        b.startSealed(yes);
        Operand v = unbox(t, x.parts[1]);
        if (l.scalar) {
            for (int k = 0; k < v.parts.length; k++) {
                b.write(first + k, v.parts[k]);
            }
        } else {
            b.storeTo(mem, v);
        }
        b.jump(done);
        b.startSealed(no);
        if (l.scalar) {
            for (int k = 0; k < l.parts.length; k++) {
                b.write(first + k, b.zero(l.parts[k]));
            }
        } else {
            b.zeroMemory(mem, l.size, t);
        }
        b.jump(done);
        b.startSealed(done);
        Operand r = l.scalar ? b.readVars(t, l, first) : Operand.memory(t, mem);
        return new Operand[] {r, Operand.of(Universe.BOOL, is)};
    }

    private Operand[] toInterfaceType(Operand x, Type t, boolean commaOk) {
        Value type = typeOf(x);
        Value data = x.parts[1];
        if (GoTypes.isEface(t)) {
            Value is = b.compare(Op.NE, type, b.nil());
            if (commaOk) {
                return new Operand[] {Operand.of(t, type, data), Operand.of(Universe.BOOL, is)};
            }
            nilGuard(is, t);
            return new Operand[] {Operand.of(t, type, data)};
        }
        if (!commaOk) {
            nilGuard(b.compare(Op.NE, type, b.nil()), t);
            Value tab = b.rt1("assertE2I", b.typeWord(t), type);
            return new Operand[] {Operand.of(t, tab, data)};
        }
        int tab = b.newVar(MType.PTR);
        int word = b.newVar(MType.PTR);
        b.write(tab, b.nil());
        b.write(word, b.nil());
        Block some = b.newBlock();
        Block ok = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.NE, type, b.nil()), some, done, 1);
        b.startSealed(some);
        Value found = b.rt1("assertE2I2", b.typeWord(t), type);
        b.branch(b.compare(Op.NE, found, b.nil()), ok, done, 0);
        b.startSealed(ok);
        b.write(tab, found);
        b.write(word, data);
        b.jump(done);
        b.startSealed(done);
        Value is = b.compare(Op.NE, b.read(tab), b.nil());
        return new Operand[] {Operand.of(t, b.read(tab), b.read(word)), Operand.of(Universe.BOOL, is)};
    }

    private void nilGuard(Value notNil, Type want) {
        Block yes = b.newBlock();
        Block no = b.newBlock();
        b.branch(notNil, yes, no, 1);
        b.startSealed(no);
        b.rtNoReturn("panicnildottype", b.typeWord(want));
        b.startSealed(yes);
    }
}
