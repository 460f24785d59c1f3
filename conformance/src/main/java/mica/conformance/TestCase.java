// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One file of GOROOT/test with the directive that says what to do with it. */
final class TestCase {
    /** run, rundir, runoutput, compile, ... */
    final String action;
    /** Words behind the action: flags first, then arguments of the program. */
    final List<String> flags = new ArrayList<>();

    final List<String> args = new ArrayList<>();
    /** Further source files that belong to the program. */
    final List<Path> files = new ArrayList<>();
    /** Path relative to GOROOT/test, with slashes: the case's name. */
    final String name;
    final Path file;
    /** The //go:build line's expression, or null. */
    final String constraint;

    private TestCase(String action, String name, Path file, String constraint) {
        this.action = action;
        this.name = name;
        this.file = file;
        this.constraint = constraint;
    }

    /** Reads the head of a file; null if it has no directive. */
    static TestCase read(Path testDir, Path file) throws IOException {
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        String constraint = mica.syntax.BuildConstraints.expression(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        for (String line : text.split("\n", 200)) {
            String s = line.strip();
            if (s.startsWith("// ") && !s.startsWith("// +build")) {
                TestCase t = directive(s.substring(3).strip(), testDir, file, constraint);
                if (t != null) {
                    return t;
                }
            } else if (!s.isEmpty() && !s.startsWith("//") && !s.startsWith("/*")) {
                return null;
            }
        }
        return null;
    }

    private static TestCase directive(String s, Path testDir, Path file, String constraint) {
        String word = s.split("\\s+", 2)[0];
        switch (word) {
            case "run", "rundir", "runoutput", "runindir", "compile", "compiledir", "build", "builddir", "buildrun",
                    "buildrundir", "errorcheck", "errorcheckdir", "errorcheckoutput", "errorcheckwithauto", "errorcheckandrundiag",
                    "asmcheck", "skip", "cmpout" -> {}
            default -> {
                return null;
            }
        }
        String name = testDir.relativize(file).toString().replace('\\', '/');
        TestCase t = new TestCase(word, name, file, constraint);
        boolean inFlags = true;
        boolean wantsValue = false;
        for (String w : words(s.substring(word.length()))) {
            if (wantsValue) {
                t.flags.add(t.flags.remove(t.flags.size() - 1) + "=" + w);
                wantsValue = false;
            } else if (inFlags && w.startsWith("-")) {
                t.flags.add(w);
                wantsValue = w.equals("-gcflags") || w.equals("-ldflags") || w.equals("-goexperiment");
            } else if (inFlags && w.endsWith(".go") && Files.exists(file.resolveSibling(w))) {
                t.files.add(file.resolveSibling(w).normalize());
            } else {
                inFlags = false;
                t.args.add(w);
            }
        }
        return t;
    }

    /** Splits at blanks, with quotes as a shell reads them. */
    static List<String> words(String s) {
        List<String> out = new ArrayList<>();
        StringBuilder cur = null;
        char quote = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    cur.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                cur = cur == null ? new StringBuilder() : cur;
            } else if (c == ' ' || c == '\t') {
                if (cur != null) {
                    out.add(cur.toString());
                    cur = null;
                }
            } else {
                cur = cur == null ? new StringBuilder() : cur;
                cur.append(c);
            }
        }
        if (cur != null) {
            out.add(cur.toString());
        }
        return out;
    }
}
