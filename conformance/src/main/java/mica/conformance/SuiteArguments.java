// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command line of a suite. Every suite takes {@code -run regexp}, {@code -known file}, {@code -update} and {@code -v}; what else it takes it
 * names. A wrong command line ends the process with status 2.
 */
final class SuiteArguments {
    /** Cases whose name it finds are run; null without -run. */
    final Pattern only;
    final boolean verbose;
    /** Whether the list of known failures is to be written anew; only with -known. */
    final boolean update;
    /** Name to reason; empty without -known. */
    final Map<String, String> known;

    private final Path knownFile;
    private final Map<String, String> given;

    /**
     * Reads a command line.
     *
     * @param more flags beyond those of every suite; one that ends in = takes the word behind it as its value
     */
    SuiteArguments(String[] argv, String... more) throws IOException {
        given = parse(argv, List.of(more));
        only = given.containsKey("-run") ? Pattern.compile(given.get("-run")) : null;
        verbose = has("-v");
        knownFile = given.containsKey("-known") ? Path.of(given.get("-known")) : null;
        update = has("-update") && knownFile != null;
        known = knownFile == null ? Map.of() : KnownFailures.read(knownFile);
    }

    private static Map<String, String> parse(String[] argv, List<String> more) {
        Map<String, String> out = new HashMap<>();
        for (int i = 0; i < argv.length; i++) {
            String a = argv[i];
            boolean valued = a.equals("-run") || a.equals("-known") || more.contains(a + "=");
            if (!valued && !a.equals("-update") && !a.equals("-v") && !more.contains(a) || valued && i + 1 == argv.length) {
                end(valued ? "flag needs an argument: " + a : "unknown flag: " + a);
            }
            out.put(a, valued ? argv[++i] : "");
        }
        return out;
    }

    boolean has(String flag) {
        return given.containsKey(flag);
    }

    /** The word behind a flag; null if it is not given. */
    String value(String flag) {
        return given.get(flag);
    }

    int number(String flag, int otherwise) {
        return given.containsKey(flag) ? Integer.parseInt(given.get(flag)) : otherwise;
    }

    boolean selects(String name) {
        return only == null || only.matcher(name).find();
    }

    /** Whether there is a list that says which cases may fail. */
    boolean judged() {
        return knownFile != null;
    }

    /** How many cases fail or pass against the list; prints a line for each that passes though it is listed. */
    int unexpected(Set<String> failed, Set<String> passed) {
        int n = 0;
        for (String name : failed) {
            n += known.containsKey(name) ? 0 : 1;
        }
        for (String name : known.keySet()) {
            if (passed.contains(name)) {
                System.out.println("PASSES, but is listed as failing: " + name);
                n++;
            }
        }
        return n;
    }

    /** Writes the list of known failures anew, if the command line asks for it. */
    void update(Map<String, String> failures) throws IOException {
        if (update) {
            KnownFailures.write(knownFile, failures, known);
        }
    }

    /** A folder of the Go distribution, links resolved: test or src. */
    static Path goroot(String folder) throws IOException {
        Path goroot = Mica.goroot();
        if (goroot == null) {
            end("no GOROOT with Go 1.27 and its folder test: set GOROOT");
        }
        return goroot.resolve(folder).toRealPath();
    }

    private static void end(String why) {
        System.err.println(why);
        System.exit(2);
    }
}
