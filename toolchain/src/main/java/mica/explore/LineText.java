// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.ssa.InlineSite;
import mica.ssa.pass.Decisions;

/** Everything that was decided for one line of the source, and what became of it, as text. */
public final class LineText {
    private final DecisionRecorder r;
    private final Sources sources;
    private final StringBuilder b = new StringBuilder();

    private LineText(DecisionRecorder r) {
        this.r = r;
        this.sources = r.sources();
    }

    /** The text; null if nothing of the build comes from that line. */
    public static String of(DecisionRecorder r) {
        LineText t = new LineText(r);
        return t.write() ? t.b.toString() : null;
    }

    private boolean write() {
        SourceFile f = r.sourceFile();
        if (f == null || r.line() < 1 || r.line() > f.lineCount()) {
            return false;
        }
        b.append(f.path).append(':').append(r.line()).append(": ").append(f.lineText(r.line()).strip()).append('\n');
        boolean any = decisions();
        any |= traces("values", r.values());
        any |= traces("instructions", r.code());
        return any;
    }

    private boolean decisions() {
        Map<String, Set<String>> lines = new TreeMap<>();
        for (Map.Entry<String, Decisions> e : r.decisions().entrySet()) {
            List<Decisions.Decision> mine = new ArrayList<>();
            for (Decisions.Decision x : e.getValue().list) {
                if (concerns(x)) {
                    mine.add(x);
                }
            }
            mine.sort(Comparator.comparingInt(Decisions.Decision::pos));
            for (Decisions.Decision x : mine) {
                lines.computeIfAbsent(e.getKey(), k -> new LinkedHashSet<>()).add(text(x));
            }
        }
        lines.forEach((func, texts) -> {
            b.append("\ndecisions in ").append(func).append('\n');
            texts.forEach(b::append);
        });
        return !lines.isEmpty();
    }

    private boolean concerns(Decisions.Decision x) {
        if (r.onLine(x.pos())) {
            return true;
        }
        for (InlineSite s = x.inline(); s != null; s = s.parent) {
            if (r.onLine(s.callPos)) {
                return true;
            }
        }
        return false;
    }

    private String text(Decisions.Decision x) {
        StringBuilder t = new StringBuilder("  ");
        SourceFile f = sources.file(x.pos());
        t.append(r.onLine(x.pos()) ? "col " + f.physicalColumn(x.pos()) : sources.format(x.pos())).append(": ")
                .append(DecisionRecorder.lower(x.kind())).append(' ').append(x.what()).append(": ").append(x.result());
        if (x.number() >= 0) {
            t.append(x.kind() == Decisions.Kind.ALLOCATION ? " (" + x.number() + " bytes)" : " (cost " + x.number() + ")");
        }
        if (!x.reason().isEmpty()) {
            t.append(", ").append(x.reason());
        }
        t.append('\n');
        for (Decisions.Step s : x.steps()) {
            t.append("      ").append(s.pos() == 0 ? "" : sources.format(s.pos()) + ": ").append(s.text()).append('\n');
        }
        return t.toString();
    }

    private boolean traces(String title, Map<String, List<DecisionRecorder.Trace>> all) {
        all.forEach((func, list) -> {
            b.append('\n').append(title).append(" in ").append(func).append('\n');
            for (DecisionRecorder.Trace t : list) {
                b.append("  ").append(t.text()).append(t.inlined() ? "  (inlined)" : "").append('\n');
            }
        });
        return !all.isEmpty();
    }
}
