// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeSet;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Printer;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Mutated sources and random bytes end in diagnostics, never in an exception. */
class FuzzTest {
    private static final int COUNT = Integer.getInteger("mica.test.fuzz", 3000);

    private static final String SEED = """
            #define START() \\
            	MOVQ ptr+0(FP), AX \\
            	ADDQ $(3*4+1), AX
            #ifdef FOO
            #define BAR 1
            #else
            #define BAR 2
            #endif
            #include "textflag.h"
            DATA tab<>+0(SB)/8, $0x0102030405060708
            DATA tab<>+8(SB)/4, $1.5
            DATA str<>+0(SB)/4, $"ab\\n\\x00"
            GLOBL tab<>(SB), RODATA|NOPTR, $16
            GLOBL str<>(SB), RODATA, $4
            TEXT \u00b7f(SB), NOSPLIT, $24-8
            	START()
            loop:
            	MOVQ 8(AX)(BX*8), CX
            	CMPQ CX, $-1
            	JNE loop
            	VADDPD.BCST.Z 8(AX), Z1, K1, Z2
            	VPGATHERDD Y0, 8(X4*1), Y6
            	V4FMADDPS 17(SP), [Z0-Z3], K2, Z22
            	MOVSD $(-1.25e3), X0
            	SHLQ $3, AX:BX
            	CALL \u00b7g<ABIInternal>(SB)
            	JMP 2(PC)
            	PCALIGN $16
            	BYTE $0x90; LONG $'x'
            	LEAQ tab<>+4(SB), SI
            	RET
            """;

    @Test
    void mutatedSourcesGiveDiagnostics() {
        Random r = new Random(7);
        TreeSet<String> failures = new TreeSet<>();
        String alphabet = "$(),:;<>+-*/[]#\\\"'.\n\t 019AXRSBabxZK\u00b7";
        for (int i = 0; i < COUNT; i++) {
            StringBuilder b = new StringBuilder(SEED);
            int edits = 1 + r.nextInt(4);
            for (int k = 0; k < edits; k++) {
                int at = r.nextInt(b.length());
                switch (r.nextInt(4)) {
                    case 0 -> b.deleteCharAt(at);
                    case 1 -> b.insert(at, alphabet.charAt(r.nextInt(alphabet.length())));
                    case 2 -> b.setCharAt(at, alphabet.charAt(r.nextInt(alphabet.length())));
                    default -> {
                        int from = r.nextInt(b.length());
                        b.insert(at, b.substring(from, Math.min(b.length(), from + r.nextInt(20))));
                    }
                }
            }
            Sources sources = new Sources();
            AsmOptions options = new AsmOptions(sources);
            options.allowAbi = true;
            options.packagePath = "p";
            try {
                Assembler.assemble(sources.add("f.s", b.toString().getBytes(StandardCharsets.UTF_8)), options,
                        new SymbolTable(),
                        new Diagnostics(sources));
            } catch (RuntimeException | Error e) {
                StackTraceElement[] t = e.getStackTrace();
                failures.add(e + " at " + (t.length == 0 ? "?" : t[0] + " " + t[Math.min(2, t.length - 1)]));
            }
        }
        assertEquals("", String.join("\n", failures));
    }

    @Test
    void randomBytesDecodeOrDoNot() {
        Random r = new Random(9);
        Amd64Decoder decoder = new Amd64Decoder();
        Amd64Inst inst = new Amd64Inst();
        byte[] b = new byte[20];
        int lead = 0;
        for (int i = 0; i < COUNT * 100; i++) {
            r.nextBytes(b);
            if (i % 3 == 0) {
                b[0] = (byte) 0x62;
            } else if (i % 3 == 1) {
                b[0] = (byte) 0xc4;
            }
            int n = 1 + r.nextInt(b.length);
            if (decoder.decode(b, 0, n, inst)) {
                lead++;
                assertEquals(true, inst.length >= 1 && inst.length <= n);
                Amd64Printer.print(inst, 0, 0x1000, a -> (a & 1) == 0 ? "x+1" : null);
            }
        }
        assertEquals(true, lead > 1000);
    }
}
