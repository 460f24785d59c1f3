// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mica.base.Sources;
import mica.build.Probe;
import mica.link.Image;
import mica.obj.FuncInfo;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Func;

/** Keeps the SSA and the code of the functions that a {@link FunctionName} can mean, and tells which one fits best. */
public final class SsaRecorder implements Probe {
    private static final int MAX_CANDIDATES = 20;
    private static final int MAX_TYPOS = 2;

    private final FunctionName wanted;
    private final Map<String, SsaRecord> records = new TreeMap<>();
    /** How well the name fits each record, by link name. */
    private final Map<String, Integer> ranks = new TreeMap<>();
    /** Functions that an earlier program of the same build has; each is kept once. */
    private Set<String> finished = Set.of();
    private final TreeSet<String> compiled = new TreeSet<>();
    private Sources sources;

    public SsaRecorder(String wanted) {
        this.wanted = new FunctionName(wanted);
    }

    /** The one function that was meant; null if none was compiled or several fit equally well. */
    public SsaRecord record() {
        List<String> best = best();
        return best.size() == 1 ? records.get(best.get(0)) : null;
    }

    private int bestRank() {
        return ranks.values().stream().mapToInt(Integer::intValue).min().orElse(FunctionName.NONE);
    }

    private List<String> best() {
        int rank = bestRank();
        return records.keySet().stream().filter(n -> ranks.get(n) == rank).toList();
    }

    public Sources sources() {
        return sources;
    }

    /** Names of functions that may have been meant, sorted. */
    public List<String> candidates() {
        if (!records.isEmpty()) {
            return best();
        }
        String last = lastName(wanted.text);
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
    public void begins(Sources sources, List<String> named, List<String> own) {
        wanted.packages(named, own);
        finished = Set.copyOf(records.keySet());
        this.sources = sources;
    }

    @Override
    public boolean demands(String linkName, String shownName) {
        return !records.containsKey(linkName) && wanted.rank(linkName, shownName) < bestRank();
    }

    @Override
    public String demanded() {
        return wanted.text;
    }

    @Override
    public boolean wants(Func f) {
        return !finished.contains(f.name) && rank(f) < FunctionName.NONE;
    }

    private int rank(Func f) {
        return wanted.rank(f.name, f.ref == null ? f.name : f.ref.shownName());
    }

    private synchronized SsaRecord record(Func f) {
        ranks.computeIfAbsent(f.name, n -> rank(f));
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
        compiled(image.symbols, sources);
    }

    @Override
    public void compiled(Iterable<Symbol> functions, Sources sources) {
        for (Symbol s : functions) {
            if (s.kind != SymKind.TEXT || s.func == null) {
                continue;
            }
            compiled.add(s.name);
            int rank = wanted.rank(s.name, s.name);
            if (rank < FunctionName.NONE && (s.func.flags & FuncInfo.FLAG_ASM) != 0 && !records.containsKey(s.name)) {
                ranks.put(s.name, rank);
                records.put(s.name, SsaRecord.assembled(s));
            }
        }
    }
}
