// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.Arrays;

/**
 * A named piece of the program: a function, a variable, a table. Bytes and relocations are filled by whoever defines it,
 * once; afterwards only the linker writes (address). A symbol that is referred to before it is defined carries a
 * {@link Definer}, which the linker calls when the symbol turns out to be reached.
 */
public final class Symbol {
    /** Makes a symbol's contents on demand. Called at most once per symbol, possibly on any worker thread. */
    public interface Definer {
        /** Fills {@code s.kind}, bytes, relocations and so on; reports user errors to its own diagnostics. */
        void define(Symbol s);
    }

    /** Link name, for example {@code fmt.Println}, {@code type:int}, {@code go:itab.*os.File,io.Writer}. */
    public final String name;
    /** 0 = ABI0, 1 = ABIInternal; data symbols have 0. */
    public final int abi;

    /** Whoever defines the symbol writes this last: a worker that sees another kind than UNDEFINED sees the contents, too. */
    public volatile SymKind kind = SymKind.UNDEFINED;
    /** Contents; null for BSS. Longer than {@link #size} when it was grown. */
    public byte[] data;
    public long size;
    public int align = 1;
    /** Several equal definitions are allowed; the first counts. */
    public boolean dupOk;
    /** Only visible in its file (assembly {@code <>}). */
    public boolean local;
    /** Of assembly's TLSBSS variables: each thread has its own; the kind is NOPTRBSS, there are no bytes. */
    public boolean threadLocal;
    /** The symbol may be merged with another of equal contents and relocations. */
    public boolean mergeable;
    /** Pointer bitmap of DATA and BSS, one bit per 8-byte word from the start, LSB first; null = no pointers. */
    public byte[] ptrMask;
    /** The symbol is a place inside another one (a label of a section of C code), {@link #aliasOffset} bytes from its start; else null. */
    public Symbol aliasOf;
    public long aliasOffset;
    /** A definition that another one replaces; undefined: may stay so, its address is then 0. */
    public boolean weak;
    /** Functions only. */
    public FuncInfo func;
    /** Type descriptors only: method table entries that reachability decides upon. */
    public MethodEntry[] methods;
    /** What made this symbol: a compiler's function, a type, an assembly file. May be null. */
    public volatile Object origin;
    /** Import path of the package it belongs to, "" if none. */
    public String pkg = "";
    /** Source position of the declaration, 0 = none. */
    public int pos;
    /** Who will define it, see {@link #offer}; null for what is defined already or is not in the program. */
    public volatile Definer definer;

    // Relocations as parallel columns.
    public int relocCount;
    public int[] relocOffset = NO_INTS;
    public RelocType[] relocType = NO_TYPES;
    public Symbol[] relocTarget = NO_SYMBOLS;
    public long[] relocAddend = NO_LONGS;

    // Written by the linker.
    /** Dense number in the order of layout; -1 = not reached. */
    public int id = -1;
    public long address;
    /** What the linker asks for beyond {@link #align}; 0 = nothing. */
    public int linkAlign;
    /** Who referred to this symbol first, for "why is it linked"; null for roots. */
    public Symbol reachedFrom;
    /** The symbol of equal contents that stands for this one in the image, or null. */
    public Symbol foldedInto;
    /** The linker's marks (see {@code mica.link.Reach}). */
    public int linkFlags;

    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};
    private static final RelocType[] NO_TYPES = {};
    private static final Symbol[] NO_SYMBOLS = {};

    /** Use {@link SymbolTable} except for anonymous symbols. */
    public Symbol(String name, int abi) {
        this.name = name;
        this.abi = abi;
    }

    /** Alignment of its place in the image. */
    public int imageAlign() {
        return Math.max(align, linkAlign);
    }

    public boolean isDefined() {
        return kind != SymKind.UNDEFINED;
    }

    /** Whether it is defined or has a definer: nobody else needs to care. */
    public boolean isTaken() {
        // In this order: a definer goes when its work is done, so who no longer sees one sees the kind.
        return definer != null || kind != SymKind.UNDEFINED;
    }

    /**
     * Gives the symbol a definer unless it is taken: the first one counts. Workers come by the same symbol at the same moment, so whoever
     * hands a symbol to others does this before, also where another worker has made it and may not have got this far.
     *
     * @param origin becomes {@link #origin}
     * @param pos becomes {@link #pos}
     */
    public void offer(Definer d, Object origin, int pos) {
        if (isTaken()) {
            return;
        }
        synchronized (this) {
            if (!isTaken()) {
                this.origin = origin;
                this.pos = pos;
                definer = d;
            }
        }
    }

    /** Appends a relocation; {@code offset} counts bytes from the symbol's start. */
    public void addReloc(int offset, RelocType type, Symbol target, long addend) {
        int n = relocCount;
        if (n == relocOffset.length) {
            int cap = Math.max(4, n * 2);
            relocOffset = Arrays.copyOf(relocOffset, cap);
            relocType = Arrays.copyOf(relocType, cap);
            relocTarget = Arrays.copyOf(relocTarget, cap);
            relocAddend = Arrays.copyOf(relocAddend, cap);
        }
        relocOffset[n] = offset;
        relocType[n] = type;
        relocTarget[n] = target;
        relocAddend[n] = addend;
        relocCount = n + 1;
    }

    /** Writes {@code width} little-endian bytes at {@code offset}, growing the contents. */
    public void put(int offset, long value, int width) {
        int end = offset + width;
        if (data == null) {
            data = new byte[Math.max(16, end)];
        } else if (data.length < end) {
            data = Arrays.copyOf(data, Math.max(end, data.length * 2));
        }
        for (int i = 0; i < width; i++) {
            data[offset + i] = (byte) (value >>> (8 * i));
        }
        if (size < end) {
            size = end;
        }
    }

    /** Writes an 8-byte address of {@code target + addend} at {@code offset}. */
    public void putAddress(int offset, Symbol target, long addend) {
        put(offset, 0, 8);
        addReloc(offset, RelocType.ABS64, target, addend);
    }

    /** Marks the 8-byte word at {@code offset} as a pointer in {@link #ptrMask}. */
    public void markPointer(long offset) {
        int word = (int) (offset / 8);
        if (ptrMask == null) {
            ptrMask = new byte[word / 8 + 1];
        } else if (ptrMask.length <= word / 8) {
            ptrMask = Arrays.copyOf(ptrMask, Math.max(word / 8 + 1, ptrMask.length * 2));
        }
        ptrMask[word / 8] |= (byte) (1 << (word % 8));
    }

    @Override
    public String toString() {
        return name + (abi == 1 ? "<1>" : "");
    }
}
