// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Table;
import mica.arch.arm64.Arm64Words;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * Loads, stores and addresses that one word does not hold. Symbols: the page by ADRP, the place in the page in what
 * follows. Offsets: a part of them is added to the base in R27; what is too large for that is a constant in the code.
 */
final class Arm64Memory {
    private static final int TEMPORARY = Arm64Select.TEMPORARY;
    private static final int ADRP = 0x90000000;
    private static final int ADD_TEMPORARY = 0x91000000 | TEMPORARY << 5 | TEMPORARY;
    /** LDR (R27), R0. */
    private static final int LOAD_TEMPORARY = 0xf9400000 | TEMPORARY << 5;
    private static final int MOVZ = 0xd2800000;
    /** LDR of a literal: four bytes, eight bytes, four bytes with sign. */
    private static final int LITERAL32 = 0x18000000;
    private static final int LITERAL64 = 0x58000000;

    private final Arm64Select s;
    private final AsmUnit unit;
    private final Arm64Table table;
    private final Arm64Code code;

    Arm64Memory(Arm64Select select, AsmUnit unit, Arm64Table table, Arm64Code code) {
        this.s = select;
        this.unit = unit;
        this.table = table;
        this.code = code;
    }

    /** Binary logarithm of what a plain load or store transfers; -1 for others. */
    static int scale(String mnemonic) {
        switch (mnemonic) {
            case "MOVB", "MOVBU":
                return 0;
            case "MOVH", "MOVHU":
                return 1;
            case "MOVW", "MOVWU", "FMOVS":
                return 2;
            case "MOVD", "FMOVD":
                return 3;
            case "FMOVQ":
                return 4;
            default:
                return -1;
        }
    }

    private static boolean isPair(String mnemonic) {
        switch (mnemonic) {
            case "LDP", "LDPW", "LDPSW", "STP", "STPW", "FLDPQ", "FLDPD", "FLDPS", "FSTPQ", "FSTPD", "FSTPS":
                return true;
            default:
                return false;
        }
    }

    // Symbols.

    /** An instruction with a symbol. */
    void symbolic() {
        Symbol target = unit.symbol(s.symbol, false);
        long addend = s.symbol.value;
        if (branch(target, addend)) {
            return;
        }
        if (unit.options.dynlink && !s.symbol.isStatic && !unit.isThreadLocal(target)) {
            global(target, addend);
            return;
        }
        if (s.count != 2 || !s.inst.suffix.isEmpty()) {
            throw s.illegal(s.inst);
        }
        if (s.is(0, "$S")) {
            address(target, addend);
            return;
        }
        boolean load = s.is(0, "S");
        int other = load ? 1 : 0;
        if (load && unit.isThreadLocal(target)) {
            threadLocal(target, addend);
            return;
        }
        boolean pair = isPair(s.mnemonic);
        if (pair ? !s.is(other, "(r,r)") && !s.is(other, "(f,f)") : scale(s.mnemonic) < 0 && !vector(load)
                || !s.is(other, "r") && !s.is(other, "f") && !s.is(other, "v")) {
            throw s.illegal(s.inst);
        }
        if (!load && usesTemporary(other)) {
            throw s.wrong("cannot use REGTMP as source");
        }
        if (load && pair && s.params[0] == s.params[1]) {
            throw s.wrong("constrained unpredictable behavior");
        }
        access(target, addend, load, other, pair);
    }

    private boolean vector(boolean load) {
        return load && (s.mnemonic.equals("VMOVS") || s.mnemonic.equals("VMOVD") || s.mnemonic.equals("VMOVQ"));
    }

    private boolean branch(Symbol target, long addend) {
        boolean call = s.mnemonic.equals("CALL");
        if (!call && !s.mnemonic.equals("JMP") || s.count != 1 || !s.is(0, "S")) {
            return false;
        }
        code.reloc(call ? RelocType.A64_CALL26 : RelocType.A64_JUMP26, target, addend);
        code.word(call ? 0x94000000 : 0x14000000);
        code.current().ends = !call;
        return true;
    }

