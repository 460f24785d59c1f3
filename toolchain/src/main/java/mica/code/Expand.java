// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Op;
import mica.base.Fault;

/** Instructions that become sequences. What is rarely executed goes behind the function's body. */
final class Expand {
    static final int POPCNT = 1;
    static final int ROUND = 2;
    static final int MIN = 3;
    static final int MAX = 4;
    static final int INT_TO_FLOAT = 5;
    static final int UINT_TO_FLOAT = 6;
    static final int FLOAT_TO_UINT = 7;
    static final int CHOOSE = 8;
    static final int ZERO = 9;
    static final int COPY = 10;
    static final int ATOMIC_LOOP = 11;
    static final int BREAKPOINT = 12;

    /** Bytes: up to here a loop is faster than a string instruction, which takes its time to begin. */
    private static final int MAX_LOOP = 1024;
    private static final int STEP = 32;

    private static final long TWO_63 = 0x43e0000000000000L;
    private static final int TWO_63_F = 0x5f000000;
    private static final long SIGN = 0x8000000000000000L;

    private final Emitter e;
    private final Amd64Code c;

    Expand(Emitter e) {
        this.e = e;
        this.c = e.c;
    }

    void expand(Inst in) {
        switch (in.cond) {
            case POPCNT -> {
                Emitter.Cold k = feature(in, "runtime.x86HasPOPCNT");
                c.emit(in.op, in.useReg[0], in.defReg[0]);
                c.bind(k.back);
            }
            case ROUND -> {
                Emitter.Cold k = feature(in, "runtime.x86HasSSE41");
                c.emit(ROUNDSD, imm(in.imm), in.useReg[0], in.defReg[0]);
                c.bind(k.back);
            }
            case MIN, MAX -> minMax(in);
            case INT_TO_FLOAT -> {
                int d = in.defReg[0];
                long from = e.operand(in, in.a);
                c.emit(XORPS, d, d);
                c.emit(in.op, from, d);
            }
            case UINT_TO_FLOAT -> {
                int d = in.defReg[0];
                int r = in.useReg[0];
                Emitter.Cold k = e.later(in);
                k.back = c.newLabel();
                c.emit(XORPS, d, d);
                c.emit(TESTQ, r, r);
                c.emit(JMI, label(k.label));
                c.emit(in.imm == 1 ? CVTSQ2SD : CVTSQ2SS, r, d);
                c.bind(k.back);
            }
            case FLOAT_TO_UINT -> {
                boolean d = in.imm == 1;
                Emitter.Cold k = e.later(in);
                k.back = c.newLabel();
                c.emit(d ? UCOMISD : UCOMISS, two63(d), in.useReg[0]);
                c.emit(JCC, label(k.label));
                c.emit(d ? CVTTSD2SQ : CVTTSS2SQ, in.useReg[0], in.defReg[0]);
                c.bind(k.back);
            }
            case CHOOSE -> choose(in);
            case ZERO -> zero(in);
            case COPY -> copy(in);
            case ATOMIC_LOOP -> atomicLoop(in);
            case BREAKPOINT -> c.emit(INT, imm(3));
            default -> throw new Fault("code", "unknown sequence " + in.cond);
        }
    }

    private long two63(boolean d) {
        return c.sym(d ? e.m.symbols.float64(TWO_63) : e.m.symbols.float32(TWO_63_F), 0);
    }

    void cold(Emitter.Cold k) {
        Inst in = k.inst;
        if (in.form == Inst.Form.DIVIDE) {
            boolean q = in.op == IDIVQ;
            c.emit(q ? NEGQ : NEGL, AX);
            c.emit(XORL, DX, DX);
            c.emit(JMP, label(k.back));
            return;
        }
        switch (in.cond) {
            case POPCNT -> popcnt(in);
            case ROUND -> round(in, k);
            case MIN, MAX -> {
                int d = in.defReg[0];
                int y = in.useReg[1];
                // equal, so at most the signs of zeros differ; or not ordered
                int nan = c.newLabel();
                c.emit(JPS, label(nan));
                c.emit(in.cond == MIN ? ORPS : ANDPS, y, d);
                c.emit(JMP, label(k.back));
                c.bind(nan);
                c.emit(in.imm == 1 ? ADDSD : ADDSS, y, d);
            }
            case UINT_TO_FLOAT -> {
                int d = in.defReg[0];
                int r = in.useReg[0];
                int half = in.defReg[1];
                int odd = in.defReg[2];
                // halve, keeping the lowest bit for correct rounding, convert, double
                c.emit(MOVQ, r, half);
                c.emit(MOVL, r, odd);
                c.emit(SHRQ, imm(1), half);
                c.emit(ANDL, imm(1), odd);
                c.emit(ORQ, odd, half);
                c.emit(in.imm == 1 ? CVTSQ2SD : CVTSQ2SS, half, d);
                c.emit(in.imm == 1 ? ADDSD : ADDSS, d, d);
            }
            case FLOAT_TO_UINT -> {
                boolean d = in.imm == 1;
                int t = in.defReg[1];
                c.emit(MOVAPS, in.useReg[0], t);
                c.emit(d ? SUBSD : SUBSS, two63(d), t);
                c.emit(d ? CVTTSD2SQ : CVTTSS2SQ, t, in.defReg[0]);
                c.emit(BTSQ, imm(63), in.defReg[0]);
            }
            default -> throw new Fault("code", "no cold part: " + in.cond);
        }
        c.emit(JMP, label(k.back));
    }

