// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs every command of docs/tour.md in a copy of examples/tour and compares what it prints with what the text says. A command is a line that begins with
 * {@code $} inside a fence; what follows it, up to the next command, is its output. {@code -update} writes the outputs anew.
 */
public final class TourTests {
    private static final int SECONDS = 120;

    private final Path work;
    private final Map<String, String> env;
    private final boolean update;
    private final StringBuilder text = new StringBuilder();
    private int commands;
    private int failed;

    private TourTests(Path work, boolean update) throws IOException {
        this.work = work;
        this.update = update;
        Path go = Mica.goCommand(work);
        Files.move(go, go.resolveSibling("mica"));
        this.env = Map.of("PATH", go.getParent() + ":" + System.getenv("PATH"));
    }

    public static void main(String[] args) throws Exception {
        boolean update = List.of(args).contains("-update");
        Path work = Files.createTempDirectory("mica-tour");
        Path doc = Mica.home().resolve("docs/tour.md");
        TourTests t = new TourTests(work, update);
        try {
            copy(Mica.home().resolve("examples/tour"), work.resolve("tour"));
            Process traced = t.shell("mica build -o probe . && mica trace -boot -o /dev/null ./probe; status=$?; rm -f probe; exit $status");
            if (traced.status != 0 && traced.output.contains("ptrace: ")) {
                System.out.println("tour: ptrace is forbidden here, nothing tested: " + traced.output.strip());
                return;
            }
            t.run(Files.readAllLines(doc));
        } finally {
            Mica.deleteTree(work);
        }
        if (update) {
            Files.writeString(doc, t.text.toString());
        }
        System.out.println("tour: " + t.commands + " commands, " + t.failed + (update ? " written anew" : " failed"));
        System.exit(t.failed == 0 || update ? 0 : 1);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> s = Files.walk(from)) {
            for (Path p : s.toList()) {
                Path q = to.resolve(from.relativize(p).toString());
                if (Files.isDirectory(p)) {
                    Files.createDirectories(q);
                } else {
                    Files.copy(p, q);
                }
            }
        }
    }

    private Process shell(String command) throws IOException, InterruptedException {
        return Process.run(List.of("sh", "-c", command), work.resolve("tour"), env, SECONDS, true);
    }

    private void run(List<String> lines) throws Exception {
        boolean fence = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            fence ^= line.startsWith("```");
            text.append(line).append('\n');
            if (fence && line.startsWith("$ ")) {
                List<String> want = new ArrayList<>();
                while (i + 1 < lines.size() && !lines.get(i + 1).startsWith("$ ") && !lines.get(i + 1).startsWith("```")) {
                    want.add(lines.get(++i));
                }
                command(line.substring(2), want);
            }
        }
    }

    private void command(String command, List<String> want) throws Exception {
        commands++;
        Process p = shell(command);
        String output = new String(p.output.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8);
        List<String> got = output.lines().map(String::stripTrailing).toList();
        boolean same = !p.timedOut && same(got, want);
        if (!same) {
            failed++;
            if (!update) {
                System.out.println("FAIL " + command + (p.timedOut ? ": timeout" : "\nprints\n" + String.join("\n", got) + "\nand should print\n" + String.join("\n", want)));
            }
        }
        for (String s : same ? want : got) {
            text.append(s).append('\n');
        }
    }

    private static boolean same(List<String> a, List<String> b) {
        return a.stream().map(TourTests::constant).toList().equals(b.stream().map(TourTests::constant).toList());
    }

    /** A line without what differs from run to run or with every change of the library: times and sizes with a fraction, nanoseconds, addresses, columns. */
    static String constant(String line) {
        return line.replaceAll("\\b[0-9]+\\.[0-9]+\\b", "#").replaceAll("\\b(0x)?[0-9a-f]{5,16}\\b", "#").replaceAll("^boot [0-9]+", "boot #")
                .replaceAll("\\b[0-9]+ KiB", "# KiB").replaceAll("\\[[0-9]+\\]", "[#]").replaceAll("[ \t]+", " ").strip();
    }
}
