// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import mica.syntax.Directive;
import mica.syntax.File;
import mica.types.Func;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Var;

/**
 * What link symbols the source declares. {@code //go:linkname local remote} gives a function or variable another link name; several
 * packages may name one symbol, and the one with a body (or an initializer) defines it. Made once, before building begins.
 */
final class LinkNames {
    private final ProgramBuilder c;
    private final IdentityHashMap<Obj, String> renamed = new IdentityHashMap<>();
    private final Map<String, Obj> byName = new HashMap<>();

    LinkNames(ProgramBuilder c, List<Pkg> packages) {
        this.c = c;
        for (Pkg p : packages) {
            directives(p);
        }
        // Definitions first, then what may be defined elsewhere.
        for (Pkg p : packages) {
            for (Func f : p.funcs) {
                if (f.decl.body != null) {
                    function(f);
                }
            }
            for (Var v : p.vars) {
                if (renamed.containsKey(v) && hasValue(v)) {
                    byName.put(linkName(v), v);
                }
            }
        }
        for (Pkg p : packages) {
            for (Var v : p.vars) {
                if (!renamed.containsKey(v)) {
                    byName.putIfAbsent(linkName(v), v);
                }
            }
        }
        for (Pkg p : packages) {
            for (Func f : p.funcs) {
                if (f.decl.body == null) {
                    function(f);
                } else if (renamed.containsKey(f)) {
                    byName.putIfAbsent(c.plainName(f), f);
                }
            }
            for (Var v : p.vars) {
                byName.putIfAbsent(linkName(v), v);
            }
        }
    }

    private static boolean hasValue(Var v) {
        return v.decl instanceof mica.syntax.Decl.Var d && d.values.length > 0;
    }

    private void directives(Pkg p) {
        for (File file : p.files) {
            for (Directive d : file.directives) {
                if (!d.is("go:linkname") && !d.is("go:linknamestd")) {
                    continue;
                }
                String[] words = d.arguments().split("\\s+");
                if (words.length == 2) {
                    Obj o = p.scope.here(words[0]);
                    if (o != null) {
                        renamed.put(o, words[1]);
                    }
                }
            }
        }
    }

    private void function(Func f) {
        if (f.name.equals("_") || f.signature().typeParams.length > 0 || f.signature().recvTypeParams.length > 0) {
            return;
        }
        byName.putIfAbsent(linkName(f, c.plainName(f)), f);
    }

    /** The link name of a function whose name without directives is {@code own}. */
    String linkName(Func f, String own) {
        String s = renamed.get(f);
        return s == null ? own : s;
    }

    String linkName(Var v) {
        String s = renamed.get(v);
        if (s == null) {
            s = Names.prefix(v.pkg) + "." + v.name;
            if (v.name.equals("_")) {
                s += v.pos;
            }
        }
        return s;
    }

    /** Link names of all functions, in no order. */
    List<String> functions() {
        return byName.entrySet().stream().filter(e -> e.getValue() instanceof Func).map(Map.Entry::getKey).toList();
    }

    /** The function or variable that defines a link name, or declares it without body; null if none does. */
    Obj find(String linkName) {
        return byName.get(linkName);
    }
}
