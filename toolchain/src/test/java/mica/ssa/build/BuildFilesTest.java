// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.SymbolTable;
import mica.ssa.Compilation;
import mica.ssa.Func;
import mica.ssa.Printer;
import mica.ssa.pass.Verify;
import mica.syntax.File;
import mica.syntax.Parser;
import mica.types.Pkg;
import mica.types.Program;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the cases of testdata/ssa/build: the text of a package main, {@code ----}, its functions as they are built, before any
 * pass; cases are parted by lines of {@code ====}. With -Dmica.bless the files are written anew.
 */
class BuildFilesTest {
    /** As much of package runtime as the cases need. */
    private static final String RUNTIME = """
            package runtime

            import "unsafe"

            type _defer struct {
            	link *_defer
            	fn   func()
            }

            func growslice(p unsafe.Pointer, newLen, oldCap, num int, et unsafe.Pointer) []int
            func memequal(x, y unsafe.Pointer, n uintptr) bool
            func memmove(to, from unsafe.Pointer, n uintptr)
            func concatstring2(buf unsafe.Pointer, a, b string) string
            func decoderune(s string, k int) (r rune, n int)
            func deferprocStack(d *_defer)
            func deferproc(fn func())
            func deferreturn()
            func gopanic(x any)
            func gorecover() any
            func newproc(fn unsafe.Pointer)
            func panicdottypeE(have, want, iface unsafe.Pointer)
            func panicnildottype(want unsafe.Pointer)
            func panicrangestate(state int)
            func assertE2I(inter, typ unsafe.Pointer) unsafe.Pointer
            func assertE2I2(inter, typ unsafe.Pointer) unsafe.Pointer
            func efaceeq(typ, x, y unsafe.Pointer) bool
            func chansend1(c, elem unsafe.Pointer)
            func chanrecv1(c, elem unsafe.Pointer)
            func chanrecv2(c, elem unsafe.Pointer) bool

            var zerobase uintptr
            var staticuint64s [256]uint64
            """;

    private static Path dir() {
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("testdata/ssa/build"))) {
                return p.resolve("testdata/ssa/build");
            }
        }
        throw new IllegalStateException("no testdata/ssa/build");
    }

    @TestFactory
    List<DynamicTest> files() throws IOException {
        ArrayList<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> list = Files.list(dir())) {
            for (Path p : list.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
                String[] cases = Files.readString(p).split("(?m)^====\n");
                StringBuilder blessed = new StringBuilder();
                for (int i = 0; i < cases.length; i++) {
                    String c = cases[i];
                    int at = c.indexOf("----\n");
                    String input = at < 0 ? c : c.substring(0, at);
                    String expected = at < 0 ? null : c.substring(at + 5);
                    if (Boolean.getBoolean("mica.bless")) {
                        blessed.append(i > 0 ? "====\n" : "").append(input).append("----\n").append(run(input));
                        continue;
                    }
                    tests.add(DynamicTest.dynamicTest(p.getFileName() + " " + (i + 1), () -> assertEquals(expected, run(input))));
                }
                if (Boolean.getBoolean("mica.bless")) {
                    Files.writeString(p, blessed.toString());
                }
            }
        }
        assertTrue(Boolean.getBoolean("mica.bless") || !tests.isEmpty());
        return tests;
    }

    private static String run(String text) {
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        Map<String, Pkg> packages = new HashMap<>();
        packages.put("runtime", parse("runtime", "runtime", RUNTIME, sources, diagnostics));
        packages.put("main", parse("main", "main", text, sources, diagnostics));
        Program program = new Program(sources, diagnostics, (from, path) -> packages.get(path));
        program.check(packages.get("runtime"));
        Pkg main = program.check(packages.get("main"));
        SymbolTable symbols = new SymbolTable();
        Compilation c = new Compilation(program, symbols, (f, out) -> {}, new Compilation.Options());
        StringBuilder sb = new StringBuilder();
        for (mica.types.Func f : main.funcs) {
            if (f.signature().typeParams.length == 0 && f.signature().recvTypeParams.length == 0 && f.decl.recv == null) {
                Func built = c.named("main." + f.name).build();
                Verify.check(built, "build");
                sb.append(Printer.print(built));
            }
        }
        assertTrue(diagnostics.isEmpty(), () -> diagnostics.sorted().get(0).text);
        return sb.toString();
    }

    private static Pkg parse(String path, String name, String text, Sources sources, Diagnostics diagnostics) {
        SourceFile source = sources.add(name + ".go", text.getBytes(StandardCharsets.UTF_8));
        File file = Parser.parseFile(source, diagnostics);
        Pkg p = new Pkg(path, name);
        p.goVersion = "go1.27";
        p.files = List.of(file);
        return p;
    }
}
