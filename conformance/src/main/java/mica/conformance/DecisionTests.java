// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
 * GOROOT/test: the cases that look at the standard compiler's decisions (errorcheck with -m). Counts which of the expected remarks
 * Mica makes too. Where Mica decides otherwise it must say otherwise, so not all can appear: the list of those that do not gives a
 * reason for each, and can only shrink.
 *
 * <p>Usage: {@code DecisionTests [-run regexp] [-known file] [-update] [-v] [-bonus]}. -bonus looks at the cases about bounds
 * checks, nil checks, write barriers and liveness instead, and only counts.
 */
public final class DecisionTests {
    private static final Pattern PRINTED = Pattern.compile("(.+?\\.go):(\\d+): (.*)");
    /** Remarks that must appear, of a hundred; only rises. */
    private static final int LEAST_PERCENT = 76;

    private final Path testDir;
    private final SuiteArguments args;
    private final boolean bonus;
    private final TreeMap<String, String> missing = new TreeMap<>();
    private final TreeSet<String> met = new TreeSet<>();
    private int files;

    private DecisionTests(SuiteArguments args) throws IOException {
        this.args = args;
        this.testDir = SuiteArguments.goroot("test");
        this.bonus = args.has("-bonus");
    }

    /** See the class. */
    public static void main(String[] argv) throws IOException {
        DecisionTests t = new DecisionTests(new SuiteArguments(argv, "-bonus"));
        t.run();
        t.args.update(t.missing);
        System.exit(t.report(t.args.judged()));
    }

    private void run() throws IOException {
        List<Path> all;
        try (Stream<Path> s = Files.walk(testDir, 4)) {
            all = s.filter(p -> p.toString().endsWith(".go")).sorted().toList();
        }
        for (Path p : all) {
            TestCase t = TestCase.read(testDir, p);
            if (t == null || !t.action.startsWith("errorcheck") || t.action.equals("errorcheckdir") || !args.selects(t.name)) {
                continue;
            }
            boolean remarks = t.flags.stream().anyMatch(f -> f.equals("-m") || f.startsWith("-m="));
            boolean checks = t.flags.stream().anyMatch(f -> f.startsWith("-d=ssa/") || f.startsWith("-d=nil") || f.startsWith("-d=wb") || f.equals("-live"));
            if ((bonus ? checks && !remarks : remarks) && Mica.matches(t.constraint)) {
                judge(t);
            }
        }
    }

    private void judge(TestCase t) throws IOException {
        files++;
        Path object = Files.createTempFile("mica-decisions", ".o");
        List<String> cmd = new ArrayList<>(List.of("tool", "compile", "-C", "-e", "-o", object.toString()));
        if (t.flags.stream().noneMatch(f -> f.startsWith("-p="))) {
            cmd.addAll(List.of("-p", "p"));
        }
        for (String f : t.flags) {
            if (!f.equals("-0") && !f.startsWith("-d=inlfuncs") && !f.equals("-e") && !f.equals("-C") && !f.equals("-smallframes") && !f.equals("-race")) {
                cmd.add(f);
            }
        }
        cmd.add(t.file.toString());
        Map<Integer, List<String>> printed = parse(Mica.output(cmd, t.file.getParent()), t.name);
        Files.deleteIfExists(object);
        SourceFile f = new Sources().add(t.file.toString(), Files.readAllBytes(t.file));
        Map<String, Integer> again = new HashMap<>();
        for (ErrorComments.Expected e : ErrorComments.lines(f)) {
            // the list of known ones separates name and reason by a colon and a blank
            String name = (t.name + ":" + e.line + " " + e.pattern).replace(": ", ":");
            int n = again.merge(name, 1, Integer::sum);
            name = n == 1 ? name : name + " #" + n;
            if (printed.getOrDefault(e.line, List.of()).stream().anyMatch(e::matches)) {
                met.add(name);
            } else {
                missing.put(name, (printed.isEmpty() ? "the case needs what mica tool compile does not find here."
                        : reason(e.pattern, printed.getOrDefault(e.line, List.of()))) + " " + printed.getOrDefault(e.line, List.of()));
            }
        }
    }

    /** Which of Mica's ways makes it say something else; the list of known ones begins with this. */
    private static String reason(String pattern, List<String> printed) {
        String p = String.join(" ", printed);
        if (pattern.contains("self-assignment")) {
            return "Mica has no rule for self-assignments; it follows the pointers.";
        } else if (pattern.contains("kept alive")) {
            return "loops of testing.B are nothing special to Mica.";
        } else if (pattern.contains("live at") || pattern.contains("stack object")) {
            return "Mica's stack maps hold other values here.";
        } else if (pattern.contains("uintptr")) {
            return "Mica keeps such objects alive without a remark.";
        } else if (pattern.contains("mutate") || pattern.contains("calls param")) {
            return "Mica does not tell mutations from other uses.";
        } else if (pattern.contains("zero-copy")) {
            return "Mica copies here.";
        } else if (pattern.contains("bounds check")) {
            return "Mica leaves the check out while it builds the code, or keeps it.";
        } else if (pattern.contains("inline") || pattern.contains("inlining")) {
            return "Mica weighs the body by its operations, and decided otherwise or earlier.";
        } else if (pattern.contains("devirtualizing")) {
            return "Mica knows the dynamic type only where it is converted in sight, on all ways.";
        } else if (pattern.contains("moved to heap") || pattern.contains("escapes to heap")) {
            return p.contains("does not escape") || printed.isEmpty() ? "Mica finds that it stays, or that nobody uses it." : "Mica calls the expression otherwise.";
        } else if (pattern.contains("leaking")) {
            return p.contains("leaking") ? "Mica's summary has another level or way." : "Mica finds that it does not leak, or nobody uses it.";
        } else if (pattern.contains("does not escape")) {
            return "Mica looks a few calls deep, and takes for escaping what it does not see.";
        }
        return "Mica makes no such remark.";
    }

    private Map<Integer, List<String>> parse(String text, String name) {
        Map<Integer, List<String>> out = new HashMap<>();
        for (String line : text.split("\n")) {
            Matcher m = PRINTED.matcher(line);
            if (m.matches()) {
                out.computeIfAbsent(Integer.parseInt(m.group(2)), k -> new ArrayList<>()).add(m.group(3));
            } else if (!line.isBlank() && args.verbose) {
                System.out.println(name + " printed: " + line);
            }
        }
        return out;
    }

    private int report(boolean judged) {
        int unexpected = 0;
        for (Map.Entry<String, String> e : missing.entrySet()) {
            boolean listed = args.known.containsKey(e.getKey());
            if (args.verbose || judged && !listed) {
                System.out.println("MISSING " + e.getKey() + ": " + e.getValue());
            }
            unexpected += judged && !listed ? 1 : 0;
        }
        for (String name : args.known.keySet()) {
            if (met.contains(name)) {
                System.out.println("APPEARS, but is listed as missing: " + name);
                unexpected++;
            }
        }
        int total = met.size() + missing.size();
        int percent = total == 0 ? 0 : met.size() * 100 / total;
        System.out.println("GOROOT/test " + (bonus ? "checks" : "decisions") + ": " + met.size() + " of " + total + " expected remarks appear (" + percent
                + " %), in " + files + " files, " + unexpected + " unexpected");
        return unexpected == 0 && (!judged || percent >= LEAST_PERCENT) ? 0 : 1;
    }
}
