// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * What {@code tool asm -S} prints, in the form of {@code go tool asm}: per symbol a line of its properties, the
 * instructions of a function, the bytes, the relocations.
 *
 * <pre>
 * p.f STEXT nosplit asm size=30 align=0x0 args=0x10 locals=0x8 funcid=0x0
 * 	0x0000 00000 (x.s:2)	TEXT	p.f(SB), NOSPLIT, $8-16
 * 	0x0000 55 48 89 e5 48 8b 44 24 10 48 8d 1d 00 00 00 00  UH..H.D$.H......
 * 	rel 12+4 t=R_PCREL x+0
 * </pre>
 */
public final class AsmListing {
    private static final int REFLECTMETHOD = 1024;

    private final Sources sources;
    private final Map<Symbol, FunctionLines> functions = new IdentityHashMap<>();

    public AsmListing(Sources sources) {
        this.sources = sources;
    }

    void put(Symbol function, FunctionLines lines) {
        functions.put(function, lines);
    }

    /** The text for these symbols, in their order, and for the constants that their functions load. */
    public String print(List<Symbol> symbols) {
        StringBuilder b = new StringBuilder();
        for (Symbol s : symbols) {
            print(b, s);
        }
        for (Symbol s : Assembler.constants(symbols)) {
            print(b, s);
        }
        return b.toString();
    }

    private void print(StringBuilder b, Symbol s) {
        FunctionLines lines = functions.get(s);
        b.append(s.name).append(' ').append('S').append(s.threadLocal ? "TLSBSS" : s.kind.name()).append(s.local ? " static" : "")
                .append(s.dupOk && s.name.charAt(0) != '$' ? " dupok" : "");
        if (lines != null) {
            properties(b, s, lines);
            instructions(b, s, lines);
        } else {
            // The alignment of variables is the linker's choice; constants ask for theirs.
            b.append(" size=").append(s.size).append(" align=0x").append(s.name.startsWith("$") ? Integer.toHexString(s.align) : "0").append('\n');
        }
        if (s.data != null) {
            bytes(b, s);
        }
        relocations(b, s);
    }

    private static void properties(StringBuilder b, Symbol s, FunctionLines lines) {
        FuncInfo f = s.func;
        b.append((f.textFlags & AsmUnit.NOSPLIT) != 0 ? " nosplit" : "").append((f.flags & FuncInfo.FLAG_TOP_FRAME) != 0 ? " topframe" : "")
                .append(" asm size=").append(s.size).append(" align=0x").append(s.align > 1 ? Integer.toHexString(s.align) : "0")
                .append(" args=0x").append(Long.toHexString(f.args)).append(" locals=0x").append(Integer.toHexString(f.frame))
                .append(" funcid=0x").append(Integer.toHexString(f.funcId)).append(lines.leaf ? " leaf" : "").append('\n');
    }

    /** The tables of pc values that {@link #table} knows, by the standard assembler's names. */
    public static final List<String> TABLES = List.of("pctospadj", "pctofile", "pctoline", "pctoinline", "pctopcdata");

    /** A table of pc values of each function beside its instructions: a value stands where it begins to hold. */
    public String table(String which, List<Symbol> symbols) {
        StringBuilder b = new StringBuilder();
        for (Symbol s : symbols) {
            FunctionLines lines = functions.get(s);
            if (lines != null) {
                for (IntUnaryOperator t : tables(which, s.func)) {
                    b.append("funcpctab ").append(s.name).append(" [valfunc=").append(which).append("]\n");
                    table(b, s, lines, t);
                }
            }
        }
        return b.toString();
    }

    private List<IntUnaryOperator> tables(String which, FuncInfo f) {
        switch (which) {
            case "pctospadj":
                return List.of(f.pcsp::at);
            case "pctofile":
                List<String> names = new ArrayList<>();
                return List.of(at -> {
                    String name = sources.file(f.pcpos.at(at)) == null ? "" : sources.file(f.pcpos.at(at)).recordedName(f.pcpos.at(at));
                    if (!names.contains(name)) {
                        names.add(name);
                    }
                    return names.indexOf(name);
                });
            case "pctoline":
                return List.of(at -> sources.file(f.pcpos.at(at)) == null ? 0 : sources.file(f.pcpos.at(at)).line(f.pcpos.at(at)));
            case "pctoinline":
                return List.of(at -> -1);
            default:
                List<IntUnaryOperator> all = new ArrayList<>();
                for (PcTable t : f.pcdata) {
                    if (t != null) {
                        all.add(t::at);
                    }
                }
                return all;
        }
    }

    private void table(StringBuilder b, Symbol s, FunctionLines lines, IntUnaryOperator value) {
        StringBuilder head = new StringBuilder();
        head(head, s, lines);
        b.append(String.format("%6x %6d ", 0, -1)).append(head);
        b.append(String.format("%6x %6s ", 0, "")).append(head);
        String last = "";
        for (int i = 0; i < lines.lines.size(); i++) {
            FunctionLines.Line l = lines.lines.get(i);
            long end = i + 1 < lines.lines.size() ? lines.lines.get(i + 1).offset : s.size;
            String v = end == l.offset ? last : Integer.toString(value.applyAsInt(l.offset));
            b.append(String.format("%6x %6s ", l.offset, v.equals(last) ? "" : v));
            last = v;
            counted(b, l.offset, l.pos).append(l.text).append('\n');
        }
        b.append(String.format("%6x done%n", s.size));
    }

    private void instructions(StringBuilder b, Symbol s, FunctionLines lines) {
        head(b.append("\t0x0000 "), s, lines);
        for (FunctionLines.Line l : lines.lines) {
            place(b, l.offset, l.pos).append(l.text).append('\n');
        }
    }

