// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

/** One instruction: a row of the table and its parameters, in the order of the letters of the operands' shapes. */
public final class Arm64Inst {
    /** ZR and RSP as parameters; R0 to R30 are 0 to 30. */
    public static final int ZR = 31;
    public static final int RSP = 32;

    public String mnemonic;
    public String[] shapes;
    public int count;
    /** Constants of floating point as the bits of a double. */
    public final long[] params = new long[12];
    int row;
}
