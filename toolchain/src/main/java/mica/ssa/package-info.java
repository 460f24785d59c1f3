// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Typed program to optimized SSA.
 *
 * <p>In: checked trees of {@code mica.types}. Out: a {@link mica.ssa.Func} ready for a {@link mica.ssa.Backend}, and data symbols
 * (type descriptors, interface tables, strings, initialized variables).
 *
 * <p>Invariants: all values are machine scalars ({@link mica.ssa.MType}); strings, slices, interfaces, complex numbers and small
 * structs are taken apart by the builder, everything larger lives in memory (ALLOC or a {@link mica.ssa.Slot}). Instructions stand in
 * execution order inside their block; only pure values ({@link mica.ssa.Op#isPure}) may be moved. Phis come first in a block, one
 * operand per predecessor. Every value that the collector must see has type PTR. No value of type PTR points past the end of its
 * object across a call.
 *
 * <p>Start reading at {@link mica.ssa.Op}, then {@link mica.ssa.Func} and {@link mica.ssa.Printer}.
 */
package mica.ssa;
