// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mica.base.Fault;
import mica.obj.Elf;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Decides which section every symbol goes to and where.
 *
 * <p>The file has three loaded segments, each a run of sections without gaps in the file; neighbours share the page of the file
 * in which one ends and the other begins, as the kernel may map a page twice.
 * <pre>
 *   R   headers, notes, .rodata .go.type .go.func .gopclntab .go.buildinfo
 *   RX  .text
 *   RW  .noptrdata .data .bss .noptrbss
 * </pre>
 * Inside a section: by package in the order of {@link LinkOptions#packageOrder}, then by name. .go.type is ordered as reflection
 * wants it: a zero word (offset 0 means nil), typelinks by type string, other descriptors, itabs, names.
 */
final class Layout {
    static final int PAGE = 4096;
    private static final int FUNCTION_ALIGN = 16;
    private static final int MAX_DATA_ALIGN = 32;

    final Section buildIdNote = new Section(".note.go.buildid", Elf.SHT_NOTE, Elf.SHF_ALLOC);
    final Section gnuBuildIdNote = new Section(".note.gnu.build-id", Elf.SHT_NOTE, Elf.SHF_ALLOC);
    final Section rodata = new Section(".rodata", Elf.SHT_PROGBITS, Elf.SHF_ALLOC);
    final Section types = new Section(".go.type", Elf.SHT_PROGBITS, Elf.SHF_ALLOC);
    final Section funcs = new Section(".go.func", Elf.SHT_PROGBITS, Elf.SHF_ALLOC);
    final Section pclntab = new Section(".gopclntab", Elf.SHT_PROGBITS, Elf.SHF_ALLOC);
    final Section buildInfo = new Section(".go.buildinfo", Elf.SHT_PROGBITS, Elf.SHF_ALLOC);
    final Section text = new Section(".text", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_EXECINSTR);
    final Section noptrdata = new Section(".noptrdata", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE);
    final Section data = new Section(".data", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE);
    final Section bss = new Section(".bss", Elf.SHT_NOBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE);
    final Section noptrbss = new Section(".noptrbss", Elf.SHT_NOBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE);

    /** Sections of the three segments, in order of address and file offset. */
    final Section[][] segments = {
        {buildIdNote, gnuBuildIdNote, rodata, types, funcs, pclntab, buildInfo}, {text}, {noptrdata, data, bss, noptrbss}
    };
    static final int[] SEGMENT_FLAGS = {Elf.PF_R, Elf.PF_R | Elf.PF_X, Elf.PF_R | Elf.PF_W};

    /** Bytes of typelink descriptors from the start of .go.type; offset and bytes of the itabs. */
    long typelinkSize;
    long itabOffset;
    long itabSize;
    /** File offset behind the last loaded byte. */
    long fileEnd;
    /** Functions in order of address. */
    final List<Symbol> functions = new ArrayList<>();

    private final LinkOptions options;
    private Map<String, Integer> rank;

    private final List<Symbol> roList = new ArrayList<>();
    private final List<Symbol> strings = new ArrayList<>();
    private final List<Symbol> descriptors = new ArrayList<>();
    private final List<Symbol> itabs = new ArrayList<>();
    private final List<Symbol> names = new ArrayList<>();
    private final List<Symbol> funcList = new ArrayList<>();
    private final List<Symbol> noptrdataList = new ArrayList<>();
    private final List<Symbol> dataList = new ArrayList<>();
    private final List<Symbol> bssList = new ArrayList<>();
    private final List<Symbol> noptrbssList = new ArrayList<>();

    /** How much of each type descriptor is needed; set after the closure. */
    TypeEdges edges;

    Layout(LinkOptions options) {
        this.options = options;
    }

    /** Sorts the reached symbols into sections, and gives functions their offsets in .text. */
    void placeText(List<Symbol> reached) {
        rankPackages(reached);
        for (int i = 0; i < reached.size(); i++) {
            Symbol s = reached.get(i);
            if (s.foldedInto == null && s.aliasOf == null) {
                classify(s);
            }
        }
        functions.sort(order());
        text.align = 64;
        for (Symbol s : functions) {
            text.append(s, Math.max(s.imageAlign(), FUNCTION_ALIGN));
        }
    }

    /** Gives everything else its offset, save for what is made from these offsets ({@link #placeLast}). */
    void placeData(List<Symbol> inlineTrees) {
        Comparator<Symbol> order = order();
        funcList.addAll(inlineTrees);
        placeTypes(order);
        appendSorted(funcs, funcList, order);
        appendBySize(noptrdata, noptrdataList, order, false);
        appendBySize(data, dataList, order, true);
        appendBySize(bss, bssList, order, true);
        appendBySize(noptrbss, noptrbssList, order, true);
        data.align = Math.max(8, data.align);
        bss.align = Math.max(8, bss.align);
        appendSorted(rodata, roList, order);
    }

    /** Tables of the linker, then strings, which have no alignment. */
    void placeLast(List<Symbol> tables) {
        for (Symbol s : tables) {
            rodata.append(s, s.imageAlign());
        }
        StringPool.append(rodata, strings);
    }

    private void rankPackages(List<Symbol> reached) {
        rank = new HashMap<>();
        for (String p : options.packageOrder) {
            rank.putIfAbsent(p, rank.size());
        }
        TreeSet<String> others = new TreeSet<>();
        for (Symbol s : reached) {
            if (!rank.containsKey(s.pkg)) {
                others.add(s.pkg);
            }
        }
        for (String p : others) {
            rank.put(p, rank.size());
        }
    }

    private Comparator<Symbol> order() {
        return (a, b) -> {
            int c = a.pkg.equals(b.pkg) ? 0 : Integer.compare(rank.get(a.pkg), rank.get(b.pkg));
            if (c == 0) {
                c = a.name.compareTo(b.name);
            }
            if (c == 0) {
                c = Integer.compare(a.abi, b.abi);
            }
            return c == 0 ? Integer.compare(a.id, b.id) : c;
        };
    }

    /**
     * Assembly takes it for granted that the linker aligns data by its size, as Go's does, and uses instructions that fault
     * otherwise, whatever the Go type of the variable asks for.
     */
    private static void alignForAssembly(Symbol s) {
        int align = s.imageAlign();
        while (align < MAX_DATA_ALIGN && align * 2 <= s.size) {
            align *= 2;
        }
        s.linkAlign = align;
    }

    private void classify(Symbol s) {
        if ((s.linkFlags & Reach.FROM_ASSEMBLY) != 0 && s.kind != SymKind.TEXT) {
            alignForAssembly(s);
        }
        switch (s.kind) {
            case UNDEFINED, ABS -> {}
            case TEXT -> functions.add(s);
            case RODATA -> roList.add(s);
            case STRING -> strings.add(s);
            case TYPE -> descriptors.add(s);
            case NAME -> names.add(s);
            case ITAB -> itabs.add(s);
            case FUNCDATA -> funcList.add(s);
            case DATA, NOPTRDATA -> {
                if (isZero(s)) {
                    (s.ptrMask == null ? noptrbssList : bssList).add(s);
                } else {
                    (s.ptrMask == null ? noptrdataList : dataList).add(s);
                }
            }
            case BSS, NOPTRBSS -> (s.ptrMask == null ? noptrbssList : bssList).add(s);
        }
    }

    private static boolean isZero(Symbol s) {
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocType[i].size > 0) {
                return false;
            }
        }
        if (s.data != null) {
            for (int i = 0; i < s.size; i++) {
                if (s.data[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Appends variables by size: most of what a program touches while it starts is small, and so lies on few pages, which
     * large tables would tear apart. (.noptrdata falls so that its small end meets the small start of .data.)
     */
    private static void appendBySize(Section section, List<Symbol> list, Comparator<Symbol> order, boolean rising) {
        list.sort(order);
        list.sort((a, b) -> rising ? Long.compare(a.size, b.size) : Long.compare(b.size, a.size));
        append(section, list);
    }

    /** Appends by falling alignment, so that no padding is needed; within an alignment in the given order. */
    private static void appendSorted(Section section, List<Symbol> list, Comparator<Symbol> order) {
        list.sort(order);
        list.sort((a, b) -> Integer.compare(b.imageAlign(), a.imageAlign()));
        append(section, list);
    }

    private static void append(Section section, List<Symbol> list) {
        for (Symbol s : list) {
            if (s.ptrMask != null && s.imageAlign() < 8) {
                throw new Fault("link: " + s.name, "holds pointers but is aligned to " + s.imageAlign());
            }
            section.append(s, s.imageAlign());
        }
    }

    private void placeTypes(Comparator<Symbol> order) {
        types.align = 8;
        types.size = 8;
        List<Symbol> links = new ArrayList<>();
        List<Symbol> rest = new ArrayList<>();
        Map<Symbol, String> typeString = new HashMap<>();
        for (Symbol s : descriptors) {
            s.size = edges.size(s);
            if (TypeBytes.isTypelink(s)) {
                links.add(s);
                typeString.put(s, TypeBytes.string(s));
            } else {
                rest.add(s);
            }
        }
        rest.sort(order);
        Collections.sort(links, (a, b) -> {
            int c = typeString.get(a).compareTo(typeString.get(b));
            return c == 0 ? order.compare(a, b) : c;
        });
        for (Symbol s : links) {
            types.append(s, 8);
        }
        types.size = types.size + 7 & -8;
        typelinkSize = types.size;
        for (Symbol s : rest) {
            types.append(s, 8);
        }
        itabs.sort(order);
        types.size = types.size + 7 & -8;
        itabOffset = types.size;
        for (Symbol s : itabs) {
            types.append(s, 8);
        }
        itabSize = types.size - itabOffset;
        names.sort(order);
        for (Symbol s : names) {
            types.append(s, 1);
        }
    }

    /** Gives sections their addresses and file offsets; symbols get absolute addresses. */
    void assignAddresses(long headerSize) {
        long offset = headerSize;
        long address = options.base + headerSize;
        for (int i = 0; i < segments.length; i++) {
            if (i > 0) {
                address = roundUp(address, PAGE) + offset % PAGE;
            }
            for (Section s : segments[i]) {
                long at = roundUp(address, s.align);
                if (s.type != Elf.SHT_NOBITS) {
                    offset += at - address;
                    s.fileOffset = offset;
                    offset += s.size;
                } else {
                    s.fileOffset = offset;
                }
                s.moveTo(at);
                address = at + s.size;
            }
        }
        fileEnd = offset;
    }

    static long roundUp(long v, long align) {
        return v + align - 1 & -align;
    }

    /** First and last byte (exclusive) that a segment maps: the first one starts at the headers. */
    long segmentStart(int i) {
        return i == 0 ? options.base : segments[i][0].address;
    }

    long segmentEnd(int i) {
        Section[] s = segments[i];
        return s[s.length - 1].end();
    }

    List<Section> sections() {
        List<Section> all = new ArrayList<>();
        for (Section[] seg : segments) {
            for (Section s : seg) {
                if (s.size > 0 || s == text) {
                    all.add(s);
                }
            }
        }
        return all;
    }
}
