// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.LinkGraphFile;

/** Files of all kinds that the views read, as seeds for mutations. */
final class FuzzFiles {
    private static final int SECONDS = 300;
    private static final int CHDR_SIZE = 24;

    private FuzzFiles() {}

    /** @param own executables and objects of Mica; added are the standard compiler's for other systems, and a C compiler's, where these are found */
    static List<byte[]> all(List<byte[]> own) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (byte[] b : own) {
            if (ElfFile.isElf(b)) {
                all.add(b);
            }
        }
        // Behind compression, a mutation never gets beyond the check sum.
        all.add(unpacked(all.get(0)));
        Path dir = Files.createTempDirectory("mica-fuzz-files");
        try {
            Files.writeString(dir.resolve("a.go"), "package main\n\nfunc main() { println(1) }\n");
            Files.writeString(dir.resolve("f.c"), "extern int g(int); int x[9]; const char *s = \"s\"; int f(int a) { return g(x[a]) + *s; }\n");
            Path oracle = Oracle.find();
            for (String os : oracle == null ? new String[0] : new String[] {"linux", "windows", "darwin"}) {
                add(all, dir, Map.of("GOOS", os, "CGO_ENABLED", "0", "GOFLAGS", "-mod=mod"), oracle.resolve("bin/go").toString(), "build", "-ldflags=-w", "-o", "out", "a.go");
            }
            add(all, dir, Map.of(), "gcc", "-c", "-g", "-o", "out", "f.c");
            add(all, dir, Map.of(), "gcc", "-shared", "-fPIC", "-o", "out", "f.c");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Mica.deleteTree(dir);
        }
        return all;
    }

    private static void add(List<byte[]> all, Path dir, Map<String, String> env, String... command) throws IOException, InterruptedException {
        try {
            if (Process.run(List.of(command), dir, env, SECONDS, true).status == 0) {
                all.add(Files.readAllBytes(dir.resolve("out")));
            }
        } catch (IOException e) {
            System.out.println("FuzzFiles: no " + command[0] + ": its files are not tried");
        }
    }

    /** The executable with its link graph unpacked at the end of the file. */
    private static byte[] unpacked(byte[] exe) throws IOException {
        try {
            ElfFile elf = new ElfFile("seed", exe);
            ElfFile.Section s = elf.find(LinkGraphFile.SECTION);
            int size = (int) Bytes.load64(exe, (int) s.offset + 8);
            byte[] out = Arrays.copyOf(exe, exe.length + size);
            Inflater i = new Inflater();
            i.setInput(exe, (int) s.offset + CHDR_SIZE, (int) s.size - CHDR_SIZE);
            i.inflate(out, exe.length, size);
            i.end();
            int header = (int) elf.sectionTableOffset() + s.index * Elf.SHDR_SIZE;
            Bytes.store64(out, header + 8, 0);
            Bytes.store64(out, header + 24, exe.length);
            Bytes.store64(out, header + 32, size);
            return out;
        } catch (FormatException | DataFormatException e) {
            throw new IOException(e);
        }
    }
}
