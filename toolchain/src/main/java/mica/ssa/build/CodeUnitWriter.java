// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mica.base.SourceFile;
import mica.obj.Bytes;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.types.Type;

/**
 * Writes compiled functions of one package with all that they refer to and nobody finds by a name alone: function literals, instances,
 * wrappers, constants. {@link CodeUnit} reads it. Parts, one after the other; numbers are base 128 varints, lists begin with their
 * length, a position is a file's number (0 = none) and an offset:
 * <pre>
 *   strings    length, UTF-8
 *   files      name ({@link CodeUnits#name})
 *   types      see {@link TypeCodec}
 *   entities   tag and what it says ({@link CodeUnit}); functions and data with the length of their contents
 *   contents   of functions and data, in the order of the entities
 * </pre>
 */
public final class CodeUnitWriter {
    final Bytes types = new Bytes(1 << 10);
    private final ProgramBuilder c;
    private final CodeUnits units;
    private final TypeCodec.Writer typeNumbers = new TypeCodec.Writer(this);
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<SourceFile, Integer> files = new LinkedHashMap<>();
    private final IdentityHashMap<Symbol, Integer> numbers = new IdentityHashMap<>();
    private final List<Symbol> entities = new ArrayList<>();
    /** Per entity. */
    private final Bytes tags = new Bytes(1 << 10);
    private final Set<Symbol> writable = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Symbol> unwritable = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Bytes out = new Bytes(1 << 14);

    public CodeUnitWriter(ProgramBuilder c, CodeUnits units) {
        this.c = c;
        this.units = units;
    }

    /**
     * Takes a compiled function.
     *
     * @return false if it refers to something that another build could not find
     */
    public boolean add(Symbol function) {
        if (!isFunction(function) || !targetsAreWritable(function)) {
            return false;
        }
        ArrayDeque<Symbol> open = new ArrayDeque<>();
        if (tag(function) == CodeUnit.FUNCTION) {
            open.add(function);
        } else {
            // Others refer to it by name: its contents are an entity of their own.
            entities.add(function);
            tags.put8(CodeUnit.FUNCTION);
            forEachTarget(function, open::add);
        }
        while (!open.isEmpty()) {
            Symbol s = open.poll();
            if (numbers.containsKey(s)) {
                continue;
            }
            int tag = tag(s);
            numbers.put(s, entities.size());
            entities.add(s);
            tags.put8(tag);
            if (hasContents(tag)) {
                forEachTarget(s, open::add);
            }
        }
        return true;
    }

    public boolean isEmpty() {
        return entities.isEmpty();
    }

    // ---- what can be written ----

