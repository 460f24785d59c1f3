// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Table;
import mica.asm.AsmOperand.Kind;
import mica.obj.FuncInfo;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Makes one arm64 function after the other.
 *
 * <pre>
 *   caller's arguments   name+n(FP) = n+8+size(RSP)
 *   caller's saved link register
 *   locals               name-n(SP) counts down from here
 *   saved link register  at 0(RSP); the frame pointer R29 is saved at -8(RSP)
 * </pre>
 * The size is that of the locals and the link register, rounded up to 16; a function without locals and calls has none.
 */
final class Arm64Function {
    private static final int TEMPORARY = 27;

    /** A branch whose distance is filled in when every instruction has its place. */
    private static final class Fix {
        int at;
        String mnemonic;
        String shapes;
        long[] params;
        int param;
        int target;
        int pos;
    }

    private final AsmUnit unit;
    private final Arm64Table table;
    private AsmFunction f;
    private FuncInfo info;
    private Symbol out;
    private int size;
    private int at;
    private int depth;
    private int[] starts;
    private final List<Fix> fixes = new ArrayList<>();

    Arm64Function(AsmUnit unit, Arm64Table table) {
        this.unit = unit;
        this.table = table;
    }

    void assemble(AsmFunction f) {
        this.f = f;
        info = new FuncInfo();
        out = f.symbol;
        out.relocCount = 0;
        out.size = 0;
        at = 0;
        depth = 0;
        fixes.clear();
        starts = new int[f.body.size() + 1];
        boolean calls = false;
        for (AsmInst i : f.body) {
            calls |= i.mnemonic.equals("CALL");
        }
        boolean frame = (f.flags & AsmUnit.NOFRAME) == 0 && (f.frame > 0 || calls);
        size = frame ? Math.max(f.frame, 0) + 8 + 15 & ~15 : 0;
        if ((f.flags & AsmUnit.NOSPLIT) == 0 && unit.options.stackChecks && (frame && (calls || size >= 128))) {
            unit.errors.error(f.pos, "stack checks of arm64 functions are not supported: TEXT needs NOSPLIT");
        }
        mark(f.pos);
        if (frame) {
            prologue();
        }
        for (int i = 0; i < f.body.size(); i++) {
            starts[i] = at;
            mark(f.body.get(i).pos);
            try {
                statement(f.body.get(i), i);
            } catch (AsmErrors.Stop e) {
                // Reported; the rest may have errors of its own.
            }
        }
        starts[f.body.size()] = at;
        for (Fix x : fixes) {
            x.params[x.param] = starts[x.target] - x.at;
            int w = table.encode(x.mnemonic, x.shapes, x.params);
            if (w == -1) {
                unit.errors.error(x.pos, "branch too far");
            }
            out.put(x.at, w, 4);
        }
        // A function's size is a multiple of 16.
        while (at % 16 != 0 && at != 0) {
            word(0);
        }
        tables();
    }

    private void mark(int pos) {
        info.pcpos.add(at, pos);
        info.pcsp.add(at, depth);
    }

    private void word(int w) {
        out.put(at, w & 0xffffffffL, 4);
        at += 4;
    }

    private void emit(String mnemonic, String shapes, long... params) {
        int w = table.encode(mnemonic, shapes, params);
        if (w == -1) {
            throw new mica.base.Fault("asm", "no form " + mnemonic + " " + shapes + Arrays.toString(params));
        }
        word(w);
    }

    private void prologue() {
        if (size <= 256) {
            emit("MOVD.W", "r|#(r)", 30, -size, Arm64Inst.RSP);
            depth = size;
            info.pcsp.add(at, depth);
        } else {
            constant(size, TEMPORARY, f.pos);
            emit("SUB", "r|r|r", TEMPORARY, Arm64Inst.RSP, TEMPORARY);
            emit("MOVD", "r|(r)", 30, TEMPORARY);
            emit("ADD", "$#|r|r", 0, TEMPORARY, Arm64Inst.RSP);
            depth = size;
            info.pcsp.add(at, depth);
        }
        emit("MOVD", "r|#(r)", 29, -8, Arm64Inst.RSP);
        emit("SUB", "$#|r|r", 8, Arm64Inst.RSP, 29);
    }

