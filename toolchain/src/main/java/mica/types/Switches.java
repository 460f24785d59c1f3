// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;

/** switch, type switch and select statements. */
final class Switches extends Part {
    Switches(Checker c) {
        super(c);
    }

    // ---- expression switch ----

    void expressionSwitch(Stmt.Switch s) {
        c.openScope();
        if (s.init != null) {
            c.stmts.stmt(s.init);
        }
        Operand tag = tag(s);
        oneDefault(s.clauses);
        Map<Object, List<Operand>> seen = new HashMap<>();
        for (Stmt.CaseClause k : s.clauses) {
            for (Expr e : k.cases) {
                caseValue(tag, e, s.tag != null, seen);
            }
            c.openScope();
            c.stmts.list(k.body);
            c.closeScope();
        }
        c.closeScope();
    }

    private Operand tag(Stmt.Switch s) {
        Operand x = new Operand();
        if (s.tag == null) {
            x.constant(Universe.BOOL, Constant.of(true));
            return x;
        }
        c.exprs.expr(x, s.tag);
        if (x.ok()) {
            c.assignments.assignable(x, null, "switch expression");
        }
        if (x.ok() && !Predicates.comparable(x.type) && !Predicates.hasNil(x.type)) {
            error(x, "cannot switch on " + describe(x) + " (" + name(x.type) + " is not comparable)");
            x.invalid();
        }
        return x;
    }

    private void caseValue(Operand tag, Expr e, boolean hasTag, Map<Object, List<Operand>> seen) {
        Operand v = new Operand();
        c.exprs.expr(v, e);
        if (!tag.ok() || !v.ok()) {
            return;
        }
        Operand x = tag.copy();
        c.operations.matchTypes(v, x);
        if (!v.ok()) {
            return;
        }
        Operand result = v.copy();
        c.operations.caseComparison(result, x, !hasTag);
        if (!result.ok() || !v.isConstant() || v.value == null) {
            return;
        }
        duplicate(v, e, seen);
    }

    private void duplicate(Operand v, Expr e, Map<Object, List<Operand>> seen) {
        Constant.Kind k = v.value.kind();
        if (k == Constant.Kind.BOOL || k == Constant.Kind.COMPLEX) {
            return;
        }
        List<Operand> same = seen.computeIfAbsent(v.value, key -> new ArrayList<>());
        for (Operand o : same) {
            if (Predicates.identical(o.type, v.type)) {
                error(e, "duplicate case " + describe(v) + " in expression switch\n\t" + c.program.sources.format(o.expr.pos) + ": previous case");
                return;
            }
        }
        v.expr = e;
        same.add(v.copy());
    }

    private void oneDefault(Stmt.CaseClause[] clauses) {
        Stmt.CaseClause first = null;
        for (Stmt.CaseClause k : clauses) {
            if (k.isDefault) {
                if (first != null) {
                    error(k.pos, "multiple defaults (first at " + c.program.sources.format(first.pos) + ")");
                } else {
                    first = k;
                }
            }
        }
    }

    // ---- type switch ----

    void typeSwitch(Stmt.TypeSwitch s) {
        c.openScope();
        if (s.init != null) {
            c.stmts.stmt(s.init);
        }
        Operand x = new Operand();
        c.exprs.expr(x, s.x);
        if (x.ok() && Predicates.isTypeParam(x.type)) {
            error(x, "cannot use type switch on type parameter value " + describe(x));
            x.invalid();
        } else if (x.ok() && !Predicates.isInterface(x.type)) {
            error(x, describe(x) + " is not an interface");
            x.invalid();
        }
        if (s.binding != null && s.binding.name.equals("_")) {
            error(s.binding, "no new variable on left side of :=");
        }
        oneDefault(s.clauses);
        List<Var> declared = new ArrayList<>();
        List<Type> seenTypes = new ArrayList<>();
        List<Expr> seenExprs = new ArrayList<>();
        for (Stmt.CaseClause k : s.clauses) {
            Type only = caseTypes(x, k, seenTypes, seenExprs);
            c.openScope();
            if (s.binding != null && !s.binding.name.equals("_")) {
                declared.add(bind(s, k, x, only));
            }
            c.stmts.list(k.body);
            c.closeScope();
        }
        c.closeScope();
        if (s.binding != null && !s.binding.name.equals("_")) {
            boolean used = false;
            for (Var v : declared) {
                used |= v.used;
            }
            if (!used) {
                c.failed = true;
                c.diags.error(s.binding.pos, s.binding.name + " declared and not used");
            }
        }
    }

