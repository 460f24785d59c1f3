// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Field;

/** Resolves declarations: gives each declared object its type, in the order in which they need each other. */
final class Decls extends Part {
    Decls(Checker c) {
        super(c);
    }

    /** Everything that is declared at package level: types, signatures, then constants and variables. */
    void all() {
        List<Obj> objects = c.collect.objects;
        directCycles(objects);
        for (Obj o : objects) {
            if (o instanceof TypeName) {
                resolve(o);
            }
        }
        c.drain();
        for (Obj o : objects) {
            if (o instanceof Func) {
                resolve(o);
            }
        }
        c.drain();
        for (Obj o : objects) {
            if (o instanceof Const || o instanceof Var) {
                resolve(o);
            }
        }
        c.drain();
    }

    /** Gives a package-level object its type unless it has one. On a cycle the object keeps what it has so far, or becomes invalid. */
    void resolve(Obj o) {
        DeclInfo d = o.info;
        if (d == null || d.state == DeclInfo.RESOLVED) {
            return;
        }
        if (o.pkg != c.pkg) {
            o.pkg.checker.decls.resolve(o);
            return;
        }
        if (d.state == DeclInfo.UNDER_WAY) {
            cycle(o);
            return;
        }
        d.state = DeclInfo.UNDER_WAY;
        Env saved = c.env;
        c.env = Env.at(d);
        if (!(o instanceof Const || o instanceof Var)) {
            // Only initial values depend on others.
            c.env.decl = null;
        }
        c.path.add(o);
        switch (o.kind()) {
            case CONST -> {
                c.env.iota = Constant.of(d.iota);
                if (d.inherited) {
                    c.env.errorPos = o.pos;
                }
                constDecl((Const) o, d.typeExpr, d.init, d.inherited);
            }
            case VAR -> varDecl((Var) o, d);
            case TYPE_NAME -> typeDecl((TypeName) o, d.typeDecl, d);
            case FUNC -> funcDecl((Func) o, d);
            default -> { }
        }
        c.path.remove(c.path.size() - 1);
        c.env = saved;
        d.state = DeclInfo.RESOLVED;
    }

    DeclInfo info(Obj o) {
        return o.info;
    }

    /** Checks the initializer of a package variable unless that was done. */
    void initializer(Var v) {
        DeclInfo d = v.info;
        if (d == null || d.init == null || d.initChecked) {
            return;
        }
        Env saved = c.env;
        c.env = Env.at(d);
        initVar(v, d);
        c.env = saved;
    }

    // ---- cycles ----

    private void cycle(Obj o) {
        if (o instanceof Func) {
            // Its signature may be incomplete, but has been made.
            return;
        }
        if ((o instanceof Const || o instanceof Var) && o.type != null) {
            return;
        }
        if (!validCycle(o) || o instanceof Const || o instanceof Var) {
            o.type = Universe.INVALID;
        }
    }

    /** Types that are declared by each other's names alone: reported before any of them is resolved, as they have no underlying type. */
    private void directCycles(List<Obj> objects) {
        java.util.Set<Obj> done = new java.util.HashSet<>();
        for (Obj o : objects) {
            List<Obj> way = new ArrayList<>();
            while (o instanceof TypeName t && o.info != null && o.info.typeDecl != null && !done.contains(o)) {
                int i = way.indexOf(t);
                if (i >= 0) {
                    cycleError(way.subList(i, way.size()));
                    t.type = Universe.INVALID;
                    t.info.state = DeclInfo.RESOLVED;
                    break;
                }
                way.add(t);
                o = t.info.typeDecl.typeExpr instanceof Expr.Name n ? c.pkg.scope.here(n.name) : null;
            }
            done.addAll(way);
        }
    }

    /**
     * Whether a type is known as far as its underlying type, so that a value of it can be made or looked into; reports the cycle of
     * declarations if it is not.
     */
    boolean complete(Type t) {
        while (!c.path.isEmpty() && (t instanceof Named || t instanceof Alias)) {
            TypeName o = t instanceof Named n ? n.obj : ((Alias) t).obj;
            if (c.path.contains(o) && !(t instanceof Named n && n.isInstance())) {
                cycleError(cycleOf(o));
                o.type = Universe.INVALID;
                return false;
            }
            t = t instanceof Named n ? n.rhs : ((Alias) t).rhs;
        }
        return true;
    }

