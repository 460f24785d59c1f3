// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

import java.util.Random;

/** Random instructions: a form and operands that it takes. */
public final class RandomOperands {
    private final Amd64Table table = Amd64Table.all();
    private final Random random;
    public Amd64Op op;
    public int suffix;
    public int n;
    public final long[] operands = new long[Amd64Table.MAX_OPERANDS];

    public RandomOperands(long seed) {
        random = new Random(seed);
    }

    /** Chooses; constants beyond 60 bits go to the code's pool. False where the form has a branch. */
    public boolean next(Amd64Code code) {
        int f = random.nextInt(table.count);
        op = Amd64Op.ALL[table.opOf[f]];
        n = table.arity[f];
        suffix = 0;
        boolean memory = false;
        for (int i = 0; i < n; i++) {
            long set = table.accepts[f * Amd64Table.MAX_OPERANDS + i];
            operands[i] = operand(set, code);
            if (operands[i] == NO_OPERAND) {
                return false;
            }
            if (kind(operands[i]) == IMM && table.imm(f) == Amd64Table.IMM_W) {
                operands[i] = imm((short) immValue(operands[i]));
            }
            memory |= kind(operands[i]) == MEM;
        }
        int x = table.extra[f];
        if (table.encoding(f) == Amd64Table.EVEX && random.nextInt(3) == 0) {
            if ((x & Amd64Table.ZEROING) != 0 && (x & Amd64Table.MASKED) != 0 && random.nextBoolean()) {
                suffix |= Amd64Suffix.Z;
            }
            if (memory) {
                suffix |= (x >> Amd64Table.BCST_SHIFT & 3) != 0 ? Amd64Suffix.BCST : 0;
            } else if ((x & Amd64Table.ROUNDING) != 0) {
                suffix |= Amd64Suffix.ROUND | random.nextInt(4) << Amd64Suffix.MODE_SHIFT;
            } else if ((x & Amd64Table.SAE) != 0) {
                suffix |= Amd64Suffix.SAE;
            }
        }
        return true;
    }

    private long operand(long set, Amd64Code code) {
        int kinds = Long.bitCount(set);
        int pick = random.nextInt(kinds);
        long bit = set;
        for (int i = 0; i < pick; i++) {
            bit &= bit - 1;
        }
        bit &= -bit;
        int c = Long.numberOfTrailingZeros(bit);
        long one = 1L << c;
        if (one == Amd64Classes.I_1) return imm(1);
        if (one == Amd64Classes.I_3) return imm(3);
        if (one == Amd64Classes.I_0) return imm(0);
        if (one == Amd64Classes.I_U2) return imm(random.nextInt(4));
        if (one == Amd64Classes.I_S8) return imm((byte) random.nextInt());
        if (one == Amd64Classes.I_U7) return imm(random.nextInt(128));
        if (one == Amd64Classes.I_U8) return imm(random.nextInt(256));
        if (one == Amd64Classes.I_S32) return imm(random.nextInt());
        if (one == Amd64Classes.I_U32) return imm(random.nextInt() & 0xffffffffL);
        if (one == Amd64Classes.I_U32_LOOSE) return imm(random.nextInt());
        if (one == Amd64Classes.I_64) return code.imm64(random.nextLong());
        if (one == Amd64Classes.R) return random.nextInt(16);
        if (one == Amd64Classes.R_AX) return AX;
        if (one == Amd64Classes.R_CX) return CX;
        if (one == Amd64Classes.R_BYTE) return random.nextBoolean() ? random.nextInt(16) : AL + random.nextInt(16);
        if (one == Amd64Classes.R_AL) return AL;
        if (one == Amd64Classes.R_CL) return CL;
        if (one == Amd64Classes.R_X0) return X0;
        if (one == Amd64Classes.R_X) return X0 + random.nextInt(16);
        if (one == Amd64Classes.R_XHI) return X0 + 16 + random.nextInt(16);
        if (one == Amd64Classes.R_Y) return Y0 + random.nextInt(16);
        if (one == Amd64Classes.R_YHI) return Y0 + 16 + random.nextInt(16);
        if (one == Amd64Classes.R_Z) return Z0 + random.nextInt(32);
        if (one == Amd64Classes.R_K0) return K0;
        if (one == Amd64Classes.R_K) return K0 + 1 + random.nextInt(7);
        if (one == Amd64Classes.R_MM) return M0 + random.nextInt(8);
        if (one == Amd64Classes.R_CR) return CR0 + random.nextInt(16);
        if (one == Amd64Classes.R_DR) return DR0 + random.nextInt(8);
        if (one == Amd64Classes.R_SEG) return ES + random.nextInt(6);
        if (one == Amd64Classes.R_FS) return FS;
        if (one == Amd64Classes.R_GS) return GS;
        if (one == Amd64Classes.R_F0) return F0;
        if (one == Amd64Classes.R_F) return F0 + 1 + random.nextInt(7);
        if (one == Amd64Classes.M) return memory(index(0));
        if (one == Amd64Classes.VM_X) return memory(X0 + random.nextInt(16));
        if (one == Amd64Classes.VM_XHI) return memory(X0 + 16 + random.nextInt(16));
        if (one == Amd64Classes.VM_Y) return memory(Y0 + random.nextInt(16));
        if (one == Amd64Classes.VM_YHI) return memory(Y0 + 16 + random.nextInt(16));
        if (one == Amd64Classes.VM_Z) return memory(Z0 + random.nextInt(32));
        if (one == Amd64Classes.LIST_X) return list4(X0 + 4 * random.nextInt(8));
        if (one == Amd64Classes.LIST_Z) return list4(Z0 + 4 * random.nextInt(8));
        return NO_OPERAND;
    }

    private int index(int ignored) {
        if (random.nextInt(2) == 0) {
            return NOREG;
        }
        int r = random.nextInt(16);
        return r == SP ? NOREG : r;
    }

    private long memory(int index) {
        int base = random.nextInt(16);
        if (random.nextInt(12) == 0) {
            base = NOREG;
        } else if (random.nextInt(40) == 0 && index == NOREG) {
            base = ES + random.nextInt(6);
        }
        int disp = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> (byte) random.nextInt();
            case 2 -> random.nextInt(256) * 16 - 2048;
            default -> random.nextInt();
        };
        return mem(base, index, index == NOREG ? 1 : 1 << random.nextInt(4), disp);
    }
}
