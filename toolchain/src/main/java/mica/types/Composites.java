// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import mica.syntax.Expr;

/** Composite literals. */
final class Composites extends Part {
    Composites(Checker c) {
        super(c);
    }

    /** @param hint type of the element that the literal is, when it has no type of its own; or null */
    void literal(Operand x, Expr.CompositeLit e, Type hint) {
        Type t;
        Type base;
        boolean open = false;
        if (e.typeExpr != null) {
            Expr te = e.typeExpr;
            if (te.kind == Expr.Kind.ARRAY_TYPE && ((Expr.ArrayType) te).len instanceof Expr.Ellipsis el && el.elem == null) {
                t = new Array(c.types.varType(((Expr.ArrayType) te).elem), -1);
                te.type = t;
                te.mode = Mode.TYPE;
                open = true;
            } else {
                t = te.type instanceof Type known && te.mode == Mode.TYPE && c.env.body == null && c.env.iota == null && Predicates.isValid(known) && !Predicates.isGeneric(known)
                        ? known : c.types.type(te);
            }
            base = t;
        } else if (hint != null) {
            t = hint;
            base = hint;
            if (TypeSets.commonUnder(base, null) instanceof Pointer p) {
                base = p.elem;
            }
        } else {
            error(e, "missing type in composite literal");
            useElements(e);
            return;
        }
        if (!c.decls.complete(base)) {
            return;
        }
        Type u = Predicates.isValid(base) ? TypeSets.commonUnder(base, null) : Universe.INVALID;
        String what = e.typeExpr == null ? "invalid composite literal element type " : "invalid composite literal type ";
        if (u == null) {
            error(e, what + name(t) + " (no common underlying type)");
            useElements(e);
            return;
        }
        switch (u.kind()) {
            case STRUCT -> {
                struct(e, (Struct) u, base);
            }
            case ARRAY -> {
                Array a = (Array) u;
                long n = elements(e.elements, a.elem, a.length);
                if (open) {
                    a.length = n;
                }
            }
            case SLICE -> elements(e.elements, ((Slice) u).elem, -1);
            case MAP -> map(e, (MapType) u);
            default -> {
                useElements(e);
                if (Predicates.isValid(u)) {
                    error(e, what + name(t));
                }
                return;
            }
        }
        x.set(Mode.VALUE, t);
    }

    private void useElements(Expr.CompositeLit e) {
        for (Expr el : e.elements) {
            Expr v = el instanceof Expr.KeyValue kv ? kv.value : el;
            if (!(v instanceof Expr.CompositeLit cl && cl.typeExpr == null)) {
                c.exprs.use(v);
            }
        }
    }

    /** Checks a value that becomes an element or field of type t. */
    private void value(Expr e, Type t, String context) {
        Operand x = new Operand();
        if (e instanceof Expr.CompositeLit cl && cl.typeExpr == null && context.startsWith("struct")) {
            error(e, "missing type in composite literal");
            useElements(cl);
            return;
        }
        c.exprs.exprFor(x, e, t, context);
        c.assignments.assignable(x, t, context);
    }

    // ---- structs ----

    private void struct(Expr.CompositeLit e, Struct s, Type base) {
        if (e.elements.length == 0) {
            return;
        }
        if (e.elements[0].kind == Expr.Kind.KEY_VALUE) {
            keyed(e, s, base);
        } else {
            positional(e, s, base);
        }
    }

