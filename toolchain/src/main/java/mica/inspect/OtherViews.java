// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static mica.inspect.FactTable.hex;

import mica.obj.MachoFile;
import mica.obj.PeFile;

/** Headers of PE and Mach-O files as tables; other parts of them are not read. */
final class OtherViews {
    private OtherViews() {}

    static FactTable part(PeFile f, String part) {
        switch (part) {
            case "headers":
                return FactTable.of(part, "format", f.wide ? "PE32+" : "PE32", "machine", hex(f.machine), "characteristics", hex(f.characteristics), "timestamp",
                        f.timestamp, "entry", hex(f.entry), "imageBase", hex(f.imageBase), "sectionAlign", f.sectionAlign, "fileAlign", f.fileAlign, "imageSize",
                        f.imageSize, "headerSize", f.headerSize, "subsystem", f.subsystem, "symbols", f.symbolCount, "symbolTable", f.symbolTable);
            case "sections":
                FactTable t = new FactTable(part, "index", "name", "address", "memSize", "offset", "size", "flags");
                for (PeFile.Section s : f.sections) {
                    t.row(s.index, s.name, hex(s.address), hex(s.memSize), hex(s.offset), hex(s.size), hex(s.flags));
                }
                return t;
            default:
                return new FactTable(part);
        }
    }

    static FactTable part(MachoFile f, String part) {
        switch (part) {
            case "headers":
                return FactTable.of(part, "format", "Mach-O 64", "cpu", hex(f.cpu), "cpuSubtype", hex(f.cpuSubtype), "type", f.fileType, "flags", hex(f.flags),
                        "commands", f.commandCount, "commandSize", f.commandSize);
            case "segments":
                FactTable g = new FactTable(part, "type", "name", "offset", "address", "fileSize", "memSize", "flags");
                for (MachoFile.Segment s : f.segments) {
                    g.row("SEGMENT_64", s.name, hex(s.offset), hex(s.address), hex(s.fileSize), hex(s.memSize), protection(s.protection));
                }
                return g;
            case "sections":
                FactTable t = new FactTable(part, "index", "name", "segment", "address", "offset", "size", "align", "flags");
                for (MachoFile.Section s : f.sections) {
                    t.row(s.index, s.name, s.segment, hex(s.address), hex(s.offset), hex(s.size), s.align, hex(s.flags));
                }
                return t;
            default:
                return new FactTable(part);
        }
    }

    private static String protection(int p) {
        return ((p & 1) != 0 ? "R" : "") + ((p & 2) != 0 ? "W" : "") + ((p & 4) != 0 ? "E" : "");
    }
}
