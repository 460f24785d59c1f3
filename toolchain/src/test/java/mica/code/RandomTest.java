// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;
import org.junit.jupiter.api.Test;

/** Random functions with branches, loops, calls, memory and more values than registers, compared with the interpreter. */
class RandomTest {
    private final Harness h = new Harness();
    private Random random;
    private Func f;
    private Block b;
    private Value base;
    private Slot slot;
    private boolean calls;
    private int budget;

    private static final MType[] TYPES = {MType.I64, MType.I64, MType.I32, MType.I64, MType.F64, MType.I8, MType.I16, MType.F32, MType.PTR};

    @Test
    void smallFunctions() {
        run(1, 600, 12, true);
    }

    @Test
    void largeFunctions() {
        run(100000, 150, 150, true);
    }

    @Test
    void pressureWithoutCalls() {
        run(200000, 150, 120, false);
    }

    @Test
    void optimized() {
        h.optimize = true;
        run(300000, 800, 12, true);
        run(400000, 200, 100, true);
        run(500000, 100, 100, false);
    }

    private void run(long seed, int count, int size, boolean calls) {
        long only = Long.getLong("seed", -1);
        for (int i = 0; i < count; i++) {
            if (only >= 0 && only != seed + i) {
                continue;
            }
            random = new Random(seed + i);
            this.calls = calls && random.nextInt(4) != 0;
            budget = 1 + random.nextInt(size);
            try {
                one();
            } catch (RuntimeException | AssertionError e) {
                throw new IllegalStateException("seed " + (seed + i), e);
            }
        }
    }

