// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mica.base.Fault;
import mica.base.JsonWriter;
import mica.base.Sources;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.ElfObject;
import mica.obj.FormatException;
import mica.obj.FuncInfo;
import mica.obj.GoObjectReader;
import mica.obj.GoobjFile;

/**
 * Disassembles executables and objects in the layout of {@code go tool objdump}. Functions are independent of each other: they are
 * handed out to workers in batches, whose texts are written in order of address.
 */
public final class Objdump {
    /** -s: only functions whose name matches; null = all. */
    public Pattern symbols;
    /** -S: source lines between the instructions. */
    public boolean source;
    /** What {@code $GOROOT} means in names of source files. */
    public String goroot = "";
    /** -gnu: each instruction in GNU's syntax beside (amd64: AT&amp;T's). */
    public boolean gnu;
    /** Only functions with bytes in [from, to); a function is shown from its start. */
    public long from;
    public long to = Long.MAX_VALUE;
    /** Threads that disassemble. */
    public int workers = Math.min(8, Runtime.getRuntime().availableProcessors());

    /** One instruction as facts. */
    public static final class Line {
        public final long address;
        public final byte[] bytes;
        /** "?" where the bytes begin no known instruction. */
        public final String text;
        /** In GNU's syntax if that was asked for, else null. */
        public final String gnu;
        /** Null or 0 where unknown. */
        public final String file;
        public final int line;
        /** In objects of the standard toolchain: what the linker will patch here. */
        public final List<GoobjFile.Reloc> relocs;
        /** From the function's start. */
        private final int offset;

        Line(long address, byte[] bytes, String text, String gnu, String file, int line, List<GoobjFile.Reloc> relocs, int offset) {
            this.address = address;
            this.bytes = bytes;
            this.text = text;
            this.gnu = gnu;
            this.file = file;
            this.line = line;
            this.relocs = relocs;
            this.offset = offset;
        }
    }

    /** One function as facts. */
    public static final class Function {
        public final String name;
        public final long address;
        public final List<Line> lines = new ArrayList<>();

        Function(String name, long address) {
            this.name = name;
            this.address = address;
        }
    }

    /** A function to disassemble: its bytes in {@link #bytes}, its address, and what patches it (ELF objects; else null). */
    static final class Part {
        final String name;
        final long address;
        final int offset;
        final int size;
        final Relocations relocations;
        /** Source positions that an object of ours records; null elsewhere. */
        FuncInfo info;
        /** Null but in an object of the standard toolchain. */
        GoobjFile.Sym symbol;

        Part(String name, long address, int offset, int size, Relocations relocations) {
            this.name = name;
            this.address = address;
            this.offset = offset;
            this.size = size;
            this.relocations = relocations;
        }
    }

    /** Bytes of code that a batch has at least. */
    private static final int BATCH = 1 << 16;

    /** Exactly one of them is null. */
    private final Executable exe;
    final GoObject go;
    /** What the functions' offsets refer to. */
    final byte[] bytes;
    final boolean arm64;
    final AddressNames names;
    /** Null where the file has none. */
    final Pcln pcln;
    /** Files that the positions of {@link Part#info} refer to. */
    final Sources positions = new Sources();
    /** Lines of source files by path, for -S. */
    final Map<String, String[]> sources = new ConcurrentHashMap<>();

    public Objdump(Executable exe) throws FormatException {
        this.exe = exe;
        this.go = null;
        if (exe.elf.machine != Elf.EM_X86_64 && exe.elf.machine != Elf.EM_AARCH64) {
            throw exe.elf.bad(-1, "disassembly of machine " + exe.elf.machine + " is not supported");
        }
        bytes = exe.elf.bytes;
        arm64 = exe.elf.machine == Elf.EM_AARCH64;
        names = AddressNames.of(exe);
        pcln = exe.elf.fileType == Elf.ET_REL ? null : exe.pcln();
        if (pcln == null && exe.symbols().isEmpty()) {
            throw exe.elf.bad(-1, "no symbols and no function table");
        }
    }

    public Objdump(GoObject go) throws FormatException {
        this.exe = null;
        this.go = go;
        if (!go.file.arch.equals("amd64") && !go.file.arch.equals("arm64")) {
            throw new FormatException(go.file.path, -1, "disassembly of " + go.file.arch + " is not supported");
        }
        bytes = go.file.bytes;
        arm64 = go.file.arch.equals("arm64");
        // What is not relocated yet seems to lead to the next instruction: not worth a name.
        names = new AddressNames(go.symbols(), true);
        pcln = null;
    }

    /** The selected functions, in order of address. */
    private List<Part> parts() throws FormatException {
        if (go != null) {
            return goParts();
        }
        if (exe.elf.fileType == Elf.ET_REL) {
            return objectParts();
        }
        List<Part> parts = new ArrayList<>();
        List<Executable.Sym> list = exe.functions();
        for (int i = 0; i < list.size(); i++) {
            Executable.Sym s = list.get(i);
            long end = s.address + s.size;
            if (s.size == 0 && i + 1 < list.size()) {
                end = list.get(i + 1).address;
            }
            if (end <= from || to <= s.address || symbols != null && !symbols.matcher(s.name).find()) {
                continue;
            }
            end = Math.min(end, to);
            long at = exe.elf.fileOffset(s.address, end - s.address);
            if (end > s.address && at >= 0) {
                parts.add(new Part(s.name, s.address, (int) at, (int) (end - s.address), null));
            }
        }
        return parts;
    }

