// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Printer;
import mica.ssa.Value;

/** Checks what every pass may rely on: edges that agree, phis first, definitions before uses, types of operands, ends of blocks. */
public final class Verify {
    private final Func f;
    private final String pass;

    private Verify(Func f, String pass) {
        this.f = f;
        this.pass = pass;
    }

    /** @param pass the one that ran last, for the report */
    public static void check(Func f, String pass) {
        new Verify(f, pass).run();
    }

    private Fault wrong(String what) {
        return new Fault(pass, f.name + ": " + what + "\n" + Printer.print(f));
    }

    private void run() {
        if (f.blocks.isEmpty() || f.blocks.get(0) != f.entry) {
            throw wrong("the entry is not the first block");
        }
        if (f.entry.predCount != 0) {
            throw wrong("the entry has predecessors");
        }
        boolean[] listed = new boolean[f.blockCount()];
        for (Block b : f.blocks) {
            if (listed[b.id]) {
                throw wrong(b + " is listed twice");
            }
            listed[b.id] = true;
        }
        boolean[] placed = new boolean[f.valueCount()];
        for (Block b : f.blocks) {
            edges(b, listed);
            end(b);
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.block != b) {
                    throw wrong(v + " stands in " + b + " but says " + v.block);
                }
                if (placed[v.id]) {
                    throw wrong(v + " stands in two places");
                }
                placed[v.id] = true;
                if (v.op == Op.PHI && i > 0 && b.values[i - 1].op != Op.PHI) {
                    throw wrong(v + " is a phi behind other values");
                }
                operands(v);
            }
        }
        uses(placed);
    }

    private void edges(Block b, boolean[] listed) {
        for (int i = 0; i < b.succCount; i++) {
            Block s = b.succs[i];
            if (!listed[s.id] || b.succIndex[i] >= s.predCount || s.preds[b.succIndex[i]] != b || s.predIndex[b.succIndex[i]] != i) {
                throw wrong("edge " + b + " -> " + s + " does not agree");
            }
        }
        for (int i = 0; i < b.predCount; i++) {
            Block p = b.preds[i];
            if (!listed[p.id] || b.predIndex[i] >= p.succCount || p.succs[b.predIndex[i]] != b) {
                throw wrong("edge " + p + " -> " + b + " does not agree");
            }
        }
    }

    private void end(Block b) {
        int want = switch (b.kind) {
            case PLAIN -> 1;
            case IF -> 2;
            case JUMP_TABLE -> Math.max(1, b.succCount);
            case RET, UNREACHABLE -> 0;
        };
        if (b.succCount != want) {
            throw wrong(b + " of kind " + b.kind + " has " + b.succCount + " successors");
        }
        boolean needs = b.kind == Block.Kind.IF || b.kind == Block.Kind.JUMP_TABLE;
        if (needs != (b.control != null)) {
            throw wrong(b + (needs ? " has no control value" : " has a control value"));
        }
        if (b.kind == Block.Kind.RET && (b.count == 0 || b.values[b.count - 1].op != Op.RETURN)) {
            throw wrong(b + " does not end with RETURN");
        }
    }

    private void operands(Value v) {
        for (int i = 0; i < v.argCount; i++) {
            if (v.args[i] == null) {
                throw wrong(v + " has an operand missing: " + Printer.line(v));
            }
        }
        switch (v.op) {
            case PHI -> {
                if (v.argCount != v.block.predCount) {
                    throw wrong(v + " has " + v.argCount + " operands for " + v.block.predCount + " predecessors");
                }
                for (int i = 0; i < v.argCount; i++) {
                    same(v, v.args[i].type);
                }
            }
            case COPY, NEG, NOT -> same(v, v.args[0].type);
            case ADD, SUB, MUL, DIV, UDIV, REM, UREM, AND, OR, XOR, FADD, FSUB, FMUL, FDIV -> {
                count(v, 2);
                same(v, v.args[0].type);
                same(v, v.args[1].type);
            }
            case EQ, NE, LT, LE, ULT, ULE, FEQ, FNE, FLT, FLE -> {
                count(v, 2);
                if (v.args[0].type != v.args[1].type || v.type != MType.I8) {
                    throw wrong("types of " + Printer.line(v));
                }
            }
            case SHL, SHR, SAR -> {
                count(v, 2);
                same(v, v.args[0].type);
            }
            case SELECT -> {
                count(v, 3);
                same(v, v.args[1].type);
                same(v, v.args[2].type);
            }
            case LOAD, NIL_CHECK, ZERO, OFF_PTR -> {
                count(v, 1);
                pointer(v, 0);
            }
            case STORE, MOVE, ADD_PTR -> {
                count(v, 2);
                pointer(v, 0);
            }
            case RESULT, RESULT_ADDR -> {
                count(v, 1);
                if (!v.args[0].op.isCall() && v.args[0].type != MType.TUPLE) {
                    throw wrong(v + " takes a result of " + Printer.line(v.args[0]));
                }
            }
            case ARG, ARG_ADDR, CLOSURE_CONTEXT -> {
                if (v.block != f.entry) {
                    throw wrong(v + " stands outside the entry block");
                }
            }
            default -> { }
        }
    }

    private void count(Value v, int n) {
        if (v.argCount != n) {
            throw wrong(v + " has " + v.argCount + " operands: " + Printer.line(v));
        }
    }

    private void same(Value v, MType t) {
        if (v.type != t) {
            throw wrong("types of " + Printer.line(v));
        }
    }

    private void pointer(Value v, int i) {
        MType t = v.args[i].type;
        if (t != MType.PTR && t != MType.I64) {
            throw wrong(v + " takes an address of type " + t + ": " + Printer.line(v));
        }
    }

    private void uses(boolean[] placed) {
        Cfg cfg = new Cfg(f);
        int[] place = new int[f.valueCount()];
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                place[b.values[i].id] = i;
            }
        }
        for (Block b : cfg.order) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    Value a = v.args[k];
                    if (!placed[a.id]) {
                        throw wrong(v + " uses " + a + ", which stands nowhere: " + Printer.line(v));
                    }
                    boolean ok;
                    if (v.op == Op.PHI) {
                        Block p = b.preds[k];
                        ok = !cfg.reached(p) || cfg.dominates(a.block, p);
                    } else {
                        ok = a.block == b ? place[a.id] < i : cfg.dominates(a.block, b);
                    }
                    if (!ok) {
                        throw wrong(v + " uses " + a + " where it is not defined: " + Printer.line(v));
                    }
                }
            }
            if (b.control != null && (!placed[b.control.id] || !cfg.dominates(b.control.block, b))) {
                throw wrong(b + " is controlled by " + b.control + " where it is not defined");
            }
        }
    }
}
