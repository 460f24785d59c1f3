// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.obj.Bytes;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/**
 * The function table cut into pieces: records, names, paths and pc-value tables, each with the functions that it is there for. Names and
 * tables are shared, so a piece may have many.
 */
final class PclnPieces {
    private static final int INLINED_CALL_SIZE = 16;
    private static final int FUNCDATA_INL_TREE = 3;
    private static final int PCDATA_INL_TREE = 2;
    private static final int PCFILE = 1;
    private static final long MAX_WORK = 50;

    /** A part of the table. */
    static final class Piece {
        final long offset;
        final int size;
        /** record, name, path or pc values. */
        final String what;
        /** Indexes of functions. */
        final List<Integer> owners = new ArrayList<>(1);
        private int last = -1;

        Piece(long offset, int size, String what) {
            this.offset = offset;
            this.size = size;
            this.what = what;
        }

        void own(int function) {
            if (last != function) {
                owners.add(function);
                last = function;
            }
        }
    }

    private final ElfFile elf;
    private final Pcln table;
    private final long trees;
    private final long treesEnd;
    private final Map<Long, Long> sizes;
    private long work;
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    final List<Pcln.Func> functions = new ArrayList<>();

    /**
     * @param trees where in the file FUNCDATA offsets count from; -1 = inline trees are not looked at
     * @param treesEnd where they must end
     * @param sizes of function data by offset from {@code trees}, where known: a tree may be larger than the instructions show
     */
    PclnPieces(ElfFile elf, Pcln table, long trees, long treesEnd, Map<Long, Long> sizes) throws FormatException {
        this.elf = elf;
        this.table = table;
        this.trees = trees;
        this.treesEnd = treesEnd;
        this.sizes = sizes;
        for (int i = 0; i < table.count(); i++) {
            Pcln.Func f = table.functionAt(i);
            functions.add(f);
            function(f, i);
        }
    }

    /** By offset in the file; they may overlap in a damaged file only. */
    Collection<Piece> all() {
        return pieces.values();
    }

    private void own(long at, int size, String what, int function) {
        Piece p = pieces.get(at);
        if (p == null) {
            p = new Piece(at, size, what);
            pieces.put(at, p);
        }
        p.own(function);
    }

    private void string(long at, String what, int function) throws FormatException {
        Piece p = pieces.get(at);
        own(at, p != null ? p.size : table.stringSize(at), what, function);
    }

    private void function(Pcln.Func f, int i) throws FormatException {
        own(f.record, table.recordSize(f), "record", i);
        string(table.nameOffset(f), "name", i);
        long[] tables = table.pcTables(f);
        for (long at : tables) {
            if (at != 0) {
                Piece p = pieces.get(at);
                own(at, p != null ? p.size : table.tableSize(at), "pc values", i);
            }
        }
        if (tables[PCFILE] != 0) {
            for (int v : values(tables[PCFILE])) {
                long path = v < 0 ? -1 : table.filePath(f, v);
                if (path >= 0) {
                    string(path, "path", i);
                }
            }
        }
        if (tables.length > 3 + PCDATA_INL_TREE && tables[3 + PCDATA_INL_TREE] != 0) {
            inlinedNames(f, i, tables[3 + PCDATA_INL_TREE]);
        }
    }

    private void inlinedNames(Pcln.Func f, int i, long indexes) throws FormatException {
        int tree = table.funcdata(f, FUNCDATA_INL_TREE);
        if (tree < 0 || trees < 0) {
            return;
        }
        int max = -1;
        for (int v : values(indexes)) {
            max = Math.max(max, v);
        }
        // Calls stand before those inside them, so the last one that is mentioned is the last one there is, or is inside it.
        max = (int) Math.max(max, sizes.getOrDefault((long) tree, 0L) / INLINED_CALL_SIZE - 1);
        for (int k = 0; k <= max; k++) {
            long at = trees + tree + (long) k * INLINED_CALL_SIZE;
            if (at > treesEnd - INLINED_CALL_SIZE) {
                throw elf.bad(trees, "inline tree of " + f.name + " reaches beyond its section");
            }
            string(table.nameOffset(Bytes.load32(elf.bytes, (int) at + 4)), "name", i);
        }
    }

    private int[] values(long at) throws FormatException {
        int[] v = table.values(at);
        // Tables are shared; so much sharing that reading them takes for ever is not what a linker writes.
        work += v.length;
        if (work > MAX_WORK * elf.bytes.length) {
            throw elf.bad(at, "pc-value tables that are shared without end");
        }
        return v;
    }
}
