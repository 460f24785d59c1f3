// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.HexFormat;
import mica.base.JsonWriter;
import mica.link.Image;
import mica.link.Section;
import mica.obj.Symbol;

/** A symbol's bytes in the linked file. */
final class LinkedCode {
    private LinkedCode() {}

    /** @param s null if there is no such symbol */
    static String json(Image image, Symbol s, String name) {
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b).beginObject().field("name", name);
        if (s != null) {
            j.field("address", s.address);
        }
        j.field("bytes", s == null ? null : bytes(image, s)).endObject();
        return b.toString();
    }

    /** Hexadecimal; null if the symbol is in no section of the file. */
    static String bytes(Image image, Symbol s) {
        for (Section x : image.sections) {
            if (x.address > 0 && s.address >= x.address && s.address + s.size <= x.end()) {
                int at = (int) (x.fileOffset + s.address - x.address);
                return HexFormat.of().formatHex(image.bytes, at, at + (int) s.size);
            }
        }
        return null;
    }
}
