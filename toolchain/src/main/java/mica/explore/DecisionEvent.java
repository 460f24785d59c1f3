// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.build.Package;
import mica.build.Session;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.pass.Decisions;

/** What was decided about the functions of the user's packages, at the source lines that it is about. */
final class DecisionEvent {
    /** Programs with more functions of their own show what was decided only where the command line is asked. */
    private static final int MAX_FUNCTIONS = 400;

    /** textflag.h. */
    private static final int WRAPPER = 32;

    private DecisionEvent() {}

    /** {@code {"event":"decisions","decisions":[{"path","line","col","kind","what","good","result","reason","number","steps"}]}}. */
    static String json(Session.Build build) {
        Set<SourceFile> own = new HashSet<>();
        for (Package p : build.packages) {
            if (!p.standard) {
                p.files.forEach(f -> own.add(f.source));
            }
        }
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b).beginObject().field("event", "decisions").name("decisions").beginArray();
        int n = 0;
        for (Symbol s : build.image.symbols) {
            boolean wrapper = s.func != null && (s.func.textFlags & WRAPPER) != 0;
            boolean wanted = s.kind == SymKind.TEXT && !wrapper && own.contains(build.sources.file(s.pos));
            Decisions d = wanted && n++ < MAX_FUNCTIONS ? build.decisions(s) : null;
            if (d != null) {
                d.list.forEach(x -> write(j, build, own, d, x));
            }
        }
        j.endArray().endObject();
        return b.toString();
    }

    private static void write(JsonWriter j, Session.Build build, Set<SourceFile> own, Decisions of, Decisions.Decision d) {
        int pos = Decisions.outermost(d.pos(), d.inline());
        SourceFile f = build.sources.file(pos);
        if (!own.contains(f)) {
            return;
        }
        j.beginObject().field("func", of.linkName).field("path", f.path).field("line", f.physicalLine(pos)).field("col", f.physicalColumn(pos))
                .field("kind", d.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')).field("what", d.what()).field("good", d.done())
                .field("result", d.result()).field("reason", d.reason());
        if (d.number() >= 0) {
            j.field("number", d.number());
        }
        if (d.pos() != pos) {
            j.field("inlined", true);
        }
        j.name("steps").beginArray();
        d.steps().forEach(s -> j.value((build.sources.file(s.pos()) == null ? "" : build.sources.format(s.pos()) + ": ") + s.text()));
        j.endArray().endObject();
    }
}
