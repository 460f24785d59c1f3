// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Slot;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;

/**
 * go and defer: the call becomes a func() without arguments. A defer that runs at most once per call of its function has its
 * record on the stack; others are allocated by the runtime.
 */
final class DeferBuilder {
    private final FuncBuilder b;

    DeferBuilder(FuncBuilder b) {
        this.b = b;
    }

    void go(Stmt.Go s) {
        Value f = thunk((Expr.Call) s.call.unparen(), true, false);
        b.pos = s.pos;
        b.rt("newproc", f);
    }

    void defer(Stmt.Defer s) {
        boolean once = b.stmts.loopDepth == 0 && !b.facts.hasGoto && !b.facts.isRangeBody();
        Value f = thunk((Expr.Call) s.call.unparen(), false, once);
        b.pos = s.pos;
        if (b.facts.isRangeBody()) {
            Operand token = b.readLocal(b.local(b.facts.returning().deferToken));
            b.rt("deferprocat", f, token.parts[0], token.parts[1]);
            return;
        }
        if (!once) {
            b.rt("deferproc", f);
            return;
        }
        Type record = b.c.runtimeType("_defer");
        Layout l = b.layout(record);
        Slot slot = b.newSlot(l, ".defer");
        Value p = b.slotAddress(slot);
        b.zeroMemory(p, l.size, record);
        b.store(p, fieldOffset((Struct) GoTypes.under(record), "fn"), f);
        b.rt("deferprocStack", p);
    }

    private static long fieldOffset(Struct s, String name) {
        for (int i = 0; i < s.fields.length; i++) {
            if (s.fields[i].name.equals(name)) {
                return Sizes.offsets(s)[i];
            }
        }
        throw new mica.base.Fault("ssa build", "runtime._defer has no field " + name);
    }

    /** The call as a func(). */
    private Value thunk(Expr.Call call, boolean go, boolean onStack) {
        if (call.fun.unparen() instanceof Expr.FuncLit lit && call.args.length == 0 && lit.typeExpr.results.length == 0) {
            return b.closures.closureOf(b.c.literal(b.fn, lit), onStack);
        }
        if (ExprBuilder.isType(call.fun)) {
            b.conv.written(call, b.type(call.fun));
            return b.closures.make(b.c.synth.thunk(b.fn, call, go, null), new Operand[0], onStack);
        }
        Prepared p = b.calls.prepare(call);
        Operand[] operands = p.operands();
        return b.closures.make(b.c.synth.thunk(b.fn, call, go, p), operands, onStack);
    }
}
