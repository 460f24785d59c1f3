// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;

import mica.arch.amd64.Amd64Op;

/** Rules of instructions that operand classes cannot express. */
final class Amd64Checks {
    private Amd64Checks() {}

    /** What is wrong with an instruction whatever its form, or null. */
    static String gather(Amd64Op op, long[] operands, int n) {
        if (n != 3 || !op.name().contains("GATHER")) {
            return null;
        }
        if (kind(operands[2]) != REG) {
            return null;
        }
        int dst = number((int) operands[2]);
        if (kind(operands[0]) == MEM) {
            int index = index(operands[0]);
            return index != NOREG && number(index) == dst ? "index and destination registers should be distinct" : null;
        }
        if (kind(operands[1]) == MEM && kind(operands[0]) == REG) {
            int mask = number((int) operands[0]);
            int i = index(operands[1]);
            int index = i == NOREG || i < X0 ? -1 : number(i);
            if (index >= 0 && (mask == dst || mask == index || index == dst)) {
                return "mask, index, and destination registers should be distinct";
            }
        }
        return null;
    }
}
