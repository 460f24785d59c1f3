// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** x.f: members of packages, fields, methods, method expressions. */
final class Selectors extends Part {
    Selectors(Checker c) {
        super(c);
    }

    void selector(Operand x, Expr.Selector e, boolean wantType) {
        x.invalid();
        x.expr = e;
        if (e.x instanceof Expr.Name n && c.lookup(n.name) instanceof PkgName p) {
            qualified(x, e, n, p);
            return;
        }
        c.exprs.exprOrType(x, e.x, false);
        if (!x.ok()) {
            return;
        }
        if (x.mode == Mode.BUILTIN) {
            error(e.pos, "invalid use of " + describe(x) + " in selector expression");
            x.invalid();
            return;
        }
        if (!c.decls.complete(x.type)) {
            x.invalid();
            return;
        }
        if (wantType) {
            // Only packages have types as members.
            error(e.sel, text(e) + " is not a type");
            x.invalid();
            return;
        }
        if (x.mode == Mode.TYPE && x.type.underlying() == Universe.INVALID) {
            x.invalid();
            return;
        }
        if (x.type.underlying() instanceof Pointer p && !c.decls.complete(p.elem)) {
            x.invalid();
            return;
        }
        Lookup.Result r = Lookup.fieldOrMethod(x.type, x.mode == Mode.VARIABLE, c.pkg, e.sel.name);
        if (r.status != Lookup.Status.FOUND) {
            notFound(x, e, r);
            x.invalid();
            return;
        }
        e.sel.obj = r.obj;
        if (r.obj instanceof Func f) {
            if (f.origin.info != null) {
                c.idents.reference(f.origin);
            }
            if (f.signature() == null) {
                x.invalid();
                return;
            }
        }
        if (x.mode == Mode.TYPE) {
            methodExpression(x, e, r);
            return;
        }
        if (r.obj instanceof Var f) {
            e.selection = new Selection(Selection.Kind.FIELD, x.type, f, r.path, r.indirect);
            x.set(x.mode == Mode.VARIABLE || r.indirect ? Mode.VARIABLE : Mode.VALUE, f.type);
            if (!Predicates.isValid(f.type)) {
                x.invalid();
            }
        } else {
            methodValue(x, e, r);
        }
        e.sel.type = x.type;
        e.sel.mode = x.mode;
    }

    private void methodValue(Operand x, Expr.Selector e, Lookup.Result r) {
        Func f = (Func) r.obj;
        Selection s = new Selection(Selection.Kind.METHOD_VALUE, x.type, f, r.path, r.indirect);
        if (x.mode == Mode.VARIABLE && !r.indirect && Lookup.pointerReceiver(f)) {
            Idents.noteChange(e.x, true);
        }
        e.selection = s;
        Signature sig = f.signature();
        Signature plain = new Signature(null, sig.typeParams, sig.params, sig.results, sig.variadic);
        x.set(Mode.VALUE, plain);
    }

    private void methodExpression(Operand x, Expr.Selector e, Lookup.Result r) {
        if (!(r.obj instanceof Func f)) {
            error(e.x, "operand for field selector " + e.sel.name + " must be value of type " + name(x.type));
            x.invalid();
            return;
        }
        Signature sig = f.signature();
        Var[] params = new Var[sig.params.size() + 1];
        // Either all parameters have names or none has.
        boolean named = sig.params.size() > 0 && !sig.params.vars[0].name.isEmpty();
        String recvName = !named ? "" : sig.recv == null || sig.recv.name.isEmpty() ? "_" : sig.recv.name;
        params[0] = new Var(recvName, f.pkg, sig.recv == null ? f.pos : sig.recv.pos, x.type, Var.Role.PARAM);
        System.arraycopy(sig.params.vars, 0, params, 1, sig.params.size());
        e.selection = new Selection(Selection.Kind.METHOD_EXPR, x.type, f, r.path, r.indirect);
        x.set(Mode.VALUE, new Signature(null, sig.typeParams, new Tuple(params), sig.results, sig.variadic));
        e.sel.type = x.type;
        e.sel.mode = x.mode;
    }

    // ---- packages ----

