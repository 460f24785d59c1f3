// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import mica.obj.Archive;
import mica.obj.Bytes;
import mica.obj.FormatException;
import mica.obj.GoobjFile;
import org.junit.jupiter.api.Test;

/**
 * Reads testdata/goobj: package p as Go 1.27.4 compiled and assembled it ({@code go tool compile -dwarf=false -trimpath}, {@code go tool asm}, {@code go tool pack r}).
 */
class GoObjectTest {
    private static byte[] archive(String arch) throws IOException {
        return Files.readAllBytes(Path.of("testdata/goobj/p-" + arch + ".a"));
    }

    private static byte[] member(String arch, String name) throws Exception {
        for (Archive.Member m : new Archive("p.a", archive(arch)).members) {
            if (m.name.equals(name)) {
                return m.content;
            }
        }
        throw new IllegalStateException(name);
    }

    private static String objdump(ObjectFiles.Entry e, String function) throws Exception {
        Objdump dump = new Objdump(e.go);
        dump.symbols = Pattern.compile(function, Pattern.LITERAL);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dump.print(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void archivesGiveTheirObjects() throws Exception {
        List<String> members = new ArrayList<>();
        for (ObjectFiles.Entry e : ObjectFiles.open("p.a", archive("amd64"))) {
            members.add(e.member + " " + e.go.file.arch + " " + e.go.file.version);
        }
        assertEquals(List.of("_go_.o amd64 go1.27.4", "amd64.o amd64 go1.27.4"), members);
    }

    @Test
    void symbolsAreListed() throws Exception {
        StringBuilder b = new StringBuilder();
        Nm nm = new Nm();
        nm.size = true;
        nm.list(b, "", ObjectFiles.open("p.o", member("amd64", "amd64.o")).get(0));
        assertEquals("""
                                  0 U\s
                                  0 U\s
                     3d4          8 r d<1>
                     453         58 T p.asm
                                  0 U p.asm.arginfo0
                                  0 U p.asm.args_stackmap
                                  0 U p.helper
                                  0 U p_amd64.s
                """, b.toString());
    }

    @Test
    void relocationsStandBesideInstructions() throws Exception {
        assertEquals("""
                TEXT p.asm(SB) p_amd64.s
                  p_amd64.s:4\t\t0x453\t\t\t644c8b342500000000\tMOVQ 0x0(FS), R14\t[5:9]R_TLS_LE\t\t
                  p_amd64.s:4\t\t0x45c\t\t\t493b6610\t\tCMPQ SP, 0x10(R14)\t
                  p_amd64.s:4\t\t0x460\t\t\t7624\t\t\tJLS 0x486\t\t
                  p_amd64.s:4\t\t0x462\t\t\t55\t\t\tPUSHQ BP\t\t
                  p_amd64.s:4\t\t0x463\t\t\t4889e5\t\t\tMOVQ SP, BP\t\t
                  p_amd64.s:4\t\t0x466\t\t\t4883ec10\t\tSUBQ $0x10, SP\t\t
                  p_amd64.s:5\t\t0x46a\t\t\t488b0500000000\t\tMOVQ (IP), AX\t\t[3:7]R_PCREL:d<1>\t
                  p_amd64.s:6\t\t0x471\t\t\t4803442420\t\tADDQ 0x20(SP), AX\t
                  p_amd64.s:7\t\t0x476\t\t\t4889442428\t\tMOVQ AX, 0x28(SP)\t
                  p_amd64.s:8\t\t0x47b\t\t\te800000000\t\tCALL 0x480\t\t[1:5]R_CALL:p.helper\t
                  p_amd64.s:9\t\t0x480\t\t\t4883c410\t\tADDQ $0x10, SP\t\t
                  p_amd64.s:9\t\t0x484\t\t\t5d\t\t\tPOPQ BP\t\t\t
                  p_amd64.s:9\t\t0x485\t\t\tc3\t\t\tRET\t\t\t
                  p_amd64.s:4\t\t0x486\t\t\te800000000\t\tCALL 0x48b\t\t[1:5]R_CALL:runtime.morestack_noctxt\t
                  p_amd64.s:4\t\t0x48b\t\t\tebc6\t\t\tJMP p.asm(SB)\t\t
                """, objdump(ObjectFiles.open("p.o", member("amd64", "amd64.o")).get(0), "p.asm"));
        assertTrue(objdump(ObjectFiles.open("p.a", archive("arm64")).get(0), "p.Get").contains("ADRP 0(PC), R27\t\t[0:8]R_ADDRARM64:p.v\t\n"));
    }

    @Test
    void addressesHavePlaces() throws Exception {
        GoObject go = ObjectFiles.open("p.a", archive("amd64")).get(0).go;
        for (GoobjFile.Sym s : go.file.symbols) {
            if (s.name.equals("p.Get")) {
                assertEquals(new GoObject.Place("p.Get", "p.go", 14), go.place(s.offset));
            }
        }
        assertNull(go.place(0));
    }

    @Test
    void inspectNamesParts() throws Exception {
        FileView view = new FileView("p.o", member("arm64", "_go_.o"));
        assertEquals("arm64", view.part("headers").get(0, "arch"));
        assertEquals("go1.27.4", view.part("buildinfo").get(0, "value"));
        assertEquals(4, view.part("functab").size());
        assertTrue(view.part("symbols").size() > 50);
        assertTrue(view.part("relocs").size() > 50);
    }

    @Test
    void otherVersionsAreNamed() throws Exception {
        byte[] b = member("amd64", "amd64.o");
        int at = new String(b, StandardCharsets.ISO_8859_1).indexOf("go120ld");
        b[at + 3] = '1';
        FormatException e = assertThrows(FormatException.class, () -> ObjectFiles.open("p.o", b));
        assertEquals("p.o: go object of a different version: \"go110ld\"", e.getMessage());
    }

    /** Every prefix, and every 32-bit number of the header and of the records at its limits, ends in a message or in facts. */
    @Test
    void damagedObjectsAreRefused() throws Exception {
        byte[] b = member("amd64", "amd64.o");
        for (int n = 0; n < b.length; n++) {
            byte[] cut = Arrays.copyOf(b, n);
            if (GoobjFile.isGoobj(cut)) {
                assertThrows(FormatException.class, () -> ObjectFiles.open("p.o", cut));
            }
        }
        int refused = 0;
        for (int at = 0; at + 4 <= b.length; at++) {
            for (int v : new int[] {-1, Integer.MAX_VALUE, 1 << 20}) {
                byte[] c = b.clone();
                Bytes.store32(c, at, v);
                try {
                    for (ObjectFiles.Entry e : ObjectFiles.open("p.o", c)) {
                        objdump(e, "");
                        e.go.relocations(null, new StringBuilder());
                    }
                } catch (FormatException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 500, refused + " refused");
    }
}
