// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.build.Package;
import mica.build.Session;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.FuncInfo;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.syntax.File;

/** Facts about a whole program, for the explorer: what was checked, and what was linked (docs/json.md, view {@code explore}). */
final class ProgramView {
    private final Session.Build build;

    ProgramView(Session.Build build) {
        this.build = build;
    }

    /** The user's files with their trees, and what is wrong with them. */
    String checked() {
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b);
        j.beginObject().field("event", "checked").field("package", build.main.importPath);
        j.name("packages").beginArray();
        build.packages.stream().filter(p -> !p.standard).forEach(p -> j.value(p.importPath));
        j.endArray().name("files").beginArray();
        for (File f : userFiles()) {
            j.beginObject().field("path", f.source.path).field("prefix", prefix(f)).field("text", new String(f.source.text, StandardCharsets.UTF_8)).name("tree");
            TreeView.write(f, j);
            j.endObject();
        }
        j.endArray();
        problems(j);
        phases(j);
        j.endObject();
        return b.toString();
    }

    /** Files of the packages that are not of the standard library, those of the named one first. */
    private List<File> userFiles() {
        List<File> out = new ArrayList<>(build.main.files);
        for (Package p : build.packages) {
            if (!p.standard && p != build.main) {
                out.addAll(p.files);
            }
        }
        return out;
    }

    /** What link names of the file's functions begin with. */
    private String prefix(File f) {
        for (Package p : build.packages) {
            if (p.files.contains(f)) {
                return p.typed != null ? p.typed.linkPath : p.isMain() ? "main" : p.importPath;
            }
        }
        return "main";
    }

    private void problems(JsonWriter j) {
        j.name("problems").beginArray();
        for (Diagnostics.Entry e : build.diagnostics.sorted()) {
            j.beginObject();
            SourceFile f = build.sources.file(e.pos);
            if (f != null) {
                j.field("path", f.path).field("line", f.physicalLine(e.pos)).field("col", f.physicalColumn(e.pos));
            }
            j.field("text", e.text).endObject();
        }
        j.endArray();
    }

    private void phases(JsonWriter j) {
        j.name("phases").beginArray();
        for (Session.Phase p : build.phases) {
            j.beginObject().field("name", p.name()).field("micros", p.nanos() / 1000).endObject();
        }
        j.endArray();
    }

    /** What could not be done at all. */
    static String failed(String text) {
        StringBuilder b = new StringBuilder();
        new JsonWriter(b).beginObject().field("event", "failed").field("text", text).endObject();
        return b.toString();
    }

    /** The executable: its functions, sections and segments. Without an executable: the errors that prevented it. */
    String linked() throws FormatException {
        StringBuilder b = new StringBuilder();
        JsonWriter j = new JsonWriter(b);
        j.beginObject().field("event", "linked");
        problems(j);
        phases(j);
        if (build.image != null) {
            ElfFile elf = new ElfFile("executable", build.image.bytes);
            j.field("size", build.image.bytes.length).field("entry", build.image.entry).field("buildId", build.image.buildId);
            functions(j);
            sections(j, elf);
            segments(j, elf);
        }
        j.endObject();
        return b.toString();
    }

    /** As columns, since there are thousands. By address; folded ones share it. */
    private void functions(JsonWriter j) {
        List<Symbol> list = new ArrayList<>();
        for (Symbol s : build.image.symbols) {
            if (s.kind == SymKind.TEXT && s.size > 0) {
                list.add(s);
            }
        }
        list.sort(Comparator.comparingLong((Symbol s) -> s.address).thenComparing(s -> s.name).thenComparingInt(s -> s.abi));
        j.name("functions").beginObject();
        j.name("names").beginArray();
        list.forEach(s -> j.value(s.name));
        j.endArray().name("packages").beginArray();
        list.forEach(s -> j.value(s.pkg));
        j.endArray().name("addresses").beginArray();
        list.forEach(s -> j.value(s.address));
        j.endArray().name("sizes").beginArray();
        list.forEach(s -> j.value(s.size));
        j.endArray().name("kinds").beginArray();
        list.forEach(s -> j.value(kind(s)));
        j.endArray().name("files").beginArray();
        list.forEach(s -> j.value(build.sources.file(position(s)) == null ? "" : build.sources.file(position(s)).path));
        j.endArray().name("lines").beginArray();
        list.forEach(s -> j.value(build.sources.file(position(s)) == null ? 0 : build.sources.file(position(s)).physicalLine(position(s))));
        j.endArray().endObject();
    }

    private static int position(Symbol s) {
        return s.pos != 0 || s.func == null || s.func.pcpos.count == 0 ? s.pos : s.func.pcpos.value[0];
    }

    /** go: compiled; asm: assembled; folded: another function of equal code stands for it. */
    private static String kind(Symbol s) {
        return s.foldedInto != null ? "folded" : s.func != null && (s.func.flags & FuncInfo.FLAG_ASM) == 0 ? "go" : "asm";
    }

    private static void sections(JsonWriter j, ElfFile elf) {
        j.name("sections").beginArray();
        for (ElfFile.Section s : elf.sections) {
            if (s.type != Elf.SHT_NULL) {
                j.beginObject().field("name", s.name).field("address", s.address).field("offset", s.offset).field("size", s.size)
                        .field("align", s.align).field("inFile", s.type != Elf.SHT_NOBITS)
                        .field("flags", (s.has(Elf.SHF_ALLOC) ? "A" : "") + (s.has(Elf.SHF_WRITE) ? "W" : "") + (s.has(Elf.SHF_EXECINSTR) ? "X" : ""))
                        .endObject();
            }
        }
        j.endArray();
    }

    private static void segments(JsonWriter j, ElfFile elf) {
        j.name("segments").beginArray();
        for (ElfFile.Segment s : elf.segments) {
            // p_flags: 1 execute, 2 write, 4 read.
            j.beginObject().field("type", type(s.type)).field("flags", ((s.flags & 4) != 0 ? "r" : "-") + ((s.flags & 2) != 0 ? "w" : "-") + ((s.flags & 1) != 0 ? "x" : "-"))
                    .field("offset", s.offset).field("address", s.address).field("fileSize", s.fileSize).field("memSize", s.memSize).endObject();
        }
        j.endArray();
    }

    /** Names of p_type as readelf prints them. */
    private static String type(int t) {
        return switch (t) {
            case 1 -> "LOAD";
            case 4 -> "NOTE";
            case 6 -> "PHDR";
            case 7 -> "TLS";
            case 0x6474e550 -> "GNU_EH_FRAME";
            case 0x6474e551 -> "GNU_STACK";
            case 0x6474e552 -> "GNU_RELRO";
            default -> "0x" + Integer.toHexString(t);
        };
    }
}
