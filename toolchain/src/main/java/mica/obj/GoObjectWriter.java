// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.base.SourceFile;
import mica.base.Sources;

/**
 * Writes symbols with all that Go's linker needs as an ELF relocatable file: bytes and psABI relocations where every tool finds them
 * ({@link ElfObject}), and a section {@value #SECTION} that nothing loads. Its parts, one after the other; numbers are base 128
 * varints unless said otherwise, lists begin with their length, a position is a file's number (0 = none) and an offset:
 * <pre>
 *   magic "micago", format version (2 bytes, little-endian)
 *   strings      length, UTF-8
 *   files        path, length, starts of lines (differences), line directives (offset, file, line, column)
 *   symbols      of this object, in the order of the ELF symbol table behind the file's name and the sections:
 *                flags, kind, alignment, name, package, position, pointer mask
 *   references   to others: ABI, name
 *   relocations  per symbol of this object: those without a counterpart in the psABI (type, offset, target, addend)
 *   methods      per type descriptor
 *   functions    per function: sizes, flags, pc tables, function data, inlined calls
 *   package      1 and the facts of {@link GoPackage}, or 0
 * </pre>
 * A symbol's number counts from 1 over both lists; 0 is none.
 */
public final class GoObjectWriter {
    static final String SECTION = ".mica.go";
    static final byte[] MAGIC = {'m', 'i', 'c', 'a', 'g', 'o', 1, 0};
    static final int ABI_INTERNAL = 1;
    static final int LOCAL = 2;
    static final int DUP_OK = 4;
    static final int MERGEABLE = 8;
    static final int METHODS = 16;
    static final int FUNCTION = 32;
    static final int MASK = 64;

    private final Sources sources;
    private final Bytes out = new Bytes(1 << 14);
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<Symbol, Integer> numbers = new IdentityHashMap<>();
    private final List<Symbol> references = new ArrayList<>();
    private final Map<SourceFile, Integer> files = new HashMap<>();

    private GoObjectWriter(Sources sources) {
        this.sources = sources;
    }

    /**
     * @param file name of the source or package, for the ELF symbol table
     * @param symbols what the object defines; the order is kept within local and global ones
     * @param pkg null: the object is a part of a package only (assembly)
     */
    public static byte[] write(int machine, String file, List<Symbol> symbols, List<ElfObject.Extra> extras, GoPackage pkg, Sources sources) {
        List<Symbol> ordered = new ArrayList<>();
        for (Symbol s : symbols) {
            if (s.local) {
                ordered.add(s);
            }
        }
        for (Symbol s : symbols) {
            if (!s.local) {
                ordered.add(s);
            }
        }
        Symbol section = new Symbol(SECTION, 0);
        section.data = new GoObjectWriter(sources).section(ordered, pkg);
        section.size = section.data.length;
        List<ElfObject.Extra> all = new ArrayList<>(extras);
        all.add(new ElfObject.Extra(SECTION, section));
        return ElfObject.write(machine, file, ordered, all);
    }

    private byte[] section(List<Symbol> symbols, GoPackage pkg) {
        for (Symbol s : symbols) {
            numbers.put(s, numbers.size() + 1);
        }
        numberFiles(symbols);
        symbols(symbols);
        for (Symbol s : symbols) {
            relocations(s);
        }
        for (Symbol s : symbols) {
            if (s.methods != null) {
                methods(s);
            }
        }
        for (Symbol s : symbols) {
            if (s.func != null) {
                function(s.func);
            }
        }
        pkg(pkg);
        return assemble();
    }

    /** The parts that later ones add to come first in the file, so everything else is written before them. */
    private byte[] assemble() {
        Bytes body = new Bytes(out.size());
        body.put(out.raw(), 0, out.size());
        out.truncate(0);
        references(body);
        byte[] middle = out.toArray();
        out.truncate(0);
        files();
        byte[] fileTable = out.toArray();
        Bytes all = new Bytes(1 << 14);
        all.put(MAGIC);
        all.putVarint(strings.size());
        for (String s : strings.keySet()) {
            byte[] b = s.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            all.putVarint(b.length);
            all.put(b);
        }
        all.put(fileTable);
        all.put(middle);
        return all.toArray();
    }

