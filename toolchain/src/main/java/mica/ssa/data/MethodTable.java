// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import java.util.Arrays;
import java.util.Comparator;
import mica.base.Fault;
import mica.types.Func;
import mica.types.MethodSets;
import mica.types.Names;
import mica.types.Selection;
import mica.types.Type;

/** Methods of a type in the order of its descriptor: exported ones first, then by name. */
final class MethodTable {
    private static final Comparator<Selection> ORDER = (a, b) -> {
        Func f = (Func) a.obj;
        Func g = (Func) b.obj;
        if (f.exported() != g.exported()) {
            return f.exported() ? -1 : 1;
        }
        int c = Names.compare(f.name, g.name);
        return c != 0 || f.pkg == null || g.pkg == null ? c : f.pkg.path.compareTo(g.pkg.path);
    };

    private MethodTable() {}

    static Selection[] sorted(Type t) {
        Selection[] list = MethodSets.of(t);
        // Generic methods satisfy no interface and cannot be found by reflection.
        int n = 0;
        for (Selection s : list) {
            if (((Func) s.obj).origin.signature().typeParams.length == 0) {
                list[n++] = s;
            }
        }
        list = Arrays.copyOf(list, n);
        Arrays.sort(list, ORDER);
        return list;
    }

    static Selection find(Selection[] list, Func wanted) {
        for (Selection s : list) {
            if (Names.same(s.obj.name, s.obj.pkg, wanted.name, wanted.pkg)) {
                return s;
            }
        }
        throw new Fault("itab", "no method " + wanted.name);
    }
}
