// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/** A call that was inlined: which function, called where, and inside which other inlined call (null = the function itself). */
public final class InlineSite {
    public final InlineSite parent;
    public final FuncRef callee;
    public final int callPos;

    public InlineSite(InlineSite parent, FuncRef callee, int callPos) {
        this.parent = parent;
        this.callee = callee;
        this.callPos = callPos;
    }
}
