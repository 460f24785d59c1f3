// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.BoundsKind;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Array;
import mica.types.MapType;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Var;

/** Operands that denote places: variables, dereferences, fields, elements. */
final class PlaceBuilder {
    private final FuncBuilder b;

    PlaceBuilder(FuncBuilder b) {
        this.b = b;
    }

    /** Whether e denotes a variable or a part of one. */
    boolean isPlace(Expr e) {
        switch (e.kind) {
            case PAREN:
                return isPlace(((Expr.Paren) e).x);
            case NAME:
                return ((Expr.Name) e).obj instanceof Var;
            case STAR:
                return true;
            case SELECTOR:
                Expr.Selector s = (Expr.Selector) e;
                if (s.selection == null) {
                    return s.sel.obj instanceof Var;
                }
                Selection sel = (Selection) s.selection;
                return sel.kind == Selection.Kind.FIELD && (sel.indirect || GoTypes.pointee(b.type(s.x)) != null || isPlace(s.x));
            case INDEX:
                Expr.Index i = (Expr.Index) e;
                Type u = GoTypes.under(b.type(i.x));
                return u instanceof Slice || u instanceof Pointer || u instanceof Array && isPlace(i.x);
            default:
                return false;
        }
    }

    /** Evaluates a place; e satisfies isPlace, or is an element of a map, or the blank identifier. */
    Place place(Expr e) {
        b.pos = e.pos;
        switch (e.kind) {
            case PAREN:
                return place(((Expr.Paren) e).x);
            case NAME:
                Expr.Name n = (Expr.Name) e;
                if (n.isBlank()) {
                    return Place.blank(e.type == null ? null : b.type(e));
                }
                return variable((Var) n.obj);
            case STAR:
                Value p = b.exprs.value(((Expr.Star) e).x);
                b.pos = e.pos;
                b.nilCheck(p);
                return deref(b.type(e), p);
            case SELECTOR:
                Expr.Selector s = (Expr.Selector) e;
                if (s.selection == null) {
                    return variable((Var) s.sel.obj);
                }
                return field(s.x, ((Selection) s.selection).path, e.pos);
            case INDEX:
                return element((Expr.Index) e);
            default:
                throw b.unsupported("assignment to this kind of expression");
        }
    }

    /** Evaluates the operands of a dereference or an element of a slice; null if e is something else. */
    Pending pending(Expr e) {
        e = e.unparen();
        b.pos = e.pos;
        switch (e.kind) {
            case STAR:
                return new Pending(e, b.type(e), b.exprs.expr(((Expr.Star) e).x), null);
            case SELECTOR:
                Expr.Selector s = (Expr.Selector) e;
                if (s.selection == null || GoTypes.pointee(b.type(s.x)) == null) {
                    return null;
                }
                return new Pending(e, b.type(e), b.exprs.expr(s.x), null);
            case INDEX:
                Expr.Index i = (Expr.Index) e;
                if (!(GoTypes.under(b.type(i.x)) instanceof Slice sl)) {
                    return null;
                }
                Operand x = b.exprs.expr(i.x);
                Expr ix = i.indices[0];
                return new Pending(e, sl.elem, x, b.exprs.expr(ix, ix.constant != null ? mica.types.Universe.INT : null));
            default:
                return null;
        }
    }

    /** The place, after the checks. */
    Place finish(Pending p) {
        b.pos = p.expr.pos;
        if (p.expr instanceof Expr.Index) {
            Value i = checkIndex(p.index, p.base.parts[1], BoundsKind.INDEX, BoundsKind.INDEX_U);
            return deref(p.type, elementAddress(p.base.parts[0], i, p.type));
        }
        if (p.expr instanceof Expr.Selector s) {
            return follow(null, p.base.v(), b.type(s.x), ((Selection) s.selection).path, 0, p.expr.pos);
        }
        b.nilCheck(p.base.v());
        return deref(p.type, p.base.v());
    }

    private static Place deref(Type t, Value p) {
        Place r = Place.memory(t, p);
        r.deref = true;
        return r;
    }

    Place variable(Var v) {
        if (!FactsWalker.isLocal(v)) {
            return Place.memory(b.env.apply(v.type), b.address(b.c.varSymbol(v), 0));
        }
        Local l = b.local(v);
        return l.storage == Local.Storage.SSA ? Place.ssa(l.type, l.ssa) : Place.memory(l.type, b.addressOf(l));
    }

    /** The place that a path of fields leads to, from expression x. */
    Place field(Expr x, int[] path, int pos) {
        Type t = b.type(x);
        Place at;
        if (GoTypes.pointee(t) != null) {
            Value p = b.exprs.value(x);
            at = null;
            return follow(at, p, t, path, 0, pos);
        }
        if (isPlace(x)) {
            at = place(x);
        } else {
            Operand v = b.exprs.expr(x);
            at = Place.memory(t, b.spill(v));
        }
        return follow(at, null, t, path, 0, pos);
    }

    /** From a place of struct type (or a pointer value) along the path, from step i on. */
    Place follow(Place at, Value ptr, Type t, int[] path, int i, int pos) {
        for (; i < path.length; i++) {
            Type elem = GoTypes.pointee(t);
            if (elem != null) {
                if (ptr == null) {
                    ptr = load(at).v();
                }
                b.pos = pos;
                b.nilCheck(ptr);
                at = deref(elem, ptr);
                t = elem;
            }
            ptr = null;
            at = fieldOf(at, t, path[i]);
            t = at.type;
        }
        return at;
    }

