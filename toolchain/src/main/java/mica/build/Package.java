// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.GoPackage;
import mica.syntax.File;
import mica.types.Pkg;

/** A package as found on disk: which files belong to it, what it imports. */
public final class Package {
    /** "command-line-arguments" for files given by name. */
    public final String importPath;
    public final Path dir;
    /** Part of the standard library. */
    public final boolean standard;
    /** From the package clause; null before the files are read. */
    public String name;
    /** Files of the build, sorted by name, and their names. */
    public List<File> files = new ArrayList<>();
    public List<String> goFiles = new ArrayList<>();
    /** Assembly files of the build, sorted. */
    public List<Path> asmFiles = new ArrayList<>();
    /** Directly imported packages, sorted by path; "unsafe" is not among them. */
    public List<Package> imports = new ArrayList<>();
    /** Language version for files without a constraint of their own, such as "go1.27". */
    public String goVersion = Goroot.RELEASE;
    /** Main module's path if the package is in a module, else null. */
    public String modulePath;
    /** Module, version and checksum of go.sum (separated by tabs) if it is vendored, else null. */
    String dependency;
    /** Named by the user, rather than found by an import. */
    public boolean named;
    /** Found by a pattern: without files for this target it is passed over silently. */
    boolean matched;
    /** Contents of files that selecting them has read, until they are parsed. */
    final Map<Path, byte[]> texts = new HashMap<>();
    /** How the command line names the files, where messages repeat that (mica tool compile); else null. */
    Map<Path, String> givenNames;
    /** The object file that was found for it though it is of no use; else null. */
    String located;
    /** Facts of the object file that it comes from; null = from source files. */
    GoPackage object;
    /** Files of its tests; null = not under test. */
    TestFiles tests;
    /** Made for a test: the package of external test files or the main package; what it belongs to. */
    Package testOf;
    /** The typed package, set when the builder hands it to the type checker. */
    public Pkg typed;
    /** Why it could not be loaded, in the go command's words; null = fine. */
    String error;
    /** Errors that name their places themselves. */
    final List<String> problems = new ArrayList<>();
    /** Position of the import that asked first, for messages; 0 for named packages. */
    int importedAt;
    /** Loading walk: 0 not visited, 1 on the path, 2 done. */
    int visit;

    Package(String importPath, Path dir, boolean standard) {
        this.importPath = importPath;
        this.dir = dir;
        this.standard = standard;
    }

    /** A program: a package main, unless it is under test, when another one is the program. */
    public boolean isMain() {
        return "main".equals(name) && tests == null;
    }

    /** For messages: with the test binary that it is compiled for, if there is one. */
    String shownPath() {
        Package p = tests != null ? this : testOf;
        return p == null ? importPath : importPath + " [" + p.importPath + ".test]";
    }

    @Override
    public String toString() {
        return importPath;
    }
}
