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
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The operands, malformed operands and expressions that GOROOT's cmd/asm tests its parser with. */
class OperandTest {
    private final Sources sources = new Sources();
    private Diagnostics diagnostics = new Diagnostics(sources);

    private static List<String[]> table(String file, String variable) throws IOException {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's tests");
        String text = Files.readString(dir.resolveSibling(file));
        int at = text.indexOf("var " + variable + " = ");
        String body = text.substring(at, text.indexOf("\n}", at));
        List<String[]> rows = new ArrayList<>();
        Matcher m = Pattern.compile("\\{(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`), (\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)\\}").matcher(body);
        while (m.find()) {
            rows.add(new String[] {unquote(m.group(1)), unquote(m.group(2))});
        }
        assertTrue(rows.size() > 0, variable);
        return rows;
    }

    private static String unquote(String s) {
        if (s.charAt(0) == '`') {
            return s.substring(1, s.length() - 1);
        }
        return s.substring(1, s.length() - 1).replace("\\\"", "\"").replace("\\u2215", "\u2215").replace("\\\\", "\\");
    }

    /** Parses an operand and prints it; null if there was an error. */
    private String parse(String text, boolean abi) {
        diagnostics = new Diagnostics(sources);
        AsmErrors errors = new AsmErrors(diagnostics);
        SourceFile file = sources.add("o.s", text.getBytes(StandardCharsets.UTF_8));
        AsmLexer lexer = new AsmLexer(file, errors);
        List<Token> tokens = new ArrayList<>();
        for (Token t = lexer.next(); t.kind != Token.EOF; t = lexer.next()) {
            tokens.add(t);
        }
        AsmArch arch = new Amd64Arch();
        OperandParser p = new OperandParser(arch, errors, "pkg", abi);
        p.start(tokens, 0, tokens.size(), file.pos(0));
        try {
            AsmOperand o = p.operand();
            StringBuilder b = new StringBuilder();
            AsmPrinter.operand(b, o, arch);
            return errors.count == 0 ? b.toString() : null;
        } catch (AsmErrors.Stop e) {
            return null;
        }
    }

    private void check(String variable, boolean abi) throws IOException {
        List<String> bad = new ArrayList<>();
        for (String[] row : table("operand_test.go", variable)) {
            String got = parse(row[0], abi);
            // An empty expectation means that the parser must come to an end.
            if (!row[1].isEmpty() && !row[1].equals(got)) {
                bad.add(row[0] + ": want " + row[1] + ", have " + got);
            }
        }
        assertEquals("", String.join("\n", bad));
    }

    private void checkBad(String variable, boolean abi) throws IOException {
        List<String> bad = new ArrayList<>();
        for (String[] row : table("operand_test.go", variable)) {
            String got = parse(row[0], abi);
            String text = diagnostics.isEmpty() ? "nothing" : diagnostics.sorted().get(0).text;
            if (got != null || !text.contains(row[1])) {
                bad.add(row[0] + ": want " + row[1] + ", have " + text);
            }
        }
        assertEquals("", String.join("\n", bad));
    }

    @Test
    void operands() throws IOException {
        check("amd64OperandTests", false);
        check("amd64OperandTests", true);
        check("amd64RuntimeOperandTests", true);
    }

    @Test
    void malformedOperands() throws IOException {
        checkBad("amd64BadOperandTests", false);
        checkBad("amd64BadOperandRuntimeTests", true);
    }

    @Test
    void expressions() throws IOException {
        List<String> bad = new ArrayList<>();
        for (String[] row : table("expr_test.go", "badExprTests")) {
            parse("$" + row[0], false);
            String text = diagnostics.isEmpty() ? "" : diagnostics.sorted().get(0).text;
            if (row[1].isEmpty() ? !text.isEmpty() : !text.contains(row[1])) {
                bad.add(row[0] + ": want " + row[1] + ", have " + text);
            }
        }
        assertEquals("", String.join("\n", bad));
        assertEquals("$16", parse("$(3<<2+4)", false));
        assertEquals("$192", parse("$3<<(2+4)", false));
        assertEquals("$-15", parse("$3*-(2+3)", false));
        assertEquals("$56", parse("$070", false));
        assertEquals("$9223372036854775807", parse("$9223372036854775807", false));
        assertEquals("$1", parse("$3^2", false));
    }

    @Test
    void directives() throws IOException {
        List<String> bad = new ArrayList<>();
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's tests");
        Matcher m = Pattern.compile("\\{\"([A-Z]+)\", (\"(?:[^\"\\\\]|\\\\.)*\"), (\"(?:[^\"\\\\]|\\\\.)*\")\\}")
                .matcher(Files.readString(dir.resolveSibling("pseudo_test.go")));
        boolean abi = false;
        int n = 0;
        while (m.find()) {
            if (m.group(2).contains(":(SB")) {
                // Its parenthesis is open: a whole line ends elsewhere than the operand that the test of the parser
                // alone sees.
                continue;
            }
            abi |= m.group(3).contains("requires NOSPLIT");
            String source = m.group(1) + " " + unquote(m.group(2));
            Diagnostics d = new Diagnostics(sources);
            AsmOptions options = new AsmOptions(sources);
            options.allowAbi = abi;
            Assembler.assemble(sources.add("d.s", source.getBytes(StandardCharsets.UTF_8)), options,
                    new SymbolTable(), d);
            String text = d.isEmpty() ? "" : d.sorted().get(0).text;
            if (!text.equals(unquote(m.group(3)))) {
                bad.add(source + ": want " + m.group(3) + ", have " + text);
            }
            n++;
        }
        assertTrue(n > 20);
        assertEquals("", String.join("\n", bad));
    }
}
