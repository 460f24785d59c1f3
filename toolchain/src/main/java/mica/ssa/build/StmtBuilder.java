// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.IdentityHashMap;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.Value;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Constant;
import mica.types.Signature;
import mica.types.Type;
import mica.types.Var;

/** Statements. */
final class StmtBuilder {
    /** Where break and continue of an enclosing statement lead. */
    private static final class Targets {
        final Block breakTo;
        final Block continueTo;

        Targets(Block breakTo, Block continueTo) {
            this.breakTo = breakTo;
            this.continueTo = continueTo;
        }
    }

    private final FuncBuilder b;
    private final IdentityHashMap<Stmt, Targets> targets = new IdentityHashMap<>();
    private final IdentityHashMap<Stmt, Block> labels = new IdentityHashMap<>();
    private Block fallthroughTo;
    /** Enclosing loops inside this function. */
    int loopDepth;

    StmtBuilder(FuncBuilder b) {
        this.b = b;
    }

    void block(Stmt.Block s) {
        list(s.stmts);
    }

    void list(Stmt[] list) {
        for (Stmt s : list) {
            stmt(s);
        }
    }

    /** Called once the whole body is built: all jumps to labels are known. */
    void sealLabels() {
        for (Block l : labels.values()) {
            b.seal(l);
        }
    }

    void stmt(Stmt s) {
        if (s == null) {
            return;
        }
        b.pos = s.pos;
        switch (s.kind) {
            case EMPTY:
                break;
            case EXPR:
                b.exprs.discard(((Stmt.ExprStmt) s).x);
                break;
            case SEND:
                b.chans.send((Stmt.Send) s);
                break;
            case INC_DEC:
                b.assigns.incDec((Stmt.IncDec) s);
                break;
            case ASSIGN:
                b.assigns.assign((Stmt.Assign) s);
                break;
            case GO:
                b.defers.go((Stmt.Go) s);
                break;
            case DEFER:
                b.defers.defer((Stmt.Defer) s);
                break;
            case RETURN:
                returns((Stmt.Return) s);
                break;
            case BRANCH:
                branch((Stmt.Branch) s);
                break;
            case BLOCK:
                block((Stmt.Block) s);
                break;
            case IF:
                ifs((Stmt.If) s);
                break;
            case SWITCH:
                b.switches.expression((Stmt.Switch) s);
                break;
            case TYPE_SWITCH:
                b.switches.type((Stmt.TypeSwitch) s);
                break;
            case SELECT:
                b.chans.select((Stmt.Select) s);
                break;
            case FOR:
                loop((Stmt.For) s);
                break;
            case RANGE:
                b.ranges.range((Stmt.Range) s);
                break;
            case LABELED:
                labeled((Stmt.Labeled) s);
                break;
            case DECL:
                for (Decl d : ((Stmt.DeclStmt) s).decls) {
                    if (d instanceof Decl.Var v) {
                        b.assigns.declare(v);
                    }
                }
                break;
            default:
                throw b.unsupported("statement of kind " + s.kind);
        }
    }

    private void ifs(Stmt.If s) {
        stmt(s.init);
        Expr c = s.cond.unparen();
        if (c.constant != null) {
            // Code that a constant switches off is not even built: it may need what the program does not have.
            if (((Constant) c.constant).boolValue()) {
                block(s.then);
            } else {
                stmt(s.otherwise);
            }
            return;
        }
        Block yes = b.newBlock();
        Block no = s.otherwise == null ? null : b.newBlock();
        Block done = b.newBlock();
        b.exprs.condition(s.cond, yes, no == null ? done : no);
        b.startSealed(yes);
        block(s.then);
        b.jump(done);
        if (no != null) {
            b.startSealed(no);
            stmt(s.otherwise);
            b.jump(done);
        }
        b.startSealed(done);
    }

    // Loops and jumps.

    void enter(Stmt s, Block breakTo, Block continueTo) {
        targets.put(s, new Targets(breakTo, continueTo));
        if (continueTo != null) {
            loopDepth++;
        }
    }

    void leave(Stmt s) {
        if (targets.remove(s).continueTo != null) {
            loopDepth--;
        }
    }

