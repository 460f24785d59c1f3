// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads an ELF relocatable file of a C compiler or an assembler into symbols. Each allocated section becomes one local symbol (with
 * -ffunction-sections: one per function); the file's global symbols become places in these ({@link Symbol#aliasOf}).
 */
public final class ElfRelocatable {
    // Relocation types of the psABI for AMD64.
    private static final int R_X86_64_64 = 1;
    private static final int R_X86_64_PC32 = 2;
    private static final int R_X86_64_PLT32 = 4;
    private static final int R_X86_64_GOTPCREL = 9;
    private static final int R_X86_64_32 = 10;
    private static final int R_X86_64_32S = 11;
    private static final int R_X86_64_GOTPCRELX = 41;
    private static final int R_X86_64_REX_GOTPCRELX = 42;

    private static final int GRP_COMDAT = 1;
    private static final int SHF_GROUP = 0x200;

    private final ElfFile elf;
    private final SymbolTable table;
    private final Set<String> groups;
    private final List<ElfFile.Sym> syms;
    /** By section index; null = not loaded. */
    private final Symbol[] sections;
    /** What relocations against symbol i mean: a symbol and an offset in it. */
    private final Symbol[] targets;
    private final long[] targetOffsets;

    /** Local symbols of the sections that were loaded. */
    public final List<Symbol> loaded = new ArrayList<>();

    /**
     * Defines the file's symbols in {@code table}.
     *
     * @param groups COMDAT groups that were loaded from other files; this file's are added, and those already there are skipped
     */
    public ElfRelocatable(ElfFile elf, SymbolTable table, Set<String> groups) throws FormatException {
        this.elf = elf;
        this.table = table;
        this.groups = groups;
        if (elf.fileType != Elf.ET_REL) {
            throw elf.bad(16, "not a relocatable object");
        }
        if (elf.machine != Elf.EM_X86_64) {
            throw elf.bad(18, "object for machine " + elf.machine + ", not x86-64");
        }
        syms = elf.symbols();
        sections = new Symbol[elf.sections.size()];
        targets = new Symbol[syms.size()];
        targetOffsets = new long[syms.size()];
        sections();
        symbols();
        for (ElfFile.Section s : elf.sections) {
            if (s.type == Elf.SHT_RELA && s.info > 0 && s.info < sections.length && sections[s.info] != null) {
                relocations(s, sections[s.info]);
            }
        }
    }

    /** Names that the file defines for others, in the order of its symbol table. */
    public static List<String> definitions(ElfFile elf) throws FormatException {
        List<String> names = new ArrayList<>();
        for (ElfFile.Sym s : elf.symbols()) {
            if (s.section != Elf.SHN_UNDEF && s.binding != Elf.STB_LOCAL) {
                names.add(s.name);
            }
        }
        return names;
    }

    // ---- sections ----

    private void sections() throws FormatException {
        boolean[] dropped = droppedByGroups();
        for (ElfFile.Section s : elf.sections) {
            if (!s.has(Elf.SHF_ALLOC) || dropped[s.index] || s.type == Elf.SHT_NOTE || s.name.startsWith(".eh_frame")) {
                continue;
            }
            if (s.has(Elf.SHF_TLS)) {
                throw elf.bad(s.offset, "section " + s.name + ": thread-local storage is not supported");
            }
            sections[s.index] = section(s);
        }
    }

