// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.Arrays;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Func;
import mica.types.Named;
import mica.types.Pointer;
import mica.types.Signature;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Universe;

/** Functions that the compiler makes: method wrappers, bound methods, go and defer calls, equality, hashes, ABI adapters. */
final class Synth {
    private static final Type[] NO_TYPES = {};

    private final ProgramBuilder c;

    Synth(ProgramBuilder c) {
        this.c = c;
    }

    private Fn make(String linkName, String shownName, Type about, Type[] params, Type[] results, Fn.Maker maker) {
        Fn f = new Fn(c, linkName, shownName, null, TypeEnv.EMPTY, params, results);
        f.maker = maker;
        if (about != null) {
            f.about = new Type[] {about};
        }
        f.symbol.dupOk = true;
        return f;
    }

    // Methods.

    /** The function with receiver type recv (T, *T or an interface) that selecting m along path means. */
    Fn methodOn(Type recv, Func m, int[] path, Type[] args) {
        if (GoTypes.isInterface(recv)) {
            return interfaceMethod(recv, m);
        }
        Type r = Alias.strip(recv);
        boolean recvPointer = r instanceof Pointer;
        Type base = recvPointer ? Alias.strip(((Pointer) r).elem) : r;
        if (path.length == 1 && base instanceof Named && !GoTypes.isInterface(base)) {
            boolean methodPointer = Alias.strip(m.origin.signature().recv.type) instanceof Pointer;
            if (methodPointer == recvPointer) {
                return c.method(base, m, args);
            }
        }
        String link = Names.method(recv, m, args, false);
        return c.fn(link, () -> wrapper(link, recv, base, recvPointer, m, path, args));
    }

    private Fn wrapper(String link, Type recv, Type base, boolean recvPointer, Func m, int[] path, Type[] args) {
        Signature sig = m.signature();
        if (args.length > 0 && m.origin.signature().typeParams.length > 0) {
            sig = mica.types.Instances.signature(sig, args);
        }
        Type[] own = Fn.types(sig.params);
        Type[] params = new Type[own.length + 1];
        params[0] = recv;
        System.arraycopy(own, 0, params, 1, own.length);
        Fn f = make(link, Names.method(recv, m, args, true), recv, params, Fn.types(sig.results), b -> {
            Operand self = b.params[0];
            if (recvPointer && path.length == 1) {
                // (*T).M for a method of T: a nil pointer has a panic of its own.
                Block ok = b.newBlock();
                Block bad = b.newBlock();
                b.branch(b.compare(Op.EQ, self.v(), b.nil()), bad, ok, -1);
                b.startSealed(bad);
                b.rtNoReturn("panicwrap");
                b.startSealed(ok);
            }
            Place at;
            Operand value;
            if (recvPointer || self.isMemory()) {
                at = self.isMemory() ? Place.memory(recv, self.addr) : null;
                value = self.isMemory() ? null : self;
            } else {
                at = null;
                value = self;
                int i = 0;
                Type t = recv;
                while (i < path.length - 1 && GoTypes.pointee(t) == null) {
                    value = b.exprs.part(value, path[i++]);
                    t = value.type;
                }
                int[] rest = Arrays.copyOfRange(path, i, path.length);
                forward(b, b.calls.bindTo(null, value, t, rest, m, args));
                return;
            }
            forward(b, b.calls.bindTo(at, value, recv, path, m, args));
        });
        f.wrapper = true;
        f.pos = m.pos;
        if (args.length > 0) {
            f.about = Arrays.copyOf(args, args.length + 1);
            f.about[args.length] = recv;
        }
        return f;
    }

    /** Calls with this function's other parameters and returns the results. */
    private static void forward(FuncBuilder b, Prepared p) {
        int skip = p.kind == Prepared.Kind.INTERFACE ? 0 : 1;
        Operand[] all = new Operand[p.params.length];
        if (skip == 1) {
            all[0] = p.args[0];
        }
        for (int i = skip; i < all.length; i++) {
            all[i] = b.params[b.params.length - all.length + i].as(p.params[i]);
        }
        p.args = all;
        Operand[] r = b.calls.emit(p);
        for (int i = 0; i < r.length; i++) {
            r[i] = r[i].as(b.fn.results[i]);
        }
        b.emitReturn(r);
    }

