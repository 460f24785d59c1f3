// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.HashMap;
import java.util.Map;
import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Type;

/** Functions of the standard library that are operations (contract/intrinsics.tsv). */
final class Intrinsics {
    /** Makes the results of a call from its arguments' scalars. */
    private interface Maker {
        Value[] make(FuncBuilder b, Value[] a);
    }

    private final ProgramBuilder c;
    private final Map<String, Maker> makers = new HashMap<>();

    Intrinsics(ProgramBuilder c) {
        this.c = c;
        system();
        atomics();
        bits();
        math();
    }

    /** A call that is no call of a function value at all; null if e is none of these. */
    Operand[] special(FuncBuilder b, Expr.Call e) {
        Expr f = e.fun.unparen();
        String name = f instanceof Expr.Selector s ? s.sel.name : f instanceof Expr.Name n ? n.name : "";
        if (!name.equals("FuncPCABI0") && !name.equals("FuncPCABIInternal")) {
            return null;
        }
        Fn fn = b.calls.named(e.fun);
        if (fn == null || !fn.linkName.startsWith("internal/abi.FuncPC")) {
            return null;
        }
        Expr arg = e.args[0].unparen();
        if (arg instanceof Expr.Call k && ExprBuilder.isType(k.fun) && k.args.length == 1) {
            arg = k.args[0].unparen();
        }
        Fn target = b.calls.named(arg);
        Value pc;
        if (target != null) {
            boolean abi0 = name.equals("FuncPCABI0");
            pc = b.address(abi0 ? c.symbols.lookup(target.symbol.name, 0)
                    : target.symbol, 0);
        } else {
            // A func value: its code pointer.
            Operand x = b.exprs.expr(arg);
            Value fv = GoTypes.isInterface(x.type) ? x.parts[1] : x.v();
            pc = b.load(MType.PTR, fv, 0);
        }
        return new Operand[] {Operand.of(fn.results[0], b.emit(Op.PTR_TO_INT, MType.I64, pc))};
    }

    /** The call as operations, or null. */
    Operand[] call(FuncBuilder b, Fn fn, Operand[] args) {
        if (fn.func == null || fn.pkg == null) {
            return null;
        }
        String path = fn.pkg.path;
        if (path.equals("internal/abi") && fn.func.name.equals("EscapeNonString")) {
            return escapeNonString(b, fn, args);
        }
        Maker m = makers.get(path + "." + fn.func.name);
        if (m == null || fn.func.signature().recv != null) {
            return null;
        }
        int n = 0;
        for (Operand x : args) {
            if (x.isMemory()) {
                return null;
            }
            n += x.parts.length;
        }
        Value[] in = new Value[n];
        int at = 0;
        for (Operand x : args) {
            for (Value v : x.parts) {
                in[at++] = v;
            }
        }
        Value[] out = m.make(b, in);
        Type[] results = fn.results;
        Operand[] r = new Operand[results.length];
        at = 0;
        for (int i = 0; i < r.length; i++) {
            int k = b.layout(results[i]).parts.length;
            r[i] = Operand.of(results[i], java.util.Arrays.copyOfRange(out, at, at + k));
            at += k;
        }
        if (at != out.length) {
            throw new Fault("intrinsics", fn.linkName + " has " + at + " results, not " + out.length);
        }
        return r;
    }

    /** What pointers other than those of strings lead to must be on the heap: as Escape does it. */
    private Operand[] escapeNonString(FuncBuilder b, Fn fn, Operand[] args) {
        if (nonStringPointers(fn.params[0])) {
            Prepared p = new Prepared(Prepared.Kind.STATIC, b.pos);
            p.fn = c.function((mica.types.Func) fn.func.pkg.scope.here("Escape"), new Type[] {fn.params[0]});
            p.params = p.fn.params;
            p.results = p.fn.results;
            p.args = args;
            b.calls.emit(p);
        }
        return new Operand[0];
    }

    private static boolean nonStringPointers(Type t) {
        Type u = GoTypes.under(t);
        if (u instanceof mica.types.Struct s) {
            for (mica.types.Var f : s.fields) {
                if (nonStringPointers(f.type)) {
                    return true;
                }
            }
            return false;
        }
        return u instanceof mica.types.Array a ? nonStringPointers(a.elem) : !GoTypes.isString(t) && mica.types.Sizes.hasPointers(u);
    }

    private void put(Maker m, String pkg, String... names) {
        for (String n : names) {
            makers.put(pkg + "." + n, m);
        }
    }

    private static Value[] one(Value v) {
        return new Value[] {v};
    }

    private static Value[] none() {
        return new Value[0];
    }