    private void keyed(Expr.CompositeLit e, Struct s, Type base) {
        List<int[]> set = new ArrayList<>();
        List<String> names = new ArrayList<>();
        boolean[] direct = new boolean[s.fields.length];
        for (Expr el : e.elements) {
            if (!(el instanceof Expr.KeyValue kv)) {
                error(el, "mixture of field:value and value elements in struct literal");
                continue;
            }
            if (!(kv.key instanceof Expr.Name key)) {
                error(kv.key, "invalid field name " + text(kv.key) + " in struct literal");
                useValue(kv);
                continue;
            }
            int i = Lookup.fieldIndex(s, c.pkg, key.name);
            Var f;
            int[] path;
            if (i >= 0) {
                f = s.fields[i];
                path = new int[] {i};
                kv.selection = new Selection(Selection.Kind.FIELD, base, f, path, false);
            } else {
                Lookup.Result r = Lookup.fieldOrMethod(s, true, c.pkg, key.name);
                if (r.status != Lookup.Status.FOUND || !(r.obj instanceof Var pf)) {
                    error(key, r.obj != null ? key.name + " is not a field" : c.selectors.lookupError(base, key.name, Lookup.foldCase(s, false, c.pkg, key.name), true));
                    useValue(kv);
                    continue;
                }
                if (!c.needVersion(key.pos, 27, "use of promoted field " + fieldPath(s, path = r.path) + " in struct literal of type " + name(base))) {
                    useValue(kv);
                    continue;
                }
                if (r.indirect) {
                    error(key, "invalid implicit pointer indirection to reach " + key.name);
                    useValue(kv);
                    continue;
                }
                f = pf;
                path = r.path;
                kv.selection = new Selection(Selection.Kind.FIELD, base, f, path, false);
            }
            key.obj = f;
            key.type = f.type;
            key.mode = Mode.VARIABLE;
            if (path.length == 1 && direct[path[0]]) {
                error(kv, "duplicate field name " + key.name + " in struct literal");
                useValue(kv);
                continue;
            }
            if (!overlaps(s, kv, key, path, set, names)) {
                set.add(path);
                names.add(key.name);
                if (path.length == 1) {
                    direct[path[0]] = true;
                }
            }
            value(kv.value, f.type, "struct literal");
        }
    }

    private void useValue(Expr.KeyValue kv) {
        if (!(kv.value instanceof Expr.CompositeLit cl && cl.typeExpr == null)) {
            c.exprs.use(kv.value);
        }
    }

    /** A field and a field promoted from it (or the same promoted field twice) cannot both be given. Only called for promoted fields in practice. */
    private boolean overlaps(Struct s, Expr.KeyValue kv, Expr.Name key, int[] path, List<int[]> set, List<String> names) {
        boolean anyLong = path.length > 1;
        for (int k = 0; k < set.size() && !anyLong; k++) {
            anyLong = set.get(k).length > 1;
        }
        if (!anyLong) {
            return false;
        }
        for (int k = 0; k < set.size(); k++) {
            int[] o = set.get(k);
            int n = Math.min(o.length, path.length);
            int i = 0;
            while (i < n && o[i] == path[i]) {
                i++;
            }
            if (i < n) {
                continue;
            }
            if (o.length == path.length) {
                error(kv, "duplicate field name " + key.name + " in struct literal");
            } else if (o.length < path.length) {
                error(kv, "cannot specify promoted field " + key.name + " and enclosing embedded field " + names.get(k));
            } else {
                error(kv, "cannot specify embedded field " + key.name + " and enclosed promoted field " + names.get(k));
            }
            return true;
        }
        return false;
    }

    /** The name of a promoted field with the embedded fields before it. */
    private static String fieldPath(Struct s, int[] path) {
        StringBuilder sb = new StringBuilder();
        Type t = s;
        for (int i : path) {
            Type u = t.underlying() instanceof Pointer p ? p.elem.underlying() : t.underlying();
            Var f = ((Struct) u).fields[i];
            sb.append(sb.isEmpty() ? "" : ".").append(f.name);
            t = f.type;
        }
        return sb.toString();
    }

