// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.Arrays;
import java.util.HexFormat;
import mica.base.Sources;
import mica.obj.Origin;

/** The view {@code ssa} as text: each pass that changed something, changed values marked with {@code *}, then the code. */
public final class SsaText {
    private SsaText() {}

    /** The text; positions with line directives applied, as messages show them. */
    public static String of(SsaRecord r, Sources sources) {
        StringBuilder b = new StringBuilder();
        b.append("func ").append(r.name).append(' ').append(sources.format(r.pos)).append('\n');
        for (int i = 0; i < r.passes.size(); i++) {
            SsaRecord.Pass p = r.passes.get(i);
            b.append("\n-- ").append(p.name()).append(" (").append(p.nanos() / 1000).append(" us)");
            if (i > 0 && p.changed().length + p.removed().length == 0) {
                b.append(": nothing changed\n");
                continue;
            }
            b.append('\n');
            blocks(b, p, sources);
            if (p.removed().length > 0) {
                b.append("  removed:");
                for (int v : p.removed()) {
                    b.append(" v").append(v);
                }
                b.append('\n');
            }
        }
        code(b, r, sources);
        return b.toString();
    }

    private static void blocks(StringBuilder b, SsaRecord.Pass p, Sources sources) {
        for (SsaRecord.Blk k : p.blocks()) {
            b.append('b').append(k.id()).append(':');
            for (int i = 0; i < k.preds().length; i++) {
                b.append(i == 0 ? " <- b" : " b").append(k.preds()[i]);
            }
            b.append('\n');
            for (SsaRecord.Val v : k.values()) {
                b.append(Arrays.binarySearch(p.changed(), v.id()) >= 0 ? "* " : "  ");
                pad(b, v.text(), 60);
                b.append("  ").append(sources.format(v.pos())).append('\n');
            }
            b.append("  ").append(k.kind());
            if (k.control() >= 0) {
                b.append(" v").append(k.control());
            }
            for (int i = 0; i < k.succs().length; i++) {
                b.append(i == 0 ? " -> b" : " b").append(k.succs()[i]);
            }
            b.append('\n');
        }
    }

    private static void code(StringBuilder b, SsaRecord r, Sources sources) {
        b.append("\n-- code\n");
        for (SsaRecord.Inst i : r.code) {
            pad(b, String.format("%04x  %s", i.offset(), HexFormat.of().formatHex(i.bytes())), 30);
            b.append("  ");
            pad(b, i.text(), 40);
            b.append("  ");
            String why = (i.value() >= 0 ? "v" + i.value() : "") + (i.value() >= 0 && i.origin() != Origin.VALUE ? " " : "")
                    + (i.origin() != Origin.VALUE ? i.origin().text : "");
            pad(b, why, 18);
            b.append("  ").append(sources.format(i.pos())).append('\n');
        }
    }

    private static void pad(StringBuilder b, String s, int n) {
        b.append(s);
        for (int i = s.length(); i < n; i++) {
            b.append(' ');
        }
    }
}
