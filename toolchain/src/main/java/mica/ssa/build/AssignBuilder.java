// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/** Assignments, definitions and local variable declarations. */
final class AssignBuilder {
    private final FuncBuilder b;

    AssignBuilder(FuncBuilder b) {
        this.b = b;
    }

    void assign(Stmt.Assign s) {
        b.pos = s.pos;
        if (s.op != null) {
            update(s.lhs[0], s.op, s.rhs[0], s.pos);
            return;
        }
        int n = s.lhs.length;
        if (s.rhs.length == 1 && n > 1) {
            fromOne(s.lhs, s.rhs[0], s.define, s.pos);
            return;
        }
        if (n == 1) {
            single(s.lhs[0], s.rhs[0], s.define, s.pos);
            return;
        }
        // Operands of the left side first, then the right side, then the assignments from left to right.
        b.order.ahead(s.lhs, s.rhs);
        Pending[] pending = new Pending[n];
        Place[] places = new Place[n];
        for (int i = 0; i < n; i++) {
            if (!isNew(s.lhs[i], s.define)) {
                pending[i] = b.places.pending(s.lhs[i]);
                places[i] = pending[i] == null ? b.places.place(s.lhs[i]) : null;
            }
        }
        Operand[] values = new Operand[n];
        for (int i = 0; i < n; i++) {
            Type t = pending[i] != null ? pending[i].type : target(s.lhs[i], places[i], s.rhs[i]);
            values[i] = b.stable(b.exprs.expr(s.rhs[i], t));
        }
        for (int i = 0; i < n; i++) {
            b.pos = s.pos;
            assign(s.lhs[i], pending[i] != null ? b.places.finish(pending[i]) : places[i], values[i]);
        }
    }

    /** Whether the statement declares this name. */
    static boolean isNew(Expr lhs, boolean define) {
        return define && lhs instanceof Expr.Name n && n.obj instanceof Var v && v.pos == n.pos;
    }

    private Type target(Expr lhs, Place p, Expr rhs) {
        if (p != null && p.kind != Place.Kind.BLANK) {
            return p.type;
        }
        if (p == null) {
            return b.env.apply(((Var) ((Expr.Name) lhs).obj).type);
        }
        if (ExprBuilder.isNil(rhs)) {
            return Universe.UNSAFE_POINTER;
        }
        Type t = b.type(rhs);
        return GoTypes.isUntyped(t) ? GoTypes.defaultType(t) : null;
    }

    /** p null: the name on the left is declared. */
    private void assign(Expr lhs, Place p, Operand x) {
        if (p == null) {
            b.declare((Var) ((Expr.Name) lhs).obj, x);
        } else if (p.kind != Place.Kind.BLANK) {
            b.places.store(p, x);
        }
    }

    private void single(Expr lhs, Expr rhs, boolean define, int pos) {
        if (isNew(lhs, define)) {
            Var v = (Var) ((Expr.Name) lhs).obj;
            b.order.ahead(rhs);
            Operand x = b.exprs.expr(rhs, b.env.apply(v.type));
            b.pos = pos;
            b.declare(v, x);
            return;
        }
        b.order.ahead(lhs, rhs);
        if (lhs instanceof Expr.Name n && n.isBlank()) {
            Operand x = b.exprs.expr(rhs, target(lhs, Place.blank(null), rhs));
            b.pos = pos;
            if (x.isMemory() && !(rhs.unparen() instanceof Expr.Call)) {
                // The value is not kept, but a fault in reading it is.
                touch(x);
            }
            return;
        }
        Place p = b.places.place(lhs);
        Operand x = b.exprs.expr(rhs, p.type);
        b.pos = pos;
        b.places.store(p, x);
    }

    private void touch(Operand x) {
        b.nilCheck(x.addr);
    }

