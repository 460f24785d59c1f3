// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A type parameter of a function, method or type; identity is the object's. */
public final class TypeParam extends Type {
    public final TypeName obj;
    /** Index in its parameter list. */
    public int index;
    /** Constraint as written; its underlying type is (or is wrapped into) an interface. */
    public Type constraint;

    public TypeParam(TypeName obj, int index, Type constraint) {
        this.obj = obj;
        this.index = index;
        this.constraint = constraint;
        obj.type = this;
    }

    @Override
    public Kind kind() {
        return Kind.TYPE_PARAM;
    }

    @Override
    public Type underlying() {
        return TypeSets.constraintInterface(this);
    }
}
