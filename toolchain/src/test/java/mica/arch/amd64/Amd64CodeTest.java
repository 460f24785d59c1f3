// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import mica.base.Fault;
import mica.obj.RelocType;
import mica.obj.Symbol;
import org.junit.jupiter.api.Test;

class Amd64CodeTest {
    private final Amd64Code c = new Amd64Code();

    private void check(String hex, Amd64Op op, long... operands) {
        c.reset();
        c.emit(op, 0, operands, operands.length);
        c.finish();
        assertEquals(hex, HexFormat.of().formatHex(c.toBytes()), c.print(0));
    }

    @Test
    void integerForms() {
        check("4889c3", MOVQ, AX, BX);
        check("b801000000", MOVQ, imm(1), AX);
        check("48c7c0ffffffff", MOVQ, imm(-1), AX);
        check("48b8ffffffff01000000", MOVQ, imm(0x1ffffffffL), AX);
        check("48b80000000000000080", MOVQ, c.imm64(Long.MIN_VALUE), AX);
        check("488b442410", MOVQ, mem(SP, 16), AX);
        check("488d54c8fc", LEAQ, mem(AX, CX, 8, -4), DX);
        check("4d8b4d00", MOVQ, mem(R13, 0), R9);
        check("498b0424", MOVQ, mem(R12, 0), AX);
        check("4883c001", ADDQ, imm(1), AX);
        check("480580000000", ADDQ, imm(128), AX);
        check("4881c380000000", ADDQ, imm(128), BX);
        check("4801c3", ADDQ, AX, BX);
        check("4839d8", CMPQ, AX, BX);
        check("4883f801", CMPQ, AX, imm(1));
        check("483918", CMPQ, mem(AX, 0), BX);
        check("408833", MOVB, SI, mem(BX, 0));
        check("400fb6c6", MOVBLZX, SI, AX);
        check("400f94c6", SETEQ, SI);
        check("480f44d8", CMOVQEQ, AX, BX);
        check("4893", XCHGQ, AX, BX);
        check("4887cb", XCHGQ, CX, BX);
        check("486bd803", IMUL3Q, imm(3), AX, BX);
        check("480fafd8", IMULQ, AX, BX);
        check("48d1e0", SHLQ, imm(1), AX);
        check("48d3e0", SHLQ, CX, AX);
        check("480fa4c303", SHLQ, imm(3), AX, BX);
        check("48ffc0", INCQ, AX);
        check("4155", PUSHQ, R13);
        check("ffd0", CALL, AX);
        check("41ff2424", JMP, mem(R12, 0));
        check("f0", LOCK);
        check("480fb10a", CMPXCHGQ, CX, mem(DX, 0));
        check("f348a5".substring(2), MOVSQ);
        check("f390", PAUSE);
        check("4c8b342500000000".replace("4c8b3425", "654c8b3425"), MOVQ, mem(GS, 0), R14);
    }

    @Test
    void floatForms() {
        check("f20f10c8", MOVSD, X0, X1);
        check("f2440f584c2408", ADDSD, mem(SP, 8), X9);
        check("66480f6ec0", MOVQ, AX, X0);
        check("66480f7ec0", MOVQ, X0, AX);
        check("660fd600", MOVQ, X0, mem(AX, 0));
        check("f30f7ec1", MOVQ, X1, X0);
        check("660f6ec0", MOVL, AX, X0);
        check("f2480f2ac1", CVTSQ2SD, CX, X0);
        check("f20f2cc1", CVTTSD2SL, X1, AX);
        check("f2480f2cc1", CVTTSD2SQ, X1, AX);
        check("660f3a0bc803", ROUNDSD, imm(3), X0, X1);
        check("0f1106", MOVUPS, X0, mem(SI, 0));
        check("f3450f7f7e10", MOVOU, X15, mem(R14, 16));
    }

    @Test
    void branchesGrowOnlyWhenTheyMust() {
        int back = c.newLabel();
        int out = c.newLabel();
        c.bind(back);
        c.emit(JNE, label(out));
        for (int i = 0; i < 126; i++) {
            c.emit(HLT);
        }
        c.emit(JMP, label(back));
        c.bind(out);
        int ret = c.emit(RET);
        c.finish();
        // 126 + 5 bytes lie between; the first branch needs the long form, and so does the second.
        assertEquals(6 + 126 + 5 + 1, c.size());
        assertEquals(6 + 126 + 5, c.start(ret));
        byte[] b = c.toBytes();
        assertEquals("0f8583000000", HexFormat.of().formatHex(b, 0, 6));
        assertEquals("e977ffffff", HexFormat.of().formatHex(b, 132, 137));
    }

    @Test
    void shortBranchesAndRelocations() {
        Symbol f = new Symbol("f", 0);
        Symbol g = new Symbol("g", 0);
        int l = c.newLabel();
        c.emit(JEQ, label(l));
        int call = c.emit(CALL, c.sym(g, 0));
        c.bind(l);
        c.emit(CMPL, c.sym(g, 4), imm(7));
        c.emit(MOVQ, c.sym(g, 8, CX, 8), AX);
        c.emit(RET);
        c.finish(f);
        assertEquals("7405e800000000833d0000000007488b04cd00000000c3", HexFormat.of().formatHex(f.data));
        assertEquals(7, c.end(call));
        assertEquals(3, f.relocCount);
        assertEquals(RelocType.CALL32, f.relocType[0]);
        assertEquals(3, f.relocOffset[0]);
        assertEquals(-4, f.relocAddend[0]);
        assertEquals(RelocType.PC32, f.relocType[1]);
        assertEquals(9, f.relocOffset[1]);
        assertEquals(4 - 5, f.relocAddend[1]);
        assertEquals(RelocType.ABS32S, f.relocType[2]);
        assertEquals(18, f.relocOffset[2]);
        assertEquals(8, f.relocAddend[2]);
        assertEquals("MOVQ g+8(SB)(CX*8), AX", c.print(3));
    }

    @Test
    void aMissingFormNamesTheInstruction() {
        Fault e = assertThrows(Fault.class, () -> c.emit(ADDQ, X0, AX));
        assertEquals("arch: no such instruction: ADDQ X0, AX", e.getMessage());
    }
}
