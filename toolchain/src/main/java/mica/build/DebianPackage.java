// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Downloads and unpacks one Debian package. apt-get runs with a sources list, state and cache of its own: no root is needed and
 * nothing on the system changes; signatures are verified with Debian's archive keyring.
 */
public final class DebianPackage {
    private static final String[] SUITES = {"trixie-backports", "sid"};
    private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

    private DebianPackage() {}

    /** Downloads a package and unpacks it below {@code work}; returns the folder that stands for /. */
    public static Path unpack(Path work, String pkg) throws IOException, InterruptedException {
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

    static Path downloaded(Path dir) throws IOException {
        try (Stream<Path> s = Files.list(dir)) {
            return s.filter(p -> p.toString().endsWith(".deb")).findFirst().orElseThrow(() -> new IOException("apt-get fetched nothing"));
        }
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

    public static void deleteTree(Path dir) throws IOException {
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
