// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A declared type, an alias or a type parameter's name. */
public final class TypeName extends Obj {
    /** Declared inside a function as an alias; and whether that declaration is under way ({@link DeclInfo}). */
    boolean localAlias;
    int state = DeclInfo.RESOLVED;

    public TypeName(String name, Pkg pkg, int pos, Type type) {
        super(name, pkg, pos, type);
    }

    @Override
    public Kind kind() {
        return Kind.TYPE_NAME;
    }
}
