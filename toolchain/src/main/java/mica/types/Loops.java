// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Stmt;

/** for statements, with and without range. */
final class Loops extends Part {
    Loops(Checker c) {
        super(c);
    }

    void forLoop(Stmt.For s) {
        c.openScope();
        if (s.init != null) {
            c.stmts.stmt(s.init);
        }
        c.stmts.condition(s.cond, "for");
        if (s.post != null) {
            if (s.post.kind == Stmt.Kind.ASSIGN && ((Stmt.Assign) s.post).define) {
                error(s.post.pos, "cannot declare in post statement");
                // Check the expressions all the same, but keep the variables apart.
                c.openScope();
                c.stmts.stmt(s.post);
                c.closeScope();
            } else {
                c.stmts.stmt(s.post);
            }
        }
        c.stmts.block(s.body);
        c.closeScope();
    }

    /** What a range clause yields. */
    private static final class Yield {
        Type key;
        Type value;
        String cause = "";
        boolean ok = true;
        boolean isFunc;
        boolean isInt;

        static Yield bad(String cause) {
            Yield y = new Yield();
            y.ok = false;
            y.cause = cause;
            return y;
        }

        static Yield of(Type key, Type value) {
            Yield y = new Yield();
            y.key = key;
            y.value = value;
            return y;
        }
    }

    void range(Stmt.Range s) {
        c.openScope();
        Operand x = new Operand();
        c.exprs.expr(x, s.x);
        Yield y = null;
        if (x.ok()) {
            y = rangeOver(x, s);
            if (!y.ok) {
                error(x, "cannot range over " + describe(x) + (y.cause.isEmpty() ? "" : ": " + y.cause));
            } else {
                variablesFit(s, x, y);
            }
        }
        boolean ok = y != null && y.ok;
        if (ok) {
            s.overType = x.type;
            s.keyType = y.key;
            s.valueType = y.value;
        }
        BodyInfo saved = c.env.body;
        if (ok && y.isFunc) {
            BodyInfo info = new BodyInfo(s, saved);
            s.info = info;
            if (s.define) {
                c.env.body = info;
            }
        }
        if (s.define) {
            define(s, x, ok ? y : null);
        } else {
            assign(s, x, ok ? y : null);
        }
        if (ok && y.isInt) {
            if (s.lhs.length == 0) {
                c.assignments.assignable(x, null, "range clause");
            }
            s.overType = x.type;
            s.keyType = x.type;
        }
        if (ok && y.isFunc) {
            c.env.body = (BodyInfo) s.info;
        }
        c.stmts.block(s.body);
        c.env.body = saved;
        c.closeScope();
    }

    private void variablesFit(Stmt.Range s, Operand x, Yield y) {
        if (s.lhs.length > 0 && y.key == null) {
            error(s.lhs[0], "range over " + describe(x) + " permits no iteration variables");
        } else if (s.lhs.length > 1 && y.value == null) {
            error(s.lhs[1], "range over " + describe(x) + " permits only one iteration variable");
        } else if (s.lhs.length > 2) {
            error(s.lhs[2], "range clause permits at most two iteration variables");
        }
    }

    private Yield rangeOver(Operand x, Stmt.Range s) {
        Type u = Alias.strip(x.type).underlying();
        if (u instanceof Basic b && Predicates.isInteger(b)) {
            if (!c.allowVersion(22)) {
                return Yield.bad("requires go1.22 or later" + c.versionReason());
            }
            return integer(x);
        }
        Cause cause = c.cause();
        Type common = TypeSets.commonUnder(x.type, cause,
                (t, tu) -> tu instanceof Chan ch && ch.dir == Chan.SEND ? "receive from send-only channel " + name(t) : null);
        if (common == null) {
            return Yield.bad(cause.text);
        }
        return switch (common.kind()) {
            case BASIC -> basic(x, common, s);
            case POINTER -> ((Pointer) common).elem.underlying() instanceof Array a ? Yield.of(Universe.INT, a.elem) : Yield.bad("");
            case ARRAY -> Yield.of(Universe.INT, ((Array) common).elem);
            case SLICE -> Yield.of(Universe.INT, ((Slice) common).elem);
            case MAP -> Yield.of(((MapType) common).key, ((MapType) common).elem);
            case CHAN -> Yield.of(((Chan) common).elem, null);
            case SIGNATURE -> function((Signature) common);
            default -> Yield.bad("");
        };
    }

