// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.concurrent.ConcurrentHashMap;
import mica.types.Type;

/** All layouts of a compilation, one per type object. Safe for concurrent use. */
final class Layouts {
    private final ConcurrentHashMap<Type, Layout> all = new ConcurrentHashMap<>();

    Layout of(Type t) {
        Layout l = all.get(t);
        if (l == null) {
            l = new Layout(t);
            Layout old = all.putIfAbsent(t, l);
            if (old != null) {
                l = old;
            }
        }
        return l;
    }

    Layout[] of(Type[] ts) {
        Layout[] r = new Layout[ts.length];
        for (int i = 0; i < ts.length; i++) {
            r[i] = of(ts[i]);
        }
        return r;
    }
}
