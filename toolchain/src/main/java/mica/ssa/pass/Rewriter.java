// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/** What rewriting passes share: the place of the value at work, and new values before it. */
abstract class Rewriter {
    final Func f;
    /** Block and index of the value at work; new values go before it and move it down. */
    Block block;
    int at;

    Rewriter(Func f) {
        this.f = f;
    }

    final Value add(Value like, Op op, MType t, Value... args) {
        Value v = f.newValue(op, t, block, like.pos);
        v.inline = like.inline;
        for (Value a : args) {
            v.addArg(a);
        }
        block.insert(at++, v);
        return v;
    }

    final Value constant(Value like, MType t, long n) {
        Value v = add(like, Op.CONST, t);
        v.auxInt = n;
        return v;
    }

    /** Uses of each value by its id, as operands and as what blocks branch on. */
    static int[] countUses(Func f) {
        int[] uses = new int[f.valueCount()];
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    uses[v.args[k].id]++;
                }
            }
            if (b.control != null) {
                uses[b.control.id]++;
            }
        }
        return uses;
    }

    /** v becomes a constant. */
    static boolean toConst(Value v, long n) {
        MType t = v.type;
        v.reset(Op.CONST, t);
        v.auxInt = t.isInt() ? Ints.wrap(t, n) : n;
        return true;
    }

    static boolean toCopy(Value v, Value x) {
        v.copyOf(x);
        return true;
    }

    static boolean to(Value v, Op op, Value... args) {
        MType t = v.type;
        v.reset(op, t);
        for (Value a : args) {
            v.addArg(a);
        }
        return true;
    }
}
