// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** make, new, and the functions of package unsafe. */
final class BuiltinTypes extends Part {
    BuiltinTypes(Checker c) {
        super(c);
    }

    void call(Operand x, Expr.Call e, Builtin.Id id, Operand[] args) {
        switch (id) {
            case MAKE -> make(x, e);
            case NEW -> newValue(x, e);
            case UNSAFE_ADD -> {
                c.needVersion(e.fun.start(), 17, "unsafe.Add");
                if (c.assignments.assignable(args[0], Universe.UNSAFE_POINTER, "argument to unsafe.Add") && c.indexing.valid(args[1], "length", true)) {
                    x.set(Mode.VALUE, Universe.UNSAFE_POINTER);
                }
            }
            case UNSAFE_ALIGNOF -> {
                if (c.assignments.assignable(args[0], null, "argument to unsafe.Alignof")) {
                    if (sizeKnown(args[0].type)) {
                        x.constant(Universe.UINTPTR, Constant.of(Sizes.alignof(args[0].type)));
                    } else {
                        x.set(Mode.VALUE, Universe.UINTPTR);
                    }
                }
            }
            case UNSAFE_SIZEOF -> {
                if (c.assignments.assignable(args[0], null, "argument to unsafe.Sizeof")) {
                    if (sizeKnown(args[0].type)) {
                        x.constant(Universe.UINTPTR, Constant.of(Sizes.sizeof(args[0].type)));
                    } else {
                        x.set(Mode.VALUE, Universe.UINTPTR);
                    }
                }
            }
            case UNSAFE_OFFSETOF -> offsetof(x, e);
            case UNSAFE_SLICE -> slice(x, e, args);
            case UNSAFE_SLICE_DATA -> {
                c.needVersion(e.fun.start(), 20, "unsafe.SliceData");
                if (TypeSets.commonUnder(args[0].type, null) instanceof Slice s) {
                    x.set(Mode.VALUE, new Pointer(s.elem));
                } else {
                    error(args[0], "invalid argument: " + describe(args[0]) + " is not a slice");
                }
            }
            case UNSAFE_STRING -> {
                c.needVersion(e.fun.start(), 20, "unsafe.String");
                if (c.assignments.assignable(args[0], new Pointer(Universe.BYTE), "argument to unsafe.String") && c.indexing.valid(args[1], "length", false)) {
                    x.set(Mode.VALUE, Universe.STRING);
                }
            }
            case UNSAFE_STRING_DATA -> {
                c.needVersion(e.fun.start(), 20, "unsafe.StringData");
                if (c.assignments.assignable(args[0], Universe.STRING, "argument to unsafe.StringData")) {
                    x.set(Mode.VALUE, new Pointer(Universe.BYTE));
                }
            }
            default -> throw new mica.base.Fault("types", "unknown builtin " + id);
        }
    }

