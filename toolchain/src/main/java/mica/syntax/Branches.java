// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mica.base.Diagnostics;

/**
 * Labels and branches of one function body (function literals inside have their own check): sets
 * {@link Stmt.Branch#target} and {@link Stmt.Labeled#used}, and reports what is wrong.
 */
final class Branches {
    /** A block on the way down; {@code start} is where messages say that it begins. */
    private static final class Scope {
        final Scope outer;
        final int start;

        Scope(Scope outer, int start) {
            this.outer = outer;
            this.start = start;
        }
    }

    private record Label(Stmt.Labeled stmt, Scope scope) {}

    private record Goto(Stmt.Branch stmt, Scope scope) {}

    private record Variable(Scope scope, int pos, String names) {}

    private final Diagnostics diags;
    /** Null as long as the body has neither label nor goto. */
    private Map<String, Label> labels;

    private List<Goto> gotos;
    private List<Variable> variables;
    private Stmt.Labeled[] enclosing = new Stmt.Labeled[4];
    private int depth;

    private Branches(Diagnostics diags) {
        this.diags = diags;
    }

    static void check(Stmt.Block body, Diagnostics diags) {
        Branches b = new Branches(diags);
        b.block(body.stmts, new Scope(null, body.pos), null, null, null, false);
        b.finish();
    }

    private void error(int pos, String message) {
        diags.error(pos, message);
    }

    private void finish() {
        if (gotos != null) {
            for (Goto g : gotos) {
                resolve(g);
            }
        }
        if (labels != null) {
            for (Label l : labels.values()) {
                if (!l.stmt.used) {
                    error(l.stmt.label.pos, "label " + l.stmt.label.name + " defined and not used");
                }
            }
        }
    }

    private void resolve(Goto g) {
        Label l = labels == null ? null : labels.get(g.stmt.label.name);
        if (l == null) {
            error(g.stmt.label.pos, "label " + g.stmt.label.name + " not defined");
            return;
        }
        l.stmt.used = true;
        g.stmt.target = l.stmt;
        Scope s = g.scope;
        while (s != null && s != l.scope) {
            s = s.outer;
        }
        String name = l.stmt.label.name;
        if (s == null) {
            error(
                    g.stmt.label.pos,
                    "goto " + name + " jumps into block starting at " + diags.sources.format(l.scope.start));
            return;
        }
        if (variables == null || g.stmt.pos > l.stmt.pos) {
            return;
        }
        for (int i = variables.size() - 1; i >= 0; i--) {
            Variable v = variables.get(i);
            if (v.scope == l.scope && v.pos > g.stmt.pos && v.pos < l.stmt.pos) {
                error(
                        g.stmt.label.pos,
                        "goto " + name + " jumps over declaration of " + v.names + " at " + diags.sources.format(v.pos));
                return;
            }
        }
    }

    /**
     * @param breakable what a plain break leaves, or null
     * @param loop what a plain continue continues, or null
     * @param clauseOf the switch of which this is a clause's body, or null
     * @param last whether it is the last clause
     */
    private void block(Stmt[] list, Scope scope, Stmt breakable, Stmt loop, Stmt clauseOf, boolean last) {
        int lastReal = list.length - 1;
        while (lastReal >= 0 && list[lastReal].kind == Stmt.Kind.EMPTY) {
            lastReal--;
        }
        for (int i = 0; i < list.length; i++) {
            Stmt s = list[i];
            int mark = depth;
            while (s.kind == Stmt.Kind.LABELED) {
                Stmt.Labeled l = (Stmt.Labeled) s;
                declare(l, scope);
                if (depth == enclosing.length) {
                    enclosing = java.util.Arrays.copyOf(enclosing, depth * 2);
                }
                enclosing[depth++] = l;
                s = l.stmt;
            }
            if (s.kind == Stmt.Kind.BRANCH && ((Stmt.Branch) s).jump == Stmt.Jump.FALLTHROUGH) {
                if (clauseOf == null || i != lastReal || clauseOf.kind == Stmt.Kind.SELECT) {
                    error(s.pos, "fallthrough statement out of place");
                } else if (clauseOf.kind == Stmt.Kind.TYPE_SWITCH) {
                    error(s.pos, "cannot fallthrough in type switch");
                } else if (last) {
                    error(s.pos, "cannot fallthrough final case in switch");
                }
            } else {
                statement(s, scope, breakable, loop);
            }
            depth = mark;
        }
    }

