// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import mica.obj.Symbol;

/**
 * Identity of a function that may be compiled: a declared function or method, a function literal, or a compiler-made wrapper, each
 * with its type arguments. One object per link name, kept by the {@code Compilation}. The builder subclasses it with what it needs.
 */
public abstract class FuncRef {
    /** Link name, as in contract/layouts.md section 10, with full type arguments. */
    public final String linkName;
    /** ABIInternal text symbol. */
    public final Symbol symbol;
    /** Position of the declaration. */
    public int pos;
    /** go:noinline, or inlining is impossible for another reason. */
    public boolean noInline;
    public boolean nosplit;
    /** What calls of it do to their arguments (set once by escape analysis); null = not known yet. */
    public volatile Object summary;
    /** What inlining of it needs (set once by the inliner); null = not known yet. */
    public volatile Object inlineBody;

    protected FuncRef(String linkName, Symbol symbol) {
        this.linkName = linkName;
        this.symbol = symbol;
    }

    /** Name as tracebacks show it (type arguments as [...]). */
    public abstract String shownName();

    /** Builds a fresh SSA body that the caller may take apart (for inlining or compiling); null if there is no Go body. */
    public abstract Func build();

    @Override
    public String toString() {
        return linkName;
    }
}
