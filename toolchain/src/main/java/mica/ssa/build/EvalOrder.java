// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.IdentityHashMap;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Array;
import mica.types.Builtin;
import mica.types.Func;
import mica.types.MapType;
import mica.types.Selection;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.TypeName;
import mica.types.Var;

/**
 * The order in which the operands of a statement or call are evaluated. The specification (Order of evaluation) orders calls, receive
 * operations and binary logical operations among themselves, but leaves open when a variable next to them is read:
 * {@code return v, json.Unmarshal(data, &v)}. The standard compiler reads variables after all calls, and programs rely on it. So here:
 * before a list of expressions is built, {@link #ahead} evaluates those parts of it that come early (calls and what else takes its
 * operands at once), from left to right; the expressions then find these parts' values instead of evaluating them again. This
 * happens only where a call follows something that it could change, or that could panic before it.
 *
 * <pre>
 *   early    f(x)  &lt;-c  a &amp;&amp; b  append  len  min  new  x[i:j]  x.(T)  map literals  []byte(s)
 *   late     v  *p  p.f  a[i]  m[k]  a + b  string(b)  T{…}  conversions to interfaces
 *   barrier  those early ones that run code or change memory
 * </pre>
 */
final class EvalOrder {
    private final FuncBuilder b;
    /** Values of parts that were evaluated ahead of the expressions in which they stand. */
    private final IdentityHashMap<Expr, Operand[]> values = new IdentityHashMap<>();
    // State of one scan.
    private boolean reads;
    private boolean needed;

    EvalOrder(FuncBuilder b) {
        this.b = b;
    }

    /** Evaluates what comes early in expressions that are about to be evaluated in this order; entries may be null. */
    void ahead(Expr... list) {
        if (!hasBarrier(list)) {
            return;
        }
        reads = false;
        needed = false;
        for (Expr e : list) {
            scan(e);
        }
        if (needed) {
            for (Expr e : list) {
                hoist(e);
            }
        }
    }

    /** The same where the left expressions are evaluated before the right ones. */
    void ahead(Expr[] left, Expr[] right) {
        Expr[] all = new Expr[left.length + right.length];
        System.arraycopy(left, 0, all, 0, left.length);
        System.arraycopy(right, 0, all, left.length, right.length);
        ahead(all);
    }

