// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.Symbol;

/**
 * Debug information (DWARF 5) for functions: names and ranges (.debug_info), source lines (.debug_line), how to find the caller
 * (.debug_frame). One compilation unit holds the program. Built from the same tables as pclntab, once addresses are final.
 */
final class Dwarf {
    // Tags, attributes, forms.
    private static final int TAG_COMPILE_UNIT = 0x11;
    private static final int TAG_SUBPROGRAM = 0x2e;
    private static final int AT_NAME = 0x03;
    private static final int AT_STMT_LIST = 0x10;
    private static final int AT_LOW_PC = 0x11;
    private static final int AT_HIGH_PC = 0x12;
    private static final int AT_LANGUAGE = 0x13;
    private static final int AT_COMP_DIR = 0x1b;
    private static final int AT_PRODUCER = 0x25;
    private static final int AT_DECL_FILE = 0x3a;
    private static final int AT_DECL_LINE = 0x3b;
    private static final int AT_EXTERNAL = 0x3f;
    private static final int AT_FRAME_BASE = 0x40;
    private static final int FORM_ADDR = 0x01;
    private static final int FORM_STRING = 0x08;
    private static final int FORM_DATA1 = 0x0b;
    private static final int FORM_UDATA = 0x0f;
    private static final int FORM_SEC_OFFSET = 0x17;
    private static final int FORM_EXPRLOC = 0x18;
    private static final int FORM_FLAG_PRESENT = 0x19;
    private static final int LANG_GO = 0x16;
    private static final int UT_COMPILE = 1;
    private static final int OP_CALL_FRAME_CFA = 0x9c;
    private static final int LNCT_PATH = 1;
    private static final int LNCT_DIRECTORY_INDEX = 2;

    // The line program's parameters and opcodes.
    private static final int LINE_BASE = -4;
    private static final int LINE_RANGE = 10;
    private static final int OPCODE_BASE = 10;
    private static final int[] OPCODE_LENGTHS = {0, 1, 1, 1, 1, 0, 0, 0, 1};
    private static final int LNS_COPY = 1;
    private static final int LNS_ADVANCE_PC = 2;
    private static final int LNS_ADVANCE_LINE = 3;
    private static final int LNS_SET_FILE = 4;
    private static final int LNE_END_SEQUENCE = 1;
    private static final int LNE_SET_ADDRESS = 2;

    // Call frame instructions; registers of the psABI: 7 is RSP, 16 the return address.
    private static final int CFA_ADVANCE_LOC = 0x40;
    private static final int CFA_OFFSET = 0x80;
    private static final int CFA_ADVANCE_LOC1 = 0x02;
    private static final int CFA_ADVANCE_LOC2 = 0x03;
    private static final int CFA_ADVANCE_LOC4 = 0x04;
    private static final int CFA_UNDEFINED = 0x07;
    private static final int CFA_DEF_CFA = 0x0c;
    private static final int CFA_DEF_CFA_OFFSET = 0x0e;
    private static final int RSP = 7;
    private static final int RETURN_ADDRESS = 16;

    private static final int ELFCOMPRESS_ZLIB = 1;

    private final Sources sources;
    private final List<Symbol> functions;
    private final Section text;
    private final String producer;

    private final Map<String, Integer> fileNumbers = new HashMap<>();
    private final List<String> files = new ArrayList<>();
    private final Bytes lines = new Bytes(1 << 16);
    private final Bytes frames = new Bytes(1 << 16);
    private final Bytes info = new Bytes(1 << 16);

    Dwarf(Sources sources, Layout layout, String goVersion) {
        this.sources = sources;
        this.functions = layout.functions;
        this.text = layout.text;
        this.producer = "mica; " + goVersion;
    }

    /** The debug sections, with contents; compressed where that is shorter. */
    List<Section> build() {
        lineRows();
        frames();
        info();
        List<Section> out = new ArrayList<>();
        out.add(section(".debug_abbrev", abbreviations()));
        out.add(section(".debug_line", lineTable()));
        out.add(section(".debug_frame", frames));
        out.add(section(".debug_info", info));
        return out;
    }

    /** A section that is not loaded, compressed where that makes it shorter. */
    static Section section(String name, Bytes contents) {
        byte[] packed = compress(contents);
        Section s = new Section(name, Elf.SHT_PROGBITS, packed == null ? 0 : Elf.SHF_COMPRESSED);
        s.contents = packed == null ? contents.toArray() : packed;
        s.size = s.contents.length;
        s.align = packed == null ? 1 : 8;
        return s;
    }

