// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Removes nil checks of pointers that cannot be nil, that a check which dominates has seen, or that a branch has excluded. Walks
 * the dominator tree with the set of pointers known not to be nil.
 */
final class NilChecks {
    private NilChecks() {}

    /** Addresses of things. */
    static boolean neverNil(Value p) {
        for (; ; ) {
            switch (p.op) {
                case ADDR, LOCAL_ADDR, ALLOC, ARG_ADDR, RESULT_ADDR, GETG:
                    return true;
                case COPY:
                    p = p.args[0];
                    break;
                case OFF_PTR:
                    if (p.auxInt < 0) {
                        return false;
                    }
                    p = p.args[0];
                    break;
                case RESULT:
                    return p.args[0].op == Op.CALL && allocates(p.args[0]);
                default:
                    return false;
            }
        }
    }

    private static boolean allocates(Value call) {
        mica.ssa.CallInfo i = (mica.ssa.CallInfo) call.aux;
        return i.callee != null && i.callee.name.equals("runtime.newobject");
    }

    static void run(Func f, PassContext c) {
        boolean any = false;
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count && !any; i++) {
                any = b.values[i].op == Op.NIL_CHECK;
            }
        }
        if (any) {
            new Walk(f, c.log).run();
        }
    }

    private static final class Walk {
        private final Func f;
        private final Cfg cfg;
        private final DomWalk walk;
        /** Number of known reasons why the value is not nil on the present path. */
        private final int[] known;
        private Value[] undo = new Value[64];
        private int undoCount;

        private final Decisions log;

        Walk(Func f, Decisions log) {
            this.f = f;
            this.log = log;
            this.cfg = new Cfg(f);
            this.walk = new DomWalk(cfg);
            this.known = new int[f.valueCount()];
        }

        void run() {
            int[] marks = new int[cfg.order.length + 1];
            walk.run(b -> {
                marks[walk.depth()] = undoCount;
                enter(b);
            }, b -> {
                while (undoCount > marks[walk.depth()]) {
                    known[undo[--undoCount].id]--;
                }
            });
        }

        private void learn(Value p) {
            known[p.id]++;
            if (undoCount == undo.length) {
                undo = java.util.Arrays.copyOf(undo, undoCount * 2);
            }
            undo[undoCount++] = p;
        }

        private void enter(Block b) {
            if (b.predCount == 1 && b.preds[0].kind == Block.Kind.IF) {
                Value c = b.preds[0].control;
                boolean taken = b.predIndex[0] == 0;
                if ((c.op == Op.NE && taken || c.op == Op.EQ && !taken) && c.args[1].isConst(0) && c.args[0].type == mica.ssa.MType.PTR) {
                    learn(base(c.args[0]));
                }
            }
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.PHI && notNil(v)) {
                    learn(v);
                } else if (v.op == Op.NIL_CHECK) {
                    Value p = base(v.args[0]);
                    if (known[p.id] > 0 || neverNil(p)) {
                        if (log != null) {
                            log.checks.removed(v, known[p.id] > 0 ? p + " was checked or compared with nil on every way here"
                                    : p + " is the address of something", java.util.List.of());
                        }
                        b.removeAt(i--);
                    } else {
                        learn(p);
                    }
                }
            }
        }

        /** A phi of pointers none of which is nil where it comes in; back edges are not known yet. */
        private boolean notNil(Value phi) {
            for (int i = 0; i < phi.argCount; i++) {
                Value a = base(phi.args[i]);
                if (!neverNil(a) && known[a.id] == 0) {
                    return false;
                }
            }
            return phi.argCount > 0;
        }

        private static Value base(Value p) {
            while (p.op == Op.COPY || p.op == Op.OFF_PTR && p.auxInt == 0) {
                p = p.args[0];
            }
            return p;
        }
    }
}
