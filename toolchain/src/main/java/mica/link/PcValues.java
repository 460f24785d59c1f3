// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.Arrays;
import mica.base.Fault;
import mica.obj.Bytes;
import mica.obj.PcTable;

/**
 * Encodes step functions from pc to value the way pclntab holds them, each distinct table once.
 *
 * <p>A table is a list of pairs of varints, value delta (zig-zag) and pc delta (in units of the smallest instruction), from
 * value -1 and the function's entry, ended by a 0 byte. A table with one value says that it holds for {@link #FOREVER} instead of
 * the function's length: readers stop at the first pair that ends behind their pc, and so all functions with that value
 * share one table.
 */
final class PcValues {
    /** A pc delta no function reaches, and one that four varint bytes hold. */
    private static final int FOREVER = (1 << 28) - 1;

    private final Bytes out = new Bytes(1 << 16);
    private final int quantum;
    /** Open hash table of table offsets; 0 = free. */
    private int[] table = new int[1 << 12];
    /** Hash of the table in each place. */
    private int[] hashes = new int[table.length];
    private int count;

    PcValues(int quantum) {
        this.quantum = quantum;
        // Offset 0 means "no table".
        out.put8(0);
    }

    Bytes bytes() {
        return out;
    }

    /** Offset of the table's encoding; 0 for null or a table that is -1 everywhere. */
    int add(PcTable t, int functionSize) {
        return t == null ? 0 : add(t.pc, t.value, t.count, functionSize);
    }

    int add(int[] pcs, int[] values, int n, int functionSize) {
        if (n == 0) {
            return 0;
        }
        int start = out.size();
        int last = -1;
        int pc = 0;
        if (pcs[0] > 0) {
            // Value -1 up to the first entry: the one place where a delta of 0 is not the end.
            out.put8(0);
            out.putVarint(pcs[0] / quantum);
            pc = pcs[0];
        }
        for (int i = 0; i < n; i++) {
            int end = i + 1 < n ? pcs[i + 1] : Math.max(functionSize, pc + quantum);
            if (end <= pc || pc % quantum != 0) {
                throw new Fault("link: pc-value table", "offset " + end + " after " + pc);
            }
            int delta = values[i] - last;
            if (delta == 0 && i > 0) {
                throw new Fault("link: pc-value table", "equal values in a row");
            }
            out.putVarint((delta << 1 ^ delta >> 31) & 0xffffffffL);
            boolean only = n == 1 && pcs[0] == 0;
            out.putVarint(only ? FOREVER : (end - pc) / quantum);
            last = values[i];
            pc = end;
        }
        out.put8(0);
        return intern(start);
    }

    /** Drops the table at {@code start} if it is known already; returns where it is. */
    private int intern(int start) {
        byte[] b = out.raw();
        int end = out.size();
        int h = 0;
        for (int i = start; i < end; i++) {
            h = h * 31 + b[i];
        }
        h ^= h >>> 15;
        int mask = table.length - 1;
        int k = h & mask;
        for (; table[k] != 0; k = k + 1 & mask) {
            int at = table[k];
            // A table is a prefix of the other only if both are equal, as the 0 byte ends it.
            if (hashes[k] == h && at + end - start <= start && Arrays.equals(b, at, at + end - start, b, start, end)) {
                out.truncate(start);
                return at;
            }
        }
        table[k] = start;
        hashes[k] = h;
        if (++count * 2 > table.length) {
            grow();
        }
        return start;
    }

    private void grow() {
        int[] old = table;
        int[] oldHashes = hashes;
        table = new int[old.length * 2];
        hashes = new int[table.length];
        int mask = table.length - 1;
        for (int i = 0; i < old.length; i++) {
            if (old[i] != 0) {
                int k = oldHashes[i] & mask;
                while (table[k] != 0) {
                    k = k + 1 & mask;
                }
                table[k] = old[i];
                hashes[k] = oldHashes[i];
            }
        }
    }
}
