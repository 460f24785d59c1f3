// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes symbols as an ELF relocatable file that readelf, objdump and ld read. Functions share {@code .text}, data
 * goes by kind;
 * extra sections (debug information) are given with their own relocations. An ABIInternal symbol's name ends in
 * {@code .abiinternal}. The order of everything is that of the given symbols.
 */
public final class ElfObject {
    private static final String ABI_INTERNAL = ".abiinternal";
    private static final String[] NAMES = {".text", ".rodata", ".data", ".noptrdata", ".bss", ".noptrbss"};

    /** One section being written. */
    private static final class Part {
        final String name;
        final int flags;
        final boolean zeroed;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final ByteArrayOutputStream relocations = new ByteArrayOutputStream();
        long size;
        int align = 1;
        int index;

        Part(String name, int flags, boolean zeroed) {
            this.name = name;
            this.flags = flags;
            this.zeroed = zeroed;
        }
    }

    private final int machine;
    private final List<Part> parts = new ArrayList<>();
    private final Map<Symbol, Long> offsets = new IdentityHashMap<>();
    private final Map<Symbol, Integer> numbers = new IdentityHashMap<>();
    private final ByteArrayOutputStream symtab = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strtab = new ByteArrayOutputStream();
    private int symbolCount = 1;
    private int localCount;

    private ElfObject(int machine) {
        this.machine = machine;
    }

    /** A section beside those of the symbols, such as {@code .debug_line}. */
    public static final class Extra {
        public final String name;
        public final Symbol content;
        /** Whether other sections' relocations have {@link #content} as their target. */
        public boolean referred;

        /** @param content its bytes and relocations become the section's */
        public Extra(String name, Symbol content) {
            this.name = name;
            this.content = content;
        }
    }

    /**
     * @param machine {@link Elf#EM_X86_64} or {@link Elf#EM_AARCH64} @param file the source's name, for the symbol
     * table
     */
    public static byte[] write(int machine, String file, List<Symbol> symbols, List<Extra> extras) {
        ElfObject o = new ElfObject(machine);
        return o.build(file, symbols, extras);
    }

    private byte[] build(String file, List<Symbol> symbols, List<Extra> extras) {
        for (int i = 0; i < NAMES.length; i++) {
            int flags = Elf.SHF_ALLOC | (i == 0 ? Elf.SHF_EXECINSTR : i == 1 ? 0 : Elf.SHF_WRITE);
            parts.add(new Part(NAMES[i], flags, i >= 4));
        }
        Map<Symbol, Part> partOf = new IdentityHashMap<>();
        for (Symbol s : symbols) {
            Part p = s.threadLocal ? threadLocals() : parts.get(partNumber(s.kind));
            partOf.put(s, p);
            place(p, s);
        }
        for (Extra e : extras) {
            Part p = new Part(e.name, 0, false);
            parts.add(p);
            partOf.put(e.content, p);
            place(p, e.content);
        }
        int next = 1;
        for (Part p : parts) {
            p.index = next++;
        }
        strtab.write(0);
        symtab.writeBytes(new byte[Elf.SYM_SIZE]);
        symbol(file, Elf.STB_LOCAL, Elf.STT_FILE, Elf.SHN_ABS, 0, 0);
        for (Extra e : extras) {
            // Sections that others refer to.
            if (e.referred) {
                numbers.put(e.content, symbolCount);
                symbol("", Elf.STB_LOCAL, Elf.STT_SECTION, partOf.get(e.content).index, 0, 0);
            }
        }
        for (Symbol s : symbols) {
            if (s.local) {
                numbers.put(s, symbolCount);
                define(s, partOf.get(s), Elf.STB_LOCAL);
            }
        }
        localCount = symbolCount;
        for (Symbol s : symbols) {
            if (!s.local) {
                numbers.put(s, symbolCount);
                define(s, partOf.get(s), s.dupOk ? Elf.STB_WEAK : Elf.STB_GLOBAL);
            }
        }
        for (Symbol s : symbols) {
            relocate(partOf.get(s), s);
        }
        for (Extra e : extras) {
            relocate(partOf.get(e.content), e.content);
        }
        return layout();
    }

    /** {@code .tbss}, which is only there when something goes into it: the part behind those of {@link #NAMES}. */
    private Part threadLocals() {
        if (parts.size() == NAMES.length) {
            parts.add(new Part(".tbss", Elf.SHF_ALLOC | Elf.SHF_WRITE | Elf.SHF_TLS, true));
        }
        return parts.get(NAMES.length);
    }

    private static int partNumber(SymKind k) {
        switch (k) {
            case TEXT:
                return 0;
            case DATA:
                return 2;
            case NOPTRDATA:
                return 3;
            case BSS:
                return 4;
            case NOPTRBSS:
                return 5;
            default:
                return 1;
        }
    }

