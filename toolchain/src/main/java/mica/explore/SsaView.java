// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.HexFormat;
import java.util.Locale;
import mica.base.JsonWriter;
import mica.base.Sources;
import mica.obj.Origin;
import mica.ssa.InlineSite;

/** The view {@code ssa}, version 1: one function pass by pass, and its machine code (docs/json.md). */
public final class SsaView {
    private static final int[] NONE = {};

    private final SsaRecord r;
    private final SourceRanges ranges;
    /** Leaves out what is in the text of a value as well, and fates that need no drawing. */
    private final boolean slim;
    /** Leaves out what pages find out themselves (offsets and sizes of instructions), and what changed between two passes that do not follow each other. */
    private boolean brief;

    private SsaView(SsaRecord r, Sources sources, boolean slim) {
        this.r = r;
        this.slim = slim;
        this.ranges = new SourceRanges(sources);
        collectPositions();
    }

    /** Writes the view of a function as one JSON object. */
    public static void json(SsaRecord r, Sources sources, Appendable out) {
        new SsaView(r, sources, false).write(new JsonWriter(out));
    }

    /** As much of the view as the explorer's pages draw, for pages that hold hundreds of functions; a function of the library in brief. */
    static String slim(SsaRecord r, Sources sources, boolean brief) {
        StringBuilder b = new StringBuilder();
        SsaView v = new SsaView(r, sources, true);
        v.ranges.columns = !brief;
        v.brief = brief;
        v.write(new JsonWriter(b));
        return b.toString();
    }

    /** The view as a string. */
    public static String json(SsaRecord r, Sources sources) {
        StringBuilder b = new StringBuilder();
        json(r, sources, b);
        return b.toString();
    }

    private void collectPositions() {
        ranges.add(r.pos, r.endPos);
        for (SsaRecord.Pass p : r.passes) {
            for (SsaRecord.Blk b : p.blocks()) {
                for (SsaRecord.Val v : b.values()) {
                    ranges.add(v.pos());
                    for (InlineSite s = v.inline(); s != null; s = s.parent) {
                        ranges.add(s.callPos);
                    }
                }
            }
        }
        for (SsaRecord.Inst i : r.code) {
            ranges.add(i.pos());
        }
        ranges.sort(r.pos);
    }

    private void write(JsonWriter j) {
        j.beginObject().field("version", 1).field("view", "ssa").field("func", r.name).field("shownName", r.shownName);
        ranges.files(j);
        j.name("passes").beginArray();
        for (SsaRecord.Pass p : r.passes) {
            pass(j.line(), p);
        }
        j.endArray().name("fates").beginArray();
        for (ValueFate f : r.fates) {
            if (slim && f.kind() != ValueFate.Kind.FOLDED) {
                continue;
            }
            j.line().beginObject().field("value", f.id()).field("fate", f.kind().name().toLowerCase(Locale.ROOT));
            ints(j, "code", f.code());
            ints(j, "into", f.into());
            j.endObject();
        }
        j.endArray().name("asm").beginArray();
        for (SsaRecord.Inst i : r.code) {
            inst(j.line(), i);
        }
        j.endArray().endObject();
    }

    private void pass(JsonWriter j, SsaRecord.Pass p) {
        j.beginObject().field("name", p.name()).field("micros", p.nanos() / 1000);
        ints(j, "changed", brief ? NONE : p.changed());
        ints(j, "removed", brief ? NONE : p.removed());
        j.name("blocks").beginArray();
        for (SsaRecord.Blk b : p.blocks()) {
            j.line().beginObject().field("id", b.id()).field("kind", b.kind());
            ints(j, "preds", b.preds());
            ints(j, "succs", b.succs());
            if (b.control() >= 0) {
                j.field("control", b.control());
            }
            if (b.likely() != 0) {
                j.field("likely", b.likely() > 0 ? 0 : 1);
            }
            j.name("values").beginArray();
            for (SsaRecord.Val v : b.values()) {
                value(j.line(), v);
            }
            j.endArray().endObject();
        }
        j.endArray().endObject();
    }

    private void value(JsonWriter j, SsaRecord.Val v) {
        j.beginObject().field("id", v.id());
        if (!slim) {
            j.field("op", v.op()).field("type", v.type());
            ints(j, "args", v.args());
        }
        if (!slim && !v.aux().isEmpty()) {
            j.field("aux", v.aux());
        }
        ranges.position(j, v.pos());
        if (v.inline() != null) {
            j.name("inlinedFrom").beginArray();
            for (InlineSite s = v.inline(); s != null; s = s.parent) {
                j.beginObject().field("func", s.callee.shownName());
                ranges.position(j, s.callPos);
                j.endObject();
            }
            j.endArray();
        }
        j.field("text", v.text()).endObject();
    }

    private void inst(JsonWriter j, SsaRecord.Inst i) {
        j.beginObject();
        if (!brief) {
            j.field("offset", i.offset()).field("size", i.bytes().length);
        }
        j.field("bytes", HexFormat.of().formatHex(i.bytes())).field("text", i.text());
        if (i.value() >= 0) {
            j.field("value", i.value());
        }
        if (i.origin() != Origin.VALUE) {
            j.field("origin", i.origin().text);
        }
        ranges.position(j, i.pos());
        if (!i.relocs().isEmpty()) {
            j.name("relocs").beginArray();
            for (SsaRecord.Reloc r : i.relocs()) {
                j.beginObject().field("type", r.type()).field("symbol", r.symbol()).field("addend", r.addend())
                        .field("offset", r.offset()).endObject();
            }
            j.endArray();
        }
        j.endObject();
    }

    private static void ints(JsonWriter j, String name, int[] a) {
        j.name(name).beginArray();
        for (int x : a) {
            j.value(x);
        }
        j.endArray();
    }
}
