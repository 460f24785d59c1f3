// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import mica.obj.FormatException;
import mica.obj.GoobjFile;

/**
 * Functions as text, in columns that end at tab stops: a cell is at least 18 characters wide, and as wide as the widest of its column
 * among the rows that follow each other (a source line of -S begins anew). Not for concurrent use.
 */
final class ObjdumpText {
    /** Place, address, bytes, text, and relocations: the last one is often empty, and then not there. */
    private static final int CELLS = 5;
    private static final int LEAST = 18;
    private static final int TAB = 8;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final String[] NO_LINES = {};

    private final Objdump dump;
    private final FunctionDecoder decoder;
    private final boolean words;
    private final StringBuilder out = new StringBuilder(1 << 16);
    /** Contents of the cells of the rows that wait for their widths; where each cell ends. */
    private final StringBuilder cells = new StringBuilder(1 << 12);
    private int[] ends = new int[1 << 10];
    private int count;
    private final int[] width = new int[CELLS];
    private final StringBuilder text = new StringBuilder();
    /** Null without -gnu. */
    private final StringBuilder gnu;

    ObjdumpText(Objdump dump) {
        this.dump = dump;
        this.decoder = new FunctionDecoder(dump);
        this.words = dump.arm64;
        this.gnu = dump.gnu ? new StringBuilder() : null;
    }

    /** The text of some functions; {@code first}: nothing stands before. */
    byte[] of(List<Objdump.Part> parts, boolean first) throws FormatException {
        out.setLength(0);
        for (Objdump.Part p : parts) {
            if (!first) {
                out.append('\n');
            }
            first = false;
            function(p);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void function(Objdump.Part p) throws FormatException {
        decoder.begin(p);
        out.append("TEXT ").append(p.name).append("(SB) ");
        boolean headed = false;
        String lastFile = null;
        String base = "";
        String sourceFile = null;
        int sourceLine = 0;
        for (;;) {
            text.setLength(0);
            if (!decoder.next(text, gnu)) {
                break;
            }
            if (!headed) {
                out.append(decoder.file == null ? "" : decoder.file).append('\n');
                headed = true;
            }
            if (dump.source && decoder.file != null && (decoder.line != sourceLine || !decoder.file.equals(sourceFile))) {
                sourceFile = decoder.file;
                sourceLine = decoder.line;
                source(sourceFile, sourceLine);
            }
            if (!dump.source) {
                if (decoder.file != lastFile) {
                    lastFile = decoder.file;
                    base = lastFile == null ? "" : lastFile.substring(lastFile.lastIndexOf('/') + 1);
                }
                cells.append("  ").append(base).append(':').append(decoder.line);
                endCell();
            }
            cells.append(dump.source ? "  0x" : "0x");
            hex(decoder.address);
            endCell();
            bytes();
            endCell();
            cells.append(text);
            if (gnu != null) {
                for (int w = text.length(); w < 36; w++) {
                    cells.append(' ');
                }
                cells.append(" // ").append(gnu);
                gnu.setLength(0);
            }
            endCell();
            String separator = "";
            for (GoobjFile.Reloc r : decoder.relocs()) {
                cells.append(separator).append(GoObject.shown(r, decoder.offset - p.offset));
                separator = " ";
            }
            endCell();
        }
        flush();
        if (!headed) {
            // Without code: what the address belongs to.
            GoObject.Place at = dump.go == null ? null : dump.go.place(p.address);
            out.append(at == null ? "" : at.file()).append('\n');
        }
    }

    private void endCell() {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = cells.length();
    }

    private void hex(long v) {
        int digits = Math.max(1, 16 - Long.numberOfLeadingZeros(v) / 4);
        for (int i = digits - 1; i >= 0; i--) {
            cells.append((char) HEX[(int) (v >>> 4 * i) & 15]);
        }
    }

    private void bytes() {
        byte[] b = dump.bytes;
        for (int i = 0; i < decoder.size; i++) {
            // Words of arm64 are shown as numbers.
            int v = b[decoder.offset + (words && decoder.size == 4 ? 3 - i : i)];
            cells.append((char) HEX[v >> 4 & 15]).append((char) HEX[v & 15]);
        }
    }

    /** Writes the rows gathered so far. */
    private void flush() {
        int n = dump.source ? CELLS - 1 : CELLS;
        for (int i = 0; i < n - 1; i++) {
            width[i] = width(i, count, n);
        }
        for (int i = 0; i < count; i++) {
            int cell = i % n;
            if (cell < n - 1) {
                cell(i, width[cell]);
                continue;
            }
            if (length(i) > 0) {
                // Relocations are as wide as the widest among the rows that have some without one between that has none.
                if (i < n || length(i - n) == 0) {
                    int end = i;
                    while (end < count && length(end) > 0) {
                        end += n;
                    }
                    width[cell] = width(i, end, n);
                }
                cell(i, width[cell]);
            }
            out.append('\n');
        }
        count = 0;
        cells.setLength(0);
    }

    private int length(int cell) {
        return ends[cell] - (cell == 0 ? 0 : ends[cell - 1]);
    }

    /** The width that a column needs for the cells from {@code from} on, each {@code step} cells behind the last. */
    private int width(int from, int to, int step) {
        int w = LEAST;
        for (int i = from; i < to; i += step) {
            w = Math.max(w, length(i) + 1);
        }
        return (w + TAB - 1) / TAB * TAB;
    }

    private void cell(int i, int width) {
        out.append(cells, ends[i] - length(i), ends[i]);
        for (int tabs = (width - length(i) + TAB - 1) / TAB; tabs > 0; tabs--) {
            out.append('\t');
        }
    }

    /** A line of a source file, if that is there. */
    private void source(String file, int line) {
        String[] lines = dump.sources.computeIfAbsent(file, this::read);
        if (lines.length > 0) {
            flush();
            out.append(line >= 1 && line <= lines.length ? lines[line - 1] : "").append('\n');
        } else if (!file.endsWith(".go")) {
            // The standard tool's word for what is no file.
            flush();
            out.append('\n');
        }
    }

    private String[] read(String file) {
        try {
            // The standard compiler's -trimpath names the library so.
            return Files.readAllLines(Path.of(file.replace("$GOROOT", dump.goroot)), StandardCharsets.UTF_8).toArray(NO_LINES);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return NO_LINES;
        }
    }
}
