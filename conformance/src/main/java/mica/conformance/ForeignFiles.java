// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Executables, objects, archives and a core file that other tools make: the standard compiler for several systems, a C compiler, binutils, LLVM. */
final class ForeignFiles {
    private static final int SECONDS = 120;
    /** More than section headers can number in 16 bits (SHN_LORESERVE is 0xff00). */
    private static final int MANY_SECTIONS = 66_000;

    private static final String F = "#include <stdio.h>\nstatic int n = 3;\nextern int other(int);\nint g[100];\nconst char *s = \"hi\";\n"
            + "__attribute__((weak)) int w(int x) { return x + n + other(x); }\nint f(int x) { g[x] = n++; printf(\"%s %d\\n\", s, x); return w(g[0]); }\n";
    private static final String MAIN = "#include <stdlib.h>\nint f(int);\nint other(int x) { return x; }\nint main(int n, char **a) { if (n > 1) abort(); return f(1); }\n";
    private static final String CPP = "#include <vector>\ninline int twice(int x) { return 2 * x; }\nint a(std::vector<int> &v) { v.push_back(twice(1)); return v.size(); }\n";

    /** A file's name, then the command that makes it in a folder with the sources. */
    private static final String[] COMMANDS = {
        "f.o gcc -c -g -O1 -ffunction-sections f.c", "packed.o gcc -c -g -gz -o packed.o f.c", "lto.o gcc -c -flto -o lto.o f.c", "partial.o gcc -r -o partial.o f.o m.c",
        "comdat.o g++ -c -g -o comdat.o t.cc", "many.o gcc -c -o many.o many.s", "lib.so gcc -shared -fPIC -o lib.so f.c m.c", "dynamic gcc -no-pie -o dynamic m.c f.c", "pie gcc -pie -fPIE -g -o pie m.c f.c",
        "static gcc -static -no-pie -o static m.c f.c", "bare gcc -s -o bare m.c f.c", "pie.debug objcopy --only-keep-debug pie pie.debug", "one.a ar rc one.a f.o", "two.a ar rc two.a f.o packed.o", "thin.a ar rcT thin.a f.o",
        "elf32.o llvm-mc -filetype=obj -triple=i386-linux -o elf32.o plain.s", "big.o llvm-mc -filetype=obj -triple=powerpc64-linux -o big.o plain.s",
        "arm64.o llvm-mc -filetype=obj -triple=aarch64-linux -o arm64.o plain.s", "coff.obj llvm-mc -filetype=obj -triple=x86_64-windows -o coff.obj plain.s",
        "macho.o llvm-mc -filetype=obj -triple=x86_64-apple-macos -o macho.o plain.s", "core gdb -q -batch -ex run -ex generate-core-file\\ core --args ./pie x"
    };

    private ForeignFiles() {}

    /** Makes those for which the tools are there; a line says which are not. */
    static List<Path> make(Path dir) throws IOException, InterruptedException {
        Files.writeString(dir.resolve("a.go"), "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"x\") }\n");
        Files.writeString(dir.resolve("f.c"), F);
        Files.writeString(dir.resolve("m.c"), MAIN);
        Files.writeString(dir.resolve("t.cc"), CPP);
        Files.writeString(dir.resolve("plain.s"), ".text\n.globl f\nf:\n nop\n.data\n.long f\n");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < MANY_SECTIONS; i++) {
            many.append(".section .s").append(i).append(",\"a\"\n.byte 1\n");
        }
        Files.writeString(dir.resolve("many.s"), many.append(".text\n.globl f\nf: ret\n"));
        List<Path> all = new ArrayList<>();
        Path oracle = Oracle.find();
        for (String system : oracle == null ? new String[0] : new String[] {"linux/amd64", "linux/arm64", "windows/amd64", "darwin/amd64", "plan9/386"}) {
            String[] s = system.split("/");
            String name = "standard-" + s[0] + "-" + s[1];
            Map<String, String> env = new HashMap<>(Map.of("GOOS", s[0], "GOARCH", s[1], "CGO_ENABLED", "0", "GOFLAGS", "-mod=mod"));
            add(all, dir, name, env, oracle.resolve("bin/go") + " build -o " + name + " a.go");
        }
        for (String c : COMMANDS) {
            int blank = c.indexOf(' ');
            add(all, dir, c.substring(0, blank), Map.of(), c.substring(blank + 1));
        }
        return all;
    }

    /** Blanks behind a backslash separate no words. */
    private static void add(List<Path> all, Path dir, String name, Map<String, String> env, String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String w : command.split("(?<!\\\\) ")) {
            words.add(w.replace("\\ ", " "));
        }
        String problem;
        try {
            Process p = Process.run(words, dir, env, SECONDS, true);
            problem = p.status == 0 ? "" : p.output;
        } catch (IOException e) {
            problem = e.getMessage();
        }
        if (Files.exists(dir.resolve(name))) {
            all.add(dir.resolve(name));
        } else {
            System.out.println("no " + name + ": " + command + ": " + problem.lines().findFirst().orElse(""));
        }
    }
}
