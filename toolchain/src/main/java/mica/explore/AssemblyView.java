// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.Arrays;
import java.util.HexFormat;
import mica.arch.amd64.Amd64Listing;
import mica.base.JsonWriter;
import mica.base.Sources;
import mica.obj.Symbol;

/** The view {@code ssa} of a function that was not made from SSA (assembly, adapters): source and instructions, no passes. */
final class AssemblyView {
    private AssemblyView() {}

    static String json(Symbol s, Sources sources) {
        SourceRanges ranges = new SourceRanges(sources);
        for (int i = 0; s.func != null && i < s.func.pcpos.count; i++) {
            ranges.add(s.func.pcpos.value[i]);
        }
        ranges.sort(s.pos);
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b);
        j.beginObject().field("version", 1).field("view", "ssa").field("func", s.name).field("shownName", s.name);
        ranges.files(j);
        j.name("passes").beginArray().endArray().name("fates").beginArray().endArray().name("asm").beginArray();
        new Amd64Listing().visit(s, (offset, size, text) -> {
            j.beginObject().field("offset", offset).field("size", size)
                    .field("bytes", HexFormat.of().formatHex(s.data, offset, offset + size)).field("text", text).field("origin", "assembly");
            ranges.position(j, position(s, offset));
            relocs(j, s, offset, size);
            j.endObject();
        });
        j.endArray().endObject();
        return b.toString();
    }

    private static int position(Symbol s, int offset) {
        if (s.func == null || s.func.pcpos.count == 0) {
            return 0;
        }
        int k = Arrays.binarySearch(s.func.pcpos.pc, 0, s.func.pcpos.count, offset);
        k = k < 0 ? -k - 2 : k;
        return k < 0 ? 0 : s.func.pcpos.value[k];
    }

    private static void relocs(JsonWriter j, Symbol s, int offset, int size) {
        boolean any = false;
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocType[i].size != 0 && s.relocOffset[i] >= offset && s.relocOffset[i] < offset + size) {
                if (!any) {
                    j.name("relocs").beginArray();
                    any = true;
                }
                j.beginObject().field("type", s.relocType[i].name()).field("symbol", s.relocTarget[i].name)
                        .field("addend", s.relocAddend[i]).field("offset", s.relocOffset[i]).endObject();
            }
        }
        if (any) {
            j.endArray();
        }
    }
}
