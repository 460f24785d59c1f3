// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Array;
import mica.types.Chan;
import mica.types.MapType;
import mica.types.Pointer;
import mica.types.Slice;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/** Range loops over everything but functions (see {@link RangeFuncBuilder}). */
final class RangeBuilder {
    private final FuncBuilder b;
    final RangeFuncBuilder over;

    RangeBuilder(FuncBuilder b) {
        this.b = b;
        this.over = new RangeFuncBuilder(b);
    }

    void range(Stmt.Range s) {
        b.order.ahead(s.x);
        Type t = b.type(s.x);
        Type u = GoTypes.under(t);
        switch (u.kind()) {
            case BASIC:
                if (GoTypes.isString(u)) {
                    string(s);
                } else {
                    integer(s, t);
                }
                break;
            case ARRAY, SLICE, POINTER:
                indexed(s, t, u);
                break;
            case MAP:
                map(s, t, (MapType) u);
                break;
            case CHAN:
                channel(s, (Chan) u);
                break;
            case SIGNATURE:
                over.range(s);
                break;
            default:
                throw b.unsupported("range over " + t);
        }
    }

    private static Expr lhs(Stmt.Range s, int i) {
        if (i >= s.lhs.length) {
            return null;
        }
        Expr e = s.lhs[i];
        return e instanceof Expr.Name n && n.isBlank() ? null : e;
    }

    /** Gives an iteration variable its value: declares it, or assigns. */
    void bind(Stmt.Range s, int i, Operand x) {
        Expr e = lhs(s, i);
        if (e == null) {
            return;
        }
        b.pos = e.pos;
        if (s.define) {
            Var v = (Var) ((Expr.Name) e).obj;
            b.declare(v, b.conv.implicit(x, b.env.apply(v.type)));
        } else {
            Place p = b.places.place(e);
            b.places.store(p, b.conv.implicit(x, p.type));
        }
    }

    /** Both iteration values assigned: operands of the left side are evaluated first. */
    void bindBoth(Stmt.Range s, Operand key, Operand value) {
        if (s.define || lhs(s, 0) == null || lhs(s, 1) == null) {
            bind(s, 0, key);
            bind(s, 1, value);
            return;
        }
        Place k = b.places.place(s.lhs[0]);
        Place v = b.places.place(s.lhs[1]);
        b.places.store(k, b.conv.implicit(key, k.type));
        b.places.store(v, b.conv.implicit(value, v.type));
    }

    private void body(Stmt.Range s, Block done, Block next) {
        b.stmts.enter(s, done, next);
        b.stmts.block(s.body);
        b.stmts.leave(s);
        b.jump(next);
    }

