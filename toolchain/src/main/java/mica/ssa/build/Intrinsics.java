// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.HashMap;
import java.util.Map;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.types.Type;

/**
 * Functions of the library that become instructions instead of calls (contract: intrinsics). Looked up by package path and name.
 */
final class Intrinsics {
    private enum Kind {
        LOAD, STORE, ADD, XCHG, CAS, AND, OR,
        UNARY, LEN, CTZ, POPCNT, ROTL, BSWAP,
        MUL_WIDE, ADD_CARRY, SUB_BORROW, MUL_OVERFLOW,
        ROUND, SELECT, BOOL_TO_BYTE, BITCAST,
        CALLER_PC, CALLER_SP, CLOSURE, GETG, PREFETCH, IDENTITY, KEEP_ALIVE, FENCE
    }

    /** What a function becomes: a kind with its operation and a number. */
    private static final class Entry {
        final Kind kind;
        final Op op;
        final int n;

        Entry(Kind kind, Op op, int n) {
            this.kind = kind;
            this.op = op;
            this.n = n;
        }
    }

    private static final Map<String, Entry> TABLE = table();

    private Intrinsics() {}

    private static Map<String, Entry> table() {
        Map<String, Entry> t = new HashMap<>();
        runtimeAtomics(t);
        syncAtomics(t);
        bits(t);
        math(t);
        runtime(t);
        return t;
    }

    private static void put(Map<String, Entry> t, String pkg, Kind kind, Op op, int n, String... names) {
        Entry e = new Entry(kind, op, n);
        for (String name : names) {
            t.put(pkg + "." + name, e);
        }
    }

    private static void runtimeAtomics(Map<String, Entry> t) {
        String p = "internal/runtime/atomic";
        put(t, p, Kind.LOAD, Op.ATOMIC_LOAD, 0, "Load", "Load8", "Load64", "LoadAcq", "LoadAcq64", "LoadAcquintptr", "Loadint32", "Loadint64",
                "Loadp", "Loaduint", "Loaduintptr");
        put(t, p, Kind.STORE, Op.ATOMIC_STORE, 0, "Store", "Store8", "Store64", "StoreRel", "StoreRel64", "StoreReluintptr", "Storeint32",
                "Storeint64", "StorepNoWB", "Storeuintptr");
        put(t, p, Kind.ADD, Op.ATOMIC_ADD, 0, "Xadd", "Xadd64", "Xaddint32", "Xaddint64", "Xadduintptr");
        put(t, p, Kind.XCHG, Op.ATOMIC_XCHG, 0, "Xchg", "Xchg8", "Xchg64", "Xchgint32", "Xchgint64", "Xchguintptr");
        put(t, p, Kind.CAS, Op.ATOMIC_CAS, 0, "Cas", "Cas64", "CasRel", "Casint32", "Casint64", "Casp1", "Casuintptr");
        put(t, p, Kind.AND, Op.ATOMIC_AND, 0, "And", "And8", "And32", "And64", "Anduintptr");
        put(t, p, Kind.OR, Op.ATOMIC_OR, 0, "Or", "Or8", "Or32", "Or64", "Oruintptr");
    }

    private static void syncAtomics(Map<String, Entry> t) {
        String p = "sync/atomic";
        for (String w : new String[] {"Int32", "Int64", "Uint32", "Uint64", "Uintptr"}) {
            put(t, p, Kind.ADD, Op.ATOMIC_ADD, 0, "Add" + w);
            put(t, p, Kind.AND, Op.ATOMIC_AND, 0, "And" + w);
            put(t, p, Kind.OR, Op.ATOMIC_OR, 0, "Or" + w);
            put(t, p, Kind.CAS, Op.ATOMIC_CAS, 0, "CompareAndSwap" + w);
            put(t, p, Kind.LOAD, Op.ATOMIC_LOAD, 0, "Load" + w);
            put(t, p, Kind.STORE, Op.ATOMIC_STORE, 0, "Store" + w);
            put(t, p, Kind.XCHG, Op.ATOMIC_XCHG, 0, "Swap" + w);
        }
        put(t, p, Kind.LOAD, Op.ATOMIC_LOAD, 0, "LoadPointer");
    }

