// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Constant;
import mica.types.Type;
import mica.types.Var;

/** Expression switches and type switches. */
final class SwitchBuilder {
    /** Integer switches with at least this many constant cases are searched by halves. */
    private static final int MIN_SEARCH = 6;

    private final FuncBuilder b;

    SwitchBuilder(FuncBuilder b) {
        this.b = b;
    }

    // Expression switches.

    void expression(Stmt.Switch s) {
        b.stmts.stmt(s.init);
        Operand tag = null;
        if (s.tag != null) {
            Type t = b.type(s.tag);
            b.order.ahead(s.tag);
            tag = b.stable(b.exprs.expr(s.tag, GoTypes.isUntyped(t) ? GoTypes.defaultType(t) : null));
        }
        int n = s.clauses.length;
        Block[] bodies = new Block[n];
        Block done = b.newBlock();
        Block otherwise = done;
        for (int i = 0; i < n; i++) {
            bodies[i] = b.newBlock();
            if (s.clauses[i].isDefault) {
                otherwise = bodies[i];
            }
        }
        if (s.tag != null && s.tag.constant != null && allConstant(s)) {
            b.jump(chosen((Constant) s.tag.constant, s, bodies, otherwise));
            b.startDead();
            b.jump(otherwise);
        } else if (!searched(s, tag, bodies, otherwise)) {
            for (int i = 0; i < n; i++) {
                for (Expr c : s.clauses[i].cases) {
                    test(tag, c, bodies[i]);
                }
            }
            b.jump(otherwise);
        }
        b.stmts.enter(s, done, null);
        for (int i = 0; i < n; i++) {
            b.start(bodies[i]);
            Block old = b.stmts.setFallthrough(i + 1 < n ? bodies[i + 1] : null);
            // Predecessors: the tests, and a fallthrough of the clause before, which is built already.
            b.seal(bodies[i]);
            b.stmts.list(s.clauses[i].body);
            b.stmts.setFallthrough(old);
            b.jump(done);
        }
        b.stmts.leave(s);
        b.startSealed(done);
    }