    private List<Obj> cycleOf(Obj o) {
        int i = c.path.lastIndexOf(o);
        return i < 0 ? List.of() : new ArrayList<>(c.path.subList(i, c.path.size()));
    }

    /** A cycle of values alone is the initialization order's to report; one of types alone needs a defined type in it. */
    private boolean validCycle(Obj o) {
        List<Obj> cycle = cycleOf(o);
        int values = 0;
        int defined = 0;
        for (Obj p : cycle) {
            if (c.env.inTypeParams && p instanceof TypeName && p.type != null && Predicates.isGeneric(p.type)) {
                // Constraints may mention what they constrain.
                return true;
            }
            if (p instanceof Const || p instanceof Var) {
                values++;
            } else if (p instanceof TypeName t && !(t.info == null ? t.localAlias : t.info.typeDecl.alias)) {
                defined++;
            }
        }
        if (values == cycle.size()) {
            return true;
        }
        if (values == 0 && defined > 0) {
            return true;
        }
        if (values == 0 && cycle.stream().allMatch(p -> p instanceof Func)) {
            return true;
        }
        cycleError(cycle);
        return false;
    }

    /** Reports a cycle of declarations, beginning with the one that comes first in the source. */
    void cycleError(List<? extends Obj> cycle) {
        List<String> names = new ArrayList<>();
        for (Obj o : cycle) {
            names.add(o.name);
        }
        cycleError(cycle, names);
    }

