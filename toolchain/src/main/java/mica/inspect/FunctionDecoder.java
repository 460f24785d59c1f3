// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static mica.arch.amd64.Amd64.disp;

import java.util.Arrays;
import java.util.List;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Gnu;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Op;
import mica.arch.amd64.Amd64Printer;
import mica.arch.arm64.Arm64Decoder;
import mica.arch.arm64.Arm64Gnu;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Printer;
import mica.base.SourceFile;
import mica.obj.Bytes;
import mica.obj.FormatException;
import mica.obj.GoobjFile;
import mica.obj.PcTable;

/**
 * Steps through one function after the other, instruction by instruction. Prefixes that Plan 9 assembly writes as statements (LOCK,
 * REP) are shown with the instruction that they modify, as one. Not for concurrent use.
 */
final class FunctionDecoder {
    private final Objdump dump;
    private final byte[] bytes;
    private final Pcln pcln;

    private final Amd64Decoder amd64;
    private final Amd64Inst inst = new Amd64Inst();
    private final Arm64Decoder arm64;
    private final Arm64Inst word = new Arm64Inst();
    private final Amd64Printer.Context context = new Context();

    private Objdump.Part part;
    private Pcln.Func func;
    private Pcln.Cursor files;
    private Pcln.Cursor lines;
    /** In an object of the standard toolchain: numbers of files and lines, what patches the function, how much of that is behind. */
    private PcTable goFiles;
    private PcTable goLines;
    private List<GoobjFile.Reloc> relocs;
    private int done;
    private int fileNumber;
    private String fileName;

    // The current instruction.
    /** Offset in the file. */
    int offset;
    long address;
    int size;
    /** Null or 0 where unknown. */
    String file;
    int line;
    private int end;

    FunctionDecoder(Objdump dump) {
        this.dump = dump;
        this.bytes = dump.bytes;
        this.pcln = dump.pcln;
        this.arm64 = dump.arm64 ? new Arm64Decoder() : null;
        this.amd64 = arm64 == null ? new Amd64Decoder() : null;
    }

    /** Goes to a function's start. */
    void begin(Objdump.Part p) throws FormatException {
        part = p;
        end = p.offset + p.size;
        offset = p.offset;
        size = 0;
        func = pcln == null ? null : pcln.find(p.address);
        files = func == null ? null : pcln.fileCursor(func);
        lines = func == null ? null : pcln.lineCursor(func);
        goFiles = p.symbol == null ? null : dump.go.file.table(p.symbol, GoobjFile.AUX_PCFILE);
        goLines = p.symbol == null ? null : dump.go.file.table(p.symbol, GoobjFile.AUX_PCLINE);
        relocs = p.symbol == null ? List.of() : dump.go.file.relocs(p.symbol);
        done = 0;
        file = null;
        line = 0;
        fileNumber = -1;
        fileName = null;
    }

    /** Goes on to the next instruction and appends its text, and {@code gnu} if that is not null; false at the function's end. */
    boolean next(StringBuilder text, StringBuilder gnu) throws FormatException {
        offset += size;
        if (offset >= end) {
            return false;
        }
        address = part.address + offset - part.offset;
        if (arm64 != null) {
            arm64(text, gnu);
        } else {
            amd64(text, gnu);
        }
        position();
        return true;
    }

    /** The relocations that have not been handed out and begin before the current instruction's end. */
    List<GoobjFile.Reloc> relocs() {
        int from = done;
        while (done < relocs.size() && relocs.get(done).offset < offset - part.offset + size) {
            done++;
        }
        return relocs.subList(from, done);
    }

    private void position() throws FormatException {
        if (goFiles != null && goLines != null) {
            file = dump.go.file.file(goFiles.at(offset - part.offset));
            line = file == null ? 0 : goLines.at(offset - part.offset);
            return;
        }
        if (part.info != null) {
            int pos = part.info.pcpos.at(offset - part.offset);
            SourceFile source = dump.positions.file(pos);
            file = source == null ? null : source.recordedName(pos);
            line = source == null ? 0 : source.line(pos);
            return;
        }
        if (func == null) {
            return;
        }
        line = lines.at(address);
        int n = files.at(address);
        if (n != fileNumber || fileName == null) {
            fileNumber = n;
            fileName = pcln.fileName(func, n);
        }
        file = fileName;
    }

