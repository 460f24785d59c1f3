// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.build.Environment;
import mica.build.Loader;
import mica.build.Package;
import mica.syntax.File;

/** Loads packages of GOROOT with all they import, and checks them: for tests, and by hand as {@code java mica.types.Checking GOROOT path...}. */
public final class Checking {
    final Sources sources = new Sources();
    final Diagnostics diags = new Diagnostics(sources);
    final List<Pkg> all = new ArrayList<>();
    final Program program;
    private final Map<Package, Pkg> made = new HashMap<>();
    private final Map<Pkg, Package> of = new HashMap<>();
    private final Map<String, Pkg> byPath = new HashMap<>();

    Checking(Path goroot, List<String> args, boolean bodies) throws Exception {
        // GOROOT's own package runtime serves here: it is complete, and a large piece of source to check.
        Path home = Files.createTempDirectory("mica-types");
        Files.createSymbolicLink(home.resolve("runtime"), goroot.resolve("src/runtime"));
        Environment env = new Environment(Path.of("").toAbsolutePath(), Map.of("GOROOT", goroot.toString()), home, List.of());
        Loader loader = new Loader(env, goroot, sources, diags, false);
        if (!args.isEmpty()) {
            loader.load(args, List.of("runtime"));
        }
        for (Package p : loader.inDependencyOrder()) {
            Pkg k = new Pkg(p.importPath, p.name);
            k.files = new ArrayList<File>(p.files);
            k.goVersion = p.goVersion;
            k.standard = p.standard;
            k.checkAllBodies = bodies;
            made.put(p, k);
            of.put(k, p);
            byPath.put(p.importPath, k);
            all.add(k);
        }
        Files.delete(home.resolve("runtime"));
        Files.delete(home);
        program = new Program(sources, diags, this::find);
    }

    private Pkg find(Pkg from, String path) {
        Package p = of.get(from);
        if (p == null) {
            return byPath.get(path);
        }
        for (Package q : p.imports) {
            if (q.importPath.equals(path) || q.importPath.equals("vendor/" + path) || q.importPath.equals("cmd/vendor/" + path)) {
                return made.get(q);
            }
        }
        return null;
    }

    Pkg byPath(String path) {
        return byPath.get(path);
    }

    List<String> errors() {
        List<String> out = new ArrayList<>();
        for (Diagnostics.Entry e : diags.sorted()) {
            out.add(sources.format(e.pos) + ": " + e.text);
        }
        return out;
    }

    public static void main(String[] args) throws Exception {
        List<String> rest = new ArrayList<>(List.of(args).subList(1, args.length));
        boolean bodies = !rest.remove("-declarations");
        int times = rest.remove("-twice") ? 4 : 1;
        for (int i = 0; i < times; i++) {
            long t0 = System.nanoTime();
            Checking c = new Checking(Path.of(args[0]), rest, bodies);
            long t1 = System.nanoTime();
            for (Pkg p : c.all) {
                try {
                    c.program.check(p);
                } catch (RuntimeException | StackOverflowError ex) {
                    System.out.println("FAULT in " + p.path + ": " + ex);
                    StackTraceElement[] st = ex.getStackTrace();
                    for (int k = 0; k < Math.min(12, st.length); k++) {
                        System.out.println("\t" + st[k]);
                    }
                }
            }
            long t2 = System.nanoTime();
            List<String> errors = c.errors();
            if (i == 0) {
                for (String e : errors) {
                    System.out.println(e);
                }
            }
            System.out.println(c.all.size() + " packages, " + errors.size() + " errors, load " + (t1 - t0) / 1000000 + " ms, check " + (t2 - t1) / 1000000 + " ms");
        }
    }
}
