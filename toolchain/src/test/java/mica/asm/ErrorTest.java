// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of GOROOT's cmd/asm/internal/asm/testdata whose ERROR comments tell what is wrong. */
class ErrorTest {
    private static final Pattern EXPECTED = Pattern.compile("// ERROR \"([^\"]*)\"");

    @ParameterizedTest
    @CsvSource({"amd64error.s,amd64", "duperror.s,amd64", "buildtagerror.s,amd64", "amd64dynlinkerror.s,amd64"})
    void errorsAreAsTheCommentsSay(String name, String arch) throws IOException {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's testdata");
        Path file = dir.resolve(name);
        Sources sources = new Sources();
        SourceFile source = sources.add(name, Files.readAllBytes(file));
        AsmOptions options = new AsmOptions(sources);
        options.arch = arch;
        options.dynlink = name.contains("dynlink");
        options.includeDirs.add(dir);
        Diagnostics diagnostics = new Diagnostics(sources);
        Assembler.assemble(source, options, new SymbolTable(), diagnostics);
        TreeMap<Integer, List<String>> have = new TreeMap<>();
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            have.computeIfAbsent(source.line(e.pos), k -> new ArrayList<>()).add(e.text);
        }
        List<String> bad = new ArrayList<>();
        for (int line = 1; line <= source.lineCount(); line++) {
            Matcher m = EXPECTED.matcher(source.lineText(line));
            List<String> got = have.getOrDefault(line, List.of());
            if (m.find()) {
                Pattern want = Pattern.compile(m.group(1));
                if (got.size() != 1 || !want.matcher(got.get(0)).find()) {
                    bad.add(line + ": want " + m.group(1) + ", have " + got + ": " + source.lineText(line).trim());
                }
            } else if (!got.isEmpty()) {
                bad.add(line + ": unexpected " + got);
            }
        }
        assertEquals("", String.join("\n", bad));
    }
}
