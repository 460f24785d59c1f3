// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.Elf;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Variables with the flag TLSBSS lie in a section of their own kind. */
class ThreadLocalTest {
    @Test
    void haveTheirSection() {
        for (String arch : new String[] {"amd64", "arm64"}) {
            Sources sources = new Sources();
            AsmOptions options = new AsmOptions(sources);
            options.arch = arch;
            Diagnostics d = new Diagnostics(sources);
            byte[] text = "GLOBL v(SB), 256, $8\nGLOBL w(SB), 16, $8\n".getBytes(StandardCharsets.UTF_8);
            List<Symbol> symbols = Assembler.assemble(sources.add("x.s", text), options, new SymbolTable(), d);
            assertTrue(d.isEmpty());
            assertEquals(1, threadLocalSections(Assembler.object(symbols, "x.s", options)), arch);
        }
    }

    /** How many sections are SHF_TLS, which must be of eight zeroed bytes. */
    private static int threadLocalSections(byte[] object) {
        ByteBuffer b = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        int table = (int) b.getLong(40);
        int n = 0;
        for (int i = 0; i < b.getShort(60); i++) {
            int at = table + i * Elf.SHDR_SIZE;
            if ((b.getLong(at + 8) & Elf.SHF_TLS) != 0) {
                assertEquals(Elf.SHT_NOBITS, b.getInt(at + 4));
                assertEquals(8, b.getLong(at + 32));
                n++;
            }
        }
        return n;
    }
}