    private void system() {
        put((b, a) -> one(b.emit(Op.GETG, MType.PTR)), "runtime", "getg");
        String sys = "internal/runtime/sys";
        put((b, a) -> one(b.emit(Op.PTR_TO_INT, MType.I64, b.emit(Op.CALLER_PC, MType.PTR))), sys, "GetCallerPC");
        put((b, a) -> one(b.emit(Op.PTR_TO_INT, MType.I64, b.emit(Op.CALLER_SP, MType.PTR))), sys, "GetCallerSP");
        put((b, a) -> one(b.emit(Op.PTR_TO_INT, MType.I64, b.closureContext())), sys, "GetClosurePtr");
        put((b, a) -> {
            b.emit(Op.PREFETCH, MType.VOID, b.emit(Op.INT_TO_PTR, MType.PTR, a[0]));
            return none();
        }, sys, "Prefetch", "PrefetchStreamed");
        put((b, a) -> {
            b.emit(Op.KEEP_ALIVE, MType.VOID, a[1]);
            return none();
        }, "runtime", "KeepAlive");
        put((b, a) -> {
            b.emit(Op.FENCE, MType.VOID);
            return none();
        }, "runtime", "publicationBarrier");
        put((b, a) -> one(a[0]), "crypto/internal/constanttime", "boolToUint8");
        put((b, a) -> one(b.emit(Op.SELECT, MType.I64, b.compare(Op.NE, a[0], b.i64(0)), a[1], a[2])),
                "crypto/internal/constanttime", "Select");
        put((b, a) -> none(), "hash/maphash", "escapeForHash");
        put((b, a) -> none(), "internal/abi", "EscapeNonString");
    }

    private void atomics() {
        String at = "internal/runtime/atomic";
        String sync = "sync/atomic";
        load(MType.I8, at, "Load8");
        load(MType.I32, at, "Load", "LoadAcq", "Loadint32");
        load(MType.I64, at, "Load64", "LoadAcq64", "LoadAcquintptr", "Loadint64", "Loaduint", "Loaduintptr");
        load(MType.PTR, at, "Loadp");
        load(MType.I32, sync, "LoadInt32", "LoadUint32");
        load(MType.I64, sync, "LoadInt64", "LoadUint64", "LoadUintptr");
        load(MType.PTR, sync, "LoadPointer");
        two(Op.ATOMIC_STORE, false, at, "Store", "Store64", "Store8", "StoreRel", "StoreRel64", "StoreReluintptr", "Storeint32",
                "Storeint64", "StorepNoWB", "Storeuintptr");
        two(Op.ATOMIC_STORE, false, sync, "StoreInt32", "StoreInt64", "StoreUint32", "StoreUint64", "StoreUintptr");
        two(Op.ATOMIC_ADD, true, at, "Xadd", "Xadd64", "Xaddint32", "Xaddint64", "Xadduintptr");
        two(Op.ATOMIC_ADD, true, sync, "AddInt32", "AddInt64", "AddUint32", "AddUint64", "AddUintptr");
        two(Op.ATOMIC_XCHG, true, at, "Xchg", "Xchg64", "Xchg8", "Xchgint32", "Xchgint64", "Xchguintptr");
        two(Op.ATOMIC_XCHG, true, sync, "SwapInt32", "SwapInt64", "SwapUint32", "SwapUint64", "SwapUintptr");
        two(Op.ATOMIC_AND, false, at, "And", "And8");
        two(Op.ATOMIC_OR, false, at, "Or", "Or8");
        two(Op.ATOMIC_AND, true, at, "And32", "And64", "Anduintptr");
        two(Op.ATOMIC_OR, true, at, "Or32", "Or64", "Oruintptr");
        two(Op.ATOMIC_AND, true, sync, "AndInt32", "AndInt64", "AndUint32", "AndUint64", "AndUintptr");
        two(Op.ATOMIC_OR, true, sync, "OrInt32", "OrInt64", "OrUint32", "OrUint64", "OrUintptr");
        Maker cas = (b, a) -> one(b.emit(Op.ATOMIC_CAS, MType.I8, a[0], a[1], a[2]));
        put(cas, at, "Cas", "Cas64", "CasRel", "Casint32", "Casint64", "Casp1", "Casuintptr");
        put(cas, sync, "CompareAndSwapInt32", "CompareAndSwapInt64", "CompareAndSwapUint32", "CompareAndSwapUint64",
                "CompareAndSwapUintptr");
    }

    private void load(MType t, String pkg, String... names) {
        put((b, a) -> {
            b.nilCheck(a[0]);
            return one(b.emit(Op.ATOMIC_LOAD, t, a[0]));
        }, pkg, names);
    }

    private void two(Op op, boolean result, String pkg, String... names) {
        put((b, a) -> {
            b.nilCheck(a[0]);
            Value v = b.emit(op, op == Op.ATOMIC_STORE ? MType.VOID : a[1].type, a[0], a[1]);
            return result ? one(v) : none();
        }, pkg, names);
    }

