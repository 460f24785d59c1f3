// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mica.build.Goroot;

/**
 * The standard toolchain as one large program: its compiler, assembler and linker are built by Mica, then they build hello. A single
 * wrong instruction in half a million lines would show: the executable must have the same bytes as the one that the standard
 * toolchain makes by itself.
 */
public final class BootstrapTests {
    private static final List<String> TOOLS = List.of("asm", "compile", "link");
    private static final String HOST = "linux_amd64";

    private final Path oracle;
    private final Path work;

    private BootstrapTests(Path oracle, Path work) {
        this.oracle = oracle;
        this.work = work;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path goroot = Mica.goroot();
        Path oracle;
        try {
            oracle = Oracle.find();
        } catch (IOException e) {
            System.out.println("bootstrap: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        }
        if (goroot == null || !String.valueOf(Goroot.version(oracle)).equals(Goroot.version(goroot))) {
            System.out.println("bootstrap: skipped, the library is of another version than the standard Go at hand");
            return;
        }
        Path work = Files.createTempDirectory("mica-bootstrap");
        String wrong;
        try {
            wrong = new BootstrapTests(oracle, work).run();
        } finally {
            Mica.deleteTree(work);
        }
        System.out.println(wrong == null ? "bootstrap: 1 passed, 0 failed" : "FAIL bootstrap: " + wrong + "\nbootstrap: 0 passed, 1 failed");
        System.exit(wrong == null ? 0 : 1);
    }

    /** What went wrong, or null. */
    private String run() throws IOException, InterruptedException {
        Path root = Files.createDirectories(work.resolve("goroot"));
        linkAll(oracle, root, List.of("bin", "pkg"));
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(oracle.resolve("bin/go"), bin.resolve("go"));
        linkAll(oracle.resolve("pkg"), Files.createDirectories(root.resolve("pkg")), List.of("tool"));
        Path tools = Files.createDirectories(root.resolve("pkg/tool").resolve(HOST));
        linkAll(oracle.resolve("pkg/tool").resolve(HOST), tools, TOOLS);
        for (String tool : TOOLS) {
            String failed = Mica.run(List.of("build", "-o", tools.resolve(tool).toString(), "cmd/" + tool), work);
            if (failed != null) {
                return "building cmd/" + tool + ": " + failed;
            }
        }
        Path source = work.resolve("hello.go");
        Files.copy(Mica.home().resolve("examples/hello/hello.go"), source);
        Path expected = work.resolve("by-standard");
        Path actual = work.resolve("by-mica-built");
        for (Map.Entry<Path, Path> e : Map.of(oracle, expected, root, actual).entrySet()) {
            Process p = build(e.getKey(), source, e.getValue());
            if (p.status != 0) {
                return "go build with the tools below " + e.getKey() + ": " + (p.timedOut ? "timeout" : p.output);
            }
        }
        return Arrays.equals(Files.readAllBytes(expected), Files.readAllBytes(actual)) ? null : "the executables differ";
    }

    private Process build(Path goroot, Path source, Path out) throws IOException, InterruptedException {
        // A cache of its own: nothing that other tools made is taken.
        Path cache = Files.createDirectories(work.resolve("cache-" + out.getFileName()));
        List<String> command = new ArrayList<>(List.of(goroot.resolve("bin/go").toString(), "build", "-trimpath", "-o", out.toString(), source.toString()));
        Map<String, String> env = Map.of("GOROOT", goroot.toString(), "GOCACHE", cache.toString(), "CGO_ENABLED", "0", "GOFLAGS", "",
                "GOENV", "off", "GOTOOLCHAIN", "local", "GOPATH", work.resolve("gopath").toString());
        return Process.run(command, work, env, 900, true);
    }

    /** Links to everything in a folder but what is named. */
    private static void linkAll(Path from, Path to, List<String> except) throws IOException {
        try (Stream<Path> s = Files.list(from)) {
            for (Path p : s.sorted().toList()) {
                if (!except.contains(p.getFileName().toString())) {
                    Files.createSymbolicLink(to.resolve(p.getFileName()), p.toRealPath());
                }
            }
        }
    }
}
