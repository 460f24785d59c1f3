// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeSet;
import mica.arch.arm64.RandomWords;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Mutated arm64 sources and random words end in diagnostics, never in an exception. */
class Arm64FuzzTest {
    private static final int COUNT = Integer.getInteger("mica.test.fuzz", 3000);
    private static final String ALPHABET = "$(),:;<>+-*/[]#\\\"'.@\n\t 01239ARFVZPNSDBHLWWXKgx\u00b7";

    private static final String SEED = """
            #include "textflag.h"
            DATA tab<>+0(SB)/8, $0x0102030405060708
            GLOBL tab<>(SB), RODATA|NOPTR, $16
            GLOBL tls(SB), TLSBSS, $8
            TEXT \u00b7f(SB), $4096-8
            loop:
            	MOVD $0x123456789abcdef0, R1
            	MOVD x+8(FP), R2
            	MOVD R2, y-16(SP)
            	LDP.P 16(R1), (R2, R3)
            	STP (R4, R5), 70000(R6)
            	MOVB 0x1234567(R1), R2
            	MOVD $tab<>+4(SB), R3
            	MOVD tls(SB), R4
            	ADD $0x12345, R5, R6
            	ADD R1.UXTB<<2, R2, R3
            	AND R1@>7, R2
            	CMP $0xff00, RSP
            	TBZ $33, R7, loop
            	CSEL EQ, R1, R2, R3
            	VLD1.P 32(R1), [V1.B16, V2.B16]
            	VMOV V1.S[2], R3
            	FMOVD $(3.1), F1
            	MSR R1, FPCR
            	PRFM (R1), PLDL1KEEP
            	ZLD1H (Z4.S.UXTW<<1)(R3), P3.Z, [Z4.S]
            	ZAESE Z1.Q[2], [Z8.B-Z11.B], [Z8.B-Z11.B]
            	ZLD3Q (-VL*3)(R10), P4.Z, [Z21.Q, Z22.Q, Z23.Q]
            	PWHILELT VLx4, R21, R9, PN12.H
            	UBFX $3, R1, $4, R2
            	PCALIGN $32
            	WORD $0x12345678; DWORD $tab<>(SB)
            	CALL \u00b7g<ABIInternal>(SB)
            	ADR loop, R1
            	BLT 2(PC)
            	RET
            """;

    /** Sources as they are written, and sources of random instructions. */
    private static String source(Random r, RandomWords words) {
        StringBuilder b = new StringBuilder(SEED);
        for (int i = 0; i < 5; i++) {
            if (words.next()) {
                b.append('\t').append(words.text()).append('\n');
            }
        }
        return b.toString();
    }

    @Test
    void mutatedSourcesGiveDiagnostics() {
        Random r = new Random(17);
        RandomWords words = new RandomWords(18);
        TreeSet<String> failures = new TreeSet<>();
        int good = 0;
        for (int i = 0; i < COUNT; i++) {
            StringBuilder b = new StringBuilder(source(r, words));
            for (int k = r.nextInt(5); k > 0; k--) {
                mutate(b, r);
            }
            Sources sources = new Sources();
            AsmOptions options = new AsmOptions(sources);
            options.arch = "arm64";
            options.allowAbi = true;
            options.packagePath = "p";
            Diagnostics diagnostics = new Diagnostics(sources);
            try {
                for (Symbol s : Assembler.assemble(sources.add("f.s", b.toString().getBytes(StandardCharsets.UTF_8)), options,
                        new SymbolTable(), diagnostics)) {
                    good += s.func != null ? 1 : 0;
                }
            } catch (RuntimeException | Error e) {
                StackTraceElement[] t = e.getStackTrace();
                failures.add(e + " at " + (t.length == 0 ? "?" : t[0] + " " + t[Math.min(2, t.length - 1)]));
            }
        }
        assertEquals("", String.join("\n", failures));
        assertTrue(good > COUNT / 20, good + " sources without errors");
    }

    private static void mutate(StringBuilder b, Random r) {
        int at = r.nextInt(b.length());
        switch (r.nextInt(5)) {
            case 0 -> b.deleteCharAt(at);
            case 1 -> b.insert(at, ALPHABET.charAt(r.nextInt(ALPHABET.length())));
            case 2 -> b.setCharAt(at, ALPHABET.charAt(r.nextInt(ALPHABET.length())));
            case 3 -> b.insert(at, r.nextInt(3) == 0 ? r.nextLong() : r.nextInt(5000) - 2500);
            default -> {
                int from = r.nextInt(b.length());
                b.insert(at, b.substring(from, Math.min(b.length(), from + r.nextInt(20))));
            }
        }
    }

    @Test
    void randomWordsDecodeOrDoNot() {
        RandomWords r = new RandomWords(19);
        int known = 0;
        for (int i = 0; i < COUNT * 200; i++) {
            if (r.any()) {
                known++;
                assertTrue(!r.text().isEmpty());
            }
        }
        assertTrue(known > COUNT * 20, known + " words are instructions");
    }
}
