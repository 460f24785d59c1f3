// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** Index and slice expressions; instantiation of generic functions and types looks the same. */
final class Indexing extends Part {
    Indexing(Checker c) {
        super(c);
    }

    void index(Operand x, Expr.Index e, Type hint, String target, boolean allowGeneric) {
        c.exprs.exprOrType(x, e.x, true);
        if (!x.ok()) {
            c.exprs.use(e.indices);
            return;
        }
        if (x.mode == Mode.BUILTIN) {
            error(e.pos, "cannot index " + describe(x));
            c.exprs.use(e.indices);
            x.invalid();
            return;
        }
        if (x.mode == Mode.TYPE) {
            Type t = c.types.type(e);
            if (Predicates.isValid(t)) {
                x.set(Mode.TYPE, t);
            } else {
                x.invalid();
            }
            return;
        }
        if (x.type instanceof Signature s && s.typeParams.length > 0) {
            c.arguments.explicit(x, e, s, hint, target, allowGeneric);
            return;
        }
        indexed(x, e);
    }

    private void indexed(Operand x, Expr.Index e) {
        Type t = x.type;
        long length = -1;
        boolean valid = false;
        Type u = t.underlying();
        Type inner = u instanceof Pointer p ? p.elem : u instanceof Slice s ? s.elem : t;
        if (!c.decls.complete(t) || !c.decls.complete(inner)) {
            c.exprs.use(e.indices);
            x.invalid();
            return;
        }
        if (Alias.strip(t) instanceof TypeParam) {
            if (parameter(x, e, (TypeParam) Alias.strip(t))) {
                return;
            }
            u = Universe.INVALID;
        }
        switch (u.kind()) {
            case BASIC -> {
                if (Predicates.isString(u)) {
                    valid = true;
                    if (x.isConstant() && x.value != null) {
                        length = x.value.bytes().length;
                    }
                    if (x.isUntyped()) {
                        c.untyped.defaultType(x);
                    }
                    x.set(Mode.VALUE, Universe.BYTE);
                }
            }
            case ARRAY -> {
                valid = true;
                length = ((Array) u).length;
                x.set(x.mode == Mode.VARIABLE ? Mode.VARIABLE : Mode.VALUE, ((Array) u).elem);
            }
            case POINTER -> {
                if (((Pointer) u).elem.underlying() instanceof Array a) {
                    valid = true;
                    length = a.length;
                    x.set(Mode.VARIABLE, a.elem);
                }
            }
            case SLICE -> {
                valid = true;
                x.set(Mode.VARIABLE, ((Slice) u).elem);
            }
            case MAP -> {
                mapIndex(x, e, (MapType) u);
                return;
            }
            default -> { }
        }
        if (!valid) {
            error(e.pos, "cannot index " + describe(x));
            c.exprs.use(e.indices);
            x.invalid();
            return;
        }
        Expr i = single(e);
        check(i, length);
    }

    private Expr single(Expr.Index e) {
        if (e.indices.length > 1) {
            error(e.indices[1], "invalid operation: more than one index");
        }
        return e.indices[0];
    }

    private void mapIndex(Operand x, Expr.Index e, MapType m) {
        Operand k = new Operand();
        c.exprs.exprFor(k, single(e), m.key, "map index");
        c.assignments.assignable(k, m.key, "map index");
        x.set(Mode.MAP_INDEX, m.elem);
    }

    /** Indexing a value whose type is a type parameter: every type of its set must agree. Returns whether it did (or reported). */
    private boolean parameter(Operand x, Expr.Index e, TypeParam p) {
        long[] length = {-1};
        Type[] key = new Type[1];
        Type[] elem = new Type[1];
        byte[] mode = {Mode.VARIABLE};
        boolean[] any = new boolean[1];
        boolean ok = TypeSets.forEach(p, (t, u) -> {
            if (u == null) {
                return false;
            }
            long l = -1;
            Type k = null;
            Type el = null;
            byte m = Mode.VARIABLE;
            switch (u.kind()) {
                case BASIC -> {
                    if (Predicates.isString(u)) {
                        el = Universe.BYTE;
                        m = Mode.VALUE;
                    }
                }
                case ARRAY -> {
                    l = ((Array) u).length;
                    el = ((Array) u).elem;
                    if (x.mode != Mode.VARIABLE) {
                        m = Mode.VALUE;
                    }
                }
                case POINTER -> {
                    if (((Pointer) u).elem.underlying() instanceof Array a) {
                        l = a.length;
                        el = a.elem;
                    }
                }
                case SLICE -> el = ((Slice) u).elem;
                case MAP -> {
                    k = ((MapType) u).key;
                    el = ((MapType) u).elem;
                    m = Mode.VALUE;
                }
                default -> { }
            }
            if (el == null) {
                return false;
            }
            if (!any[0]) {
                any[0] = true;
                length[0] = l;
                key[0] = k;
                elem[0] = el;
                mode[0] = m;
                return true;
            }
            if ((key[0] == null) != (k == null) || k != null && !Predicates.identical(k, key[0]) || !Predicates.identical(el, elem[0])) {
                return false;
            }
            if (l >= 0 && (length[0] < 0 || l < length[0])) {
                length[0] = l;
            }
            if (m == Mode.VALUE) {
                mode[0] = m;
            }
            return true;
        });
        if (!ok || !any[0]) {
            return false;
        }
        if (key[0] != null) {
            Operand k = new Operand();
            c.exprs.exprFor(k, single(e), key[0], "map index");
            c.assignments.assignable(k, key[0], "map index");
            x.set(Mode.MAP_INDEX, elem[0]);
            return true;
        }
        x.set(mode[0], elem[0]);
        check(single(e), length[0]);
        return true;
    }

