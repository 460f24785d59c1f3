// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/**
 * A struct field, parameter, result, type parameter, interface method or interface element. {@code a, b T} is two
 * fields that share one {@link #typeExpr} object. Position: the name, else the type.
 */
public final class Field extends Node {
    public static final Field[] NONE = new Field[0];

    /** Null for an unnamed parameter, an embedded struct field and an embedded interface element. */
    public final Expr.Name name;
    /** Never null; for an interface method a {@link Expr.FuncType}; for a variadic parameter an {@link Expr.Ellipsis}. */
    public final Expr typeExpr;
    /** Struct tag or null. */
    public final Expr.BasicLit tag;
    /** Object of a field or parameter without a name. Written by the checker. */
    public ObjSlot implicit;

    public Field(int pos, Expr.Name name, Expr typeExpr, Expr.BasicLit tag) {
        super(pos);
        this.name = name;
        this.typeExpr = typeExpr;
        this.tag = tag;
    }

    @Override
    public int start() {
        return name != null ? name.pos : typeExpr.start();
    }
}
