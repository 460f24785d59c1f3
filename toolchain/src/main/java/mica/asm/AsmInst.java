// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** One statement of a function's body. */
final class AsmInst {
    enum Kind {
        INST,
        FUNCDATA,
        PCDATA,
        PCALIGN,
        PCALIGNMAX,
        /** BYTE, WORD, LONG, QUAD: {@link #width} bytes. */
        BYTES
    }

    final Kind kind;
    /** The mnemonic without suffix, synonyms resolved. */
    final String mnemonic;
    /** Suffixes with their dots, "" if none. */
    final String suffix;
    final AsmOperand[] operands;
    final int pos;
    int width;
    /** The mnemonic's number in the architecture, -1 if none. */
    int op = -1;

    AsmInst(Kind kind, String mnemonic, String suffix, AsmOperand[] operands, int pos) {
        this.kind = kind;
        this.mnemonic = mnemonic;
        this.suffix = suffix;
        this.operands = operands;
        this.pos = pos;
    }
}
