// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import mica.base.JsonWriter;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/**
 * Relocations with what they make of their place: type, symbol, addend, the psABI's formula, in an executable also with numbers for its letters, and
 * the bytes that stand in the file. S is the symbol's address, A the addend, P the address of the place.
 */
public final class RelocationView {
    private final ElfFile elf;
    private final boolean linked;
    private final JsonWriter json;
    private final StringBuilder out;
    private final Pattern symbols;
    private int wrong;
    private int count;

    private RelocationView(ElfFile elf, Pattern symbols, StringBuilder out, JsonWriter json) {
        this.elf = elf;
        this.linked = elf.fileType != Elf.ET_REL;
        this.symbols = symbols;
        this.out = out;
        this.json = json;
    }

    /**
     * Appends a line for each relocation, below the symbol in which its place lies.
     *
     * @param symbols only places in symbols whose name matches; null = all
     * @return how many there are
     */
    public static int text(ElfFile elf, Pattern symbols, StringBuilder out) throws FormatException {
        RelocationView v = new RelocationView(elf, symbols, out, null);
        v.run();
        return v.count;
    }

    /** See docs/json.md, view {@code relocs}. */
    public static int json(ElfFile elf, Pattern symbols, StringBuilder out) throws FormatException {
        JsonWriter w = new JsonWriter(out);
        w.beginObject().field("version", 1).field("view", "relocs").field("file", elf.path).line().name("relocs").beginArray();
        RelocationView v = new RelocationView(elf, symbols, out, w);
        v.run();
        w.endArray().endObject().end();
        return v.count;
    }

    /** Whether the bytes of all relocations of an executable are what their formulas say; the number of those that are not. */
    public static int wrong(ElfFile elf) throws FormatException {
        RelocationView v = new RelocationView(elf, null, new StringBuilder(), null);
        v.run();
        return v.wrong;
    }

    private void run() throws FormatException {
        List<ElfFile.Sym> table = elf.symbols();
        SymbolPlaces places = new SymbolPlaces(table);
        for (ElfFile.Section r : elf.sections) {
            if (r.type != Elf.SHT_RELA || r.info <= 0 || r.info >= elf.sections.size()) {
                continue;
            }
            ElfFile.Section in = elf.sections.get(r.info);
            String last = null;
            for (ElfFile.Rela x : elf.relocations(r)) {
                ElfFile.Sym at = places.at(in.index, x.offset);
                String name = at == null ? in.name : at.name;
                if (symbols != null && !symbols.matcher(name).find()) {
                    continue;
                }
                if (json == null && !name.equals(last)) {
                    out.append(last == null ? "" : "\n").append(name).append('\n');
                    last = name;
                }
                one(in, name, at == null ? 0 : at.value, x, table);
            }
            if (json == null && last != null) {
                out.append('\n');
            }
        }
    }

    private void one(ElfFile.Section in, String name, long start, ElfFile.Rela x, List<ElfFile.Sym> table) throws FormatException {
        if (x.symbol < 0 || x.symbol >= Math.max(1, table.size())) {
            throw elf.bad(in.offset, "relocation of symbol " + x.symbol + " of " + table.size());
        }
        ElfFile.Sym y = x.symbol == 0 ? null : table.get(x.symbol);
        String target = y == null ? "" : y.name.isEmpty() && y.type == Elf.STT_SECTION && y.section < elf.sections.size() ? elf.sections.get(y.section).name : y.name;
        String type = ElfNames.relocation(elf.machine, x.type);
        String formula = ElfNames.formula(elf.machine, x.type);
        int width = type.equals("R_X86_64_64") || type.equals("R_AARCH64_ABS64") || type.equals("R_X86_64_PC64") ? 8 : 4;
        long at = in.offset + (linked ? x.offset - in.address : x.offset);
        boolean inFile = in.type != Elf.SHT_NOBITS && at >= in.offset && at <= in.offset + in.size - width;
        String bytes = inFile ? HexFormat.of().formatHex(elf.bytes, (int) at, (int) at + width) : "";
        Long value = linked && inFile && elf.machine == Elf.EM_X86_64 ? value(x, y) : null;
        if (value != null) {
            long found = width == 8 ? Bytes.load64(elf.bytes, (int) at) : Bytes.load32(elf.bytes, (int) at);
            wrong += found == (width == 8 ? value : (long) value.intValue()) ? 0 : 1;
        }
        count++;
        if (json != null) {
            json.line().beginObject().field("section", in.name).field("in", name).field("offset", x.offset - start).field("place", x.offset).field("type", type)
                    .field("symbol", target).field("addend", x.addend).field("formula", formula).field("bytes", bytes);
            if (value != null) {
                json.field("S", y == null ? 0 : y.value).field("value", value);
            }
            json.endObject();
            return;
        }
        out.append(String.format("  0x%-8x %-18s %s%s\t%s", x.offset, type, target, x.addend == 0 && y != null ? "" : signed(x.addend), formula));
        if (value != null) {
            out.append(" = ").append(formula.replace("S", "0x" + Long.toHexString(y == null ? 0 : y.value)).replace("L", "0x" + Long.toHexString(y == null ? 0 : y.value))
                    .replace(" + A", " " + spaced(x.addend)).replace("P", "0x" + Long.toHexString(x.offset))).append(" = 0x").append(Long.toHexString(value));
        }
        out.append('\t').append(bytes).append('\n');
    }

    static String signed(long a) {
        return (a < 0 ? "-0x" : "+0x") + Long.toHexString(Math.abs(a));
    }

    private static String spaced(long a) {
        return (a < 0 ? "- 0x" : "+ 0x") + Long.toHexString(Math.abs(a));
    }

    /** The formula's value; null for types that need more than S, A and P. */
    private static Long value(ElfFile.Rela x, ElfFile.Sym y) {
        long s = y == null ? 0 : y.value;
        switch (x.type) {
            case 1, 10, 11:
                return s + x.addend;
            case 2, 4:
                return s + x.addend - x.offset;
            default:
                return null;
        }
    }
}
