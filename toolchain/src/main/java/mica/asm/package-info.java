// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * The assembler: Plan 9 assembly text to object code.
 *
 * <p>In: a source file, macros and headers ({@link mica.asm.AsmOptions}). Out: {@link mica.obj.Symbol}s defined in a
 * {@link mica.obj.SymbolTable}: functions with their tables, data. Errors have gc's wording.
 *
 * <p>Invariants: a symbol becomes defined only when its whole file is without errors; functions are ABI0 unless they
 * say
 * {@code <ABIInternal>}; names with {@code <>} are visible in their file only and never in the table. A function's map
 * of
 * pointers among its arguments is the symbol {@code NAME.args_stackmap}; the compiler makes it from the Go
 * declaration, and
 * where there is no declaration it stays undefined, which the linker takes as absent.
 *
 * <p>Start reading at: {@link mica.asm.Assembler}, then {@code AsmParser}, then {@code Amd64Function}.
 */
package mica.asm;
