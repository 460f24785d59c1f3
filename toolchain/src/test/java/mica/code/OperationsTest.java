// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import org.junit.jupiter.api.Test;

/** Every operation over edge values, with operands in registers, constant, and used in a branch. */
class OperationsTest {
    private final Harness h = new Harness();

    static final long[] INTS = {0, 1, -1, 2, 3, 5, 7, 8, 31, 32, 33, 63, 64, 65, 100, 127, 128, 255, 256, -128, -129, 0x7fff, -0x8000, 65535,
        Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffffffffL, 0x100000000L, Long.MAX_VALUE, Long.MIN_VALUE, 0x123456789abcdef0L};
    static final double[] DOUBLES = {0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e10, -1e10, 4503599627370497.5, 9.3e18, -9.3e18, 1.8e19,
        2147483647, 2147483648.0, -2147483648.0, -2147483649.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE, Double.MAX_VALUE, 3.14159};

    private static final MType[] WIDTHS = {MType.I8, MType.I16, MType.I32, MType.I64};
    private static final MType[] FLOATS = {MType.F32, MType.F64};

    private static long[] ints(MType t) {
        long[] r = new long[INTS.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = Interp.norm(t, INTS[i]);
        }
        return r;
    }

    private static long[] floats(MType t) {
        long[] r = new long[DOUBLES.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = t == MType.F64 ? Double.doubleToRawLongBits(DOUBLES[i]) : Float.floatToRawIntBits((float) DOUBLES[i]);
        }
        return r;
    }

    private static long[] values(MType t) {
        return t.isFloat() ? floats(t) : ints(t);
    }

    private static long[][] pairs(long[] a, long[] b, boolean nonZero) {
        long[][] r = new long[a.length * b.length][];
        int n = 0;
        for (long x : a) {
            for (long y : b) {
                r[n++] = new long[] {x, nonZero && y == 0 ? 1 : y};
            }
        }
        return r;
    }

