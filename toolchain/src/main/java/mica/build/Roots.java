// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Turns the arguments of a command into packages: files, folders, import paths, patterns with "...". */
final class Roots {
    private Roots() {}

    static List<Package> find(Loader loader, List<String> args) throws BuildException {
        if (loader.filesOnly || !args.isEmpty() && args.get(0).endsWith(".go") && (args.get(0).contains("/") || exists(loader, args.get(0)))) {
            return List.of(fromFiles(loader, args));
        }
        List<Package> out = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String a : args.isEmpty() ? List.of(".") : args) {
            try {
                if (a.contains("...") || a.equals("std") || a.equals("cmd")) {
                    out.addAll(pattern(loader, a));
                } else {
                    Package p = one(loader, a);
                    if (p != null) {
                        out.add(p);
                    }
                }
            } catch (BuildException e) {
                errors.add(e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new BuildException(String.join("\n", errors));
        }
        return out;
    }

    private static boolean exists(Loader loader, String file) {
        return Files.exists(loader.env().cwd.resolve(file));
    }

    private static Package fromFiles(Loader loader, List<String> args) throws BuildException {
        Path dir = null;
        List<String> names = new ArrayList<>();
        Map<Path, String> given = new HashMap<>();
        for (String a : args) {
            Path f = loader.env().cwd.resolve(a).normalize();
            if (!a.endsWith(".go") && !loader.filesOnly) {
                throw new BuildException("named files must be .go files: " + a);
            }
            if (!Files.exists(f)) {
                throw loader.filesOnly
                        ? new BuildException("open " + a + ": no such file or directory", 2)
                        : new BuildException("stat " + a + ": no such file or directory");
            }
            if (Files.isDirectory(f)) {
                throw new BuildException(a + " is a directory, should be a Go file");
            }
            if (dir != null && !dir.equals(f.getParent())) {
                throw new BuildException("named files must all be in one directory; have " + folder(args.get(0)) + " and " + folder(a));
            }
            dir = f.getParent();
            given.put(f, a);
            names.add(f.getFileName().toString());
        }
        boolean standard = loader.filesOnly && (loader.standardFiles || dir.startsWith(loader.goroot().resolve("src")));
        String path = loader.packagePath.isEmpty() ? "command-line-arguments" : loader.packagePath;
        Package p = new Package(path, dir, standard);
        if (loader.module() != null && dir.startsWith(loader.module().dir)) {
            p.modulePath = loader.module().path;
            p.goVersion = loader.module().goVersion;
        }
        p.givenNames = loader.filesOnly ? given : null;
        p.goFiles = names;
        loader.register(p);
        return p;
    }

    private static String folder(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "." : file.substring(0, slash);
    }

    private static Package one(Loader loader, String arg) throws BuildException {
        Module m = loader.module();
        if (arg.equals(".") || arg.equals("..") || arg.startsWith("./") || arg.startsWith("../") || arg.startsWith("/")) {
            Path dir = loader.env().cwd.resolve(arg).normalize();
            Path src = loader.goroot().resolve("src");
            if (dir.startsWith(src)) {
                return loader.register(new Package(src.relativize(dir).toString(), dir, true));
            }
            if (m == null) {
                throw new BuildException("go: go.mod file not found in current directory or any parent directory; see 'go help modules'");
            }
            if (!Files.isDirectory(dir)) {
                throw new BuildException("stat " + dir + ": directory not found");
            }
            if (!dir.startsWith(m.dir)) {
                throw new BuildException("directory " + arg + " outside main module or its selected dependencies");
            }
            return loader.register(inModule(m, m.importPathOf(dir), dir));
        }
        Path std = arg.equals("runtime") ? loader.env().home.resolve("runtime") : loader.goroot().resolve("src").resolve(arg);
        if (Files.isDirectory(std)) {
            return loader.register(new Package(arg, std, true));
        }
        Path dir = m == null ? null : m.dirOf(arg);
        if (dir != null && Files.isDirectory(dir)) {
            return loader.register(inModule(m, arg, dir));
        }
        if (m != null && m.vendored && Files.isDirectory(m.dir.resolve("vendor").resolve(arg))) {
            return loader.register(inModule(m, arg, m.dir.resolve("vendor").resolve(arg)));
        }
        String first = arg.contains("/") ? arg.substring(0, arg.indexOf('/')) : arg;
        if (!first.contains(".")) {
            throw new BuildException("package " + arg + " is not in std (" + loader.goroot().resolve("src").resolve(arg) + ")");
        }
        throw new BuildException("no required module provides package " + arg
                + (m == null ? ": go.mod file not found in current directory or any parent directory; see 'go help modules'" : "; to add it:\n\tgo get " + arg));
    }

    private static Package inModule(Module m, String path, Path dir) {
        Package p = new Package(path, dir, false);
        p.modulePath = m.path;
        p.goVersion = m.goVersion;
        return p;
    }

    /** "./..." and "prefix/...": every folder with Go files, vendor, testdata and hidden ones left out. */
    private static List<Package> pattern(Loader loader, String arg) throws BuildException {
        String head = arg.equals("cmd") ? "cmd" : arg.equals("std") ? "" : arg.substring(0, arg.indexOf("..."));
        Path base;
        boolean std = false;
        if (arg.equals("std") || head.equals("cmd") || head.startsWith("cmd/") || !head.startsWith(".") && loader.module() == null) {
            base = loader.goroot().resolve("src").resolve(head);
            std = true;
        } else if (loader.module() == null) {
            throw new BuildException("pattern " + arg + ": directory prefix " + (head.endsWith("/") ? head.substring(0, head.length() - 1) : head)
                    + " does not contain main module or its selected dependencies");
        } else {
            base = head.startsWith(".") ? loader.env().cwd.resolve(head).normalize() : loader.module().dirOf(head.replaceAll("/$", ""));
        }
        List<Package> out = new ArrayList<>();
        if (base != null && head.startsWith(".") && !Files.isDirectory(base)) {
            throw new BuildException("pattern " + arg + ": lstat " + head + ": no such file or directory");
        }
        if (base == null || !Files.isDirectory(base)) {
            return out;
        }
        // GOROOT's src may be a link.
        FileVisitOption[] links = std ? new FileVisitOption[] {FileVisitOption.FOLLOW_LINKS} : new FileVisitOption[0];
        try (Stream<Path> s = Files.walk(base, links)) {
            for (Path d : s.filter(Files::isDirectory).filter(d -> walkable(base, d)).sorted().toList()) {
                if (hasGoFiles(d, loader.withTests)) {
                    Package p = std ? standard(loader, d, head.startsWith("cmd")) : inModule(loader.module(), loader.module().importPathOf(d), d);
                    if (p == null) {
                        continue;
                    }
                    p.matched = true;
                    if (loader.register(p) != null) {
                        out.add(p);
                    }
                }
            }
        } catch (IOException e) {
            throw new BuildException("go: pattern " + arg + ": " + e.getMessage());
        }
        return out;
    }

    /** A package of the standard library; null for the commands and for the two that are documentation only. */
    private static Package standard(Loader loader, Path dir, boolean commands) {
        String path = loader.goroot().resolve("src").relativize(dir).toString();
        if (!commands && (path.equals("cmd") || path.startsWith("cmd/")) || path.equals("builtin") || path.equals("unsafe")) {
            return null;
        }
        return new Package(path, path.equals("runtime") ? loader.env().home.resolve("runtime") : dir, true);
    }

    private static boolean walkable(Path base, Path d) {
        for (Path part : base.relativize(d)) {
            String n = part.toString();
            if (n.startsWith(".") && n.length() > 1 || n.startsWith("_") || n.equals("testdata") || n.equals("vendor")) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasGoFiles(Path d, boolean tests) throws IOException {
        try (Stream<Path> s = Files.list(d)) {
            return s.anyMatch(f -> f.toString().endsWith(".go") && (tests || !f.toString().endsWith("_test.go")));
        }
    }
}