    /** The variable of one clause: of the case's type if there is exactly one, else of the operand's. */
    private Var bind(Stmt.TypeSwitch s, Stmt.CaseClause k, Operand x, Type only) {
        Type t = k.cases.length == 1 && only != null ? only : x.ok() ? x.type : Universe.INVALID;
        Var v = new Var(s.binding.name, c.pkg, s.binding.pos, t, Var.Role.LOCAL);
        v.owner = c.env.body == null ? null : c.env.body.node;
        c.env.scope.insert(v);
        k.implicit = v;
        return v;
    }

    /** Checks the types of a clause; returns the last one (null for nil or an error). */
    private Type caseTypes(Operand x, Stmt.CaseClause k, List<Type> seenTypes, List<Expr> seenExprs) {
        Type last = null;
        for (Expr e : k.cases) {
            Operand t = new Operand();
            c.exprs.typeOrNil(t, e);
            if (!t.ok()) {
                last = Universe.INVALID;
                continue;
            }
            Type type = t.isNil() ? null : t.type;
            last = type;
            int dup = find(seenTypes, type);
            if (dup >= 0) {
                error(e, "duplicate case " + (type == null ? "nil" : name(type)) + " in type switch\n\t"
                        + c.program.sources.format(Places.start(seenExprs.get(dup))) + ": previous case");
                continue;
            }
            seenTypes.add(type);
            seenExprs.add(e);
            if (type != null && x.ok()) {
                possible(x, type, e);
            }
        }
        return last;
    }

    private static int find(List<Type> seen, Type t) {
        for (int i = 0; i < seen.size(); i++) {
            Type o = seen.get(i);
            if (t == null ? o == null : o != null && Predicates.identical(o, t)) {
                return i;
            }
        }
        return -1;
    }

    private void possible(Operand x, Type t, Expr e) {
        Cause cause = c.cause();
        if (!Predicates.assertableTo(x.type, t, cause)) {
            error(e, "impossible type switch case: " + text(e) + "\n\t" + describe(x) + " cannot have dynamic type " + name(t) + " " + cause.text);
        }
    }

    // ---- select ----

    void select(Stmt.Select s) {
        Stmt.CommClause first = null;
        for (Stmt.CommClause k : s.clauses) {
            if (k.comm == null) {
                if (first != null) {
                    error(k.pos, "multiple defaults (first at " + c.program.sources.format(first.pos) + ")");
                } else {
                    first = k;
                }
            }
            c.openScope();
            if (k.comm != null) {
                if (!communicates(k.comm)) {
                    error(k.comm.start(), "select case must be send or receive (possibly with assignment)");
                }
                c.stmts.stmt(k.comm);
            }
            c.stmts.list(k.body);
            c.closeScope();
        }
    }

    private static boolean communicates(Stmt s) {
        Expr e = null;
        switch (s.kind) {
            case SEND -> {
                return true;
            }
            case EXPR -> e = ((Stmt.ExprStmt) s).x;
            case ASSIGN -> {
                Stmt.Assign a = (Stmt.Assign) s;
                e = a.op == null && a.rhs.length == 1 ? a.rhs[0] : null;
            }
            default -> {}
        }
        while (e != null && e.kind == Expr.Kind.PAREN) {
            e = ((Expr.Paren) e).x;
        }
        return e != null && e.kind == Expr.Kind.UNARY && ((Expr.Unary) e).op == Operator.RECV;
    }
}
