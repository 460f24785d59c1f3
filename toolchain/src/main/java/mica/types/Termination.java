// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Stmt;

/**
 * Terminating statements, as the specification defines them. The body must have been checked: panic is known by what its name
 * denotes, and breaks by the targets that the parser found.
 */
public final class Termination {
    private Termination() {}

    /** Control cannot fall off the end of the statement. */
    public static boolean terminates(Stmt s) {
        return switch (s.kind) {
            case RETURN -> true;
            case BRANCH -> ((Stmt.Branch) s).jump == Stmt.Jump.GOTO;
            case EXPR -> isPanic(((Stmt.ExprStmt) s).x);
            case BLOCK -> list(((Stmt.Block) s).stmts);
            case IF -> {
                Stmt.If i = (Stmt.If) s;
                yield i.otherwise != null && terminates(i.then) && terminates(i.otherwise);
            }
            case FOR -> {
                Stmt.For f = (Stmt.For) s;
                yield f.cond == null && !breaks(f.body, f);
            }
            case SWITCH -> clauses(((Stmt.Switch) s).clauses, s);
            case TYPE_SWITCH -> clauses(((Stmt.TypeSwitch) s).clauses, s);
            case SELECT -> {
                for (Stmt.CommClause c : ((Stmt.Select) s).clauses) {
                    if (!list(c.body) || breaks(c.body, s)) {
                        yield false;
                    }
                }
                yield true;
            }
            case LABELED -> terminates(((Stmt.Labeled) s).stmt);
            default -> false;
        };
    }

    /** Trailing empty statements don't count. */
    private static boolean list(Stmt[] stmts) {
        int n = stmts.length;
        while (n > 0 && stmts[n - 1].kind == Stmt.Kind.EMPTY) {
            n--;
        }
        return n > 0 && terminates(stmts[n - 1]);
    }

    private static boolean isPanic(Expr x) {
        Expr e = x.unparen();
        return e instanceof Expr.Call c && c.fun.unparen() instanceof Expr.Name n && n.obj instanceof Builtin b
                && b.id == Builtin.Id.PANIC;
    }

    private static boolean clauses(Stmt.CaseClause[] clauses, Stmt whole) {
        boolean hasDefault = false;
        for (Stmt.CaseClause c : clauses) {
            hasDefault |= c.isDefault;
            if (!list(c.body) && !fallsThrough(c.body) || breaks(c.body, whole)) {
                return false;
            }
        }
        return hasDefault;
    }

    private static boolean fallsThrough(Stmt[] body) {
        int n = body.length;
        while (n > 0 && body[n - 1].kind == Stmt.Kind.EMPTY) {
            n--;
        }
        return n > 0 && body[n - 1] instanceof Stmt.Branch b && b.jump == Stmt.Jump.FALLTHROUGH;
    }

    private static boolean breaks(Stmt[] list, Stmt target) {
        for (Stmt s : list) {
            if (breaks(s, target)) {
                return true;
            }
        }
        return false;
    }

    /** A break inside s leaves the target. */
    private static boolean breaks(Stmt s, Stmt target) {
        if (s == null) {
            return false;
        }
        return switch (s.kind) {
            case BRANCH -> {
                Stmt.Branch b = (Stmt.Branch) s;
                yield b.jump == Stmt.Jump.BREAK && b.target == target;
            }
            case BLOCK -> breaks(((Stmt.Block) s).stmts, target);
            case IF -> breaks(((Stmt.If) s).then, target) || breaks(((Stmt.If) s).otherwise, target);
            case FOR -> breaks(((Stmt.For) s).body, target);
            case RANGE -> breaks(((Stmt.Range) s).body, target);
            case LABELED -> breaks(((Stmt.Labeled) s).stmt, target);
            case SWITCH -> inCases(((Stmt.Switch) s).clauses, target);
            case TYPE_SWITCH -> inCases(((Stmt.TypeSwitch) s).clauses, target);
            case SELECT -> {
                for (Stmt.CommClause c : ((Stmt.Select) s).clauses) {
                    if (breaks(c.body, target)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }

    private static boolean inCases(Stmt.CaseClause[] clauses, Stmt target) {
        for (Stmt.CaseClause c : clauses) {
            if (breaks(c.body, target)) {
                return true;
            }
        }
        return false;
    }
}
