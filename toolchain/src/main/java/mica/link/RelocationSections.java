// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.List;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Keeps the relocations that were applied, as sections {@code .rela.text} and so on that are not loaded (--emit-relocs of other linkers). Offsets
 * are addresses. Types are the psABI's: what counts from the start of types, text or function data becomes an absolute one with
 * that start taken off the addend.
 */
final class RelocationSections {
    private static final int R_X86_64_64 = 1;
    private static final int R_X86_64_PC32 = 2;
    private static final int R_X86_64_PLT32 = 4;
    private static final int R_X86_64_32 = 10;
    private static final int R_X86_64_32S = 11;

    private final Layout layout;
    private final SymbolTableWriter symtab;
    private final Symbol unreachableMethod;
    private Bytes out;

    RelocationSections(Layout layout, SymbolTableWriter symtab, Symbol unreachableMethod) {
        this.layout = layout;
        this.symtab = symtab;
        this.unreachableMethod = unreachableMethod;
    }

    /** One section for each of {@code sections} with relocations; {@code table} is the number of .symtab. */
    List<Section> build(List<Section> sections, int table) {
        List<Section> made = new ArrayList<>();
        for (Section in : sections) {
            out = new Bytes(1024);
            for (Symbol s : in.symbols) {
                symbol(s);
            }
            if (out.size() > 0) {
                Section r = new Section(".rela" + in.name, Elf.SHT_RELA, Elf.SHF_INFO_LINK);
                r.contents = out.toArray();
                r.size = r.contents.length;
                r.align = 8;
                r.entrySize = Elf.RELA_SIZE;
                r.link = table;
                r.info = in.index;
                made.add(r);
            }
        }
        return made;
    }

    private void symbol(Symbol s) {
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            RelocType type = s.relocType[i];
            if (type.size == 0 || s.relocOffset[i] >= s.size || t == null || s.kind == SymKind.TYPE && !Reach.isReached(t)) {
                continue;
            }
            if (s.kind == SymKind.TYPE && t == s && layout.edges.dropsList(s)) {
                // The list that the descriptor would point to was left out.
                continue;
            }
            boolean gone = type == RelocType.WEAK_ABS64 && !Reach.isReached(t);
            if (!gone || unreachableMethod != null) {
                add(s.address + s.relocOffset[i], type, gone ? unreachableMethod : t, s.relocAddend[i]);
            }
        }
        if (s.kind == SymKind.TYPE && s.methods != null && !layout.edges.dropsList(s)) {
            int at = 0;
            for (MethodEntry m : s.methods) {
                if (m.listed) {
                    method(m, s.address + s.methods[0].offset + 16L * at++);
                }
            }
        }
    }

    private void method(MethodEntry m, long record) {
        add(record, RelocType.NAMEOFF, m.nameRef, 0);
        if (Reach.isReached(m.mtyp)) {
            add(record + 4, RelocType.TYPEOFF, m.mtyp, 0);
        }
        if (m.kept) {
            add(record + 8, RelocType.TEXTOFF, m.ifn, 0);
            if (Reach.isReached(m.tfn)) {
                add(record + 12, RelocType.TEXTOFF, m.tfn, 0);
            }
        }
    }

    private void add(long place, RelocType type, Symbol target, long addend) {
        Symbol t = Fold.canonical(target);
        int number = symtab.numberOf(t);
        if (number == 0 && t.aliasOf != null) {
            number = symtab.numberOf(Fold.canonical(t.aliasOf));
            addend += t.aliasOffset;
        }
        if (number == 0) {
            // A place of the linker's: its address is all there is to say.
            addend += t.address;
        }
        out.put64(place);
        out.put32(elfType(type));
        out.put32(number);
        out.put64(addend - base(type));
    }

    private long base(RelocType type) {
        switch (type) {
            case TYPEOFF, NAMEOFF, WEAK_TYPEOFF, IFACE_TYPEOFF:
                return layout.types.address;
            case TEXTOFF:
                return layout.text.address;
            case FUNCOFF:
                return layout.funcs.address;
            default:
                return 0;
        }
    }

    private static int elfType(RelocType type) {
        switch (type) {
            case ABS64, WEAK_ABS64:
                return R_X86_64_64;
            case PC32:
                return R_X86_64_PC32;
            case CALL32:
                return R_X86_64_PLT32;
            case ABS32S:
                return R_X86_64_32S;
            default:
                return R_X86_64_32;
        }
    }
}