    private void amd64(StringBuilder text, StringBuilder gnu) {
        size = 0;
        for (;;) {
            if (!amd64.decode(bytes, offset + size, end, inst)) {
                // What follows a prefix and is nothing leaves the prefix alone.
                if (size == 0) {
                    text.append('?');
                    size = 1;
                    if (gnu != null) {
                        gnu.append("(bad)");
                    }
                } else {
                    text.setLength(text.length() - 2);
                }
                return;
            }
            if (size > 0 && isPrefix(inst.op)) {
                text.setLength(text.length() - 2);
                return;
            }
            amd64Text(text);
            if (gnu != null) {
                if (size > 0) {
                    gnu.append(' ');
                }
                Amd64Gnu.print(gnu, inst, address + size);
            }
            size += inst.length;
            if (!isPrefix(inst.op) || offset + size >= end) {
                return;
            }
            text.append("; ");
        }
    }

    private static boolean isPrefix(Amd64Op op) {
        switch (op) {
            case LOCK, REP, REPN, XACQUIRE, XRELEASE:
                return true;
            default:
                return false;
        }
    }

    private void amd64Text(StringBuilder text) {
        if (inst.op == Amd64Op.RET) {
            text.append("RET");
        } else if (inst.op == Amd64Op.XCHGL && inst.length == 1 && bytes[offset + size] == (byte) 0x90) {
            text.append("NOPL");
        } else if (inst.op == Amd64Op.XCHGW && inst.length == 2 && bytes[offset + size + 1] == (byte) 0x90) {
            text.append("NOPW");
        } else {
            Amd64Printer.print(text, inst, context);
        }
    }

    private void arm64(StringBuilder text, StringBuilder gnu) {
        size = Math.min(4, end - offset);
        int w = size < 4 ? 0 : Bytes.load32(bytes, offset);
        if (size < 4 || !arm64.decode(w, word)) {
            text.append('?');
            if (gnu != null) {
                gnu.append(size < 4 ? "(bad)" : Arm64Gnu.directive(w));
            }
            return;
        }
        String fixed = part.relocations == null ? null : part.relocations.target(address, 0);
        text.append(Arm64Printer.print(word, address, fixed != null ? a -> fixed : dump.names::at));
        if (gnu != null) {
            gnu.append(Arm64Gnu.print(word, w, address, fixed != null ? a -> fixed : dump.names::at));
        }
    }

    /** Names of an amd64 instruction's operands, from the symbol table or what is to be relocated. */
    private final class Context implements Amd64Printer.Context {
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
            String fixed = fixed(true);
            if (fixed != null) {
                b.append(fixed).append("(SB)");
                return;
            }
            long to = part.address + inst.target - part.offset;
            if (part.relocations != null) {
                b.append("0x").append(Long.toHexString(to));
            } else {
                Amd64Printer.target(b, inst, to, dump.names::at);
            }
        }

        @Override
        public boolean relative(StringBuilder b, long operand) {
            if (dump.go != null) {
                // A relocation says what it is; the bytes count from here.
                return false;
            }
            String name = part.relocations != null ? fixed(true) : dump.names.at(address + size + inst.length + disp(operand));
            if (name == null) {
                return false;
            }
            b.append(name).append("(SB)");
            return true;
        }

        @Override
        public boolean absolute(StringBuilder b, long operand) {
            String fixed = fixed(false);
            if (fixed == null) {
                return false;
            }
            b.append(fixed).append("(SB)");
            return true;
        }

        private String fixed(boolean fromEnd) {
            return part.relocations == null || inst.fixAt < 0 ? null
                    : part.relocations.target(address + size + inst.fixAt, fromEnd ? inst.length - inst.fixAt : 0);
        }
    }

    /** All of a function. */
    Objdump.Function facts(Objdump.Part p) throws FormatException {
        begin(p);
        Objdump.Function f = new Objdump.Function(p.name, p.address);
        StringBuilder text = new StringBuilder();
        StringBuilder gnu = dump.gnu ? new StringBuilder() : null;
        while (next(text, gnu)) {
            f.lines.add(new Objdump.Line(address, Arrays.copyOfRange(bytes, offset, offset + size), text.toString(),
                    gnu == null ? null : gnu.toString(), file, line, relocs(), offset - p.offset));
            text.setLength(0);
            if (gnu != null) {
                gnu.setLength(0);
            }
        }
        return f;
    }
}