    /** The same for an expression of several values: a comma-ok form is not evaluated ahead itself, only its operands. */
    void aheadOfSeveral(Expr[] left, Expr right) {
        Expr u = right.unparen();
        if (u instanceof Expr.Call) {
            ahead(left, new Expr[] {u});
            return;
        }
        Expr[] operands = new Expr[operandCount(u)];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = operand(u, i);
        }
        ahead(left, operands);
    }

    /** The values of an expression that was evaluated ahead, once; else null. */
    Operand[] take(Expr e) {
        return values.isEmpty() ? null : values.remove(e.unparen());
    }

    // Whether a call stands in an expression at all.

    private boolean hasBarrier(Expr[] list) {
        for (Expr e : list) {
            if (hasBarrier(e)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasBarrier(Expr e) {
        if (e == null || e.constant != null) {
            return false;
        }
        if (isBarrier(e)) {
            return true;
        }
        int n = operandCount(e);
        for (int i = 0; i < n; i++) {
            if (hasBarrier(operand(e, i))) {
                return true;
            }
        }
        return false;
    }

    // Whether something is read, or may panic, before a call.

    private void scan(Expr e) {
        if (e == null || e.constant != null || needed) {
            return;
        }
        if (isBarrier(e)) {
            needed = reads;
            return;
        }
        int n = operandCount(e);
        for (int i = 0; i < n; i++) {
            scan(operand(e, i));
        }
        reads |= reads(e);
    }

    /** Whether e itself, its operands aside, depends on what calls change. */
    private boolean reads(Expr e) {
        switch (e.kind) {
            case NAME:
                return ((Expr.Name) e).obj instanceof Var v && changes(v);
            case SELECTOR:
                Expr.Selector s = (Expr.Selector) e;
                return s.selection == null ? s.sel.obj instanceof Var
                        : ((Selection) s.selection).indirect || GoTypes.pointee(b.type(s.x)) != null;
            case INDEX, STAR, SLICE, TYPE_ASSERT:
                return true;
            case BINARY:
                Operator op = ((Expr.Binary) e).op;
                return op == Operator.DIV || op == Operator.REM;
            default:
                return false;
        }
    }

    private boolean changes(Var v) {
        if (!FactsWalker.isLocal(v)) {
            return true;
        }
        Local l = b.localOrNull(v);
        return l != null && l.storage != Local.Storage.SSA;
    }

    // Evaluation ahead.

    private void hoist(Expr e) {
        if (e == null || e.constant != null) {
            return;
        }
        if (!isBarrier(e)) {
            int n = operandCount(e);
            for (int i = 0; i < n; i++) {
                hoist(operand(e, i));
            }
            if (!isEarly(e)) {
                return;
            }
        }
        Operand[] r = e instanceof Expr.Call c ? b.calls.call(c) : new Operand[] {b.stable(b.exprs.expr(e))};
        values.put(e, r);
    }

    /** Early, and it runs code or changes memory; its operands are ordered among themselves when it is built. */
    private boolean isBarrier(Expr e) {
        switch (e.kind) {
            case CALL:
                Expr.Call c = (Expr.Call) e;
                if (ExprBuilder.isType(c.fun)) {
                    return isAddressCall(c);
                }
                Builtin builtin = CallBuilder.builtin(c.fun);
                return builtin == null || hasEffect(builtin.id);
            case UNARY:
                return ((Expr.Unary) e).op == Operator.RECV;
            case BINARY:
                return isLogical(e) && (hasBarrier(((Expr.Binary) e).x) || hasBarrier(((Expr.Binary) e).y));
            case COMPOSITE_LIT:
                return GoTypes.under(b.type(e)) instanceof MapType && hasBarrier(((Expr.CompositeLit) e).elements);
            default:
                return false;
        }
    }

    /** unsafe.Pointer(f()) with a number from f: nothing may come between the call and the conversion (package unsafe, rule 5). */
    private boolean isAddressCall(Expr.Call c) {
        return c.args[0].unparen() instanceof Expr.Call && GoTypes.under(b.type(c)) == mica.types.Universe.UNSAFE_POINTER && hasBarrier(c.args[0]);
    }

    private static boolean hasEffect(Builtin.Id id) {
        switch (id) {
            case APPEND, COPY, CLEAR, CLOSE, DELETE, PANIC, PRINT, PRINTLN, RECOVER:
                return true;
            default:
                return false;
        }
    }

    /** Takes its operands when its turn comes, though it changes nothing. */
    private boolean isEarly(Expr e) {
        switch (e.kind) {
            case CALL:
                Expr.Call c = (Expr.Call) e;
                return ExprBuilder.isType(c.fun) ? isCopyOfString(c) : true;
            case SLICE:
                return true;
            case TYPE_ASSERT:
                return !GoTypes.isDirectIface(b.type(e));
            case BINARY:
                return isLogical(e) || isComparisonOfMemory((Expr.Binary) e);
            default:
                return false;
        }
    }

    private static boolean isLogical(Expr e) {
        return e instanceof Expr.Binary x && (x.op == Operator.ANDAND || x.op == Operator.OROR);
    }

    private boolean isCopyOfString(Expr.Call c) {
        return GoTypes.under(b.type(c)) instanceof Slice && GoTypes.isString(b.type(c.args[0]));
    }

    private boolean isComparisonOfMemory(Expr.Binary x) {
        if (x.op != Operator.EQL && x.op != Operator.NEQ) {
            return false;
        }
        Type t = GoTypes.under(b.type(x.x));
        return t instanceof Struct || t instanceof Array;
    }

    // The operands of an expression in the order of their evaluation. Types, names of fields and constants are none.

    private int operandCount(Expr e) {
        switch (e.kind) {
            case PAREN, KEY_VALUE, STAR, TYPE_ASSERT, UNARY:
                return 1;
            case SELECTOR:
                return ((Expr.Selector) e).selection == null || isMethodExpr((Expr.Selector) e) ? 0 : 1;
            case INDEX:
                return isInstance((Expr.Index) e) ? 0 : 2;
            case SLICE:
                return 4;
            case BINARY:
                return 2;
            case COMPOSITE_LIT:
                return ((Expr.CompositeLit) e).elements.length;
            case CALL:
                return CallBuilder.isOperandless((Expr.Call) e) ? 0 : ((Expr.Call) e).args.length;
            default:
                return 0;
        }
    }

    private static Expr operand(Expr e, int i) {
        switch (e.kind) {
            case PAREN:
                return ((Expr.Paren) e).x;
            case KEY_VALUE:
                return ((Expr.KeyValue) e).value;
            case STAR:
                return ((Expr.Star) e).x;
            case TYPE_ASSERT:
                return ((Expr.TypeAssert) e).x;
            case UNARY:
                return ((Expr.Unary) e).x;
            case SELECTOR:
                return ((Expr.Selector) e).x;
            case INDEX:
                return i == 0 ? ((Expr.Index) e).x : ((Expr.Index) e).indices[0];
            case SLICE:
                Expr.Slice s = (Expr.Slice) e;
                return i == 0 ? s.x : i == 1 ? s.lo : i == 2 ? s.hi : s.max;
            case BINARY:
                return i == 0 ? ((Expr.Binary) e).x : ((Expr.Binary) e).y;
            case COMPOSITE_LIT:
                return ((Expr.CompositeLit) e).elements[i];
            default:
                Expr x = ((Expr.Call) e).args[i];
                return ExprBuilder.isType(x) ? null : x;
        }
    }

    private static boolean isMethodExpr(Expr.Selector s) {
        return ((Selection) s.selection).kind == Selection.Kind.METHOD_EXPR;
    }

    private static boolean isInstance(Expr.Index e) {
        Expr x = e.x.unparen();
        return e.typeArgs != null || x instanceof Expr.Name n && (n.obj instanceof Func || n.obj instanceof TypeName)
                || x instanceof Expr.Selector s && s.selection == null && s.sel.obj instanceof Func;
    }
}
