// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import java.util.ArrayList;
import java.util.List;

/** Instruction words → rows and parameters. The row with the fewest words wins: so aliases show as such. */
public final class Arm64Decoder {
    private final Arm64Table table = Arm64Table.get();
    /** Candidate rows by the word's upper byte. */
    private final int[][] byTop = new int[256][];

    public Arm64Decoder() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < table.count; i++) {
            if (!table.synonym[i]) {
                order.add(i);
            }
        }
        int[] freedom = new int[table.count];
        for (int i = 0; i < table.count; i++) {
            for (Arm64Field f : table.fields[i]) {
                freedom[i] += f.freedom();
            }
        }
        order.sort((a, b) -> freedom[a] - freedom[b]);
        for (int top = 0; top < 256; top++) {
            int[] list = new int[table.count];
            int n = 0;
            for (int row : order) {
                if (((top << 24 ^ table.base[row]) & table.mask[row] & 0xff000000) == 0) {
                    list[n++] = row;
                }
            }
            byTop[top] = java.util.Arrays.copyOf(list, n);
        }
    }

    /** Decodes a word; false if no row fits. */
    public boolean decode(int word, Arm64Inst out) {
        for (int row : byTop[word >>> 24]) {
            if ((word & table.mask[row]) == table.base[row] && parameters(row, word, out)) {
                out.row = row;
                out.mnemonic = table.mnemonics[row];
                out.shapes = table.shapes[row];
                return true;
            }
        }
        return false;
    }

    private boolean parameters(int row, int word, Arm64Inst out) {
        Arm64Field[] f = table.fields[row];
        int again = table.base[row];
        for (int i = 0; i < f.length; i++) {
            int tied = f[i].tiedTo();
            long v = tied < 0 ? f[i].decode(word) : out.params[tied] + f[i].tiedDistance() & 31;
            if (!f[i].accepts(v)) {
                return false;
            }
            out.params[i] = v;
            again |= f[i].encode(v);
        }
        out.count = f.length;
        return again == word;
    }
}
