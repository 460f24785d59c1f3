// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.syntax.Decl;
import mica.syntax.ErrorComments;
import mica.syntax.File;
import mica.syntax.Parser;

/**
 * Cases whose comments say which errors a type checker must report, from GOROOT: src/internal/types/testdata and test. By hand: {@code java mica.types.ErrorCases GOROOT (testdata|test) [part of a name]}.
 */
public final class ErrorCases {
    private final Path goroot;
    private Checking library;

    ErrorCases(Path goroot) {
        this.goroot = goroot;
    }

    /** Name of the case (relative path) to what is wrong about it; empty lists for cases that agree. */
    Map<String, List<String>> testdata(String part) throws Exception {
        Path dir = goroot.resolve("src/internal/types/testdata").toRealPath();
        Map<String, List<Path>> cases = new TreeMap<>();
        try (Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.filter(p -> p.toString().endsWith(".go")).sorted().toList()) {
                String rel = dir.relativize(p).toString();
                // A file is a case; below the second level a folder is.
                String name = rel.chars().filter(c -> c == '/').count() > 1 ? rel.substring(0, rel.lastIndexOf('/')) : rel;
                cases.computeIfAbsent(name, k -> new ArrayList<>()).add(p);
            }
        }
        return run(cases, part, true);
    }

    Map<String, List<String>> errorchecks(String part) throws Exception {
        Path dir = goroot.resolve("test").toRealPath();
        Map<String, List<Path>> cases = new TreeMap<>();
        try (Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.filter(p -> p.toString().endsWith(".go")).sorted().toList()) {
                String first = firstLine(p);
                if (!first.startsWith("// errorcheck ") && !first.equals("// errorcheck")) {
                    continue;
                }
                String flags = first.substring("// errorcheck".length()).replaceAll("-lang=\\S+", "").replace("-d=panic", "").strip();
                if (flags.isEmpty()) {
                    cases.put(dir.relativize(p).toString(), List.of(p));
                }
            }
        }
        return run(cases, part, false);
    }

    /** Valid programs of GOROOT/test: whatever is reported is wrong. */
    Map<String, List<String>> valid(String part) throws Exception {
        Path dir = goroot.resolve("test").toRealPath();
        Map<String, List<Path>> cases = new TreeMap<>();
        try (Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.filter(p -> p.toString().endsWith(".go")).sorted().toList()) {
                String first = firstLine(p).strip();
                if (first.equals("// run") || first.equals("// compile") || first.equals("// build") || first.equals("// buildrun")
                        || first.equals("// runoutput") || first.startsWith("// run -") && !first.contains("goexperiment")) {
                    cases.put(dir.relativize(p).toString(), List.of(p));
                }
            }
        }
        return run(cases, part, false);
    }

    private static String firstLine(Path p) throws IOException {
        try (Stream<String> s = Files.lines(p, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return s.findFirst().orElse("");
        }
    }

    private Map<String, List<String>> run(Map<String, List<Path>> cases, String part, boolean exact) throws Exception {
        library();
        Map<String, List<String>> out = new TreeMap<>();
        for (Map.Entry<String, List<Path>> e : cases.entrySet()) {
            if (part == null || e.getKey().contains(part)) {
                out.put(e.getKey(), one(e.getValue(), exact));
            }
        }
        return out;
    }

    /** Packages that cases import. */
    private void library() throws Exception {
        List<String> want = List.of("fmt", "os", "strings", "strconv", "sort", "math", "math/bits", "time", "unsafe", "io", "bytes", "errors", "reflect",
                "sync", "sync/atomic", "iter", "slices", "maps", "cmp", "log", "net/http", "runtime", "testing", "go/ast", "go/token", "go/parser",
                "context", "bufio", "container/list", "encoding/json", "regexp", "unicode", "math/cmplx", "math/rand", "os/exec", "path/filepath",
                "flag", "encoding/binary", "text/template", "encoding/xml", "syscall", "compress/flate", "embed", "math/big", "go/build", "io/ioutil",
                "crypto/sha256", "hash/crc32", "internal/abi", "runtime/debug", "go/types", "container/ring", "html/template", "text/tabwriter",
                "runtime/pprof", "database/sql", "net/rpc", "structs");
        List<String> roots = new ArrayList<>(want);
        roots.remove("unsafe");
        roots.remove("runtime");
        library = new Checking(goroot, roots, false);
        for (Pkg p : library.all) {
            library.program.check(p);
        }
    }

    private List<String> one(List<Path> paths, boolean exact) throws IOException {
        Sources sources = library.sources;
        Diagnostics diags = new Diagnostics(sources);
        Program program = new Program(sources, diags, (from, path) -> library.byPath(path));
        program.adopt(library.program);
        Pkg pkg = new Pkg("p", null);
        pkg.checkAllBodies = true;
        pkg.goVersion = "go1.27";
        List<SourceFile> sourceFiles = new ArrayList<>();
        List<File> files = new ArrayList<>();
        for (Path p : paths) {
            SourceFile f = sources.add(p.toString(), Files.readAllBytes(p));
            sourceFiles.add(f);
            files.add(Parser.parseFile(f, diags));
            String first = f.lineText(1);
            int k = first.indexOf("-lang=");
            if (first.startsWith("//") && k >= 0) {
                pkg.goVersion = first.substring(k + 6).split("\\s")[0];
            }
        }
        pkg.files = files;
        boolean syntax = false;
        for (File f : files) {
            syntax |= f.bad;
        }
        List<String> wrong = new ArrayList<>();
        if (exact || !syntax && diags.isEmpty()) {
            try {
                program.check(pkg);
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                StackTraceElement[] st = e.getStackTrace();
                wrong.add("FAULT " + e + " at " + st[0] + " " + (st.length > 2 ? st[1] + " " + st[2] : ""));
            }
        }
        for (SourceFile f : sourceFiles) {
            List<ErrorComments.Expected> expected = exact ? ErrorComments.after(f) : ErrorComments.lines(f);
            for (String w : exact ? compareNear(expected, diags, f) : ErrorComments.compare(expected, diags, f, false)) {
                wrong.add(paths.size() > 1 ? f.path.substring(f.path.lastIndexOf('/') + 1) + ":" + w : w);
            }
        }
        return wrong;
    }

    /**
     * The columns in src/internal/types/testdata are those of go/types, not gc's (whose own test of these files tolerates 20 to
     * 125 columns), so errors are matched by line, each with the nearest demand that it satisfies. Go's compiler refuses some interfaces
     * that its type checker takes.
     */
    private static List<String> compareNear(List<ErrorComments.Expected> expected, Diagnostics diags, SourceFile f) {
        List<String> wrong = new ArrayList<>();
        List<Diagnostics.Entry> entries = diags.sorted(true);
        for (Diagnostics.Entry e : entries) {
            if (diags.sources.file(e.pos) != f || e.text.equals("undefined: assert") || e.text.equals("undefined: trace")
                    || e.text.startsWith("invalid recursive type: anonymous interface")) {
                continue;
            }
            int line = f.physicalLine(e.pos);
            int column = f.physicalColumn(e.pos);
            ErrorComments.Expected best = null;
            for (ErrorComments.Expected x : expected) {
                if (!x.met && x.line == line && x.matches(e.text) && (best == null || Math.abs(x.column - column) < Math.abs(best.column - column))) {
                    best = x;
                }
            }
            if (best == null) {
                wrong.add(line + ":" + column + ": not demanded: " + e.text);
            } else {
                best.met = true;
            }
        }
        for (ErrorComments.Expected x : expected) {
            for (Diagnostics.Entry e : entries) {
                // Equal texts on one line are reported once.
                x.met |= diags.sources.file(e.pos) == f && f.physicalLine(e.pos) == x.line && x.matches(e.text);
            }
            if (!x.met) {
                wrong.add("not reported: " + x);
            }
        }
        return wrong;
    }

    public static void main(String[] args) throws Exception {
        ErrorCases c = new ErrorCases(Path.of(args[0]));
        String part = args.length > 2 ? args[2] : null;
        Map<String, List<String>> all = args[1].equals("testdata") ? c.testdata(part) : args[1].equals("valid") ? c.valid(part) : c.errorchecks(part);
        int bad = 0;
        int lines = 0;
        for (Map.Entry<String, List<String>> e : all.entrySet()) {
            if (!e.getValue().isEmpty()) {
                bad++;
                lines += e.getValue().size();
                for (String w : e.getValue()) {
                    System.out.println(e.getKey() + ":" + w.replace("\n", "\n\t"));
                }
            }
        }
        System.out.println(all.size() + " cases, " + bad + " differ, " + lines + " differences");
    }
}
