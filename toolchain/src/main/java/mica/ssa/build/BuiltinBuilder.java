// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Builtin;
import mica.types.Chan;
import mica.types.MapType;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Universe;

/** Calls of predeclared functions and those of package unsafe. */
final class BuiltinBuilder {
    /** make([]T, n) with constant n is one allocation of an array up to this size; larger ones go through makeslice. */
    private static final long MAX_IMPLICIT = 64 << 10;
    /** Bytes of a slice of unknown length that may lie in the frame. */
    private static final long SMALL_SLICE = 32;

    private static final Operand[] NONE = {};

    private final FuncBuilder b;

    BuiltinBuilder(FuncBuilder b) {
        this.b = b;
    }

    Operand[] call(Builtin.Id id, Expr.Call e) {
        switch (id) {
            case CLOSE, PANIC, PRINT, PRINTLN, RECOVER, DELETE, COPY, CLEAR:
                return emit(prepare(id, e));
            default:
                return new Operand[] {value(id, e)};
        }
    }

    /** Evaluates the operands of a builtin that may stand in a statement of its own. */
    Prepared prepare(Builtin.Id id, Expr.Call e) {
        Prepared p = new Prepared(Prepared.Kind.BUILTIN, e.pos);
        p.builtin = id;
        int n = e.args.length;
        p.args = new Operand[n];
        Operand[] many = null;
        if (n == 1 && e.args[0].unparen() instanceof Expr.Call c && e.args[0].constant == null
                && b.type(c) instanceof mica.types.Tuple) {
            many = b.calls.call(c);
            n = many.length;
            p.args = new Operand[n];
        }
        for (int i = 0; i < n; i++) {
            Type want = null;
            if (id == Builtin.Id.PANIC) {
                want = Universe.EMPTY_INTERFACE;
            } else if (id == Builtin.Id.DELETE && i == 1) {
                want = ((MapType) GoTypes.under(p.args[0].type)).key;
            }
            Operand x = many != null ? many[i] : b.exprs.expr(e.args[i], want);
            if (many != null && want != null) {
                x = b.conv.implicit(x, want);
            }
            if (GoTypes.isUntyped(x.type) && !GoTypes.isUntypedNil(x.type)) {
                x = x.as(GoTypes.defaultType(x.type));
            }
            p.args[i] = x;
        }
        p.params = new Type[n];
        for (int i = 0; i < n; i++) {
            p.params[i] = p.args[i].type;
        }
        p.pos = e.pos;
        return p;
    }

    Operand[] emit(Prepared p) {
        b.pos = p.pos;
        Operand[] a = p.args;
        switch (p.builtin) {
            case CLOSE:
                b.rt("closechan", a[0].v());
                return NONE;
            case PANIC:
                b.rtNoReturn("gopanic", a[0].parts[0], a[0].parts[1]);
                return NONE;
            case PRINT, PRINTLN:
                print(a, p.builtin == Builtin.Id.PRINTLN);
                return NONE;
            case RECOVER:
                return new Operand[] {Operand.of(Universe.EMPTY_INTERFACE, b.rt("gorecover"))};
            case DELETE:
                b.maps.delete(a[0].type, a[0].v(), a[1]);
                return NONE;
            case COPY:
                return new Operand[] {copy(a[0], a[1])};
            case CLEAR:
                clear(a[0]);
                return NONE;
            default:
                throw b.unsupported("builtin " + p.builtin + " here");
        }
    }

    private Operand value(Builtin.Id id, Expr.Call e) {
        Type t = b.type(e);
        switch (id) {
            case LEN:
                return Operand.of(t, length(e.args[0]));
            case CAP:
                return Operand.of(t, capacity(e.args[0]));
            case APPEND:
                return append(e, t);
            case MAKE:
                return make(e);
            case NEW:
                return newValue(e, t);
            case MIN, MAX:
                return minMax(id == Builtin.Id.MIN, e, t);
            case COMPLEX:
                return complex(e, t);
            case REAL:
                return Operand.of(t, b.exprs.expr(e.args[0]).parts[0]);
            case IMAG:
                return Operand.of(t, b.exprs.expr(e.args[0]).parts[1]);
            default:
                return unsafe(id, e, t);
        }
    }

    // len, cap.

