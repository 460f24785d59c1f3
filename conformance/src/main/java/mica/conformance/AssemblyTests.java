// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Every assembly file of the standard library, package runtime included, is assembled by the standard assembler and by Mica's: symbols,
 * bytes, relocations (by meaning) and the tables of stack depths must be the same. So must be the go_asm.h of each package that wants one.
 *
 * <p>Usage: {@code AssemblyTests [-arch amd64|arm64] [-run regexp of package/file] [-v]}; both CPUs if none is named.
 */
public final class AssemblyTests {
    private final StandardPackages std;
    private final Pattern only;
    private final boolean verbose;
    private int files;
    private int headers;
    private int symbols;
    private int failed;

    private AssemblyTests(StandardPackages std, Pattern only, boolean verbose) {
        this.std = std;
        this.only = only;
        this.verbose = verbose;
    }

    /** See the class. */
    public static void main(String[] argv) throws IOException, InterruptedException {
        List<String> archs = List.of("amd64", "arm64");
        Pattern only = Pattern.compile("");
        boolean verbose = false;
        for (int i = 0; i < argv.length; i++) {
            switch (argv[i]) {
                case "-arch" -> archs = List.of(argv[++i]);
                case "-run" -> only = Pattern.compile(argv[++i]);
                case "-v" -> verbose = true;
                default -> {
                    System.err.println("unknown flag: " + argv[i]);
                    System.exit(2);
                }
            }
        }
        Path oracle;
        try {
            oracle = Oracle.find();
        } catch (IOException e) {
            System.out.println("assembly: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        }
        Path cache = new Environment(Path.of("").toAbsolutePath(), System.getenv(), Mica.home(), List.of()).cacheDir();
        Path work = Files.createTempDirectory("mica-assembly");
        boolean ok = true;
        try {
            for (String arch : archs) {
                AssemblyTests t = new AssemblyTests(new StandardPackages(oracle, arch, work, cache.resolve("oracle-build")), only,
                        verbose);
                t.run();
                System.out.println("assembly " + arch + ": " + t.files + " files, " + t.headers + " headers, " + t.symbols + " symbols, " + t.failed
                        + " files differ");
                ok &= t.failed == 0 && (t.files > 0 || !only.pattern().isEmpty());
            }
        } finally {
            Mica.deleteTree(work);
        }
        System.exit(ok ? 0 : 1);
    }

    private void run() throws IOException, InterruptedException {
        for (StandardPackages.Package p : std.withAssembly()) {
            List<String> wanted = p.asmFiles().stream().filter(f -> only.matcher(p.path() + "/" + f).find()).toList();
            if (wanted.isEmpty()) {
                continue;
            }
            Path headers = std.headers(p);
            compareHeader(p, headers.resolve("go_asm.h"));
            for (String f : wanted) {
                compare(p, headers, f);
            }
        }
    }

    /** The package's go_asm.h, where some file wants one, against Mica's. */
    private void compareHeader(StandardPackages.Package p, Path theirs) throws IOException {
        if (!Files.exists(theirs)) {
            return;
        }
        headers++;
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String have = null;
        try (PrintStream out = new PrintStream(messages, false, StandardCharsets.UTF_8)) {
            BuildOptions options = new BuildOptions();
            options.plainHeader = true;
            options.standard = true;
            options.packagePath = p.path();
            Environment env = new Environment(p.dir(), System.getenv(), Mica.home(), List.of(), new Target("linux", std.arch));
            have = new Builder(env, options, out, out).asmHeader(p.goFiles());
        } catch (BuildException e) {
            messages.writeBytes(e.getMessage().getBytes(StandardCharsets.UTF_8));
        }
        List<String> want = Files.readAllLines(theirs);
        List<String> got = have == null ? List.of() : have.lines().toList();
        if (!want.equals(got)) {
            failed++;
            System.out.println("FAIL " + p.path() + "/go_asm.h");
            List<String> missing = new ArrayList<>(want);
            missing.removeAll(got);
            List<String> extra = new ArrayList<>(got);
            extra.removeAll(want);
            System.out.println("  missing " + missing + ", more " + extra + " " + messages.toString(StandardCharsets.UTF_8).lines().limit(3).toList());
        }
    }

    private void compare(StandardPackages.Package p, Path headers, String file) throws IOException, InterruptedException {
        files++;
        byte[] object;
        List<String> differences;
        try {
            object = std.assemble(p, headers, file);
        } catch (IOException e) {
            System.out.println("oracle: " + p.path() + "/" + file + ": " + e.getMessage());
            failed++;
            return;
        }
        List<GoObject.Symbol> want = GoObject.read(object, std.arch.equals("arm64") ? 4 : 1, std.builtins());
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        List<Symbol> have = assemble(p, headers, file, sources, diagnostics);
        if (diagnostics.isEmpty()) {
            symbols += have.size();
            differences = new ObjectComparison(std.arch).differences(have, want);
        } else {
            differences = new ArrayList<>();
            for (Diagnostics.Entry e : diagnostics.sorted()) {
                SourceFile f = sources.file(e.pos);
                differences.add((f == null ? "" : f.fileName(e.pos) + ":" + f.line(e.pos) + ": ") + e.text);
            }
        }
        if (!differences.isEmpty()) {
            failed++;
            System.out.println("FAIL " + p.path() + "/" + file);
            for (String d : differences.subList(0, verbose ? differences.size() : Math.min(3, differences.size()))) {
                System.out.println("  " + d);
            }
        }
    }

    private List<Symbol> assemble(StandardPackages.Package p, Path headers, String file, Sources sources, Diagnostics diagnostics)
            throws IOException {
        AsmOptions options = new AsmOptions(sources);
        options.loadG = true;
        options.arch = std.arch;
        options.packagePath = p.path();
        options.allowAbi = true;
        for (String d : std.defines()) {
            options.defines.put(d, "1");
        }
        options.includeDirs.add(headers);
        options.includeDirs.add(std.includes());
        options.includeDirs.add(p.dir());
        Path path = p.dir().resolve(file);
        return Assembler.assemble(sources.add(path.toString(), Files.readAllBytes(path)), options, new SymbolTable(), diagnostics);
    }
}