    private List<Part> goParts() throws FormatException {
        List<Part> parts = new ArrayList<>();
        for (GoobjFile.Sym s : go.functions()) {
            long end = Math.min(s.offset + s.size, to);
            if (s.offset + s.size > from && to > s.offset && (symbols == null || symbols.matcher(s.shown()).find())) {
                Part p = new Part(s.shown(), s.offset, s.offset, (int) (end - s.offset), null);
                p.symbol = s;
                parts.add(p);
            }
        }
        return parts;
    }

    /** Functions of a relocatable file: addresses count from their section's start. */
    private List<Part> objectParts() throws FormatException {
        List<ElfFile.Sym> all = exe.elf.symbols();
        List<ElfFile.Sym> funcs = new ArrayList<>();
        FuncInfo[] known = GoObjectReader.isGo(exe.elf) ? GoObjectReader.functions(exe.elf, positions) : new FuncInfo[0];
        Map<ElfFile.Sym, FuncInfo> infos = new IdentityHashMap<>();
        for (int i = 0; i < known.length && i < all.size(); i++) {
            infos.put(all.get(i), known[i]);
        }
        for (ElfFile.Sym s : all) {
            if (s.type == Elf.STT_FUNC && s.section != Elf.SHN_UNDEF && s.section < exe.elf.sections.size()
                    && s.value < to && s.value + s.size > from && (symbols == null || symbols.matcher(ElfObject.plainName(s.name)).find())) {
                funcs.add(s);
            }
        }
        funcs.sort((a, b) -> a.section != b.section ? Integer.compare(a.section, b.section) : Long.compare(a.value, b.value));
        Map<Integer, Relocations> bySection = Relocations.bySection(exe.elf, all);
        List<Part> parts = new ArrayList<>();
        for (ElfFile.Sym s : funcs) {
            ElfFile.Section section = exe.elf.sections.get(s.section);
            exe.elf.check(section.offset + s.value, s.size, "function " + s.name);
            Part p = new Part(ElfObject.plainName(s.name), s.value, (int) (section.offset + s.value), (int) s.size,
                    bySection.getOrDefault(s.section, Relocations.NONE));
            p.info = infos.get(s);
            parts.add(p);
        }
        return parts;
    }

    /** Hands every selected function to {@code sink}, in order of address. */
    public void functions(Consumer<Function> sink) throws FormatException {
        FunctionDecoder decoder = new FunctionDecoder(this);
        for (Part p : parts()) {
            sink.accept(decoder.facts(p));
        }
    }

    /** Everything as text in UTF-8. */
    public void print(OutputStream to) throws FormatException, IOException {
        List<Part> parts = parts();
        List<List<Part>> batches = batches(parts);
        if (workers <= 1 || batches.size() <= 1) {
            ObjdumpText text = new ObjdumpText(this);
            for (int i = 0; i < batches.size(); i++) {
                to.write(text.of(batches.get(i), i == 0));
            }
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            printParallel(batches, pool, to);
        } finally {
            pool.shutdownNow();
        }
    }

    private void printParallel(List<List<Part>> batches, ExecutorService pool, OutputStream to) throws FormatException, IOException {
        ThreadLocal<ObjdumpText> text = ThreadLocal.withInitial(() -> new ObjdumpText(this));
        ArrayDeque<Future<byte[]>> ahead = new ArrayDeque<>();
        int next = 0;
        for (int written = 0; written < batches.size(); written++) {
            while (next < batches.size() && ahead.size() < 4 * workers) {
                List<Part> batch = batches.get(next);
                boolean first = next == 0;
                ahead.add(pool.submit(() -> text.get().of(batch, first)));
                next++;
            }
            try {
                to.write(ahead.remove().get());
            } catch (InterruptedException e) {
                throw new Fault("inspect", "interrupted");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof FormatException f) {
                    throw f;
                }
                throw new Fault("inspect", String.valueOf(e.getCause()), e.getCause());
            }
        }
    }

    private static List<List<Part>> batches(List<Part> parts) {
        List<List<Part>> batches = new ArrayList<>();
        int begin = 0;
        int bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            bytes += parts.get(i).size;
            if (bytes >= BATCH || i == parts.size() - 1) {
                batches.add(parts.subList(begin, i + 1));
                begin = i + 1;
                bytes = 0;
            }
        }
        return batches;
    }

    /** Everything as JSON: one object for each function, a line each. */
    public void json(OutputStream to) throws FormatException, IOException {
        StringBuilder b = new StringBuilder();
        try {
            functions(f -> {
                b.setLength(0);
                json(f, b);
                try {
                    to.write(b.toString().getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void json(Function f, StringBuilder b) {
        JsonWriter w = new JsonWriter(b);
        w.beginObject().field("version", 1).field("name", f.name).field("address", f.address).name("instructions").beginArray();
        for (Line l : f.lines) {
            w.beginObject().field("address", l.address).field("bytes", HexFormat.of().formatHex(l.bytes)).field("text", l.text);
            if (l.gnu != null) {
                w.field("gnu", l.gnu);
            }
            if (l.file != null) {
                w.field("file", l.file).field("line", l.line);
            }
            if (!l.relocs.isEmpty()) {
                w.name("relocs").beginArray();
                for (GoobjFile.Reloc r : l.relocs) {
                    GoObject.json(w, r, l.offset);
                }
                w.endArray();
            }
            w.endObject();
        }
        w.endArray().endObject().end();
    }
}
