// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * What one source file defines. Symbols get their kind, and so become defined, when the whole file was read without
 * errors.
 */
final class AsmUnit {
    // textflag.h
    static final int DUPOK = 2;
    static final int NOSPLIT = 4;
    static final int RODATA = 8;
    static final int NOPTR = 16;
    static final int WRAPPER = 32;
    static final int NEEDCTXT = 64;
    static final int TLSBSS = 256;
    static final int NOFRAME = 512;
    static final int TOPFRAME = 2048;
    /**
     * Mica's own: a compiled function's listing. The depth of the stack is not followed, jumps to jumps stay as they
     * are.
     */
    static final int RAW = 1 << 16;

    private static final class Data {
        int flags;
        boolean declared;
        long size;
        /** End of the last DATA. */
        long end;
        int pos;
    }

    final SymbolTable table;
    final AsmErrors errors;
    final AsmOptions options;
    final AsmArch arch;
    private final Map<String, Symbol> statics = new HashMap<>();
    private final Map<Symbol, Data> data = new LinkedHashMap<>();
    private final List<Symbol> texts = new ArrayList<>();
    private final List<AsmFunction> functions = new ArrayList<>();
    private final Map<Symbol, Boolean> defined = new HashMap<>();

    AsmUnit(SymbolTable table, AsmErrors errors, AsmOptions options, AsmArch arch) {
        this.table = table;
        this.errors = errors;
        this.options = options;
        this.arch = arch;
    }

    /** The symbol that an operand names. */
    Symbol symbol(AsmOperand o, boolean text) {
        if (!o.isStatic) {
            return table.lookup(o.name, Math.max(o.abi, 0));
        }
        Symbol s = statics.get(o.name);
        if (s == null) {
            s = new Symbol(o.name, 0);
            s.local = true;
            statics.put(o.name, s);
        }
        return s;
    }

    /** The lines of a function to be listed, or null if nobody asks for them. */
    FunctionLines lines(AsmFunction f) {
        if (options.listing == null) {
            return null;
        }
        FunctionLines lines = new FunctionLines();
        options.listing.put(f.symbol, lines);
        return lines;
    }

    /** Notes a TEXT definition; false if there was one before. */
    boolean define(Symbol s) {
        return defined.put(s, true) == null;
    }

    void function(AsmFunction f) {
        Symbol s = f.symbol;
        s.pkg = options.packagePath;
        s.pos = f.pos;
        s.origin = options.origin;
        s.dupOk = (f.flags & DUPOK) != 0;
        functions.add(f);
        texts.add(s);
        if (options.parsed != null) {
            parsed(f);
        }
    }

    private void parsed(AsmFunction f) {
        boolean known = f.args != Integer.MIN_VALUE;
        parsed(f.pos, "TEXT\t" + f.symbol.name + (f.symbol.local ? "<>" : "") + "(SB), " + AsmListing.flags(f.flags) + "$" + f.frame
                + (known ? "-" + f.args : ""));
        for (AsmInst i : f.body) {
            AsmOperand last = i.operands.length == 0 ? null : i.operands[i.operands.length - 1];
            boolean branch = last != null && last.kind == AsmOperand.Kind.BRANCH;
            parsed(i.pos, FunctionLines.text(i, arch, 0, 0, false) + (!branch ? "" : last.name != null ? last.name : last.value + "(PC)"));
        }
    }

    private void parsed(int pos, String text) {
        int n = options.parsed.size() + 1;
        String number = Integer.toString(n);
        mica.base.SourceFile file = options.sources.file(pos);
        options.parsed.add(number + ' ' + "0".repeat(Math.max(0, 5 - number.length())) + number + " (" + file.recordedName(pos) + ':'
                + file.line(pos) + ")\t" + text);
    }

