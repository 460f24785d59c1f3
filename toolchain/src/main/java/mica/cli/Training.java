// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The run that the launcher makes its start-up cache of (JEP 514): the commands that are called often enough for their start to be waited for, so that the classes
 * they need are in the cache. Arguments: a folder for what they write, Mica's own folder. What they print goes nowhere, their errors to standard error.
 *
 * <p>What {@link java.util.Comparator}'s methods return is in no such cache: in what these commands run, comparisons are written out.
 */
final class Training {
    private static final String ARM64 = """
            #include "textflag.h"
            DATA d<>+0(SB)/8, $1
            GLOBL d<>(SB), RODATA, $8
            TEXT f(SB), 0, $16-8
            	MOVD $d<>(SB), R0
            	LDP 16(R0), (R1, R2)
            	ADD $1, R1
            	CMP R1, R2
            	BNE done
            	CALL next(SB)
            done:
            	RET
            """;

    private final Path work;
    private int status;

    private Training(Path work) {
        this.work = work;
    }

    public static void main(String[] args) throws IOException {
        System.exit(run(Path.of(args[0]), Path.of(args[1])));
    }

    /** 0 if no command failed. */
    static int run(Path work, Path home) throws IOException {
        Training t = new Training(work);
        String hello = home.resolve("examples/hello/hello.go").toString();
        t.command("amd64", "build", "-a", "-o", "hello", hello);
        // Once more with what the cache now has.
        t.command("amd64", "build", "-ldflags=-s", "-o", "stripped", hello);
        t.command("amd64", "tool", "asm", "-p", "runtime", "-std", "-o", "amd64.o", home.resolve("runtime/asm_amd64.s").toString());
        Files.writeString(work.resolve("arm64.s"), ARM64);
        t.command("arm64", "tool", "asm", "-p", "p", "-o", "arm64.o", "arm64.s");
        String compiled = home.resolve("toolchain/testdata/goobj/p-amd64.a").toString();
        for (String file : List.of("hello", "amd64.o", "arm64.o", compiled)) {
            t.command("amd64", "tool", "nm", "-size", file);
            t.command("amd64", "tool", "objdump", "-s", "^(main\\.|f$|runtime\\.r|p\\.)", file);
        }
        return t.status;
    }

    private void command(String arch, String... args) {
        Map<String, String> env = new HashMap<>(System.getenv());
        env.put("GOARCH", arch);
        status |= Main.run(args, work, env, new PrintStream(OutputStream.nullOutputStream()), System.err);
    }
}
