// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tests of GOROOT's own packages, each built by {@code mica test} and run on Mica's runtime (with -short). A case is a test of a
 * package, {@code path.TestName}, or a package as a whole where its binary cannot be built or does not end by itself.
 *
 * <p>Usage: {@code StdTests [-all] [-run regexp] [-known file] [-update] [-jobs n] [-logs folder] [-long] [-v]}. Without -all or -run a selection is tested that
 * ends in a few minutes; -run takes all packages whose path matches. Packages of which the list of known failures names no test but
 * itself are not run again, but for -update. With -logs the whole output of each package that fails is kept there; -long tests without
 * -short. Prints one line per case that is not as the list says; exits 1 if anything was unexpected.
 */
public final class StdTests {
    private static final List<String> SELECTION = List.of("errors", "bytes", "strings", "strconv", "unicode/utf8", "sort", "slices",
            "maps", "container/heap", "math", "math/bits", "bufio", "fmt", "io", "context", "encoding/json", "encoding/base64",
            "text/template", "weak", "iter", "path/filepath", "compress/flate", "internal/sync", "flag");
    private static final Pattern FAILED = Pattern.compile("^--- FAIL: (\\S+) ", Pattern.MULTILINE);
    /** For the binary; a package that takes longer is a failure. */
    private static final String TIMEOUT = "150s";

    private final SuiteArguments args;
    private final Map<String, String> failures = new TreeMap<>();
    private final TreeSet<String> tested = new TreeSet<>();
    private int passed;

    private StdTests(SuiteArguments args) {
        this.args = args;
    }

    /** See the class. */
    public static void main(String[] argv) throws Exception {
        SuiteArguments args = new SuiteArguments(argv, "-all", "-jobs=", "-logs=", "-long");
        StdTests t = new StdTests(args);
        int status = t.run(args.has("-all") || args.only != null ? packages(SuiteArguments.goroot("src"), args) : SELECTION);
        Map<String, String> keep = new TreeMap<>(t.failures);
        args.known.forEach((name, why) -> {
            if (!t.tested.contains(packageOf(name))) {
                keep.put(name, why);
            }
        });
        args.update(keep);
        System.exit(status);
    }

    /** Packages with tests, in the order of their paths; the commands, vendored code and package runtime, which is ours, left out. */
    private static List<String> packages(Path src, SuiteArguments args) throws IOException {
        TreeSet<String> out = new TreeSet<>();
        try (Stream<Path> s = Files.walk(src)) {
            s.filter(f -> f.toString().endsWith("_test.go")).forEach(f -> out.add(src.relativize(f.getParent()).toString()));
        }
        out.removeIf(p -> p.isEmpty() || p.equals("runtime") || p.startsWith("cmd/") || p.equals("cmd") || p.startsWith("vendor/")
                || p.contains("testdata") || !args.selects(p));
        return List.copyOf(out);
    }

    /** The package of a case: what stands before the dot of ".TestName". */
    private static String packageOf(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
        return dot < 0 ? name : name.substring(0, dot);
    }

    private int run(List<String> packages) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(args.number("-jobs", 2));
        for (String p : packages) {
            if (args.update || !args.known.containsKey(p)) {
                pool.execute(() -> record(p, judge(p)));
            }
        }
        pool.shutdown();
        pool.awaitTermination(10, TimeUnit.HOURS);
        // once more, alone: some tests measure time, and the machine was busy
        for (String p : packages) {
            if (unexpected(p)) {
                failures.keySet().removeIf(name -> packageOf(name).equals(p));
                record(p, judge(p));
            }
        }
        return report();
    }

    private synchronized boolean unexpected(String p) {
        return failures.keySet().stream().anyMatch(name -> packageOf(name).equals(p) && !args.known.containsKey(name));
    }

    private synchronized void record(String p, Map<String, String> failed) {
        tested.add(p);
        failures.putAll(failed);
        if (args.verbose) {
            System.out.println((failed.isEmpty() ? "ok   " : "FAIL ") + p);
            failed.forEach((name, why) -> System.out.println("     " + name + ": " + why));
        }
    }

    /** Tests one package; failed cases with the first words about each. */
    private Map<String, String> judge(String p) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Map<String, String> env = new HashMap<>(System.getenv());
        env.remove("GODEBUG");
        env.remove("GOTRACEBACK");
        List<String> command = new ArrayList<>(List.of("test", "-timeout=" + TIMEOUT, p));
        if (!args.has("-long")) {
            command.add(1, "-short");
        }
        int status = mica.cli.Main.run(command.toArray(new String[0]), Mica.home(), env, out, out);
        String text = bytes.toString(StandardCharsets.UTF_8);
        Map<String, String> failed = new TreeMap<>();
        if (status == 0) {
            return failed;
        }
        keep(p, text);
        Matcher m = FAILED.matcher(text);
        while (m.find()) {
            failed.put(p + "." + m.group(1), firstLine(text.substring(m.end())));
        }
        // a binary that ended early has not run the tests behind: its last test counts, and so does the package
        if (failed.isEmpty() || text.contains("\npanic: ") || text.startsWith("panic: ") || text.contains("fatal error: ")) {
            int at = Math.max(text.indexOf("panic: "), text.indexOf("fatal error: "));
            failed.put(p, firstLine(at < 0 ? text : text.substring(at)));
        }
        return failed;
    }

    private void keep(String p, String output) {
        if (args.has("-logs")) {
            try {
                Path folder = Files.createDirectories(Path.of(args.value("-logs")));
                Files.writeString(folder.resolve(p.replace('/', '+') + ".txt"), output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String firstLine(String s) {
        for (String line : s.split("\n")) {
            String l = line.strip();
            if (!l.isEmpty() && !l.startsWith("(") && !l.startsWith("# ")) {
                return l;
            }
        }
        return "fails";
    }

    private int report() {
        int unexpected = 0;
        for (Map.Entry<String, String> e : failures.entrySet()) {
            if (!args.known.containsKey(e.getKey())) {
                unexpected++;
                System.out.println("FAIL " + e.getKey() + ": " + e.getValue());
            }
        }
        for (Map.Entry<String, String> e : args.known.entrySet()) {
            String p = packageOf(e.getKey());
            boolean looked = tested.contains(p) && !failures.containsKey(p);
            if (looked && !failures.containsKey(e.getKey()) && !e.getValue().startsWith("flaky")) {
                unexpected++;
                System.out.println("PASSES, but is listed as failing: " + e.getKey());
            }
        }
        for (String p : tested) {
            passed += failures.keySet().stream().anyMatch(name -> packageOf(name).equals(p)) ? 0 : 1;
        }
        System.out.printf("GOROOT/src: %d of %d packages pass all their tests, %d known failures, %d unexpected%n", passed, tested.size(),
                failures.size(), unexpected);
        System.out.println("std: " + passed + " passed, " + unexpected + " failed");
        return unexpected == 0 ? 0 : 1;
    }
}
