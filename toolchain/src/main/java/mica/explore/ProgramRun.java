// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import mica.base.Fault;
import mica.base.JsonWriter;
import mica.build.Environment;
import mica.trace.Trace;
import mica.trace.TraceException;
import mica.trace.TraceJson;
import mica.trace.TraceOptions;
import mica.trace.Tracer;

/**
 * Runs an executable that is nowhere but in memory: from a folder of its own that only this user may enter and that is gone afterwards,
 * without input, for a limited time.
 */
final class ProgramRun {
    private static final int SECONDS = 10;
    /** Bytes of output that are shown. */
    private static final int MAX_OUTPUT = 64 << 10;

    private final Environment env;

    ProgramRun(Environment env) {
        this.env = env;
    }

    /** What happened: {@code {"event":"ran","trace":…,"stdout":…,"stderr":…}}, or {@code failed}. */
    String run(byte[] executable, List<String> args) {
        Path dir = null;
        try {
            dir = Files.createTempDirectory("mica-explore", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path exe = dir.resolve("program");
            Files.write(exe, executable);
            Files.setPosixFilePermissions(exe, PosixFilePermissions.fromString("rwx------"));
            return traced(dir, exe, args);
        } catch (TraceException | IOException e) {
            return ProgramView.failed(e.getMessage());
        } finally {
            delete(dir);
        }
    }

    private String traced(Path dir, Path exe, List<String> args) throws TraceException, IOException {
        TraceOptions o = new TraceOptions();
        o.file = exe;
        o.args = new ArrayList<>(List.of("program"));
        o.args.addAll(args);
        o.env = env.env;
        o.cwd = env.cwd;
        o.stdin = Path.of("/dev/null");
        o.stdout = dir.resolve("stdout");
        o.stderr = dir.resolve("stderr");
        o.maxCalls = 10_000;
        o.seconds = SECONDS;
        Trace t = Tracer.run(o);
        StringBuilder trace = new StringBuilder();
        TraceJson.write(t, trace);
        return "{\"event\":\"ran\",\"stdout\":" + JsonWriter.quote(head(o.stdout)) + ",\"stderr\":" + JsonWriter.quote(head(o.stderr))
                + ",\"trace\":" + trace + "}";
    }

    private static String head(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            String s = new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
            return in.read() < 0 ? s : s + "\n…";
        }
    }

    private static void delete(Path dir) {
        if (dir == null) {
            return;
        }
        try {
            for (String name : new String[] {"program", "stdout", "stderr"}) {
                Files.deleteIfExists(dir.resolve(name));
            }
            Files.deleteIfExists(dir);
        } catch (IOException e) {
            throw new Fault("explore", "removing " + dir + ": " + e.getMessage());
        }
    }
}
