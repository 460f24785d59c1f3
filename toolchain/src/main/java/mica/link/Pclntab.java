// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Builds the table of functions (pclntab, format of Go 1.20 and later, magic 0xFFFFFFF1), the index into it (findfunctab) and
 * the inline trees. Only offsets from the start of text stand in these tables, so they are made before addresses are known.
 *
 * <p>Unit tables: {@code cutab} holds every file once, in order of name, and a function's {@code cuOffset} is the smallest number
 * among its files. Its pcfile values count from there; a function of one file (nearly all) has the constant 0, and all of these
 * share one pcfile table.
 */
final class Pclntab {
    private static final int HEADER = 72;
    private static final int FUNC_SIZE = 44;
    private static final int INLINED_CALL_SIZE = 16;

    private final LinkOptions options;
    private final Sources sources;
    private final List<Symbol> functions;

    private final Bytes names = new Bytes(1 << 16);
    private final Map<String, Integer> nameOffset = new HashMap<>();
    private final Map<String, Integer> fileNumber = new HashMap<>();
    private final Bytes files = new Bytes(1 << 12);
    private final Bytes units = new Bytes(1 << 10);
    private final PcValues pctab;

    // Inline trees by function index; null = none.
    private final Symbol[] inlineTree;

    /** The whole table; offsets of its parts. */
    final Symbol symbol = new Symbol("runtime.pclntab", 0);
    int cuOffset;
    int filetabOffset;
    int pctabOffset;
    int pclnOffset;
    int fileCount;

    Pclntab(LinkOptions options, Sources sources, List<Symbol> functions) {
        this.options = options;
        this.sources = sources;
        this.functions = functions;
        this.pctab = new PcValues(options.pcQuantum);
        this.inlineTree = new Symbol[functions.size()];
    }

    // ---- inline trees ----

    /** Makes the inline trees as FUNCDATA symbols, equal ones once; call before layout of .go.func. */
    List<Symbol> inlineTrees() {
        List<Symbol> made = new ArrayList<>();
        Map<String, Symbol> known = new HashMap<>();
        for (int i = 0; i < functions.size(); i++) {
            FuncInfo f = functions.get(i).func;
            if (f == null || f.inlined.isEmpty()) {
                continue;
            }
            Symbol s = new Symbol("go:inltree", 0);
            s.kind = SymKind.FUNCDATA;
            s.align = 4;
            s.data = new byte[f.inlined.size() * INLINED_CALL_SIZE];
            s.size = s.data.length;
            for (int k = 0; k < f.inlined.size(); k++) {
                FuncInfo.InlinedCall c = f.inlined.get(k);
                int at = k * INLINED_CALL_SIZE;
                s.data[at] = (byte) c.funcId;
                Bytes.store32(s.data, at + 4, name(c.name));
                Bytes.store32(s.data, at + 8, c.parentPc);
                Bytes.store32(s.data, at + 12, c.startLine);
            }
            String key = new String(s.data, java.nio.charset.StandardCharsets.ISO_8859_1);
            Symbol old = known.putIfAbsent(key, s);
            if (old == null) {
                made.add(s);
            }
            inlineTree[i] = old == null ? s : old;
        }
        return made;
    }

    int functionCount() {
        return functions.size();
    }

    Symbol function(int i) {
        return functions.get(i);
    }

    /** The inline tree of function i; null = none. */
    Symbol inlineTree(int i) {
        return inlineTree[i];
    }

    private int name(String n) {
        Integer at = nameOffset.get(n);
        if (at == null) {
            at = names.putCString(n);
            nameOffset.put(n, at);
        }
        return at;
    }

    // ---- files ----

    private String fileOf(Symbol s, int pos) {
        if (s.func.asmFile != null) {
            return s.func.asmFile;
        }
        SourceFile f = sources.file(pos);
        return f == null ? null : f.recordedName(pos);
    }

    private void collectFiles() {
        TreeSet<String> all = new TreeSet<>();
        for (Symbol s : functions) {
            if (s.func == null) {
                continue;
            }
            PcTable t = s.func.pcpos;
            for (int i = 0; i < t.count; i++) {
                String f = t.value[i] > 0 ? fileOf(s, t.value[i]) : null;
                if (f != null) {
                    all.add(f);
                }
            }
        }
        for (String f : all) {
            fileNumber.put(f, fileNumber.size());
            units.put32(files.putCString(f));
        }
        fileCount = all.size();
    }

    // ---- the table ----

    /** Writes everything; text offsets and the offsets of FUNCDATA symbols in .go.func must be final. */
    void build(Section text) {
        collectFiles();
        int n = functions.size();
        Bytes pcln = new Bytes(n * 96);
        pcln.zeros((n + 1) * 8);
        for (int i = 0; i < n; i++) {
            Symbol s = functions.get(i);
            pcln.align(4);
            pcln.set32(i * 8, (int) s.address);
            pcln.set32(i * 8 + 4, pcln.size());
            function(pcln, s, inlineTree[i]);
        }
        pcln.set32(n * 8, (int) text.size);
        assemble(n, pcln);
    }

