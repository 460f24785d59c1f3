// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.HashMap;
import mica.base.Fault;
import mica.ssa.AbiSig;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/**
 * Puts a copy of a body in the place of a call.
 *
 * <pre>
 *   b: ... call ... rest         b: ...            -> body's entry
 *                           =>   body's returns    -> after
 *                                after: phis of the results, rest
 * </pre>
 *
 * Memory arguments are copied to slots, as the callee owns its copy; memory results are copied to a slot at each return. The
 * body that is copied is shared between threads and only read.
 */
final class Splice {
    private final Func f;
    private final Value call;
    private final Func body;
    private final boolean closure;
    private final AbiSig sig;
    private final InlineSite site;

    private final Block[] blockOf;
    private final Value[] valueOf;
    private final Slot[] slotOf;
    private final HashMap<InlineSite, InlineSite> sites = new HashMap<>();
    private final ArrayList<Value[]> returns = new ArrayList<>();
    private Block after;
    private Slot[] resultSlots;

    Splice(Func f, Value call, FuncRef ref, Func body, boolean closure) {
        this.f = f;
        this.call = call;
        this.body = body;
        this.closure = closure;
        this.sig = body.sig;
        this.site = new InlineSite(call.inline, ref, call.pos);
        this.blockOf = new Block[body.blockCount()];
        this.valueOf = new Value[body.valueCount()];
        this.slotOf = new Slot[body.slots.size()];
    }

    /** False if the body never returns: what followed the call is gone. */
    boolean run() {
        Block b = call.block;
        for (mica.obj.Symbol t : body.usedTypes) {
            if (!f.usedTypes.contains(t)) {
                f.usedTypes.add(t);
            }
        }
        after = split(b);
        resultSlots = new Slot[sig.results.length];
        for (int i = 0; i < resultSlots.length; i++) {
            AbiSig.Loc l = sig.results[i];
            if (l.byvalSize > 0) {
                resultSlots[i] = f.newSlot(".result", l.byvalSize, 8, l.byvalPtrMask);
            }
        }
        for (Slot s : body.slots) {
            Slot n = f.newSlot(s.name, s.size, s.align, s.ptrMask);
            n.goType = s.goType;
            slotOf[s.id] = n;
        }
        for (Block x : body.blocks) {
            Block n = f.newBlock();
            n.pos = x.pos;
            n.kind = x.kind;
            n.likely = x.likely;
            blockOf[x.id] = n;
        }
        arguments(b);
        b.kind = Block.Kind.PLAIN;
        b.addEdge(blockOf[body.entry.id]);
        for (Block x : body.blocks) {
            copyValues(x);
        }
        for (Block x : body.blocks) {
            copyArgs(x);
        }
        ends();
        results();
        if (f.notes != null && body.notes != null) {
            notes();
        }
        if (after.predCount == 0) {
            // The body never returns: what follows the call is not reached, and its phis downstream lose an operand.
            DeadCode.unreached(f);
            return false;
        }
        return true;
    }

    private void notes() {
        f.notes.named(body.notes, valueOf);
        for (FuncNotes.Site s : body.notes.sites) {
            Value v = s.value == null ? null : DeadCode.resolve(s.value);
            if (v != null && v.id < valueOf.length && valueOf[v.id] != null) {
                f.notes.sites.add(new FuncNotes.Site(valueOf[v.id], s.text, s.variable, s.pos, siteOf(s.inline)));
            }
        }
    }

    /** Moves what follows the call, and the block's end, to a new block. */
    private Block split(Block b) {
        Block n = f.newBlock();
        n.pos = b.pos;
        int at = 0;
        while (b.values[at] != call) {
            at++;
        }
        for (int i = at + 1; i < b.count; i++) {
            n.append(b.values[i]);
        }
        java.util.Arrays.fill(b.values, at, b.count, null);
        b.count = at;
        n.kind = b.kind;
        n.control = b.control;
        n.likely = b.likely;
        b.control = null;
        b.likely = 0;
        for (int i = 0; i < b.succCount; i++) {
            Block t = b.succs[i];
            int p = b.succIndex[i];
            if (n.succCount == n.succs.length) {
                n.succs = java.util.Arrays.copyOf(n.succs, n.succCount * 2);
                n.succIndex = java.util.Arrays.copyOf(n.succIndex, n.succCount * 2);
            }
            n.succs[n.succCount] = t;
            n.succIndex[n.succCount] = p;
            t.preds[p] = n;
            t.predIndex[p] = n.succCount++;
            b.succs[i] = null;
        }
        b.succCount = 0;
        return n;
    }

    private Value add(Block b, Op op, MType t, Value... args) {
        Value v = f.newValue(op, t, b, call.pos);
        v.inline = call.inline;
        for (Value a : args) {
            v.addArg(a);
        }
        b.append(v);
        return v;
    }

    private Value slotAddress(Block b, Slot s) {
        Value v = add(b, Op.LOCAL_ADDR, MType.PTR);
        v.aux = s;
        return v;
    }