    /** I.M as a function of an interface value and the arguments. */
    private Fn interfaceMethod(Type iface, Func m) {
        String link = Names.method(iface, m, NO_TYPES, false);
        return c.fn(link, () -> {
            Type[] own = Fn.types(m.signature().params);
            Type[] params = new Type[own.length + 1];
            params[0] = iface;
            System.arraycopy(own, 0, params, 1, own.length);
            Fn f = make(link, Names.method(iface, m, NO_TYPES, true), iface, params, Fn.types(m.signature().results), b ->
                    forward(b, b.calls.bindTo(null, b.params[0], iface, new int[1], m, NO_TYPES)));
            f.wrapper = true;
            return f;
        });
    }

    /** The func value x.M of a static method: captures the receiver. */
    Fn bound(Fn method) {
        String link = method.linkName + "-fm";
        return c.fn(link, () -> {
            Type[] params = Arrays.copyOfRange(method.params, 1, method.params.length);
            Fn f = make(link, method.shownName() + "-fm", null, params, method.results, b -> {
                Prepared p = new Prepared(Prepared.Kind.STATIC, method.pos);
                p.fn = method;
                p.params = method.params;
                p.results = method.results;
                p.args = b.closures.captured();
                forward(b, p);
            });
            f.madeFor = method;
            f.contextTypes = new Type[] {method.params[0]};
            f.needsContext = true;
            f.wrapper = true;
            f.pos = method.pos;
            return f;
        });
    }

    /** The func value x.M of an interface's method. */
    Fn boundInterface(Type iface, Func m) {
        String link = Names.method(iface, m, NO_TYPES, false) + "-fm";
        return c.fn(link, () -> {
            Fn f = make(link, Names.method(iface, m, NO_TYPES, true) + "-fm", iface, Fn.types(m.signature().params),
                    Fn.types(m.signature().results), b ->
                            forward(b, b.calls.bindTo(null, b.closures.captured()[0], iface, new int[1], m, NO_TYPES)));
            f.contextTypes = new Type[] {iface};
            f.needsContext = true;
            f.wrapper = true;
            f.pos = m.pos;
            return f;
        });
    }

    // go and defer.

    /** The func() that makes a prepared call with captured operands; p null: does nothing. */
    Fn thunk(Fn parent, Expr.Call call, boolean go, Prepared p) {
        int n = parent.facts.goDeferNumber(call);
        String suffix = (go ? ".gowrap" : ".deferwrap") + n;
        String link = parent.linkName + suffix;
        return c.fn(link, () -> {
            Fn f = new Fn(c, link, parent.shownName() + suffix, parent.pkg, TypeEnv.EMPTY, NO_TYPES, NO_TYPES);
            f.madeFor = parent;
            Operand[] operands = p == null ? new Operand[0] : p.operands();
            f.contextTypes = new Type[operands.length];
            for (int i = 0; i < operands.length; i++) {
                f.contextTypes[i] = GoTypes.isUntypedNil(operands[i].type) ? Universe.UNSAFE_POINTER : operands[i].type;
            }
            Prepared shape = p == null ? null : p.with(shapes(operands));
            f.needsContext = operands.length > 0;
            f.wrapper = true;
            f.pos = call.pos;
            f.maker = b -> {
                if (shape != null) {
                    b.calls.emit(shape.with(f.needsContext ? b.closures.captured() : new Operand[0]));
                }
                b.emitReturn(new Operand[0]);
            };
            return f;
        });
    }

    /** Operands without values, so that the function around is not kept. */
    private static Operand[] shapes(Operand[] xs) {
        Operand[] r = new Operand[xs.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = Operand.of(xs[i].type);
        }
        return r;
    }

    // Equality and hashes.

    /** func(p, q unsafe.Pointer) bool for a comparable type. */
    Fn equalFn(Type t) {
        String link = "type:.eq." + t.linkString();
        return c.fn(link, () -> {
            Type[] params = {Universe.UNSAFE_POINTER, Universe.UNSAFE_POINTER};
            Fn f = make(link, link, t, params, new Type[] {Universe.BOOL}, b -> {
                Value r = b.equal.parts(t, b.params[0].v(), b.params[1].v());
                b.emitReturn(new Operand[] {Operand.of(Universe.BOOL, r)});
            });
            f.wrapper = true;
            return f;
        });
    }

    /** func(p unsafe.Pointer, seed uintptr) uintptr for a comparable type. */
    Fn hashFn(Type t) {
        String link = "type:.hash." + t.linkString();
        return c.fn(link, () -> {
            Type[] params = {Universe.UNSAFE_POINTER, Universe.UINTPTR};
            Fn f = make(link, link, t, params, new Type[] {Universe.UINTPTR}, b -> {
                Value h = hash(b, t, b.params[0].v(), b.params[1].v());
                b.emitReturn(new Operand[] {Operand.of(Universe.UINTPTR, h)});
            });
            f.wrapper = true;
            return f;
        });
    }

