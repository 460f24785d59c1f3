// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** GOROOT's amd64.s: every statement reads as its comment says, or as it is written. */
class ParseTest {
    /** Keeps functions instead of assembling them. */
    private static final class Capture implements AsmArch {
        final AsmArch real = new Amd64Arch();
        final List<AsmFunction> functions = new ArrayList<>();

        @Override
        public int op(String name) {
            return real.op(name);
        }

        @Override
        public String canonical(String name) {
            return real.canonical(name);
        }

        @Override
        public int register(String name) {
            return real.register(name);
        }

        @Override
        public String registerName(int register) {
            return real.registerName(register);
        }

        @Override
        public boolean suffixKnown(String suffix) {
            return real.suffixKnown(suffix);
        }

        @Override
        public void assemble(AsmFunction function, AsmUnit unit) {
            functions.add(function);
        }
    }

    @Test
    void statementsReadAsTheCommentsSay() throws IOException {
        Path dir = GoRoot.testdata();
        Assumptions.assumeTrue(dir != null, "MICA_TEST_GOROOT or GOROOT names no GOROOT with cmd/asm's testdata");
        Sources sources = new Sources();
        SourceFile file = sources.add("amd64.s", Files.readAllBytes(dir.resolve("amd64.s")));
        AsmOptions options = new AsmOptions(sources);
        options.includeDirs.add(dir);
        Diagnostics d = new Diagnostics(sources);
        AsmErrors errors = new AsmErrors(d);
        Capture arch = new Capture();
        AsmUnit unit = new AsmUnit(new SymbolTable(), errors, options, arch);
        new AsmParser(new Preprocessor(file, options, errors), arch, errors, unit, options).parse();
        List<String> bad = new ArrayList<>();
        for (Diagnostics.Entry e : d.sorted()) {
            bad.add(sources.format(e.pos) + ": " + e.text);
        }
        int n = 0;
        for (AsmFunction f : arch.functions) {
            for (AsmInst i : f.body) {
                String line = file.lineText(file.line(i.pos)).trim();
                int slash = line.indexOf("//");
                String comment = slash < 0 ? "" : line.substring(slash + 2).trim();
                String want = comment.isEmpty() || comment.matches("[0-9a-f]+( or [0-9a-f]+)*")
                        ? (slash < 0 ? line : line.substring(0, slash))
                        : comment;
                want = want.trim().replaceAll("\\s+", " ");
                String have = AsmPrinter.print(i, arch).replace('\t', ' ');
                // Where a branch goes shows as the number of the instruction, TEXT being 1.
                if (i.operands.length == 1 && i.operands[0].kind == AsmOperand.Kind.BRANCH
                        && i.operands[0].name != null) {
                    have = i.mnemonic + " " + (f.labels.get(i.operands[0].name) + 2);
                }
                if (!have.equals(want) && !i.mnemonic.equals("LOOP")) {
                    bad.add(file.line(i.pos) + ": want " + want + ", have " + have);
                }
                n++;
            }
        }
        assertTrue(n > 60);
        assertEquals("", String.join("\n", bad));
    }
}