    private static void forEachTarget(Symbol s, Consumer<Symbol> visitor) {
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocTarget[i] != null) {
                visitor.accept(s.relocTarget[i]);
            }
        }
        if (s.func != null) {
            for (Symbol f : s.func.funcdata) {
                if (f != null) {
                    visitor.accept(f);
                }
            }
        }
    }

    private boolean targetsAreWritable(Symbol root) {
        Set<Symbol> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Symbol> open = new ArrayDeque<>();
        forEachTarget(root, open::add);
        while (!open.isEmpty()) {
            Symbol s = open.poll();
            if (writable.contains(s) || !seen.add(s)) {
                continue;
            }
            if (unwritable.contains(s)) {
                return false;
            }
            int tag = tag(s);
            if (!isWritable(s, tag)) {
                unwritable.add(s);
                return false;
            }
            if (hasContents(tag)) {
                forEachTarget(s, open::add);
            }
        }
        writable.addAll(seen);
        return true;
    }

    private boolean isWritable(Symbol s, int tag) {
        if (s.aliasOf != null || s.weak || s.threadLocal) {
            return false;
        }
        switch (tag) {
            case CodeUnit.TYPE:
                return TypeCodec.canWrite((Type) s.origin);
            case CodeUnit.ITAB:
                return TypeCodec.canWrite(c.data.itabType(s)) && TypeCodec.canWrite(c.data.itabInterface(s));
            case CodeUnit.FUNCTION:
                return isFunction(s);
            case CodeUnit.DATA:
                boolean bytes = s.kind != SymKind.TYPE && s.kind != SymKind.ITAB && s.kind != SymKind.ABS;
                return bytes && s.methods == null && s.abi == 0 && isNamed(s.pos);
            case CodeUnit.NAME:
                return !s.local;
            default:
                return true;
        }
    }

    private boolean isFunction(Symbol s) {
        boolean fit = s.kind == SymKind.TEXT && s.abi == 1 && !s.local && s.func != null && s.func.asmFile == null && s.func.provenance == null;
        if (!fit || !isNamed(s.pos)) {
            return false;
        }
        boolean all = true;
        for (int i = 0; i < s.func.pcpos.count; i++) {
            all &= isNamed(s.func.pcpos.value[i]);
        }
        for (FuncInfo.InlinedCall call : s.func.inlined) {
            all &= isNamed(call.pos);
        }
        return all;
    }

    private boolean isNamed(int pos) {
        SourceFile f = c.sources().file(pos);
        return f == null || files.containsKey(f) || units.name(f) != null;
    }

    private int tag(Symbol s) {
        if (s.func != null && (s.func.flags & FuncInfo.FLAG_ASM) != 0) {
            return CodeUnit.NAME;
        }
        if (s.origin instanceof Type t && s.name.equals("type:" + t.linkString())) {
            return CodeUnit.TYPE;
        }
        if (c.data.itabType(s) != null) {
            return CodeUnit.ITAB;
        }
        if (!s.local && c.names.find(s.name) != null) {
            return CodeUnit.NAMED;
        }
        return s.kind == SymKind.TEXT ? CodeUnit.FUNCTION : s.isDefined() ? CodeUnit.DATA : CodeUnit.NAME;
    }

    private static boolean hasContents(int tag) {
        return tag == CodeUnit.FUNCTION || tag == CodeUnit.DATA;
    }

    // ---- writing ----

    /** All that was taken. */
    public byte[] toBytes() {
        Bytes heads = new Bytes(1 << 12);
        for (int i = 0; i < entities.size(); i++) {
            Symbol s = entities.get(i);
            int tag = tags.raw()[i];
            int start = out.size();
            heads.put8(tag);
            switch (tag) {
                case CodeUnit.TYPE -> heads.putVarint(typeNumbers.number((Type) s.origin));
                case CodeUnit.ITAB -> {
                    heads.putVarint(typeNumbers.number(c.data.itabType(s)));
                    heads.putVarint(typeNumbers.number(c.data.itabInterface(s)));
                }
                case CodeUnit.NAMED, CodeUnit.NAME -> {
                    string(heads, s.name);
                    heads.putVarint(s.abi);
                }
                default -> {
                    string(heads, s.name);
                    contents(s);
                    heads.putVarint(out.size() - start);
                }
            }
        }
        Bytes all = new Bytes(heads.size() + out.size() + types.size());
        List<String> fileNames = new ArrayList<>();
        for (SourceFile f : files.keySet()) {
            fileNames.add(units.name(f));
            strings.computeIfAbsent(units.name(f), k -> strings.size());
        }
        all.putVarint(strings.size());
        for (String s : strings.keySet()) {
            byte[] b = s.getBytes(StandardCharsets.UTF_8);
            all.putVarint(b.length);
            all.put(b);
        }
        all.putVarint(fileNames.size());
        for (String s : fileNames) {
            string(all, s);
        }
        all.putVarint(typeNumbers.count());
        all.put(types.raw(), 0, types.size());
        all.putVarint(entities.size());
        all.put(heads.raw(), 0, heads.size());
        all.put(out.raw(), 0, out.size());
        return all.toArray();
    }

    void string(Bytes to, String s) {
        to.putVarint(strings.computeIfAbsent(s, k -> strings.size()));
    }

    private void position(int pos) {
        SourceFile f = c.sources().file(pos);
        if (f == null) {
            out.putVarint(0);
            return;
        }
        out.putVarint(files.computeIfAbsent(f, k -> files.size() + 1));
        out.putVarint(pos - f.base);
    }

    private void target(Symbol s) {
        out.putVarint(s == null ? 0 : numbers.get(s) + 1);
    }

    private void contents(Symbol s) {
        out.putVarint((s.local ? CodeUnit.LOCAL : 0) | (s.dupOk ? CodeUnit.DUP_OK : 0) | (s.mergeable ? CodeUnit.MERGEABLE : 0)
                | (s.data != null ? CodeUnit.BYTES : 0) | (s.ptrMask != null ? CodeUnit.MASK : 0));
        out.putVarint(s.kind.ordinal());
        out.putVarint(s.align);
        string(out, s.pkg);
        position(s.pos);
        out.putVarint(s.size);
        if (s.data != null) {
            int n = (int) Math.min(s.size, s.data.length);
            out.putVarint(n);
            out.put(s.data, 0, n);
        }
        if (s.ptrMask != null) {
            out.putVarint(s.ptrMask.length);
            out.put(s.ptrMask);
        }
        out.putVarint(s.relocCount);
        for (int i = 0; i < s.relocCount; i++) {
            out.putVarint(s.relocOffset[i]);
            out.putVarint(s.relocType[i].ordinal());
            target(s.relocTarget[i]);
            out.putVarint(s.relocAddend[i] << 1 ^ s.relocAddend[i] >> 63);
        }
        if (s.func != null) {
            function(s.func);
        }
    }

    private void function(FuncInfo f) {
        int[] facts = {f.args, f.frame, f.startLine, f.funcId, f.flags, f.textFlags, f.deferReturn};
        for (int n : facts) {
            out.putVarint(n & 0xffffffffL);
        }
        string(out, f.shownName == null ? "" : f.shownName);
        table(f.pcsp, false);
        table(f.pcpos, true);
        for (PcTable t : f.pcdata) {
            out.putVarint(t == null ? 0 : 1);
            if (t != null) {
                table(t, false);
            }
        }
        for (Symbol s : f.funcdata) {
            target(s);
        }
        out.putVarint(f.inlined.size());
        for (FuncInfo.InlinedCall call : f.inlined) {
            out.putVarint(call.parent + 1);
            string(out, call.name);
            position(call.pos);
            out.putVarint(call.startLine & 0xffffffffL);
            out.putVarint(call.funcId & 0xffffffffL);
            out.putVarint(call.parentPc & 0xffffffffL);
        }
    }

    private void table(PcTable t, boolean positions) {
        out.putVarint(t.count);
        int last = 0;
        for (int i = 0; i < t.count; i++) {
            out.putVarint(t.pc[i] - last);
            last = t.pc[i];
            if (positions) {
                position(t.value[i]);
            } else {
                out.putVarint((t.value[i] << 1 ^ t.value[i] >> 31) & 0xffffffffL);
            }
        }
    }
}
