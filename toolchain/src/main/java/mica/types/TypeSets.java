// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;

/** Computes type sets and answers questions about operands whose type is a type parameter. */
public final class TypeSets {
    private TypeSets() {}

    /** Errors found while a type set is computed (duplicate methods, embedded types that are not allowed). */
    public interface Reporter {
        /** @param other where the method stands or is embedded already */
        void duplicate(String name, int pos, int other);

        /** Whether embedded interfaces may share methods. */
        boolean mayOverlap();

        /** Whether a type that is no interface may be embedded; reports it if not. */
        boolean mayEmbed(int pos, Type t);
    }

    public static TypeSet of(Interface t) {
        TypeSet s = t.typeSet;
        return s != null ? s : of(t, null);
    }

    /** @param reporter takes errors of this interface's own elements, or null (asked for again, errors are found again) */
    public static TypeSet of(Interface t, Reporter reporter) {
        TypeSet known = t.typeSet;
        if (known != null && reporter == null) {
            return known;
        }
        if (t.busy == Thread.currentThread()) {
            return TypeSet.ALL;
        }
        t.busy = Thread.currentThread();
        try {
            TypeSet s = compute(t, reporter);
            if (t.typeSet == null) {
                t.typeSet = s;
            }
            return t.typeSet;
        } finally {
            t.busy = null;
        }
    }

    private static TypeSet compute(Interface t, Reporter reporter) {
        ArrayList<Func> methods = new ArrayList<>();
        ArrayList<Integer> at = new ArrayList<>();
        for (Func m : t.methods) {
            Func old = find(methods, m);
            if (old == null) {
                methods.add(m);
                at.add(m.pos);
            } else if (reporter != null) {
                reporter.duplicate(m.name, m.pos, at.get(methods.indexOf(old)));
            }
        }
        Terms terms = null;
        boolean comparable = false;
        for (int i = 0; i < t.embedded.length; i++) {
            Type e = Alias.strip(t.embedded[i]);
            int pos = t.embeddedPos == null || i >= t.embeddedPos.length ? -1 : t.embeddedPos[i];
            Type u = e instanceof TypeParam ? e : e.underlying();
            Terms add;
            boolean comp = false;
            if (u instanceof Interface in) {
                TypeSet s = of(in);
                comp = s.comparable;
                for (Func m : s.methods) {
                    Func old = find(methods, m);
                    int where = pos < 0 ? m.pos : pos;
                    if (old == null) {
                        methods.add(m);
                        at.add(where);
                    } else if (reporter != null && (!reporter.mayOverlap() || old != m && !Predicates.identical(old.type, m.type))) {
                        reporter.duplicate(m.name, where, at.get(methods.indexOf(old)));
                    }
                }
                add = s.terms;
            } else if (u == Universe.INVALID || reporter != null && !reporter.mayEmbed(pos, u instanceof Union ? u : t.embedded[i])) {
                continue;
            } else if (u instanceof Union un) {
                add = union(un);
            } else {
                add = new Terms(new Type[] {e}, new boolean[] {false});
            }
            terms = Terms.intersect(terms, add);
            comparable |= comp;
            if (comparable && terms != null) {
                terms = terms.comparableOnly();
                comparable = false;
            }
        }
        Func[] sorted = methods.toArray(new Func[0]);
        java.util.Arrays.sort(sorted, TypeSets::order);
        return new TypeSet(sorted, terms, comparable);
    }

    /** The terms of a union; null when one of them is every type. */
    public static Terms union(Union u) {
        ArrayList<Type> types = new ArrayList<>();
        ArrayList<Boolean> tilde = new ArrayList<>();
        for (int i = 0; i < u.terms.length; i++) {
            Type t = Alias.strip(u.terms[i]);
            if (!(t instanceof TypeParam) && t.underlying() instanceof Interface in) {
                TypeSet s = of(in);
                if (s.terms == null) {
                    return null;
                }
                for (int k = 0; k < s.terms.size(); k++) {
                    types.add(s.terms.types[k]);
                    tilde.add(s.terms.tilde[k]);
                }
            } else if (t != Universe.INVALID) {
                types.add(t);
                tilde.add(u.tilde[i]);
            }
        }
        return Terms.of(types, tilde);
    }

    private static Func find(ArrayList<Func> list, Func m) {
        for (Func f : list) {
            if (Names.same(f.name, f.pkg, m.name, m.pkg)) {
                return f;
            }
        }
        return null;
    }

    /** Exported and unexported names alike by name, then unexported ones by package path. */
    static int order(Func a, Func b) {
        int c = Names.compare(a.name, b.name);
        if (c != 0 || a.exported() || a.pkg == b.pkg) {
            return c;
        }
        return (a.pkg == null ? "" : a.pkg.path).compareTo(b.pkg == null ? "" : b.pkg.path);
    }

