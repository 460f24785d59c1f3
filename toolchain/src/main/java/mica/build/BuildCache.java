// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import mica.base.OutputFile;

/**
 * Executables of earlier builds. {@code actions/KEY} names what a build with these settings read and what came of it; the key is the
 * hash of the toolchain's identity, folder, arguments and environment. {@code files/HASH} are the executables by their contents.
 * Nothing in the cache is trusted: the list of inputs is checked, and contents are compared with a checksum. What is damaged or
 * missing counts as absent. Files appear by renaming; the least recently used go when the cache is too large.
 */
final class BuildCache {
    private static final String MAGIC = "mica build 2";
    /** Bytes of executables that are kept. */
    private static final long LIMIT = 1L << 30;
    /** How often the time of last use is written. */
    private static final long USE_MILLIS = 60_000;

    /** A build's result. */
    static final class Hit {
        /** Base name of the executable when none is asked for. */
        final String name;
        final byte[] executable;

        Hit(String name, byte[] executable) {
            this.name = name;
            this.executable = executable;
        }
    }

    private final Path root;

    BuildCache(Environment env) {
        root = env.cacheDir().resolve("build");
    }

    /** Where the cache is, for {@code mica clean -cache}. */
    static Path folder(Environment env) {
        return env.cacheDir().resolve("build");
    }

    /** Removes everything. */
    static void remove(Environment env) throws IOException {
        Path root = folder(env);
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> s = Files.walk(root)) {
            for (Path p : s.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }

    /** @param words the command's settings in a fixed order */
    static String key(Environment env, List<String> words) {
        StringBuilder sb = new StringBuilder(MAGIC).append('\0').append(identity()).append('\0').append(env.cwd).append('\0').append(env.home);
        for (Map.Entry<String, String> e : new TreeMap<>(env.env).entrySet()) {
            if (matters(e.getKey())) {
                sb.append('\0').append(e.getKey()).append('=').append(e.getValue());
            }
        }
        for (String w : words) {
            sb.append('\0').append(w);
        }
        return BuildInputs.hash(sb.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean matters(String variable) {
        return switch (variable) {
            case "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GOTRACEBACK", "GOCACHE", "GOTMPDIR", "MICA_DEBUG", "MICA_JAVA_FLAGS" -> false;
            default -> variable.startsWith("GO") || variable.startsWith("CGO_") || variable.startsWith("MICA_") || variable.equals("PATH")
                    || variable.equals("HOME") || variable.equals("XDG_CONFIG_HOME");
        };
    }

    private static final class Identity {
        static final String TEXT = findIdentity();
    }

    /** What tells this toolchain from others. */
    static String identity() {
        return Identity.TEXT;
    }

    /** The toolchain's own classes: a jar by name, size and time, a folder by those of all that is in it. */
    private static String findIdentity() {
        try {
            Path p = Path.of(BuildCache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            StringBuilder sb = new StringBuilder(Version.MICA).append(' ').append(Runtime.version());
            if (!Files.isDirectory(p)) {
                return stamp(sb, p).toString();
            }
            try (Stream<Path> s = Files.walk(p)) {
                for (Path c : s.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                    stamp(sb, c);
                }
            }
            return sb.toString();
        } catch (IOException | java.net.URISyntaxException e) {
            // Never the same twice.
            return "unknown " + System.nanoTime();
        }
    }

    private static StringBuilder stamp(StringBuilder sb, Path p) throws IOException {
        return sb.append(' ').append(p).append(' ').append(Files.size(p)).append(' ').append(Files.getLastModifiedTime(p).to(java.util.concurrent.TimeUnit.NANOSECONDS));
    }

    // ---- looking up ----

    /** What an earlier build with this key made, if all that it read is as it was; else null. */
    Hit find(String key) {
        Path action = action(key);
        try {
            if (!Files.isRegularFile(action)) {
                return null;
            }
            String text = Files.readString(action);
            int end = text.lastIndexOf("end ");
            if (end < 0 || !text.substring(end).equals("end " + sum(text.substring(0, end).getBytes(StandardCharsets.UTF_8)) + "\n")) {
                return null;
            }
            String[] lines = text.substring(0, end).split("\n");
            if (lines.length < 3 || !lines[0].equals(MAGIC)) {
                return null;
            }
            boolean changed = false;
            long now = BuildInputs.nanos(Instant.now());
            for (int i = 3; i < lines.length; i++) {
                String seen = BuildInputs.check(lines[i], now);
                if (seen == null) {
                    return null;
                }
                changed |= !seen.equals(lines[i]);
                lines[i] = seen;
            }
            String[] value = lines[2].split(" ");
            Path file = root.resolve("files").resolve(value[0]);
            byte[] b = Files.readAllBytes(file);
            if (b.length != Long.parseLong(value[2]) || !sum(b).equals(value[1])) {
                Files.deleteIfExists(file);
                return null;
            }
            used(file);
            if (changed) {
                OutputFile.write(action, sealed(String.join("\n", lines) + "\n"), false);
            }
            return new Hit(lines[1], b);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private Path action(String key) {
        return root.resolve("actions").resolve(key);
    }

    /** Eight digits that show damage. */
    private static String sum(byte[] b) {
        CRC32C c = new CRC32C();
        c.update(b, 0, b.length);
        return Long.toHexString(c.getValue() | 1L << 32).substring(1);
    }

    private static byte[] sealed(String text) {
        return (text + "end " + sum(text.getBytes(StandardCharsets.UTF_8)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void used(Path file) throws IOException {
        long now = System.currentTimeMillis();
        if (now - Files.getLastModifiedTime(file).toMillis() > USE_MILLIS) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(now));
        }
    }

    // ---- storing ----

    /** Remembers a build's result. A cache that cannot be written is none: the build itself has succeeded. */
    void store(String key, BuildInputs inputs, String name, byte[] executable) {
        String list = inputs.text();
        if (list == null) {
            return;
        }
        try {
            String hash = BuildInputs.hash(executable);
            Files.createDirectories(root.resolve("files"));
            Files.createDirectories(root.resolve("actions"));
            OutputFile.write(root.resolve("files").resolve(hash), executable, false);
            OutputFile.write(action(key), sealed(MAGIC + "\n" + name + "\n" + hash + " " + sum(executable) + " " + executable.length + "\n" + list), false);
            trim();
        } catch (IOException e) {
            return;
        }
    }

    /** Removes the executables that were not used for the longest time, and lists of inputs whose executable is gone. */
    private void trim() throws IOException {
        List<Path> files = new ArrayList<>(list("files"));
        Map<Path, Long> sizes = new TreeMap<>();
        Map<Path, Long> times = new TreeMap<>();
        long total = 0;
        for (Path f : files) {
            sizes.put(f, Files.size(f));
            times.put(f, Files.getLastModifiedTime(f).toMillis());
            total += sizes.get(f);
        }
        if (total <= LIMIT) {
            return;
        }
        files.sort(Comparator.comparing(times::get));
        for (Path f : files) {
            if (total <= LIMIT * 3 / 4) {
                break;
            }
            total -= sizes.get(f);
            Files.deleteIfExists(f);
        }
        for (Path a : list("actions")) {
            String[] lines = Files.readString(a).split("\n", 4);
            if (lines.length < 4 || !Files.exists(root.resolve("files").resolve(lines[2].split(" ")[0]))) {
                Files.deleteIfExists(a);
            }
        }
    }

    private List<Path> list(String folder) throws IOException {
        try (Stream<Path> s = Files.list(root.resolve(folder))) {
            return s.sorted().toList();
        }
    }
}
