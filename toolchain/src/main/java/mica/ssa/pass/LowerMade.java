// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.List;
import mica.obj.Symbol;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;

/**
 * Strings and slices that services of the runtime make, where escape analysis says that they are gone before the frame is:
 *
 * <ul>
 * <li>[]byte(s) that nobody writes is s itself;
 * <li>string(b) that is only read, by services that write nothing, before anything can change b, is b itself;
 * <li>all others get room in the frame, where small ones are put (the services' operand buf).
 * </ul>
 */
final class LowerMade {
    /** Instructions that are looked at between a string and its use. */
    private static final int MAX_BETWEEN = 200;

    private final Func f;
    private final PassContext c;
    private final LowerAlloc.Choice choice;
    /** By value: who uses it, through copies; made when first asked for. */
    private List<List<Value>> uses;

    private LowerMade(Func f, PassContext c, LowerAlloc.Choice choice) {
        this.f = f;
        this.c = c;
        this.choice = choice;
    }

    /** Called with the allocations still in place, where optimization is on. */
    static void run(Func f, PassContext c, LowerAlloc.Choice choice) {
        List<Value> calls = new ArrayList<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                if (b.values[i].op == Op.CALL && ((CallInfo) b.values[i].aux).room != null) {
                    calls.add(b.values[i]);
                }
            }
        }
        if (calls.isEmpty()) {
            return;
        }
        LowerMade m = new LowerMade(f, c, choice);
        for (Value v : calls) {
            if (service(v).equals("stringtoslicebyte") && choice.inFrame(v) && !choice.written(v)) {
                m.bytesAreString(v);
            }
        }
        m.uses = null;
        for (Value v : calls) {
            if (v.op == Op.CALL) {
                m.lower(v);
            }
        }
    }

    /** Room that is given once in the life of a frame: what is made there may be held through rounds of a loop. */
    static boolean onceOnly(Value call) {
        return service(call).equals("growslice");
    }

    private static String service(Value call) {
        String name = ((CallInfo) call.aux).callee.name;
        return name.startsWith("runtime.") ? name.substring("runtime.".length()) : "";
    }

    private void lower(Value v) {
        String name = service(v);
        switch (name) {
            case "slicebytetostring" -> {
                if (onlyRead(v)) {
                    replace(v, v.args[1], v.args[2]);
                } else if (choice.inFrame(v)) {
                    v.args[0] = room(v);
                }
            }
            case "stringtoslicerune" -> {
                if (resultUses(v, 0).isEmpty() && resultUses(v, 2).isEmpty()) {
                    v.aux = c.services.runtimeCall("countrunes");
                    v.removeArg(0);
                    for (Value r : results(v)) {
                        r.auxInt = 0;
                    }
                } else if (choice.inFrame(v)) {
                    v.args[0] = room(v);
                }
            }
            case "makemap_small" -> {
                if (choice.inFrame(v)) {
                    Value p = room(v);
                    Value n = before(v, Op.CONST, MType.I64);
                    n.auxInt = ((CallInfo) v.aux).room.size;
                    v.aux = c.services.runtimeCall("makemapRoom");
                    v.addArg(p);
                    v.addArg(n);
                }
            }
            case "makeslice" -> {
                if (choice.inFrame(v)) {
                    withBuffer(v, "makesliceBuf", null);
                }
            }
            case "growslice" -> {
                if (choice.inFrame(v)) {
                    withBuffer(v, "growsliceBuf", used(v));
                }
            }
            default -> {
                if (choice.inFrame(v)) {
                    v.args[0] = room(v);
                }
            }
        }
    }

    // Without a copy.

    private void bytesAreString(Value v) {
        Value p = v.args[1];
        if (DeadCode.resolve(p).op != Op.ADDR) {
            // the slice of an empty string is not nil
            Value nil = before(v, Op.CONST, MType.PTR);
            Value zero = before(v, Op.ADDR, MType.PTR);
            zero.aux = c.services.runtimeVariable("zerobase");
            Value is = before(v, Op.EQ, MType.I8);
            is.addArg(p);
            is.addArg(nil);
            Value some = before(v, Op.SELECT, MType.PTR);
            some.addArg(is);
            some.addArg(zero);
            some.addArg(p);
            p = some;
        }
        replace(v, p, v.args[2]);
    }

    private void replace(Value call, Value p, Value n) {
        for (Value r : results(call)) {
            r.copyOf(r.auxInt == 0 ? p : n);
        }
        call.reset(Op.CONST, MType.I64);
        uses = null;
    }

    /** Nobody keeps the string, and nothing between its making and its last use can write. */
    private boolean onlyRead(Value call) {
        List<Value> todo = new ArrayList<>();
        for (Value r : results(call)) {
            if (r.auxInt == 0) {
                todo.add(r);
            }
        }
        for (int k = 0; k < todo.size(); k++) {
            for (Value u : usesOf(todo.get(k))) {
                boolean part = u.op == Op.OFF_PTR || u.op == Op.ADD_PTR;
                if (part) {
                    todo.add(u);
                } else if (!(u.op == Op.LOAD || u.op == Op.EQ || u.op == Op.NE || u.op == Op.CALL && reads(u))
                        || writtenBetween(call, u)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Services that read strings, keep none and write nothing that a program sees. */
    private static boolean reads(Value call) {
        String name = ((CallInfo) call.aux).callee.name;
        if (name.startsWith("internal/bytealg.")) {
            return true;
        }
        return switch (name) {
            case "runtime.memequal", "runtime.cmpstring", "runtime.decoderune", "runtime.countrunes",
                    "runtime.concatbyte2", "runtime.concatbyte3", "runtime.concatbyte4", "runtime.concatbyte5",
                    "runtime.stringtoslicebyte", "runtime.stringtoslicerune", "runtime.slicebytetostring",
                    "runtime.mapaccess1_faststr", "runtime.mapaccess2_faststr", "runtime.mapdelete_faststr",
                    "runtime.mapaccess1", "runtime.mapaccess2", "runtime.mapdelete" -> true;
            case "runtime.concatstring2", "runtime.concatstring3", "runtime.concatstring4", "runtime.concatstring5" -> constantPart(call);
            default -> false;
        };
    }

    /** A concatenation whose result cannot be one of its parts, as there is a constant that is not empty, and something else. */
    private static boolean constantPart(Value concat) {
        for (int i = 2; i < concat.argCount; i += 2) {
            if (concat.args[i].op == Op.CONST && concat.args[i].auxInt > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean writtenBetween(Value from, Value to) {
        boolean[] seen = new boolean[f.blockCount()];
        List<Block> todo = new ArrayList<>();
        int left = MAX_BETWEEN;
        Block b = to.block;
        int at = index(to);
        for (;;) {
            boolean met = false;
            while (--at >= 0 && !met) {
                Value v = b.values[at];
                met = v == from;
                if (!met && (writes(v) || --left < 0)) {
                    return true;
                }
            }
            for (int i = 0; !met && i < b.predCount; i++) {
                if (!seen[b.preds[i].id]) {
                    seen[b.preds[i].id] = true;
                    todo.add(b.preds[i]);
                }
            }
            if (todo.isEmpty()) {
                return false;
            }
            b = todo.remove(todo.size() - 1);
            at = b.count;
        }
    }

    private static boolean writes(Value v) {
        return switch (v.op) {
            case VAR_DEF, KEEP_ALIVE, PREFETCH, ALLOC -> false;
            case CALL -> !reads(v);
            default -> v.op.writesMemory();
        };
    }

    // Room in the frame.

    private Value room(Value call) {
        Alloc a = ((CallInfo) call.aux).room;
        Slot s = f.newSlot(a.name, a.size, a.align, a.ptrMask);
        s.goType = a.goType;
        Value p = before(call, Op.LOCAL_ADDR, MType.PTR);
        p.aux = s;
        return p;
    }

    /** The service's other form, which takes room for some elements as well. */
    private void withBuffer(Value v, String name, Value used) {
        Alloc a = ((CallInfo) v.aux).room;
        Value p = room(v);
        Value n = before(v, Op.CONST, MType.I64);
        n.auxInt = a.elements;
        v.aux = c.services.runtimeCall(name);
        v.addArg(p);
        v.addArg(n);
        if (used != null) {
            v.addArg(used);
        }
    }

    /** The address of a word that is 0 until the room is used. */
    private Value used(Value call) {
        Slot s = f.newSlot("used", 8, 8, null);
        Value at = f.newValue(Op.LOCAL_ADDR, MType.PTR, f.entry, call.pos);
        at.aux = s;
        Value zero = f.newValue(Op.ZERO, MType.VOID, f.entry, call.pos);
        zero.addArg(at);
        zero.auxInt = 8;
        int i = 0;
        while (i < f.entry.count && (f.entry.values[i].op == Op.ARG || f.entry.values[i].op == Op.CLOSURE_CONTEXT)) {
            i++;
        }
        f.entry.insert(i, at);
        f.entry.insert(i + 1, zero);
        Value p = before(call, Op.LOCAL_ADDR, MType.PTR);
        p.aux = s;
        return p;
    }

    // Values around a call.

    private Value before(Value call, Op op, MType type) {
        Value v = f.newValue(op, type, call.block, call.pos);
        v.inline = call.inline;
        call.block.insert(index(call), v);
        return v;
    }

    private static int index(Value v) {
        int i = 0;
        while (v.block.values[i] != v) {
            i++;
        }
        return i;
    }

    private static List<Value> results(Value call) {
        List<Value> out = new ArrayList<>();
        for (int i = index(call) + 1; i < call.block.count; i++) {
            Value r = call.block.values[i];
            if (r.op == Op.RESULT && r.args[0] == call) {
                out.add(r);
            }
        }
        return out;
    }

    private List<Value> resultUses(Value call, int n) {
        List<Value> out = new ArrayList<>();
        for (Value r : results(call)) {
            if (r.auxInt == n) {
                out.addAll(usesOf(r));
            }
        }
        return out;
    }

    private List<Value> usesOf(Value v) {
        if (uses == null) {
            uses = new ArrayList<>();
            for (Block b : f.blocks) {
                for (int i = 0; i < b.count; i++) {
                    Value u = b.values[i];
                    for (int k = 0; k < u.argCount && u.op != Op.COPY; k++) {
                        list(DeadCode.resolve(u.args[k])).add(u);
                    }
                }
            }
        }
        return list(v);
    }

    private List<Value> list(Value v) {
        while (uses.size() <= v.id) {
            uses.add(new ArrayList<>(0));
        }
        return uses.get(v.id);
    }
}
