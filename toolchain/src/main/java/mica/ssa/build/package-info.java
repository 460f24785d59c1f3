// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Typed trees to SSA.
 *
 * <p>In: a {@link mica.types.Program} whose packages are checked; bodies are checked when they are built. Out: a fresh
 * {@link mica.ssa.Func} for each function that the linker reaches or the inliner asks for, symbols of package variables, and the list
 * of what runs before main.
 *
 * <p>Invariants: building a function twice gives the same code, whatever other threads do; nothing in the tree is written but the
 * flags of variables, before the first function of a declaration is built. A type has one {@link mica.ssa.build.Layout}: values of at
 * most four scalars live in SSA variables, others in memory. Names of functions depend on the source only.
 *
 * <p>Start reading at {@link mica.ssa.build.ProgramBuilder}, then {@link mica.ssa.build.BodyBuilder},
 * {@link mica.ssa.build.FuncBuilder} and the builder of the construct in question.
 */
package mica.ssa.build;
