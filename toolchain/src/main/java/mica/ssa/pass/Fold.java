// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Constant folding and algebraic simplification. Rules have names ({@link Rule}), so that each can be switched off; their right
 * side is never worse than the left. They stand by family: integers here, comparisons and conversions, pointers, floats beside.
 * Swept over the blocks until nothing changes.
 */
final class Fold extends Rewriter {
    /** Names of rules; "rule:" and the name in lower case switches one off. */
    enum Rule {
        CONSTANTS, IDENTITY, ANNIHILATE, SAME_OPERANDS, CONSTANT_RIGHT, REASSOCIATE, NEGATE_TWICE, SUB_TO_ADD, ADD_OF_NEG, SUB_OF_ADD,
        MUL_TO_SHIFT, UDIV_TO_SHIFT, UREM_TO_AND, SHIFT_TOO_FAR, SHIFT_OF_SHIFT, SHIFT_BOUNDED, MASKED_SHIFT_COUNT,
        COMPARE_SELF, COMPARE_ADD, COMPARE_SUB, COMPARE_UNSIGNED, NOT_OF_COMPARE, COMPARE_BOOL, COMPARE_EXTENDED,
        CONVERT_TWICE, TRUNC_OF_MASK, MASK_OF_EXTENSION, SELECT_KNOWN, SELECT_NOT, SELECT_BOOL,
        OFFSETS, ADDRESS_OFFSET, CHECK_KNOWN, FLOAT_CONSTANTS, FLOAT_NEGATE, FLOAT_NARROW, ROTATE
    }

    private static final int MAX_SWEEPS = 6;
    private final boolean[] off = new boolean[Rule.values().length];
    private final FoldCompare compare;
    private final FoldConvert convert;
    private final FoldPointer pointer;
    private final FoldFloat floats;

    private Fold(Func f, PassContext c) {
        super(f);
        for (Rule r : Rule.values()) {
            off[r.ordinal()] = !c.off.isEmpty() && c.off.contains("rule:" + r.name().toLowerCase(java.util.Locale.ROOT));
        }
        compare = new FoldCompare(this);
        convert = new FoldConvert(this);
        pointer = new FoldPointer(this);
        floats = new FoldFloat(this);
    }

    static void run(Func f, PassContext c) {
        new Fold(f, c).sweep();
    }

    boolean on(Rule r) {
        return !off[r.ordinal()];
    }

    private void sweep() {
        boolean changed = true;
        for (int n = 0; changed && n < MAX_SWEEPS; n++) {
            changed = false;
            for (Block b : f.blocks) {
                block = b;
                for (at = 0; at < b.count; at++) {
                    Value v = b.values[at];
                    for (int k = 0; k < v.argCount; k++) {
                        v.args[k] = DeadCode.resolve(v.args[k]);
                    }
                    if (v.op.isCheck()) {
                        if (on(Rule.CHECK_KNOWN) && passes(v)) {
                            b.removeAt(at--);
                            changed = true;
                        }
                        continue;
                    }
                    for (int tries = 0; tries < 8 && apply(v); tries++) {
                        changed = true;
                    }
                }
                if (b.control != null) {
                    b.control = DeadCode.resolve(b.control);
                    control(b);
                }
            }
        }
        DeadCode.copies(f);
        for (Block b : f.blocks) {
            DeadCode.phisFirst(b);
        }
    }

    /** Branches on a negation turn around. */
    private static void control(Block b) {
        while (b.kind == Block.Kind.IF && b.control.op == Op.BOOL_NOT) {
            b.control = DeadCode.resolve(b.control.args[0]);
            swapSuccessors(b);
            b.likely = -b.likely;
        }
    }

    static void swapSuccessors(Block b) {
        Block s = b.succs[0];
        int i = b.succIndex[0];
        b.succs[0] = b.succs[1];
        b.succIndex[0] = b.succIndex[1];
        b.succs[1] = s;
        b.succIndex[1] = i;
        b.succs[0].predIndex[b.succIndex[0]] = 0;
        b.succs[1].predIndex[b.succIndex[1]] = 1;
    }

    private static boolean passes(Value v) {
        switch (v.op) {
            case NIL_CHECK:
                return NilChecks.neverNil(v.args[0]);
            case DIV_CHECK:
                return v.args[0].isConst() && v.args[0].auxInt != 0;
            case SHIFT_CHECK:
                return v.args[0].isConst() && v.args[0].auxInt >= 0;
            case BOUNDS_CHECK:
                if (!v.args[0].isConst() || !v.args[1].isConst()) {
                    return false;
                }
                int c = Long.compareUnsigned(v.args[0].auxInt, v.args[1].auxInt);
                return ((mica.ssa.BoundsKind) v.aux).strict ? c < 0 : c <= 0;
            default:
                return false;
        }
    }

