// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.FormatException;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links what a C compiler makes; without one these tests are skipped. */
class ObjectFilesTest {
    private static final String MAIN = """
            extern int add(int, int); extern const char *names[]; extern int missing(void) __attribute__((weak));
            int counter = 3; static volatile int zero[100]; int (*fp)(int, int) = add;
            static long sys(long n, long a, const void *b, long c) {
                long r;
                __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
                return r;
            }
            void _start(void) {
                __asm__ volatile("andq $-16, %rsp");
                for (int i = 0; i < 2; i++) sys(1, 1, names[i], 6);
                zero[5] = fp(counter, 4);
                if (missing) zero[5] += missing();
                sys(60, zero[5] + zero[6], 0, 0);
            }
            """;
    private static final String LIBRARY = """
            const char *names[] = {"hello ", "from C"};
            int add(int a, int b) { return a + b; }
            """;

    @TempDir
    Path dir;

    @BeforeEach
    void needsCompiler() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no C compiler");
    }

    private void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).directory(dir.toFile()).inheritIO().start().waitFor());
    }

    private void compile(String name, String text, String... flags) throws Exception {
        Files.writeString(dir.resolve(name + ".c"), text);
        List<String> c = new ArrayList<>(List.of("gcc", "-O1", "-ffreestanding", "-fno-stack-protector", "-c", name + ".c"));
        c.addAll(Arrays.asList(flags));
        run(c.toArray(new String[0]));
    }

    private Image link(Diagnostics d, String... files) throws Exception {
        SymbolTable table = new SymbolTable();
        ObjectFiles objects = new ObjectFiles(table);
        for (String f : files) {
            objects.add(f, Files.readAllBytes(dir.resolve(f)));
        }
        LinkOptions o = new LinkOptions();
        o.entry = "_start";
        o.diagnostics = d;
        o.resolver = objects;
        return Linker.link(o, table, new Sources(), List.of());
    }

    private void runs(String... flags) throws Exception {
        compile("main", MAIN, flags);
        compile("lib", LIBRARY, flags);
        compile("unused", "int unused(void) { return 1; }");
        run("ar", "rc", "lib.a", "lib.o", "unused.o");
        Image image = link(new Diagnostics(new Sources()), "main.o", "lib.a");
        image.write(dir.resolve("prog"));
        Process p = new ProcessBuilder(dir.resolve("prog").toString()).start();
        assertEquals("hello from C", new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(7, p.waitFor());
        for (var s : image.symbols) {
            assertTrue(!s.name.equals("unused"));
        }
    }

    @Test
    void programOfTwoFilesAndALibrary() throws Exception {
        runs("-fno-pic");
    }

    @Test
    void positionIndependentCodeFindsItsAddressesInATable() throws Exception {
        runs("-fPIC", "-ffunction-sections");
    }

    @Test
    void missingAndDoubleDefinitionsAreNamed() throws Exception {
        compile("main", MAIN, "-fno-pic");
        Diagnostics d = new Diagnostics(new Sources());
        assertNull(link(d, "main.o"));
        assertTrue(d.sorted().get(0).text.endsWith("relocation target add not defined"), d.sorted().get(0).text);
        compile("lib", LIBRARY);
        Files.copy(dir.resolve("lib.o"), dir.resolve("again.o"));
        FormatException e = assertThrows(FormatException.class, () -> link(d, "main.o", "lib.o", "again.o"));
        assertTrue(e.getMessage().startsWith("again.o: duplicated definition of symbol"), e.getMessage());
    }

    @Test
    void damagedObjectsAreRefused() throws Exception {
        compile("main", MAIN, "-fno-pic");
        byte[] good = Files.readAllBytes(dir.resolve("main.o"));
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] b = good.clone();
            for (int k = 0; k < 1 + i % 10; k++) {
                b[random.nextInt(b.length)] = (byte) random.nextInt();
            }
            try {
                new ObjectFiles(new SymbolTable()).add("x.o", b);
            } catch (FormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 50, "refused " + refused);
    }
}
