// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mica.obj.Bytes;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.types.Array;
import mica.types.Func;
import mica.types.Interface;
import mica.types.MapType;
import mica.types.Named;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Signature;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Tuple;
import mica.types.Type;
import mica.types.TypeName;
import mica.types.Universe;
import mica.types.Var;
import org.junit.jupiter.api.Test;

/** Descriptors of types made by hand, compared with the layouts of Go 1.27's internal/abi. */
class TypeDataTest {
    private final SymbolTable symbols = new SymbolTable();
    private final Pkg pkg = new Pkg("example.com/p", "p");
    private final TypeData data = new TypeData(symbols, new FunctionSource() {
        @Override
        public Symbol interfaceMethod(Type t, Selection m) {
            return symbols.lookup("ifn " + t + "." + m.obj.name, 1);
        }

        @Override
        public Symbol method(Type t, Selection m) {
            return symbols.lookup("tfn " + t + "." + m.obj.name, 1);
        }

        @Override
        public Symbol equal(Type t) {
            return symbols.lookup("type:.eq." + t.linkString(), 1);
        }

        @Override
        public Symbol hash(Type t) {
            return symbols.lookup("type:.hash." + t.linkString(), 1);
        }
    });

    private Symbol define(Type t) {
        Symbol s = data.type(t);
        if (!s.isDefined()) {
            s.definer.define(s);
        }
        assertEquals(SymKind.TYPE, s.kind);
        return s;
    }

