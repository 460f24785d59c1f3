// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Chan;
import mica.types.Func;
import mica.types.Interface;
import mica.types.MapType;
import mica.types.Named;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Signature;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Tuple;
import mica.types.Type;
import mica.types.TypeSets;
import mica.types.Var;

/**
 * Says which package decides what a function's code is, and on which others that package depends. Of an instance, a wrapper or a
 * comparison these are several, those of the types in it; it is then the one of them that depends on all others.
 */
final class Owners {
    private final ProgramBuilder c;
    private final Map<Pkg, Set<Pkg>> providers = new ConcurrentHashMap<>();
    private final Map<Pkg, Set<Pkg>> dependencies = new ConcurrentHashMap<>();

    Owners(ProgramBuilder c) {
        this.c = c;
    }

    Pkg of(Fn fn) {
        Fn f = fn.provider != null ? fn.provider : fn;
        while (f.madeFor != null) {
            f = f.madeFor;
        }
        Set<Pkg> all = new LinkedHashSet<>();
        if (f.pkg != null) {
            all.add(f.pkg);
        }
        for (Type t : f.env.args) {
            packages(t, all);
        }
        for (Type t : f.about) {
            packages(t, all);
        }
        return all.isEmpty() ? c.runtime() : last(all);
    }

    private Pkg last(Set<Pkg> all) {
        if (all.size() == 1) {
            return all.iterator().next();
        }
        for (Pkg p : all) {
            if (dependencies(p).containsAll(all)) {
                return p;
            }
        }
        return null;
    }

    /** The package itself, package runtime, what they import, and what gives bodies to their declarations, directly or not. */
    Set<Pkg> dependencies(Pkg p) {
        Set<Pkg> known = dependencies.get(p);
        if (known == null) {
            known = new LinkedHashSet<>();
            ArrayDeque<Pkg> open = new ArrayDeque<>();
            open.add(p);
            open.add(c.runtime());
            while (!open.isEmpty()) {
                Pkg q = open.poll();
                if (known.add(q)) {
                    open.addAll(q.imports);
                    open.addAll(providers.computeIfAbsent(q, c::providers));
                }
            }
            dependencies.put(p, known);
        }
        return known;
    }

    /** The packages of the declared types in a type. */
    private static void packages(Type type, Set<Pkg> out) {
        switch (Alias.strip(type)) {
            case Named n -> {
                if (n.obj.pkg != null) {
                    out.add(n.obj.pkg);
                }
                all(n.typeArgs, out);
                all(n.outerArgs, out);
            }
            case Pointer p -> packages(p.elem, out);
            case Slice s -> packages(s.elem, out);
            case Array a -> packages(a.elem, out);
            case Chan ch -> packages(ch.elem, out);
            case MapType m -> {
                packages(m.key, out);
                packages(m.elem, out);
            }
            case Struct s -> {
                for (Var f : s.fields) {
                    packages(f.type, out);
                }
            }
            case Signature s -> {
                all(Fn.types(s.params), out);
                all(Fn.types(s.results), out);
            }
            case Tuple t -> all(Fn.types(t), out);
            case Interface i -> {
                for (Func m : TypeSets.of(i).methods) {
                    packages(m.signature(), out);
                }
            }
            default -> {}
        }
    }

    private static void all(Type[] types, Set<Pkg> out) {
        for (Type t : types) {
            packages(t, out);
        }
    }
}
