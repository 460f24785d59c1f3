// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows a Go program from its entry to main.main by {@link Probes}: without stopping it.
 *
 * <p>The runtime's stations are functions, which are led past a probe where they are called or where they begin. Packages are initialized
 * one after the other by lists of records ({state uint32, nfns uint32, addresses of nfns functions}): each record is replaced by a longer one,
 * in our memory, whose first and last functions are probes.
 */
final class Boot {
    private static final class Station {
        final String name;
        final String[] symbols;

        Station(String name, String... symbols) {
            this.name = name;
            this.symbols = symbols;
        }
    }

    private static final class Task {
        String pkg;
        /** Where the list has the record's address. */
        long link;
        long record;
        int begin;
        int end;
        /** First function, a symbol that the text names. */
        String symbol;
        long[] functions;
    }

    /** In their order. Several names: of the standard runtime, in assembly too, and of Mica's. */
    private static final Station[] STATIONS = {
        new Station("rt0_go", "runtime.rt0_go", "runtime.rt0_go.abi0"),
        new Station("args", "runtime.args.abi0", "runtime.args", "runtime.sysargs"),
        new Station("osinit", "runtime.osinit.abi0", "runtime.osinit"),
        new Station("schedinit", "runtime.schedinit.abi0", "runtime.schedinit"),
        new Station("newproc", "runtime.newproc.abi0", "runtime.newproc", "runtime.newproc1"),
        new Station("mstart", "runtime.mstart", "runtime.mstart.abi0", "runtime.mstart1"),
        new Station("runtime.main", "runtime.main"),
        new Station("main.main", "main.main")
    };
    private static final String[] TASK_LISTS = {"go:runtime.inittasks", "go:main.inittasks"};
    /** Bytes of the file that are touched before a process goes on. */
    private static final int MOST_WARMED = 4 << 20;
    private static final int MAX_TASKS = 100_000;

    final List<Trace.Missing> missing = new ArrayList<>();
    private final Image image;
    private final Memory memory;
    private final Probes probes;
    private final Map<Station, Integer> stations = new LinkedHashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final int entrySlot;
    private final String entrySymbol;
    private final long entry;
    private final boolean begins;
    /** Where a process is to go on from its entry. */
    private final long start;
    /** The bias of the processes that this was made for. */
    final long bias;
    /** Where the program comes by right after the note of main.main; 0 = never. */
    long mainAt;

    /**
     * Finds out what there is to do, from a process that stands at {@code entry}; changes nothing in it.
     *
     * @param begins packages get a probe at their beginning. A runtime that names packages itself (inittrace) takes the name from the first
     *     function of a record, which must be the package's own then; a package begins where the one before it has ended.
     */
    Boot(Image image, Memory memory, Notes file, long entry, boolean begins) throws IOException {
        this.image = image;
        this.begins = begins;
        this.memory = memory;
        this.entry = entry;
        this.bias = image.bias;
        findTasks();
        int slots = 1 + STATIONS.length + 2 * tasks.size();
        int bytes = 8 * slots;
        for (Task t : tasks) {
            bytes += 8 + 8 * (t.functions.length + 2);
        }
        probes = new Probes(memory, file, image.end(), bytes);
        entrySlot = probes.slot();
        entrySymbol = entry == image.address("_rt0_amd64_linux") ? "_rt0_amd64_linux" : null;
        start = probes.inReach(entry) ? probes.warming(Math.min(image.elf.bytes.length, MOST_WARMED)) : entry;
        if (start != entry) {
            probes.before(entrySlot, entry);
        }
        for (Station s : STATIONS) {
            station(s);
        }
        long record = probes.dataAt + 8L * slots;
        Map<Long, Long> replaced = new HashMap<>();
        for (Task t : tasks) {
            // a package may be in two lists; its record says that it was done
            if (replaced.containsKey(t.record)) {
                link(t, replaced.get(t.record));
            } else {
                replaced.put(t.record, record);
                record = replace(t, record);
            }
        }
        probes.finish();
        probes.ready(entry);
    }

    private double nanosPerTick;
    private long execNanos = Long.MAX_VALUE;

