// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;

/** A union of terms, each a type T or ~T (every type whose underlying type is T); no term lies within another. */
public final class Terms {
    static final Terms NONE = new Terms(new Type[0], new boolean[0]);

    public final Type[] types;
    public final boolean[] tilde;

    Terms(Type[] types, boolean[] tilde) {
        this.types = types;
        this.tilde = tilde;
    }

    public int size() {
        return types.length;
    }

    /** Drops terms that lie within others; order is kept. */
    static Terms of(ArrayList<Type> types, ArrayList<Boolean> tilde) {
        int n = types.size();
        boolean[] gone = new boolean[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n && !gone[i]; j++) {
                if (i != j && !gone[j] && includes(types.get(j), tilde.get(j), types.get(i), tilde.get(i))) {
                    gone[i] = true;
                }
            }
        }
        ArrayList<Type> t = new ArrayList<>();
        ArrayList<Boolean> w = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (!gone[i]) {
                t.add(types.get(i));
                w.add(tilde.get(i));
            }
        }
        boolean[] flags = new boolean[t.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = w.get(i);
        }
        return new Terms(t.toArray(new Type[0]), flags);
    }

    /** The term (a, ta) contains every type of the term (b, tb). */
    static boolean includes(Type a, boolean ta, Type b, boolean tb) {
        if (ta) {
            return Predicates.identical(a.underlying(), b.underlying());
        }
        return !tb && Predicates.identical(a, b);
    }

    static boolean disjoint(Type a, boolean ta, Type b, boolean tb) {
        Type x = tb ? a.underlying() : a;
        Type y = ta ? b.underlying() : b;
        return !Predicates.identical(x, y);
    }

    boolean covers(Type t, boolean wide) {
        for (int i = 0; i < types.length; i++) {
            if (includes(types[i], tilde[i], t, wide)) {
                return true;
            }
        }
        return false;
    }

    boolean contains(Type t) {
        return covers(t, false);
    }

    /** Null stands for all types. */
    static Terms intersect(Terms x, Terms y) {
        if (x == null) {
            return y;
        }
        if (y == null) {
            return x;
        }
        ArrayList<Type> types = new ArrayList<>();
        ArrayList<Boolean> tilde = new ArrayList<>();
        for (int i = 0; i < x.types.length; i++) {
            for (int j = 0; j < y.types.length; j++) {
                if (disjoint(x.types[i], x.tilde[i], y.types[j], y.tilde[j])) {
                    continue;
                }
                boolean takeY = x.tilde[i] && !y.tilde[j];
                types.add(takeY ? y.types[j] : x.types[i]);
                tilde.add(takeY ? y.tilde[j] : x.tilde[i]);
            }
        }
        return of(types, tilde);
    }

    /** Only the terms whose types are strictly comparable. */
    Terms comparableOnly() {
        ArrayList<Type> t = new ArrayList<>();
        ArrayList<Boolean> w = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            if (Predicates.comparable(types[i], false, null)) {
                t.add(types[i]);
                w.add(tilde[i]);
            }
        }
        return t.size() == types.length ? this : of(t, w);
    }

    boolean same(Terms o) {
        for (int i = 0; i < types.length; i++) {
            if (!o.covers(types[i], tilde[i])) {
                return false;
            }
        }
        for (int i = 0; i < o.types.length; i++) {
            if (!covers(o.types[i], o.tilde[i])) {
                return false;
            }
        }
        return true;
    }

    /** As messages show terms: packages by path. */
    String text() {
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < types.length; i++) {
            if (i > 0) {
                sb.append(" | ");
            }
            if (tilde[i]) {
                sb.append('~');
            }
            sb.append(TypeStrings.message(types[i], Qualifier.PATH));
        }
        return sb.toString();
    }
}
