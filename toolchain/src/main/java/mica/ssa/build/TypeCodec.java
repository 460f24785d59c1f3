// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Chan;
import mica.types.Func;
import mica.types.Instances;
import mica.types.Interface;
import mica.types.MapType;
import mica.types.Named;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Signature;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Tuple;
import mica.types.Type;
import mica.types.TypeName;
import mica.types.TypeSets;
import mica.types.Universe;
import mica.types.Var;

/**
 * Closed types as bytes. A list of types, each made of ones before it: a kind ({@link Type.Kind}), then varints. Declared types are
 * named by package and name; what a function declares inside has no such name and cannot be written. Of fields and methods, the package
 * is written where the name is not exported: identical types may come from several packages.
 */
final class TypeCodec {
    private static final Basic[] BASICS = {Universe.BOOL, Universe.INT, Universe.INT8, Universe.INT16, Universe.INT32, Universe.INT64, Universe.UINT,
        Universe.UINT8, Universe.UINT16, Universe.UINT32, Universe.UINT64, Universe.UINTPTR, Universe.FLOAT32, Universe.FLOAT64, Universe.COMPLEX64,
        Universe.COMPLEX128, Universe.STRING, Universe.UNSAFE_POINTER};

    private TypeCodec() {}

    /** Numbers types from 0 in the order in which they are written. */
    static final class Writer {
        private final CodeUnitWriter out;
        private final Map<String, Integer> numbers = new HashMap<>();

        Writer(CodeUnitWriter out) {
            this.out = out;
        }

        int count() {
            return numbers.size();
        }

        int number(Type type) {
            Type t = Alias.strip(type);
            Integer known = numbers.get(t.linkString());
            if (known != null) {
                return known;
            }
            List<Integer> parts = new ArrayList<>();
            for (Type p : parts(t)) {
                parts.add(number(p));
            }
            out.types.put8(t.kind().ordinal());
            write(t, parts);
            numbers.put(t.linkString(), numbers.size());
            return numbers.size() - 1;
        }

        private void write(Type t, List<Integer> parts) {
            switch (t) {
                case Basic b -> out.types.putVarint(indexOf(b));
                case Named n -> {
                    out.string(out.types, path(n.obj));
                    out.string(out.types, n.obj.name);
                    out.types.putVarint(parts.size());
                }
                case Array a -> out.types.putVarint(a.length);
                case Chan c -> out.types.putVarint(c.dir);
                case Struct s -> {
                    out.types.putVarint(s.fields.length);
                    for (int i = 0; i < s.fields.length; i++) {
                        Var f = s.fields[i];
                        out.string(out.types, f.name);
                        out.string(out.types, f.exported() ? "" : path(f));
                        out.types.putVarint(f.embedded ? 1 : 0);
                        out.string(out.types, s.tag(i));
                    }
                }
                case Signature s -> {
                    out.types.putVarint(s.params.vars.length);
                    out.types.putVarint(s.results.vars.length);
                    out.types.putVarint(s.variadic ? 1 : 0);
                }
                case Interface i -> {
                    Func[] methods = TypeSets.of(i).methods;
                    out.types.putVarint(methods.length);
                    for (Func m : methods) {
                        out.string(out.types, m.name);
                        out.string(out.types, m.exported() ? "" : path(m));
                    }
                }
                default -> {}
            }
            for (int p : parts) {
                out.types.putVarint(p);
            }
        }
    }

    private static String path(Obj o) {
        return o.pkg == null ? "" : o.pkg.path;
    }

    private static int indexOf(Basic b) {
        for (int i = 0; i < BASICS.length; i++) {
            if (BASICS[i].id == b.id) {
                return i;
            }
        }
        return -1;
    }

    /** The types that a type is made of. */
    private static Type[] parts(Type t) {
        return switch (t) {
            case Named n -> n.typeArgs;
            case Pointer p -> new Type[] {p.elem};
            case Slice s -> new Type[] {s.elem};
            case Array a -> new Type[] {a.elem};
            case Chan c -> new Type[] {c.elem};
            case MapType m -> new Type[] {m.key, m.elem};
            case Struct s -> Fn.types(new Tuple(s.fields));
            case Signature s -> {
                Type[] all = new Type[s.params.vars.length + s.results.vars.length];
                System.arraycopy(Fn.types(s.params), 0, all, 0, s.params.vars.length);
                System.arraycopy(Fn.types(s.results), 0, all, s.params.vars.length, s.results.vars.length);
                yield all;
            }
            case Interface i -> {
                Func[] methods = TypeSets.of(i).methods;
                Type[] all = new Type[methods.length];
                for (int k = 0; k < all.length; k++) {
                    all[k] = methods[k].signature();
                }
                yield all;
            }
            default -> new Type[0];
        };
    }

    /** Whether a type can be written. */
    static boolean canWrite(Type type) {
        Type t = Alias.strip(type);
        boolean self = switch (t) {
            case Basic b -> indexOf(b) >= 0;
            case Named n -> isDeclared(n);
            case Interface i -> TypeSets.of(i).isMethodSet();
            case Pointer p -> true;
            case Slice s -> true;
            case Array a -> true;
            case Chan c -> true;
            case MapType m -> true;
            case Struct s -> true;
            case Signature s -> true;
            default -> false;
        };
        if (!self) {
            return false;
        }
        for (Type p : parts(t)) {
            if (!canWrite(p)) {
                return false;
            }
        }
        return true;
    }


