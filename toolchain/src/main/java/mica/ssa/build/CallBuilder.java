// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.List;
import mica.base.Fault;
import mica.ssa.AbiSig;
import mica.ssa.Alloc;
import mica.ssa.CallInfo;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.TypeSlot;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Builtin;
import mica.types.Func;
import mica.types.Interface;
import mica.types.Lookup;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Signature;
import mica.types.Slice;
import mica.types.Type;
import mica.types.TypeSets;

/** Calls: of functions, methods, func values and interface methods. */
final class CallBuilder {
    /** Offset of the first code address in an itab (internal/abi.ITab). */
    static final long ITAB_FUN = 24;
    private static final Type[] NO_TYPES = {};

    private final FuncBuilder b;

    CallBuilder(FuncBuilder b) {
        this.b = b;
    }

    Type[] typeArgs(TypeSlot[] args) {
        if (args == null) {
            return NO_TYPES;
        }
        Type[] r = new Type[args.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = b.env.apply((Type) args[i]);
        }
        return r;
    }

    /** A call, conversion or builtin call with all its results. */
    Operand[] call(Expr.Call e) {
        Operand[] early = b.order.take(e);
        if (early != null) {
            return early;
        }
        if (ExprBuilder.isType(e.fun)) {
            return new Operand[] {b.conv.written(e, b.type(e.fun.unparen()))};
        }
        Builtin builtin = builtin(e.fun);
        if (builtin != null) {
            if (!isOperandless(e)) {
                b.order.ahead(values(e.args));
            }
            return b.builtins.call(builtin.id, e);
        }
        Operand[] special = b.c.intrinsics.special(b, e);
        if (special != null) {
            return special;
        }
        return emit(prepare(e));
    }

    static Builtin builtin(Expr fun) {
        Expr f = fun.unparen();
        if (f instanceof Expr.Name n && n.obj instanceof Builtin x) {
            return x;
        }
        return f instanceof Expr.Selector s && s.sel.obj instanceof Builtin x ? x : null;
    }

    /** A call of unsafe.Sizeof and its kin, which evaluates nothing. */
    static boolean isOperandless(Expr.Call e) {
        Builtin x = builtin(e.fun);
        return x != null && (x.id == Builtin.Id.UNSAFE_SIZEOF || x.id == Builtin.Id.UNSAFE_ALIGNOF || x.id == Builtin.Id.UNSAFE_OFFSETOF);
    }

    /** Arguments of make and new may be types. */
    private static Expr[] values(Expr[] args) {
        return args.length > 0 && ExprBuilder.isType(args[0]) ? java.util.Arrays.copyOfRange(args, 1, args.length) : args;
    }

    /** The declared function that an expression names without evaluation, with its type arguments; else null. */
    Fn named(Expr fun) {
        Expr f = fun.unparen();
        if (f instanceof Expr.Name n && n.obj instanceof Func d) {
            return b.c.function(d, typeArgs(n.typeArgs));
        }
        if (f instanceof Expr.Selector s && s.selection == null && s.sel.obj instanceof Func d) {
            return b.c.function(d, typeArgs(s.typeArgs != null ? s.typeArgs : s.sel.typeArgs));
        }
        if (f instanceof Expr.Index i && i.typeArgs != null) {
            Expr x = i.x.unparen();
            if (x instanceof Expr.Name n && n.obj instanceof Func d) {
                return b.c.function(d, typeArgs(i.typeArgs));
            }
            if (x instanceof Expr.Selector s && s.selection == null && s.sel.obj instanceof Func d) {
                return b.c.function(d, typeArgs(i.typeArgs));
            }
        }
        return null;
    }

    /** Evaluates function and arguments. */
    Prepared prepare(Expr.Call e) {
        Builtin builtin = builtin(e.fun);
        if (builtin != null) {
            return b.builtins.prepare(builtin.id, e);
        }
        Expr f = e.fun.unparen();
        Fn fn = named(f);
        b.order.ahead(fn == null ? new Expr[] {f} : Expr.NONE, e.args);
        if (fn != null) {
            return arguments(statically(fn, null, e), e);
        }
        Expr.Selector s = f instanceof Expr.Selector x ? x
                : f instanceof Expr.Index i && i.typeArgs != null && i.x.unparen() instanceof Expr.Selector x ? x : null;
        if (s != null && s.selection != null) {
            Selection.Kind kind = ((Selection) s.selection).kind;
            Type[] args = typeArgs(f instanceof Expr.Index i ? i.typeArgs : s.typeArgs);
            if (kind == Selection.Kind.METHOD_VALUE) {
                return arguments(method(s, args, e), e);
            }
            if (kind == Selection.Kind.METHOD_EXPR) {
                return arguments(statically(b.closures.methodExprFn(s, args), null, e), e);
            }
        }
        if (f instanceof Expr.FuncLit lit) {
            Fn l = b.c.literal(b.fn, lit);
            if (!l.needsContext) {
                if (b.notes != null) {
                    b.notes.site(null, "func literal", lit.pos);
                }
                return arguments(statically(l, null, e), e);
            }
        }
        Prepared p = new Prepared(Prepared.Kind.CLOSURE, e.pos);
        p.target = b.exprs.expr(f);
        Signature sig = (Signature) GoTypes.under(p.target.type);
        p.params = Fn.types(sig.params);
        p.results = Fn.types(sig.results);
        return arguments(p, e);
    }

