// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Block;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Chan;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/** Channel operations and select. */
final class ChanBuilder {
    /** runtime.scase: {c *hchan, elem unsafe.Pointer}. */
    private static final int SCASE = 16;

    private final FuncBuilder b;

    ChanBuilder(FuncBuilder b) {
        this.b = b;
    }

    void send(Stmt.Send s) {
        b.order.ahead(s.chan, s.value);
        Value ch = b.exprs.value(s.chan);
        Operand x = b.exprs.expr(s.value, ((Chan) GoTypes.under(b.type(s.chan))).elem);
        b.pos = s.pos;
        b.rt("chansend1", ch, b.spill(x));
    }

    Operand receive(Type elem, Value ch) {
        Value p = b.layout(elem).isZeroSize() ? b.nil() : b.zeroedTemp(elem);
        b.rt("chanrecv1", ch, p);
        return b.layout(elem).isZeroSize() ? b.zero(elem) : b.loadFrom(elem, p);
    }

    Operand[] receive2(Type elem, Value ch) {
        Value p = b.layout(elem).isZeroSize() ? b.nil() : b.zeroedTemp(elem);
        Value ok = b.rt1("chanrecv2", ch, p);
        Operand x = b.layout(elem).isZeroSize() ? b.zero(elem) : b.loadFrom(elem, p);
        return new Operand[] {x, Operand.of(Universe.BOOL, ok)};
    }

    // Select.

    /** One communication clause whose operands have been evaluated. */
    private static final class Case {
        final Stmt.CommClause clause;
        boolean send;
        Value ch;
        Type elem;
        /** Memory of the value to send, or for the value received; nil if it is not needed. */
        Value buffer;
        /** Position in the runtime's array. */
        int index;

        Case(Stmt.CommClause clause) {
            this.clause = clause;
        }
    }

    void select(Stmt.Select s) {
        int n = s.clauses.length;
        Stmt.CommClause defaultClause = null;
        for (Stmt.CommClause c : s.clauses) {
            if (c.comm == null) {
                defaultClause = c;
            }
        }
        int ops = defaultClause == null ? n : n - 1;
        Block done = b.newBlock();
        b.stmts.enter(s, done, null);
        if (ops == 0) {
            if (defaultClause == null) {
                b.rtNoReturn("block");
            } else {
                b.stmts.list(defaultClause.body);
            }
            b.jump(done);
        } else {
            Case[] cases = new Case[ops];
            int k = 0;
            for (Stmt.CommClause c : s.clauses) {
                if (c.comm != null) {
                    cases[k++] = evaluate(c);
                }
            }
            b.pos = s.pos;
            if (ops == 1) {
                single(cases[0], defaultClause, done);
            } else {
                many(cases, defaultClause, done);
            }
        }
        b.stmts.leave(s);
        b.startSealed(done);
    }

    private static Expr.Unary receiveOf(Stmt comm) {
        Expr e = comm instanceof Stmt.ExprStmt x ? x.x : ((Stmt.Assign) comm).rhs[0];
        return (Expr.Unary) e.unparen();
    }

    private Case evaluate(Stmt.CommClause clause) {
        Case c = new Case(clause);
        b.pos = clause.pos;
        if (clause.comm instanceof Stmt.Send s) {
            c.send = true;
            b.order.ahead(s.chan, s.value);
            c.ch = b.exprs.value(s.chan);
            c.elem = ((Chan) GoTypes.under(b.type(s.chan))).elem;
            Operand x = b.exprs.expr(s.value, c.elem);
            c.buffer = b.spill(x);
            if (x.isMemory()) {
                c.buffer = b.spill(b.stable(x));
            }
            return c;
        }
        Expr.Unary r = receiveOf(clause.comm);
        c.ch = b.exprs.value(r.x);
        c.elem = ((Chan) GoTypes.under(b.type(r.x))).elem;
        boolean wanted = clause.comm instanceof Stmt.Assign && !b.layout(c.elem).isZeroSize();
        c.buffer = wanted ? b.zeroedTemp(c.elem) : b.nil();
        return c;
    }

