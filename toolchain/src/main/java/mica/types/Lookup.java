// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;

/**
 * Finds fields and methods by name, through embedded fields level by level: the shallowest one counts, two at the same depth
 * make the name ambiguous.
 */
public final class Lookup {
    private Lookup() {}

    public enum Status {
        FOUND, NOT_FOUND, AMBIGUOUS,
        /** A method with pointer receiver on a value that is neither addressable nor a pointer. */
        POINTER_RECEIVER
    }

    public static final class Result {
        static final Result NOT_FOUND = new Result(Status.NOT_FOUND, null, null, false);

        public final Status status;
        /** Field (Var) or method (Func); null unless FOUND or POINTER_RECEIVER. */
        public final Obj obj;
        /** As in {@link Selection#path}; AMBIGUOUS: the path of the first candidate. */
        public final int[] path;
        public final boolean indirect;

        Result(Status status, Obj obj, int[] path, boolean indirect) {
            this.status = status;
            this.obj = obj;
            this.path = path;
            this.indirect = indirect;
        }

        public boolean found() {
            return status == Status.FOUND;
        }
    }

    /** A type on the present level of embedding. */
    private static final class Entry {
        final Type type;
        final int[] path;
        final boolean indirect;
        /** Reached in several ways on this level: whatever is found in it is ambiguous. */
        boolean multiple;

        Entry(Type type, int[] path, boolean indirect, boolean multiple) {
            this.type = type;
            this.path = path;
            this.indirect = indirect;
            this.multiple = multiple;
        }
    }

    private static final int[] EMPTY = {};

    /**
     * Field or method name of t (or of *t's base when t is a pointer).
     *
     * @param addressable x is addressable, so that methods with pointer receivers may be called
     * @param pkg where the name is written
     */
    public static Result fieldOrMethod(Type t, boolean addressable, Pkg pkg, String name) {
        return fieldOrMethod(t, addressable, pkg, name, false);
    }

    /** As above, names compared without regard to case and package (for hints in messages); null if none. */
    public static Obj foldCase(Type t, boolean addressable, Pkg pkg, String name) {
        Result r = fieldOrMethod(t, addressable, pkg, name, true);
        return r.status == Status.FOUND ? r.obj : null;
    }

    private static Result fieldOrMethod(Type t, boolean addressable, Pkg pkg, String name, boolean fold) {
        if (name.equals("_")) {
            return Result.NOT_FOUND;
        }
        Type s = Alias.strip(t);
        if (s instanceof Named n && n.underlying() instanceof Pointer p) {
            Result r = search(p, false, pkg, name, fold);
            return r.obj instanceof Func ? Result.NOT_FOUND : r;
        }
        return search(s, addressable, pkg, name, fold);
    }

