// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/**
 * How the scalars of a call travel. Go parameters (receiver first) are taken apart in the order of their fields; each part is a
 * {@link Loc}. A parameter whose type cannot be taken apart, or does not fit the remaining registers, lies on the stack: as
 * scalars, or as one memory argument ({@link Loc#byvalSize} > 0) that the SSA passes by address.
 */
public final class AbiSig {
    /** Where one SSA operand or result travels. */
    public static final class Loc {
        public final MType type;
        /** Number in the sequence of integer or floating-point argument registers of the ABI (by type), or -1: on the stack. */
        public final int reg;
        /** Bytes from the start of the stack argument area (just above the return address at entry); -1 if in a register. */
        public final int stackOffset;
        /** Registers only: offset of the ABI spill slot from the start of the stack argument area (arguments), else -1. */
        public final int spillOffset;
        /** Memory argument or result: its size in bytes; the SSA operand is the address (type PTR). 0 = scalar. */
        public final int byvalSize;
        /** Pointer bitmap of a memory argument; null = none. */
        public final byte[] byvalPtrMask;

        public Loc(MType type, int reg, int stackOffset, int spillOffset, int byvalSize, byte[] byvalPtrMask) {
            this.type = type;
            this.reg = reg;
            this.stackOffset = stackOffset;
            this.spillOffset = spillOffset;
            this.byvalSize = byvalSize;
            this.byvalPtrMask = byvalPtrMask;
        }
    }

    /** 0 or 1 (ABIInternal). With 0 everything is on the stack. */
    public final int abi;
    public final Loc[] args;
    public final Loc[] results;
    /** Bytes of stack arguments and stack results, aligned to 8. */
    public final int stackSize;
    /** Bytes of the spill area that follows them. */
    public final int spillSize;

    public AbiSig(int abi, Loc[] args, Loc[] results, int stackSize, int spillSize) {
        this.abi = abi;
        this.args = args;
        this.results = results;
        this.stackSize = stackSize;
        this.spillSize = spillSize;
    }
}
