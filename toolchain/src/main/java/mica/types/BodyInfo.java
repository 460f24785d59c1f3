// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.BodySlot;
import mica.syntax.Node;

/**
 * What checking found out about one function body: a declaration's, a function literal's, or the body of a range over a
 * function, which becomes a closure.
 */
public final class BodyInfo implements BodySlot {
    /** Decl.Func, Expr.FuncLit or Stmt.Range. */
    public final Node node;
    /** The body around this one; null for a declaration and for literals of package variable initializers. */
    public final BodyInfo parent;
    /** Variables of surrounding bodies that this one uses (also on behalf of bodies inside), in order of first use. */
    public final List<Var> captures = new ArrayList<>();
    /** A defer statement stands in it (bodies of function literals inside don't count, those of ranges over functions do). */
    public boolean hasDefer;
    /** recover() is called in it. */
    public boolean hasRecover;
    /** Function literals and ranges over functions directly in it, in source order. */
    public final List<BodyInfo> inner = new ArrayList<>();

    BodyInfo(Node node, BodyInfo parent) {
        this.node = node;
        this.parent = parent;
        if (parent != null) {
            parent.inner.add(this);
        }
    }
}
