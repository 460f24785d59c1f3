// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the assembler, and of what is made for it. */
class ToolAsmTest {
    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        env.put("GOROOT", TestGoroot.find().toString());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private String mica(String... args) {
        return CommandRun.of(dir, env, args).toString();
    }

    private String listing(String... args) {
        return mica(args).lines().filter(l -> l.matches("\t(rel |0x.*\t[A-Z]).*|[0-9]")).map(l -> l.replaceFirst("^\t0x\\w+ \\d+ ", ""))
                .reduce("", (a, b) -> a + b + "\n");
    }

    /** An object for shared libraries in a program of its own: variables are found through the table of their addresses. */
    @Test
    void objectsForSharedLibrariesAreLinked() throws Exception {
        write("a.s", """
                TEXT p·start(SB), 4, $0-0
                	MOVQ $p·v(SB), BX
                	MOVQ $40, (BX)
                	ADDQ $2, p·v(SB)
                	CALL p·exit(SB)
                	RET
                TEXT p·exit(SB), 4, $0-0
                	MOVQ p·v(SB), DI
                	MOVQ $60, AX
                	SYSCALL
                	RET
                GLOBL p·v(SB), 16, $8
                """);
        for (String mode : new String[] {"-shared", "-dynlink"}) {
            assertEquals("0\n", mica("tool", "asm", "-p", "p", mode, "-o", "a.o", "a.s"));
            assertEquals("0\n", mica("tool", "link", "-E", "p.start", "-o", "a.exe", "a.o"));
            assertEquals(42, new ProcessBuilder(dir.resolve("a.exe").toString()).start().waitFor());
        }
        write("t.s", "TEXT p·f(SB), 4, $0-0\n\tMOVQ (TLS), AX\n\tRET\n");
        assertEquals("0\n", mica("tool", "asm", "-p", "p", "-dynlink", "-o", "t.o", "t.s"));
        String refused = mica("tool", "link", "-E", "p.f", "-o", "t.exe", "t.o");
        assertTrue(refused.matches("1\nt\\.o: offset 0x[0-9a-f]+: relocation of type 22 against runtime.tlsg: thread-local storage of shared libraries is not linked\n"), refused);
    }

    @Test
    void tablesOfPcValuesArePrinted() throws IOException {
        write("a.s", "TEXT ·f(SB), 4, $16-0\n\tPUSHQ AX\n\tPCDATA $0, $5\n\tPOPQ AX\n\tRET\n");
        assertEquals("""
                0
                funcpctab p.f [valfunc=pctospadj]
                     0     -1 00000 (a.s:1)\tTEXT\tp.f(SB), NOSPLIT, $24-0
                     0        00000 (a.s:1)\tTEXT\tp.f(SB), NOSPLIT, $24-0
                     0      0 00000 (a.s:1)\tPUSHQ\tBP
                     1      8 00001 (a.s:1)\tMOVQ\tSP, BP
                     4        00004 (a.s:1)\tSUBQ\t$16, SP
                     8     24 00008 (a.s:2)\tPUSHQ\tAX
                     9        00009 (a.s:3)\tPCDATA\t$0, $5
                     9     32 00009 (a.s:4)\tPOPQ\tAX
                     a     24 00010 (a.s:5)\tADDQ\t$16, SP
                     e      8 00014 (a.s:5)\tPOPQ\tBP
                     f      0 00015 (a.s:5)\tRET
                    10 done
                """, mica("tool", "asm", "-p", "p", "-d", "pctab=pctospadj", "-o", "a.o", "a.s"));
        assertTrue(mica("tool", "asm", "-p", "p", "-d", "pctab=pctoline", "-o", "a.o", "a.s").contains("     8      2 00008 (a.s:2)\tPUSHQ\tAX\n"));
        assertTrue(mica("tool", "asm", "-p", "p", "-d", "pctab=pctopcdata", "-o", "a.o", "a.s").contains("     9      5 00009 (a.s:4)\tPOPQ\tAX\n"));
        env.put("GOARCH", "arm64");
        write("b.s", "TEXT ·f(SB), 4, $0\n\tMOVD R1, R2\n\tPCDATA $1, $5\n\tMOVD R3, R4\n\tRET\n");
        assertEquals("""
                0
                funcpctab p.f [valfunc=pctopcdata]
                     0     -1 00000 (b.s:1)\tTEXT\tp.f(SB), NOSPLIT|LEAF|NOFRAME, $0
                     0        00000 (b.s:1)\tTEXT\tp.f(SB), NOSPLIT|LEAF|NOFRAME, $0
                     0     -1 00000 (b.s:2)\tMOVD\tR1, R2
                     4        00004 (b.s:3)\tPCDATA\t$1, $5
                     4      5 00004 (b.s:4)\tMOVD\tR3, R4
                     8        00008 (b.s:5)\tRET\t(R30)
                    10 done
                """, mica("tool", "asm", "-p", "p", "-d", "pctab=pctopcdata", "-o", "b.o", "b.s").replaceAll(".*FUNCDATA.*\n", ""));
        env.remove("GOARCH");
        assertEquals("0\n", mica("tool", "asm", "-p", "p", "-d", "pctab=none", "-o", "a.o", "a.s"));
    }

