// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import mica.obj.Bytes;
import mica.obj.FormatException;
import mica.obj.GoobjFile;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Mica's symbols of an assembly file against the standard assembler's: kinds, sizes, bytes, relocations in the psABI's terms, depths of
 * the stack.
 */
final class ObjectComparison {
    /** Kinds of symbols by the standard toolchain's number; FIPS has kinds of its own for what is otherwise the same. */
    private static final SymKind[] KINDS = {null, SymKind.TEXT, SymKind.TEXT, SymKind.RODATA, SymKind.RODATA, SymKind.NOPTRDATA,
            SymKind.NOPTRDATA, SymKind.DATA, SymKind.DATA, SymKind.BSS, SymKind.NOPTRBSS, null};
    // Relocation types, as cmd/internal/objabi numbers them.
    private static final int ADDR = 1;
    private static final int ADDR_ARM64 = 3;
    private static final int CALL = 7;
    private static final int CALL_ARM64 = 9;
    private static final int CALL_IND = 10;
    private static final int PCREL = 14;
    private static final int TLS_LE = 15;
    private static final int TLS_IE = 16;
    private static final int GOTPCREL = 29;
    private static final int ARM64_TLS_LE = 32;
    private static final int ARM64_TLS_IE = 33;
    private static final int ARM64_GOTPCREL = 34;
    private static final int ARM64_PCREL_LDST8 = 37;

    private final boolean arm64;
    private final List<String> out = new ArrayList<>();
    private GoobjFile file;

    ObjectComparison(String arch) {
        arm64 = arch.equals("arm64");
    }

