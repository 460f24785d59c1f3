// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * GOROOT/test: the cases with the directives run, rundir and runoutput.
 *
 * <p>Usage: {@code GorootTests [-run regexp] [-known file] [-update] [-jobs n] [-objects] [-v]}; with -objects each
 * program goes through an object file (mica tool compile, mica tool link) and cases of several packages are left out. GOROOT from the environment. Prints one line
 * per case that is not as the list says, a summary {@code N passed, N failed}, and exits 1 if anything was unexpected.
 */
public final class GorootTests {
    private final Path testDir;
    private final Path work;
    private final SuiteArguments args;
    private final boolean objects;
    /** A script named go that runs Mica's command line. */
    private final Path goCommand;
    private final Map<String, String> failures = new TreeMap<>();
    private final TreeSet<String> passed = new TreeSet<>();
    private final AtomicInteger skipped = new AtomicInteger();
    private static final int RUN_SECONDS = 180;

    private GorootTests(SuiteArguments args, Path work) throws IOException {
        this.args = args;
        this.testDir = SuiteArguments.goroot("test");
        this.work = work;
        this.objects = args.has("-objects");
        this.goCommand = Mica.goCommand(work);
    }

    /** See the class. */
    public static void main(String[] argv) throws Exception {
        Path work = Files.createTempDirectory("mica-goroot-tests");
        GorootTests t = new GorootTests(new SuiteArguments(argv, "-jobs=", "-objects"), work);
        int status = t.run();
        t.args.update(t.failures);
        Mica.deleteTree(work);
        System.exit(status);
    }

    private int run() throws Exception {
        List<TestCase> cases = collect();
        ExecutorService pool = Executors.newFixedThreadPool(args.number("-jobs", 2));
        for (TestCase t : cases) {
            pool.execute(() -> judge(t));
        }
        pool.shutdown();
        pool.awaitTermination(10, TimeUnit.HOURS);
        again(cases);
        return report();
    }

    /** Judges what failed unexpectedly once more, alone: some cases measure time or memory, and the machine was busy. */
    private void again(List<TestCase> cases) {
        for (TestCase t : cases) {
            if (failures.containsKey(t.name) && !args.known.containsKey(t.name)) {
                failures.remove(t.name);
                judge(t);
            }
        }
    }

    private List<TestCase> collect() throws IOException {
        List<Path> files;
        try (Stream<Path> s = Files.walk(testDir, 3)) {
            files = s.filter(p -> p.toString().endsWith(".go"))
                    .filter(p -> !p.getParent().toString().endsWith(".dir"))
                    .sorted()
                    .toList();
        }
        List<TestCase> out = new ArrayList<>();
        for (Path p : files) {
            TestCase t = TestCase.read(testDir, p);
            if (t == null || !args.selects(t.name)) {
                continue;
            }
            boolean ours = t.action.equals("run") || t.action.equals("runoutput") || t.action.equals("rundir") && !objects;
            if (ours && Mica.matches(t.constraint)) {
                out.add(t);
            }
        }
        return out;
    }

    private void judge(TestCase t) {
        String why;
        Path dir = null;
        try {
            dir = Files.createTempDirectory(work, "case");
            why = switch (t.action) {
                case "run" -> runFile(t, dir);
                case "runoutput" -> runOutput(t, dir);
                default -> runDir(t, dir);
            };
        } catch (Throwable e) {
            why = "exception: " + e;
        } finally {
            Mica.deleteTree(dir);
        }
        synchronized (this) {
            if (why == null) {
                passed.add(t.name);
                if (args.verbose) {
                    System.out.println("ok   " + t.name);
                }
            } else if (why.startsWith("skip:")) {
                skipped.incrementAndGet();
            } else {
                failures.put(t.name, why);
                if (args.verbose || !args.known.containsKey(t.name)) {
                    System.out.println("FAIL " + t.name + ": " + why);
                }
            }
        }
    }

    private String runFile(TestCase t, Path dir) throws Exception {
        if (t.flags.contains("-race")) {
            return "skip: needs the race detector";
        }
        Path exe = dir.resolve("a.exe");
        List<Path> files = new ArrayList<>(t.files);
        files.add(0, t.file);
        String err = build(t, files, exe, t.file.getParent());
        if (err != null) {
            return err;
        }
        return runProgram(t, exe, dir);
    }

    /** Runs a program and compares both its outputs with the .out file (none: it must print nothing). */
    private String runProgram(TestCase t, Path exe, Path dir) throws Exception {
        List<String> cmd = new ArrayList<>();
        cmd.add(exe.toString());
        cmd.addAll(t.args);
        Process p = Process.run(cmd, t.file.getParent(), environment(), RUN_SECONDS, true);
        if (p.timedOut) {
            return "timeout";
        }
        if (p.status != 0) {
            return "exit status " + p.status + ": " + firstLines(p.output);
        }
        String stem = t.file.toString().substring(0, t.file.toString().length() - 3);
        Path golden = Path.of(stem + ".out");
        String want = Files.exists(golden) ? Files.readString(golden, java.nio.charset.StandardCharsets.ISO_8859_1) : "";
        if (!p.output.replace("\r\n", "\n").equals(want)) {
            return "output differs: " + firstLines(difference(p.output, want));
        }
        return null;
    }