    private void one() {
        int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 24 : 8);
        MType[] types = new MType[n + 1];
        types[0] = MType.PTR;
        for (int i = 1; i <= n; i++) {
            types[i] = TYPES[random.nextInt(8)];
        }
        int r = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 4);
        MType[] results = new MType[r];
        for (int i = 0; i < r; i++) {
            results[i] = TYPES[random.nextInt(8)];
        }
        f = h.func(types, results);
        slot = random.nextBoolean() ? f.newSlot("s", 64, 8, random.nextBoolean() ? new byte[] {(byte) 0xff} : null) : null;
        b = f.newBlock();
        List<Value> pool = new ArrayList<>(List.of(Harness.args(b)));
        base = pool.remove(0);
        if (slot != null && slot.ptrMask == null) {
            Value p = add(Op.LOCAL_ADDR, MType.PTR);
            p.aux = slot;
            add(Op.ZERO, MType.VOID, p).auxInt = 64;
        }
        statements(pool, 3);
        Value[] out = new Value[r];
        for (int i = 0; i < r; i++) {
            out[i] = pick(pool, results[i]);
        }
        Harness.ret(b, out);
        long[][] rows = new long[4][n + 1];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = h.machine.data;
            for (int k = 1; k <= n; k++) {
                rows[i][k] = types[k].isFloat() ? number(types[k])
                        : Interp.norm(types[k], random.nextBoolean() ? OperationsTest.INTS[random.nextInt(OperationsTest.INTS.length)]
                                : random.nextLong());
            }
        }
        h.compare(f, rows);
    }

    private long number(MType t) {
        double d = OperationsTest.DOUBLES[random.nextInt(OperationsTest.DOUBLES.length)];
        return t == MType.F64 ? Double.doubleToRawLongBits(d) : Float.floatToRawIntBits((float) d);
    }

    private void statements(List<Value> pool, int depth) {
        int n = 1 + random.nextInt(8);
        for (int i = 0; i < n && budget > 0; i++) {
            budget--;
            int k = random.nextInt(20);
            if (k < 2 && depth > 0) {
                branch(pool, depth);
            } else if (k < 4 && depth > 0) {
                loop(pool, depth);
            } else if (k == 4 && calls) {
                pool.add(call(pick(pool, MType.I64)));
            } else if (k < 8) {
                memory(pool);
            } else {
                pool.add(expression(pool));
            }
        }
    }

    private Value pick(List<Value> pool, MType t) {
        for (int i = 0; i < 6 && !pool.isEmpty(); i++) {
            Value v = pool.get(random.nextInt(pool.size()));
            if (v.type == t) {
                return v;
            }
        }
        for (int i = pool.size() - 1; i >= 0; i--) {
            if (pool.get(i).type == t && random.nextInt(3) != 0) {
                return pool.get(i);
            }
        }
        return Harness.constant(b, t, t.isFloat() ? number(t)
                : Interp.norm(t, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(200) - 50));
    }

    private Value add(Op op, MType t, Value... args) {
        return Harness.add(b, op, t, args);
    }

    private Value expression(List<Value> pool) {
        MType t = TYPES[random.nextInt(8)];
        if (t.isFloat()) {
            Value x = pick(pool, t);
            return switch (random.nextInt(12)) {
                case 0 -> add(Op.FADD, t, x, pick(pool, t));
                case 1 -> add(Op.FSUB, t, x, pick(pool, t));
                case 2 -> add(Op.FMUL, t, x, pick(pool, t));
                case 3 -> add(Op.FDIV, t, x, pick(pool, t));
                case 4 -> add(Op.FNEG, t, x);
                case 5 -> add(Op.FABS, t, x);
                case 6 -> add(Op.FMIN, t, x, pick(pool, t));
                case 7 -> add(Op.INT_TO_FLOAT, t, pick(pool, MType.I64));
                case 8 -> add(Op.UINT_TO_FLOAT, t, pick(pool, MType.I64));
                case 9 -> add(Op.SELECT, t, condition(pool), x, pick(pool, t));
                case 10 -> add(t == MType.F64 ? Op.FEXT : Op.FTRUNC, t, pick(pool, t == MType.F64 ? MType.F32 : MType.F64));
                default -> add(Op.FCOPYSIGN, t, x, pick(pool, t));
            };
        }
        Value x = pick(pool, t);
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3 -> {
                return add(Op.ADD, t, x, pick(pool, t));
            }
            case 4, 5 -> {
                return add(Op.SUB, t, x, pick(pool, t));
            }
            case 6 -> {
                return add(Op.MUL, t, x, pick(pool, t));
            }
            case 7 -> {
                return add(Op.AND, t, x, pick(pool, t));
            }
            case 8 -> {
                return add(Op.OR, t, x, pick(pool, t));
            }
            case 9 -> {
                return add(Op.XOR, t, x, pick(pool, t));
            }
            case 10, 11 -> {
                Op op = new Op[] {Op.SHL, Op.SHR, Op.SAR, Op.ROTL}[random.nextInt(4)];
                return add(op, t, x, pick(pool, TYPES[random.nextInt(4)]));
            }
            case 12 -> {
                Op op = new Op[] {Op.DIV, Op.UDIV, Op.REM, Op.UREM}[random.nextInt(4)];
                Value y = pick(pool, t);
                if (y.op != Op.CONST || y.auxInt == 0) {
                    y = add(Op.OR, t, y, Harness.constant(b, t, 1));
                }
                return add(op, t, x, y);
            }
            case 13 -> {
                return add(Op.NEG, t, x);
            }
            case 14 -> {
                return add(Op.SELECT, t, condition(pool), x, pick(pool, t));
            }
            case 15 -> {
                MType from = TYPES[new int[] {0, 2, 5, 6}[random.nextInt(4)]];
                Value y = pick(pool, from);
                return from.size == t.size ? y
                        : add(from.size > t.size ? Op.TRUNC : random.nextBoolean() ? Op.SEXT : Op.ZEXT, t, y);
            }
            case 16 -> {
                return add(Op.ZEXT, MType.I64, condition(pool));
            }
            case 17 -> {
                Op op = new Op[] {Op.BSWAP, Op.CTZ, Op.BITLEN, Op.POPCNT, Op.NOT}[random.nextInt(5)];
                return add(op, t, x);
            }
            case 18 -> {
                Value w = add(Op.UMUL_WIDE, MType.TUPLE, pick(pool, MType.I64), pick(pool, MType.I64));
                Value r = add(Op.RESULT, MType.I64, w);
                r.auxInt = random.nextInt(2);
                return r;
            }
            case 19 -> {
                return add(t.size == 4 ? Op.MUL_HI : Op.UMUL_HI, t.size == 4 ? t : MType.I64,
                        pick(pool, t.size == 4 ? t : MType.I64), pick(pool, t.size == 4 ? t : MType.I64));
            }
            default -> {
                return add(Op.ADD, t, x, Harness.constant(b, t, random.nextInt(10)));
            }
        }
    }

    private Value condition(List<Value> pool) {
        MType t = TYPES[random.nextInt(8)];
        Value x = pick(pool, t);
        Value y = pick(pool, t);
        Op op = t.isFloat() ? new Op[] {Op.FEQ, Op.FNE, Op.FLT, Op.FLE}[random.nextInt(4)]
                : new Op[] {Op.EQ, Op.NE, Op.LT, Op.LE, Op.ULT, Op.ULE}[random.nextInt(6)];
        Value c = add(op, MType.I8, x, y);
        return random.nextInt(6) == 0 ? add(Op.BOOL_NOT, MType.I8, c) : c;
    }

    /** An address inside the buffer or the slot, aligned loosely. */
    private Value address(List<Value> pool) {
        Value p = base;
        if (slot != null && random.nextInt(3) == 0) {
            p = add(Op.LOCAL_ADDR, MType.PTR);
            p.aux = slot;
            p.auxInt = random.nextInt(5) * 8;
            return p;
        }
        if (random.nextInt(3) == 0) {
            Value i = add(Op.AND, MType.I64, pick(pool, MType.I64), Harness.constant(b, MType.I64, 15));
            if (random.nextBoolean()) {
                i = add(Op.ADD, MType.I64, i, Harness.constant(b, MType.I64, 2));
            }
            if (random.nextBoolean()) {
                i = add(Op.SHL, MType.I64, i, Harness.constant(b, MType.I64, random.nextInt(4)));
            }
            if (random.nextInt(3) == 0) {
                Value n = add(Op.PTR_TO_INT, MType.I64, p);
                Value sum = random.nextBoolean() ? add(Op.ADD, MType.I64, n, i) : add(Op.ADD, MType.I64, i, n);
                if (random.nextBoolean()) {
                    sum = add(Op.ADD, MType.I64, sum, Harness.constant(b, MType.I64, 16));
                }
                p = add(Op.INT_TO_PTR, MType.PTR, sum);
            } else {
                p = add(Op.ADD_PTR, MType.PTR, p, i);
            }
        }
        if (random.nextBoolean()) {
            p = add(Op.OFF_PTR, MType.PTR, p);
            p.auxInt = random.nextInt(40) * 8;
        }
        if (random.nextInt(4) == 0) {
            add(Op.NIL_CHECK, MType.VOID, p);
        }
        return p;
    }

    private void memory(List<Value> pool) {
        MType t = TYPES[random.nextInt(8)];
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                Value l = add(Op.LOAD, t, address(pool));
                l.auxInt = random.nextInt(3) * 8;
                pool.add(l);
            }
            case 3, 4 -> add(Op.STORE, MType.VOID, address(pool), pick(pool, t)).auxInt = random.nextInt(3) * 8;
            case 5 -> {
                Value p = address(pool);
                MType u = TYPES[random.nextInt(4)];
                Value l = add(Op.LOAD, u, p);
                Op op = new Op[] {Op.ADD, Op.SUB, Op.AND, Op.OR, Op.XOR}[random.nextInt(5)];
                add(Op.STORE, MType.VOID, p, add(op, u, l, pick(pool, u)));
                if (random.nextInt(3) == 0) {
                    pool.add(l);
                }
            }
            case 6 -> {
                Value y = pick(pool, MType.I64);
                Value x = add(Op.AND, MType.I64, pick(pool, MType.I64), Harness.constant(b, MType.I64, 7));
                Value limit = random.nextInt(10) == 0 ? y : Harness.constant(b, MType.I64, 8);
                add(Op.BOUNDS_CHECK, MType.VOID, x, limit).aux = random.nextBoolean() ? BoundsKind.INDEX : BoundsKind.SLICE_B;
                pool.add(x);
            }
            default -> {
                if (random.nextBoolean()) {
                    add(Op.ZERO, MType.VOID, address(pool)).auxInt = 1 + random.nextInt(24);
                } else {
                    Value p = add(Op.OFF_PTR, MType.PTR, base);
                    p.auxInt = 8 * random.nextInt(30);
                    Value q = add(Op.OFF_PTR, MType.PTR, base);
                    q.auxInt = 512;
                    add(Op.MOVE, MType.VOID, p, q).auxInt = 1 + random.nextInt(random.nextInt(4) == 0 ? 250 : 40);
                }
            }
        }
    }

    private Value call(Value x) {
        AbiSig sig = Interp.signature(new MType[] {MType.I64}, new MType[] {MType.I64});
        Value c = add(Op.CALL, MType.TUPLE, x);
        c.aux = new CallInfo(h.machine.table.lookup("test.trash", 1), null, sig);
        return add(Op.RESULT, MType.I64, c);
    }

    private void edge(Block from, Block to) {
        from.addEdge(to);
    }

    private void branch(List<Value> pool, int depth) {
        Value c = condition(pool);
        Block yes = f.newBlock();
        Block no = f.newBlock();
        b.kind = Block.Kind.IF;
        b.control = c;
        b.likely = random.nextInt(3) - 1;
        edge(b, yes);
        edge(b, no);
        List<Value> a = new ArrayList<>(pool);
        b = yes;
        statements(a, depth - 1);
        Block yesEnd = b;
        List<Value> z = new ArrayList<>(pool);
        b = no;
        if (random.nextBoolean()) {
            statements(z, depth - 1);
        }
        Block noEnd = b;
        int n = random.nextInt(5);
        Value[] left = new Value[n];
        Value[] right = new Value[n];
        MType[] t = new MType[n];
        for (int i = 0; i < n; i++) {
            t[i] = TYPES[random.nextInt(8)];
            b = yesEnd;
            left[i] = pick(a, t[i]);
            b = noEnd;
            right[i] = pick(z, t[i]);
        }
        Block join = f.newBlock();
        edge(yesEnd, join);
        edge(noEnd, join);
        b = join;
        for (int i = 0; i < n; i++) {
            pool.add(add(Op.PHI, t[i], left[i], right[i]));
        }
    }

    private void loop(List<Value> pool, int depth) {
        int rounds = random.nextInt(4);
        int n = random.nextInt(6);
        MType[] t = new MType[n];
        Value[] init = new Value[n];
        for (int i = 0; i < n; i++) {
            t[i] = TYPES[random.nextInt(8)];
            init[i] = pick(pool, t[i]);
        }
        Value zero = Harness.constant(b, MType.I64, 0);
        Block head = f.newBlock();
        edge(b, head);
        b = head;
        Value counter = add(Op.PHI, MType.I64, zero);
        Value[] phi = new Value[n];
        for (int i = 0; i < n; i++) {
            phi[i] = add(Op.PHI, t[i], init[i]);
        }
        List<Value> inner = new ArrayList<>(pool);
        for (Value p : phi) {
            inner.add(p);
        }
        if (random.nextInt(3) == 0) {
            inner.add(counter);
        }
        Value c = add(Op.LT, MType.I8, counter, Harness.constant(b, MType.I64, rounds));
        Block body = f.newBlock();
        Block exit = f.newBlock();
        b.kind = Block.Kind.IF;
        b.control = c;
        edge(b, body);
        edge(b, exit);
        b = body;
        List<Value> work = new ArrayList<>(inner);
        statements(work, depth - 1);
        Value[] next = new Value[n];
        for (int i = 0; i < n; i++) {
            // now and then the values change places
            next[i] = random.nextInt(3) == 0 && i > 0 && t[i] == t[i - 1] ? phi[i - 1] : pick(work, t[i]);
        }
        Value up = add(Op.ADD, MType.I64, counter, Harness.constant(b, MType.I64, 1));
        edge(b, head);
        counter.addArg(up);
        for (int i = 0; i < n; i++) {
            phi[i].addArg(next[i]);
        }
        b = exit;
        for (Value p : phi) {
            pool.add(p);
        }
    }
}
