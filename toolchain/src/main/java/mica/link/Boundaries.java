// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.LinkedHashMap;
import java.util.Map;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Symbols that the linker itself defines: starts and ends of ranges, whose addresses are known only after layout. */
final class Boundaries {
    private static final String[] NAMES = {
        "runtime.text", "runtime.etext", "runtime.rodata", "runtime.erodata", "runtime.types", "runtime.etypes",
        "runtime.noptrdata", "runtime.enoptrdata", "runtime.data", "runtime.edata", "runtime.bss", "runtime.ebss",
        "runtime.noptrbss", "runtime.enoptrbss", "runtime.pclntab", "runtime.epclntab", "runtime.findfunctab",
        "runtime.covctrs", "runtime.ecovctrs", "runtime.end", "go:func.*"
    };

    private final Map<String, Symbol> byName = new LinkedHashMap<>();

    /** Takes the names that the program has not defined itself. */
    Boundaries(SymbolTable table) {
        for (String name : NAMES) {
            Symbol s = table.lookup(name);
            if (s.isDefined() || s.definer != null) {
                s = new Symbol(name, 0);
            }
            s.kind = SymKind.ABS;
            byName.put(name, s);
        }
    }

    Symbol get(String name) {
        return byName.get(name);
    }

    void set(String name, long address) {
        byName.get(name).address = address;
    }

    Iterable<Symbol> all() {
        return byName.values();
    }
}
