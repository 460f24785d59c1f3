// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.GoPackage;
import mica.syntax.BuildConstraints;
import mica.syntax.Decl;
import mica.syntax.File;
import mica.syntax.Parser;

/**
 * Finds, reads and parses the packages that a command names and all that they import. Files are parsed on two threads; the result
 * does not depend on which is first.
 */
public final class Loader {
    private final Environment env;
    private final Path goroot;
    private final Sources sources;
    private final Diagnostics diagnostics;
    private final Module module;
    private final boolean trimPath;
    private final BuildInputs inputs;
    /** All arguments are Go files, whatever their names (mica tool compile). */
    boolean filesOnly;
    /** With {@link #filesOnly}: import path of the package; "" = command-line-arguments. */
    String packagePath = "";
    /** With {@link #filesOnly}: the package is one of the standard library. */
    boolean standardFiles;
    /** Errors without columns. */
    boolean noColumns;
    /** -trimpath of mica tool compile. */
    String trimPrefix = "";
    /** Packages that come as object files. */
    ObjectPackages objects;
    /** Contents that stand for those of files, by absolute path: an editor's that are not saved. */
    Map<Path, byte[]> overlay = Map.of();
    /** Folders that have only test files count as packages (mica test). */
    boolean withTests;
    private final ConcurrentHashMap<String, Package> packages = new ConcurrentHashMap<>();
    /** Errors of loading by package path, printed in order of the walk. */
    private final List<String> errors = new ArrayList<>();
    private final Phaser pending = new Phaser(1);
    private ExecutorService pool;
    private volatile Throwable fault;

    public Loader(Environment env, Path goroot, Sources sources, Diagnostics diagnostics, boolean trimPath) throws BuildException {
        this(env, goroot, sources, diagnostics, trimPath, null, "");
    }

    /**
     * @param inputs learns what is read; may be null
     * @param mode -mod; "" = not given
     */
    Loader(Environment env, Path goroot, Sources sources, Diagnostics diagnostics, boolean trimPath, BuildInputs inputs, String mode) throws BuildException {
        this.inputs = inputs;
        this.env = env;
        this.goroot = goroot;
        this.sources = sources;
        this.diagnostics = diagnostics;
        this.module = Module.find(env.cwd, inputs, mode);
        this.trimPath = trimPath;
    }

    /**
     * Loads the named packages, everything they import, and the packages {@code always} (package runtime, which nothing imports by
     * name).
     *
     * @param args import paths, folders beginning with ./ or ../ or /, or .go files (all or none)
     * @return the named packages; their closure hangs on {@link Package#imports}
     * @throws BuildException with all messages
     */
    public List<Package> load(List<String> args, List<String> always) throws BuildException {
        return load(Roots.find(this, args), always, true);
    }

    /** Loads what a program needs whose main package is an object. */
    List<Package> loadObject(GoPackage main, List<String> always) throws BuildException {
        return load(List.of(register(objectPackage(main))), always, false);
    }

    /** Loads a package with its tests; the main package of the test binary, or the package itself if it has no test files. */
    List<Package> loadTest(Package p) throws BuildException {
        return load(List.of(register(p)), List.of("runtime"), true);
    }

    private List<Package> load(List<Package> named, List<String> always, boolean user) throws BuildException {
        List<Package> roots = new ArrayList<>();
        pool = Executors.newFixedThreadPool(2, r -> {
            Thread t = new Thread(r, "loader");
            t.setDaemon(true);
            return t;
        });
        try {
            for (Package p : named) {
                p.named = user;
                roots.add(p);
                start(p);
            }
            for (String path : always) {
                resolve(path, null, 0);
            }
            pending.arriveAndAwaitAdvance();
        } finally {
            pool.shutdownNow();
        }
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        roots.removeIf(p -> {
            return isEmptyMatch(p) && packages.remove(p.importPath, p);
        });
        for (int i = 0; i < roots.size(); i++) {
            Package p = roots.get(i);
            if (p.tests != null && p.tests.main != null) {
                roots.set(i, p.tests.main);
                if (p.files.isEmpty()) {
                    packages.remove(p.importPath);
                }
            }
        }
        connect(roots);
        if (!errors.isEmpty()) {
            throw new BuildException(String.join("\n", errors));
        }
        return roots;
    }

    private static boolean isEmptyMatch(Package p) {
        return p.matched && p.files.isEmpty() && p.error != null && p.importedAt == 0;
    }

