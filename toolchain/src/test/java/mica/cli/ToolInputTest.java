// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mica.obj.Archive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools for objects say to files that are not what they should be; and what pack makes of the standard compiler's files. */
class ToolInputTest {
    @TempDir
    Path dir;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(dir.resolve("dir"));
        Files.writeString(dir.resolve("empty"), "");
        Files.writeString(dir.resolve("text"), "This is no object.\n");
        Files.writeString(dir.resolve("ok.s"), "TEXT f(SB), 4, $0\n\tRET\n");
        byte[] archive = Files.readAllBytes(Path.of("testdata/goobj/p-amd64.a"));
        Files.write(dir.resolve("ok.a"), archive);
        Files.write(dir.resolve("cut.a"), Arrays.copyOf(archive, 500));
        Archive a = new Archive();
        for (Archive.Member m : assertArchive(archive)) {
            if (m.name.equals("amd64.o")) {
                Files.write(dir.resolve("ok.o"), m.content);
                Files.write(dir.resolve("cut.o"), Arrays.copyOf(m.content, 700));
            } else {
                a.put(m.name, m.content, false);
            }
        }
        // As the compiler writes it.
        Files.write(dir.resolve("p.o"), a.toBytes());
    }

    private static List<Archive.Member> assertArchive(byte[] b) {
        try {
            return new Archive("a", b).members;
        } catch (mica.obj.FormatException e) {
            throw new AssertionError(e);
        }
    }

    private String run(String... args) {
        List<String> all = new ArrayList<>(List.of("tool"));
        all.addAll(List.of(args));
        return CommandRun.of(dir, Map.of(), all.toArray(new String[0])).toString().strip();
    }

    @Test
    void readersRefuse() {
        for (String[] c : new String[][] {{"nm", ""}, {"objdump", "objdump: "}, {"addr2line", "addr2line: "}}) {
            assertEquals("1\n" + c[1] + "open nofile: no such file or directory", run(c[0], "nofile"));
            assertEquals("1\n" + c[1] + "open : no such file or directory", run(c[0], ""));
            assertEquals("1\n" + c[1] + "open text/x: not a directory", run(c[0], "text/x"));
            assertEquals("1\n" + c[1] + "open dir: is a directory", run(c[0], "dir"));
            assertEquals("1\n" + c[1] + "open empty: unrecognized object file", run(c[0], "empty"));
            assertEquals("1\n" + c[1] + "open text: unrecognized object file", run(c[0], "text"));
            assertEquals("1\n" + c[1] + "cut.a: offset 0x8: member's size is beyond the end of the file", run(c[0], "cut.a"));
        }
        assertEquals("1\ncut.o: offset 0xcc: block 11 begins at 584", run("nm", "cut.o"));
    }

    @Test
    void linkRefusesObjectsOfTheStandardCompiler() {
        String why = ": an object of the standard compiler: mica links its own and those of C compilers";
        assertEquals("1\nok.o" + why, run("link", "-o", "x", "ok.o"));
        assertEquals("1\nok.a(_go_.o)" + why, run("link", "-o", "x", "ok.a"));
    }

    @Test
    void packRefuses() {
        assertEquals("1\npack: open nofile: no such file or directory", run("pack", "t", "nofile"));
        assertEquals("1\npack: open dir: is a directory", run("pack", "c", "x.a", "dir"));
        assertEquals("1\npack: open dir: is a directory", run("pack", "c", "dir", "text"));
        assertEquals("1\npack: open no/x.a: no such file or directory", run("pack", "c", "no/x.a", "text"));
        assertEquals("1\npack: text: offset 0x0: not an archive", run("pack", "r", "text", "ok.o"));
        assertEquals("1\npack: cut.a: offset 0x8: member's size is beyond the end of the file", run("pack", "c", "x.a", "cut.a"));
        assertEquals("1\npack: file \"q\" not in archive", run("pack", "x", "ok.a", "q"));
        assertFalse(Files.exists(dir.resolve("x.a")));
    }

    @Test
    void asmRefuses() {
        assertEquals("1\nasm: open nofile.s: no such file or directory", run("asm", "-p", "p", "nofile.s"));
        assertEquals("1\nasm: open dir: is a directory", run("asm", "-p", "p", "dir"));
        assertEquals("1\nasm: open dir: is a directory", run("asm", "-p", "p", "-o", "dir", "ok.s"));
        assertEquals("1\nasm: open no/x.o: no such file or directory", run("asm", "-p", "p", "-o", "no/x.o", "ok.s"));
        assertEquals("1\nasm: open text/x.o: not a directory", run("asm", "-p", "p", "-o", "text/x.o", "ok.s"));
        assertEquals("2\nasm: parsing -D: \"1x\" is not a valid identifier name", run("asm", "-D", "1x", "ok.s").lines().limit(2).reduce((a, b) -> a + "\n" + b).get());
    }

    @Test
    void devicesAreNoObjects() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        assertEquals("1\nasm: open /dev/full: no space left on device", run("asm", "-p", "p", "-o", "/dev/full", "ok.s"));
        assertEquals("1\npack: open /dev/full: no space left on device", run("pack", "c", "/dev/full", "ok.o"));
        assertEquals("1\nopen /dev/full: file too large", run("nm", "/dev/full"));
    }

    @Test
    void packTakesCompiledObjectsApart() {
        assertEquals("0\n__.PKGDEF # p.o\nok.o\np.o", run("pack", "cv", "x.a", "ok.o", "p.o"));
        assertEquals("0\n__.PKGDEF\nok.o\np.o", run("pack", "t", "x.a"));
        assertEquals("0", run("pack", "r", "x.a", "p.o", "text"));
        assertEquals("0\n__.PKGDEF\nok.o\np.o\np.o\ntext", run("pack", "t", "x.a"));
        assertEquals("0\nok.o", run("pack", "t", "ok.o"));
    }
}
