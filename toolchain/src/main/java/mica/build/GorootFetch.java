// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fetches the standard library as Debian's package golang-1.27-src into Mica's cache. apt-get runs with a sources list, state and
 * cache of its own: no root is needed and nothing on the system changes; signatures are verified with Debian's archive keyring.
 */
public final class GorootFetch {
    private static final String[] SUITES = {"trixie-backports", "sid"};
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    private GorootFetch() {}

    /** Where a fetched library lies in the cache. */
    static Path location(Environment env) {
        return env.cacheDir().resolve("goroot-1.27");
    }

    static Path fetch(Environment env) throws BuildException {
        Path dest = location(env);
        System.err.println("mica: fetching the Go 1.27 standard library (Debian package golang-1.27-src, 25 MB) into " + dest);
        try {
            Path work = env.cacheDir().resolve("fetch-" + ProcessHandle.current().pid());
            try {
                Path root = unpack(work, "golang-1.27-src");
                Path lib = root.resolve("usr/share/go-1.27");
                Files.writeString(lib.resolve("VERSION"), release(downloaded(work)) + "\n");
                if (!Goroot.isRelease(lib)) {
                    throw new IOException("the package holds no Go 1.27 library");
                }
                Files.move(lib, dest, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                deleteTree(work);
            }
        } catch (IOException e) {
            if (Goroot.isRelease(dest)) {
                return dest;
            }
            throw new BuildException("mica: no Go 1.27 standard library found, and fetching it failed: " + e.getMessage()
                    + "\n\tThree ways out: set GOROOT to a Go 1.27; install Debian's package golang-1.27-src;"
                    + "\n\tor make Debian's package mirror reachable, so that mica can fetch it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildException("mica: interrupted");
        }
        return complete(dest);
    }

    /** Adds to a fetched library what building a Go distribution generates and the source package leaves out. */
    static Path complete(Path goroot) {
        Path config = goroot.resolve("src/internal/buildcfg/zbootstrap.go");
        Path version = goroot.resolve("src/internal/runtime/sys/zversion.go");
        try {
            if (!Files.exists(config)) {
                StringBuilder sb = new StringBuilder("package buildcfg\n\nimport \"runtime\"\n\nconst (\n");
                for (String[] d : DEFAULTS) {
                    sb.append('\t').append(d[0]).append(" = \"").append(d[1]).append("\"\n");
                }
                sb.append("\tversion = \"").append(Goroot.version(goroot)).append("\"\n\tdefaultGOOS = runtime.GOOS\n\tdefaultGOARCH = runtime.GOARCH\n)\n");
                Files.writeString(config, sb);
            }
            if (!Files.exists(version)) {
                Files.writeString(version, "package sys\n\nconst StackGuardMultiplierDefault = 1\n");
            }
        } catch (IOException e) {
            // Only programs that import these packages miss the constants; they are told so.
            return goroot;
        }
        return goroot;
    }

    /** Constants of internal/buildcfg with the values of a plain distribution. */
    private static final String[][] DEFAULTS = {
        {"DefaultGO386", "softfloat"}, {"DefaultGOAMD64", "v1"}, {"DefaultGOARM", "7"}, {"DefaultGOARM64", "v8.0"},
        {"DefaultGOMIPS", "hardfloat"}, {"DefaultGOMIPS64", "hardfloat"}, {"DefaultGOPPC64", "power8"},
        {"DefaultGORISCV64", "rva20u64"}, {"defaultGOEXPERIMENT", ""}, {"defaultGO_EXTLINK_ENABLED", ""}, {"defaultGO_LDSO", ""},
        {"DefaultGOFIPS140", "off"}, {"DefaultCGO_ENABLED", ""}
    };

    /** Downloads a package and unpacks it below {@code work}; returns the folder that stands for /. */
    private static Path unpack(Path work, String pkg) throws IOException, InterruptedException {
        if (!Files.isRegularFile(KEYRING)) {
            throw new IOException("no " + KEYRING + " to verify signatures with");
        }
        Path lists = Files.createDirectories(work.resolve("state/lists/partial")).getParent();
        Path cache = Files.createDirectories(work.resolve("cache/archives/partial")).getParent().getParent();
        Set<String> mirrors = mirrors();
        if (mirrors.isEmpty()) {
            throw new IOException("no Debian mirror in /etc/apt");
        }
        IOException last = null;
        for (String suite : SUITES) {
            StringBuilder sb = new StringBuilder();
            for (String m : mirrors) {
                sb.append("deb [signed-by=").append(KEYRING).append("] ").append(m).append(' ').append(suite).append(" main\n");
            }
            Path sources = work.resolve("sources.list");
            Files.writeString(sources, sb);
            List<String> apt = List.of("apt-get", "-q", "-o", "Dir::Etc::SourceList=" + sources, "-o", "Dir::Etc::SourceParts=/dev/null",
                    "-o", "Dir::State=" + lists.getParent(), "-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache=" + cache,
                    "-o", "APT::Sandbox::User=");
            try {
                run(join(apt, "update"), work);
                run(join(apt, "download", pkg), work);
                Path root = work.resolve("root");
                run(List.of("dpkg", "-x", downloaded(work).toString(), root.toString()), work);
                return root;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static Path downloaded(Path dir) throws IOException {
        try (Stream<Path> s = Files.list(dir)) {
            return s.filter(p -> p.toString().endsWith(".deb")).findFirst().orElseThrow(() -> new IOException("apt-get fetched nothing"));
        }
    }

    /** "go1.27.3" for golang-1.27-src_1.27.3-1_all.deb. */
    private static String release(Path deb) {
        String[] parts = deb.getFileName().toString().split("[_~-]");
        for (String p : parts) {
            if (p.matches("1\\.27(\\.\\d+)?") && p.length() > 4) {
                return "go" + p;
            }
        }
        return Goroot.RELEASE;
    }

    /** Debian archive addresses that the machine's own apt sources name. */
    private static Set<String> mirrors() throws IOException {
        Set<String> out = new LinkedHashSet<>();
        List<Path> files = new ArrayList<>();
        files.add(Path.of("/etc/apt/sources.list"));
        Path parts = Path.of("/etc/apt/sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> s = Files.list(parts)) {
                s.sorted().forEach(files::add);
            }
        }
        for (Path f : files) {
            if (!Files.isReadable(f)) {
                continue;
            }
            for (String line : Files.readAllLines(f)) {
                String s = line.strip();
                if (s.startsWith("URIs:") || s.startsWith("deb ")) {
                    for (String w : s.split("\\s+")) {
                        if (w.contains("://") && w.replaceAll("/+$", "").endsWith("/debian")) {
                            out.add(w);
                        }
                    }
                }
            }
        }
        return out;
    }

    private static List<String> join(List<String> a, String... b) {
        List<String> out = new ArrayList<>(a);
        out.addAll(List.of(b));
        return out;
    }

    private static void run(List<String> command, Path dir) throws IOException, InterruptedException {
        ProcessBuilder pb = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        pb.environment().put("LC_ALL", "C");
        Process p = pb.start();
        p.getOutputStream().close();
        String out = new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (p.waitFor() != 0) {
            String[] lines = out.strip().split("\n");
            throw new IOException(command.get(0) + ": " + lines[lines.length - 1]);
        }
    }

    private static void deleteTree(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }
}