    /** All loaded packages, those that are imported before those that import them, otherwise by path. */
    public List<Package> inDependencyOrder() {
        List<Package> all = new ArrayList<>(packages.values());
        all.sort(Comparator.comparing((Package p) -> p.importPath));
        List<Package> out = new ArrayList<>();
        for (Package p : all) {
            p.visit = 0;
        }
        for (Package p : all) {
            appendAfterImports(p, out);
        }
        return out;
    }

    private static void appendAfterImports(Package p, List<Package> out) {
        if (p.visit != 0) {
            return;
        }
        p.visit = 2;
        for (Package q : p.imports) {
            appendAfterImports(q, out);
        }
        out.add(p);
    }

    /** The package that {@code path} means in a file of {@code from}; null if it is not loaded. */
    Package imported(Package from, String path) {
        Package p = from != null && from.standard ? packages.get(vendorPrefix(from) + path) : null;
        return p != null ? p : packages.get(objects == null ? path : objects.mapped(path));
    }

    /** Where packages of the standard library find those of others: the commands have their own. */
    static String vendorPrefix(Package from) {
        return from.importPath.startsWith("cmd/") ? "cmd/vendor/" : "vendor/";
    }

    public Package find(String importPath) {
        return packages.get(importPath);
    }

    Environment env() {
        return env;
    }

    Module module() {
        return module;
    }

    Path goroot() {
        return goroot;
    }

    /** Registers a package once; null if that path is registered already. */
    Package register(Package p) {
        return packages.putIfAbsent(p.importPath, p) == null ? p : null;
    }

    /** Takes over a package that was loaded before, with all that it imports: it is not read again. */
    void keep(Package p) {
        packages.put(p.importPath, p);
    }

    private void start(Package p) {
        pending.register();
        pool.execute(() -> {
            try {
                read(p);
            } catch (Throwable e) {
                fault = e;
            } finally {
                pending.arriveAndDeregister();
            }
        });
    }

    /** The package that {@code path} means when {@code from} imports it; begins to load it if it is new. */
    private Package resolve(String path, Package from, int pos) {
        Package object = fromObject(path, pos);
        if (object != null) {
            return object;
        }
        String full = path;
        Path dir = null;
        boolean standard = false;
        String language = null;
        String dependency = null;
        if (path.equals("runtime")) {
            dir = env.home.resolve("runtime");
            standard = true;
        } else if (from != null && from.standard && Files.isDirectory(goroot.resolve("src").resolve(vendorPrefix(from) + path))) {
            full = vendorPrefix(from) + path;
            dir = goroot.resolve("src").resolve(full);
            standard = true;
        } else if (Files.isDirectory(goroot.resolve("src").resolve(path)) && !path.startsWith("vendor/")) {
            dir = goroot.resolve("src").resolve(path);
            standard = true;
        } else if (module != null) {
            dir = module.dirOf(path);
            if ((dir == null || !isFolder(dir)) && module.vendored) {
                dir = module.dir.resolve("vendor").resolve(path);
                language = module.vendorList.goVersion(path);
                dependency = module.dependency(path);
            }
        }
        Package p = packages.get(full);
        if (p != null) {
            return p;
        }
        Package fresh = new Package(full, dir, standard);
        fresh.importedAt = pos;
        if (!standard && module != null) {
            fresh.modulePath = module.path;
            fresh.dependency = dependency;
            fresh.goVersion = language != null ? language : module.goVersion;
        }
        Package old = packages.putIfAbsent(full, fresh);
        if (old != null) {
            return old;
        }
        if (dir == null || !isFolder(dir)) {
            fresh.error = notFound(path, from);
        } else {
            start(fresh);
        }
        return fresh;
    }

    /** The package if it comes as an object file, else null. */
    private Package fromObject(String path, int pos) {
        String full = objects == null ? path : objects.mapped(path);
        if (objects == null || packages.containsKey(full)) {
            return objects == null ? null : packages.get(full);
        }
        Package fresh;
        try {
            GoPackage g = objects.find(full);
            if (g == null) {
                return null;
            }
            fresh = g.path.equals(full) ? objectPackage(g) : new Package(full, null, false);
            if (fresh.object == null) {
                fresh.located = objects.file(full);
                fresh.error = "import \"" + full + "\": file " + objects.file(full) + " holds package " + g.path;
            }
        } catch (BuildException e) {
            fresh = new Package(full, null, false);
            fresh.located = objects.file(full);
            fresh.error = e.getMessage();
        }
        fresh.importedAt = pos;
        Package old = packages.putIfAbsent(full, fresh);
        if (old == null && fresh.error == null) {
            start(fresh);
        }
        return old == null ? fresh : old;
    }