    /**
     * What another library may define, by way of the global offset table:
     *
     * <pre>
     *   MOVD $x+8(SB), R1      MOVD x@GOT(SB), R1; ADD $8, R1
     *   MOVD R1, x+8(SB)       MOVD x@GOT(SB), R27; MOVD R1, 8(R27)
     * </pre>
     */
    private void global(Symbol target, long addend) {
        AsmInst i = s.inst;
        if (s.is(0, "$S")) {
            if (!s.mnemonic.equals("MOVD")) {
                throw notShared("do not know how to handle TYPE_ADDR in");
            }
            if (!s.is(1, "r") || s.count != 2) {
                throw notShared("do not know how to handle LEAQ-type insn to non-register in");
            }
            int to = (int) s.params[0];
            entry(target, RelocType.A64_ADR_GOT_PAGE, RelocType.A64_LD64_GOT_LO12, to);
            if (addend != 0) {
                code.begin(i.pos);
                s.arithmetic("ADD", addend, to, to, i.pos);
            }
            return;
        }
        AsmOperand[] operands = i.operands.clone();
        int at = -1;
        for (int k = 0; k < s.count; k++) {
            if (s.is(k, "S") || s.is(k, "$S")) {
                boolean end = k == 0 || k == s.count - 1;
                if (!end || at >= 0 || !s.is(k, "S")) {
                    throw notShared(end && at >= 0 ? "cannot handle NAME_EXTERN on both sides in" : "don't know how to handle");
                }
                at = k;
            }
        }
        operands[at] = new AsmOperand();
        operands[at].kind = AsmOperand.Kind.SPECIAL;
        operands[at].name = "#(r)";
        operands[at].params = new long[] {addend, TEMPORARY};
        entry(target, RelocType.A64_ADR_GOT_PAGE, RelocType.A64_LD64_GOT_LO12, TEMPORARY);
        code.begin(i.pos);
        s.instruction(new AsmInst(i.kind, i.mnemonic, i.suffix, operands, i.pos), -1);
    }

    private AsmErrors.Stop notShared(String what) {
        return unit.errors.stop(s.inst.pos, what + ' ' + AsmPrinter.print(s.inst, unit.arch) + " with -dynlink");
    }

    /** Loads a word of the global offset table. */
    private void entry(Symbol target, RelocType page, RelocType place, int to) {
        code.reloc(page, target, 0);
        code.word(ADRP | TEMPORARY);
        code.reloc(place, target, 0);
        code.word(LOAD_TEMPORARY | to);
    }

    private void address(Symbol target, long addend) {
        if (s.mnemonic.equals("MOVW") && s.is(1, "r")) {
            throw s.wrong("invalid load of 32-bit address");
        }
        if (!s.mnemonic.equals("MOVD") || !s.is(1, "r") || s.params[0] == Arm64Inst.RSP) {
            throw s.illegal(s.inst);
        }
        if (unit.isThreadLocal(target)) {
            throw unit.errors.stop(s.inst.pos, "taking address of TLS variable is not supported");
        }
        int reg = (int) s.params[0];
        code.reloc(RelocType.A64_ADR_PREL_PG_HI21, target, addend);
        code.word(ADRP | reg);
        code.reloc(RelocType.A64_ADD_ABS_LO12, target, addend);
        code.word(0x91000000 | reg << 5 | reg);
    }

    /** The offset of a thread-local variable from the thread's pointer: known to the linker (local exec), or to the loader (initial exec). */
    private void threadLocal(Symbol target, long addend) {
        if (!s.mnemonic.equals("MOVD") || !s.is(1, "r") || s.params[0] == Arm64Inst.RSP) {
            throw s.illegal(s.inst);
        }
        if (addend != 0) {
            throw unit.errors.stop(s.inst.pos, "invalid offset on MOVW $tlsvar");
        }
        if (unit.options.shared || unit.options.dynlink) {
            entry(target, RelocType.A64_TLSIE_ADR_GOTTPREL_PAGE21, RelocType.A64_TLSIE_LD64_GOTTPREL_LO12, (int) s.params[0]);
            return;
        }
        code.reloc(RelocType.A64_TLSLE_MOVW_TPREL_G0, target, 0);
        code.word(MOVZ | (int) s.params[0]);
    }

