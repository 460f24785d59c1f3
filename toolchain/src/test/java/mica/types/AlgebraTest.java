// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import static mica.types.TypesForTests.types;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AlgebraTest {
    private final TypesForTests p = new TypesForTests("example.com/m/p", "p");
    private final TypesForTests q = new TypesForTests("example.com/m/q", "q");
    private static final Type[] NONE = {};

    private Cause cause() {
        return new Cause(p.pkg);
    }

    @Test
    void threeWrittenForms() {
        Named t = p.named("T", Universe.INT);
        Type m = new MapType(Universe.STRING, new Pointer(t));
        assertEquals("map[string]*p.T", m.toString());
        assertEquals("map[string]*T", TypeStrings.message(m, Qualifier.in(p.pkg)));
        assertEquals("map[string]*example.com/m/p.T", m.linkString());
        assertEquals("map[string]*p.T", TypeStrings.reflect(m));
        Struct s = new Struct(new Var[] {p.field("A", Universe.INT), p.field("b", Universe.BYTE), p.embedded(t)},
                new String[] {"json:\"a\"", null, null});
        assertEquals("struct{A int \"json:\\\"a\\\"\"; b byte; p.T}", s.toString());
        assertEquals("struct { A int \"json:\\\"a\\\"\"; example.com/m/p.b uint8; example.com/m/p.T }", s.linkString());
        assertEquals("struct { A int \"json:\\\"a\\\"\"; b uint8; p.T }", TypeStrings.reflect(s));
        Type ch = new Chan(Chan.BOTH, new Chan(Chan.RECV, Universe.INT));
        assertEquals("chan (<-chan int)", ch.linkString());
        assertEquals("chan<- chan int", new Chan(Chan.SEND, new Chan(Chan.BOTH, Universe.INT)).toString());
        Signature f = new Signature(null, null, p.tuple(Universe.INT, new Slice(Universe.STRING)), p.tuple(Universe.ERROR), true);
        assertEquals("func(int, ...string) error", f.linkString());
        assertEquals("interface { Error() }", p.iface(p.method("Error", null, NONE)).linkString());
        assertEquals("interface {}", Universe.EMPTY_INTERFACE.linkString());
        assertEquals("any", Universe.ANY.toString());
    }

    @Test
    void instancesAreOnePerArguments() {
        TypeParam a = p.param("A", 0, Universe.ANY);
        Named pair = p.generic("Pair", a);
        pair.setUnderlying(p.struct(p.field("x", a), p.field("next", new Pointer(Instances.named(pair, types(a))))));
        Named i1 = Instances.named(pair, types(new Slice(Universe.INT)));
        assertSame(i1, Instances.named(pair, types(new Slice(Universe.INT))));
        assertNotSame(i1, Instances.named(pair, types(Universe.INT)));
        assertSame(Instances.named(pair, types(Universe.BYTE)), Instances.named(pair, types(Universe.UINT8)));
        Struct u = (Struct) i1.underlying();
        assertEquals("[]int", u.fields[0].type.toString());
        assertSame(i1, ((Pointer) u.fields[1].type).elem);
        assertEquals("example.com/m/p.Pair[[]int]", i1.linkString());
        assertEquals("p.Pair[*example.com/m/p.T]",
                TypeStrings.reflect(Instances.named(pair, types(new Pointer(p.named("T", Universe.INT))))));
        assertEquals("p.Pair[A any]", pair.toString());
    }

    @Test
    void substitutionAllocatesOnlyWhereSomethingChanges() {
        TypeParam a = p.param("A", 0, Universe.ANY);
        Type t = new MapType(Universe.STRING, p.func(types(Universe.INT), Universe.ERROR));
        assertSame(t, Subst.apply(t, new TypeParam[] {a}, types(Universe.INT)));
        Type g = p.func(types(a, Universe.INT), new Slice(a));
        assertEquals("func(string, int) []string", Subst.apply(g, new TypeParam[] {a}, types(Universe.STRING)).toString());
    }

    @Test
    void localTypesOfGenericFunctionsDifferPerInstance() {
        TypeParam a = p.param("A", 0, Universe.ANY);
        Named local = p.named("local", p.struct(p.field("x", a)));
        local.localIndex = 1;
        local.outerParams = new TypeParam[] {a};
        Named i = (Named) Subst.apply(local, new TypeParam[] {a}, types(Universe.INT));
        assertEquals("struct{x int}", i.underlying().toString());
        assertSame(i, Subst.apply(local, new TypeParam[] {a}, types(Universe.INT)));
        assertEquals("example.com/m/p.local\u00b71[int;]", i.linkString());
        assertEquals("[]p.local[int;]", TypeStrings.reflect(new Slice(i)));
        assertFalse(Predicates.identical(i, Subst.apply(local, new TypeParam[] {a}, types(Universe.STRING))));
        assertTrue(Predicates.isParameterized(local));
        assertFalse(Predicates.isParameterized(i));
    }

    @Test
    void methodsOfInstances() {
        TypeParam a = p.param("A", 0, Universe.ANY);
        TypeParam r = p.param("R", 0, Universe.ANY);
        Named box = p.generic("Box", a);
        box.setUnderlying(p.struct(p.field("x", a)));
        Func get = p.method("Get", new Pointer(Instances.named(box, types(r))), NONE, r);
        get.signature().recvTypeParams = new TypeParam[] {r};
        box.methods = new Func[] {get};
        Named b = Instances.named(box, types(Universe.STRING));
        Func m = b.method(0);
        assertSame(m, b.method(0));
        assertSame(get, m.origin);
        assertEquals("func() string", m.type.toString());
        assertEquals("*p.Box[string]", m.signature().recv.type.toString());
        assertEquals(Lookup.Status.POINTER_RECEIVER, Lookup.fieldOrMethod(b, false, p.pkg, "Get").status);
        assertTrue(Lookup.fieldOrMethod(b, true, p.pkg, "Get").found());
        assertEquals(0, MethodSets.of(b).length);
        assertEquals(1, MethodSets.of(new Pointer(b)).length);
    }

    @Test
    void identityOfStructsAndRecursiveInterfaces() {
        assertFalse(Predicates.identical(p.struct(p.field("a", Universe.INT)), q.struct(q.field("a", Universe.INT))));
        assertTrue(Predicates.identical(p.struct(p.field("A", Universe.INT)), q.struct(q.field("A", Universe.INT))));
        Struct tagged = new Struct(new Var[] {p.field("A", Universe.INT)}, new String[] {"x"});
        assertFalse(Predicates.identical(tagged, p.struct(p.field("A", Universe.INT))));
        assertTrue(Predicates.identicalIgnoreTags(tagged, p.struct(p.field("A", Universe.INT))));
        Interface a = p.iface(p.method("M", null, NONE));
        a.methods[0].signature().params = p.tuple(a);
        Interface b = p.iface(p.method("M", null, NONE));
        b.methods[0].signature().params = p.tuple(b);
        assertTrue(Predicates.identical(a, b));
        TypeParam x = p.param("X", 0, Universe.ANY);
        TypeParam y = p.param("Y", 0, Universe.ANY);
        Signature f = new Signature(null, new TypeParam[] {x}, p.tuple(x), p.tuple(), false);
        Signature g = new Signature(null, new TypeParam[] {y}, p.tuple(y), p.tuple(), false);
        assertTrue(Predicates.identical(f, g));
        assertFalse(Predicates.identical(f, new Signature(null, new TypeParam[] {y}, p.tuple(new Slice(y)), p.tuple(), false)));
    }

    @Test
    void lookupDepthAmbiguityAndPath() {
        Named a = p.named("A", p.struct(p.field("x", Universe.INT), p.field("only", Universe.INT)));
        Named b = p.named("B", p.struct(p.field("x", Universe.INT)));
        b.methods = new Func[] {p.method("M", new Pointer(b), NONE)};
        Named c = p.named("C", p.struct(p.embedded(a), p.embedded(new Pointer(b)), p.field("y", Universe.INT)));
        Lookup.Result only = Lookup.fieldOrMethod(c, false, p.pkg, "only");
        assertArrayEquals(new int[] {0, 1}, only.path);
        assertFalse(only.indirect);
        assertEquals(Lookup.Status.AMBIGUOUS, Lookup.fieldOrMethod(c, false, p.pkg, "x").status);
        Lookup.Result m = Lookup.fieldOrMethod(c, false, p.pkg, "M");
        assertTrue(m.found() && m.indirect);
        assertArrayEquals(new int[] {1, 0}, m.path);
        assertEquals(Lookup.Status.NOT_FOUND, Lookup.fieldOrMethod(c, false, q.pkg, "only").status);
        assertEquals("only", Lookup.foldCase(c, true, q.pkg, "Only").name);
        Selection[] set = MethodSets.of(c);
        assertEquals(1, set.length);
        assertArrayEquals(new int[] {1, 0}, set[0].path);
        assertEquals(Lookup.Status.NOT_FOUND, Lookup.fieldOrMethod(new Pointer(p.named("I", p.iface(p.method("M", null, NONE)))),
                false, p.pkg, "M").status);
    }

    @Test
    void causesOfMissingMethods() {
        Named i = p.named("I", p.iface(p.method("Foo", null, types(Universe.INT))));
        Named t = p.named("T", Universe.INT);
        Cause c = cause();
        assertFalse(Predicates.implement(t, i, false, c));
        assertEquals("T does not implement I (missing method Foo)", c.text);
        t.methods = new Func[] {p.method("Foo", new Pointer(t), types(Universe.INT))};
        assertFalse(Predicates.assignable(t, i, c));
        assertEquals("T does not implement I (method Foo has pointer receiver)", c.text);
        assertTrue(Predicates.assignable(new Pointer(t), i, c));
        t.methods = new Func[] {p.method("Foo", t, NONE)};
        assertFalse(Predicates.implement(t, i, false, c));
        assertEquals("T does not implement I (wrong type for method Foo)\n\t\thave Foo()\n\t\twant Foo(int)", c.text);
        t.methods = new Func[] {p.method("foo", t, NONE)};
        assertFalse(Predicates.implement(t, i, false, c));
        assertEquals("T does not implement I (missing method Foo)\n\t\thave foo()\n\t\twant Foo(int)", c.text);
        assertFalse(Predicates.implement(new Pointer(i), i, false, c));
        assertEquals("*I does not implement I (type *I is pointer to interface, not interface)", c.text);
        assertFalse(Predicates.assignable(i, t, c));
        Interface j = q.iface(q.method("hidden", null, NONE));
        t.methods = new Func[] {p.method("hidden", t, NONE)};
        assertFalse(Predicates.implement(t, q.named("J", j), false, c));
        assertEquals("T does not implement q.J (unexported method hidden)", c.text);
    }

    @Test
    void constraints() {
        Named integer = p.named("Integer", p.union(true, Universe.INT, Universe.INT8));
        Named strict = p.named("Strict", p.union(false, Universe.INT, Universe.STRING));
        Named myInt = p.named("MyInt", Universe.INT);
        Cause c = cause();
        assertTrue(Predicates.implement(myInt, integer, true, c));
        assertFalse(Predicates.implement(Universe.STRING, integer, true, c));
        assertEquals("string does not satisfy Integer (string missing in ~int | ~int8)", c.text);
        assertFalse(Predicates.implement(myInt, strict, true, c));
        assertEquals("MyInt does not satisfy Strict (possibly missing ~ for int in Strict)", c.text);
        assertFalse(Predicates.implement(new Slice(Universe.INT), Universe.COMPARABLE, true, c));
        assertEquals("[]int does not satisfy comparable", c.text);
        assertTrue(Predicates.implement(Universe.ANY, Universe.COMPARABLE, true, c));
        assertFalse(Predicates.implement(Universe.ANY, Universe.COMPARABLE, false, c));
        TypeParam t = p.param("T", 0, integer);
        assertTrue(Predicates.implement(t, integer, true, c));
        assertTrue(Predicates.comparable(t));
        assertTrue(Predicates.allInteger(t));
        assertFalse(Predicates.allString(t));
        assertFalse(Predicates.isInteger(t));
        assertNull(TypeSets.commonUnder(t, c));
        assertEquals("int and int8 have different underlying types", c.text);
        assertEquals(0, Instances.verify(new TypeParam[] {t}, types(Universe.STRING), c));
        Interface both = new Interface(new Func[0], types(integer, strict), new int[2]);
        TypeSet s = TypeSets.of(both);
        assertEquals(1, s.terms.size());
        assertSame(Universe.INT, s.terms.types[0]);
    }

    @Test
    void assignabilityAndConversion() {
        Named myBytes = p.named("Bytes", new Slice(Universe.BYTE));
        assertTrue(Predicates.assignable(myBytes, new Slice(Universe.UINT8), null));
        assertFalse(Predicates.assignable(p.named("B2", new Slice(Universe.BYTE)), myBytes, null));
        assertTrue(Predicates.assignable(new Chan(Chan.BOTH, Universe.INT), new Chan(Chan.RECV, Universe.INT), null));
        assertFalse(Predicates.assignable(new Chan(Chan.RECV, Universe.INT), new Chan(Chan.BOTH, Universe.INT), null));
        assertTrue(Predicates.assignable(Universe.UNTYPED_NIL, myBytes, null));
        assertFalse(Predicates.assignable(Universe.UNTYPED_NIL, Universe.INT, null));
        assertTrue(Predicates.convertible(Universe.STRING, myBytes, null));
        assertTrue(Predicates.convertible(Universe.INT, Universe.STRING, null));
        assertFalse(Predicates.convertible(Universe.STRING, Universe.INT, null));
        assertTrue(Predicates.convertible(new Slice(Universe.INT), new Array(Universe.INT, 4), null));
        assertTrue(Predicates.convertible(new Slice(Universe.INT), new Pointer(new Array(Universe.INT, 4)), null));
        assertFalse(Predicates.convertible(new Slice(Universe.INT), new Array(Universe.INT8, 4), null));
        assertTrue(Predicates.convertible(Universe.UINTPTR, Universe.UNSAFE_POINTER, null));
        assertFalse(Predicates.convertible(Universe.INT, Universe.UNSAFE_POINTER, null));
        TypeParam t = p.param("T", 0, p.union(true, Universe.INT, Universe.STRING));
        Cause c = cause();
        assertFalse(Predicates.convertible(t, Universe.INT, c));
        assertEquals("cannot convert string (in T) to type int", c.text);
        assertTrue(Predicates.convertible(t, Universe.STRING, c));
        assertFalse(Predicates.comparable(p.struct(p.field("f", p.func(NONE))), true, c));
        assertEquals("struct containing func() cannot be compared", c.text);
    }

    @Test
    void sizesAndPointerMaps() {
        Struct s = p.struct(p.field("a", Universe.BYTE), p.field("b", Universe.STRING), p.field("c", Universe.INT16),
                p.field("d", new Slice(Universe.INT)), p.field("z", p.struct()));
        assertArrayEquals(new long[] {0, 8, 24, 32, 56}, Sizes.offsets(s));
        assertEquals(64, Sizes.sizeof(s));
        assertEquals(8, Sizes.alignof(s));
        assertEquals(40, Sizes.ptrdata(s));
        assertArrayEquals(new long[] {0b10010}, Sizes.pointerMask(s));
        assertEquals(0, Sizes.sizeof(p.struct()));
        assertEquals(4, Sizes.alignof(Universe.COMPLEX64));
        assertEquals(3, Sizes.sizeof(new Array(p.struct(p.field("x", Universe.BYTE)), 3)));
        assertFalse(Sizes.hasPointers(new Array(Universe.INT, 10)));
        assertEquals(16 * 9 + 8, Sizes.ptrdata(new Array(Universe.STRING, 10)));
        assertEquals(0b01010101, Sizes.pointerMask(new Array(Universe.STRING, 4))[0]);
        assertTrue(Sizes.tooLarge(new Array(Universe.INT64, 1L << 62)));
    }
}
