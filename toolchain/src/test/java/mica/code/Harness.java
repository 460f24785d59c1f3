// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Printer;
import mica.ssa.Value;

/** Builds functions and compares their execution with the interpreter's. */
final class Harness {
    final Machine machine = new Machine();
    private int counter;

    Func func(MType[] args, MType[] results) {
        Func f = new Func("test.f" + counter++, null);
        f.sig = Interp.signature(args, results);
        return f;
    }

    static Value[] args(Block b) {
        AbiSig.Loc[] l = b.func.sig.args;
        Value[] r = new Value[l.length];
        for (int i = 0; i < l.length; i++) {
            r[i] = add(b, Op.ARG, l[i].type);
            r[i].auxInt = i;
        }
        return r;
    }

    static Value add(Block b, Op op, MType t, Value... args) {
        Value v = b.func.newValue(op, t, b, 1);
        for (Value a : args) {
            v.addArg(a);
        }
        b.append(v);
        return v;
    }

    static Value constant(Block b, MType t, long n) {
        Value v = add(b, Op.CONST, t);
        v.auxInt = n;
        return v;
    }

    static void ret(Block b, Value... results) {
        add(b, Op.RETURN, MType.VOID, results);
        b.kind = Block.Kind.RET;
    }

    /** Words for the machine from scalar arguments. */
    long[] words(AbiSig sig, long[] args) {
        long[] w = new long[Machine.WORDS];
        for (int i = 0; i < Machine.WORDS; i++) {
            w[i] = 0x7171717171717171L + i;
        }
        byte[] stack = new byte[Machine.STACK_WORDS * 8];
        for (int i = 0; i < sig.args.length; i++) {
            AbiSig.Loc l = sig.args[i];
            if (l.reg >= 0) {
                long x = args[i];
                // garbage above narrow values
                if (l.type.size == 4 && !l.type.isFloat()) {
                    x = x & 0xffffffffL | 0xabcdef0100000000L;
                } else if (l.type.size == 2) {
                    x = x & 0xffffL | 0xabcdef0123450000L;
                } else if (l.type.size == 1) {
                    x = x & 0xffL | 0xabcdef0123456700L;
                }
                w[(l.type.isFloat() ? 9 : 0) + l.reg] = x;
            } else {
                for (int k = 0; k < l.type.size; k++) {
                    stack[l.stackOffset + k] = (byte) (args[i] >> 8 * k);
                }
            }
        }
        for (int i = 0; i < Machine.STACK_WORDS; i++) {
            long x = 0;
            for (int k = 7; k >= 0; k--) {
                x = x << 8 | stack[8 * i + k] & 0xff;
            }
            w[24 + i] = x;
        }
        return w;
    }

    long[] results(AbiSig sig, long[] w) {
        long[] r = new long[sig.results.length];
        for (int i = 0; i < r.length; i++) {
            AbiSig.Loc l = sig.results[i];
            long x;
            if (l.reg >= 0) {
                x = w[(l.type.isFloat() ? 9 : 0) + l.reg];
            } else {
                x = w[24 + l.stackOffset / 8] >>> 8 * (l.stackOffset % 8);
            }
            r[i] = Interp.norm(l.type, x);
        }
        return r;
    }

    static boolean same(MType t, long a, long b) {
        if (a == b) {
            return true;
        }
        if (t == MType.F64) {
            return Double.isNaN(Double.longBitsToDouble(a)) && Double.isNaN(Double.longBitsToDouble(b));
        }
        return t == MType.F32 && Float.isNaN(Float.intBitsToFloat((int) a)) && Float.isNaN(Float.intBitsToFloat((int) b));
    }

    /** Runs the optimizing passes before compiling. */
    boolean optimize;

    private static final mica.ssa.pass.PassContext PASSES = new mica.ssa.pass.PassContext(null, true, java.util.Set.of(), true, null);

    /** Runs both on each row of arguments; the interpreter first, as compiling changes the function. */
    void compare(Func f, long[][] rows) {
        String text = Printer.print(f);
        long[][] expected = new long[rows.length][];
        int[] panics = new int[rows.length];
        long[][] memory = new long[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            fill();
            try {
                expected[i] = new Interp(f, rows[i], machine.data + 32768).run();
                memory[i] = snapshot();
            } catch (Interp.Panic p) {
                panics[i] = p.number;
            }
        }
        Symbol s;
        try {
            if (optimize) {
                mica.ssa.pass.PassList.run(f, PASSES);
            }
            s = machine.compile(f);
        } catch (RuntimeException e) {
            throw new IllegalStateException("compiling\n" + text, e);
        }
        for (int i = 0; i < rows.length; i++) {
            fill();
            // every other call finds the stack too small
            Machine.put(machine.g + 16, i % 2 == 0 ? 0 : -1L >>> 1);
            long[] out = machine.call(s, words(f.sig, rows[i]));
            if (machine.panicked() != panics[i]) {
                throw new IllegalStateException("panic " + machine.panicked() + ", expected " + panics[i] + row(rows[i]) + text);
            }
            if (panics[i] != 0) {
                continue;
            }
            long[] got = results(f.sig, out);
            for (int k = 0; k < got.length; k++) {
                if (!same(f.sig.results[k].type, got[k], expected[i][k])) {
                    throw new IllegalStateException("result " + k + " is " + Long.toHexString(got[k]) + ", expected "
                            + Long.toHexString(expected[i][k]) + row(rows[i]) + text);
                }
            }
            long[] mem = snapshot();
            for (int k = 0; k < mem.length; k++) {
                if (mem[k] != memory[i][k]) {
                    throw new IllegalStateException("memory at " + 8 * k + " is " + Long.toHexString(mem[k]) + ", expected "
                            + Long.toHexString(memory[i][k]) + row(rows[i]) + text);
                }
            }
        }
    }

    private static String row(long[] args) {
        StringBuilder b = new StringBuilder(" for");
        for (long a : args) {
            b.append(' ').append(Long.toHexString(a));
        }
        return b.append('\n').toString();
    }

    private void fill() {
        for (int i = 0; i < 128; i++) {
            Machine.put(machine.data + 8 * i, 0x0102030405060708L * (i + 3) ^ (long) i << 40);
        }
    }

    private long[] snapshot() {
        long[] r = new long[128];
        for (int i = 0; i < r.length; i++) {
            r[i] = Machine.get(machine.data + 8 * i);
        }
        return r;
    }
}
