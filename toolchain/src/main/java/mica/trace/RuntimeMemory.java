// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.HashMap;
import java.util.Map;
import mica.obj.Bytes;
import mica.trace.ProcessMap.Owner;

/**
 * Follows the structures of Mica's runtime in a stopped process (runtime/mheap.go, runtime/os_linux.go, runtime/runtime2.go) and says what
 * their memory is for. They may be half changed at the moment: what makes no sense is left out.
 */
final class RuntimeMemory {
    private static final int MAX_THREADS = 1_000_000;
    private static final int MAX_CHUNKS = 10_000_000;
    private static final int MAX_GOROUTINES = 100_000_000;

    private static final Owner SPAN_TABLE = new Owner("collector metadata", "span table");
    private static final Owner SPAN_RECORDS = new Owner("collector metadata", "span records");
    private static final Owner BITMAPS = new Owner("collector metadata", "bitmaps and types of spans");
    private static final Owner STACK_SCANS = new Owner("collector metadata", "tables of stack scans");
    private static final Owner RECORDS = new Owner("runtime metadata", "other records and buffers");
    private static final Owner GOROUTINES = new Owner("runtime metadata", "goroutine records");
    private static final Owner THREADS = new Owner("runtime metadata", "thread records");
    private static final Owner FREE_HEAP = new Owner("free heap", "free pages");
    private static final Owner FREE_STACK = new Owner("free stack", "free blocks of stack spans");

    private final Memory memory;
    private final RuntimeLayout layout;
    private final Image image;
    private final OwnerMap owners;
    /** Heap spans by class. */
    private final Map<Integer, String> classNames = new HashMap<>();

    RuntimeMemory(Memory memory, RuntimeLayout layout, Image image, OwnerMap owners) {
        this.memory = memory;
        this.layout = layout;
        this.image = image;
        this.owners = owners;
    }

    void follow() {
        long bias = image.bias;
        chunks(layout.variable("persistent") + bias);
        heap(layout.variable("mheap") + bias);
        goroutines(layout.variable("allgs") + bias);
        threads(layout.variable("allm") + bias);
        processors(layout.variable("allp") + bias);
    }

    private static long word(byte[] b, int at) {
        return Bytes.load64(b, at);
    }

    private void chunks(long head) {
        long record = memory.word(head, 0);
        for (int i = 0; record != 0 && i < MAX_CHUNKS; i++) {
            long start = memory.word(record + 8, 0);
            owners.set(start, record + 16, RECORDS);
            record = memory.word(record, 0);
        }
    }

    // ---- heap ----

    private void heap(long mheap) {
        long base = memory.word(mheap + layout.offset("mheap.base"), 0);
        long reserved = memory.word(mheap + layout.offset("mheap.reserved"), 0);
        long table = memory.word(mheap + layout.offset("mheap.spans"), 0);
        long npages = memory.word(mheap + layout.offset("mheap.npages"), 0);
        int shift = layout.offset("pageShift");
        if (base <= 0 || table <= 0 || reserved <= 0 || npages < 0 || npages > reserved >> shift || npages > Integer.MAX_VALUE / 8) {
            return;
        }
        owners.set(table, base, SPAN_TABLE);
        owners.set(base, base + reserved, FREE_HEAP);
        byte[] spans = memory.read(table, (int) npages * 8);
        for (int i = 0; spans != null && i < npages && 8 * i + 8 <= spans.length;) {
            long at = word(spans, 8 * i);
            byte[] s = at == 0 ? null : memory.read(at, layout.offset("mspan.size"));
            long pages = s == null || s.length < layout.offset("mspan.size") ? 0 : word(s, layout.offset("mspan.npages"));
            // inside a free run the table holds what was there before
            if (pages <= 0 || pages > npages - i || word(s, layout.offset("mspan.base")) != base + ((long) i << shift)) {
                i++;
                continue;
            }
            span(at, s, base + ((long) i << shift), pages << shift);
            i += (int) pages;
        }
    }

