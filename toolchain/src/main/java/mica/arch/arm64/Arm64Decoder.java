// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/** Instruction words → rows and parameters. The row with the fewest words wins: so aliases show as such. */
public final class Arm64Decoder {
    private final Arm64Table table = Arm64Table.get();
    /** Candidate rows by the word's upper byte; null until one of these words is met. */
    private final int[][] byTop = new int[256][];

    /** Rows that show, those with the fewest words first. */
    private static final class Order {
        static final int[] ROWS = rows(Arm64Table.get());

        private static int[] rows(Arm64Table table) {
            long[] sorted = new long[table.count];
            int n = 0;
            for (int i = 0; i < table.count; i++) {
                if (!table.synonym[i]) {
                    int freedom = 0;
                    for (Arm64Field f : table.fields[i]) {
                        freedom += f.freedom();
                    }
                    sorted[n++] = (long) freedom << 32 | i;
                }
            }
            java.util.Arrays.sort(sorted, 0, n);
            int[] rows = new int[n];
            for (int i = 0; i < n; i++) {
                rows[i] = (int) sorted[i];
            }
            return rows;
        }
    }

    private int[] candidates(int top) {
        int[] list = new int[Order.ROWS.length];
        int n = 0;
        for (int row : Order.ROWS) {
            if (((top << 24 ^ table.base[row]) & table.mask[row] & 0xff000000) == 0) {
                list[n++] = row;
            }
        }
        return java.util.Arrays.copyOf(list, n);
    }

    /** Decodes a word; false if no row fits. */
    public boolean decode(int word, Arm64Inst out) {
        int top = word >>> 24;
        if (byTop[top] == null) {
            byTop[top] = candidates(top);
        }
        for (int row : byTop[top]) {
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