    private static Symbol target(Symbol s, int offset) {
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocOffset[i] == offset && s.relocType[i].size > 0) {
                return s.relocTarget[i];
            }
        }
        return null;
    }

    private static long word(Symbol s, int offset) {
        return Bytes.load64(s.data, offset);
    }

    private Var field(String name, Type t) {
        return new Var(name, pkg, 0, t, Var.Role.FIELD);
    }

    private static Signature signature(Type... results) {
        Var[] vars = new Var[results.length];
        for (int i = 0; i < vars.length; i++) {
            vars[i] = new Var("", null, 0, results[i], Var.Role.RESULT);
        }
        return new Signature(null, null, Tuple.EMPTY, new Tuple(vars), false);
    }

    private Named named(String name, Type under) {
        Named n = new Named(new TypeName(name, pkg, 0, null));
        n.setUnderlying(under);
        return n;
    }

    private Func method(Named n, boolean pointer, String name) {
        Type recv = pointer ? new Pointer(n) : n;
        Signature s = new Signature(new Var("x", pkg, 0, recv, Var.Role.RECEIVER), null, Tuple.EMPTY,
                new Tuple(new Var[] {new Var("", null, 0, Universe.INT, Var.Role.RESULT)}), false);
        Func f = new Func(name, pkg, 0, s);
        n.methods = Arrays.copyOf(n.methods, n.methods.length + 1);
        n.methods[n.methods.length - 1] = f;
        return f;
    }

    @Test
    void stringsAreNamedByTheirText() {
        assertEquals("go:string.\u4f60 \u00fc", data.stringBytes("\u4f60 \u00fc".getBytes(StandardCharsets.UTF_8)).name);
        // What is no UTF-8 has a name of its own, and so has the character that stands for such bytes.
        String ff = data.stringBytes(new byte[] {(byte) 0xff}).name;
        assertTrue(ff.startsWith("go:string.1."), ff);
        assertNotEquals(ff, data.stringBytes(new byte[] {(byte) 0xfe}).name);
        assertEquals("go:string.\ufffd", data.stringBytes("\ufffd".getBytes(StandardCharsets.UTF_8)).name);
    }

    @Test
    void basicTypes() {
        Symbol s = define(Universe.INT32);
        assertEquals("type:int32", s.name);
        assertEquals(48, s.size);
        assertEquals(4, word(s, 0));
        assertEquals(0, word(s, 8));
        assertEquals(4 | 8, s.data[20]);
        assertEquals(4, s.data[21]);
        assertEquals(5, s.data[23]);
        assertEquals("runtime.memequal32·f", target(s, 24).name);
        assertArrayEquals(new byte[] {0, 5, 'i', 'n', 't', '3', '2'}, target(s, 40).data);
        assertEquals(16, define(Universe.COMPLEX128).data[23]);
        assertEquals(24, define(Universe.STRING).data[23]);
        assertEquals(26, define(Universe.UNSAFE_POINTER).data[23]);
    }

    @Test
    void identicalTypesShareASymbolAndDifferentOnesDoNot() {
        assertSame(data.type(new Slice(Universe.BYTE)), data.type(new Slice(Universe.UINT8)));
        assertNotEquals(TypeData.hash(new Slice(Universe.INT)), TypeData.hash(new Slice(Universe.UINT)));
    }

    @Test
    void structWithPointersAndTags() {
        Struct st = new Struct(new Var[] {field("n", Universe.INT), field("S", Universe.STRING)}, new String[] {null, "json:\"s\""});
        Symbol s = define(st);
        assertEquals(24, word(s, 0));
        assertEquals(16, word(s, 8));
        assertEquals(25, s.data[23]);
        assertEquals("type:.eq." + st.linkString() + "·f", target(s, 24).name);
        assertEquals(2, target(s, 32).data[0]);
        assertEquals("example.com/p", new String(target(s, 48).data, 2, 13, StandardCharsets.UTF_8));
        assertSame(s, target(s, 56));
        assertEquals(2, word(s, 64));
        assertEquals(80 + 2 * 24, s.size);
        assertSame(data.type(Universe.STRING), target(s, 80 + 24 + 8));
        assertEquals(8, word(s, 80 + 24 + 16));
        assertArrayEquals("\u0003\u0001S\u0008json:\"s\"".getBytes(StandardCharsets.UTF_8), target(s, 80 + 24).data);
    }

    @Test
    void mapWithStringKeys() {
        Symbol s = define(new MapType(Universe.STRING, Universe.INT));
        assertEquals(136, s.size);
        assertEquals(21, s.data[23]);
        assertEquals("runtime.strhash·f", target(s, 72).name);
        assertEquals(8 + 8 * 24, word(s, 80));
        assertEquals(8, word(s, 88));
        assertEquals(24, word(s, 96));
        assertEquals(8 + 16, word(s, 104));
        assertEquals(24, word(s, 112));
        assertEquals(16, word(s, 120));
        assertEquals(1, word(s, 128));
        Symbol group = target(s, 64);
        group.definer.define(group);
        assertEquals(80, group.size);
        assertEquals(8 + 7 * 24 + 8, word(group, 8));
        // ctrl, then pointer, length, element eight times.
        assertEquals(0b10010010010010010010010L, word(target(group, 32), 0));
    }

    @Test
    void largeKeysLieBehindPointers() {
        Symbol s = define(new MapType(new Array(Universe.INT, 17), Universe.BOOL));
        assertEquals(4, word(s, 128));
        assertEquals("runtime.memhash_varlen.136·f", target(s, 72).name);
        assertEquals(16, word(s, 96));
    }

    @Test
    void largeTypesGetTheirMaskAtRunTime() {
        Symbol s = define(new Array(new Pointer(Universe.INT), 129));
        assertEquals(16, s.data[20] & 16);
        assertEquals(SymKind.NOPTRBSS, target(s, 32).kind);
    }

    @Test
    void methodsOfAPointerAndItsType() {
        Named t = named("T", new Struct(new Var[0], null));
        method(t, true, "Zap");
        method(t, false, "Get");
        method(t, false, "hid");
        Symbol value = define(t);
        Symbol pointer = define(new Pointer(t));
        assertEquals(1 | 2 | 4 | 8, value.data[20]);
        assertArrayEquals("\u0001\u0004*p.T".getBytes(StandardCharsets.UTF_8), target(value, 40).data);
        assertSame(target(value, 40), target(pointer, 40));
        assertEquals(2, Bytes.load16(value.data, 80 + 4));
        assertEquals(1, Bytes.load16(value.data, 80 + 6));
        assertEquals(16, Bytes.load32(value.data, 80 + 8));
        assertEquals(3, Bytes.load16(pointer.data, 56 + 4));
        assertEquals(2, Bytes.load16(pointer.data, 56 + 6));
        assertEquals(3, pointer.methods.length);
        assertEquals("method:Get" + "func() int", pointer.methods[0].key);
        assertEquals("Zap", pointer.methods[1].name);
        assertEquals("method:example.com/p.hid" + "func() int", pointer.methods[2].key);
        assertEquals(56 + 16, pointer.methods[0].offset);
        boolean found = false;
        for (int i = 0; i < value.relocCount; i++) {
            found |= value.relocType[i] == RelocType.IFACE_TYPEOFF && value.relocTarget[i] == pointer;
        }
        assertTrue(found);
    }

    @Test
    void interfaceTables() {
        Named t = named("T", new Struct(new Var[0], null));
        Func get = method(t, true, "Get");
        Func other = new Func("Get", pkg, 0, signature(Universe.INT));
        Named i = named("I", new Interface(new Func[] {other}, new Type[0], new int[0]));
        assertSame(data.methodKey(get), data.methodKey(other));
        Symbol tab = data.itab(new Pointer(t), i);
        assertEquals("go:itab.*example.com/p.T,example.com/p.I", tab.name);
        tab.definer.define(tab);
        assertEquals(32, tab.size);
        assertSame(data.type(i), target(tab, 0));
        assertEquals(TypeData.hash(new Pointer(t)), Bytes.load32(tab.data, 16));
        assertSame(data.functions.interfaceMethod(new Pointer(t), MethodTable.sorted(new Pointer(t))[0]), target(tab, 24));
        Symbol desc = define(i);
        assertEquals(80 + 16 + 8, desc.size);
        assertSame(data.type(other.type), target(desc, 80 + 16 + 4));
    }

    @Test
    void functionTypes() {
        Signature s = new Signature(null, null, new Tuple(new Var[] {
            new Var("a", null, 0, Universe.INT, Var.Role.PARAM), new Var("b", null, 0, new Slice(Universe.STRING), Var.Role.PARAM)
        }), new Tuple(new Var[] {new Var("", null, 0, Universe.BOOL, Var.Role.RESULT)}), true);
        Symbol d = define(s);
        assertEquals("type:func(int, ...string) bool", d.name);
        assertEquals(2 | 0x80010000L, word(d, 48) & 0xffffffffL);
        assertEquals(56 + 3 * 8, d.size);
        assertSame(data.type(new Slice(Universe.STRING)), target(d, 64));
        assertEquals(null, target(d, 24));
    }
}
