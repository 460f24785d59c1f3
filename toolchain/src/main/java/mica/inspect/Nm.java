// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.List;
import mica.base.JsonWriter;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** Lists symbols as {@code go tool nm} does. */
public final class Nm {
    /** address, name, none or size. */
    public String sort = "name";
    /** -size: print sizes. */
    public boolean size;

    /** Symbols in the chosen order. */
    public List<Executable.Sym> symbols(ObjectFiles.Entry entry) throws FormatException {
        List<Executable.Sym> all = entry.go != null ? entry.go.symbols() : new ArrayList<>(entry.exe.symbols());
        if (entry.go == null && entry.exe.elf.fileType != Elf.ET_REL) {
            // Source files are listed, as the standard tool does, with a letter that no other symbol has.
            for (ElfFile.Sym s : entry.exe.elf.symbols()) {
                if (s.type == Elf.STT_FILE && !s.name.isEmpty()) {
                    all.add(new Executable.Sym(s.name, s.value, s.size, '_'));
                }
            }
        }
        all.sort((a, b) -> Long.compare(a.address, b.address));
        switch (sort) {
            case "name" -> all.sort((a, b) -> a.name.compareTo(b.name));
            case "size" -> all.sort((a, b) -> Long.compare(b.size, a.size));
            default -> {}
        }
        return all;
    }

    /** Lines, each with {@code prefix} in front. */
    public void list(StringBuilder sb, String prefix, ObjectFiles.Entry entry) throws FormatException {
        for (Executable.Sym s : symbols(entry)) {
            sb.append(prefix);
            pad(sb, s.type == 'U' ? "" : Long.toHexString(s.address), 8);
            if (size) {
                sb.append(' ');
                pad(sb, Long.toString(s.size), 10);
            }
            sb.append(' ').append(s.type).append(' ').append(s.name).append('\n');
        }
    }

    /** One object on one line. */
    public void json(Appendable out, String file, ObjectFiles.Entry entry) throws FormatException {
        JsonWriter w = new JsonWriter(out);
        w.beginObject().field("version", 1).field("file", file).name("symbols").beginArray();
        for (Executable.Sym s : symbols(entry)) {
            w.beginObject().field("name", s.name).field("type", String.valueOf(s.type));
            if (s.type != 'U') {
                w.field("address", s.address).field("size", s.size);
            }
            w.endObject();
        }
        w.endArray().endObject().end();
    }

    private static void pad(StringBuilder sb, String s, int width) {
        for (int i = s.length(); i < width; i++) {
            sb.append(' ');
        }
        sb.append(s);
    }
}
