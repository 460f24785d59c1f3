// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Who owns the resident memory of a process, while it stood still. The sum of {@link #ranges} is {@link #rss}. */
public final class ProcessMap {
    /** What a piece of memory is for. Those with equal {@link #key} are one. */
    public static final class Owner {
        /**
         * section, padding, heap span, free heap, goroutine stack, free stack, thread stack, collector metadata, runtime metadata, kernel, file,
         * anonymous, tracer, unidentified.
         */
        public final String kind;
        public final String name;
        /** Size class of a heap span, 0 = one large object; -1 = no heap span. */
        public int sizeClass = -1;
        /** Bytes of an object of the span. */
        public long elem;
        public boolean pointers;
        public long objects;
        /** Objects in use as of the last hand-out or sweep. */
        public long live;
        /** Goroutine of a stack; 0 = none. */
        public long goid;
        /** Function that the goroutine began with; "" = none, or unknown. */
        public String function = "";

        Owner(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        /** Section, or the kind. */
        String group() {
            return kind.equals("section") ? name.substring(0, (name + " ").indexOf(' ')) : kind;
        }
    }

    /** Resident bytes of one owner, without gaps. */
    public static final class Range {
        public final long start;
        public final long end;
        public final Owner owner;

        Range(long start, long end, Owner owner) {
            this.start = start;
            this.end = end;
            this.owner = owner;
        }

        public long size() {
            return end - start;
        }
    }

    /** A sum under a name. */
    public static final class Sum {
        public final String kind;
        public final String name;
        /** Of a goroutine, see {@link Owner}. */
        public final String function;
        public long bytes;

        Sum(Owner o, String name) {
            this.kind = o.kind;
            this.name = name;
            this.function = name.equals(o.name) ? o.function : "";
        }
    }

    public int pid;
    public String path;
    public int threads;
    public boolean stripped;
    /** Resident bytes by /proc/PID/smaps_rollup. */
    public long rss;
    /** The same by /proc/PID/statm, which the kernel adds up less exactly. */
    public long statm;
    /** Nanoseconds for which the process stood still. */
    public long stopped;
    public final List<Mapping> mappings = new ArrayList<>();
    public final List<Range> ranges = new ArrayList<>();

    /** Sum of all ranges. */
    public long sum() {
        long n = 0;
        for (Range r : ranges) {
            n += r.size();
        }
        return n;
    }

    /** By section or kind, largest first. */
    public List<Sum> groups() {
        return sums(false);
    }

    /** By owner, largest first. */
    public List<Sum> owners() {
        return sums(true);
    }

    private List<Sum> sums(boolean each) {
        TreeMap<String, Sum> map = new TreeMap<>();
        for (Range r : ranges) {
            String name = each ? r.owner.name : r.owner.group();
            map.computeIfAbsent(r.owner.kind + "\0" + name, k -> new Sum(r.owner, name)).bytes += r.size();
        }
        List<Sum> list = new ArrayList<>(map.values());
        list.sort(Comparator.comparingLong((Sum s) -> -s.bytes));
        return list;
    }
}
