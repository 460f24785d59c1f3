// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;
import mica.types.Alias;
import mica.types.Builtin;
import mica.types.Func;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Signature;
import mica.types.Type;
import mica.types.TypeParam;
import mica.types.TypeSets;
import mica.types.Var;

/** Walks a checked function once and finds its {@link FuncFacts}; sets captured, reassigned and addrTaken of local variables. */
final class FactsWalker {
    private FuncFacts f;

    private FactsWalker(FuncFacts f) {
        this.f = f;
    }

    static FuncFacts of(Decl.Func d) {
        FuncFacts f = new FuncFacts(d, null, d.pos, d.body == null ? d.pos : d.body.rbrace);
        if (d.body != null) {
            new FactsWalker(f).stmt(d.body);
        }
        return f;
    }

    /** Of the expression that initializes package variables; {@code literals} have been counted in the package before it. */
    static FuncFacts of(Expr initializer, int literals) {
        FuncFacts f = new FuncFacts(initializer, null, 0, Integer.MAX_VALUE);
        f.literals = literals;
        new FactsWalker(f).expr(initializer);
        return f;
    }

    static boolean isRangeOverFunc(Stmt.Range r) {
        Type t = Alias.strip((Type) r.x.type);
        if (t instanceof TypeParam) {
            t = TypeSets.commonUnder(t, null);
        }
        return t != null && t.underlying() instanceof Signature;
    }

    // Statements.

    private void stmts(Stmt[] list) {
        for (Stmt s : list) {
            stmt(s);
        }
    }

    private void stmt(Stmt s) {
        if (s == null) {
            return;
        }
        switch (s.kind) {
            case EXPR -> expr(((Stmt.ExprStmt) s).x);
            case SEND -> {
                expr(((Stmt.Send) s).chan);
                expr(((Stmt.Send) s).value);
            }
            case INC_DEC -> assigned(((Stmt.IncDec) s).x);
            case ASSIGN -> assign((Stmt.Assign) s);
            case GO -> goDefer(((Stmt.Go) s).call);
            case DEFER -> {
                f.returning().hasDefer = true;
                if (f.isRangeBody()) {
                    f.returning().defersFromRange = true;
                    f.makeDeferToken();
                }
                goDefer(((Stmt.Defer) s).call);
            }
            case RETURN -> returned((Stmt.Return) s);
            case BRANCH -> branch((Stmt.Branch) s);
            case BLOCK -> stmts(((Stmt.Block) s).stmts);
            case IF -> {
                Stmt.If i = (Stmt.If) s;
                stmt(i.init);
                expr(i.cond);
                stmt(i.then);
                stmt(i.otherwise);
            }
            case SWITCH -> {
                Stmt.Switch w = (Stmt.Switch) s;
                stmt(w.init);
                expr(w.tag);
                for (Stmt.CaseClause c : w.clauses) {
                    exprs(c.cases);
                    stmts(c.body);
                }
            }
            case TYPE_SWITCH -> {
                Stmt.TypeSwitch w = (Stmt.TypeSwitch) s;
                stmt(w.init);
                expr(w.x);
                for (Stmt.CaseClause c : w.clauses) {
                    stmts(c.body);
                }
            }
            case SELECT -> {
                for (Stmt.CommClause c : ((Stmt.Select) s).clauses) {
                    stmt(c.comm);
                    stmts(c.body);
                }
            }
            case FOR -> {
                Stmt.For l = (Stmt.For) s;
                stmt(l.init);
                expr(l.cond);
                stmt(l.post);
                stmt(l.body);
            }
            case RANGE -> range((Stmt.Range) s);
            case LABELED -> {
                stmt(((Stmt.Labeled) s).stmt);
            }
            case DECL -> {
                for (Decl d : ((Stmt.DeclStmt) s).decls) {
                    if (d instanceof Decl.Var v) {
                        exprs(v.values);
                    }
                }
            }
            default -> {}
        }
    }