    private static boolean allConstant(Stmt.Switch s) {
        for (Stmt.CaseClause c : s.clauses) {
            for (Expr e : c.cases) {
                if (e.constant == null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Where a switch over a constant goes when its cases are constants, too. */
    private static Block chosen(Constant tag, Stmt.Switch s, Block[] bodies, Block otherwise) {
        for (int i = 0; i < s.clauses.length; i++) {
            for (Expr e : s.clauses[i].cases) {
                if (Constant.compare(mica.syntax.Operator.EQL, tag, (Constant) e.constant)) {
                    return bodies[i];
                }
            }
        }
        return otherwise;
    }

    private void test(Operand tag, Expr c, Block body) {
        b.pos = c.pos;
        Block next = b.newBlock();
        if (tag == null) {
            b.exprs.condition(c, body, next);
        } else {
            b.order.ahead(c);
            b.branch(matches(tag, c), body, next, 0);
        }
        b.startSealed(next);
    }

    private Value matches(Operand tag, Expr c) {
        if (ExprBuilder.isNil(c)) {
            return b.compare(Op.EQ, tag.v(), b.nil());
        }
        Type ct = b.type(c);
        boolean ti = GoTypes.isInterface(tag.type);
        if (c.constant == null && !GoTypes.isUntyped(ct) && GoTypes.isInterface(ct) != ti) {
            Operand x = b.exprs.expr(c);
            b.pos = c.pos;
            return ti ? b.equal.mixed(tag, x) : b.equal.mixed(x, tag);
        }
        if (ti && !GoTypes.isInterface(ct)) {
            Operand x = b.exprs.expr(c, GoTypes.isUntyped(ct) ? GoTypes.defaultType(ct) : null);
            b.pos = c.pos;
            return b.equal.mixed(tag, x);
        }
        Operand x = b.exprs.expr(c, tag.type);
        b.pos = c.pos;
        return b.equal.equal(tag, x);
    }

    /** A switch over integers whose cases are all constant, as a binary search; false if it is none. */
    private boolean searched(Stmt.Switch s, Operand tag, Block[] bodies, Block otherwise) {
        if (tag == null || !GoTypes.isInteger(tag.type)) {
            return false;
        }
        boolean unsigned = GoTypes.isUnsigned(tag.type);
        List<long[]> cases = new ArrayList<>();
        java.util.HashSet<Long> seen = new java.util.HashSet<>();
        for (int i = 0; i < s.clauses.length; i++) {
            for (Expr c : s.clauses[i].cases) {
                if (c.constant == null) {
                    return false;
                }
                long v = ((Constant) c.constant).toInt().bigValue().longValue();
                if (seen.add(v)) {
                    cases.add(new long[] {v, i});
                }
            }
        }
        if (cases.size() < MIN_SEARCH) {
            return false;
        }
        cases.sort(unsigned ? (x, y) -> Long.compareUnsigned(x[0], y[0]) : Comparator.comparingLong(x -> x[0]));
        b.pos = s.pos;
        search(cases, 0, cases.size(), tag.v(), unsigned, bodies, otherwise);
        return true;
    }

    private void search(List<long[]> cases, int lo, int hi, Value tag, boolean unsigned, Block[] bodies, Block otherwise) {
        MType m = tag.type;
        if (hi - lo <= 3) {
            for (int i = lo; i < hi; i++) {
                Block next = b.newBlock();
                b.branch(b.compare(Op.EQ, tag, b.constant(m, Ssa.wrap(m, cases.get(i)[0]))), bodies[(int) cases.get(i)[1]], next, 0);
                b.startSealed(next);
            }
            b.jump(otherwise);
            return;
        }
        int mid = (lo + hi) / 2;
        Block low = b.newBlock();
        Block high = b.newBlock();
        Value pivot = b.constant(m, Ssa.wrap(m, cases.get(mid)[0]));
        b.branch(b.compare(unsigned ? Op.ULT : Op.LT, tag, pivot), low, high, 0);
        b.startSealed(low);
        search(cases, lo, mid, tag, unsigned, bodies, otherwise);
        b.startSealed(high);
        search(cases, mid, hi, tag, unsigned, bodies, otherwise);
    }

    // Type switches.

    void type(Stmt.TypeSwitch s) {
        b.stmts.stmt(s.init);
        b.order.ahead(s.x);
        Operand x = b.exprs.expr(s.x);
        b.pos = s.guardPos;
        Value word = b.ifaces.typeOf(x);
        int n = s.clauses.length;
        Block done = b.newBlock();
        Block[] bodies = new Block[n];
        int[] tabs = new int[n];
        int otherwise = -1;
        for (int i = 0; i < n; i++) {
            bodies[i] = b.newBlock();
            tabs[i] = -1;
            if (s.clauses[i].isDefault) {
                otherwise = i;
            }
        }
        for (int i = 0; i < n; i++) {
            for (Expr c : s.clauses[i].cases) {
                b.pos = c.pos;
                Block next = b.newBlock();
                Value is;
                if (ExprBuilder.isNil(c)) {
                    is = b.compare(Op.EQ, word, b.nil());
                } else {
                    Type t = b.env.apply((Type) c.type);
                    if (GoTypes.isInterface(t)) {
                        is = implementsTest(word, t, s.clauses[i], tabs, i);
                    } else {
                        is = b.compare(Op.EQ, word, b.typeWord(t));
                    }
                }
                b.branch(is, bodies[i], next, 0);
                b.startSealed(next);
            }
        }
        b.jump(otherwise >= 0 ? bodies[otherwise] : done);
        b.stmts.enter(s, done, null);
        for (int i = 0; i < n; i++) {
            Stmt.CaseClause c = s.clauses[i];
            b.startSealed(bodies[i]);
            if (c.implicit instanceof Var v) {
                b.pos = c.pos;
                b.declare(v, clauseValue(c, x, word, tabs[i]));
            }
            b.stmts.list(c.body);
            b.jump(done);
        }
        b.stmts.leave(s);
        b.startSealed(done);
    }

    private Value implementsTest(Value word, Type t, Stmt.CaseClause c, int[] tabs, int i) {
        if (GoTypes.isEface(t)) {
            return b.compare(Op.NE, word, b.nil());
        }
        int tab = b.newVar(MType.PTR);
        b.write(tab, b.nil());
        Block some = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.NE, word, b.nil()), some, done, 1);
        b.startSealed(some);
        b.write(tab, b.rt1("assertE2I2", b.typeWord(t), word));
        b.jump(done);
        b.startSealed(done);
        if (c.cases.length == 1) {
            tabs[i] = tab;
        }
        return b.compare(Op.NE, b.read(tab), b.nil());
    }

    /** The value of the clause's variable: of the case's type if there is exactly one, else the interface itself. */
    private Operand clauseValue(Stmt.CaseClause c, Operand x, Value word, int tab) {
        if (c.cases.length != 1 || ExprBuilder.isNil(c.cases[0])) {
            return x;
        }
        Type t = b.env.apply((Type) c.cases[0].type);
        if (!GoTypes.isInterface(t)) {
            return b.ifaces.unbox(t, x.parts[1]);
        }
        return Operand.of(t, GoTypes.isEface(t) ? word : b.read(tab), x.parts[1]);
    }

}