    private void qualified(Operand x, Expr.Selector e, Expr.Name n, PkgName p) {
        p.used = true;
        n.obj = p;
        Pkg pkg = p.imported;
        Obj o = pkg.scope.here(e.sel.name);
        if (o == null) {
            if (!pkg.fake) {
                error(e.sel, "undefined: " + text(e) + similar(pkg, e.sel.name));
            }
            return;
        }
        if (!o.exported()) {
            error(e.sel, "name " + e.sel.name + " not exported by package " + pkg.name);
        }
        e.sel.obj = o;
        switch (o.kind()) {
            case CONST -> {
                if (o.type != null && Predicates.isValid(o.type) && ((Const) o).value != null) {
                    x.constant(o.type, ((Const) o).value);
                }
            }
            case TYPE_NAME -> {
                if (Predicates.isValid(o.type)) {
                    x.set(Mode.TYPE, o.type);
                }
            }
            case VAR -> {
                if (o.type != null && Predicates.isValid(o.type)) {
                    x.set(Mode.VARIABLE, o.type);
                }
            }
            case FUNC -> x.set(Mode.VALUE, o.type);
            case BUILTIN -> {
                x.set(Mode.BUILTIN, Universe.INVALID);
                x.id = ((Builtin) o).id;
            }
            default -> { }
        }
        e.sel.type = x.type;
        e.sel.mode = x.mode;
        e.sel.constant = x.value;
    }

    /** An exported name that differs in case only. */
    private static String similar(Pkg pkg, String name) {
        return pkg.scope.all().stream().filter(o -> o.exported() && o.name.equalsIgnoreCase(name)).map(o -> o.name).sorted().findFirst()
                .map(n -> " (but have " + n + ")").orElse("");
    }

    // ---- errors ----

    private void notFound(Operand x, Expr.Selector e, Lookup.Result r) {
        String sel = e.sel.name;
        if (!Predicates.isValid(x.type.underlying()) || r.status == Lookup.Status.NOT_FOUND && StructTypes.hasInvalidEmbedded(x.type)) {
            return;
        }
        if (r.status == Lookup.Status.AMBIGUOUS) {
            error(e.sel, "ambiguous selector " + text(e));
            return;
        }
        if (r.status == Lookup.Status.POINTER_RECEIVER) {
            if (x.mode == Mode.TYPE) {
                error(e.sel, "invalid method expression " + name(x.type) + "." + sel + " (needs pointer receiver (*" + name(x.type) + ")." + sel + ")");
            } else {
                error(e.sel, "cannot call pointer method " + sel + " on " + name(x.type));
            }
            return;
        }
        String why;
        if (x.type.underlying() instanceof Pointer p && Predicates.isInterface(p.elem)) {
            why = "type " + name(x.type) + " is pointer to interface, not interface";
        } else if (x.type.underlying() instanceof Pointer p && Predicates.isTypeParam(p.elem)) {
            why = "type " + name(x.type) + " is pointer to type parameter, not type parameter";
        } else {
            why = missing(x, sel);
        }
        error(e.sel, text(e) + " undefined (" + why + ")");
    }

    private String missing(Operand x, String sel) {
        return lookupError(x.type, sel, Lookup.foldCase(x.type, x.mode == Mode.VARIABLE, c.pkg, sel), false);
    }

    /**
     * Why a type has no such field or method, with a hint at one of nearly the same name.
     *
     * @param found a field or method whose name differs at most in case and package, or null
     */
    String lookupError(Type t, String sel, Obj found, boolean inLiteral) {
        String unknown = inLiteral ? "unknown field " + sel + " in struct literal of type " + name(t) : "type " + name(t) + " has no field or method " + sel;
        if (found == null) {
            return unknown;
        }
        String what = found instanceof Var ? "field " : "method ";
        boolean misspelled;
        if (found.pkg == c.pkg) {
            misspelled = true;
        } else if (Names.isExported(sel)) {
            misspelled = Names.isExported(found.name);
            if (!misspelled && sel.substring(1).equals(found.name.substring(1))) {
                return unknown + ", but does have unexported " + (inLiteral ? "" : what) + found.name;
            }
        } else {
            misspelled = Names.isExported(found.name) && sel.substring(1).equals(found.name.substring(1));
            if (!misspelled && sel.equals(found.name)) {
                return "cannot refer to unexported " + (inLiteral ? "field " + found.name + " in struct literal of type " + name(t) : what + found.name);
            }
        }
        return misspelled ? unknown + ", but does have " + (inLiteral ? "" : what) + found.name : unknown;
    }
}
