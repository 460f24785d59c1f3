// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import mica.obj.Bytes;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/**
 * Walks the type descriptors and interface tables of an executable, in the layouts of Go 1.27's internal/abi: descriptors lie one
 * after the other from 8 bytes behind the start of the types, each as long as its contents say. Those that reflection finds by their strings come
 * first, and the module record says how many bytes they are; the others end where something else begins (the standard linker puts
 * names there), and are found from the tables and from other descriptors.
 */
public final class TypeTable {
    private static final String[] KINDS = {
        "invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "float32", "float64",
        "complex64", "complex128", "array", "chan", "func", "interface", "map", "pointer", "slice", "string", "struct", "unsafe.Pointer"
    };
    private static final int ARRAY = 17;
    private static final int CHAN = 18;
    private static final int FUNC = 19;
    private static final int INTERFACE = 20;
    private static final int MAP = 21;
    private static final int POINTER = 22;
    private static final int SLICE = 23;
    private static final int STRUCT = 25;
    private static final int TFLAG = 20;
    private static final int ALIGN = 21;
    private static final int KIND = 23;
    private static final int STR = 40;
    private static final int POINTER_TO_THIS = 44;
    private static final int BASE_SIZE = 48;
    private static final int LIST_LENGTH = 64;
    private static final int UNCOMMON_SIZE = 16;
    private static final int TFLAG_UNCOMMON = 1;
    private static final int TFLAG_EXTRA_STAR = 2;
    private static final int TFLAG_NAMED = 4;

    /** One descriptor or table. */
    public static final class Item {
        public final long address;
        public final long size;
        /** Kind of type, or {@code itab}. */
        public final String kind;
        /** Type string as reflection shows it; of a table: {@code type,interface}. */
        public final String name;
        /** Import path of a named type, "" = none. */
        public final String pkg;
        /** Size of a value; of a table 0. */
        public final long valueSize;
        /** Records in the method table, methods of the interface type, functions of a table. */
        public final int methods;
        /** Fields of a struct, parameters and results of a function. */
        public final int parts;

        Item(long address, long size, String kind, String name, String pkg, long valueSize, int methods, int parts) {
            this.address = address;
            this.size = size;
            this.kind = kind;
            this.name = name;
            this.pkg = pkg;
            this.valueSize = valueSize;
            this.methods = methods;
            this.parts = parts;
        }

        /** As a symbol would be named. */
        public String label() {
            return (kind.equals("itab") ? "go:itab." : "type:") + name;
        }
    }

    private final ElfFile elf;
    private final long types;
    private final long end;
    private final long itabs;
    private final long itabsEnd;
    private final List<Item> items;
    private final ArrayDeque<Item> unread = new ArrayDeque<>();
    /** Parts of descriptors that have been read: as descriptors do not overlap, there cannot be more than bytes. */
    private long parts;
    private final TreeMap<Long, Item> byAddress = new TreeMap<>();

    TypeTable(ElfFile elf, ModuleTable module) throws FormatException {
        this.elf = elf;
        this.types = module.get("types");
        this.end = module.get("etypes");
        this.itabs = types + module.get("itaboffset");
        this.itabsEnd = itabs + module.get("itabsize");
        if (end < types || end - types > elf.bytes.length || itabs < types || itabs > end || itabsEnd < itabs || itabsEnd > end) {
            throw elf.bad(-1, "the module record's ranges of types are not in order");
        }
        descriptors(types + module.get("typedesclen"));
        tables();
        items = new ArrayList<>(byAddress.values());
    }

    /** Descriptors and tables by address. */
    public List<Item> items() {
        return items;
    }

    private long offset(long address, long n) throws FormatException {
        long at = address < types || address > end - n ? -1 : elf.fileOffset(address, n);
        if (at < 0) {
            throw elf.bad(-1, "type descriptor at 0x" + Long.toHexString(address) + " reaches out of the types");
        }
        return at;
    }

    private int u8(long at) {
        return elf.bytes[(int) at] & 0xff;
    }

    private void add(Item i) {
        byAddress.put(i.address, i);
        unread.add(i);
    }

    // ---- references ----

    /** The descriptor that a reference leads to; null if it leads to none. */
    private Item visit(long address) throws FormatException {
        Item known = byAddress.get(address);
        if (known != null || address <= types || address > itabs - 48 || (address & 7) != 0) {
            return known;
        }
        Item i;
        try {
            i = descriptor(address);
        } catch (FormatException e) {
            return null;
        }
        if (i != null) {
            add(i);
        }
        return i;
    }

    private void follow() throws FormatException {
        for (Item i = unread.poll(); i != null; i = unread.poll()) {
            parts += i.parts + i.methods + 1;
            if (parts > elf.bytes.length) {
                throw elf.bad(-1, "type descriptors that overlap");
            }
            if (!i.kind.equals("itab")) {
                references(i);
            }
        }
    }