    /** Prepares a process that stands at its entry after exec; it can {@link #warm} up and go on then. {@code stop} is the cost of a stop. */
    void enter(Host host, int pid, Memory to, Registers registers, Registers scratch, StopCostMeter meter, long stop) throws IOException {
        nanosPerTick = meter.nanosPerTick;
        long[] times = probes.enter(host, pid, to, registers, scratch);
        execNanos = Math.min(execNanos, Math.max(0, (long) ((times[1] - meter.tick(times[0])) * nanosPerTick) - stop / 2));
        registers.pc(start);
        registers.set(pid);
    }

    /** Has a process that was entered warm up, right before it goes on: see {@link Probes#warming}. */
    void warm(Host host, int pid) throws IOException {
        if (start != entry) {
            host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
            Probes.trapped(host, pid);
        }
    }

    /** Nanoseconds that the kernel took from the end of execve to the first instruction: the least of all processes so far. */
    long execTime() {
        return execNanos;
    }

    /** An entry that has no probe: the program goes on at {@code tick}. */
    private long entryTick;

    void left(long tick) {
        entryTick = tick;
    }

    private void station(Station s) {
        int slot = probes.slot();
        boolean exists = false;
        boolean led = false;
        for (String symbol : s.symbols) {
            long function = image.address(symbol);
            if (function == 0) {
                continue;
            }
            exists = true;
            if (probes.atStart(slot, function)) {
                led = true;
                continue;
            }
            List<Long> calls = image.calls(function);
            if (!calls.isEmpty()) {
                long probe = probes.before(slot, function);
                calls.forEach(c -> probes.redirect(c, probe));
                led = true;
            }
        }
        if (led) {
            stations.put(s, slot);
            mainAt = s == STATIONS[STATIONS.length - 1] ? probes.stop() : 0;
        } else {
            missing.add(new Trace.Missing(s.name, exists ? "nothing that calls " + s.symbols[0] + " was found"
                    : "the executable has no function " + s.symbols[0] + ": it is inlined or left out"));
        }
    }

