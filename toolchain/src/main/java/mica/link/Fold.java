// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.Arrays;
import java.util.List;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Lets one symbol stand for all of equal contents. Two symbols are equal when their bytes are, and their relocations point
 * to symbols that are the same or already folded; so folding is repeated until nothing more folds (callers become equal once
 * their callees are one). The first in the order of {@link Reach} stays.
 */
final class Fold {
    private static final int MAX_ROUNDS = 8;

    private final List<Symbol> symbols;
    private Symbol[] table;
    /** Hash of what does not change from round to round, by {@link Symbol#id}. */
    private final long[] fixed;

    private Fold(List<Symbol> symbols) {
        this.symbols = symbols;
        this.fixed = new long[symbols.size()];
    }

    /** Sets {@link Symbol#foldedInto}; returns how many symbols were folded. */
    static int run(List<Symbol> symbols) {
        return new Fold(symbols).rounds();
    }

    /** The symbol that stands for {@code s} in the image. */
    static Symbol canonical(Symbol s) {
        Symbol f = s.foldedInto;
        return f == null ? s : f;
    }

    private int rounds() {
        Symbol[] candidates = new Symbol[symbols.size()];
        int n = 0;
        for (int i = 0; i < symbols.size(); i++) {
            Symbol s = symbols.get(i);
            if (isCandidate(s)) {
                fixed[s.id] = hashFixed(s);
                candidates[n++] = s;
            }
        }
        table = new Symbol[Integer.highestOneBit(Math.max(8, n)) * 4];
        int folded = 0;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int before = folded;
            Arrays.fill(table, null);
            for (int i = 0; i < n; i++) {
                if (candidates[i].foldedInto == null && insert(candidates[i])) {
                    folded++;
                }
            }
            if (folded == before) {
                break;
            }
            flatten(candidates, n);
        }
        return folded;
    }

    private static boolean isCandidate(Symbol s) {
        if (s.aliasOf != null) {
            return false;
        }
        switch (s.kind) {
            case STRING, NAME, FUNCDATA:
                return s.data != null || s.size == 0;
            case RODATA:
                return s.mergeable && s.data != null;
            case TEXT:
                return s.mergeable && s.func != null;
            default:
                return false;
        }
    }

    private static void flatten(Symbol[] candidates, int n) {
        for (int i = 0; i < n; i++) {
            Symbol s = candidates[i];
            while (s.foldedInto != null && s.foldedInto.foldedInto != null) {
                s.foldedInto = s.foldedInto.foldedInto;
            }
        }
    }

    /** True if an equal symbol was there already and {@code s} was folded into it. */
    private boolean insert(Symbol s) {
        long h = fixed[s.id];
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            h = mix(h, t == null ? -1 : canonical(t).id);
        }
        int mask = table.length - 1;
        for (int k = (int) (h ^ h >>> 32) & mask; ; k = k + 1 & mask) {
            Symbol o = table[k];
            if (o == null) {
                table[k] = s;
                return false;
            }
            if (fixed[o.id] == fixed[s.id] && equal(o, s)) {
                o.linkAlign = Math.max(o.imageAlign(), s.imageAlign());
                s.foldedInto = o;
                return true;
            }
        }
    }

    private static long mix(long h, long v) {
        h = (h ^ v) * 0x9E3779B97F4A7C15L;
        return h ^ h >>> 29;
    }

    private static long hashFixed(Symbol s) {
        long h = mix(s.kind.ordinal(), s.size);
        for (int i = 0; i < s.size; i++) {
            h = h * 31 + s.data[i];
        }
        h = mix(h, s.relocCount);
        for (int i = 0; i < s.relocCount; i++) {
            h = mix(h, (long) s.relocOffset[i] << 8 | s.relocType[i].ordinal());
            h = mix(h, s.relocAddend[i]);
        }
        return h;
    }

    private static boolean equal(Symbol a, Symbol b) {
        int n = (int) a.size;
        if (a.kind != b.kind
                || a.size != b.size
                || a.relocCount != b.relocCount
                || n > 0 && !Arrays.equals(a.data, 0, n, b.data, 0, n)) {
            return false;
        }
        for (int i = 0; i < a.relocCount; i++) {
            if (a.relocOffset[i] != b.relocOffset[i]
                    || a.relocType[i] != b.relocType[i]
                    || a.relocAddend[i] != b.relocAddend[i]
                    || !same(a.relocTarget[i], b.relocTarget[i])) {
                return false;
            }
        }
        return a.kind != SymKind.TEXT || equalFunctions(a, b);
    }

    private static boolean same(Symbol ta, Symbol tb) {
        if (ta == null || tb == null) {
            return ta == tb;
        }
        return canonical(ta) == canonical(tb);
    }

    /** Functions also need equal tables: a traceback through the one that stays must be right for both. */
    private static boolean equalFunctions(Symbol a, Symbol b) {
        FuncInfo f = a.func;
        FuncInfo g = b.func;
        if (a.abi != b.abi
                || f.args != g.args
                || f.frame != g.frame
                || f.funcId != g.funcId
                || f.flags != g.flags
                || f.deferReturn != g.deferReturn
                || !shownName(a).equals(shownName(b))
                || !equalTables(f.pcsp, g.pcsp)
                || !equalTables(f.pcpos, g.pcpos)
                || f.inlined.size() != g.inlined.size()) {
            return false;
        }
        for (int i = 0; i < f.pcdata.length; i++) {
            if (!equalTables(f.pcdata[i], g.pcdata[i])) {
                return false;
            }
        }
        for (int i = 0; i < f.funcdata.length; i++) {
            if (!same(f.funcdata[i], g.funcdata[i])) {
                return false;
            }
        }
        for (int i = 0; i < f.inlined.size(); i++) {
            FuncInfo.InlinedCall c = f.inlined.get(i);
            FuncInfo.InlinedCall d = g.inlined.get(i);
            if (c.parent != d.parent || c.parentPc != d.parentPc || c.pos != d.pos || !c.name.equals(d.name)) {
                return false;
            }
        }
        return true;
    }

    private static String shownName(Symbol s) {
        return s.func.shownName == null ? s.name : s.func.shownName;
    }

    private static boolean equalTables(PcTable a, PcTable b) {
        if (a == null || b == null) {
            return a == b;
        }
        return a.count == b.count
                && Arrays.equals(a.pc, 0, a.count, b.pc, 0, b.count)
                && Arrays.equals(a.value, 0, a.count, b.value, 0, b.count);
    }
}
