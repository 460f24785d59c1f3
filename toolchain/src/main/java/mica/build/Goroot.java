// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds the Go standard library, in this order: $GOROOT; {@code go env GOROOT}; a Go 1.27 in the usual folders; Mica's cache; else
 * it is fetched ({@link GorootFetch}).
 */
public final class Goroot {
    /** The release whose library and language Mica follows. */
    public static final String RELEASE = "go1.27";

    private static final String[] USUAL = {"/usr/local/go", "/usr/lib/go-1.27", "/usr/share/go-1.27", "/usr/lib/go", "/opt/go"};

    private Goroot() {}

    /** The folder that holds {@code src}. @throws BuildException one message that names the ways out */
    public static Path find(Environment env) throws BuildException {
        return find(env, null);
    }

    /** As {@link #find(Environment)}; {@code inputs} (may be null) learns what the answer depends on. */
    static Path find(Environment env, BuildInputs inputs) throws BuildException {
        Path found = search(env, inputs);
        try {
            if (inputs != null && inputs.isFile(found.resolve("VERSION"))) {
                inputs.read(found.resolve("VERSION"));
            }
        } catch (IOException e) {
            inputs.incomplete();
        }
        return found;
    }

    private static Path search(Environment env, BuildInputs inputs) throws BuildException {
        String named = env.get("GOROOT");
        if (!named.isEmpty()) {
            return checkNamed(Path.of(named));
        }
        Path p = fromGoCommand(env, inputs);
        if (p != null) {
            return p;
        }
        for (String s : USUAL) {
            if (inputs != null) {
                inputs.isFolder(Path.of(s));
            }
            if (isRelease(Path.of(s))) {
                return Path.of(s);
            }
        }
        Path cached = GorootFetch.location(env);
        if (isRelease(cached)) {
            return GorootFetch.complete(cached);
        }
        return GorootFetch.fetch(env);
    }

    private static Path checkNamed(Path p) throws BuildException {
        if (!Files.isDirectory(p.resolve("src"))) {
            throw new BuildException("go: cannot find GOROOT directory: " + p + " (no folder src in it)");
        }
        String v = version(p);
        if (v == null) {
            throw new BuildException("go: GOROOT " + p + " is no Go distribution (it names no version); Mica needs the standard library of " + RELEASE);
        }
        if (!isRelease(p)) {
            throw new BuildException("go: GOROOT " + p + " is " + v + "; Mica needs the standard library of " + RELEASE);
        }
        return p;
    }

    /** First line of the VERSION file ("go1.27.3"); without one "go1.N" by what the library says of itself; or null. */
    public static String version(Path goroot) {
        try {
            Path file = goroot.resolve("VERSION");
            if (Files.isRegularFile(file)) {
                List<String> lines = Files.readAllLines(file);
                return lines.isEmpty() ? null : lines.get(0).strip();
            }
            for (String line : Files.readAllLines(goroot.resolve("src/internal/goversion/goversion.go"))) {
                if (line.startsWith("const Version = ")) {
                    return "go1." + line.substring("const Version = ".length()).strip();
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    static boolean isRelease(Path goroot) {
        String v = version(goroot);
        return v != null && (v.equals(RELEASE) || v.startsWith(RELEASE + ".") || v.startsWith(RELEASE + "rc"))
                && Files.isDirectory(goroot.resolve("src/fmt"));
    }

    private static Path fromGoCommand(Environment env, BuildInputs inputs) {
        for (String dir : env.get("PATH").split(":")) {
            if (dir.isEmpty() || !Files.isExecutable(Path.of(dir, "go"))) {
                continue;
            }
            if (inputs != null) {
                note(env, inputs, Path.of(dir, "go"));
            }
            String out = output(List.of(Path.of(dir, "go").toString(), "env", "GOROOT"));
            Path p = out == null || out.isBlank() ? null : Path.of(out.strip());
            return p != null && isRelease(p) ? p : null;
        }
        return null;
    }

    /** The go command and the file with its settings. */
    private static void note(Environment env, BuildInputs inputs, Path go) {
        try {
            inputs.program(go);
            String config = env.get("XDG_CONFIG_HOME").isEmpty() ? env.get("HOME") + "/.config" : env.get("XDG_CONFIG_HOME");
            Path settings = env.get("GOENV").isEmpty() ? Path.of(config, "go", "env") : Path.of(env.get("GOENV"));
            if (inputs.isFile(settings)) {
                inputs.read(settings);
            }
        } catch (IOException e) {
            inputs.incomplete();
        }
    }

    private static String output(List<String> command) {
        try {
            Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String s = new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return p.waitFor(10, TimeUnit.SECONDS) && p.exitValue() == 0 ? s : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
