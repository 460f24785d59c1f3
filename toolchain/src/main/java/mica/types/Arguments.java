// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.Expr;

/** Arguments of calls against parameters, and type arguments: given, partly given, or inferred. */
final class Arguments extends Part {
    Arguments(Checker c) {
        super(c);
    }

    // ---- explicit instantiation ----

    /** For the function part {@code f[T1]} of a call: checks it and returns the type arguments given; null if it is no generic function (x says what it is). */
    Type[] partial(Operand x, Expr.Index e) {
        c.exprs.raw(x, e.x, null, null, true);
        boolean generic = x.mode == Mode.VALUE && x.type instanceof Signature s && s.typeParams.length > 0;
        if (!generic) {
            c.exprs.raw(x, e, null, null, true);
            return null;
        }
        Type[] args = typeList(e);
        Signature sig = (Signature) x.type;
        if (args == null || !countOk(e, sig, args)) {
            x.invalid();
            c.exprs.record(x, e);
            return null;
        }
        x.expr = e;
        c.exprs.record(x, e);
        return args;
    }

    private Type[] typeList(Expr.Index e) {
        Type[] args = new Type[e.indices.length];
        boolean ok = true;
        for (int i = 0; i < args.length; i++) {
            args[i] = c.types.varType(e.indices[i]);
            ok &= Predicates.isValid(args[i]);
        }
        return ok ? args : null;
    }

    private boolean countOk(Expr.Index e, Signature sig, Type[] args) {
        if (args.length > sig.typeParams.length) {
            error(e.indices[sig.typeParams.length], "got " + args.length + " type arguments but want " + sig.typeParams.length);
            return false;
        }
        return true;
    }

    /** {@code f[T1, T2]} that is not called; missing arguments come from the variable that it is assigned to. */
    void explicit(Operand x, Expr.Index e, Signature sig, Type hint, String target, boolean allowGeneric) {
        c.needVersion(e.pos, 18, "function instantiation");
        Type[] args = typeList(e);
        if (args == null || !countOk(e, sig, args)) {
            x.invalid();
            return;
        }
        if (args.length < sig.typeParams.length && allowGeneric && hint == null) {
            // An argument of a call: the rest comes from the parameter's type.
            x.given = args;
            return;
        }
        if (args.length < sig.typeParams.length) {
            Type[] all = inferFor(x, e, sig, args, hint, target, e.pos);
            if (all == null) {
                x.invalid();
                return;
            }
            args = all;
        }
        instantiate(x, e, sig, args, e.indices);
    }

    /** A generic function without arguments that is assigned to a variable of function type takes them from that. */
    void reverse(Operand x, Expr e, Type hint, String target) {
        if (hint == null || x.mode != Mode.VALUE || !(x.type instanceof Signature sig) || sig.typeParams.length == 0
                || !(TypeSets.commonUnder(hint, null) instanceof Signature core)) {
            return;
        }
        hint = core;
        Type[] all = inferFor(x, e, sig, new Type[0], hint, target, Places.start(e));
        if (all == null) {
            x.invalid();
            return;
        }
        instantiate(x, e, sig, all, null);
    }

    private Type[] inferFor(Operand x, Expr e, Signature sig, Type[] known, Type hint, String target, int pos) {
        Type[] params = {};
        Infer.Arg[] args = {};
        boolean reverse = false;
        if (hint != null && TypeSets.commonUnder(hint, null) instanceof Signature core) {
            hint = core;
            if (c.allowVersion(18) && !c.needVersion(pos, 21, (e instanceof Expr.Index ? "partially" : "implicitly") + " instantiated function in assignment")) {
                return null;
            }
            params = new Type[] {plain(sig)};
            args = new Infer.Arg[] {new Infer.Arg(hint, pos, target == null ? "" : target)};
            reverse = true;
        }
        Infer.Failure f = new Infer.Failure();
        Type[] all = Infer.infer(sig.typeParams, padded(known, sig.typeParams.length), params, args, reverse, c.qualifier, f);
        if (all == null) {
            fail(f, pos, "");
        }
        return all;
    }

    private static Type[] padded(Type[] known, int n) {
        return known == null ? new Type[n] : java.util.Arrays.copyOf(known, n);
    }

    private void fail(Infer.Failure f, int pos, String intro) {
        String more = f.param == null ? "" : " (declared at " + c.program.sources.format(f.param.obj.pos) + ")";
        error(f.pos > 0 ? f.pos : pos, intro + f.text + more);
    }

