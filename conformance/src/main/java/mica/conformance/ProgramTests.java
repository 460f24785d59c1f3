// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The programs of {@code examples/} and {@code conformance/programs/}: each is built, must be a static executable, and must print what
 * its file expected.txt says; examples are built once more with everything compiled, and must come out the same. Hello is built from different folders, by one worker and by many, and must come out the same to the byte.
 *
 * <p>Usage: {@code ProgramTests [name ...]}. Prints one line per failure and {@code N passed, N failed}; exits 1 if any failed.
 */
public final class ProgramTests {
    private static final int RUN_SECONDS = 120;
    private static final int CROWDED_BUILDS = 3;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;

    private final Path work;
    private int passed;
    private int failed;

    private ProgramTests(Path work) {
        this.work = work;
    }

    /** See the class. */
    public static void main(String[] names) throws Exception {
        Path work = Files.createTempDirectory("mica-programs");
        ProgramTests t = new ProgramTests(work);
        List<String> only = Arrays.asList(names);
        for (String folder : new String[] {"examples", "conformance/programs"}) {
            for (Path dir : programs(Mica.home().resolve(folder))) {
                if (only.isEmpty() || only.contains(dir.getFileName().toString())) {
                    t.report(dir.getFileName().toString(), t.judge(dir));
                }
            }
        }
        if (only.isEmpty()) {
            t.report("same bytes from two folders", t.sameBytes("hello", "", ""));
            for (int i = 0; i < CROWDED_BUILDS; i++) {
                t.report("same bytes by one worker and by many", t.sameBytes("jsons", "-gcflags=-c=1", "-gcflags=-c=" + (2 + 7 * i)));
            }
        }
        Mica.deleteTree(work);
        System.out.println("programs: " + t.passed + " passed, " + t.failed + " failed");
        System.exit(t.failed == 0 ? 0 : 1);
    }

    private static List<Path> programs(Path folder) throws IOException {
        try (Stream<Path> s = Files.list(folder)) {
            return s.filter(d -> Files.exists(d.resolve("expected.txt"))).sorted().toList();
        }
    }

    private void report(String name, String why) {
        if (why == null) {
            passed++;
        } else {
            failed++;
            System.out.println("FAIL " + name + ": " + why);
        }
    }

    /** Null if all is well, else what is wrong. */
    private String judge(Path dir) throws Exception {
        String name = dir.getFileName().toString();
        Path exe = work.resolve(name + ".exe");
        String err = Mica.run(List.of("build", "-o", exe.toString(), source(dir, name)), dir);
        if (err != null) {
            return "build: " + err;
        }
        if (dir.getParent().endsWith("examples")) {
            // Whatever functions earlier builds left, the same comes out.
            Path afresh = work.resolve("afresh.exe");
            err = Mica.run(List.of("build", "-a", "-o", afresh.toString(), source(dir, name)), dir);
            if (err != null || Files.mismatch(exe, afresh) >= 0) {
                return err != null ? "build -a: " + err : "other bytes than if everything is compiled";
            }
        }
        err = notStatic(exe);
        if (err != null) {
            return err;
        }
        List<String> command = new ArrayList<>(List.of(exe.toString()));
        Path args = dir.resolve("args");
        if (Files.exists(args)) {
            command.addAll(TestCase.words(Files.readString(args).strip()));
        }
        Process p = Process.run(command, dir, Map.of(), RUN_SECONDS, true);
        if (p.timedOut || p.status != 0) {
            return (p.timedOut ? "timeout" : "exit status " + p.status) + ": " + p.output;
        }
        String want = Files.readString(dir.resolve("expected.txt"), StandardCharsets.ISO_8859_1);
        return p.output.equals(want) ? null : "prints\n" + p.output + "and should print\n" + want;
    }

    private static String source(Path dir, String name) {
        return Files.exists(dir.resolve("go.mod")) ? "." : name + ".go";
    }

    /** Reads the program headers: no interpreter, no dynamic section. */
    private static String notStatic(Path exe) throws IOException {
        byte[] b = Files.readAllBytes(exe);
        int at = (int) word(b, 32, 8);
        int size = (int) word(b, 54, 2);
        int count = (int) word(b, 56, 2);
        for (int i = 0; i < count; i++) {
            long type = word(b, at + i * size, 4);
            if (type == PT_INTERP || type == PT_DYNAMIC) {
                return "is not static: program header of type " + type;
            }
        }
        return null;
    }

    private static long word(byte[] b, int at, int width) {
        long v = 0;
        for (int i = width - 1; i >= 0; i--) {
            v = v << 8 | b[at + i] & 0xff;
        }
        return v;
    }

    /** Builds an example in two folders, each with a flag of its own ("" = none). */
    private String sameBytes(String name, String... flags) throws Exception {
        byte[][] images = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path dir = Files.createDirectories(work.resolve("folder" + i * 1000));
            Path source = dir.resolve(name + ".go");
            Files.copy(Mica.home().resolve("examples/" + name + "/" + name + ".go"), source, StandardCopyOption.REPLACE_EXISTING);
            List<String> command = new ArrayList<>(List.of("build", "-a", "-trimpath", "-o", "out", name + ".go"));
            if (!flags[i].isEmpty()) {
                command.add(1, flags[i]);
            }
            String err = Mica.run(command, dir);
            if (err != null) {
                return "build: " + err;
            }
            images[i] = Files.readAllBytes(dir.resolve("out"));
        }
        int k = Arrays.mismatch(images[0], images[1]);
        return k < 0 ? null : "the executables differ at byte " + k;
    }
}
