// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.lang.foreign.ValueLayout;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/** Evaluates SSA with Java's arithmetic on real memory: the oracle for generated code. Values are sign-extended longs; floats are bits. */
final class Interp {
    /** A check failed. */
    static final class Panic extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int number;

        Panic(int number) {
            super("panic " + number, null, false, false);
            this.number = number;
        }
    }

    private final long stack;
    private final Func f;
    private final long[] args;
    private final long[] val;
    private final long[] second;
    private final long[] slotAt;
    long steps;

    Interp(Func f, long[] args, long stack) {
        this.f = f;
        this.args = args;
        this.stack = stack;
        val = new long[f.valueCount()];
        second = new long[f.valueCount()];
        slotAt = new long[f.slots.size()];
        long at = stack;
        for (Slot s : f.slots) {
            slotAt[s.id] = at;
            for (long i = 0; i < s.size; i++) {
                Machine.ALL.set(ValueLayout.JAVA_BYTE, at + i, (byte) 0);
            }
            at += s.size + 15 & -16;
        }
    }

    long[] run() {
        Block b = f.entry;
        Block from = null;
        int edge = 0;
        for (;;) {
            int n = 0;
            while (n < b.count && b.values[n].op == Op.PHI) {
                n++;
            }
            long[] phis = new long[n];
            for (int i = 0; i < n; i++) {
                phis[i] = val[b.values[i].args[edge].id];
            }
            for (int i = 0; i < n; i++) {
                val[b.values[i].id] = phis[i];
            }
            for (int i = n; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.RETURN) {
                    long[] r = new long[v.argCount];
                    for (int k = 0; k < r.length; k++) {
                        r[k] = a(v, k);
                    }
                    return r;
                }
                val[v.id] = eval(v);
            }
            if (++steps > 100000) {
                throw new IllegalStateException("does not end");
            }
            int s = switch (b.kind) {
                case IF -> (byte) val[b.control.id] != 0 ? 0 : 1;
                case JUMP_TABLE -> (int) val[b.control.id];
                default -> 0;
            };
            from = b;
            edge = from.succIndex[s];
            b = from.succs[s];
        }
    }

    private long a(Value v, int i) {
        return val[v.args[i].id];
    }

    static long norm(MType t, long x) {
        return switch (t) {
            case I8 -> (byte) x;
            case I16 -> (short) x;
            case I32, F32 -> (int) x;
            default -> x;
        };
    }

    private static long unsigned(MType t, long x) {
        return switch (t.size) {
            case 1 -> x & 0xff;
            case 2 -> x & 0xffff;
            case 4 -> x & 0xffffffffL;
            default -> x;
        };
    }

    private static double d(MType t, long bits) {
        return t == MType.F64 ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
    }

    private static long bits(MType t, double x) {
        return t == MType.F64 ? Double.doubleToRawLongBits(x) : Float.floatToRawIntBits((float) x);
    }

    private long eval(Value v) {
        MType t = v.type;
        MType at = v.argCount > 0 ? v.args[0].type : t;
        int w = t.size * 8;
        switch (v.op) {
            case CONST -> {
                return norm(t, v.auxInt);
            }
            case ADDR -> {
                return ((Symbol) v.aux).address + v.auxInt;
            }
            case LOCAL_ADDR -> {
                return slotAt[((Slot) v.aux).id] + v.auxInt;
            }
            case ARG -> {
                return norm(t, args[(int) v.auxInt]);
            }
            case COPY -> {
                return a(v, 0);
            }
            case ADD, ADD_PTR -> {
                return norm(t, a(v, 0) + a(v, 1));
            }
            case OFF_PTR -> {
                return a(v, 0) + v.auxInt;
            }
            case SUB -> {
                return norm(t, a(v, 0) - a(v, 1));
            }
            case MUL -> {
                return norm(t, a(v, 0) * a(v, 1));
            }
            case DIV -> {
                return norm(t, a(v, 1) == -1 ? -a(v, 0) : a(v, 0) / a(v, 1));
            }
            case REM -> {
                return norm(t, a(v, 1) == -1 ? 0 : a(v, 0) % a(v, 1));
            }
            case UDIV -> {
                return norm(t, Long.divideUnsigned(unsigned(t, a(v, 0)), unsigned(t, a(v, 1))));
            }
            case UREM -> {
                return norm(t, Long.remainderUnsigned(unsigned(t, a(v, 0)), unsigned(t, a(v, 1))));
            }
            case AND -> {
                return a(v, 0) & a(v, 1);
            }
            case OR -> {
                return a(v, 0) | a(v, 1);
            }
            case XOR -> {
                return a(v, 0) ^ a(v, 1);
            }
            case NEG -> {
                return norm(t, -a(v, 0));
            }
            case NOT -> {
                return ~a(v, 0);
            }
            case SHL, SHR, SAR -> {
                long n = unsigned(v.args[1].type, a(v, 1));
                boolean over = Long.compareUnsigned(n, w) >= 0;
                if (v.op == Op.SAR) {
                    return a(v, 0) >> (over ? 63 : n);
                }
                return over ? 0 : norm(t, v.op == Op.SHL ? a(v, 0) << n : unsigned(t, a(v, 0)) >>> n);
            }
            case ROTL -> {
                int n = (int) a(v, 1) & w - 1;
                long x = unsigned(t, a(v, 0));
                return n == 0 ? norm(t, x) : norm(t, x << n | x >>> w - n);
            }
            case MUL_HI -> {
                return t == MType.I64 ? Math.multiplyHigh(a(v, 0), a(v, 1)) : a(v, 0) * a(v, 1) >> 32;
            }
            case UMUL_HI -> {
                return t == MType.I64 ? Math.unsignedMultiplyHigh(a(v, 0), a(v, 1))
                        : norm(t, unsigned(t, a(v, 0)) * unsigned(t, a(v, 1)) >>> 32);
            }
            case UMUL_WIDE -> {
                second[v.id] = a(v, 0) * a(v, 1);
                return Math.unsignedMultiplyHigh(a(v, 0), a(v, 1));
            }
            case UDIV_WIDE -> {
                java.math.BigInteger hi = new java.math.BigInteger(Long.toUnsignedString(a(v, 0)));
                java.math.BigInteger lo = new java.math.BigInteger(Long.toUnsignedString(a(v, 1)));
                java.math.BigInteger y = new java.math.BigInteger(Long.toUnsignedString(a(v, 2)));
                java.math.BigInteger[] qr = hi.shiftLeft(64).add(lo).divideAndRemainder(y);
                second[v.id] = qr[1].longValue();
                return qr[0].longValue();
            }
            case ADD_CARRY -> {
                long x = a(v, 0);
                long y = a(v, 1);
                long c = a(v, 2);
                long s = x + y + c;
                second[v.id] = (x & y | (x | y) & ~s) >>> 63;
                return s;
            }
            case SUB_BORROW -> {
                long x = a(v, 0);
                long y = a(v, 1);
                long s = x - y - a(v, 2);
                second[v.id] = (~x & y | ~(x ^ y) & s) >>> 63;
                return s;
            }
            case BSWAP -> {
                return switch (w) {
                    case 64 -> Long.reverseBytes(a(v, 0));
                    case 32 -> Integer.reverseBytes((int) a(v, 0));
                    case 16 -> Short.reverseBytes((short) a(v, 0));
                    default -> a(v, 0);
                };
            }
            case CTZ -> {
                long x = unsigned(at, a(v, 0));
                return x == 0 ? at.size * 8 : Long.numberOfTrailingZeros(x);
            }
            case BITLEN -> {
                return 64 - Long.numberOfLeadingZeros(unsigned(at, a(v, 0)));
            }
            case POPCNT -> {
                return Long.bitCount(unsigned(at, a(v, 0)));
            }
            case EQ -> {
                return a(v, 0) == a(v, 1) ? 1 : 0;
            }
            case NE -> {
                return a(v, 0) != a(v, 1) ? 1 : 0;
            }
            case LT -> {
                return a(v, 0) < a(v, 1) ? 1 : 0;
            }
            case LE -> {
                return a(v, 0) <= a(v, 1) ? 1 : 0;
            }
            case ULT -> {
                return Long.compareUnsigned(a(v, 0), a(v, 1)) < 0 ? 1 : 0;
            }
            case ULE -> {
                return Long.compareUnsigned(a(v, 0), a(v, 1)) <= 0 ? 1 : 0;
            }
            case FEQ -> {
                return d(at, a(v, 0)) == d(at, a(v, 1)) ? 1 : 0;
            }
            case FNE -> {
                return d(at, a(v, 0)) != d(at, a(v, 1)) ? 1 : 0;
            }
            case FLT -> {
                return d(at, a(v, 0)) < d(at, a(v, 1)) ? 1 : 0;
            }
            case FLE -> {
                return d(at, a(v, 0)) <= d(at, a(v, 1)) ? 1 : 0;
            }
            case BOOL_NOT -> {
                return a(v, 0) ^ 1;
            }
            case SELECT -> {
                return a(v, 0) != 0 ? a(v, 1) : a(v, 2);
            }
            case TRUNC, SEXT -> {
                return norm(t, a(v, 0));
            }
            case ZEXT -> {
                return norm(t, unsigned(at, a(v, 0)));
            }
            case PTR_TO_INT, INT_TO_PTR -> {
                return a(v, 0);
            }
            case BITCAST -> {
                return norm(t, a(v, 0));
            }
            case INT_TO_FLOAT -> {
                return t == MType.F64 ? bits(t, (double) a(v, 0)) : Float.floatToRawIntBits((float) a(v, 0));
            }
            case UINT_TO_FLOAT -> {
                java.math.BigInteger x = new java.math.BigInteger(Long.toUnsignedString(a(v, 0)));
                return t == MType.F64 ? bits(t, x.doubleValue()) : Float.floatToRawIntBits(x.floatValue());
            }
            case FLOAT_TO_INT -> {
                double x = d(at, a(v, 0));
                if (t == MType.I32) {
                    return x > -2147483649.0 && x < 2147483648.0 ? (int) x : Integer.MIN_VALUE;
                }
                return x >= -0x1p63 && x < 0x1p63 ? (long) x : Long.MIN_VALUE;
            }
            case FLOAT_TO_UINT -> {
                double x = d(at, a(v, 0));
                return x < 0x1p63 ? (long) x : (x < 0x1p64 ? (long) (x - 0x1p63) : 0) | Long.MIN_VALUE;
            }
            case FEXT, FTRUNC -> {
                return bits(t, d(at, a(v, 0)));
            }
            case FADD, FSUB, FMUL, FDIV, FMIN, FMAX -> {
                return binary(v.op, t, a(v, 0), a(v, 1));
            }
            case FNEG -> {
                return t == MType.F64 ? a(v, 0) ^ Long.MIN_VALUE : norm(t, a(v, 0) ^ 0x80000000L);
            }
            case FABS -> {
                return t == MType.F64 ? a(v, 0) & Long.MAX_VALUE : a(v, 0) & 0x7fffffff;
            }
            case FSQRT -> {
                return bits(t, Math.sqrt(d(t, a(v, 0))));
            }
            case FCOPYSIGN -> {
                return t == MType.F64 ? a(v, 0) & Long.MAX_VALUE | a(v, 1) & Long.MIN_VALUE
                        : norm(t, a(v, 0) & 0x7fffffff | a(v, 1) & 0x80000000L);
            }
            case FMA -> {
                return t == MType.F64 ? bits(t, Math.fma(d(t, a(v, 0)), d(t, a(v, 1)), d(t, a(v, 2))))
                        : Float.floatToRawIntBits(Math.fma((float) d(t, a(v, 0)), (float) d(t, a(v, 1)), (float) d(t, a(v, 2))));
            }
            case FROUND -> {
                double x = d(t, a(v, 0));
                double r = switch ((int) v.auxInt) {
                    case 0 -> Math.rint(x);
                    case 1 -> Math.floor(x);
                    case 2 -> Math.ceil(x);
                    default -> x < 0 || 1 / x < 0 ? Math.ceil(x) : Math.floor(x);
                };
                return bits(t, r);
            }
            case LOAD, ATOMIC_LOAD -> {
                return load(t, a(v, 0) + v.auxInt);
            }
            case STORE, ATOMIC_STORE -> {
                store(v.args[1].type, a(v, 0) + v.auxInt, a(v, 1));
                return 0;
            }
            case ZERO -> {
                for (long i = 0; i < v.auxInt; i++) {
                    store(MType.I8, a(v, 0) + i, 0);
                }
                return 0;
            }
            case MOVE -> {
                for (long i = 0; i < v.auxInt; i++) {
                    store(MType.I8, a(v, 0) + i, load(MType.I8, a(v, 1) + i));
                }
                return 0;
            }
            case ATOMIC_ADD, ATOMIC_XCHG, ATOMIC_AND, ATOMIC_OR -> {
                MType m = v.args[1].type;
                long old = load(m, a(v, 0));
                long x = a(v, 1);
                store(m, a(v, 0), v.op == Op.ATOMIC_ADD ? old + x : v.op == Op.ATOMIC_XCHG ? x
                        : v.op == Op.ATOMIC_AND ? old & x : old | x);
                return norm(m, v.op == Op.ATOMIC_ADD ? old + x : old);
            }
            case ATOMIC_CAS -> {
                MType m = v.args[1].type;
                if (load(m, a(v, 0)) == a(v, 1)) {
                    store(m, a(v, 0), a(v, 2));
                    return 1;
                }
                return 0;
            }
            case NIL_CHECK, VAR_DEF, KEEP_ALIVE, PREFETCH, PAUSE, FENCE -> {
                return 0;
            }
            case BOUNDS_CHECK -> {
                BoundsKind k = (BoundsKind) v.aux;
                int c = Long.compareUnsigned(a(v, 0), a(v, 1));
                if (k.strict ? c >= 0 : c > 0) {
                    throw new Panic(k.ordinal() + 1);
                }
                return 0;
            }
            case DIV_CHECK -> {
                if (a(v, 0) == 0) {
                    throw new Panic(100);
                }
                return 0;
            }
            case SHIFT_CHECK -> {
                if (a(v, 0) < 0) {
                    throw new Panic(101);
                }
                return 0;
            }
            case CALL -> {
                // the only callee of tests: x + 1
                CallInfo c = (CallInfo) v.aux;
                if (!c.callee.name.equals("test.trash")) {
                    throw new IllegalStateException("unknown callee " + c.callee);
                }
                return a(v, 0) + 1;
            }
            case RESULT -> {
                return v.auxInt == 0 ? norm(t, a(v, 0)) : second[v.args[0].id];
            }
            default -> throw new IllegalStateException("not evaluated: " + v.op);
        }
    }

    private static long binary(Op op, MType t, long x, long y) {
        if (t == MType.F64) {
            double a = Double.longBitsToDouble(x);
            double b = Double.longBitsToDouble(y);
            return Double.doubleToRawLongBits(switch (op) {
                case FADD -> a + b;
                case FSUB -> a - b;
                case FMUL -> a * b;
                case FDIV -> a / b;
                case FMIN -> Math.min(a, b);
                default -> Math.max(a, b);
            });
        }
        float a = Float.intBitsToFloat((int) x);
        float b = Float.intBitsToFloat((int) y);
        return Float.floatToRawIntBits(switch (op) {
            case FADD -> a + b;
            case FSUB -> a - b;
            case FMUL -> a * b;
            case FDIV -> a / b;
            case FMIN -> Math.min(a, b);
            default -> Math.max(a, b);
        });
    }

    static long load(MType t, long a) {
        return switch (t.size) {
            case 1 -> Machine.ALL.get(ValueLayout.JAVA_BYTE, a);
            case 2 -> Machine.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, a);
            case 4 -> Machine.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, a);
            default -> Machine.get(a);
        };
    }

    static void store(MType t, long a, long v) {
        switch (t.size) {
            case 1 -> Machine.ALL.set(ValueLayout.JAVA_BYTE, a, (byte) v);
            case 2 -> Machine.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, a, (short) v);
            case 4 -> Machine.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, a, (int) v);
            default -> Machine.put(a, v);
        }
    }

    /** The signature that spreads scalars over registers, then the stack, as our convention does. */
    static AbiSig signature(MType[] args, MType[] results) {
        int[] stack = {0};
        int[] spill = {0};
        AbiSig.Loc[] a = locs(args, stack, spill, true);
        int argsEnd = stack[0] + 7 & -8;
        stack[0] = argsEnd;
        AbiSig.Loc[] r = locs(results, stack, spill, false);
        int size = stack[0] + 7 & -8;
        AbiSig.Loc[] moved = new AbiSig.Loc[a.length];
        for (int i = 0; i < a.length; i++) {
            moved[i] = a[i].reg < 0 ? a[i] : new AbiSig.Loc(a[i].type, a[i].reg, -1, size + a[i].spillOffset, 0, null);
        }
        return new AbiSig(1, moved, r, size, spill[0] + 7 & -8);
    }

    private static AbiSig.Loc[] locs(MType[] types, int[] stack, int[] spill, boolean args) {
        AbiSig.Loc[] r = new AbiSig.Loc[types.length];
        int ints = 0;
        int floats = 0;
        for (int i = 0; i < types.length; i++) {
            MType t = types[i];
            boolean fl = t.isFloat();
            if (fl ? floats < 15 : ints < 9) {
                spill[0] = spill[0] + t.size - 1 & -t.size;
                r[i] = new AbiSig.Loc(t, fl ? floats++ : ints++, -1, args ? spill[0] : -1, 0, null);
                spill[0] += args ? t.size : 0;
            } else {
                stack[0] = stack[0] + t.size - 1 & -t.size;
                r[i] = new AbiSig.Loc(t, -1, stack[0], -1, 0, null);
                stack[0] += t.size;
            }
        }
        return r;
    }
}
