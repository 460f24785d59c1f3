// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.link.Image;
import mica.link.LinkOptions;
import mica.link.Linker;
import mica.obj.FormatException;
import mica.obj.LinkGraph;
import mica.obj.FuncInfo;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Reads back what the linker writes, whole and damaged. */
class ExecutableTest {
    private final Sources sources = new Sources();
    private final SourceFile file =
            sources.add("/src/main.go", "package main\n\nfunc main() {\n\tf()\n}\n".getBytes(StandardCharsets.UTF_8));
    private final SourceFile other = sources.add("/src/f.go", "package main\n\n\n\n\nvar x int".getBytes(StandardCharsets.UTF_8));

    private Symbol function(SymbolTable table, String name, int abi, String hex) {
        Symbol s = table.lookup(name, abi);
        s.kind = SymKind.TEXT;
        s.data = HexFormat.of().parseHex(hex);
        s.size = s.data.length;
        s.func = new FuncInfo();
        s.func.startLine = 3;
        s.func.pcsp.add(0, 0);
        s.func.pcpos.add(0, file.pos(14));
        return s;
    }

    private Image program(boolean stripped) {
        SymbolTable table = new SymbolTable();
        LinkOptions o = new LinkOptions();
        o.diagnostics = new Diagnostics(sources);
        o.goVersion = "go1.27.3";
        o.modInfo = "path\texample.com/x\nbuild\t-compiler=mica\n";
        o.omitSymbols = stripped;
        Symbol entry = function(table, "_rt0_amd64_linux", 0, "e80000000089c7b83c0000000f05");
        Symbol main = function(table, "main.main", 1, "b82a00000090909090c3");
        main.func.pcsp.add(5, 8);
        main.func.pcpos.add(5, other.pos(17));
        main.func.pcpos.add(7, file.pos(29));
        entry.addReloc(1, RelocType.CALL32, main, -4);
        return Linker.link(o, table, sources, List.of());
    }

    @Test
    void symbolsLinesAndBuildInformation() throws Exception {
        Executable exe = new Executable("x", program(false).bytes);
        Executable.Sym main = null;
        for (Executable.Sym s : exe.symbols()) {
            main = s.name.equals("main.main") ? s : main;
        }
        assertEquals('T', main.type);
        assertEquals(10, main.size);
        Pcln.Func f = exe.pcln().find(main.address + 6);
        assertEquals("main.main", f.name);
        assertEquals("/src/main.go", exe.pcln().file(f, main.address));
        assertEquals(3, exe.pcln().line(f, main.address));
        assertEquals("/src/f.go", exe.pcln().file(f, main.address + 6));
        assertEquals(6, exe.pcln().line(f, main.address + 6));
        assertEquals(4, exe.pcln().line(f, main.address + 7));
        assertEquals(0, exe.pcln().stackDepth(f, main.address + 4));
        assertEquals(8, exe.pcln().stackDepth(f, main.address + 9));
        BuildInfo info = BuildInfo.read(exe.elf);
        assertEquals("go1.27.3", info.version);
        assertEquals("path\texample.com/x\nbuild\t-compiler=mica\n", info.modInfo);
        assertEquals(27, BuildInfo.buildId(exe.elf).length());
        StringBuilder listed = new StringBuilder();
        new Nm().list(listed, "", ObjectFiles.open("x", program(false).bytes).get(0));
        assertTrue(listed.toString().contains(Long.toHexString(main.address) + " T main.main\n"));
    }

    @Test
    void strippedFilesStillNameTheirFunctions() throws Exception {
        Executable exe = new Executable("x", program(true).bytes);
        assertEquals(0, exe.symbols().size());
        assertEquals("main.main", exe.functions().get(1).name);
    }

    @Test
    void everyByteHasAnOwner() throws Exception {
        for (boolean stripped : new boolean[] {false, true}) {
            byte[] b = program(stripped).bytes;
            SizeReport r = new SizeReport(new Executable("x", b));
            long at = 0;
            boolean main = false;
            for (SizeReport.Range x : r.ranges) {
                assertEquals(at, x.offset);
                at += x.size;
                main |= x.name.equals("main.main") && x.pkg.equals("main") && x.kind.equals("code") && x.size == 10;
            }
            assertEquals(b.length, at);
            assertTrue(stripped || main);
        }
        assertEquals("a.b/c", LinkGraph.packageOf("a.b/c.F[d/e.T]"));
        assertEquals("", LinkGraph.packageOf("type:main.T"));
    }

    @Test
    void otherFilesAreRefused() {
        FormatException e = assertThrows(FormatException.class, () -> new Executable("x", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("x: not an ELF file", e.getMessage());
        byte[] b = Arrays.copyOf(program(false).bytes, 100);
        assertThrows(FormatException.class, () -> new Executable("x", b));
    }

    /** Damaged files give a FormatException or wrong facts, never another exception. */
    @Test
    void damagedFilesAreNoReasonToFail() {
        byte[] good = program(false).bytes;
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] b = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int k = 0; k < 1 + i % 20 && b.length > 0; k++) {
                b[i % 2 == 0 ? random.nextInt(b.length) : good.length / 2 + random.nextInt(good.length / 2) & b.length - 1 >> 1] =
                        (byte) random.nextInt();
            }
            try {
                Executable exe = new Executable("x", b);
                exe.symbols();
                BuildInfo.read(exe.elf);
                BuildInfo.buildId(exe.elf);
                new SizeReport(exe);
                for (Pcln.Func f : exe.pcln() == null ? List.<Pcln.Func>of() : exe.pcln().functions()) {
                    exe.pcln().line(f, f.entry);
                    exe.pcln().file(f, f.entry);
                }
            } catch (FormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 100, "refused " + refused);
    }
}