    @Test
    void duffDevicesAreForSharedLibrariesOnly() throws IOException {
        write("a.s", "TEXT ·f(SB), 4, $0\n\tDUFFZERO ·z(SB)\n\tRET\n");
        assertEquals("1\na.s:2: invalid instruction: DUFFZERO\tp.z(SB)\nasm: assembly of a.s failed\n", mica("tool", "asm", "-p", "p", "-o", "a.o", "a.s"));
        assertEquals("0\n", mica("tool", "asm", "-p", "p", "-dynlink", "-o", "a.o", "a.s"));
    }

    @Test
    void codeForSharedLibraries() throws IOException {
        write("a.s", "TEXT ·f(SB), 4, $0\n\tADDQ $4, x+8(SB)\n\tLEAQ x+8(SB), CX\n\tMOVQ x<>(SB), AX\n\tMOVQ 8(TLS), BX\n\tJMP ·h(SB)\n");
        assertEquals("""
                0
                (a.s:1)\tTEXT\tp.f(SB), NOSPLIT|NOFRAME, $0
                (a.s:1)\tFUNCDATA\t$0, p.f.args_stackmap(SB)
                (a.s:2)\tNOP
                (a.s:2)\tMOVQ\tx@GOT(SB), R15
                (a.s:2)\tADDQ\t$4, 8(R15)
                (a.s:3)\tMOVQ\tx@GOT(SB), CX
                (a.s:3)\tLEAQ\t8(CX), CX
                (a.s:4)\tMOVQ\tx<>(SB), AX
                (a.s:5)\tMOVQ\tTLS, BX
                (a.s:5)\tMOVQ\t8(BX)(TLS*1), BX
                (a.s:6)\tJMP\tp.h(SB)
                \trel 3+4 t=R_GOTPCREL x+0
                \trel 15+4 t=R_GOTPCREL x+0
                \trel 26+4 t=R_PCREL x+0
                \trel 33+4 t=R_TLS_IE +-4
                \trel 43+4 t=R_CALL p.h+0
                """, listing("tool", "asm", "-dynlink", "-S", "-p", "p", "a.s"));
        assertEquals("0\n", mica("tool", "nm", "a.o").replaceAll("(?m)^ .*\n", ""));
        env.put("GOARCH", "arm64");
        write("b.s", "TEXT ·f(SB), 4, $0\n\tMOVD $x+8(SB), R1\n\tMOVD R1, x+8(SB)\n\tMOVD x<>(SB), R2\n\tMOVD t(SB), R3\n\tRET\nGLOBL t(SB), 256, $8\n");
        assertEquals("""
                \trel 0+8 t=R_ARM64_GOTPCREL x+0
                \trel 12+8 t=R_ARM64_GOTPCREL x+0
                \trel 24+8 t=R_ARM64_PCREL_LDST64 x+0
                \trel 32+8 t=R_ARM64_TLS_IE t+0
                """, listing("tool", "asm", "-dynlink", "-S", "-p", "p", "b.s").replaceAll("(?m)^[^\t].*\n", ""));
    }

