// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.SelectionSlot;

/** What x.f means when it is not a qualified identifier. */
public final class Selection implements SelectionSlot {
    public enum Kind {
        FIELD, METHOD_VALUE, METHOD_EXPR
    }

    public final Kind kind;
    /** Type of x. */
    public final Type recv;
    /** The field (Var) or method (Func). */
    public final Obj obj;
    /** Path of field indexes from x's struct through embedded fields; last = index of the field, or of the method. */
    public final int[] path;
    /** A pointer was followed on the path (x itself or an embedded one). */
    public final boolean indirect;

    public Selection(Kind kind, Type recv, Obj obj, int[] path, boolean indirect) {
        this.kind = kind;
        this.recv = recv;
        this.obj = obj;
        this.path = path;
        this.indirect = indirect;
    }
}
