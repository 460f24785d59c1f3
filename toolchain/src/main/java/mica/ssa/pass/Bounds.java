// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Removes bounds checks, and decides comparisons, that follow from what is known on the way. Facts are differences: x - y is at
 * most c, where y may be the number zero ({@link Differences}). They come from definitions (masks, extensions, lengths), from
 * branches, from checks that were passed, and from counting loops.
 *
 * <p>A counting loop: the header's phi i comes in as init and goes round as i + step. If every way round passes the true side of
 * i < n, then i + step did not overflow, so i never is below init (for a positive step; a negative one likewise with i >= n).
 */
final class Bounds {
    /** Sums of values up to this don't overflow. */
    private static final long SMALL = 1L << 47;

    private final Func f;
    private final Cfg cfg;
    private final Differences d;

    /** Null: nobody asks. */
    private final Decisions log;

    private Bounds(Func f, Decisions log) {
        this.f = f;
        this.log = log;
        this.cfg = new Cfg(f);
        this.d = new Differences(f.valueCount());
        if (log != null) {
            d.explain();
        }
    }

    static void run(Func f, PassContext c) {
        boolean any = false;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count && !any; i++) {
                any = b.values[i].op == Op.BOUNDS_CHECK;
            }
        }
        if (any) {
            new Bounds(f, c.log).run();
        }
    }

    private void run() {
        int[] marks = new int[cfg.order.length + 1];
        DomWalk walk = new DomWalk(cfg);
        walk.run(b -> {
            marks[walk.depth()] = d.mark();
            enter(b);
        }, b -> d.undo(marks[walk.depth()]));
    }

    /** The second operand is the length or capacity of something, not an index that was checked before. */
    private static boolean isLength(BoundsKind k) {
        return switch (k) {
            case INDEX, INDEX_U, SLICE_ALEN, SLICE_ALEN_U, SLICE_ACAP, SLICE_ACAP_U, SLICE3_ALEN, SLICE3_ALEN_U, SLICE3_ACAP,
                    SLICE3_ACAP_U, CONVERT -> true;
            default -> false;
        };
    }

    private void enter(Block b) {
        if (b.predCount == 1 && b.preds[0].kind == Block.Kind.IF) {
            Block p = b.preds[0];
            if (p.succs[0] != p.succs[1]) {
                because(p.control, "the branch went " + (b.predIndex[0] == 0 ? "here" : "the other way"));
                learn(p.control, b.predIndex[0] == 0, 0);
            }
        }
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op == Op.BOUNDS_CHECK) {
                if (check(v)) {
                    b.removeAt(i--);
                }
            } else if (v.type.isInt()) {
                because(v, "how " + v + " is computed");
                define(v);
                if (FoldCompare.isCompare(v.op) && v.args[0].type.isInt()) {
                    decide(v);
                }
            }
        }
    }

    /** True if the check cannot fail; otherwise what it ensures is learned. */
    private boolean check(Value v) {
        Value x = v.args[0];
        Value y = v.args[1];
        long below = ((BoundsKind) v.aux).strict ? -1 : 0;
        if (y.type != MType.I64 || x.type != MType.I64) {
            return false;
        }
        because(y, "a length is not negative");
        if (isLength((BoundsKind) v.aux)) {
            // Only from here on: the same value may be a number that somebody still has to check, as n in make([]T, n).
            d.lower(y, 0);
        }
        d.clearTrail();
        boolean positive = d.proveLower(x, 0);
        if (positive && d.prove(x, y, below)) {
            if (log != null) {
                log.checks.removed(v, Differences.demand(x, y, below), d.trail());
            }
            return true;
        }
        if (log != null) {
            log.checks.missing(v, positive ? Differences.demand(x, y, below) : "0 <= " + x);
        }
        because(v, "checked here");
        if (d.proveLower(y, 0)) {
            d.lower(x, 0);
            d.add(x, y, below);
        }
        return false;
    }

    private void because(Value v, String why) {
        if (log != null && v != null) {
            d.because(new Decisions.Step(v.pos, v.inline, why));
        }
    }

    private void decide(Value v) {
        Value x = v.args[0];
        Value y = v.args[1];
        int known = -1;
        switch (v.op) {
            case LT -> known = d.prove(x, y, -1) ? 1 : d.prove(y, x, 0) ? 0 : -1;
            case LE -> known = d.prove(x, y, 0) ? 1 : d.prove(y, x, -1) ? 0 : -1;
            case ULT -> known = unsigned(x, y) ? d.prove(x, y, -1) ? 1 : d.prove(y, x, 0) ? 0 : -1 : -1;
            case ULE -> known = unsigned(x, y) ? d.prove(x, y, 0) ? 1 : d.prove(y, x, -1) ? 0 : -1 : -1;
            case EQ -> known = d.prove(x, y, -1) || d.prove(y, x, -1) ? 0 : -1;
            case NE -> known = d.prove(x, y, -1) || d.prove(y, x, -1) ? 1 : -1;
            default -> { }
        }
        if (known >= 0) {
            if (log != null) {
                log.checks.decided(v, known == 1);
            }
            Rewriter.toConst(v, known);
        }
    }

    private boolean unsigned(Value x, Value y) {
        return d.proveLower(x, 0) && d.proveLower(y, 0);
    }

    /** The condition has come out as {@code holds}. */
    private void learn(Value c, boolean holds, int depth) {
        c = DeadCode.resolve(c);
        if (depth > 4) {
            return;
        }
        switch (c.op) {
            case BOOL_NOT -> learn(c.args[0], !holds, depth + 1);
            case AND -> {
                if (holds && c.type == MType.I8 && FoldCompare.isBool(c.args[0]) && FoldCompare.isBool(c.args[1])) {
                    learn(c.args[0], true, depth + 1);
                    learn(c.args[1], true, depth + 1);
                }
            }
            case OR -> {
                if (!holds && c.type == MType.I8) {
                    learn(c.args[0], false, depth + 1);
                    learn(c.args[1], false, depth + 1);
                }
            }
            case LT, LE, EQ, NE, ULT, ULE -> {
                if (c.args[0].type.isInt()) {
                    compared(c.op, c.args[0], c.args[1], holds);
                }
            }
            default -> { }
        }
    }

    private void compared(Op op, Value x, Value y, boolean holds) {
        switch (op) {
            case LT -> {
                if (holds) {
                    d.add(x, y, -1);
                } else {
                    d.add(y, x, 0);
                }
            }
            case LE -> {
                if (holds) {
                    d.add(x, y, 0);
                } else {
                    d.add(y, x, -1);
                }
            }
            case EQ, NE -> {
                if (holds == (op == Op.EQ)) {
                    d.add(x, y, 0);
                    d.add(y, x, 0);
                } else if (y.isConst()) {
                    // Not the smallest (or largest) that it can be: one more (or less).
                    if (d.proveLower(x, y.auxInt)) {
                        d.lower(x, y.auxInt + 1);
                    } else if (d.proveUpper(x, y.auxInt)) {
                        d.upper(x, y.auxInt - 1);
                    }
                }
            }
            case ULT, ULE -> {
                long below = op == Op.ULT ? -1 : 0;
                if (holds) {
                    if (d.proveLower(y, 0)) {
                        d.lower(x, 0);
                        d.add(x, y, below);
                    }
                } else if (unsigned(x, y)) {
                    d.add(y, x, -1 - below);
                }
            }
            default -> { }
        }
    }

    /** What follows from how a value is computed. */
    private void define(Value v) {
        Value x = v.argCount > 0 ? v.args[0] : null;
        Value y = v.argCount > 1 ? v.args[1] : null;
        switch (v.op) {
            case CONST -> d.range(v, v.auxInt, v.auxInt);
            case ADD -> {
                if (y.isConst()) {
                    sum(v, x, y.auxInt);
                } else if (noOverflow(x, y)) {
                    addNonNegative(v, x, y);
                }
            }
            case SUB -> {
                if (d.proveLower(x, 0) && d.proveLower(y, 0)) {
                    d.add(v, x, 0);
                    if (d.prove(y, x, 0)) {
                        d.lower(v, 0);
                    }
                    if (d.prove(y, x, -1)) {
                        d.lower(v, 1);
                    }
                    if (d.proveLower(y, 1)) {
                        d.add(v, x, -1);
                    }
                }
            }
            case AND -> {
                if (y.isConst() && y.auxInt >= 0) {
                    d.range(v, 0, y.auxInt);
                }
                if (d.proveLower(x, 0)) {
                    d.lower(v, 0);
                    d.add(v, x, 0);
                }
                if (!y.isConst() && d.proveLower(y, 0)) {
                    d.lower(v, 0);
                    d.add(v, y, 0);
                }
            }
            case ZEXT -> {
                d.range(v, 0, x.type == MType.I32 ? 0xffffffffL : x.type == MType.I16 ? 0xffff : 0xff);
                if (d.proveLower(x, 0)) {
                    d.add(v, x, 0);
                    d.add(x, v, 0);
                }
            }
            case SEXT -> {
                long min = Ints.signedMin(x.type);
                d.range(v, min, -1 - min);
                d.add(v, x, 0);
                d.add(x, v, 0);
            }
            case SHR -> shiftRight(v, x, y);
            case SAR, DIV, UDIV -> {
                if (d.proveLower(x, 0) && (v.op == Op.SAR || y.isConst() && y.auxInt >= 1)) {
                    d.lower(v, 0);
                    d.add(v, x, 0);
                }
            }
            case REM -> {
                if (y.isConst() && y.auxInt > 0) {
                    d.range(v, d.proveLower(x, 0) ? 0 : 1 - y.auxInt, y.auxInt - 1);
                } else if (d.proveLower(x, 0) && d.proveLower(y, 1)) {
                    d.lower(v, 0);
                    d.add(v, y, -1);
                }
                if (d.proveLower(x, 0)) {
                    d.add(v, x, 0);
                }
            }
            case UREM -> {
                if (d.proveLower(y, 1)) {
                    d.lower(v, 0);
                    d.add(v, y, -1);
                }
            }
            case CTZ, BITLEN, POPCNT -> d.range(v, 0, 8L * x.type.size);
            case EQ, NE, LT, LE, ULT, ULE, BOOL_NOT -> d.range(v, 0, 1);
            case SELECT -> join(v, v.args[1], v.args[2]);
            case PHI -> phi(v);
            default -> { }
        }
    }

    private void shiftRight(Value v, Value x, Value y) {
        if (y.isConst() && y.auxInt > 0 && y.auxInt < Ints.bits(v.type)) {
            d.range(v, 0, Ints.mask(v.type) >>> y.auxInt);
        }
        if (d.proveLower(x, 0)) {
            d.lower(v, 0);
            d.add(v, x, 0);
        }
    }

    /** v = x + c: a difference if it cannot overflow. */
    private void sum(Value v, Value x, long c) {
        long min = Ints.signedMin(v.type);
        long max = -1 - min;
        boolean fits = c >= 0 ? d.proveUpper(x, max - c) : c != Long.MIN_VALUE && d.proveLower(x, min - c);
        if (fits) {
            d.add(v, x, c);
            d.add(x, v, -c);
        }
    }

    /** Both are lengths or indexes, far from overflow. */
    private boolean noOverflow(Value x, Value y) {
        return x.type == MType.I64 && d.proveLower(x, 0) && d.proveLower(y, 0) && d.proveUpper(x, Long.MAX_VALUE / 2)
                && d.proveUpper(y, Long.MAX_VALUE / 2);
    }

    private void addNonNegative(Value v, Value x, Value y) {
        d.lower(v, 0);
        d.add(x, v, 0);
        d.add(y, v, 0);
    }

    private void join(Value v, Value a, Value b) {
        if (d.proveLower(a, 0) && d.proveLower(b, 0)) {
            d.lower(v, 0);
        }
    }

    private void phi(Value v) {
        Block h = v.block;
        if (cfg.loopOf(h) == h && h.predCount == 2 && !cfg.irreducible) {
            int back = cfg.dominates(h, h.preds[0]) ? 0 : 1;
            if (!cfg.dominates(h, h.preds[back]) || cfg.dominates(h, h.preds[1 - back])) {
                return;
            }
            counting(v, v.args[1 - back], v.args[back], h.preds[back]);
            return;
        }
        if (cfg.irreducible) {
            return;
        }
        boolean nonNegative = true;
        boolean small = true;
        for (int i = 0; i < v.argCount; i++) {
            nonNegative &= d.proveLower(v.args[i], 0);
            small &= d.proveUpper(v.args[i], SMALL);
        }
        if (nonNegative && cfg.loopOf(h) != h) {
            d.lower(v, 0);
        }
        if (small && cfg.loopOf(h) != h) {
            d.upper(v, SMALL);
        }
    }

    private void counting(Value i, Value init, Value next, Block latch) {
        if (next.op != Op.ADD || next.args[0] != i || !next.args[1].isConst()) {
            return;
        }
        long step = next.args[1].auxInt;
        if (step == 0 || step < -(1L << 31) || step > 1L << 31) {
            return;
        }
        // Looks up the dominators of the increment, inside the loop, for the test that bounds i.
        for (Block b = next.block; b != null && b != i.block; b = cfg.idom[b.id]) {
            Block p = b.predCount == 1 ? b.preds[0] : null;
            if (p == null || p.kind != Block.Kind.IF || p.succs[0] == p.succs[1]) {
                continue;
            }
            if (bounds(p.control, b.predIndex[0] == 0, i, step)) {
                because(p.control, "a loop that counts " + (step > 0 ? "up" : "down") + " by " + Math.abs(step) + " to this test");
                if (step > 0) {
                    d.add(init, i, 0);
                } else {
                    d.add(i, init, 0);
                }
                return;
            }
        }
    }

    /** The condition keeps i so far from the end of its range that a step does not overflow. */
    private boolean bounds(Value c, boolean holds, Value i, long step) {
        if (c.op != Op.LT && c.op != Op.LE) {
            if ((c.op == Op.ULT || c.op == Op.ULE) && holds && step > 0 && c.args[0] == i) {
                return d.proveLower(c.args[1], 0) && below(c.args[1], step);
            }
            return false;
        }
        // As lo <= hi, or lo < hi.
        Value lo = holds ? c.args[0] : c.args[1];
        Value hi = holds ? c.args[1] : c.args[0];
        boolean strict = (c.op == Op.LT) == holds;
        if (step > 0) {
            return lo == i && (strict && step == 1 || below(hi, step));
        }
        return hi == i && (strict && step == -1 || lo.isConst() && lo.auxInt >= 0 || d.proveLower(lo, Ints.signedMin(i.type) - step));
    }

    private boolean below(Value n, long step) {
        return n.isConst() && n.auxInt <= -1 - Ints.signedMin(n.type) - step
                || d.proveUpper(n, -1 - Ints.signedMin(n.type) - step);
    }
}
