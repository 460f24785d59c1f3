// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.types.Pkg;
import mica.types.Program;

/** Loaded packages as typed ones: gives each its {@link Pkg} and has the checker run over them. */
final class TypedProgram {
    /** Packages under the rules of package runtime: no implicit allocation, runtime directives allowed. */
    private static final Set<String> RUNTIME_RULES = Set.of("runtime", "internal/runtime/atomic", "internal/runtime/cgroup",
            "internal/runtime/exithook", "internal/runtime/gc", "internal/runtime/gc/scan", "internal/runtime/maps",
            "internal/runtime/math", "internal/runtime/sys", "internal/runtime/syscall/linux", "internal/abi", "internal/bytealg",
            "internal/byteorder", "internal/chacha8rand", "internal/coverage/rtcov", "internal/cpu", "internal/goarch",
            "internal/godebugs", "internal/goexperiment", "internal/goos", "internal/profilerecord", "internal/strconv",
            "internal/stringslite");

    final Program program;
    /** Imported packages before those that import them. */
    final List<Package> inOrder;
    private final Map<Pkg, Package> packages = new HashMap<>();

    TypedProgram(Loader loader, List<Package> inOrder, Sources sources, Diagnostics diagnostics, BuildOptions options) {
        this(loader, inOrder, sources, diagnostics, options, null);
    }

    /** @param library packages of the standard library that are checked already; null: all are checked here */
    TypedProgram(Loader loader, List<Package> inOrder, Sources sources, Diagnostics diagnostics, BuildOptions options, Program library) {
        this.inOrder = inOrder;
        program = new Program(sources, diagnostics, (from, path) -> {
            Package p = loader.imported(packages.get(from), path);
            return p == null ? null : p.typed;
        });
        for (Package p : inOrder) {
            if (library == null || !p.standard) {
                p.typed = typed(p, options);
            }
            packages.put(p.typed, p);
        }
        if (library != null) {
            program.adopt(library, packages::containsKey);
        }
        for (Package p : inOrder) {
            program.check(p.typed);
        }
    }

    static Pkg typed(Package p, BuildOptions options) {
        Pkg t = new Pkg(p.importPath, p.name);
        t.files = p.files;
        t.linkPath = linkPathOf(p);
        t.goVersion = p.named && !options.language.isEmpty() ? options.language : p.goVersion;
        t.standard = p.standard;
        t.runtimeRules = p.standard && RUNTIME_RULES.contains(p.importPath);
        t.checkAllBodies = p.named;
        t.complete = options.plainHeader ? options.complete : p.asmFiles.isEmpty() && !p.standard;
        for (Package q : p.imports) {
            t.imports.add(q.typed);
        }
        return t;
    }

    private static String linkPathOf(Package p) {
        if (p.object != null) {
            return p.object.linkPath;
        }
        // Files without -p: the package is what its clause says.
        return p.isMain() ? "main" : linkPath(p.importPath.equals("command-line-arguments") ? p.name : p.importPath);
    }

    /** Import path as prefix of symbols: dots of the last element and unusual bytes escaped as %xx. */
    private static String linkPath(String path) {
        int slash = path.lastIndexOf('/');
        StringBuilder sb = null;
        for (int i = 0; i < path.length(); i++) {
            char ch = path.charAt(i);
            if (ch <= ' ' || ch == '.' && i > slash || ch == '%' || ch == '"' || ch >= 0x7f) {
                if (sb == null) {
                    sb = new StringBuilder(path.substring(0, i));
                }
                for (byte b : String.valueOf(ch).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    sb.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
                }
            } else if (sb != null) {
                sb.append(ch);
            }
        }
        return sb == null ? path : sb.toString();
    }
}