    /** What differs, one text each; empty if nothing does. {@code object} is what the standard assembler wrote. */
    List<String> differences(List<Symbol> have, byte[] object) throws IOException {
        try {
            file = new GoobjFile("object", object);
            compare(have, file);
            return out;
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    private void compare(List<Symbol> have, GoobjFile want) throws FormatException {
        Map<String, GoobjFile.Sym> theirs = new TreeMap<>();
        for (GoobjFile.Sym s : want.symbols) {
            // Constants that the assembler makes are compared by name where they are used.
            if (s.kind > 0 && s.kind < KINDS.length && !s.name.startsWith("$") && !s.name.isEmpty()
                    && !s.name.startsWith("gclocals") && !s.name.startsWith("go:")) {
                theirs.put(s.name + (s.abi < 0 ? "<>" : s.abi == 1 ? "<ABIInternal>" : ""), s);
            }
        }
        Map<String, Symbol> ours = new TreeMap<>();
        for (Symbol s : have) {
            ours.put(s.name + (s.local ? "<>" : s.abi == 1 ? "<ABIInternal>" : ""), s);
        }
        TreeSet<String> names = new TreeSet<>(theirs.keySet());
        names.addAll(ours.keySet());
        for (String n : names) {
            if (!ours.containsKey(n)) {
                out.add(n + ": not defined");
            } else if (!theirs.containsKey(n)) {
                out.add(n + ": defined here only");
            } else {
                compare(n, ours.get(n), theirs.get(n));
            }
        }
    }

    private void compare(String name, Symbol have, GoobjFile.Sym want) throws FormatException {
        if (have.kind != KINDS[want.kind] && KINDS[want.kind] != null) {
            out.add(name + ": kind " + have.kind + ", want " + KINDS[want.kind]);
        }
        if (have.dupOk != want.dupOk) {
            out.add(name + ": DUPOK " + have.dupOk);
        }
        bytes(name, have, want);
        relocations(name, have, want);
        PcTable depths = file.table(want, GoobjFile.AUX_PCSP);
        if (depths != null && have.func != null) {
            depths(name, have, depths);
        }
    }

    private void bytes(String name, Symbol have, GoobjFile.Sym want) throws FormatException {
        byte[] w = linked(want);
        int n = (int) Math.min(have.size, w.length);
        for (int i = 0; i < n; i++) {
            byte h = have.data == null ? 0 : have.data[i];
            if (h != w[i]) {
                int from = i & -4;
                out.add(name + ": byte 0x" + Integer.toHexString(i) + ": have "
                        + (have.data == null ? "" : hex(have.data, from, (int) have.size)) + ", want " + hex(w, from, w.length));
                return;
            }
        }
        if (have.size != want.size) {
            out.add(name + ": size " + have.size + ", want " + want.size);
        }
    }

    /** The bytes with what the linker puts in for g's place in thread-local storage: on amd64 it is in front of the thread pointer. */
    private byte[] linked(GoobjFile.Sym s) throws FormatException {
        byte[] b = file.data(s);
        for (GoobjFile.Reloc r : file.relocs(s)) {
            if (!arm64 && r.type == TLS_LE) {
                Bytes.store32(b, r.offset, -8);
            }
        }
        return b;
    }

    private static String hex(byte[] b, int from, int size) {
        return HexFormat.of().formatHex(b, from, Math.min(from + 16, size));
    }

    private void relocations(String name, Symbol have, GoobjFile.Sym want) throws FormatException {
        List<String> ours = new ArrayList<>();
        for (int i = 0; i < have.relocCount; i++) {
            ours.add(text(have.relocOffset[i], have.relocType[i], have.relocTarget[i].name, have.relocAddend[i]));
        }
        List<String> theirs = new ArrayList<>();
        for (GoobjFile.Reloc r : file.relocs(want)) {
            meaning(theirs, want, r);
        }
        ours.sort(null);
        theirs.sort(null);
        if (!ours.equals(theirs)) {
            List<String> missing = new ArrayList<>(theirs);
            missing.removeAll(ours);
            ours.removeAll(theirs);
            out.add(name + ": relocations " + ours + ", want " + missing);
        }
    }

    private static String text(int offset, RelocType type, String target, long addend) {
        return "0x" + Integer.toHexString(offset) + " " + type + " " + target + (addend == 0 ? "" : "+" + addend);
    }

    /** A relocation of the standard toolchain in the psABI's terms: one that covers two instructions becomes two. */
    private void meaning(List<String> to, GoobjFile.Sym s, GoobjFile.Reloc r) {
        int at = r.offset;
        switch (r.type) {
            case ADDR -> to.add(text(at, r.size == 8 ? RelocType.ABS64 : RelocType.ABS32, r.target, r.addend));
            case ADDR_ARM64 -> {
                to.add(text(at, RelocType.A64_ADR_PREL_PG_HI21, r.target, r.addend));
                to.add(text(at + 4, RelocType.A64_ADD_ABS_LO12, r.target, r.addend));
            }
            case ARM64_PCREL_LDST8, ARM64_PCREL_LDST8 + 1, ARM64_PCREL_LDST8 + 2, ARM64_PCREL_LDST8 + 3 -> {
                to.add(text(at, RelocType.A64_ADR_PREL_PG_HI21, r.target, r.addend));
                to.add(text(at + 4, RelocType.values()[RelocType.A64_LDST8_ABS_LO12.ordinal() + r.type - ARM64_PCREL_LDST8],
                        r.target, r.addend));
            }
            case CALL_ARM64 -> to.add(text(at, file.bytes[s.offset + at + 3] < 0 ? RelocType.A64_CALL26 : RelocType.A64_JUMP26, r.target,
                    r.addend));
            case CALL -> to.add(text(at, RelocType.CALL32, r.target, r.addend - r.size));
            case PCREL -> to.add(text(at, RelocType.PC32, r.target, r.addend - r.size));
            case CALL_IND -> {
            }
            // The number that counts from the end of the instruction is the linker's affair in one of the two.
            case GOTPCREL -> to.add(text(at, RelocType.GOTPCREL, r.target, r.addend - r.size));
            case TLS_IE -> to.add(text(at, RelocType.GOTTPOFF, "runtime.tlsg", r.addend));
            case ARM64_GOTPCREL -> {
                to.add(text(at, RelocType.A64_ADR_GOT_PAGE, r.target, r.addend));
                to.add(text(at + 4, RelocType.A64_LD64_GOT_LO12, r.target, r.addend));
            }
            case ARM64_TLS_IE -> {
                to.add(text(at, RelocType.A64_TLSIE_ADR_GOTTPREL_PAGE21, r.target, r.addend));
                to.add(text(at + 4, RelocType.A64_TLSIE_LD64_GOTTPREL_LO12, r.target, r.addend));
            }
            case TLS_LE -> {
                // See linked().
            }
            case ARM64_TLS_LE -> to.add(text(at, RelocType.A64_TLSLE_MOVW_TPREL_G0, r.target, r.addend));
            default -> to.add("0x" + Integer.toHexString(at) + " type " + r.type + " " + r.target + "+" + r.addend);
        }
    }

    private void depths(String name, Symbol have, PcTable want) {
        List<String> ours = steps(have.func.pcsp, have.size);
        List<String> theirs = steps(want, Long.MAX_VALUE);
        if (!ours.equals(theirs) && arm64) {
            out.add(name + ": depths " + ours + ", want " + theirs);
        }
    }

    /** The steps of a table before the code's end. */
    private static List<String> steps(PcTable t, long end) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < t.count && t.pc[i] < end; i++) {
            all.add(Integer.toHexString(t.pc[i]) + ":" + t.value[i]);
        }
        return all;
    }
}
