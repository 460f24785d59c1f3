// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that find their result in the cache, and those that must not. */
class BuildCacheTest {
    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        env.put("GOROOT", TestGoroot.find().toString());
        env.put("MICA_CACHE", dir.resolve("cache").toString());
        write("m/go.mod", "module m\n\ngo 1.27\n");
        write("m/main.go", "package main\n\nimport \"m/p\"\n\nfunc main() { println(p.X) }\n");
        write("m/p/p.go", "package p\n\nconst X = 11\n");
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(dir.resolve(name).getParent());
        Files.writeString(dir.resolve(name), text);
    }

    private String mica(String... args) {
        return CommandRun.of(dir.resolve("m"), env, args).toString();
    }

    private List<Path> entries(String folder) throws IOException {
        try (Stream<Path> s = Files.list(dir.resolve("cache/build/" + folder))) {
            return s.sorted().toList();
        }
    }

    /** A build that misses the cache writes its action anew; what identifies that file then changes. */
    private Object action() throws IOException {
        List<Path> all = entries("actions");
        assertEquals(1, all.size());
        BasicFileAttributes a = Files.readAttributes(all.get(0), BasicFileAttributes.class);
        return a.fileKey() + " " + a.lastModifiedTime();
    }

    /** The times of what was just written are not trusted; make them old. */
    private void age() throws IOException {
        try (Stream<Path> s = Files.walk(dir.resolve("m"))) {
            for (Path p : s.toList()) {
                Files.setLastModifiedTime(p, FileTime.fromMillis(1_000_000_000_000L));
            }
        }
    }

    @Test
    void unchangedSourceIsNotBuiltAgain() throws IOException {
        age();
        assertEquals("0\n", mica("build", "-o", "../a", "."));
        Object first = action();
        assertEquals("0\n", mica("build", "-o", "../b", "."));
        assertEquals(first, action());
        assertArrayEquals(Files.readAllBytes(dir.resolve("a")), Files.readAllBytes(dir.resolve("b")));
        assertTrue(Files.isExecutable(dir.resolve("b")));
        assertEquals("0\n11\n", mica("run", "."));
        assertEquals("0\n", mica("build", "-a", "-o", "../b", "."));
        assertFalse(first.equals(action()));
    }

    @Test
    void changesAreSeen() throws IOException {
        age();
        assertEquals("0\n11\n", mica("run", "."));
        write("m/p/p.go", "package p\n\nconst X = 22\n");
        assertEquals("0\n22\n", mica("run", "."));
        // Same size, same second.
        write("m/p/p.go", "package p\n\nconst X = 33\n");
        assertEquals("0\n33\n", mica("run", "."));
        write("m/p/q.go", "package p\n\nconst Y = X +\n");
        assertTrue(mica("run", ".").startsWith("1\n# m/p\np/q.go:4:1: syntax error"));
        assertTrue(mica("run", ".").startsWith("1\n# m/p\np/q.go:4:1: syntax error"));
        Files.delete(dir.resolve("m/p/q.go"));
        assertEquals("0\n33\n", mica("run", "."));
        write("m/main.go", "package main\n\nimport \"m/p\"\n\nfunc main() { println(p.X, \"!\") }\n");
        assertEquals("0\n33 !\n", mica("run", "."));
    }

    @Test
    void settingsAreApart() throws IOException {
        write("m/main.go", "package main\n\nvar v = \"a\"\n\nfunc main() { println(v) }\n");
        assertEquals("0\na\n", mica("run", "."));
        assertEquals("0\nb\n", mica("run", "-ldflags=-X main.v=b", "."));
        write("m/t.go", "//go:build t\n\npackage main\n\nfunc init() { println(\"tag\") }\n");
        assertEquals("0\na\n", mica("run", "."));
        assertEquals("0\ntag\na\n", mica("run", "-tags=t", "."));
    }

    @Test
    void damageIsMended() throws IOException {
        age();
        assertEquals("0\n", mica("build", "-o", "a"));
        byte[] good = Files.readAllBytes(dir.resolve("m/a"));
        Path kept = entries("files").get(0);
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        for (byte[] contents : new byte[][] {bad, new byte[0], null}) {
            if (contents == null) {
                Files.delete(kept);
            } else {
                Files.write(kept, contents);
            }
            assertEquals("0\n", mica("build", "-o", "a"));
            assertArrayEquals(good, Files.readAllBytes(dir.resolve("m/a")));
            assertArrayEquals(good, Files.readAllBytes(kept));
        }
        Path action = entries("actions").get(0);
        byte[] list = Files.readAllBytes(action);
        for (int at : new int[] {0, 20, list.length / 2, list.length - 2}) {
            byte[] damaged = list.clone();
            damaged[at] ^= 4;
            Files.write(action, damaged);
            assertEquals("0\n", mica("build", "-o", "a"));
            assertArrayEquals(good, Files.readAllBytes(dir.resolve("m/a")));
        }
        assertEquals("0\n", mica("clean", "-cache"));
        assertFalse(Files.exists(dir.resolve("cache/build")));
        Files.writeString(dir.resolve("cache/build"), "not a folder");
        assertEquals("0\n", mica("build", "-o", "a"));
        assertArrayEquals(good, Files.readAllBytes(dir.resolve("m/a")));
    }
}
