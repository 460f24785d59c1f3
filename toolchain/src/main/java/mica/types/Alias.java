// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** An alias, generic or not; {@link #actual} is what it stands for (with arguments put in for an instance). */
public final class Alias extends Type {
    public final TypeName obj;
    public TypeParam[] typeParams = {};
    public Type[] typeArgs = {};
    /** What is written on the right side; may itself be an alias. */
    public Type rhs;
    /** The right side is being resolved; {@link #rhs} is INVALID meanwhile. */
    boolean pending;

    public Alias(TypeName obj, Type rhs) {
        this.obj = obj;
        this.rhs = rhs;
        if (obj.type == null) {
            obj.type = this;
        }
    }

    /** Not (known to be) an invalid type: an alias may turn out valid when its declaration is done. */
    static boolean mayBeValid(Type t) {
        return t instanceof Alias a && a.pending || strip(t) != Universe.INVALID;
    }

    /** Strips aliases. */
    public static Type strip(Type t) {
        while (t instanceof Alias a) {
            t = a.rhs;
        }
        return t;
    }

    @Override
    public Kind kind() {
        return Kind.ALIAS;
    }

    @Override
    public Type underlying() {
        return strip(this).underlying();
    }
}