    private void integer(Stmt.Range s, Type t) {
        Type want = t;
        if (GoTypes.isUntyped(t)) {
            Expr k = lhs(s, 0);
            want = k == null ? Universe.INT : s.define ? b.env.apply(((Var) ((Expr.Name) k).obj).type) : b.type(k);
        }
        Operand n = b.exprs.expr(s.x, want);
        MType m = n.v().type;
        int i = b.newVar(m);
        b.write(i, b.constant(m, 0));
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.pos = s.pos;
        b.branch(b.compare(GoTypes.isUnsigned(want) ? Op.ULT : Op.LT, b.read(i), n.v()), body, done, 1);
        b.startSealed(body);
        bind(s, 0, Operand.of(want, b.read(i)));
        body(s, done, next);
        b.startSealed(next);
        b.pos = s.pos;
        b.write(i, b.add(b.read(i), b.constant(m, 1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }

    private void indexed(Stmt.Range s, Type t, Type u) {
        boolean needValue = lhs(s, 1) != null;
        Value len;
        Value base = null;
        Operand scalarArray = null;
        Type elem;
        if (u instanceof Slice sl) {
            Operand x = b.exprs.expr(s.x);
            len = x.parts[1];
            base = x.parts[0];
            elem = sl.elem;
        } else if (u instanceof Pointer p) {
            Array a = (Array) GoTypes.under(p.elem);
            base = b.exprs.value(s.x);
            if (needValue && a.length > 0) {
                b.nilCheck(base);
            }
            len = b.i64(a.length);
            elem = a.elem;
        } else {
            Array a = (Array) u;
            len = b.i64(a.length);
            elem = a.elem;
            if (needValue) {
                Operand x = b.stable(b.exprs.expr(s.x));
                if (x.isMemory()) {
                    base = x.addr;
                } else {
                    scalarArray = x;
                }
            } else if (hasCall(s.x)) {
                b.exprs.discard(s.x);
            }
        }
        int i = b.newVar(MType.I64);
        b.write(i, b.i64(0));
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.pos = s.pos;
        b.branch(b.compare(Op.LT, b.read(i), len), body, done, 1);
        b.startSealed(body);
        Value at = b.read(i);
        Operand key = Operand.of(Universe.INT, at);
        if (needValue) {
            // An array without elements has no parts, and its loop's body never runs.
            Operand v = scalarArray != null ? scalarArray.parts.length == 0 ? b.zero(elem) : Operand.of(elem, scalarArray.parts)
                    : b.loadFrom(elem, b.places.elementAddress(base, at, elem));
            bindBoth(s, key, v);
        } else {
            bind(s, 0, key);
        }
        body(s, done, next);
        b.startSealed(next);
        b.pos = s.pos;
        b.write(i, b.add(b.read(i), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }

    /** Function calls and receives: with them an array is evaluated although only its length matters. */
    private static boolean hasCall(Expr e) {
        Expr u = e.unparen();
        switch (u.kind) {
            case NAME, BASIC_LIT, FUNC_LIT:
                return false;
            case SELECTOR:
                return hasCall(((Expr.Selector) u).x);
            case STAR:
                return hasCall(((Expr.Star) u).x);
            case INDEX:
                return hasCall(((Expr.Index) u).x) || hasCall(((Expr.Index) u).indices[0]);
            default:
                return true;
        }
    }

    private void string(Stmt.Range s) {
        Operand x = b.exprs.expr(s.x);
        int i = b.newVar(MType.I64);
        int after = b.newVar(MType.I64);
        int rune = b.newVar(MType.I32);
        b.write(i, b.i64(0));
        Block head = b.newBlock();
        Block some = b.newBlock();
        Block wide = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.pos = s.pos;
        b.branch(b.compare(Op.LT, b.read(i), x.parts[1]), some, done, 1);
        b.startSealed(some);
        Value at = b.read(i);
        Value c = b.load(MType.I8, b.addPtr(x.parts[0], at), 0);
        Value r = b.emit(Op.ZEXT, MType.I32, c);
        b.write(rune, r);
        b.write(after, b.add(at, b.i64(1)));
        b.branch(b.compare(Op.LT, r, b.constant(MType.I32, 0x80)), body, wide, 1);
        b.startSealed(wide);
        Value[] d = b.rt("decoderune", x.parts[0], x.parts[1], at);
        b.write(rune, d[0]);
        b.write(after, d[1]);
        b.jump(body);
        b.startSealed(body);
        bindBoth(s, Operand.of(Universe.INT, b.read(i)), Operand.of(Universe.RUNE, b.read(rune)));
        body(s, done, next);
        b.startSealed(next);
        b.pos = s.pos;
        b.write(i, b.read(after));
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }

    private void map(Stmt.Range s, Type t, MapType m) {
        Value map = b.exprs.value(s.x);
        b.pos = s.pos;
        Type iter = b.c.mapIterType();
        Value it = b.zeroedTemp(iter);
        b.rt("mapIterStart", b.typeWord(t), map, it);
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block next = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.pos = s.pos;
        Value key = b.load(MType.PTR, it, 0);
        b.branch(b.compare(Op.NE, key, b.nil()), body, done, 1);
        b.startSealed(body);
        Operand k = lhs(s, 0) == null ? null : b.loadFrom(m.key, key);
        Operand v = lhs(s, 1) == null ? null : b.loadFrom(m.elem, b.load(MType.PTR, it, 8));
        if (k != null && v != null) {
            bindBoth(s, k, v);
        } else if (k != null) {
            bind(s, 0, k);
        } else if (v != null) {
            bind(s, 1, v);
        }
        body(s, done, next);
        b.startSealed(next);
        b.pos = s.pos;
        b.rt("mapIterNext", it);
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }

    private void channel(Stmt.Range s, Chan c) {
        Value ch = b.exprs.value(s.x);
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block done = b.newBlock();
        b.jump(head);
        b.start(head);
        b.pos = s.pos;
        Operand[] r = b.chans.receive2(c.elem, ch);
        b.branch(r[1].v(), body, done, 1);
        b.startSealed(body);
        bind(s, 0, r[0]);
        Block next = b.newBlock();
        body(s, done, next);
        b.startSealed(next);
        b.jump(head);
        b.seal(head);
        b.startSealed(done);
    }
}