    /** A load of a constant's symbol to a register of floating point or a vector register. */
    void load(Symbol target, long reg) {
        s.symbol = null;
        access(target, 0, true, s.count - 1, false);
    }

    private void access(Symbol target, long addend, boolean load, int other, boolean pair) {
        int scale = pair ? -1 : scale(s.mnemonic);
        code.reloc(RelocType.A64_ADR_PREL_PG_HI21, target, addend);
        code.word(ADRP | TEMPORARY);
        if (scale >= 0 && scale <= 3 && (addend & (1 << scale) - 1) == 0) {
            RelocType type = scale == 0 ? RelocType.A64_LDST8_ABS_LO12 : scale == 1 ? RelocType.A64_LDST16_ABS_LO12
                    : scale == 2 ? RelocType.A64_LDST32_ABS_LO12 : RelocType.A64_LDST64_ABS_LO12;
            code.reloc(type, target, addend);
        } else {
            code.reloc(RelocType.A64_ADD_ABS_LO12, target, addend);
            code.word(ADD_TEMPORARY);
        }
        code.word(word(load, other, 0, TEMPORARY));
    }

    /** The load or store of the instruction's registers at {@code offset(base)}. */
    private int word(boolean load, int other, long offset, int base) {
        String regs = s.shape[other];
        String mnemonic = s.mnemonic;
        if (regs.equals("v")) {
            regs = "f";
            mnemonic = mnemonic.equals("VMOVS") ? "FMOVS" : mnemonic.equals("VMOVD") ? "FMOVD" : "FMOVQ";
        }
        int at = s.first[other];
        int n = s.first[other + 1] - at;
        long[] p = new long[2 + n];
        System.arraycopy(s.params, at, p, load ? 2 : 0, n);
        p[load ? 0 : n] = offset;
        p[load ? 1 : n + 1] = base;
        int w = table.encode(mnemonic, load ? "#(r)|" + regs : regs + "|#(r)", p);
        if (w == -1) {
            throw s.illegal(s.inst);
        }
        return w;
    }

    // Offsets.

    /** An offset that does not fit; false if the instruction has none, or takes none of that size. */
    boolean large() {
        if (!s.inst.suffix.isEmpty() || s.count != 2) {
            return false;
        }
        if (s.is(0, "$#(r)")) {
            return addressOf();
        }
        boolean load = s.is(0, "#(r)");
        if (!load && !s.is(1, "#(r)")) {
            return false;
        }
        int other = load ? 1 : 0;
        int memory = 1 - other;
        int scale = scale(s.mnemonic);
        boolean pair = isPair(s.mnemonic);
        if (scale < 0 && !pair || !s.is(other, pair ? s.mnemonic.startsWith("F") ? "(f,f)" : "(r,r)"
                : s.mnemonic.startsWith("F") ? "f" : "r")) {
            return false;
        }
        int at = s.first[other];
        for (int i = at; i < s.first[other + 1]; i++) {
            if (s.params[i] == Arm64Inst.RSP) {
                return false;
            }
        }
        long offset = s.params[s.first[memory]];
        int base = (int) s.params[s.first[memory] + 1];
        if (base == Arm64Inst.ZR) {
            return false;
        }
        if (pair) {
            pair(load, other, offset, base);
        } else {
            single(load, other, offset, base, scale);
        }
        return true;
    }

    private boolean usesTemporary(int other) {
        boolean uses = false;
        for (int i = s.first[other]; i < s.first[other + 1]; i++) {
            uses |= s.params[i] == TEMPORARY && s.shape[other].indexOf('r') >= 0;
        }
        return uses;
    }

    /** base ± twelve bits in R27. */
    private void near(long offset, int base) {
        s.emit(offset < 0 ? "SUB" : "ADD", "$#|r|r", Math.abs(offset), base, TEMPORARY);
    }