    private void references(Item i) throws FormatException {
        int at = (int) offset(i.address, i.size);
        int kind = u8(at + KIND);
        visit(types + (Bytes.load32(elf.bytes, at + POINTER_TO_THIS) & 0xffffffffL));
        int words = kind == ARRAY || kind == MAP ? 3 : kind == CHAN || kind == POINTER || kind == SLICE ? 1 : 0;
        for (int k = 0; k < words; k++) {
            visit(Bytes.load64(elf.bytes, at + BASE_SIZE + 8 * k));
        }
        int list = at + (int) fixedSize(kind) + ((u8(at + TFLAG) & TFLAG_UNCOMMON) != 0 ? UNCOMMON_SIZE : 0);
        for (int k = 0; k < i.parts; k++) {
            visit(Bytes.load64(elf.bytes, list + (kind == STRUCT ? 24 * k + 8 : 8 * k)));
        }
        for (int k = 0; k < i.methods; k++) {
            int type = kind == INTERFACE ? list + 8 * k + 4 : list + (int) partSize(kind) * i.parts + 16 * k + 4;
            visit(types + (Bytes.load32(elf.bytes, type) & 0xffffffffL));
        }
    }

    // ---- descriptors ----

    private void descriptors(long found) throws FormatException {
        for (long p = types + 8; p + 48 <= itabs; ) {
            Item i;
            try {
                i = descriptor(p);
            } catch (FormatException e) {
                if (p < found) {
                    throw e;
                }
                break;
            }
            if (i == null) {
                break;
            }
            add(i);
            p = i.address + i.size + 7 & -8;
        }
    }

    /** Null = these bytes are something else. */
    private Item descriptor(long p) throws FormatException {
        long at = offset(p, 48);
        int kind = u8(at + KIND);
        int flags = u8(at + TFLAG);
        int align = u8(at + ALIGN);
        long valueSize = Bytes.load64(elf.bytes, (int) at);
        long pointers = Bytes.load64(elf.bytes, (int) at + 8);
        if (kind == 0 || kind >= KINDS.length || flags >= 64 || Integer.bitCount(align) != 1 || align > 16 || valueSize < 0 || pointers < 0 || pointers > valueSize) {
            return null;
        }
        long fixed = fixedSize(kind);
        offset(p, fixed + UNCOMMON_SIZE);
        boolean uncommon = (flags & TFLAG_UNCOMMON) != 0;
        int methods = uncommon ? Bytes.load16(elf.bytes, (int) (at + fixed) + 4) : 0;
        long parts = parts(kind, at);
        if (parts < 0 || parts > end - types) {
            throw elf.bad(at, "type descriptor with " + parts + " parts");
        }
        long size = fixed + (uncommon ? UNCOMMON_SIZE : 0) + parts * partSize(kind) + 16L * methods;
        offset(p, size);
        String name = name(Bytes.load32(elf.bytes, (int) at + STR));
        if ((flags & TFLAG_EXTRA_STAR) != 0 && name.startsWith("*")) {
            name = name.substring(1);
        }
        boolean named = (flags & TFLAG_NAMED) != 0 || kind == POINTER;
        String pkg = uncommon && named ? name(Bytes.load32(elf.bytes, (int) (at + fixed))) : "";
        int count = (int) parts;
        return new Item(p, size, KINDS[kind], name, pkg, valueSize, kind == INTERFACE ? count : methods, kind == INTERFACE ? 0 : count);
    }

    private static long fixedSize(int kind) {
        switch (kind) {
            case 17:
                return 72;
            case 18:
                return 64;
            case FUNC, POINTER, 23:
                return 56;
            case INTERFACE, STRUCT:
                return 80;
            case 21:
                return 136;
            default:
                return 48;
        }
    }

    private long parts(int kind, long at) {
        switch (kind) {
            case FUNC:
                return Bytes.load16(elf.bytes, (int) at + 48) + (Bytes.load16(elf.bytes, (int) at + 50) & 0x7fff);
            case INTERFACE, STRUCT:
                return Bytes.load64(elf.bytes, (int) at + LIST_LENGTH);
            default:
                return 0;
        }
    }

    private static long partSize(int kind) {
        return kind == STRUCT ? 24 : 8;
    }

    /** The name at an offset from the types: flags, length, bytes. */
    private String name(int offset) throws FormatException {
        if (offset == 0) {
            return "";
        }
        long p = types + (offset & 0xffffffffL) + 1;
        int n = 0;
        for (int shift = 0; ; shift += 7, p++) {
            if (shift > 21) {
                throw elf.bad(offset(p, 1), "name of more than two million bytes");
            }
            int b = u8(offset(p, 1));
            n |= (b & 0x7f) << shift;
            if (b < 0x80) {
                break;
            }
        }
        return new String(elf.bytes, (int) offset(p + 1, n), n, StandardCharsets.UTF_8);
    }

    // ---- tables ----

    private void tables() throws FormatException {
        for (long p = itabs; p + 32 <= itabsEnd; ) {
            long at = offset(p, 32);
            Item inter = visit(Bytes.load64(elf.bytes, (int) at));
            Item type = visit(Bytes.load64(elf.bytes, (int) at + 8));
            if (inter == null || type == null || !inter.kind.equals("interface")) {
                break;
            }
            long size = 24 + 8L * Math.max(1, inter.methods);
            offset(p, Math.min(size, itabsEnd - p));
            add(new Item(p, size, "itab", type.name + "," + inter.name, type.pkg, 0, inter.methods, 0));
            p += size;
        }
        follow();
    }

    /** The descriptor at an address, or null. */
    public Item at(long address) {
        return byAddress.get(address);
    }
}
