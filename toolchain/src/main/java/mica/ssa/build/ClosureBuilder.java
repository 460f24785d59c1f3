// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Alloc;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Func;
import mica.types.Lookup;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Var;

/**
 * Func values. A closure is an object {code, captured...}: variables that nobody changes are captured by value, others by the
 * address of the variable. What captures nothing is a read-only object of one word.
 */
final class ClosureBuilder {
    private final FuncBuilder b;

    ClosureBuilder(FuncBuilder b) {
        this.b = b;
    }

    /** A function literal. */
    Operand literal(Expr.FuncLit e) {
        return Operand.of(b.type(e), closureOf(b.c.literal(b.fn, e), false));
    }

    /** The func value of a literal or loop body of this function. */
    Value closureOf(Fn f, boolean forceStack) {
        Operand[] captured = new Operand[f.captures.length];
        for (int i = 0; i < captured.length; i++) {
            Var v = f.captures[i];
            Local l = b.local(v);
            captured[i] = b.c.capturedByValue(v, l.layout) ? b.readLocal(l) : Operand.of(f.contextTypes[i], b.addressOf(l));
        }
        Value p = make(f, captured, forceStack);
        if (b.notes != null && f.node instanceof Expr.FuncLit) {
            b.notes.site(p, "func literal", f.node.pos);
        }
        return p;
    }

    /** The func value {f, captured...}. */
    Value make(Fn f, Operand[] captured, boolean forceStack) {
        if (captured.length == 0) {
            return b.address(b.c.funcValue(f), 0);
        }
        Struct s = f.contextStruct();
        Value p = b.alloc(Alloc.Kind.CLOSURE, f.shownName(), s, forceStack);
        b.store(p, 0, b.address(f.symbol, 0));
        long[] offs = Sizes.offsets(s);
        for (int i = 0; i < captured.length; i++) {
            b.storeTo(b.offset(p, offs[i + 1]), captured[i]);
        }
        return p;
    }

    /** In a closure's body: the captured values, loaded from the context. */
    Operand[] captured() {
        Struct s = b.fn.contextStruct();
        long[] offs = Sizes.offsets(s);
        Operand[] r = new Operand[b.fn.contextTypes.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = b.loadFrom(b.fn.contextTypes[i], b.offset(b.context, offs[i + 1]));
        }
        return r;
    }

    /** In a literal's body: declares the captured variables. */
    void declareCaptured() {
        if (b.fn.captures.length == 0) {
            return;
        }
        Operand[] values = captured();
        for (int i = 0; i < values.length; i++) {
            Var v = b.fn.captures[i];
            Type t = b.env.apply(v.type);
            Layout l = b.layout(t);
            if (!b.c.capturedByValue(v, l)) {
                b.declareAt(v, values[i].v());
            } else if (values[i].isMemory()) {
                b.declareAt(v, values[i].addr);
            } else {
                int first = b.newVars(l.parts);
                for (int k = 0; k < l.parts.length; k++) {
                    b.write(first + k, values[i].parts[k]);
                }
                b.declareAs(v, new Local(t, l, Local.Storage.SSA, first, null));
            }
        }
    }

    // Method values and expressions.

    Operand methodValue(Expr.Selector s) {
        return methodValue(s, b.calls.typeArgs(s.typeArgs), b.type(s));
    }

    Operand methodValue(Expr.Selector s, Type[] args, Type t) {
        Operand x = bound(s, args, t);
        if (b.notes != null) {
            b.notes.site(x.v(), NoteText.of(s), s.pos);
        }
        return x;
    }

    private Operand bound(Expr.Selector s, Type[] args, Type t) {
        Prepared p = b.calls.receiver(s, args);
        if (p.kind == Prepared.Kind.INTERFACE) {
            return Operand.of(t, make(b.c.synth.boundInterface(p.target.type, p.method), new Operand[] {p.target}, false));
        }
        return Operand.of(t, make(b.c.synth.bound(p.fn), new Operand[] {p.args[0]}, false));
    }

    Operand methodExpr(Expr.Selector s) {
        return methodExpr(s, b.calls.typeArgs(s.typeArgs), b.type(s));
    }

    Operand methodExpr(Expr.Selector s, Type[] args, Type t) {
        return b.exprs.function(methodExprFn(s, args), t);
    }

    Fn methodExprFn(Expr.Selector s, Type[] args) {
        Selection sel = (Selection) s.selection;
        Type recv = b.env.apply(sel.recv);
        Lookup.Result r = b.calls.find(s);
        Func m = (Func) (r == null ? sel.obj : r.obj);
        int[] path = r == null ? sel.path : r.path;
        return b.c.synth.methodOn(recv, m, path, args);
    }
}
