// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import mica.base.Fault;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * A compiled function as assembly source (-S), from its finished bytes and relocations: {@code mica tool asm} makes
 * the same
 * bytes and relocations of it. The flag RAW says that the text holds everything, the prologue included. Names that are
 * no
 * identifiers stand in quotes; bytes that the assembler would choose otherwise (padding) are written as BYTE.
 */
public final class Amd64Listing {
    /** NOSPLIT|NOFRAME|RAW. */
    private static final int FLAGS = 4 | 512 | 1 << 16;

    private final Amd64Decoder decoder = new Amd64Decoder();
    private final Amd64Inst inst = new Amd64Inst();
    private final Amd64Code again = new Amd64Code(Amd64Table.all());
    private final Symbol scratch = new Symbol("", 0);

    private Symbol s;
    private Map<Integer, Integer> relocs;
    private TreeMap<Integer, Integer> labels;

    /** Takes the instructions of a function one by one. */
    public interface Visitor {
        /** @param text as in the listing, with labels {@code Lhex} for offsets in the function */
        void instruction(int offset, int size, String text);
    }

    /** Visits the instructions of a TEXT symbol from first to last; every byte belongs to exactly one. */
    public void visit(Symbol s, Visitor v) {
        byte[] code = begin(s);
        StringBuilder b = new StringBuilder();
        for (int at = 0; at < code.length; ) {
            b.setLength(0);
            int n = instruction(b, code, at);
            v.instruction(at, n, b.substring(1));
            at += n;
        }
    }