    private static Package objectPackage(GoPackage g) {
        Package p = new Package(g.path, null, g.standard);
        p.object = g;
        p.goVersion = g.goVersion;
        return p;
    }

    private String notFound(String path, Package from) {
        String first = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        if (!first.contains(".") || from != null && from.standard) {
            return "package " + path + " is not in std (" + goroot.resolve("src").resolve(path) + ")";
        }
        if (module == null) {
            return "no required module provides package " + path
                    + ": go.mod file not found in current directory or any parent directory; see 'go help modules'";
        }
        if (module.vendored) {
            return "cannot find module providing package " + path + ": " + module.lookupDisabled();
        }
        return "no required module provides package " + path + "; to add it:\n\tgo get " + path;
    }

    // One package: which files, parse them, ask for the imports.

    private void read(Package p) throws IOException {
        if (p.object != null) {
            for (GoPackage.Source s : p.object.sources) {
                SourceFile source = sources.add(s.name, s.text);
                source.recordedPath = s.recordedPath;
                p.files.add(Parser.parseFile(source, diagnostics));
                p.goFiles.add(s.name);
            }
            p.name = p.object.name;
            imports(p);
            return;
        }
        List<Path> files = p.goFiles.isEmpty() ? select(p) : explicitFiles(p);
        if (p.error != null) {
            return;
        }
        for (Path f : files) {
            String name = f.getFileName().toString();
            byte[] text = p.texts.get(f);
            if (text == null) {
                text = contents(f);
            }
            if (name.endsWith(".s")) {
                if (wanted(name, text)) {
                    p.asmFiles.add(f);
                }
                continue;
            }
            SourceFile source = sources.add(p.givenNames == null ? Outputs.shown(env, f) : p.givenNames.get(f), text);
            source.recordedPath = recorded(p, f);
            File parsed = parse(p, f, source);
            if (importsC(parsed)) {
                // As without cgo: such files are not part of the build.
                p.goFiles.remove(name);
                continue;
            }
            if (Embeds.apply(parsed, p.dir, diagnostics, this::contents, p.problems, !filesOnly) && inputs != null) {
                inputs.tree(p.dir);
            }
            if (p.tests != null && name.endsWith("_test.go")) {
                boolean outside = parsed.packageName.name.endsWith("_test");
                (outside ? p.tests.outside : p.tests.inside).add(parsed);
                if (outside) {
                    p.goFiles.remove(name);
                    continue;
                }
            }
            p.files.add(parsed);
        }
        p.texts.clear();
        if (inputs != null && !p.asmFiles.isEmpty()) {
            headers(p.dir);
        }
        if (p.files.isEmpty() && (p.tests == null || p.tests.outside.isEmpty())) {
            p.error = "build constraints exclude all Go files in " + p.dir;
            return;
        }
        if (p.standard && p.importPath.equals("embed")) {
            p.files.add(Embeds.support(sources, diagnostics));
        }
        checkNames(p, files);
        imports(p);
        if (p.tests != null && !p.tests.isEmpty()) {
            testPackages(p);
        }
    }

    /** The packages that a test binary has besides the one under test. */
    private void testPackages(Package p) {
        if (!p.tests.outside.isEmpty()) {
            p.tests.external = made(p, p.importPath + "_test", p.tests.outside);
            p.tests.external.name = p.tests.outside.get(0).packageName.name;
        }
        SourceFile source = sources.add(p.importPath + "/_testmain.go", TestMain.source(p, diagnostics).getBytes(StandardCharsets.UTF_8));
        source.recordedPath = "_testmain.go";
        p.tests.main = made(p, p.importPath + ".test", List.of(Parser.parseFile(source, diagnostics)));
        p.tests.main.name = "main";
    }

    private Package made(Package p, String path, List<File> files) {
        Package q = new Package(path, p.dir, p.standard);
        q.testOf = p;
        q.named = true;
        q.modulePath = p.modulePath;
        q.goVersion = p.goVersion;
        q.files = new ArrayList<>(files);
        register(q);
        imports(q);
        return q;
    }

    /** What assembly files may include. */
    private void headers(Path dir) throws IOException {
        for (Path d : List.of(dir, goroot.resolve("src/runtime"))) {
            try (java.util.stream.Stream<Path> s = Files.list(d)) {
                for (Path h : s.filter(f -> f.toString().endsWith(".h")).sorted().toList()) {
                    inputs.read(h);
                }
            }
        }
    }

