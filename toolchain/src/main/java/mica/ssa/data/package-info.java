// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Data that the compiler itself makes: type descriptors, interface tables, strings, function values.
 *
 * <p>In: closed types of {@code mica.types}. Out: {@link mica.obj.Symbol}s that define themselves when the linker reaches them, in
 * the layouts of Go 1.27's internal/abi.
 *
 * <p>Invariants: one symbol per type, table or text, whoever asks first; contents depend on the type only, never on who asked or
 * when; safe for concurrent use.
 *
 * <p>Start reading at {@link mica.ssa.data.TypeData}.
 */
package mica.ssa.data;
