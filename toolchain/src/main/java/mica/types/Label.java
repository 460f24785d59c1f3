// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class Label extends Obj {
    public boolean used;

    public Label(String name, Pkg pkg, int pos) {
        super(name, pkg, pos, Universe.INVALID);
    }

    @Override
    public Kind kind() {
        return Kind.LABEL;
    }
}
