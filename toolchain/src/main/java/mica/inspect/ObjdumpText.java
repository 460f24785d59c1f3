// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import mica.obj.Elf;
import mica.obj.FormatException;

/**
 * Functions as text, in columns that end at tab stops: a cell is at least 18 characters wide, and as wide as the widest of its column
 * among the rows that follow each other (a source line of -S begins anew). Not for concurrent use.
 */
final class ObjdumpText {
    private static final int CELLS = 4;
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
        this.words = dump.exe.elf.machine == Elf.EM_AARCH64;
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
        }
        flush();
        if (!headed) {
            out.append('\n');
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
        byte[] b = dump.exe.elf.bytes;
        for (int i = 0; i < decoder.size; i++) {
            // Words of arm64 are shown as numbers.
            int v = b[decoder.offset + (words && decoder.size == 4 ? 3 - i : i)];
            cells.append((char) HEX[v >> 4 & 15]).append((char) HEX[v & 15]);
        }
    }

    /** Writes the rows gathered so far. */
    private void flush() {
        int n = dump.source ? CELLS - 1 : CELLS;
        Arrays.fill(width, LEAST);
        int from = 0;
        for (int i = 0; i < count; i++) {
            width[i % n] = Math.max(width[i % n], ends[i] - from + 1);
            from = ends[i];
        }
        for (int i = 0; i < n; i++) {
            width[i] = (width[i] + TAB - 1) / TAB * TAB;
        }
        from = 0;
        for (int i = 0; i < count; i++) {
            out.append(cells, from, ends[i]);
            for (int tabs = (width[i % n] - (ends[i] - from) + TAB - 1) / TAB; tabs > 0; tabs--) {
                out.append('\t');
            }
            if (i % n == n - 1) {
                out.append('\n');
            }
            from = ends[i];
        }
        count = 0;
        cells.setLength(0);
    }

    /** A line of a source file, if that is there. */
    private void source(String file, int line) {
        String[] lines = dump.sources.computeIfAbsent(file, ObjdumpText::read);
        if (lines.length > 0) {
            flush();
            out.append(line >= 1 && line <= lines.length ? lines[line - 1] : "").append('\n');
        }
    }

    private static String[] read(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).toArray(NO_LINES);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return NO_LINES;
        }
    }
}