    private Value length(Expr e) {
        Type u = GoTypes.under(b.type(e));
        switch (u.kind()) {
            case BASIC, SLICE:
                return b.exprs.expr(e).parts[1];
            case ARRAY:
                b.exprs.discard(e);
                return b.i64(((Array) u).length);
            case POINTER:
                b.exprs.discard(e);
                return b.i64(((Array) GoTypes.under(((Pointer) u).elem)).length);
            case MAP:
                return b.maps.length(b.exprs.value(e));
            case CHAN:
                return b.rt1("chanlen", b.exprs.value(e));
            default:
                throw b.unsupported("len of " + u);
        }
    }

    private Value capacity(Expr e) {
        Type u = GoTypes.under(b.type(e));
        switch (u.kind()) {
            case SLICE:
                return b.exprs.expr(e).parts[2];
            case CHAN:
                return b.rt1("chancap", b.exprs.value(e));
            default:
                return length(e);
        }
    }

    // append, copy, clear.

    private Operand append(Expr.Call e, Type t) {
        Slice st = (Slice) GoTypes.under(t);
        Operand[] many = many(e);
        if (many != null) {
            Operand[] rest = new Operand[many.length - 1];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = b.conv.implicit(many[i + 1], st.elem);
            }
            return appendAll(b.conv.implicit(many[0], t), rest, st, t);
        }
        Operand s = b.exprs.expr(e.args[0], t);
        if (e.args.length == 1) {
            return s;
        }
        if (e.hasDots && made(e.args[1]) instanceof Expr.Call m) {
            Value n = size(m.args[1]);
            b.pos = e.pos;
            checkLength(n);
            Operand r = grow(s, n, st.elem, t, false); // as gc, for those who count on its capacities
            Value end = b.places.elementAddress(r.parts[0], s.parts[1], st.elem);
            b.rt("memclrNoHeapPointers", end, b.emitMul(n, b.layout(st.elem).size));
            return r;
        }
        if (e.hasDots) {
            Operand y = b.exprs.expr(e.args[1]);
            if (GoTypes.isUntypedNil(y.type) || ExprBuilder.isNil(e.args[1])) {
                return s;
            }
            b.pos = e.pos;
            Value n = y.parts[1];
            Operand r = grow(s, n, st.elem, t);
            Value end = b.places.elementAddress(r.parts[0], s.parts[1], st.elem);
            b.rt("memmove", end, y.parts[0], b.emitMul(n, b.layout(st.elem).size));
            return r;
        }
        int n = e.args.length - 1;
        Operand[] values = new Operand[n];
        for (int i = 0; i < n; i++) {
            values[i] = b.exprs.expr(e.args[i + 1], st.elem);
            if (n > 1) {
                values[i] = b.stable(values[i]);
            }
        }
        b.pos = e.pos;
        return appendAll(s, values, st, t);
    }

    /** The call make([]T, n), which nobody needs to carry out for append; null if it is another expression. */
    private Expr.Call made(Expr e) {
        return e.unparen() instanceof Expr.Call c && c.args.length == 2 && CallBuilder.builtin(c.fun) instanceof Builtin x
                && x.id == Builtin.Id.MAKE && GoTypes.under(b.type(c.args[0])) instanceof Slice ? c : null;
    }

    private void checkLength(Value n) {
        Block bad = b.newBlock();
        Block ok = b.newBlock();
        b.branch(b.compare(Op.LT, n, b.i64(0)), bad, ok, -1);
        b.startSealed(bad);
        b.rtNoReturn("panicmakeslicelen");
        b.startSealed(ok);
    }

    /** The values of a call that is the only argument and has several results; else null. */
    private Operand[] many(Expr.Call e) {
        if (e.args.length == 1 && e.args[0].constant == null && e.args[0].unparen() instanceof Expr.Call c && !ExprBuilder.isType(c.fun)
                && b.type(c) instanceof mica.types.Tuple) {
            return b.calls.call(c);
        }
        return null;
    }

    private Operand appendAll(Operand s, Operand[] values, Slice st, Type t) {
        int n = values.length;
        Operand r = grow(s, b.i64(n), st.elem, t);
        Layout l = b.layout(st.elem);
        Value end = b.places.elementAddress(r.parts[0], s.parts[1], st.elem);
        for (int i = 0; i < n; i++) {
            b.storeTo(b.offset(end, i * l.size), values[i]);
        }
        return r;
    }

    /** s with length len+n, in a larger array if the capacity does not do. */
    private Operand grow(Operand s, Value n, Type elem, Type t) {
        return grow(s, n, elem, t, true);
    }

    /** @param room whether the array may lie in this frame */
    private Operand grow(Operand s, Value n, Type elem, Type t, boolean room) {
        Value newLen = b.add(s.parts[1], n);
        int ptr = b.newVar(MType.PTR);
        int cap = b.newVar(MType.I64);
        b.write(ptr, s.parts[0]);
        b.write(cap, s.parts[2]);
        Block more = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.ULT, s.parts[2], newLen), more, done, -1);
        b.startSealed(more);
        Value[] args = {s.parts[0], newLen, s.parts[2], n, b.typeWord(elem)};
        Value[] r = room ? rtMaking("growslice", elem, args) : b.rt("growslice", args);
        b.write(ptr, r[0]);
        b.write(cap, r[2]);
        b.jump(done);
        b.startSealed(done);
        return Operand.of(t, b.read(ptr), newLen, b.read(cap));
    }

    /** A slice that may lie in the frame if it has few elements. */
    private Value[] rtMaking(String name, Type elem, Value... args) {
        long size = b.layout(elem).size;
        int n = size == 0 ? 0 : (int) (SMALL_SLICE / size);
        Value[] r = b.rtMaking(name, new Array(elem, n), args);
        Alloc room = ((CallInfo) r[0].args[0].aux).room;
        if (room != null) {
            room.elements = n;
        }
        return r;
    }

    private Operand copy(Operand to, Operand from) {
        Type elem = ((Slice) GoTypes.under(to.type)).elem;
        Value n = b.emit(Op.SELECT, MType.I64, b.compare(Op.LT, to.parts[1], from.parts[1]), to.parts[1], from.parts[1]);
        b.rt("memmove", to.parts[0], from.parts[0], b.emitMul(n, b.layout(elem).size));
        return Operand.of(Universe.INT, n);
    }

    private void clear(Operand x) {
        if (GoTypes.under(x.type) instanceof MapType) {
            b.rt("mapclear", b.typeWord(x.type), x.v());
            return;
        }
        Layout l = b.layout(((Slice) GoTypes.under(x.type)).elem);
        b.rt(l.hasPointers ? "memclrHasPointers" : "memclrNoHeapPointers", x.parts[0], b.emitMul(x.parts[1], l.size));
    }

    // make, new.

    private Value size(Expr e) {
        Operand x = b.exprs.expr(e, e.constant != null ? Universe.INT : null);
        return b.conv.toI64(x);
    }

    private Operand make(Expr.Call e) {
        Operand x = makeNew(e);
        if (b.notes != null) {
            b.notes.made(e, x);
        }
        return x;
    }

    private Operand makeNew(Expr.Call e) {
        Type t = b.type(e.args[0]);
        Type u = GoTypes.under(t);
        Value n = e.args.length > 1 ? size(e.args[1]) : null;
        Value m = e.args.length > 2 ? size(e.args[2]) : null;
        b.pos = e.pos;
        if (u instanceof Slice s) {
            Value cap = m == null ? n : m;
            long size = b.layout(s.elem).size;
            if (cap.isConst() && cap.auxInt >= 0 && cap.auxInt <= MAX_IMPLICIT && cap.auxInt * size <= MAX_IMPLICIT && n.isConst()
                    && n.auxInt >= 0 && n.auxInt <= cap.auxInt) {
                Value p = b.alloc(Alloc.Kind.MAKE_SLICE, "make(" + t + ")", new Array(s.elem, cap.auxInt), false);
                return Operand.of(t, p, n, cap);
            }
            return Operand.of(t, rtMaking("makeslice", s.elem, b.typeWord(s.elem), n, cap)[0], n, cap);
        }
        if (u instanceof MapType map) {
            if (n == null || n.isConst() && n.auxInt <= 8) {
                return Operand.of(t, b.maps.empty(map));
            }
            return Operand.of(t, b.rt1("makemap", b.typeWord(t), n, b.nil()));
        }
        if (u instanceof Chan) {
            return Operand.of(t, b.rt1("makechan", b.typeWord(t), n == null ? b.i64(0) : n));
        }
        throw b.unsupported("make of " + t);
    }

    private Operand newValue(Expr.Call e, Type t) {
        Type elem = GoTypes.pointee(t);
        Operand x = ExprBuilder.isType(e.args[0]) ? null : b.exprs.expr(e.args[0], elem);
        b.pos = e.pos;
        Value p = b.alloc(Alloc.Kind.NEW, "new(" + elem + ")", elem, false);
        if (b.notes != null) {
            b.notes.site(p, NoteText.of(e), e.pos);
        }
        if (x != null) {
            b.storeTo(p, x);
        }
        return Operand.of(t, p);
    }

    // min, max, complex.

    private Operand minMax(boolean min, Expr.Call e, Type t) {
        Type want = GoTypes.isUntyped(t) ? GoTypes.defaultType(t) : t;
        Operand r = b.exprs.expr(e.args[0], want);
        for (int i = 1; i < e.args.length; i++) {
            Operand y = b.exprs.expr(e.args[i], want);
            b.pos = e.pos;
            if (GoTypes.isFloat(want)) {
                r = Operand.of(want, b.emit(min ? Op.FMIN : Op.FMAX, r.v().type, r.v(), y.v()));
                continue;
            }
            // Keeps r when they are equal.
            Value less = b.ops.ordered(mica.syntax.Operator.LSS, min ? y : r, min ? r : y);
            Value[] parts = new Value[r.parts.length];
            for (int k = 0; k < parts.length; k++) {
                parts[k] = b.emit(Op.SELECT, r.parts[k].type, less, y.parts[k], r.parts[k]);
            }
            r = Operand.of(want, parts);
        }
        return r;
    }

    private Operand complex(Expr.Call e, Type t) {
        Operand[] many = many(e);
        if (many != null) {
            return Operand.of(t, many[0].v(), many[1].v());
        }
        Type want = GoTypes.under(t) == Universe.COMPLEX64 ? Universe.FLOAT32 : Universe.FLOAT64;
        Operand re = b.exprs.expr(e.args[0], e.args[0].constant != null || GoTypes.isUntyped(b.type(e.args[0])) ? want : null);
        Operand im = b.exprs.expr(e.args[1], e.args[1].constant != null || GoTypes.isUntyped(b.type(e.args[1])) ? want : null);
        return Operand.of(t, re.v(), im.v());
    }

    // unsafe.

    private Operand unsafe(Builtin.Id id, Expr.Call e, Type t) {
        switch (id) {
            case UNSAFE_SIZEOF:
                return Operand.of(t, b.i64(b.layout(b.type(e.args[0])).size));
            case UNSAFE_ALIGNOF:
                return Operand.of(t, b.i64(b.layout(b.type(e.args[0])).align));
            case UNSAFE_OFFSETOF:
                return Operand.of(t, b.i64(offsetOf((Expr.Selector) e.args[0].unparen())));
            case UNSAFE_ADD: {
                Value[] x = memory(e);
                return Operand.of(t, b.addPtr(x[0], x[1]));
            }
            case UNSAFE_SLICE_DATA, UNSAFE_STRING_DATA:
                return Operand.of(t, b.exprs.expr(e.args[0]).parts[0]);
            case UNSAFE_SLICE: {
                Value[] x = memory(e);
                checkMemory(x[0], x[1], b.layout(((Slice) GoTypes.under(t)).elem).size, "slice");
                return Operand.of(t, x[0], x[1], x[1]);
            }
            case UNSAFE_STRING: {
                Value[] x = memory(e);
                checkMemory(x[0], x[1], 1, "string");
                return Operand.of(t, x[0], x[1]);
            }
            default:
                throw b.unsupported("builtin " + id);
        }
    }

    /** The operands of a builtin for memory: a pointer and a number. */
    private Value[] memory(Expr.Call e) {
        Operand[] many = many(e);
        Value[] x = many != null ? new Value[] {many[0].v(), b.conv.toI64(many[1])} : new Value[] {b.exprs.value(e.args[0]), size(e.args[1])};
        b.pos = e.pos;
        return x;
    }

    private long offsetOf(Expr.Selector s) {
        Type t = b.type(s.x);
        if (GoTypes.pointee(t) != null) {
            t = GoTypes.pointee(t);
        }
        long off = 0;
        for (int i : ((Selection) s.selection).path) {
            Struct st = (Struct) GoTypes.under(t);
            off += Sizes.offsets(st)[i];
            t = st.fields[i].type;
        }
        return off;
    }

    /** Panics unless n elements at p lie in the address space and p is not nil (or n is 0). */
    private void checkMemory(Value p, Value n, long size, String what) {
        if (runtimeTrusted()) {
            return;
        }
        Block bad = b.newBlock();
        Block ok = b.newBlock();
        Block size1 = b.newBlock();
        b.branch(b.compare(Op.LT, n, b.i64(0)), bad, size1, -1);
        b.startSealed(size1);
        Value bytes = n;
        if (size > 1) {
            Value wide = b.emit(Op.UMUL_WIDE, MType.TUPLE, n, b.i64(size));
            Value hi = b.result(wide, 0, MType.I64);
            bytes = b.result(wide, 1, MType.I64);
            Block fits = b.newBlock();
            b.branch(b.compare(Op.EQ, hi, b.i64(0)), fits, bad, 1);
            b.startSealed(fits);
        }
        Value room = b.emit(Op.NEG, MType.I64, b.emit(Op.PTR_TO_INT, MType.I64, p));
        b.branch(size == 0 ? b.bool(true) : b.compare(Op.ULE, bytes, room), ok, bad, 1);
        b.startSealed(bad);
        Block isNil = b.newBlock();
        Block isLong = b.newBlock();
        Block negative = b.newBlock();
        b.branch(b.compare(Op.LT, n, b.i64(0)), isLong, negative, 0);
        b.startSealed(negative);
        b.branch(b.compare(Op.EQ, p, b.nil()), isNil, isLong, 0);
        b.startSealed(isNil);
        b.rtNoReturn("panicunsafe" + what + "nilptr");
        b.startSealed(isLong);
        b.rtNoReturn("panicunsafe" + what + "len");
        b.startSealed(ok);
    }

    private boolean runtimeTrusted() {
        return b.runtimeRules;
    }

    // print.

    private void print(Operand[] args, boolean line) {
        b.rt("printlock");
        for (int i = 0; i < args.length; i++) {
            if (line && i > 0) {
                b.rt("printsp");
            }
            print(args[i]);
        }
        if (line) {
            b.rt("printnl");
        }
        b.rt("printunlock");
    }

    private void print(Operand x) {
        Type u = GoTypes.under(x.type);
        if (u instanceof Basic t) {
            if ((t.info & Basic.STRING) != 0) {
                if (b.c.isRuntimeType(x.type, "quoted")) {
                    b.rt("printquoted", x.parts[0], x.parts[1]);
                    return;
                }
                b.rt("printstring", x.parts[0], x.parts[1]);
            } else if ((t.info & Basic.BOOLEAN) != 0) {
                b.rt("printbool", x.v());
            } else if ((t.info & Basic.INTEGER) != 0) {
                boolean unsigned = (t.info & Basic.UNSIGNED) != 0;
                String name = b.c.isRuntimeType(x.type, "hex") ? "printhex" : t.id == Basic.Id.UINTPTR ? "printuintptr"
                        : unsigned ? "printuint" : "printint";
                b.rt(name, b.conv.toI64(x));
            } else if ((t.info & Basic.FLOAT) != 0) {
                b.rt(t.id == Basic.Id.FLOAT32 ? "printfloat32" : "printfloat64", x.v());
            } else if ((t.info & Basic.COMPLEX) != 0) {
                b.rt(t.id == Basic.Id.COMPLEX64 ? "printcomplex64" : "printcomplex128", x.parts[0], x.parts[1]);
            } else {
                b.rt("printpointer", x.v());
            }
            return;
        }
        switch (u.kind()) {
            case INTERFACE:
                b.rt(GoTypes.isEface(u) ? "printeface" : "printiface", x.parts[0], x.parts[1]);
                break;
            case SLICE:
                b.rt("printslice", x.parts[0], x.parts[1], x.parts[2]);
                break;
            default:
                b.rt("printpointer", x.v());
        }
    }
}
