// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class Arm64Test {
    private final Arm64Table table = Arm64Table.get();
    private final Arm64Decoder decoder = new Arm64Decoder();
    private final Arm64Inst inst = new Arm64Inst();

    private void check(String text, int word) {
        assertTrue(decoder.decode(word, inst), text);
        assertEquals(text, Arm64Printer.print(inst, 0x1000, a -> null));
        assertEquals(word, table.encode(inst), text);
    }

    @Test
    void knownWords() {
        check("ADD R1, R2, R3", 0x8b010043);
        check("ADD $8, RSP, R29", 0x910023fd);
        check("MOVD 16(g), R16", 0xf9400b90);
        check("MOVD.W R30, -80(RSP)", 0xf81b0ffe);
        check("LDP.P 16(R1), (R2, R3)", 0xa8c10c22);
        check("LSL $3, R1, R2", 0xd37df022);
        check("AND $4080, R1, R2", 0x927c1c22);
        check("FMOVD $(1.5), F3", 0x1e6f1003);
        check("CBZ R5, 4(PC)", 0xb4000085);
        check("TBZ $33, R5, 2(PC)", 0xb6080045);
        check("CSEL EQ, R1, R2, R3", 0x9a820023);
        check("VADD V1.S4, V2.S4, V3.S4", 0x4ea18443);
        check("MOVK $(%d<<16), R1".formatted(0xcaff), 0xf2b95fe1);
        check("UBFX $4, R0, $12, R1", 0xd3443c01);
        check("CINC EQ, R4, R2", 0x9a841482);
        check("ZADD Z1.B, Z8.B, P0.M, Z8.B", 0x04000028);
        check("RET", 0xd65f03c0);
    }

    @Test
    void everyRowRoundTrips() {
        Random r = new Random(64);
        List<String> bad = new ArrayList<>();
        for (int row = 0; row < table.count; row++) {
            for (int n = 0; n < 20; n++) {
                int word = table.base[row] | r.nextInt() & ~table.mask[row];
                if (!decoder.decode(word, inst)) {
                    continue;
                }
                int again = table.encode(inst);
                if (again == word) {
                    continue;
                }
                // Another row of the same text came first: its word must read the same.
                String text = Arm64Printer.print(inst, 0, a -> null);
                boolean same = again != -1 && decoder.decode(again, inst)
                        && table.encode(inst) != -1;
                if (!same) {
                    bad.add(Integer.toHexString(word) + " " + text + ": " + Integer.toHexString(again));
                }
            }
        }
        assertEquals("", String.join("\n", bad.subList(0, Math.min(bad.size(), 20))), bad.size() + " words");
    }

    @Test
    void wordsOfTheStandardAssemblersTestsAreKnown() throws IOException {
        String root = System.getenv("MICA_TEST_GOROOT");
        Path dir = root == null ? null : Path.of(root, "src/cmd/asm/internal/asm/testdata");
        Assumptions.assumeTrue(dir != null && Files.isDirectory(dir),
                "MICA_TEST_GOROOT names no GOROOT with cmd/asm's tests");
        List<String> bad = new ArrayList<>();
        int n = 0;
        for (String f : new String[] {"arm64.s", "arm64enc.s", "arm64sveenc.s"}) {
            for (String line : Files.readAllLines(dir.resolve(f))) {
                int k = line.lastIndexOf("// ");
                String hex = k < 0 ? "" : line.substring(k + 3).trim().split("\\s")[0];
                if (line.trim().startsWith("//") || !hex.matches("[0-9a-f]{8}")) {
                    continue;
                }
                n++;
                int word = Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
                if (!decoder.decode(word, inst)) {
                    bad.add(line.trim());
                }
            }
        }
        assertTrue(n > 3500);
        assertEquals("", String.join("\n", bad));
    }
}