    private static void bits(Map<String, Entry> t) {
        String p = "math/bits";
        put(t, p, Kind.LEN, Op.BITLEN, 0, "Len", "Len8", "Len16", "Len32", "Len64");
        put(t, p, Kind.CTZ, Op.CTZ, 0, "TrailingZeros", "TrailingZeros8", "TrailingZeros16", "TrailingZeros32", "TrailingZeros64");
        put(t, p, Kind.POPCNT, Op.POPCNT, 0, "OnesCount", "OnesCount16", "OnesCount32", "OnesCount64");
        put(t, p, Kind.ROTL, Op.ROTL, 0, "RotateLeft", "RotateLeft8", "RotateLeft16", "RotateLeft32", "RotateLeft64");
        put(t, p, Kind.BSWAP, Op.BSWAP, 0, "ReverseBytes", "ReverseBytes32", "ReverseBytes64");
        put(t, p, Kind.MUL_WIDE, Op.UMUL_WIDE, 0, "Mul", "Mul64");
        put(t, p, Kind.ADD_CARRY, Op.ADD_CARRY, 0, "Add", "Add64");
        put(t, p, Kind.SUB_BORROW, Op.SUB_BORROW, 0, "Sub", "Sub64");
        put(t, "math/big", Kind.MUL_WIDE, Op.UMUL_WIDE, 0, "mulWW");
        String s = "internal/runtime/sys";
        put(t, s, Kind.LEN, Op.BITLEN, 0, "Len8", "Len64");
        put(t, s, Kind.CTZ, Op.CTZ, 0, "TrailingZeros8", "TrailingZeros32", "TrailingZeros64");
        put(t, s, Kind.POPCNT, Op.POPCNT, 0, "OnesCount64");
        put(t, s, Kind.BSWAP, Op.BSWAP, 0, "Bswap32", "Bswap64");
        put(t, "internal/runtime/math", Kind.ADD_CARRY, Op.ADD_CARRY, 0, "Add64");
        put(t, "internal/runtime/math", Kind.MUL_OVERFLOW, Op.UMUL_WIDE, 0, "MulUintptr");
    }

    private static void math(Map<String, Entry> t) {
        put(t, "math", Kind.UNARY, Op.FABS, 0, "Abs");
        put(t, "math", Kind.UNARY, Op.FSQRT, 0, "sqrt", "Sqrt");
        put(t, "math", Kind.ROUND, Op.FROUND, 0, "RoundToEven");
        put(t, "math", Kind.ROUND, Op.FROUND, 1, "Floor");
        put(t, "math", Kind.ROUND, Op.FROUND, 2, "Ceil");
        put(t, "math", Kind.ROUND, Op.FROUND, 3, "Trunc");
        put(t, "math", Kind.UNARY, Op.FMA, 0, "FMA");
        put(t, "math", Kind.UNARY, Op.FCOPYSIGN, 0, "Copysign");
        put(t, "math", Kind.BITCAST, Op.BITCAST, 0, "Float64bits", "Float32bits", "Float64frombits", "Float32frombits");
        put(t, "crypto/internal/constanttime", Kind.SELECT, Op.SELECT, 0, "Select");
        put(t, "crypto/internal/constanttime", Kind.BOOL_TO_BYTE, Op.COPY, 0, "boolToUint8");
    }

    private static void runtime(Map<String, Entry> t) {
        String s = "internal/runtime/sys";
        put(t, s, Kind.CALLER_PC, Op.CALLER_PC, 0, "GetCallerPC");
        put(t, s, Kind.CALLER_SP, Op.CALLER_SP, 0, "GetCallerSP");
        put(t, s, Kind.CLOSURE, Op.CLOSURE_CONTEXT, 0, "GetClosurePtr");
        put(t, s, Kind.PREFETCH, Op.PREFETCH, 0, "Prefetch", "PrefetchStreamed");
        put(t, "runtime", Kind.GETG, Op.GETG, 0, "getg");
        put(t, "runtime", Kind.KEEP_ALIVE, Op.KEEP_ALIVE, 0, "KeepAlive");
        put(t, "runtime", Kind.FENCE, Op.FENCE, 0, "publicationBarrier");
    }

    static boolean known(String pkgPath, String name) {
        return TABLE.containsKey(pkgPath + "." + name);
    }