    private byte[] begin(Symbol s) {
        this.s = s;
        relocs = new HashMap<>();
        labels = new TreeMap<>();
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocType[i].size != 0) {
                relocs.put(s.relocOffset[i], i);
            }
        }
        byte[] code = Arrays.copyOf(s.data, (int) s.size);
        findLabels(code);
        return code;
    }

    /** Appends the listing of a TEXT symbol. */
    public void print(StringBuilder b, Symbol s, Sources sources) {
        byte[] code = begin(s);
        int args = s.func == null ? 0 : s.func.args;
        b.append("TEXT ").append(name(s)).append("(SB), ").append(FLAGS
                | (s.func == null ? 0 : s.func.textFlags & ~12)).append(", $0");
        b.append(args == Integer.MIN_VALUE ? "" : "-" + args);
        b.append(" // size=").append(s.size).append(s.func == null ? "" : " frame=" + s.func.frame).append('\n');
        int at = 0;
        while (at < code.length) {
            if (labels.containsKey(at)) {
                b.append(label(at)).append(":\n");
            }
            int from = b.length();
            int n = instruction(b, code, at);
            for (int w = b.length() - from; w < 48; w++) {
                b.append(' ');
            }
            b.append(" // ").append(hex(at)).append(position(at, s.func, sources)).append('\n');
            at += n;
        }
        if (labels.containsKey(at)) {
            b.append(label(at)).append(":\n");
        }
    }

    private static String hex(int v) {
        String h = Integer.toHexString(v);
        return "0x" + "0".repeat(Math.max(0, 4 - h.length())) + h;
    }

    private static String position(int pc, FuncInfo f, Sources sources) {
        PcTable t = f == null ? null : f.pcpos;
        if (t == null || t.count == 0) {
            return "";
        }
        int k = Arrays.binarySearch(t.pc, 0, t.count, pc);
        k = k < 0 ? -k - 2 : k;
        SourceFile file = k < 0 ? null : sources.file(t.value[k]);
        if (file == null) {
            return "";
        }
        String path = file.recordedName(t.value[k]);
        return " " + path.substring(path.lastIndexOf('/') + 1) + ":" + file.line(t.value[k]);
    }

    private void findLabels(byte[] code) {
        for (int at = 0; at < code.length; ) {
            if (!decoder.decode(code, at, code.length, inst)) {
                at++;
                continue;
            }
            if (isBranch() && !relocs.containsKey(at + inst.fixAt) && inst.target >= 0 && inst.target <= code.length) {
                labels.put(inst.target, 0);
            }
            at += inst.length;
        }
        // A label inside an instruction would be none: such targets are kept as bytes.
        TreeMap<Integer, Integer> found = labels;
        labels = new TreeMap<>();
        for (int at = 0; at <= code.length; ) {
            if (found.containsKey(at)) {
                labels.put(at, labels.size());
            }
            at += at < code.length && decoder.decode(code, at, code.length, inst) ? inst.length : 1;
        }
    }

    private boolean isBranch() {
        return inst.operandCount == 1 && kind(inst.operands[0]) == LABEL;
    }

    private static String label(int at) {
        return "L" + Integer.toHexString(at);
    }

    /** Appends one instruction, or its bytes; returns how many bytes it has. */
    private int instruction(StringBuilder b, byte[] code, int at) {
        b.append('\t');
        if (!decoder.decode(code, at, code.length, inst)) {
            if (relocs.containsKey(at) && s.relocType[relocs.get(at)] == RelocType.ABS64) {
                int r = relocs.get(at);
                b.append("QUAD $").append(target(r, s.relocAddend[r]));
                return 8;
            }
            b.append("BYTE $0x").append(Integer.toHexString(code[at] & 0xff));
            return 1;
        }
        int r = inst.fixAt < 0 ? -1 : relocs.getOrDefault(at + inst.fixAt, -1);
        boolean same = isBranch() ? r >= 0 || labels.containsKey(inst.target) : encodesTheSame(code, at, r);
        if (!same && r >= 0) {
            throw new Fault("arch", s.name + ": no text for the relocated instruction at " + hex(at));
        }
        if (!same) {
            for (int i = 0; i < inst.length; i++) {
                b.append(i == 0 ? "" : "; ").append("BYTE $0x").append(Integer.toHexString(code[at + i] & 0xff));
            }
            return inst.length;
        }
        Amd64Printer.print(b, inst.op, inst.suffix, inst.operands, 0, inst.operandCount, context(at, r));
        return inst.length;
    }

    private Amd64Printer.Context context(int at, int reloc) {
        return new Amd64Printer.Context() {
            @Override
            public long value(long operand) {
                return inst.valueOf(operand);
            }

            @Override
            public void symbol(StringBuilder b, long operand) {
                b.append('?');
            }

            @Override
            public void label(StringBuilder b, long operand) {
                b.append(reloc >= 0 ? target(reloc, s.relocAddend[reloc] + inst.length - inst.fixAt)
                        : Amd64Listing.label(inst.target));
            }

            @Override
            public boolean relative(StringBuilder b, long operand) {
                if (reloc < 0) {
                    return false;
                }
                b.append(target(reloc, s.relocAddend[reloc] + inst.length - inst.fixAt));
                return true;
            }

            @Override
            public boolean absolute(StringBuilder b, long operand) {
                if (reloc < 0 || s.relocType[reloc] != RelocType.ABS32S) {
                    return false;
                }
                b.append(target(reloc, s.relocAddend[reloc]));
                return true;
            }
        };
    }

    /** Whether the assembler would write this instruction with the same bytes. */
    private boolean encodesTheSame(byte[] code, int at, int reloc) {
        again.reset();
        long[] operands = inst.operands.clone();
        for (int k = 0; k < inst.operandCount; k++) {
            long o = operands[k];
            if (kind(o) == IMM64) {
                operands[k] = again.imm64(inst.valueOf(o));
            } else if (kind(o) == MEM && base(o) == PC) {
                if (reloc < 0) {
                    return false;
                }
                operands[k] = again.sym(scratch, 0);
            } else if (kind(o) == MEM && reloc >= 0 && s.relocType[reloc] == RelocType.ABS32S) {
                if (base(o) != NOREG || index(o) == NOREG) {
                    return false;
                }
                operands[k] = again.sym(scratch, 0, index(o), 1 << scaleLog(o));
            }
        }
        if (inst.segment >= 0) {
            return false;
        }
        if (again.tryEmit(inst.op, inst.suffix, operands, inst.operandCount) < 0) {
            return false;
        }
        again.finish();
        byte[] b = again.toBytes();
        if (b.length != inst.length) {
            return false;
        }
        for (int i = 0; i < b.length; i++) {
            boolean patched = reloc >= 0 && i >= inst.fixAt && i < inst.fixAt + 4;
            if (b[i] != code[at + i] && !patched) {
                return false;
            }
        }
        return true;
    }

    private String target(int reloc, long offset) {
        return name(s.relocTarget[reloc]) + (offset == 0 ? "" : offset > 0 ? "+" + offset : "" + offset) + "(SB)";
    }

    /** A symbol's name as an operand begins with: quoted unless it is an identifier; its ABI if that is not 0. */
    private static String name(Symbol s) {
        String n = s.name.replace(".", "\u00b7").replace("/", "\u2215");
        boolean plain = !n.isEmpty() && s.name.indexOf(0xb7) < 0 && s.name.indexOf(0x2215) < 0 && n.charAt(0) != 0xb7
                && register(n) < 0 && !n.contains("\u00b7\u00b7");
        for (int i = 0; i < n.length() && plain; i++) {
            char c = n.charAt(i);
            boolean word = c < 0x80 && (i == 0 ? Character.isLetter(c) : Character.isLetterOrDigit(c));
            plain = word || c == '_' || c == 0xb7 || c == 0x2215;
        }
        if (!plain) {
            n = quote(s.name);
        }
        return n + (s.local ? "<>" : s.abi == 1 ? "<ABIInternal>" : "");
    }

    private static String quote(String s) {
        StringBuilder b = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                b.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                b.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                b.append(c);
            }
        }
        return b.append('"').toString();
    }
}
