// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Implementing an interface, and satisfying a constraint. */
final class Implements {
    private Implements() {}

    static boolean of(Type v, Type t, boolean constraint, Cause cause) {
        Type vu = v.underlying();
        Type tu = t.underlying();
        if (vu == Universe.INVALID || tu == Universe.INVALID || vu instanceof Pointer p && p.elem.underlying() == Universe.INVALID) {
            return true;
        }
        String verb = constraint ? "satisfy" : "implement";
        if (!(tu instanceof Interface ti)) {
            if (cause != null) {
                String detail = Predicates.isInterfacePointer(t) ? "type " + cause.name(t) + " is pointer to interface, not interface"
                        : cause.name(t) + " is not an interface";
                cause.text = head(v, t, verb, cause) + " (" + detail + ")";
            }
            return false;
        }
        TypeSet ts = TypeSets.of(ti);
        if (ts.isAll()) {
            return true;
        }
        Interface vi = vu instanceof Interface i ? i : null;
        if (vi != null && TypeSets.of(vi).isEmpty()) {
            return true;
        }
        if (ts.isEmpty()) {
            if (cause != null) {
                cause.text = "cannot " + verb + " " + cause.name(t) + " (empty type set)";
            }
            return false;
        }
        if (ts.methods.length > 0 && Lookup.missingMethod(v, t, true, cause) != null) {
            if (cause != null) {
                cause.text = head(v, t, verb, cause) + " " + cause.text;
            }
            return false;
        }
        if (ts.hasTerms() && !inTerms(v, t, vi, ts, verb, cause)) {
            return false;
        }
        // The comparable flag stays set only where there are no terms; of terms, incomparable ones were dropped.
        if (!ts.comparable || Predicates.comparable(v, false, null)) {
            return true;
        }
        if (constraint && Predicates.comparable(v, true, null)) {
            if (cause == null || cause.version >= 20) {
                return true;
            }
            cause.text = cause.name(v) + " to " + verb + " comparable requires go1.20 or later" + cause.versionReason;
            return false;
        }
        if (cause != null) {
            cause.text = cause.name(v) + " does not " + verb + " comparable";
        }
        return false;
    }

    private static String head(Type v, Type t, String verb, Cause cause) {
        return cause.name(v) + " does not " + verb + " " + cause.name(t);
    }

    /** Whether a constraint names a type, though it leaves it out in the end. */
    private static boolean mentions(Type t, Type v) {
        return switch (t.kind()) {
            case INTERFACE -> java.util.Arrays.stream(((Interface) t).embedded).anyMatch(e -> mentions(Alias.strip(e), v));
            case UNION -> java.util.Arrays.stream(((Union) t).terms).anyMatch(e -> mentions(Alias.strip(e), v));
            case NAMED -> t.underlying() instanceof Interface ? mentions(t.underlying(), v) : Predicates.identical(t, v);
            default -> Predicates.identical(t, v);
        };
    }

    private static boolean inTerms(Type v, Type t, Interface vi, TypeSet ts, String verb, Cause cause) {
        if (vi != null) {
            if (TypeSets.of(vi).subsetOf(ts)) {
                return true;
            }
            if (cause != null) {
                cause.text = head(v, t, verb, cause);
            }
            return false;
        }
        if (ts.terms.contains(v)) {
            return true;
        }
        if (cause != null) {
            Type alt = null;
            for (int i = 0; alt == null && i < ts.terms.size(); i++) {
                Type e = ts.terms.types[i];
                if (!ts.terms.tilde[i] && Predicates.identical(e, e.underlying()) && Predicates.identical(e, v.underlying())) {
                    alt = e;
                }
            }
            String detail = alt != null ? "possibly missing ~ for " + cause.name(alt) + " in " + cause.name(t)
                    : mentions(t.underlying(), v) ? cause.name(t) + " mentions " + cause.name(v) + ", but " + cause.name(v) + " is not in the type set of " + cause.name(t)
                    : cause.name(v) + " missing in " + ts.terms.text();
            cause.text = head(v, t, verb, cause) + " (" + detail + ")";
        }
        return false;
    }
}
