// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Builds .symtab and .strtab. Types, strings and function tables appear only as their boundaries, as Go's linker does it. */
final class SymbolTableWriter {
    private final SymbolTable table;
    private final boolean everything;
    private final Map<Symbol, Integer> numbers = new HashMap<>();
    private final Bytes symtab = new Bytes(1 << 16);
    private final Bytes strtab = new Bytes(1 << 16);

    /** @param everything symbols of types, strings and tables, too */
    SymbolTableWriter(SymbolTable table, boolean everything) {
        this.table = table;
        this.everything = everything;
    }

    /** Fills both sections; section indexes and addresses must be final. */
    void build(List<Section> sections, List<Symbol> reached, Boundaries boundaries, Section symtabSection, Section strtabSection) {
        strtab.put8(0);
        symtab.zeros(Elf.SYM_SIZE);
        List<Symbol> locals = new ArrayList<>();
        List<Symbol> globals = new ArrayList<>();
        List<Section> localSections = new ArrayList<>();
        List<Section> globalSections = new ArrayList<>();
        for (Section section : sections) {
            for (Symbol s : section.symbols) {
                if (shown(s)) {
                    (s.local ? locals : globals).add(s);
                    (s.local ? localSections : globalSections).add(section);
                }
            }
        }
        for (int i = 0; i < locals.size(); i++) {
            put(locals.get(i), localSections.get(i), Elf.STB_LOCAL);
        }
        int firstGlobal = symtab.size() / Elf.SYM_SIZE;
        for (int i = 0; i < globals.size(); i++) {
            put(globals.get(i), globalSections.get(i), Elf.STB_GLOBAL);
        }
        for (Symbol s : reached) {
            if (s.aliasOf != null) {
                put(s, sectionAt(sections, s.address), Elf.STB_GLOBAL);
            }
        }
        for (Symbol s : boundaries.all()) {
            Section in = sectionAt(sections, s.address);
            numbers.put(s, symtab.size() / Elf.SYM_SIZE);
            entry(s.name, s.address, 0, in == null ? Elf.SHN_ABS : in.index, Elf.STB_GLOBAL << 4 | Elf.STT_OBJECT);
        }
        symtabSection.contents = symtab.toArray();
        symtabSection.size = symtab.size();
        symtabSection.info = firstGlobal;
        strtabSection.contents = strtab.toArray();
        strtabSection.size = strtab.size();
    }

    private boolean shown(Symbol s) {
        if (everything) {
            return true;
        }
        switch (s.kind) {
            case TEXT, DATA, NOPTRDATA, BSS, NOPTRBSS:
                return true;
            case RODATA:
                return !s.name.isEmpty()
                        && !s.name.startsWith("runtime.gcbits.")
                        && !s.name.startsWith("gclocals")
                        && !s.name.startsWith("go:box.")
                        && !s.name.startsWith("go:const.");
            default:
                return false;
        }
    }

    /** Whether the entry has the symbol's own name. */
    boolean isNamed(Symbol s) {
        return shownName(s).equals(s.name) && s.name.indexOf(0) < 0;
    }

    /** Which entry a symbol has; 0 = none. */
    int numberOf(Symbol s) {
        return numbers.getOrDefault(s, 0);
    }

    private void put(Symbol s, Section section, int binding) {
        if (s.aliasOf == null) {
            numbers.put(s, symtab.size() / Elf.SYM_SIZE);
        }
        int type = s.kind == SymKind.TEXT ? Elf.STT_FUNC : Elf.STT_OBJECT;
        entry(shownName(s), s.address, s.size, section == null ? Elf.SHN_ABS : section.index, binding << 4 | type);
    }

    /** An ABI0 function beside an ABIInternal one of the same name is told apart by a suffix. */
    private String shownName(Symbol s) {
        if (s.kind == SymKind.TEXT && s.abi == 0 && !s.local) {
            Symbol other = table.find(s.name, 1);
            if (other != null && other.kind == SymKind.TEXT) {
                return s.name + ".abi0";
            }
        }
        return s.name;
    }

    private void entry(String name, long value, long size, int section, int info) {
        symtab.put32(strtab.putCString(name));
        symtab.put8(info);
        symtab.put8(0);
        symtab.put16(section);
        symtab.put64(value);
        symtab.put64(size);
    }

    private static Section sectionAt(List<Section> sections, long address) {
        Section last = null;
        for (Section s : sections) {
            if (s.address != 0 && address >= s.address && address <= s.end()) {
                last = s;
                if (address < s.end()) {
                    break;
                }
            }
        }
        return last;
    }
}