    private Emitter.Cold feature(Inst in, String flag) {
        Emitter.Cold k = e.later(in);
        k.back = c.newLabel();
        c.emit(CMPB, c.sym(e.m.symbols.data(flag), 0), imm(0));
        c.emit(JEQ, label(k.label));
        return k;
    }

    /** Counts bits in pairs, nibbles, bytes, then sums the bytes by a multiplication. */
    private void popcnt(Inst in) {
        int x = in.useReg[0];
        int d = in.defReg[0];
        int k = in.defReg[1];
        int t = in.defReg[2];
        c.emit(in.op == POPCNTQ ? MOVQ : MOVL, x, t);
        c.emit(MOVQ, t, d);
        c.emit(SHRQ, imm(1), d);
        c.emit(MOVQ, c.imm64(0x5555555555555555L), k);
        c.emit(ANDQ, k, d);
        c.emit(SUBQ, d, t);
        c.emit(MOVQ, c.imm64(0x3333333333333333L), k);
        c.emit(MOVQ, t, d);
        c.emit(ANDQ, k, d);
        c.emit(SHRQ, imm(2), t);
        c.emit(ANDQ, k, t);
        c.emit(ADDQ, t, d);
        c.emit(MOVQ, d, t);
        c.emit(SHRQ, imm(4), t);
        c.emit(ADDQ, t, d);
        c.emit(MOVQ, c.imm64(0x0f0f0f0f0f0f0f0fL), k);
        c.emit(ANDQ, k, d);
        c.emit(MOVQ, c.imm64(0x0101010101010101L), k);
        c.emit(IMULQ, k, d);
        c.emit(SHRQ, imm(56), d);
    }

    /** Without SSE4.1: through an integer; numbers that do not fit are whole already. */
    private void round(Inst in, Emitter.Cold k) {
        int x = in.useReg[0];
        int d = in.defReg[0];
        int t = in.defReg[1];
        int n = in.defReg[2];
        int fits = c.newLabel();
        c.emit(in.imm == 0 ? CVTSD2SQ : CVTTSD2SQ, x, n);
        c.emit(MOVAPS, x, d);
        c.emit(MOVQ, n, t);
        // the result for what does not fit is the smallest integer, whose negation overflows
        c.emit(NEGQ, n);
        c.emit(JOS, label(k.back));
        c.emit(MOVQ, t, n);
        c.emit(CVTSQ2SD, n, d);
        if (in.imm == 1) {
            c.emit(UCOMISD, x, d);
            c.emit(JLS, label(fits));
            c.emit(SUBSD, c.sym(e.m.symbols.float64(0x3ff0000000000000L), 0), d);
        } else if (in.imm == 2) {
            c.emit(UCOMISD, d, x);
            c.emit(JLS, label(fits));
            c.emit(ADDSD, c.sym(e.m.symbols.float64(0x3ff0000000000000L), 0), d);
        }
        c.bind(fits);
        // zeros take the sign of the operand
        c.emit(MOVAPS, x, t);
        c.emit(ANDPS, c.sym(e.m.symbols.wide(SIGN, SIGN), 0), t);
        c.emit(ORPS, t, d);
    }

    private void minMax(Inst in) {
        boolean d = in.imm == 1;
        int x = in.useReg[0];
        int y = in.useReg[1];
        int r = in.defReg[0];
        Emitter.Cold k = e.later(in);
        k.back = c.newLabel();
        c.emit(MOVAPS, x, r);
        c.emit(d ? UCOMISD : UCOMISS, y, x);
        // equal, or not ordered
        c.emit(JEQ, label(k.label));
        boolean min = in.cond == MIN;
        c.emit(min ? (d ? MINSD : MINSS) : d ? MAXSD : MAXSS, y, r);
        c.bind(k.back);
    }

