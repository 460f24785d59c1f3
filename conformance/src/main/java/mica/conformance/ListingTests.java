// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import mica.arch.amd64.Amd64Listing;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Probe;
import mica.link.Image;
import mica.obj.FuncInfo;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.Func;
import mica.syntax.BuildConstraints;

/**
 * What {@code -S} prints of a function, {@code mica tool asm} makes the same bytes and relocations of: for every function that the
 * examples reach, and for every function of packages of the standard library.
 *
 * <p>Usage: ListingTests [-long] [name...]. A name is an example or an import path; without names, all examples and some packages are
 * taken, with -long all packages.
 */
public final class ListingTests {
    private static final List<String> PACKAGES = List.of("bufio", "bytes", "compress/flate", "container/list", "crypto/sha256",
            "encoding/binary", "encoding/json", "errors", "fmt", "internal/runtime/maps", "io", "math", "math/big", "math/bits", "net/netip",
            "os", "path/filepath", "reflect", "regexp", "slices", "sort", "strconv", "strings", "sync", "text/template", "time", "unicode/utf8");

    private final Path goroot;
    private final Path work;
    private int functions;
    private int failures;
    private final TreeSet<String> broken = new TreeSet<>();

    private ListingTests(Path goroot, Path work) {
        this.goroot = goroot;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        Path goroot = Mica.goroot();
        if (goroot == null) {
            System.out.println("ListingTests: skipped, no GOROOT");
            return;
        }
        boolean isLong = false;
        List<String> names = new ArrayList<>();
        for (String a : args) {
            if (a.equals("-long")) {
                isLong = true;
            } else {
                names.add(a);
            }
        }
        Path work = Files.createTempDirectory("mica-listings");
        try {
            System.exit(new ListingTests(goroot, work).run(names, isLong) ? 0 : 1);
        } finally {
            Mica.deleteTree(work);
        }
    }

    private boolean run(List<String> names, boolean isLong) throws IOException {
        List<String> all = new ArrayList<>(names);
        if (names.isEmpty()) {
            try (Stream<Path> s = Files.list(Mica.home().resolve("examples"))) {
                s.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().forEach(all::add);
            }
            all.addAll(isLong ? standardPackages() : PACKAGES);
        }
        for (String name : all) {
            Path example = Mica.home().resolve("examples").resolve(name);
            int before = functions;
            if (Files.isDirectory(example)) {
                build(name, example, goFiles(example), false);
            } else {
                Path dir = goroot.resolve("src").resolve(name);
                build(name, dir, goFiles(dir), true);
            }
            if (functions == before && !broken.contains(name)) {
                System.out.println(name + ": no functions");
            }
        }
        System.out.println("ListingTests: " + all.size() + " packages, " + functions + " functions, " + failures + " differ, " + broken.size()
                + " packages do not compile " + broken);
        return failures == 0 && functions > 0;
    }

    private List<String> standardPackages() throws IOException {
        TreeSet<String> paths = new TreeSet<>();
        Path src = goroot.resolve("src");
        try (Stream<Path> s = Files.walk(src)) {
            for (Path dir : s.filter(Files::isDirectory).toList()) {
                String path = src.relativize(dir).toString();
                boolean skip = path.isEmpty() || path.startsWith("cmd") || path.startsWith("runtime") || path.startsWith("vendor")
                        || path.equals("builtin") || Arrays.stream(path.split("/")).anyMatch(e -> e.equals("testdata") || e.startsWith("_"));
                if (!skip && !goFiles(dir).isEmpty()) {
                    paths.add(path);
                }
            }
        }
        return new ArrayList<>(paths);
    }

    private List<String> goFiles(Path dir) throws IOException {
        Environment env = new Environment(dir, System.getenv(), Mica.home(), List.of());
        List<String> files = new ArrayList<>();
        try (Stream<Path> s = Files.list(dir)) {
            for (Path p : s.sorted().toList()) {
                String n = p.getFileName().toString();
                if (!n.endsWith(".go") || n.endsWith("_test.go") || !BuildConstraints.fileNameMatches(n, env::tag)) {
                    continue;
                }
                byte[] text = Files.readAllBytes(p);
                String constraint = BuildConstraints.expression(text);
                boolean cgo = new String(text, StandardCharsets.UTF_8).contains("\nimport \"C\"");
                if (!cgo && (constraint == null || BuildConstraints.evaluate(constraint, env::tag))) {
                    files.add(n);
                }
            }
        }
        return files;
    }

