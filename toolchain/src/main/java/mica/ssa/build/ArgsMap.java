// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.MType;

/**
 * Pointer maps of the stack arguments of assembly functions, from their Go declarations: one map in the runtime's stackmap format
 * {@code {n int32, nbit int32, bytes}}, bit i for the word at argument offset 8*i. Results count as not yet written.
 */
final class ArgsMap {
    static final String SUFFIX = ".args_stackmap";

    private ArgsMap() {}

    /** Fills {@code NAME.args_stackmap}; a function that Go does not declare has no arguments that anybody knows of. */
    static void define(ProgramBuilder c, Symbol s) {
        String function = s.name.substring(0, s.name.length() - SUFFIX.length());
        byte[] bits = new byte[0];
        int words = 0;
        Fn fn = c.named(function);
        if (fn != null) {
            AbiSig sig = Abi.of(c.layouts, fn.params, fn.results, 0).sig;
            words = sig.stackSize / 8;
            bits = new byte[(words + 7) / 8];
            for (AbiSig.Loc l : sig.args) {
                mark(bits, l);
            }
        }
        s.align = 4;
        s.put(0, 1, 4);
        s.put(4, words, 4);
        for (int i = 0; i < bits.length; i++) {
            s.put(8 + i, bits[i] & 0xff, 1);
        }
        s.mergeable = true;
        s.kind = SymKind.FUNCDATA;
    }

    private static void mark(byte[] bits, AbiSig.Loc l) {
        int word = l.stackOffset / 8;
        if (l.byvalSize > 0) {
            for (int i = 0; l.byvalPtrMask != null && i < l.byvalPtrMask.length * 8; i++) {
                if ((l.byvalPtrMask[i / 8] >> i % 8 & 1) != 0) {
                    bits[(word + i) / 8] |= (byte) (1 << (word + i) % 8);
                }
            }
        } else if (l.type == MType.PTR) {
            bits[word / 8] |= (byte) (1 << word % 8);
        }
    }
}
