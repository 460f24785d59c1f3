// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.LinkGraphFile;

/** Files of all kinds that the views read, as seeds for mutations. */
final class FuzzFiles {
    /** Of larger files only few mutations would be tried. */
    private static final int LARGE = 3 << 20;
    private static final int CHDR_SIZE = 24;

    private FuzzFiles() {}

    /** @param own executables, objects and archives of Mica; added are those of other tools, where these are found */
    static List<byte[]> all(List<byte[]> own) throws IOException, InterruptedException {
        List<byte[]> all = new ArrayList<>(own);
        // Behind compression, a mutation never gets beyond the check sum.
        all.add(unpacked(all.get(0)));
        Path dir = Files.createTempDirectory("mica-fuzz-files");
        try {
            for (Path p : ForeignFiles.make(dir)) {
                if (Files.size(p) < LARGE) {
                    all.add(Files.readAllBytes(p));
                }
            }
        } finally {
            Mica.deleteTree(dir);
        }
        return all;
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
