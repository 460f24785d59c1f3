// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import mica.obj.ElfFile;

/** Counts the resident pages of a stopped process by the section or the kind of memory that they belong to (/proc/PID/pagemap). */
final class PageCount {
    private static final int CHUNK = 1 << 28;

    private final Image image;
    private final Proc proc;

    /** Addresses that are none of the program's. */
    LongPredicate skip = a -> false;

    PageCount(Image image, Proc proc) {
        this.image = image;
        this.proc = proc;
    }

    /** The mappings with what they were made for. */
    List<Trace.Mapped> maps() throws IOException {
        List<Trace.Mapped> list = new ArrayList<>();
        for (Mapping m : proc.maps()) {
            Trace.Mapped x = new Trace.Mapped();
            x.mapping = m;
            x.segment = m.path.startsWith("[") ? -1 : image.segment(m);
            for (ElfFile.Section s : x.segment < 0 ? List.<ElfFile.Section>of() : image.sections()) {
                if (s.address + image.bias < m.end && s.address + image.bias + s.size > m.start) {
                    x.sections.add(s.name);
                }
            }
            x.note = note(m, x.segment);
            list.add(x);
        }
        return list;
    }

    /** What a mapping is for, in words. */
    static String note(Mapping m, int segment) {
        return switch (m.path) {
            case "[stack]" -> "the kernel's stack for the first thread: arguments, environment, auxiliary vector";
            case "[heap]" -> "the program break, right behind the zeroed data";
            case "[vdso]" -> "code of the kernel that reads clocks";
            case "[vvar]", "[vvar_vclock]" -> "the kernel's data for [vdso]";
            case "[vsyscall]" -> "an address that old programs call";
            case "" -> segment >= 0 ? "zeroed data: the part of the segment that is not in the file" : "";
            default -> "";
        };
    }

    /** Adds the counts of now to the column {@code when}: 0 = entry, 1 = main.main, 2 = exit. */
    void count(List<Trace.Pages> pages, int when) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (ElfFile.Section s : image.sections()) {
            counts.put(s.name, 0L);
        }
        try (FileChannel pagemap = proc.open("pagemap")) {
            List<Mapping> maps = proc.maps();
            if (maps.stream().anyMatch(m -> m.isHuge() && !m.permissions.startsWith("---"))) {
                maps = proc.smaps();
            }
            for (Mapping m : maps) {
                if (m.start >= 0 && !skip.test(m.start) && !m.permissions.startsWith("---")) {
                    mapping(m, pagemap, counts);
                }
            }
        }
        for (Map.Entry<String, Long> e : counts.entrySet()) {
            Trace.Pages p = null;
            for (Trace.Pages q : pages) {
                p = q.owner.equals(e.getKey()) ? q : p;
            }
            if (p == null) {
                p = new Trace.Pages(e.getKey());
                p.atMain = when == 2 && !pages.isEmpty() && pages.get(0).atMain >= 0 ? 0 : -1;
                pages.add(p);
            }
            switch (when) {
                case 0 -> p.atEntry = e.getValue();
                case 1 -> p.atMain = e.getValue();
                default -> p.atExit = e.getValue();
            }
        }
    }

    private void mapping(Mapping m, FileChannel pagemap, Map<String, Long> counts) throws IOException {
        int segment = m.path.startsWith("[") ? -1 : image.segment(m);
        if (m.isHuge()) {
            counts.merge(m.path.isEmpty() ? "anonymous memory" : m.path, m.rss / Proc.PAGE, Long::sum);
            return;
        }
        for (long from = m.start; from < m.end; from += CHUNK) {
            long[] words = proc.pagemap(pagemap, from, Math.min(m.end, from + CHUNK));
            for (int i = 0; i < words.length; i++) {
                if (Proc.present(words[i])) {
                    String owner = segment >= 0 ? section(from + (long) i * Proc.PAGE) : m.path.isEmpty() ? "anonymous memory" : m.path;
                    counts.merge(owner, 1L, Long::sum);
                }
            }
        }
    }

    /** The section that has most of a page. */
    private String section(long page) {
        String best = "headers and padding";
        long most = 0;
        for (ElfFile.Section s : image.sections()) {
            long from = Math.max(page, s.address + image.bias);
            long to = Math.min(page + Proc.PAGE, s.address + image.bias + s.size);
            if (to - from > most) {
                most = to - from;
                best = s.name;
            }
        }
        return best;
    }
}
