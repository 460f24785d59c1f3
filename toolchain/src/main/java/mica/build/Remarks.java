// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.ssa.pass.Decisions;

/** Decisions as lines in gc's wording (-m): sorted by position, equal lines once. */
final class Remarks {
    private static final String TO_RESULT = " to result ";

    private record Line(int pos, String text) {}

    private final Sources sources;
    private final BuildOptions options;
    private final List<Line> lines = new ArrayList<>();

    Remarks(Sources sources, BuildOptions options) {
        this.sources = sources;
        this.options = options;
    }

    void add(Decisions d) {
        if (options.decisions > 1) {
            for (Decisions.Decision x : d.list) {
                detail(d, x);
            }
        }
        d.remarks.forEach(s -> remark(s.pos(), s.text()));
        d.live.forEach(x -> add(Decisions.outermost(x.pos(), x.inline()), x.text()));
        addIf("ssa/prove/debug", d.proofs);
        addIf("ssa/check_bce", d.bounds);
        addIf("nil", d.nils);
    }

    /** Remarks that a debug setting asks for. */
    private void addIf(String setting, List<Decisions.Step> steps) {
        for (String s : options.debug) {
            if (s.equals(setting) || s.startsWith(setting + "=") && !s.endsWith("=0") || s.startsWith(setting + "/")) {
                steps.forEach(x -> add(x.pos(), x.text()));
                return;
            }
        }
    }

    private void add(int pos, String text) {
        lines.add(new Line(pos, text));
    }

    /** A line of -m. */
    void remark(int pos, String text) {
        if (keep(text)) {
            add(pos, text);
        }
    }

    /** What has a longer form at -m=2 is not said twice. */
    private boolean keep(String text) {
        return options.decisions > 0 && !(options.decisions > 1 && text.startsWith("can inline "));
    }

    private void detail(Decisions d, Decisions.Decision x) {
        int pos = Decisions.outermost(x.pos(), x.inline());
        switch (x.kind()) {
            case INLINABLE -> add(pos, x.done() ? "can inline " + d.name + " with cost " + x.number() + " as: " + header(x.pos())
                    : "cannot inline " + d.name + ": " + x.reason());
            case ALLOCATION -> {
                if (!x.steps().isEmpty()) {
                    add(pos, x.what() + " escapes to heap in " + d.name + ":" + flow(x, "{heap}", "&"));
                }
            }
            case PARAMETER -> {
                if (!x.steps().isEmpty()) {
                    int to = x.result().indexOf(TO_RESULT);
                    String target = to < 0 ? "{heap}" : x.result().substring(to + TO_RESULT.length(), x.result().lastIndexOf(' '));
                    add(pos, "parameter " + x.what() + " leaks to " + target + " for " + d.name + " with derefs=" + x.number() + ":" + flow(x, target, "*".repeat(x.number())));
                }
            }
            default -> { }
        }
    }

    /** The line that declares a function, from the word func. */
    private String header(int pos) {
        SourceFile f = sources.file(pos);
        if (f == null) {
            return "";
        }
        String line = f.lineText(f.physicalLine(pos)).strip();
        int at = line.indexOf("func");
        String s = at < 0 ? line : line.substring(at);
        return s.endsWith("{") ? s + " ... }" : s;
    }

    /** The lines of a chain of assignments. @param sign what is done to what flows: {@code &} or stars */
    private String flow(Decisions.Decision x, String target, String sign) {
        StringBuilder b = new StringBuilder("\n");
        String at = place(Decisions.outermost(x.pos(), x.inline()));
        b.append(at).append(":   flow: ").append(target).append(" ← ").append(sign).append(x.what()).append(':');
        for (Decisions.Step s : x.steps()) {
            b.append('\n').append(at).append(":     from ").append(x.what()).append(" (").append(step(s.text())).append(") at ")
                    .append(place(Decisions.outermost(s.pos(), s.inline())));
        }
        return b.toString();
    }

    /** A step of a chain in gc's word for it. */
    private static String step(String text) {
        return switch (text) {
            case "address taken" -> "address-of";
            case "address of a part" -> "dot of pointer";
            case "a part of it" -> "dot";
            case "what it points to" -> "indirection";
            case "returned" -> "return";
            default -> text.startsWith("captured") ? "captured by a closure" : text.startsWith("call parameter") ? "call parameter"
                    : text.startsWith("assigned") || text.startsWith("stored") || text.startsWith("loaded") ? "assign" : text;
        };
    }

    private String place(int pos) {
        SourceFile f = sources.file(pos);
        return f == null ? "<autogenerated>:1" : options.noColumns ? f.fileName(pos) + ":" + f.line(pos) : sources.format(pos);
    }

    void print(PrintStream out) {
        Comparator<Line> order = Comparator.comparing((Line l) -> sources.file(l.pos) == null ? "" : sources.file(l.pos).fileName(l.pos));
        order = order.thenComparing(l -> sources.file(l.pos) == null ? 0 : sources.file(l.pos).line(l.pos));
        lines.sort(order.thenComparing(l -> l.pos));
        LinkedHashSet<String> shown = new LinkedHashSet<>();
        for (Line l : lines) {
            shown.add(place(l.pos) + ": " + l.text);
        }
        shown.forEach(out::println);
    }
}
