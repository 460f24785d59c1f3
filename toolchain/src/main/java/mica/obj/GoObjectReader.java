// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import mica.base.SourceFile;
import mica.base.Sources;

/**
 * Reads what {@link GoObjectWriter} wrote, either the package's facts alone or its symbols too. Everything is checked before it is
 * used: a damaged file gives a {@link FormatException} that says where.
 */
public final class GoObjectReader {
    private static final int R_X86_64_GOTTPOFF = 22;

    private final ElfFile elf;
    private final byte[] b;
    private int at;
    private int end;
    private String[] strings;
    private SourceFile[] files;
    private Symbol[] symbols = {};
    /** How many of the symbols the object itself has. */
    private int own;
    /** Own symbols that count: others were defined by another object before. */
    private boolean[] defines;
    private List<ElfFile.Sym> elfSymbols;
    /** Entries of the ELF symbol table before the object's own symbols: the null entry, the file's name, sections. */
    private int firstSymbol = 1;

    private GoObjectReader(ElfFile elf, ElfFile.Section section) {
        this.elf = elf;
        this.b = elf.bytes;
        this.at = (int) section.offset;
        this.end = (int) (section.offset + section.size);
    }

    /** Whether Mica's compiler or assembler made the file. */
    public static boolean isGo(ElfFile elf) {
        ElfFile.Section s = elf.find(GoObjectWriter.SECTION);
        return s != null && s.type == Elf.SHT_PROGBITS;
    }

    /** The facts of the package that the object holds; null if it holds none (assembly, or no object of Mica). */
    public static GoPackage readPackage(ElfFile elf) throws FormatException {
        if (!isGo(elf)) {
            return null;
        }
        return new GoObjectReader(elf, elf.find(GoObjectWriter.SECTION)).read(new SymbolTable(), new Sources(), false);
    }

    /** Defines the object's symbols in {@code table}; the package's facts, or null if it holds none. */
    public static GoPackage load(ElfFile elf, SymbolTable table, Sources sources) throws FormatException {
        if (elf.fileType != Elf.ET_REL) {
            throw elf.bad(16, "not a relocatable object");
        }
        if (elf.machine != Elf.EM_X86_64) {
            throw elf.bad(18, "object for machine " + elf.machine + ", not x86-64");
        }
        return new GoObjectReader(elf, elf.find(GoObjectWriter.SECTION)).read(table, sources, true);
    }

    /** What the object says of its functions, by number in the ELF symbol table; null for other symbols. */
    public static FuncInfo[] functions(ElfFile elf, Sources sources) throws FormatException {
        GoObjectReader r = new GoObjectReader(elf, elf.find(GoObjectWriter.SECTION));
        r.read(new SymbolTable(), sources, false);
        FuncInfo[] out = new FuncInfo[r.elfSymbols.size()];
        for (int i = 0; i < r.own; i++) {
            out[i + r.firstSymbol] = r.symbols[i].func;
        }
        return out;
    }

    private GoPackage read(SymbolTable table, Sources sources, boolean define) throws FormatException {
        for (byte m : GoObjectWriter.MAGIC) {
            if (at >= end || b[at++] != m) {
                throw elf.bad(at - 1, "section " + GoObjectWriter.SECTION + " has another format or version");
            }
        }
        strings();
        files(sources);
        elfSymbols = elf.symbols();
        while (firstSymbol < elfSymbols.size() && isPreface(elfSymbols.get(firstSymbol))) {
            firstSymbol++;
        }
        symbols(table);
        for (int i = 0; i < own; i++) {
            relocations(i);
        }
        for (int i = 0; i < own; i++) {
            if (has(i, GoObjectWriter.METHODS)) {
                methods(symbols[i]);
            }
        }
        for (int i = 0; i < own; i++) {
            if (has(i, GoObjectWriter.FUNCTION)) {
                FuncInfo f = function();
                if (defines[i]) {
                    symbols[i].func = f;
                }
            }
        }
        if (define) {
            elfRelocations(table);
            for (int i = 0; i < own; i++) {
                if (defines[i]) {
                    symbols[i].kind = kinds[i];
                }
            }
        }
        GoPackage p = pkg();
        if (at != end) {
            throw elf.bad(at, "section " + GoObjectWriter.SECTION + " has " + (end - at) + " bytes too many");
        }
        return p;
    }

    // ---- numbers ----

