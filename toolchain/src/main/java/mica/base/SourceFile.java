// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

import java.util.Arrays;

/**
 * One source text and its line table. A position is an int that is unique over all files of a {@link Sources}:
 * {@code base + byte offset}; 0 means "no position". Columns count bytes from 1, as gc does.
 * {@code //line} directives are kept beside the physical lines (see {@link #addLineDirective}).
 */
public final class SourceFile {
    /** Path as it was opened; error texts may show it relative to the working directory. */
    public final String path;
    /** Path that tables in the executable record (with -trimpath: module or import path based). */
    public volatile String recordedPath;
    public final byte[] text;
    public final int base;

    private int[] lineStarts = new int[64];
    private int lines = 1;
    // Parallel arrays of //line directives: offset where it takes effect, file, line, column (0 = unknown).
    private int[] dirOffset = new int[0];
    private String[] dirFile = new String[0];
    private int[] dirLine = new int[0];
    private int[] dirCol = new int[0];

    SourceFile(String path, byte[] text, int base) {
        this.path = path;
        this.recordedPath = path;
        this.text = text;
        this.base = base;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                if (lines == lineStarts.length) {
                    lineStarts = Arrays.copyOf(lineStarts, lines * 2);
                }
                lineStarts[lines++] = i + 1;
            }
        }
    }

    /** A file of which only the line table is known, as an object file records it: its text is empty. */
    SourceFile(String path, int base, int[] lineStarts) {
        this.path = path;
        this.recordedPath = path;
        this.text = new byte[0];
        this.base = base;
        this.lineStarts = lineStarts;
        this.lines = lineStarts.length;
    }

    public int pos(int offset) {
        return base + offset;
    }

    /** Offsets at which the physical lines start, the first one's 0 included. */
    public int[] lineStarts() {
        return Arrays.copyOf(lineStarts, lines);
    }

    public int lineDirectiveCount() {
        return dirOffset.length;
    }

    /** Offset, line and column of a line directive, as {@link #addLineDirective} took them. */
    public int[] lineDirective(int i) {
        return new int[] {dirOffset[i], dirLine[i], dirCol[i]};
    }

    public String lineDirectiveFile(int i) {
        return dirFile[i];
    }

    public int lineCount() {
        return lines;
    }

    /** Physical line (from 1) of a position in this file. */
    public int physicalLine(int pos) {
        int k = Arrays.binarySearch(lineStarts, 0, lines, pos - base);
        return k >= 0 ? k + 1 : -k - 1;
    }

    /** Physical column in bytes (from 1). */
    public int physicalColumn(int pos) {
        return pos - base - lineStarts[physicalLine(pos) - 1] + 1;
    }

    /** Records that from {@code offset} on, lines are counted as {@code file:line[:col]}. Offsets must ascend. */
    public void addLineDirective(int offset, String file, int line, int col) {
        int n = dirOffset.length;
        dirOffset = Arrays.copyOf(dirOffset, n + 1);
        dirFile = Arrays.copyOf(dirFile, n + 1);
        dirLine = Arrays.copyOf(dirLine, n + 1);
        dirCol = Arrays.copyOf(dirCol, n + 1);
        dirOffset[n] = offset;
        dirFile[n] = file;
        dirLine[n] = line;
        dirCol[n] = col;
    }

    private int directive(int pos) {
        int off = pos - base;
        for (int i = dirOffset.length - 1; i >= 0; i--) {
            if (dirOffset[i] <= off) {
                return i;
            }
        }
        return -1;
    }

    /** File name at a position, //line directives applied. */
    public String fileName(int pos) {
        int d = directive(pos);
        return d < 0 ? path : dirFile[d];
    }

    /** File name for tables in the executable, //line directives applied. */
    public String recordedName(int pos) {
        int d = directive(pos);
        return d < 0 ? recordedPath : dirFile[d].isEmpty() ? "??" : dirFile[d];
    }

    /** Line at a position, //line directives applied. */
    public int line(int pos) {
        int d = directive(pos);
        if (d < 0) {
            return physicalLine(pos);
        }
        return dirLine[d] + physicalLine(pos) - physicalLine(base + dirOffset[d]);
    }

    /** Column at a position, //line directives applied; 0 when a directive left it unknown. */
    public int column(int pos) {
        int d = directive(pos);
        if (d < 0) {
            return physicalColumn(pos);
        }
        if (dirCol[d] == 0) {
            return 0;
        }
        boolean sameLine = physicalLine(pos) == physicalLine(base + dirOffset[d]);
        return sameLine ? dirCol[d] + pos - base - dirOffset[d] : physicalColumn(pos);
    }

    /** Text of a physical line without its line end. */
    public String lineText(int line) {
        int from = lineStarts[line - 1];
        int to = line < lines ? lineStarts[line] - 1 : text.length;
        return new String(text, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }
}
