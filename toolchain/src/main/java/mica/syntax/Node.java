// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** A node of the tree. */
public abstract sealed class Node permits Expr, Stmt, Decl, Field, File {
    /** Where gc reports the node; see each class. */
    public final int pos;

    Node(int pos) {
        this.pos = pos;
    }

    /** Leftmost position of the node. */
    public abstract int start();
}
