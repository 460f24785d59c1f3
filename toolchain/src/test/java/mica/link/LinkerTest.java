// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.FuncInfo;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links programs made of hand-written symbols and looks at the result. */
class LinkerTest {
    private final Sources sources = new Sources();
    private final SymbolTable table = new SymbolTable();
    private final Diagnostics diagnostics = new Diagnostics(sources);
    private final LinkOptions options = new LinkOptions();
    private SourceFile file;

    @TempDir
    Path dir;

    @BeforeEach
    void setUp() {
        options.diagnostics = diagnostics;
        file = sources.add("/src/main.go", "package main\n\nfunc main() {\n}\n".getBytes(StandardCharsets.UTF_8));
    }

    private Symbol function(String name, int abi, String hex) {
        Symbol s = table.lookup(name, abi);
        s.kind = SymKind.TEXT;
        s.data = HexFormat.of().parseHex(hex.replace(" ", ""));
        s.size = s.data.length;
        s.func = new FuncInfo();
        s.func.pcsp.add(0, 0);
        s.func.pcpos.add(0, file.pos(14));
        s.func.startLine = 3;
        s.pkg = name.contains(".") ? name.substring(0, name.indexOf('.')) : "";
        return s;
    }

    private Symbol data(String name, SymKind kind, int size, int align) {
        Symbol s = table.lookup(name);
        s.kind = kind;
        s.size = size;
        s.align = align;
        if (kind != SymKind.BSS && kind != SymKind.NOPTRBSS) {
            s.data = new byte[size];
        }
        return s;
    }

    /** Calls main.main, then exits with AX: mov edi, eax; mov eax, 60; syscall. */
    private void entry() {
        Symbol s = function("_rt0_amd64_linux", 0, "e800000000 89c7 b83c000000 0f05");
        s.addReloc(1, RelocType.CALL32, table.lookup("main.main", 1), -4);
    }

    private Image link(Symbol... roots) {
        return Linker.link(options, table, sources, List.of(roots));
    }

    private Process start(Image image) throws IOException {
        Path exe = dir.resolve("prog");
        image.write(exe);
        return new ProcessBuilder(exe.toString()).redirectErrorStream(true).start();
    }

    private static String run(String... command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        p.waitFor();
        return out;
    }

    private static long word(Image image, Symbol s, int offset) {
        for (Section section : image.sections) {
            if (section.symbols.contains(s)) {
                return Bytes.load64(image.bytes, (int) (section.fileOffset + s.address - section.address) + offset);
            }
        }
        throw new AssertionError(s + " is not in the image");
    }

    @Test
    void exitStatusOfTheProgram() throws Exception {
        entry();
        function("main.main", 1, "b82a000000 c3");
        assertEquals(42, start(link()).waitFor());
    }

    @Test
    void codeReachesReadOnlyAndWrittenData() throws Exception {
        entry();
        // inc dword [counter]; mov eax,1; mov edi,1; lea rsi,[text]; mov edx,6; syscall; mov eax,[counter]; ret
        Symbol main = function("main.main", 1,
                "ff0500000000 b801000000 bf01000000 488d3500000000 ba06000000 0f05 8b0500000000 c3");
        Symbol counter = data("main.counter", SymKind.NOPTRDATA, 4, 4);
        counter.data[0] = 6;
        Symbol text = data("go:string.\"hello\\n\"", SymKind.STRING, 6, 1);
        System.arraycopy("hello\n".getBytes(StandardCharsets.UTF_8), 0, text.data, 0, 6);
        main.addReloc(2, RelocType.PC32, counter, -4);
        main.addReloc(19, RelocType.PC32, text, -4);
        main.addReloc(32, RelocType.PC32, counter, -4);
        Process p = start(link());
        assertEquals("hello\n", new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(7, p.waitFor());
    }

    @Test
    void readelfFindsNothingWrong() throws Exception {
        entry();
        Symbol main = function("main.main", 1, "8b0500000000 c3");
        main.addReloc(2, RelocType.PC32, data("main.zero", SymKind.NOPTRBSS, 4, 4), -4);
        Path exe = dir.resolve("prog");
        link().write(exe);
        String out = run("readelf", "-aW", exe.toString());
        assertFalse(out.contains("Warning") || out.contains("Error"), out);
        assertTrue(out.contains("There is no dynamic section"), out);
        assertTrue(out.contains("GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW "), out);
        assertTrue(out.matches("(?s).*FUNC +GLOBAL DEFAULT +[0-9]+ main.main\n.*"), out);
        assertEquals("rwxr-xr-x", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(exe)));
    }

