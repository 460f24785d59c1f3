// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;

/** Statements; switches, selects and loops are in {@link Switches} and {@link Loops}. Labels and branches are checked by the parser. */
final class Stmts extends Part {
    Stmts(Checker c) {
        super(c);
    }

    void list(Stmt[] stmts) {
        for (Stmt s : stmts) {
            stmt(s);
        }
    }

    void block(Stmt.Block b) {
        c.openScope();
        list(b.stmts);
        c.closeScope();
    }

    void stmt(Stmt s) {
        switch (s.kind) {
            case BAD, EMPTY, BRANCH -> {}
            case EXPR -> expression((Stmt.ExprStmt) s);
            case SEND -> send((Stmt.Send) s);
            case INC_DEC -> incDec((Stmt.IncDec) s);
            case ASSIGN -> assign((Stmt.Assign) s);
            case GO -> c.calls.goDefer(((Stmt.Go) s).call, "go");
            case DEFER -> {
                c.bodies.noteDefer();
                c.calls.goDefer(((Stmt.Defer) s).call, "defer");
            }
            case RETURN -> returns((Stmt.Return) s);
            case BLOCK -> block((Stmt.Block) s);
            case IF -> ifStmt((Stmt.If) s);
            case SWITCH -> c.switches.expressionSwitch((Stmt.Switch) s);
            case TYPE_SWITCH -> c.switches.typeSwitch((Stmt.TypeSwitch) s);
            case SELECT -> c.switches.select((Stmt.Select) s);
            case FOR -> c.loops.forLoop((Stmt.For) s);
            case RANGE -> c.loops.range((Stmt.Range) s);
            case LABELED -> stmt(((Stmt.Labeled) s).stmt);
            case DECL -> declarations((Stmt.DeclStmt) s);
            case CASE_CLAUSE, COMM_CLAUSE -> throw new mica.base.Fault("types", "clause outside its statement");
        }
        c.drain();
    }

    private void declarations(Stmt.DeclStmt s) {
        for (Decl d : s.decls) {
            c.decls.local(d);
        }
    }

    private void expression(Stmt.ExprStmt s) {
        Operand x = new Operand();
        if (!c.exprs.statement(x, s.x) && x.ok()) {
            String text = x.mode == Mode.BUILTIN ? text(s.x) + " (built-in) must be called"
                    : x.mode == Mode.TYPE ? text(s.x) + " (type) is not an expression" : describe(x) + " is not used";
            error(x, text);
        }
    }

    private void send(Stmt.Send s) {
        Operand ch = new Operand();
        Operand val = new Operand();
        c.exprs.expr(ch, s.chan);
        Type elem = ch.ok() && TypeSets.commonUnder(ch.type, null) instanceof Chan known ? known.elem : null;
        c.exprs.exprFor(val, s.value, elem, "channel element");
        if (!ch.ok() || !val.ok()) {
            return;
        }
        Type to = c.operations.channelElem(Places.start(s.chan), ch, false);
        if (to != null) {
            c.assignments.assignable(val, to, "send");
        }
    }

    private void incDec(Stmt.IncDec s) {
        Operand x = new Operand();
        c.exprs.expr(x, s.x);
        if (!x.ok()) {
            return;
        }
        if (!Predicates.allNumeric(x.type)) {
            error(s.x, "invalid operation: " + text(s.x) + (s.inc ? "++" : "--") + " (non-numeric type " + name(x.type) + ")");
            return;
        }
        c.assignments.assignOp(s.x, x, null, s.inc ? Operator.ADD : Operator.SUB, s.pos);
    }

    private void assign(Stmt.Assign s) {
        if (s.op != null) {
            if (s.lhs.length != 1 || s.rhs.length != 1) {
                error(s.pos, "assignment operation " + s.op.text + "= requires single-valued expressions");
                return;
            }
            c.assignments.assignOp(s.lhs[0], null, s.rhs[0], s.op, s.pos);
        } else if (s.define) {
            c.assignments.define(s.lhs, s.rhs, s.pos);
        } else {
            c.assignments.assign(s.lhs, s.rhs, s.pos);
        }
    }

    private void returns(Stmt.Return s) {
        Var[] results = c.env.sig.results.vars;
        if (s.results.length > 0 || results.length > 0 && results[0].name.isEmpty()) {
            c.assignments.returns(results, s.results, s);
            return;
        }
        for (Var r : results) {
            if (r.name.equals("_") || r.name.isEmpty()) {
                continue;
            }
            Obj alt = c.lookup(r.name);
            if (alt != r && alt != null) {
                error(s.pos, "result parameter " + r.name + " not in scope at return\n\t" + c.program.sources.format(alt.pos)
                        + ": inner declaration of " + objectText(alt));
            }
        }
        for (Var r : results) {
            c.bodies.mention(r);
        }
    }

    private String objectText(Obj o) {
        String what = switch (o.kind()) {
            case VAR -> "var ";
            case CONST -> "const ";
            case TYPE_NAME -> "type ";
            case FUNC -> "func ";
            default -> "";
        };
        return what + o.name + (o.type == null ? "" : " " + name(o.type));
    }

    private void ifStmt(Stmt.If s) {
        c.openScope();
        if (s.init != null) {
            stmt(s.init);
        }
        condition(s.cond, "if");
        block(s.then);
        if (s.otherwise != null) {
            stmt(s.otherwise);
        }
        c.closeScope();
    }

    /** A condition of an if or for statement. */
    void condition(Expr cond, String where) {
        if (cond == null) {
            return;
        }
        Operand x = new Operand();
        c.exprs.expr(x, cond);
        if (x.ok() && !Predicates.allBoolean(x.type)) {
            error(cond, "non-boolean condition in " + where + " statement");
        } else if (x.ok()) {
            c.untyped.defaultType(x);
        }
    }
}