    /** The constraint of a type parameter as an interface (made implicit where something else was written). */
    public static Interface constraintInterface(TypeParam p) {
        Type c = p.constraint;
        if (c == null) {
            return Universe.EMPTY_INTERFACE;
        }
        Type s = Alias.strip(c);
        Type u = s instanceof TypeParam ? s : s.underlying();
        if (u == Universe.INVALID || s instanceof TypeParam) {
            return Universe.EMPTY_INTERFACE;
        }
        if (u instanceof Interface i) {
            return i;
        }
        Interface i = new Interface(new Func[0], new Type[] {c}, new int[] {p.obj.pos});
        i.implicit = true;
        p.constraint = i;
        return i;
    }

    /** Visits one member of a type set. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param t the type of the term
         * @param u its underlying type; both are null when the type set has no specific types
         * @return false to stop
         */
        boolean visit(Type t, Type u);
    }

    /** Visits the type set of t (one call for types that are no type parameters); false when a visit returned false. */
    public static boolean forEach(Type t, Visitor v) {
        Type s = Alias.strip(t);
        if (!(s instanceof TypeParam p)) {
            return v.visit(t, s.underlying());
        }
        TypeSet set = of(constraintInterface(p));
        if (!set.hasTerms()) {
            return v.visit(null, null);
        }
        for (int i = 0; i < set.terms.size(); i++) {
            Type e = set.terms.types[i];
            if (!v.visit(e, e.underlying())) {
                return false;
            }
        }
        return true;
    }

    /** The one underlying type that all types of t's type set share (t's own if t is no type parameter), else null, with the cause. */
    public static Type commonUnder(Type t, Cause cause) {
        return common(t, cause, false);
    }

    /** Says what is wrong about a member of a type set; null if it is well. */
    @FunctionalInterface
    public interface Condition {
        /** As for {@link Visitor#visit}. */
        String wrong(Type t, Type u);
    }

    /** As commonUnder, where all members must meet a condition: the first member that is wrong in any way gives the cause. */
    public static Type commonUnder(Type t, Cause cause, Condition condition) {
        String[] wrong = new String[1];
        Type[] before = new Type[2];
        forEach(t, (e, u) -> {
            wrong[0] = condition.wrong(e, u);
            wrong[0] = wrong[0] == null && before[0] != null ? differ(before[0], before[1], e, u, cause) : wrong[0];
            if (before[0] == null || u instanceof Chan a && before[1] instanceof Chan b && b.dir == Chan.BOTH && a.dir != Chan.BOTH) {
                before[0] = e;
                before[1] = u;
            }
            return wrong[0] == null;
        });
        if (wrong[0] != null) {
            say(cause, wrong[0]);
            return null;
        }
        return common(t, cause, false);
    }

    /** Why two members of a type set have no common underlying type; null if they have. */
    private static String differ(Type s, Type su, Type t, Type tu, Cause cause) {
        if (su instanceof Chan a && tu instanceof Chan b) {
            if (!Predicates.identical(a.elem, b.elem)) {
                return "channels " + cause.name(s) + " and " + cause.name(t) + " have different element types";
            }
            return a.dir != b.dir && a.dir != Chan.BOTH && b.dir != Chan.BOTH ? "channels " + cause.name(s) + " and " + cause.name(t) + " have conflicting directions" : null;
        }
        return Predicates.identical(su, tu) ? null : cause.name(s) + " and " + cause.name(t) + " have different underlying types";
    }

    /** As commonUnder, where a mix of byte slices and strings counts as string (append, copy, slicing, index). */
    public static Type commonUnderBytes(Type t, Cause cause) {
        return common(t, cause, true);
    }

    private static Type common(Type t, Cause cause, boolean bytes) {
        Type s = Alias.strip(t);
        if (!(s instanceof TypeParam p)) {
            return s.underlying();
        }
        TypeSet set = of(constraintInterface(p));
        if (!set.hasTerms()) {
            say(cause, "no specific type");
            return null;
        }
        Type first = null;
        Type u = null;
        boolean sawString = false;
        for (int i = 0; i < set.terms.size(); i++) {
            Type e = set.terms.types[i];
            Type eu = e.underlying();
            if (bytes && Predicates.isString(eu)) {
                sawString = true;
                eu = BYTES;
            }
            if (u == null) {
                first = e;
                u = eu;
            } else if (!Predicates.identical(u, eu)) {
                Type merged = null;
                if (u instanceof Chan a && eu instanceof Chan b) {
                    if (!Predicates.identical(a.elem, b.elem)) {
                        say(cause, cause == null ? "" : "channels " + cause.name(first) + " and " + cause.name(e)
                                + " have different element types");
                        return null;
                    }
                    merged = a.dir == Chan.BOTH ? b : b.dir == Chan.BOTH ? a : null;
                    if (merged == null) {
                        say(cause, cause == null ? "" : "channels " + cause.name(first) + " and " + cause.name(e)
                                + " have conflicting directions");
                        return null;
                    }
                }
                if (merged == null) {
                    say(cause, cause == null ? "" : cause.name(first) + " and " + cause.name(e) + " have different underlying types");
                    return null;
                }
                u = merged;
            }
        }
        return sawString ? Universe.STRING : u;
    }

    private static final Slice BYTES = new Slice(Universe.BYTE);

    private static void say(Cause cause, String text) {
        if (cause != null) {
            cause.text = text;
        }
    }
}
