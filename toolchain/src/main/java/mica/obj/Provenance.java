// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/**
 * Where each byte of a compiled function comes from: two step functions over code offsets. Collected only for functions that a view
 * asks for; it is no part of what is linked.
 */
public final class Provenance {
    /** Id of the SSA value that the instruction computes, moves or belongs to; -1 = none. */
    public final PcTable values = new PcTable();
    /** Ordinal of the {@link Origin}. */
    public final PcTable origins = new PcTable();

    /** The SSA value behind the code at an offset; -1 = none. */
    public int value(int offset) {
        return at(values, offset);
    }

    /** Why the code at an offset is there; null outside of the function. */
    public Origin origin(int offset) {
        int i = at(origins, offset);
        return i < 0 ? null : Origin.values()[i];
    }

    private static int at(PcTable t, int offset) {
        int k = java.util.Arrays.binarySearch(t.pc, 0, t.count, offset);
        k = k < 0 ? -k - 2 : k;
        return k < 0 ? -1 : t.value[k];
    }
}
