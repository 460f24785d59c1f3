// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * DWARF 4 debug information of assembled functions: a compilation unit with a subprogram for each, and its line table (DWARF 4,
 * sections 3 and 6.2). References between the sections are relocations, so that a linker may join them with those of other objects.
 */
final class LineTable {
    private static final int DW_TAG_COMPILE_UNIT = 0x11;
    private static final int DW_TAG_SUBPROGRAM = 0x2e;
    private static final int DW_AT_NAME = 0x03;
    private static final int DW_AT_STMT_LIST = 0x10;
    private static final int DW_AT_LOW_PC = 0x11;
    private static final int DW_AT_HIGH_PC = 0x12;
    private static final int DW_AT_LANGUAGE = 0x13;
    private static final int DW_AT_PRODUCER = 0x25;
    private static final int DW_AT_EXTERNAL = 0x3f;
    private static final int DW_FORM_ADDR = 0x01;
    private static final int DW_FORM_DATA2 = 0x05;
    private static final int DW_FORM_DATA8 = 0x07;
    private static final int DW_FORM_STRING = 0x08;
    private static final int DW_FORM_FLAG = 0x0c;
    private static final int DW_FORM_SEC_OFFSET = 0x17;
    /** Stands for assembly of any kind. */
    private static final int DW_LANG_MIPS_ASSEMBLER = 0x8001;

    private static final int DW_LNS_COPY = 1;
    private static final int DW_LNS_ADVANCE_PC = 2;
    private static final int DW_LNS_ADVANCE_LINE = 3;
    private static final int DW_LNS_SET_FILE = 4;

    private final List<Symbol> functions;
    private final String file;
    private final Sources sources;

    /** @param file the recorded name of the source, which names the unit */
    LineTable(List<Symbol> functions, String file, Sources sources) {
        // In the order in which an object has them.
        this.functions = new ArrayList<>(functions);
        this.functions.sort((a, b) -> Boolean.compare(!a.local, !b.local));
        this.file = file;
        this.sources = sources;
    }

    /** The contents of .debug_line. Instructions of macros from headers have the place of the macro's use. */
    Symbol lines() {
        List<String> files = new ArrayList<>(List.of(file));
        Symbol out = new Symbol(".debug_line", 0);
        Bytes program = new Bytes(256);
        List<Integer> addresses = new ArrayList<>();
        for (Symbol f : functions) {
            program.put8(0);
            program.put8(9);
            program.put8(2);
            addresses.add(program.size());
            program.put64(0);
            rows(program, f, files);
        }
        Bytes header = header(files);
        Bytes all = new Bytes(header.size() + program.size() + 16);
        all.put32(2 + 4 + header.size() + program.size());
        all.put16(4);
        all.put32(header.size());
        all.put(header.toArray());
        int at = all.size();
        all.put(program.toArray());
        for (int i = 0; i < addresses.size(); i++) {
            out.addReloc(at + addresses.get(i), RelocType.ABS64, functions.get(i), 0);
        }
        return contents(out, all);
    }

    private void rows(Bytes program, Symbol f, List<String> files) {
        PcTable t = f.func.pcpos;
        int line = 1;
        int pc = 0;
        int number = 1;
        for (int i = 0; i < t.count; i++) {
            SourceFile s = sources.file(t.value[i]);
            String name = s.recordedName(t.value[i]);
            int k = files.indexOf(name);
            if (k < 0) {
                k = files.size();
                files.add(name);
            }
            if (k + 1 != number) {
                number = k + 1;
                program.put8(DW_LNS_SET_FILE);
                program.putVarint(number);
            }
            int to = s.line(t.value[i]);
            program.put8(DW_LNS_ADVANCE_PC);
            program.putVarint(t.pc[i] - pc);
            program.put8(DW_LNS_ADVANCE_LINE);
            sleb(program, to - line);
            program.put8(DW_LNS_COPY);
            pc = t.pc[i];
            line = to;
        }
        program.put8(DW_LNS_ADVANCE_PC);
        program.putVarint((int) f.size - pc);
        // The sequence ends.
        program.put8(0);
        program.put8(1);
        program.put8(1);
    }

