// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/** Machine type of a value. Booleans are I8 with 0 or 1; PTR is anything the collector must see and stack copying must adjust. */
public enum MType {
    VOID(0),
    I8(1),
    I16(2),
    I32(4),
    I64(8),
    PTR(8),
    F32(4),
    F64(8),
    /** Several results; only {@link Op#RESULT} may use such a value. */
    TUPLE(0);

    public final int size;

    MType(int size) {
        this.size = size;
    }

    public boolean isInt() {
        return this == I8 || this == I16 || this == I32 || this == I64;
    }

    public boolean isFloat() {
        return this == F32 || this == F64;
    }
}
