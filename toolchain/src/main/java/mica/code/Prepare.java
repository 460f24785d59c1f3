// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * What is easier said in SSA than in instructions: division by constants becomes multiplication and shifts; a fused multiply-add
 * becomes a choice between the instruction and math.FMA, as not every CPU has it.
 */
final class Prepare {
    private final Func f;
    private final CodeSymbols symbols;
    private Block b;
    private int at;
    private Value model;
    private boolean vector;

    private Prepare(Func f, CodeSymbols symbols) {
        this.f = f;
        this.symbols = symbols;
    }

    /** Returns whether vector instructions will be needed. */
    static boolean run(Func f, CodeSymbols symbols) {
        Prepare p = new Prepare(f, symbols);
        p.run();
        return p.vector;
    }

    private void run() {
        for (int i = 0; i < f.blocks.size(); i++) {
            b = f.blocks.get(i);
            for (at = 0; at < b.count; at++) {
                Value v = b.values[at];
                switch (v.op) {
                    case DIV, UDIV, REM, UREM -> {
                        Value y = Selector.stripCopy(v.args[1]);
                        if (y.op == Op.CONST && y.auxInt != 0) {
                            model = v;
                            divide(v, y.auxInt);
                        }
                    }
                    case FMA -> {
                        vector = true;
                        if (v.mark != MARKED) {
                            model = v;
                            fma(v);
                        }
                    }
                    default -> { }
                }
            }
        }
    }

    private static final int MARKED = 0x464d41;

    /** A new value in front of the current one. */
    private Value make(Op op, MType t, Value... args) {
        Value v = f.newValue(op, t, b, model.pos);
        v.inline = model.inline;
        for (Value a : args) {
            v.addArg(a);
        }
        b.insert(at++, v);
        return v;
    }

    private Value constant(MType t, long n) {
        Value v = make(Op.CONST, t);
        v.auxInt = n;
        return v;
    }

    private Value shift(Op op, Value x, int n) {
        return n == 0 ? x : bounded(make(op, x.type, x, constant(MType.I8, n)));
    }

    private static Value bounded(Value v) {
        v.auxInt = 1;
        return v;
    }

    // Division.

    private void divide(Value v, long n) {
        MType t = v.type;
        boolean signed = v.op == Op.DIV || v.op == Op.REM;
        boolean remainder = v.op == Op.REM || v.op == Op.UREM;
        int bits = t.size * 8;
        Value x = v.args[0];
        long d = bits == 64 || signed ? n : n & (1L << bits) - 1;
        if (signed ? d == 1 || d == -1 : d == 1) {
            Value q = d == 1 ? x : make(Op.NEG, t, x);
            if (remainder) {
                v.reset(Op.CONST, t);
            } else {
                v.copyOf(q);
            }
            return;
        }
        if (signed && d == (bits == 64 ? Long.MIN_VALUE : -(1L << bits - 1))) {
            return;
        }
        Value q;
        if (signed) {
            long a = Math.abs(d);
            if ((a & a - 1) == 0) {
                int k = Long.numberOfTrailingZeros(a);
                // toward zero: negative numbers are rounded up
                Value bias = shift(Op.SHR, k == 1 ? x : shift(Op.SAR, x, bits - 1), bits - k);
                Value sum = make(Op.ADD, t, x, bias);
                if (remainder) {
                    Value low = make(Op.AND, t, sum, constant(t, -a));
                    replace(v, Op.SUB, x, low);
                    return;
                }
                q = shift(Op.SAR, sum, k);
            } else {
                q = bits == 64 ? signed64(x, a) : narrow(signed32(wide(Op.SEXT, x), a), t);
            }
            if (d < 0) {
                q = make(Op.NEG, t, q);
            }
        } else {
            if ((d & d - 1) == 0) {
                if (remainder) {
                    replace(v, Op.AND, x, constant(t, d - 1));
                    return;
                }
                q = shift(Op.SHR, x, Long.numberOfTrailingZeros(d));
            } else {
                q = bits == 64 ? unsigned64(x, d) : narrow(unsigned32(wide(Op.ZEXT, x), d), t);
            }
        }
        if (remainder) {
            replace(v, Op.SUB, x, make(Op.MUL, t, q, constant(t, n)));
        } else {
            v.copyOf(q);
        }
    }