    private void ret(AsmInst i) {
        if (size != 0) {
            emit("MOVD", "#(r)|r", -8, Arm64Inst.RSP, 29);
            if (size <= 255) {
                emit("MOVD.P", "#(r)|r", size, Arm64Inst.RSP, 30);
            } else {
                emit("MOVD", "(r)|r", Arm64Inst.RSP, 30);
                constant(size, TEMPORARY, i.pos);
                emit("ADD", "r|r|r", TEMPORARY, Arm64Inst.RSP, Arm64Inst.RSP);
            }
            depth = 0;
            info.pcsp.add(at, 0);
        }
        if (i.operands.length == 1 && i.operands[0].isSymbol()) {
            out.addReloc(at, RelocType.A64_JUMP26, unit.symbol(i.operands[0], false), i.operands[0].value);
            word(0x14000000);
        } else if (i.operands.length == 1 && i.operands[0].kind == Kind.SPECIAL) {
            general(i, 0);
        } else {
            emit("RET", "-");
        }
        depth = size;
    }

    /** Loads a constant in as few words as MOVZ, MOVN and MOVK need. */
    private void constant(long v, int reg, int pos) {
        // Small masks go by ORR, as the standard assembler has them.
        int w = v > 0 && v <= 0xfff && reg < 31 ? table.encode("ORR", "$#|r|r", new long[] {v, Arm64Inst.ZR, reg}) : -1;
        w = w == -1 ? table.encode("MOVD", "$#|r", new long[] {v, reg}) : w;
        if (w != -1) {
            word(w);
            return;
        }
        boolean first = true;
        for (int s = 0; s < 64; s += 16) {
            long part = v >>> s & 0xffff;
            if (part != 0) {
                emit(first ? "MOVD" : "MOVK", "$#|r", part << s, reg);
                first = false;
            }
        }
    }

    private void statement(AsmInst i, int index) {
        switch (i.kind) {
            case BYTES -> {
                if (i.operands[0].kind != Kind.IMM) {
                    throw invalid(i);
                }
                out.put(at, i.operands[0].value, i.width);
                at += i.width;
            }
            case FUNCDATA -> {
                AsmOperand o = i.operands[1];
                int n = (int) i.operands[0].value;
                if (n < 0 || n >= info.funcdata.length || !o.isSymbol()) {
                    throw unit.errors.stop(i.pos, "value for FUNCDATA must be symbol reference");
                }
                info.funcdata[n] = o.name.equals("go_args_stackmap") ? unit.table.lookup(out.name + ".args_stackmap", 0)
                        : unit.symbol(o, false);
            }
            case PCALIGN -> {
                int n = (int) i.operands[0].value;
                if (i.operands[0].kind != Kind.IMM || n < 8 || n > 2048 || (n & n - 1) != 0) {
                    throw invalid(i);
                }
                while (at % n != 0) {
                    emit("NOOP", "-");
                }
                out.align = Math.max(out.align, n);
            }
            case INST -> instruction(i, index);
            default -> {
            }
        }
    }

    private AsmErrors.Stop invalid(AsmInst i) {
        return unit.errors.stop(i.pos, "illegal combination: " + AsmPrinter.print(i, unit.arch));
    }

    private void instruction(AsmInst i, int index) {
        AsmOperand[] o = i.operands;
        if (bitField(i) || floatingConstant(i)) {
            return;
        }
        switch (i.mnemonic) {
            case "RET" -> ret(i);
            case "UNDEF" -> word(0);
            case "CALL", "JMP" -> {
                if (o.length == 1 && o[0].isSymbol() && o[0].pseudo == AsmOperand.SB) {
                    boolean call = i.mnemonic.equals("CALL");
                    RelocType t = call ? RelocType.A64_CALL26 : RelocType.A64_JUMP26;
                    out.addReloc(at, t, unit.symbol(o[0], false), o[0].value);
                    word(call ? 0x94000000 : 0x14000000);
                } else {
                    general(i, index);
                }
            }
            default -> {
                if (o.length == 2 && (isStatic(o[0]) || isStatic(o[1]))) {
                    symbolic(i);
                } else if (i.mnemonic.equals("MOVD") && o.length == 2 && o[0].kind == Kind.IMM && o[0].value == 0
                        && o[1].kind == Kind.SPECIAL && o[1].name.equals("r") && o[1].params[0] != Arm64Inst.RSP) {
                    emit("MOVD", "r|r", Arm64Inst.ZR, o[1].params[0]);
                } else if (i.mnemonic.equals("MOVW") && o.length == 2 && o[0].kind == Kind.IMM
                        && o[1].kind == Kind.SPECIAL
                        && o[1].name.equals("r") && o[0].value != 0 && o[0].value >> 32 == o[0].value >> 63) {
                    constant32((int) o[0].value, (int) o[1].params[0]);
                } else if (i.mnemonic.equals("MOVD") && o.length == 2 && o[0].kind == Kind.IMM
                        && o[1].kind == Kind.SPECIAL
                        && o[1].name.equals("r")) {
                    constant(o[0].value, (int) o[1].params[0], i.pos);
                } else {
                    general(i, index);
                }
            }
        }
    }