    // ---- indices ----

    /** Checks an index expression; returns its constant value, or -1. @param max the index must be less, if max >= 0 */
    long check(Expr e, long max) {
        Operand x = new Operand();
        c.exprs.expr(x, e);
        if (!valid(x, "index", false)) {
            return -1;
        }
        if (!x.isConstant() || x.value == null) {
            return -1;
        }
        Constant k = x.value.toInt();
        if (k == null || !k.isLong()) {
            return -1;
        }
        long v = k.longValue();
        if (max >= 0 && v >= max) {
            error(x, "invalid argument: index " + x.value + " out of bounds [0:" + max + "]");
            return -1;
        }
        return v;
    }

    /** The value of a constant index or size; -1 after an error. */
    long constantIndex(Operand x, String what, boolean allowNegative) {
        if (!valid(x, what, allowNegative) || x.value == null) {
            return -1;
        }
        Constant k = x.value.toInt();
        return k != null && k.isLong() ? k.longValue() : -1;
    }

    /** Whether x can be an index (or a length in make): an integer, and not negative if constant. */
    boolean valid(Operand x, String what, boolean allowNegative) {
        if (!x.ok()) {
            return false;
        }
        if (x.isUntyped()) {
            c.untyped.convert(x, Universe.INT);
            if (!x.ok()) {
                return false;
            }
        }
        if (!Predicates.allInteger(x.type)) {
            error(x, "invalid argument: " + what + " " + describe(x) + " must be integer");
            return false;
        }
        if (x.isConstant() && x.value != null) {
            if (!allowNegative && x.value.sign() < 0) {
                error(x, "invalid argument: " + what + " " + describe(x) + " must not be negative");
                return false;
            }
            if (Constant.represent(x.value, Universe.INT) == null) {
                error(x, "invalid argument: " + what + " " + describe(x) + " overflows int");
                return false;
            }
        }
        return true;
    }

    // ---- slices ----

    void slice(Operand x, Expr.Slice e) {
        c.exprs.expr(x, e.x);
        if (!x.ok()) {
            c.exprs.use(e.lo);
            c.exprs.use(e.hi);
            c.exprs.use(e.max);
            return;
        }
        Cause cause = c.cause();
        Type u = TypeSets.commonUnderBytes(x.type, cause);
        if (u instanceof Pointer p && !c.decls.complete(p.elem)) {
            useIndices(x, e);
            return;
        }
        if (u == null) {
            error(x, "cannot slice " + describe(x) + (cause.text.isEmpty() ? "" : ": " + cause.text + (cause.text.equals("no specific type") ? " in " + name(x.type) : "")));
            useIndices(x, e);
            return;
        }
        long length = -1;
        boolean valid = false;
        switch (u.kind()) {
            case BASIC -> {
                if (Predicates.isString(u)) {
                    if (e.full) {
                        error(e.max != null ? Places.start(e.max) : e.pos, "invalid operation: 3-index slice of string");
                        useIndices(x, e);
                        return;
                    }
                    valid = true;
                    if (x.isConstant() && x.value != null) {
                        length = x.value.bytes().length;
                    }
                    if (x.isUntyped()) {
                        c.untyped.defaultType(x);
                    }
                    x.set(Mode.VALUE, x.type);
                }
            }
            case ARRAY -> {
                valid = true;
                length = ((Array) u).length;
                if (x.mode != Mode.VARIABLE) {
                    error(x, "cannot slice unaddressable value " + describe(x));
                    useIndices(x, e);
                    return;
                }
                Idents.noteChange(e.x, true);
                x.set(Mode.VALUE, new Slice(((Array) u).elem));
            }
            case POINTER -> {
                if (((Pointer) u).elem.underlying() instanceof Array a) {
                    valid = true;
                    length = a.length;
                    x.set(Mode.VALUE, new Slice(a.elem));
                }
            }
            case SLICE -> {
                valid = true;
                x.set(Mode.VALUE, x.type);
            }
            default -> { }
        }
        if (!valid) {
            error(x, "cannot slice " + describe(x));
            useIndices(x, e);
            return;
        }
        bounds(e, length);
    }

    private void useIndices(Operand x, Expr.Slice e) {
        c.exprs.use(e.lo);
        c.exprs.use(e.hi);
        c.exprs.use(e.max);
        x.invalid();
    }

    private void bounds(Expr.Slice e, long length) {
        Expr[] ix = {e.lo, e.hi, e.max};
        long[] v = new long[3];
        for (int i = 0; i < 3; i++) {
            v[i] = -1;
            if (ix[i] != null) {
                v[i] = check(ix[i], length >= 0 ? length + 1 : -1);
            } else if (i == 0) {
                v[i] = 0;
            } else if (length >= 0 && i == 1 && !e.full) {
                v[i] = length;
            }
        }
        for (int i = 0; i < 2; i++) {
            if (v[i] <= 0) {
                continue;
            }
            for (int k = i + 1; k < 3; k++) {
                if (v[k] >= 0 && v[i] > v[k]) {
                    error(ix[k] != null ? Places.start(ix[k]) : e.rbrack, "invalid slice indices: " + v[k] + " < " + v[i]);
                    return;
                }
            }
        }
    }
}