    /** Makes the list point to a record at {@code at} with two more functions; where the next one can be. */
    private long replace(Task t, long at) {
        t.begin = probes.slot();
        t.end = probes.slot();
        int n = t.functions.length + (begins ? 2 : 1);
        ByteBuffer b = ByteBuffer.allocate(8 + 8 * n).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0).putInt(n);
        if (begins) {
            b.putLong(probes.returning(t.begin));
        }
        for (long f : t.functions) {
            b.putLong(f);
        }
        b.putLong(probes.returning(t.end));
        probes.put(at, b.array());
        link(t, at);
        return at + b.capacity();
    }

    private void link(Task t, long record) {
        probes.change(t.link, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record).array());
    }

    /** Whether an address is in what was added to the process. */
    boolean owns(long address) {
        return probes.owns(address);
    }

    /** Nanoseconds of the clock that a stop has taken out of the program, which had run for {@code since} nanoseconds from its entry on. */
    void stop(long since, long lost) {
        stops.add(new long[] {since, lost});
    }

    // ---- packages ----

    private void findTasks() {
        for (String list : TASK_LISTS) {
            addTasks(image.address(list), image.size(list) / 8);
        }
        RuntimeLayout layout = tasks.isEmpty() ? RuntimeLayout.find(image) : null;
        if (layout != null) {
            long module = layout.variable("moduledata") + image.bias;
            addTasks(memory.word(module + layout.offset("moduledata.inittasks"), 0), memory.word(module + layout.offset("moduledata.ninittasks"), 0));
        }
        if (tasks.isEmpty()) {
            missing.add(new Trace.Missing("init", image.stripped ? "without symbols the list of packages cannot be found"
                    : image.elf.find(".interp") != null ? "the dynamic linker makes the list of packages after the entry" : "no package has work to do"));
        }
    }

    private void addTasks(long list, long n) {
        for (long i = 0; list != 0 && i < Math.min(MAX_TASKS, n); i++) {
            Task t = new Task();
            t.link = list + 8 * i;
            t.record = memory.word(t.link, 0);
            long count = memory.word(t.record, 0) >>> 32;
            if (count <= 0 || count > MAX_TASKS) {
                continue;
            }
            t.functions = new long[(int) count];
            for (int k = 0; k < count; k++) {
                t.functions[k] = memory.word(t.record + 8 + 8L * k, 0);
            }
            t.symbol = image.function(t.functions[0]);
            t.pkg = t.symbol.startsWith("main.") ? "main" : image.packageOfTask(t.record);
            if (t.pkg == null) {
                String pkg = initializerOf(t.symbol);
                t.pkg = pkg == null ? t.symbol : pkg;
            }
            tasks.add(t);
        }
    }

    /** Import path of a function that initializes a package ({@code init}, {@code init.0}, {@code init.var.3}); null = it is none. */
    static String initializerOf(String function) {
        int at = function.lastIndexOf(".init", Math.max(function.length() - 5, 0));
        while (at > 0 && !function.substring(at).matches("\\.init(\\.var)?(\\.[0-9]+)?")) {
            at = function.lastIndexOf(".init", at - 1);
        }
        return at <= 0 || function.indexOf('(') >= 0 ? null : Image.unescape(function.substring(0, at));
    }

    // ---- the time line ----

    private static final class Mark {
        final String name;
        final String pkg;
        final String symbol;
        final long tick;

        Mark(String name, String pkg, String symbol, long tick) {
            this.name = name;
            this.pkg = pkg;
            this.symbol = symbol;
            this.tick = tick;
        }
    }

    private final List<long[]> stops = new ArrayList<>();

    /** Nanoseconds from the entry to a note, without the stops before it. */
    private long since(long ticks) {
        long ns = (long) (ticks * nanosPerTick);
        long lost = 0;
        for (long[] stop : stops) {
            if (stop[0] > ns) {
                break;
            }
            lost += stop[1];
        }
        return Math.max(0, ns - lost);
    }

    /** The steps so far. */
    List<Trace.Step> steps(long entryAt) throws IOException {
        long[] notes = probes.notes();
        List<Mark> marks = new ArrayList<>();
        long entered = notes[entrySlot] != 0 ? notes[entrySlot] : entryTick;
        marks.add(new Mark("entry", null, entrySymbol, entered));
        for (Map.Entry<Station, Integer> e : stations.entrySet()) {
            marks.add(new Mark(e.getKey().name, null, symbolOf(e.getKey()), notes[e.getValue()]));
        }
        long before = main(notes);
        for (Task t : tasks) {
            if (t.begin == 0) {
                continue; // the same as another one
            }
            long begin = begins ? notes[t.begin] : before;
            marks.add(new Mark("init", t.pkg, t.symbol, begin));
            marks.add(new Mark("runtime.main", null, null, notes[t.end]));
            before = notes[t.end];
        }
        marks.removeIf(m -> m.tick == 0);
        marks.sort(Comparator.comparingLong((Mark m) -> m.tick));
        List<Trace.Step> steps = new ArrayList<>();
        steps.add(new Trace.Step("exec", null, null, 0));
        for (Mark m : marks) {
            if (steps.getLast().name.equals("main.main")) {
                break;
            }
            // a stop may be quicker than usual: it must not turn time back
            long at = Math.max(steps.getLast().begin, entryAt + since(m.tick - entered));
            steps.getLast().end = at;
            steps.add(new Trace.Step(m.name, m.pkg, m.symbol, at));
        }
        if (steps.getLast().name.equals("main.main")) {
            steps.getLast().end = steps.getLast().begin;
        }
        return steps;
    }

    /** The note of runtime.main; 0 = it was not reached. */
    private long main(long[] notes) {
        for (Map.Entry<Station, Integer> e : stations.entrySet()) {
            if (e.getKey().name.equals("runtime.main")) {
                return notes[e.getValue()];
            }
        }
        return 0;
    }

    private String symbolOf(Station s) {
        for (String symbol : s.symbols) {
            if (image.address(symbol) != 0) {
                return symbol;
            }
        }
        return null;
    }
}
