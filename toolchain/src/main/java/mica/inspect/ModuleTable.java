// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/**
 * Reads {@code runtime.firstmoduledata}: Mica's record (runtime/symtab.go, all fields one word) or that of the standard runtime of Go 1.27
 * ({@code src/runtime/symtab.go}, where some fields are slices of three words). In a stripped file it is found by its contents: it begins with
 * the address of the function table, and names the start of .text.
 */
public final class ModuleTable {
    private static final String[] MICA = {
        "pcHeader", "findfunctab", "text", "etext", "rodata", "erodata", "noptrdata", "enoptrdata", "data", "edata", "bss", "ebss", "noptrbss",
        "enoptrbss", "gcdatamask", "gcbssmask", "types", "etypes", "typedesclen", "itaboffset", "itabsize", "gofunc", "covctrs", "ecovctrs", "end",
        "inittasks", "ninittasks", "modinfo", "modinfolen", "next"
    };
    /** Name and number of words of each field. */
    private static final String[] GO_1_27 = {
        "pcHeader", "funcnametab 3", "cutab 3", "filetab 3", "pctab 3", "pclntable 3", "ftab 3", "findfunctab", "minpc", "maxpc", "text", "etext",
        "noptrdata", "enoptrdata", "data", "edata", "bss", "ebss", "noptrbss", "enoptrbss", "covctrs", "ecovctrs", "end", "gcdata", "gcbss", "types",
        "typedesclen", "etypes", "itaboffset", "itabsize", "rodata", "gofunc", "epclntab", "textsectmap 3", "ptab 3", "pluginpath 2", "pkghashes 3",
        "inittasks 3", "modulename 2", "modulehashes 3", "hasmain", "gcdatamask 2", "gcbssmask 2", "typemap", "next"
    };
    private static final int MICA_TEXT = 2;
    private static final int GO_TEXT = 22;
    private static final int MAX_WORDS = 71;

    /** Address of the record. */
    public final long address;
    /** {@code mica} or {@code go1.27}. */
    public final String layout;
    /** First word of each field, in the record's order. */
    public final Map<String, Long> fields = new LinkedHashMap<>();

    private ModuleTable(ElfFile elf, long address, long offset, boolean mica) {
        this.address = address;
        this.layout = mica ? "mica" : "go1.27";
        int word = 0;
        for (String f : mica ? MICA : GO_1_27) {
            int blank = f.indexOf(' ');
            int words = blank < 0 ? 1 : f.charAt(blank + 1) - '0';
            String name = blank < 0 ? f : f.substring(0, blank);
            fields.put(name, Bytes.load64(elf.bytes, (int) offset + 8 * word));
            if (words > 1) {
                fields.put(name + ".len", Bytes.load64(elf.bytes, (int) offset + 8 * word + 8));
            }
            word += words;
        }
    }

    /** Null if the file has no record of a layout that is known. */
    static ModuleTable read(ElfFile elf, ElfFile.Section pclntab, long text) throws FormatException {
        long table = pclntab.address;
        if (table == 0) {
            return null;
        }
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_PROGBITS || !s.has(Elf.SHF_WRITE) || !s.has(Elf.SHF_ALLOC)) {
                continue;
            }
            for (long at = s.offset + (-s.address & 7); at + MICA.length * 8L <= s.offset + s.size; at += 8) {
                if (Bytes.load64(elf.bytes, (int) at) != table) {
                    continue;
                }
                long address = s.address + (at - s.offset);
                if (Bytes.load64(elf.bytes, (int) at + 8 * MICA_TEXT) == text) {
                    return new ModuleTable(elf, address, at, true);
                }
                if (at + MAX_WORDS * 8L <= s.offset + s.size && Bytes.load64(elf.bytes, (int) at + 8 * GO_TEXT) == text) {
                    return new ModuleTable(elf, address, at, false);
                }
            }
        }
        return null;
    }

    /** The first word of a field; 0 = there is no such field. */
    public long get(String field) {
        return fields.getOrDefault(field, 0L);
    }
}
