// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The oracle's compiler with the library's export data: what it prints about a file. */
final class StandardCompiler {
    private final Path compiler;
    private final Path work;
    private final Path importcfg;

    /** Has the oracle build its library (once: into a cache that stays). */
    StandardCompiler(Path oracle, Path work) throws IOException, InterruptedException {
        this.work = work;
        compiler = oracle.resolve("pkg/tool/linux_amd64/compile");
        importcfg = work.resolve("importcfg");
        Map<String, String> env = Map.of("CGO_ENABLED", "0", "GOCACHE", Mica.cacheDir().resolve("oracle-build").toString(), "GOFLAGS", "",
                "GO111MODULE", "auto", "GOTOOLCHAIN", "local", "GOEXPERIMENT", "", "GOROOT", oracle.toString());
        Process p = Process.run(List.of(oracle.resolve("bin/go").toString(), "list", "-e", "-export", "-f",
                "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "std"), work, env, 1800, false);
        if (p.status != 0) {
            throw new IOException("go list -export std: exit status " + p.status + ": " + p.output);
        }
        Files.writeString(importcfg, p.output);
    }

    /** What it prints about a file of package path p, all errors; without the language flag if {@code language} is empty. */
    String errors(Path file, String language) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(compiler.toString(), "-e", "-p", "p", "-importcfg", importcfg.toString(), "-o", work.resolve("x.o").toString()));
        if (!language.isEmpty()) {
            command.add("-lang=" + language);
        }
        command.add(file.toString());
        Process p = Process.run(command, work, Map.of(), 60, true);
        return p.timedOut ? "timeout" : new String(p.output.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8);
    }
}
