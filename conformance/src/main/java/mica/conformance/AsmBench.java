// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.inspect.Executable;
import mica.inspect.Objdump;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Times of assembling the standard library's files for each CPU and of disassembling the go command built for it, by the standard tools and by Mica's:
 * cold (a process for each call, through the launcher {@code mica}) and warm (in this JVM, after rounds that are not counted). Rounds are
 * interleaved; the median of the wall clock's milliseconds is printed, one JSON object a line with {@code -json}.
 *
 * <p>Usage: AsmBench [-runs N] [-json] [-launcher FILE]; without a launcher, nothing is measured cold.
 */
public final class AsmBench {
    /** Rounds before the warm ones are counted. */
    private static final int WARM_UP = 12;

    /** A file to assemble: where, with what. */
    private record Source(Path dir, String file, Path headers, String packagePath) {}

    private final Path oracle;
    private final Path objdump;
    /** The executable to disassemble. */
    private final Path go;
    private final String arch;
    private final Path work;
    private final String launcher;
    private final List<Source> sources = new ArrayList<>();

    private AsmBench(Path oracle, String arch, Path work, String launcher) throws IOException, InterruptedException {
        this.oracle = oracle;
        this.arch = arch;
        this.objdump = OracleTools.find(oracle, "objdump").resolve("objdump");
        this.go = OracleTools.find(arch, oracle, "go").resolve("go");
        this.work = work;
        this.launcher = launcher;
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    public static void main(String[] args) throws Exception {
        int runs = 5;
        boolean json = false;
        String launcher = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-runs" -> runs = Integer.parseInt(args[++i]);
                case "-json" -> json = true;
                case "-launcher" -> launcher = args[++i];
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        Path work = Files.createTempDirectory("mica-asm-bench");
        try {
            Path oracle = Oracle.find();
            for (String arch : List.of("amd64", "arm64")) {
                AsmBench b = new AsmBench(oracle, arch, work, launcher);
                b.prepare();
                b.measure("assemble " + arch, b.sources.size(), b::standardAssembles, b::micaAssembles, b::assembles, runs, json);
                b.measure("disassemble " + arch, 1, b::standardDisassembles, b::micaDisassembles, b::disassembles, runs, json);
            }
        } finally {
            Mica.deleteTree(work);
        }
    }

    private void prepare() throws IOException, InterruptedException {
        StandardPackages std = new StandardPackages(oracle, arch, work, Mica.cacheDir().resolve("oracle-build"));
        for (StandardPackages.Package p : std.withAssembly()) {
            Path headers = std.headers(p);
            for (String f : p.asmFiles()) {
                sources.add(new Source(p.dir(), f, headers, p.path()));
            }
        }
    }

    private void measure(String what, int files, Action standard, Action cold, Action warm, int runs, boolean json) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            warm.run();
        }
        double[][] ms = new double[3][runs];
        for (int i = 0; i < runs; i++) {
            ms[0][i] = time(standard);
            ms[1][i] = launcher == null ? Double.NaN : time(cold);
            ms[2][i] = time(warm);
        }
        String[] names = {"standard", "mica cold", "mica warm"};
        double reference = median(ms[0]);
        for (int k = 0; k < 3; k++) {
            double m = median(ms[k]);
            if (Double.isNaN(m)) {
                continue;
            }
            if (json) {
                StringBuilder b = new StringBuilder();
                new JsonWriter(b).beginObject().field("what", what).field("tool", names[k]).field("files", files)
                        .name("ms").value(m).name("ratio").value(m / reference).endObject().end();
                System.out.print(b);
            } else {
                System.out.printf("%-17s %-10s %9.1f ms  %6.2f%n", what, names[k], m, m / reference);
            }
        }
    }

    private static double time(Action a) throws IOException, InterruptedException {
        long start = System.nanoTime();
        a.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] all) {
        double[] s = all.clone();
        Arrays.sort(s);
        return s[s.length / 2];
    }

    // ---- assembling ----

    private List<String> flags(Source s, Path out) {
        return List.of("-p", s.packagePath, "-std", "-I", s.headers.toString(), "-I", oracle.resolve("pkg/include").toString(), "-D", "GOOS_linux", "-D",
                "GOARCH_" + arch, "-D", "GOAMD64_v1", "-o", out.toString(), s.file);
    }

    private void standardAssembles() throws IOException, InterruptedException {
        for (Source s : sources) {
            List<String> c = new ArrayList<>(List.of(oracle.resolve("pkg/tool/linux_amd64/asm").toString()));
            c.addAll(flags(s, work.resolve("standard.o")));
            process(c, s.dir);
        }
    }

    private void micaAssembles() throws IOException, InterruptedException {
        for (Source s : sources) {
            List<String> c = new ArrayList<>(List.of(launcher, "tool", "asm"));
            c.addAll(flags(s, work.resolve("mica.o")));
            process(c, s.dir);
        }
    }

    private void assembles() throws IOException {
        for (Source s : sources) {
            Sources all = new Sources();
            AsmOptions o = new AsmOptions(all);
            o.arch = arch;
            o.packagePath = s.packagePath;
            o.allowAbi = true;
            for (String d : new String[] {"GOOS_linux", "GOARCH_" + arch, "GOAMD64_v1"}) {
                o.defines.put(d, "1");
            }
            o.includeDirs.add(s.headers);
            o.includeDirs.add(oracle.resolve("pkg/include"));
            Diagnostics d = new Diagnostics(all);
            SourceFile file = all.add(s.dir.resolve(s.file).toString(), Files.readAllBytes(s.dir.resolve(s.file)));
            List<Symbol> symbols = Assembler.assemble(file, o, new SymbolTable(), d);
            if (!d.isEmpty()) {
                throw new IOException(all.format(d.sorted().get(0).pos) + ": " + d.sorted().get(0).text);
            }
            Files.write(work.resolve("warm.o"), Assembler.object(symbols, s.file, o));
        }
    }

    // ---- disassembling ----

    private void standardDisassembles() throws IOException, InterruptedException {
        process(List.of(objdump.toString(), go.toString()), work);
    }

    private void micaDisassembles() throws IOException, InterruptedException {
        process(List.of(launcher, "tool", "objdump", go.toString()), work);
    }

    private void disassembles() throws IOException {
        try (PrintStream out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Objdump(Executable.open(go)).print(out);
        } catch (mica.obj.FormatException e) {
            throw new IOException(e.getMessage());
        }
    }

    private void process(List<String> command, Path dir) throws IOException, InterruptedException {
        ProcessBuilder b = new ProcessBuilder(command).directory(dir.toFile());
        b.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        b.environment().putAll(Map.of("GOOS", "linux", "GOARCH", arch));
        if (b.start().waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }
}
