// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64Op.*;

import mica.arch.amd64.Amd64Op;

/** Condition codes, numbered as the hardware does, so that bit 0 negates; and two that need the parity flag besides. */
final class Cond {
    private Cond() {}

    static final int OS = 0, OC = 1, CS = 2, CC = 3, EQ = 4, NE = 5, LS = 6, HI = 7, MI = 8, PL = 9, PS = 10, PC = 11,
            LT = 12, GE = 13, LE = 14, GT = 15;
    /** Floats are equal: EQ and PC. */
    static final int FEQ = 16;
    /** Floats differ or are not ordered: NE or PS. */
    static final int FNE = 17;

    static final Amd64Op[] JUMP = {JOS, JOC, JCS, JCC, JEQ, JNE, JLS, JHI, JMI, JPL, JPS, JPC, JLT, JGE, JLE, JGT};
    static final Amd64Op[] SET = {SETOS, SETOC, SETCS, SETCC, SETEQ, SETNE, SETLS, SETHI, SETMI, SETPL, SETPS, SETPC,
        SETLT, SETGE, SETLE, SETGT};
    static final Amd64Op[] MOVE_L = {CMOVLOS, CMOVLOC, CMOVLCS, CMOVLCC, CMOVLEQ, CMOVLNE, CMOVLLS, CMOVLHI, CMOVLMI,
        CMOVLPL, CMOVLPS, CMOVLPC, CMOVLLT, CMOVLGE, CMOVLLE, CMOVLGT};
    static final Amd64Op[] MOVE_Q = {CMOVQOS, CMOVQOC, CMOVQCS, CMOVQCC, CMOVQEQ, CMOVQNE, CMOVQLS, CMOVQHI, CMOVQMI,
        CMOVQPL, CMOVQPS, CMOVQPC, CMOVQLT, CMOVQGE, CMOVQLE, CMOVQGT};

    static int negate(int c) {
        return c ^ 1;
    }

    /** The condition after the operands of an integer comparison changed places. */
    static int swap(int c) {
        return switch (c) {
            case CS -> HI;
            case HI -> CS;
            case CC -> LS;
            case LS -> CC;
            case LT -> GT;
            case GT -> LT;
            case GE -> LE;
            case LE -> GE;
            default -> c;
        };
    }
}
