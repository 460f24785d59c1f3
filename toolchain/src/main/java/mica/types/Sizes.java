// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Sizes, alignments, offsets and pointer maps on 64-bit targets. */
public final class Sizes {
    public static final int WORD = 8;

    private Sizes() {}

    public static long sizeof(Type t) { throw new UnsupportedOperationException(); }
    public static int alignof(Type t) { throw new UnsupportedOperationException(); }
    public static long[] offsets(Struct s) { throw new UnsupportedOperationException(); }
    public static boolean hasPointers(Type t) { throw new UnsupportedOperationException(); }
    /** Bytes up to and including the last pointer. */
    public static long ptrdata(Type t) { throw new UnsupportedOperationException(); }
    /** Sets bit (base/8 + i) for each word i of t that holds a pointer; bit n is in mask[n/64]. */
    public static void pointers(Type t, long base, long[] mask) { throw new UnsupportedOperationException(); }
    /** Exceeds what an address space can hold (array sizes overflow). */
    public static boolean tooLarge(Type t) { throw new UnsupportedOperationException(); }
}
