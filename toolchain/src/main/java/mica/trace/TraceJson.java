// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import mica.base.JsonWriter;

/** Writes a trace as JSON, described in docs/json.md. */
public final class TraceJson {
    private static final int VERSION = 1;

    private final JsonWriter w;

    private TraceJson(Appendable out) {
        this.w = new JsonWriter(out);
    }

    /** One object and a line break. */
    public static void write(Trace t, Appendable out) {
        TraceJson j = new TraceJson(out);
        j.trace(t);
        j.w.end();
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    private void text(String name, String value) {
        if (value != null) {
            w.field(name, value);
        }
    }

    /** Left out if it is not known. */
    private void time(String name, long ns) {
        if (ns >= 0) {
            w.field(name, ns);
        }
    }

    private void trace(Trace t) {
        w.beginObject().line().field("version", VERSION).field("view", "trace");
        w.line().name("program").beginObject().field("path", t.path).name("args").beginArray();
        t.args.forEach(w::value);
        w.endArray().field("pid", t.pid).field("entry", hex(t.entry)).field("bias", hex(t.bias)).field("go", t.go).field("mica", t.mica)
                .field("stripped", t.stripped).endObject();
        w.line().name("end").beginObject().field("at", t.end);
        if (t.signal != 0) {
            w.field("signal", t.signal).field("name", new Constants().one("signal", t.signal));
        } else {
            w.field("status", t.status);
        }
        if (t.overtime) {
            w.field("overtime", true);
        }
        w.endObject();
        w.line().name("cost").beginObject().field("stop", t.cost.wall).field("stopCpu", t.cost.cpu).field("callStop", t.cost.callWall)
                .field("callStopCpu", t.cost.callCpu).field("samples", t.cost.samples).endObject();
        maps(t);
        boot(t);
        calls(t);
        faults(t);
        if (t.memory != null) {
            w.line().name("memory");
            MapReport.json(t.memory, w);
        }
        threads(t);
        signals(t);
        w.endObject();
    }

    private void maps(Trace t) {
        if (t.maps == null) {
            return;
        }
        w.line().name("maps").beginArray();
        for (Trace.Mapped m : t.maps) {
            w.line().beginObject().field("start", hex(m.mapping.start)).field("end", hex(m.mapping.end)).field("perm", m.mapping.permissions)
                    .field("offset", m.mapping.offset).field("path", m.mapping.path);
            if (m.segment >= 0) {
                w.field("segment", m.segment);
            }
            w.name("sections").beginArray();
            m.sections.forEach(w::value);
            w.endArray().field("note", m.note).endObject();
        }
        w.endArray();
    }

    private void boot(Trace t) {
        if (t.steps == null) {
            return;
        }
        w.line().name("boot").beginObject().field("complete", t.bootComplete).field("stops", t.bootStops);
        time("cpu", t.bootCpu);
        Trace.Step unfinished = t.unfinished();
        if (unfinished != null) {
            w.name("unfinished").beginObject().field("name", unfinished.name);
            text("package", unfinished.pkg);
            w.endObject();
        }
        w.name("steps").beginArray();
        for (Trace.Step s : t.steps) {
            w.line().beginObject().field("name", s.name);
            text("package", s.pkg);
            text("symbol", s.symbol);
            w.field("begin", s.begin);
            time("end", s.end);
            w.endObject();
        }
        w.endArray().name("missing").beginArray();
        for (Trace.Missing m : t.missing) {
            w.line().beginObject().field("name", m.name).field("why", m.why).endObject();
        }
        w.endArray().endObject();
    }

    private void calls(Trace t) {
        if (t.calls == null) {
            return;
        }
        w.line().name("syscalls").beginArray();
        for (Trace.Call c : t.calls) {
            w.line().beginObject().field("pid", c.pid).field("tid", c.tid).field("at", c.at);
            time("ns", c.duration);
            w.field("number", c.number).field("name", c.name).name("args").beginArray();
            c.args.forEach(w::value);
            w.endArray();
            if (c.duration >= 0) {
                w.field("result", c.result);
            }
            w.field("shown", c.shown);
            text("error", c.error);
            w.endObject();
        }
        w.endArray().line().field("syscallsNotShown", t.callsNotShown);
    }

    private void faults(Trace t) {
        if (t.pages == null) {
            return;
        }
        w.line().name("faults").beginObject().field("how", PAGES_HOW);
        counts("atEntry", t.faultsAtEntry);
        counts("atMain", t.faultsAtMain);
        counts("atExit", t.faultsAtExit);
        w.name("pages").beginArray();
        for (Trace.Pages p : t.pages) {
            w.line().beginObject().field("owner", p.owner).field("atEntry", p.atEntry);
            time("atMain", p.atMain);
            time("atExit", p.atExit);
            w.endObject();
        }
        w.endArray().endObject();
    }

    static final String PAGES_HOW = "faults: /proc/PID/stat; pages: resident ones by /proc/PID/pagemap while the program stands still; one fault of a file's"
            + " page can make up to 16 of its neighbours resident";

    private void counts(String name, long[] n) {
        if (n != null) {
            w.name(name).beginObject().field("minor", n[0]).field("major", n[1]).endObject();
        }
    }

    private void threads(Trace t) {
        w.line().name("threads").beginArray();
        for (Trace.Thread x : t.threads) {
            w.line().beginObject().field("pid", x.pid).field("tid", x.tid).field("parent", x.parent).field("how", x.how).field("at", x.at);
            time("end", x.end);
            time("cpu", x.cpu);
            w.endObject();
        }
        w.endArray();
    }

    private void signals(Trace t) {
        w.line().name("signals").beginArray();
        for (Trace.Signal s : t.signals) {
            w.line().beginObject().field("pid", s.pid).field("tid", s.tid).field("at", s.at).field("number", s.number).field("name", s.name)
                    .endObject();
        }
        w.endArray();
    }
}
