// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/** A stack variable in memory. The code generator zeroes slots with pointers at entry, unless {@link #initialized}. */
public final class Slot {
    public final int id;
    public final String name;
    public final long size;
    public final int align;
    /** One bit per 8-byte word that holds a pointer, LSB first; null = none. */
    public final byte[] ptrMask;
    /** Every word with a pointer is written before the first safepoint: zeroing at entry is not needed. */
    public boolean initialized;
    /** Go type for views and debug information; may be null. */
    public Object goType;
    /** Offset in the frame, written by the code generator. */
    public int offset;

    Slot(int id, String name, long size, int align, byte[] ptrMask) {
        this.id = id;
        this.name = name;
        this.size = size;
        this.align = align;
        this.ptrMask = ptrMask;
    }
}