    private Prepared statically(Fn fn, Operand receiver, Expr.Call e) {
        Prepared p = new Prepared(Prepared.Kind.STATIC, e == null ? b.pos : e.pos);
        p.fn = fn;
        p.params = fn.params;
        p.results = fn.results;
        if (receiver != null) {
            p.args = new Operand[] {receiver};
        }
        return p;
    }

    /** What x.m means for the closed type of x. */
    Lookup.Result find(Expr.Selector s) {
        Selection sel = (Selection) s.selection;
        if (b.env.isEmpty()) {
            return null;
        }
        return findIn(b.env.apply(sel.recv), (Func) sel.obj);
    }

    Lookup.Result findIn(Type recv, Func m) {
        Lookup.Result r = Lookup.fieldOrMethod(recv, true, m.pkg, m.name);
        if (!(r.obj instanceof Func)) {
            throw new Fault(b.func.name, "no method " + m.name + " in " + recv + " at " + b.c.sources().format(b.pos));
        }
        return r;
    }

    /** x.m without a call: the receiver as the only argument, or the interface as target. */
    Prepared receiver(Expr.Selector s, Type[] args) {
        return method(s, args, null);
    }

    /** x.m(...): evaluates the receiver. */
    private Prepared method(Expr.Selector s, Type[] args, Expr.Call e) {
        Selection sel = (Selection) s.selection;
        Lookup.Result r = find(s);
        Func m = (Func) (r == null ? sel.obj : r.obj);
        int[] path = r == null ? sel.path : r.path;
        Type t = b.type(s.x);
        Place at = null;
        Value ptr = null;
        if (GoTypes.pointee(t) != null) {
            ptr = b.exprs.value(s.x);
        } else if (b.places.isPlace(s.x)) {
            at = b.places.place(s.x);
        }
        if (ptr == null && at == null) {
            // Not addressable: only methods with value receivers, or of embedded pointers and interfaces.
            Operand v = b.exprs.expr(s.x);
            if (!v.isMemory() && path.length > 1) {
                int i = 0;
                while (i < path.length - 1 && GoTypes.pointee(v.type) == null) {
                    v = b.exprs.part(v, path[i++]);
                }
                return bind(null, v, v.type, java.util.Arrays.copyOfRange(path, i, path.length), m, args, s, e);
            }
            return bind(v.isMemory() ? Place.memory(t, v.addr) : null, v, t, path, m, args, s, e);
        }
        return bind(at, ptr == null ? null : Operand.of(t, ptr), t, path, m, args, s, e);
    }

    /** The same for wrappers: receiver from a place or a value, arguments still missing. */
    Prepared bindTo(Place at, Operand value, Type t, int[] path, Func m, Type[] args) {
        return bind(at, value, t, path, m, args, null, null);
    }

    Operand[] withAbi(CallInfo info, Abi abi, Operand[] args) {
        return emit(Op.CALL, info, abi, null, args);
    }

    /** The method of what the fields of path lead to, from a place or a value of type t. */
    private Prepared bind(Place at, Operand value, Type t, int[] path, Func m, Type[] args, Expr.Selector s, Expr.Call e) {
        int pos = s == null ? b.pos : s.sel.pos;
        int steps = path.length - 1;
        if (steps > 0) {
            Value ptr = at == null ? value.v() : null;
            at = b.places.follow(at, ptr, t, java.util.Arrays.copyOf(path, steps), 0, pos);
            value = null;
            t = at.type;
        }
        b.pos = pos;
        if (GoTypes.isInterface(t)) {
            return ofInterface(value != null ? value : b.places.load(at), m, e);
        }
        Fn fn = b.c.method(t, m, args);
        boolean wantsPointer = Alias.strip(m.origin.signature().recv.type) instanceof Pointer;
        Type elem = Alias.strip(t) instanceof mica.types.Named ? null : GoTypes.pointee(t);
        Operand receiver;
        if (wantsPointer) {
            if (elem != null) {
                receiver = value != null ? value : b.places.load(at);
            } else {
                receiver = Operand.of(fn.params[0], at.addr);
            }
        } else if (elem != null) {
            Value p = value != null ? value.v() : b.places.load(at).v();
            b.nilCheck(p);
            receiver = b.loadFrom(elem, p);
        } else {
            receiver = value != null ? value : b.places.load(at);
        }
        return statically(fn, b.stable(receiver), e);
    }