    @Test
    void settings() throws IOException {
        write("a.s", "TEXT ·f(SB), 0, $8\n\tCALL AX\n\tCALL *(AX)\n\tRET\n");
        write("b.s", "TEXT ·f(SB), 0, $8\n\tCALL AX\n\tJMP R9\n");
        assertEquals("1\na.s:3: non-retpoline-compatible: CALL\t(AX)\nasm: assembly of a.s failed\n", mica("tool", "asm", "-spectre=all", "a.s"));
        String calls = listing("tool", "asm", "-spectre=ret", "-d=maymorestack=hook", "-S", "b.s").replaceAll("(?m)^[^\t].*\n", "");
        assertEquals("\trel 1+4 t=R_CALL hook+0\n\trel 20+4 t=R_CALL runtime.retpolineAX+0\n\trel 25+4 t=R_CALL runtime.retpolineR9+0\n"
                + "\trel 30+4 t=R_CALL runtime.morestack_noctxt+0\n", calls);
        assertEquals("2\nasm: unknown setting -spectre=x\n", mica("tool", "asm", "-spectre=x", "a.s"));
        assertTrue(mica("tool", "asm", "-d=x", "a.s").startsWith("2\ninvalid value \"x\" for flag -d: unknown debug key x\nusage: "));
        assertTrue(mica("tool", "asm", "-d=help").startsWith("0\nusage: -d arg[,arg]* and arg is <key>[=<value>]\n"));
        assertTrue(mica("tool", "asm", "a.s", "b.s").startsWith("2\nusage: "));
        env.put("GOARCH", "arm64");
        write("c.s", "TEXT ·f(SB), 4, $0\n\tRET\nTEXT ·g(SB), 4, $0\n\tRET\n");
        assertEquals("1\n-spectre=ret not supported on arm64\nasm: assembly of c.s failed\n", mica("tool", "asm", "-spectre=ret", "-o", "x.o", "c.s", "b.s"));
    }

    @Test
    void headersForBothCpus() throws IOException {
        write("p.go", "package p\n\nconst (\n\tI = 1 << 62\n\tF = 1.5\n\tS = \"a\\n\\\"b\"\n\tB = true\n)\n\ntype T struct {\n\ta int8\n\t_ int\n\tB uintptr\n}\n\n"
                + "type A = T\n\ntype G[X any] struct{ x X }\n\nfunc Sum(x int) int\n");
        String want = "// generated by compile -asmhdr from package p\n\n#define const_I 4611686018427387904\n#define const_S \"a\\n\\\"b\"\n#define const_B true\n"
                + "#define T__size 24\n#define T_a 0\n#define T_B 16\n#define A__size 24\n#define A_a 0\n#define A_B 16\n";
        for (String arch : new String[] {"amd64", "arm64"}) {
            env.put("GOARCH", arch);
            assertEquals("0\n", mica("tool", "compile", "-p", "p", "-asmhdr", arch + ".h", "p.go"));
            assertEquals(want, Files.readString(dir.resolve(arch + ".h")));
        }
        assertEquals("2\nmica: GOARCH=arm64 is not supported yet (this Mica compiles for linux/amd64)\n",
                mica("tool", "compile", "-p", "p", "-asmhdr", "x.h", "-o", "x.o", "p.go"));
        write("bad.go", "package p\n\nconst C int = \"\"\n");
        assertEquals("2\nbad.go:3:15: cannot use \"\" (untyped string constant) as int value in constant declaration\n",
                mica("tool", "compile", "-p", "p", "-asmhdr", "y.h", "bad.go"));
        assertFalse(Files.exists(dir.resolve("y.h")));
    }
}
