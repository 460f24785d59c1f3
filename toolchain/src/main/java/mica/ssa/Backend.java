// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import mica.obj.Symbol;

/** The next room: turns a finished function into machine code. Implementations keep per-thread scratch memory themselves. */
public interface Backend {
    /** Fills {@code out} (kind TEXT, bytes, relocations, FuncInfo) from {@code f}. */
    void emit(Func f, Symbol out);
}
