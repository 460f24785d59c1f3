// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class Const extends Obj {
    /** Value; null while unknown or after an error. */
    public Constant value;

    public Const(String name, Pkg pkg, int pos, Type type, Constant value) {
        super(name, pkg, pos, type);
        this.value = value;
    }

    @Override
    public Kind kind() {
        return Kind.CONST;
    }
}
