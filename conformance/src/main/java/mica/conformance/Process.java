// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program run to its end, its standard output and error in one text. */
final class Process {
    final int status;
    final boolean timedOut;
    final String output;

    private Process(int status, boolean timedOut, String output) {
        this.status = status;
        this.timedOut = timedOut;
        this.output = output;
    }

    static Process run(List<String> command, Path dir, Map<String, String> env, int seconds, boolean withError)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("mica-run", ".out");
        try {
            ProcessBuilder pb = new ProcessBuilder(command).directory(dir.toFile());
            pb.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            pb.redirectOutput(log.toFile());
            if (withError) {
                pb.redirectErrorStream(true);
            } else {
                pb.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            // It names the library that Mica compiles; a standard toolchain that runs here has its own.
            pb.environment().remove("GOROOT");
            pb.environment().putAll(env);
            java.lang.Process p = pb.start();
            boolean ended = p.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                p.destroyForcibly().waitFor();
            }
            long size = Files.size(log);
            byte[] bytes = size > 20_000_000 ? new byte[0] : Files.readAllBytes(log);
            return new Process(ended ? p.exitValue() : -1, !ended, new String(bytes, StandardCharsets.ISO_8859_1));
        } finally {
            Files.deleteIfExists(log);
        }
    }
}