    @Test
    void debugInformationTellsLinesAndFrames() throws Exception {
        entry();
        Symbol main = function("main.main", 1, "55 4889e5 5d 0f1f00 c3");
        main.func.pcsp.add(1, 8);
        main.func.pcsp.add(5, 0);
        main.func.pcpos.add(5, file.pos(29));
        Path exe = dir.resolve("prog");
        link().write(exe);
        String lines = run("addr2line", "-fe", exe.toString(), Long.toHexString(main.address), Long.toHexString(main.address + 6));
        assertEquals("main.main\n/src/main.go:3\nmain.main\n/src/main.go:4\n", lines);
        String dump = run("readelf", "--debug-dump=info,frames", exe.toString());
        assertFalse(dump.contains("Warning") || dump.contains("Error"), dump);
        assertTrue(dump.contains("DW_CFA_advance_loc: 1 to " + String.format("%016x", main.address + 1)), dump);
        assertTrue(dump.contains("DW_CFA_def_cfa_offset: 16"), dump);
    }

    @Test
    void undefinedSymbolsAreReportedWithTheirReferrer() {
        entry();
        Symbol main = function("main.main", 1, "e800000000 c3");
        main.addReloc(1, RelocType.CALL32, table.lookup("foo.bar", 1), -4);
        assertNull(link());
        assertEquals(1, diagnostics.count());
        assertEquals("main.main: relocation target foo.bar not defined", diagnostics.sorted().get(0).text);
    }

    @Test
    void missingMainHasItsOwnMessage() {
        entry();
        assertNull(link());
        assertEquals("function main is undeclared in the main package", diagnostics.sorted().get(0).text);
    }

    @Test
    void onlyWhatIsReachedIsDefinedAndInWhateverOrderTheImageIsTheSame() throws Exception {
        byte[] first = null;
        for (int round = 0; round < 6; round++) {
            LinkerTest t = new LinkerTest();
            t.setUp();
            t.options.workers = 1 + round % 3;
            t.entry();
            t.function("main.main", 1, "c3");
            int[] defined = new int[1];
            for (int i = 0; i < 200; i++) {
                int n = i;
                t.table.lookup("main.f" + i, 1).definer = s -> {
                    synchronized (defined) {
                        defined[0]++;
                    }
                    // Names and bodies differ, and half of them name a number nobody else does.
                    t.function(s.name, 1, "b8" + HexFormat.of().toHexDigits((byte) n) + "000000 c3");
                    for (int k = 2 * n + 1; k <= 2 * n + 2 && k < 100; k++) {
                        s.addReloc(0, RelocType.KEEP, t.table.lookup("main.f" + k, 1), 0);
                    }
                };
            }
            t.table.lookup("main.main", 1).addReloc(0, RelocType.KEEP, t.table.lookup("main.f0", 1), 0);
            Image image = t.link();
            assertNotNull(image);
            assertEquals(100, defined[0]);
            assertEquals("main.f0", t.table.lookup("main.f2", 1).reachedFrom.name);
            assertEquals(-1, t.table.lookup("main.f150", 1).id);
            if (first == null) {
                first = image.bytes;
            }
            assertArrayEquals(first, image.bytes);
        }
    }

    private Symbol name(String n) {
        Symbol s = table.lookup("type:.namedata." + n);
        s.kind = SymKind.NAME;
        byte[] b = n.getBytes(StandardCharsets.UTF_8);
        s.data = new byte[b.length + 2];
        s.data[1] = (byte) b.length;
        System.arraycopy(b, 0, s.data, 2, b.length);
        s.size = s.data.length;
        return s;
    }

    /** A named struct type with a method table of one entry behind its UncommonType. */
    private Symbol typeWithMethod(String type, String key, Symbol ifn) {
        Symbol s = data("type:" + type, SymKind.TYPE, 80 + 16 + 16, 8);
        s.data[20] = 1 | 4;
        s.data[23] = 25;
        s.data[80 + 4] = 1;
        s.data[80 + 6] = 1;
        s.addReloc(40, RelocType.NAMEOFF, name(type), 0);
        Symbol mtyp = data("type:func()", SymKind.TYPE, 56, 8);
        mtyp.data[23] = 19;
        if (mtyp.relocCount == 0) {
            mtyp.addReloc(40, RelocType.NAMEOFF, name("func()"), 0);
        }
        s.methods = new MethodEntry[] {new MethodEntry(96, name(key), key, key, true, mtyp, ifn, ifn)};
        return s;
    }