    private void place(Part p, Symbol s) {
        int align = s.kind == SymKind.TEXT ? Math.max(16, s.align) : Math.max(1, s.align);
        p.align = Math.max(p.align, align);
        while (p.size % align != 0) {
            p.size++;
            if (!p.zeroed) {
                p.bytes.write(s.kind == SymKind.TEXT && machine == Elf.EM_X86_64 ? 0xcc : 0);
            }
        }
        offsets.put(s, p.size);
        if (!p.zeroed && s.data != null) {
            int n = (int) Math.min(s.size, s.data.length);
            p.bytes.write(s.data, 0, n);
            p.bytes.writeBytes(new byte[(int) s.size - n]);
        }
        p.size += s.size;
    }

    private void define(Symbol s, Part p, int binding) {
        int type = s.kind == SymKind.TEXT ? Elf.STT_FUNC : s.threadLocal ? Elf.STT_TLS : Elf.STT_OBJECT;
        symbol(name(s), binding, type, p.index, offsets.get(s), s.size);
    }

    private static String name(Symbol s) {
        return s.abi == 1 ? s.name + ABI_INTERNAL : s.name;
    }

    /** The symbol that an object's name means: the reverse of what this class writes. */
    static Symbol named(SymbolTable table, String name) {
        return name.endsWith(ABI_INTERNAL) ? table.lookup(plainName(name), 1) : table.lookup(name, 0);
    }

    /** A name without the mark of its ABI, for people. */
    public static String plainName(String name) {
        return name.endsWith(ABI_INTERNAL) ? name.substring(0, name.length() - ABI_INTERNAL.length()) : name;
    }

    private void symbol(String name, int binding, int type, int section, long value, long size) {
        le(symtab, strtab.size(), 4);
        strtab.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        strtab.write(0);
        symtab.write(binding << 4 | type);
        symtab.write(0);
        le(symtab, section, 2);
        le(symtab, value, 8);
        le(symtab, size, 8);
        symbolCount++;
    }

    private void relocate(Part p, Symbol s) {
        long base = offsets.get(s);
        for (int i = 0; i < s.relocCount; i++) {
            int type = machine == Elf.EM_X86_64 ? x86(s.relocType[i]) : arm64(s.relocType[i]);
            if (type == 0) {
                continue;
            }
            Symbol t = s.relocTarget[i];
            Integer n = numbers.get(t);
            if (n == null) {
                n = symbolCount;
                numbers.put(t, n);
                symbol(name(t), Elf.STB_GLOBAL, Elf.STT_NOTYPE, Elf.SHN_UNDEF, 0, 0);
            }
            le(p.relocations, base + s.relocOffset[i], 8);
            le(p.relocations, (long) n << 32 | type, 8);
            le(p.relocations, s.relocAddend[i], 8);
        }
    }

    /** The psABI's number, 0 for a mark that patches nothing. */
    private static int x86(RelocType t) {
        switch (t) {
            case ABS64:
                return 1;
            case PC32:
                return 2;
            case CALL32:
                return 4;
            case GOTPCREL:
                return 9;
            case GOTTPOFF:
                return 22;
            case ABS32:
                return 10;
            case ABS32S:
                return 11;
            default:
                return unsupported(t);
        }
    }

    /** The type that {@link #x86} writes as this number; null = none. */
    static RelocType typeOfX86(int number) {
        switch (number) {
            case 1:
                return RelocType.ABS64;
            case 2:
                return RelocType.PC32;
            case 4:
                return RelocType.CALL32;
            case 9:
                return RelocType.GOTPCREL;
            case 10:
                return RelocType.ABS32;
            case 11:
                return RelocType.ABS32S;
            default:
                return null;
        }
    }

    /** Relocations that only Go's linker knows: they stand in the section that {@link GoObjectWriter} describes. */
    static boolean isGoOnly(RelocType t) {
        switch (t) {
            case TYPEOFF, TEXTOFF, NAMEOFF, FUNCOFF, WEAK_TYPEOFF, IFACE_TYPEOFF, WEAK_ABS64:
                return true;
            default:
                return t.size == 0;
        }
    }

    private static int arm64(RelocType t) {
        switch (t) {
            case ABS64:
                return 257;
            case ABS32:
                return 258;
            case PC32:
                return 261;
            case A64_ADR_PREL_LO21:
                return 274;
            case A64_ADR_PREL_PG_HI21:
                return 275;
            case A64_ADD_ABS_LO12:
                return 277;
            case A64_LDST8_ABS_LO12:
                return 278;
            case A64_TSTBR14:
                return 279;
            case A64_CONDBR19:
                return 280;
            case A64_JUMP26:
                return 282;
            case A64_CALL26:
                return 283;
            case A64_LDST16_ABS_LO12:
                return 284;
            case A64_LDST32_ABS_LO12:
                return 285;
            case A64_LDST64_ABS_LO12:
                return 286;
            case A64_LDST128_ABS_LO12:
                return 299;
            case A64_ADR_GOT_PAGE:
                return 311;
            case A64_LD64_GOT_LO12:
                return 312;
            case A64_TLSIE_ADR_GOTTPREL_PAGE21:
                return 541;
            case A64_TLSIE_LD64_GOTTPREL_LO12:
                return 542;
            case A64_TLSLE_MOVW_TPREL_G0:
                return 547;
            default:
                return unsupported(t);
        }
    }

