// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is wrong with the user's input, collected while work goes on. Reported sorted by file, line and column;
 * equal messages on one line appear once. Safe for concurrent use.
 */
public final class Diagnostics {
    /** One message at a position; {@code pos} 0 means that the whole input is meant. A tab-indented line may follow in the text. */
    public static final class Entry {
        public final int pos;
        public final String text;
        /** Whether it is a syntax error (gc stops before type checking then). */
        public final boolean syntax;
        /** Probably a consequence of another on its line: not shown. */
        public final boolean secondary;

        Entry(int pos, String text, boolean syntax, boolean secondary) {
            this.pos = pos;
            this.text = text;
            this.syntax = syntax;
            this.secondary = secondary;
        }
    }

    public final Sources sources;
    private final List<Entry> entries = new ArrayList<>();

    public Diagnostics(Sources sources) {
        this.sources = sources;
    }

    /** The same text again on the line of the last error says nothing new, and is dropped. */
    public synchronized void error(int pos, String text) {
        Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
        if (last != null && last.text.equals(text) && fileOf(last.pos).equals(fileOf(pos)) && lineOf(last.pos) == lineOf(pos)) {
            return;
        }
        entries.add(new Entry(pos, text, false, false));
    }

    public void syntaxError(int pos, String text) {
        syntaxError(pos, text, false);
    }

    /** @param secondary whether it is probably a consequence of an error reported on the same line */
    public synchronized void syntaxError(int pos, String text, boolean secondary) {
        entries.add(new Entry(pos, "syntax error: " + text, true, secondary));
    }

    /** Takes over what other diagnostics of the same sources hold. */
    public synchronized void addAll(Diagnostics other) {
        entries.addAll(other.entries);
    }

    public synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether there is an error that leaves no whole tree to go on with. */
    public synchronized boolean hasSyntaxError() {
        for (Entry e : entries) {
            if (e.syntax) {
                return true;
            }
        }
        return false;
    }

    public synchronized boolean concern(SourceFile file) {
        for (Entry e : entries) {
            if (sources.file(e.pos) == file) {
                return true;
            }
        }
        return false;
    }

    public synchronized int count() {
        return entries.size();
    }

    /** What to show: in order of file name, line and column, equal texts on one line and consequences dropped. */
    public List<Entry> sorted() {
        return sorted(false);
    }

    /** As above, consequences included if asked for. */
    public synchronized List<Entry> sorted(boolean withSecondary) {
        List<Entry> all = new ArrayList<>();
        for (Entry e : entries) {
            if (withSecondary || !e.secondary) {
                all.add(e);
            }
        }
        all.sort(Comparator.comparing((Entry e) -> fileOf(e.pos))
                .thenComparingInt(e -> lineOf(e.pos))
                .thenComparingInt(e -> columnOf(e.pos))
                .thenComparing(e -> e.text));
        List<Entry> kept = new ArrayList<>();
        for (Entry e : all) {
            Entry last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (last != null
                    && last.text.equals(e.text)
                    && fileOf(last.pos).equals(fileOf(e.pos))
                    && lineOf(last.pos) == lineOf(e.pos) && columnOf(last.pos) == columnOf(e.pos)) {
                continue;
            }
            kept.add(e);
        }
        return kept;
    }

    private String fileOf(int pos) {
        SourceFile f = sources.file(pos);
        return f == null ? "" : f.fileName(pos);
    }

    private int lineOf(int pos) {
        SourceFile f = sources.file(pos);
        return f == null ? 0 : f.line(pos);
    }

    private int columnOf(int pos) {
        SourceFile f = sources.file(pos);
        return f == null ? 0 : f.column(pos);
    }
}
