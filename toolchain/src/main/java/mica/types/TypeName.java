// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class TypeName extends Obj {
    public TypeName(String name, Pkg pkg, int pos, Type type) {
        super(name, pkg, pos, type);
    }

    @Override
    public Kind kind() {
        return Kind.TYPE_NAME;
    }
}
