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
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final String LARGE = """
            package main

            import (
            	"fmt"
            	"m/p"
            	"slices"
            	"sort"
            )

            type byLength []string

            func (b byLength) Len() int           { return len(b) }
            func (b byLength) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
            func (b byLength) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

            func main() {
            	type local struct{ a, b any }
            	words := []string{"three", "a", "to"}
            	sort.Sort(byLength(words))
            	slices.SortFunc(words, func(a, b string) int { return p.Compare(len(b), len(a)) })
            	defer fmt.Println(words, local{1, "x"} == local{1, "x"}, p.Make[string]("m"))
            }
            """;
    private static final String P = """
            package p

            import "fmt"

            type box[T any] struct{ x T }

            func (b *box[T]) String() string { return fmt.Sprint("box of ", b.x) }

            func Make[T any](x T) fmt.Stringer { return &box[T]{x} }

            func Compare(a, b int) int { return sign(a - b) }

            func sign(x int) int {
            	type small struct{ v int8 }
            	switch s := any(small{int8(x)}).(type) {
            	case small:
            		return int(s.v)
            	}
            	return 0
            }
            """;

    private byte[] build(String... flags) throws IOException {
        List<String> words = new ArrayList<>(List.of("build", "-o", "out"));
        words.addAll(1, List.of(flags));
        assertEquals("0\n", mica(words.toArray(new String[0])));
        return Files.readAllBytes(dir.resolve("m/out"));
    }

    /** An edit at a time, with what other packages became before; each time as if everything were compiled. */
    @Test
    void functionsOfEarlierBuildsAreTheSame() throws IOException {
        String main = LARGE;
        String p = P;
        for (int i = 0; i < 6; i++) {
            write("m/main.go", main);
            write("m/p/p.go", p);
            assertArrayEquals(build("-a"), build(), "edit " + i);
            switch (i) {
                case 0 -> main = main.replace("\"three\"", "\"four\"");
                case 1 -> p = p.replace("sign(a - b)", "sign(b - a)");
                case 2 -> p = p.replace("box of ", "a box of ");
                case 3 -> p = "// a line more\n" + p;
                default -> main = main.replace("words := ", "words := append([]string{}, p.Make(3).String()); words = ");
            }
            main = i == 4 ? LARGE : main;
        }
        assertEquals("[a to three] true a box of m\n", CommandRun.of(dir.resolve("m"), env, "run", ".").toString().substring(2));
        assertFalse(entries("code").isEmpty());
    }

    @Test
    void settingsOfTheCompilerAreApart() throws IOException {
        write("m/main.go", LARGE);
        write("m/p/p.go", P);
        build();
        for (String flag : new String[] {"-gcflags=-l", "-gcflags=-N", "-gcflags=-d=ssa/inline/off", "-trimpath"}) {
            assertArrayEquals(build("-a", flag), build(flag), flag);
        }
    }

    @Test
    void damagedFunctionsAreCompiledAgain() throws IOException {
        write("m/main.go", LARGE);
        write("m/p/p.go", P);
        byte[] good = build("-a");
        int n = 0;
        for (Path f : entries("code")) {
            byte[] b = Files.readAllBytes(f);
            switch (n++ % 4) {
                case 0 -> Files.write(f, Arrays.copyOf(b, b.length / 2));
                case 1 -> Files.write(f, new byte[0]);
                case 2 -> {
                    b[b.length / 2] ^= 8;
                    Files.write(f, b);
                }
                default -> Files.write(f, Arrays.copyOf(b, b.length + 3));
            }
        }
        write("m/main.go", LARGE + "//\n");
        assertEquals("0\n", mica("build", "-o", "out"));
        write("m/main.go", LARGE);
        assertArrayEquals(good, build());
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
