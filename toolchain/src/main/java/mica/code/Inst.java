// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import mica.arch.amd64.Amd64Op;
import mica.ssa.Value;

/**
 * One machine instruction over virtual registers. Most are PLAIN: a mnemonic and up to two operands in Plan 9 order, each given by
 * an operand code (a use, a definition, the constant, the memory operand, a fixed register). The register allocator looks only at
 * uses, definitions, constraints and clobbers; the emitter only at form and operand codes.
 */
final class Inst {
    enum Form {
        /** {@code op a, b} or {@code op a} or {@code op imm, a, b}. */
        PLAIN,
        /** def0 = use0 + (use1 or imm), 32 or 64 bits wide: ADD, INC or LEA, whatever the registers allow. */
        ADD,
        /** def0 = use0, normally in the same register. */
        COPY,
        /** Emits nothing; the uses stay alive, the definitions exist from here on (values made where they are used). */
        NOTHING,
        /** Inserted by the allocator: location x = location y, for vreg v. */
        MOVE,
        /** Inserted by the allocator: exchange registers x and y. */
        XCHG,
        /** Inserted by the allocator: X15 is zero again. */
        RESTORE_ZERO,
        CALL,
        RETURN,
        /** Compare as PLAIN, then jump on {@link Inst#cond} to a cold block that reports the failure. */
        CHECK,
        /** Signed division with the special case -1: use0 in AX, use1 divisor. */
        DIVIDE,
        /** Jump through a table: use0 index, def0 temporary. */
        TABLE,
        /** Sequences of several instructions, see {@code Expand}. */
        MACRO
    }

    // Operand codes.
    static final int NONE = 0;
    static final int USE0 = 1;
    static final int USE1 = 2;
    static final int USE2 = 3;
    static final int USE3 = 4;
    static final int DEF0 = 16;
    static final int DEF1 = 17;
    static final int IMM = 32;
    static final int MEM = 33;
    /** 64 + register. */
    static final int PHYS = 64;

    // Constraints of uses and definitions: a register number, or
    static final byte ANY = -1;
    /** A register or, if the value is spilled, its stack slot. */
    static final byte ANY_MEM = -2;

    // Kinds of memory operands.
    static final byte M_NONE = 0;
    /** disp(base)(index). */
    static final byte M_BASE = 1;
    /** Symbol memAux + disp. */
    static final byte M_SYM = 2;
    /** Slot memAux + disp, and an index if there is one. */
    static final byte M_SLOT = 3;
    /** Outgoing argument area: disp(SP). */
    static final byte M_OUT = 4;
    /** Incoming argument area: disp from the address above the return address. */
    static final byte M_IN = 5;
    /** disp(R14). */
    static final byte M_G = 6;
    /** The word that keeps g across calls of assembly functions. */
    static final byte M_SAVED_G = 7;

    // Locations in MOVE: a register (0..31), or
    /** The emergency slot of parallel copies. */
    static final int LOC_SCRATCH = 40;
    /** LOC_HOME + vreg: the stack home of that vreg. */
    static final int LOC_HOME = 64;
    /** LOC_REMAT - vreg: made anew. */
    static final int LOC_REMAT = -2;

    static final int[] NO_REGS = {};
    static final byte[] NO_BYTES = {};

    final Form form;
    Amd64Op op;
    int[] use = NO_REGS;
    byte[] useCon = NO_BYTES;
    int[] def = NO_REGS;
    byte[] defCon = NO_BYTES;
    /** def0 takes the register of use0. */
    boolean tied;
    /** Uses 0 and 1 may be exchanged. */
    boolean commutes;
    /** Definitions are written while uses are still needed: they must not share registers. */
    boolean early;
    boolean readsFlags;
    boolean lock;
    /** Registers destroyed, as bits (0..15 integer, 16..31 floating point); fixed definitions need not be in it. */
    int clobbers;
    /** Of the clobbered registers those that uses without fixed register must avoid. */
    int earlyClobbers;

    byte a;
    byte b;
    byte c;
    long imm;
    /** Three operands: imm first. */
    boolean immFirst;
    byte memKind;
    byte memBase = -1;
    byte memIndex = -1;
    byte memScale;
    int memDisp;
    Object memAux;
    /** CHECK: condition of failure; MACRO: which. */
    int cond;
    Object aux;

    /** MOVE, XCHG. */
    int x;
    int y;
    int v;

    /** Where this comes from; null for code of the frame. */
    Value origin;

    // Results of register allocation: registers, or -1 = stack home (ANY_MEM).
    byte[] useReg = NO_BYTES;
    byte[] defReg = NO_BYTES;
    /** Calls: spilled pointers alive behind it. */
    int[] livePointers = NO_REGS;
    /** Calls: words of slots alive behind it, as bits of {@link SlotLiveness}; null = not computed. */
    long[] liveWords;
    /** MOVE and MACRO: flags are alive here, so use no instruction that changes them. */
    boolean keepFlags;

    Inst(Form form, Amd64Op op) {
        this.form = form;
        this.op = op;
    }

    void form3(int a, int b, int c) {
        this.a = (byte) a;
        this.b = (byte) b;
        this.c = (byte) c;
    }

    boolean isCall() {
        return form == Form.CALL;
    }

    int addUse(int vreg, byte constraint) {
        int n = use.length;
        use = java.util.Arrays.copyOf(use, n + 1);
        useCon = java.util.Arrays.copyOf(useCon, n + 1);
        use[n] = vreg;
        useCon[n] = constraint;
        return n;
    }

    int addDef(int vreg, byte constraint) {
        int n = def.length;
        def = java.util.Arrays.copyOf(def, n + 1);
        defCon = java.util.Arrays.copyOf(defCon, n + 1);
        def[n] = vreg;
        defCon[n] = constraint;
        return n;
    }
}