    private void positional(Expr.CompositeLit e, Struct s, Type base) {
        for (int i = 0; i < e.elements.length; i++) {
            Expr el = e.elements[i];
            if (el instanceof Expr.KeyValue kv) {
                error(kv, "mixture of field:value and value elements in struct literal");
                continue;
            }
            if (i >= s.fields.length) {
                Operand x = new Operand();
                c.exprs.expr(x, el);
                error(el, "too many values in struct literal of type " + name(base));
                for (int k = i + 1; k < e.elements.length; k++) {
                    c.exprs.use(e.elements[k]);
                }
                return;
            }
            Var f = s.fields[i];
            if (!f.exported() && !Names.samePackage(f.pkg, c.pkg)) {
                error(el, "implicit assignment to unexported field " + f.name + " in struct literal of type " + name(base));
                c.exprs.use(el);
                continue;
            }
            value(el, f.type, "struct literal");
        }
        if (e.elements.length < s.fields.length) {
            String hint = "";
            for (Var f : s.fields) {
                hint = f.exported() || Names.samePackage(f.pkg, c.pkg) ? hint : " (type has unexported fields - use key:value pairs)";
            }
            error(e.rbrace, "too few values in struct literal of type " + name(base) + hint);
        }
    }

    // ---- arrays, slices, maps ----

    /** Checks elements; returns one more than the largest index. @param length of an array, or -1 */
    private long elements(Expr[] list, Type elem, long length) {
        long index = 0;
        long max = 0;
        HashSet<Long> seen = null;
        for (Expr el : list) {
            if (el instanceof Expr.KeyValue) {
                seen = new HashSet<>();
                break;
            }
        }
        for (Expr el : list) {
            Expr v = el;
            boolean valid = false;
            if (el instanceof Expr.KeyValue kv) {
                v = kv.value;
                long k = key(kv.key, length);
                if (k >= 0) {
                    index = k;
                    valid = true;
                }
            } else if (length >= 0 && index >= length) {
                error(el, "index " + index + " is out of bounds (>= " + length + ")");
            } else {
                valid = true;
            }
            if (valid && seen != null && !seen.add(index)) {
                error(el, "duplicate index " + index + " in array or slice literal");
            }
            index++;
            max = Math.max(max, index);
            value(v, elem, "array or slice literal");
        }
        return max;
    }

    private long key(Expr e, long length) {
        Operand x = new Operand();
        c.exprs.expr(x, e);
        if (!x.ok()) {
            return -1;
        }
        if (!x.isConstant()) {
            error(e, "index " + text(e) + " must be integer constant");
            return -1;
        }
        long v = c.indexing.constantIndex(x, "index", false);
        if (v < 0) {
            return -1;
        }
        if (length >= 0 && v >= length) {
            error(e, "invalid argument: index " + v + " out of bounds [0:" + length + "]");
            return -1;
        }
        return v;
    }

    private void map(Expr.CompositeLit e, MapType m) {
        Map<Object, List<Operand>> seen = new HashMap<>();
        for (Expr el : e.elements) {
            if (!(el instanceof Expr.KeyValue kv)) {
                error(el, "missing key in map literal");
                continue;
            }
            Operand k = new Operand();
            c.exprs.exprFor(k, kv.key, m.key, "map literal");
            c.assignments.assignable(k, m.key, "map literal");
            if (k.ok() && k.isConstant() && k.value != null && duplicate(k, m.key, seen)) {
                error(kv, "duplicate key " + k.value + " in map literal");
            }
            value(kv.value, m.elem, "map literal");
        }
    }

    /** 1, 1.0 and 1+0i are the same key. */
    private static Constant simplest(Constant v) {
        if (v.kind() == Constant.Kind.STRING || v.kind() == Constant.Kind.BOOL) {
            return v;
        }
        Constant whole = v.toInt();
        Constant real = whole == null ? v.toFloat() : whole;
        return real == null ? v : real;
    }

    /** In maps with interface keys, constants of different types are different keys. */
    private static boolean duplicate(Operand k, Type keyType, Map<Object, List<Operand>> seen) {
        List<Operand> same = seen.computeIfAbsent(simplest(k.value), v -> new ArrayList<>(1));
        for (Operand o : same) {
            if (!(keyType.underlying() instanceof Interface) || Predicates.identical(o.type, k.type)) {
                return true;
            }
        }
        same.add(k.copy());
        return false;
    }
}
