// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A predeclared type, or the type of an untyped constant, or an invalid type. Instances are in {@link Universe}. */
public final class Basic extends Type {
    public enum Id {
        INVALID, BOOL, INT, INT8, INT16, INT32, INT64, UINT, UINT8, UINT16, UINT32, UINT64, UINTPTR, FLOAT32, FLOAT64,
        COMPLEX64, COMPLEX128, STRING, UNSAFE_POINTER,
        UNTYPED_BOOL, UNTYPED_INT, UNTYPED_RUNE, UNTYPED_FLOAT, UNTYPED_COMPLEX, UNTYPED_STRING, UNTYPED_NIL
    }

    public static final int BOOLEAN = 1;
    public static final int INTEGER = 2;
    public static final int UNSIGNED = 4;
    public static final int FLOAT = 8;
    public static final int COMPLEX = 16;
    public static final int STRING = 32;
    public static final int UNTYPED = 64;
    public static final int ORDERED = INTEGER | FLOAT | STRING;
    public static final int NUMERIC = INTEGER | FLOAT | COMPLEX;
    public static final int CONST_TYPE = BOOLEAN | NUMERIC | STRING;

    public final Id id;
    /** Bits of the constants above. */
    public final int info;
    public final String name;

    Basic(Id id, int info, String name) {
        this.id = id;
        this.info = info;
        this.name = name;
    }

    @Override
    public Kind kind() {
        return Kind.BASIC;
    }
}
