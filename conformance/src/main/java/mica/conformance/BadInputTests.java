// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import mica.cli.Main;
import mica.obj.Bytes;
import mica.obj.ElfFile;

/**
 * Every view of files on files of every kind: those of Mica, of the standard compiler, of a C compiler and its tools, for this machine and for
 * others; cut off, with absurd numbers in their headers, and what is no such file at all. A view prints what it is for and ends with 0, or prints
 * one line that names the file, and ends with 1. So do outputs that cannot be written.
 *
 * <p>Usage: {@code BadInputTests [-n COUNT] [-seed SEED] [-v] [part of a file's name]}: COUNT damaged files (150) beside the whole ones.
 */
public final class BadInputTests {
    private static final int SECONDS = 120;
    /** Nanoseconds within which a view of a small file has its answer. */
    private static final long LIMIT = 20_000_000_000L;
    /** FILE is the file, GOOD an executable without a fault. */
    private static final String[] VIEWS = {
        "size FILE", "size -json FILE", "size -tree FILE", "size FILE GOOD", "size GOOD FILE", "why FILE main.main", "why -json FILE os.Stdout", "inspect FILE",
        "inspect -json FILE", "tool nm FILE", "tool nm -n -size -type FILE", "tool objdump FILE", "tool objdump -s main FILE", "tool objdump -S -json -s main FILE", "tool objdump -r FILE",
        "tool objdump -r -json FILE", "tool addr2line FILE", "version FILE", "version -m FILE"
    };

    private final Path work;
    private final Map<String, byte[]> seeds = new LinkedHashMap<>();
    private final TreeMap<String, String> wrong = new TreeMap<>();
    private boolean verbose;
    private int ran;

