// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.obj.Symbol;
import mica.ssa.Alloc;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Array;
import mica.types.Constant;
import mica.types.MapType;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;

/** Composite literals. */
final class LiteralBuilder {
    /** Slice and array literals with at least this many constant bytes are copied from read-only data. */
    private static final int STATIC_BYTES = 64;

    private final FuncBuilder b;

    LiteralBuilder(FuncBuilder b) {
        this.b = b;
    }

    Operand literal(Expr.CompositeLit e) {
        return literal(e, b.type(e));
    }

    Operand literal(Expr.CompositeLit e, Type t) {
        b.pos = e.pos;
        Type u = GoTypes.under(t);
        switch (u.kind()) {
            case POINTER:
                // An elided &T inside another literal.
                return Operand.of(t, address(e, ((Pointer) u).elem));
            case MAP:
                return map(e, t, (MapType) u);
            case SLICE:
                return slice(e, t, (Slice) u);
            case STRUCT:
                if (b.layout(t).scalar) {
                    return scalarStruct(e, t, (Struct) u);
                }
                break;
            default:
                if (b.layout(t).scalar) {
                    Array a = (Array) u;
                    if (a.length == 0 || e.elements.length == 0) {
                        for (Expr x : e.elements) {
                            b.exprs.discard(x);
                        }
                        return b.zero(t);
                    }
                    if (b.layout(a.elem).isZeroSize()) {
                        for (Expr x : e.elements) {
                            element(x instanceof Expr.KeyValue kv ? kv.value : x, a.elem);
                        }
                        return b.zero(t);
                    }
                    Expr x = e.elements[0];
                    return element(x instanceof Expr.KeyValue kv ? kv.value : x, a.elem).as(t);
                }
        }
        Value p = b.valueTemp(t);
        into(e, t, p, false);
        return Operand.memory(t, p);
    }

    /** &T{...}. */
    Value addressOfLiteral(Expr.CompositeLit e) {
        return address(e, b.type(e));
    }

    private Value address(Expr.CompositeLit e, Type t) {
        Type u = GoTypes.under(t);
        b.pos = e.pos;
        boolean inPlace = u instanceof Struct || u instanceof Array;
        Operand x = inPlace ? null : literal(e, t);
        // Under the rules of package runtime an explicit &T{} is meant to allocate.
        Value p = b.alloc(b.runtimeRules ? Alloc.Kind.NEW : Alloc.Kind.LITERAL, "&" + t + "{...}", t, false);
        if (b.notes != null) {
            b.notes.site(p, "&" + NoteText.literal(t, e, b.fn.pkg), e.pos);
        }
        if (inPlace) {
            into(e, t, p, true);
        } else {
            b.storeTo(p, x);
        }
        return p;
    }

    /** An element or field value of type t; composite literals may leave out their type. */
    private Operand element(Expr x, Type t) {
        if (x instanceof Expr.CompositeLit lit && lit.typeExpr == null) {
            return literal(lit, t);
        }
        return b.exprs.expr(x, t);
    }

    /** Stores an element at p without a detour if it is a literal of a memory type. */
    private void elementInto(Expr x, Type t, Value p, boolean zeroed) {
        if (x.unparen() instanceof Expr.CompositeLit lit && !b.layout(t).scalar
                && (GoTypes.under(t) instanceof Struct || GoTypes.under(t) instanceof Array)
                && (lit.typeExpr == null || GoTypes.kind(b.type(lit)) == GoTypes.kind(t))) {
            into(lit, t, p, zeroed);
            return;
        }
        Operand v = element(x, t);
        b.storeTo(p, v);
    }

    /** Builds a struct or array literal at p. */
    void into(Expr.CompositeLit e, Type t, Value p, boolean zeroed) {
        Type u = GoTypes.under(t);
        if (u instanceof Struct s) {
            structInto(e, t, s, p, zeroed);
        } else {
            Array a = (Array) u;
            arrayInto(e, a.elem, a.length, t, p, zeroed);
        }
    }

    private void structInto(Expr.CompositeLit e, Type t, Struct s, Value p, boolean zeroed) {
        if (!zeroed) {
            b.zeroMemory(p, b.layout(t).size, t);
        }
        long[] offs = Sizes.offsets(s);
        for (int i = 0; i < e.elements.length; i++) {
            Expr x = e.elements[i];
            if (x instanceof Expr.KeyValue kv) {
                int[] path = path(kv, s);
                Place at = b.places.follow(Place.memory(t, p), null, t, path, 0, kv.pos);
                elementInto(kv.value, at.type, at.addr, true);
            } else if (s.fields[i].name.equals("_")) {
                element(x, s.fields[i].type);
            } else {
                elementInto(x, s.fields[i].type, b.offset(p, offs[i]), true);
            }
        }
    }

