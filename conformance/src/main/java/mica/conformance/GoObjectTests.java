// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mica.obj.Archive;
import mica.obj.GoobjNames;

/**
 * Objects of the standard compiler and assembler, for both CPUs: {@code mica tool nm}, {@code objdump}, {@code addr2line} and {@code pack} say of them what the standard tools say. Compared are the
 * archives of some packages and their members; texts of instructions by the rules of {@link ObjdumpTests}.
 *
 * <p>Of an archive, the standard objdump shows the first object only, ours all. Symbols of equal key come in an order that the standard nm leaves to chance.
 *
 * <p>Usage: GoObjectTests [package...]
 */
public final class GoObjectTests {
    /** Generics, closures and constants; assembly of every kind; a large one. */
    private static final List<String> PACKAGES = List.of("slices", "strconv", "internal/bytealg", "crypto/internal/fips140/sha256", "math/big", "reflect", "runtime");

    /** Objects of more bytes are only listed and packed, unless their package was asked for. */
    private static final int MUCH = 3_000_000;

    private final Path oracle;
    private final Path tools;
    private final Path work;
    private final ObjdumpTests instructions;
    private boolean asked;
    private int objects;
    private int failed;

    private GoObjectTests(Path oracle, Path tools, Path work, ObjdumpTests instructions) {
        this.oracle = oracle;
        this.tools = tools;
        this.work = work;
        this.instructions = instructions;
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("mica-objects");
        boolean ok = true;
        try {
            Path oracle = Oracle.find();
            Path tools = OracleTools.find(oracle, "objdump", "nm", "addr2line", "pack");
            for (String arch : List.of("amd64", "arm64")) {
                StandardPackages std = new StandardPackages(oracle, arch, work, Mica.cacheDir().resolve("oracle-build"));
                GoObjectTests t = new GoObjectTests(oracle, tools, work, ObjdumpTests.of(arch.equals("arm64")));
                t.asked = args.length > 0;
                t.builtins(std.builtins());
                for (Map.Entry<String, Path> e : std.archives(args.length == 0 ? PACKAGES : List.of(args)).entrySet()) {
                    t.archive(e.getKey(), e.getValue());
                }
                System.out.println("GoObjectTests " + arch + ": " + t.objects + " objects, " + t.failed + " problems");
                ok &= t.failed == 0 && t.objects > 0;
            }
        } catch (IOException e) {
            System.out.println("GoObjectTests: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        } finally {
            Mica.deleteTree(work);
        }
        System.exit(ok ? 0 : 1);
    }

    private void fail(String text) {
        failed++;
        System.out.println("FAIL " + text);
    }

    /** The names that objects refer to by number are the oracle's. */
    private void builtins(List<String> names) {
        List<String> ours = new ArrayList<>();
        for (int i = 0; i < GoobjNames.builtins(); i++) {
            ours.add(GoobjNames.builtin(i));
        }
        if (!ours.equals(names)) {
            fail("goobj-builtins.txt is not the oracle's list");
        }
    }

    private void archive(String name, Path file) throws Exception {
        String place = name + " ";
        nm(place, file);
        pack(place, file);
        boolean first = true;
        for (Archive.Member m : new Archive(name, Files.readAllBytes(file)).members) {
            if (m.name.equals("__.PKGDEF")) {
                continue;
            }
            Path object = Files.write(work.resolve("x.o"), m.content);
            objects++;
            place = name + " " + m.name;
            nm(place, object);
            if (m.content.length > MUCH && !asked) {
                first = false;
                continue;
            }
            byte[] ours = ours("objdump", object.toString());
            if (!instructions.compare(place, ObjdumpTests.read(theirs("objdump", object.toString())), ObjdumpTests.read(text(ours)))) {
                failed++;
            }
            if (m.name.equals("_go_.o")) {
                sources(place, object);
            }
            lines(place, object, text(ours));
            if (first && !text(ours("objdump", file.toString())).startsWith(text(ours))) {
                fail(place + ": objdump of the archive does not begin with that of its first object");
            }
            first = false;
        }
    }

    /** The same lines in the same order of keys. */
    private void nm(String place, Path file) throws Exception {
        for (List<String> flags : List.of(List.of("-size"), List.of("-n", "-type"))) {
            List<String> c = new ArrayList<>(List.of("nm"));
            c.addAll(flags);
            c.add(file.toString());
            String[] command = c.toArray(new String[0]);
            String[] a = theirs(command).split("\n");
            String[] b = text(ours(command)).split("\n");
            boolean keys = a.length == b.length;
            for (int i = 0; keys && i < a.length; i++) {
                keys = key(a[i], flags).equals(key(b[i], flags));
            }
            Arrays.sort(a);
            Arrays.sort(b);
            if (!keys || !Arrays.equals(a, b)) {
                fail(place + ": nm " + flags + " differs: " + (a.length == b.length ? "" : a.length + " lines, ours " + b.length));
            }
        }
    }

    /** What a line is sorted by: the name, or with -n the address. */
    private static String key(String line, List<String> flags) {
        if (flags.contains("-n")) {
            String s = line.substring(line.indexOf('\t') + 1);
            return s.substring(0, 8);
        }
        return line.replaceFirst("^(.*:\t)?.{8} +[0-9]+ . ", "");
    }

    /** An archive of what the compiler wrote and of another file: the same bytes. */
    private void pack(String place, Path file) throws Exception {
        Archive compiled = new Archive();
        for (Archive.Member m : new Archive(place, Files.readAllBytes(file)).members) {
            if (m.name.equals("__.PKGDEF") || m.name.equals("_go_.o")) {
                compiled.put(m.name, m.content, false);
            }
        }
        Path o = Files.write(work.resolve("compiled-with-a-long-name.o"), compiled.toBytes());
        Path a = work.resolve("theirs.a");
        Path b = work.resolve("ours.a");
        String want = theirs("pack", "cv", a.toString(), file.toString(), o.toString());
        if (!text(ours("pack", "cv", b.toString(), file.toString(), o.toString())).equals(want) || Files.mismatch(a, b) >= 0) {
            fail(place + ": pack makes another archive");
        }
        if (!theirs("pack", "tv", a.toString()).equals(text(ours("pack", "tv", a.toString())))) {
            fail(place + ": pack tv shows other members");
        }
    }

    /** -S: the same lines of source files between the instructions. */
    private void sources(String place, Path object) throws Exception {
        List<String> a = theirs("objdump", "-S", object.toString()).lines().filter(l -> !l.startsWith("  0x")).toList();
        List<String> b = text(ours("objdump", "-S", object.toString())).lines().filter(l -> !l.startsWith("  0x")).toList();
        if (!a.equals(b)) {
            fail(place + ": objdump -S shows other lines");
        }
    }

    /** addr2line of each function's start and of some addresses that belong to none. */
    private void lines(String place, Path object, String dump) throws Exception {
        StringBuilder input = new StringBuilder("0x0\nffffffff\nnothing\n");
        String header = "";
        for (String l : dump.split("\n")) {
            String[] f = l.split("\t+");
            if (header.startsWith("TEXT ") && f.length > 3) {
                input.append(f[1]).append('\n');
            }
            header = l;
        }
        ProcessBuilder b = new ProcessBuilder(tools.resolve("addr2line").toString(), object.toString());
        Path in = Files.writeString(work.resolve("in"), input);
        b.redirectInput(in.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        java.lang.Process p = b.start();
        String want = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        p.waitFor();
        java.io.InputStream before = System.in;
        try (java.io.InputStream s = Files.newInputStream(in)) {
            System.setIn(s);
            if (!text(ours("addr2line", object.toString())).equals(want)) {
                fail(place + ": addr2line differs");
            }
        } finally {
            System.setIn(before);
        }
    }

    private static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    private String theirs(String... command) throws IOException, InterruptedException {
        List<String> c = new ArrayList<>(List.of(command));
        c.set(0, tools.resolve(command[0]).toString());
        ProcessBuilder b = new ProcessBuilder(c).redirectError(ProcessBuilder.Redirect.INHERIT);
        b.environment().put("GOROOT", oracle.toString());
        java.lang.Process p = b.start();
        String out = text(p.getInputStream().readAllBytes());
        if (p.waitFor() != 0) {
            throw new IOException(String.join(" ", c) + " failed");
        }
        return out;
    }

    private byte[] ours(String... command) throws IOException {
        List<String> c = new ArrayList<>(List.of("tool"));
        c.addAll(List.of(command));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            if (mica.cli.Main.run(c.toArray(new String[0]), work, Map.of("GOROOT", oracle.toString()), out, System.err) != 0) {
                throw new IOException("mica " + String.join(" ", c) + " failed");
            }
        }
        return bytes.toByteArray();
    }
}
