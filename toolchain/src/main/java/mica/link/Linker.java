// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.LinkGraphFile;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Links symbols to an executable: one list of phases, see {@link #link}. */
public final class Linker {
    private final LinkOptions options;
    private final SymbolTable table;
    private final Sources sources;
    private final Diagnostics diagnostics;
    private final Image image = new Image();

    private Boundaries boundaries;
    private List<Symbol> reached;
    private Reach reach;
    private final List<Symbol> roots = new ArrayList<>();
    private final Layout layout;
    private final ModuleData.Parts parts = new ModuleData.Parts();
    private final ModuleData moduleData;
    private BuildInfo buildInfo;
    private Symbol moduleRecord;
    private Pclntab inlineTrees;
    private Symbol unreachableMethod;
    private GraphBuilder graph;
    private long phaseStart;

    private Linker(LinkOptions options, SymbolTable table, Sources sources) {
        this.options = options;
        this.table = table;
        this.sources = sources;
        this.diagnostics = options.diagnostics;
        this.layout = new Layout(options);
        this.moduleData = new ModuleData(options);
    }

    /**
     * Links everything that the roots need.
     *
     * @param roots symbols that are needed whatever refers to them, beside the entry and the packages' initializers
     * @return the executable; null if errors were reported to {@link LinkOptions#diagnostics}
     */
    public static Image link(LinkOptions options, SymbolTable table, Sources sources, List<Symbol> roots) {
        return new Linker(options, table, sources).run(roots);
    }

    private Image run(List<Symbol> needed) {
        phaseStart = System.nanoTime();

        // Which symbols the program consists of. What they refer to is compiled on the way.
        reach(needed);
        end("reach", reached.size() + " symbols, " + relocations() + " relocations");
        if (!diagnostics.isEmpty()) {
            return null;
        }
        // From here on no symbol of the program appears; the linker adds tables of its own.
        setStrings();
        initTasks();
        prepare();
        end("init", options.initTasks.size() + " packages");
        end("fold", Fold.run(reached) + " symbols folded");
        layout.placeText(reached);
        Pclntab pclntab = new Pclntab(options, sources, layout.functions);
        layout.placeData(pclntab.inlineTrees());
        pclntab.build(layout.text);
        end("pclntab", layout.functions.size() + " functions, " + pclntab.symbol.size + " bytes");
        tables(pclntab);
        inlineTrees = pclntab;
        // From here on no section grows.
        layout.assignAddresses(ElfWriter.headerSize());
        setBoundaries();
        foldedAddresses();
        moduleData();
        end("layout", layout.sections().size() + " sections, " + layout.fileEnd + " bytes");
        write();
        end("write", image.bytes.length + " bytes, " + image.sections.size() + " sections");
        buildId();
        end("buildid", image.buildId);
        return image;
    }

    /** @param what counts of what the phase dealt with */
    private void end(String phase, String what) {
        image.phaseCounts.add(what);
        long now = System.nanoTime();
        image.phaseNames.add(phase);
        image.phaseNanos.add(now - phaseStart);
        phaseStart = now;
    }

    // ---- reach ----

    private void reach(List<Symbol> needed) {
        boundaries = new Boundaries(table);
        roots.add(table.lookup(options.entry));
        roots.addAll(needed);
        unreachableMethod = table.find("runtime.unreachableMethod", 1);
        if (unreachableMethod != null) {
            roots.add(unreachableMethod);
        }
        reach = new Reach(options);
        reach.run(roots);
        reached = reach.symbols;
        layout.edges = reach.edges;
        image.symbols = reached;
        if (diagnostics.isEmpty()) {
            for (Symbol s : reached) {
                if (!s.isDefined() && s.weak) {
                    s.kind = SymKind.ABS;
                } else if (!s.isDefined()) {
                    undefined(s);
                }
            }
        }
    }

    private int relocations() {
        int n = 0;
        for (Symbol s : reached) {
            n += s.relocCount;
        }
        return n;
    }

    private void undefined(Symbol s) {
        String from = s.reachedFrom == null ? null : s.reachedFrom.name;
        if (s.name.equals("main.main") || s.name.equals("runtime.main_main")) {
            diagnostics.error(0, "function main is undeclared in the main package");
            return;
        }
        String what = (from == null ? "" : from + ": ") + "relocation target " + s.name + " not defined";
        Symbol other = table.find(s.name, 1 - s.abi);
        if (other != null && other.kind == SymKind.TEXT) {
            what += s.abi == 0 ? " for ABI0 (but is defined for ABIInternal)" : " for ABIInternal (but is defined for ABI0)";
        }
        diagnostics.error(s.reachedFrom == null ? 0 : s.reachedFrom.pos, what);
    }

    // ---- what the linker adds ----