    private Yield basic(Operand x, Type u, Stmt.Range s) {
        if (Predicates.isString(u)) {
            c.untyped.defaultType(x);
            return Yield.of(Universe.INT, Universe.RUNE);
        }
        if (Predicates.isInteger(u)) {
            return c.allowVersion(22) ? integer(x) : Yield.bad("requires go1.22 or later" + c.versionReason());
        }
        return Yield.bad("");
    }

    /** range n: n is assigned to the variable, if there is one. */
    private static Yield integer(Operand x) {
        Yield y = Yield.of(x.type, null);
        y.isInt = true;
        return y;
    }

    private Yield function(Signature f) {
        if (!c.allowVersion(23)) {
            return Yield.bad("requires go1.23 or later" + c.versionReason());
        }
        if (f.params.size() != 1) {
            return Yield.bad("func must be func(yield func(...) bool): wrong argument count");
        }
        if (f.results.size() != 0) {
            return Yield.bad("func must be func(yield func(...) bool): unexpected results");
        }
        Type arg = f.params.vars[0].type;
        Cause cause = c.cause();
        Type common = TypeSets.commonUnder(arg, cause);
        if (!(common instanceof Signature yield)) {
            return Yield.bad("func must be func(yield func(...) bool): " + (common == null ? "in yield type, " + cause.text : "argument is not func"));
        }
        if (yield.params.size() > 2) {
            return Yield.bad("func must be func(yield func(...) bool): yield func has too many parameters");
        }
        if (yield.results.size() != 1 || !Predicates.identical(yield.results.vars[0].type, Universe.BOOL)) {
            boolean own = yield.results.size() == 1 && Predicates.isBoolean(yield.results.vars[0].type);
            return Yield.bad("func must be func(yield func(...) bool): yield func " + (own ? "returns user-defined boolean, not bool" : "does not return bool"));
        }
        if (yield.variadic) {
            return Yield.bad("yield func of type " + name(yield) + " cannot be variadic");
        }
        Yield y = Yield.of(yield.params.size() > 0 ? yield.params.vars[0].type : null, yield.params.size() > 1 ? yield.params.vars[1].type : null);
        y.isFunc = true;
        return y;
    }

    private void define(Stmt.Range s, Operand x, Yield y) {
        Var[] vars = new Var[s.lhs.length];
        for (int i = 0; i < s.lhs.length && i < 2; i++) {
            Type t = y == null ? Universe.INVALID : i == 0 ? y.key : y.value;
            if (!(s.lhs[i] instanceof Expr.Name id)) {
                error(s.lhs[i], "non-name " + text(s.lhs[i]) + " on left side of :=");
                continue;
            }
            Var v = new Var(id.name, c.pkg, id.pos, t == null ? Universe.INVALID : y != null && y.isInt ? null : t, Var.Role.LOCAL);
            if (v.type == null) {
                c.assignments.initVar(v, x, "range clause");
            }
            if (y == null || t == null) {
                v.used = true;
            }
            id.obj = v;
            id.type = v.type;
            id.mode = Mode.VARIABLE;
            vars[i] = v;
        }
        for (int i = 0; i < vars.length; i++) {
            if (vars[i] != null) {
                c.bodies.declareLocal((Expr.Name) s.lhs[i], vars[i]);
            }
        }
    }

    private void assign(Stmt.Range s, Operand x, Yield y) {
        for (int i = 0; i < s.lhs.length && i < 2; i++) {
            Type t = y == null ? null : i == 0 ? y.key : y.value;
            if (t == null) {
                c.assignments.useLhs(s.lhs[i]);
                continue;
            }
            if (!y.isInt) {
                c.assignments.assignVar(s.lhs[i], new Operand(Mode.VALUE, t, s.lhs[i]), "assignment");
                continue;
            }
            c.assignments.assignVar(s.lhs[i], x, "range clause");
            if (x.ok() && !Predicates.allInteger(x.type)) {
                error(s.lhs[i], "cannot use iteration variable of type " + name(x.type));
            }
        }
    }
}
