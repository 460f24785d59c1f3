// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mica.arch.amd64.Amd64Listing;
import mica.base.Diagnostics;
import mica.base.FileErrors;
import mica.base.OutputFile;
import mica.base.Sources;
import mica.obj.Archive;
import mica.obj.FuncInfo;
import mica.obj.GoPackage;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.link.Image;
import mica.link.LinkMap;

/** Packages to executables: drives all rooms below, in order, and stops after the first that found errors. */
public final class Builder {
    private final Environment env;
    private final BuildOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final Sources sources = new Sources();
    private final Diagnostics diagnostics = new Diagnostics(sources);
    private Path goroot;
    private List<Package> roots;
    private TypedProgram typed;
    /** What was written. */
    private Image written;

    public Builder(Environment env, BuildOptions options, PrintStream out, PrintStream err) {
        this.env = env;
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /**
     * Builds the packages that {@code args} name.
     *
     * @param output file or folder for the executable, or empty
     * @return false if errors were printed
     * @throws BuildException what prevents the build, in the go command's words
     */
    public boolean build(List<String> args, String output) throws BuildException {
        boolean cached = options.cacheWords != null && isCacheable(args);
        BuildCache cache = new BuildCache(env);
        String key = cached ? BuildCache.key(env, options.cacheWords) : null;
        BuildCache.Hit hit = cached && !options.always ? cache.find(key) : null;
        if (hit != null) {
            write(hit.executable, Outputs.executable(env, hit.name, output));
            return true;
        }
        BuildInputs inputs = cached ? new BuildInputs() : null;
        if (!make(args, output, inputs)) {
            return false;
        }
        if (cached && written != null) {
            cache.store(key, inputs, Outputs.defaultName(roots.get(0)), written.bytes);
        }
        return true;
    }

    /** Where executables and compiled functions of earlier builds are kept. */
    public static Path cacheFolder(Environment env) {
        return BuildCache.folder(env);
    }

    /** Removes the executables and compiled functions of earlier builds. */
    public static void clean(Environment env) throws BuildException {
        try {
            BuildCache.remove(env);
        } catch (IOException e) {
            throw new BuildException("mica: cannot remove " + BuildCache.folder(env) + ": " + FileErrors.reason(e));
        }
    }

    /** Whether the cache may hold the result: one program is made, and nothing is printed about it. */
    private boolean isCacheable(List<String> args) {
        boolean silent = !options.assembly && !options.remarks() && !options.linkVerbose && options.linkMap.isEmpty() && options.cut.isEmpty() && options.probe == null
                && !options.checkOnly && !options.noOutput && options.debug.isEmpty();
        boolean single = args.size() <= 1 || args.get(0).endsWith(".go");
        return silent && single && args.stream().noneMatch(a -> a.contains("...") || a.equals("std") || a.equals("cmd") || a.equals("all"));
    }

    private boolean make(List<String> args, String output, BuildInputs inputs) throws BuildException {
        goroot = Goroot.find(env, inputs);
        Loader loader = new Loader(env, goroot, sources, diagnostics, options.trimPath, inputs, options.mod);
        loader.filesOnly = options.plainHeader;
        loader.packagePath = options.packagePath;
        loader.standardFiles = options.standard;
        loader.noColumns = options.noColumns;
        loader.trimPrefix = options.trimPrefix;
        loader.objects = options.objects;
        Godebugs godebugs = new Godebugs(goroot, inputs);
        checkGodebug(loader.module(), godebugs);
        roots = loader.load(args, options.headerOnly ? List.of() : List.of("runtime"));
        if (roots.isEmpty() && !args.isEmpty()) {
            for (String a : args) {
                err.println("mica: warning: \"" + a + "\" matched no packages");
            }
        }
        List<Package> all = loader.inDependencyOrder();
        if (diagnostics.hasSyntaxError()) {
            return ErrorReport.print(diagnostics, all, options, err);
        }
        if (!options.plainHeader) {
            int before = diagnostics.count();
            findGodebug(loader.module(), godebugs);
            if (diagnostics.count() > before && !ErrorReport.print(diagnostics, all, options, err)) {
                return false;
            }
        }
        if (options.verbose) {
            for (Package p : all) {
                err.println(p.importPath);
            }
        }
        if (options.mustBeMain && (roots.size() != 1 || !roots.get(0).isMain())) {
            throw new BuildException("package " + roots.get(0).importPath + " is not a main package");
        }
        typed = new TypedProgram(loader, all, sources, diagnostics, options);
        if (!ErrorReport.print(diagnostics, all, options, err)) {
            return false;
        }
        if (options.checkOnly) {
            return true;
        }
        if (options.remarks()) {
            for (Package p : roots) {
                if (!options.plainHeader) {
                    err.println("# " + p.importPath);
                }
                new Compile(options, goroot, env, typed, all).diagnose(p, err);
            }
        }
        boolean folder = output.endsWith("/") || !output.isEmpty() && Files.isDirectory(env.cwd.resolve(output));
        boolean device = output.equals("/dev/null");
        if (folder && roots.stream().noneMatch(Package::isMain)) {
            throw new BuildException("mica: no main packages to build");
        }
        if (!output.isEmpty() && !folder && !device && roots.size() > 1) {
            throw new BuildException("mica: cannot write multiple packages to non-directory " + output);
        }
        if (!output.isEmpty() && !folder && !device && !roots.get(0).isMain()) {
            return archive(roots.get(0), output);
        }
        boolean ok = true;
        boolean program = false;
        for (Package p : roots) {
            if (p.isMain()) {
                ok &= executable(p, new Compile(options, goroot, env, typed, all), output, roots.size() == 1 || folder);
                program = true;
            }
        }
        boolean watched = options.probe != null && !program || options.assembly;
        for (Package p : watched ? roots : List.<Package>of()) {
            if (!p.isMain()) {
                ok &= watched(p, !program);
            }
        }
        return ok;
    }

    /** Compiles all of a package that is no program, because a view or a listing asks for it. */
    private boolean watched(Package p, boolean probed) throws BuildException {
        Compile compile = new Compile(options, goroot, env, typed, typed.inOrder);
        List<Symbol> functions = compile.functions(p);
        if (probed && options.probe != null) {
            compile.demand(options.probe);
        }
        if (!ErrorReport.print(diagnostics, List.of(p), options, err)) {
            return false;
        }
        if (probed && options.probe != null) {
            options.probe.compiled(functions, sources);
        }
        if (options.assembly) {
            list(functions, p);
        }
        return true;
    }

    /** go build -o file of a package that is no program: its object. */
    private boolean archive(Package p, String output) throws BuildException {
        byte[] object = new Compile(options, goroot, env, typed, typed.inOrder).object(p, new ArrayList<>());
        if (!ErrorReport.print(diagnostics, List.of(p), options, err)) {
            return false;
        }
        Archive archive = new Archive();
        archive.put("_go_.o", object, false);
        Outputs.write(env.cwd.resolve(output), output, archive.toBytes());
        return true;
    }

    private static void checkGodebug(Module module, Godebugs godebugs) throws BuildException {
        if (module != null && !module.mod.godebug.isEmpty()) {
            module.mod.checkGodebug(godebugs.known());
            if (!module.mod.errors.isEmpty()) {
                throw new BuildException("go: error loading go.mod:\n" + String.join("\n", module.mod.errors));
            }
        }
    }

    /** Default settings of GODEBUG for the program: by language version, go.mod and the lines //go:debug of the main package. */
    private void findGodebug(Module module, Godebugs godebugs) {
        for (Package p : roots) {
            if (!p.isMain()) {
                continue;
            }
            options.godebug = godebugs.defaults(p, module, p.files, diagnostics);
        }
    }

    /** -v of the linker: what each of its phases took and dealt with. */
    private void phases(Image image) {
        for (int i = 0; i < image.phaseNames.size(); i++) {
            err.println(String.format("%-8s %10.2f ms  %s", image.phaseNames.get(i), image.phaseNanos.get(i) / 1e6, image.phaseCounts.get(i)));
        }
    }

    private void linkMap(Image image) throws BuildException {
        String text = options.linkMap.endsWith(".json") ? LinkMap.json(image) : LinkMap.gnu(image);
        try {
            OutputFile.write(env.cwd.resolve(options.linkMap), text.getBytes(java.nio.charset.StandardCharsets.UTF_8), false);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + options.linkMap + ": " + FileErrors.reason(e));
        }
    }