    private boolean apply(Value v) {
        switch (v.op) {
            case ADD, SUB, MUL, DIV, UDIV, REM, UREM, AND, OR, XOR, SHL, SHR, SAR, NEG, NOT, ROTL, BSWAP, CTZ, BITLEN, POPCNT:
                return v.type.isInt() && integer(v);
            case EQ, NE, LT, LE, ULT, ULE, BOOL_NOT, SELECT:
                return compare.apply(v);
            case TRUNC, SEXT, ZEXT, PTR_TO_INT, INT_TO_PTR:
                return convert.apply(v);
            case OFF_PTR, ADD_PTR, LOAD, STORE:
                return pointer.apply(v);
            case FADD, FSUB, FMUL, FDIV, FNEG, FSQRT, FABS, FEQ, FNE, FLT, FLE, INT_TO_FLOAT, FEXT, FTRUNC, BITCAST:
                return floats.apply(v);
            default:
                return false;
        }
    }

    private boolean integer(Value v) {
        if (v.argCount == 1) {
            return unary(v);
        }
        Value x = v.args[0];
        Value y = v.args[1];
        if (x.isConst() && y.isConst() && on(Rule.CONSTANTS)) {
            return constants(v, x.auxInt, y.auxInt);
        }
        if (v.op.commutes() && x.isConst() && on(Rule.CONSTANT_RIGHT)) {
            v.args[0] = y;
            v.args[1] = x;
            return true;
        }
        return switch (v.op) {
            case ADD -> rotation(v, x, y) || add(v, x, y);
            case SUB -> sub(v, x, y);
            case MUL -> mul(v, x, y);
            case UDIV, DIV -> div(v, x, y);
            case UREM, REM -> rem(v, x, y);
            case OR, XOR -> rotation(v, x, y) || bitwise(v, x, y);
            case AND -> bitwise(v, x, y);
            case SHL, SHR, SAR -> shift(v, x, y);
            default -> false;
        };
    }

    private boolean constants(Value v, long x, long y) {
        long ux = Ints.unsigned(v.type, x);
        long uy = Ints.unsigned(v.type, y);
        int bits = Ints.bits(v.type);
        switch (v.op) {
            case ADD:
                return toConst(v, x + y);
            case SUB:
                return toConst(v, x - y);
            case MUL:
                return toConst(v, x * y);
            case DIV:
                return y != 0 && toConst(v, x / y);
            case REM:
                return y != 0 && toConst(v, x % y);
            case UDIV:
                return uy != 0 && toConst(v, Long.divideUnsigned(ux, uy));
            case UREM:
                return uy != 0 && toConst(v, Long.remainderUnsigned(ux, uy));
            case AND:
                return toConst(v, x & y);
            case OR:
                return toConst(v, x | y);
            case XOR:
                return toConst(v, x ^ y);
            default:
        }
        long n = Ints.unsigned(v.args[1].type, y);
        boolean far = Long.compareUnsigned(n, bits) >= 0;
        switch (v.op) {
            case SHL:
                return toConst(v, far ? 0 : x << n);
            case SHR:
                return toConst(v, far ? 0 : ux >>> n);
            case SAR:
                return toConst(v, x >> (far ? 63 : n));
            case ROTL:
                int k = (int) (n & bits - 1);
                return toConst(v, k == 0 ? x : ux << k | ux >>> bits - k);
            default:
                return false;
        }
    }

    private boolean unary(Value v) {
        Value x = v.args[0];
        if (x.isConst() && on(Rule.CONSTANTS)) {
            long u = Ints.unsigned(x.type, x.auxInt);
            int bits = Ints.bits(x.type);
            switch (v.op) {
                case NEG:
                    return toConst(v, -x.auxInt);
                case NOT:
                    return toConst(v, ~x.auxInt);
                case CTZ:
                    return toConst(v, u == 0 ? bits : Long.numberOfTrailingZeros(u));
                case BITLEN:
                    return toConst(v, 64 - Long.numberOfLeadingZeros(u));
                case POPCNT:
                    return toConst(v, Long.bitCount(u));
                case BSWAP:
                    return toConst(v, Long.reverseBytes(u) >>> 64 - bits);
                default:
                    return false;
            }
        }
        if ((v.op == Op.NEG || v.op == Op.NOT || v.op == Op.BSWAP) && x.op == v.op && on(Rule.NEGATE_TWICE)) {
            return toCopy(v, x.args[0]);
        }
        if (v.op == Op.NEG && x.op == Op.SUB && on(Rule.NEGATE_TWICE)) {
            return to(v, Op.SUB, x.args[1], x.args[0]);
        }
        return false;
    }