    private void assign(Stmt.Assign a) {
        exprs(a.rhs);
        for (Expr l : a.lhs) {
            if (a.define && l instanceof Expr.Name n && n.obj instanceof Var v && v.pos == n.pos) {
                continue;
            }
            assigned(l);
        }
    }

    private void assigned(Expr l) {
        expr(l);
        // Storing into a field or element of a variable changes the variable.
        Expr e = l.unparen();
        while (true) {
            if (e instanceof Expr.Name n) {
                if (n.obj instanceof Var v) {
                    v.reassigned = true;
                }
                return;
            } else if (e instanceof Expr.Selector s && s.selection != null
                    && !(GoTypes.under((Type) s.x.type) instanceof Pointer)) {
                e = s.x.unparen();
            } else if (e instanceof Expr.Index i && !(GoTypes.under((Type) i.x.type) instanceof mica.types.Slice)
                    && !(GoTypes.under((Type) i.x.type) instanceof Pointer)
                    && !(GoTypes.under((Type) i.x.type) instanceof mica.types.MapType)) {
                e = i.x.unparen();
            } else {
                return;
            }
        }
    }

    private void returned(Stmt.Return r) {
        exprs(r.results);
        if (f.isRangeBody()) {
            FuncFacts g = f.returning();
            g.returnsFromRange = true;
            Signature sig = signatureOf(g);
            for (Var v : sig.results.vars) {
                v.reassigned = true;
                f.useResultOf(g, v);
            }
        } else if (r.results.length > 0) {
            for (Var v : signatureOf(f).results.vars) {
                v.reassigned = true;
            }
        }
    }

    static Signature signatureOf(FuncFacts g) {
        if (g.node instanceof Decl.Func d) {
            return ((Func) d.name.obj).signature();
        }
        return (Signature) Alias.strip((Type) ((Expr.FuncLit) g.node).type);
    }

    private void branch(Stmt.Branch s) {
        if (s.jump == Stmt.Jump.GOTO && s.target != null) {
            f.gotoTargets.add(s.target);
            for (FuncFacts g = f; g != null; g = g.parent) {
                g.hasGoto = true;
            }
        }
        if (f.isRangeBody() && s.target != null && s.target != f.node && !f.contains(s.target) && f.returning().exitNumber(s) < 0) {
            f.returning().exits.add(s);
        }
    }

    private void goDefer(Expr call) {
        Expr u = call.unparen();
        if (!(u instanceof Expr.Call c && c.fun.unparen() instanceof Expr.FuncLit l && c.args.length == 0
                && l.typeExpr.results.length == 0)) {
            f.addGoDefer(u);
        }
        expr(call);
    }

    private void range(Stmt.Range r) {
        expr(r.x);
        if (!isRangeOverFunc(r)) {
            if (r.define) {
                for (Expr l : r.lhs) {
                    if (!(l instanceof Expr.Name)) {
                        expr(l);
                    }
                }
            } else {
                for (Expr l : r.lhs) {
                    assigned(l);
                }
            }
            stmt(r.body);
            return;
        }
        FuncFacts g = new FuncFacts(r, f, r.pos, r.body.rbrace);
        g.suffix = "-range" + ++f.ranges;
        g.makeRangeVariables();
        FuncFacts outer = f;
        f = g;
        if (!r.define) {
            for (Expr l : r.lhs) {
                assigned(l);
            }
        }
        stmt(r.body);
        f = outer;
    }

    // Expressions.

    private void exprs(Expr[] list) {
        for (Expr e : list) {
            expr(e);
        }
    }

