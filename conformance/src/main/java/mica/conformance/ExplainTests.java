// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * docs/explain.md tells the truth: each block that begins with {@code $ mica} is run in testdata/explain, and must print what the
 * block says. A line {@code ...} stands for any number of lines. Numbers of values and blocks, costs and code bytes may change; of
 * instructions only that there are some.
 *
 * <p>Usage: {@code ExplainTests}. Prints what differs; exits 1 if anything does.
 */
public final class ExplainTests {
    private ExplainTests() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Path dir = Mica.home().resolve("testdata/explain");
        Path goroot = Mica.goroot();
        if (goroot == null) {
            System.out.println("explain: no GOROOT, nothing was run");
            return;
        }
        int blocks = 0;
        int wrong = 0;
        List<String> lines = Files.readAllLines(Mica.home().resolve("docs/explain.md"));
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("$ mica ")) {
                continue;
            }
            String command = lines.get(i).substring("$ mica ".length());
            List<String> expected = new ArrayList<>();
            while (!lines.get(++i).equals("```")) {
                expected.add(lines.get(i));
            }
            blocks++;
            List<String> printed = Mica.output(List.of(command.split(" ")), dir).replace(goroot.toString(), "$GOROOT").lines().toList();
            int bad = firstDifference(expected, printed);
            if (bad >= 0) {
                wrong++;
                System.out.println("FAIL " + command + ": the documented line is not there: " + expected.get(Math.min(bad, expected.size() - 1))
                        + "\n" + String.join("\n", printed));
            }
        }
        System.out.println("explain: " + blocks + " documented outputs, " + wrong + " differ");
        System.exit(wrong == 0 && blocks > 3 ? 0 : 1);
    }

    /** The number of the expected line that is not found where it should be; -1 = all are. */
    private static int firstDifference(List<String> expected, List<String> printed) {
        int at = 0;
        boolean skip = false;
        for (int i = 0; i < expected.size(); i++) {
            String e = expected.get(i);
            if (e.equals("...") || isCode(e)) {
                skip = true;
                continue;
            }
            while (skip && at < printed.size() && !same(e, printed.get(at))) {
                at++;
            }
            if (at == printed.size() || !same(e, printed.get(at))) {
                return i;
            }
            at++;
            skip = false;
        }
        return skip || at == printed.size() ? -1 : expected.size();
    }

    /** SSA values and instructions, which every change of the compiler may alter. */
    private static boolean isCode(String s) {
        return s.matches("( {2})?[0-9a-f]{4}  .*| {2}b[0-9]+  .*");
    }

    private static boolean same(String a, String b) {
        return words(a).equals(words(b));
    }

    private static String words(String s) {
        return s.replaceAll("\\b([vb])[0-9]+\\b", "$1#").replaceAll("cost [0-9]+", "cost #");
    }
}