    private void function(Bytes out, Symbol s, Symbol tree) {
        FuncInfo f = s.func;
        int at = out.size();
        out.zeros(FUNC_SIZE);
        out.set32(at, (int) s.address);
        out.set32(at + 4, name(f != null && f.shownName != null ? f.shownName : s.name));
        if (f == null) {
            return;
        }
        int size = (int) s.size;
        out.set32(at + 8, f.args);
        out.set32(at + 12, f.deferReturn);
        out.set32(at + 16, pctab.add(f.pcsp, size));
        positions(out, at, s, size);
        int npcdata = 0;
        for (int i = 0; i < f.pcdata.length; i++) {
            if (f.pcdata[i] != null && f.pcdata[i].count > 0) {
                npcdata = i + 1;
            }
        }
        int nfuncdata = 0;
        for (int i = 0; i < f.funcdata.length; i++) {
            if (funcdata(f, tree, i) != null) {
                nfuncdata = i + 1;
            }
        }
        out.set32(at + 28, npcdata);
        out.set32(at + 36, f.startLine);
        out.raw()[at + 40] = (byte) f.funcId;
        out.raw()[at + 41] = (byte) f.flags;
        out.raw()[at + 43] = (byte) nfuncdata;
        for (int i = 0; i < npcdata; i++) {
            out.put32(pctab.add(f.pcdata[i], size));
        }
        for (int i = 0; i < nfuncdata; i++) {
            Symbol d = funcdata(f, tree, i);
            out.put32(d == null ? -1 : (int) Fold.canonical(d).address);
        }
    }

    private static Symbol funcdata(FuncInfo f, Symbol tree, int i) {
        return i == FuncInfo.FUNCDATA_INL_TREE ? tree : f.funcdata[i];
    }

    /** pcfile, pcln and cuOffset from the position table. */
    private void positions(Bytes out, int at, Symbol s, int size) {
        PcTable t = s.func.pcpos;
        PcTable file = new PcTable();
        PcTable line = new PcTable();
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < t.count; i++) {
            int pos = t.value[i];
            String name = pos > 0 ? fileOf(s, pos) : null;
            int number = name == null ? -1 : fileNumber.get(name);
            if (number >= 0) {
                first = Math.min(first, number);
            }
            file.add(t.pc[i], number);
            line.add(t.pc[i], name == null ? -1 : lineOf(s, pos));
        }
        if (first == Integer.MAX_VALUE) {
            return;
        }
        for (int i = 0; i < file.count; i++) {
            if (file.value[i] >= 0) {
                file.value[i] -= first;
            }
        }
        out.set32(at + 20, pctab.add(file, size));
        out.set32(at + 24, pctab.add(line, size));
        out.set32(at + 32, first);
    }

    private int lineOf(Symbol s, int pos) {
        return s.func.asmFile != null ? pos : sources.file(pos).line(pos);
    }

    private void assemble(int n, Bytes pcln) {
        Bytes out = new Bytes(HEADER + names.size() + pctab.bytes().size() + pcln.size() + files.size() + 4096);
        out.put32(0xFFFFFFF1);
        out.put16(0);
        out.put8(options.pcQuantum);
        out.put8(8);
        out.put64(n);
        out.put64(fileCount);
        out.put64(0);
        out.zeros(5 * 8);
        part(out, 32, names, 1);
        cuOffset = part(out, 40, units, 4);
        filetabOffset = part(out, 48, files, 1);
        pctabOffset = part(out, 56, pctab.bytes(), 1);
        pclnOffset = part(out, 64, pcln, 8);
        symbol.kind = SymKind.RODATA;
        symbol.align = 32;
        symbol.data = out.toArray();
        symbol.size = symbol.data.length;
    }

    private static int part(Bytes out, int headerField, Bytes part, int align) {
        out.align(align);
        int at = out.size();
        out.set64(headerField, at);
        out.put(part.raw(), 0, part.size());
        return at;
    }

    // ---- findfunctab ----

    /**
     * One bucket of 20 bytes per 4096 bytes of text: the index in functab of the function at the bucket's start, and for each of
     * its 16 sub-buckets how many functions later the one at the sub-bucket's start is.
     */
    Symbol findfunctab(long textSize) {
        Symbol s = new Symbol("runtime.findfunctab", 0);
        s.kind = SymKind.RODATA;
        s.align = 4;
        int buckets = (int) ((textSize + 4095) / 4096);
        byte[] b = new byte[buckets * 20];
        int k = 0;
        for (int i = 0; i < buckets; i++) {
            int base = 0;
            for (int j = 0; j < 16; j++) {
                long at = i * 4096L + j * 256;
                while (k + 1 < functions.size() && functions.get(k + 1).address <= at) {
                    k++;
                }
                if (j == 0) {
                    base = k;
                    Bytes.store32(b, i * 20, base);
                }
                b[i * 20 + 4 + j] = (byte) (k - base);
            }
        }
        s.data = b;
        s.size = b.length;
        return s;
    }
}
