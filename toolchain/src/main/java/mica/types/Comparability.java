// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.HashSet;
import java.util.Set;

/** Whether values of a type can be compared. */
final class Comparability {
    private Comparability() {}

    static boolean of(Type t, boolean dynamic, Cause cause) {
        return of(t, dynamic, cause, 0, new HashSet<>());
    }

    /** @param seen declared types and type parameters on the way: one that is met again adds no condition */
    static boolean of(Type t, Set<Type> seen) {
        return of(t, false, null, 0, seen);
    }

    /** @param depth ends the walk through invalid recursive types, which the checker reports elsewhere */
    private static boolean of(Type t, boolean dynamic, Cause cause, int depth, Set<Type> seen) {
        Type s = Alias.strip(t);
        if (depth > 100 || (s instanceof Named || s instanceof TypeParam) && !seen.add(s)) {
            return true;
        }
        Type u = s.underlying();
        switch (u.kind()) {
            case BASIC:
                return u != Universe.UNTYPED_NIL;
            case POINTER, CHAN:
                return true;
            case INTERFACE:
                return iface(s, (Interface) u, dynamic, cause, seen);
            case STRUCT:
                for (Var f : ((Struct) u).fields) {
                    if (depth <= 100 && !of(f.type, dynamic, null, depth + 1, seen)) {
                        say(cause, cause == null ? "" : "struct containing " + cause.name(f.type) + " cannot be compared");
                        return false;
                    }
                }
                return true;
            case ARRAY:
                if (!of(((Array) u).elem, dynamic, null, depth + 1, seen)) {
                    say(cause, cause == null ? "" : cause.name(t) + " cannot be compared");
                    return false;
                }
                return true;
            default:
                return false;
        }
    }

    private static boolean iface(Type s, Interface u, boolean dynamic, Cause cause, Set<Type> seen) {
        TypeSet set = TypeSets.of(u);
        if (dynamic && !(s instanceof TypeParam) || set.isComparable(seen)) {
            return true;
        }
        say(cause, set.isEmpty() ? "empty type set" : "incomparable types in type set");
        return false;
    }

    private static void say(Cause cause, String text) {
        if (cause != null) {
            cause.text = text;
        }
    }
}