    /** Several variables from one call, or one value and a comma-ok flag. */
    private void fromOne(Expr[] lhs, Expr rhs, boolean define, int pos) {
        int n = lhs.length;
        Operand[] values = several(lhs, rhs);
        Pending[] pending = new Pending[n];
        Place[] places = new Place[n];
        for (int i = 0; i < n; i++) {
            if (!isNew(lhs[i], define)) {
                pending[i] = b.places.pending(lhs[i]);
                places[i] = pending[i] == null ? b.places.place(lhs[i]) : null;
            }
        }
        b.pos = pos;
        for (int i = 0; i < n; i++) {
            if (places[i] != null && places[i].kind == Place.Kind.BLANK) {
                continue;
            }
            Type t = pending[i] != null ? pending[i].type : places[i] != null ? places[i].type
                    : b.env.apply(((Var) ((Expr.Name) lhs[i]).obj).type);
            values[i] = b.conv.implicit(values[i], t);
        }
        for (int i = 0; i < n; i++) {
            assign(lhs[i], pending[i] != null ? b.places.finish(pending[i]) : places[i], values[i]);
        }
    }

    /** The values of a call with several results, or of a comma-ok form; lhs: what is evaluated before. */
    private Operand[] several(Expr[] lhs, Expr rhs) {
        b.order.aheadOfSeveral(lhs, rhs);
        Expr u = rhs.unparen();
        return u instanceof Expr.Call ? b.exprs.multi(u) : b.exprs.commaOk(u);
    }

    /** lhs op= rhs. */
    private void update(Expr lhs, Operator op, Expr rhs, int pos) {
        b.order.ahead(lhs, rhs);
        Place p = b.places.place(lhs);
        Type t = p.type;
        // The right side comes first: a call in it may change what the left side denotes.
        Operand x;
        if (op.isShift()) {
            Operand n = b.exprs.expr(rhs, rhs.constant != null && GoTypes.isUntyped(b.type(rhs)) ? Universe.UINT : null);
            p = inPlace(p, op);
            Operand old = b.places.load(p);
            b.pos = pos;
            x = b.ops.shift(op == Operator.SHL, old, n);
        } else {
            Operand y = b.exprs.expr(rhs, t);
            p = inPlace(p, op);
            Operand old = b.places.load(p);
            b.pos = pos;
            x = b.ops.arithmetic(op, old, y);
        }
        b.places.store(p, x.as(t));
    }

    /** One look-up for reading and writing a map's element, unless the operation may panic in between. */
    private Place inPlace(Place p, Operator op) {
        if (p.kind != Place.Kind.MAP || op == Operator.DIV || op == Operator.REM) {
            return p;
        }
        return Place.memory(p.type, b.maps.assignSlot(p.mapType, p.map, p.key));
    }

    void incDec(Stmt.IncDec s) {
        b.order.ahead(s.x);
        Place p = inPlace(b.places.place(s.x), Operator.ADD);
        Operand old = b.places.load(p);
        b.pos = s.pos;
        Operand one = b.exprs.constant(mica.types.Constant.of(1), p.type);
        b.places.store(p, b.ops.arithmetic(s.inc ? Operator.ADD : Operator.SUB, old, one));
    }

    /** var a, b T = x, y. */
    void declare(Decl.Var d) {
        int n = d.names.length;
        b.pos = d.pos;
        if (d.values.length == 0) {
            for (Expr.Name name : d.names) {
                declareName(name, null);
            }
            return;
        }
        if (d.values.length == 1 && n > 1) {
            Operand[] values = several(Expr.NONE, d.values[0]);
            b.pos = d.pos;
            for (int i = 0; i < n; i++) {
                declareName(d.names[i], values[i]);
            }
            return;
        }
        b.order.ahead(d.values);
        Operand[] values = new Operand[n];
        for (int i = 0; i < n; i++) {
            Type t = d.names[i].obj instanceof Var v ? b.env.apply(v.type)
                    : d.typeExpr != null ? b.type(d.typeExpr) : target(d.names[i], Place.blank(null), d.values[i]);
            values[i] = b.exprs.expr(d.values[i], t);
            if (n > 1) {
                values[i] = b.stable(values[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            b.pos = d.names[i].pos;
            declareName(d.names[i], values[i]);
        }
    }

    private void declareName(Expr.Name name, Operand x) {
        if (name.obj instanceof Var v && !name.isBlank()) {
            b.declare(v, x == null ? null : b.conv.implicit(x, b.env.apply(v.type)));
        }
    }
}