    private void binary(Op op, MType t, MType second, MType result, boolean nonZero) {
        long[] ys = values(second);
        Func f = h.func(new MType[] {t, second}, new MType[] {result});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Harness.ret(b, Harness.add(b, op, result, a[0], a[1]));
        h.compare(f, pairs(values(t), ys, nonZero));
        // operands still alive afterwards
        f = h.func(new MType[] {t, second}, new MType[] {result, t, second});
        b = f.newBlock();
        a = Harness.args(b);
        Harness.ret(b, Harness.add(b, op, result, a[0], a[1]), a[0], a[1]);
        h.compare(f, pairs(values(t), ys, nonZero));
        for (int i = 0; i < ys.length; i += 2) {
            if (nonZero && ys[i] == 0) {
                continue;
            }
            f = h.func(new MType[] {t}, new MType[] {result});
            b = f.newBlock();
            a = Harness.args(b);
            Harness.ret(b, Harness.add(b, op, result, a[0], Harness.constant(b, second, ys[i])));
            h.compare(f, pairs(values(t), new long[] {0}, false));
            if (t == second) {
                f = h.func(new MType[] {t}, new MType[] {result});
                b = f.newBlock();
                a = Harness.args(b);
                Harness.ret(b, Harness.add(b, op, result, Harness.constant(b, second, ys[i]), a[0]));
                h.compare(f, pairs(nonZero ? new long[] {1, 2, -1, 77} : values(t), new long[] {0}, false));
            }
        }
        // second operand from memory
        f = h.func(new MType[] {t, second, MType.PTR}, new MType[] {result});
        b = f.newBlock();
        a = Harness.args(b);
        Harness.add(b, Op.STORE, MType.VOID, a[2], a[1]).auxInt = 16;
        Value l = Harness.add(b, Op.LOAD, second, a[2]);
        l.auxInt = 16;
        Harness.ret(b, Harness.add(b, op, result, a[0], l));
        long[][] rows = pairs(values(t), ys, nonZero);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new long[] {rows[i][0], rows[i][1], h.machine.data};
        }
        h.compare(f, rows);
    }

    private void unary(Op op, MType t, MType result) {
        unary(op, t, result, 0);
    }

    private void unary(Op op, MType t, MType result, int aux) {
        Func f = h.func(new MType[] {t}, new MType[] {result, t});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Value v = Harness.add(b, op, result, a[0]);
        v.auxInt = aux;
        Harness.ret(b, v, a[0]);
        h.compare(f, pairs(values(t), new long[] {0}, false));
        f = h.func(new MType[] {t}, new MType[] {result});
        b = f.newBlock();
        a = Harness.args(b);
        v = Harness.add(b, op, result, a[0]);
        v.auxInt = aux;
        Harness.ret(b, v);
        h.compare(f, pairs(values(t), new long[] {0}, false));
    }

    @Test
    void integerArithmetic() {
        for (MType t : WIDTHS) {
            for (Op op : new Op[] {Op.ADD, Op.SUB, Op.MUL, Op.AND, Op.OR, Op.XOR}) {
                binary(op, t, t, t, false);
            }
            for (Op op : new Op[] {Op.DIV, Op.UDIV, Op.REM, Op.UREM}) {
                binary(op, t, t, t, true);
            }
            for (Op op : new Op[] {Op.NEG, Op.NOT}) {
                unary(op, t, t);
            }
        }
    }

    @Test
    void divisionByConstants() {
        long[] divisors = {2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 25, 28, 60, 64, 100, 125, 127, 128, 255, 641, 1000, 10000, 65535, 65537,
            1000000, 1000000007, 0x7fffffff, 0x80000000L, 0xffffffffL, 0xfffffffbL, 10000000000L, 1000000000000000000L,
            Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, -2, -3, -7, -10, -128, -1000, 6700417, 274177, 0x5555555555555555L};
        java.util.Random random = new java.util.Random(1);
        for (MType t : WIDTHS) {
            for (long d : divisors) {
                long n = Interp.norm(t, d);
                if (n == 0) {
                    continue;
                }
                long[][] rows = new long[INTS.length + 120][];
                for (int i = 0; i < rows.length; i++) {
                    long x = i < INTS.length ? INTS[i] : i % 3 == 0 ? random.nextLong() >> random.nextInt(64)
                            : n * (random.nextLong() >> random.nextInt(64)) + i % 3 - 1;
                    rows[i] = new long[] {Interp.norm(t, x)};
                }
                for (Op op : new Op[] {Op.DIV, Op.UDIV, Op.REM, Op.UREM}) {
                    Func f = h.func(new MType[] {t}, new MType[] {t});
                    Block b = f.newBlock();
                    Value[] a = Harness.args(b);
                    Harness.ret(b, Harness.add(b, op, t, a[0], Harness.constant(b, t, n)));
                    h.compare(f, rows);
                }
            }
        }
    }

    @Test
    void fusedMultiplyAdd() {
        Func g = new Func("math.FMA", null);
        g.sig = Interp.signature(new MType[] {MType.F64, MType.F64, MType.F64}, new MType[] {MType.F64});
        Block e = g.newBlock();
        Harness.ret(e, Harness.args(e)[2]);
        h.machine.backend.emit(g, h.machine.table.lookup("math.FMA", 1));
        Func f = h.func(new MType[] {MType.F64, MType.F64, MType.F64}, new MType[] {MType.F64, MType.F64});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Value v = Harness.add(b, Op.FMA, MType.F64, a);
        Harness.ret(b, Harness.add(b, Op.FADD, MType.F64, v, a[0]), a[2]);
        h.compare(f, new long[][] {{Double.doubleToLongBits(1 + 0x1p-52), Double.doubleToLongBits(1 - 0x1p-53), Double.doubleToLongBits(-1)},
            {Double.doubleToLongBits(3), Double.doubleToLongBits(4), Double.doubleToLongBits(5)}});
    }

    @Test
    void shifts() {
        for (MType t : WIDTHS) {
            for (MType c : WIDTHS) {
                for (Op op : new Op[] {Op.SHL, Op.SHR, Op.SAR, Op.ROTL}) {
                    binary(op, t, c, t, false);
                }
            }
        }
    }

    @Test
    void shiftByItself() {
        for (Op op : new Op[] {Op.SHL, Op.SHR, Op.SAR}) {
            Func f = h.func(new MType[] {MType.I64}, new MType[] {MType.I64, MType.I64});
            Block b = f.newBlock();
            Value[] a = Harness.args(b);
            Value v = Harness.add(b, op, MType.I64, a[0], a[0]);
            v.auxInt = 1;
            Harness.ret(b, v, a[0]);
            h.compare(f, new long[][] {{3}, {5}, {63}, {0}});
        }
    }

    @Test
    void bits() {
        for (MType t : WIDTHS) {
            for (Op op : new Op[] {Op.BSWAP, Op.CTZ, Op.BITLEN, Op.POPCNT}) {
                unary(op, t, t);
            }
        }
        for (MType t : new MType[] {MType.I32, MType.I64}) {
            binary(Op.MUL_HI, t, t, t, false);
            binary(Op.UMUL_HI, t, t, t, false);
        }
    }

    @Test
    void withoutCpuFeatures() {
        for (String flag : new String[] {"runtime.x86HasPOPCNT", "runtime.x86HasSSE41"}) {
            h.machine.table.lookup(flag).put(0, 0, 1);
        }
        for (MType t : WIDTHS) {
            unary(Op.POPCNT, t, t);
        }
        for (int mode = 0; mode < 4; mode++) {
            unary(Op.FROUND, MType.F64, MType.F64, mode);
        }
    }

    @Test
    void wideArithmetic() {
        for (Op op : new Op[] {Op.UMUL_WIDE, Op.ADD_CARRY, Op.SUB_BORROW, Op.UDIV_WIDE}) {
            int n = op == Op.UMUL_WIDE ? 2 : 3;
            for (int only = 0; only < 3; only++) {
                MType[] types = new MType[n];
                java.util.Arrays.fill(types, MType.I64);
                Func f = h.func(types, only == 0 ? new MType[] {MType.I64, MType.I64} : new MType[] {MType.I64});
                Block b = f.newBlock();
                Value[] a = Harness.args(b);
                Value t = Harness.add(b, op, MType.TUPLE, a);
                Value r0 = Harness.add(b, Op.RESULT, MType.I64, t);
                Value r1 = Harness.add(b, Op.RESULT, MType.I64, t);
                r1.auxInt = 1;
                if (only == 0) {
                    Harness.ret(b, r0, r1);
                } else {
                    Harness.ret(b, only == 1 ? r0 : r1);
                }
                long[] v = ints(MType.I64);
                long[][] rows = new long[v.length * v.length * 2][];
                int k = 0;
                for (long x : v) {
                    for (long y : v) {
                        for (int c = 0; c < 2; c++) {
                            rows[k++] = n == 2 ? new long[] {x, y} : op == Op.UDIV_WIDE
                                    ? (Long.compareUnsigned(x, y) < 0 ? new long[] {x, v[k % v.length], y} : new long[] {0, x, 9})
                                    : new long[] {x, y, c};
                        }
                    }
                }
                h.compare(f, rows);
            }
        }
    }

    @Test
    void comparisons() {
        for (MType t : WIDTHS) {
            for (Op op : new Op[] {Op.EQ, Op.NE, Op.LT, Op.LE, Op.ULT, Op.ULE}) {
                binary(op, t, t, MType.I8, false);
                branch(op, t);
                select(op, t, MType.I64);
                select(op, t, MType.I16);
                select(op, t, MType.F64);
            }
        }
        for (MType t : FLOATS) {
            for (Op op : new Op[] {Op.FEQ, Op.FNE, Op.FLT, Op.FLE}) {
                binary(op, t, t, MType.I8, false);
                branch(op, t);
                select(op, t, MType.I64);
                select(op, t, MType.F64);
                select(op, t, MType.F32);
            }
        }
    }

    private void branch(Op op, MType t) {
        for (int variant = 0; variant < 4; variant++) {
            Func f = h.func(new MType[] {t, t}, new MType[] {MType.I64});
            Block b = f.newBlock();
            Block yes = f.newBlock();
            Block no = f.newBlock();
            Value[] a = Harness.args(b);
            Value y = variant == 2 ? Harness.constant(b, t, 0) : variant == 3 ? Harness.constant(b, t, 5) : a[1];
            Value c = Harness.add(b, op, MType.I8, a[0], y);
            if (variant == 1) {
                c = Harness.add(b, Op.BOOL_NOT, MType.I8, c);
            }
            b.kind = Block.Kind.IF;
            b.control = c;
            b.addEdge(yes);
            b.addEdge(no);
            Harness.ret(yes, Harness.constant(yes, MType.I64, 10));
            Harness.ret(no, Harness.constant(no, MType.I64, 20));
            h.compare(f, pairs(values(t), values(t), false));
        }
    }

    private void select(Op op, MType t, MType result) {
        Func f = h.func(new MType[] {t, t, result, result}, new MType[] {result, result});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Value c = Harness.add(b, op, MType.I8, a[0], a[1]);
        Harness.ret(b, Harness.add(b, Op.SELECT, result, c, a[2], a[3]), a[3]);
        long[][] rows = pairs(values(t), values(t), false);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new long[] {rows[i][0], rows[i][1], 7, 9};
        }
        h.compare(f, rows);
    }

    @Test
    void conversions() {
        for (MType t : WIDTHS) {
            for (MType r : WIDTHS) {
                if (r.size < t.size) {
                    unary(Op.TRUNC, t, r);
                } else if (r.size > t.size) {
                    unary(Op.SEXT, t, r);
                    unary(Op.ZEXT, t, r);
                }
            }
        }
        for (MType r : FLOATS) {
            unary(Op.INT_TO_FLOAT, MType.I32, r);
            unary(Op.INT_TO_FLOAT, MType.I64, r);
            unary(Op.UINT_TO_FLOAT, MType.I64, r);
            unary(Op.FLOAT_TO_INT, r, MType.I32);
            unary(Op.FLOAT_TO_INT, r, MType.I64);
        }
        unary(Op.FEXT, MType.F32, MType.F64);
        unary(Op.FTRUNC, MType.F64, MType.F32);
        unary(Op.BITCAST, MType.F32, MType.I32);
        unary(Op.BITCAST, MType.F64, MType.I64);
        unary(Op.BITCAST, MType.I32, MType.F32);
        unary(Op.BITCAST, MType.I64, MType.F64);
        Func f = h.func(new MType[] {MType.F64}, new MType[] {MType.I64});
        Block b = f.newBlock();
        Harness.ret(b, Harness.add(b, Op.FLOAT_TO_UINT, MType.I64, Harness.args(b)));
        h.compare(f, new long[][] {{0}, {Double.doubleToLongBits(3.7)}, {Double.doubleToLongBits(1e18)},
            {Double.doubleToLongBits(9.3e18)}, {Double.doubleToLongBits(1.8e19)}, {Double.doubleToLongBits(0x1p63)}});
    }

    @Test
    void floats() {
        for (MType t : FLOATS) {
            for (Op op : new Op[] {Op.FADD, Op.FSUB, Op.FMUL, Op.FDIV, Op.FMIN, Op.FMAX, Op.FCOPYSIGN}) {
                binary(op, t, t, t, false);
            }
            for (Op op : new Op[] {Op.FNEG, Op.FABS, Op.FSQRT}) {
                unary(op, t, t);
            }
        }
        for (int mode = 0; mode < 4; mode++) {
            unary(Op.FROUND, MType.F64, MType.F64, mode);
        }
    }

    @Test
    void zeroAndMove() {
        for (int n = 1; n < 420; n += n < 70 ? 1 : 17) {
            Func f = h.func(new MType[] {MType.PTR}, new MType[] {});
            Block b = f.newBlock();
            Value[] a = Harness.args(b);
            Value p = Harness.add(b, Op.OFF_PTR, MType.PTR, a[0]);
            p.auxInt = 8;
            Value q = Harness.add(b, Op.OFF_PTR, MType.PTR, a[0]);
            q.auxInt = 512;
            Harness.add(b, Op.MOVE, MType.VOID, p, q).auxInt = n;
            Harness.add(b, Op.ZERO, MType.VOID, q).auxInt = n;
            Harness.ret(b);
            h.compare(f, new long[][] {{h.machine.data}});
        }
    }

    @Test
    void atomics() {
        for (MType t : new MType[] {MType.I8, MType.I32, MType.I64}) {
            for (Op op : new Op[] {Op.ATOMIC_ADD, Op.ATOMIC_XCHG, Op.ATOMIC_AND, Op.ATOMIC_OR}) {
                for (int used = 0; used < 2; used++) {
                    for (int k = 0; k < 2; k++) {
                        Func f = h.func(new MType[] {MType.PTR, t}, new MType[] {t, t});
                        Block b = f.newBlock();
                        Value[] a = Harness.args(b);
                        Value x = k == 0 ? a[1] : Harness.constant(b, t, 3);
                        Value v = Harness.add(b, op, t, a[0], x);
                        Harness.ret(b, used == 0 ? a[1] : v, a[1]);
                        h.compare(f, new long[][] {{h.machine.data, 5}, {h.machine.data, -1}, {h.machine.data + 8, 100}});
                    }
                }
            }
            Func f = h.func(new MType[] {MType.PTR, t, t}, new MType[] {MType.I8, t});
            Block b = f.newBlock();
            Value[] a = Harness.args(b);
            Value v = Harness.add(b, Op.ATOMIC_CAS, MType.I8, a[0], a[1], a[2]);
            Harness.add(b, Op.ATOMIC_STORE, MType.VOID, Harness.add(b, Op.OFF_PTR, MType.PTR, a[0]), a[1]);
            b.values[b.count - 2].auxInt = 64;
            Harness.ret(b, v, Harness.add(b, Op.ATOMIC_LOAD, t, a[0]));
            long now = Interp.norm(t, 0x0102030405060708L * 3);
            h.compare(f, new long[][] {{h.machine.data, now, 77}, {h.machine.data, now + 1, 77}});
            f = h.func(new MType[] {MType.PTR, t, t}, new MType[] {MType.I64});
            b = f.newBlock();
            Block yes = f.newBlock();
            Block no = f.newBlock();
            a = Harness.args(b);
            b.control = Harness.add(b, Op.ATOMIC_CAS, MType.I8, a);
            b.kind = Block.Kind.IF;
            b.addEdge(yes);
            b.addEdge(no);
            Harness.ret(yes, Harness.constant(yes, MType.I64, 10));
            Harness.ret(no, Harness.constant(no, MType.I64, 20));
            h.compare(f, new long[][] {{h.machine.data, now, 77}, {h.machine.data, now + 1, 77}});
        }
    }

    @Test
    void readModifyWrite() {
        for (MType t : WIDTHS) {
            for (Op op : new Op[] {Op.ADD, Op.SUB, Op.AND, Op.OR, Op.XOR}) {
                for (int k = 0; k < 4; k++) {
                    Func f = h.func(new MType[] {MType.PTR, t, MType.I64}, new MType[] {});
                    Block b = f.newBlock();
                    Value[] a = Harness.args(b);
                    Value p = a[0];
                    if (k == 3) {
                        Value c = Harness.constant(b, MType.I64, t == MType.I64 ? 3 : 1);
                        p = Harness.add(b, Op.ADD_PTR, MType.PTR, a[0], Harness.add(b, Op.SHL, MType.I64, a[2], c));
                    }
                    Value l = Harness.add(b, Op.LOAD, t, p);
                    l.auxInt = 24;
                    Value y = k == 0 ? a[1] : Harness.constant(b, t, k == 1 ? 1 : 100);
                    Harness.add(b, Op.STORE, MType.VOID, p, Harness.add(b, op, t, l, y)).auxInt = 24;
                    Harness.ret(b);
                    h.compare(f, new long[][] {{h.machine.data, 5, 2}, {h.machine.data, -1, 5}, {h.machine.data, 99, 0}});
                }
            }
        }
    }

    @Test
    void checks() {
        for (mica.ssa.BoundsKind kind : mica.ssa.BoundsKind.values()) {
            for (int k = 0; k < 5; k++) {
                Func f = h.func(new MType[] {MType.I64, MType.I64, MType.PTR}, new MType[] {MType.I64});
                Block b = f.newBlock();
                Value[] a = Harness.args(b);
                Value x = k == 1 ? Harness.constant(b, MType.I64, 5) : k == 4 ? a[1] : a[0];
                Value y = k == 2 ? Harness.constant(b, MType.I64, 5) : k == 4 ? a[0] : a[1];
                if (k == 3) {
                    Harness.add(b, Op.STORE, MType.VOID, a[2], y).auxInt = 8;
                    y = Harness.add(b, Op.LOAD, MType.I64, a[2]);
                    y.auxInt = 8;
                }
                Harness.add(b, Op.BOUNDS_CHECK, MType.VOID, x, y).aux = kind;
                Harness.ret(b, Harness.add(b, Op.ADD, MType.I64, a[0], a[1]));
                for (long[] r : pairs(new long[] {0, 1, 4, 5, 6, -1, 100}, new long[] {0, 1, 4, 5, 6, 100}, false)) {
                    long[][] rows = {{r[0], r[1], h.machine.data}};
                    Func g = f;
                    h.compare(copy(g, x == a[0] ? 0 : 1, k, kind), rows);
                    int n = h.machine.panicked();
                    if (n != 0) {
                        assertEquals(k == 1 ? 5 : k == 4 ? r[1] : r[0], Machine.get(h.machine.panicWord + 8), "x of " + kind + " " + k);
                        assertEquals(k == 2 ? 5 : k == 4 ? r[0] : r[1], Machine.get(h.machine.panicWord + 16), "y of " + kind + " " + k);
                    }
                }
            }
        }
    }

    /** A fresh function of the same shape, as compiling uses one up. */
    private Func copy(Func shape, int unused, int k, mica.ssa.BoundsKind kind) {
        Func f = h.func(new MType[] {MType.I64, MType.I64, MType.PTR}, new MType[] {MType.I64});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Value x = k == 1 ? Harness.constant(b, MType.I64, 5) : k == 4 ? a[1] : a[0];
        Value y = k == 2 ? Harness.constant(b, MType.I64, 5) : k == 4 ? a[0] : a[1];
        if (k == 3) {
            Harness.add(b, Op.STORE, MType.VOID, a[2], y).auxInt = 8;
            y = Harness.add(b, Op.LOAD, MType.I64, a[2]);
            y.auxInt = 8;
        }
        Harness.add(b, Op.BOUNDS_CHECK, MType.VOID, x, y).aux = kind;
        Harness.ret(b, Harness.add(b, Op.ADD, MType.I64, a[0], a[1]));
        return f;
    }

    @Test
    void jumpTable() {
        Func f = h.func(new MType[] {MType.I64, MType.I64}, new MType[] {MType.I64});
        Block b = f.newBlock();
        Value[] a = Harness.args(b);
        Block join = f.newBlock();
        b.kind = Block.Kind.JUMP_TABLE;
        b.control = a[0];
        Value phi = Harness.add(join, Op.PHI, MType.I64);
        for (int i = 0; i < 6; i++) {
            Block c = f.newBlock();
            b.addEdge(i == 3 ? join : c);
            if (i != 3) {
                Value x = Harness.add(c, Op.ADD, MType.I64, a[1], Harness.constant(c, MType.I64, i * 10));
                c.addEdge(join);
                phi.addArg(x);
            } else {
                phi.addArg(a[1]);
            }
        }
        Harness.ret(join, phi);
        h.compare(f, new long[][] {{0, 7}, {1, 7}, {2, 7}, {3, 7}, {4, 7}, {5, 7}});
    }
}
