// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.obj.Elf;
import mica.obj.ElfFile;

/** Which symbol a place belongs to: in an executable by address, in an object by section and offset. */
final class SymbolPlaces {
    private final Map<Integer, TreeMap<Long, ElfFile.Sym>> bySection = new HashMap<>();

    SymbolPlaces(List<ElfFile.Sym> symbols) {
        for (ElfFile.Sym y : symbols) {
            if (y.size > 0 && !y.name.isEmpty() && y.section != Elf.SHN_UNDEF && y.type != Elf.STT_SECTION && y.type != Elf.STT_FILE) {
                TreeMap<Long, ElfFile.Sym> in = bySection.computeIfAbsent(y.section, k -> new TreeMap<>());
                ElfFile.Sym old = in.get(y.value);
                if (old == null || old.size < y.size) {
                    in.put(y.value, y);
                }
            }
        }
    }

    /** @param offset an address in an executable, else an offset in the section; null = in no symbol */
    ElfFile.Sym at(int section, long offset) {
        TreeMap<Long, ElfFile.Sym> in = bySection.get(section);
        Map.Entry<Long, ElfFile.Sym> e = in == null ? null : in.floorEntry(offset);
        return e == null || offset - e.getKey() >= e.getValue().size ? null : e.getValue();
    }
}