    private Prepared ofInterface(Operand iface, Func m, Expr.Call e) {
        Prepared p = new Prepared(Prepared.Kind.INTERFACE, e == null ? b.pos : e.pos);
        p.target = iface;
        p.text = e == null ? null : e.fun;
        interfaceMethod(p, iface.type, m);
        b.nilCheck(iface.parts[0]);
        return p;
    }

    void interfaceMethod(Prepared p, Type iface, Func m) {
        Func[] methods = TypeSets.of((Interface) GoTypes.under(iface)).methods;
        for (int i = 0; i < methods.length; i++) {
            if (mica.types.Names.same(methods[i].name, methods[i].pkg, m.name, m.pkg)) {
                p.methodIndex = i;
                p.method = methods[i];
                p.methodName = m.name;
                Signature sig = methods[i].signature();
                p.params = Fn.types(sig.params);
                p.results = Fn.types(sig.results);
                return;
            }
        }
        throw new Fault(b.func.name, "interface " + iface + " has no method " + m.name);
    }

    // Arguments.

    /** Evaluates the arguments behind what p.args has already (a receiver). */
    private Prepared arguments(Prepared p, Expr.Call e) {
        int skip = p.args == null ? 0 : 1;
        int n = p.params.length - skip;
        Operand[] all = new Operand[p.params.length];
        if (skip == 1) {
            all[0] = p.args[0];
        }
        p.args = all;
        boolean variadic = isVariadic(e) && !e.hasDots;
        int fixed = variadic ? n - 1 : n;
        List<Operand> kept = p.fn != null && p.fn.keepsPointers ? new ArrayList<>() : null;
        Operand[] many = null;
        if (e.args.length == 1 && e.args[0].unparen() instanceof Expr.Call c && c.constant == null
                && b.type(c) instanceof mica.types.Tuple) {
            many = call(c);
        }
        int count = many != null ? many.length : e.args.length;
        for (int i = 0; i < fixed; i++) {
            Type t = p.params[skip + i];
            all[skip + i] = many != null ? b.conv.implicit(many[i], t) : b.exprs.expr(e.args[i], t);
            keep(all[skip + i], kept);
        }
        if (variadic) {
            Type st = p.params[p.params.length - 1];
            all[all.length - 1] = variadicSlice(st, e, many, fixed, count, kept);
        }
        if (kept != null) {
            p.kept = kept.toArray(p.kept);
        }
        b.pos = e.pos;
        return p;
    }

    private boolean isVariadic(Expr.Call e) {
        Type t = GoTypes.under(b.type(e.fun));
        return t instanceof Signature s && s.variadic;
    }

    private Operand variadicSlice(Type st, Expr.Call e, Operand[] many, int from, int to, List<Operand> kept) {
        int n = to - from;
        if (n == 0) {
            return b.zero(st);
        }
        Type elem = ((Slice) GoTypes.under(st)).elem;
        Layout l = b.layout(elem);
        Operand[] values = new Operand[n];
        for (int i = 0; i < n; i++) {
            values[i] = many != null ? b.conv.implicit(many[from + i], elem) : b.exprs.expr(e.args[from + i], elem);
            keep(values[i], kept);
        }
        b.pos = e.pos;
        Value p = b.alloc(Alloc.Kind.LITERAL, "... argument", new Array(elem, n), false);
        if (b.notes != null) {
            b.notes.site(p, "... argument", e.pos);
        }
        for (int i = 0; i < n; i++) {
            b.storeTo(b.offset(p, i * l.size), values[i]);
        }
        return Operand.of(st, p, b.i64(n), b.i64(n));
    }

    // The call itself.