    Place fieldOf(Place at, Type structType, int index) {
        Struct s = (Struct) GoTypes.under(structType);
        Type ft = s.fields[index].type;
        if (at.kind == Place.Kind.SSA) {
            return Place.ssa(ft, at.ssa + partsBefore(s, index));
        }
        Place r = Place.memory(ft, b.offset(at.addr, Sizes.offsets(s)[index]));
        r.deref = at.deref;
        return r;
    }

    int partsBefore(Struct s, int index) {
        int n = 0;
        for (int k = 0; k < index; k++) {
            n += b.layout(s.fields[k].type).parts.length;
        }
        return n;
    }

    private Place element(Expr.Index e) {
        Type t = b.type(e.x);
        Type u = GoTypes.under(t);
        Expr ix = e.indices[0];
        if (u instanceof MapType m) {
            Value map = b.exprs.value(e.x);
            Operand key = b.stable(b.exprs.expr(ix, m.key));
            return Place.map(m.elem, t, map, key);
        }
        if (u instanceof Slice s) {
            Operand x = b.exprs.expr(e.x);
            Value i = checkedIndex(ix, x.parts[1], BoundsKind.INDEX, BoundsKind.INDEX_U, e.pos);
            return deref(s.elem, elementAddress(x.parts[0], i, s.elem));
        }
        if (u instanceof Pointer p) {
            Array a = (Array) GoTypes.under(p.elem);
            Value base = b.exprs.value(e.x);
            b.pos = e.pos;
            b.nilCheck(base);
            Value i = checkedIndex(ix, b.i64(a.length), BoundsKind.INDEX, BoundsKind.INDEX_U, e.pos);
            return deref(a.elem, elementAddress(base, i, a.elem));
        }
        Array a = (Array) u;
        Place at = isPlace(e.x) ? place(e.x) : Place.memory(t, b.spill(b.exprs.expr(e.x)));
        Value i = checkedIndex(ix, b.i64(a.length), BoundsKind.INDEX, BoundsKind.INDEX_U, e.pos);
        if (at.kind == Place.Kind.SSA) {
            // The element of an empty array has no place; the check has failed before.
            return b.layout(a.elem).scalar ? Place.ssa(a.elem, at.ssa) : Place.memory(a.elem, b.temp(a.elem));
        }
        Place r = Place.memory(a.elem, elementAddress(at.addr, i, a.elem));
        r.deref = at.deref;
        return r;
    }

    /** Evaluates an index, widens it to 64 bits and checks it against the length. */
    Value checkedIndex(Expr ix, Value len, BoundsKind signed, BoundsKind unsigned, int pos) {
        Operand x = b.exprs.expr(ix, ix.constant != null ? mica.types.Universe.INT : null);
        b.pos = pos;
        return checkIndex(x, len, signed, unsigned);
    }

    Value checkIndex(Operand x, Value len, BoundsKind signed, BoundsKind unsigned) {
        boolean u = GoTypes.isUnsigned(x.type);
        Value i = b.conv.toI64(x);
        BoundsKind kind = u ? unsigned : signed;
        if (i.isConst() && len.isConst() && i.auxInt >= 0 && (kind.strict ? i.auxInt < len.auxInt : i.auxInt <= len.auxInt)) {
            return i;
        }
        Value v = b.emit(Op.BOUNDS_CHECK, MType.VOID, i, len);
        v.aux = kind;
        return i;
    }

    Value elementAddress(Value base, Value i, Type elem) {
        long size = b.layout(elem).size;
        return size == 0 ? base : b.addPtr(base, b.mul(i, size));
    }

    // Reading and writing.

    Operand load(Place p) {
        switch (p.kind) {
            case SSA:
                return b.readVars(p.type, b.layout(p.type), p.ssa);
            case MEMORY:
                return b.loadFrom(p.type, p.addr);
            case MAP:
                return b.maps.read(p.mapType, p.map, p.key);
            default:
                throw b.unsupported("reading the blank identifier");
        }
    }

    /** Assigns; x already has the place's type. */
    void store(Place p, Operand x) {
        switch (p.kind) {
            case SSA:
                for (int k = 0; k < x.parts.length; k++) {
                    b.write(p.ssa + k, x.parts[k]);
                }
                break;
            case MEMORY:
                if (x.isMemory() && p.deref && GoTypes.kind(p.type) == Type.Kind.ARRAY) {
                    overlappingMove(p.addr, x);
                } else {
                    b.storeTo(p.addr, x);
                }
                break;
            case MAP:
                b.storeTo(b.maps.assignSlot(p.mapType, p.map, p.key), x);
                break;
            default:
        }
    }

    /** Arrays behind pointers made from slices may overlap partly. */
    private void overlappingMove(Value to, Operand x) {
        b.rt("memmove", to, x.addr, b.i64(b.layout(x.type).size));
    }

    /** Address of the variable that e denotes, which lives in memory. */
    Value address(Expr e) {
        Place p = place(e);
        if (p.kind != Place.Kind.MEMORY) {
            throw new mica.base.Fault(b.func.name, "address of a variable in registers at " + b.c.sources().format(e.pos));
        }
        return p.addr;
    }
}