    private static Result search(Type t, boolean addressable, Pkg pkg, String name, boolean fold) {
        boolean pointer = false;
        Type base = t;
        if (t instanceof Pointer p) {
            pointer = true;
            base = Alias.strip(p.elem);
            if (base.underlying() instanceof Interface) {
                return Result.NOT_FOUND;
            }
        }
        ArrayList<Entry> current = new ArrayList<>(1);
        current.add(new Entry(base, EMPTY, pointer, false));
        ArrayList<Named> seen = null;
        while (!current.isEmpty()) {
            ArrayList<Entry> next = null;
            Obj obj = null;
            int[] path = null;
            boolean indirect = false;
            boolean collision = false;
            for (int c = 0; c < current.size(); c++) {
                Entry e = current.get(c);
                if (e.type instanceof Named n) {
                    if (seen == null) {
                        seen = new ArrayList<>(4);
                    }
                    if (holds(seen, n)) {
                        continue;
                    }
                    seen.add(n);
                    int m = methodIndex(n, pkg, name, fold);
                    if (m >= 0) {
                        collision |= obj != null || e.multiple;
                        if (obj == null) {
                            obj = n.method(m);
                            path = append(e.path, m);
                            indirect = e.indirect;
                        }
                        continue;
                    }
                }
                Type u = e.type.underlying();
                if (u instanceof Struct st) {
                    Var[] fields = st.fields;
                    for (int i = 0; i < fields.length; i++) {
                        Var f = fields[i];
                        if (matches(f, pkg, name, fold)) {
                            collision |= obj != null || e.multiple;
                            if (obj == null) {
                                obj = f;
                                path = append(e.path, i);
                                indirect = e.indirect;
                            }
                            continue;
                        }
                        if (obj == null && f.embedded) {
                            Type ft = Alias.strip(f.type);
                            boolean ptr = ft instanceof Pointer;
                            if (ptr) {
                                ft = Alias.strip(((Pointer) ft).elem);
                            }
                            if (ft instanceof Named || ft instanceof Struct || ft instanceof Interface) {
                                if (next == null) {
                                    next = new ArrayList<>();
                                }
                                next.add(new Entry(ft, append(e.path, i), e.indirect || ptr, e.multiple));
                            }
                        }
                    }
                } else if (u instanceof Interface in) {
                    TypeSet set = TypeSets.of(in);
                    for (int i = 0; i < set.methods.length; i++) {
                        if (matches(set.methods[i], pkg, name, fold)) {
                            collision |= obj != null || e.multiple;
                            if (obj == null) {
                                obj = set.methods[i];
                                path = append(e.path, i);
                                indirect = e.indirect;
                            }
                        }
                    }
                }
            }
            if (collision) {
                return new Result(Status.AMBIGUOUS, null, path, false);
            }
            if (obj != null) {
                if (obj instanceof Func f && !indirect && !addressable && pointerReceiver(f)) {
                    return new Result(Status.POINTER_RECEIVER, obj, path, true);
                }
                return new Result(Status.FOUND, obj, path, indirect);
            }
            current = consolidate(next);
        }
        return Result.NOT_FOUND;
    }

    private static boolean matches(Obj o, Pkg pkg, String name, boolean fold) {
        return fold ? o.name.equalsIgnoreCase(name) : Names.same(o.name, o.pkg, name, pkg);
    }

    private static int methodIndex(Named n, Pkg pkg, String name, boolean fold) {
        Func[] list = n.origin.methods;
        for (int i = 0; i < list.length; i++) {
            if (matches(list[i], pkg, name, fold)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean holds(ArrayList<Named> seen, Named n) {
        for (int i = 0; i < seen.size(); i++) {
            if (Predicates.identical(seen.get(i), n)) {
                return true;
            }
        }
        return false;
    }

    static int[] append(int[] path, int i) {
        int[] p = java.util.Arrays.copyOf(path, path.length + 1);
        p[path.length] = i;
        return p;
    }

    /** One entry per type; a type that occurs several times is marked. */
    private static ArrayList<Entry> consolidate(ArrayList<Entry> list) {
        if (list == null) {
            return new ArrayList<>(0);
        }
        for (int i = 0; i < list.size(); i++) {
            for (int j = i + 1; j < list.size(); ) {
                if (Predicates.identical(list.get(i).type, list.get(j).type)) {
                    list.get(i).multiple = true;
                    list.remove(j);
                } else {
                    j++;
                }
            }
        }
        return list;
    }

    /** The method is declared with a pointer receiver. */
    public static boolean pointerReceiver(Func f) {
        if (f.type == null && f.pkg != null && f.pkg.completer != null) {
            f.pkg.completer.complete(f);
        }
        return f.type instanceof Signature s && s.recv != null && s.recv.type != null && Alias.strip(s.recv.type) instanceof Pointer;
    }

    /**
     * The first method of interface t that v lacks, or null. The cause gets gc's parenthesized reason.
     *
     * @param isStatic v's missing methods count even when v is an interface; false: only methods of another type conflict
     */
    public static Func missingMethod(Type v, Type t, boolean isStatic, Cause cause) {
        return MissingMethod.find(v, t, isStatic, cause);
    }

    /** Pointed-to type if t is a pointer type that has no name, else t (aliases stripped). */
    public static Type deref(Type t) {
        Type s = Alias.strip(t);
        return s instanceof Pointer p ? Alias.strip(p.elem) : s;
    }

    /** Index of the field in the struct, or -1. */
    public static int fieldIndex(Struct s, Pkg pkg, String name) {
        if (name.equals("_")) {
            return -1;
        }
        for (int i = 0; i < s.fields.length; i++) {
            if (Names.same(s.fields[i].name, s.fields[i].pkg, name, pkg)) {
                return i;
            }
        }
        return -1;
    }
}
