// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static mica.inspect.FactTable.hex;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import mica.base.JsonWriter;
import mica.obj.Bytes;
import mica.obj.FormatException;
import mica.obj.GoobjFile;
import mica.obj.GoobjNames;
import mica.obj.PcTable;

/** An object of the standard toolchain as the tools show it: addresses are offsets of the symbols' data from the object's magic number. */
public final class GoObject {
    public final GoobjFile file;

    public GoObject(String path, byte[] bytes) throws FormatException {
        file = new GoobjFile(path, bytes);
    }

    /** Symbols in the order of the file, those of other objects last. */
    List<Executable.Sym> symbols() {
        List<Executable.Sym> all = new ArrayList<>();
        for (GoobjFile.Sym s : file.symbols) {
            if (!s.name.isEmpty()) {
                all.add(new Executable.Sym(s.shown(), s.offset, s.size, letter(s)));
            }
        }
        for (String name : file.references()) {
            all.add(new Executable.Sym(name, 0, 0, 'U'));
        }
        return all;
    }

    private static char letter(GoobjFile.Sym s) {
        char c = switch (GoobjNames.kind(s.kind)) {
            case "STEXT", "STEXTFIPS" -> 'T';
            case "SRODATA", "SRODATAFIPS" -> 'R';
            case "SNOPTRDATA", "SNOPTRDATAFIPS", "SDATA", "SDATAFIPS" -> 'D';
            case "SBSS", "SNOPTRBSS", "STLSBSS" -> 'B';
            default -> '?';
        };
        // The standard tool turns the letter of a local symbol into a small one by arithmetic: ? becomes _.
        return s.abi >= 0 ? c : c == '?' ? '_' : Character.toLowerCase(c);
    }

    /** Functions by offset; some have no code. */
    List<GoobjFile.Sym> functions() throws FormatException {
        List<GoobjFile.Sym> all = new ArrayList<>();
        for (GoobjFile.Sym s : file.symbols) {
            if (s.isText() && !s.name.isEmpty()) {
                if (s.size != s.dataSize) {
                    throw new FormatException(file.path, -1, "function " + s.name + " of " + s.size + " bytes has " + s.dataSize);
                }
                all.add(s);
            }
        }
        all.sort((a, b) -> Integer.compare(a.offset, b.offset));
        return all;
    }

    /** Where a code address comes from; null if it is in no function that says. */
    public Place place(long address) throws FormatException {
        for (GoobjFile.Sym s : file.symbols) {
            if (s.isText() && address >= s.offset && address - s.offset < s.size) {
                Place p = place(s, (int) (address - s.offset));
                if (p != null) {
                    return p;
                }
            }
        }
        return null;
    }

    private Place place(GoobjFile.Sym s, int at) throws FormatException {
        PcTable files = file.table(s, GoobjFile.AUX_PCFILE);
        PcTable lines = file.table(s, GoobjFile.AUX_PCLINE);
        String name = files == null ? null : file.file(files.at(at));
        return name == null || lines == null ? null : new Place(s.name, name, lines.at(at));
    }

    /** A place in a source file. */
    public record Place(String function, String file, int line) {}

    // ---- relocations ----

    /** What the standard objdump puts behind the instruction at {@code at} (from the symbol's start): the bytes, counted from there, type and target. */
    static String shown(GoobjFile.Reloc r, int at) {
        StringBuilder b = new StringBuilder().append('[').append((long) r.offset - at).append(':').append((long) r.offset - at + r.size).append(']')
                .append(GoobjNames.relocation(r.type));
        if (!r.target.isEmpty()) {
            b.append(':').append(r.shown()).append(r.addend == 0 ? "" : "+" + r.addend);
        } else if (r.addend != 0) {
            b.append(':').append(r.addend);
        }
        return b.toString();
    }

    /** The bytes at a relocation's place, in hexadecimal; empty if it patches none. */
    private String bytes(GoobjFile.Sym s, GoobjFile.Reloc r) {
        boolean inside = r.offset >= 0 && (long) r.offset + r.size <= s.dataSize;
        return inside ? HexFormat.of().formatHex(file.bytes, s.offset + r.offset, s.offset + r.offset + r.size) : "";
    }

    /**
     * Appends a line for each relocation, below the symbol that has it: place, type, target and addend, bytes.
     *
     * @param symbols only symbols whose name matches; null = all
     */
    public void relocations(Pattern symbols, StringBuilder out) throws FormatException {
        for (GoobjFile.Sym s : file.symbols) {
            List<GoobjFile.Reloc> relocs = selected(s, symbols);
            if (!relocs.isEmpty()) {
                out.append(s.shown()).append('\n');
                for (GoobjFile.Reloc r : relocs) {
                    out.append(String.format("  0x%-8x %-18s %s%s\t%s%n", (long) s.offset + r.offset, GoobjNames.relocation(r.type), r.shown(),
                            r.addend == 0 && !r.target.isEmpty() ? "" : RelocationView.signed(r.addend), bytes(s, r)));
                }
                out.append('\n');
            }
        }
    }

