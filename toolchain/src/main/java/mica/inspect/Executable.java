// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.ElfObject;
import mica.obj.FormatException;
import mica.obj.LinkGraph;
import mica.obj.LinkGraphFile;
import mica.obj.SymKind;

/** An opened file: its ELF structure, its symbols, its function table. */
public final class Executable {
    /** A symbol with the letter that nm prints for it. */
    public static final class Sym {
        public final String name;
        public final long address;
        public final long size;
        /** T text, R read-only, D data, B zeroed data, U undefined, C common, ? other; lower case: local. */
        public final char type;

        Sym(String name, long address, long size, char type) {
            this.name = name;
            this.address = address;
            this.size = size;
            this.type = type;
        }
    }

    public final ElfFile elf;
    private List<Sym> symbols;
    private Pcln pcln;
    private PclnPieces pieces;
    private LinkGraph graph;
    private boolean graphRead;
    private GraphNames names;
    private ModuleTable module;
    private TypeTable types;

    public Executable(String path, byte[] bytes) throws FormatException {
        this.elf = new ElfFile(path, bytes);
    }

    public static Executable open(Path file) throws IOException, FormatException {
        return new Executable(file.toString(), Files.readAllBytes(file));
    }

    /** Named symbols in the order of the table; sections and source files left out. */
    public List<Sym> symbols() throws FormatException {
        if (symbols == null) {
            symbols = new ArrayList<>();
            for (ElfFile.Sym s : elf.symbols()) {
                if (!s.name.isEmpty() && s.type != Elf.STT_SECTION && s.type != Elf.STT_FILE) {
                    symbols.add(new Sym(elf.fileType == Elf.ET_REL ? ElfObject.plainName(s.name) : s.name, s.value, s.size, letter(s)));
                }
            }
        }
        return symbols;
    }

    private char letter(ElfFile.Sym s) {
        char c = '?';
        if (s.section == Elf.SHN_UNDEF) {
            return 'U';
        } else if (s.section == Elf.SHN_COMMON) {
            c = 'C';
        } else if (s.section < elf.sections.size()) {
            ElfFile.Section in = elf.sections.get(s.section);
            if (in.has(Elf.SHF_ALLOC)) {
                c = in.has(Elf.SHF_EXECINSTR) ? 'T' : !in.has(Elf.SHF_WRITE) ? 'R' : in.type == Elf.SHT_NOBITS ? 'B'
                        : 'D';
            }
        }
        return s.binding == Elf.STB_LOCAL ? Character.toLowerCase(c) : c;
    }

    /**
     * Functions of the file sorted by address, from the symbol table, or from the function table if that was
     * stripped.
     */
    public List<Sym> functions() throws FormatException {
        List<Sym> list = new ArrayList<>();
        for (Sym s : symbols()) {
            if ((s.type == 'T' || s.type == 't') && !isMark(s.name)) {
                list.add(s);
            }
        }
        if (list.isEmpty() && pcln() != null) {
            for (Pcln.Func f : pcln().functions()) {
                list.add(new Sym(f.name, f.entry, f.end - f.entry, 'T'));
            }
        }
        list.sort((a, b) -> Long.compare(a.address, b.address));
        return list;
    }

    private static boolean isMark(String name) {
        return name.equals("runtime.text") || name.equals("runtime.etext");
    }

    /** Whether a symbol names a range that others lie in, as the standard linker writes them. */
    static boolean isRange(String name) {
        return name.endsWith(".*") || name.equals("runtime.types") || name.equals("runtime.rodata") || name.equals("runtime.pclntab");
    }

    /** The first symbol of a name, or null. */
    public Sym symbol(String name) throws FormatException {
        for (Sym s : symbols()) {
            if (s.name.equals(name)) {
                return s;
            }
        }
        return null;
    }

    /** The loaded section that holds an address, or null. */
    public ElfFile.Section sectionAt(long address) {
        for (ElfFile.Section s : elf.sections) {
            if (s.has(Elf.SHF_ALLOC) && address >= s.address && address - s.address < s.size) {
                return s;
            }
        }
        return null;
    }

    /** Why symbols are in the file; null if it does not say. */
    public LinkGraph graph() throws FormatException {
        if (graph == null && !graphRead) {
            graphRead = true;
            graph = LinkGraphFile.read(elf);
        }
        return graph;
    }

    /** How the graph's nodes are shown; null without a graph. */
    public GraphNames graphNames() throws FormatException {
        if (names == null && graph() != null) {
            names = new GraphNames(elf, graph);
        }
        return names;
    }

    /** The module record; null if there is none that is known. */
    public ModuleTable module() throws FormatException {
        if (module == null && pcln() != null) {
            module = ModuleTable.read(elf, pclnSection(), elf.find(".text").address);
        }
        return module;
    }

    /** Type descriptors; null if they are not found. */
    public TypeTable typeTable() throws FormatException {
        if (types == null && module() != null) {
            types = new TypeTable(elf, module());
        }
        return types;
    }

    ElfFile.Section pclnSection() {
        ElfFile.Section table = elf.find(".gopclntab");
        return table != null ? table : elf.find(".data.rel.ro.gopclntab");
    }

    /** Sizes of function data that the link graph knows, by offset from its start. */
    private Map<Long, Long> functionData() throws FormatException {
        Map<Long, Long> sizes = new HashMap<>();
        if (graph() != null && module() != null) {
            for (LinkGraph.Node n : graph().nodes) {
                if (n.kind == LinkGraph.NodeKind.SYMBOL && n.symKind == SymKind.FUNCDATA) {
                    sizes.put(n.address - module().get("gofunc"), Math.min(n.size, elf.bytes.length));
                }
            }
        }
        return sizes;
    }

    /** The function table in pieces; only where there is one. */
    PclnPieces pclnPieces() throws FormatException {
        if (pieces == null) {
            long trees = -1;
            long end = 0;
            ElfFile.Section in = module() == null ? elf.find(".go.func") : sectionAt(module().get("gofunc"));
            if (in != null && in.type != Elf.SHT_NOBITS) {
                trees = module() == null ? in.offset : in.offset + (module().get("gofunc") - in.address);
                end = in.offset + in.size;
            }
            pieces = new PclnPieces(elf, pcln(), trees, end, functionData());
        }
        return pieces;
    }

    /** The function table; null if the file has none. */
    public Pcln pcln() throws FormatException {
        if (pcln == null) {
            ElfFile.Section table = pclnSection();
            ElfFile.Section text = elf.find(".text");
            if (table != null && text != null) {
                pcln = new Pcln(elf, table, text.address);
            }
        }
        return pcln;
    }

    /** Bytes of the file that are mapped at an address. */
    public byte[] read(long address, int n) throws FormatException {
        long at = elf.fileOffset(address, n);
        if (at < 0) {
            throw elf.bad(-1, "address 0x" + Long.toHexString(address) + " is not in the file");
        }
        return java.util.Arrays.copyOfRange(elf.bytes, (int) at, (int) at + n);
    }
}
