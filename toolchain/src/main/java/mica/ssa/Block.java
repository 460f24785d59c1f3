// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.Arrays;

/**
 * A basic block. Values stand in execution order, PHIs first. Edges: {@code succs[i]} has this block as predecessor number
 * {@code succIndex[i]}, and the phi operands of a block are parallel to its {@code preds}.
 */
public final class Block {
    public enum Kind {
        /** One successor. */
        PLAIN,
        /** control (I8) != 0: succs[0], else succs[1]. */
        IF,
        /** control (I64) is in [0, succCount): jumps to succs[control]. */
        JUMP_TABLE,
        /** Last value is RETURN. */
        RET,
        /** Control never reaches the end (after a call that does not return). */
        UNREACHABLE
    }

    public final int id;
    public final Func func;
    public Kind kind = Kind.PLAIN;
    public Value control;
    /** 1: succs[0] likely; -1: succs[1] likely; 0 unknown. */
    public int likely;
    public int pos;

    public Value[] values = new Value[8];
    public int count;

    public Block[] preds = new Block[2];
    /** predIndex[i]: which successor edge of preds[i] leads here. */
    public int[] predIndex = new int[2];
    public int predCount;
    public Block[] succs = new Block[2];
    public int[] succIndex = new int[2];
    public int succCount;

    /** Scratch for passes. */
    public int mark;

    Block(int id, Func func) {
        this.id = id;
        this.func = func;
    }

    /** Appends a value at the end. */
    public void append(Value v) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = v;
        v.block = this;
    }

    /** Inserts a value before position {@code at}. */
    public void insert(int at, Value v) {
        append(v);
        System.arraycopy(values, at, values, at + 1, count - 1 - at);
        values[at] = v;
    }

    public void removeAt(int at) {
        System.arraycopy(values, at + 1, values, at, --count - at);
        values[count] = null;
    }

    /** Adds an edge to {@code to}. The caller adds the operands of {@code to}'s phis. */
    public void addEdge(Block to) {
        if (succCount == succs.length) {
            succs = Arrays.copyOf(succs, succCount * 2);
            succIndex = Arrays.copyOf(succIndex, succCount * 2);
        }
        if (to.predCount == to.preds.length) {
            to.preds = Arrays.copyOf(to.preds, to.predCount * 2);
            to.predIndex = Arrays.copyOf(to.predIndex, to.predCount * 2);
        }
        succs[succCount] = to;
        succIndex[succCount] = to.predCount;
        to.preds[to.predCount] = this;
        to.predIndex[to.predCount] = succCount;
        succCount++;
        to.predCount++;
    }

    /** Removes successor edge {@code i} with the phi operands that belong to it; later successors move down. */
    public void removeEdge(int i) {
        Block to = succs[i];
        int p = succIndex[i];
        to.removePred(p);
        for (int k = i + 1; k < succCount; k++) {
            succs[k - 1] = succs[k];
            succIndex[k - 1] = succIndex[k];
            succs[k].predIndex[succIndex[k]] = k - 1;
        }
        succs[--succCount] = null;
    }

    private void removePred(int p) {
        for (int k = 0; k < count && values[k].op == Op.PHI; k++) {
            values[k].removeArg(p);
        }
        for (int k = p + 1; k < predCount; k++) {
            preds[k - 1] = preds[k];
            predIndex[k - 1] = predIndex[k];
            preds[k].succIndex[predIndex[k]] = k - 1;
        }
        preds[--predCount] = null;
    }

    /** Points successor edge {@code i} at another block, without touching phi operands of the new target (the caller adds them). */
    public void redirect(int i, Block to) {
        succs[i].removePred(succIndex[i]);
        if (to.predCount == to.preds.length) {
            to.preds = Arrays.copyOf(to.preds, to.predCount * 2);
            to.predIndex = Arrays.copyOf(to.predIndex, to.predCount * 2);
        }
        succs[i] = to;
        succIndex[i] = to.predCount;
        to.preds[to.predCount] = this;
        to.predIndex[to.predCount++] = i;
    }

    @Override
    public String toString() {
        return "b" + id;
    }
}
