// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class Array extends Type {
    public final Type elem;
    /** Number of elements; -1 while unknown or after an error. */
    public long length;

    public Array(Type elem, long length) {
        this.elem = elem;
        this.length = length;
    }

    @Override
    public Kind kind() {
        return Kind.ARRAY;
    }
}
