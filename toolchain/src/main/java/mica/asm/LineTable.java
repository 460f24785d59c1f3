// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.PcTable;
import mica.obj.RelocType;
import mica.obj.Symbol;

/** DWARF 4 debug information of assembled functions: a compilation unit and its line table (DWARF 4, section 6.2). */
final class LineTable {
    private LineTable() {}

    /** The contents of .debug_line. */
    static Symbol line(List<Symbol> functions, String file, Sources sources) {
        Symbol out = new Symbol(".debug_line", 0);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        // Minimum length 1, one operation, statements by default, line base -3, range 10, opcodes up to 12 with their
        // operand counts.
        header.writeBytes(new byte[] {1, 1, 1, -3, 10, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1});
        header.write(0);
        header.writeBytes(file.getBytes(StandardCharsets.UTF_8));
        header.writeBytes(new byte[] {0, 0, 0, 0});
        header.write(0);
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        int at = 4 + 2 + 4 + header.size();
        for (Symbol f : functions) {
            program.writeBytes(new byte[] {0, 9, 2});
            out.addReloc(at + program.size(), RelocType.ABS64, f, 0);
            program.writeBytes(new byte[8]);
            PcTable t = f.func.pcpos;
            int line = 1;
            int pc = 0;
            for (int i = 0; i < t.count; i++) {
                SourceFile s = sources.file(t.value[i]);
                int to = s.line(t.value[i]);
                program.write(2);
                uleb(program, t.pc[i] - pc);
                program.write(3);
                sleb(program, to - line);
                program.write(1);
                pc = t.pc[i];
                line = to;
            }
            program.write(2);
            uleb(program, (int) f.size - pc);
            program.writeBytes(new byte[] {0, 1, 1});
        }
        int p = 0;
        out.put(p, 2 + 4 + header.size() + program.size(), 4);
        out.put(p += 4, 4, 2);
        out.put(p += 2, header.size(), 4);
        p += 4;
        for (byte b : header.toByteArray()) {
            out.put(p++, b, 1);
        }
        for (byte b : program.toByteArray()) {
            out.put(p++, b, 1);
        }
        return out;
    }

    /** The contents of .debug_abbrev: one unit without children. */
    static Symbol abbreviations() {
        Symbol out = new Symbol(".debug_abbrev", 0);
        // DW_TAG_compile_unit: language (data2), name (string), line table (sec_offset).
        byte[] b = {1, 0x11, 0, 0x13, 5, 3, 8, 0x10, 0x17, 0, 0, 0};
        for (int i = 0; i < b.length; i++) {
            out.put(i, b[i], 1);
        }
        return out;
    }

    /** The contents of .debug_info. Both other sections begin at their start, so that no relocation is needed. */
    static Symbol info(String file) {
        Symbol out = new Symbol(".debug_info", 0);
        byte[] name = file.getBytes(StandardCharsets.UTF_8);
        int n = 2 + 4 + 1 + 1 + 2 + name.length + 1 + 4;
        out.put(0, n, 4);
        out.put(4, 4, 2);
        out.put(6, 0, 4);
        out.put(10, 8, 1);
        out.put(11, 1, 1);
        // DW_LANG_Mips_Assembler stands for assembly of any kind.
        out.put(12, 0x8001, 2);
        int at = 14;
        for (byte b : name) {
            out.put(at++, b, 1);
        }
        out.put(at++, 0, 1);
        out.put(at, 0, 4);
        return out;
    }

    private static void uleb(ByteArrayOutputStream out, int v) {
        int n = v;
        while (n >>> 7 != 0) {
            out.write(n & 0x7f | 0x80);
            n >>>= 7;
        }
        out.write(n);
    }

    private static void sleb(ByteArrayOutputStream out, int v) {
        int n = v;
        for (;;) {
            int b = n & 0x7f;
            n >>= 7;
            if (n == 0 && (b & 0x40) == 0 || n == -1 && (b & 0x40) != 0) {
                out.write(b);
                return;
            }
            out.write(b | 0x80);
        }
    }
}
