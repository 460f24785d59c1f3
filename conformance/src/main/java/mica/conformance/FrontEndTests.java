// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Environment;
import mica.build.Session;

/**
 * The front end against the standard compiler: both must print the same errors (line, column, text) for files of GOROOT/test and of
 * the type checker's tests, as they are (-corpus) or with a few tokens changed at random.
 *
 * <p>Usage: {@code FrontEndTests [-corpus] [-run regexp] [-n mutants] [-seed n] [-least percent] [-save folder]}. -run chooses the files; -save keeps
 * the programs that differ; with -least so many of a hundred must agree (default: all), and none may end with a fault.
 */
public final class FrontEndTests {
    private static final Pattern LANGUAGE = Pattern.compile("^//.*-lang=(go1\\.\\d+)");
    /** Files longer than this make slow mutants. */
    private static final int MAX_LENGTH = 20_000;

    private final SuiteArguments args;
    private final StandardCompiler oracle;
    private final Path work;
    private final Path file;
    private final BuildOptions options = new BuildOptions();
    private final Session session;
    private int same;
    /** Name of a case to what differs. */
    private final Map<String, String> differences = new TreeMap<>();

    private FrontEndTests(SuiteArguments args, Path oracle, Path work) throws BuildException, IOException, InterruptedException {
        this.args = args;
        this.work = work;
        this.oracle = new StandardCompiler(oracle, work);
        this.file = work.resolve("x.go");
        options.plainHeader = true;
        options.packagePath = "p";
        options.allErrors = true;
        session = new Session(new Environment(work, System.getenv(), Mica.home(), List.of()), options, List.of("x.go"));
    }

    /** See the class. */
    public static void main(String[] argv) throws Exception {
        SuiteArguments args = new SuiteArguments(argv, "-corpus", "-n=", "-seed=", "-save=", "-least=");
        Path oracle;
        try {
            oracle = Oracle.find();
        } catch (IOException e) {
            System.out.println("front end: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        }
        Path work = Files.createTempDirectory("mica-front");
        boolean ok;
        try {
            FrontEndTests t = new FrontEndTests(args, oracle, work);
            ok = t.run();
        } finally {
            Mica.deleteTree(work);
        }
        System.exit(ok ? 0 : 1);
    }

    private boolean run() throws Exception {
        List<Path> files = files();
        if (args.has("-corpus")) {
            for (Path p : files) {
                compare(name(p), Files.readAllBytes(p));
            }
        } else {
            Random random = new Random(args.number("-seed", 1));
            for (int i = 0; i < args.number("-n", 300); i++) {
                Path p = files.get(random.nextInt(files.size()));
                compare(name(p) + "#" + i, Mutant.of(Files.readAllBytes(p), random));
            }
        }
        return report();
    }

    private String name(Path p) throws IOException {
        Path test = SuiteArguments.goroot("test");
        return p.startsWith(test) ? test.relativize(p).toString() : p.toString().substring(p.toString().indexOf("/testdata/") + 1);
    }

    private List<Path> files() throws IOException {
        List<Path> out = new ArrayList<>();
        for (Path dir : List.of(SuiteArguments.goroot("test"), SuiteArguments.goroot("src/internal/types/testdata"))) {
            try (Stream<Path> s = Files.walk(dir, 3)) {
                s.filter(p -> p.toString().endsWith(".go") && !p.toString().contains(".dir/") && args.selects(p.toString())
                        && p.toFile().length() < MAX_LENGTH * (args.has("-corpus") ? 20 : 1)).sorted().forEach(out::add);
            }
        }
        return out;
    }

    private void compare(String name, byte[] text) throws Exception {
        Matcher m = LANGUAGE.matcher(new String(text, StandardCharsets.ISO_8859_1));
        options.language = m.find() ? m.group(1) : "";
        Files.write(file, text);
        Set<String> theirs = messages(oracle.errors(file, options.language));
        Set<String> ours = messages(ours(text));
        if (ours.equals(theirs)) {
            same++;
            return;
        }
        StringBuilder difference = new StringBuilder();
        for (String s : union(ours, theirs)) {
            if (!ours.contains(s) || !theirs.contains(s)) {
                difference.append(ours.contains(s) ? "\n    mica " : "\n    gc   ").append(s.replace("\n\t", " \\n "));
            }
        }
        differences.put(name, difference.toString());
        System.out.println("DIFFERS " + name + difference);
        if (args.has("-save")) {
            Path dir = Files.createDirectories(Path.of(args.value("-save")));
            Files.write(dir.resolve(name.replace('/', '_') + ".go"), text);
        }
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new TreeSet<>(java.util.Comparator.comparingInt((String s) -> line(s)).thenComparing(s -> s));
        all.addAll(a);
        all.addAll(b);
        return all;
    }

    private static int line(String message) {
        Matcher m = Pattern.compile("^x\\.go:(\\d+)").matcher(message);
        return m.find() ? Integer.parseInt(m.group(1)) : 0;
    }

    private String ours(byte[] text) throws BuildException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        try {
            session.check(Map.of(file.toAbsolutePath().normalize(), text)).report(out);
        } catch (BuildException e) {
            out.println(e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            out.println("FAULT " + e + " at " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "?"));
        }
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Messages without the folder; lines that begin with a tab belong to the one before. */
    private Set<String> messages(String printed) {
        List<String> out = new ArrayList<>();
        for (String line : printed.replace(work + "/", "").replace("./x.go", "x.go").split("\n")) {
            if (line.startsWith("\t") && !out.isEmpty()) {
                out.set(out.size() - 1, out.get(out.size() - 1) + "\n" + line);
            } else if (!line.isEmpty()) {
                out.add(line);
            }
        }
        return new LinkedHashSet<>(out);
    }

    private boolean report() {
        System.out.println("front end: " + same + " of " + (same + differences.size()) + " programs have the standard compiler's errors");
        boolean faults = differences.values().stream().anyMatch(d -> d.contains("mica FAULT"));
        return !faults && same * 100 >= (same + differences.size()) * args.number("-least", 100);
    }
}
