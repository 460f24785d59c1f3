// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.FileErrors;
import mica.base.Sources;
import mica.link.Image;
import mica.syntax.File;

/**
 * A package and its tests to a test binary. The package is loaded once, with its files named _test.go; whatever else the program
 * imports sees it so. Files of package x_test become a package of their own, and {@link TestMain} makes the main package.
 */
public final class TestBuild {
    /** How a build ended. */
    public enum Outcome {
        BUILT,
        NO_TEST_FILES,
        FAILED
    }

    private final Environment env;
    private final BuildOptions options;
    private final PrintStream err;
    private final Package tested;

    private TestBuild(Environment env, BuildOptions options, PrintStream err, Package tested) {
        this.env = env;
        this.options = options;
        options.strings.putIfAbsent("testing.testBinary", "1"); // what testing.Testing reports
        this.err = err;
        this.tested = tested;
    }

    /**
     * One build per package that {@code args} name, in order.
     *
     * @throws BuildException if an argument names no package
     */
    public static List<TestBuild> of(Environment env, BuildOptions options, List<String> args, PrintStream err) throws BuildException {
        Sources sources = new Sources();
        Loader loader = new Loader(env, Goroot.find(env), sources, new Diagnostics(sources), options.trimPath, null, options.mod);
        loader.withTests = true;
        List<TestBuild> out = new ArrayList<>();
        for (Package p : Roots.find(loader, args)) {
            out.add(new TestBuild(env, options, err, p));
        }
        return out;
    }

    public String importPath() {
        return tested.importPath;
    }

    /** The folder in which the tests run. */
    public Path dir() {
        return tested.dir;
    }

    /** Last element of the import path with ".test" behind it. */
    public String binaryName() {
        String path = tested.importPath;
        return path.substring(path.lastIndexOf('/') + 1) + ".test";
    }

    /**
     * Builds the test binary. Errors of the sources are printed.
     *
     * @throws BuildException what prevents the build otherwise
     */
    public Outcome build(Path exe) throws BuildException {
        Path goroot = Goroot.find(env);
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        Loader loader = new Loader(env, goroot, sources, diagnostics, options.trimPath, null, options.mod);
        Package p = new Package(tested.importPath, tested.dir, tested.standard);
        p.modulePath = tested.modulePath;
        p.goVersion = tested.goVersion;
        p.goFiles = new ArrayList<>(tested.goFiles);
        p.tests = new TestFiles();
        List<Package> roots = loader.loadTest(p);
        if (p.tests.main == null && diagnostics.isEmpty()) {
            return Outcome.NO_TEST_FILES;
        }
        List<Package> all = loader.inDependencyOrder();
        if (diagnostics.hasSyntaxError()) {
            ErrorReport.print(diagnostics, all, options, err);
            return Outcome.FAILED;
        }
        List<File> files = new ArrayList<>(p.isMain() ? p.files : List.of());
        files.addAll(p.tests.inside);
        files.addAll(p.tests.outside);
        options.godebug = new Godebugs(goroot, null).defaults(p, loader.module(), files, diagnostics);
        TypedProgram typed = new TypedProgram(loader, all, sources, diagnostics, options);
        if (!ErrorReport.print(diagnostics, all, options, err)) {
            return Outcome.FAILED;
        }
        Package main = roots.get(0);
        Image image = new Compile(options, goroot, env, typed, all).link(main);
        if (!ErrorReport.print(diagnostics, all, options, err)) {
            return Outcome.FAILED;
        }
        try {
            Files.createDirectories(exe.getParent());
            image.write(exe);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + exe + ": " + FileErrors.reason(e));
        }
        return Outcome.BUILT;
    }
}