    private static boolean isDeclared(Named n) {
        if (n.obj.pkg == null) {
            return n == Universe.ERROR;
        }
        return n.outerArgs.length == 0 && n.obj.pkg.scope.here(n.obj.name) == n.obj;
    }

    /**
     * Reads one type.
     *
     * @param known the types before it
     * @throws IllegalArgumentException if the program has no such type
     */
    static Type read(CodeUnit.Input in, ProgramBuilder c, Type[] known) {
        Type.Kind[] kinds = Type.Kind.values();
        Type.Kind kind = kinds[in.number(kinds.length)];
        switch (kind) {
            case BASIC:
                return BASICS[in.number(BASICS.length)];
            case NAMED:
                return named(in, c, known);
            case POINTER:
                return new Pointer(part(in, known));
            case SLICE:
                return new Slice(part(in, known));
            case ARRAY:
                long length = in.varint();
                return new Array(part(in, known), length);
            case MAP:
                Type key = part(in, known);
                return new MapType(key, part(in, known));
            case CHAN:
                int dir = in.number(Chan.BOTH + 1);
                return new Chan(dir, part(in, known));
            case STRUCT:
                return struct(in, c, known);
            case SIGNATURE:
                return signature(in, known);
            case INTERFACE:
                return iface(in, c, known);
            default:
                throw new IllegalArgumentException("type of kind " + kind);
        }
    }

    private static Type part(CodeUnit.Input in, Type[] known) {
        Type t = known[in.number(known.length)];
        if (t == null) {
            throw new IllegalArgumentException("type made of a later one");
        }
        return t;
    }

    private static Pkg pkg(CodeUnit.Input in, ProgramBuilder c) {
        String path = in.string();
        Pkg p = path.isEmpty() ? null : c.find(path);
        if (p == null && !path.isEmpty()) {
            throw new IllegalArgumentException("no package " + path);
        }
        return p;
    }

    private static Type named(CodeUnit.Input in, ProgramBuilder c, Type[] known) {
        Pkg p = pkg(in, c);
        String name = in.string();
        Type[] args = new Type[in.number(known.length + 1)];
        for (int i = 0; i < args.length; i++) {
            args[i] = part(in, known);
        }
        if (p == null) {
            return Universe.ERROR;
        }
        if (!(p.scope.here(name) instanceof TypeName t && t.type instanceof Named n && n.obj == t)) {
            throw new IllegalArgumentException("no type " + p.path + "." + name);
        }
        return args.length == 0 ? n : Instances.named(n, args);
    }

    private static Type struct(CodeUnit.Input in, ProgramBuilder c, Type[] known) {
        int n = in.count();
        String[] names = new String[n];
        Pkg[] packages = new Pkg[n];
        boolean[] embedded = new boolean[n];
        String[] tags = new String[n];
        for (int i = 0; i < n; i++) {
            names[i] = in.string();
            packages[i] = pkg(in, c);
            embedded[i] = in.number(2) == 1;
            String tag = in.string();
            tags[i] = tag.isEmpty() ? null : tag;
        }
        Var[] fields = new Var[n];
        for (int i = 0; i < n; i++) {
            fields[i] = new Var(names[i], packages[i], 0, part(in, known), Var.Role.FIELD);
            fields[i].embedded = embedded[i];
            fields[i].index = i;
        }
        return new Struct(fields, tags);
    }

    private static Type signature(CodeUnit.Input in, Type[] known) {
        int params = in.count();
        int results = in.count();
        boolean variadic = in.number(2) == 1;
        return new Signature(null, null, tuple(in, known, params, Var.Role.PARAM), tuple(in, known, results, Var.Role.RESULT), variadic);
    }

    private static Tuple tuple(CodeUnit.Input in, Type[] known, int n, Var.Role role) {
        Var[] vars = new Var[n];
        for (int i = 0; i < n; i++) {
            vars[i] = new Var("", null, 0, part(in, known), role);
            vars[i].index = i;
        }
        return new Tuple(vars);
    }

    private static Type iface(CodeUnit.Input in, ProgramBuilder c, Type[] known) {
        int n = in.count();
        String[] names = new String[n];
        Pkg[] packages = new Pkg[n];
        for (int i = 0; i < n; i++) {
            names[i] = in.string();
            packages[i] = pkg(in, c);
        }
        Func[] methods = new Func[n];
        Interface made = new Interface(methods, new Type[0], new int[0]);
        for (int i = 0; i < n; i++) {
            if (!(part(in, known) instanceof Signature s)) {
                throw new IllegalArgumentException("method " + names[i] + " without a signature");
            }
            Var recv = new Var("", packages[i], 0, made, Var.Role.RECEIVER);
            methods[i] = new Func(names[i], packages[i], 0, new Signature(recv, null, s.params, s.results, s.variadic));
        }
        return made;
    }
}