    private void build(String name, Path dir, List<String> files, boolean isPackage) {
        BuildOptions o = new BuildOptions();
        o.probe = new Compare(name);
        o.plainHeader = isPackage;
        o.standard = isPackage;
        o.packagePath = isPackage ? name : "";
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, false, StandardCharsets.UTF_8);
        try {
            Environment env = new Environment(dir, System.getenv(), Mica.home(), List.of());
            Builder builder = new Builder(env, o, out, out);
            String file = work.resolve("out").toString();
            boolean ok = isPackage ? builder.compile(files, file) : builder.build(files, file);
            if (!ok) {
                broken(name, said.toString(StandardCharsets.UTF_8));
            }
        } catch (BuildException | RuntimeException e) {
            broken(name, e.toString());
        }
    }

    private void broken(String name, String why) {
        broken.add(name);
        System.out.println(name + " does not compile: " + why.lines().findFirst().orElse("?"));
    }

    /** Takes the functions of a finished build and holds each against its listing. */
    private final class Compare implements Probe {
        private final String name;

        Compare(String name) {
            this.name = name;
        }

        @Override
        public void linked(Image image, Sources sources) {
            check(image.symbols, sources);
        }

        @Override
        public void compiled(Iterable<Symbol> list, Sources sources) {
            check(list, sources);
        }

        @Override
        public void after(String pass, Func f, long nanos) {}

        @Override
        public boolean wants(Func f) {
            return false;
        }

        @Override
        public void prepared(Func f, long nanos) {}

        @Override
        public void emitted(Func f, Symbol out, long nanos) {}

        private void check(Iterable<Symbol> symbols, Sources sources) {
            Amd64Listing listing = new Amd64Listing();
            for (Symbol s : symbols) {
                if (s.kind != SymKind.TEXT || s.func == null || (s.func.flags & FuncInfo.FLAG_ASM) != 0) {
                    continue;
                }
                functions++;
                String problem;
                try {
                    StringBuilder b = new StringBuilder();
                    listing.print(b, s, sources);
                    problem = difference(s, b.toString());
                } catch (RuntimeException e) {
                    problem = e.toString();
                }
                if (problem != null && failures++ < 30) {
                    System.out.println(name + ": " + s.name + ": " + problem);
                }
            }
        }
    }

    /** How the assembled listing differs from the function; null if it does not. */
    private static String difference(Symbol f, String text) {
        Sources sources = new Sources();
        Diagnostics d = new Diagnostics(sources);
        AsmOptions options = new AsmOptions(sources);
        options.allowAbi = true;
        List<Symbol> made = Assembler.assemble(sources.add("f.s", text.getBytes(StandardCharsets.UTF_8)), options, new SymbolTable(), d);
        if (!d.isEmpty()) {
            return d.sorted().get(0).text;
        }
        Symbol g = made.get(0);
        if (!g.name.equals(f.name) || g.abi != f.abi || g.local != f.local) {
            return "is called " + g.name;
        }
        if (g.size != f.size) {
            return "has " + g.size + " bytes, not " + f.size;
        }
        int at = Arrays.mismatch(Arrays.copyOf(f.data, (int) f.size), Arrays.copyOf(g.data, (int) g.size));
        if (at >= 0) {
            return "differs at 0x" + Integer.toHexString(at);
        }
        TreeMap<Integer, String> want = relocations(f);
        TreeMap<Integer, String> have = relocations(g);
        return want.equals(have) ? null : "has relocations " + have + ", not " + want;
    }

    /** What the linker patches, by offset: relocations that only tell it something have no text. */
    private static TreeMap<Integer, String> relocations(Symbol s) {
        TreeMap<Integer, String> m = new TreeMap<>();
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocType[i].size != 0) {
                Symbol t = s.relocTarget[i];
                RelocType type = s.relocType[i];
                m.put(s.relocOffset[i], type + " " + t.name + (t.local ? "<>" : "<" + t.abi + ">") + "+" + s.relocAddend[i]);
            }
        }
        return m;
    }
}
