// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.Map;
import mica.obj.Elf;

/** Names of the constants of the ELF gABI and of the psABIs of the CPUs that Mica knows, as readelf prints them. */
final class ElfNames {
    private static final String[] FILE_TYPES = {"NONE", "REL", "EXEC", "DYN", "CORE"};
    private static final Map<Integer, String> SEGMENTS = Map.ofEntries(Map.entry(0, "NULL"), Map.entry(1, "LOAD"), Map.entry(2, "DYNAMIC"),
            Map.entry(3, "INTERP"), Map.entry(4, "NOTE"), Map.entry(5, "SHLIB"), Map.entry(6, "PHDR"), Map.entry(7, "TLS"),
            Map.entry(0x6474e550, "GNU_EH_FRAME"), Map.entry(0x6474e551, "GNU_STACK"), Map.entry(0x6474e552, "GNU_RELRO"),
            Map.entry(0x6474e553, "GNU_PROPERTY"));
    private static final Map<Integer, String> SECTIONS = Map.ofEntries(Map.entry(0, "NULL"), Map.entry(1, "PROGBITS"), Map.entry(2, "SYMTAB"),
            Map.entry(3, "STRTAB"), Map.entry(4, "RELA"), Map.entry(5, "HASH"), Map.entry(6, "DYNAMIC"), Map.entry(7, "NOTE"), Map.entry(8, "NOBITS"),
            Map.entry(9, "REL"), Map.entry(11, "DYNSYM"), Map.entry(14, "INIT_ARRAY"), Map.entry(15, "FINI_ARRAY"), Map.entry(16, "PREINIT_ARRAY"),
            Map.entry(17, "GROUP"), Map.entry(18, "SYMTAB SECTION INDICES"), Map.entry(0x6ffffff6, "GNU_HASH"), Map.entry(0x6ffffffd, "VERDEF"),
            Map.entry(0x6ffffffe, "VERNEED"), Map.entry(0x6fffffff, "VERSYM"));
    private static final String[] SYMBOLS = {"NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE", "COMMON", "TLS", null, null, null, "IFUNC"};
    private static final String[] BINDINGS = {"LOCAL", "GLOBAL", "WEAK", null, null, null, null, null, null, null, "UNIQUE"};
    private static final String[] VISIBILITIES = {"DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED"};
    /** Letters of the bits of sh_flags from the lowest; blank = none. */
    private static final String FLAGS = "WAX MSILOGTC         R      l";
    private static final int SHF_EXCLUDE = 0x80000000;
    private static final String[] X86_64 = {
        "NONE", "64", "PC32", "GOT32", "PLT32", "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE", "GOTPCREL", "32", "32S", "16", "PC16", "8", "PC8", "DTPMOD64",
        "DTPOFF64", "TPOFF64", "TLSGD", "TLSLD", "DTPOFF32", "GOTTPOFF", "TPOFF32", "PC64", "GOTOFF64", "GOTPC32", null, null, null, null, null, "SIZE32",
        "SIZE64", "GOTPC32_TLSDESC", "TLSDESC_CALL", "TLSDESC", "IRELATIVE", null, null, null, "GOTPCRELX", "REX_GOTPCRELX"
    };
    private static final Map<Integer, String> AARCH64 = Map.ofEntries(Map.entry(257, "ABS64"), Map.entry(258, "ABS32"), Map.entry(261, "PREL32"),
            Map.entry(274, "ADR_PREL_LO21"), Map.entry(275, "ADR_PREL_PG_HI21"), Map.entry(277, "ADD_ABS_LO12_NC"), Map.entry(278, "LDST8_ABS_LO12_NC"),
            Map.entry(279, "TSTBR14"), Map.entry(280, "CONDBR19"), Map.entry(282, "JUMP26"), Map.entry(283, "CALL26"), Map.entry(284, "LDST16_ABS_LO12_NC"),
            Map.entry(285, "LDST32_ABS_LO12_NC"), Map.entry(286, "LDST64_ABS_LO12_NC"), Map.entry(299, "LDST128_ABS_LO12_NC"), Map.entry(311, "ADR_GOT_PAGE"),
            Map.entry(312, "LD64_GOT_LO12_NC"), Map.entry(541, "TLSIE_ADR_GOTTPREL_PAGE21"), Map.entry(542, "TLSIE_LD64_GOTTPREL_LO12_NC"),
            Map.entry(547, "TLSLE_MOVW_TPREL_G0"));

