// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.List;
import mica.base.JsonWriter;
import mica.obj.FormatException;
import mica.obj.MachoFile;
import mica.obj.PeFile;

/** All that a file says about itself, part by part: ELF files and objects of the standard toolchain whole, of PE and Mach-O files the headers, segments and sections. */
public final class FileView {
    /** The parts, in the order in which they are shown. */
    public static final List<String> PARTS = List.of("headers", "segments", "sections", "symbols", "relocs", "notes", "pclntab", "functab", "moduledata", "types",
            "itabs", "buildinfo");

    private final String path;
    private final Executable exe;
    private final PeFile pe;
    private final MachoFile macho;
    private final GoObject go;

    /** @throws FormatException if the file is of none of these formats, or damaged */
    public FileView(String path, byte[] bytes) throws FormatException {
        this.path = path;
        this.pe = PeFile.isPe(bytes) ? new PeFile(path, bytes) : null;
        this.macho = MachoFile.isMacho(bytes) ? new MachoFile(path, bytes) : null;
        ObjectFiles.Entry entry = pe == null && macho == null ? object(path, bytes) : null;
        this.exe = entry == null ? null : entry.exe;
        this.go = entry == null ? null : entry.go;
    }

    /** An object by itself, or the only one of an archive, as the standard compiler writes it. */
    private static ObjectFiles.Entry object(String path, byte[] bytes) throws FormatException {
        List<ObjectFiles.Entry> all = ObjectFiles.open(path, bytes);
        if (all.size() != 1) {
            throw new FormatException(path, -1, all.isEmpty() ? "not an ELF, PE, Mach-O or Go object file" : "an archive of " + all.size() + " objects: mica tool pack x extracts them");
        }
        return all.get(0);
    }

    /** A part; without rows if the file has nothing of the kind. */
    public FactTable part(String name) throws FormatException {
        if (go != null) {
            return go.part(name);
        }
        if (exe == null) {
            return pe != null ? OtherViews.part(pe, name) : OtherViews.part(macho, name);
        }
        ElfView elf = new ElfView(exe.elf);
        GoView go = new GoView(exe);
        switch (name) {
            case "headers":
                return elf.headers();
            case "segments":
                return elf.segments();
            case "sections":
                return elf.sections();
            case "symbols":
                return elf.symbols();
            case "relocs":
                return elf.relocations();
            case "notes":
                return elf.notes();
            case "pclntab":
                return go.pclntab();
            case "functab":
                return go.functab();
            case "moduledata":
                return go.moduledata();
            case "types":
                return go.types(false);
            case "itabs":
                return go.types(true);
            default:
                return go.buildinfo();
        }
    }

    private List<FactTable> tables(List<String> parts) throws FormatException {
        List<FactTable> list = new ArrayList<>();
        for (String p : parts) {
            list.add(part(p));
        }
        return list;
    }

    public String text(List<String> parts) throws FormatException {
        StringBuilder sb = new StringBuilder();
        for (FactTable t : tables(parts)) {
            sb.append(sb.isEmpty() ? "" : "\n").append(t.size() == 0 ? t.name + ": none\n" : t.text());
        }
        return sb.toString();
    }

    /** Headers, segments and sections whole; of the other parts how many entries there are. */
    public String summary() throws FormatException {
        StringBuilder sb = new StringBuilder(text(PARTS.subList(0, 3))).append('\n');
        for (FactTable t : tables(PARTS.subList(3, PARTS.size()))) {
            if (t.name.equals("buildinfo") && t.size() > 0) {
                sb.append('\n').append(t.text());
            } else {
                sb.append(String.format("%-16s %s%n", t.name, t.size() == 0 ? "none" : t.single ? "yes" : String.valueOf(t.size())));
            }
        }
        return sb.toString();
    }

    /** See docs/json.md, view {@code inspect}. */
    public String json(List<String> parts) throws FormatException {
        StringBuilder sb = new StringBuilder();
        JsonWriter w = new JsonWriter(sb);
        w.beginObject().field("version", 1).field("view", "inspect").field("file", path);
        for (FactTable t : tables(parts)) {
            t.json(w);
        }
        w.endObject().end();
        return sb.toString();
    }
}
