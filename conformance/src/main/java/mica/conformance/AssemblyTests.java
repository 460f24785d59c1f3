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
import mica.asm.AsmListing;
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
 * <p>What the standard assembler refuses must be refused. A part of the files, with -long all of them, is
 * assembled with -shared, -dynlink, -spectre=ret and a function in front of the stack checks, too; with -S, the listings are compared.
 *
 * <p>Usage: {@code AssemblyTests [-arch amd64|arm64] [-run regexp of package/file] [-v] [-long]}; both CPUs if none is named.
 */
public final class AssemblyTests {
    private static final List<String> MODES = List.of("-shared", "-dynlink", "-spectre=ret", "-d=maymorestack=runtime.hook", "-S");
    /** Files with thread-local storage, global variables, calls by register and stack checks. */
    private static final Pattern SOME = Pattern.compile("^(runtime|internal/bytealg|internal/cpu|crypto/md5|reflect|math/big)/");

    private final StandardPackages std;
    private List<StandardPackages.Package> packages = List.of();
    private final Pattern only;
    private final boolean verbose;
    /** Flags of both assemblers; empty = none. */
    private String mode = "";
    private int files;
    private int refused;
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
        boolean all = false;
        for (int i = 0; i < argv.length; i++) {
            switch (argv[i]) {
                case "-arch" -> archs = List.of(argv[++i]);
                case "-run" -> only = Pattern.compile(argv[++i]);
                case "-v" -> verbose = true;
                case "-long" -> all = true;
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
                for (String mode : MODES) {
                    t.mode(mode, all ? only : SOME);
                    System.out.println("assembly " + arch + ' ' + mode + ": " + t.files + " files, " + t.refused + " refused by both, " + t.symbols
                            + " symbols, " + t.failed + " files differ");
                    ok &= t.failed == 0;
                }
            }
        } finally {
            Mica.deleteTree(work);
        }
        System.exit(ok ? 0 : 1);
    }

    /** Prepares for other flags. */
    private void mode(String flags, Pattern which) throws IOException, InterruptedException {
        mode = flags;
        files = 0;
        refused = 0;
        symbols = 0;
        failed = 0;
        run(which);
    }

    private void run() throws IOException, InterruptedException {
        packages = std.withAssembly();
        run(Pattern.compile(""));
    }

    private void run(Pattern which) throws IOException, InterruptedException {
        for (StandardPackages.Package p : packages) {
            List<String> wanted = p.asmFiles().stream().filter(f -> only.matcher(p.path() + "/" + f).find() && which.matcher(p.path() + "/" + f).find())
                    .toList();
            if (wanted.isEmpty()) {
                continue;
            }
            Path headers = std.headers(p);
            if (mode.isEmpty()) {
                compareHeader(p, headers.resolve("go_asm.h"));
            }
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

    /** What -S prints: the same lines. */
    private void compareListing(StandardPackages.Package p, Path headers, String file) throws IOException, InterruptedException {
        Sources sources = new Sources();
        AsmListing listing = new AsmListing(sources);
        List<Symbol> have = assemble(p, headers, file, sources, new Diagnostics(sources), listing);
        symbols += have.size();
        List<String> want = listed(std.listing(p, headers, file));
        List<String> got = listed(listing.print(have));
        List<String> differences = new ArrayList<>();
        if (!want.equals(got)) {
            List<String> missing = new ArrayList<>(want);
            missing.removeAll(got);
            List<String> extra = new ArrayList<>(got);
            extra.removeAll(want);
            missing.forEach(l -> differences.add("- " + l));
            extra.forEach(l -> differences.add("+ " + l));
            if (differences.isEmpty()) {
                differences.add("other order");
            }
        }
        report(p, file, differences);
    }

    /**
     * The lines of a listing that are to be the same. Not compared: bytes and relocations (the objects are), and what Mica's objects do not have and Mica's listings do
     * not show (kinds for FIPS, places of arguments and of points that are not safe). Mica's listings keep the source's spelling where the standard ones show what
     * became of it: names of bytes of registers, addresses as constants, ADJSP, thread-local storage in two steps, zeros; and how a large frame is made on arm64, with the
     * words of its literals. The targets of JMP 0(PC) the standard listing counts otherwise.
     */
    private static List<String> listed(String text) {
        List<String> lines = new ArrayList<>();
        for (String l : text.split("\n")) {
            if (!LEFT_OUT.matcher(l).find()) {
                lines.add(spelled(l.replaceFirst("^([^\t]* S[A-Z]+)FIPS ", "$1 ").replace("locals=0xfffffffffffffff8", "locals=0x0")));
            }
        }
        return lines;
    }

    private static final Pattern LEFT_OUT = Pattern.compile(
            "\t(FUNCDATA|PCDATA)\t|\tNOP$|^\t0x[0-9a-f]{4,} ([0-9a-f]{2} |   ){16}|^\trel |^gclocals|\tMOVQ\tTLS, |\\bR27\\b|\tSUBS?\t\\$[0-9]+, RSP, R(17|20)$|\tADD\t\\$[0-9]{1,5}, RSP|\tWORD\t\\$");

    private static String spelled(String line) {
        int tab = line.indexOf('\t', 1);
        if (tab < 0) {
            return line;
        }
        String s = line.substring(tab);
        if (s.startsWith("\tADJSP\t$")) {
            s = s.startsWith("\tADJSP\t$-") ? "\tADDQ\t$" + s.substring(9) + ", SP" : "\tSUBQ\t$" + s.substring(8) + ", SP";
        }
        s = s.replace("<>(SB)", "(SB)").replaceFirst("\tLEAQ\t([^$].*\\(SB\\), )", "\tMOVQ\t\\$$1").replaceAll("0?\\([A-Z0-9]+\\)\\(TLS\\*1\\)|-8\\(FS\\)", "(TLS)")
                .replace("\t0(", "\t(").replaceAll("\\b([ABCD])L\\b", "$1X").replaceAll("\\b(SI|DI|R[0-9]+)B\\b", "$1").replaceFirst("\\$-8$", "\\$0")
                .replaceAll("\\bZR\\b", "\\$0").replace(", RSP, RSP", ", RSP").replace("\tBLO\t", "\tBCC\t").replaceFirst("\tJMP\t[0-9]+(\\(PC\\))?$", "\tJMP");
        return line.substring(0, tab) + s;
    }

    private void compare(StandardPackages.Package p, Path headers, String file) throws IOException, InterruptedException {
        files++;
        if (mode.equals("-S")) {
            compareListing(p, headers, file);
            return;
        }
        byte[] object;
        List<String> differences;
        try {
            object = std.assemble(p, headers, file, mode.isEmpty() ? List.of() : List.of(mode));
        } catch (IOException e) {
            if (!mode.isEmpty()) {
                refused(p, headers, file, e);
                return;
            }
            System.out.println("oracle: " + p.path() + "/" + file + ": " + e.getMessage());
            failed++;
            return;
        }
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        List<Symbol> have = assemble(p, headers, file, sources, diagnostics);
        if (diagnostics.isEmpty()) {
            symbols += have.size();
            differences = new ObjectComparison(std.arch).differences(have, object);
        } else {
            differences = new ArrayList<>();
            for (Diagnostics.Entry e : diagnostics.sorted()) {
                SourceFile f = sources.file(e.pos);
                differences.add((f == null ? "" : f.fileName(e.pos) + ":" + f.line(e.pos) + ": ") + e.text);
            }
        }
        report(p, file, differences);
    }

    private void report(StandardPackages.Package p, String file, List<String> differences) {
        if (!differences.isEmpty()) {
            failed++;
            System.out.println("FAIL " + p.path() + "/" + file + " " + mode);
            for (String d : differences.subList(0, verbose ? differences.size() : Math.min(3, differences.size()))) {
                System.out.println("  " + d);
            }
        }
    }

    /** The standard assembler refuses a file: so must Mica's. */
    private void refused(StandardPackages.Package p, Path headers, String file, IOException why) throws IOException {
        refused++;
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        assemble(p, headers, file, sources, diagnostics);
        if (diagnostics.isEmpty()) {
            failed++;
            System.out.println("FAIL " + p.path() + "/" + file + " " + mode + ": accepted, but: " + why.getMessage().lines().limit(3).toList());
        }
    }

    private List<Symbol> assemble(StandardPackages.Package p, Path headers, String file, Sources sources, Diagnostics diagnostics)
            throws IOException {
        return assemble(p, headers, file, sources, diagnostics, null);
    }

    private List<Symbol> assemble(StandardPackages.Package p, Path headers, String file, Sources sources, Diagnostics diagnostics, AsmListing listing)
            throws IOException {
        AsmOptions options = new AsmOptions(sources);
        options.listing = listing;
        options.loadG = true;
        options.dynlink = mode.equals("-dynlink");
        options.shared = options.dynlink || mode.equals("-shared");
        options.retpolines = mode.startsWith("-spectre");
        options.mayMoreStack = mode.startsWith("-d") && !options.dynlink ? mode.substring(mode.lastIndexOf('=') + 1) : "";
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