    private BadInputTests(Path work) {
        this.work = work;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        BadInputTests t = new BadInputTests(Files.createTempDirectory("mica-bad-input"));
        int count = 150;
        long seed = 1;
        String only = "";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-n" -> count = Integer.parseInt(args[++i]);
                case "-seed" -> seed = Long.parseLong(args[++i]);
                case "-v" -> t.verbose = true;
                default -> only = args[i];
            }
        }
        t.own();
        t.seeds.put("goobject.a", Files.readAllBytes(Mica.home().resolve("toolchain/testdata/goobj/p-amd64.a")));
        for (Path p : ForeignFiles.make(t.work)) {
            t.seeds.put(p.getFileName().toString(), Files.readAllBytes(p));
        }
        t.run(only, count, new Random(seed));
        if (only.isEmpty()) {
            t.outputs();
        }
        t.wrong.values().forEach(System.out::println);
        Mica.deleteTree(t.work);
        System.out.println("bad input: " + t.ran + " views of files, " + t.wrong.size() + " kinds of wrong answers");
        System.exit(t.wrong.isEmpty() && t.ran > 0 ? 0 : 1);
    }

    // ---- files ----

    private void own() throws IOException {
        Files.writeString(work.resolve("a.go"), "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"x\") }\n");
        Files.writeString(work.resolve("b.s"), "DATA d<>+0(SB)/8, $1\nGLOBL d<>(SB), 8, $8\nTEXT ·f(SB), 0, $16-8\n\tMOVQ d<>(SB), AX\n\tCALL ·g(SB)\n\tRET\n");
        for (String c : new String[] {"build -o good a.go", "build -ldflags=-s -o stripped a.go", "build -ldflags=-emit-relocs -o relocs a.go", "tool compile -o compiled.o a.go",
            "tool asm -o assembled.o b.s", "tool pack c archive.a compiled.o assembled.o"}) {
            String problem = Mica.run(List.of(c.split(" ")), work);
            if (problem != null) {
                throw new IOException(c + ": " + problem);
            }
        }
        for (String f : new String[] {"good", "stripped", "relocs", "compiled.o", "assembled.o", "archive.a"}) {
            seeds.put(f, Files.readAllBytes(work.resolve(f)));
        }
    }

    // ---- views of them ----

    private void run(String only, int count, Random random) throws IOException {
        Map<String, byte[]> none = new LinkedHashMap<>();
        none.put("text", "no program\n".getBytes(StandardCharsets.UTF_8));
        none.put("empty", new byte[0]);
        none.put("magic", new byte[] {0x7f, 'E', 'L', 'F'});
        none.put("zeros", new byte[4096]);
        none.put("ones", bytes(4096, 0xff));
        none.put("archive-magic", "!<arch>\n".getBytes(StandardCharsets.UTF_8));
        none.put("mz", Arrays.copyOf("MZ".getBytes(StandardCharsets.UTF_8), 64));
        for (Map.Entry<String, byte[]> e : none.entrySet()) {
            if (e.getKey().contains(only)) {
                views(e.getKey(), e.getValue(), !e.getKey().equals("archive-magic"));
            }
        }
        if ("nosuch directory".contains(only)) {
            Files.createDirectories(work.resolve("directory"));
            all("directory", true);
            all("nosuch", true);
        }
        List<String> names = seeds.keySet().stream().filter(n -> n.contains(only)).toList();
        for (String n : names) {
            views(n, seeds.get(n), false);
        }
        for (int i = 0; i < count && !names.isEmpty(); i++) {
            String n = names.get(i % names.size());
            byte[] b = seeds.get(n);
            if (b.length < 4_000_000) {
                views("damaged-" + n, i % 2 == 0 ? cut(b, random) : absurd(b, random), false);
            }
        }
    }

    private static byte[] bytes(int n, int value) {
        byte[] b = new byte[n];
        Arrays.fill(b, (byte) value);
        return b;
    }

    /** The beginning of a file, often within its headers. */
    private static byte[] cut(byte[] b, Random random) {
        return Arrays.copyOf(b, random.nextBoolean() ? random.nextInt(b.length) : random.nextInt(Math.min(b.length, 2048)));
    }

    /** An absurd number in a header of the file, of a segment or of a section. */
    private static byte[] absurd(byte[] seed, Random random) {
        byte[] b = seed.clone();
        int at = random.nextInt(Math.min(b.length - 8, 1024));
        if (ElfFile.isElf(b) && b[4] == 2 && b[5] == 1 && random.nextInt(3) > 0) {
            int n = Math.max(1, Bytes.load16(b, 60));
            long header = Bytes.load64(b, 40) + 64L * random.nextInt(n);
            at = header >= 0 && header + 64 <= b.length ? (int) header + 4 * random.nextInt(15) : at;
        }
        long[] numbers = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, b.length - 1, b.length, 0x7fffffffL, 0x80000000L, 0xffffffffL, 1L << 40};
        long value = numbers[random.nextInt(numbers.length)];
        switch (random.nextInt(3)) {
            case 0 -> Bytes.store16(b, at, (int) value);
            case 1 -> Bytes.store32(b, at, (int) value);
            default -> Bytes.store64(b, at, value);
        }
        return b;
    }

    private void views(String name, byte[] contents, boolean refuse) throws IOException {
        Files.write(work.resolve(name), contents);
        all(name, refuse);
        if (name.startsWith("damaged-")) {
            Files.delete(work.resolve(name));
        }
    }

    private void all(String name, boolean refuse) throws IOException {
        for (String v : VIEWS) {
            String problem = view(v.replace("FILE", name).replace("GOOD", "good").split(" "), name, refuse);
            ran++;
            if (problem != null) {
                String key = v + ": " + problem.replaceAll("0x[0-9a-f]+|\\d+", "N").replace(name, "FILE");
                if (!wrong.containsKey(key)) {
                    Path kept = name.startsWith("damaged-") ? Files.copy(work.resolve(name), Files.createTempFile("mica-bad-", "-" + name), java.nio.file.StandardCopyOption.REPLACE_EXISTING) : null;
                    wrong.put(key, "FAIL " + v.replace("FILE", name) + ": " + problem + (kept == null ? "" : " (" + kept + ")"));
                }
            }
        }
    }

    // ---- outputs ----

    /** What cannot be written is said, and nothing else is written; a pipe is written to and not replaced. */
    private void outputs() throws Exception {
        Path mica = Mica.goCommand(work);
        Map<String, String> told = new LinkedHashMap<>();
        told.put("size -html nosuch/x.html good", "mica: writing nosuch/x.html: no such file or directory");
        told.put("size -html directory good", "mica: writing directory: is a directory");
        told.put("size -html good/x good", "mica: writing good/x: not a directory");
        told.put("explore -o nosuch/x.html a.go", "mica: writing nosuch/x.html: no such file or directory");
        told.put("build -o linked -ldflags=-Map=nosuch/map a.go", "mica: writing nosuch/map: no such file or directory");
        told.put("trace -maps -o nosuch/t ./good", "mica: writing nosuch/t: no such file or directory");
        for (String view : new String[] {"size good", "tool nm good", "inspect -json good", "explain -json a.go"}) {
            told.put(view + " >/dev/full", "mica: write /dev/stdout: no space left on device");
        }
        told.put("tool nm good | true", "");
        for (Map.Entry<String, String> e : told.entrySet()) {
            Process p = Process.run(List.of("sh", "-c", mica + " " + e.getKey() + " || { s=$?; [ $s = 1 ] || echo status $s; }"), work, Map.of(), SECONDS, true);
            ran++;
            boolean forbidden = e.getKey().startsWith("trace") && p.output.contains("ptrace:");
            if (!p.output.replaceFirst("^x\\n?", "").strip().equals(e.getValue()) && !forbidden) {
                wrong.put(e.getKey(), "FAIL " + e.getKey() + ": " + p.output);
            }
        }
        if (Files.exists(work.resolve("linked"))) {
            wrong.put("linked", "FAIL an executable is there although its map could not be written");
        }
        Process pipe = Process.run(List.of("sh", "-c", "mkfifo pipe && { cat pipe >read & " + mica + " size -html pipe good; wait; } && [ -p pipe ] && grep -q '</html>' read"), work, Map.of(), SECONDS, true);
        if (pipe.status != 0) {
            wrong.put("pipe", "FAIL size -html into a pipe: " + pipe.output);
        }
    }

    /** What is wrong with the answer; null = nothing. */
    private String view(String[] command, String name, boolean refuse) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(new byte[0]));
        long began = System.nanoTime();
        int status = Main.run(command, work, System.getenv(), new PrintStream(out, false, StandardCharsets.UTF_8), new PrintStream(err, false, StandardCharsets.UTF_8));
        long took = System.nanoTime() - began;
        String e = err.toString(StandardCharsets.UTF_8);
        if (verbose) {
            System.out.println(String.join(" ", command) + ": " + status + ", " + out.size() + " bytes, " + took / 1_000_000 + " ms, " + e.strip());
        }
        if (e.contains("internal fault") || e.contains("\tat ") || e.contains("Exception")) {
            return e.strip();
        }
        if (took > LIMIT) {
            return "takes " + took / 1_000_000_000 + " s";
        }
        if (status == 0) {
            return refuse && !command[0].equals("version") ? "is not refused: " + out.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("") : null;
        }
        if (status != 1 || e.strip().lines().count() != 1 && !command[0].equals("version")) {
            return "status " + status + ", " + e.strip();
        }
        if (!e.contains(name)) {
            return "does not name the file: " + e.strip();
        }
        return out.size() > 0 && !command[0].equals("version") ? "has printed " + out.size() + " bytes before: " + e.strip() : null;
    }
}
