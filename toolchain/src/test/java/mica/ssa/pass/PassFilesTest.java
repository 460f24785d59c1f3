// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mica.obj.SymbolTable;
import mica.ssa.AbiSig;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Parser;
import mica.ssa.Printer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the cases of testdata/ssa: {@code pass NAME}, a function, {@code ----}, the expected function; cases are parted by lines of
 * {@code ====}. With -Dmica.bless the files are written anew from what the passes do.
 */
class PassFilesTest {
    private static Path dir() {
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("testdata/ssa"))) {
                return p.resolve("testdata/ssa");
            }
        }
        throw new IllegalStateException("no testdata/ssa");
    }

    @TestFactory
    List<DynamicTest> files() throws IOException {
        ArrayList<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> list = Files.list(dir())) {
            for (Path p : list.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
                String text = Files.readString(p);
                String[] cases = text.split("(?m)^====\n");
                StringBuilder blessed = new StringBuilder();
                for (int i = 0; i < cases.length; i++) {
                    String c = cases[i];
                    blessed.append(i > 0 ? "====\n" : "").append(bless(c));
                    tests.add(DynamicTest.dynamicTest(p.getFileName() + " " + (i + 1), () -> check(c)));
                }
                if (Boolean.getBoolean("mica.bless")) {
                    Files.writeString(p, blessed.toString());
                }
            }
        }
        assertTrue(!tests.isEmpty());
        return tests;
    }

    private static String bless(String c) {
        return Boolean.getBoolean("mica.bless") ? c.substring(0, split(c)) + "----\n" + run(c) : c;
    }

    private static int split(String c) {
        int at = c.indexOf("----\n");
        return at < 0 ? c.length() : at;
    }

    private static void check(String c) {
        assertTrue(c.contains("----\n"), "no expectation");
        assertEquals(c.substring(split(c) + 5), run(c));
    }

    private static String run(String c) {
        SymbolTable symbols = new SymbolTable();
        String input = c.substring(0, split(c));
        List<String> passes = input.lines().filter(l -> l.startsWith("pass ")).map(l -> l.substring(5).strip()).toList();
        assertTrue(!passes.isEmpty(), "no pass named");
        Func f = Parser.parse(input.substring(input.indexOf("func ")), n -> n.endsWith("<1>") ? symbols.lookup(n.substring(0, n.length() - 3), 1) : symbols.lookup(n, 0));
        AbiSig.Loc ptr = new AbiSig.Loc(MType.PTR, 0, -1, 0, 0, null);
        AbiSig sig = new AbiSig(1, new AbiSig.Loc[] {ptr}, new AbiSig.Loc[] {ptr}, 0, 8);
        PassServices services = n -> new CallInfo(symbols.lookup("runtime." + n, 1), null, sig);
        PassContext context = new PassContext(services, true, Set.of(), true, null);
        Verify.check(f, "input");
        for (String p : passes) {
            PassList.run(p, f, context);
        }
        return Printer.print(f);
    }
}
