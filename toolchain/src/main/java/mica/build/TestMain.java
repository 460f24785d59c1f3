// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Field;
import mica.syntax.File;

/**
 * The main package of a test binary: tables of the tests, benchmarks, fuzz targets and examples that the files declare, handed to
 * {@code testing.MainStart}.
 */
final class TestMain {
    /** Imported under these names; a package of which nothing is used is imported for its initialization. */
    private static final String INSIDE = "_test";
    private static final String OUTSIDE = "_xtest";

    private final Package tested;
    private final Diagnostics diagnostics;
    private final StringBuilder tests = new StringBuilder();
    private final StringBuilder benchmarks = new StringBuilder();
    private final StringBuilder fuzzTargets = new StringBuilder();
    private final StringBuilder examples = new StringBuilder();
    /** The package with a function TestMain, as it is imported; null = none. */
    private String testMain;
    private boolean usesInside;
    private boolean usesOutside;

    private TestMain(Package tested, Diagnostics diagnostics) {
        this.tested = tested;
        this.diagnostics = diagnostics;
    }

    /** The source text; functions with the wrong signature are reported. */
    static String source(Package tested, Diagnostics diagnostics) {
        TestMain m = new TestMain(tested, diagnostics);
        for (File f : tested.tests.inside) {
            m.collect(f, INSIDE);
        }
        for (File f : tested.tests.outside) {
            m.collect(f, OUTSIDE);
        }
        return m.text();
    }

    private void collect(File f, String from) {
        for (Decl d : f.decls) {
            if (!(d instanceof Decl.Func x) || x.recv != null) {
                continue;
            }
            String name = x.name.name;
            if (name.equals("TestMain") && takes(x, "M")) {
                if (testMain != null) {
                    diagnostics.error(x.name.pos, "multiple definitions of TestMain");
                }
                testMain = from;
            } else if (isTest(name, "Test") && !(name.equals("TestMain") && takes(x, "T"))) {
                entry(tests, x, "T", from);
                continue;
            } else if (name.equals("TestMain")) {
                entry(tests, x, "T", from);
                continue;
            } else if (isTest(name, "Benchmark")) {
                entry(benchmarks, x, "B", from);
                continue;
            } else if (isTest(name, "Fuzz")) {
                entry(fuzzTargets, x, "F", from);
                continue;
            } else if (isTest(name, "Example") && x.typeExpr.params.length == 0 && x.typeExpr.results.length == 0 && x.body != null) {
                example(f, x, from);
                continue;
            } else {
                continue;
            }
            used(from);
        }
    }

    private void used(String from) {
        usesInside |= from.equals(INSIDE);
        usesOutside |= from.equals(OUTSIDE);
    }

    /** Test alone, or Test and then no lower-case letter. */
    private static boolean isTest(String name, String prefix) {
        if (!name.startsWith(prefix)) {
            return false;
        }
        return name.length() == prefix.length() || !Character.isLowerCase(name.codePointAt(prefix.length()));
    }

    /** func(x *testing.what). The package may have another name in the file: the checker looks closer. */
    private static boolean takes(Decl.Func f, String what) {
        Field[] params = f.typeExpr.params;
        if (f.typeExpr.results.length != 0 || params.length != 1 || !(params[0].typeExpr instanceof Expr.Star s)) {
            return false;
        }
        Expr t = s.x.unparen();
        return t instanceof Expr.Name n && n.name.equals(what) || t instanceof Expr.Selector x && x.sel.name.equals(what);
    }

    private void entry(StringBuilder table, Decl.Func f, String what, String from) {
        String name = f.name.name;
        if (f.typeExpr.typeParams.length > 0) {
            diagnostics.error(f.name.pos, "wrong signature for " + name + ", test functions cannot have type parameters");
        } else if (!takes(f, what)) {
            diagnostics.error(f.name.pos, "wrong signature for " + name + ", must be: func " + name + "(" + what.toLowerCase(java.util.Locale.ROOT)
                    + " *testing." + what + ")");
        } else {
            used(from);
            table.append("\t{\"").append(name).append("\", ").append(from).append('.').append(name).append("},\n");
        }
    }

    private void example(File f, Decl.Func x, String from) {
        ExampleOutput o = ExampleOutput.of(f.source.text, x.body.pos - f.source.base, x.body.rbrace - f.source.base);
        if (o == null) {
            return; // compiled only
        }
        used(from);
        examples.append("\t{\"").append(x.name.name).append("\", ").append(from).append('.').append(x.name.name).append(", ")
                .append(quoted(o.text)).append(", ").append(o.unordered).append("},\n");
    }

    /** A Go string literal. */
    private static String quoted(String s) {
        StringBuilder b = new StringBuilder("\"");
        for (byte c : s.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)) {
            if (c == '"' || c == '\\') {
                b.append('\\').append((char) c);
            } else if (c >= ' ' && c < 127) {
                b.append((char) c);
            } else {
                b.append(String.format("\\x%02x", c & 0xff));
            }
        }
        return b.append('"').toString();
    }

    private String text() {
        List<String> imports = new ArrayList<>(List.of("\"os\"", "\"testing\"", "\"testing/internal/testdeps\""));
        if (!tested.files.isEmpty()) {
            imports.add((usesInside ? INSIDE : "_") + " \"" + tested.importPath + "\"");
        }
        if (tested.tests.external != null) {
            imports.add((usesOutside ? OUTSIDE : "_") + " \"" + tested.tests.external.importPath + "\"");
        }
        if (testMain != null) {
            imports.add("\"reflect\"");
        }
        StringBuilder b = new StringBuilder("package main\n\nimport (\n");
        for (String i : imports) {
            b.append('\t').append(i).append('\n');
        }
        b.append(")\n\n");
        table(b, "tests", "InternalTest", tests);
        table(b, "benchmarks", "InternalBenchmark", benchmarks);
        table(b, "fuzzTargets", "InternalFuzzTarget", fuzzTargets);
        table(b, "examples", "InternalExample", examples);
        b.append("func init() {\n\ttestdeps.ImportPath = \"").append(tested.importPath).append("\"\n");
        if (tested.modulePath != null) {
            b.append("\ttestdeps.ModulePath = \"").append(tested.modulePath).append("\"\n");
        }
        b.append("}\n\nfunc main() {\n\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)\n");
        if (testMain == null) {
            b.append("\tos.Exit(m.Run())\n}\n");
        } else {
            b.append('\t').append(testMain).append(".TestMain(m)\n")
                    .append("\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n");
        }
        return b.toString();
    }

    private static void table(StringBuilder b, String name, String type, StringBuilder entries) {
        b.append("var ").append(name).append(" = []testing.").append(type).append("{\n").append(entries).append("}\n\n");
    }
}
