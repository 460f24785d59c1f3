// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import mica.build.DebianPackage;
import mica.build.Environment;

/**
 * The standard Go distribution 1.27, the oracle of tests and the peer in measurements; never a part of Mica. As a program it prints
 * the folder of a GOROOT that has {@code bin/go}, or says in one line why there is none and ends with status 1.
 */
public final class Oracle {
    private static final String PACKAGE_ROOT = "usr/lib/go-1.27";

    private Oracle() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            System.out.println(find());
        } catch (IOException e) {
            System.err.println("oracle: no standard Go 1.27: " + e.getMessage());
            System.exit(1);
        }
    }

    /** $MICA_ORACLE, or an installed one, or one fetched as Debian's packages golang-1.27-go and -src into Mica's cache. */
    public static Path find() throws IOException, InterruptedException {
        String named = System.getenv("MICA_ORACLE");
        for (String s : named != null ? List.of(named) : List.of("/usr/local/go", "/" + PACKAGE_ROOT)) {
            Path p = Path.of(s);
            if (Files.isExecutable(p.resolve("bin/go")) && Files.isDirectory(p.resolve("src/fmt")) && is127(p)) {
                return p;
            }
        }
        if (named != null) {
            throw new IOException("MICA_ORACLE=" + named + " is none");
        }
        Path cache = new Environment(Path.of("").toAbsolutePath(), System.getenv(), Path.of("."), List.of()).cacheDir();
        Path dest = cache.resolve("oracle-1.27");
        Path go = dest.resolve(PACKAGE_ROOT);
        if (!Files.isExecutable(go.resolve("bin/go"))) {
            fetch(cache, dest);
        }
        return go;
    }

    private static boolean is127(Path p) throws IOException {
        return Files.isRegularFile(p.resolve("VERSION")) && Files.readString(p.resolve("VERSION")).startsWith("go1.27");
    }

    private static void fetch(Path cache, Path dest) throws IOException, InterruptedException {
        System.err.println("oracle: fetching Debian's golang-1.27-go (the standard compiler) into " + dest);
        Path work = cache.resolve("fetch-oracle-" + ProcessHandle.current().pid());
        try {
            Path root = DebianPackage.unpack(work.resolve("go"), "golang-1.27-go");
            Path lib = DebianPackage.unpack(work.resolve("src"), "golang-1.27-src");
            merge(lib.resolve("usr/share/go-1.27"), root);
            Files.move(root, dest, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            DebianPackage.deleteTree(work);
        }
    }

    /** The packages link to each other by absolute paths, which lead nowhere below a cache: the library moves to where the links stand. */
    private static void merge(Path library, Path root) throws IOException {
        Path go = root.resolve(PACKAGE_ROOT);
        Path share = root.resolve("usr/share/go-1.27");
        for (Map.Entry<String, Path> e : Map.of("src", library, "test", library, "lib", library, "misc", library, "api", library,
                "pkg/include", share).entrySet()) {
            Path from = e.getValue().resolve(e.getKey());
            if (!Files.isDirectory(from)) {
                from = library.resolve(e.getKey());
            }
            Path to = go.resolve(e.getKey());
            if (Files.isSymbolicLink(to)) {
                Files.delete(to);
            }
            if (Files.isDirectory(from) && !Files.exists(to)) {
                Files.createDirectories(to.getParent());
                Files.move(from, to);
            }
        }
    }
}
