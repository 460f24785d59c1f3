// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import static mica.types.TypesForTests.types;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InferTest {
    private final TypesForTests p = new TypesForTests("example.com/m/p", "p");

    private String infer(TypeParam[] params, Type[] paramTypes, Object... typesAndTexts) {
        Infer.Arg[] args = new Infer.Arg[typesAndTexts.length / 2];
        for (int i = 0; i < args.length; i++) {
            args[i] = new Infer.Arg((Type) typesAndTexts[2 * i], i, (String) typesAndTexts[2 * i + 1]);
        }
        Infer.Failure f = new Infer.Failure();
        Type[] r = Infer.infer(params, null, paramTypes, args, false, Qualifier.in(p.pkg), f);
        if (r == null) {
            return f.text;
        }
        StringBuilder sb = new StringBuilder();
        for (Type t : r) {
            sb.append(sb.isEmpty() ? "" : ", ").append(TypeStrings.message(t, Qualifier.in(p.pkg)));
        }
        return sb.toString();
    }

    private TypeParam any(String name, int i) {
        return p.param(name, i, Universe.ANY);
    }

    @Test
    void fromArguments() {
        TypeParam k = any("K", 0);
        TypeParam v = any("V", 1);
        TypeParam[] kv = {k, v};
        assertEquals("string, int", infer(kv, types(new MapType(k, v)), new MapType(Universe.STRING, Universe.INT), "m"));
        Named m = p.named("M", new MapType(Universe.STRING, Universe.INT));
        assertEquals("string, int", infer(kv, types(new MapType(k, v)), m, "m"));
        assertEquals("type int of x does not match map[K]V (cannot infer K and V)", infer(kv, types(new MapType(k, v)), Universe.INT, "x"));
    }

    @Test
    void mismatchNamesWhatWasInferred() {
        TypeParam t = any("T", 0);
        Named a = p.named("A", Universe.INT);
        Named b = p.named("B", Universe.INT);
        assertEquals("type B of b does not match inferred type A for T", infer(new TypeParam[] {t}, types(t, t), a, "a", b, "b"));
        assertEquals("A", infer(new TypeParam[] {t}, types(t, t), a, "a", Universe.UNTYPED_INT, "1"));
    }

    @Test
    void untypedConstants() {
        TypeParam t = any("T", 0);
        TypeParam[] ts = {t};
        assertEquals("float64", infer(ts, types(t, t), Universe.UNTYPED_INT, "1", Universe.UNTYPED_FLOAT, "2.5"));
        assertEquals("mismatched types untyped int and untyped string (cannot infer T)",
                infer(ts, types(t, t), Universe.UNTYPED_INT, "1", Universe.UNTYPED_STRING, "\"x\""));
        assertEquals("cannot infer T", infer(ts, types(t), Universe.UNTYPED_NIL, "nil"));
    }

    @Test
    void throughCoreTypes() {
        TypeParam e = any("E", 1);
        TypeParam s = p.param("S", 0, p.union(true, new Slice(e)));
        Named list = p.named("List", new Slice(Universe.STRING));
        assertEquals("List, string", infer(new TypeParam[] {s, e}, types(s), list, "l"));
        assertEquals("S (type int) does not satisfy interface{~[]E}", infer(new TypeParam[] {s, e}, types(s), Universe.INT, "x"));
        TypeParam ptr = p.param("P", 1, null);
        TypeParam t = any("T", 0);
        ptr.constraint = p.union(false, new Pointer(t));
        assertEquals("int, *int", infer(new TypeParam[] {t, ptr}, types(t), Universe.INT, "x"));
    }

    @Test
    void throughMethods() {
        TypeParam r = any("R", 1);
        TypeParam t = p.param("T", 0, p.iface(p.method("Get", null, new Type[0], r)));
        Named box = p.named("Box", Universe.INT);
        box.methods = new Func[] {p.method("Get", box, new Type[0], Universe.STRING)};
        assertEquals("Box, string", infer(new TypeParam[] {t, r}, types(t), box, "b"));
    }

    @Test
    void recursionAndGenericArguments() {
        TypeParam t = any("T", 0);
        assertEquals("[]T", infer(new TypeParam[] {t}, types(t), new Slice(t), "x"));
        TypeParam x = any("X", 0);
        Signature id = new Signature(null, new TypeParam[] {x}, p.tuple(x), p.tuple(x), false);
        assertEquals("int, int", infer(new TypeParam[] {t, x}, types(t, p.func(types(t), t)), Universe.INT, "1", id, "id"));
        assertEquals("cannot infer T", infer(new TypeParam[] {t, x}, types(p.func(types(t), t)), id, "id"));
    }

    @Test
    void interfacesMatchByTheirMethods() {
        TypeParam t = any("T", 0);
        Func write = p.method("Write", null, new Type[0]);
        Named writer = p.named("Writer", p.iface(write));
        Interface literal = p.iface(p.method("Write", null, new Type[0]));
        assertEquals("Writer", infer(new TypeParam[] {t}, types(t, t), literal, "a", writer, "b"));
        assertEquals("Writer", infer(new TypeParam[] {t}, types(t, t), writer, "a", literal, "b"));
        Named file = p.named("File", Universe.INT);
        file.methods = new Func[] {p.method("Write", file, new Type[0])};
        assertEquals("type Writer of w does not match inferred type File for T",
                infer(new TypeParam[] {t}, types(t, t), file, "f", writer, "w"));
        Named generic = p.generic("G", any("A", 0));
        TypeParam a = generic.typeParams[0];
        generic.setUnderlying(p.iface(p.method("Put", null, types(a))));
        Named impl = p.named("Impl", Universe.INT);
        impl.methods = new Func[] {p.method("Put", impl, types(Universe.STRING))};
        assertEquals("string", infer(new TypeParam[] {t}, types(Instances.named(generic, types(t))), impl, "i"));
    }
}
