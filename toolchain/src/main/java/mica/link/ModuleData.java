// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.List;
import mica.base.Fault;
import mica.obj.Bytes;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/** What the linker tells the runtime: the record runtime.firstmoduledata, pointer masks of the data, the list of init tasks. */
final class ModuleData {
    /** Fields of runtime.moduledata (runtime/symtab.go), each one word. */
    static final String[] FIELDS = {
        "pcHeader", "findfunctab", "text", "etext", "rodata", "erodata", "noptrdata", "enoptrdata", "data", "edata", "bss",
        "ebss", "noptrbss", "enoptrbss", "gcdatamask", "gcbssmask", "types", "etypes", "typedesclen", "itaboffset", "itabsize",
        "gofunc", "covctrs", "ecovctrs", "end", "inittasks", "ninittasks", "modinfo", "modinfolen", "next"
    };

    private final LinkOptions options;

    ModuleData(LinkOptions options) {
        this.options = options;
    }

    // ---- init tasks ----

    /** Defines {@code PKG..inittask} of each package with work and returns them in their order, as one array {@code go:main.inittasks}. */
    Symbol initTasks(List<Symbol> reached) {
        Symbol list = new Symbol("go:main.inittasks", 0);
        list.kind = SymKind.RODATA;
        list.align = 8;
        list.data = new byte[0];
        int n = 0;
        for (InitTask t : InitOrder.sort(options.initTasks)) {
            Symbol record = record(t);
            t.record = record;
            if (record != null) {
                list.putAddress(8 * n++, record, 0);
                reached.add(record);
            }
        }
        list.size = 8L * n;
        return list;
    }

    /** {state uint32, nfns uint32} and the addresses of the functions; null if there is nothing to run. */
    private static Symbol record(InitTask t) {
        Symbol s = new Symbol(t.pkg + "..inittask", 0);
        s.kind = SymKind.NOPTRDATA;
        s.pkg = t.pkg;
        s.align = 8;
        int n = 0;
        s.put(0, 0, 8);
        for (InitTask.Step step : t.steps) {
            if (step.kept) {
                s.putAddress(8 + 8 * n++, step.function, 0);
            }
        }
        s.put(4, n, 4);
        return n == 0 ? null : s;
    }

    // ---- pointer masks ----

    /** One bit per word of the section, LSB first: set where a symbol's own mask is. */
    static Symbol mask(String name, Section section) {
        Symbol m = new Symbol(name, 0);
        m.kind = SymKind.RODATA;
        m.align = 8;
        byte[] bits = new byte[(int) ((section.size + 511) / 512 * 8)];
        for (Symbol s : section.symbols) {
            int word = (int) (s.address / 8);
            int words = (int) ((s.size + 7) / 8);
            for (int i = 0; i < words && i / 8 < s.ptrMask.length; i++) {
                if ((s.ptrMask[i / 8] >> i % 8 & 1) != 0) {
                    bits[word + i >> 3] |= (byte) (1 << (word + i & 7));
                }
            }
        }
        m.data = bits;
        m.size = bits.length;
        return m;
    }

    // ---- the record ----

    /** Everything the fields name that has no symbol of its own yet. */
    static final class Parts {
        Boundaries boundaries;
        Layout layout;
        Symbol pclntab;
        Symbol findfunctab;
        Symbol dataMask;
        Symbol bssMask;
        Symbol initTasks;
        Symbol modInfo;
        long modInfoOffset;
        long modInfoSize;
    }

    /** Reserves the record before layout; its contents follow from layout. */
    void reserve(Symbol record) {
        long size = record.size;
        for (int i = 0; i < FIELDS.length; i++) {
            size = Math.max(size, offset(i) + 8);
        }
        record.kind = SymKind.NOPTRDATA;
        record.align = 8;
        record.size = size;
        record.ptrMask = null;
        record.relocCount = 0;
        record.data = new byte[(int) size];
        // Layout must not take it for zeroed data.
        record.data[0] = 1;
    }

    private long offset(int field) {
        return options.moduledata == null ? field * 8L : options.moduledata.offset(FIELDS[field]);
    }

    void fill(Symbol record, Parts p) {
        record.data[0] = 0;
        Boundaries b = p.boundaries;
        address(record, "pcHeader", p.pclntab, 0);
        address(record, "findfunctab", p.findfunctab, 0);
        for (String name : new String[] {
            "text", "etext", "rodata", "erodata", "noptrdata", "enoptrdata", "data", "edata", "bss", "ebss", "noptrbss",
            "enoptrbss", "types", "etypes", "covctrs", "ecovctrs", "end"
        }) {
            address(record, name, b.get("runtime." + name), 0);
        }
        address(record, "gcdatamask", p.dataMask, 0);
        address(record, "gcbssmask", p.bssMask, 0);
        address(record, "gofunc", b.get("go:func.*"), 0);
        value(record, "typedesclen", p.layout.typelinkSize);
        value(record, "itaboffset", p.layout.itabOffset);
        value(record, "itabsize", p.layout.itabSize);
        address(record, "inittasks", p.initTasks, 0);
        value(record, "ninittasks", p.initTasks.size / 8);
        if (p.modInfoSize > 0) {
            address(record, "modinfo", p.modInfo, p.modInfoOffset);
            value(record, "modinfolen", p.modInfoSize);
        }
    }

    private int fieldOffset(String field) {
        for (int i = 0; i < FIELDS.length; i++) {
            if (FIELDS[i].equals(field)) {
                return (int) offset(i);
            }
        }
        throw new Fault("link", "no field runtime.moduledata." + field);
    }

    private void address(Symbol record, String field, Symbol target, long addend) {
        int at = fieldOffset(field);
        if (at >= 0) {
            record.addReloc(at, RelocType.ABS64, target, addend);
        }
    }

    private void value(Symbol record, String field, long v) {
        int at = fieldOffset(field);
        if (at >= 0) {
            Bytes.store64(record.data, at, v);
        }
    }

    static List<Symbol> listOf(Symbol... symbols) {
        List<Symbol> l = new ArrayList<>();
        for (Symbol s : symbols) {
            l.add(s);
        }
        return l;
    }
}