    /** See docs/json.md, view {@code relocs}. */
    public void relocationsJson(Pattern symbols, StringBuilder out) throws FormatException {
        JsonWriter w = new JsonWriter(out);
        w.beginObject().field("version", 1).field("view", "relocs").field("file", file.path).line().name("relocs").beginArray();
        for (GoobjFile.Sym s : file.symbols) {
            for (GoobjFile.Reloc r : selected(s, symbols)) {
                w.line().beginObject().field("in", s.shown()).field("offset", r.offset).field("place", (long) s.offset + r.offset).field("size", r.size)
                        .field("type", GoobjNames.relocation(r.type)).field("symbol", r.shown()).field("addend", r.addend).field("bytes", bytes(s, r)).endObject();
            }
        }
        w.endArray().endObject().end();
    }

    private List<GoobjFile.Reloc> selected(GoobjFile.Sym s, Pattern symbols) throws FormatException {
        return symbols == null || symbols.matcher(s.shown()).find() ? file.relocs(s) : List.of();
    }

    /** A relocation within an instruction, as facts. */
    static void json(JsonWriter w, GoobjFile.Reloc r, int at) {
        w.beginObject().field("offset", (long) r.offset - at).field("size", r.size).field("type", GoobjNames.relocation(r.type)).field("symbol", r.shown())
                .field("addend", r.addend).endObject();
    }

    // ---- parts of mica inspect ----

    FactTable part(String part) throws FormatException {
        switch (part) {
            case "headers":
                return FactTable.of(part, "format", "Go object", "os", file.os, "arch", file.arch, "fingerprint", hex(file.fingerprint()), "flags",
                        hex(file.flags() & 0xffffffffL), "symbols", file.symbols.size(), "references", file.references().size(), "imports",
                        String.join(" ", file.imports()));
            case "symbols":
                FactTable t = new FactTable(part, "index", "offset", "size", "dataSize", "align", "kind", "abi", "dupok", "name");
                int n = 0;
                for (GoobjFile.Sym s : file.symbols) {
                    t.row(n++, hex(s.offset), s.size, s.dataSize, s.align, GoobjNames.kind(s.kind), abi(s), s.dupOk, s.name);
                }
                for (String name : file.references()) {
                    t.row(n++, hex(0), 0, 0, 0, "undefined", "", false, name);
                }
                return t;
            case "relocs":
                FactTable r = new FactTable("relocations", "in", "offset", "size", "type", "symbol", "addend");
                for (GoobjFile.Sym s : file.symbols) {
                    for (GoobjFile.Reloc x : file.relocs(s)) {
                        r.row(s.shown(), hex(x.offset), x.size, GoobjNames.relocation(x.type), x.shown(), x.addend);
                    }
                }
                return r;
            case "functab":
                return functab();
            case "buildinfo":
                FactTable b = new FactTable(part, "key", "value");
                for (String line : file.head.split("\n")) {
                    int blank = line.indexOf(' ');
                    if (line.startsWith("go object ")) {
                        b.row("version", file.version).row("settings", line.substring(line.indexOf(file.version) + file.version.length()).strip());
                    } else if (line.startsWith("build id ")) {
                        b.row("buildid", line.substring(9).replace("\"", ""));
                    } else if (blank > 0) {
                        b.row(line.substring(0, blank), line.substring(blank + 1));
                    }
                }
                return b;
            default:
                return new FactTable(part);
        }
    }

    private static String abi(GoobjFile.Sym s) {
        return s.abi < 0 ? "static" : s.abi == 1 ? "ABIInternal" : "ABI" + s.abi;
    }

    /** The functions with what their records say: arguments' bytes, frame, first line, number of the kind, flags. */
    private FactTable functab() throws FormatException {
        FactTable t = new FactTable("functab", "entry", "end", "args", "frame", "startLine", "funcID", "flags", "file", "name");
        for (GoobjFile.Sym s : functions()) {
            byte[] f = file.aux(s, GoobjFile.AUX_FUNCINFO);
            if (f == null || f.length < 16) {
                continue;
            }
            Place p = place(s, 0);
            t.row(hex(s.offset), hex(s.offset + s.size), Bytes.load32(f, 0), Bytes.load32(f, 4), Bytes.load32(f, 12), f[8] & 0xff, hex(f[9] & 0xff),
                    p == null ? "" : p.file(), s.name);
        }
        return t;
    }
}