    private void single(Case c, Stmt.CommClause defaultClause, Block done) {
        Value ok = null;
        if (defaultClause == null) {
            if (c.send) {
                b.rt("chansend1", c.ch, c.buffer);
            } else {
                ok = b.rt1("chanrecv2", c.ch, c.buffer);
            }
            body(c, ok);
            b.jump(done);
            return;
        }
        Block yes = b.newBlock();
        Block no = b.newBlock();
        Value selected;
        if (c.send) {
            selected = b.rt1("selectnbsend", c.ch, c.buffer);
        } else {
            Value[] r = b.rt("selectnbrecv", c.buffer, c.ch);
            selected = r[0];
            ok = r[1];
        }
        b.branch(selected, yes, no, 0);
        b.startSealed(yes);
        body(c, ok);
        b.jump(done);
        b.startSealed(no);
        b.stmts.list(defaultClause.body);
        b.jump(done);
    }

    /** Sends stand first in the runtime's array, receives behind them. */
    private void many(Case[] cases, Stmt.CommClause defaultClause, Block done) {
        int n = cases.length;
        int sends = 0;
        for (Case c : cases) {
            if (c.send) {
                c.index = sends++;
            }
        }
        int at = sends;
        for (Case c : cases) {
            if (!c.send) {
                c.index = at++;
            }
        }
        byte[] mask = new byte[(2 * n + 7) / 8];
        java.util.Arrays.fill(mask, (byte) -1);
        Slot array = b.rawSlot(".cases", (long) n * SCASE, 8, mask);
        Slot order = b.rawSlot(".order", 4L * n, 2, null);
        Value p = b.slotAddress(array);
        for (Case c : cases) {
            b.store(p, (long) c.index * SCASE, c.ch);
            b.store(p, (long) c.index * SCASE + 8, c.buffer);
        }
        Value[] r = selectgo(p, b.slotAddress(order), sends, n - sends, defaultClause == null);
        if (defaultClause != null) {
            Block none = b.newBlock();
            Block some = b.newBlock();
            b.branch(b.compare(Op.LT, r[0], b.i64(0)), none, some, 0);
            b.startSealed(none);
            b.stmts.list(defaultClause.body);
            b.jump(done);
            b.startSealed(some);
        }
        for (int i = 0; i < n; i++) {
            Block next = b.newBlock();
            if (i < n - 1) {
                Block here = b.newBlock();
                b.branch(b.compare(Op.EQ, r[0], b.i64(cases[i].index)), here, next, 0);
                b.startSealed(here);
            }
            body(cases[i], r[1]);
            b.jump(done);
            b.startSealed(next);
        }
        b.jump(done);
    }

    private Value[] selectgo(Value cases, Value order, int sends, int receives, boolean block) {
        Fn f = b.c.runtimeFn("selectgo");
        if (f.abi().sig.args.length == 6) {
            return b.calls.direct(f, cases, order, b.nil(), b.i64(sends), b.i64(receives), b.bool(block));
        }
        return b.calls.direct(f, cases, order, b.i64(sends), b.i64(receives), b.bool(block));
    }

    /** The assignment of what was received, and the clause's statements. */
    private void body(Case c, Value ok) {
        if (c.clause.comm instanceof Stmt.Assign a) {
            b.pos = a.pos;
            Operand x = b.layout(c.elem).isZeroSize() ? b.zero(c.elem) : b.loadFrom(c.elem, c.buffer);
            bind(a.lhs[0], a.define, x);
            if (a.lhs.length > 1) {
                bind(a.lhs[1], a.define, Operand.of(Universe.BOOL, ok));
            }
        }
        b.stmts.list(c.clause.body);
    }

    private void bind(Expr lhs, boolean define, Operand x) {
        if (lhs instanceof Expr.Name n && n.isBlank()) {
            return;
        }
        if (AssignBuilder.isNew(lhs, define)) {
            Var v = (Var) ((Expr.Name) lhs).obj;
            b.declare(v, b.conv.implicit(x, b.env.apply(v.type)));
        } else {
            Place p = b.places.place(lhs);
            b.places.store(p, b.conv.implicit(x, p.type));
        }
    }
}
