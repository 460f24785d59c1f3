// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.syntax.Decl;
import mica.syntax.Directive;
import mica.syntax.File;

/** Directives of the compiler: whether each stands where it means something, and //go:linkname names what exists. */
final class Pragmas extends Part {
    /** Those that belong to a function declaration. */
    private static final Set<String> OF_FUNCTIONS = Set.of("go:noinline", "go:nosplit", "go:noescape", "go:norace", "go:nointerface",
            "go:nocheckptr", "go:systemstack", "go:nowritebarrier", "go:nowritebarrierrec", "go:yeswritebarrierrec", "go:registerparams",
            "go:uintptrescapes", "go:uintptrkeepalive", "go:cgo_unsafe_args");
    private static final List<String> RUNTIME_ONLY =
            List.of("go:systemstack", "go:nowritebarrier", "go:nowritebarrierrec", "go:yeswritebarrierrec");

    Pragmas(Checker c) {
        super(c);
    }

    void check() {
        for (File f : c.pkg.files) {
            Set<Directive> attached = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Decl d : f.decls) {
                if (d instanceof Decl.Func fn) {
                    Collections.addAll(attached, fn.directives);
                    function(fn);
                }
            }
            boolean unsafe = false;
            for (Decl.Import d : f.imports) {
                unsafe |= d.path.equals("unsafe");
            }
            Map<String, Directive> named = new HashMap<>();
            for (Directive d : f.directives) {
                String verb = d.text.split("[ \t]", 2)[0];
                boolean constraint = verb.equals("go:build") && f.packageName != null && d.pos > f.packageName.pos;
                if (constraint || OF_FUNCTIONS.contains(verb) && (!d.ownLine || !attached.contains(d))) {
                    error(d.pos, "misplaced compiler directive");
                } else if (RUNTIME_ONLY.contains(verb) && !c.pkg.runtimeRules && !c.pkg.path.equals("runtime")) {
                    error(d.pos, "//" + verb + " only allowed in runtime");
                } else if (verb.equals("go:linkname")) {
                    linkname(d, unsafe, named);
                }
            }
        }
    }

    private void function(Decl.Func fn) {
        if (fn.hasDirective("go:noescape") && fn.body != null) {
            error(fn.name.pos, "can only use //go:noescape with external func implementations");
        }
    }

    private void linkname(Directive d, boolean unsafe, Map<String, Directive> named) {
        String[] words = d.arguments().isEmpty() ? new String[0] : d.arguments().split("[ \t]+");
        if (words.length < 1 || words.length > 2) {
            error(d.pos, "usage: //go:linkname localname [linkname]");
            return;
        }
        if (!unsafe) {
            error(d.pos, "//go:linkname only allowed in Go files that import \"unsafe\"");
            return;
        }
        Obj o = c.pkg.scope.here(words[0]);
        if (o == null && words.length == 2 && words[1].indexOf('[') >= 0) {
            error(d.pos, "//go:linkname reference of an instantiation is not allowed");
        } else if (!(o instanceof Var) && !(o instanceof Func)) {
            error(d.pos, "//go:linkname must refer to declared function or variable");
        } else if (named.putIfAbsent(words[0], d) != null) {
            error(d.pos, "duplicate //go:linkname for " + words[0]);
        }
    }
}
