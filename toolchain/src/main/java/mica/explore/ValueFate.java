// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.List;
import mica.obj.PcTable;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Value;

/**
 * What became of an SSA value in machine code. Instruction selection goes backwards and makes only what somebody asks for; so a
 * value without code of its own, which others use, is part of what those became.
 */
public record ValueFate(int id, Kind kind, int[] code, int[] into) {
    /** How a value is found in the code. */
    public enum Kind {
        /** Has instructions, which begin at the offsets in {@code code}. */
        CODE,
        /** Arrives where the calling convention or the call puts it: arguments, results, the closure context. */
        PLACE,
        /** A phi whose operands lie in its place already. */
        JOIN,
        /** Became part of the instructions of the values in {@code into} (or of what those were folded into), or of a block's end. */
        FOLDED,
        /** Says something to the compiler only. */
        MARKER,
        /** Nobody needs it: no code was made. */
        DEAD
    }

    private static final int[] NONE = {};

    /** The fates of all values of a function that was just emitted with its provenance, in their order. */
    public static List<ValueFate> of(Func f, Symbol out) {
        int n = f.valueCount();
        int[][] code = offsets(n, out.func.provenance.values);
        int[][] users = new int[n][];
        boolean[] control = new boolean[n];
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    users[v.args[k].id] = append(users[v.args[k].id], v.id);
                }
            }
            if (b.control != null) {
                control[b.control.id] = true;
            }
        }
        List<ValueFate> fates = new ArrayList<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                fates.add(fate(v, code[v.id], users[v.id], control[v.id]));
            }
        }
        return fates;
    }

    private static ValueFate fate(Value v, int[] code, int[] users, boolean control) {
        int[] into = users == null ? NONE : users;
        if (code != null) {
            return new ValueFate(v.id, Kind.CODE, code, into);
        }
        Kind k = switch (v.op) {
            case ARG, CLOSURE_CONTEXT, RESULT, RESULT_ADDR -> into.length == 0 ? Kind.DEAD : Kind.PLACE;
            case PHI -> into.length == 0 ? Kind.DEAD : Kind.JOIN;
            case KEEP_ALIVE, VAR_DEF, NIL_CHECK, ALLOC -> Kind.MARKER;
            default -> into.length > 0 || control ? Kind.FOLDED : Kind.DEAD;
        };
        return new ValueFate(v.id, k, NONE, into);
    }

    private static int[][] offsets(int n, PcTable values) {
        int[][] code = new int[n][];
        for (int i = 0; i < values.count; i++) {
            int v = values.value[i];
            if (v >= 0 && v < n) {
                code[v] = append(code[v], values.pc[i]);
            }
        }
        return code;
    }

    private static int[] append(int[] a, int v) {
        if (a == null) {
            return new int[] {v};
        }
        if (a[a.length - 1] == v) {
            return a;
        }
        int[] r = java.util.Arrays.copyOf(a, a.length + 1);
        r[a.length] = v;
        return r;
    }
}