    /**
     * The results of a call of an intrinsic function, or null if the function is none.
     *
     * @param results the types of its results
     */
    static Operand[] call(FuncBuilder b, String pkgPath, String name, Operand[] args, Type[] results) {
        Entry e = TABLE.get(pkgPath + "." + name);
        if (e == null) {
            return null;
        }
        switch (e.kind) {
            case LOAD:
                return one(results, b.emit(e.op, b.layout(results[0]).parts[0], args[0].v()));
            case STORE:
                b.emit(e.op, MType.VOID, args[0].v(), args[1].v());
                return new Operand[0];
            case ADD, XCHG:
                return one(results, b.emit(e.op, args[1].v().type, args[0].v(), args[1].v()));
            case AND, OR: {
                Value old = b.emit(e.op, args[1].v().type, args[0].v(), args[1].v());
                return results.length == 0 ? new Operand[0] : one(results, old);
            }
            case CAS:
                return one(results, b.emit(e.op, MType.I8, args[0].v(), args[1].v(), args[2].v()));
            case UNARY: {
                Value v = b.emit(e.op, args[0].v().type);
                for (Operand a : args) {
                    v.addArg(a.v());
                }
                return one(results, v);
            }
            case ROUND: {
                Value v = b.emit(e.op, args[0].v().type, args[0].v());
                v.auxInt = e.n;
                return one(results, v);
            }
            case BSWAP:
                return one(results, b.emit(e.op, args[0].v().type, args[0].v()));
            case ROTL:
                return one(results, b.emit(e.op, args[0].v().type, args[0].v(), args[1].v()));
            case LEN, CTZ, POPCNT:
                return one(results, count(b, e, args[0].v()));
            case BITCAST:
                return one(results, b.emit(e.op, b.layout(results[0]).parts[0], args[0].v()));
            default:
                return special(b, e, args, results);
        }
    }

    private static Operand[] special(FuncBuilder b, Entry e, Operand[] args, Type[] results) {
        switch (e.kind) {
            case MUL_WIDE:
                return two(results, b.emit(e.op, MType.TUPLE, args[0].v(), args[1].v()), b);
            case ADD_CARRY, SUB_BORROW:
                return two(results, b.emit(e.op, MType.TUPLE, args[0].v(), args[1].v(), args[2].v()), b);
            case MUL_OVERFLOW: {
                Value wide = b.emit(e.op, MType.TUPLE, args[0].v(), args[1].v());
                Value hi = result(b, wide, 0);
                Value lo = result(b, wide, 1);
                return new Operand[] {Operand.of(results[0], lo), Operand.of(results[1], b.compare(Op.NE, hi, b.i64(0)))};
            }
            case SELECT:
                return one(results, b.emit(Op.SELECT, MType.I64, b.compare(Op.NE, args[0].v(), b.i64(0)), args[1].v(), args[2].v()));
            case BOOL_TO_BYTE:
                return one(results, args[0].v());
            case CALLER_PC, CALLER_SP:
                return one(results, b.emit(e.op, MType.I64));
            case CLOSURE:
                return one(results, b.emit(Op.PTR_TO_INT, MType.I64, b.closureContext()));
            case GETG:
                return one(results, b.emit(e.op, MType.PTR));
            case PREFETCH:
                b.emit(e.op, MType.VOID, b.emit(Op.INT_TO_PTR, MType.PTR, args[0].v()));
                return new Operand[0];
            case KEEP_ALIVE:
                if (!args[0].isMemory() && args[0].parts.length > 1) {
                    b.emit(e.op, MType.VOID, args[0].parts[1]);
                }
                return new Operand[0];
            case FENCE:
                b.emit(e.op, MType.VOID);
                return new Operand[0];
            default:
                return null;
        }
    }

    /** Bit counts are made at the width of the operand, or at 32 bits for narrower ones, and are ints. */
    private static Value count(FuncBuilder b, Entry e, Value x) {
        Value w = x;
        if (x.type == MType.I8 || x.type == MType.I16) {
            w = b.emit(Op.ZEXT, MType.I32, x);
            if (e.kind == Kind.CTZ) {
                // A bit above the operand's width stops the count there.
                w = b.emit(Op.OR, MType.I32, w, b.constant(MType.I32, 1L << (8 * x.type.size)));
            }
        }
        Value n = b.emit(e.op, w.type, w);
        return n.type == MType.I64 ? n : b.emit(Op.ZEXT, MType.I64, n);
    }

    private static Operand[] one(Type[] results, Value v) {
        return new Operand[] {Operand.of(results[0], v)};
    }

    private static Operand[] two(Type[] results, Value tuple, FuncBuilder b) {
        return new Operand[] {Operand.of(results[0], result(b, tuple, 0)), Operand.of(results[1], result(b, tuple, 1))};
    }

    private static Value result(FuncBuilder b, Value tuple, int n) {
        Value v = b.emit(Op.RESULT, MType.I64, tuple);
        v.auxInt = n;
        return v;
    }
}
