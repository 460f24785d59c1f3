// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Makes types for tests. */
final class TypesForTests {
    final Pkg pkg;

    TypesForTests(String path, String name) {
        pkg = new Pkg(path, name);
    }

    Named named(String name, Type underlying) {
        Named n = new Named(new TypeName(name, pkg, 0, null));
        n.setUnderlying(underlying);
        return n;
    }

    Named generic(String name, TypeParam... params) {
        Named n = new Named(new TypeName(name, pkg, 0, null));
        n.typeParams = params;
        return n;
    }

    TypeParam param(String name, int index, Type constraint) {
        return new TypeParam(new TypeName(name, pkg, 0, null), index, constraint);
    }

    Var field(String name, Type t) {
        Var v = new Var(name, pkg, 0, t, Var.Role.FIELD);
        return v;
    }

    Var embedded(Type t) {
        Var v = field(TypeStrings.embeddedName(t), t);
        v.embedded = true;
        return v;
    }

    Struct struct(Var... fields) {
        return new Struct(fields, null);
    }

    Signature func(Type[] params, Type... results) {
        return new Signature(null, null, tuple(params), tuple(results), false);
    }

    Tuple tuple(Type... types) {
        Var[] vars = new Var[types.length];
        for (int i = 0; i < vars.length; i++) {
            vars[i] = new Var("", pkg, 0, types[i], Var.Role.PARAM);
        }
        return new Tuple(vars);
    }

    Func method(String name, Type recv, Type[] params, Type... results) {
        Signature s = func(params, results);
        s.recv = recv == null ? null : new Var("", pkg, 0, recv, Var.Role.RECEIVER);
        return new Func(name, pkg, 0, s);
    }

    Interface iface(Func... methods) {
        return new Interface(methods, new Type[0], new int[0]);
    }

    Interface union(boolean tilde, Type... terms) {
        boolean[] t = new boolean[terms.length];
        java.util.Arrays.fill(t, tilde);
        return new Interface(new Func[0], new Type[] {new Union(terms, t)}, new int[1]);
    }

    static Type[] types(Type... t) {
        return t;
    }
}
