// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;

/** Computes type sets and answers questions about operands whose type is a type parameter. */
public final class TypeSets {
    private TypeSets() {}

    /** Errors found while a type set is computed (duplicate methods, embedded types that are not allowed). */
    @FunctionalInterface
    public interface Reporter {
        void error(int pos, String text);
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
        for (Func m : t.methods) {
            if (find(methods, m) != null) {
                report(reporter, m.pos, "duplicate method " + m.name);
            } else {
                methods.add(m);
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
                    if (old == null) {
                        methods.add(m);
                    } else if (old != m && !Predicates.identical(old.type, m.type)) {
                        report(reporter, pos < 0 ? m.pos : pos, "duplicate method " + m.name);
                    }
                }
                add = s.terms;
            } else if (u instanceof Union un) {
                add = union(un);
            } else if (u == Universe.INVALID) {
                continue;
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

    private static void report(Reporter r, int pos, String text) {
        if (r != null) {
            r.error(pos, text);
        }
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

    /** As commonUnder; channels of different direction agree on the direction that both allow. */
    public static Type commonUnderChan(Type t, Cause cause) {
        return common(t, cause, false);
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
            say(cause, "no common underlying type");
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