    private void expr(Expr e) {
        if (e == null || e.constant != null) {
            return;
        }
        switch (e.kind) {
            case NAME -> {
                if (((Expr.Name) e).obj instanceof Var v && isLocal(v)) {
                    f.use(v);
                }
            }
            case COMPOSITE_LIT -> {
                for (Expr x : ((Expr.CompositeLit) e).elements) {
                    if (x instanceof Expr.KeyValue kv) {
                        if (!(kv.key instanceof Expr.Name n && n.obj instanceof Var v && v.role == Var.Role.FIELD)
                                && kv.selection == null) {
                            expr(kv.key);
                        }
                        expr(kv.value);
                    } else {
                        expr(x);
                    }
                }
            }
            case FUNC_LIT -> literal((Expr.FuncLit) e);
            case PAREN -> expr(((Expr.Paren) e).x);
            case SELECTOR -> selector((Expr.Selector) e);
            case INDEX -> {
                expr(((Expr.Index) e).x);
                if (((Expr.Index) e).typeArgs == null) {
                    exprs(((Expr.Index) e).indices);
                }
            }
            case SLICE -> {
                Expr.Slice s = (Expr.Slice) e;
                expr(s.x);
                expr(s.lo);
                expr(s.hi);
                expr(s.max);
                addressTaken(s.x, true);
            }
            case TYPE_ASSERT -> expr(((Expr.TypeAssert) e).x);
            case CALL -> call((Expr.Call) e);
            case STAR -> expr(((Expr.Star) e).x);
            case UNARY -> {
                Expr.Unary u = (Expr.Unary) e;
                expr(u.x);
                if (u.op == Operator.AND) {
                    addressTaken(u.x, false);
                }
            }
            case BINARY -> {
                expr(((Expr.Binary) e).x);
                expr(((Expr.Binary) e).y);
            }
            default -> {}
        }
    }

    static boolean isLocal(Var v) {
        return v.role != Var.Role.PACKAGE && v.role != Var.Role.FIELD;
    }

    private void call(Expr.Call c) {
        Expr fun = c.fun.unparen();
        if (fun instanceof Expr.Name n && n.obj instanceof Builtin b && b.id == Builtin.Id.RECOVER) {
            f.hasRecover = true;
        }
        expr(c.fun);
        exprs(c.args);
    }

    private void selector(Expr.Selector s) {
        if (s.selection == null) {
            return; // package member
        }
        expr(s.x);
        Selection sel = (Selection) s.selection;
        if (sel.kind == Selection.Kind.METHOD_VALUE && sel.obj instanceof Func m && m.signature().recv != null
                && Alias.strip(m.signature().recv.type) instanceof Pointer
                && !(GoTypes.under(sel.recv) instanceof Pointer)) {
            addressTaken(s.x, false);
        }
    }

    /** The address of what e denotes is taken: marks the variable that it is part of. */
    private void addressTaken(Expr e, boolean slicing) {
        e = e.unparen();
        if (slicing) {
            Type u = GoTypes.under((Type) e.type);
            if (!(u instanceof mica.types.Array) && !(Alias.strip((Type) e.type) instanceof TypeParam)) {
                return;
            }
        }
        while (true) {
            if (e instanceof Expr.Name n) {
                if (n.obj instanceof Var v && isLocal(v)) {
                    v.addrTaken = true;
                }
                return;
            } else if (e instanceof Expr.Selector s && s.selection != null) {
                if (GoTypes.under((Type) s.x.type) instanceof Pointer) {
                    return;
                }
                e = s.x.unparen();
            } else if (e instanceof Expr.Index i) {
                Type u = GoTypes.under((Type) i.x.type);
                if (u instanceof Pointer || u instanceof mica.types.Slice) {
                    return;
                }
                e = i.x.unparen();
            } else {
                return;
            }
        }
    }

    private void literal(Expr.FuncLit lit) {
        FuncFacts g = new FuncFacts(lit, f, lit.pos, lit.body.rbrace);
        int n = ++f.literals;
        // Directly inside a declared function: F.func1; deeper: F.func1.1.
        g.suffix = f.isLiteral() ? "." + n : ".func" + n;
        FuncFacts outer = f;
        f = g;
        stmt(lit.body);
        f = outer;
    }
}
