// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import mica.inspect.Executable;
import mica.obj.ElfFile;
import mica.trace.ProcessMap.Owner;

/** Finds out who owns each resident page of a process that stands still. */
final class ResidentMemory {
    /** Bytes of a mapping whose pages are looked at together. */
    private static final long CHUNK = 1 << 28;

    private final Proc proc;
    private final Image image;
    /** null = not Mica's runtime: its heap and stacks are anonymous memory. */
    private final RuntimeLayout layout;
    private final ProcessMap result = new ProcessMap();
    private final OwnerMap owners = new OwnerMap();
    /** Beginnings of mappings that the tracer has added. */
    LongPredicate tracers = a -> false;

    /** @param image what the process runs, placed where the process has it */
    ResidentMemory(Proc proc, Image image, RuntimeLayout layout) {
        this.proc = proc;
        this.image = image;
        this.layout = layout;
    }

    /** The map of now. Pages that the process has lost meanwhile, because it ended, give IOException. */
    ProcessMap read() throws IOException {
        result.pid = proc.pid;
        result.path = image.name;
        result.stripped = image.stripped;
        result.mappings.addAll(proc.smaps());
        result.rss = Proc.kilobytes(Proc.field(proc.read("smaps_rollup"), "Rss"));
        result.statm = Long.parseLong(proc.read("statm").split(" ")[1]) * Proc.PAGE;
        for (Mapping m : result.mappings) {
            mapping(m);
        }
        image();
        if (layout != null) {
            try (Memory memory = new Memory(proc.pid, false)) {
                new RuntimeMemory(memory, layout, image, owners).follow();
            }
        }
        try (FileChannel pagemap = proc.open("pagemap")) {
            for (Mapping m : result.mappings) {
                if (m.rss > 0 && m.start >= 0) {
                    pages(m, pagemap);
                }
            }
        }
        return result;
    }

    private void mapping(Mapping m) {
        if (tracers.test(m.start)) {
            owners.set(m.start, m.end, new Owner("tracer", "probes of mica trace"));
        } else if (m.path.startsWith("[") && !m.path.startsWith("[anon") && !m.path.equals("[heap]")) {
            owners.set(m.start, m.end, new Owner("kernel", m.path));
        } else if (image.segment(m) >= 0) {
            owners.set(m.start, m.end, new Owner("padding", "between sections"));
        } else if (m.isFile()) {
            owners.set(m.start, m.end, new Owner("file", m.path));
        } else {
            owners.set(m.start, m.end, new Owner("anonymous", m.path.isEmpty() ? "mapped by the program" : m.path));
        }
    }

    /** Sections, and within them symbols: smaller ones later, as larger ones may enclose them. */
    private void image() {
        List<Executable.Sym> symbols = new ArrayList<>();
        try {
            symbols.addAll(image.stripped ? image.functions() : image.exe.symbols());
        } catch (mica.obj.FormatException e) {
            symbols.clear(); // sections alone then
        }
        symbols.removeIf(s -> s.size <= 0);
        symbols.sort(Comparator.comparingLong((Executable.Sym s) -> s.address));
        int i = 0;
        for (ElfFile.Section s : image.sections()) {
            long start = s.address + image.bias;
            owners.set(start, start + s.size, new Owner("section", s.name));
            while (i < symbols.size() && symbols.get(i).address < s.address) {
                i++;
            }
            List<Executable.Sym> here = new ArrayList<>();
            while (i < symbols.size() && symbols.get(i).address < s.address + s.size) {
                here.add(symbols.get(i++));
            }
            here.sort(Comparator.comparingLong((Executable.Sym y) -> -y.size));
            for (Executable.Sym y : here) {
                long from = y.address + image.bias;
                owners.set(from, Math.min(from + y.size, start + s.size), new Owner("section", s.name + " " + y.name));
            }
        }
    }

    /**
     * The resident pages of a mapping. The kernel's resident size leaves out the shared page of zeros that reading untouched memory
     * gives; pagemap shows such a page as neither a file's nor this process's alone, and so it does with pages shared after a fork: the size says which it is.
     */
    private void pages(Mapping m, FileChannel pagemap) throws IOException {
        if (m.isHuge()) {
            result.ranges.add(new ProcessMap.Range(m.end - m.rss, m.end, new Owner("unidentified", "in a mapping too large to look through")));
            return;
        }
        long present = 0;
        long certain = 0;
        for (long from = m.start; from < m.end; from += CHUNK) {
            for (long w : proc.pagemap(pagemap, from, Math.min(m.end, from + CHUNK))) {
                present += Proc.present(w) ? 1 : 0;
                certain += Proc.present(w) && (Proc.ofFile(w) || Proc.exclusive(w)) ? 1 : 0;
            }
        }
        boolean all = present * Proc.PAGE == m.rss;
        for (long from = m.start; from < m.end; from += CHUNK) {
            runs(from, proc.pagemap(pagemap, from, Math.min(m.end, from + CHUNK)), all);
        }
        long rest = m.rss - (all ? present : certain) * Proc.PAGE;
        if (rest > 0) {
            // shared pages and pages of zeros side by side: it cannot be seen which is which
            result.ranges.add(new ProcessMap.Range(m.end - rest, m.end, new Owner("unidentified", "shared pages of " + (m.path.isEmpty() ? "anonymous memory" : m.path))));
        }
    }

    /** @param all whether every present page counts, or only those that are certainly resident */
    private void runs(long start, long[] words, boolean all) {
        for (int i = 0; i < words.length; i++) {
            if (counts(words[i], all)) {
                int from = i;
                while (i + 1 < words.length && counts(words[i + 1], all)) {
                    i++;
                }
                run(start + (long) from * Proc.PAGE, start + (i + 1L) * Proc.PAGE);
            }
        }
    }

    private static boolean counts(long word, boolean all) {
        return Proc.present(word) && (all || Proc.ofFile(word) || Proc.exclusive(word));
    }

    private void run(long start, long end) {
        for (long at = start; at < end;) {
            long to = owners.end(at, end);
            Owner o = owners.at(at);
            result.ranges.add(new ProcessMap.Range(at, to, o == null ? new Owner("anonymous", "mapped by the program") : o));
            at = to;
        }
    }
}
