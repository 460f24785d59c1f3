// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Lines of GOROOT's arm64.s and arm64enc.s whose comments tell the bytes; branches and relocated lines left out. */
class Arm64EncodingTest {
    private static final Pattern LINE = Pattern.compile("^([A-Z][A-Z0-9]*(?:\\.[PW])?(?:\\s+.*?)?)\\s*//\\s*(.*)$");
    private static final Pattern HEX = Pattern.compile("(?:^|// )([0-9a-f]{8,})(?:$|\\s| or)");

    /**
     * Mnemonics with lines that differ: constants of several words are made in another way, forms of system
     * instructions
     * and a few vector instructions are missing. The list can only shrink.
     */
    private static final List<String> DIFFERENT = List.of("ADDW", "ADR", "AND", "ANDW", "CASPD", "CASPW", "CMP", "CMPW",
            "MOVB", "MOVBU", "MOVD", "MOVW", "MSR", "RPRFM", "SB", "SYS", "TLBI", "TSTW", "VFCMEQ", "VFCMGE", "VFCMGT",
            "VFCMLE", "VFCMLT", "VMOVI");

    @Test
    void bytesAreAsTheCommentsSay() throws IOException {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's testdata");
        List<String> lines = new ArrayList<>();
        List<String> want = new ArrayList<>();
        for (String f : new String[] {"arm64.s", "arm64enc.s"}) {
            for (String l : Files.readAllLines(dir.resolve(f))) {
                Matcher m = LINE.matcher(l.trim());
                Matcher h = m.find() ? HEX.matcher(m.group(2)) : null;
                if (h == null || !h.find() || m.group(1).contains("(PC)")
                        || m.group(1).matches("(B|B..|B...|CBN?ZW?|TBN?Z|JMP|CALL|BL)\\s.*")) {
                    continue;
                }
                lines.add(m.group(1));
                want.add(h.group(1));
            }
        }
        TreeSet<String> bad = new TreeSet<>();
        int n = 0;
        for (int i = 0; i < lines.size(); i++) {
            Sources sources = new Sources();
            SourceFile file = sources.add("a.s",
                    ("TEXT f(SB), 516, $0-0\n" + lines.get(i)).getBytes(StandardCharsets.UTF_8));
            AsmOptions options = new AsmOptions(sources);
            options.arch = "arm64";
            Diagnostics d = new Diagnostics(sources);
            List<Symbol> symbols = Assembler.assemble(file, options, new SymbolTable(), d);
            String hex = "";
            if (d.isEmpty()) {
                hex = java.util.HexFormat.of().formatHex(symbols.get(0).data, 0, (int) symbols.get(0).size);
            }
            String mnemonic = lines.get(i).split("\\s")[0];
            if (!hex.startsWith(want.get(i)) || !hex.substring(want.get(i).length()).matches("0*")) {
                bad.add(mnemonic);
                n++;
            }
        }
        bad.removeAll(DIFFERENT);
        assertEquals("[]", bad.toString());
        assertTrue(n < 70, n + " of " + lines.size() + " lines differ");
    }
}