    private void bits() {
        String bits = "math/bits";
        String sys = "internal/runtime/sys";
        Maker swap = (b, a) -> one(b.emit(Op.BSWAP, a[0].type, a[0]));
        put(swap, bits, "ReverseBytes32", "ReverseBytes64", "ReverseBytes");
        put(swap, sys, "Bswap32", "Bswap64");
        Maker ctz = (b, a) -> one(toInt(b, b.emit(Op.CTZ, a[0].type, a[0])));
        put(ctz, bits, "TrailingZeros8", "TrailingZeros16", "TrailingZeros32", "TrailingZeros64", "TrailingZeros");
        put(ctz, sys, "TrailingZeros8", "TrailingZeros32", "TrailingZeros64");
        Maker len = (b, a) -> one(toInt(b, b.emit(Op.BITLEN, a[0].type, a[0])));
        put(len, bits, "Len8", "Len16", "Len32", "Len64", "Len");
        put(len, sys, "Len8", "Len64");
        Maker pop = (b, a) -> one(toInt(b, b.emit(Op.POPCNT, a[0].type, a[0])));
        put(pop, bits, "OnesCount8", "OnesCount16", "OnesCount32", "OnesCount64", "OnesCount");
        put(pop, sys, "OnesCount64");
        put((b, a) -> one(b.emit(Op.ROTL, a[0].type, a[0], a[1])), bits, "RotateLeft", "RotateLeft8", "RotateLeft16", "RotateLeft32",
                "RotateLeft64");
        Maker mul = (b, a) -> {
            Value w = b.emit(Op.UMUL_WIDE, MType.TUPLE, a[0], a[1]);
            return new Value[] {b.result(w, 0, MType.I64), b.result(w, 1, MType.I64)};
        };
        put(mul, bits, "Mul64", "Mul");
        put(mul, "math/big", "mulWW");
        Maker add = (b, a) -> {
            Value w = b.emit(Op.ADD_CARRY, MType.TUPLE, a[0], a[1], a[2]);
            return new Value[] {b.result(w, 0, MType.I64), b.result(w, 1, MType.I64)};
        };
        put(add, bits, "Add64", "Add");
        put(add, "internal/runtime/math", "Add64");
        put((b, a) -> {
            Value w = b.emit(Op.SUB_BORROW, MType.TUPLE, a[0], a[1], a[2]);
            return new Value[] {b.result(w, 0, MType.I64), b.result(w, 1, MType.I64)};
        }, bits, "Sub64", "Sub");
        put((b, a) -> {
            Value w = b.emit(Op.UMUL_WIDE, MType.TUPLE, a[0], a[1]);
            return new Value[] {b.result(w, 1, MType.I64), b.compare(Op.NE, b.result(w, 0, MType.I64), b.i64(0))};
        }, "internal/runtime/math", "MulUintptr");
        put((b, a) -> {
            b.emit(Op.DIV_CHECK, MType.VOID, a[2]);
            Block fits = b.newBlock();
            Block bad = b.newBlock();
            b.branch(b.compare(Op.ULT, a[0], a[2]), fits, bad, 1);
            b.startSealed(bad);
            b.rtNoReturn("panicoverflow");
            b.startSealed(fits);
            Value w = b.emit(Op.UDIV_WIDE, MType.TUPLE, a[0], a[1], a[2]);
            return new Value[] {b.result(w, 0, MType.I64), b.result(w, 1, MType.I64)};
        }, bits, "Div64", "Div");
    }

    private static Value toInt(FuncBuilder b, Value v) {
        return b.conv.resize(v, true, MType.I64);
    }

    private void math() {
        put((b, a) -> one(b.emit(Op.FSQRT, MType.F64, a[0])), "math", "sqrt", "Sqrt");
        put((b, a) -> one(b.emit(Op.FABS, MType.F64, a[0])), "math", "Abs");
        put((b, a) -> one(b.emit(Op.FCOPYSIGN, MType.F64, a[0], a[1])), "math", "Copysign");
        round("Floor", 1);
        round("Ceil", 2);
        round("Trunc", 3);
        round("RoundToEven", 0);
        put((b, a) -> one(b.emit(Op.FMA, MType.F64, a[0], a[1], a[2])), "math", "FMA");
        put((b, a) -> one(b.emit(Op.BITCAST, MType.I64, a[0])), "math", "Float64bits");
        put((b, a) -> one(b.emit(Op.BITCAST, MType.F64, a[0])), "math", "Float64frombits");
        put((b, a) -> one(b.emit(Op.BITCAST, MType.I32, a[0])), "math", "Float32bits");
        put((b, a) -> one(b.emit(Op.BITCAST, MType.F32, a[0])), "math", "Float32frombits");
    }

    private void round(String name, int mode) {
        put((b, a) -> {
            Value v = b.emit(Op.FROUND, MType.F64, a[0]);
            v.auxInt = mode;
            return one(v);
        }, "math", name);
    }
}
