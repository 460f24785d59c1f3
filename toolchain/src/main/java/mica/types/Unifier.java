// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/**
 * Unification of types over the type parameters to be inferred (the bound ones): finds types for them that make two types
 * equal, as the specification's chapter "Type unification" defines it.
 *
 * <p>Matching is exact below the top of a type; at the top it may be loose (ASSIGN for arguments, LOOSE for constraints): a
 * defined type matches a literal by its underlying type, channel directions may differ, interfaces match by their methods.
 * Parameters that were found to be equal share a slot; a slot holds the type found so far, or null.
 */
final class Unifier {
    static final int LOOSE = 0;
    static final int ASSIGN = 1;
    static final int EXACT = 2;
    private static final int MAX_DEPTH = 100;

    private final TypeParam[] params;
    /** Slot of each parameter. */
    private final int[] slot;
    private final Type[] found;
    private int depth;

    Unifier(TypeParam[] params, Type[] known) {
        this.params = params;
        this.slot = new int[params.length];
        this.found = new Type[params.length];
        for (int i = 0; i < params.length; i++) {
            slot[i] = i;
            found[i] = known == null || i >= known.length ? null : known[i];
        }
    }

    /** What was found for parameter i, or null. */
    Type at(int i) {
        return found[slot[i]];
    }

    void set(int i, Type t) {
        found[slot[i]] = t;
    }

    int unknowns() {
        int n = 0;
        for (int i = 0; i < params.length; i++) {
            if (at(i) == null) {
                n++;
            }
        }
        return n;
    }

    Type[] all() {
        Type[] list = new Type[params.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = at(i);
        }
        return list;
    }

    /** Index of t among the bound parameters, or -1. */
    private int bound(Type t) {
        if (t instanceof TypeParam p) {
            for (int i = 0; i < params.length; i++) {
                if (params[i] == p) {
                    return i;
                }
            }
        }
        return -1;
    }

    boolean unify(Type x, Type y, int mode) {
        if (x == y) {
            return true;
        }
        if (x == null || y == null || depth > MAX_DEPTH) {
            return false;
        }
        depth++;
        boolean ok = step(Alias.strip(x), Alias.strip(y), x, y, mode);
        depth--;
        return ok;
    }

    /** @param ox x before aliases were stripped, for recording what was written @param oy likewise */
    private boolean step(Type x, Type y, Type ox, Type oy, int mode) {
        if (x == y) {
            return true;
        }
        int px = bound(x);
        int py = bound(y);
        if (px < 0 && py >= 0 || px < 0 && mode != EXACT && y instanceof Named && !(x instanceof Named)) {
            // A bound parameter, or else a defined type, stands on the left from here on.
            Type t = x;
            x = y;
            y = t;
            t = ox;
            ox = oy;
            oy = t;
            int p = px;
            px = py;
            py = p;
        }
        if (mode != EXACT && px < 0 && x instanceof Named && literal(y) && !(x.underlying() instanceof Interface) && !(y instanceof Interface)) {
            x = x.underlying();
            if (x == y) {
                return true;
            }
        }
        if (px >= 0) {
            return py >= 0 ? both(px, py, mode) : one(px, y, oy, mode);
        }
        if (x instanceof Named nx && y instanceof Named ny && nx.origin == ny.origin && nx.typeArgs.length > 0) {
            return named(nx, ny, mode);
        }
        if (mode != EXACT) {
            Interface xi = iface(x);
            Interface yi = iface(y);
            if (xi != null && yi != null) {
                return interfaces(xi, yi, mode);
            }
            if (xi != null || yi != null) {
                return xi != null ? methods(y, xi) : methods(x, yi);
            }
            if (y instanceof TypeParam && !(x instanceof TypeParam)) {
                Type t = x;
                x = y;
                y = t;
            }
            if (x instanceof TypeParam p) {
                Type core = TypeSets.commonUnder(p, null);
                return core != null && unify(core, y, ASSIGN);
            }
        }
        return structure(x, y, mode);
    }

    private static boolean literal(Type t) {
        return switch (t.kind()) {
            case NAMED, TYPE_PARAM, BASIC -> false;
            default -> true;
        };
    }

    private static Interface iface(Type t) {
        return t instanceof TypeParam ? null : t.underlying() instanceof Interface i ? i : null;
    }

    private boolean both(int px, int py, int mode) {
        Type x = at(px);
        Type y = at(py);
        if (slot[px] == slot[py]) {
            return true;
        }
        if (x != null && y != null) {
            return unify(x, y, mode);
        }
        int keep = x != null ? slot[px] : slot[py];
        int drop = x != null ? slot[py] : slot[px];
        for (int i = 0; i < slot.length; i++) {
            if (slot[i] == drop) {
                slot[i] = keep;
            }
        }
        return true;
    }

