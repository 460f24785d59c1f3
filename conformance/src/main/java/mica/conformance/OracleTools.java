// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The standard distribution's tools that Debian does not ship, and its go command with a symbol table: built once by the oracle from its
 * own source, into Mica's cache.
 */
final class OracleTools {
    /** What building a distribution generates of {@code internal/buildcfg}. */
    private static final String BUILDCFG = """
            package buildcfg

            import "runtime"

            const DefaultGO386 = `sse2`
            const DefaultGOAMD64 = `v1`
            const DefaultGOARM = `7`
            const DefaultGOARM64 = `v8.0`
            const DefaultGOMIPS = `hardfloat`
            const DefaultGOMIPS64 = `hardfloat`
            const DefaultGOPPC64 = `power8`
            const DefaultGORISCV64 = `rva20u64`
            const DefaultGOFIPS140 = `off`
            const DefaultCGO_ENABLED = ``
            const defaultGOEXPERIMENT = ``
            const defaultGO_EXTLINK_ENABLED = ``
            const defaultGO_LDSO = ``
            const version = `go1.27`
            const defaultGOOS = runtime.GOOS
            const defaultGOARCH = runtime.GOARCH
            """;

    /** And of the go command's configuration. */
    private static final String CFG = """
            package cfg

            const DefaultPkgConfig = `pkg-config`

            func DefaultCC(goos, goarch string) string { return "gcc" }
            func DefaultCXX(goos, goarch string) string { return "g++" }
            """;

    private OracleTools() {}

    /** The folder with some of the commands (objdump, nm, addr2line, pack, go and whatever else stands in cmd). */
    static Path find(Path oracle, String... commands) throws IOException, InterruptedException {
        return find("amd64", oracle, commands);
    }

    /** The same, built for a CPU. */
    static Path find(String arch, Path oracle, String... commands) throws IOException, InterruptedException {
        Path cache = Mica.cacheDir();
        Path dest = cache.resolve("oracle-tools-1.27" + (arch.equals("amd64") ? "" : "-" + arch));
        List<String> missing = new ArrayList<>();
        for (String c : commands) {
            if (!Files.isExecutable(dest.resolve(c))) {
                missing.add(c);
            }
        }
        if (missing.isEmpty()) {
            return dest;
        }
        System.err.println("oracle: building the standard " + String.join(", ", missing) + " into " + dest);
        Path work = Files.createDirectories(cache.resolve("build-oracle-tools-" + ProcessHandle.current().pid()));
        try {
            Path bin = Files.createDirectories(work.resolve("bin"));
            Files.writeString(work.resolve("buildcfg.go"), BUILDCFG);
            Files.writeString(work.resolve("cfg.go"), CFG);
            Path src = oracle.resolve("src");
            String overlay = "{\"Replace\":{\"" + src.resolve("internal/buildcfg/zbootstrap.go") + "\":\"" + work.resolve("buildcfg.go") + "\",\""
                    + src.resolve("cmd/go/internal/cfg/zdefaultcc.go") + "\":\"" + work.resolve("cfg.go") + "\"}}";
            Files.writeString(work.resolve("overlay.json"), overlay);
            List<String> command = new ArrayList<>(List.of(oracle.resolve("bin/go").toString(), "build", "-overlay",
                    work.resolve("overlay.json").toString(), "-o", bin + "/"));
            for (String c : missing) {
                command.add("cmd/" + c);
            }
            Process p = Process.run(command, src, Map.of("GOCACHE", work.resolve("cache").toString(), "GOARCH", arch, "CGO_ENABLED", "0", "GOFLAGS", "", "GOROOT",
                    oracle.toString(), "GOTOOLCHAIN", "local"), 1200, true);
            if (p.status != 0) {
                throw new IOException("the standard tools do not build: " + p.output.lines().limit(3).toList());
            }
            Files.createDirectories(dest);
            for (String c : missing) {
                Files.move(bin.resolve(c), dest.resolve(c), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return dest;
        } finally {
            Process.run(List.of("chmod", "-R", "u+w", work.toString()), cache, Map.of(), 60, false);
            Mica.deleteTree(work);
        }
    }
}
