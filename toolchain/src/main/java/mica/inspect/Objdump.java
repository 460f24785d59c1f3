// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Op;
import mica.arch.amd64.Amd64Printer;
import mica.arch.arm64.Arm64Decoder;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Printer;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.ElfObject;
import mica.obj.FormatException;
import mica.obj.FuncInfo;
import mica.obj.GoObjectReader;

/** Disassembles executables and objects in the layout of {@code go tool objdump}. */
public final class Objdump {
    /** -s: only functions whose name matches; null = all. */
    public Pattern symbols;
    /** -S: source lines between the instructions. */
    public boolean source;
    /** Address range; end is exclusive. */
    public long from;
    public long to = -1;

    /** One instruction as facts. */
    public static final class Line {
        public final long address;
        public final byte[] bytes;
        /** "?" where the bytes begin no known instruction. */
        public final String text;
        /** Null or 0 where unknown. */
        public final String file;
        public final int line;

        Line(long address, byte[] bytes, String text, String file, int line) {
            this.address = address;
            this.bytes = bytes;
            this.text = text;
            this.file = file;
            this.line = line;
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

    private final Executable exe;
    private final Amd64Decoder decoder = new Amd64Decoder();
    private final Amd64Inst inst = new Amd64Inst();
    /** Null for amd64. */
    private final Arm64Decoder arm64;
    private final Arm64Inst word = new Arm64Inst();
    /** Defined symbols by address, for the names of targets. */
    private Executable.Sym[] byAddress;
    private long[] addresses;

    public Objdump(Executable exe) throws FormatException {
        this.exe = exe;
        arm64 = exe.elf.machine == Elf.EM_AARCH64 ? new Arm64Decoder() : null;
        if (exe.elf.machine != Elf.EM_X86_64 && arm64 == null) {
            throw exe.elf.bad(-1, "disassembly of machine " + exe.elf.machine + " is not supported");
        }
        List<Executable.Sym> all = new ArrayList<>();
        for (Executable.Sym s : exe.symbols()) {
            if (s.type != 'U' && s.type != 'u' && s.address != 0) {
                all.add(s);
            }
        }
        if (all.isEmpty()) {
            all = exe.functions();
        }
        all.sort(Comparator.comparingLong((Executable.Sym s) -> s.address).thenComparingLong(s -> -s.size));
        byAddress = all.toArray(new Executable.Sym[0]);
        addresses = new long[byAddress.length];
        for (int i = 0; i < byAddress.length; i++) {
            addresses[i] = byAddress[i].address;
        }
    }

    private String nameAt(long address) {
        int k = Arrays.binarySearch(addresses, address);
        if (k < 0) {
            k = -k - 2;
        }
        while (k > 0 && addresses[k - 1] == addresses[k]) {
            k--;
        }
        if (k < 0) {
            return null;
        }
        Executable.Sym s = byAddress[k];
        long off = address - s.address;
        if (off == 0) {
            return s.name;
        }
        return off < s.size ? s.name + "+" + off : null;
    }

    /** Hands every selected function to {@code to}, in order of address. */
    public void functions(Consumer<Function> sink) throws FormatException {
        if (exe.elf.fileType == Elf.ET_REL) {
            objectFunctions(sink);
            return;
        }
        List<Executable.Sym> list = exe.functions();
        for (int i = 0; i < list.size(); i++) {
            Executable.Sym s = list.get(i);
            if (symbols != null && !symbols.matcher(s.name).find()) {
                continue;
            }
            long end = s.address + s.size;
            if (s.size == 0) {
                end = i + 1 < list.size() ? list.get(i + 1).address : s.address;
            }
            long begin = Math.max(s.address, from);
            end = to < 0 ? end : Math.min(end, to);
            if (begin >= end || exe.elf.fileOffset(begin, end - begin) < 0) {
                continue;
            }
            byte[] code = exe.read(begin, (int) (end - begin));
            Pcln pcln = exe.pcln();
            Pcln.Func f = pcln == null ? null : pcln.find(begin);
            Function out = new Function(s.name, s.address);
            decode(out, code, begin, pcln, f, null);
            sink.accept(out);
        }
    }

    /** Functions of a relocatable file: addresses count from their section's start. */
    private void objectFunctions(Consumer<Function> sink) throws FormatException {
        List<ElfFile.Sym> all = new ArrayList<>(exe.elf.symbols());
        List<ElfFile.Sym> funcs = new ArrayList<>();
        Map<ElfFile.Sym, FuncInfo> infos = new HashMap<>();
        Sources sources = new Sources();
        FuncInfo[] known = GoObjectReader.isGo(exe.elf) ? GoObjectReader.functions(exe.elf, sources) : new FuncInfo[0];
        for (int i = 0; i < known.length && i < all.size(); i++) {
            infos.put(all.get(i), known[i]);
        }
        for (ElfFile.Sym s : all) {
            if (s.type == Elf.STT_FUNC && s.section != Elf.SHN_UNDEF && s.section < exe.elf.sections.size()
                    && (symbols == null || symbols.matcher(s.name).find())) {
                funcs.add(s);
            }
        }
        Map<Integer, Map<Long, String>> bySection = new HashMap<>();
        funcs.sort(Comparator.comparingInt((ElfFile.Sym s) -> s.section).thenComparingLong(s -> s.value));
        for (ElfFile.Sym s : funcs) {
            ElfFile.Section section = exe.elf.sections.get(s.section);
            exe.elf.check(section.offset + s.value, s.size, "function " + s.name);
            byte[] code = Arrays.copyOfRange(exe.elf.bytes, (int) (section.offset + s.value),
                    (int) (section.offset + s.value + s.size));
            Map<Long, String> relocs = bySection.get(s.section);
            if (relocs == null) {
                relocs = relocations(s.section, all);
                bySection.put(s.section, relocs);
            }
            Function out = new Function(ElfObject.plainName(s.name), s.value);
            decode(out, code, s.value, null, null, relocs);
            sink.accept(infos.get(s) == null ? out : positioned(out, infos.get(s), sources));
        }
    }

    /** Names of what a section's relocations refer to, by offset. */
    private Map<Long, String> relocations(int section, List<ElfFile.Sym> all) throws FormatException {
        Map<Long, String> relocs = new HashMap<>();
        for (ElfFile.Section r : exe.elf.sections) {
            if (r.type == Elf.SHT_RELA && r.info == section) {
                for (ElfFile.Rela rela : exe.elf.relocations(r)) {
                    relocs.put(rela.offset, rela.symbol >= 0 && rela.symbol < all.size() ? ElfObject.plainName(all.get(rela.symbol).name) : "?");
                }
            }
        }
        return relocs;
    }

    /** The function with the source positions that its object records. */
    private static Function positioned(Function f, FuncInfo info, Sources sources) {
        Function out = new Function(f.name, f.address);
        for (Line l : f.lines) {
            int pos = info.pcpos.at((int) (l.address - f.address));
            SourceFile file = sources.file(pos);
            out.lines.add(file == null ? l : new Line(l.address, l.bytes, l.text, file.recordedName(pos), file.line(pos)));
        }
        return out;
    }

    private void decode(Function out, byte[] code, long address, Pcln pcln, Pcln.Func f, Map<Long,
            String> relocs) throws FormatException {
        if (arm64 != null) {
            decodeWords(out, code, address, pcln, f, relocs);
            return;
        }
        int at = 0;
        while (at < code.length) {
            boolean known = decoder.decode(code, at, code.length, inst);
            int n = known ? inst.length : 1;
            long pc = address + at;
            String text = "?";
            if (known) {
                String fixed = relocs == null || inst.fixAt < 0 ? null : relocs.get(pc + inst.fixAt);
                text = Amd64Printer.print(inst, at, pc, fixed != null ? a -> fixed : this::nameAt);
                if (inst.op == Amd64Op.RET) {
                    text = "RET";
                }
            }
            String file = f == null ? null : pcln.file(f, pc);
            int line = f == null ? 0 : pcln.line(f, pc);
            out.lines.add(new Line(pc, Arrays.copyOfRange(code, at, at + n), text, file, line));
            at += n;
        }
    }

    private void decodeWords(Function out, byte[] code, long address, Pcln pcln, Pcln.Func f, Map<Long, String> relocs)
            throws FormatException {
        for (int at = 0; at < code.length; at += 4) {
            long pc = address + at;
            int n = Math.min(4, code.length - at);
            String text = "?";
            if (n == 4 && arm64.decode(Bytes.load32(code, at), word)) {
                String fixed = relocs == null ? null : relocs.get(pc);
                text = Arm64Printer.print(word, pc, fixed != null ? a -> fixed : this::nameAt);
            }
            String file = f == null ? null : pcln.file(f, pc);
            int line = f == null ? 0 : pcln.line(f, pc);
            out.lines.add(new Line(pc, Arrays.copyOfRange(code, at, at + n), text, file, line));
        }
    }

    /** Everything as text. */
    public void print(Appendable to) throws FormatException, IOException {
        IOException[] failed = {null};
        Map<String, List<String>> files = new HashMap<>();
        boolean[] first = {true};
        functions(f -> {
            try {
                if (!first[0]) {
                    to.append('\n');
                }
                first[0] = false;
                print(f, to, files);
            } catch (IOException e) {
                failed[0] = e;
            }
        });
        if (failed[0] != null) {
            throw failed[0];
        }
    }

    private void print(Function f, Appendable to, Map<String, List<String>> files) throws IOException {
        String file = f.lines.isEmpty() || f.lines.get(0).file == null ? "" : f.lines.get(0).file;
        to.append("TEXT ").append(f.name).append("(SB) ").append(file).append('\n');
        int[] width = {18, 18, 18, 18};
        List<String[]> rows = new ArrayList<>();
        String lastFile = null;
        int lastLine = -1;
        for (Line l : f.lines) {
            String name = l.file == null ? "" : l.file.substring(l.file.lastIndexOf('/') + 1);
            if (source && (!name.isEmpty() && (!l.file.equals(lastFile) || l.line != lastLine))) {
                rows.add(new String[] {sourceLine(l.file, l.line, files)});
                lastFile = l.file;
                lastLine = l.line;
            }
            String where = source ? "  0x" + Long.toHexString(l.address) : "  " + name + ":" + l.line;
            String hex = java.util.HexFormat.of().formatHex(l.bytes);
            String[] row = source ? new String[] {where, hex, l.text}
                    : new String[] {where, "0x" + Long.toHexString(l.address), hex, l.text};
            for (int i = 0; i < row.length; i++) {
                width[i] = Math.max(width[i], row[i].length() + 1);
            }
            rows.add(row);
        }
        for (String[] row : rows) {
            if (row.length == 1) {
                to.append(row[0]).append('\n');
                continue;
            }
            for (int i = 0; i < row.length; i++) {
                to.append(row[i]);
                if (i == row.length - 1) {
                    break;
                }
                int cell = (width[i] + 7) / 8 * 8;
                for (int w = row[i].length(); w < cell; w = (w / 8 + 1) * 8) {
                    to.append('\t');
                }
            }
            to.append('\n');
        }
    }

    private static String sourceLine(String file, int line, Map<String, List<String>> files) {
        List<String> lines = files.computeIfAbsent(file, k -> {
            try {
                return Files.readAllLines(Path.of(k), java.nio.charset.StandardCharsets.ISO_8859_1);
            } catch (IOException | java.nio.file.InvalidPathException e) {
                return List.of();
            }
        });
        return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    }

    /** Everything as JSON: one object for each function, a line each. */
    public void json(Appendable to) throws FormatException, IOException {
        try {
            functions(f -> {
                JsonWriter w = new JsonWriter(to);
                w.beginObject().field("name", f.name).field("address", f.address).name("instructions").beginArray();
                for (Line l : f.lines) {
                    w.beginObject().field("address", l.address).field("bytes", HexFormat.of().formatHex(l.bytes)).field("text", l.text);
                    if (l.file != null) {
                        w.field("file", l.file).field("line", l.line);
                    }
                    w.endObject();
                }
                w.endArray().endObject().end();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