    private void pair(boolean load, int other, long offset, int base) {
        boolean temporary = usesTemporary(other);
        if (offset >= -4095 && offset <= 4095) {
            if (!load && temporary) {
                throw s.wrong("cannot use REGTMP as source");
            }
            near(offset, base);
            code.word(word(load, other, 0, TEMPORARY));
            return;
        }
        if (base == TEMPORARY || !load && temporary) {
            throw s.wrong("REGTMP used in large offset " + (load ? "load" : "store"));
        }
        if (offset >= 0 && offset <= 0xffffff) {
            long hi = high(offset, 0);
            s.emit("ADD", "$#|r|r", offset - hi, base, TEMPORARY);
            s.emit("ADD", "$#|r|r", hi, TEMPORARY, TEMPORARY);
        } else if (s.mnemonic.charAt(0) == 'F' && !s.mnemonic.endsWith("Q") || s.mnemonic.equals("LDPSW")) {
            throw s.wrong("constant is not in pool");
        } else {
            literal(offset);
            s.emit("ADD", "r.UXTX|r|r", TEMPORARY, base, TEMPORARY);
        }
        code.word(word(load, other, 0, TEMPORARY));
    }

    private void single(boolean load, int other, long offset, int base, int scale) {
        if (offset >= -4095 && offset <= 4095) {
            near(offset, base);
            code.word(word(load, other, 0, TEMPORARY));
            return;
        }
        long hi = high(offset, scale);
        if (hi >= 0) {
            s.emit("ADD", "$#|r|r", hi, base, TEMPORARY);
            code.word(word(load, other, offset - hi, TEMPORARY));
            return;
        }
        if (base == TEMPORARY || usesTemporary(other)) {
            throw s.wrong("REGTMP used in large offset " + (load ? "load" : "store"));
        }
        literal(offset);
        long reg = s.params[s.first[other]];
        String regs = s.shape[other];
        int w = load ? table.encode(s.mnemonic, "(r)(r)|" + regs, new long[] {base, TEMPORARY, reg})
                : table.encode(s.mnemonic, regs + "|(r)(r)", new long[] {reg, base, TEMPORARY});
        if (w == -1) {
            throw s.illegal(s.inst);
        }
        code.word(w);
    }

    /**
     * What to add to the base so that the rest of a positive offset fits into twelve bits, scaled: at most twelve bits
     * itself, else a multiple of 4096; -1 if there is no such number.
     */
    private static long high(long offset, int scale) {
        long most = 0xfffL << scale;
        if (offset < 0 || offset > 0xfff000 + most) {
            return -1;
        }
        long hi = Math.max(offset - most, offset & (1L << scale) - 1);
        if (hi <= 0xfff) {
            return hi;
        }
        long lo = offset & most;
        hi = offset - lo;
        if (hi > 0xfff000) {
            hi = 0xfff000;
            lo = offset - hi;
        }
        return (hi & 0xfff) == 0 && lo <= most && (lo & (1L << scale) - 1) == 0 ? hi : -1;
    }

    /** Loads an offset from the code into R27. */
    private void literal(long offset) {
        boolean narrow = offset >= 0 && offset <= Integer.MAX_VALUE;
        code.literal(offset, narrow ? 4 : 8);
        code.word((narrow ? LITERAL32 : LITERAL64) | TEMPORARY);
    }

    /** MOVD $offset(base), register. */
    private boolean addressOf() {
        if (!s.mnemonic.equals("MOVD") || !s.is(1, "r")) {
            return false;
        }
        long offset = s.params[0];
        int base = (int) s.params[1];
        int to = (int) s.params[2];
        if (to == Arm64Inst.ZR || base == Arm64Inst.ZR) {
            return false;
        }
        if (Arm64Words.isAddend(Math.abs(offset))) {
            s.emit(offset < 0 ? "SUB" : "ADD", "$#|r|r", Math.abs(offset), base, to);
        } else if (offset >= 0 && offset <= 0xffffff) {
            s.emit("ADD", "$#|r|r", offset & 0xfff000, base, to);
            s.emit("ADD", "$#|r|r", offset & 0xfff, to, to);
        } else {
            code.literal(offset, 8);
            code.word(LITERAL64 | TEMPORARY);
            s.emit("ADD", "r.UXTX|r|r", TEMPORARY, base, to);
        }
        return true;
    }
}
