// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The oracle's standard library for one CPU of linux, with what its assembly files are built with. */
final class StandardPackages {
    /** A package with assembly files; {@code goFiles} are those that a build compiles. */
    record Package(String path, Path dir, List<String> goFiles, List<String> asmFiles) {}

    private final Path oracle;
    final String arch;
    private final Path work;
    private final Map<String, String> environment;
    private final List<Package> packages = new ArrayList<>();
    private Path importcfg;

    /** Everything is written below {@code work}; the oracle's build cache is kept in {@code cache}. */
    StandardPackages(Path oracle, String arch, Path work, Path cache) {
        this.oracle = oracle;
        this.arch = arch;
        this.work = work;
        this.environment = Map.of("GOARCH", arch, "GOOS", "linux", "CGO_ENABLED", "0", "GOCACHE", cache.toString(), "GOFLAGS",
                "", "GO111MODULE", "auto", "GOROOT", oracle.toString(), "GOTOOLCHAIN", "local", "GOEXPERIMENT", "");
    }

    Path tool(String name) {
        return oracle.resolve("pkg/tool/linux_amd64").resolve(name);
    }

    Path includes() {
        return oracle.resolve("pkg/include");
    }

    /** Packages of std with assembly files for the CPU. */
    List<Package> withAssembly() throws IOException, InterruptedException {
        String format = "{{if .SFiles}}{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles \",\"}}\t{{join .SFiles \",\"}}{{end}}";
        for (String line : run(List.of(oracle.resolve("bin/go").toString(), "list", "-f", format, "std"), work).split("\n")) {
            String[] f = line.split("\t");
            if (f.length == 4) {
                packages.add(new Package(f[0], Path.of(f[1]), List.of(f[2].split(",")), List.of(f[3].split(","))));
            }
        }
        return packages;
    }

    /** A folder with the package's go_asm.h, as the oracle's compiler writes it. */
    Path headers(Package p) throws IOException, InterruptedException {
        Path dir = Files.createDirectories(work.resolve(arch + "-" + p.path.replace('/', '+')));
        boolean wanted = false;
        for (String f : p.asmFiles) {
            wanted |= Files.readString(p.dir.resolve(f)).contains("go_asm.h");
        }
        if (wanted) {
            Path abis = dir.resolve("symabis");
            Files.writeString(dir.resolve("go_asm.h"), "");
            List<String> g = assembler(p, dir, abis);
            g.add("-gensymabis");
            g.addAll(p.asmFiles);
            run(g, p.dir);
            List<String> c = new ArrayList<>(List.of(tool("compile").toString(), "-p", p.path, "-std", "-lang=go1.27", "-importcfg",
                    importcfg().toString(), "-symabis", abis.toString(), "-asmhdr", dir.resolve("go_asm.h").toString(), "-o",
                    dir.resolve("x.a").toString()));
            c.addAll(p.goFiles);
            run(c, p.dir);
        }
        return dir;
    }

    /** Where the compiler finds what the packages with assembly import: the oracle's build cache. */
    private Path importcfg() throws IOException, InterruptedException {
        if (importcfg == null) {
            List<String> c = new ArrayList<>(List.of(oracle.resolve("bin/go").toString(), "list", "-export", "-deps", "-f",
                    "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"));
            for (Package p : packages) {
                c.add(p.path);
            }
            StringBuilder config = new StringBuilder();
            for (String line : run(c, work).split("\n")) {
                config.append(line).append('\n');
                if (line.startsWith("packagefile vendor/")) {
                    String path = line.substring("packagefile ".length(), line.indexOf('='));
                    config.append("importmap ").append(path.substring("vendor/".length())).append('=').append(path).append('\n');
                }
            }
            importcfg = Files.writeString(work.resolve("importcfg." + arch), config);
        }
        return importcfg;
    }

    /** Defines of cmd/go for assembly files. */
    List<String> defines() {
        return arch.equals("amd64") ? List.of("GOOS_linux", "GOARCH_amd64", "GOAMD64_v1") : List.of("GOOS_linux", "GOARCH_" + arch);
    }

    /** The object that the oracle's assembler makes of a file. Throws with its messages if it makes none. */
    byte[] assemble(Package p, Path headers, String file, List<String> flags) throws IOException, InterruptedException {
        Path out = work.resolve(arch + ".o");
        List<String> c = assembler(p, headers, out);
        c.addAll(flags);
        c.add(file);
        run(c, p.dir);
        return Files.readAllBytes(out);
    }

    /** What the oracle's assembler prints with -S. */
    String listing(Package p, Path headers, String file) throws IOException, InterruptedException {
        List<String> c = assembler(p, headers, work.resolve(arch + ".o"));
        c.add("-S");
        c.add(p.dir.resolve(file).toString());
        return run(c, p.dir);
    }

    private List<String> assembler(Package p, Path headers, Path out) {
        List<String> c = new ArrayList<>(List.of(tool("asm").toString(), "-p", p.path, "-std", "-I", headers.toString(), "-I",
                includes().toString(), "-o", out.toString()));
        for (String d : defines()) {
            c.add("-D");
            c.add(d);
        }
        return c;
    }

    /** Archives of compiled packages of the library, from the oracle's build cache, by import path. */
    Map<String, Path> archives(List<String> paths) throws IOException, InterruptedException {
        List<String> c = new ArrayList<>(List.of(oracle.resolve("bin/go").toString(), "list", "-export", "-f", "{{.ImportPath}}\t{{.Export}}"));
        c.addAll(paths);
        Map<String, Path> all = new TreeMap<>();
        for (String line : run(c, work).split("\n")) {
            String[] f = line.split("\t");
            all.put(f[0], Path.of(f[1]));
        }
        return all;
    }

    /** Names of the runtime's functions that objects of the standard toolchain refer to by number. */
    List<String> builtins() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(oracle.resolve("src/cmd/internal/goobj/builtinlist.go"))) {
            if (line.startsWith("\t{\"")) {
                names.add(line.substring(3, line.indexOf('"', 3)));
            }
        }
        return names;
    }

    private String run(List<String> command, Path dir) throws IOException, InterruptedException {
        File err = work.resolve("stderr").toFile();
        ProcessBuilder b = new ProcessBuilder(command).directory(dir.toFile()).redirectError(err);
        b.environment().putAll(environment);
        java.lang.Process p = b.start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (p.waitFor() != 0) {
            throw new IOException(String.join(" ", command.subList(0, Math.min(3, command.size()))) + ": "
                    + (out + Files.readString(err.toPath())).trim());
        }
        return out;
    }
}