    private boolean executable(Package main, Compile compile, String output, boolean keep) throws BuildException {
        Image image = compile.link(main);
        if (!ErrorReport.print(diagnostics, List.of(main), options, err)) {
            return false;
        }
        if (options.linkVerbose) {
            phases(image);
        }
        if (!options.linkMap.isEmpty()) {
            linkMap(image);
        }
        if (options.probe != null) {
            compile.demand(options.probe);
            if (!ErrorReport.print(diagnostics, List.of(main), options, err)) {
                return false;
            }
            options.probe.linked(image, sources);
        }
        if (options.assembly) {
            list(image.symbols, main);
        }
        if (keep && !options.noOutput) {
            write(image.bytes, Outputs.executable(env, Outputs.defaultName(main), output));
            written = image;
        }
        return true;
    }

    /** -S: the functions of one package as assembly source. */
    private void list(Iterable<Symbol> symbols, Package main) {
        Amd64Listing listing = new Amd64Listing();
        for (Symbol s : symbols) {
            boolean compiled = s.kind == SymKind.TEXT && s.func != null && (s.func.flags & FuncInfo.FLAG_ASM) == 0;
            if (compiled && (s.pkg.equals(main.importPath) || s.name.startsWith(main.typed.linkPath + "."))) {
                StringBuilder b = new StringBuilder();
                listing.print(b, s, sources);
                out.print(b);
            }
        }
    }