    private void loop(Stmt.For s) {
        stmt(s.init);
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        if (s.cond != null) {
            b.exprs.condition(s.cond, body, done);
        } else {
            b.jump(body);
        }
        b.startSealed(body);
        enter(s, done, next);
        block(s.body);
        leave(s);
        b.jump(next);
        b.startSealed(next);
        if (s.init instanceof Stmt.Assign a && a.define && !b.runtimeRules && b.c.perIterationLoops(b.fn, s.pos)) {
            freshVariables(a);
        }
        stmt(s.post);
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }

    /**
     * Each iteration has its own copy of the loop's variables: those in memory move to new memory before the post statement. Not so
     * under runtime rules, where nothing outlives an iteration and all variables stay in the frame.
     */
    private void freshVariables(Stmt.Assign init) {
        for (Expr l : init.lhs) {
            if (!(l instanceof Expr.Name n) || !(n.obj instanceof Var v) || v.pos != n.pos || b.localOrNull(v) == null) {
                continue;
            }
            Local local = b.local(v);
            if (local.storage != Local.Storage.REF || !v.captured && !v.addrTaken) {
                continue;
            }
            Value old = b.read(local.ssa);
            Value fresh = b.alloc(Alloc.Kind.VARIABLE, v.name, local.type, false);
            if (b.notes != null) {
                b.notes.variable(v, fresh);
            }
            b.storeTo(fresh, b.loadFrom(local.type, old));
            b.write(local.ssa, fresh);
        }
    }

    private void labeled(Stmt.Labeled s) {
        if (b.facts.gotoTargets.contains(s)) {
            Block l = label(s);
            b.jump(l);
            b.start(l);
        }
        stmt(s.stmt);
    }

    private Block label(Stmt s) {
        Block l = labels.get(s);
        if (l == null) {
            l = b.newBlock();
            labels.put(s, l);
        }
        return l;
    }

    private void branch(Stmt.Branch s) {
        if (s.jump == Stmt.Jump.FALLTHROUGH) {
            b.jump(fallthroughTo);
        } else {
            jump(s);
        }
        b.startDead();
    }

    /** Jumps as a break, continue or goto statement says, perhaps out of a range-over-func body. */
    void jump(Stmt.Branch s) {
        if (s.jump == Stmt.Jump.GOTO) {
            if (!isOwn(s)) {
                b.ranges.over.exit(s);
            } else {
                b.jump(label(s.target));
            }
            return;
        }
        Targets t = targets.get(s.target);
        if (t == null) {
            b.ranges.over.exit(s);
            return;
        }
        b.jump(s.jump == Stmt.Jump.BREAK ? t.breakTo : t.continueTo);
    }

    /** Whether the branch ends in this function (and not in one around a range-over-func body). */
    boolean isOwn(Stmt.Branch s) {
        if (s.jump == Stmt.Jump.GOTO) {
            return b.facts.owner(s.target) == b.facts;
        }
        return targets.containsKey(s.target);
    }

    Block setFallthrough(Block to) {
        Block old = fallthroughTo;
        fallthroughTo = to;
        return old;
    }

    // Return.

    private void returns(Stmt.Return s) {
        if (b.facts.isRangeBody()) {
            b.ranges.over.returns(s);
            return;
        }
        Signature sig = b.fn.declaredSignature();
        int n = sig.results.size();
        if (n > 0 && s.results.length > 0) {
            Operand[] values = resultValues(s, b.fn.results);
            b.pos = s.pos;
            if (!b.keepsResults()) {
                b.emitReturn(values);
                return;
            }
            for (int i = 0; i < n; i++) {
                b.writeLocal(b.results[i], values[i]);
            }
        }
        b.pos = s.pos;
        b.returnResults();
    }

    /** The operands of a return statement, as the types of the results. */
    Operand[] resultValues(Stmt.Return s, Type[] types) {
        int n = types.length;
        if (s.results.length == 1 && n > 1) {
            Operand[] values = b.exprs.multi(s.results[0]);
            for (int i = 0; i < n; i++) {
                values[i] = b.conv.implicit(values[i], types[i]);
            }
            return values;
        }
        b.order.ahead(s.results);
        Operand[] values = new Operand[n];
        for (int i = 0; i < n; i++) {
            values[i] = b.exprs.expr(s.results[i], types[i]);
            if (n > 1) {
                values[i] = b.stable(values[i]);
            }
        }
        return values;
    }
}
