// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.Arrays;

/** A step function from code offset to value: from {@code pc[i]} (inclusive) to {@code pc[i+1]} the value is {@code value[i]}. Before pc[0]: -1. */
public final class PcTable {
    public int count;
    public int[] pc = new int[8];
    public int[] value = new int[8];

    /** The value at a code offset. */
    public int at(int offset) {
        int k = Arrays.binarySearch(pc, 0, count, offset);
        k = k < 0 ? -k - 2 : k;
        return k < 0 ? -1 : value[k];
    }

    /** Says that from {@code at} on the value is {@code v}; offsets ascend, equal values in a row are merged. */
    public void add(int at, int v) {
        if (count > 0 && pc[count - 1] == at) {
            count--;
        }
        if (count > 0 ? value[count - 1] == v : v == -1) {
            return;
        }
        if (count == pc.length) {
            pc = Arrays.copyOf(pc, count * 2);
            value = Arrays.copyOf(value, count * 2);
        }
        pc[count] = at;
        value[count++] = v;
    }
}