    /** Makes the functions' code: to be called when all is read, because instructions depend on what kind of symbol they name. */
    void assemble() {
        for (AsmFunction f : functions) {
            try {
                arch.assemble(f, this);
            } catch (AsmErrors.Stop e) {
                // Reported; the next function may have errors of its own.
            }
        }
        functions.clear();
    }

    /** Whether a symbol of this file is a thread-local variable. */
    boolean isThreadLocal(Symbol s) {
        Data d = data.get(s);
        return d != null && (d.flags & TLSBSS) != 0;
    }

    /** A relocation-free read-only constant, shared by name: {@code $f64.3ff0000000000000} and so on. */
    Symbol constant(String name, long bits, int width) {
        Symbol s = table.lookup(name);
        synchronized (s) {
            if (!s.isDefined()) {
                s.put(0, bits, width);
                s.align = width;
                s.dupOk = true;
                s.kind = SymKind.RODATA;
            }
        }
        return s;
    }

    /** The same of 16 bytes: {@code $i128.} and both halves. */
    Symbol constant128(long high, long low) {
        String hex = java.util.HexFormat.of().toHexDigits(high) + java.util.HexFormat.of().toHexDigits(low);
        Symbol s = table.lookup("$i128." + hex);
        synchronized (s) {
            if (!s.isDefined()) {
                s.put(0, low, 8);
                s.put(8, high, 8);
                s.align = 16;
                s.dupOk = true;
                s.kind = SymKind.RODATA;
            }
        }
        return s;
    }

    private Data of(Symbol s) {
        return data.computeIfAbsent(s, k -> new Data());
    }

    long dataEnd(Symbol s) {
        return of(s).end;
    }

    void data(Symbol s, long offset, int width, long value) {
        s.put((int) offset, value, width);
        of(s).end = offset + width;
    }

    void address(Symbol s, long offset, Symbol target, long addend) {
        s.put((int) offset, 0, 8);
        s.addReloc((int) offset, RelocType.ABS64, target, addend);
        of(s).end = offset + 8;
    }

    /** GLOBL; false if there was one before. */
    boolean globl(Symbol s, int flags, long size, int pos) {
        Data d = of(s);
        if (d.declared || defined.containsKey(s)) {
            return false;
        }
        d.declared = true;
        d.flags = flags;
        d.size = size;
        d.pos = pos;
        return true;
    }

    /** Gives every symbol its kind; to be called once, without errors. */
    void finish() {
        for (Map.Entry<Symbol, Data> e : data.entrySet()) {
            Symbol s = e.getKey();
            Data d = e.getValue();
            s.size = Math.max(d.size, d.end);
            s.pos = d.pos;
            s.pkg = options.packagePath;
            s.dupOk = (d.flags & DUPOK) != 0;
            int align = 32;
            while (align > s.size && align > 1) {
                align >>= 1;
            }
            s.align = align;
            if ((d.flags & TLSBSS) != 0 && s.data == null) {
                s.threadLocal = true;
                s.kind = SymKind.NOPTRBSS;
            } else if ((d.flags & RODATA) != 0) {
                withBytes(s);
                s.kind = SymKind.RODATA;
            } else if (s.data == null) {
                s.kind = (d.flags & NOPTR) != 0 ? SymKind.NOPTRBSS : SymKind.BSS;
            } else {
                withBytes(s);
                s.kind = (d.flags & NOPTR) != 0 ? SymKind.NOPTRDATA : SymKind.DATA;
            }
        }
        for (Symbol s : texts) {
            s.kind = SymKind.TEXT;
        }
    }

    private static void withBytes(Symbol s) {
        if (s.data == null) {
            s.data = new byte[(int) s.size];
        } else if (s.data.length < s.size) {
            s.data = java.util.Arrays.copyOf(s.data, (int) s.size);
        }
    }

    /** What was defined, functions first, in the order of the source. */
    List<Symbol> symbols() {
        List<Symbol> all = new ArrayList<>(texts);
        all.addAll(data.keySet());
        return all;
    }
}
