// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.SourceFile;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.types.Type;

/**
 * Compiled functions of one package, read from what {@link CodeUnitWriter} wrote; contents are looked at when a function is asked for.
 * What a function refers to is an entity, one of
 * <pre>
 *   NAMED     name, ABI: a function or variable that the program's source declares
 *   NAME      name, ABI: what is defined elsewhere (assembly), or needs no definition (the name of a method)
 *   TYPE      type: its descriptor
 *   ITAB      type, interface type: a method table
 *   FUNCTION  name, length of contents: a function that has no declaration of its own, or contents of one that has
 *   DATA      name, length of contents: constants, function values, variables without a name, metadata of functions
 * </pre>
 * Safe for concurrent use.
 */
public final class CodeUnit {
    static final int NAMED = 0;
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int ITAB = 3;
    static final int FUNCTION = 4;
    static final int DATA = 5;

    static final int LOCAL = 1;
    static final int DUP_OK = 2;
    static final int MERGEABLE = 4;
    static final int BYTES = 8;
    static final int MASK = 16;

    private static final SymKind[] KINDS = SymKind.values();
    private static final RelocType[] RELOCATIONS = RelocType.values();

    private final ProgramBuilder c;
    private final CodeUnits units;
    private final List<Part> parts = new ArrayList<>();

    public CodeUnit(ProgramBuilder c, CodeUnits units) {
        this.c = c;
        this.units = units;
    }

    /**
     * Adds what one {@link CodeUnitWriter} made.
     *
     * @throws IllegalArgumentException if the bytes are something else
     */
    public synchronized void add(byte[] b, int from, int to) {
        parts.add(new Part(new Input(b, from, to)));
    }