    Operand[] emit(Prepared p) {
        b.pos = p.pos;
        switch (p.kind) {
            case STATIC: {
                Operand[] r = b.c.intrinsics.call(b, p.fn, p.args);
                if (r != null) {
                    return r;
                }
                CallInfo info = new CallInfo(p.fn.callSymbol(), p.fn, p.fn.abi().sig);
                info.noReturn = b.c.neverReturns(p.fn);
                Operand[] out = emit(Op.CALL, info, p.fn.abi(), null, p.args);
                if (info.noReturn) {
                    b.unreachable();
                    return out;
                }
                for (Operand x : p.kept) {
                    b.emit(Op.KEEP_ALIVE, MType.VOID, x.v());
                }
                return out;
            }
            case CLOSURE: {
                Abi abi = b.c.abi(p.params, p.results);
                return emit(Op.CALL_CLOSURE, new CallInfo(null, null, abi.sig), abi, p.target.v(), p.args);
            }
            case INTERFACE: {
                Type[] params = new Type[p.params.length + 1];
                params[0] = mica.types.Universe.UNSAFE_POINTER;
                System.arraycopy(p.params, 0, params, 1, p.params.length);
                Operand[] args = new Operand[params.length];
                args[0] = Operand.of(params[0], p.target.parts[1]);
                System.arraycopy(p.args, 0, args, 1, p.args.length);
                Abi abi = b.c.abi(params, p.results);
                CallInfo info = new CallInfo(null, null, abi.sig);
                info.ifaceType = p.target.type;
                info.methodName = p.methodName;
                info.text = b.notes != null && p.text != null ? NoteText.of(p.text) : null;
                info.methodKey = b.c.data.methodKey(p.method);
                Value code = b.load(MType.I64, p.target.parts[0], ITAB_FUN + 8L * p.methodIndex);
                return emit(Op.CALL_CODE, info, abi, code, args);
            }
            default:
                return b.builtins.emit(p);
        }
    }

    /** go:uintptrescapes and go:uintptrkeepalive: what a pointer given as a number points to lives until the call is over. */
    private static void keep(Operand x, List<Operand> kept) {
        if (kept != null && !x.isMemory() && x.parts.length == 1 && Ssa.resolve(x.v()).op == Op.PTR_TO_INT) {
            kept.add(Operand.of(mica.types.Universe.UNSAFE_POINTER, Ssa.resolve(x.v()).args[0]));
        }
    }

    private Operand[] emit(Op op, CallInfo info, Abi abi, Value target, Operand[] args) {
        Value[] in = new Value[abi.sig.args.length];
        int at = 0;
        for (int i = 0; i < args.length; i++) {
            at = b.locsOf(abi.params[i], args[i], abi.paramByval[i], in, at);
        }
        Value[] out = raw(op, info, target, in);
        Operand[] r = new Operand[abi.results.length];
        for (int i = 0; i < r.length; i++) {
            if (abi.resultByval[i]) {
                r[i] = b.stable(Operand.memory(abi.results[i].type, out[abi.resultStart[i]]));
            }
        }
        for (int i = 0; i < r.length; i++) {
            if (r[i] == null) {
                r[i] = b.operandOf(abi.results[i], out, abi.resultStart[i], false);
            }
        }
        return r;
    }

    private Value[] raw(Op op, CallInfo info, Value target, Value[] in) {
        AbiSig.Loc[] locs = info.sig.results;
        Value call = b.emit(op, locs.length == 0 ? MType.VOID : MType.TUPLE);
        call.aux = info;
        if (target != null) {
            call.addArg(target);
        }
        for (Value v : in) {
            call.addArg(v);
        }
        Value[] out = new Value[locs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = b.emit(locs[i].byvalSize > 0 ? Op.RESULT_ADDR : Op.RESULT, locs[i].type, call);
            out[i].auxInt = i;
        }
        return out;
    }

    /** A direct call with scalar arguments and results. */
    Value[] direct(Fn fn, Value... args) {
        return direct(fn, false, args);
    }

    void directNoReturn(Fn fn, Value... args) {
        direct(fn, true, args);
    }

    private Value[] direct(Fn fn, boolean noReturn, Value[] args) {
        Abi abi = fn.abi();
        if (abi.sig.args.length != args.length) {
            throw new Fault(b.func.name, fn.linkName + " takes " + abi.sig.args.length + " words, not " + args.length);
        }
        for (int i = 0; i < args.length; i++) {
            if (abi.sig.args[i].type != args[i].type) {
                args[i] = fit(args[i], abi.sig.args[i].type, fn, i);
            }
        }
        CallInfo info = new CallInfo(fn.callSymbol(), fn, abi.sig);
        info.noReturn = noReturn;
        return raw(Op.CALL, info, null, args);
    }

    /** Pointers given where the runtime declares uintptr, and the other way round. */
    private Value fit(Value v, MType want, Fn fn, int i) {
        if (v.type == MType.PTR && want == MType.I64) {
            return b.emit(Op.PTR_TO_INT, MType.I64, v);
        }
        if (v.type == MType.I64 && want == MType.PTR) {
            return b.emit(Op.INT_TO_PTR, MType.PTR, v);
        }
        throw new Fault(b.func.name, fn.linkName + " takes " + want + " as argument " + i + ", not " + v.type);
    }
}
