// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Moves what does not change in a loop in front of it: costly pure values from anywhere in the loop; and from the start of the
 * header, before anything with an effect, also nil checks and loads of memory that the loop does not write. (The header runs at
 * least once, so these would have happened anyway.) Cheap values stay: a register held through the loop costs more.
 */
final class Licm {
    private final Func f;
    private final Cfg cfg;
    private final Aliases aliases;

    private Licm(Func f) {
        this.f = f;
        this.cfg = new Cfg(f);
        this.aliases = new Aliases(f);
    }

    static void run(Func f, PassContext c) {
        new Licm(f).run();
    }

    private void run() {
        // Inner loops first: what leaves them may leave the outer one too.
        for (int i = cfg.order.length - 1; i >= 0; i--) {
            Block h = cfg.order[i];
            if (cfg.loopOf(h) == h && !cfg.irreducible) {
                Block p = preheader(h);
                if (p != null) {
                    header(h, p);
                    pure(h, p);
                }
            }
        }
    }

    /** The only block outside that leads to the header, and nowhere else; null if there is none. */
    private Block preheader(Block h) {
        Block p = null;
        for (int i = 0; i < h.predCount; i++) {
            Block b = h.preds[i];
            if (!cfg.reached(b) || cfg.inLoop(b, h)) {
                continue;
            }
            if (p != null) {
                return null;
            }
            p = b;
        }
        return p != null && p.kind == Block.Kind.PLAIN ? p : null;
    }

    private boolean invariant(Value v, Block h) {
        for (int i = 0; i < v.argCount; i++) {
            if (cfg.inLoop(v.args[i].block, h)) {
                return false;
            }
        }
        return true;
    }

    private static void move(Value v, Block from, int at, Block to) {
        from.removeAt(at);
        to.append(v);
    }

    private void header(Block h, Block p) {
        ArrayList<Value> writes = null;
        for (int i = 0; i < h.count; i++) {
            Value v = h.values[i];
            if (v.op == Op.PHI) {
                continue;
            }
            if (v.op == Op.NIL_CHECK || v.op == Op.LOAD) {
                if (!invariant(v, h)) {
                    if (v.op == Op.NIL_CHECK) {
                        return;
                    }
                    continue;
                }
                if (v.op == Op.LOAD) {
                    if (writes == null) {
                        writes = writes(h);
                    }
                    if (writes == UNKNOWN || mayChange(v, writes)) {
                        continue;
                    }
                }
                move(v, h, i--, p);
            } else if (v.op == Op.OFF_PTR || v.op == Op.LOCAL_ADDR || v.op == Op.ADDR || v.op == Op.CONST) {
                // They come along, as what follows may need them; unused ones cost nothing.
                if (invariant(v, h) && feedsMemory(v, h, i)) {
                    move(v, h, i--, p);
                }
            } else if (!v.op.isPure()) {
                return;
            }
        }
    }

    private static boolean feedsMemory(Value v, Block h, int at) {
        for (int i = at + 1; i < h.count; i++) {
            Value u = h.values[i];
            if ((u.op == Op.NIL_CHECK || u.op == Op.LOAD || u.op == Op.OFF_PTR) && u.args[0] == v) {
                return true;
            }
        }
        return false;
    }

    private static final ArrayList<Value> UNKNOWN = new ArrayList<>();

    /** Stores of the loop; UNKNOWN if something may write anywhere. */
    private ArrayList<Value> writes(Block h) {
        ArrayList<Value> list = new ArrayList<>();
        for (Block b : cfg.order) {
            if (!cfg.inLoop(b, h)) {
                continue;
            }
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.STORE || v.op == Op.ZERO || v.op == Op.MOVE) {
                    list.add(v);
                } else if (v.op.writesMemory() && v.op != Op.KEEP_ALIVE && v.op != Op.RETURN && v.op != Op.PREFETCH) {
                    return UNKNOWN;
                }
            }
        }
        return list;
    }

    private boolean mayChange(Value load, ArrayList<Value> writes) {
        Value b = Aliases.base(load.args[0]);
        long at = Aliases.offset(load.args[0]) + load.auxInt;
        for (Value w : writes) {
            long from = Aliases.offset(w.args[0]) + (w.op == Op.STORE ? w.auxInt : 0);
            long n = w.op == Op.STORE ? w.args[1].type.size : w.auxInt;
            if (aliases.mayMeet(b, at, load.type.size, Aliases.base(w.args[0]), from, n)) {
                return true;
            }
        }
        return false;
    }

    private void pure(Block h, Block p) {
        for (Block b : cfg.order) {
            if (!cfg.inLoop(b, h)) {
                continue;
            }
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (costly(v) && invariant(v, h)) {
                    move(v, b, i--, p);
                }
            }
        }
    }

    private static boolean costly(Value v) {
        return switch (v.op) {
            case MUL, MUL_HI, UMUL_HI, POPCNT, INT_TO_FLOAT, UINT_TO_FLOAT, FLOAT_TO_INT, FLOAT_TO_UINT, FEXT, FTRUNC, FADD, FSUB, FMUL,
                    FDIV, FSQRT, FMA -> true;
            case DIV, UDIV, REM, UREM -> v.args[1].isConst() && v.args[1].auxInt != 0;
            default -> false;
        };
    }
}
