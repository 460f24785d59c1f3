// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import org.junit.jupiter.api.Test;

/** The parser against the sources and the error tests of the Go distribution. */
class GorootSyntaxTest {
    private static List<Path> goFiles(Path dir) throws IOException {
        try (Stream<Path> s = Files.walk(dir.toRealPath())) {
            return s.filter(p -> p.toString().endsWith(".go") && Files.isRegularFile(p)).sorted().toList();
        }
    }

    @Test
    void parsesTheStandardLibrary() throws IOException {
        Sources sources = new Sources();
        Diagnostics diags = new Diagnostics(sources);
        Names names = new Names();
        int files = 0;
        for (Path p : goFiles(TestGoroot.find().resolve("src"))) {
            if (p.toString().contains("/testdata/")) {
                continue;
            }
            Parser.parseFile(sources.add(p.toString(), Files.readAllBytes(p)), diags, names);
            files++;
        }
        List<String> errors = new ArrayList<>();
        for (Diagnostics.Entry e : diags.sorted()) {
            errors.add(sources.format(e.pos) + ": " + e.text);
        }
        assertEquals(List.of(), errors);
        assertTrue(files > 4000, "only " + files + " files found");
    }

    @Test
    void reportsWhatTheSyntaxTestsDemand() throws IOException {
        Path dir = TestGoroot.find().resolve("src/cmd/compile/internal/syntax/testdata");
        List<String> wrong = new ArrayList<>();
        for (Path p : goFiles(dir)) {
            Sources sources = new Sources();
            Diagnostics diags = new Diagnostics(sources);
            SourceFile f = sources.add(p.getFileName().toString(), Files.readAllBytes(p));
            Parser.parseFile(f, diags);
            for (String w : ErrorComments.compare(ErrorComments.before(f), diags, f, true)) {
                if (w.endsWith("can only use ... with final parameter") || w.endsWith("invalid use of ...")) {
                    continue; // gc finds these behind its parser
                }
                wrong.add(f.path + ":" + w);
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Cases of GOROOT/test whose errors the parser finds; the list was made with the standard compiler. */
    @Test
    void reportsWhatTheErrorChecksDemand() throws IOException {
        Path test = TestGoroot.find().resolve("test");
        List<String> wrong = new ArrayList<>();
        int files = 0;
        for (String name : Files.readAllLines(Path.of("testdata/syntax/errorchecks.txt"))) {
            if (name.startsWith("#")) {
                continue;
            }
            Sources sources = new Sources();
            Diagnostics diags = new Diagnostics(sources);
            SourceFile f = sources.add(test.resolve(name).toString(), Files.readAllBytes(test.resolve(name)));
            Parser.parseFile(f, diags);
            files++;
            for (String w : ErrorComments.compare(ErrorComments.lines(f), diags, f, false)) {
                wrong.add(name + ":" + w);
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(files > 50, "only " + files + " cases");
    }
}
