// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mica.arch.amd64.Amd64Listing;
import mica.obj.Origin;
import mica.obj.Provenance;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;
import mica.ssa.Printer;
import mica.ssa.Value;

/** One function's way through the compiler: its SSA after each pass, and its machine code with where each instruction comes from. */
public final class SsaRecord {
    /** A value as it stood after a pass. {@code text} is its line in the text form. */
    record Val(int id, String op, String type, int[] args, String aux, int pos, InlineSite inline, String text) {}

    /** A block as it stood after a pass; control -1 = none. */
    record Blk(int id, String kind, int control, int likely, int[] preds, int[] succs, List<Val> values) {}

    /** @param changed ids of values that are new, have another text or another block; removed: of values that are gone */
    record Pass(String name, long nanos, int[] changed, int[] removed, List<Blk> blocks) {}

    /** @param value -1 = none */
    record Inst(int offset, byte[] bytes, String text, int value, Origin origin, int pos, List<Reloc> relocs) {}

    record Reloc(int offset, String type, String symbol, long addend) {}

    public final String name;
    final String shownName;
    final int pos;
    final int endPos;
    final List<Pass> passes = new ArrayList<>();
    final List<Inst> code = new ArrayList<>();
    List<ValueFate> fates = List.of();
    /** The first position of every function whose code is inside, the function itself included. */
    final Map<FuncRef, Integer> inlined = new HashMap<>();

    private Map<Integer, String> last = Map.of();

    SsaRecord(Func f) {
        name = f.name;
        shownName = f.ref == null ? f.name : f.ref.shownName();
        pos = f.pos;
        endPos = f.endPos;
    }

    private SsaRecord(Symbol s) {
        name = s.name;
        shownName = s.name;
        pos = s.pos;
        endPos = s.pos;
    }

    /** A function that was not made from SSA (assembly, adapters to it): its code, and no passes. */
    static SsaRecord assembled(Symbol s) {
        SsaRecord r = new SsaRecord(s);
        new Amd64Listing().visit(s, (offset, size, text) -> r.code.add(new Inst(offset, java.util.Arrays.copyOfRange(s.data, offset, offset + size), text,
                -1, Origin.ASSEMBLY, position(s, offset), relocs(s, offset, size))));
        return r;
    }

    /** Keeps what the function looks like now. */
    void pass(String pass, Func f, long nanos) {
        List<Blk> blocks = new ArrayList<>();
        Map<Integer, String> now = new HashMap<>();
        TreeSet<Integer> changed = new TreeSet<>();
        for (Block b : f.blocks) {
            List<Val> values = new ArrayList<>();
            for (int i = 0; i < b.count; i++) {
                Val v = value(b.values[i]);
                values.add(v);
                String key = b + ":" + v.text;
                now.put(v.id, key);
                if (!key.equals(last.get(v.id))) {
                    changed.add(v.id);
                }
            }
            blocks.add(new Blk(b.id, b.kind.name(), b.control == null ? -1 : b.control.id, b.likely, ids(b.preds, b.predCount),
                    ids(b.succs, b.succCount), values));
        }
        TreeSet<Integer> removed = new TreeSet<>(last.keySet());
        removed.removeAll(now.keySet());
        passes.add(new Pass(pass, nanos, passes.isEmpty() ? new int[0] : ints(changed), ints(removed), blocks));
        last = now;
    }

    private static Val value(Value v) {
        int[] args = new int[v.argCount];
        for (int i = 0; i < args.length; i++) {
            args[i] = v.args[i].id;
        }
        return new Val(v.id, v.op.name(), v.type.name(), args, Printer.aux(v), v.pos, v.inline, Printer.line(v));
    }

    private static int[] ids(Block[] b, int n) {
        int[] r = new int[n];
        for (int i = 0; i < n; i++) {
            r[i] = b[i].id;
        }
        return r;
    }

    private static int[] ints(TreeSet<Integer> s) {
        return s.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Keeps the code, and what became of each value of the last state. */
    void emitted(Func f, Symbol out) {
        Provenance p = out.func.provenance;
        new Amd64Listing().visit(out, (offset, size, text) -> {
            byte[] bytes = java.util.Arrays.copyOfRange(out.data, offset, offset + size);
            code.add(new Inst(offset, bytes, text, p.value(offset), p.origin(offset), position(out, offset), relocs(out, offset, size)));
        });
        fates = ValueFate.of(f, out);
    }

    /** The position of the code at an offset; 0 = none. */
    static int position(Symbol s, int offset) {
        if (s.func == null) {
            return 0;
        }
        int k = java.util.Arrays.binarySearch(s.func.pcpos.pc, 0, s.func.pcpos.count, offset);
        k = k < 0 ? -k - 2 : k;
        return k < 0 ? 0 : s.func.pcpos.value[k];
    }

    private static List<Reloc> relocs(Symbol s, int offset, int size) {
        List<Reloc> r = new ArrayList<>();
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocType[i].size != 0 && s.relocOffset[i] >= offset && s.relocOffset[i] < offset + size) {
                r.add(new Reloc(s.relocOffset[i], s.relocType[i].name(), s.relocTarget[i].name, s.relocAddend[i]));
            }
        }
        return r;
    }
}
