// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.ElfObject;
import mica.obj.FormatException;

/** What the linker will patch in one section of a relocatable file, by offset. */
final class Relocations {
    static final Relocations NONE = new Relocations();

    private final Map<Long, ElfFile.Rela> byOffset = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();

    private Relocations() {}

    /** The relocations of each section that has some, by its number. */
    static Map<Integer, Relocations> bySection(ElfFile elf, List<ElfFile.Sym> symbols) throws FormatException {
        Map<Integer, Relocations> all = new HashMap<>();
        for (ElfFile.Section r : elf.sections) {
            if (r.type != Elf.SHT_RELA) {
                continue;
            }
            Relocations to = all.computeIfAbsent(r.info, k -> new Relocations());
            for (ElfFile.Rela rela : elf.relocations(r)) {
                to.byOffset.put(rela.offset, rela);
                to.names.put(rela.offset, name(elf, symbols, rela.symbol));
            }
        }
        return all;
    }

    private static String name(ElfFile elf, List<ElfFile.Sym> symbols, int symbol) {
        if (symbol < 0 || symbol >= symbols.size()) {
            return "?";
        }
        ElfFile.Sym s = symbols.get(symbol);
        if (s.name.isEmpty() && s.type == Elf.STT_SECTION && s.section < elf.sections.size()) {
            return elf.sections.get(s.section).name;
        }
        return ElfObject.plainName(s.name);
    }

    boolean has(long offset) {
        return byOffset.containsKey(offset);
    }

    /**
     * The target of the relocation at an offset, with {@code more} added to its addend (for fields that count from the
     * instruction's end); null if there is none.
     */
    String target(long offset, int more) {
        ElfFile.Rela r = byOffset.get(offset);
        if (r == null) {
            return null;
        }
        long addend = r.addend + more;
        return names.get(offset) + (addend == 0 ? "" : addend > 0 ? "+" + addend : Long.toString(addend));
    }
}
