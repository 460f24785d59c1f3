// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** How messages name the package of a type: null or "" for no prefix. */
@FunctionalInterface
public interface Qualifier {
    String prefix(Pkg pkg);

    /** Always the package's name. */
    Qualifier NAME = p -> p.name;

    /** Always the package's path. */
    Qualifier PATH = p -> p.path;

    /** As gc does inside a package: nothing for the package itself, the name for others, the quoted path where the name is ambiguous. */
    static Qualifier in(Pkg here) {
        return p -> {
            if (Names.samePackage(p, here)) {
                return "";
            }
            return ambiguous(here, p) ? '"' + p.path + '"' : p.name;
        };
    }

    private static boolean ambiguous(Pkg here, Pkg p) {
        if (here == null) {
            return false;
        }
        if (p.name.equals(here.name)) {
            return true;
        }
        for (Pkg q : here.imports) {
            if (q != p && q.name.equals(p.name) && !q.path.equals(p.path)) {
                return true;
            }
        }
        return false;
    }
}
