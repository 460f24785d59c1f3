// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * GOROOT's files of arm64 instructions: comments tell how each line is printed and which bytes it makes, or which error it
 * is. Every line is judged, as the standard assembler's own test does it.
 */
class Arm64EndToEndTest {
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})+(?: or (?:[0-9a-f]{2})+)*|empty");
    private static final Pattern ERROR = Pattern.compile("// ERROR \"([^\"]*)\"");

    /** One file, parsed and assembled; what it prints and makes by line. */
    private static final class Run {
        final Map<Integer, String> printed = new HashMap<>();
        final Map<Integer, String> errors = new HashMap<>();
        final String[] bytes;
        /** The last instruction's: constants and padding follow it. */
        int lastLine;

        Run(Path path) throws IOException {
            Sources sources = new Sources();
            SourceFile file = sources.add(path.toString(), Files.readAllBytes(path));
            AsmOptions options = new AsmOptions(sources);
            options.arch = "arm64";
            options.includeDirs.add(path.getParent());
            Diagnostics diagnostics = new Diagnostics(sources);
            AsmErrors errorList = new AsmErrors(diagnostics);
            Recorder recorder = new Recorder(file);
            AsmUnit unit = new AsmUnit(new SymbolTable(), errorList, options, recorder);
            new AsmParser(new Preprocessor(file, options, errorList), recorder, errorList, unit, options).parse();
            for (Diagnostics.Entry e : diagnostics.sorted()) {
                errors.merge(file.line(e.pos), e.text, (a, b) -> a.equals(b) ? a : a + " AND " + b);
            }
            List<Symbol> symbols = errors.isEmpty() ? unit.symbols() : List.of();
            bytes = AsmTesting.bytesByLine(symbols, file);
        }

        /** The architecture, which notes the text of what it is given. */
        private final class Recorder implements AsmArch {
            private final Arm64Arch arch = new Arm64Arch();
            private final SourceFile file;

            Recorder(SourceFile file) {
                this.file = file;
            }

            @Override
            public int op(String name) {
                return arch.op(name);
            }

            @Override
            public String canonical(String name) {
                return arch.canonical(name);
            }

            @Override
            public int register(String name) {
                return arch.register(name);
            }

            @Override
            public String registerName(int r) {
                return arch.registerName(r);
            }

            @Override
            public boolean suffixKnown(String suffix) {
                return arch.suffixKnown(suffix);
            }

            @Override
            public AsmOperand special(OperandParser p) {
                return arch.special(p);
            }

            @Override
            public String print(AsmOperand special) {
                return arch.print(special);
            }

            @Override
            public void assemble(AsmFunction f, AsmUnit unit) {
                for (AsmInst i : f.body) {
                    lastLine = i.mnemonic.equals("END") ? lastLine : file.line(i.pos);
                    printed.put(file.line(i.pos), text(i, f));
                }
                arch.assemble(f, unit);
            }

            /** The standard test prints branches before it knows where labels are: without them. */
            private String text(AsmInst i, AsmFunction f) {
                String s = AsmPrinter.print(i, this);
                for (AsmOperand o : i.operands) {
                    if (o.kind == AsmOperand.Kind.BRANCH && f.labels.containsKey(o.name)) {
                        s = s.replaceFirst("(\t|, )" + o.name + "(?=,|$)(, )?", "$1").replaceFirst("(\t|, )$", "");
                    }
                }
                return s;
            }
        }
    }

    private static Path file(String name) {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's testdata");
        return dir.resolve(name);
    }

    private static void check(String name, int lines) throws IOException {
        Path path = file(name);
        Run run = new Run(path);
        List<String> wrong = new ArrayList<>();
        run.errors.forEach((line, text) -> wrong.add(line + ": " + text));
        int n = 0;
        int judged = 0;
        for (String line : Files.readAllLines(path)) {
            n++;
            String[] parts = line.split("//");
            String source = parts.length == 0 ? "" : parts[0].trim();
            if (line.startsWith("#include") || line.startsWith("GLOBL") || source.isEmpty() || source.endsWith(":")) {
                continue;
            }
            judged++;
            String last = parts[parts.length - 1].trim();
            boolean hex = parts.length > 1 && HEX.matcher(last).matches();
            String want = parts.length == 3 || parts.length == 2 && !hex ? parts[1].trim() : source;
            if (!source.startsWith("TEXT")) {
                String have = run.printed.get(n);
                if (!canonical(want).equals(have == null ? null : canonical(have))) {
                    wrong.add(n + ": prints " + have + ", want " + want);
                }
            }
            if (hex && run.errors.isEmpty()) {
                String have = run.bytes[n] == null ? "empty" : run.bytes[n];
                boolean ends = n == run.lastLine && have.startsWith(last);
                if (!List.of(last.split(" or ")).contains(have) && !ends) {
                    wrong.add(n + ": " + source + ": have encoding " + have + ", want " + last);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(judged >= lines, judged + " lines");
    }

    /** Blanks as the standard test has them: one behind each comma outside brackets. */
    private static String canonical(String s) {
        StringBuilder b = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            b.append(c == '\t' ? ' ' : c);
            if (c == ',') {
                while (i + 1 < s.length() && s.charAt(i + 1) == ' ') {
                    i++;
                }
                b.append(depth == 0 ? " " : "");
            }
        }
        return b.toString().trim().replaceAll(" +", " ");
    }

    @Test
    void arm64() throws IOException {
        check("arm64.s", 1700);
    }

    @Test
    void arm64enc() throws IOException {
        check("arm64enc.s", 580);
    }

    @Test
    void arm64sveenc() throws IOException {
        check("arm64sveenc.s", 1150);
    }

    @Test
    void arm64error() throws IOException {
        errors("arm64error.s");
    }

    @Test
    void arm64sveerror() throws IOException {
        errors("arm64sveerror.s");
    }

    private static void errors(String name) throws IOException {
        Path path = file(name);
        Run run = new Run(path);
        List<String> wrong = new ArrayList<>();
        int n = 0;
        for (String line : Files.readAllLines(path)) {
            n++;
            Matcher m = ERROR.matcher(line);
            String have = run.errors.get(n);
            if (m.find()) {
                if (have == null || !have.contains(m.group(1))) {
                    wrong.add(n + ": " + line.trim() + "; have " + have);
                }
            } else if (have != null) {
                wrong.add(n + ": unexpected: " + have);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }
}
