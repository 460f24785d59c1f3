// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Field;

/** Function types, receivers, parameters. */
final class Signatures extends Part {
    Signatures(Checker c) {
        super(c);
    }

    /** A function type or the type of a literal. */
    Signature type(Expr.FuncType e) {
        Signature s = new Signature(null, null, Tuple.EMPTY, Tuple.EMPTY, false);
        declare(s, null, e, null);
        e.type = s;
        e.mode = Mode.TYPE;
        return s;
    }

    /** Fills in the signature of a declared function or method (f not null) or of a type. */
    void declare(Signature s, Field recv, Expr.FuncType e, Func f) {
        c.openScope();
        Scope scope = c.env.scope;
        if (recv != null) {
            receiver(s, recv);
        }
        if (e.typeParams.length > 0) {
            if (recv != null) {
                c.needVersion(e.typeParams[0].pos, 27, "generic method");
            } else {
                c.needVersion(e.typeParams[0].pos, 18, "type parameter");
            }
            s.typeParams = c.decls.typeParams(e.typeParams, null, s, null);
        }
        s.params = new Tuple(variables(e.params, Var.Role.PARAM, s));
        s.results = new Tuple(variables(e.results, Var.Role.RESULT, null));
        if (f != null) {
            e.type = s;
        }
        // Names become visible only now: types of later parameters don't see earlier parameters.
        if (s.recv != null) {
            enter(scope, s.recv);
        }
        for (Var v : s.params.vars) {
            enter(scope, v);
        }
        for (Var v : s.results.vars) {
            enter(scope, v);
        }
        c.closeScope();
    }

    private void enter(Scope scope, Var v) {
        if (v.name.isEmpty() || v.name.equals("_")) {
            return;
        }
        Obj old = scope.insert(v);
        if (old != null) {
            c.redeclared(v.pos, v.name, old);
        }
    }

    private Var[] variables(Field[] fields, Var.Role role, Signature s) {
        Var[] vars = new Var[fields.length];
        Type t = null;
        Expr last = null;
        for (int i = 0; i < vars.length; i++) {
            Field f = fields[i];
            if (f.typeExpr != last) {
                last = f.typeExpr;
                t = parameterType(f.typeExpr, s, i == vars.length - 1, role);
            }
            String n = f.name == null ? "" : f.name.name;
            Var v = new Var(n, c.pkg, f.name == null ? Places.start(f.typeExpr) : f.name.pos, t, role);
            v.index = i;
            v.used = true;
            vars[i] = v;
            if (f.name != null) {
                f.name.obj = v;
            }
            f.implicit = v;
        }
        return vars;
    }

    private Type parameterType(Expr e, Signature s, boolean last, Var.Role role) {
        if (e.kind != Expr.Kind.ELLIPSIS) {
            return c.types.varType(e);
        }
        Expr elem = ((Expr.Ellipsis) e).elem;
        Type t = elem == null ? Universe.INVALID : c.types.varType(elem);
        if (s == null || !last || role != Var.Role.PARAM) {
            error(e, "can only use ... with final parameter in list");
            return t;
        }
        s.variadic = true;
        Slice slice = new Slice(t);
        e.type = slice;
        e.mode = Mode.TYPE;
        return slice;
    }

    // ---- receivers ----

    private void receiver(Signature s, Field recv) {
        Expr e = recv.typeExpr;
        boolean[] ptr = new boolean[1];
        Expr base = e.unparen();
        if (base.kind == Expr.Kind.STAR) {
            ptr[0] = true;
            base = ((Expr.Star) base).x.unparen();
        }
        Type t;
        if (base.kind == Expr.Kind.INDEX) {
            t = genericReceiver(s, (Expr.Index) base, ptr[0]);
            e.type = t;
            e.mode = Mode.TYPE;
        } else {
            t = c.types.varType(e);
            Type target = Alias.strip(t) instanceof Pointer p ? Alias.strip(p.elem) : Alias.strip(t);
            if (target instanceof Named n && n.isInstance() && Predicates.isValid(t)) {
                error(base, "cannot define new methods on instantiated type " + name(n));
                t = Universe.INVALID;
            }
        }
        Var v = new Var(recv.name == null ? "" : recv.name.name, c.pkg, recv.pos, t, Var.Role.RECEIVER);
        v.used = true;
        s.recv = v;
        if (recv.name != null) {
            recv.name.obj = v;
        }
        recv.implicit = v;
        Type rt = t;
        c.later(() -> validReceiver(e, rt));
    }

    /** {@code T[P, Q]} as a receiver's type declares P and Q with T's constraints. */
    private Type genericReceiver(Signature s, Expr.Index e, boolean ptr) {
        Type g = c.types.genericOrType(e.x);
        int n = e.indices.length;
        TypeParam[] ps = new TypeParam[n];
        for (int i = 0; i < n; i++) {
            Expr.Name id = e.indices[i] instanceof Expr.Name n1 ? n1 : new Expr.Name(e.indices[i].pos, "_");
            if (id != e.indices[i]) {
                error(e.indices[i], "receiver type parameter " + text(e.indices[i]) + " must be an identifier");
            }
            ps[i] = c.decls.newParam(id, i);
            e.indices[i].type = ps[i];
            e.indices[i].mode = Mode.TYPE;
        }
        s.recvTypeParams = ps;
        Type target = Alias.strip(g);
        if (!(target instanceof Named d) || d.typeParams.length == 0 || d.isInstance()) {
            if (g instanceof Alias a && a.typeParams.length > 0) {
                error(e.x, "cannot define new methods on generic alias type " + name(g));
            } else if (Predicates.isValid(g)) {
                error(e.x, name(g) + " is not a generic type");
            }
            return Universe.INVALID;
        }
        if (d.typeParams.length != n) {
            error(e.x, "receiver declares " + count(n) + ", but receiver base type declares " + d.typeParams.length);
            return Universe.INVALID;
        }
        c.monomorph.receiver(ps, d.typeParams);
        for (int i = 0; i < n; i++) {
            ps[i].constraint = Subst.apply(d.typeParams[i].constraint, d.typeParams, ps);
        }
        Named t = Instances.named(d, ps);
        t.instancePos = t.instancePos == 0 ? Places.start(e.x) : t.instancePos;
        e.type = t;
        e.mode = Mode.TYPE;
        return ptr ? new Pointer(t) : t;
    }

    private static String count(int n) {
        return n + " type parameter" + (n == 1 ? "" : "s");
    }

    private void validReceiver(Expr at, Type recv) {
        if (!Predicates.isValid(recv)) {
            return;
        }
        Type t = Alias.strip(recv);
        Type written = t instanceof Pointer p ? p.elem : recv;
        Type base = Alias.strip(written);
        if (!Predicates.isValid(base)) {
            return;
        }
        Expr e = at.unparen();
        if (e.kind == Expr.Kind.STAR) {
            e = ((Expr.Star) e).x;
        }
        if (base instanceof Named n) {
            if (n.obj.pkg != c.pkg) {
                error(e, "cannot define new methods on non-local type " + name(written));
                return;
            }
            Type u = n.underlying();
            if (u instanceof Pointer || u instanceof Interface || u == Universe.UNSAFE_POINTER) {
                error(e, "invalid receiver type " + name(written) + (u == Universe.UNSAFE_POINTER ? " (unsafe.Pointer)" : " (pointer or interface type)"));
            }
        } else if (base instanceof Basic b) {
            error(e, "cannot define new methods on non-local type " + name(written));
        } else {
            error(at, "invalid receiver type " + name(recv));
        }
    }
}