    private static boolean isStatic(AsmOperand o) {
        return o.isSymbol() && o.pseudo == AsmOperand.SB;
    }

    /**
     * $symbol to a register, and loads and stores of symbols: the page by ADRP, the rest in the instruction behind
     * it.
     */
    private void symbolic(AsmInst i) {
        AsmOperand[] o = i.operands;
        boolean load = isStatic(o[0]);
        AsmOperand s = load ? o[0] : o[1];
        AsmOperand r = load ? o[1] : o[0];
        if (r.kind != Kind.SPECIAL || r.params.length != 1) {
            throw invalid(i);
        }
        Symbol target = unit.symbol(s, false);
        boolean address = s.kind == Kind.ADDR;
        int reg = address ? (int) r.params[0] : TEMPORARY;
        long addend = s.value;
        out.addReloc(at, RelocType.A64_ADR_PREL_PG_HI21, target, addend);
        emit("ADRP", "#(PC)|r", 0, reg);
        if (address) {
            if (!i.mnemonic.equals("MOVD") || !load) {
                throw invalid(i);
            }
            out.addReloc(at, RelocType.A64_ADD_ABS_LO12, target, addend);
            emit("ADD", "$#|r|r", 0, reg, reg);
            return;
        }
        RelocType t;
        switch (i.mnemonic) {
            case "MOVB", "MOVBU" -> t = RelocType.A64_LDST8_ABS_LO12;
            case "MOVH", "MOVHU" -> t = RelocType.A64_LDST16_ABS_LO12;
            case "MOVW", "MOVWU", "FMOVS" -> t = RelocType.A64_LDST32_ABS_LO12;
            case "MOVD", "FMOVD" -> t = RelocType.A64_LDST64_ABS_LO12;
            case "FMOVQ" -> t = RelocType.A64_LDST128_ABS_LO12;
            default -> throw invalid(i);
        }
        long[] params = load ? new long[] {0, TEMPORARY, r.params[0]} : new long[] {r.params[0], 0, TEMPORARY};
        int w = table.encode(i.mnemonic, load ? "#(r)|" + r.name : r.name + "|#(r)", params);
        if (w == -1) {
            throw invalid(i);
        }
        out.addReloc(at, t, target, addend);
        word(w);
    }

    /** An instruction that is one word of the table. */
    private void general(AsmInst i, int index) {
        StringBuilder shapes = new StringBuilder();
        long[] params = new long[16];
        int n = 0;
        Fix fix = null;
        for (AsmOperand o : i.operands) {
            shapes.append(shapes.length() == 0 ? "" : "|");
            switch (o.kind) {
                case SPECIAL -> {
                    shapes.append(o.name);
                    for (long v : o.params) {
                        params[n++] = v;
                    }
                }
                case IMM -> {
                    shapes.append("$#");
                    params[n++] = o.value;
                }
                case FLOAT -> {
                    shapes.append("$f");
                    params[n++] = Double.doubleToRawLongBits(o.real);
                }
                case BRANCH -> {
                    Integer label = o.name == null ? Integer.valueOf(index + (int) o.value) : f.labels.get(o.name);
                    if (label == null && table.knowsName(i.mnemonic, o.name)) {
                        shapes.append(o.name);
                    } else if (label == null || label < 0 || label > f.body.size()) {
                        throw unit.errors.stop(i.pos, o.name == null ? "branch out of range" : "undefined label "
                                + o.name);
                    } else {
                        shapes.append('L');
                        fix = new Fix();
                        fix.param = n++;
                        fix.target = label;
                    }
                }
                case MEM -> {
                    if (!o.isSymbol() || o.index >= 0) {
                        throw invalid(i);
                    }
                    shapes.append("#(r)");
                    params[n++] = o.value + (o.pseudo == AsmOperand.FP ? size + 8 : size);
                    params[n++] = Arm64Inst.RSP;
                }
                default -> throw invalid(i);
            }
            if (n > 10) {
                throw invalid(i);
            }
        }
        String mnemonic = i.mnemonic + i.suffix;
        String joined = shapes.length() == 0 ? "-" : shapes.toString();
        int w = table.encode(mnemonic, joined, params);
        if (w == -1 && i.operands.length == 2 && i.operands[1].kind == Kind.SPECIAL) {
            // The second operand is the first source, too.
            String last = i.operands[1].name;
            int m = i.operands[1].params.length;
            System.arraycopy(params, n - m, params, n, m);
            w = table.encode(mnemonic, joined + "|" + last, params);
        }
        if (w == -1 && fix == null && viaTemporary(mnemonic, joined, params, i.pos)) {
            return;
        }
        if (w == -1) {
            throw invalid(i);
        }
        if (fix != null) {
            fix.at = at;
            fix.mnemonic = mnemonic;
            fix.shapes = joined;
            fix.params = params;
            fix.pos = i.pos;
            fixes.add(fix);
        }
        word(w);
    }

