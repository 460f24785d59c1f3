// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The checker against the Go distribution named by MICA_TEST_GOROOT or GOROOT: its library has no errors, its error tests have the
 * ones that they demand. Cases that differ today are listed, each with its first difference, in testdata/types; a listed case that agrees and
 * an unlisted one that differs both fail.
 */
class GorootTypesTest {
    private static final String HEADER =
            "# Cases that differ today: name, tab, first difference (line:column). Made with -Dmica.bless=true; may only shrink.\n";

    private static Path goroot() {
        for (String name : new String[] {"MICA_TEST_GOROOT", "GOROOT"}) {
            String v = System.getenv(name);
            if (v != null && Files.isDirectory(Path.of(v, "src/internal/types/testdata"))) {
                return Path.of(v);
            }
        }
        Assumptions.abort("no Go 1.27 library to check: set MICA_TEST_GOROOT");
        return null;
    }

    @Test
    void helloWithAllItImportsHasNoErrors() throws Exception {
        check(List.of("fmt"), 50);
    }

    @Test
    void netHttpWithAllItImportsHasNoErrors() throws Exception {
        check(List.of("net/http"), 150);
    }

    private static void check(List<String> paths, int atLeast) throws Exception {
        Checking c = new Checking(goroot(), paths, true);
        for (Pkg p : c.all) {
            c.program.check(p);
        }
        assertEquals(List.of(), c.errors());
        assertTrue(c.all.size() >= atLeast, "only " + c.all.size() + " packages");
    }

    @Test
    void initializersComeInOrder() throws Exception {
        Checking c = new Checking(goroot(), List.of("strconv"), false);
        for (Pkg p : c.all) {
            c.program.check(p);
        }
        for (Pkg p : c.all) {
            c.program.initOrder(p);
        }
        assertEquals(List.of(), c.errors());
    }

    @Test
    void typeCheckerTestdata() throws Exception {
        compare("testdata/types/testdata_known.txt", new ErrorCases(goroot()).testdata(null), 350);
    }

    @Test
    void validProgramsOfTheSuite() throws Exception {
        compare("testdata/types/valid_known.txt", new ErrorCases(goroot()).valid(null), 1500);
    }

    private static void compare(String list, Map<String, List<String>> results, int atLeast) throws Exception {
        Map<String, String> known = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(list))) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                int tab = line.indexOf('\t');
                known.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        List<String> wrong = new ArrayList<>();
        StringBuilder bless = new StringBuilder();
        for (Map.Entry<String, List<String>> e : results.entrySet()) {
            List<String> differences = e.getValue();
            if (differences.isEmpty() && known.containsKey(e.getKey())) {
                wrong.add(e.getKey() + ": agrees now; take it off the list");
            } else if (!differences.isEmpty() && !known.containsKey(e.getKey())) {
                wrong.add(e.getKey() + ": " + differences);
            }
            if (!differences.isEmpty()) {
                String first = differences.get(0).replaceAll("/\\S+/(\\S+\\.go)", "$1");
                int end = first.indexOf('\n');
                bless.append(e.getKey()).append('\t').append(known.getOrDefault(e.getKey(), end < 0 ? first : first.substring(0, end))).append('\n');
            }
        }
        if (Boolean.getBoolean("mica.bless")) {
            Files.writeString(Path.of(list), HEADER + bless);
            return;
        }
        assertEquals(List.of(), wrong);
        assertTrue(results.size() >= atLeast, "only " + results.size() + " cases");
    }
}