    private void imports(Package p) {
        TreeMap<String, Package> imports = new TreeMap<>();
        for (File f : p.files) {
            for (Decl.Import d : f.imports) {
                if (!d.path.isEmpty() && !d.path.equals("unsafe") && !d.path.equals("C") && p.problems.isEmpty()) {
                    Package q = resolve(d.path, p, d.pos);
                    imports.putIfAbsent(q.importPath, q);
                }
            }
        }
        p.imports = new ArrayList<>(imports.values());
    }

    /** Parses a file; what the go command would say before compiling goes to the package's problems. */
    private File parse(Package p, Path f, SourceFile source) {
        if (p.standard || filesOnly) {
            return Parser.parseFile(source, diagnostics);
        }
        Diagnostics found = new Diagnostics(sources);
        File file = Parser.parseFile(source, found);
        String head = Headers.error(source, file, found);
        if (head != null) {
            p.problems.add(head);
        }
        for (Decl.Import d : file.imports) {
            String wrong = head != null ? null : Headers.path(source, d, f.toAbsolutePath().normalize().toString());
            if (wrong != null) {
                p.problems.add(wrong);
            }
        }
        diagnostics.addAll(found);
        return file;
    }

    private byte[] contents(Path f) throws IOException {
        byte[] edited = overlay.isEmpty() ? null : overlay.get(f.toAbsolutePath().normalize());
        if (edited != null) {
            return edited;
        }
        return inputs == null ? Files.readAllBytes(f) : inputs.read(f);
    }

    /** Existence of folders outside of the standard library decides what an import means. */
    private boolean isFolder(Path dir) {
        return inputs == null || dir.startsWith(goroot) ? Files.isDirectory(dir) : inputs.isFolder(dir);
    }

    private static boolean importsC(File f) {
        for (Decl.Import d : f.imports) {
            if (d.path.equals("C")) {
                return true;
            }
        }
        return false;
    }

    private List<Path> explicitFiles(Package p) {
        List<Path> out = new ArrayList<>();
        for (String f : p.goFiles) {
            out.add(p.dir.resolve(f));
        }
        return out;
    }

    /** Files of the folder that match the build constraints, sorted by name. */
    private List<Path> select(Package p) throws IOException {
        java.io.File[] all = p.dir.toFile().listFiles();
        if (inputs != null) {
            inputs.folder(p.dir);
        }
        List<Path> out = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        boolean tests = false;
        Arrays.sort(all, Comparator.comparing(java.io.File::getName));
        for (java.io.File f : all) {
            String name = f.getName();
            boolean go = name.endsWith(".go");
            if (!go && !name.endsWith(".s") || name.startsWith("_") || name.startsWith(".") || f.isDirectory()) {
                continue;
            }
            if (go && name.endsWith("_test.go")) {
                tests = true;
                if (p.tests == null) {
                    continue;
                }
            }
            if (go) {
                byte[] text = contents(f.toPath());
                if (!wanted(name, text)) {
                    excluded.add(name);
                    continue;
                }
                p.texts.put(f.toPath(), text);
                p.goFiles.add(name);
            }
            out.add(f.toPath());
        }
        if (p.goFiles.isEmpty()) {
            p.error = !excluded.isEmpty()
                    ? "build constraints exclude all Go files in " + p.dir
                    : tests ? p.importPath + ": no non-test Go files in " + p.dir
                    : p.importedAt != 0 && !p.standard ? notFound(p.importPath, null) : "no Go files in " + p.dir;
        }
        return out;
    }

    private boolean wanted(String name, byte[] text) {
        if (!BuildConstraints.fileNameMatches(name, env::tag)) {
            return false;
        }
        String expression = BuildConstraints.constraint(text);
        return expression == null || BuildConstraints.evaluate(expression, env::tag);
    }

    private void checkNames(Package p, List<Path> files) {
        String firstFile = null;
        for (File f : p.files) {
            String n = f.packageName.name;
            String file = Path.of(f.source.path).getFileName().toString();
            if (n.equals("_")) {
                continue;
            }
            if (p.name == null) {
                p.name = n;
                firstFile = file;
            } else if (!p.name.equals(n) && filesOnly) {
                diagnostics.error(f.source.pos(0), "package " + n + "; expected package " + p.name);
            } else if (!p.name.equals(n) && p.error == null) {
                p.error = "found packages " + p.name + " (" + firstFile + ") and " + n + " (" + file + ") in " + p.dir;
            }
        }
    }

    private String recorded(Package p, Path file) {
        if (!trimPath) {
            return trimmed(file.toAbsolutePath().normalize().toString());
        }
        return p.importPath + "/" + file.getFileName();
    }

