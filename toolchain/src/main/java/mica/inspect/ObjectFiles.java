// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** What the tools look into: an executable or object, or every object of an archive. */
public final class ObjectFiles {
    private static final byte[] GO_OBJECT = "go object ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ARCHIVE = "!<arch>\n".getBytes(StandardCharsets.ISO_8859_1);

    /** One object. */
    public static final class Entry {
        /** The member's name in its archive; empty for a file that is none. */
        public final String member;
        public final Executable exe;

        Entry(String member, Executable exe) {
            this.member = member;
            this.exe = exe;
        }
    }

    private ObjectFiles() {}

    /** The objects of a file that was read; empty if it is neither ELF nor an archive. {@code path} is for messages. */
    public static List<Entry> open(String path, byte[] bytes) throws FormatException {
        List<Entry> entries = new ArrayList<>();
        if (ElfFile.isElf(bytes)) {
            entries.add(new Entry("", new Executable(path, bytes)));
        } else if (begins(bytes, ARCHIVE)) {
            for (Archive.Member m : new Archive(path, bytes).members) {
                if (ElfFile.isElf(m.content)) {
                    entries.add(new Entry(m.name, new Executable(path + "(" + m.name + ")", m.content)));
                } else if (begins(m.content, GO_OBJECT) && !m.name.equals("__.PKGDEF")) {
                    throw new FormatException(path + "(" + m.name + ")", -1, "an object of the standard Go compiler; mica reads ELF objects");
                }
            }
        }
        return entries;
    }

    private static boolean begins(byte[] b, byte[] with) {
        return b.length >= with.length && java.util.Arrays.equals(b, 0, with.length, with, 0, with.length);
    }
}
