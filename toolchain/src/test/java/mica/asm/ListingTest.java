// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Listing;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** What -S prints of a function assembles to the same bytes and relocations. */
class ListingTest {
    @Test
    void aListingAssemblesToTheSameFunction() {
        SymbolTable table = new SymbolTable();
        Symbol method = table.lookup("fmt.(*pp).printArg", 1);
        Symbol text = table.lookup("go:string.\"a\n\u00e4\"", 0);
        Symbol array = table.lookup("main.array", 0);
        Amd64Code c = new Amd64Code();
        int top = c.newLabel();
        int cold = c.newLabel();
        c.bind(top);
        c.emit(CMPQ, SP, mem(R14, 16));
        c.emit(JLS, label(cold));
        c.emit(PUSHQ, BP);
        c.emit(CMPB, AX, imm(1));
        c.emit(CMPB, AL, imm(1));
        c.align(16, 0);
        c.emit(LEAQ, c.sym(text, 0), AX);
        c.emit(CMPL, c.sym(array, 4), imm(70000));
        c.emit(MOVQ, c.sym(array, 8, CX, 8), DX);
        c.emit(MOVSD, mem(R13, CX, 8, -8), X3);
        c.emit(MOVQ, c.imm64(Long.MIN_VALUE), R9);
        c.emit(CALL, c.sym(method, 0));
        c.emit(POPQ, BP);
        c.emit(RET);
        c.bind(cold);
        c.emit(POPQ, BP);
        c.emit(RET);
        c.emit(JMP, label(top));
        Symbol f = new Symbol("main.f[int]", 1);
        c.finish(f);
        Sources sources = new Sources();
        StringBuilder b = new StringBuilder();
        new Amd64Listing().print(b, f, sources);
        AsmOptions options = new AsmOptions(sources);
        options.allowAbi = true;
        Diagnostics d = new Diagnostics(sources);
        Assembler.assemble(sources.add("f.s", b.toString().getBytes(StandardCharsets.UTF_8)), options, table, d);
        assertEquals("", d.isEmpty() ? "" : d.sorted().get(0).text + "\n" + b);
        Symbol g = table.lookup("main.f[int]", 1);
        assertArrayEquals(Arrays.copyOf(f.data, (int) f.size), Arrays.copyOf(g.data, (int) g.size), b.toString());
        assertEquals(f.relocCount, g.relocCount);
        for (int i = 0; i < f.relocCount; i++) {
            assertEquals(f.relocOffset[i], g.relocOffset[i]);
            assertEquals(f.relocType[i], g.relocType[i]);
            assertSame(f.relocTarget[i], g.relocTarget[i]);
            assertEquals(f.relocAddend[i], g.relocAddend[i]);
        }
    }
}