    private static void write(byte[] executable, Path file) throws BuildException {
        try {
            Files.createDirectories(file.getParent());
            OutputFile.write(file, executable, true);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + file + ": " + FileErrors.reason(e));
        }
    }

    /**
     * The go_asm.h of a package for the environment's target; null after errors, which are printed.
     *
     * @param files the package's Go files, or "." for those of the folder
     */
    public String asmHeader(List<String> files) throws BuildException {
        options.checkOnly = true;
        options.headerOnly = true;
        return build(files, "") ? AsmHeader.of(roots.get(0).typed) : null;
    }

    /**
     * As {@code mica tool compile -asmhdr} for a target that the compiler makes no code for: the header alone.
     */
    public boolean writeAsmHeader(List<String> files) throws BuildException {
        String header = asmHeader(files);
        if (header != null) {
            Outputs.write(env.cwd.resolve(options.asmHeader), options.asmHeader, header.getBytes(StandardCharsets.UTF_8));
        }
        return header != null;
    }

    /**
     * As {@code mica tool compile}: one package from its files to an object file.
     *
     * @param output the object; empty: the first file's name with .o
     */
    public boolean compile(List<String> files, String output) throws BuildException {
        options.checkOnly = true;
        if (!build(files, output)) {
            return false;
        }
        Package p = roots.get(0);
        if (options.remarks()) {
            new Compile(options, goroot, env, typed, typed.inOrder).diagnose(p, err);
            if (!ErrorReport.print(diagnostics, List.of(p), options, err)) {
                return false;
            }
        }
        List<Symbol> functions = new ArrayList<>();
        byte[] object = new Compile(options, goroot, env, typed, typed.inOrder).object(p, functions);
        if (!ErrorReport.print(diagnostics, List.of(p), options, err)) {
            return false;
        }
        if (options.probe != null) {
            options.probe.compiled(functions, sources);
        }
        if (options.assembly) {
            Amd64Listing listing = new Amd64Listing();
            for (Symbol s : functions) {
                StringBuilder b = new StringBuilder();
                listing.print(b, s, sources);
                out.print(b);
            }
        }
        if (!options.asmHeader.isEmpty()) {
            Outputs.write(env.cwd.resolve(options.asmHeader), options.asmHeader, AsmHeader.of(p.typed).getBytes(StandardCharsets.UTF_8));
        }
        if (options.pack) {
            Archive archive = new Archive();
            archive.put("_go_.o", object, false);
            object = archive.toBytes();
        }
        String name = output.isEmpty() ? Outputs.objectName(files.get(0), options.pack) : output;
        Outputs.write(env.cwd.resolve(name), name, object);
        return true;
    }

    /** As {@code mica tool link} with a Go program's main package: what it imports comes from objects, or from the standard library's source. */
    public boolean link(List<String> files, String output) throws BuildException {
        goroot = Goroot.find(env);
        ObjectPackages objects = options.objects;
        GoPackage main = null;
        for (String f : files) {
            GoPackage g = objects.readPackage(f);
            main = main == null ? g : main;
            if (g != null) {
                objects.put(g.path, f, g);
            }
        }
        if (main == null || !main.name.equals("main")) {
            throw new BuildException("link: " + files.get(0) + ": not package main", 2);
        }
        Loader loader = new Loader(env, goroot, sources, diagnostics, options.trimPath);
        loader.objects = objects;
        roots = loader.loadObject(main, List.of("runtime"));
        List<Package> all = loader.inDependencyOrder();
        objects.checkFingerprints(all);
        typed = new TypedProgram(loader, all, sources, diagnostics, options);
        if (!ErrorReport.print(diagnostics, all, options, err)) {
            return false;
        }
        Compile compile = new Compile(options, goroot, env, typed, all);
        Set<String> linked = new LinkedHashSet<>(files);
        for (Package p : all) {
            if (p.object != null) {
                linked.add(objects.file(p.importPath));
            }
        }
        for (String f : linked) {
            compile.add(f, objects.contents(f));
        }
        return executable(roots.get(0), compile, output.isEmpty() ? "a.out" : output, true);
    }
}
