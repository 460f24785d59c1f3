// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Table.*;

import java.util.Arrays;
import mica.base.Fault;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * The code of one function while it is made: instructions are encoded as they come; branches to labels and alignments
 * are left out of the bytes and inserted by {@link #finish()}, which starts with short branches and lengthens those
 * that
 * do not reach. Instructions are numbered from 0. Reusable through {@link #reset()}; not for concurrent use.
 *
 * <p>Offsets before {@code finish} count bytes without those items; every recorded place keeps the number of items
 * before it.
 */
public final class Amd64Code {
    private final Amd64Table table;
    private final Amd64Encoder encoder;

    private byte[] bytes = new byte[1024];
    private int size;

    // Instructions. The operands stay, for -S and for whoever looks at the code later.
    private int count;
    private short[] ops = new short[256];
    private byte[] suffixes = new byte[256];
    private int[] positions = new int[256];
    private int[] starts = new int[256];
    private int[] startItems = new int[256];
    private int[] operandAt = new int[257];
    private long[] operands = new long[512];
    private int operandCount;

    // Items: branches (form >= 0, target label) and alignments (form = -1, target = alignment).
    private int items;
    private int[] itemAt = new int[32];
    private int[] itemForm = new int[32];
    private int[] itemTarget = new int[32];
    private int[] itemMax = new int[32];
    private int[] itemSize = new int[32];
    private int[] itemSum = new int[33];

    private int labels;
    private int[] labelAt = new int[32];
    private int[] labelItems = new int[32];

    private int relocs;
    private int[] relocAt = new int[32];
    private int[] relocItems = new int[32];
    private RelocType[] relocType = new RelocType[32];
    private Symbol[] relocTarget = new Symbol[32];
    private long[] relocAddend = new long[32];

    private int symbols;
    private Symbol[] symbolList = new Symbol[32];
    /** How a symbol is to be reached; null = by its distance. */
    private RelocType[] symbolVia = new RelocType[32];
    private int pooled;
    private long[] pool = new long[8];

    private final Amd64Printer.Context context = new Amd64Printer.Context() {
        @Override
        public long value(long operand) {
            return valueOf(operand);
        }

        @Override
        public void symbol(StringBuilder b, long operand) {
            b.append(symbolOf(operand).name).append(symbolVia[Amd64.symbol(operand)] == RelocType.GOTPCREL ? "@GOT" : "");
        }

        @Override
        public void label(StringBuilder b, long operand) {
            b.append('L').append((int) operand);
        }

        @Override
        public boolean relative(StringBuilder b, long operand) {
            return false;
        }
    };

    private final long[] scratch = new long[MAX_OPERANDS];
    private int suffix;
    private int pos;
    private boolean finished;
    private boolean grew;
    private long classes = ~Amd64Classes.I_U32_LOOSE;

    public Amd64Code() {
        this(Amd64Table.base());
    }

    /** A buffer that knows every instruction; the plain constructor's knows none of AVX and later. */
    public static Amd64Code complete() {
        return new Amd64Code(Amd64Table.all());
    }

    public Amd64Code(Amd64Table table) {
        this.table = table;
        this.encoder = new Amd64Encoder(table);
    }

    /**
     * Lets 64-bit instructions take constants of 32 bits without sign, though they will extend the sign; for assembly
     * source.
     */
    public void acceptLooseConstants() {
        classes = -1L;
    }

    /** Forgets everything, keeping the memory. */
    public void reset() {
        Arrays.fill(symbolList, 0, symbols, null);
        Arrays.fill(relocTarget, 0, relocs, null);
        size = count = operandCount = items = labels = relocs = symbols = pooled = suffix = pos = 0;
        finished = false;
    }

    /** Sets the source position of the instructions that follow. */
    public void pos(int pos) {
        this.pos = pos;
    }

    /** A constant operand of any size. */
    public long imm64(long v) {
        if (v << 4 >> 4 == v) {
            return imm(v);
        }
        if (pooled == pool.length) {
            pool = Arrays.copyOf(pool, pooled * 2);
        }
        pool[pooled] = v;
        return (long) IMM64 << 60 | pooled++;
    }

    /** symbol+addend(SB): memory, or the target of a call or jump. */
    public long sym(Symbol s, int addend) {
        return (long) SYM << 60 | address(0, NOREG, 1, addend) | (long) intern(s, null) << 32;
    }

    /** The word from which the linker or loader lets code take the symbol's address or place: {@code via} is GOTPCREL or GOTTPOFF. */
    public long entry(Symbol s, RelocType via) {
        return (long) SYM << 60 | address(0, NOREG, 1, 0) | (long) intern(s, via) << 32;
    }

    /** symbol+addend(SB)(index*scale). Needs the symbol in the lower 2 GB. */
    public long sym(Symbol s, int addend, int index, int scale) {
        return (long) SYM << 60 | address(0, index, scale, addend) | (long) intern(s, null) << 32;
    }

    /** $symbol+addend(SB), which MOVQ and LEAQ take. */
    public long addr(Symbol s, int addend) {
        return (long) ADDR << 60 | address(0, NOREG, 1, addend) | (long) intern(s, null) << 32;
    }

    private int intern(Symbol s, RelocType via) {
        for (int i = symbols - 1; i >= 0 && i >= symbols - 8; i--) {
            if (symbolList[i] == s && symbolVia[i] == via) {
                return i;
            }
        }
        if (symbols == symbolList.length) {
            symbolList = Arrays.copyOf(symbolList, symbols * 2);
            symbolVia = Arrays.copyOf(symbolVia, symbols * 2);
        }
        if (symbols == 0x3ffff) {
            throw new Fault("arch", "too many symbols in a function");
        }
        symbolList[symbols] = s;
        symbolVia[symbols] = via;
        return symbols++;
    }

    /** The symbol of a SYM or ADDR operand. */
    public Symbol symbolOf(long operand) {
        return symbolList[symbol(operand)];
    }

    /** The value of a constant operand. */
    public long valueOf(long operand) {
        return kind(operand) == IMM64 ? pool[(int) operand] : immValue(operand);
    }

    public int newLabel() {
        if (labels == labelAt.length) {
            labelAt = Arrays.copyOf(labelAt, labels * 2);
            labelItems = Arrays.copyOf(labelItems, labels * 2);
        }
        labelAt[labels] = -1;
        return labels++;
    }

    /** Puts a label in front of the next instruction. */
    public void bind(int label) {
        if (labelAt[label] >= 0) {
            throw new Fault("arch", "label bound twice");
        }
        labelAt[label] = size;
        labelItems[label] = items;
    }

    public int emit(Amd64Op op) {
        return add(op, 0);
    }

    public int emit(Amd64Op op, long a) {
        scratch[0] = a;
        return add(op, 1);
    }

    public int emit(Amd64Op op, long a, long b) {
        scratch[0] = a;
        scratch[1] = b;
        return add(op, 2);
    }

    public int emit(Amd64Op op, long a, long b, long c) {
        scratch[0] = a;
        scratch[1] = b;
        scratch[2] = c;
        return add(op, 3);
    }

    public int emit(Amd64Op op, long a, long b, long c, long d) {
        scratch[0] = a;
        scratch[1] = b;
        scratch[2] = c;
        scratch[3] = d;
        return add(op, 4);
    }

    /** Any number of operands, with suffixes ({@link Amd64Suffix}) or 0. */
    public int emit(Amd64Op op, int suffix, long[] operands, int n) {
        if (n > 5) {
            throw new Fault("arch", "too many operands for " + op);
        }
        System.arraycopy(operands, 0, scratch, 0, n);
        this.suffix = suffix;
        try {
            return add(op, n);
        } finally {
            this.suffix = 0;
        }
    }

    /**
     * Like {@link #emit(Amd64Op, int, long[], int)}, but returns -1 and does nothing where no form takes the
     * operands.
     */
    public int tryEmit(Amd64Op op, int suffix, long[] operands, int n) {
        return op == Amd64Op.NOP || encodable(op, suffix, operands, n) ? emit(op, suffix, operands, n) : -1;
    }

    /** Whether some form takes these operands. */
    public boolean encodable(Amd64Op op, int suffix, long[] operands, int n) {
        System.arraycopy(operands, 0, scratch, 0, Math.min(n, MAX_OPERANDS));
        this.suffix = suffix;
        int form = n <= 5 ? find(op, n) : -1;
        this.suffix = 0;
        return form >= 0 && !encoder.highByteWithRex(form, scratch);
    }

    /** What is wrong with the suffixes of an instruction that has a form, in gc's words; null if nothing. */
    public String suffixProblem(Amd64Op op, int suffix, long[] operands, int n) {
        System.arraycopy(operands, 0, scratch, 0, n);
        this.suffix = suffix;
        int form = find(op, n);
        this.suffix = 0;
        if (form < 0 || suffix == 0) {
            return null;
        }
        int x = table.extra[form];
        boolean memory = false;
        for (int i = 0; i < n; i++) {
            int k = kind(operands[i]);
            memory |= k == MEM || k == SYM;
        }
        if ((suffix & Amd64Suffix.ROUND) != 0) {
            return (x & ROUNDING) == 0 ? "unsupported rounding" : memory ? "illegal rounding with memory argument"
                    : zeroingProblem(suffix, x);
        }
        if ((suffix & Amd64Suffix.SAE) != 0) {
            return (x & SAE) == 0 ? "unsupported SAE" : memory ? "illegal SAE with memory argument"
                    : zeroingProblem(suffix, x);
        }
        if ((suffix & Amd64Suffix.BCST) != 0) {
            return (x >> BCST_SHIFT & 3) == 0 ? "unsupported broadcast"
                    : !memory ? "illegal broadcast without memory argument" : zeroingProblem(suffix, x);
        }
        return zeroingProblem(suffix, x);
    }

    private static String zeroingProblem(int suffix, int extra) {
        return (suffix & Amd64Suffix.Z) == 0 ? null
                : (extra & ZEROING) == 0 ? "unsupported zeroing"
                        : (extra & MASKED) == 0 ? "mask register must be specified for .Z instructions" : null;
    }

    private int find(Amd64Op op, int n) {
        long[] s = scratch;
        long c0 = n > 0 ? Amd64Classes.of(s[0], pool) & classes : 0;
        long c1 = n > 1 ? Amd64Classes.of(s[1], pool) & classes : 0;
        long c2 = n > 2 ? Amd64Classes.of(s[2], pool) & classes : 0;
        long c3 = n > 3 ? Amd64Classes.of(s[3], pool) : 0;
        long c4 = n > 4 ? Amd64Classes.of(s[4], pool) : 0;
        if (suffix == 0) {
            return table.find(op.ordinal(), n, c0, c1, c2, c3, c4);
        }
        for (int f = table.first[op.ordinal()], end = table.first[op.ordinal() + 1]; f < end; f++) {
            if (table.arity[f] == n && table.encoding(f) == EVEX && table.accept(f, n, c0, c1, c2, c3, c4)) {
                return f;
            }
        }
        return -1;
    }

    private int add(Amd64Op op, int n) {
        if (bytes.length - size < 64) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int i = record(op, n);
        if (op == Amd64Op.NOP) {
            return i;
        }
        int form = find(op, n);
        if (form < 0) {
            count--;
            throw noForm(op, n);
        }
        int immKind = table.imm(form);
        if (immKind >= REL8 && kind(scratch[0]) == LABEL) {
            item(form, (int) scratch[0], 0);
            return i;
        }
        size = encoder.encode(form, suffix, scratch, pool, bytes, size);
        if (encoder.fixKind != Amd64Encoder.FIX_NONE) {
            long o = encoder.fixOperand;
            if (encoder.fixKind == Amd64Encoder.FIX_ABS) {
                reloc(encoder.fixAt, RelocType.ABS32S, symbolOf(o), disp(o));
            } else {
                RelocType via = symbolVia[Amd64.symbol(o)];
                RelocType t = via != null ? via : immKind == REL32 ? RelocType.CALL32 : RelocType.PC32;
                reloc(encoder.fixAt, t, symbolOf(o), (long) disp(o) - (size - encoder.fixAt));
            }
        }
        return i;
    }

    private int record(Amd64Op op, int n) {
        int i = count++;
        if (i == ops.length) {
            ops = Arrays.copyOf(ops, i * 2);
            suffixes = Arrays.copyOf(suffixes, i * 2);
            positions = Arrays.copyOf(positions, i * 2);
            starts = Arrays.copyOf(starts, i * 2);
            startItems = Arrays.copyOf(startItems, i * 2);
            operandAt = Arrays.copyOf(operandAt, i * 2 + 1);
        }
        if (operands.length - operandCount < MAX_OPERANDS) {
            operands = Arrays.copyOf(operands, operands.length * 2);
        }
        ops[i] = (short) op.ordinal();
        suffixes[i] = (byte) suffix;
        positions[i] = pos;
        starts[i] = size;
        startItems[i] = items;
        operandAt[i] = operandCount;
        System.arraycopy(scratch, 0, operands, operandCount, n);
        operandCount += n;
        operandAt[i + 1] = operandCount;
        return i;
    }

    private Fault noForm(Amd64Op op, int n) {
        StringBuilder b = new StringBuilder("no such instruction: ").append(op);
        for (int i = 0; i < n; i++) {
            b.append(i == 0 ? " " : ", ");
            Amd64Printer.operand(b, scratch[i], context);
        }
        return new Fault("arch", b.toString());
    }

    private void item(int form, int target, int max) {
        if (items == itemAt.length) {
            int n = items * 2;
            itemAt = Arrays.copyOf(itemAt, n);
            itemForm = Arrays.copyOf(itemForm, n);
            itemTarget = Arrays.copyOf(itemTarget, n);
            itemMax = Arrays.copyOf(itemMax, n);
            itemSize = Arrays.copyOf(itemSize, n);
            itemSum = Arrays.copyOf(itemSum, n + 1);
        }
        itemAt[items] = size;
        itemForm[items] = form;
        itemTarget[items] = target;
        itemMax[items++] = max;
    }

    private void reloc(int at, RelocType type, Symbol target, long addend) {
        if (relocs == relocAt.length) {
            int n = relocs * 2;
            relocAt = Arrays.copyOf(relocAt, n);
            relocItems = Arrays.copyOf(relocItems, n);
            relocType = Arrays.copyOf(relocType, n);
            relocTarget = Arrays.copyOf(relocTarget, n);
            relocAddend = Arrays.copyOf(relocAddend, n);
        }
        relocAt[relocs] = at;
        relocItems[relocs] = items;
        relocType[relocs] = type;
        relocTarget[relocs] = target;
        relocAddend[relocs++] = addend;
    }

    /** A mark for the linker that patches nothing (a {@link RelocType} of size 0). */
    public void mark(RelocType type, Symbol target, long addend) {
        reloc(size, type, target, addend);
    }

    /**
     * Fills with NOPs up to a multiple of {@code alignment} (a power of two) unless more than {@code max} bytes are
     * needed (0 = no limit).
     */
    public void align(int alignment, int max) {
        item(-1, alignment, max);
    }

    /** Appends bytes as they are; they belong to the instruction numbered by the result. */
    public int raw(long value, int width) {
        if (bytes.length - size < 64) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int i = record(Amd64Op.NOP, 0);
        for (int k = 0; k < width; k++) {
            bytes[size++] = (byte) (value >> 8 * k);
        }
        return i;
    }

    /** Appends the 8-byte address of symbol+addend. */
    public int rawAddress(Symbol s, long addend) {
        int at = size;
        int i = raw(0, 8);
        reloc(at, RelocType.ABS64, s, addend);
        return i;
    }

    /** A call to where the 8 bytes at symbol+addend say. */
    public int callThrough(Symbol s, int addend) {
        int i = raw(0x15ff, 2);
        reloc(size, RelocType.PC32, s, (long) addend - 4);
        for (int k = 0; k < 4; k++) {
            bytes[size++] = 0;
        }
        return i;
    }

    /** Bytes of an alignment gap: NOPs of up to nine bytes. */
    private static void nops(byte[] b, int at, int n) {
        while (n > 0) {
            int k = Math.min(n, 9);
            System.arraycopy(NOPS, (k - 1) * 9, b, at, k);
            at += k;
            n -= k;
        }
    }

    private static final byte[] NOPS = new byte[81];

    static {
        String[] hex = {
            "90", "6690", "0f1f00", "0f1f4000", "0f1f440000", "660f1f440000", "0f1f8000000000", "0f1f840000000000",
            "660f1f840000000000",
        };
        for (int i = 0; i < 9; i++) {
            for (int k = 0; k <= i; k++) {
                NOPS[i * 9 + k] = (byte) Integer.parseInt(hex[i], 2 * k, 2 * k + 2, 16);
            }
        }
    }

    /** Fixes the sizes of branches and alignments; offsets are known from here on. */
    public void finish() {
        if (finished) {
            return;
        }
        grew = false;
        for (int i = 0; i < items; i++) {
            itemSize[i] = itemForm[i] < 0 ? 0 : table.imm(itemForm[i]) == REL8 ? shortSize(itemForm[i])
                    : longSize(itemForm[i]);
        }
        boolean again = items > 0;
        while (again) {
            again = false;
            int sum = 0;
            for (int i = 0; i < items; i++) {
                itemSum[i] = sum;
                if (itemForm[i] < 0) {
                    int at = itemAt[i] + sum;
                    int gap = -at & itemTarget[i] - 1;
                    int fill = itemMax[i] != 0 && gap > itemMax[i] ? 0 : gap;
                    again |= fill != itemSize[i];
                    itemSize[i] = fill;
                }
                sum += itemSize[i];
            }
            itemSum[items] = sum;
            for (int i = 0; i < items; i++) {
                int form = itemForm[i];
                if (form < 0 || table.imm(form) != REL8) {
                    continue;
                }
                int distance = labelOffset(itemTarget[i]) - (itemAt[i] + itemSum[i] + itemSize[i]);
                if (distance != (byte) distance) {
                    grew = true;
                    itemForm[i] = longForm(form);
                    itemSize[i] = longSize(itemForm[i]);
                    again = true;
                }
            }
        }
        finished = true;
    }

    /** Whether {@link #finish()} found a branch that a byte does not reach. */
    public boolean grew() {
        return grew;
    }

    private int shortSize(int form) {
        return (table.spec[form] & ASIZE) != 0 ? 3 : 2;
    }

    private int longSize(int form) {
        int spec = table.spec[form];
        return 5 + (spec >> MAP_SHIFT & 3) + ((spec >> MODRM_SHIFT & 15) == MODRM_FIXED ? 1 : 0);
    }

    private int longForm(int form) {
        int op = table.opOf[form];
        for (int f = form + 1; f < table.first[op + 1]; f++) {
            if (table.imm(f) == REL32 && (table.accepts[f * MAX_OPERANDS] & Amd64Classes.TO_LABEL) != 0) {
                return f;
            }
        }
        throw new Fault("arch", Amd64Op.ALL[op] + ": target is too far");
    }

    /** Number of instructions so far. */
    public int count() {
        return count;
    }

    /** Bytes of all code; after {@link #finish()}. */
    public int size() {
        return size + (items == 0 ? 0 : itemSum[items]);
    }

    /** Offset of an instruction; after {@link #finish()}. The number of the next one gives the end. */
    public int start(int instruction) {
        if (!finished) {
            throw new Fault("arch", "offsets are known after finish");
        }
        return instruction == count ? size() : starts[instruction] + itemSum(startItems[instruction]);
    }

    /** Offset at which the padding in front of an instruction begins, or the instruction if there is none; after {@link #finish()}. */
    public int padding(int instruction) {
        if (instruction == count) {
            return size();
        }
        int n = startItems[instruction];
        while (n > 0 && itemForm[n - 1] < 0 && itemAt[n - 1] == starts[instruction]) {
            n--;
        }
        return starts[instruction] + itemSum(n);
    }

    /** Offset behind an instruction; after {@link #finish()}. */
    public int end(int instruction) {
        return start(instruction + 1);
    }

    private int itemSum(int n) {
        return items == 0 ? 0 : itemSum[n];
    }

    /** Offset of a bound label; after {@link #finish()}. */
    public int labelOffset(int label) {
        if (labelAt[label] < 0) {
            throw new Fault("arch", "label was never bound");
        }
        return labelAt[label] + itemSum(labelItems[label]);
    }

    /** Source position of an instruction. */
    public int position(int instruction) {
        return positions[instruction];
    }

    public Amd64Op op(int instruction) {
        return Amd64Op.ALL[ops[instruction]];
    }

    /** Suffix bits of an instruction. */
    public int suffix(int instruction) {
        return suffixes[instruction];
    }

    public int operandCount(int instruction) {
        return operandAt[instruction + 1] - operandAt[instruction];
    }

    public long operand(int instruction, int k) {
        return operands[operandAt[instruction] + k];
    }

    /** An instruction in Plan 9 syntax; a branch's target shows as L and the label's number. */
    public String print(int instruction) {
        StringBuilder b = new StringBuilder();
        Amd64Printer.print(b, op(instruction), suffix(instruction), operands, operandAt[instruction],
                operandCount(instruction), context);
        return b.toString();
    }

    /** {@link #finish()}, then makes {@code s} a TEXT symbol with these bytes and relocations. */
    public void finish(Symbol s) {
        finish();
        s.data = toBytes();
        s.size = s.data.length;
        for (int i = 0; i < relocs; i++) {
            s.addReloc(relocAt[i] + itemSum(relocItems[i]), relocType[i], relocTarget[i], relocAddend[i]);
        }
        s.kind = SymKind.TEXT;
    }

    /** The bytes; after {@link #finish()}. */
    public byte[] toBytes() {
        byte[] out = new byte[size()];
        int from = 0;
        int to = 0;
        for (int i = 0; i < items; i++) {
            int n = itemAt[i] - from;
            System.arraycopy(bytes, from, out, to, n);
            from += n;
            to += n;
            if (itemForm[i] < 0) {
                nops(out, to, itemSize[i]);
            } else {
                branch(out, to, itemForm[i], labelOffset(itemTarget[i]) - (to + itemSize[i]));
            }
            to += itemSize[i];
        }
        System.arraycopy(bytes, from, out, to, size - from);
        return out;
    }

    private void branch(byte[] out, int at, int form, int distance) {
        int spec = table.spec[form];
        if ((spec & ASIZE) != 0) {
            out[at++] = 0x67;
        }
        if ((spec >> MAP_SHIFT & 3) != 0) {
            out[at++] = 0x0f;
        }
        out[at++] = (byte) spec;
        if ((spec >> MODRM_SHIFT & 15) == MODRM_FIXED) {
            out[at++] = (byte) table.extra[form];
        }
        out[at++] = (byte) distance;
        if (table.imm(form) == REL32) {
            out[at++] = (byte) (distance >> 8);
            out[at++] = (byte) (distance >> 16);
            out[at] = (byte) (distance >> 24);
        }
    }
}