    /** Elf64_Chdr and a zlib stream; null if that is no shorter. */
    private static byte[] compress(Bytes contents) {
        Deflater d = new Deflater(Deflater.BEST_SPEED);
        d.setInput(contents.raw(), 0, contents.size());
        d.finish();
        byte[] out = new byte[contents.size()];
        int room = out.length - 24;
        int n = room <= 0 ? 0 : d.deflate(out, 24, room);
        boolean fits = d.finished();
        d.end();
        if (!fits) {
            return null;
        }
        Bytes.store32(out, 0, ELFCOMPRESS_ZLIB);
        Bytes.store64(out, 8, contents.size());
        Bytes.store64(out, 16, 1);
        return java.util.Arrays.copyOf(out, 24 + n);
    }

    // ---- .debug_line ----

    private int fileNumber(String name) {
        Integer n = fileNumbers.get(name);
        if (n == null) {
            n = files.size();
            fileNumbers.put(name, n);
            files.add(name);
        }
        return n;
    }

    private String fileOf(Symbol s, int pos) {
        if (pos <= 0) {
            return null;
        }
        if (s.func.asmFile != null) {
            return s.func.asmFile;
        }
        SourceFile f = sources.file(pos);
        return f == null ? null : f.recordedName(pos);
    }

    private int lineOf(Symbol s, int pos) {
        return s.func.asmFile != null ? pos : sources.file(pos).line(pos);
    }

    /** One sequence of rows over the whole text. */
    private void lineRows() {
        extended(LNE_SET_ADDRESS, 9);
        lines.put64(text.address);
        long at = text.address;
        int file = 1;
        int line = 1;
        for (Symbol s : functions) {
            if (s.func == null) {
                continue;
            }
            PcTable t = s.func.pcpos;
            for (int i = 0; i < t.count; i++) {
                String name = fileOf(s, t.value[i]);
                if (name == null) {
                    continue;
                }
                int number = fileNumber(name);
                if (number != file) {
                    lines.put8(LNS_SET_FILE);
                    lines.putVarint(number);
                    file = number;
                }
                int l = lineOf(s, t.value[i]);
                row(l - line, s.address + t.pc[i] - at);
                line = l;
                at = s.address + t.pc[i];
            }
        }
        lines.put8(LNS_ADVANCE_PC);
        lines.putVarint(text.end() - at);
        extended(LNE_END_SEQUENCE, 1);
    }

    private void extended(int opcode, int size) {
        lines.put8(0);
        lines.putVarint(size);
        lines.put8(opcode);
    }

    private void row(int lineDelta, long pcDelta) {
        if (lineDelta < LINE_BASE || lineDelta >= LINE_BASE + LINE_RANGE) {
            lines.put8(LNS_ADVANCE_LINE);
            signed(lines, lineDelta);
            lineDelta = 0;
        }
        long opcode = lineDelta - LINE_BASE + LINE_RANGE * pcDelta + OPCODE_BASE;
        if (opcode > 255) {
            lines.put8(LNS_ADVANCE_PC);
            lines.putVarint(pcDelta);
            opcode = lineDelta - LINE_BASE + OPCODE_BASE;
        }
        lines.put8(lineDelta == 0 && opcode == OPCODE_BASE - LINE_BASE ? LNS_COPY : (int) opcode);
    }

    private static void signed(Bytes b, int v) {
        for (; ; v >>= 7) {
            boolean last = v >= -64 && v < 64;
            b.put8(v & 0x7f | (last ? 0 : 0x80));
            if (last) {
                return;
            }
        }
    }

    private Bytes lineTable() {
        Bytes b = new Bytes(lines.size() + 64 * files.size() + 64);
        b.put32(0);
        b.put16(5);
        b.put8(8);
        b.put8(0);
        int headerLength = b.size();
        b.put32(0);
        b.put8(1); // smallest instruction
        b.put8(1); // operations per instruction
        b.put8(1); // rows are statements
        b.put8(LINE_BASE);
        b.put8(LINE_RANGE);
        b.put8(OPCODE_BASE);
        for (int n : OPCODE_LENGTHS) {
            b.put8(n);
        }
        b.put8(1);
        b.put8(LNCT_PATH);
        b.put8(FORM_STRING);
        b.putVarint(1);
        b.putCString("/");
        b.put8(2);
        b.put8(LNCT_PATH);
        b.put8(FORM_STRING);
        b.put8(LNCT_DIRECTORY_INDEX);
        b.put8(FORM_UDATA);
        b.putVarint(files.size());
        for (String f : files) {
            b.putCString(f);
            b.putVarint(0);
        }
        b.set32(headerLength, b.size() - headerLength - 4);
        b.put(lines.raw(), 0, lines.size());
        b.set32(0, b.size() - 4);
        return b;
    }