    private boolean[] droppedByGroups() throws FormatException {
        boolean[] dropped = new boolean[sections.length];
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_GROUP || s.size < 4 || (Bytes.load32(elf.bytes, (int) s.offset) & GRP_COMDAT) == 0) {
                continue;
            }
            if (s.info < 0 || s.info >= syms.size()) {
                throw elf.bad(s.offset, "group without a signature");
            }
            if (!groups.add(syms.get(s.info).name)) {
                for (long at = 4; at + 4 <= s.size; at += 4) {
                    int member = Bytes.load32(elf.bytes, (int) (s.offset + at));
                    if (member < 0 || member >= dropped.length) {
                        throw elf.bad(s.offset + at, "group member " + member);
                    }
                    dropped[member] = true;
                }
            }
        }
        return dropped;
    }

    private Symbol section(ElfFile.Section s) throws FormatException {
        if (s.align > 1 << 16 || (s.align & s.align - 1) != 0) {
            throw elf.bad(s.offset, "section " + s.name + ": alignment " + s.align);
        }
        if (s.size > Integer.MAX_VALUE / 2) {
            throw elf.bad(s.offset, "section " + s.name + ": size " + s.size);
        }
        Symbol y = new Symbol(elf.path + "(" + s.name + ")", 0);
        y.local = true;
        y.origin = elf.path;
        y.size = s.size;
        y.align = (int) Math.max(1, s.align);
        if (s.type != Elf.SHT_NOBITS) {
            y.data = java.util.Arrays.copyOfRange(elf.bytes, (int) s.offset, (int) (s.offset + s.size));
        }
        y.kind = s.has(Elf.SHF_EXECINSTR)
                ? SymKind.TEXT
                : !s.has(Elf.SHF_WRITE) ? SymKind.RODATA : s.type == Elf.SHT_NOBITS ? SymKind.NOPTRBSS : SymKind.NOPTRDATA;
        loaded.add(y);
        return y;
    }

    // ---- symbols ----

    private void symbols() throws FormatException {
        for (int i = 1; i < syms.size(); i++) {
            ElfFile.Sym s = syms.get(i);
            boolean local = s.binding == Elf.STB_LOCAL;
            if (s.section == Elf.SHN_UNDEF) {
                targets[i] = table.lookup(s.name);
                if (s.binding == Elf.STB_WEAK && !targets[i].isDefined()) {
                    targets[i].weak = true;
                }
            } else if (s.section == Elf.SHN_ABS) {
                targets[i] = local ? new Symbol(s.name, 0) : table.lookup(s.name);
                targets[i].kind = SymKind.ABS;
                targets[i].address = s.value;
            } else if (s.section == Elf.SHN_COMMON) {
                targets[i] = common(s);
            } else if (s.section < sections.length && sections[s.section] != null) {
                place(i, s, local);
            } else if (!local) {
                // Of a COMDAT group that another file has given.
                targets[i] = table.lookup(s.name);
            }
        }
    }

    /** An uninitialized C variable without -fno-common: the largest one counts. */
    private Symbol common(ElfFile.Sym s) {
        Symbol y = table.lookup(s.name);
        if (!y.isDefined()) {
            y.kind = SymKind.NOPTRBSS;
        }
        if (y.kind == SymKind.NOPTRBSS && y.aliasOf == null) {
            y.size = Math.max(y.size, s.size);
            y.align = (int) Math.max(y.align, Math.min(64, Long.highestOneBit(Math.max(1, s.value))));
        }
        return y;
    }

    private void place(int i, ElfFile.Sym s, boolean local) throws FormatException {
        Symbol section = sections[s.section];
        if (s.value < 0 || s.value > section.size) {
            throw elf.bad(-1, s.name + " lies outside of its section");
        }
        targets[i] = section;
        targetOffsets[i] = s.value;
        if (local) {
            return;
        }
        Symbol y = table.lookup(s.name);
        boolean weak = s.binding == Elf.STB_WEAK;
        if (y.isDefined() && !y.weak) {
            if (!weak) {
                throw elf.bad(-1, "duplicated definition of symbol " + s.name + ", also in " + y.origin);
            }
        } else if (!y.isDefined() || !weak) {
            y.aliasOf = section;
            y.aliasOffset = s.value;
            y.size = s.size;
            y.weak = weak;
            y.origin = elf.path;
            y.kind = section.kind;
        }
        // Another file may replace a weak definition, so that its users must go through the name.
        targets[i] = y;
        targetOffsets[i] = 0;
    }

    // ---- relocations ----

    private void relocations(ElfFile.Section s, Symbol in) throws FormatException {
        for (ElfFile.Rela r : elf.relocations(s)) {
            if (r.symbol < 0 || r.symbol >= targets.length || r.offset < 0) {
                throw elf.bad(s.offset, "relocation against symbol " + r.symbol);
            }
            Symbol t = targets[r.symbol];
            RelocType type = type(s, r);
            if (type == null) {
                continue;
            }
            if (t == null && r.symbol > 0) {
                throw elf.bad(s.offset, "relocation against a section that is not loaded");
            }
            if (in.data == null || r.offset > in.size - type.size) {
                throw elf.bad(s.offset, "relocation at " + r.offset + " of a section of " + in.size + " bytes");
            }
            long addend = r.addend + targetOffsets[r.symbol];
            if (r.type == R_X86_64_GOTPCREL || r.type == R_X86_64_GOTPCRELX || r.type == R_X86_64_REX_GOTPCRELX) {
                t = gotEntry(t, targetOffsets[r.symbol]);
                addend = r.addend;
            }
            in.addReloc((int) r.offset, type, t, addend);
        }
    }

    private RelocType type(ElfFile.Section s, ElfFile.Rela r) throws FormatException {
        switch (r.type) {
            case 0:
                return null;
            case R_X86_64_64:
                return RelocType.ABS64;
            case R_X86_64_PC32, R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX:
                return RelocType.PC32;
            case R_X86_64_PLT32:
                return RelocType.CALL32;
            case R_X86_64_32:
                return RelocType.ABS32;
            case R_X86_64_32S:
                return RelocType.ABS32S;
            default:
                throw elf.bad(s.offset, "relocation type " + r.type + " is not supported (position-independent or thread-local code?)");
        }
    }

    /** A word with the target's address, for code that was compiled to look addresses up. */
    static Symbol gotEntry(Symbol t, long offset) {
        Symbol g = new Symbol("got." + t.name, 0);
        g.local = true;
        g.mergeable = true;
        g.align = 8;
        g.putAddress(0, t, offset);
        g.kind = SymKind.RODATA;
        return g;
    }
}