    private long varint() throws FormatException {
        long v = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                break;
            }
            byte x = b[at++];
            v |= (x & 0x7fL) << shift;
            if (x >= 0) {
                return v;
            }
        }
        throw elf.bad(at, "damaged number in section " + GoObjectWriter.SECTION);
    }

    /** A number below {@code limit}. */
    private int number(long limit, String what) throws FormatException {
        int from = at;
        long v = varint();
        if (v < 0 || v >= limit) {
            throw elf.bad(from, what + " " + v + " is out of range");
        }
        return (int) v;
    }

    /** The length of a list whose elements take a byte each at least. */
    private int count(String what) throws FormatException {
        return number((long) end - at + 1, "number of " + what);
    }

    private int int32() throws FormatException {
        return (int) varint();
    }

    private String string() throws FormatException {
        return strings[number(strings.length, "string")];
    }

    private Symbol symbol() throws FormatException {
        int n = number(symbols.length + 1L, "symbol");
        return n == 0 ? null : symbols[n - 1];
    }

    private Symbol needed(String what) throws FormatException {
        int from = at;
        Symbol s = symbol();
        if (s == null) {
            throw elf.bad(from, what + " names no symbol");
        }
        return s;
    }

    private int position() throws FormatException {
        int f = number(files.length + 1L, "file");
        return f == 0 ? 0 : files[f - 1].pos(number(Integer.MAX_VALUE / 2, "position"));
    }

    private void strings() throws FormatException {
        strings = new String[count("strings")];
        for (int i = 0; i < strings.length; i++) {
            int n = number((long) end - at + 1, "length of a string");
            strings[i] = new String(b, at, n, StandardCharsets.UTF_8);
            at += n;
        }
    }

    private void files(Sources sources) throws FormatException {
        files = new SourceFile[count("files")];
        for (int i = 0; i < files.length; i++) {
            String path = string();
            int length = number(1 << 28, "length of a file");
            int[] lines = new int[count("lines")];
            if (lines.length == 0) {
                throw elf.bad(at, "a file without lines");
            }
            for (int k = 1; k < lines.length; k++) {
                lines[k] = lines[k - 1] + number(length - lines[k - 1] + 1L, "length of a line");
            }
            files[i] = sources.addTable(path, length, lines);
            int directives = count("line directives");
            for (int k = 0; k < directives; k++) {
                int offset = number(length + 1L, "line directive");
                String file = string();
                files[i].addLineDirective(offset, file, int32(), int32());
            }
        }
    }

    // ---- symbols ----

    private SymKind[] kinds;
    private int[] flags;

    private boolean has(int i, int flag) {
        return (flags[i] & flag) != 0;
    }

    private void symbols(SymbolTable table) throws FormatException {
        own = count("symbols");
        if (own + firstSymbol > elfSymbols.size() && own > 0) {
            throw elf.bad(at, own + " symbols, but " + elfSymbols.size() + " in the ELF symbol table");
        }
        symbols = new Symbol[own];
        kinds = new SymKind[own];
        flags = new int[own];
        defines = new boolean[own];
        for (int i = 0; i < own; i++) {
            ownSymbol(i, table);
        }
        int n = count("references");
        symbols = Arrays.copyOf(symbols, own + n);
        for (int i = own; i < symbols.length; i++) {
            int abi = number(2, "ABI");
            symbols[i] = table.lookup(string(), abi);
        }
    }

    private void ownSymbol(int i, SymbolTable table) throws FormatException {
        int from = at;
        flags[i] = number(128, "flags");
        SymKind[] all = SymKind.values();
        kinds[i] = all[number(all.length, "kind")];
        int align = number((1 << 16) + 1, "alignment");
        String name = string();
        String pkg = string();
        int pos = position();
        byte[] mask = null;
        if (has(i, GoObjectWriter.MASK)) {
            int n = count("bytes of a pointer mask");
            mask = Arrays.copyOfRange(b, at, at + n);
            at += n;
        }
        if (kinds[i] == SymKind.UNDEFINED || kinds[i] == SymKind.ABS || align == 0 || (align & align - 1) != 0) {
            throw elf.bad(from, name + ": kind " + kinds[i] + " of alignment " + align);
        }
        int abi = has(i, GoObjectWriter.ABI_INTERNAL) ? 1 : 0;
        boolean local = has(i, GoObjectWriter.LOCAL);
        Symbol s = local ? new Symbol(name, abi) : table.lookup(name, abi);
        symbols[i] = s;
        if (s.isDefined() || s.size != 0 || s.data != null) {
            if (!has(i, GoObjectWriter.DUP_OK) && !s.dupOk) {
                throw elf.bad(from, "duplicated definition of symbol " + name + ", also in " + s.origin);
            }
            return;
        }
        defines[i] = true;
        s.local = local;
        s.dupOk = has(i, GoObjectWriter.DUP_OK);
        s.mergeable = has(i, GoObjectWriter.MERGEABLE);
        s.align = align;
        s.pkg = pkg;
        s.pos = pos;
        s.ptrMask = mask;
        s.origin = elf.path;
        s.definer = null;
        contents(s, kinds[i], elfSymbols.get(i + firstSymbol));
    }

    private void contents(Symbol s, SymKind kind, ElfFile.Sym y) throws FormatException {
        if (y.section <= 0 || y.section >= elf.sections.size()) {
            throw elf.bad(-1, s.name + " lies in no section");
        }
        ElfFile.Section in = elf.sections.get(y.section);
        if (y.value < 0 || y.size < 0 || y.value > in.size || y.size > in.size - y.value || y.size > Integer.MAX_VALUE / 2) {
            throw elf.bad(in.offset, s.name + " lies outside of its section");
        }
        boolean zeroed = kind == SymKind.BSS || kind == SymKind.NOPTRBSS;
        if (zeroed != (in.type == Elf.SHT_NOBITS)) {
            throw elf.bad(in.offset, s.name + ": section " + in.name + " does not fit kind " + kind);
        }
        s.size = y.size;
        if (!zeroed) {
            int from = (int) (in.offset + y.value);
            s.data = Arrays.copyOfRange(b, from, from + (int) y.size);
        }
    }

    private void relocations(int i) throws FormatException {
        int n = count("relocations");
        RelocType[] types = RelocType.values();
        for (int k = 0; k < n; k++) {
            int from = at;
            RelocType type = types[number(types.length, "relocation type")];
            int offset = number(Integer.MAX_VALUE, "relocation offset");
            Symbol target = symbol();
            long addend = varint();
            if (!ElfObject.isGoOnly(type) || offset > symbols[i].size - type.size && defines[i]) {
                throw elf.bad(from, symbols[i].name + ": relocation " + type + " at " + offset);
            }
            if (defines[i]) {
                symbols[i].addReloc(offset, type, target, addend);
            }
        }
    }

    private void methods(Symbol s) throws FormatException {
        MethodEntry[] all = new MethodEntry[count("methods")];
        for (int k = 0; k < all.length; k++) {
            int from = at;
            int offset = number(Integer.MAX_VALUE, "method");
            String key = string();
            String name = string();
            boolean exported = number(2, "flag") == 1;
            all[k] = new MethodEntry(offset, symbol(), key, name, exported, symbol(), symbol(), symbol());
            if (offset + 16L > s.size && s.methods == null) {
                throw elf.bad(from, s.name + ": method record at " + offset + " of " + s.size + " bytes");
            }
        }
        if (s.methods == null) {
            s.methods = all;
        }
    }

    // ---- functions ----

    private FuncInfo function() throws FormatException {
        FuncInfo f = new FuncInfo();
        f.args = int32();
        f.frame = int32();
        f.startLine = int32();
        f.funcId = int32();
        f.flags = int32();
        f.textFlags = int32();
        f.deferReturn = int32();
        String shown = string();
        f.shownName = shown.isEmpty() ? null : shown;
        String asmFile = string();
        f.asmFile = asmFile.isEmpty() ? null : asmFile;
        table(f.pcsp, false);
        table(f.pcpos, true);
        for (int i = 0; i < f.pcdata.length; i++) {
            PcTable t = new PcTable();
            table(t, false);
            f.pcdata[i] = t.count == 0 ? null : t;
        }
        for (int i = 0; i < f.funcdata.length; i++) {
            f.funcdata[i] = symbol();
        }
        int n = count("inlined calls");
        for (int i = 0; i < n; i++) {
            FuncInfo.InlinedCall c = new FuncInfo.InlinedCall();
            c.parent = number(i + 1L, "parent of an inlined call") - 1;
            c.name = string();
            c.pos = position();
            c.startLine = int32();
            c.funcId = int32();
            c.parentPc = int32();
            f.inlined.add(c);
        }
        return f;
    }

    private void table(PcTable t, boolean positions) throws FormatException {
        int n = count("pc table entries");
        int pc = 0;
        for (int i = 0; i < n; i++) {
            pc += number(Integer.MAX_VALUE - pc, "pc");
            t.add(pc, positions ? position() : int32());
        }
    }

    // ---- ELF relocations ----

    private void elfRelocations(SymbolTable table) throws FormatException {
        List<List<Integer>> bySection = new ArrayList<>();
        for (int i = 0; i < elf.sections.size(); i++) {
            bySection.add(new ArrayList<>());
        }
        for (int i = 0; i < own; i++) {
            bySection.get(elfSymbol(i).section).add(i);
        }
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_RELA || s.info <= 0 || s.info >= bySection.size() || bySection.get(s.info).isEmpty()) {
                continue;
            }
            List<Integer> inside = bySection.get(s.info);
            inside.sort(Comparator.comparingLong((Integer i) -> elfSymbol(i).value));
            for (ElfFile.Rela r : elf.relocations(s)) {
                elfRelocation(s, r, inside, table);
            }
        }
    }

    private static boolean isPreface(ElfFile.Sym s) {
        return s.type == Elf.STT_FILE || s.type == Elf.STT_SECTION;
    }

    private ElfFile.Sym elfSymbol(int i) {
        return elfSymbols.get(i + firstSymbol);
    }

    private void elfRelocation(ElfFile.Section s, ElfFile.Rela r, List<Integer> inside, SymbolTable table) throws FormatException {
        RelocType type = ElfObject.typeOfX86(r.type);
        if (r.symbol <= 0 || r.symbol >= elfSymbols.size()) {
            throw elf.bad(s.offset, "relocation of type " + r.type + " against symbol " + r.symbol);
        }
        if (type == null) {
            throw elf.bad(s.offset, "relocation of type " + r.type + " against " + elfSymbols.get(r.symbol).name
                    + (r.type == R_X86_64_GOTTPOFF ? ": thread-local storage of shared libraries is not linked" : " is not known"));
        }
        int lo = 0;
        int hi = inside.size() - 1;
        while (lo < hi) {
            int mid = (lo + hi + 1) >>> 1;
            if (elfSymbol(inside.get(mid)).value <= r.offset) {
                lo = mid;
            } else {
                hi = mid - 1;
            }
        }
        int i = inside.get(lo);
        long offset = r.offset - elfSymbol(i).value;
        if (offset < 0 || offset > elfSymbol(i).size - type.size) {
            throw elf.bad(s.offset, "relocation at " + r.offset + " lies in no symbol");
        }
        if (defines[i]) {
            int t = r.symbol - firstSymbol;
            Symbol target = t >= 0 && t < own ? symbols[t] : ElfObject.named(table, elfSymbols.get(r.symbol).name);
            if (type == RelocType.GOTPCREL) {
                symbols[i].addReloc((int) offset, RelocType.PC32, ElfRelocatable.gotEntry(target, 0), r.addend);
            } else {
                symbols[i].addReloc((int) offset, type, target, r.addend);
            }
        }
    }

    // ---- the package ----

    private GoPackage pkg() throws FormatException {
        if (number(2, "flag") == 0) {
            return null;
        }
        GoPackage p = new GoPackage();
        p.toolchain = string();
        p.path = string();
        p.name = string();
        p.linkPath = string();
        p.goVersion = string();
        p.fingerprint = string();
        p.standard = number(2, "flag") == 1;
        int n = count("imports");
        for (int i = 0; i < n; i++) {
            String path = string();
            p.imports.add(new GoPackage.Import(path, string()));
        }
        n = count("source files");
        for (int i = 0; i < n; i++) {
            String name = string();
            String recorded = string();
            int length = number((long) end - at + 1, "length of a source file");
            p.sources.add(new GoPackage.Source(name, recorded, Arrays.copyOfRange(b, at, at + length)));
            at += length;
        }
        n = count("initialization steps");
        for (int i = 0; i < n; i++) {
            Symbol function = needed("initialization step");
            int k = count("variables") - 1;
            Symbol[] onlyIf = k < 0 ? null : new Symbol[k];
            for (int j = 0; j < k; j++) {
                onlyIf[j] = needed("initialization step");
            }
            p.steps.add(new GoPackage.Step(function, onlyIf));
        }
        return p;
    }
}