    /** The size does not depend on type parameters. */
    private static boolean sizeKnown(Type t) {
        Type u = Alias.strip(t);
        if (u instanceof TypeParam) {
            return false;
        }
        return switch (u.underlying().kind()) {
            case ARRAY -> sizeKnown(((Array) u.underlying()).elem);
            case STRUCT -> {
                for (Var f : ((Struct) u.underlying()).fields) {
                    if (!sizeKnown(f.type)) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> true;
        };
    }

    private void make(Operand x, Expr.Call e) {
        Type t = c.types.varType(e.args[0]);
        if (!Predicates.isValid(t)) {
            useFrom(e, 1);
            return;
        }
        Cause cause = c.cause();
        Type u = TypeSets.commonUnder(t, cause, (s, su) -> su == null ? "no specific type"
                : su instanceof Slice || su instanceof MapType || su instanceof Chan ? null : "type must be slice, map, or channel");
        int min;
        if (u instanceof Slice) {
            min = 2;
        } else if (u instanceof MapType || u instanceof Chan) {
            min = 1;
        } else {
            error(e.args[0], "invalid argument: cannot make " + text(e.args[0]) + ": " + cause.text);
            useFrom(e, 1);
            return;
        }
        int n = e.args.length;
        if (n < min || min + 1 < n) {
            error(e, "invalid operation: " + text(e) + " expects " + min + " or " + (min + 1) + " arguments; found " + n);
            useFrom(e, 1);
            return;
        }
        long[] sizes = {-1, -1};
        for (int i = 1; i < n; i++) {
            sizes[i - 1] = c.indexing.check(e.args[i], -1);
        }
        if (sizes[0] >= 0 && sizes[1] >= 0 && sizes[0] > sizes[1]) {
            error(e.args[1], "invalid argument: length and capacity swapped");
        }
        x.set(Mode.VALUE, t);
    }

    private void useFrom(Expr.Call e, int i) {
        for (; i < e.args.length; i++) {
            c.exprs.use(e.args[i]);
        }
    }

    /** new(T), or new(x) for a variable that holds x. */
    private void newValue(Operand x, Expr.Call e) {
        Operand a = new Operand();
        c.exprs.exprOrType(a, e.args[0], false);
        if (!a.ok()) {
            return;
        }
        if (a.mode == Mode.TYPE) {
            c.types.checkVarType(e.args[0], a.type);
            x.set(Mode.VALUE, new Pointer(a.type));
            return;
        }
        if (a.isNil()) {
            error(a, "use of untyped nil in argument to new");
            return;
        }
        if (!c.needVersion(Places.start(e), 26, "new(" + text(e.args[0]) + ")")) {
            return;
        }
        if (c.assignments.assignable(a, null, "argument to new")) {
            x.set(Mode.VALUE, new Pointer(a.type));
        }
    }

    private void slice(Operand x, Expr.Call e, Operand[] args) {
        c.needVersion(e.fun.start(), 17, "unsafe.Slice");
        if (!(TypeSets.commonUnder(args[0].type, null) instanceof Pointer p)) {
            error(args[0], "invalid argument: " + describe(args[0]) + " is not a pointer");
            return;
        }
        if (c.indexing.valid(args[1], "length", false)) {
            x.set(Mode.VALUE, new Slice(p.elem));
        }
    }

    private void offsetof(Operand x, Expr.Call e) {
        Expr arg = e.args[0].unparen();
        if (!(arg instanceof Expr.Selector s)) {
            error(arg, "invalid argument: " + text(arg) + " is not a selector expression");
            c.exprs.use(arg);
            return;
        }
        Operand b = new Operand();
        c.exprs.expr(b, s.x);
        if (!b.ok()) {
            return;
        }
        Type base = b.type.underlying() instanceof Pointer ptr ? ptr.elem : b.type;
        Lookup.Result r = Lookup.fieldOrMethod(base, false, c.pkg, s.sel.name);
        if (r.status == Lookup.Status.NOT_FOUND || r.status == Lookup.Status.AMBIGUOUS || r.obj == null) {
            error(arg, "invalid argument: " + name(base) + " has no single field " + s.sel.name);
            return;
        }
        if (!(r.obj instanceof Var f)) {
            error(arg, "invalid argument: " + text(arg) + " is a method value");
            return;
        }
        if (r.indirect) {
            error(arg, "invalid argument: field " + s.sel.name + " is embedded via a pointer in " + name(base));
            return;
        }
        s.selection = new Selection(Selection.Kind.FIELD, b.type, f, r.path, b.type.underlying() instanceof Pointer);
        s.sel.obj = f;
        s.type = f.type;
        s.mode = Mode.VARIABLE;
        for (Expr p = e.args[0]; p.kind == Expr.Kind.PAREN; p = ((Expr.Paren) p).x) {
            p.type = f.type;
            p.mode = Mode.VARIABLE;
        }
        long offset = 0;
        Type t = base;
        for (int i : r.path) {
            Struct st = (Struct) t.underlying();
            if (!sizeKnown(st)) {
                x.set(Mode.VALUE, Universe.UINTPTR);
                return;
            }
            offset += Sizes.offsets(st)[i];
            t = st.fields[i].type;
        }
        x.constant(Universe.UINTPTR, Constant.of(offset));
    }
}
