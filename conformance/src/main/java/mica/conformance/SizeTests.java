// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mica.inspect.Executable;
import mica.inspect.SizeReport;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/**
 * Each byte of an executable has exactly one owner: examples linked by Mica with symbols and without, and, where a standard toolchain is found,
 * executables of its linker.
 *
 * <p>Usage: {@code SizeTests [-v] [example ...]}: these examples, or all of them and the standard toolchain's executables.
 */
public final class SizeTests {
    private static final int BUILD_SECONDS = 300;
    /** In the file: 2 = 64 bits; the next byte 1 = little-endian. */
    private static final int ELF_CLASS = 4;
    private static final List<String> PEERS = List.of("hello", "https", "jsons", "templates", "generics", "regexps", "times", "pipeline");

    private final Path work;
    private boolean verbose;
    private int passed;
    private int failed;

    private SizeTests(Path work) {
        this.work = work;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        SizeTests t = new SizeTests(Files.createTempDirectory("mica-size"));
        List<String> names = new ArrayList<>(List.of(args));
        t.verbose = names.remove("-v");
        boolean all = names.isEmpty();
        try (Stream<Path> s = Files.list(Mica.home().resolve("examples"))) {
            for (Path dir : s.filter(Files::isDirectory).sorted().toList()) {
                String name = dir.getFileName().toString();
                if (all || names.contains(name)) {
                    t.own(dir, name);
                }
            }
        }
        if (all) {
            t.peers();
            t.foreign();
        }
        Mica.deleteTree(t.work);
        System.out.println("size: " + t.passed + " files with an owner for each byte, " + t.failed + " failed");
        System.exit(t.failed == 0 ? 0 : 1);
    }

    private void own(Path dir, String name) throws IOException {
        for (String flags : new String[] {"", "-s"}) {
            Path exe = work.resolve(name + flags);
            String err = Mica.run(List.of("build", "-ldflags=" + flags, "-o", exe.toString(), source(dir, name)), dir);
            report(exe, err != null ? err : judge(exe, true, flags.isEmpty()));
        }
    }

    private static String source(Path dir, String name) {
        return Files.exists(dir.resolve("go.mod")) ? "." : name + ".go";
    }

    private void peers() throws Exception {
        Path root = Oracle.find();
        if (root == null) {
            System.out.println("size: no standard toolchain is found: executables of its linker are not looked at");
            return;
        }
        Path go = root.resolve("bin/go");
        for (String name : PEERS) {
            Path dir = Mica.home().resolve("examples").resolve(name);
            Path exe = work.resolve("std-" + name);
            Process p = Process.run(List.of(go.toString(), "build", "-o", exe.toString(), source(dir, name)), dir,
                    Map.of("GOFLAGS", "-mod=mod", "GOWORK", "off", "CGO_ENABLED", "0"), BUILD_SECONDS, true);
            report(exe, p.status != 0 ? p.output : judge(exe, false, false));
        }
        for (String tool : new String[] {"go", "gofmt"}) {
            Path exe = root.resolve("bin").resolve(tool);
            report(exe, judge(exe, false, false));
        }
    }

    /** Objects, libraries and others of C compilers and their like: the sum alone is judged. */
    private void foreign() throws Exception {
        for (Path p : ForeignFiles.make(work)) {
            byte[] b = Files.readAllBytes(p);
            if (ElfFile.isElf(b) && b[ELF_CLASS] == 2 && b[ELF_CLASS + 1] == 1) {
                try {
                    report(p, gap(new SizeReport(new Executable(p.toString(), b))));
                } catch (FormatException e) {
                    report(p, e.getMessage());
                }
            }
        }
    }

    private void report(Path exe, String why) {
        if (why == null) {
            passed++;
        } else {
            failed++;
        }
        if (why != null || verbose) {
            System.out.println((why == null ? "ok   " : "FAIL ") + exe.getFileName() + (why == null ? "" : ": " + why));
        }
    }

    /** Null if all is well. */
    private static String judge(Path exe, boolean mica, boolean detailed) throws IOException {
        try {
            SizeReport r = new SizeReport(Executable.open(exe));
            String gap = gap(r);
            long anonymous = 0;
            for (SizeReport.Range x : r.ranges) {
                // What is shown as the section's own although the link graph should know better.
                anonymous += detailed && x.name.equals(x.section) && x.kind.matches("code|types|strings|rodata|data|funcdata|pclntab") ? x.size : 0;
            }
            return gap != null ? gap : anonymous > 0 ? anonymous + " bytes belong to a section and to no symbol" : functions(r, mica);
        } catch (FormatException e) {
            return e.getMessage();
        }
    }

    /** Where the ranges are not the whole file, or have no owner; null = nowhere. */
    private static String gap(SizeReport r) {
        long at = 0;
        for (SizeReport.Range x : r.ranges) {
            if (x.offset != at || x.size <= 0) {
                return "after byte " + at + " comes a range from " + x.offset;
            }
            at += x.size;
            if (x.kind.equals("unknown") || x.name.isEmpty()) {
                return x.size + " bytes at " + x.offset + " have no owner";
            }
        }
        return at != r.size ? "the ranges end at " + at + ", the file at " + r.size : null;
    }

    /** A report that calls everything padding would be without gaps, too. */
    private static String functions(SizeReport r, boolean mica) {
        long code = 0;
        long padding = 0;
        boolean main = false;
        for (SizeReport.Range x : r.ranges) {
            code += x.kind.equals("code") ? x.size : 0;
            padding += x.kind.equals("padding") ? x.size : 0;
            main |= x.name.equals("main.main") && x.kind.equals("code") && x.pkg.equals("main");
        }
        return !main ? "main.main is not there" : code * 5 < r.size ? "only " + code + " bytes are code"
                : padding * (mica ? 50 : 25) > r.size ? padding + " bytes are padding" : null;
    }
}
