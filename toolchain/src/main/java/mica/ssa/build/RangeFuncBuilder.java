// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.List;
import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Stmt;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/**
 * Range over a function: the loop's body becomes a func(k, v) bool that shares the variables of the function around it.
 *
 * <p>A hidden variable {@code state} per loop tells whether the body may be called ({@code internal/abi.RangeFuncState}). The body
 * returns true to go on. To leave the loop it sets the state to DONE and returns false; when it leaves for another place than
 * the loop's end it also sets the hidden variable {@code next} of the enclosing function: RETURN (the results are stored), or the
 * number of a jump. Behind the call the enclosing function looks at {@code next} and jumps; if it is a body itself and the target
 * is farther out, it returns false in its turn.
 */
final class RangeFuncBuilder {
    private static final long DONE = 0;
    private static final long READY = 1;
    private static final long PANIC = 2;
    private static final long EXHAUSTED = 3;
    private static final long MISSING_PANIC = 4;

    private final FuncBuilder b;

    RangeFuncBuilder(FuncBuilder b) {
        this.b = b;
    }

    // In the function around the loop.

    void range(Stmt.Range s) {
        FuncFacts body = b.facts.all.get(s);
        FuncFacts outer = b.facts.returning();
        Operand f = b.exprs.expr(s.x);
        b.pos = s.pos;
        b.declare(body.state, b.intOperand(READY));
        Fn fn = b.c.rangeBody(b.fn, s);
        Prepared p = new Prepared(Prepared.Kind.CLOSURE, s.pos);
        p.target = f;
        mica.types.Signature sig = (mica.types.Signature) GoTypes.under(f.type);
        p.params = Fn.types(sig.params);
        p.results = Fn.types(sig.results);
        p.args = new Operand[] {Operand.of(p.params[0], b.closures.closureOf(fn, false))};
        b.calls.emit(p);
        Block bad = b.newBlock();
        Block ok = b.newBlock();
        b.branch(b.compare(Op.EQ, get(body.state), b.i64(PANIC)), bad, ok, -1);
        b.startSealed(bad);
        b.rtNoReturn("panicrangestate", b.i64(MISSING_PANIC));
        b.startSealed(ok);
        set(body.state, EXHAUSTED);
        if (outer.returnsFromRange || !outer.exits.isEmpty()) {
            dispatch(outer);
        }
    }

    /** Goes where the body wants to go. */
    private void dispatch(FuncFacts outer) {
        Block left = b.newBlock();
        Block done = b.newBlock();
        Value next = get(outer.next);
        b.branch(b.compare(Op.EQ, next, b.i64(0)), done, left, 1);
        b.startSealed(left);
        boolean isBody = b.facts.isRangeBody();
        if (outer.returnsFromRange) {
            Block returns = b.newBlock();
            Block others = b.newBlock();
            b.branch(b.compare(Op.EQ, next, b.i64(FuncFacts.RETURN)), returns, others, 0);
            b.startSealed(returns);
            if (isBody) {
                leave();
            } else {
                b.returnResults();
            }
            b.startSealed(others);
        }
        List<Stmt.Branch> exits = outer.exits;
        for (int i = 0; i < exits.size(); i++) {
            Stmt.Branch e = exits.get(i);
            boolean ownLoop = isBody && e.target == b.facts.node;
            if (!ownLoop && !b.stmts.isOwn(e)) {
                continue;
            }
            Block here = b.newBlock();
            Block other = b.newBlock();
            b.branch(b.compare(Op.EQ, next, b.i64(i + 1)), here, other, 0);
            b.startSealed(here);
            set(outer.next, 0);
            if (ownLoop) {
                exit(e);
            } else {
                b.stmts.jump(e);
            }
            b.startDead();
            b.startSealed(other);
        }
        if (isBody) {
            leave();
        } else {
            b.rtNoReturn("panicrangestate", b.i64(MISSING_PANIC));
        }
        b.startSealed(done);
    }

    // In the body.

    /** The state check at the start of a body. */
    void enterBody(FuncFacts body) {
        Value state = get(body.state);
        Block bad = b.newBlock();
        Block ok = b.newBlock();
        b.branch(b.compare(Op.EQ, state, b.i64(READY)), ok, bad, 1);
        b.startSealed(bad);
        b.rtNoReturn("panicrangestate", state);
        b.startSealed(ok);
        set(body.state, PANIC);
    }

    /** The end of the body: the loop goes on. */
    void continueLoop() {
        set(b.facts.state, READY);
        b.emitReturn(new Operand[] {Operand.of(Universe.BOOL, b.bool(true))});
    }

    /** Returns false: the loop is left. */
    private void leave() {
        set(b.facts.state, DONE);
        b.emitReturn(new Operand[] {Operand.of(Universe.BOOL, b.bool(false))});
    }

    /** break, continue or goto whose target is not inside the body; afterwards no block is current. */
    void exit(Stmt.Branch s) {
        if (s.target == b.facts.node && s.jump == Stmt.Jump.CONTINUE) {
            continueLoop();
        } else {
            if (s.target != b.facts.node) {
                FuncFacts outer = b.facts.returning();
                set(outer.next, outer.exitNumber(s) + 1);
            }
            leave();
        }
        b.cur = null;
    }

    /** A return statement inside the body: stores the results of the enclosing function. */
    void returns(Stmt.Return s) {
        FuncFacts outer = b.facts.returning();
        Var[] vars = FactsWalker.signatureOf(outer).results.vars;
        if (s.results.length > 0) {
            Type[] types = new Type[vars.length];
            for (int i = 0; i < types.length; i++) {
                types[i] = b.env.apply(vars[i].type);
            }
            Operand[] values = b.stmts.resultValues(s, types);
            for (int i = 0; i < types.length; i++) {
                b.writeLocal(b.local(vars[i]), values[i]);
            }
        }
        b.pos = s.pos;
        set(outer.next, FuncFacts.RETURN);
        leave();
    }

    private Value get(Var v) {
        return b.load(MType.I64, b.addressOf(b.local(v)), 0);
    }

    private void set(Var v, long n) {
        b.store(b.addressOf(b.local(v)), 0, b.i64(n));
    }
}
