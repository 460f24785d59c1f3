// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of GOROOT's cmd/asm/internal/asm/testdata whose comments tell the bytes of each line. */
class EncodingTest {
    private static final Pattern EXPECTED = Pattern.compile("//\\s*([0-9a-f]+(\\s+or\\s+[0-9a-f]+)*)(\\s.*)?$");

    static Stream<Path> files() throws IOException {
        Path dir = GoRoot.testdata();
        if (dir == null) {
            return Stream.of(Path.of("no-GOROOT"));
        }
        List<Path> all = new ArrayList<>();
        for (String n : new String[] {"amd64enc.s", "amd64enc_extra.s"}) {
            all.add(dir.resolve(n));
        }
        try (Stream<Path> s = Files.list(dir.resolve("avx512enc"))) {
            s.sorted().forEach(all::add);
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void bytesAreAsTheCommentsSay(Path file) throws IOException {
        Assumptions.assumeTrue(Files.exists(file),
                "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's testdata");
        Sources sources = new Sources();
        SourceFile source = sources.add(file.toString(), Files.readAllBytes(file));
        AsmOptions options = new AsmOptions(sources);
        options.includeDirs.add(file.getParent());
        Diagnostics diagnostics = new Diagnostics(sources);
        List<Symbol> symbols = Assembler.assemble(source, options, new SymbolTable(), diagnostics);
        List<String> bad = new ArrayList<>();
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            bad.add(sources.format(e.pos) + ": " + e.text);
        }
        int checked = 0;
        if (bad.isEmpty()) {
            String[] byLine = AsmTesting.bytesByLine(symbols, source);
            for (int line = 1; line <= source.lineCount(); line++) {
                String text = source.lineText(line);
                Matcher m = EXPECTED.matcher(text);
                if (text.trim().startsWith("//") || !m.find() || m.group(1).split("\\s")[0].length() % 2 != 0) {
                    continue;
                }
                checked++;
                String have = byLine[line] == null ? "" : byLine[line];
                if (!List.of(m.group(1).split("\\s+or\\s+")).contains(have)) {
                    bad.add(file.getFileName() + ":" + line + ": have " + have + ": " + text.trim());
                }
            }
            assertTrue(checked > 5, "lines with expectations were found");
        }
        assertEquals("", String.join("\n", bad.subList(0, Math.min(bad.size(), 40))), bad.size() + " lines differ");
    }
}