    // ---- strings, files, references ----

    private void string(String s) {
        out.putVarint(strings.computeIfAbsent(s, k -> strings.size()));
    }

    private void symbol(Symbol s) {
        if (s == null) {
            out.putVarint(0);
            return;
        }
        Integer n = numbers.get(s);
        if (n == null) {
            n = numbers.size() + 1;
            numbers.put(s, n);
            references.add(s);
        }
        out.putVarint(n);
    }

    private void position(int pos) {
        SourceFile f = sources.file(pos);
        if (f == null) {
            out.putVarint(0);
            return;
        }
        out.putVarint(files.get(f));
        out.putVarint(pos - f.base);
    }

    /** Files in the order of their names: the order in which they were read is chance. */
    private void numberFiles(List<Symbol> symbols) {
        TreeMap<String, SourceFile> used = new TreeMap<>();
        for (Symbol s : symbols) {
            use(s.pos, used);
            if (s.func != null) {
                for (int i = 0; i < s.func.pcpos.count; i++) {
                    use(s.func.pcpos.value[i], used);
                }
                for (FuncInfo.InlinedCall c : s.func.inlined) {
                    use(c.pos, used);
                }
            }
        }
        for (SourceFile f : used.values()) {
            files.put(f, files.size() + 1);
        }
    }

    private void use(int pos, TreeMap<String, SourceFile> used) {
        SourceFile f = sources.file(pos);
        if (f != null) {
            used.put(f.recordedPath + "\0" + f.path, f);
        }
    }

    private void files() {
        List<SourceFile> ordered = new ArrayList<>(files.keySet());
        ordered.sort((a, b) -> Integer.compare(files.get(a), files.get(b)));
        out.putVarint(ordered.size());
        for (SourceFile f : ordered) {
            string(f.recordedPath);
            int[] lines = f.lineStarts();
            out.putVarint(Math.max(f.text.length, lines[lines.length - 1]));
            out.putVarint(lines.length);
            for (int i = 1; i < lines.length; i++) {
                out.putVarint(lines[i] - lines[i - 1]);
            }
            out.putVarint(f.lineDirectiveCount());
            for (int i = 0; i < f.lineDirectiveCount(); i++) {
                int[] d = f.lineDirective(i);
                out.putVarint(d[0]);
                string(f.lineDirectiveFile(i));
                out.putVarint(d[1]);
                out.putVarint(d[2]);
            }
        }
    }

    // ---- symbols ----

    /** Writes the list of symbols; {@link #references(Bytes)} puts the list of references behind it. */
    private void symbols(List<Symbol> symbols) {
        out.putVarint(symbols.size());
        for (Symbol s : symbols) {
            int flags = (s.abi == 1 ? ABI_INTERNAL : 0) | (s.local ? LOCAL : 0) | (s.dupOk ? DUP_OK : 0) | (s.mergeable ? MERGEABLE : 0)
                    | (s.methods != null ? METHODS : 0) | (s.func != null ? FUNCTION : 0) | (s.ptrMask != null ? MASK : 0);
            out.putVarint(flags);
            out.putVarint(s.kind.ordinal());
            out.putVarint(s.align);
            string(s.name);
            string(s.pkg);
            position(s.pos);
            if (s.ptrMask != null) {
                int n = (int) Math.min(s.ptrMask.length, (s.size / 8 + 7) / 8);
                out.putVarint(n);
                out.put(s.ptrMask, 0, n);
            }
        }
        symbolsEnd = out.size();
    }

    private int symbolsEnd;

