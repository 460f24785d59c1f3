// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import mica.base.Sources;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.GoObjectReader;
import mica.obj.SymbolTable;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages as object files: compiled, looked at, packed, linked, damaged. */
class ObjectsTest {
    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        env.put("GOROOT", TestGoroot.find().toString());
        write("u.go", "package util\n\ntype Stack[T any] struct{ xs []T }\n\nfunc (s *Stack[T]) Push(x T) { s.xs = append(s.xs, x) }\n\n"
                + "func (s *Stack[T]) Len() int { return len(s.xs) }\n\nvar Count int\n\nvar hidden = 1\n\nfunc init() { Count = 7 }\n\n"
                + "func Add(a, b int) int { return a + b + hidden }\n\nfunc asm(a, b int64) int64\n\nfunc Asm(a, b int64) int64 { return asm(a, b) }\n");
        write("a.s", "TEXT ·asm(SB), 4, $0-24\n\tMOVQ a+0(FP), AX\n\tADDQ b+8(FP), AX\n\tMOVQ AX, ret+16(FP)\n\tRET\n");
        write("m.go", "package main\n\nimport \"x/util\"\n\ntype T struct{ n int }\n\nfunc (t T) Error() string { return \"T\" }\n\nvar v = \"v0\"\n\n"
                + "func main() {\n\tvar s util.Stack[error]\n\ts.Push(T{1})\n\tprintln(s.Len(), s.String(), util.Add(1, 2), util.Count, util.Asm(20, 22), v)\n"
                + "\tdefer func() { println(recover() != nil) }()\n\tvar p *T\n\tprintln(p.n)\n}\n");
        // Methods of instances are found through the source that the object carries.
        Files.writeString(dir.resolve("u.go"), Files.readString(dir.resolve("u.go"))
                + "\nfunc (s *Stack[T]) String() string { if s.Len() == 1 { return \"one\" }; return \"many\" }\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private String mica(String... args) {
        return CommandRun.of(dir, env, args).toString();
    }

    private String run(String program) throws Exception {
        Process p = new ProcessBuilder(dir.resolve(program).toString()).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return p.waitFor() + "\n" + out;
    }

    private void library() throws IOException {
        write("cfg", "# a comment\npackagefile x/util=u.a\n");
        assertEquals("0\n", mica("tool", "compile", "-p", "x/util", "-pack", "-o", "u.a", "u.go"));
        assertEquals("0\n", mica("tool", "asm", "-p", "x/util", "-o", "asm.o", "a.s"));
        assertEquals("0\n", mica("tool", "pack", "r", "u.a", "asm.o"));
        assertEquals("0\n_go_.o\nasm.o\n", mica("tool", "pack", "t", "u.a"));
    }

    @Test
    void compilesLinksAndRuns() throws Exception {
        library();
        assertEquals("0\n", mica("tool", "compile", "-p", "main", "-importcfg", "cfg", "m.go"));
        byte[] first = Files.readAllBytes(dir.resolve("m.o"));
        assertEquals("0\n", mica("tool", "link", "-importcfg", "cfg", "-o", "prog", "m.o"));
        assertEquals("0\n1 one 4 7 42 v0\ntrue\n", run("prog"));
        assertEquals("0\n", mica("tool", "link", "-importcfg", "cfg", "-X", "main.v=v1", "m.o"));
        assertEquals("0\n1 one 4 7 42 v1\ntrue\n", run("a.out"));
        assertEquals("0\n", mica("tool", "compile", "-p", "main", "-importcfg", "cfg", "m.go"));
        assertArrayEquals(first, Files.readAllBytes(dir.resolve("m.o")));
        String nm = mica("tool", "nm", "m.o");
        assertTrue(nm.contains(" T main.main\n") && nm.contains(" U x/util.asm\n") || nm.contains(" T main.T.Error\n"), nm);
        String dump = mica("tool", "objdump", "-s", "main.main$", "m.o");
        assertTrue(dump.contains("  m.go:11\t"), dump);
    }

    @Test
    void saysWhatIsMissingOrStale() throws Exception {
        assertEquals("2\nm.go:3:8: could not import x/util (file not found)\n", mica("tool", "compile", "-p", "main", "m.go"));
        library();
        assertEquals("0\n", mica("tool", "compile", "-p", "main", "-importcfg", "cfg", "m.go"));
        assertTrue(mica("tool", "link", "m.o").startsWith("1\n"));
        assertEquals("2\nlink: u.a: not package main\n", mica("tool", "link", "u.a"));
        write("u.go", Files.readString(dir.resolve("u.go")) + "\nvar Other int\n");
        library();
        assertTrue(mica("tool", "link", "-importcfg", "cfg", "m.o").startsWith("2\nlink: fingerprint mismatch: x/util has "));
        write("cfg", "packagefile x/util\n");
        assertEquals("1\ncompile: cfg:1: invalid packagefile: syntax is \"packagefile path=filename\"\n",
                mica("tool", "compile", "-importcfg", "cfg", "m.go"));
        write("cfg", "packagefile x/util=a.s\n");
        assertEquals("2\nm.go:3:8: could not import x/util (a.s: offset 0x0: not an archive)\n", mica("tool", "compile", "-importcfg", "cfg", "m.go"));
    }

    /** Whatever happens to the bytes: a message that names the file, or an object that can be read. */
    @Test
    void damageGivesAMessage() throws Exception {
        assertEquals("0\n", mica("tool", "compile", "-p", "x/util", "-o", "u.o", "u.go"));
        byte[] good = Files.readAllBytes(dir.resolve("u.o"));
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] b = i % 10 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int k = random.nextInt(1, 4); k > 0 && b.length > 0; k--) {
                b[random.nextInt(b.length)] = (byte) random.nextInt();
            }
            try {
                ElfFile elf = new ElfFile("u.o", b);
                if (GoObjectReader.isGo(elf)) {
                    GoObjectReader.load(elf, new SymbolTable(), new Sources());
                }
            } catch (FormatException e) {
                assertTrue(e.getMessage().startsWith("u.o: "), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " damaged objects were refused");
        byte[] cut = Arrays.copyOf(good, good.length / 2);
        Files.write(dir.resolve("u.o"), cut);
        assertTrue(mica("tool", "link", "u.o").matches("(?s)[12]\nu\\.o: offset 0x[0-9a-f]+: .*\n"), mica("tool", "link", "u.o"));
    }
}