    private void replace(Value v, Op op, Value x, Value y) {
        MType t = v.type;
        v.reset(op, t);
        v.addArg(x);
        v.addArg(y);
    }

    private Value wide(Op op, Value x) {
        return make(op, MType.I64, x);
    }

    private Value narrow(Value q, MType t) {
        return make(Op.TRUNC, t, q);
    }

    /** x in 32 bits or less, as 64: the product with the reciprocal fits, its upper part is the quotient. */
    private Value unsigned32(Value x, long d) {
        // m = ceil(2^(32+s) / d) with 2^s >= d; 33 bits
        int s = 64 - Long.numberOfLeadingZeros(d - 1);
        java.math.BigInteger m = java.math.BigInteger.ONE.shiftLeft(32 + s).add(java.math.BigInteger.valueOf(d - 1))
                .divide(java.math.BigInteger.valueOf(d));
        if (m.bitLength() > 32 && !m.testBit(0)) {
            m = m.shiftRight(1);
            s--;
        }
        if (m.bitLength() <= 32) {
            return shift(Op.SHR, make(Op.MUL, MType.I64, x, constant(MType.I64, m.longValue())), 32 + s);
        }
        // ceil(2^64 / d) is exact for every 32-bit x
        long r = Long.divideUnsigned(-1L, d) + 1;
        return make(Op.UMUL_HI, MType.I64, x, constant(MType.I64, r));
    }

    private Value signed32(Value x, long d) {
        int s = 63 - Long.numberOfLeadingZeros(d);
        // m = floor(2^(32+s) / d) + 1 < 2^32
        java.math.BigInteger m = java.math.BigInteger.ONE.shiftLeft(32 + s).divide(java.math.BigInteger.valueOf(d))
                .add(java.math.BigInteger.ONE);
        Value p = make(Op.MUL, MType.I64, x, constant(MType.I64, m.longValue()));
        return make(Op.SUB, MType.I64, shift(Op.SAR, p, 32 + s), shift(Op.SAR, x, 63));
    }

    private Value unsigned64(Value x, long d) {
        if (d < 0) {
            // the quotient is 0 or 1
            return make(Op.ZEXT, MType.I64, make(Op.ULE, MType.I8, constant(MType.I64, d), x));
        }
        int s = 64 - Long.numberOfLeadingZeros(d - 1);
        java.math.BigInteger big = java.math.BigInteger.valueOf(d);
        java.math.BigInteger m = java.math.BigInteger.ONE.shiftLeft(64 + s).add(big).subtract(java.math.BigInteger.ONE).divide(big);
        while (m.bitLength() > 64 && !m.testBit(0) && s > 0) {
            m = m.shiftRight(1);
            s--;
        }
        if (m.bitLength() <= 64) {
            return shift(Op.SHR, make(Op.UMUL_HI, MType.I64, x, constant(MType.I64, m.longValue())), s);
        }
        int even = Long.numberOfTrailingZeros(d);
        if (even > 0) {
            // with the factors of two gone the reciprocal fits
            return unsigned63(shift(Op.SHR, x, even), d >>> even, even);
        }
        // 65 bits: x*m = x*2^64 + x*(m - 2^64)
        Value hi = make(Op.UMUL_HI, MType.I64, x, constant(MType.I64, m.longValue()));
        Value half = shift(Op.SHR, make(Op.SUB, MType.I64, x, hi), 1);
        return shift(Op.SHR, make(Op.ADD, MType.I64, half, hi), s - 1);
    }

    /** x below 2^(64-even). */
    private Value unsigned63(Value x, long d, int even) {
        int s = 64 - Long.numberOfLeadingZeros(d - 1);
        java.math.BigInteger big = java.math.BigInteger.valueOf(d);
        // m = ceil(2^(64-even+s) / d) has at most 65-even bits
        java.math.BigInteger m = java.math.BigInteger.ONE.shiftLeft(64 - even + s).add(big).subtract(java.math.BigInteger.ONE).divide(big);
        // (x * m) >> (64 - even + s), as a high product: m moved up by even
        m = m.shiftLeft(even);
        while (m.bitLength() > 64) {
            m = m.shiftRight(1);
            s--;
        }
        return shift(Op.SHR, make(Op.UMUL_HI, MType.I64, x, constant(MType.I64, m.longValue())), s);
    }

