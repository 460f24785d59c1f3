// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds types that contain themselves: through struct fields, array elements and embedded interfaces. */
final class ValidTypes extends Part {
    private final Set<Named> valid = new HashSet<>();

    ValidTypes(Checker c) {
        super(c);
    }

    void check(Named n) {
        visit(n, new ArrayList<>(), new ArrayList<>());
    }

    /**
     * @param nest the types inside which t stands by value, outermost first; a type parameter's argument stands where the instance does
     * @param path all declared types on the way, for the message
     */
    private boolean visit(Type t, List<Named> nest, List<Named> path) {
        t = Alias.strip(t);
        switch (t.kind()) {
            case ARRAY -> {
                return visit(((Array) t).elem, nest, path);
            }
            case STRUCT -> {
                for (Var f : ((Struct) t).fields) {
                    if (!visit(f.type, nest, path)) {
                        return false;
                    }
                }
            }
            case UNION -> {
                for (Type u : ((Union) t).terms) {
                    if (!visit(u, nest, path)) {
                        return false;
                    }
                }
            }
            case INTERFACE -> {
                for (Type u : ((Interface) t).embedded) {
                    if (!visit(u, nest, path)) {
                        return false;
                    }
                }
            }
            case NAMED -> {
                return named((Named) t, nest, path);
            }
            case TYPE_PARAM -> {
                return parameter((TypeParam) t, nest, path);
            }
            default -> { }
        }
        return true;
    }

    private boolean named(Named n, List<Named> nest, List<Named> path) {
        Named o = n.origin;
        if (o.obj.pkg != c.pkg && n.typeArgs.length == 0 || valid.contains(n)) {
            return true;
        }
        if (o.hasUnderlying() && !Predicates.isValid(o.under)) {
            return true;
        }
        for (Named m : nest) {
            if (Predicates.identical(m, n)) {
                report(n, path);
                return false;
            }
        }
        Type rhs = o.rhs != null ? o.rhs : o.under;
        if (rhs == null) {
            return true;
        }
        path.add(n);
        nest.add(n);
        boolean ok = visit(rhs, nest, path);
        nest.remove(nest.size() - 1);
        path.remove(path.size() - 1);
        if (ok && n.typeArgs.length == 0) {
            valid.add(n);
        }
        return ok;
    }

    /** A type parameter of the innermost type stands for that instance's argument, seen from where the instance was written. */
    private boolean parameter(TypeParam p, List<Named> nest, List<Named> path) {
        if (nest.isEmpty()) {
            return true;
        }
        Named inst = nest.get(nest.size() - 1);
        if (inst.typeArgs.length == 0) {
            return true;
        }
        TypeParam[] ps = inst.origin.typeParams;
        for (int i = 0; i < ps.length && i < inst.typeArgs.length; i++) {
            if (ps[i] == p) {
                nest.remove(nest.size() - 1);
                boolean ok = visit(inst.typeArgs[i], nest, path);
                nest.add(inst);
                return ok;
            }
        }
        return true;
    }

    private void report(Named again, List<Named> path) {
        List<TypeName> cycle = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        boolean in = false;
        for (Named m : path) {
            in |= Predicates.identical(m, again);
            if (in) {
                cycle.add(m.obj);
                positions.add(m.instancePos > 0 ? m.instancePos : m.obj.pos);
                names.add(m.isInstance() ? name(m) : m.obj.name);
            }
        }
        again.origin.invalidate();
        c.decls.cycleError(cycle, names, positions, 0);
    }
}