    private static Bytes header(List<String> files) {
        Bytes h = new Bytes(128);
        // Minimum length 1, one operation, statements by default, line base -3, range 10, opcodes up to 12 with their operand counts;
        // no directories.
        h.put(new byte[] {1, 1, 1, -3, 10, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0});
        for (String f : files) {
            string(h, f);
            h.put(new byte[] {0, 0, 0});
        }
        h.put8(0);
        return h;
    }

    /** The contents of .debug_abbrev: a unit, and a subprogram in it. */
    Symbol abbreviations() {
        int[] codes = {1, DW_TAG_COMPILE_UNIT, 1, DW_AT_PRODUCER, DW_FORM_STRING, DW_AT_LANGUAGE, DW_FORM_DATA2, DW_AT_NAME, DW_FORM_STRING,
            DW_AT_STMT_LIST, DW_FORM_SEC_OFFSET, DW_AT_LOW_PC, DW_FORM_ADDR, DW_AT_HIGH_PC, DW_FORM_DATA8, 0, 0,
            2, DW_TAG_SUBPROGRAM, 0, DW_AT_NAME, DW_FORM_STRING, DW_AT_LOW_PC, DW_FORM_ADDR, DW_AT_HIGH_PC, DW_FORM_DATA8, DW_AT_EXTERNAL,
            DW_FORM_FLAG, 0, 0, 0};
        Bytes b = new Bytes(64);
        for (int c : codes) {
            b.putVarint(c);
        }
        return contents(new Symbol(".debug_abbrev", 0), b);
    }

    /** The contents of .debug_info. */
    Symbol info(Symbol abbreviations, Symbol lines) {
        Symbol out = new Symbol(".debug_info", 0);
        Bytes b = new Bytes(256);
        b.put32(0);
        b.put16(4);
        out.addReloc(b.size(), RelocType.ABS32, abbreviations, 0);
        b.put32(0);
        b.put8(8);
        b.put8(1);
        string(b, "mica tool asm");
        b.put16(DW_LANG_MIPS_ASSEMBLER);
        string(b, file);
        out.addReloc(b.size(), RelocType.ABS32, lines, 0);
        b.put32(0);
        // The functions follow each other in one section.
        out.addReloc(b.size(), RelocType.ABS64, functions.get(0), 0);
        b.put64(0);
        b.put64(extent());
        for (Symbol f : functions) {
            b.put8(2);
            string(b, f.name);
            out.addReloc(b.size(), RelocType.ABS64, f, 0);
            b.put64(0);
            b.put64(f.size);
            b.put8(f.local ? 0 : 1);
        }
        b.put8(0);
        byte[] all = b.toArray();
        Bytes.store32(all, 0, all.length - 4);
        out.data = all;
        out.size = all.length;
        return out;
    }

    /** Bytes from the first function to the end of the last. */
    private long extent() {
        long at = 0;
        for (Symbol f : functions) {
            int align = Math.max(16, f.align);
            at = (at + align - 1) / align * align + f.size;
        }
        return at;
    }

    private static void sleb(Bytes out, int v) {
        int n = v;
        for (;;) {
            int b = n & 0x7f;
            n >>= 7;
            if (n == 0 && (b & 0x40) == 0 || n == -1 && (b & 0x40) != 0) {
                out.put8(b);
                return;
            }
            out.put8(b | 0x80);
        }
    }

    private static void string(Bytes b, String s) {
        b.put(s.getBytes(StandardCharsets.UTF_8));
        b.put8(0);
    }

    private static Symbol contents(Symbol s, Bytes b) {
        s.data = b.toArray();
        s.size = s.data.length;
        return s;
    }
}
