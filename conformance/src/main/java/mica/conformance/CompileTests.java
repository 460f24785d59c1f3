// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * GOROOT/test: the cases that are compiled and not run, with the directives compile, compiledir, build and builddir. {@code mica tool compile}
 * makes an object of each package of compile and compiledir, {@code mica build} a program or a check of the others; nothing may be reported.
 *
 * <p>Usage: {@code CompileTests [-run regexp] [-known file] [-update] [-v]}; prints as {@link GorootTests} does.
 */
public final class CompileTests {
    private final Path testDir;
    private final SuiteArguments args;
    private final Path work;
    private final Map<String, String> failures = new TreeMap<>();
    private final TreeSet<String> passed = new TreeSet<>();

    private CompileTests(SuiteArguments args, Path work) throws IOException {
        this.args = args;
        this.work = work;
        this.testDir = SuiteArguments.goroot("test");
    }

    /** See the class. */
    public static void main(String[] argv) throws IOException {
        Path work = Files.createTempDirectory("mica-compile-tests");
        CompileTests t = new CompileTests(new SuiteArguments(argv), work);
        t.run();
        Mica.deleteTree(work);
        t.args.update(t.failures);
        System.exit(t.report());
    }

    private void run() throws IOException {
        List<Path> files;
        try (Stream<Path> s = Files.walk(testDir, 3)) {
            files = s.filter(p -> p.toString().endsWith(".go") && !p.getParent().toString().endsWith(".dir")).sorted().toList();
        }
        for (Path p : files) {
            TestCase t = TestCase.read(testDir, p);
            boolean experiment = t != null && t.flags.stream().anyMatch(f -> f.startsWith("-goexperiment"));
            if (t == null || experiment || !args.selects(t.name) || !Mica.matches(t.constraint)) {
                continue;
            }
            Path dir = Files.createTempDirectory(work, "case");
            String why = switch (t.action) {
                case "compile" -> compile(dir, "p", t, List.of(t.file), List.of());
                case "compiledir" -> compileDir(t, dir);
                case "build" -> build(t, dir);
                default -> "skip";
            };
            Mica.deleteTree(dir);
            if (why == null) {
                passed.add(t.name);
            } else if (!why.equals("skip")) {
                failures.put(t.name, why);
                if (args.verbose || !args.known.containsKey(t.name)) {
                    System.out.println("FAIL " + t.name + ": " + why);
                }
            }
        }
    }

    private String compile(Path dir, String path, TestCase t, List<Path> files, List<String> more) {
        List<String> cmd = new ArrayList<>(List.of("tool", "compile", "-e", "-p=" + path, "-o", dir.resolve("a.o").toString()));
        cmd.addAll(t.flags);
        cmd.remove("-s");
        cmd.addAll(more);
        files.forEach(f -> cmd.add(f.toString()));
        return brief(Mica.run(cmd, dir));
    }

    /** The packages of a folder in the order of their first files; each sees the objects of those before it. */
    private String compileDir(TestCase t, Path dir) throws IOException {
        Path module = Files.createDirectory(dir.resolve("m"));
        Path src = Path.of(t.file.toString().replaceFirst("\\.go$", ".dir"));
        RunDirs.layOut(src, module, t.flags.contains("-s"));
        Map<String, List<Path>> packages = new LinkedHashMap<>();
        try (Stream<Path> s = Files.walk(module)) {
            for (Path f : s.filter(p -> p.toString().endsWith(".go")).sorted().toList()) {
                packages.computeIfAbsent(module.relativize(f.getParent()).toString(), k -> new ArrayList<>()).add(f);
            }
        }
        StringBuilder config = new StringBuilder();
        Path file = dir.resolve("importcfg");
        for (Map.Entry<String, List<Path>> p : packages.entrySet()) {
            Files.writeString(file, config);
            Path out = Files.createDirectories(dir.resolve("objects").resolve(p.getKey()));
            String why = compile(out, "test/" + p.getKey(), t, p.getValue(), List.of("-importcfg=" + file));
            if (why != null) {
                return p.getKey() + ": " + why;
            }
            config.append("packagefile test/").append(p.getKey()).append('=').append(out.resolve("a.o")).append('\n');
        }
        return null;
    }

    private String build(TestCase t, Path dir) {
        List<String> cmd = new ArrayList<>(List.of("build", "-o", dir.resolve("a.exe").toString()));
        cmd.addAll(t.flags);
        cmd.add(t.file.toString());
        t.files.forEach(f -> cmd.add(f.toString()));
        return brief(Mica.run(cmd, dir));
    }

    private static String brief(String s) {
        if (s == null) {
            return null;
        }
        String one = s.strip().replace("\n", " | ");
        return one.length() > 300 ? one.substring(0, 300) : one;
    }

    private int report() {
        int unexpected = args.unexpected(failures.keySet(), passed);
        int total = passed.size() + failures.size();
        System.out.println("GOROOT/test compile: " + passed.size() + " of " + total + " cases pass, " + failures.size() + " known failures, " + unexpected
                + " unexpected");
        return unexpected == 0 ? 0 : 1;
    }
}
