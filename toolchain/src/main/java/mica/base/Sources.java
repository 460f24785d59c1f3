// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

import java.util.Arrays;

/** All source files of a compilation; maps positions back to files. Safe for concurrent use. */
public final class Sources {
    private SourceFile[] files = new SourceFile[16];
    private volatile int count;
    private int next = 1;

    /** Registers a file; its positions occupy {@code text.length + 1} ints. */
    public synchronized SourceFile add(String path, byte[] text) {
        SourceFile f = new SourceFile(path, text, next);
        next += text.length + 1;
        SourceFile[] fs = files;
        if (count == fs.length) {
            fs = Arrays.copyOf(fs, count * 2);
        }
        fs[count] = f;
        files = fs;
        count++;
        return f;
    }

    /** The file that holds a position, or null for 0. */
    public SourceFile file(int pos) {
        if (pos <= 0) {
            return null;
        }
        int hi = count - 1;
        SourceFile[] fs = files;
        int lo = 0;
        while (lo < hi) {
            int mid = (lo + hi + 1) >>> 1;
            if (fs[mid].base <= pos) {
                lo = mid;
            } else {
                hi = mid - 1;
            }
        }
        return fs[lo];
    }

    /** {@code file:line:col} with //line directives applied, or "-" for no position. */
    public String format(int pos) {
        SourceFile f = file(pos);
        if (f == null) {
            return "-";
        }
        int col = f.column(pos);
        String s = f.fileName(pos) + ":" + f.line(pos);
        return col == 0 ? s : s + ":" + col;
    }
}
