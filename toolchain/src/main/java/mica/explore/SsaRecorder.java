// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import mica.base.Sources;
import mica.build.Probe;
import mica.link.Image;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Func;

/**
 * Keeps the SSA and the code of the functions that a name means: a link name ({@code fmt.(*pp).doPrintf}), one with the type arguments
 * left out ({@code slices.Sort[...]}), one whose package path is shortened to its last element, or one of package main without
 * {@code main.}.
 */
public final class SsaRecorder implements Probe {
    private static final int MAX_CANDIDATES = 20;
    private static final int MAX_TYPOS = 2;

    private final String wanted;
    private final Map<String, SsaRecord> records = new TreeMap<>();
    private final TreeSet<String> compiled = new TreeSet<>();
    private Sources sources;

    public SsaRecorder(String wanted) {
        this.wanted = wanted;
    }

    /** The one function that was meant; null if none was compiled or several were. */
    public SsaRecord record() {
        return records.containsKey(wanted) ? records.get(wanted) : records.size() == 1 ? records.values().iterator().next() : null;
    }

    public Sources sources() {
        return sources;
    }

    /** Names of functions that may have been meant, sorted. */
    public List<String> candidates() {
        if (!records.isEmpty()) {
            return List.copyOf(records.keySet());
        }
        String last = lastName(wanted);
        List<String> like = compiled.stream().filter(n -> lastName(n).contains(last)).limit(MAX_CANDIDATES).toList();
        return !like.isEmpty() ? like
                : compiled.stream().filter(n -> distance(lastName(n), last) <= MAX_TYPOS).limit(MAX_CANDIDATES).toList();
    }

    /** What stands behind the last dot, type arguments left out, in lower case. */
    private static String lastName(String name) {
        int bracket = name.indexOf('[');
        String s = bracket < 0 ? name : name.substring(0, bracket);
        return s.substring(s.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions and exchanges of letters that make one word of the other (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int d = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = row[j];
                row[j] = d;
            }
        }
        return row[b.length()];
    }

    @Override
    public String demanded() {
        return records.isEmpty() ? wanted.indexOf('.') < 0 ? "main." + wanted : wanted : null;
    }

    @Override
    public boolean wants(Func f) {
        return matches(f.name) || f.ref != null && matches(f.ref.shownName());
    }

    private boolean matches(String name) {
        return name.equals(wanted) || name.length() > wanted.length() && name.endsWith(wanted)
                && (name.charAt(name.length() - wanted.length() - 1) == '/' || name.length() == wanted.length() + 5 && name.startsWith("main."));
    }

    private synchronized SsaRecord record(Func f) {
        return records.computeIfAbsent(f.name, n -> new SsaRecord(f));
    }

    @Override
    public void after(String pass, Func f, long nanos) {
        record(f).pass(pass, f, nanos);
    }

    @Override
    public void prepared(Func f, long nanos) {
        record(f).pass("prepare code", f, nanos);
    }

    @Override
    public void emitted(Func f, Symbol out, long nanos) {
        record(f).emitted(f, out);
    }

    @Override
    public void linked(Image image, Sources sources) {
        this.sources = sources;
        for (Symbol s : image.symbols) {
            if (s.kind == SymKind.TEXT && s.func != null && s.origin != null) {
                compiled.add(s.name);
            }
        }
    }
}