    private void cycleError(List<? extends Obj> cycle, List<String> names) {
        int first = 0;
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < cycle.size(); i++) {
            positions.add(cycle.get(i).pos);
            first = cycle.get(i).pos < cycle.get(first).pos ? i : first;
        }
        cycleError(cycle, names, positions, first);
    }

    /** @param names how the objects are shown: instances with their arguments; @param first which the report begins with */
    void cycleError(List<? extends Obj> cycle, List<String> names, List<Integer> positions, int first) {
        Obj start = cycle.get(first);
        int at = positions.get(first);
        boolean isType = start instanceof TypeName;
        if (cycle.size() == 1) {
            error(at, (isType ? "invalid recursive type: " : "invalid cycle in declaration: ") + names.get(first) + " refers to itself");
            return;
        }
        StringBuilder b = new StringBuilder(isType ? "invalid recursive type " : "invalid cycle in declaration of ").append(names.get(first));
        for (int i = 0; i < cycle.size(); i++) {
            b.append("\n\t").append(c.program.sources.format(positions.get((first + i) % cycle.size()))).append(": ").append(names.get((first + i) % cycle.size()));
            b.append(" refers to ").append(names.get((first + i + 1) % cycle.size()));
        }
        error(at, b.toString());
    }

    // ---- constants and variables ----

    void constDecl(Const o, Expr typeExpr, Expr init, boolean inherited) {
        Type t = null;
        if (typeExpr != null) {
            t = c.types.type(typeExpr);
            if (!Predicates.isConstType(t)) {
                if (Predicates.isValid(t.underlying())) {
                    error(typeExpr, "invalid constant type " + name(t));
                }
                o.type = Universe.INVALID;
                return;
            }
            o.type = t;
        }
        Operand x = new Operand();
        x.invalid();
        if (init != null) {
            c.exprs.expr(x, init, t);
        }
        c.assignments.initConst(o, x);
    }

    private void varDecl(Var o, DeclInfo d) {
        if (d.typeExpr != null) {
            o.type = c.types.varType(d.typeExpr);
            return;
        }
        if (d.init == null) {
            o.type = Universe.INVALID;
            return;
        }
        Type known = d.together == null ? literalType(d.init) : null;
        if (known != null) {
            o.type = known;
            return;
        }
        initVar(o, d);
    }

    /**
     * The type of an initializer that can be told without checking all of it: a composite literal of a written type, its address,
     * or a function literal. The rest is checked when the initializer is needed.
     */
    private Type literalType(Expr e) {
        Expr lit = e.kind == Expr.Kind.UNARY && ((Expr.Unary) e).op == mica.syntax.Operator.AND ? ((Expr.Unary) e).x : e;
        if (lit.kind != Expr.Kind.COMPOSITE_LIT || c.pkg.checkAllBodies) {
            return null;
        }
        Expr t = ((Expr.CompositeLit) lit).typeExpr;
        if (t == null || t.kind == Expr.Kind.ARRAY_TYPE && ((Expr.ArrayType) t).len != null || t.kind == Expr.Kind.STRUCT_TYPE) {
            return null;
        }
        if (t.type == null) {
            c.types.genericOrType(t);
        }
        Type known = (Type) t.type;
        if (!Predicates.isValid(known) || Predicates.isGeneric(known)) {
            return null;
        }
        return lit == e ? known : new Pointer(known);
    }

    /** Checks the initializer of a package variable; gives the variable its type if it has none. */
    void initVar(Var o, DeclInfo d) {
        if (d.initChecked) {
            return;
        }
        d.initChecked = true;
        if (d.together != null) {
            for (Var v : d.together) {
                v.info.initChecked = true;
            }
            c.assignments.initVars(d.together, new Expr[] {d.init}, null);
            for (Var v : d.together) {
                if (v != o) {
                    v.info.shareRefs(d);
                }
            }
            return;
        }
        Operand x = new Operand();
        c.exprs.exprFor(x, d.init, o.type, o.name);
        c.assignments.initVar(o, x, "variable declaration");
    }

    // ---- types ----

    void typeDecl(TypeName o, Decl.Type d, DeclInfo info) {
        if (d.alias) {
            aliasDecl(o, d);
            return;
        }
        Named n = new Named(o);
        if (info == null) {
            n.outerParams = c.bodies.outerParams();
        }
        if (info != null && info.methods != null) {
            collectMethods(n, info);
        } else {
            n.methods = new Func[0];
        }
        o.type = n;
        if (d.typeParams.length > 0) {
            c.needVersion(d.typeParams[0].pos, 18, "type parameter");
            c.openScope();
            typeParams(d.typeParams, n, null, null);
        }
        c.later(() -> c.validTypes.check(n));
        Type rhs = c.types.definedType(d.typeExpr, n);
        if (d.typeParams.length > 0) {
            c.closeScope();
        }
        n.rhs = rhs;
        settle(n, d.typeExpr);
    }

    /** Finds the underlying type of a defined type through the types that its right side names. */
    private void settle(Named n, Expr at) {
        Type t = Alias.strip(n.rhs);
        List<TypeName> chain = new ArrayList<>();
        chain.add(n.obj);
        while (t instanceof Named m && !m.isInstance()) {
            if (m == n) {
                cycleError(chain);
                n.setUnderlying(Universe.INVALID);
                return;
            }
            if (m.rhs == null) {
                break;
            }
            if (chain.contains(m.obj)) {
                n.setUnderlying(Universe.INVALID);
                return;
            }
            chain.add(m.obj);
            t = Alias.strip(m.rhs);
        }
        if (t instanceof TypeParam) {
            error(at, "cannot use a type parameter as RHS in type declaration");
            n.setUnderlying(Universe.INVALID);
            return;
        }
        if (t instanceof Named m) {
            if (m.isInstance() || m.rhs == null) {
                c.later(() -> n.setUnderlying(m.underlying()));
            } else {
                n.setUnderlying(m.underlying());
            }
            return;
        }
        n.setUnderlying(t);
    }

    private void aliasDecl(TypeName o, Decl.Type d) {
        if (d.typeParams.length > 0) {
            if (c.needVersion(d.typeParams[0].pos, 23, "generic type alias")) {
                Alias a = new Alias(o, Universe.INVALID);
                o.type = a;
                c.openScope();
                a.typeParams = declareParams(d.typeParams, null, null);
                bounds(d.typeParams, a.typeParams);
                a.pending = true;
                a.rhs = c.types.definedType(d.typeExpr, null);
                a.pending = false;
                c.closeScope();
                if (Alias.strip(a.rhs) instanceof TypeParam tp && java.util.Arrays.asList(a.typeParams).contains(tp)) {
                    error(d.typeExpr, "cannot use type parameter declared in alias declaration as RHS");
                    a.rhs = Universe.INVALID;
                }
                return;
            }
        }
        c.needVersion(d.pos, 9, "type alias");
        Alias a = new Alias(o, Universe.INVALID);
        a.pending = true;
        Type rhs = c.types.definedType(d.typeExpr, null);
        a.pending = false;
        if (o.type == a) {
            // Otherwise a cycle was found meanwhile.
            a.rhs = rhs;
        }
    }

    /** Attaches the declared methods, leaving out those whose names clash. */
    private void collectMethods(Named n, DeclInfo info) {
        List<Func> kept = new ArrayList<>();
        for (Func m : info.methods) {
            Func old = null;
            for (Func k : kept) {
                if (k.name.equals(m.name)) {
                    old = k;
                }
            }
            if (old != null) {
                error(m.pos, "method " + n.obj.name + "." + m.name + " already declared at " + c.program.sources.format(old.pos));
                continue;
            }
            kept.add(m);
        }
        n.methods = kept.toArray(new Func[0]);
        c.later(() -> {
            if (n.underlying() instanceof Struct s) {
                for (Func m : n.methods) {
                    for (Var f : s.fields) {
                        if (f.name.equals(m.name)) {
                            error(m.pos, "field and method with the same name " + m.name + c.otherDeclaration(f));
                        }
                    }
                }
            }
        });
    }

    // ---- type parameters ----

    /** Declares type parameters and their constraints in the current scope; exactly one of the owners is not null. */
    TypeParam[] typeParams(Field[] fields, Named owner, Signature sig, Alias alias) {
        TypeParam[] ps = declareParams(fields, owner, sig);
        bounds(fields, ps);
        return ps;
    }

    private TypeParam[] declareParams(Field[] fields, Named owner, Signature sig) {
        TypeParam[] ps = new TypeParam[fields.length];
        for (int i = 0; i < ps.length; i++) {
            Expr.Name id = fields[i].name;
            ps[i] = newParam(id, i);
        }
        if (owner != null) {
            owner.typeParams = ps;
        }
        if (sig != null) {
            sig.typeParams = ps;
        }
        return ps;
    }

    /** A type parameter with the name at id, declared in the current scope. */
    TypeParam newParam(Expr.Name id, int index) {
        TypeName tn = new TypeName(id.name, c.pkg, id.pos, null);
        TypeParam p = new TypeParam(tn, index, Universe.EMPTY_INTERFACE);
        c.declare(c.env.scope, id, tn);
        return p;
    }

    private void bounds(Field[] fields, TypeParam[] ps) {
        boolean saved = c.env.inTypeParams;
        c.env.inTypeParams = true;
        for (int i = 0; i < ps.length; i++) {
            if (i > 0 && fields[i].typeExpr == fields[i - 1].typeExpr) {
                ps[i].constraint = ps[i - 1].constraint;
                continue;
            }
            Type b = bound(fields[i].typeExpr);
            if (Alias.strip(b) instanceof TypeParam) {
                error(fields[i].typeExpr, "cannot use a type parameter as constraint");
                b = Universe.INVALID;
            }
            ps[i].constraint = b;
        }
        c.env.inTypeParams = saved;
    }

    /** The type that a constraint means: unions and ~T stand for interfaces. */
    private Type bound(Expr e) {
        boolean element = e.kind == Expr.Kind.UNARY && ((Expr.Unary) e).op == mica.syntax.Operator.TILDE
                || e.kind == Expr.Kind.BINARY && ((Expr.Binary) e).op == mica.syntax.Operator.OR;
        if (!element) {
            return c.types.type(e);
        }
        return c.interfaces.implicit(e);
    }

    // ---- functions ----

    private void funcDecl(Func f, DeclInfo d) {
        Decl.Func fd = d.funcDecl;
        Signature sig = new Signature(null, null, Tuple.EMPTY, Tuple.EMPTY, false);
        f.type = sig;
        c.signatures.declare(sig, fd.recv, fd.typeExpr, f);
        if (fd.typeExpr.typeParams.length > 0 && fd.body == null) {
            error(fd.pos, "generic function is missing function body");
        }
    }

    // ---- declarations inside functions ----

    void local(Decl d) {
        switch (d.kind) {
            case CONST -> localConst((Decl.Const) d);
            case VAR -> localVar((Decl.Var) d);
            case TYPE -> {
                Decl.Type t = (Decl.Type) d;
                TypeName o = new TypeName(t.name.name, c.pkg, t.name.pos, null);
                o.localAlias = t.alias;
                o.state = DeclInfo.UNDER_WAY;
                c.declare(c.env.scope, t.name, o);
                c.path.add(o);
                Scope scope = c.env.scope;
                typeDecl(o, t, null);
                c.env.scope = scope;
                if (o.type instanceof Named n) {
                    n.localIndex = c.bodies.localNumber(t);
                    n.localIn = c.env.body;
                }
                c.path.remove(c.path.size() - 1);
                o.state = DeclInfo.RESOLVED;
                c.drain();
            }
            default -> { }
        }
    }

    /** A local type is named while it is being declared. */
    void localCycle(TypeName o) {
        if (c.path.contains(o) && !validCycle(o)) {
            o.type = Universe.INVALID;
        }
    }

    private void localConst(Decl.Const d) {
        Decl.Const from = d.inherited != null ? d.inherited : d;
        Const[] list = new Const[d.names.length];
        for (int i = 0; i < list.length; i++) {
            Expr.Name n = d.names[i];
            Const o = new Const(n.name, c.pkg, n.pos, null, null);
            list[i] = o;
            Constant savedIota = c.env.iota;
            int savedPos = c.env.errorPos;
            c.env.iota = Constant.of(d.iota);
            c.env.errorPos = d.inherited != null ? n.pos : 0;
            constDecl(o, from.typeExpr, i < from.values.length ? from.values[i] : null, d.inherited != null);
            c.env.iota = savedIota;
            c.env.errorPos = savedPos;
        }
        c.collect.arity(d.pos, d.names, from.values, d.inherited != null, true);
        for (int i = 0; i < list.length; i++) {
            c.declare(c.env.scope, d.names[i], list[i]);
        }
    }

    private void localVar(Decl.Var d) {
        Var[] vars = new Var[d.names.length];
        for (int i = 0; i < vars.length; i++) {
            vars[i] = new Var(d.names[i].name, c.pkg, d.names[i].pos, null, Var.Role.LOCAL);
            vars[i].decl = d;
        }
        if (d.typeExpr != null) {
            Type t = c.types.varType(d.typeExpr);
            for (Var v : vars) {
                v.type = t;
            }
        }
        if (d.values.length > 0) {
            if (d.values.length == vars.length || d.values.length == 1) {
                c.assignments.initVars(vars, d.values, null);
            } else {
                for (int i = 0; i < vars.length; i++) {
                    if (i < d.values.length) {
                        Operand x = new Operand();
                        c.exprs.exprFor(x, d.values[i], vars[i].type, vars[i].name);
                        c.assignments.initVar(vars[i], x, "variable declaration");
                    } else if (vars[i].type == null) {
                        vars[i].type = Universe.INVALID;
                    }
                }
                for (int i = vars.length; i < d.values.length; i++) {
                    c.exprs.raw(new Operand(), d.values[i], null, null, true);
                }
            }
        }
        if (d.typeExpr == null || d.values.length > 0) {
            if (!(d.values.length == 1 && vars.length > 1)) {
                c.collect.arity(d.pos, d.names, d.values, false, false);
            }
        }
        for (int i = 0; i < vars.length; i++) {
            if (vars[i].type == null) {
                vars[i].type = Universe.INVALID;
            }
            c.bodies.declareLocal(d.names[i], vars[i]);
        }
    }
}
