// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

/** One decoded instruction; reusable. */
public final class Amd64Inst {
    public Amd64Op op;
    /** {@link Amd64Suffix} bits. */
    public int suffix;
    public int operandCount;
    /**
     * Packed operands in Plan 9 order. Memory that is relative to the instruction pointer has the base {@link
     * Amd64#PC}.
     */
    public final long[] operands = new long[Amd64Table.MAX_OPERANDS];
    /** Bytes. */
    public int length;
    /** Offset in the code of a branch's target, valid where an operand's kind is LABEL. */
    public int target;
    /** The same, counted from the instruction's start. */
    public int distance;
    /** Segment register of a prefix that the operands do not show, -1 if none. */
    public int segment;
    /**
     * Offset in the instruction of a 4-byte displacement or branch distance that a relocation may patch, -1 if none.
     */
    public int fixAt;
    /** The table's row, for those who ask the table more. */
    int form;
    final long[] pool = new long[2];

    /** Value of a constant operand. */
    public long valueOf(long operand) {
        return Amd64.kind(operand) == Amd64.IMM64 ? pool[(int) operand & 1] : Amd64.immValue(operand);
    }
}
