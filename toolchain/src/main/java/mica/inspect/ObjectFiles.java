// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.List;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.GoobjFile;

/** What the tools look into: an executable or object (ELF, or of the standard toolchain), or every object of an archive. */
public final class ObjectFiles {
    /** One object. */
    public static final class Entry {
        /** The member's name in its archive; empty for a file that is none. */
        public final String member;
        /** An ELF file; null if it is an object of the standard toolchain. */
        public final Executable exe;
        /** An object of the standard toolchain; null if it is an ELF file. */
        public final GoObject go;

        private Entry(String member, Executable exe, GoObject go) {
            this.member = member;
            this.exe = exe;
            this.go = go;
        }
    }

    private ObjectFiles() {}

    /** The objects of a file that was read; empty if it is neither an object nor an archive of some. {@code path} is for messages. */
    public static List<Entry> open(String path, byte[] bytes) throws FormatException {
        List<Entry> entries = new ArrayList<>();
        if (Archive.isArchive(bytes)) {
            for (Archive.Member m : new Archive(path, bytes).members) {
                // What importers read begins as an object does.
                if (!m.name.equals("__.PKGDEF")) {
                    add(entries, m.name, path + "(" + m.name + ")", m.content);
                }
            }
        } else {
            add(entries, "", path, bytes);
        }
        return entries;
    }

    private static void add(List<Entry> to, String member, String path, byte[] bytes) throws FormatException {
        if (ElfFile.isElf(bytes)) {
            to.add(new Entry(member, new Executable(path, bytes), null));
        } else if (GoobjFile.isGoobj(bytes)) {
            to.add(new Entry(member, null, new GoObject(path, bytes)));
        }
    }
}
