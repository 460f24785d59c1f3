// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** What the parser and the driver must know of a CPU. */
interface AsmArch {
    /** Number of a mnemonic, or -1. {@code name} is in its canonical spelling. */
    int op(String name);

    /** The canonical spelling of a mnemonic's synonym, or the name itself. */
    String canonical(String name);

    /** Number of a register, or -1. */
    int register(String name);

    String registerName(int register);

    /** Whether the mnemonic's suffix (with its dots) is known. */
    boolean suffixKnown(String suffix);

    /** What is wrong with a mnemonic's suffix; null if nothing. */
    default String suffixProblem(String suffix) {
        return suffixKnown(suffix) ? null : "unrecognized suffix ." + '"' + suffix.substring(1) + '"';
    }

    /** Makes a function's code and tables; reports what is wrong with it. */
    void assemble(AsmFunction function, AsmUnit unit);

    /** Offers forms of operands that only this CPU has, at the token where they begin; null = none of those. */
    default AsmOperand special(OperandParser p) {
        return null;
    }

    /** The text of an operand that {@link #special} made. */
    default String print(AsmOperand special) {
        return "?";
    }
}