    private boolean add(Value v, Value x, Value y) {
        if (y.isConst(0) && on(Rule.IDENTITY)) {
            return toCopy(v, x);
        }
        if (y.isConst() && x.op == Op.ADD && x.args[1].isConst() && on(Rule.REASSOCIATE)) {
            return to(v, Op.ADD, x.args[0], constant(v, v.type, Ints.wrap(v.type, x.args[1].auxInt + y.auxInt)));
        }
        if (y.isConst() && x.op == Op.SUB && x.args[0].isConst() && on(Rule.REASSOCIATE)) {
            return to(v, Op.SUB, constant(v, v.type, Ints.wrap(v.type, x.args[0].auxInt + y.auxInt)), x.args[1]);
        }
        if (on(Rule.ADD_OF_NEG)) {
            if (y.op == Op.NEG) {
                return to(v, Op.SUB, x, y.args[0]);
            }
            if (x.op == Op.NEG) {
                return to(v, Op.SUB, y, x.args[0]);
            }
            if (y.op == Op.SUB && y.args[1] == x) {
                return toCopy(v, y.args[0]);
            }
            if (x.op == Op.SUB && x.args[1] == y) {
                return toCopy(v, x.args[0]);
            }
        }
        return false;
    }

    private boolean sub(Value v, Value x, Value y) {
        if (x == y && on(Rule.SAME_OPERANDS)) {
            return toConst(v, 0);
        }
        if (y.isConst() && on(Rule.SUB_TO_ADD)) {
            return to(v, Op.ADD, x, constant(v, v.type, Ints.wrap(v.type, -y.auxInt)));
        }
        if (x.isConst(0) && on(Rule.IDENTITY)) {
            return to(v, Op.NEG, y);
        }
        if (on(Rule.SUB_OF_ADD)) {
            if (x.op == Op.ADD && (x.args[0] == y || x.args[1] == y)) {
                return toCopy(v, x.args[0] == y ? x.args[1] : x.args[0]);
            }
            if (y.op == Op.ADD && (y.args[0] == x || y.args[1] == x)) {
                return to(v, Op.NEG, y.args[0] == x ? y.args[1] : y.args[0]);
            }
            if (x.op == Op.SUB && x.args[0] == y) {
                return to(v, Op.NEG, x.args[1]);
            }
            if (y.op == Op.SUB && y.args[0] == x) {
                return toCopy(v, y.args[1]);
            }
            if (y.op == Op.NEG) {
                return to(v, Op.ADD, x, y.args[0]);
            }
        }
        return false;
    }

    private boolean mul(Value v, Value x, Value y) {
        if (!y.isConst()) {
            return false;
        }
        long n = y.auxInt;
        if (n == 0 && on(Rule.ANNIHILATE)) {
            return toConst(v, 0);
        }
        if (n == 1 && on(Rule.IDENTITY)) {
            return toCopy(v, x);
        }
        if (n == -1 && on(Rule.IDENTITY)) {
            return to(v, Op.NEG, x);
        }
        if (Ints.isPowerOfTwo(n) && on(Rule.MUL_TO_SHIFT)) {
            return shiftBy(v, Op.SHL, x, Ints.log2(n));
        }
        if (x.op == Op.MUL && x.args[1].isConst() && on(Rule.REASSOCIATE)) {
            return to(v, Op.MUL, x.args[0], constant(v, v.type, Ints.wrap(v.type, n * x.args[1].auxInt)));
        }
        return false;
    }

    /** A shift by a known count below the width. */
    boolean shiftBy(Value v, Op op, Value x, int n) {
        Value c = constant(v, v.type, n);
        to(v, op, x, c);
        v.auxInt = 1;
        return true;
    }

    private boolean div(Value v, Value x, Value y) {
        if (y.isConst(1) && on(Rule.IDENTITY)) {
            return toCopy(v, x);
        }
        if (v.op == Op.DIV && y.isConst(-1) && on(Rule.IDENTITY)) {
            return to(v, Op.NEG, x);
        }
        if (v.op == Op.UDIV && y.isConst() && on(Rule.UDIV_TO_SHIFT)) {
            long n = Ints.unsigned(v.type, y.auxInt);
            if (n != 0 && (n & n - 1) == 0) {
                return shiftBy(v, Op.SHR, x, Ints.log2(n));
            }
        }
        return false;
    }

