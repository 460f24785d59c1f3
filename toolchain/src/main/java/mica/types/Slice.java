// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class Slice extends Type {
    public final Type elem;

    public Slice(Type elem) {
        this.elem = elem;
    }

    @Override
    public Kind kind() {
        return Kind.SLICE;
    }
}