    private void span(long at, byte[] s, long start, long bytes) {
        owners.set(at, at + s.length, SPAN_RECORDS);
        int state = s[layout.offset("mspan.state")] & 0xff;
        if (state == layout.offset("mSpanManual")) {
            owners.set(start, start + bytes, FREE_STACK);
        } else if (state == layout.offset("mSpanInUse")) {
            int spanClass = s[layout.offset("mspan.class")] & 0xff;
            long elem = word(s, layout.offset("mspan.elemsize"));
            Owner o = new Owner("heap span", classNames.computeIfAbsent(spanClass, c -> name(c, elem)));
            o.sizeClass = spanClass >> 1;
            o.elem = elem;
            o.pointers = (spanClass & 1) == 0;
            o.objects = Bytes.load32(s, layout.offset("mspan.nelems")) & 0xffffffffL;
            o.live = Bytes.load32(s, layout.offset("mspan.allocCount")) & 0xffffffffL;
            owners.set(start, start + bytes, o);
            long words = Bytes.load32(s, layout.offset("mspan.nwords")) & 0xffffffffL;
            bitmap(word(s, layout.offset("mspan.allocBits")), 8 * words);
            bitmap(word(s, layout.offset("mspan.markBits")), 8 * words);
            bitmap(word(s, layout.offset("mspan.types")), 8 * o.objects);
        }
    }

    private static String name(int spanClass, long elem) {
        String pointers = (spanClass & 1) == 0 ? "with pointers" : "without pointers";
        return spanClass >> 1 == 0 ? "large objects " + pointers : "objects of " + elem + " bytes " + pointers;
    }

    private void bitmap(long at, long bytes) {
        if (at != 0 && bytes < 1 << 20) {
            owners.set(at, at + bytes, BITMAPS);
        }
    }

    // ---- goroutines and threads ----

    private void goroutines(long slice) {
        long array = memory.word(slice, 0);
        long n = memory.word(slice + 8, 0);
        byte[] list = n <= 0 || n > MAX_GOROUTINES ? null : memory.read(array, (int) n * 8);
        for (int i = 0; list != null && i + 8 <= list.length; i += 8) {
            long at = word(list, i);
            byte[] g = memory.read(at, layout.offset("g.size"));
            if (g == null || g.length < layout.offset("g.size")) {
                continue;
            }
            owners.set(at, at + g.length, GOROUTINES);
            long lo = word(g, layout.offset("g.stack"));
            long hi = word(g, layout.offset("g.stack") + 8);
            if (Bytes.load32(g, layout.offset("g.status")) == layout.offset("_Gdead")) {
                continue;
            }
            Owner o = new Owner("goroutine stack", "goroutine " + word(g, layout.offset("g.goid")));
            o.goid = word(g, layout.offset("g.goid"));
            o.function = image.function(word(g, layout.offset("g.startpc")));
            owners.set(lo, hi, o);
        }
    }

    private void threads(long list) {
        long m = memory.word(list, 0);
        for (int i = 0; m != 0 && i < MAX_THREADS; i++) {
            owners.set(m, m + layout.offset("m.size"), THREADS);
            int tid = (int) memory.word(m + layout.offset("m.tid"), 0);
            String name = tid == 0 ? "first thread" : "thread " + tid;
            scan(m + layout.offset("m.helperWork"));
            stack(memory.word(m + layout.offset("m.g0"), 0), name);
            stack(memory.word(m + layout.offset("m.gsignal"), 0), "signals of " + name);
            m = memory.word(m + layout.offset("m.alllink"), 0);
        }
    }

    private void processors(long slice) {
        long array = memory.word(slice, 0);
        long n = Math.min(memory.word(slice + 8, 0), MAX_THREADS);
        for (long i = 0; i < n; i++) {
            scan(memory.word(array + 8 * i, 0) + layout.offset("p.gcw"));
        }
    }

    /** What a marker keeps of the stacks that it scans. */
    private void scan(long work) {
        table(work + layout.offset("gcWork.vars"), layout.offset("stackVar.size"));
        table(work + layout.offset("gcWork.pointers"), 8);
    }

    /** Memory of a slice {array, length, capacity}. */
    private void table(long slice, int elem) {
        long array = memory.word(slice, 0);
        long cap = memory.word(slice + 16, 0);
        if (array != 0 && cap > 0 && cap < 1L << 32) {
            // a table is a mapping of its own: whole pages
            owners.set(array, array + cap * elem + Proc.PAGE - 1 & -Proc.PAGE, STACK_SCANS);
        }
    }

    private void stack(long g, String name) {
        if (g == 0) {
            return;
        }
        owners.set(g, g + layout.offset("g.size"), GOROUTINES);
        long lo = memory.word(g + layout.offset("g.stack"), 0);
        long hi = memory.word(g + layout.offset("g.stack") + 8, 0);
        Owner there = owners.at(hi - 1);
        if (there == null || !there.kind.equals("kernel")) { // the first thread's is the kernel's
            owners.set(lo, hi, new Owner("thread stack", name));
        }
    }
}
