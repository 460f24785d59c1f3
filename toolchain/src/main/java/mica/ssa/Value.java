// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.Arrays;

/** One SSA value: an instruction in a block. Ids are dense within a function. */
public final class Value {
    public final int id;
    public Op op;
    public MType type;
    public Value[] args;
    public int argCount;
    public long auxInt;
    public Object aux;
    public Block block;
    /** Source position (base.Sources int) of the innermost code. */
    public int pos;
    /** The inlined call that this value came from; null = the function itself. */
    public InlineSite inline;
    /** Scratch for passes; meaningless between passes. */
    public int mark;

    static final Value[] NO_ARGS = {};

    Value(int id, Op op, MType type, Block block, int pos) {
        this.id = id;
        this.op = op;
        this.type = type;
        this.block = block;
        this.pos = pos;
        this.args = NO_ARGS;
    }

    public Value arg(int i) {
        return args[i];
    }

    public void addArg(Value v) {
        if (argCount == args.length) {
            args = Arrays.copyOf(args, Math.max(2, argCount * 2));
        }
        args[argCount++] = v;
    }

    public void removeArg(int i) {
        System.arraycopy(args, i + 1, args, i, --argCount - i);
        args[argCount] = null;
    }

    /** Becomes another operation in place; keeps id, block and position. */
    public void reset(Op op, MType type) {
        this.op = op;
        this.type = type;
        this.args = NO_ARGS;
        this.argCount = 0;
        this.auxInt = 0;
        this.aux = null;
    }

    /** Becomes a copy of {@code v}; copy propagation removes it. */
    public void copyOf(Value v) {
        MType t = v.type;
        reset(Op.COPY, t);
        addArg(v);
    }

    public boolean isConst() {
        return op == Op.CONST;
    }

    public boolean isConst(long n) {
        return op == Op.CONST && auxInt == n && !type.isFloat();
    }

    @Override
    public String toString() {
        return "v" + id;
    }
}