    private String runOutput(TestCase t, Path dir) throws Exception {
        Path exe = dir.resolve("gen.exe");
        List<Path> files = new ArrayList<>(t.files);
        files.add(0, t.file);
        String err = build(t, files, exe, t.file.getParent());
        if (err != null) {
            return err;
        }
        List<String> cmd = new ArrayList<>();
        cmd.add(exe.toString());
        cmd.addAll(t.args);
        Process p = Process.run(cmd, t.file.getParent(), environment(), RUN_SECONDS, false);
        if (p.timedOut || p.status != 0) {
            return "generator: exit status " + p.status + " " + firstLines(p.output);
        }
        Path generated = dir.resolve("tmp__.go");
        Files.writeString(generated, p.output, java.nio.charset.StandardCharsets.ISO_8859_1);
        Path second = dir.resolve("b.exe");
        err = build(t, List.of(generated), second, dir);
        return err != null ? "generated program: " + err : runProgram(t, second, dir);
    }

    /** Each package of x.dir becomes a package of a module named test; relative imports are rewritten to match. */
    private String runDir(TestCase t, Path dir) throws Exception {
        String stem = t.file.toString().substring(0, t.file.toString().length() - 3);
        Path src = Path.of(stem + ".dir");
        Path module = Files.createDirectory(dir.resolve("m"));
        Files.writeString(module.resolve("go.mod"), "module test\n\ngo 1.27\n");
        String mainPackage = RunDirs.layOut(src, module, t.flags.contains("-s"));
        if (mainPackage == null) {
            return "no package main in " + src.getFileName();
        }
        Path exe = dir.resolve("a.exe");
        List<String> cmd = new ArrayList<>(List.of("build", "-o", exe.toString()));
        cmd.addAll(buildFlags(t));
        cmd.add(mainPackage);
        String err = Mica.run(cmd, module);
        return err != null ? "build: " + firstLines(err) : runProgram(t, exe, dir);
    }

    private String build(TestCase t, List<Path> files, Path exe, Path dir) {
        if (objects) {
            return throughObject(t, files, exe, dir);
        }
        List<String> cmd = new ArrayList<>(List.of("build", "-o", exe.toString()));
        cmd.addAll(buildFlags(t));
        for (Path f : files) {
            cmd.add(f.toString());
        }
        String err = Mica.run(cmd, dir);
        return err == null ? null : "build: " + firstLines(err);
    }

    private String throughObject(TestCase t, List<Path> files, Path exe, Path dir) {
        String object = exe + ".o";
        List<String> cmd = new ArrayList<>(List.of("tool", "compile", "-p", "main", "-o", object));
        for (String f : t.flags) {
            if (f.startsWith("-gcflags=")) {
                cmd.addAll(List.of(f.substring("-gcflags=".length()).replace("all=", "").replace("'", "").trim().split(" +")));
            } else if (f.startsWith("-ldflags") || f.startsWith("-tags")) {
                return "skip: linker flags and tags";
            }
        }
        cmd.removeIf(String::isEmpty);
        for (Path f : files) {
            cmd.add(f.toString());
        }
        String err = Mica.run(cmd, dir);
        if (err != null) {
            return "compile: " + firstLines(err);
        }
        err = Mica.run(List.of("tool", "link", "-o", exe.toString(), object), dir);
        return err == null ? null : "link: " + firstLines(err);
    }

    private static List<String> buildFlags(TestCase t) {
        List<String> out = new ArrayList<>();
        for (String f : t.flags) {
            if (f.startsWith("-gcflags") || f.startsWith("-ldflags") || f.startsWith("-tags")) {
                out.add(f);
            }
        }
        return out;
    }

    /** Some cases run {@code go}: it is Mica there. */
    private Map<String, String> environment() {
        Map<String, String> env = new HashMap<>();
        env.put("PATH", goCommand.getParent() + ":" + System.getenv("PATH"));
        env.put("GOROOT", testDir.getParent().toString());
        env.put("GODEBUG", "");
        env.put("GOTRACEBACK", "");
        return env;
    }

    private static String difference(String got, String want) {
        String[] g = got.split("\n", -1);
        String[] w = want.split("\n", -1);
        for (int i = 0; i < Math.max(g.length, w.length); i++) {
            String a = i < g.length ? g[i] : "<end>";
            String b = i < w.length ? w[i] : "<end>";
            if (!a.equals(b)) {
                return "line " + (i + 1) + ": got " + a + " want " + b;
            }
        }
        return "";
    }

    private static String firstLines(String s) {
        String one = s.strip().replace("\n", " | ");
        return one.length() > 220 ? one.substring(0, 220) : one;
    }

    private int report() {
        int unexpected = 0;
        for (String name : failures.keySet()) {
            if (!args.known.containsKey(name)) {
                unexpected++;
            }
        }
        for (String name : args.known.keySet()) {
            if (passed.contains(name) && !args.known.get(name).startsWith("flaky")) {
                System.out.println("PASSES, but is listed as failing: " + name);
                unexpected++;
            }
        }
        PrintStream out = System.out;
        int total = passed.size() + failures.size();
        out.printf("GOROOT/test: %d of %d cases pass (%.1f %%), %d known failures, %d unexpected%n", passed.size(), total,
                total == 0 ? 0 : 100.0 * passed.size() / total, failures.size(), unexpected);
        out.println(passed.size() + " passed, " + unexpected + " failed, " + skipped.get() + " skipped");
        return unexpected == 0 ? 0 : 1;
    }
}