    private boolean rem(Value v, Value x, Value y) {
        if ((y.isConst(1) || v.op == Op.REM && y.isConst(-1)) && on(Rule.ANNIHILATE)) {
            return toConst(v, 0);
        }
        if (v.op == Op.UREM && y.isConst() && on(Rule.UREM_TO_AND)) {
            long n = Ints.unsigned(v.type, y.auxInt);
            if (n != 0 && (n & n - 1) == 0) {
                return to(v, Op.AND, x, constant(v, v.type, Ints.wrap(v.type, n - 1)));
            }
        }
        return false;
    }

    /** x << n and x >> bits - n put together. */
    private boolean rotation(Value v, Value x, Value y) {
        Value left = x.op == Op.SHL ? x : y;
        Value right = x.op == Op.SHL ? y : x;
        if (left.op != Op.SHL || right.op != Op.SHR || left.args[0] != right.args[0] || !left.args[1].isConst() || !right.args[1].isConst()) {
            return false;
        }
        long n = left.args[1].auxInt;
        boolean whole = n > 0 && right.args[1].auxInt > 0 && n + right.args[1].auxInt == Ints.bits(v.type);
        return whole && on(Rule.ROTATE) && to(v, Op.ROTL, left.args[0], left.args[1]);
    }

    private boolean bitwise(Value v, Value x, Value y) {
        if (x == y && on(Rule.SAME_OPERANDS)) {
            return v.op == Op.XOR ? toConst(v, 0) : toCopy(v, x);
        }
        if (!y.isConst()) {
            return false;
        }
        long n = y.auxInt;
        if (v.op == Op.AND) {
            if (n == 0 && on(Rule.ANNIHILATE)) {
                return toConst(v, 0);
            }
            if (n == -1 && on(Rule.IDENTITY)) {
                return toCopy(v, x);
            }
            if (x.op == Op.ZEXT && (Ints.mask(x.args[0].type) & ~n) == 0 && on(Rule.MASK_OF_EXTENSION)) {
                return toCopy(v, x);
            }
        } else if (n == 0 && on(Rule.IDENTITY)) {
            return toCopy(v, x);
        } else if (n == -1 && v.op == Op.OR && on(Rule.ANNIHILATE)) {
            return toConst(v, -1);
        } else if (n == -1 && v.op == Op.XOR && on(Rule.IDENTITY)) {
            return to(v, Op.NOT, x);
        }
        if (x.op == v.op && x.args[1].isConst() && on(Rule.REASSOCIATE)) {
            long m = x.args[1].auxInt;
            return to(v, v.op, x.args[0], constant(v, v.type, v.op == Op.AND ? n & m : v.op == Op.OR ? n | m : n ^ m));
        }
        return false;
    }

    private boolean shift(Value v, Value x, Value y) {
        if (x.isConst(0) && on(Rule.ANNIHILATE)) {
            return toConst(v, 0);
        }
        int bits = Ints.bits(v.type);
        if (y.isConst()) {
            long n = Ints.unsigned(y.type, y.auxInt);
            if (n == 0 && on(Rule.IDENTITY)) {
                return toCopy(v, x);
            }
            if (Long.compareUnsigned(n, bits) >= 0) {
                return on(Rule.SHIFT_TOO_FAR) && (v.op == Op.SAR ? shiftBy(v, Op.SAR, x, bits - 1) : toConst(v, 0));
            }
            if (x.op == v.op && x.args[1].isConst() && x.auxInt == 1 && on(Rule.SHIFT_OF_SHIFT)) {
                long sum = n + x.args[1].auxInt;
                if (sum < bits) {
                    return shiftBy(v, v.op, x.args[0], (int) sum);
                }
                return v.op == Op.SAR ? shiftBy(v, Op.SAR, x.args[0], bits - 1) : toConst(v, 0);
            }
            if (v.auxInt == 0 && on(Rule.SHIFT_BOUNDED)) {
                v.auxInt = 1;
                return true;
            }
            return false;
        }
        if (v.auxInt == 0 && y.op == Op.AND && y.args[1].isConst() && y.args[1].auxInt >= 0 && y.args[1].auxInt < bits
                && on(Rule.MASKED_SHIFT_COUNT)) {
            v.auxInt = 1;
            return true;
        }
        if (v.auxInt == 0 && y.op == Op.ZEXT && y.args[0].op == Op.AND && y.args[0].args[1].isConst() && y.args[0].args[1].auxInt >= 0
                && y.args[0].args[1].auxInt < bits && on(Rule.MASKED_SHIFT_COUNT)) {
            v.auxInt = 1;
            return true;
        }
        return false;
    }
}