    private void choose(Inst in) {
        int skip = c.newLabel();
        int d = in.defReg[0];
        int yes = in.useReg[1];
        if (in.imm == Cond.FEQ) {
            c.emit(JNE, label(skip));
            c.emit(JPS, label(skip));
            c.emit(MOVAPS, yes, d);
        } else if (in.imm == Cond.FNE) {
            int take = c.newLabel();
            c.emit(JNE, label(take));
            c.emit(JPC, label(skip));
            c.bind(take);
            c.emit(MOVAPS, yes, d);
        } else {
            c.emit(Cond.JUMP[Cond.negate((int) in.imm)], label(skip));
            c.emit(MOVAPS, yes, d);
        }
        c.bind(skip);
    }

    private void zero(Inst in) {
        long n = in.imm;
        if (n <= MAX_LOOP) {
            int loop = loop(n, DI);
            c.emit(MOVUPS, X15, mem(DI, CX, 1, 0));
            c.emit(MOVUPS, X15, mem(DI, CX, 1, 16));
            next(loop);
            for (long rest = n % STEP; rest > 0; rest -= 16) {
                c.emit(MOVUPS, X15, mem(DI, (int) rest - 16));
            }
            return;
        }
        c.emit(XORL, AX, AX);
        c.emit(MOVL, c.imm64(n / 8), CX);
        c.emit(REP);
        c.emit(STOSQ);
        if (n % 8 != 0) {
            c.emit(MOVQ, AX, mem(DI, (int) (n % 8) - 8));
        }
    }

    /**
     * Begins a loop over n bytes in steps: the registers point behind the last step, CX counts up to 0 from there.
     *
     * @return the label of its body
     */
    private int loop(long n, int... pointers) {
        int steps = (int) (n / STEP * STEP);
        for (int p : pointers) {
            c.emit(ADDQ, imm(steps), p);
        }
        c.emit(MOVQ, imm(-steps), CX);
        int body = c.newLabel();
        c.bind(body);
        return body;
    }

    private void next(int body) {
        c.emit(ADDQ, imm(STEP), CX);
        c.emit(JNE, label(body));
    }

    private void copy(Inst in) {
        long n = in.imm;
        if (in.memKind != Inst.M_NONE) {
            c.emit(LEAQ, e.memory(in, 0), DI);
        }
        if (n <= MAX_LOOP) {
            int loop = loop(n, SI, DI);
            for (int i = 0; i < STEP; i += 16) {
                c.emit(MOVUPS, mem(SI, CX, 1, i), X14);
                c.emit(MOVUPS, X14, mem(DI, CX, 1, i));
            }
            next(loop);
            for (long rest = n % STEP; rest > 0; rest -= 16) {
                c.emit(MOVUPS, mem(SI, (int) rest - 16), X14);
                c.emit(MOVUPS, X14, mem(DI, (int) rest - 16));
            }
            return;
        }
        c.emit(MOVL, c.imm64(n / 8), CX);
        c.emit(REP);
        c.emit(MOVSQ);
        if (n % 8 != 0) {
            int back = (int) (n % 8) - 8;
            c.emit(MOVQ, mem(SI, back), CX);
            c.emit(MOVQ, CX, mem(DI, back));
        }
    }

    /** AX = old value; the new one is tried until nobody interferes. */
    private void atomicLoop(Inst in) {
        int t = in.defReg[1];
        int loop = c.newLabel();
        boolean and = in.op == ANDQ;
        long place = e.memory(in, 0);
        int size = (int) in.imm;
        Amd64Op cas = size == 1 ? CMPXCHGB : size == 4 ? CMPXCHGL : CMPXCHGQ;
        c.emit(size == 1 ? MOVBLZX : size == 4 ? MOVL : MOVQ, place, AX);
        c.bind(loop);
        c.emit(MOVQ, AX, t);
        c.emit(size == 8 ? (and ? ANDQ : ORQ) : and ? ANDL : ORL, in.useReg[0], t);
        c.emit(LOCK);
        c.emit(cas, t, place);
        c.emit(JNE, label(loop));
    }

    /** AX / use1, remainder in DX. */
    void divide(Inst in) {
        int y = in.useReg[1];
        Amd64Op op = in.op;
        if (op == DIVQ || op == DIVL) {
            c.emit(XORL, DX, DX);
            c.emit(op, y);
            return;
        }
        boolean q = op == IDIVQ;
        Emitter.Cold k = null;
        if (in.cond == 1) {
            k = e.later(in);
            k.back = c.newLabel();
            c.emit(q ? CMPQ : CMPL, y, imm(-1));
            c.emit(JEQ, label(k.label));
        }
        c.emit(q ? CQO : CDQ);
        c.emit(op, y);
        if (k != null) {
            c.bind(k.back);
        }
    }
}
