// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mica.build.BuildException;
import mica.build.Environment;
import mica.build.Goroot;
import mica.cli.Main;
import mica.syntax.BuildConstraints;

/** The compiler under test, inside this process. */
final class Mica {
    private Mica() {}

    /** The Go distribution whose folder test is used, or null. */
    static Path goroot() {
        try {
            Path p = Goroot.find(environment());
            return Files.isDirectory(p.resolve("test")) ? p : null;
        } catch (BuildException e) {
            System.err.println(e.getMessage());
            return null;
        }
    }

    private static Environment environment() {
        return new Environment(Path.of("").toAbsolutePath(), System.getenv(), home(), List.of());
    }

    /** Mica's cache folder. */
    static Path cacheDir() {
        return environment().cacheDir();
    }

    /** The checkout: the folder that holds runtime/. */
    static Path home() {
        String named = System.getProperty("mica.home");
        Path d = named != null ? Path.of(named) : Path.of("").toAbsolutePath();
        while (d.getParent() != null && !Files.isDirectory(d.resolve("runtime"))) {
            d = d.getParent();
        }
        return d;
    }

    /** Makes a program named go that is this very compiler in a process of its own. */
    static Path goCommand(Path dir) throws IOException {
        Path bin = Files.createDirectories(dir.resolve("bin"));
        Path go = bin.resolve("go");
        String command = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(go, "#!/bin/sh\nexec " + command + " --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dmica.home=" + home() + " -cp "
                + classPath() + " mica.cli.Main \"$@\"\n");
        Files.setPosixFilePermissions(go, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        return go;
    }

    private static String classPath() {
        StringBuilder sb = new StringBuilder();
        for (String p : System.getProperty("java.class.path").split(":")) {
            sb.append(sb.isEmpty() ? "" : ":").append(Path.of(p).toAbsolutePath());
        }
        return sb.toString();
    }

    /** Runs a command; null if it ended with status 0, else the status and what it printed. */
    static String run(List<String> command, Path dir) {
        StringBuilder printed = new StringBuilder();
        int status = run(command, dir, printed);
        return status == 0 ? null : "exit status " + status + ": " + printed;
    }

    /** Runs a command; what it printed. */
    static String output(List<String> command, Path dir) {
        StringBuilder printed = new StringBuilder();
        run(command, dir, printed);
        return printed.toString();
    }

    private static int run(List<String> command, Path dir, StringBuilder printed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        Map<String, String> env = new HashMap<>(System.getenv());
        int status = Main.run(command.toArray(new String[0]), dir, env, out, out);
        out.flush();
        printed.append(bytes.toString(StandardCharsets.UTF_8));
        return status;
    }

    /** Whether a build constraint (null: none) holds for the target. */
    static boolean matches(String constraint) {
        return constraint == null || BuildConstraints.evaluate(constraint, environment()::tag);
    }

    static void deleteTree(Path dir) {
        if (dir == null) {
            return;
        }
        try (Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot remove " + dir, e);
        }
    }
}
