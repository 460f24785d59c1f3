// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashMap;

/** Method sets for type descriptors and interface tables: all methods of a type, promoted ones included. */
public final class MethodSets {
    private static final Selection[] NONE = {};

    private MethodSets() {}

    private static final class Entry {
        final Type type;
        final int[] path;
        final boolean indirect;
        boolean multiple;

        Entry(Type type, int[] path, boolean indirect) {
            this.type = type;
            this.path = path;
            this.indirect = indirect;
        }
    }

    /** What one level of embedding has under a name; obj null: fields or several things. */
    private static final class Found {
        final Obj obj;
        final int[] path;
        final boolean indirect;
        boolean collision;

        Found(Obj obj, int[] path, boolean indirect, boolean collision) {
            this.obj = obj;
            this.path = path;
            this.indirect = indirect;
            this.collision = collision;
        }
    }

    /** Methods of exactly t's method set (T: value receivers; *T: both), sorted by name, then package path of unexported ones. */
    public static Selection[] of(Type t) {
        Type s = Alias.strip(t);
        if (s.underlying() instanceof Interface i) {
            return ofInterface(s, i);
        }
        boolean pointer = s instanceof Pointer;
        Type base = pointer ? Alias.strip(((Pointer) s).elem) : s;
        if (base.underlying() instanceof Interface || base instanceof Named n && n.underlying() instanceof Pointer) {
            return NONE;
        }
        if (!(base instanceof Named) && !(base instanceof Struct)) {
            return NONE;
        }
        HashMap<String, Found> names = new HashMap<>();
        ArrayList<Entry> current = new ArrayList<>();
        current.add(new Entry(base, new int[0], pointer));
        ArrayList<Named> seen = new ArrayList<>();
        while (!current.isEmpty()) {
            HashMap<String, Found> level = new HashMap<>();
            ArrayList<Entry> next = new ArrayList<>();
            for (Entry e : current) {
                collect(e, seen, level, next);
            }
            level.forEach(names::putIfAbsent);
            current = next;
        }
        ArrayList<Selection> out = new ArrayList<>();
        names.forEach((k, f) -> {
            if (!f.collision && f.obj instanceof Func m && (f.indirect || !Lookup.pointerReceiver(m))) {
                out.add(new Selection(Selection.Kind.METHOD_VALUE, t, m, f.path, f.indirect));
            }
        });
        Selection[] list = out.toArray(NONE);
        java.util.Arrays.sort(list, (a, b) -> TypeSets.order((Func) a.obj, (Func) b.obj));
        return list;
    }

    private static Selection[] ofInterface(Type t, Interface i) {
        Func[] methods = TypeSets.of(i).methods;
        Selection[] list = new Selection[methods.length];
        for (int k = 0; k < methods.length; k++) {
            list[k] = new Selection(Selection.Kind.METHOD_VALUE, t, methods[k], new int[] {k}, false);
        }
        return list;
    }

    private static void collect(Entry e, ArrayList<Named> seen, HashMap<String, Found> level, ArrayList<Entry> next) {
        if (e.type instanceof Named n) {
            for (Named o : seen) {
                if (Predicates.identical(o, n)) {
                    return;
                }
            }
            seen.add(n);
            for (int i = 0; i < n.methodCount(); i++) {
                add(level, e, n.method(i), i);
            }
        }
        Type u = e.type.underlying();
        if (u instanceof Interface in) {
            Func[] methods = TypeSets.of(in).methods;
            for (int i = 0; i < methods.length; i++) {
                add(level, e, methods[i], i);
            }
        } else if (u instanceof Struct st) {
            for (int i = 0; i < st.fields.length; i++) {
                Var f = st.fields[i];
                add(level, e, f, i);
                if (f.embedded) {
                    embed(e, f, i, next);
                }
            }
        }
    }

    private static void embed(Entry e, Var f, int i, ArrayList<Entry> next) {
        Type ft = Alias.strip(f.type);
        boolean ptr = ft instanceof Pointer;
        if (ptr) {
            ft = Alias.strip(((Pointer) ft).elem);
        }
        if (!(ft instanceof Named || ft instanceof Struct || ft instanceof Interface)) {
            return;
        }
        for (Entry o : next) {
            if (Predicates.identical(o.type, ft)) {
                o.multiple = true;
                return;
            }
        }
        Entry n = new Entry(ft, Lookup.append(e.path, i), e.indirect || ptr);
        n.multiple = e.multiple;
        next.add(n);
    }

    private static void add(HashMap<String, Found> level, Entry e, Obj o, int i) {
        if (o.name.equals("_")) {
            return;
        }
        String key = o.exported() || o.pkg == null ? o.name : o.pkg.path + "." + o.name;
        Found old = level.get(key);
        if (old != null) {
            old.collision = true;
        } else {
            level.put(key, new Found(o, Lookup.append(e.path, i), e.indirect, e.multiple));
        }
    }
}