    private Value hash(FuncBuilder b, Type t, Value p, Value h) {
        Type u = GoTypes.under(t);
        if (GoTypes.isPlainMemory(t)) {
            return memhash(b, p, h, GoTypes.size(t));
        }
        switch (u.kind()) {
            case BASIC:
                Basic k = (Basic) u;
                String name;
                switch (k.id) {
                    case STRING -> name = "strhash";
                    case FLOAT32 -> name = "f32hash";
                    case FLOAT64 -> name = "f64hash";
                    case COMPLEX64 -> name = "c64hash";
                    default -> name = "c128hash";
                }
                return b.rt1(name, p, h);
            case INTERFACE:
                return b.rt1(GoTypes.isEface(u) ? "nilinterhash" : "interhash", p, h);
            case STRUCT:
                return hashStruct(b, (Struct) u, p, h);
            case ARRAY:
                return hashArray(b, (Array) u, p, h);
            default:
                return memhash(b, p, h, GoTypes.size(t));
        }
    }

    private static Value memhash(FuncBuilder b, Value p, Value h, long n) {
        if (n == 4 || n == 8) {
            return b.rt1(n == 4 ? "memhash32" : "memhash64", p, h);
        }
        return b.rt1("memhash", p, h, b.i64(n));
    }

    private Value hashStruct(FuncBuilder b, Struct s, Value p, Value h) {
        long[] offs = Sizes.offsets(s);
        for (int i = 0; i < s.fields.length; ) {
            if (s.fields[i].name.equals("_")) {
                i++;
                continue;
            }
            // Field by field, as the runtime does for types that reflection makes: both must agree.
            Type ft = s.fields[i].type;
            h = nested(b, ft, b.offset(p, offs[i]), h);
            i++;
        }
        return h;
    }

    private Value nested(FuncBuilder b, Type t, Value p, Value h) {
        Type u = GoTypes.under(t);
        if ((u instanceof Struct || u instanceof Array) && !GoTypes.isPlainMemory(t)) {
            return b.calls.direct(hashFn(t), p, h)[0];
        }
        return hash(b, t, p, h);
    }

    private Value hashArray(FuncBuilder b, Array a, Value p, Value h) {
        int i = b.newVar(MType.I64);
        int acc = b.newVar(MType.I64);
        b.write(i, b.i64(0));
        b.write(acc, h);
        Block head = b.newBlock();
        Block body = b.newBlock();
        Block end = b.newBlock();
        b.jump(head);
        b.start(head);
        b.branch(b.compare(Op.LT, b.read(i), b.i64(a.length)), body, end, 1);
        b.startSealed(body);
        b.write(acc, nested(b, a.elem, b.places.elementAddress(p, b.read(i), a.elem), b.read(acc)));
        b.write(i, b.add(b.read(i), b.i64(1)));
        b.jump(head);
        b.seal(head);
        b.startSealed(end);
        return b.read(acc);
    }

    // Between the calling conventions.

    /** The ABIInternal entry of an assembly function: calls it with ABI0. */
    Fn toAssembly(Fn declared, Symbol target) {
        Fn f = new Fn(c, declared.linkName, declared.shownName(), declared.pkg, TypeEnv.EMPTY, declared.params, declared.results);
        f.wrapper = true;
        f.nosplit = true; // as assembly mostly is; some is called where no stack may grow, by a child behind fork say
        f.pos = declared.pos;
        f.maker = b -> forwardTo(b, target, 0);
        return f;
    }

    /** The ABI0 entry of a Go function. */
    mica.ssa.Func fromAssembly(Fn fn) {
        Fn f = new Fn(c, fn.linkName, fn.shownName(), fn.pkg, TypeEnv.EMPTY, fn.params, fn.results);
        f.wrapper = true;
        f.pos = fn.pos;
        // Assembly has R14 for itself, where a check of the stack would look for g: it is needed only where Go code is called.
        f.nosplit = fn.symbol.func != null && (fn.symbol.func.flags & mica.obj.FuncInfo.FLAG_ASM) != 0;
        FuncBuilder b = new FuncBuilder(f);
        b.begin(Abi.of(c.layouts, fn.params, fn.results, 0));
        forwardTo(b, fn.symbol, 1);
        return b.end();
    }

    private void forwardTo(FuncBuilder b, Symbol target, int abi) {
        Abi out = Abi.of(c.layouts, b.fn.params, b.fn.results, abi);
        b.emitReturn(b.calls.withAbi(new CallInfo(target, null, out.sig), out, b.params));
    }

}
