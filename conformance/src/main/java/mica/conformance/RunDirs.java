// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns a folder of GOROOT/test's rundir cases, where each file or package clause is a package, into a module. */
final class RunDirs {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([^\\s;]+)");
    private static final Pattern LOCAL_IMPORT = Pattern.compile("\"\\./([^\"\n]+)\"");

    private RunDirs() {}

    /** Copies the files; returns the main package's path relative to the module ("./x"), null if there is none. */
    static String layOut(Path src, Path module, boolean singleFilePackages) throws IOException {
        List<Path> files;
        try (Stream<Path> s = Files.list(src)) {
            files = s.filter(p -> p.toString().endsWith(".go") || p.toString().endsWith(".s")).sorted().toList();
        }
        // A package is imported by the name of its first file.
        Map<String, String> folders = new HashMap<>();
        String main = null;
        String lastMain = null;
        for (Path f : files) {
            String text = Files.readString(f, java.nio.charset.StandardCharsets.ISO_8859_1);
            Matcher m = PACKAGE.matcher(text);
            String pkg = m.find() ? m.group(1) : "main";
            String base = f.getFileName().toString();
            String stem = base.substring(0, base.lastIndexOf('.'));
            String folder = singleFilePackages ? stem : folders.computeIfAbsent(pkg, k -> stem);
            Path dir = Files.createDirectories(module.resolve(folder));
            // The cases' packages are compiled without -complete: functions without bodies are allowed, as beside assembly.
            Files.writeString(dir.resolve("bodies_elsewhere.s"), "");
            String moved = LOCAL_IMPORT.matcher(text).replaceAll("\"test/$1\"");
            // A build leaves out files named as tests; here they are none.
            String name = base.endsWith("_test.go") ? base.replace("_test.go", "_tst.go") : base;
            Files.writeString(dir.resolve(name), moved, java.nio.charset.StandardCharsets.ISO_8859_1);
            if (pkg.equals("main")) {
                lastMain = "./" + folder;
                main = main == null ? lastMain : main;
            }
        }
        return lastMain == null ? main : lastMain;
    }
}
