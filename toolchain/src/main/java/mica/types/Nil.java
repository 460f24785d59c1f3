// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The predeclared nil. */
public final class Nil extends Obj {
    public Nil(Type type) {
        super("nil", null, 0, type);
    }

    @Override
    public Kind kind() {
        return Kind.NIL;
    }
}
