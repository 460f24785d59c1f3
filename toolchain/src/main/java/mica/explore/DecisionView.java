// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.ssa.InlineSite;
import mica.ssa.pass.Decisions;

/** The view {@code decisions}, version 1: everything that was decided in a build (docs/json.md). */
public final class DecisionView {
    private final DecisionRecorder r;
    private final Sources sources;
    private final JsonWriter j;
    private final List<String> paths = new ArrayList<>();
    private final Map<SourceFile, Integer> numbers = new HashMap<>();

    private DecisionView(DecisionRecorder r, Appendable out) {
        this.r = r;
        this.sources = r.sources();
        this.j = new JsonWriter(out);
    }

    /** Writes the view as one JSON object. */
    public static void json(DecisionRecorder r, Appendable out) {
        new DecisionView(r, out).write();
    }

    private void write() {
        j.beginObject().field("version", 1).field("view", "decisions").name("functions").beginArray();
        r.decisions().forEach(this::function);
        j.endArray().name("instances").beginArray();
        for (DecisionRecorder.Instance i : r.instances()) {
            j.line().beginObject().field("name", i.name()).field("size", i.size());
            if (i.foldedInto() != null) {
                j.field("foldedInto", i.foldedInto());
            }
            j.name("askedBy").beginArray();
            i.askedBy().forEach(j::value);
            j.endArray().name("inlinedInto").beginArray();
            i.inlinedInto().forEach(j::value);
            j.endArray().endObject();
        }
        // last, when all files are known
        j.endArray().name("files").beginArray();
        paths.forEach(j::value);
        j.endArray().endObject();
    }

    private void function(String name, Decisions d) {
        j.line().beginObject().field("func", name).field("name", d.name);
        if (r.size(name) >= 0) {
            j.field("size", r.size(name));
        }
        j.name("decisions").beginArray();
        for (Decisions.Decision x : d.list) {
            decision(x);
        }
        j.endArray().endObject();
    }

    private void decision(Decisions.Decision x) {
        j.line().beginObject().field("kind", DecisionRecorder.lower(x.kind()));
        position(x.pos());
        j.field("what", x.what()).field("good", x.done()).field("result", x.result());
        if (!x.reason().isEmpty()) {
            j.field("reason", x.reason());
        }
        if (x.number() >= 0) {
            j.field(x.kind() == Decisions.Kind.ALLOCATION ? "size" : "cost", x.number());
        }
        if (x.inline() != null) {
            j.name("inlinedFrom").beginArray();
            for (InlineSite s = x.inline(); s != null; s = s.parent) {
                j.beginObject().field("func", s.callee.linkName);
                position(s.callPos);
                j.endObject();
            }
            j.endArray();
        }
        if (!x.steps().isEmpty()) {
            j.name("steps").beginArray();
            for (Decisions.Step s : x.steps()) {
                j.beginObject();
                position(s.pos());
                j.field("text", s.text()).endObject();
            }
            j.endArray();
        }
        j.endObject();
    }

    private void position(int pos) {
        SourceFile f = sources.file(pos);
        if (f != null) {
            int n = numbers.computeIfAbsent(f, x -> {
                paths.add(x.path);
                return paths.size() - 1;
            });
            j.field("file", n).field("line", f.physicalLine(pos)).field("col", f.physicalColumn(pos));
        }
    }
}