    /** -X, and the version that the runtime shows. */
    private void setStrings() {
        setString("runtime.buildVersion", options.goVersion);
        for (Map.Entry<String, String> e : options.stringValues.entrySet()) {
            setString(e.getKey(), e.getValue());
        }
    }

    private void setString(String name, String value) {
        Symbol s = table.find(name, 0);
        if (s == null || s.id < 0 || s.kind == SymKind.TEXT) {
            return;
        }
        if (s.size != 16) {
            diagnostics.error(s.pos, name + ": cannot set with -X: not a var of type string");
            return;
        }
        Symbol contents = new Symbol("go:string." + value, 0);
        contents.kind = SymKind.STRING;
        contents.data = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        contents.size = contents.data.length;
        add(contents);
        s.kind = SymKind.DATA;
        s.data = new byte[16];
        s.relocCount = 0;
        s.putAddress(0, contents, 0);
        s.put(8, contents.size, 8);
        s.markPointer(0);
    }

    private void add(Symbol s) {
        s.linkFlags |= Reach.REACHED;
        s.id = reached.size();
        reached.add(s);
    }

    private void initTasks() {
        List<Symbol> records = new ArrayList<>();
        parts.initTasks = moduleData.initTasks(records);
        for (Symbol s : records) {
            add(s);
        }
        add(parts.initTasks);
    }

    private void prepare() {
        Symbol record = table.find("runtime.firstmoduledata", 0);
        if (record != null && record.id >= 0) {
            moduleData.reserve(record);
            moduleRecord = record;
        }
        buildInfo = new BuildInfo(options);
        for (int i = 0; i < reached.size(); i++) {
            Symbol s = reached.get(i);
            if (s.data == null && s.size == 0) {
                s.data = new byte[0];
            }
            if (s.func == null) {
                continue;
            }
            // Offsets of FUNCDATA count from go:func.*, so read-only data in that role goes there.
            for (Symbol f : s.func.funcdata) {
                if (f != null && f.kind == SymKind.RODATA) {
                    f.kind = SymKind.FUNCDATA;
                }
            }
        }
    }

    private void tables(Pclntab pclntab) {
        parts.boundaries = boundaries;
        parts.layout = layout;
        parts.pclntab = pclntab.symbol;
        parts.findfunctab = pclntab.findfunctab(layout.text.size);
        parts.dataMask = ModuleData.mask("runtime.gcdatamask", layout.data);
        parts.bssMask = ModuleData.mask("runtime.gcbssmask", layout.bss);
        parts.modInfo = buildInfo.symbol;
        parts.modInfoOffset = buildInfo.modInfoOffset;
        parts.modInfoSize = buildInfo.modInfoSize;
        layout.placeLast(ModuleData.listOf(parts.dataMask, parts.bssMask, parts.findfunctab));
        layout.pclntab.append(pclntab.symbol, pclntab.symbol.align);
        layout.buildInfo.append(buildInfo.symbol, buildInfo.symbol.align);
        layout.buildIdNote.append(BuildInfo.goNote(options.buildId), 4);
        layout.gnuBuildIdNote.append(BuildInfo.gnuNote(options.gnuBuildId), 4);
    }

    private void setBoundaries() {
        range("text", "etext", layout.text);
        range("rodata", "erodata", layout.rodata);
        range("types", "etypes", layout.types);
        range("noptrdata", "enoptrdata", layout.noptrdata);
        range("data", "edata", layout.data);
        range("bss", "ebss", layout.bss);
        range("noptrbss", "enoptrbss", layout.noptrbss);
        range("pclntab", "epclntab", layout.pclntab);
        boundaries.set("runtime.findfunctab", parts.findfunctab.address);
        boundaries.set("go:func.*", layout.funcs.address);
        boundaries.set("runtime.end", layout.noptrbss.end());
    }

    /** Folded symbols lie where their representatives do, labels in their sections. */
    private void foldedAddresses() {
        for (int i = 0; i < reached.size(); i++) {
            Symbol s = reached.get(i);
            if (s.foldedInto != null) {
                s.address = s.foldedInto.address;
            } else if (s.aliasOf != null) {
                s.address = Fold.canonical(s.aliasOf).address + s.aliasOffset;
            }
        }
    }

    private void range(String start, String end, Section s) {
        boundaries.set("runtime." + start, s.address);
        boundaries.set("runtime." + end, s.end());
    }

    private void moduleData() {
        if (moduleRecord != null) {
            moduleData.fill(moduleRecord, parts);
        }
    }

    // ---- write ----

