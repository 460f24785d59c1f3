// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.List;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.base.Sources;

/**
 * The pieces of source text that a view refers to. Positions are added first; ranges of one file that lie close together become
 * one. Lines and columns are those of the file itself: line directives are not applied, since the text is shown beside them.
 */
final class SourceRanges {
    /** Ranges with at most so many lines between them are joined. */
    private static final int GAP = 8;

    private record Range(SourceFile file, int first, int last) {}

    private final Sources sources;
    /** Whether positions have columns. */
    boolean columns = true;
    private List<Range> ranges = new ArrayList<>();

    SourceRanges(Sources sources) {
        this.sources = sources;
    }

    void add(int pos) {
        add(pos, pos);
    }

    void add(int from, int to) {
        SourceFile f = sources.file(from);
        if (f == null) {
            return;
        }
        int first = f.physicalLine(from);
        int last = sources.file(to) == f ? Math.max(first, f.physicalLine(to)) : first;
        List<Range> kept = new ArrayList<>();
        for (Range r : ranges) {
            if (r.file == f && r.first <= last + GAP && first <= r.last + GAP) {
                first = Math.min(first, r.first);
                last = Math.max(last, r.last);
            } else {
                kept.add(r);
            }
        }
        kept.add(new Range(f, first, last));
        ranges = kept;
    }

    /** In the order of positions; the first range is that of {@code own}. */
    void sort(int own) {
        ranges.sort(java.util.Comparator.comparing((Range r) -> index(own, r) ? 0 : 1).thenComparing(r -> r.file.path)
                .thenComparing(r -> r.first));
    }

    private boolean index(int pos, Range r) {
        return sources.file(pos) == r.file && r.first <= r.file.physicalLine(pos) && r.file.physicalLine(pos) <= r.last;
    }

    void files(JsonWriter j) {
        j.name("files").beginArray();
        for (Range r : ranges) {
            j.line().beginObject().field("path", r.file.path).field("firstLine", r.first).name("lines").beginArray();
            for (int i = r.first; i <= r.last; i++) {
                j.value(r.file.lineText(i));
            }
            j.endArray().endObject();
        }
        j.endArray();
    }

    /** Members file (number of the range), line, col; nothing for no position. */
    void position(JsonWriter j, int pos) {
        for (int i = 0; i < ranges.size(); i++) {
            if (index(pos, ranges.get(i))) {
                SourceFile f = ranges.get(i).file;
                j.field("file", i).field("line", f.physicalLine(pos));
                if (columns) {
                    j.field("col", f.physicalColumn(pos));
                }
                return;
            }
        }
    }
}
