// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.syntax.ErrorComments;

/**
 * GOROOT/test: the cases with the directive errorcheck, as far as they ask for errors (and not for what the standard compiler's
 * optimizer decides): {@code mica tool compile} must report what their comments demand, and nothing else.
 *
 * <p>Usage: {@code ErrorCheckTests [-run regexp] [-known file] [-update] [-v]}; prints as {@link GorootTests} does.
 */
public final class ErrorCheckTests {
    private static final Pattern LINE = Pattern.compile("(.+?\\.go):(\\d+): (.*)");

    private final Path testDir;
    private final SuiteArguments args;
    private final Map<String, String> failures = new TreeMap<>();
    private final TreeSet<String> passed = new TreeSet<>();
    private int skipped;

    private ErrorCheckTests(SuiteArguments args) throws IOException {
        this.args = args;
        this.testDir = SuiteArguments.goroot("test");
    }

    /** See the class. */
    public static void main(String[] argv) throws IOException {
        ErrorCheckTests t = new ErrorCheckTests(new SuiteArguments(argv));
        t.run();
        t.args.update(t.failures);
        System.exit(t.report());
    }

    private void run() throws IOException {
        List<Path> files;
        try (Stream<Path> s = Files.walk(testDir, 3)) {
            files = s.filter(p -> p.toString().endsWith(".go")).sorted().toList();
        }
        for (Path p : files) {
            TestCase t = TestCase.read(testDir, p);
            if (t == null || !t.action.equals("errorcheck") || !args.selects(t.name)) {
                continue;
            }
            List<String> flags = flags(t);
            if (flags == null || !Mica.matches(t.constraint)) {
                skipped++;
                continue;
            }
            judge(t, flags);
        }
    }

    /** The flags for the compiler, or null if the case is about more than errors. */
    private static List<String> flags(TestCase t) {
        List<String> out = new ArrayList<>();
        if (!t.args.isEmpty()) {
            return null;
        }
        for (String f : t.flags) {
            if (f.startsWith("-lang=") || f.equals("-std") || f.equals("-+") || f.equals("-complete")) {
                out.add(f);
            } else if (!f.equals("-d=panic") && !f.equals("-e") && !f.equals("-C")) {
                return null;
            }
        }
        return out;
    }

    private void judge(TestCase t, List<String> flags) throws IOException {
        Path object = Files.createTempFile("mica-errorcheck", ".o");
        List<String> cmd = new ArrayList<>(List.of("tool", "compile", "-p", "p", "-C", "-e", "-o", object.toString()));
        cmd.addAll(flags);
        cmd.add(t.file.toString());
        String printed = Mica.output(cmd, t.file.getParent());
        Files.deleteIfExists(object);
        SourceFile f = new Sources().add(t.file.toString(), Files.readAllBytes(t.file));
        List<String> wrong = new ArrayList<>();
        List<ErrorComments.Reported> reported = parse(printed, wrong);
        wrong.addAll(ErrorComments.compare(ErrorComments.lines(f), reported, false));
        if (wrong.isEmpty()) {
            passed.add(t.name);
        } else {
            String why = String.join(" | ", wrong);
            failures.put(t.name, why.length() > 300 ? why.substring(0, 300) : why);
            if (args.verbose || !args.known.containsKey(t.name)) {
                System.out.println("FAIL " + t.name + ": " + failures.get(t.name));
            }
        }
    }

    /** Errors as printed; a line that begins with a tab belongs to the error before it. Other lines go to {@code wrong}. */
    private static List<ErrorComments.Reported> parse(String printed, List<String> wrong) {
        List<String> joined = new ArrayList<>();
        for (String line : printed.split("\n")) {
            if (line.startsWith("\t") && !joined.isEmpty()) {
                joined.set(joined.size() - 1, joined.get(joined.size() - 1) + "\n" + line);
            } else if (!line.isEmpty()) {
                joined.add(line);
            }
        }
        List<ErrorComments.Reported> out = new ArrayList<>();
        for (String e : joined) {
            String first = e.contains("\n") ? e.substring(0, e.indexOf('\n')) : e;
            Matcher m = LINE.matcher(first);
            if (m.matches()) {
                String text = m.group(3) + e.substring(first.length());
                out.add(new ErrorComments.Reported(Integer.parseInt(m.group(2)), 0, text));
            } else {
                wrong.add("printed: " + e);
            }
        }
        return out;
    }

    private int report() {
        int unexpected = args.unexpected(failures.keySet(), passed);
        int total = passed.size() + failures.size();
        System.out.println("GOROOT/test errorcheck: " + passed.size() + " of " + total + " cases pass, " + failures.size()
                + " failures, " + unexpected + " unexpected, " + skipped + " skipped");
        return unexpected == 0 ? 0 : 1;
    }
}