    private void references(Bytes body) {
        out.put(body.raw(), 0, symbolsEnd);
        out.putVarint(references.size());
        for (Symbol s : references) {
            out.putVarint(s.abi);
            string(s.name);
        }
        out.put(body.raw(), symbolsEnd, body.size() - symbolsEnd);
    }

    private void relocations(Symbol s) {
        int n = 0;
        for (int i = 0; i < s.relocCount; i++) {
            n += ElfObject.isGoOnly(s.relocType[i]) ? 1 : 0;
        }
        out.putVarint(n);
        for (int i = 0; i < s.relocCount; i++) {
            if (ElfObject.isGoOnly(s.relocType[i])) {
                out.putVarint(s.relocType[i].ordinal());
                out.putVarint(s.relocOffset[i]);
                symbol(s.relocTarget[i]);
                out.putVarint(s.relocAddend[i]);
            }
        }
    }

    private void methods(Symbol s) {
        out.putVarint(s.methods.length);
        for (MethodEntry m : s.methods) {
            out.putVarint(m.offset);
            string(m.key);
            string(m.name);
            out.putVarint(m.exported ? 1 : 0);
            symbol(m.nameRef);
            symbol(m.mtyp);
            symbol(m.ifn);
            symbol(m.tfn);
        }
    }

    // ---- functions ----

    private void function(FuncInfo f) {
        int[] numbers = {f.args, f.frame, f.startLine, f.funcId, f.flags, f.textFlags, f.deferReturn};
        for (int n : numbers) {
            out.putVarint(n & 0xffffffffL);
        }
        string(f.shownName == null ? "" : f.shownName);
        string(f.asmFile == null ? "" : f.asmFile);
        table(f.pcsp);
        positions(f.pcpos);
        for (PcTable t : f.pcdata) {
            table(t == null ? new PcTable() : t);
        }
        for (Symbol s : f.funcdata) {
            symbol(s);
        }
        out.putVarint(f.inlined.size());
        for (FuncInfo.InlinedCall c : f.inlined) {
            out.putVarint(c.parent + 1);
            string(c.name);
            position(c.pos);
            out.putVarint(c.startLine);
            out.putVarint(c.funcId);
            out.putVarint(c.parentPc & 0xffffffffL);
        }
    }

    private void table(PcTable t) {
        out.putVarint(t.count);
        int last = 0;
        for (int i = 0; i < t.count; i++) {
            out.putVarint(t.pc[i] - last);
            out.putVarint(t.value[i] & 0xffffffffL);
            last = t.pc[i];
        }
    }

    private void positions(PcTable t) {
        out.putVarint(t.count);
        int last = 0;
        for (int i = 0; i < t.count; i++) {
            out.putVarint(t.pc[i] - last);
            position(t.value[i]);
            last = t.pc[i];
        }
    }

    // ---- the package ----

    private void pkg(GoPackage p) {
        out.putVarint(p == null ? 0 : 1);
        if (p == null) {
            return;
        }
        for (String s : new String[] {p.toolchain, p.path, p.name, p.linkPath, p.goVersion, p.fingerprint}) {
            string(s);
        }
        out.putVarint(p.standard ? 1 : 0);
        out.putVarint(p.imports.size());
        for (GoPackage.Import i : p.imports) {
            string(i.path);
            string(i.fingerprint);
        }
        out.putVarint(p.sources.size());
        for (GoPackage.Source s : p.sources) {
            string(s.name);
            string(s.recordedPath);
            out.putVarint(s.text.length);
            out.put(s.text);
        }
        out.putVarint(p.steps.size());
        for (GoPackage.Step s : p.steps) {
            symbol(s.function);
            out.putVarint(s.onlyIf == null ? 0 : s.onlyIf.length + 1);
            for (int i = 0; s.onlyIf != null && i < s.onlyIf.length; i++) {
                symbol(s.onlyIf[i]);
            }
        }
    }
}