    private ElfNames() {}

    private static String of(String[] names, int i, String prefix) {
        return i >= 0 && i < names.length && names[i] != null ? names[i] : prefix + "0x" + Integer.toHexString(i);
    }

    static String fileType(int t) {
        return of(FILE_TYPES, t, "");
    }

    static String machine(int m) {
        return m == Elf.EM_X86_64 ? "X86-64" : m == Elf.EM_AARCH64 ? "AArch64" : "0x" + Integer.toHexString(m);
    }

    static String segment(int t) {
        return SEGMENTS.getOrDefault(t, "0x" + Integer.toHexString(t));
    }

    static String section(int t) {
        return SECTIONS.getOrDefault(t, "0x" + Integer.toHexString(t));
    }

    static String segmentFlags(int f) {
        return ((f & Elf.PF_R) != 0 ? "R" : "") + ((f & Elf.PF_W) != 0 ? "W" : "") + ((f & Elf.PF_X) != 0 ? "E" : "");
    }

    static String sectionFlags(long f) {
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++) {
            if ((f >> i & 1) != 0 && FLAGS.charAt(i) != ' ') {
                sb.append(FLAGS.charAt(i));
            }
        }
        return (f & SHF_EXCLUDE & 0xffffffffL) != 0 ? sb.append('E').toString() : sb.toString();
    }

    static String symbolType(int t) {
        return of(SYMBOLS, t, "");
    }

    static String binding(int b) {
        return of(BINDINGS, b, "");
    }

    static String visibility(int other) {
        return VISIBILITIES[other & 3];
    }

    /** A symbol's section as readelf has it. */
    static String sectionIndex(int i) {
        return i == Elf.SHN_UNDEF ? "UND" : i == Elf.SHN_ABS ? "ABS" : i == Elf.SHN_COMMON ? "COM" : Integer.toString(i);
    }

    static String relocation(int machine, int type) {
        if (machine == Elf.EM_X86_64) {
            return of(X86_64, type, "").startsWith("0x") ? "0x" + Integer.toHexString(type) : "R_X86_64_" + X86_64[type];
        }
        String s = machine == Elf.EM_AARCH64 ? AARCH64.get(type) : null;
        return s == null ? "0x" + Integer.toHexString(type) : "R_AARCH64_" + s;
    }

    /** What a relocation puts into its place, in the psABI's letters; "" = not known here. */
    static String formula(int machine, int type) {
        if (machine == Elf.EM_X86_64) {
            switch (type) {
                case 1, 10, 11, 12, 14:
                    return "S + A";
                case 2, 13, 15, 24:
                    return "S + A - P";
                case 4:
                    return "L + A - P";
                case 8:
                    return "B + A";
                case 9, 41, 42:
                    return "G + GOT + A - P";
                default:
                    return "";
            }
        }
        switch (type) {
            case 257, 258:
                return "S + A";
            case 261, 274, 279, 280, 282, 283:
                return "S + A - P";
            case 275:
                return "Page(S + A) - Page(P)";
            case 277, 278, 284, 285, 286, 299:
                return "S + A";
            case 311:
                return "Page(G(GDAT(S + A))) - Page(P)";
            case 312:
                return "G(GDAT(S + A))";
            case 541:
                return "Page(G(GTPREL(S + A))) - Page(P)";
            case 542:
                return "G(GTPREL(S + A))";
            case 547:
                return "TPREL(S + A)";
            default:
                return "";
        }
    }
}
