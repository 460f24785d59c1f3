// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** The form of -S; the lines are those of go tool asm, except for FUNCDATA $5. */
class AsmListingTest {
    private static String listing(String arch, String text) {
        Sources sources = new Sources();
        AsmOptions options = new AsmOptions(sources);
        options.arch = arch;
        options.packagePath = "p";
        options.listing = new AsmListing(sources);
        Diagnostics d = new Diagnostics(sources);
        List<Symbol> symbols = Assembler.assemble(sources.add("x.s", text.getBytes(StandardCharsets.UTF_8)), options, new SymbolTable(), d);
        assertEquals("", d.isEmpty() ? "" : d.sorted().get(0).text);
        return options.listing.print(symbols);
    }

    @Test
    void amd64() {
        String source = """
                TEXT ·f(SB), 4, $8-16
                	MOVQ a+0(FP), AX
                	CMPQ AX, $3
                	JNE done
                	MOVSD $2.5, X1
                	CALL x<>+8(SB)
                done:
                	RET
                DATA x<>+0(SB)/8, $·f+4(SB)
                GLOBL x<>(SB), 8, $8
                """;
        assertEquals("""
                p.f STEXT nosplit asm size=38 align=0x0 args=0x10 locals=0x10 funcid=0x0
                	0x0000 00000 (x.s:1)	TEXT	p.f(SB), NOSPLIT, $16-16
                	0x0000 00000 (x.s:1)	PUSHQ	BP
                	0x0001 00001 (x.s:1)	MOVQ	SP, BP
                	0x0004 00004 (x.s:1)	SUBQ	$8, SP
                	0x0008 00008 (x.s:1)	FUNCDATA	$0, p.f.args_stackmap(SB)
                	0x0008 00008 (x.s:2)	MOVQ	a+24(FP), AX
                	0x000d 00013 (x.s:3)	CMPQ	AX, $3
                	0x0011 00017 (x.s:4)	JNE	32
                	0x0013 00019 (x.s:5)	MOVSD	$f64.4004000000000000(SB), X1
                	0x001b 00027 (x.s:6)	CALL	x<>+8(SB)
                """, listing("amd64", source).replaceAll("(?s)\t0x0020 00032.*", ""));
    }

    @Test
    void arm64() {
        String source = """
                TEXT ·f(SB), 4, $0-8
                	MOVD x<>(SB), R1
                	CBZ R1, done
                	FMOVD $2.6, F1
                	MOVD $0x123456789, R4
                	MOVD R1, r+0(FP)
                done:
                	RET
                GLOBL x<>(SB), 16, $8
                """;
        assertEquals("""
                p.f STEXT nosplit asm size=48 align=0x0 args=0x8 locals=0x0 funcid=0x0 leaf
                	0x0000 00000 (x.s:1)	TEXT	p.f(SB), NOSPLIT|LEAF|NOFRAME, $0-8
                	0x0000 00000 (x.s:1)	FUNCDATA	$0, p.f.args_stackmap(SB)
                	0x0000 00000 (x.s:2)	MOVD	x<>(SB), R1
                	0x0008 00008 (x.s:3)	CBZ	R1, 36
                	0x000c 00012 (x.s:4)	FMOVD	$f64.4004cccccccccccd(SB), F1
                	0x0014 00020 (x.s:5)	MOVD	$4886718345, R4
                	0x0020 00032 (x.s:6)	MOVD	R1, r(FP)
                	0x0024 00036 (x.s:8)	RET	(R30)
                	rel 0+8 t=R_ARM64_PCREL_LDST64 x+0
                	rel 12+8 t=R_ARM64_PCREL_LDST64 $f64.4004cccccccccccd+0
                x SNOPTRBSS static size=8 align=0x0
                $f64.4004cccccccccccd SRODATA size=8 align=0x8
                	0x0000 cd cc cc cc cc cc 04 40                          .......@
                """, listing("arm64", source).replaceAll("\t0x00.0( [0-9a-f]{2}){16}.*\n", ""));
    }
}