    private void arguments(Block b) {
        int first = closure ? 1 : 0;
        Block e = body.entry;
        for (int i = 0; i < e.count; i++) {
            Value v = e.values[i];
            if (v.op == Op.ARG) {
                valueOf[v.id] = DeadCode.resolve(call.args[first + (int) v.auxInt]);
            } else if (v.op == Op.CLOSURE_CONTEXT) {
                valueOf[v.id] = DeadCode.resolve(call.args[0]);
            } else if (v.op == Op.ARG_ADDR) {
                AbiSig.Loc l = sig.args[(int) v.auxInt];
                Slot s = f.newSlot(".arg", l.byvalSize, 8, l.byvalPtrMask);
                Value to = slotAddress(b, s);
                Value m = add(b, Op.MOVE, MType.VOID, to, call.args[first + (int) v.auxInt]);
                m.auxInt = l.byvalSize;
                valueOf[v.id] = to;
            }
        }
        if (closure) {
            // A nil func value faults at the call.
            Value fn = DeadCode.resolve(call.args[0]);
            if (!NilChecks.neverNil(fn)) {
                add(b, Op.NIL_CHECK, MType.VOID, fn);
            }
        }
    }

    private InlineSite siteOf(InlineSite inner) {
        if (inner == null) {
            return site;
        }
        InlineSite s = sites.get(inner);
        if (s == null) {
            s = new InlineSite(siteOf(inner.parent), inner.callee, inner.callPos);
            sites.put(inner, s);
        }
        return s;
    }

    private void copyValues(Block x) {
        Block n = blockOf[x.id];
        for (int i = 0; i < x.count; i++) {
            Value v = x.values[i];
            if (v.op == Op.ARG || v.op == Op.ARG_ADDR || v.op == Op.CLOSURE_CONTEXT || v.op == Op.RETURN) {
                continue;
            }
            Value w = f.newValue(v.op, v.type, n, v.pos);
            w.auxInt = v.auxInt;
            w.aux = v.aux instanceof Slot s ? slotOf[s.id] : v.aux instanceof CallInfo i2 ? copy(i2) : v.aux;
            w.inline = siteOf(v.inline);
            n.append(w);
            valueOf[v.id] = w;
        }
    }

    private static CallInfo copy(CallInfo i) {
        CallInfo n = new CallInfo(i.callee, i.ref, i.sig);
        n.noReturn = i.noReturn;
        n.methodKey = i.methodKey;
        n.ifaceType = i.ifaceType;
        n.methodName = i.methodName;
        n.text = i.text;
        return n;
    }

    private Value mapped(Value v) {
        Value w = valueOf[v.id];
        if (w == null) {
            throw new Fault("inline", body.name + " into " + f.name + ": no copy of " + v);
        }
        return w;
    }

    private void copyArgs(Block x) {
        Block n = blockOf[x.id];
        int at = 0;
        for (int i = 0; i < x.count; i++) {
            Value v = x.values[i];
            if (v.op == Op.ARG || v.op == Op.ARG_ADDR || v.op == Op.CLOSURE_CONTEXT) {
                continue;
            }
            if (v.op == Op.RETURN) {
                continue;
            }
            Value w = n.values[at++];
            for (int k = 0; k < v.argCount; k++) {
                w.addArg(mapped(v.args[k]));
            }
        }
        if (x.control != null) {
            n.control = mapped(x.control);
        }
    }

    private void ends() {
        // Edges in the order of predecessors, which phi operands follow.
        for (Block x : body.blocks) {
            Block n = blockOf[x.id];
            n.succs = new Block[Math.max(2, x.succCount)];
            n.succIndex = new int[Math.max(2, x.succCount)];
            n.succCount = x.succCount;
            for (int i = 0; i < x.succCount; i++) {
                n.succs[i] = blockOf[x.succs[i].id];
                n.succIndex[i] = x.succIndex[i];
            }
            if (x == body.entry) {
                continue;
            }
            n.preds = new Block[Math.max(2, x.predCount)];
            n.predIndex = new int[Math.max(2, x.predCount)];
            n.predCount = x.predCount;
            for (int i = 0; i < x.predCount; i++) {
                n.preds[i] = blockOf[x.preds[i].id];
                n.predIndex[i] = x.predIndex[i];
            }
        }
        for (Block x : body.blocks) {
            if (x.kind != Block.Kind.RET) {
                continue;
            }
            Block n = blockOf[x.id];
            Value r = x.values[x.count - 1];
            Value[] out = new Value[r.argCount];
            for (int i = 0; i < out.length; i++) {
                out[i] = mapped(r.args[i]);
                if (resultSlots[i] != null) {
                    Value m = add(n, Op.MOVE, MType.VOID, slotAddress(n, resultSlots[i]), out[i]);
                    m.auxInt = sig.results[i].byvalSize;
                }
            }
            returns.add(out);
            n.kind = Block.Kind.PLAIN;
            n.succCount = 0;
            n.addEdge(after);
        }
    }

    private void results() {
        Value[] phi = new Value[sig.results.length];
        if (after.predCount > 0) {
            for (int i = 0; i < phi.length; i++) {
                if (resultSlots[i] != null) {
                    continue;
                }
                if (after.predCount == 1) {
                    phi[i] = returns.get(0)[i];
                    continue;
                }
                Value p = f.newValue(Op.PHI, sig.results[i].type, after, call.pos);
                p.inline = call.inline;
                for (Value[] r : returns) {
                    p.addArg(r[i]);
                }
                after.insert(0, p);
                phi[i] = p;
            }
        }
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.argCount != 1 || v.args[0] != call) {
                    continue;
                }
                int k = (int) v.auxInt;
                if (v.op == Op.RESULT_ADDR) {
                    v.reset(Op.LOCAL_ADDR, MType.PTR);
                    v.aux = resultSlots[k];
                } else if (phi[k] != null) {
                    v.copyOf(phi[k]);
                } else {
                    MType t = v.type;
                    v.reset(Op.CONST, t);
                }
            }
        }
    }
}
