// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Passes over SSA.
 *
 * <p>In: a function as the builder made it. Out: the same function, optimized, without ALLOC, ready for the back end.
 *
 * <p>Invariants: one pass per file; which run, and in which order, is data ({@link mica.ssa.pass.PassList}), with a table of the
 * orders that correctness or quality needs, which is verified. A pass keeps no state between functions. Required passes
 * (lowering of allocations) run even when everything optional is switched off.
 *
 * <p>Start reading at {@link mica.ssa.pass.PassList}.
 */
package mica.ssa.pass;
