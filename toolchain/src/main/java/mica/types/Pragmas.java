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

    /** Others that files of the standard library may hold. */
    private static final Set<String> ALLOWED = Set.of("go:build", "go:linkname", "go:linknamestd", "go:embed", "go:generate", "go:wasmimport", "go:wasmexport", "go:debug",
            "go:fix", "go:cgo_export_static", "go:cgo_export_dynamic", "go:cgo_import_static", "go:cgo_import_dynamic", "go:cgo_ldflag", "go:cgo_dynamic_linker");

    Pragmas(Checker c) {
        super(c);
    }

    /** What is wrong about the directives themselves; those of declarations are looked at once these have no errors ({@link #checkDeclared}). */
    void check() {
        for (File f : c.pkg.files) {
            for (Directive d : f.directives) {
                String verb = d.text.split(" ", 2)[0];
                int pos = d.textPos();
                if (RUNTIME_ONLY.contains(verb) && !c.pkg.runtimeRules && !c.pkg.path.equals("runtime")) {
                    error(pos, "//" + verb + " only allowed in runtime");
                } else if (verb.equals("go:uintptrkeepalive") && !c.pkg.standard) {
                    error(pos, "//" + verb + " is only allowed in the standard library");
                } else if (verb.startsWith("go:cgo_") && !c.pkg.standard && !verb.equals("go:cgo_import_dynamic")) {
                    error(pos, "//" + d.text + " only allowed in cgo-generated code");
                    if (verb.equals("go:cgo_ldflag") && !d.arguments().matches("\"[^\"]*\"")) {
                        error(pos, "usage: //go:cgo_ldflag \"arg\"");
                    }
                } else if (c.pkg.standard && !verb.equals("export") && !OF_FUNCTIONS.contains(verb) && !ALLOWED.contains(verb)) {
                    error(pos, "//" + verb + " is not allowed in the standard library");
                } else if (verb.equals("go:linkname") && (words(d).length < 1 || words(d).length > 2)) {
                    error(pos, "usage: //go:linkname localname [linkname]");
                }
            }
        }
    }

    private static Set<Directive> ofFunctions(File f) {
        Set<Directive> attached = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Decl d : f.decls) {
            if (d instanceof Decl.Func) {
                Collections.addAll(attached, d.directives);
            }
        }
        return attached;
    }

    /** Directives against the declarations that they stand at or name. */
    void checkDeclared() {
        for (File f : c.pkg.files) {
            boolean unsafe = false;
            for (Decl.Import d : f.imports) {
                unsafe |= d.path.equals("unsafe");
            }
            Set<Directive> ofFunctions = ofFunctions(f);
            Map<String, Directive> named = new HashMap<>();
            for (Directive d : f.directives) {
                String verb = d.text.split(" ", 2)[0];
                boolean constraint = verb.equals("go:build") && d.pos > f.packageName.pos;
                if (constraint || OF_FUNCTIONS.contains(verb) && (!d.ownLine || !ofFunctions.contains(d))) {
                    error(d.textPos(), "misplaced compiler directive");
                } else if (verb.equals("go:linkname")) {
                    linkname(d, unsafe, named);
                }
            }
            for (Decl d : f.decls) {
                if (d instanceof Decl.Func fn) {
                    function(fn);
                }
            }
        }
    }

    private void function(Decl.Func fn) {
        if (fn.hasDirective("go:nosplit") && fn.hasDirective("go:systemstack")) {
            error(fn.pos, "go:nosplit and go:systemstack cannot be combined");
        }
        if (fn.hasDirective("go:noescape") && fn.body != null) {
            error(fn.name.pos, "can only use //go:noescape with external func implementations");
        }
        if (fn.hasDirective("go:uintptrkeepalive") && !fn.hasDirective("go:nosplit")) {
            error(fn.name.pos, "go:uintptrkeepalive requires go:nosplit");
        }
    }

    private static String[] words(Directive d) {
        return d.arguments().isEmpty() ? new String[0] : d.arguments().split("[ \t]+");
    }

    private void linkname(Directive d, boolean unsafe, Map<String, Directive> named) {
        String[] words = words(d);
        if (!unsafe) {
            error(d.textPos(), "//go:linkname only allowed in Go files that import \"unsafe\"");
            return;
        }
        Obj o = c.pkg.scope.here(words[0]);
        if (o == null && words.length == 2 && words[1].indexOf('[') >= 0) {
            error(d.textPos(), "//go:linkname reference of an instantiation is not allowed");
        } else if (!(o instanceof Var) && !(o instanceof Func)) {
            if (Versions.minor(c.pkg.goVersion) < 18) {
                return;
            }
            error(d.textPos(), "//go:linkname must refer to declared function or variable");
        } else if (named.putIfAbsent(words[0], d) != null) {
            error(d.textPos(), "duplicate //go:linkname for " + words[0]);
        }
    }
}