    // ---- .debug_frame ----

    private void frames() {
        frames.put32(0);
        frames.put32(-1);
        frames.put8(4);
        frames.put8(0);
        frames.put8(8);
        frames.put8(0);
        frames.put8(1);
        frames.put8(-8 & 0x7f);
        frames.put8(RETURN_ADDRESS);
        frames.put8(CFA_DEF_CFA);
        frames.put8(RSP);
        frames.put8(8);
        frames.put8(CFA_OFFSET | RETURN_ADDRESS);
        frames.put8(1);
        frames.align(8);
        // The length field does not count itself.
        frames.zeros(4);
        frames.set32(0, frames.size() - 4);
        for (Symbol s : functions) {
            if (s.func != null) {
                frame(s);
            }
        }
    }

    private void frame(Symbol s) {
        int start = frames.size();
        frames.put32(0);
        frames.put32(0);
        frames.put64(s.address);
        frames.put64(s.size);
        if ((s.func.flags & FuncInfo.FLAG_TOP_FRAME) != 0) {
            frames.put8(CFA_UNDEFINED);
            frames.put8(RETURN_ADDRESS);
        }
        PcTable t = s.func.pcsp;
        int at = 0;
        int depth = 0;
        for (int i = 0; i < t.count; i++) {
            if (t.value[i] == depth || t.value[i] < 0) {
                continue;
            }
            advance(t.pc[i] - at);
            frames.put8(CFA_DEF_CFA_OFFSET);
            frames.putVarint(t.value[i] + 8);
            at = t.pc[i];
            depth = t.value[i];
        }
        frames.zeros(-(frames.size() - start - 4) & 7);
        frames.set32(start, frames.size() - start - 4);
    }

    private void advance(int n) {
        if (n == 0) {
            return;
        }
        if (n < 64) {
            frames.put8(CFA_ADVANCE_LOC | n);
        } else if (n < 256) {
            frames.put8(CFA_ADVANCE_LOC1);
            frames.put8(n);
        } else if (n < 65536) {
            frames.put8(CFA_ADVANCE_LOC2);
            frames.put16(n);
        } else {
            frames.put8(CFA_ADVANCE_LOC4);
            frames.put32(n);
        }
    }

    // ---- .debug_info, .debug_abbrev ----

    private static Bytes abbreviations() {
        Bytes b = new Bytes(64);
        int[] unit = {
            AT_NAME, FORM_STRING, AT_PRODUCER, FORM_STRING, AT_COMP_DIR, FORM_STRING, AT_LANGUAGE, FORM_DATA1, AT_STMT_LIST,
            FORM_SEC_OFFSET, AT_LOW_PC, FORM_ADDR, AT_HIGH_PC, FORM_UDATA
        };
        int[] function = {
            AT_NAME, FORM_STRING, AT_LOW_PC, FORM_ADDR, AT_HIGH_PC, FORM_UDATA, AT_FRAME_BASE, FORM_EXPRLOC, AT_DECL_FILE,
            FORM_UDATA, AT_DECL_LINE, FORM_UDATA, AT_EXTERNAL, FORM_FLAG_PRESENT
        };
        abbreviation(b, 1, TAG_COMPILE_UNIT, true, unit);
        abbreviation(b, 2, TAG_SUBPROGRAM, false, function);
        b.put8(0);
        return b;
    }

    private static void abbreviation(Bytes b, int code, int tag, boolean children, int[] attributes) {
        b.putVarint(code);
        b.putVarint(tag);
        b.put8(children ? 1 : 0);
        for (int a : attributes) {
            b.putVarint(a);
        }
        b.put16(0);
    }

    private void info() {
        info.put32(0);
        info.put16(5);
        info.put8(UT_COMPILE);
        info.put8(8);
        info.put32(0);
        info.putVarint(1);
        info.putCString("go");
        info.putCString(producer);
        info.putCString("/");
        info.put8(LANG_GO);
        info.put32(0);
        info.put64(text.address);
        info.putVarint(text.size);
        for (Symbol s : functions) {
            String file = s.func == null || s.func.pcpos.count == 0 ? null : fileOf(s, s.func.pcpos.value[0]);
            if (file != null) {
                info.putVarint(2);
                info.putCString(s.name);
                info.put64(s.address);
                info.putVarint(s.size);
                info.put8(1);
                info.put8(OP_CALL_FRAME_CFA);
                info.putVarint(fileNumber(file));
                info.putVarint(s.func.startLine);
            }
        }
        info.put8(0);
        info.set32(0, info.size() - 4);
    }
}