    private Value signed64(Value x, long d) {
        int s = 63 - Long.numberOfLeadingZeros(d);
        java.math.BigInteger m = java.math.BigInteger.ONE.shiftLeft(64 + s).divide(java.math.BigInteger.valueOf(d))
                .add(java.math.BigInteger.ONE);
        while (m.bitLength() > 63 && !m.testBit(0) && s > 0) {
            m = m.shiftRight(1);
            s--;
        }
        Value hi = make(Op.MUL_HI, MType.I64, x, constant(MType.I64, m.longValue()));
        if (m.bitLength() == 64) {
            // as a signed number the reciprocal is m - 2^64
            hi = make(Op.ADD, MType.I64, hi, x);
        }
        return make(Op.SUB, MType.I64, shift(Op.SAR, hi, s), shift(Op.SAR, x, 63));
    }

    // Fused multiply-add.

    private void fma(Value v) {
        Value p = make(Op.ADDR, MType.PTR);
        p.aux = symbols.data("runtime.x86HasFMA");
        Value has = make(Op.LOAD, MType.I8, p);
        Block rest = f.newBlock();
        Block fast = f.newBlock();
        Block slow = f.newBlock();
        rest.pos = fast.pos = slow.pos = b.pos;
        // what follows moves to the block behind
        rest.kind = b.kind;
        rest.control = b.control;
        rest.likely = b.likely;
        Value phi = f.newValue(Op.PHI, v.type, rest, v.pos);
        phi.inline = v.inline;
        rest.append(phi);
        for (int i = at + 1; i < b.count; i++) {
            rest.append(b.values[i]);
        }
        while (b.count > at) {
            b.removeAt(b.count - 1);
        }
        for (int i = 0; i < b.succCount; i++) {
            Block t = b.succs[i];
            int k = b.succIndex[i];
            rest.addEdge(t);
            // addEdge gave t a new predecessor; the block behind takes the old one's place instead
            t.preds[--t.predCount] = null;
            rest.succIndex[i] = k;
            t.preds[k] = rest;
        }
        b.succCount = 0;
        b.kind = Block.Kind.IF;
        b.control = has;
        b.likely = 1;
        b.addEdge(fast);
        b.addEdge(slow);
        Value one = f.newValue(Op.FMA, v.type, fast, v.pos);
        one.mark = MARKED;
        for (int i = 0; i < 3; i++) {
            one.addArg(v.args[i]);
        }
        fast.append(one);
        fast.addEdge(rest);
        Value call = f.newValue(Op.CALL, MType.TUPLE, slow, v.pos);
        call.aux = new CallInfo(symbols.function("math.FMA"), null, signature());
        for (int i = 0; i < 3; i++) {
            call.addArg(v.args[i]);
        }
        slow.append(call);
        Value r = f.newValue(Op.RESULT, v.type, slow, v.pos);
        r.addArg(call);
        slow.append(r);
        slow.addEdge(rest);
        one.inline = call.inline = r.inline = v.inline;
        phi.addArg(one);
        phi.addArg(r);
        substitute(v, phi);
    }

    private void substitute(Value v, Value by) {
        for (Block x : f.blocks) {
            for (int i = 0; i < x.count; i++) {
                Value u = x.values[i];
                for (int k = 0; k < u.argCount; k++) {
                    if (u.args[k] == v) {
                        u.args[k] = by;
                    }
                }
            }
            if (x.control == v) {
                x.control = by;
            }
        }
    }

    private static AbiSig signature() {
        AbiSig.Loc[] args = new AbiSig.Loc[3];
        for (int i = 0; i < 3; i++) {
            args[i] = new AbiSig.Loc(MType.F64, i, -1, 8 * i, 0, null);
        }
        return new AbiSig(1, args, new AbiSig.Loc[] {new AbiSig.Loc(MType.F64, 0, -1, -1, 0, null)}, 0, 24);
    }
}
