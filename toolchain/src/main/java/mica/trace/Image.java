// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.inspect.Executable;
import mica.inspect.Pcln;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** The executable of a process: its sections and symbols, at the addresses where the process has them. */
final class Image {
    private static final long AT_ENTRY = 9;

    final String name;
    final Executable exe;
    final ElfFile elf;
    final boolean stripped;
    /** Added to the file's addresses. */
    long bias;
    private final Map<String, Executable.Sym> byName = new HashMap<>();
    private final Map<Long, String> inits = new HashMap<>();

    /** Reads the file; refuses what is not an executable of this machine. */
    Image(Path file, String name) throws TraceException {
        this.name = name;
        try {
            exe = new Executable(name, Files.readAllBytes(file));
            elf = exe.elf;
            if (elf.machine != 62) {
                throw new TraceException(name + ": machine " + elf.machine + " of the executable is not amd64");
            }
            if (elf.fileType != 2 && elf.fileType != 3) {
                throw new TraceException(name + ": not an executable (ELF file of type " + elf.fileType + ")");
            }
            stripped = exe.symbols().isEmpty();
            for (Executable.Sym s : stripped ? exe.functions() : exe.symbols()) {
                byName.putIfAbsent(s.name, s);
                if (s.name.endsWith("..inittask")) {
                    inits.put(s.address, unescape(s.name.substring(0, s.name.length() - "..inittask".length())));
                }
            }
        } catch (FormatException e) {
            throw new TraceException(e.getMessage());
        } catch (java.nio.file.AccessDeniedException e) {
            throw new TraceException("open " + name + ": permission denied");
        } catch (IOException e) {
            throw new TraceException("open " + name + ": no such file or directory");
        }
    }

    /** Says where the process has the file, by its auxiliary vector (/proc/PID/auxv: pairs of words). */
    void place(Proc proc) throws IOException {
        byte[] b = Files.readAllBytes(Path.of("/proc/" + proc.pid + "/auxv"));
        java.nio.ByteBuffer w = java.nio.ByteBuffer.wrap(b).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (w.remaining() >= 16) {
            long tag = w.getLong();
            long value = w.getLong();
            if (tag == AT_ENTRY) {
                bias = value - elf.entry;
            }
        }
    }

    /** Import paths of the last element escape dots as %2e in symbols. */
    static String unescape(String path) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < path.length()) {
                try {
                    s.append((char) Integer.parseInt(path.substring(i + 1, i + 3), 16));
                    i += 2;
                    continue;
                } catch (NumberFormatException e) {
                    // a percent sign then
                }
            }
            s.append(c);
        }
        return s.toString();
    }

    /** The address of a symbol in the process; 0 = there is none of the name. */
    long address(String symbol) {
        Executable.Sym s = byName.get(symbol);
        return s == null || s.type == 'U' ? 0 : s.address + bias;
    }

    /** Bytes of a symbol; 0 = unknown. */
    long size(String symbol) {
        Executable.Sym s = byName.get(symbol);
        return s == null ? 0 : s.size;
    }

    /** Import path of the package whose record of initialization is at an address; null = no symbol says so. */
    String packageOfTask(long address) {
        return inits.get(address - bias);
    }

    /** The name of the function that an address is in; "" = unknown. */
    String function(long address) {
        try {
            Pcln table = exe.pcln();
            if (table != null) {
                Pcln.Func f = table.find(address - bias);
                return f == null ? "" : f.name;
            }
        } catch (FormatException e) {
            // a damaged table names nothing
        }
        return "";
    }

    /** The functions of the table, with the file's own addresses; empty = the file has no table. */
    List<Executable.Sym> functions() {
        try {
            return exe.functions();
        } catch (FormatException e) {
            return List.of();
        }
    }

    boolean isGo() {
        try {
            return exe.pcln() != null;
        } catch (FormatException e) {
            return false;
        }
    }

    /** Sections that are in memory, by address. */
    List<ElfFile.Section> sections() {
        List<ElfFile.Section> list = new ArrayList<>();
        for (ElfFile.Section s : elf.sections) {
            if (s.has(Elf.SHF_ALLOC) && s.size > 0 && (s.flags & 0x400) == 0) { // TLS templates overlap what follows
                list.add(s);
            }
        }
        list.sort(Comparator.comparingLong((ElfFile.Section s) -> s.address).thenComparingInt(s -> s.index));
        return list;
    }

    /** The first page behind the image. */
    long end() {
        long end = 0;
        for (ElfFile.Segment s : elf.segments) {
            if (s.type == Elf.PT_LOAD) {
                end = Math.max(end, s.address + s.memSize + bias);
            }
        }
        return end + Proc.PAGE - 1 & -Proc.PAGE;
    }

    /** Addresses of the CALLs and JMPs (with four bytes of displacement) in the runtime that lead to a function. */
    List<Long> calls(long function) {
        List<Long> list = new ArrayList<>();
        for (Executable.Sym f : functions()) {
            long at = f.name.startsWith("runtime.") || f.name.startsWith("_rt0") ? elf.fileOffset(f.address, f.size) : -1;
            for (int i = 0; at >= 0 && i + 5 <= f.size; i++) {
                int op = elf.bytes[(int) at + i] & 0xff;
                if ((op == 0xe8 || op == 0xe9) && f.address + bias + i + 5 + Bytes.load32(elf.bytes, (int) at + i + 1) == function) {
                    list.add(f.address + bias + i);
                }
            }
        }
        return list;
    }

    /** Index of the LOAD header that a mapping belongs to; -1 = none. */
    int segment(Mapping m) {
        for (int i = 0; i < elf.segments.size(); i++) {
            ElfFile.Segment s = elf.segments.get(i);
            long from = s.address + bias & -Proc.PAGE;
            long to = s.address + bias + s.memSize + Proc.PAGE - 1 & -Proc.PAGE;
            if (s.type == Elf.PT_LOAD && s.memSize > 0 && m.start < to && m.end > from) {
                return i;
            }
        }
        return -1;
    }
}
