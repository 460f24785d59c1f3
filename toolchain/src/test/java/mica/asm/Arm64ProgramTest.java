// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in arm64 assembly whose object GNU's tools read and link, and which runs where qemu-aarch64 is installed. */
class Arm64ProgramTest {
    private static final String PROGRAM = """
            #include "textflag.h"

            DATA greeting<>+0(SB)/8, $"hello, a"
            DATA greeting<>+8(SB)/8, $"rm64\\n\\x00\\x00\\x00"
            GLOBL greeting<>(SB), RODATA|NOPTR, $16
            DATA counter<>+0(SB)/8, $40
            GLOBL counter<>(SB), NOPTR, $8
            GLOBL scratch<>(SB), NOPTR, $64

            // write(1, greeting, 13), then exit(42) if all went well.
            TEXT _start(SB), NOSPLIT|NOFRAME, $0-0
            	MOVD	$1, R0
            	MOVD	$greeting<>(SB), R1
            	MOVD	$13, R2
            	MOVD	$64, R8
            	SVC
            	BL	add(SB)
            	MOVD	counter<>(SB), R0
            	MOVD	R0, scratch<>+8(SB)
            	MOVD	scratch<>+8(SB), R0
            	FMOVD	$(2.5), F0
            	FMOVD	$(3.1), F1
            	FCMPD	F0, F1
            	BGT	ok
            	MOVD	$1, R0
            ok:
            	MOVD	$93, R8
            	SVC
            	UNDEF

            TEXT add(SB), NOSPLIT, $32-0
            	MOVD	$0x123456789abcdef0, R3
            	MOVD	R3, x-8(SP)
            	MOVD	x-8(SP), R4
            	CMP	R3, R4
            	BNE	bad
            	MOVD	$0x12345678(R3), R6
            	SUB	R3, R6
            	MOVD	$0x12345678, R7
            	CMP	R6, R7
            	BNE	bad
            	MOVD	counter<>(SB), R5
            	ADD	$2, R5
            	MOVD	R5, counter<>(SB)
            	RET
            bad:
            	UNDEF
            """;

    @Test
    void runs(@TempDir Path dir) throws IOException, InterruptedException {
        Path object = dir.resolve("a.o");
        Path exe = dir.resolve("a");
        Files.write(object, assemble());
        String ld = tool("aarch64-linux-gnu-ld");
        assertEquals("", run(0, ld, "-o", exe.toString(), object.toString()));
        assertEquals("hello, arm64\n", run(42, tool("qemu-aarch64"), exe.toString()));
    }

    @Test
    void readelfReadsEveryRelocation(@TempDir Path dir) throws IOException, InterruptedException {
        Path object = dir.resolve("a.o");
        Files.write(object, assemble());
        String text = run(0, tool("readelf"), "-W", "-r", "-s", "-h", object.toString());
        for (String want : List.of("AArch64", "R_AARCH64_CALL26", "R_AARCH64_ADR_PREL_PG_HI21", "R_AARCH64_ADD_ABS_LO12_NC",
                "R_AARCH64_LDST64_ABS_LO12_NC", "FUNC    GLOBAL DEFAULT")) {
            assertTrue(text.contains(want), want + " in\n" + text);
        }
        assertTrue(!text.contains("unrecognized") && !text.toLowerCase().contains("warning"), text);
    }

    private static byte[] assemble() {
        Sources sources = new Sources();
        SourceFile file = sources.add("a.s", PROGRAM.getBytes(StandardCharsets.UTF_8));
        AsmOptions options = new AsmOptions(sources);
        options.arch = "arm64";
        Diagnostics diagnostics = new Diagnostics(sources);
        List<Symbol> symbols = Assembler.assemble(file, options, new SymbolTable(), diagnostics);
        assertTrue(diagnostics.isEmpty(), diagnostics.toString());
        return Assembler.object(symbols, "a.s", options);
    }

    private static String tool(String name) {
        for (String d : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(d, name))) {
                return name;
            }
        }
        Assumptions.abort(name + " is not installed");
        return name;
    }

    private static String run(int status, String... command) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, p.waitFor(), text);
        return text;
    }
}