    private void declare(Stmt.Labeled l, Scope scope) {
        if (l.label.isBlank()) {
            return;
        }
        if (labels == null) {
            labels = new LinkedHashMap<>();
        }
        Label before = labels.putIfAbsent(l.label.name, new Label(l, scope));
        if (before != null) {
            error(
                    l.label.pos,
                    "label " + l.label.name + " already defined at " + diags.sources.format(before.stmt.label.pos));
        }
    }

    private void statement(Stmt s, Scope scope, Stmt breakable, Stmt loop) {
        switch (s.kind) {
            case BLOCK -> inner((Stmt.Block) s, scope, breakable, loop);
            case IF -> {
                Stmt.If f = (Stmt.If) s;
                inner(f.then, scope, breakable, loop);
                if (f.otherwise != null) {
                    statement(f.otherwise, scope, breakable, loop);
                }
            }
            case FOR -> inner(((Stmt.For) s).body, scope, s, s);
            case RANGE -> inner(((Stmt.Range) s).body, scope, s, s);
            case SWITCH -> clauses(((Stmt.Switch) s).clauses, s, scope, loop);
            case TYPE_SWITCH -> clauses(((Stmt.TypeSwitch) s).clauses, s, scope, loop);
            case SELECT -> {
                for (Stmt.CommClause c : ((Stmt.Select) s).clauses) {
                    block(c.body, new Scope(scope, c.pos), s, loop, s, false);
                }
            }
            case BRANCH -> branch((Stmt.Branch) s, scope, breakable, loop);
            case ASSIGN -> {
                Stmt.Assign a = (Stmt.Assign) s;
                if (a.define) {
                    variable(scope, a.pos, a.lhs);
                }
            }
            case DECL -> {
                for (Decl d : ((Stmt.DeclStmt) s).decls) {
                    if (d.kind == Decl.Kind.VAR) {
                        variable(scope, d.pos, ((Decl.Var) d).names);
                    }
                }
            }
            default -> {}
        }
    }

    private void variable(Scope scope, int pos, Expr[] names) {
        if (gotos == null) {
            return; // only what follows a goto can be jumped over
        }
        if (variables == null) {
            variables = new ArrayList<>();
        }
        variables.add(new Variable(scope, pos, ExprPrinter.print(names)));
    }

    private void inner(Stmt.Block b, Scope scope, Stmt breakable, Stmt loop) {
        block(b.stmts, new Scope(scope, b.pos), breakable, loop, null, false);
    }

    private void clauses(Stmt.CaseClause[] list, Stmt s, Scope scope, Stmt loop) {
        for (int i = 0; i < list.length; i++) {
            block(list[i].body, new Scope(scope, list[i].pos), s, loop, s, i == list.length - 1);
        }
    }

    private void branch(Stmt.Branch b, Scope scope, Stmt breakable, Stmt loop) {
        if (b.jump == Stmt.Jump.GOTO) {
            if (gotos == null) {
                gotos = new ArrayList<>();
            }
            gotos.add(new Goto(b, scope));
            return;
        }
        boolean isBreak = b.jump == Stmt.Jump.BREAK;
        if (b.label == null) {
            b.target = isBreak ? breakable : loop;
            if (b.target == null) {
                error(b.pos, isBreak ? "break is not in a loop, switch, or select" : "continue is not in a loop");
            }
            return;
        }
        for (int i = depth - 1; i >= 0; i--) {
            Stmt.Labeled l = enclosing[i];
            if (l.label.name.equals(b.label.name)) {
                l.used = true;
                Stmt t = l.stmt;
                switch (t.kind) {
                    case FOR, RANGE -> b.target = t;
                    case SWITCH, TYPE_SWITCH, SELECT -> b.target = isBreak ? t : null;
                    default -> {}
                }
                if (b.target == null) {
                    error(b.label.pos, "invalid " + b.jump.text + " label " + b.label.name);
                }
                return;
            }
        }
        Label known = labels == null ? null : labels.get(b.label.name);
        if (known != null) {
            known.stmt.used = true;
            error(b.label.pos, "invalid " + b.jump.text + " label " + b.label.name);
        } else {
            error(b.label.pos, b.jump.text + " label not defined: " + b.label.name);
        }
    }
}