    static int[] path(Expr.KeyValue kv, Struct s) {
        if (kv.selection != null) {
            return ((Selection) kv.selection).path;
        }
        String name = ((Expr.Name) kv.key).name;
        for (int i = 0; i < s.fields.length; i++) {
            if (s.fields[i].name.equals(name)) {
                return new int[] {i};
            }
        }
        throw new mica.base.Fault("ssa build", "no field " + name + " in a struct literal");
    }

    private Operand scalarStruct(Expr.CompositeLit e, Type t, Struct s) {
        Value[] parts = b.zero(t).parts;
        for (int i = 0; i < e.elements.length; i++) {
            Expr x = e.elements[i];
            if (x instanceof Expr.KeyValue kv) {
                int[] path = path(kv, s);
                int first = 0;
                Type ft = t;
                for (int step : path) {
                    Struct st = (Struct) GoTypes.under(ft);
                    first += b.places.partsBefore(st, step);
                    ft = st.fields[step].type;
                }
                Operand v = element(kv.value, ft);
                System.arraycopy(v.parts, 0, parts, first, v.parts.length);
            } else {
                Operand v = element(x, s.fields[i].type);
                if (!s.fields[i].name.equals("_")) {
                    System.arraycopy(v.parts, 0, parts, b.places.partsBefore(s, i), v.parts.length);
                }
            }
        }
        return Operand.of(t, parts);
    }

    private void arrayInto(Expr.CompositeLit e, Type elem, long length, Type t, Value p, boolean zeroed) {
        Layout l = b.layout(elem);
        long total = l.size * length;
        Symbol image = total >= STATIC_BYTES ? b.c.statics.constantArray(b, e, elem, length) : null;
        if (image != null) {
            b.move(p, b.address(image, 0), total, t);
        } else if (!zeroed && (e.elements.length < length || !l.scalar)) {
            b.zeroMemory(p, total, t);
        }
        long i = 0;
        for (Expr x : e.elements) {
            Expr value = x;
            if (x instanceof Expr.KeyValue kv) {
                i = ((Constant) kv.key.constant).toInt().longValue();
                value = kv.value;
            }
            if (image == null || !b.c.statics.isConstantElement(b, value, elem)) {
                elementInto(value, elem, b.offset(p, i * l.size), true);
            }
            i++;
        }
    }

    static long lengthOf(Expr.CompositeLit e) {
        long i = 0;
        long max = 0;
        for (Expr x : e.elements) {
            if (x instanceof Expr.KeyValue kv) {
                i = ((Constant) kv.key.constant).toInt().longValue();
            }
            i++;
            max = Math.max(max, i);
        }
        return max;
    }

    private Operand slice(Expr.CompositeLit e, Type t, Slice s) {
        long n = lengthOf(e);
        if (n == 0) {
            // Empty but not nil.
            if (b.notes != null) {
                b.notes.site(null, NoteText.literal(t, e, b.fn.pkg), e.pos);
            }
            return Operand.of(t, b.address(b.c.symbols.lookup("runtime.zerobase"), 0), b.i64(0), b.i64(0));
        }
        Array a = new Array(s.elem, n);
        Value p = b.alloc(Alloc.Kind.LITERAL, "[]" + s.elem + "{...}", a, false);
        if (b.notes != null) {
            b.notes.site(p, NoteText.literal(t, e, b.fn.pkg), e.pos);
        }
        arrayInto(e, s.elem, n, a, p, true);
        return Operand.of(t, p, b.i64(n), b.i64(n));
    }

    private Operand map(Expr.CompositeLit e, Type t, MapType m) {
        int n = e.elements.length;
        Value map = n <= 8 ? b.maps.empty(m) : b.rt1("makemap", b.typeWord(t), b.i64(n), b.nil());
        if (b.notes != null) {
            b.notes.site(map, NoteText.literal(t, e, b.fn.pkg), e.pos);
        }
        for (Expr x : e.elements) {
            Expr.KeyValue kv = (Expr.KeyValue) x;
            b.order.ahead(kv.key, kv.value);
            Operand key = b.stable(element(kv.key, m.key));
            Operand value = element(kv.value, m.elem);
            b.pos = kv.pos;
            b.storeTo(b.maps.assignSlot(t, map, key), value);
        }
        return Operand.of(t, map);
    }

}
