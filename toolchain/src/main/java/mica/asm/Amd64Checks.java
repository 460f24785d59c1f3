// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static mica.arch.amd64.Amd64.*;

import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Op;

/** Rules of instructions that operand classes cannot express. */
final class Amd64Checks {
    private Amd64Checks() {}

    /** What is wrong with an instruction before its form is known, or null. */
    static String before(Amd64Op op, int suffix, long[] operands, int n) {
        return null;
    }

    /** What is wrong with an emitted instruction, or null. */
    static String after(Amd64Code code, int at) {
        return null;
    }
}
