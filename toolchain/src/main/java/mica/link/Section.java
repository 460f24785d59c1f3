// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.List;
import mica.base.Fault;
import mica.obj.Symbol;

/** A section of the executable: symbols in their order, then an address and a place in the file. */
public final class Section {
    public final String name;
    /** ELF section type (SHT_*). */
    public final int type;
    /** ELF section flags (SHF_*). */
    public final int flags;
    /** Symbols by ascending address. */
    public final List<Symbol> symbols = new ArrayList<>();
    public int align = 1;
    public long size;
    public long address;
    public long fileOffset;
    /** Index in the section header table. */
    public int index;
    /** Contents of a section without symbols (symbol table, strings); null otherwise. */
    byte[] contents;
    /** Section header fields of symbol tables. */
    int link;
    int info;
    int entrySize;

    Section(String name, int type, int flags) {
        this.name = name;
        this.type = type;
        this.flags = flags;
    }

    /** Places {@code s} behind what is there; {@link Symbol#address} is its offset until {@link #moveTo}. */
    void append(Symbol s, int symbolAlign) {
        if (Integer.bitCount(symbolAlign) != 1) {
            throw new Fault("link: " + s.name, "alignment " + symbolAlign);
        }
        align = Math.max(align, symbolAlign);
        size = (size + symbolAlign - 1) & -symbolAlign;
        s.address = size;
        size += s.size;
        symbols.add(s);
    }

    /** Places {@code s} on bytes that are there already. */
    void alias(Symbol s, long offset) {
        s.address = offset;
        symbols.add(s);
    }

    void moveTo(long newAddress) {
        address = newAddress;
        for (int i = 0; i < symbols.size(); i++) {
            symbols.get(i).address += newAddress;
        }
    }

    public long end() {
        return address + size;
    }

    @Override
    public String toString() {
        return name;
    }
}