    /** A constant or offset that the instruction cannot hold is made in R27 first. */
    private boolean viaTemporary(String mnemonic, String shapes, long[] params, int pos) {
        if (shapes.startsWith("$#|")) {
            return constantFirst(mnemonic, shapes, params, pos);
        }
        int k = 0;
        for (String s : shapes.split("\\|")) {
            if (s.equals("#(r)")) {
                return offsetFirst(mnemonic, shapes, params, k);
            }
            if (s.equals("$#(r)")) {
                return addressOf(mnemonic, params, pos);
            }
            k += countParams(s);
        }
        return false;
    }

    private static int countParams(String s) {
        if (s.equals("c") || s.charAt(0) == '$') {
            return 1;
        }
        if (s.charAt(0) == '[') {
            return s.endsWith("[#]") ? 2 : 1;
        }
        int n = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            boolean begins = i == 0 || !Character.isLetterOrDigit(s.charAt(i - 1));
            n += c == '#' || begins && (c == 'r' || c == 'f' || c == 'v') ? 1 : 0;
        }
        return n;
    }

    /** op $constant, ...: additions of 24 bits in two steps, everything else through R27. */
    private boolean constantFirst(String mnemonic, String shapes, long[] params, int pos) {
        long v = params[0];
        boolean narrow = mnemonic.endsWith("W");
        boolean sum = mnemonic.equals("ADD") || mnemonic.equals("SUB") || mnemonic.equals("ADDW")
                || mnemonic.equals("SUBW");
        if (sum && v > 0xfff && v <= 0xffffff) {
            boolean three = shapes.equals("$#|r|r");
            if (!three && !shapes.equals("$#|r")) {
                return false;
            }
            long dst = params[three ? 2 : 1];
            emit(mnemonic, "$#|r|r", v & 0xfff, params[1], dst);
            emit(mnemonic, "$#|r|r", v & 0xfff000, dst, dst);
            return true;
        }
        long[] p = params.clone();
        p[0] = TEMPORARY;
        int w = table.encode(mnemonic, "r" + shapes.substring(2), p);
        if (w == -1) {
            return false;
        }
        if (narrow) {
            constant32((int) v, TEMPORARY);
        } else {
            constant(v, TEMPORARY, pos);
        }
        word(w);
        return true;
    }

    private void constant32(int v, int reg) {
        int w = v > 0 && v <= 0xfff && reg < 31 ? table.encode("ORRW", "$#|r|r", new long[] {v, Arm64Inst.ZR, reg})
                : -1;
        w = w == -1 ? table.encode("MOVW", "$#|r", new long[] {v & 0xffffffffL, reg}) : w;
        if (w != -1) {
            word(w);
            return;
        }
        emit("MOVW", "$#|r", v & 0xffff, reg);
        emit("MOVKW", "$#|r", v & 0xffff0000L, reg);
    }

    /** offset(base) with an offset that is too large or no multiple: base plus a part of it in R27. */
    private boolean offsetFirst(String mnemonic, String shapes, long[] params, int k) {
        long off = params[k];
        boolean pair = shapes.indexOf("(r,r)") >= 0 || shapes.indexOf("(f,f)") >= 0;
        if (mnemonic.endsWith(".P") || mnemonic.endsWith(".W") || off < -0xffffff || off > 0x1fffffff) {
            return false;
        }
        long[] p = params.clone();
        p[k + 1] = TEMPORARY;
        int scale = scale(mnemonic);
        long low = pair ? 0 : 0xfffL << scale;
        long high = off - low;
        if (!pair && (high < 0 || high > 0xfff && (high & 0xfff) != 0)) {
            high = off & 0xfff000;
            low = off - high;
        }
        p[k] = low;
        int w = table.encode(mnemonic, shapes, p);
        int add = table.encode(high < 0 ? "SUB" : "ADD", "$#|r|r",
                new long[] {Math.abs(high), params[k + 1], TEMPORARY});
        if (w != -1 && add != -1) {
            word(add);
            word(w);
            return true;
        }
        return false;
    }

    /** Binary logarithm of what a load or store transfers. */
    private static int scale(String mnemonic) {
        switch (mnemonic) {
            case "MOVB", "MOVBU":
                return 0;
            case "MOVH", "MOVHU":
                return 1;
            case "MOVW", "MOVWU", "FMOVS":
                return 2;
            case "FMOVQ":
                return 4;
            default:
                return 3;
        }
    }

    /** FMOV of a number that has no eight-bit form: zero from ZR, others from memory. */
    private boolean floatingConstant(AsmInst i) {
        AsmOperand[] o = i.operands;
        boolean single = i.mnemonic.equals("FMOVS");
        if (!single && !i.mnemonic.equals("FMOVD") || o.length != 2 || o[0].kind != Kind.FLOAT
                || o[1].kind != Kind.SPECIAL
                || !o[1].name.equals("f")) {
            return false;
        }
        long bits = Double.doubleToRawLongBits(o[0].real);
        if (table.encode(i.mnemonic, "$f|f", new long[] {bits, o[1].params[0]}) != -1) {
            return false;
        }
        if (bits == 0) {
            emit(i.mnemonic, "r|f", Arm64Inst.ZR, o[1].params[0]);
            return true;
        }
        long value = single ? Float.floatToRawIntBits((float) o[0].real) & 0xffffffffL : bits;
        String hex = Long.toHexString(value);
        int width = single ? 4 : 8;
        Symbol s = unit.constant((single ? "$f32." : "$f64.") + "0".repeat(2 * width - hex.length()) + hex, value,
                width);
        out.addReloc(at, RelocType.A64_ADR_PREL_PG_HI21, s, 0);
        emit("ADRP", "#(PC)|r", 0, TEMPORARY);
        out.addReloc(at, single ? RelocType.A64_LDST32_ABS_LO12 : RelocType.A64_LDST64_ABS_LO12, s, 0);
        emit(i.mnemonic, "#(r)|f", 0, TEMPORARY, o[1].params[0]);
        return true;
    }

    /** UBFX and its like are forms of UBFM, SBFM and BFM, which hold the rotation and the last bit. */
    private boolean bitField(AsmInst i) {
        String m = i.mnemonic;
        boolean narrow = m.endsWith("W");
        String name = narrow ? m.substring(0, m.length() - 1) : m;
        AsmOperand[] o = i.operands;
        if (!Arm64Arch.isBitField(m)) {
            return false;
        }
        if (o.length != 4 || o[0].kind != Kind.IMM || o[2].kind != Kind.IMM || o[1].kind != Kind.SPECIAL
                || o[3].kind != Kind.SPECIAL || !o[1].name.equals("r") || !o[3].name.equals("r")) {
            throw invalid(i);
        }
        int bits = narrow ? 32 : 64;
        long low = o[0].value;
        long width = o[2].value;
        if (low < 0 || width < 1 || low + width > bits) {
            throw invalid(i);
        }
        String base = name.startsWith("U") ? "UBFM" : name.startsWith("S") ? "SBFM" : "BFM";
        boolean extract = name.endsWith("X") || name.endsWith("XIL");
        emit(base + (narrow ? "W" : ""), "$#|r|$#|r", extract ? low : -low & bits - 1, o[1].params[0],
                extract ? low + width - 1 : width - 1, o[3].params[0]);
        return true;
    }

    /** MOVD $offset(base), register. */
    private boolean addressOf(String mnemonic, long[] params, int pos) {
        if (!mnemonic.equals("MOVD")) {
            return false;
        }
        long off = params[0];
        String op = off < 0 ? "SUB" : "ADD";
        long v = Math.abs(off);
        if (v <= 0xfff || (v & 0xfff) == 0 && v <= 0xfff000) {
            emit(op, "$#|r|r", v, params[1], params[2]);
        } else if (v <= 0xffffff) {
            emit(op, "$#|r|r", v & 0xfff000, params[1], params[2]);
            emit(op, "$#|r|r", v & 0xfff, params[2], params[2]);
        } else {
            constant(off, TEMPORARY, pos);
            emit("ADD", "r|r|r", TEMPORARY, params[1], params[2]);
        }
        return true;
    }

    private void tables() {
        out.kind = SymKind.UNDEFINED;
        out.size = at;
        info.args = f.args;
        info.frame = size;
        info.textFlags = f.flags;
        info.flags = FuncInfo.FLAG_ASM | ((f.flags & AsmUnit.TOPFRAME) != 0 ? FuncInfo.FLAG_TOP_FRAME : 0);
        info.funcId = FuncIds.of(out.name);
        info.startLine = unit.options.sources.file(f.pos).line(f.pos);
        if (info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] == null && f.args != 0 && !out.local) {
            info.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] = unit.table.lookup(out.name + ".args_stackmap", 0);
        }
        out.func = info;
    }
}