    /** y against what parameter px is known to be; the better of two loosely equal types is kept. */
    private boolean one(int px, Type y, Type oy, int mode) {
        Type x = at(px);
        if (x == null) {
            set(px, oy);
            return true;
        }
        if (!unify(x, y, mode)) {
            return false;
        }
        if (mode == EXACT) {
            return true;
        }
        Type sx = Alias.strip(x);
        Interface xi = iface(sx);
        Interface yi = iface(y);
        if (xi != null && yi != null) {
            // Neither may be lost: the methods must be the same, and the defined one is kept.
            if (TypeSets.of(xi).methods.length != TypeSets.of(yi).methods.length
                    || y instanceof Named && sx instanceof Named && !Predicates.identical(sx, y)) {
                return false;
            }
            if (y instanceof Named) {
                set(px, oy);
            }
        } else if (xi != null || yi != null) {
            // Either could be the answer; choosing would make the order of arguments matter.
            return false;
        } else if (y instanceof Named && !(sx instanceof Named)) {
            set(px, oy);
        } else if (y.underlying() instanceof Chan c && c.dir != Chan.BOTH && sx.underlying() instanceof Chan d && d.dir == Chan.BOTH) {
            set(px, oy);
        }
        return true;
    }

    /** Interfaces match loosely when the methods of one are among the other's; without ASSIGN they have the same ones. */
    private boolean interfaces(Interface x, Interface y, int mode) {
        TypeSet a = TypeSets.of(x);
        TypeSet b = TypeSets.of(y);
        if (a.comparable != b.comparable || (a.terms == null) != (b.terms == null) || a.terms != null && !a.terms.same(b.terms)) {
            return false;
        }
        if (mode != ASSIGN && a.methods.length != b.methods.length) {
            return false;
        }
        TypeSet few = a.methods.length <= b.methods.length ? a : b;
        TypeSet many = few == a ? b : a;
        for (Func m : few.methods) {
            Func f = many.method(m.pkg, m.name);
            if (f == null || !unify(m.type, f.type, EXACT)) {
                return false;
            }
        }
        return true;
    }

    /** t has the interface's methods. */
    private boolean methods(Type t, Interface i) {
        for (Func m : TypeSets.of(i).methods) {
            Lookup.Result r = Lookup.fieldOrMethod(t, false, m.pkg, m.name);
            if (!r.found() || !(r.obj instanceof Func f) || !unify(m.type, f.type, EXACT)) {
                return false;
            }
        }
        return true;
    }

    private boolean structure(Type x, Type y, int mode) {
        if (x.kind() != y.kind()) {
            return false;
        }
        // What stands inside must match exactly in assignments, and as loosely as the whole in constraints.
        int inner = mode == ASSIGN ? EXACT : mode;
        return switch (x.kind()) {
            case BASIC -> ((Basic) x).id == ((Basic) y).id;
            case POINTER -> unify(((Pointer) x).elem, ((Pointer) y).elem, inner);
            case SLICE -> unify(((Slice) x).elem, ((Slice) y).elem, inner);
            case ARRAY -> {
                long a = ((Array) x).length;
                long b = ((Array) y).length;
                yield (a < 0 || b < 0 || a == b) && unify(((Array) x).elem, ((Array) y).elem, inner);
            }
            case MAP -> unify(((MapType) x).key, ((MapType) y).key, inner) && unify(((MapType) x).elem, ((MapType) y).elem, inner);
            case CHAN -> (mode != EXACT || ((Chan) x).dir == ((Chan) y).dir) && unify(((Chan) x).elem, ((Chan) y).elem, inner);
            case STRUCT -> struct((Struct) x, (Struct) y, inner);
            case SIGNATURE -> signature((Signature) x, (Signature) y, inner);
            case INTERFACE -> interfaces((Interface) x, (Interface) y, LOOSE);
            case TUPLE -> tuple((Tuple) x, (Tuple) y, inner);
            case NAMED -> named((Named) x, (Named) y, mode);
            case UNION -> Predicates.identical(x, y);
            case TYPE_PARAM, ALIAS -> false;
        };
    }

    private boolean struct(Struct x, Struct y, int mode) {
        if (x.fields.length != y.fields.length) {
            return false;
        }
        for (int i = 0; i < x.fields.length; i++) {
            Var f = x.fields[i];
            Var g = y.fields[i];
            if (f.embedded != g.embedded || !x.tag(i).equals(y.tag(i)) || !Names.same(f.name, f.pkg, g.name, g.pkg)
                    || !unify(f.type, g.type, mode)) {
                return false;
            }
        }
        return true;
    }

    private boolean tuple(Tuple x, Tuple y, int mode) {
        int n = x == null ? 0 : x.size();
        if (n != (y == null ? 0 : y.size())) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (!unify(x.vars[i].type, y.vars[i].type, mode)) {
                return false;
            }
        }
        return true;
    }

    private boolean signature(Signature x, Signature y, int mode) {
        if (x.variadic != y.variadic || x.typeParams.length != y.typeParams.length) {
            return false;
        }
        if (x.typeParams.length > 0) {
            return Predicates.identical(x, y);
        }
        return tuple(x.params, y.params, mode) && tuple(x.results, y.results, mode);
    }

    private boolean named(Named x, Named y, int mode) {
        if (x.origin != y.origin || x.typeArgs.length != y.typeArgs.length || x.outerArgs.length != y.outerArgs.length) {
            return false;
        }
        if (x.typeArgs.length + x.outerArgs.length == 0) {
            return false;
        }
        for (int i = 0; i < x.typeArgs.length; i++) {
            if (!unify(x.typeArgs[i], y.typeArgs[i], mode)) {
                return false;
            }
        }
        for (int i = 0; i < x.outerArgs.length; i++) {
            if (!unify(x.outerArgs[i], y.outerArgs[i], mode)) {
                return false;
            }
        }
        return true;
    }
}