    /** The path without the first prefix of -trimpath that it begins with. */
    private String trimmed(String path) {
        for (String rule : trimPrefix.split(";")) {
            int arrow = rule.indexOf("=>");
            String prefix = arrow < 0 ? rule : rule.substring(0, arrow);
            if (!prefix.isEmpty() && (path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/"))) {
                String rest = path.substring(prefix.length());
                String with = arrow < 0 ? "" : rule.substring(arrow + 2);
                return with.isEmpty() && rest.startsWith("/") ? rest.substring(1) : with + rest;
            }
        }
        return path;
    }

    // After loading: errors in the order of a walk from the named packages, import cycles, internal packages.

    private void connect(List<Package> roots) {
        List<Package> path = new ArrayList<>();
        for (Package p : roots) {
            walk(p, path);
        }
    }

    private void walk(Package p, List<Package> path) {
        if (p.visit == 2) {
            return;
        }
        p.visit = 1;
        path.add(p);
        if (p.error != null) {
            errors.add(message(p, path));
        }
        errors.addAll(p.problems);
        for (Package q : p.imports) {
            if (q.visit == 1) {
                errors.add(cycle(path, q));
                continue;
            }
            if (!internalAllowed(p, q)) {
                errors.add("package " + p.importPath + "\n\t" + plain(importPosition(p, q)) + ": use of internal package " + q.importPath + " not allowed");
            }
            if (q.isMain() && q.error == null && !p.standard) {
                errors.add(plain(importPosition(p, q)) + ": import \"" + q.importPath + "\" is a program, not an importable package");
            }
            walk(q, path);
        }
        path.remove(path.size() - 1);
        p.visit = 2;
    }

    private String message(Package p, List<Package> path) {
        if (filesOnly && p.importedAt != 0) {
            SourceFile f = sources.file(p.importedAt);
            String place = noColumns ? f.fileName(p.importedAt) + ":" + f.line(p.importedAt) : sources.format(p.importedAt);
            return place + ": could not import " + p.importPath + " (" + (p.located == null ? "file not found" : p.error) + ")";
        }
        if (p.error.startsWith("build constraints")) {
            StringBuilder sb = new StringBuilder("package ").append(path.get(0).importPath);
            for (int i = 1; i < path.size(); i++) {
                sb.append("\n\timports ").append(path.get(i).importPath);
            }
            return sb.append(": ").append(p.error).toString();
        }
        return p.importedAt == 0 || p.error.contains(": no non-test Go files in ") ? p.error : plain(p.importedAt) + ": " + p.error;
    }

    private String plain(int pos) {
        String s = sources.format(pos);
        return s.startsWith("./") ? s.substring(2) : s;
    }

    private static int importPosition(Package p, Package q) {
        for (File f : p.files) {
            for (Decl.Import d : f.imports) {
                if (d.path.equals(q.importPath) || q.importPath.equals(vendorPrefix(p) + d.path)) {
                    return d.pos;
                }
            }
        }
        return 0;
    }

    private String cycle(List<Package> path, Package again) {
        StringBuilder sb = new StringBuilder("package ").append(path.get(0).importPath);
        for (int i = 1; i < path.size(); i++) {
            sb.append("\n\timports ").append(path.get(i).importPath).append(" from ").append(fileOfImport(path.get(i - 1), path.get(i)));
        }
        sb.append("\n\timports ").append(again.importPath).append(" from ").append(fileOfImport(path.get(path.size() - 1), again));
        return sb.append(": import cycle not allowed").toString();
    }

    private String fileOfImport(Package p, Package q) {
        SourceFile f = sources.file(importPosition(p, q));
        return f == null ? "-" : Path.of(f.path).getFileName().toString();
    }

    /** The rule of internal packages: importable only from the tree rooted at internal's parent. */
    private static boolean internalAllowed(Package p, Package q) {
        if (p.testOf != null && p.isMain()) {
            return true;
        }
        String from = p.testOf != null ? p.testOf.importPath : p.importPath;
        String path = q.importPath;
        int at = path.startsWith("internal/") || path.equals("internal") ? 0 : path.lastIndexOf("/internal/") + 1;
        if (at == 0 && !path.startsWith("internal")) {
            if (!path.endsWith("/internal")) {
                return true;
            }
            at = path.length() - "internal".length();
        }
        if (q.standard) {
            return p.standard && (at == 0 || below(from, path.substring(0, at - 1)) || from.startsWith(vendorPrefix(p)));
        }
        String root = path.substring(0, Math.max(0, at - 1));
        return below(from, root) || p.importPath.equals("command-line-arguments");
    }

    private static boolean below(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