    private void write() {
        List<Section> sections = layout.sections();
        for (int i = 0; i < sections.size(); i++) {
            sections.get(i).index = i + 1;
        }
        long at = layout.fileEnd;
        if (!options.omitDebug && !options.omitSymbols) {
            at = debugInformation(sections, at);
        }
        if (options.graph || !options.omitSymbols) {
            graph = new GraphBuilder(options, reach);
            image.graph = graph.build(layout.sections(), roots, inlineTrees, parts.initTasks);
        }
        if (!options.omitSymbols) {
            at = symbolTable(sections, at);
        }
        Section names = new Section(".shstrtab", Elf.SHT_STRTAB, 0);
        sections.add(names);
        names.index = sections.size();
        int[] nameOffsets = sectionNames(sections, names);
        names.fileOffset = at;
        at = Layout.roundUp(at + names.size, 8);
        byte[] headers = ElfWriter.sectionHeaders(sections, nameOffsets);
        byte[] out = new byte[(int) at + headers.length];
        image.bytes = out;
        image.sections.addAll(sections);
        image.entry = Fold.canonical(table.lookup(options.entry)).address;
        ElfWriter.headers(out, options, layout, image.entry, at, sections.size() + 1, names.index);
        System.arraycopy(headers, 0, out, (int) at, headers.length);
        Relocator relocator = new Relocator(out, layout, unreachableMethod, options.cutFrom != null);
        for (Section s : sections) {
            if (s.contents != null) {
                System.arraycopy(s.contents, 0, out, (int) s.fileOffset, (int) s.size);
            } else if (s.type != Elf.SHT_NOBITS) {
                relocator.write(s);
            }
        }
    }

    private long debugInformation(List<Section> sections, long at) {
        for (Section s : new Dwarf(sources, layout, options.goVersion).build()) {
            s.fileOffset = Layout.roundUp(at, s.align);
            at = s.fileOffset + s.size;
            sections.add(s);
            s.index = sections.size();
        }
        return at;
    }

    private long symbolTable(List<Section> sections, long at) {
        Section symtab = new Section(".symtab", Elf.SHT_SYMTAB, 0);
        Section strtab = new Section(".strtab", Elf.SHT_STRTAB, 0);
        SymbolTableWriter writer = new SymbolTableWriter(table, options.keepRelocations);
        writer.build(sections, reached, boundaries, symtab, strtab);
        symtab.align = 8;
        symtab.entrySize = Elf.SYM_SIZE;
        symtab.fileOffset = Layout.roundUp(at, 8);
        strtab.fileOffset = symtab.fileOffset + symtab.size;
        sections.add(symtab);
        symtab.index = sections.size();
        sections.add(strtab);
        strtab.index = sections.size();
        symtab.link = strtab.index;
        return reasons(sections, writer, strtab.fileOffset + strtab.size);
    }

    /** Why each symbol is linked, for {@code mica why}. */
    private long reasons(List<Section> sections, SymbolTableWriter symtab, long at) {
        int[] entries = new int[image.graph.nodes.size()];
        long[] sizes = new long[entries.length];
        for (Section in : sections) {
            for (Symbol s : in.symbols) {
                int n = graph.numberOf(s);
                if (n >= 0) {
                    entries[n] = symtab.isNamed(s) ? symtab.numberOf(s) : 0;
                    sizes[n] = s.size;
                }
            }
        }
        Section section = Dwarf.section(LinkGraphFile.SECTION, LinkGraphFile.write(image.graph, entries, sizes));
        section.fileOffset = Layout.roundUp(at, section.align);
        sections.add(section);
        section.index = sections.size();
        return options.keepRelocations ? relocations(sections, symtab, section.fileOffset + section.size) : section.fileOffset + section.size;
    }

    private long relocations(List<Section> sections, SymbolTableWriter symtab, long at) {
        int table = 0;
        for (Section s : sections) {
            table = s.type == Elf.SHT_SYMTAB ? s.index : table;
        }
        for (Section s : new RelocationSections(layout, symtab, unreachableMethod).build(layout.sections(), table)) {
            s.fileOffset = Layout.roundUp(at, s.align);
            at = s.fileOffset + s.size;
            sections.add(s);
            s.index = sections.size();
        }
        return at;
    }

    private static int[] sectionNames(List<Section> sections, Section names) {
        Bytes b = new Bytes(256);
        b.put8(0);
        int[] offsets = new int[sections.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = b.putCString(sections.get(i).name);
        }
        names.contents = b.toArray();
        names.size = b.size();
        return offsets;
    }

    private void buildId() {
        byte[] hash = BuildInfo.hash(image.bytes, image.bytes.length);
        byte[] text = BuildInfo.hashText(hash);
        image.buildId = options.buildId;
        if (options.buildId == null) {
            System.arraycopy(text, 0, image.bytes, (int) layout.buildIdNote.fileOffset + BuildInfo.NOTE_HEADER, text.length);
            image.buildId = new String(text, java.nio.charset.StandardCharsets.US_ASCII);
        }
        if (options.gnuBuildId != null) {
            return;
        }
        int at = (int) layout.gnuBuildIdNote.fileOffset + BuildInfo.NOTE_HEADER;
        System.arraycopy(hash, 0, image.bytes, at, hash.length);
    }
}
