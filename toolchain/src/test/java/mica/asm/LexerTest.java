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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What GOROOT's cmd/asm tests its preprocessor with (internal/lex/lex_test.go), and its mnemonics (internal/asm/line_test.go). */
class LexerTest {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`");

    private static String read(String file) throws IOException {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's tests");
        return Files.readString(dir.resolve("../..").resolve(file).normalize());
    }

    /** The strings of each composite literal of a table of cases; {@code joined}: those of a call of lines are one text. */
    private static List<List<String>> cases(String text, String variable) {
        int from = text.indexOf("var " + variable + " = ");
        String table = text.substring(from, text.indexOf("\n}\n", from)).replaceAll("(?s)/\\*.*?\\*/", "");
        List<List<String>> all = new ArrayList<>();
        for (String block : table.split("\n\t\\{\n")) {
            List<String> strings = new ArrayList<>();
            Matcher m = STRING.matcher(block);
            while (m.find()) {
                strings.add(unquote(m.group()));
            }
            if (strings.size() >= 2) {
                boolean lines = block.contains("lines(");
                List<String> c = new ArrayList<>();
                boolean named = variable.equals("lexTests");
                int first = named ? 1 : 0;
                c.add(String.join(lines ? "\n" : "", strings.subList(first, strings.size() - 1)) + (lines ? "\n" : ""));
                c.add(strings.get(strings.size() - 1));
                all.add(c);
            }
        }
        return all;
    }

    private static String unquote(String s) {
        if (s.charAt(0) == '`') {
            return s.substring(1, s.length() - 1);
        }
        return s.substring(1, s.length() - 1).translateEscapes();
    }

    /** The preprocessed tokens with dots between them; the first error goes to {@code problems}. */
    private static String tokens(String text, List<String> problems) {
        Sources sources = new Sources();
        Diagnostics d = new Diagnostics(sources);
        AsmErrors errors = new AsmErrors(d);
        StringBuilder b = new StringBuilder();
        try {
            Preprocessor p = new Preprocessor(sources.add("l.s", text.getBytes(StandardCharsets.UTF_8)), new AsmOptions(sources), errors);
            for (Token t = p.next(); t.kind != Token.EOF; t = p.next()) {
                if (t.kind != '#') {
                    b.append(b.isEmpty() ? "" : ".").append(t.text);
                }
            }
        } catch (AsmErrors.Stop e) {
            // Reported.
        }
        if (!d.isEmpty()) {
            problems.add(d.sorted().get(0).text);
        }
        return b.toString();
    }

    @Test
    void macrosAndConditionals() throws IOException {
        List<String> bad = new ArrayList<>();
        List<List<String>> cases = cases(read("lex/lex_test.go"), "lexTests");
        for (List<String> c : cases) {
            List<String> problems = new ArrayList<>();
            String have = tokens(c.get(0), problems);
            if (!problems.isEmpty() || !have.equals(c.get(1))) {
                bad.add(c.get(0) + "want " + c.get(1) + ", have " + have + problems);
            }
        }
        assertTrue(cases.size() > 15, cases.size() + " cases");
        assertEquals("", String.join("\n", bad));
    }

    @Test
    void wrongDirectives() throws IOException {
        List<String> bad = new ArrayList<>();
        List<List<String>> cases = cases(read("lex/lex_test.go"), "badLexTests");
        for (List<String> c : cases) {
            List<String> problems = new ArrayList<>();
            tokens(c.get(0), problems);
            if (problems.isEmpty() || !problems.get(0).contains(c.get(1))) {
                bad.add(c.get(0) + ": want " + c.get(1) + ", have " + problems);
            }
        }
        assertTrue(cases.size() > 5, cases.size() + " cases");
        assertEquals("", String.join("\n", bad));
    }

    @Test
    void wrongMnemonicsAndSuffixes() throws IOException {
        List<String> bad = new ArrayList<>();
        Matcher m = Pattern.compile("\\{(\"[A-Z][^\"]*\"), (`[^`]*`)\\}").matcher(read("asm/line_test.go"));
        int n = 0;
        while (m.find()) {
            Sources sources = new Sources();
            Diagnostics d = new Diagnostics(sources);
            String line = unquote(m.group(1));
            Assembler.assemble(sources.add("l.s", ("TEXT f(SB), 4, $0\n" + line + "\n").getBytes(StandardCharsets.UTF_8)), new AsmOptions(sources),
                    new SymbolTable(), d);
            String have = d.isEmpty() ? "nothing" : d.sorted().get(0).text;
            if (!have.contains(unquote(m.group(2)))) {
                bad.add(line + ": want " + m.group(2) + ", have " + have);
            }
            n++;
        }
        assertTrue(n > 10);
        assertEquals("", String.join("\n", bad));
    }
}