    private void head(StringBuilder b, Symbol s, FunctionLines lines) {
        counted(b, 0, s.pos).append("TEXT\t").append(s.name).append(s.local ? "<>" : "").append("(SB), ");
        b.append(flags(s.func.textFlags, lines.leaf, lines.noFrame, s.local, s.abi == 1)).append('$').append(lines.size);
        b.append(s.func.args == Integer.MIN_VALUE ? "" : "-" + s.func.args).append('\n');
    }

    /** A TEXT's flags by name with a comma behind them, or nothing. */
    static String flags(int flags) {
        return flags(flags, false, (flags & AsmUnit.NOFRAME) != 0, false, false);
    }

    private static String flags(int flags, boolean leaf, boolean noFrame, boolean local, boolean internal) {
        StringBuilder b = new StringBuilder();
        flag(b, flags, AsmUnit.DUPOK, "DUPOK");
        flag(b, flags, AsmUnit.NOSPLIT, "NOSPLIT");
        flag(b, leaf ? 1 : 0, 1, "LEAF");
        flag(b, flags, REFLECTMETHOD, "REFLECTMETHOD");
        flag(b, flags, AsmUnit.WRAPPER, "WRAPPER");
        flag(b, flags, AsmUnit.NEEDCTXT, "NEEDCTXT");
        flag(b, noFrame ? 1 : 0, 1, "NOFRAME");
        flag(b, local ? 1 : 0, 1, "STATIC");
        flag(b, internal ? 1 : 0, 1, "ABIInternal");
        flag(b, flags, AsmUnit.TOPFRAME, "TOPFRAME");
        return b.append(b.isEmpty() ? "" : ", ").toString();
    }

    private static void flag(StringBuilder b, int flags, int bit, String name) {
        if ((flags & bit) != 0) {
            b.append(b.isEmpty() ? "" : "|").append(name);
        }
    }

    private StringBuilder place(StringBuilder b, int offset, int pos) {
        return counted(b.append("\t0x").append(hex(offset, 4)).append(' '), offset, pos);
    }

    private StringBuilder counted(StringBuilder b, int offset, int pos) {
        String decimal = Integer.toString(offset);
        b.append("0".repeat(Math.max(0, 5 - decimal.length()))).append(decimal);
        SourceFile file = sources.file(pos);
        return b.append(" (").append(file == null ? "<unknown line number>" : file.recordedName(pos) + ":" + file.line(pos)).append(")\t");
    }

    private static String hex(int v, int digits) {
        String h = Integer.toHexString(v);
        return "0".repeat(Math.max(0, digits - h.length())) + h;
    }

    private static void bytes(StringBuilder b, Symbol s) {
        for (int at = 0; at < s.size; at += 16) {
            b.append("\t0x").append(hex(at, 4));
            for (int i = at; i < at + 16; i++) {
                b.append(i < s.size ? " " + hex(s.data[i] & 0xff, 2) : "   ");
            }
            b.append("  ");
            for (int i = at; i < at + 16 && i < s.size; i++) {
                b.append(s.data[i] >= ' ' && s.data[i] < 0x7f ? (char) s.data[i] : '.');
            }
            b.append('\n');
        }
    }

    private static void relocations(StringBuilder b, Symbol s) {
        for (int i = 0; i < s.relocCount; i++) {
            RelocType type = s.relocType[i];
            // A page and the offset in it, one word after the other, count as one.
            boolean pair = (type == RelocType.A64_ADR_PREL_PG_HI21 || type == RelocType.A64_ADR_GOT_PAGE
                    || type == RelocType.A64_TLSIE_ADR_GOTTPREL_PAGE21) && i + 1 < s.relocCount && s.relocOffset[i + 1] == s.relocOffset[i] + 4;
            String name = pair ? pairName(s.relocType[i + 1]) : name(type);
            boolean fromEnd = type == RelocType.PC32 || type == RelocType.CALL32 || type == RelocType.GOTPCREL;
            long addend = s.relocAddend[i] + (fromEnd ? 4 : 0);
            b.append("\trel ").append(s.relocOffset[i]).append('+').append(pair ? 8 : type.size).append(" t=").append(name).append(' ')
                    .append(type == RelocType.GOTTPOFF ? "" : s.relocTarget[i].name).append('+').append(addend).append('\n');
            i += pair ? 1 : 0;
        }
    }

    private static String pairName(RelocType second) {
        switch (second) {
            case A64_LDST8_ABS_LO12:
                return "R_ARM64_PCREL_LDST8";
            case A64_LDST16_ABS_LO12:
                return "R_ARM64_PCREL_LDST16";
            case A64_LDST32_ABS_LO12:
                return "R_ARM64_PCREL_LDST32";
            case A64_LDST64_ABS_LO12:
                return "R_ARM64_PCREL_LDST64";
            case A64_LD64_GOT_LO12:
                return "R_ARM64_GOTPCREL";
            case A64_TLSIE_LD64_GOTTPREL_LO12:
                return "R_ARM64_TLS_IE";
            default:
                return "R_ADDRARM64";
        }
    }

    private static String name(RelocType type) {
        switch (type) {
            case ABS64, ABS32, ABS32S:
                return "R_ADDR";
            case PC32:
                return "R_PCREL";
            case CALL32:
                return "R_CALL";
            case GOTTPOFF:
                return "R_TLS_IE";
            case A64_CALL26, A64_JUMP26:
                return "R_CALLARM64";
            case A64_TLSLE_MOVW_TPREL_G0:
                return "R_ARM64_TLS_LE";
            default:
                return "R_" + type.name();
        }
    }
}
