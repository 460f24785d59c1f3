// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** Calls of functions, conversions and builtins, which share their form; go and defer. */
final class Calls extends Part {
    Calls(Checker c) {
        super(c);
    }

    void call(Operand x, Expr.Call e) {
        Expr fun = e.fun.unparen();
        Type[] known = null;
        Expr.Index inst = null;
        if (fun.kind == Expr.Kind.INDEX) {
            inst = (Expr.Index) fun;
            known = c.arguments.partial(x, inst);
            if (known == null) {
                inst = null;
            } else {
                for (Expr p = e.fun; p.kind == Expr.Kind.PAREN; p = ((Expr.Paren) p).x) {
                    c.exprs.record(x, p);
                }
            }
        } else {
            c.exprs.exprOrType0(x, e.fun);
        }
        x.expr = e.fun;
        switch (x.mode) {
            case Mode.INVALID -> {
                c.exprs.use(e.args);
                x.expr = e;
                e.callKind = Mode.CALL_FUNCTION;
            }
            case Mode.TYPE -> conversion(x, e);
            case Mode.BUILTIN -> {
                e.callKind = Mode.CALL_BUILTIN;
                c.builtins.call(x, e, x.id);
                x.expr = e;
                if (x.ok() && x.mode != Mode.CONSTANT) {
                    c.env.hasCallOrRecv = true;
                }
            }
            default -> function(x, e, inst, known);
        }
    }

    private void conversion(Operand x, Expr.Call e) {
        e.callKind = Mode.CALL_CONVERSION;
        Type t = x.type;
        if (Predicates.isGeneric(t)) {
            error(x, "cannot use generic type " + text(e.fun) + " without instantiation");
            c.exprs.use(e.args);
            x.invalid();
            return;
        }
        x.invalid();
        if (!c.decls.complete(t)) {
            return;
        }
        int n = e.args.length;
        if (n == 0) {
            error(e, "missing argument in conversion to " + name(t));
            return;
        }
        if (n > 1) {
            c.exprs.use(e.args);
            error(e.args[n - 1], "too many arguments in conversion to " + name(t));
            return;
        }
        c.exprs.exprFor(x, e.args[0], t.underlying() instanceof Signature ? t : null, "");
        if (!x.ok()) {
            return;
        }
        if (e.hasDots) {
            error(e.args[0], "invalid use of ... in conversion to " + name(t));
            x.invalid();
            return;
        }
        if (!Predicates.isTypeParam(t) && t.underlying() instanceof Interface i && !TypeSets.of(i).isMethodSet()) {
            error(e, "cannot use interface " + name(t) + " in conversion (contains specific type constraints or is comparable)");
            x.invalid();
            return;
        }
        c.conversions.convert(x, t);
        x.expr = e;
    }

    private void function(Operand x, Expr.Call e, Expr.Index inst, Type[] known) {
        e.callKind = Mode.CALL_FUNCTION;
        Cause cause = c.cause();
        Type u = TypeSets.commonUnder(x.type, cause, (t, tu) -> tu == null || tu instanceof Signature ? null : name(t) + " is not a function");
        if (!(u instanceof Signature sig)) {
            error(x, "invalid operation: cannot call " + describe(x) + ": " + cause.text);
            x.invalid();
            return;
        }
        boolean generic = sig.typeParams.length > 0 && x.type instanceof Signature;
        Operand[] args = arguments(e);
        Signature s = c.arguments.check(e, sig, inst, known, args);
        if (generic && s == null) {
            x.invalid();
            x.expr = e;
            c.env.hasCallOrRecv = true;
            return;
        }
        if (s == null) {
            s = sig;
        }
        if (generic) {
            for (Expr f = e.fun; ; f = ((Expr.Paren) f).x) {
                f.type = s;
                if (f.kind != Expr.Kind.PAREN) {
                    break;
                }
            }
        }
        switch (s.results.size()) {
            case 0 -> x.set(Mode.NO_VALUE, Tuple.EMPTY);
            case 1 -> {
                Type t = s.results.vars[0].type;
                x.set(Mode.VALUE, t);
                if (!Predicates.isValid(t) || !c.decls.complete(t)) {
                    x.invalid();
                }
            }
            default -> x.set(Mode.VALUE, s.results);
        }
        x.expr = e;
        c.env.hasCallOrRecv = true;
    }

    /** The arguments: one operand each, or the results of the only one if it is a call with several. */
    Operand[] arguments(Expr.Call e) {
        if (e.args.length == 1) {
            Operand x = new Operand();
            c.exprs.multi(x, e.args[0], true);
            if (x.mode == Mode.VALUE && x.type instanceof Tuple t) {
                Operand[] list = new Operand[t.size()];
                for (int i = 0; i < list.length; i++) {
                    list[i] = new Operand(Mode.VALUE, t.vars[i].type, e.args[0]);
                }
                return list;
            }
            return new Operand[] {x};
        }
        Operand[] list = new Operand[e.args.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = new Operand();
            c.exprs.multi(list[i], e.args[i], true);
            c.exprs.single(list[i]);
        }
        return list;
    }

    // ---- go and defer ----

    /** @param what "go" or "defer" */
    void goDefer(Expr e, String what) {
        Expr u = e.unparen();
        if (u.kind != Expr.Kind.CALL) {
            c.exprs.use(e);
            error(e, "expression in " + what + " must be function call");
            return;
        }
        Operand x = new Operand();
        c.exprs.raw(x, e, null, null, false);
        Expr.Call call = (Expr.Call) u;
        if (!x.ok() && call.callKind != Mode.CALL_CONVERSION) {
            return;
        }
        if (call.callKind == Mode.CALL_CONVERSION) {
            if (x.ok()) {
                error(e, what + " requires function call, not conversion " + describe(x));
            }
        } else if (call.callKind == Mode.CALL_BUILTIN && !Builtins.allowedAsStatement(c.builtins.idOf(call))) {
            error(e, what + " discards result of " + describe(x));
        }
    }
}
