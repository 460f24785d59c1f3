// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Type identity. Interfaces that contain themselves are assumed to be equal while they are being compared. */
final class Identity {
    private final boolean ignoreTags;
    private Interface[] open = new Interface[8];
    private int depth;

    Identity(boolean ignoreTags) {
        this.ignoreTags = ignoreTags;
    }

    boolean same(Type a, Type b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null) {
            return false;
        }
        a = Alias.strip(a);
        b = Alias.strip(b);
        if (a == b) {
            return true;
        }
        if (a == null || b == null || a.kind() != b.kind()) {
            return false;
        }
        return switch (a.kind()) {
            case BASIC -> ((Basic) a).id == ((Basic) b).id;
            case NAMED -> named((Named) a, (Named) b);
            case POINTER -> same(((Pointer) a).elem, ((Pointer) b).elem);
            case SLICE -> same(((Slice) a).elem, ((Slice) b).elem);
            case ARRAY -> {
                long x = ((Array) a).length;
                long y = ((Array) b).length;
                yield (x < 0 || y < 0 || x == y) && same(((Array) a).elem, ((Array) b).elem);
            }
            case MAP -> same(((MapType) a).key, ((MapType) b).key) && same(((MapType) a).elem, ((MapType) b).elem);
            case CHAN -> ((Chan) a).dir == ((Chan) b).dir && same(((Chan) a).elem, ((Chan) b).elem);
            case STRUCT -> struct((Struct) a, (Struct) b);
            case SIGNATURE -> signature((Signature) a, (Signature) b);
            case INTERFACE -> iface((Interface) a, (Interface) b);
            case TUPLE -> tuple((Tuple) a, (Tuple) b);
            case TYPE_PARAM, ALIAS -> false;
            case UNION -> TypeSets.union((Union) a) == TypeSets.union((Union) b)
                    || TypeSets.union((Union) a) != null && TypeSets.union((Union) b) != null
                            && TypeSets.union((Union) a).same(TypeSets.union((Union) b));
        };
    }

    private boolean named(Named a, Named b) {
        if (a.origin != b.origin || a.typeArgs.length != b.typeArgs.length || a.outerArgs.length != b.outerArgs.length) {
            return false;
        }
        if (a.typeArgs.length + a.outerArgs.length == 0) {
            return false;
        }
        return all(a.outerArgs, b.outerArgs) && all(a.typeArgs, b.typeArgs);
    }

    private boolean all(Type[] a, Type[] b) {
        for (int i = 0; i < a.length; i++) {
            if (!same(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean struct(Struct a, Struct b) {
        if (a.fields.length != b.fields.length) {
            return false;
        }
        for (int i = 0; i < a.fields.length; i++) {
            Var f = a.fields[i];
            Var g = b.fields[i];
            if (f.embedded != g.embedded || !Names.same(f.name, f.pkg, g.name, g.pkg)
                    || !ignoreTags && !a.tag(i).equals(b.tag(i)) || !same(f.type, g.type)) {
                return false;
            }
        }
        return true;
    }

    private boolean tuple(Tuple a, Tuple b) {
        int n = a == null ? 0 : a.size();
        if (n != (b == null ? 0 : b.size())) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (!same(a.vars[i].type, b.vars[i].type)) {
                return false;
            }
        }
        return true;
    }

    private boolean signature(Signature a, Signature b) {
        int n = a.typeParams.length;
        if (a.variadic != b.variadic || n != b.typeParams.length) {
            return false;
        }
        Tuple bp = b.params;
        Tuple br = b.results;
        if (n > 0) {
            bp = Subst.applyTuple(bp, b.typeParams, a.typeParams);
            br = Subst.applyTuple(br, b.typeParams, a.typeParams);
            for (int i = 0; i < n; i++) {
                Type bound = Subst.apply(b.typeParams[i].constraint, b.typeParams, a.typeParams);
                if (!same(a.typeParams[i].constraint, bound)) {
                    return false;
                }
            }
        }
        return tuple(a.params, bp) && tuple(a.results, br);
    }

    private boolean iface(Interface a, Interface b) {
        TypeSet x = TypeSets.of(a);
        TypeSet y = TypeSets.of(b);
        if (x == y) {
            return true;
        }
        if (x.comparable != y.comparable || x.methods.length != y.methods.length || (x.terms == null) != (y.terms == null)
                || x.terms != null && !x.terms.same(y.terms)) {
            return false;
        }
        for (int i = 0; i < x.methods.length; i++) {
            if (!Names.same(x.methods[i].name, x.methods[i].pkg, y.methods[i].name, y.methods[i].pkg)) {
                return false;
            }
        }
        if (x.methods.length == 0) {
            return true;
        }
        for (int i = 0; i < depth; i += 2) {
            if (open[i] == a && open[i + 1] == b || open[i] == b && open[i + 1] == a) {
                return true;
            }
        }
        if (depth + 2 > open.length) {
            open = java.util.Arrays.copyOf(open, depth * 2);
        }
        open[depth] = a;
        open[depth + 1] = b;
        depth += 2;
        boolean equal = true;
        for (int i = 0; equal && i < x.methods.length; i++) {
            equal = same(x.methods[i].type, y.methods[i].type);
        }
        depth -= 2;
        return equal;
    }
}