    @Test
    void methodsStayOnlyWhenTheyCanBeCalled() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol called = typeWithMethod("main.Called", "Read", function("main.Called.Read", 1, "b801000000c3"));
        Symbol uncalled = typeWithMethod("main.Uncalled", "Write", function("main.Uncalled.Write", 1, "b802000000c3"));
        Symbol plain = typeWithMethod("main.Plain", "Read", function("main.Plain.Read", 1, "b803000000c3"));
        main.addReloc(0, RelocType.USE_IFACE, called, 0);
        main.addReloc(0, RelocType.USE_IFACE, uncalled, 0);
        main.addReloc(0, RelocType.KEEP, plain, 0);
        main.addReloc(0, RelocType.USE_IFACE_METHOD, table.lookup("Read"), 0);
        Image image = link();
        assertTrue(table.lookup("main.Called.Read", 1).id >= 0);
        assertEquals(-1, table.lookup("main.Uncalled.Write", 1).id);
        assertEquals(-1, table.lookup("main.Plain.Read", 1).id);
        // A method that neither a call nor an assertion can find is not listed, but counted.
        assertEquals(96, uncalled.size);
        assertEquals(1L << 48, word(image, uncalled, 80));
        long offset = table.lookup("main.Called.Read", 1).address - table.lookup("runtime.text").address;
        assertEquals(offset | offset << 32, word(image, called, 96 + 8));
        // A type that is never in an interface has no method table.
        assertEquals(96, plain.size);
    }

    @Test
    void assertionsFindMethodsThatNobodyCalls() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol type = typeWithMethod("main.T", "Read", function("main.T.Read", 1, "b801000000c3"));
        main.addReloc(0, RelocType.USE_IFACE, type, 0);
        main.addReloc(0, RelocType.KEEP, type.methods[0].mtyp, 0);
        Image image = link();
        assertEquals(112, type.size);
        assertEquals(-1, word(image, type, 96 + 8));
        long mtyp = type.methods[0].mtyp.address - table.lookup("runtime.types").address;
        assertEquals(mtyp, word(image, type, 96) >>> 32);
        assertEquals(-1, table.lookup("main.T.Read", 1).id);
    }

    @Test
    void reflectionKeepsExportedMethods() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol type = typeWithMethod("main.T", "Read", function("main.T.Read", 1, "c3"));
        main.addReloc(0, RelocType.USE_IFACE, type, 0);
        main.addReloc(0, RelocType.USE_REFLECT_METHOD, null, 0);
        link();
        assertTrue(type.methods[0].kept);
        assertTrue(table.lookup("type:func()").id >= 0);
    }

    @Test
    void functionsThatLookUpMethodsKeepThemAllEvenInlined() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol type = typeWithMethod("main.T", "Read", function("main.T.Read", 1, "c3"));
        main.addReloc(0, RelocType.USE_IFACE, type, 0);
        FuncInfo.InlinedCall c = new FuncInfo.InlinedCall();
        c.parent = -1;
        c.name = "reflect.Value.Method";
        main.func.inlined.add(c);
        link();
        assertTrue(type.methods[0].kept);
    }

    @Test
    void dataThatAssemblyUsesIsAlignedByItsSize() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        main.func.flags = FuncInfo.FLAG_ASM;
        Symbol a = data("main.a", SymKind.NOPTRBSS, 1, 1);
        Symbol key = data("main.key", SymKind.NOPTRBSS, 48, 1);
        main.addReloc(0, RelocType.KEEP, a, 0);
        main.addReloc(0, RelocType.KEEP, key, 0);
        link();
        assertEquals(0, key.address % 32);
    }

    @Test
    void equalStringsAndPartsOfThemShareBytes() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol[] s = new Symbol[5];
        String[] text = {"hello world", "hello", "world", "hello world", "other"};
        for (int i = 0; i < text.length; i++) {
            s[i] = data("go:string." + i, SymKind.STRING, text[i].length(), 1);
            s[i].data = text[i].getBytes(StandardCharsets.UTF_8);
            main.addReloc(0, RelocType.KEEP, s[i], 0);
        }
        link();
        assertEquals(s[0].address, s[3].address);
        assertEquals(s[0].address, s[1].address);
        assertEquals(s[0].address + 6, s[2].address);
    }

    @Test
    void mergeableFunctionsFoldOverTheirCallees() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol[] f = new Symbol[4];
        for (int i = 0; i < 4; i++) {
            f[i] = function("main.f" + i, 1, i < 2 ? "b801000000c3" : "e800000000c3");
            f[i].func.shownName = "main.f[...]";
            f[i].mergeable = true;
            main.addReloc(0, RelocType.KEEP, f[i], 0);
        }
        f[2].addReloc(1, RelocType.CALL32, f[0], -4);
        f[3].addReloc(1, RelocType.CALL32, f[1], -4);
        link();
        assertEquals(f[0].address, f[1].address);
        assertEquals(f[2].address, f[3].address);
        assertTrue(f[0].address != f[2].address);
    }

    @Test
    void initializersRunInOrderAndPureOnesOnlyIfTheirVariableIsUsed() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol used = data("b.used", SymKind.NOPTRBSS, 8, 8);
        Symbol unused = data("b.unused", SymKind.NOPTRBSS, 8, 8);
        main.addReloc(0, RelocType.KEEP, used, 0);
        main.addReloc(0, RelocType.KEEP, data("runtime.firstmoduledata", SymKind.BSS, 240, 8), 0);
        InitTask b = new InitTask("b", List.of("z"));
        b.addPure(function("b.init.used", 1, "b801000000c3"), used);
        Symbol dropped = function("b.init.unused", 1, "b802000000c3");
        dropped.addReloc(0, RelocType.KEEP, unused, 0);
        b.addPure(dropped, unused);
        InitTask z = new InitTask("z", List.of());
        z.add(function("z.init.0", 1, "b803000000c3"));
        InitTask rt = new InitTask("runtime", List.of());
        rt.add(function("runtime.init.0", 1, "b804000000c3"));
        options.initTasks.addAll(List.of(b, z, rt));
        Image image = link();
        assertEquals(-1, dropped.id);
        Symbol record = table.lookup("runtime.firstmoduledata");
        long list = word(image, record, 25 * 8);
        assertEquals(3, word(image, record, 26 * 8));
        Symbol tasks = null;
        for (Symbol s : image.symbols) {
            tasks = s.name.equals("go:main.inittasks") ? s : tasks;
        }
        assertEquals(tasks.address, list);
        Symbol[] order = new Symbol[3];
        for (Symbol s : image.symbols) {
            for (int i = 0; i < 3; i++) {
                order[i] = s.name.endsWith("..inittask") && s.address == word(image, tasks, 8 * i) ? s : order[i];
            }
        }
        assertEquals("runtime..inittask", order[0].name);
        assertEquals("z..inittask", order[1].name);
        assertEquals("b..inittask", order[2].name);
        assertEquals(1L << 32, word(image, order[2], 0));
        assertEquals(table.lookup("b.init.used", 1).address, word(image, order[2], 8));
    }

    @Test
    void pointerMasksFollowTheSections() {
        entry();
        Symbol main = function("main.main", 1, "c3");
        Symbol record = data("runtime.firstmoduledata", SymKind.BSS, 240, 8);
        Symbol a = data("main.a", SymKind.BSS, 24, 8);
        a.markPointer(8);
        Symbol b = data("main.b", SymKind.BSS, 16, 8);
        b.markPointer(0);
        main.addReloc(0, RelocType.KEEP, record, 0);
        main.addReloc(0, RelocType.KEEP, a, 0);
        main.addReloc(0, RelocType.KEEP, b, 0);
        Image image = link();
        // Smaller variables lie first.
        assertEquals(b.address + 16, a.address);
        assertEquals(b.address, word(image, record, 10 * 8));
        assertEquals(b.address + 40, word(image, record, 11 * 8));
        long mask = word(image, record, 15 * 8);
        for (Section s : image.sections) {
            if (s.name.equals(".rodata")) {
                assertEquals(0b01001, Bytes.load64(image.bytes, (int) (mask - s.address + s.fileOffset)));
            }
        }
    }

    @Test
    void stringVariablesAreSetByX() throws Exception {
        entry();
        // mov eax,1; mov edi,1; mov rsi,[version]; mov rdx,[version+8]; syscall; xor eax,eax; ret
        Symbol main = function("main.main", 1, "b801000000 bf01000000 488b3500000000 488b1500000000 0f05 31c0 c3");
        Symbol version = data("main.version", SymKind.BSS, 16, 8);
        version.markPointer(0);
        main.addReloc(13, RelocType.PC32, version, -4);
        main.addReloc(20, RelocType.PC32, version, 8 - 4);
        options.stringValues.put("main.version", "v1.2.3");
        options.stringValues.put("main.nobody", "x");
        Process p = start(link());
        assertEquals("v1.2.3", new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, p.waitFor());
    }

    @Test
    void symbolsCanBeOmittedAndBuildIdsAreStable() {
        entry();
        function("main.main", 1, "c3");
        options.omitSymbols = true;
        Image image = link();
        for (Section s : image.sections) {
            assertFalse(s.name.equals(".symtab"));
        }
        assertEquals(27, image.buildId.length());
        assertTrue(image.bytes.length < 2048, "size " + image.bytes.length);
    }
}
