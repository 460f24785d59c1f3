// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * SSA to machine code (amd64).
 *
 * <p>In: a finished {@link mica.ssa.Func} (the room changes it: it splits critical edges). Out: an {@link mica.obj.Symbol} of kind
 * TEXT with bytes, relocations and {@link mica.obj.FuncInfo}.
 *
 * <p>The way of a function: {@link mica.code.Cfg} (blocks, dominators, loops), {@link mica.code.Selector} (SSA to
 * {@link mica.code.Inst} over virtual registers), {@link mica.code.Liveness}, {@link mica.code.RegAlloc} with
 * {@link mica.code.Edges} and {@link mica.code.Spills}, {@link mica.code.Frame}, {@link mica.code.Layout},
 * {@link mica.code.Emitter} with {@link mica.code.Expand}, {@link mica.code.Tables}.
 *
 * <p>Invariants: machine code is in SSA form over virtual registers until allocation; nothing that the allocator inserts changes the
 * flags where they are alive; X15 is zero and R14 is g at every call of a Go function; a value that survives a call lies in its home.
 *
 * <p>Start reading at {@link mica.code.Amd64Backend}.
 */
package mica.code;