    private static int unsupported(RelocType t) {
        if (!isGoOnly(t)) {
            throw new mica.base.Fault("obj", "relocation " + t + " has no place in an ELF object");
        }
        return 0;
    }

    private byte[] layout() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.write(0);
        headers.writeBytes(new byte[Elf.SHDR_SIZE]);
        out.writeBytes(new byte[Elf.EHDR_SIZE]);
        int symtabIndex = parts.size() + 1;
        int count = parts.size() + 1;
        for (Part p : parts) {
            pad(out, p.align);
            section(headers, names, p.name, p.zeroed ? Elf.SHT_NOBITS : Elf.SHT_PROGBITS, p.flags, out.size(), p.size,
                    0, 0, p.align, 0);
            out.writeBytes(p.bytes.toByteArray());
        }
        pad(out, 8);
        section(headers, names, ".symtab", Elf.SHT_SYMTAB, 0, out.size(), symtab.size(), symtabIndex + 1, localCount,
                8, Elf.SYM_SIZE);
        out.writeBytes(symtab.toByteArray());
        section(headers, names, ".strtab", Elf.SHT_STRTAB, 0, out.size(), strtab.size(), 0, 0, 1, 0);
        out.writeBytes(strtab.toByteArray());
        count += 2;
        for (Part p : parts) {
            if (p.relocations.size() > 0) {
                pad(out, 8);
                section(headers, names, ".rela" + p.name, Elf.SHT_RELA, 0x40, out.size(), p.relocations.size(),
                        symtabIndex, p.index, 8,
                        Elf.RELA_SIZE);
                out.writeBytes(p.relocations.toByteArray());
                count++;
            }
        }
        section(headers, names, ".note.GNU-stack", Elf.SHT_PROGBITS, 0, out.size(), 0, 0, 0, 1, 0);
        count++;
        int shstrtab = names.size();
        names.writeBytes(".shstrtab\0".getBytes(StandardCharsets.US_ASCII));
        sectionAt(headers, shstrtab, Elf.SHT_STRTAB, 0, out.size(), names.size(), 0, 0, 1, 0);
        count++;
        out.writeBytes(names.toByteArray());
        pad(out, 8);
        int table = out.size();
        out.writeBytes(headers.toByteArray());
        byte[] file = out.toByteArray();
        header(file, table, count);
        return file;
    }

    private void header(byte[] b, int table, int count) {
        ByteArrayOutputStream h = new ByteArrayOutputStream();
        h.writeBytes(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        le(h, Elf.ET_REL, 2);
        le(h, machine, 2);
        le(h, 1, 4);
        le(h, 0, 8);
        le(h, 0, 8);
        le(h, table, 8);
        le(h, 0, 4);
        le(h, Elf.EHDR_SIZE, 2);
        le(h, 0, 2);
        le(h, 0, 2);
        le(h, Elf.SHDR_SIZE, 2);
        le(h, count, 2);
        le(h, count - 1, 2);
        System.arraycopy(h.toByteArray(), 0, b, 0, Elf.EHDR_SIZE);
    }

    private static void section(ByteArrayOutputStream headers, ByteArrayOutputStream names, String name, int type,
            long flags, long offset,
            long size, int link, int info, long align, long entry) {
        int at = names.size();
        names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        names.write(0);
        sectionAt(headers, at, type, flags, offset, size, link, info, align, entry);
    }

    private static void sectionAt(ByteArrayOutputStream headers, int name, int type, long flags, long offset,
            long size, int link, int info,
            long align, long entry) {
        le(headers, name, 4);
        le(headers, type, 4);
        le(headers, flags, 8);
        le(headers, 0, 8);
        le(headers, offset, 8);
        le(headers, size, 8);
        le(headers, link, 4);
        le(headers, info, 4);
        le(headers, align, 8);
        le(headers, entry, 8);
    }

    private static void pad(ByteArrayOutputStream out, int align) {
        while (out.size() % align != 0) {
            out.write(0);
        }
    }

    private static void le(ByteArrayOutputStream out, long v, int width) {
        for (int i = 0; i < width; i++) {
            out.write((int) (v >>> 8 * i));
        }
    }
}