    /** Whether the function's code is here. */
    public synchronized boolean has(String function) {
        for (Part p : parts) {
            if (p.functions.containsKey(function)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fills in a function.
     *
     * @return false if it is not here
     */
    synchronized boolean define(Symbol s) {
        for (Part p : parts) {
            Integer entity = p.functions.get(s.name);
            if (entity != null) {
                p.define(entity, s);
                return true;
            }
        }
        return false;
    }

    /** Bytes and a place in them; everything that is read is checked. */
    static final class Input {
        final byte[] b;
        int at;
        final int end;
        private int[] strings = {};
        private String[] decoded = {};

        Input(byte[] b, int from, int to) {
            this.b = b;
            this.at = from;
            this.end = to;
        }

        private static IllegalArgumentException damaged(String what) {
            return new IllegalArgumentException("compiled function: " + what);
        }

        long varint() {
            long v = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at >= end) {
                    throw damaged("ends early");
                }
                int x = b[at++];
                v |= (x & 0x7fL) << shift;
                if (x >= 0) {
                    return v;
                }
            }
            throw damaged("number without end");
        }

        /** A number below a limit. */
        int number(long limit) {
            long v = varint();
            if (v < 0 || v >= limit) {
                throw damaged("number " + v + " of " + limit);
            }
            return (int) v;
        }

        /** A number of things that take a byte each at least. */
        int count() {
            return number(end - at + 1L);
        }

        int int32() {
            return (int) varint();
        }

        byte[] bytes() {
            int n = count();
            at += n;
            return Arrays.copyOfRange(b, at - n, at);
        }

        void skip(int n) {
            if (n < 0 || n > end - at) {
                throw damaged("length " + n);
            }
            at += n;
        }

        void readStrings() {
            strings = new int[count()];
            decoded = new String[strings.length];
            for (int i = 0; i < strings.length; i++) {
                strings[i] = at;
                skip(count());
            }
        }

        String string() {
            int i = number(strings.length);
            if (decoded[i] == null) {
                int back = at;
                at = strings[i];
                int n = count();
                decoded[i] = new String(b, at, n, StandardCharsets.UTF_8);
                at = back;
            }
            return decoded[i];
        }
    }

    /** What one writer made. */
    private final class Part {
        final Map<String, Integer> functions = new HashMap<>();
        private final Input in;
        private final SourceFile[] files;
        private final Type[] types;
        private final byte[] tags;
        /** Where the entity's head goes on behind the tag; of functions and data: behind the name. */
        private final int[] heads;
        private final int[] contents;
        private final String[] names;
        private final Symbol[] symbols;

        Part(Input in) {
            this.in = in;
            in.readStrings();
            files = new SourceFile[in.count()];
            for (int i = 0; i < files.length; i++) {
                files[i] = units.file(in.string());
                if (files[i] == null) {
                    throw Input.damaged("of a file that is gone");
                }
            }
            int n = in.count();
            types = new Type[n];
            for (int i = 0; i < n; i++) {
                types[i] = TypeCodec.read(in, c, types);
            }
            n = in.count();
            tags = new byte[n];
            heads = new int[n];
            contents = new int[n];
            names = new String[n];
            symbols = new Symbol[n];
            int[] lengths = new int[n];
            for (int i = 0; i < n; i++) {
                tags[i] = (byte) in.number(DATA + 1);
                heads[i] = in.at;
                if (tags[i] == FUNCTION || tags[i] == DATA) {
                    names[i] = in.string();
                    lengths[i] = in.count();
                } else {
                    in.varint();
                    if (tags[i] != TYPE) {
                        in.varint();
                    }
                }
                if (tags[i] == FUNCTION) {
                    functions.put(names[i], i);
                }
            }
            for (int i = 0; i < n; i++) {
                contents[i] = in.at;
                in.skip(lengths[i]);
            }
        }

        private Symbol target() {
            int n = in.number(symbols.length + 1L);
            return n == 0 ? null : symbol(n - 1);
        }

        private Symbol symbol(int i) {
            if (symbols[i] == null) {
                int back = in.at;
                in.at = heads[i];
                symbols[i] = find(i);
                in.at = back;
            }
            return symbols[i];
        }

        private Symbol find(int i) {
            switch (tags[i]) {
                case TYPE:
                    return c.data.type(types[in.number(types.length)]);
                case ITAB:
                    Type t = types[in.number(types.length)];
                    return c.data.itab(t, types[in.number(types.length)]);
                case NAMED:
                    String name = in.string();
                    Symbol s = c.symbols.lookup(name, in.number(2));
                    c.resolve(s);
                    return s;
                case NAME:
                    name = in.string();
                    return c.symbols.lookup(name, in.number(2));
                case FUNCTION:
                    s = c.symbols.lookup(names[i], 1);
                    s.offer(x -> {
                        synchronized (CodeUnit.this) {
                            define(i, x);
                        }
                    }, CodeUnit.this, 0);
                    return s;
                default:
                    in.at = contents[i];
                    boolean local = (in.varint() & LOCAL) != 0;
                    s = local ? new Symbol(names[i], 0) : c.symbols.lookup(names[i]);
                    // Data may lead to itself.
                    symbols[i] = s;
                    if (!s.isDefined()) {
                        define(i, s);
                    }
                    return s;
            }
        }

        private int position() {
            int f = in.number(files.length + 1L);
            if (f == 0) {
                return 0;
            }
            SourceFile file = files[f - 1];
            return file.pos(in.number(file.text.length + 1L));
        }

        /** Fills a symbol in; what it leads to is found first, as nobody else may be kept waiting for it. */
        void define(int entity, Symbol s) {
            in.at = contents[entity];
            Symbol made = new Symbol(s.name, s.abi);
            int flags = in.int32();
            SymKind kind = KINDS[in.number(KINDS.length)];
            made.align = in.int32();
            made.pkg = in.string();
            made.pos = position();
            made.size = in.varint();
            if ((flags & BYTES) != 0) {
                made.data = in.bytes();
            }
            if ((flags & MASK) != 0) {
                made.ptrMask = in.bytes();
            }
            int n = in.count();
            for (int i = 0; i < n; i++) {
                int offset = in.int32();
                RelocType type = RELOCATIONS[in.number(RELOCATIONS.length)];
                Symbol target = target();
                long addend = in.varint();
                made.addReloc(offset, type, target, addend >>> 1 ^ -(addend & 1));
            }
            if (kind == SymKind.TEXT) {
                made.func = function();
            }
            synchronized (s) {
                if (!s.isDefined()) {
                    s.local = (flags & LOCAL) != 0;
                    s.dupOk |= (flags & DUP_OK) != 0;
                    s.mergeable = (flags & MERGEABLE) != 0;
                    s.align = made.align;
                    s.pkg = made.pkg;
                    s.pos = made.pos;
                    s.size = made.size;
                    s.data = made.data;
                    s.ptrMask = made.ptrMask;
                    s.relocCount = made.relocCount;
                    s.relocOffset = made.relocOffset;
                    s.relocType = made.relocType;
                    s.relocTarget = made.relocTarget;
                    s.relocAddend = made.relocAddend;
                    s.func = made.func;
                    s.kind = kind;
                }
            }
        }

        private FuncInfo function() {
            FuncInfo f = new FuncInfo();
            f.args = in.int32();
            f.frame = in.int32();
            f.startLine = in.int32();
            f.funcId = in.int32();
            f.flags = in.int32();
            f.textFlags = in.int32();
            f.deferReturn = in.int32();
            String shown = in.string();
            f.shownName = shown.isEmpty() ? null : shown;
            table(f.pcsp, false);
            table(f.pcpos, true);
            for (int i = 0; i < f.pcdata.length; i++) {
                if (in.number(2) == 1) {
                    f.pcdata[i] = new PcTable();
                    table(f.pcdata[i], false);
                }
            }
            for (int i = 0; i < f.funcdata.length; i++) {
                f.funcdata[i] = target();
            }
            int n = in.count();
            for (int i = 0; i < n; i++) {
                FuncInfo.InlinedCall call = new FuncInfo.InlinedCall();
                call.parent = in.number(i + 1L) - 1;
                call.name = in.string();
                call.pos = position();
                call.startLine = in.int32();
                call.funcId = in.int32();
                call.parentPc = in.int32();
                f.inlined.add(call);
            }
            return f;
        }

        private void table(PcTable t, boolean positions) {
            int n = in.count();
            if (n > t.pc.length) {
                t.pc = new int[n];
                t.value = new int[n];
            }
            int pc = 0;
            for (int i = 0; i < n; i++) {
                pc += in.int32();
                int v;
                if (positions) {
                    v = position();
                } else {
                    int z = in.int32();
                    v = z >>> 1 ^ -(z & 1);
                }
                t.pc[i] = pc;
                t.value[i] = v;
            }
            t.count = n;
        }
    }
}
