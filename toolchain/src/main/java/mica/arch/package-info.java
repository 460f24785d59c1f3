// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * One model of instructions per CPU: registers, mnemonics, encode, decode, print in Plan 9 syntax.
 *
 * <p>In: a mnemonic ({@link mica.arch.amd64.Amd64Op}) and operands in Plan 9 order (sources first, destination last).
 * Out: bytes and relocations in a {@link mica.obj.Symbol}, or text. The tables know nothing of Go.
 *
 * <p>How a code generator uses it:
 * <pre>
 *   import static mica.arch.amd64.Amd64.*;      // registers AX..R15, X0..X31, operand makers
 *   import static mica.arch.amd64.Amd64Op.*;    // mnemonics
 *
 *   Amd64Code c = new Amd64Code();              // reusable: reset() between functions
 *   int exit = c.newLabel();
 *   c.pos(pos);                                 // source position of what follows
 *   c.emit(MOVQ, mem(SP, 16), AX);              // a register is its number: ints convert to operands
 *   c.emit(ADDQ, imm(5), AX);
 *   c.emit(LEAQ, mem(AX, CX, 8, -4), DX);       // -4(AX)(CX*8)
 *   c.emit(MOVQ, c.imm64(x), R12);              // any 64-bit constant
 *   c.emit(MOVSD, c.sym(symbol, 8), X1);        // symbol+8(SB), RIP-relative
 *   c.emit(LEAQ, c.sym(symbol, 0), DX);
 *   c.emit(CMPQ, AX, imm(7));                   // compares keep Plan 9's order: left, right
 *   c.emit(JLT, label(exit));
 *   int call = c.emit(CALL, c.sym(f, 0));       // every emit returns the instruction's number
 *   c.bind(exit);
 *   c.emit(RET);
 *   c.finish(textSymbol);                       // chooses short branches, fills bytes and relocations
 *   int after = c.end(call);                    // offset behind the call; start(i) is the offset of instruction i
 *   c.print(i)                                  // "MOVQ 16(SP), AX", for -S
 * </pre>
 * Operands are packed {@code long}s and live as long as the buffer's current function. LOCK and REP are instructions of
 * their own in front of the one they modify, as in Plan 9 assembly. An operand combination without a form throws
 * {@link mica.base.Fault} at the {@code emit} that asks for it; {@code Amd64Table} is for those who want to ask first.
 *
 * <p>Invariants: encoder, decoder and printer read the same rows (resources {@code amd64.tbl}, {@code
 * amd64-vector.tbl});
 * where several encodings exist, the standard Go assembler's is chosen.
 *
 * <p>arm64 has its tables, encoder, decoder and printers in {@code mica.arch.arm64}: there an operand is a shape (its text with
 * letters for the parameters) and a row names its shapes, where each parameter lies in the word, and the text in GNU's syntax.
 * {@code arm64.tbl} describes the notation; {@code arm64-system.tbl} has what names system registers and operations, {@code
 * arm64-sve.tbl} the scalable vectors.
 *
 * <p>Start reading at: {@link mica.arch.amd64.Amd64Code}.
 */
package mica.arch;