    private static Signature plain(Signature s) {
        return new Signature(s.recv, null, s.params, s.results, s.variadic);
    }

    /** Puts type arguments into a function operand and notes them in the tree. */
    private void instantiate(Operand x, Expr e, Signature sig, Type[] args, Expr[] at) {
        verify(sig, args, at, Places.start(e));
        x.set(Mode.VALUE, Instances.signature(sig, args));
        note(e, args, x.type);
    }

    private void verify(Signature sig, Type[] args, Expr[] at, int pos) {
        c.later(() -> {
            c.monomorph.instance(pos, sig.typeParams, args);
            Cause cause = c.cause();
            int i = Instances.verify(sig.typeParams, args, cause);
            if (i >= 0) {
                error(at != null && i < at.length ? Places.start(at[i]) : pos, cause.text);
            }
        });
    }

    /** Notes type arguments at the name, selector or index expression that denotes the function. */
    private static void note(Expr e, Type[] args, Type instance) {
        for (; ; ) {
            switch (e.kind) {
                case PAREN -> {
                    e.type = instance;
                    e = ((Expr.Paren) e).x;
                }
                case NAME -> {
                    ((Expr.Name) e).typeArgs = args;
                    e.type = instance;
                    return;
                }
                case SELECTOR -> {
                    ((Expr.Selector) e).typeArgs = args;
                    ((Expr.Selector) e).sel.typeArgs = args;
                    e.type = instance;
                    return;
                }
                case INDEX -> {
                    ((Expr.Index) e).typeArgs = args;
                    e.type = instance;
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    // ---- calls ----

    /**
     * Checks the arguments of a call.
     *
     * @param inst the explicit instantiation that is called, with {@code known} type arguments; or null
     * @return the signature with type arguments put in; null after an error that leaves it unknown
     */
    Signature check(Expr.Call e, Signature sig, Expr.Index inst, Type[] known, Operand[] args) {
        Type[] params = parameterTypes(e, sig, args);
        boolean valid = true;
        for (Operand a : args) {
            valid &= a.ok();
        }
        // The errors of invalid arguments were reported.
        if (params == null || !valid) {
            for (int i = 0; params != null && sig.typeParams.length == 0 && i < args.length; i++) {
                if (args[i].ok() && !isGeneric(args[i])) {
                    c.assignments.assignable(args[i], params[i], "argument to " + text(e.fun));
                }
            }
            return sig.typeParams.length > 0 ? partlyKnown(e, sig, known) : sig;
        }
        Signature s = infer(e, sig, inst, known, args, params);
        if (s == null) {
            return null;
        }
        if (s != sig) {
            params = parameterTypes(e, s, args);
        }
        String context = null;
        for (int i = 0; i < args.length; i++) {
            if (context == null) {
                context = "argument to " + text(e.fun);
            }
            c.assignments.assignable(args[i], params[i], context);
        }
        return s;
    }

    private static boolean isGeneric(Operand a) {
        return a.type instanceof Signature s && s.typeParams.length > 0;
    }

    /** After errors: results whose types don't depend on type arguments are known all the same. */
    private Signature partlyKnown(Expr.Call e, Signature sig, Type[] known) {
        if (sig.typeParams.length == 0) {
            return sig;
        }
        if (known != null && known.length == sig.typeParams.length) {
            note(e.fun, known, sig);
            return Instances.signature(sig, known);
        }
        return null;
    }

    /** The parameter type for each argument; null after an error. */
    private Type[] parameterTypes(Expr.Call e, Signature sig, Operand[] args) {
        int n = args.length;
        Var[] ps = sig.params.vars;
        int np = ps.length;
        Type[] out = new Type[n];
        if (sig.variadic && !e.hasDots) {
            if (n >= np - 1) {
                Type elem = ((Slice) ps[np - 1].type.underlying()).elem;
                for (int i = 0; i < n; i++) {
                    out[i] = i < np - 1 ? ps[i].type : elem;
                }
                return out;
            }
        } else {
            if (e.hasDots && !sig.variadic) {
                error(e, "cannot use ... in call to non-variadic " + text(e.fun));
                return null;
            }
            if (e.hasDots && e.args.length == 1 && n > 1) {
                error(e, "cannot use ... with " + n + "-valued " + text(e.args[0]));
                return null;
            }
            if (n == np) {
                for (int i = 0; i < n; i++) {
                    out[i] = ps[i].type;
                }
                return out;
            }
        }
        boolean many = n > np;
        int at = many ? Places.start(args[np].expr) : n > 0 ? Places.start(args[n - 1].expr) : Places.start(e);
        Type[] have = new Type[n];
        for (int i = 0; i < n; i++) {
            have[i] = args[i].type;
        }
        error(at, (many ? "too many" : "not enough") + " arguments in call to " + text(e.fun) + "\n\thave " + summary(have, false, e.hasDots)
                + "\n\twant " + summary(typesOf(ps), sig.variadic, false));
        return null;
    }

    static Type[] typesOf(Var[] vars) {
        Type[] ts = new Type[vars.length];
        for (int i = 0; i < ts.length; i++) {
            ts[i] = vars[i].type;
        }
        return ts;
    }

    /** Types in parentheses; untyped numbers are "number". */
    String summary(Type[] types, boolean variadic, boolean dots) {
        StringBuilder b = new StringBuilder("(");
        for (int i = 0; i < types.length; i++) {
            if (i > 0) {
                b.append(", ");
            }
            Type t = types[i];
            boolean last = i == types.length - 1;
            if (last && variadic) {
                b.append("...");
                t = t instanceof Slice s ? s.elem : t;
            }
            if (t == null || !Predicates.isValid(t)) {
                b.append("unknown type");
            } else if (Predicates.isUntyped(t)) {
                b.append(Predicates.isNumeric(t) ? "number" : ((Basic) Alias.strip(t)).name.replace("untyped ", ""));
            } else {
                b.append(name(t));
            }
            if (last && dots && !variadic) {
                b.append("...");
            }
        }
        return b.append(')').toString();
    }

    /** Finds type arguments of the function and of generic functions among the arguments. */
    private Signature infer(Expr.Call e, Signature sig, Expr.Index inst, Type[] known, Operand[] args, Type[] params) {
        List<TypeParam> all = new ArrayList<>(List.of(sig.typeParams));
        int own = all.size();
        int[] first = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].mode == Mode.VALUE && args[i].type instanceof Signature g && g.typeParams.length > 0) {
                if (!c.needVersion(Places.start(args[i].expr), 21, "implicitly instantiated function as argument")) {
                    return null;
                }
                if (first == null) {
                    first = new int[args.length];
                    java.util.Arrays.fill(first, -1);
                }
                first[i] = all.size();
                TypeParam[] fresh = Infer.rename(g.typeParams);
                Signature renamed = (Signature) Subst.apply(plain(g), g.typeParams, fresh);
                args[i].generic = g;
                args[i].type = new Signature(renamed.recv, fresh, renamed.params, renamed.results, renamed.variadic);
                all.addAll(List.of(fresh));
            }
        }
        if (all.isEmpty()) {
            return sig;
        }
        if (own > 0) {
            c.needVersion(Places.start(e), 18, e.fun instanceof Expr.Index ? "function instantiation" : "implicit function instantiation");
        }
        Infer.Arg[] list = new Infer.Arg[args.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = new Infer.Arg(args[i].type, Places.start(args[i].expr), text(args[i].expr));
        }
        Infer.Failure f = new Infer.Failure();
        TypeParam[] tps = all.toArray(new TypeParam[0]);
        Type[] start = padded(known, tps.length);
        for (int i = 0; first != null && i < args.length; i++) {
            if (first[i] >= 0 && args[i].given != null) {
                System.arraycopy(args[i].given, 0, start, first[i], args[i].given.length);
            }
        }
        Type[] found = Infer.infer(tps, start, params, list, false, c.qualifier, f);
        if (found == null) {
            fail(f, e.pos, "in call to " + text(e.fun) + ", ");
            return null;
        }
        Signature s = sig;
        if (own > 0) {
            Type[] mine = java.util.Arrays.copyOf(found, own);
            verify(sig, mine, inst == null ? null : inst.indices, inst == null ? e.pos : e.pos);
            s = Instances.signature(sig, mine);
            note(e.fun, mine, s);
        }
        for (int i = 0; first != null && i < args.length; i++) {
            if (first[i] >= 0) {
                Signature g = args[i].generic;
                Type[] its = java.util.Arrays.copyOfRange(found, first[i], first[i] + g.typeParams.length);
                instantiate(args[i], args[i].expr, g, its, null);
                args[i].generic = null;
                args[i].given = null;
            }
        }
        return s;
    }
}
