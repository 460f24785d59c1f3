// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a program to its end and notes what happens. One thread starts it, waits for its stops and lets it go on; everything else asks
 * this thread.
 *
 * <p>Time: the clock is read when wait returns and again right before the program goes on. What lies between is the tracer's time and is
 * added to the thread's {@link Task#lost}, as is the measured cost of the stop itself ({@link StopCost}). A time of the report is the
 * clock minus the beginning minus what was lost.
 */
public final class Tracer {
    private static final int WNOTHREAD = 0x20000000;
    private static final int SIGTRAP = 5;
    private static final int SIGKILL = 9;
    /**
     * The program is first started a few times and killed at its first instruction, nothing of it having run: that measures what a stop costs,
     * and has the kernel and the JVM ready, so that the program itself does not stand still for long between execve and its entry. Cold
     * caches would make its boot look half as long again.
     */
    private static final int REHEARSALS = 20;
    private static final byte NOP = (byte) 0x90;
    private static final int SYSCALL_ENTRY = 1;
    private static final int SYSCALL_EXIT = 2;

    /** A thread under our eyes. */
    private static final class Task {
        final int tid;
        int pid;
        /** Nanoseconds of the wall clock that watching has taken from it. */
        long lost;
        /** Nanoseconds of its processor time that stops have taken. */
        long cpuLost;
        /** The call it is in; null = none. */
        Trace.Call call;
        /** Its own time when the call began. */
        long callBegan;
        long[] args;
        Memory memory;
        Trace.Thread record;
        /** Its creator's stop has been seen: what it lost before is known. */
        boolean known;

        Task(int tid, int pid) {
            this.tid = tid;
            this.pid = pid;
        }
    }

    private final TraceOptions options;
    private final Trace trace = new Trace();
    private final Map<Integer, Task> tasks = new LinkedHashMap<>();
    private final Map<Integer, Memory> memories = new LinkedHashMap<>();
    private final Constants constants = new Constants();
    private final SyscallDecoder decoder = new SyscallDecoder(constants);
    private final CompletableFuture<Trace> result = new CompletableFuture<>();
    private volatile int pid;
    private volatile boolean signalled;

    private Host host;
    private Image image;
    private Proc proc;
    private Boot boot;
    private Breakpoints breakpoints;
    private Registers registers;
    private MemorySegment info;
    private PageCount pageCount;
    private long began;
    private boolean forked;
    private long offset;
    /** The latest time given: a stop that was quicker than usual does not turn time back. */
    private long latest;
    private long beganCpu;

    private Tracer(TraceOptions options) {
        this.options = options;
    }

    /** Runs the program; when this process is asked to end meanwhile, the program ends first. */
    public static Trace run(TraceOptions options) throws TraceException {
        Tracer t = new Tracer(options);
        Thread hook = new Thread(t::ending);
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.ofPlatform().name("ptrace").daemon().start(t::work);
        try {
            return t.result.join();
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof TraceException te) {
                throw te;
            }
            throw e.getCause() instanceof RuntimeException r ? r : new mica.base.Fault("trace", String.valueOf(e.getCause()), e.getCause());
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // this process ends already
            }
        }
    }

    /** This process is being ended. A terminal has told the program too: then its answer is waited for. */
    private void ending() {
        try {
            for (int i = 0; i < 50 && !result.isDone() && !signalled; i++) {
                Thread.sleep(10);
            }
            if (!signalled && pid != 0 && !result.isDone()) {
                try (Arena a = Arena.ofConfined()) {
                    new Host(a).kill(pid, SIGKILL);
                }
            }
            result.handle((t, e) -> null).join();
            Thread.sleep(3000); // for the report: the main thread ends this process when it is written
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            host = new Host(arena);
            session();
            result.complete(trace);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void session() throws TraceException {
        String name = options.args.get(0);
        image = new Image(options.file, name);
        Launcher.Streams streams = new Launcher.Streams();
        streams.in = options.stdin;
        streams.out = options.stdout;
        streams.err = options.stderr;
        if (!options.boot) {
            attempts(name, streams);
            return;
        }
        try (Notes file = new Notes(host)) {
            notes = file;
            attempts(name, streams);
        } catch (IOException e) {
            throw new TraceException("mica trace: " + e.getMessage());
        }
    }

    private void attempts(String name, Launcher.Streams streams) throws TraceException {
        for (int i = 0; i < REHEARSALS && (options.boot || i == 0); i++) {
            attempt(name, streams, false);
        }
        attempt(name, streams, true);
    }

    /** Starts the program and prepares it; then lets it run, or kills it at its first instruction. */
    private void attempt(String name, Launcher.Streams streams, boolean run) throws TraceException {
        pid = new Launcher(host).start(options.file, options.args, options.env, options.cwd, streams);
        try {
            setUp(name);
            if (run) {
                loop();
                trace.steps = boot == null ? null : boot.steps(entryAt);
            }
        } catch (IOException e) {
            throw new TraceException("mica trace: " + e.getMessage());
        } finally {
            killAll();
            memories.values().forEach(Memory::close);
            memories.clear();
        }
    }

    private void killAll() {
        for (Task t : tasks.values()) {
            host.kill(t.pid, SIGKILL);
        }
        while (!tasks.isEmpty()) {
            int tid = host.wait(-1, WNOTHREAD);
            if (tid < 0) {
                return;
            }
            int status = host.status();
            if ((status & 0xff) != 0x7f) {
                tasks.remove(tid);
            } else {
                host.ptrace(Host.PTRACE_CONT, tid, 0, 0);
            }
        }
    }

    // ---- beginning ----

    /** The process has stopped after exec. */
    private void setUp(String name) throws IOException {
        host.ptrace(Host.PTRACE_SETOPTIONS, pid, 0, Host.OPTION_SYSGOOD | Host.OPTION_FORK | Host.OPTION_VFORK | Host.OPTION_CLONE
                | Host.OPTION_EXEC | Host.OPTION_EXIT | Host.OPTION_EXITKILL);
        if (registers == null) {
            registers = new Registers(host);
            scratch = new Registers(host);
            info = host.arena().allocate(128, 8);
        }
        proc = new Proc(pid);
        if (image.elf.fileType != 2) {
            image.place(proc);
        }
        Memory memory = new Memory(pid, true);
        memories.put(pid, memory);
        trace.threads.clear();
        Task t = new Task(pid, pid);
        t.memory = memory;
        t.known = true;
        tasks.put(pid, t);
        breakpoints = new Breakpoints(memory);
        pageCount = new PageCount(image, proc);
        if (boot != null) {
            pageCount.skip = boot::owns;
        }
        if (meter == null) {
            describe(name);
        }
        trace.pid = pid;
        t.record = thread(t, 0, 0, "exec");
        if (options.syscalls) {
            trace.calls = new ArrayList<>();
        }
        registers.get(pid);
        entry = registers.pc();
        if (trace.cost.samples == 0) {
            measure(t);
        }
        observe();
        rehearseCalls(memory);
        if (options.boot && image.isGo()) {
            if (boot == null || boot.bias != image.bias) {
                boot = new Boot(image, memory, notes, entry, !namesPackages());
                trace.missing = boot.missing;
                pageCount.skip = boot::owns;
                mainAt = boot.mainAt;
            }
            boot.enter(host, pid, memory, registers, scratch, meter, trace.cost.wall);
            entryAt = boot.execTime();
        } else {
            mainAt = image.isGo() ? image.address("main.main") : 0;
            if (mainAt != 0) {
                breakpoints.insert(mainAt);
            }
        }
    }

    /** So that the first calls of the program do not find the decoder's classes still to be loaded. */
    private void rehearseCalls(Memory memory) {
        if (options.syscalls && boot == null) {
            long sp = registers.sp();
            for (int number : new int[] {1, 9, 13, 59, 131, 257, 302}) {
                long[] args = {sp, sp, sp, 0, 0, 0};
                decoder.exit(number, args, decoder.enter(number, args, memory), 0, memory);
                decoder.result(number, -1);
            }
        }
    }

    /** What the process is before it runs. */
    private void observe() throws IOException {
        if (options.maps) {
            trace.maps = pageCount.maps();
        }
        if (options.faults) {
            trace.pages = new ArrayList<>();
            pageCount.count(trace.pages, 0);
            trace.faultsAtEntry = proc.faults();
        }
    }

    /** The program's runtime will name packages itself. */
    private boolean namesPackages() {
        return options.env.getOrDefault("GODEBUG", "").contains("inittrace") || !options.env.getOrDefault("MICA_BOOTTRACE", "").isEmpty();
    }

    private void describe(String name) {
        trace.path = name;
        trace.args = options.args;
        trace.bias = image.bias;
        trace.entry = image.elf.entry + image.bias;
        trace.stripped = image.stripped;
        trace.go = image.isGo();
        trace.mica = RuntimeLayout.find(image) != null;
    }

    private Trace.Thread thread(Task t, int parent, long at, String how) {
        Trace.Thread r = new Trace.Thread();
        r.pid = t.pid;
        r.tid = t.tid;
        r.parent = parent;
        r.at = at;
        r.how = how;
        trace.threads.add(r);
        return r;
    }

    /** Lets the process go to its first instruction and measures there what a stop costs. The process cannot be used for anything else. */
    private void measure(Task t) throws IOException {
        if (!breakpoints.insert(entry)) {
            throw new IOException("cannot write into the program's text");
        }
        host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
        if (host.wait(pid, 0) < 0 || !stoppedAtBreakpoint()) {
            throw new IOException("the program does not reach its entry");
        }
        meter = new StopCostMeter(host, pid, entry, t.memory, registers);
        meter.measure(trace.cost);
        breakpoints.remove(entry);
        registers.get(pid);
        registers.pc(entry);
        registers.set(pid);
    }

    private StopCostMeter meter;
    private Registers scratch;
    private long entry;
    /** Nanoseconds from the end of execve to the entry. */
    private long entryAt;
    /** When the program went on from its entry. */
    private long entryLeft;
    private long mainAt;
    /** For {@link Probes}; null = no boot is asked for. */
    private Notes notes;

    private boolean stoppedAtBreakpoint() {
        return (host.status() & 0xff) == 0x7f && (host.status() >> 8 & 0xff) == SIGTRAP;
    }

    // ---- the run ----

    private void loop() throws IOException {
        Task first = tasks.get(pid);
        beganCpu = Proc.cpu(pid, pid);
        entryLeft = System.nanoTime();
        began = entryLeft - entryAt;
        if (boot != null) {
            boot.left(meter.tick(entryLeft + trace.cost.wall / 2));
        }
        resume(first, 0, entryLeft);
        while (!tasks.isEmpty()) {
            int tid = host.wait(-1, WNOTHREAD);
            long now = System.nanoTime();
            if (tid < 0) {
                return;
            }
            int status = host.status();
            Task t = tasks.get(tid);
            if (t == null) {
                t = new Task(tid, tid);
                tasks.put(tid, t);
            }
            if ((status & 0xff) != 0x7f) {
                ended(t, status, now);
            } else {
                stopped(t, status >> 8 & 0xff, status >> 16, now);
            }
        }
    }

    /** Nanoseconds of a thread's own time: since the beginning, without what it lost. Good for differences. */
    private long own(Task t, long now) {
        return now - began - t.lost;
    }

    /**
     * Nanoseconds since the beginning, for all threads. As long as there is one only, without what watching has cost it; later, stops hold
     * up some threads while others run, and there is no common time but the clock's.
     */
    private long time(Task t, long now) {
        if (!forked) {
            offset = t.lost;
        }
        latest = Math.max(latest, now - began - offset);
        return latest;
    }

    /** Lets a thread go on that was stopped at {@code since}; the nanoseconds of the tracer's own. */
    private long resume(Task t, int signal, long since) {
        long took = System.nanoTime() - since;
        t.lost += took;
        host.ptrace(options.syscalls ? Host.PTRACE_SYSCALL : Host.PTRACE_CONT, t.tid, 0, signal);
        return took;
    }

    private void stopped(Task t, int signal, int event, long now) throws IOException {
        if (signal == (SIGTRAP | 0x80)) {
            t.lost += trace.cost.callWall;
            t.cpuLost += trace.cost.callCpu;
            systemCall(t, now);
            inBoot(t, now, resume(t, 0, now));
            return;
        }
        t.lost += trace.cost.wall;
        t.cpuLost += trace.cost.cpu;
        if (event == Host.EVENT_STOP) {
            if (signal == SIGTRAP) {
                resume(t, 0, now);
            } else {
                host.ptrace(Host.PTRACE_LISTEN, t.tid, 0, 0); // stopped by a signal: SIGCONT wakes it
            }
        } else if (event != 0) {
            event(t, event, now);
            resume(t, 0, now);
        } else if (signal == SIGTRAP && registers.get(t.tid) && (breakpoints.has(registers.pc() - 1) || registers.pc() - 1 == mainAt)) {
            breakpoint(t, registers.pc() - 1, now);
        } else {
            signal(t, signal, now);
            resume(t, signal, now);
        }
    }

    private void signal(Task t, int signal, long now) {
        Trace.Signal s = new Trace.Signal();
        s.pid = t.pid;
        s.tid = t.tid;
        s.at = time(t, now);
        s.number = signal;
        s.name = constants.one("signal", signal);
        trace.signals.add(s);
        signalled |= signal == 2 || signal == 15;
    }

    /** A stop before main.main: what it took is none of the boot's time. */
    private void inBoot(Task t, long now, long took) {
        if (boot != null && t.tid == pid && !trace.bootComplete) {
            boot.stop(now - entryLeft, took + trace.cost.callWall);
            trace.bootStops++;
        }
    }

    private void breakpoint(Task t, long pc, long now) throws IOException {
        registers.pc(pc);
        registers.set(t.tid);
        if (boot != null && pc == boot.mainAt) {
            t.memory.write(pc, NOP);
        } else {
            breakpoints.remove(pc);
        }
        if (pc == mainAt && !trace.bootComplete) {
            trace.bootComplete = true;
            if (t.tid == pid) {
                trace.bootCpu = Proc.cpu(t.pid, t.tid) - beganCpu - t.cpuLost;
            }
            if (options.faults) {
                trace.faultsAtMain = proc.faults();
                pageCount.count(trace.pages, 1);
            }
        }
        resume(t, 0, now);
    }

    // ---- events ----

    private long message(int tid) {
        host.ptrace(Host.PTRACE_GETEVENTMSG, tid, 0, info);
        return info.get(ValueLayout.JAVA_LONG, 0);
    }

    private void event(Task t, int event, long now) throws IOException {
        switch (event) {
            case Host.EVENT_FORK, Host.EVENT_VFORK, Host.EVENT_CLONE -> made(t, event, (int) message(t.tid), now);
            case Host.EVENT_EXEC -> executed(t, now);
            case Host.EVENT_EXIT -> exiting(t, now);
            default -> {
                // nothing to note
            }
        }
    }

    private void made(Task parent, int event, int tid, long now) {
        time(parent, now);
        forked = true;
        Task t = tasks.computeIfAbsent(tid, k -> new Task(tid, tid));
        t.known = true;
        t.lost = parent.lost;
        boolean thread = event == Host.EVENT_CLONE && isThreadOf(tid, parent.pid);
        t.pid = thread ? parent.pid : tid;
        if (!thread && event == Host.EVENT_FORK) {
            try (Memory copy = new Memory(tid, true)) {
                breakpoints.removeFrom(copy);
            } catch (IOException e) {
                // gone already
            }
        }
        t.record = thread(t, parent.tid, time(parent, now), event == Host.EVENT_FORK ? "fork" : event == Host.EVENT_VFORK ? "vfork" : "clone");
    }

    private static boolean isThreadOf(int tid, int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/task/" + tid));
    }

    /** The process of {@code t} runs another program now; its other threads are gone, and this one has the process's number. */
    private void executed(Task t, long now) throws IOException {
        t.call = null;
        t.pid = t.tid;
        tasks.values().removeIf(o -> o != t && o.pid == t.tid);
        Memory old = memories.remove(t.tid);
        if (old != null) {
            old.close();
        }
        t.memory = null;
        if (t.tid == pid) {
            pageCount = null;
        }
        t.record = thread(t, t.record == null ? 0 : t.record.parent, time(t, now), "exec");
    }

    private void exiting(Task t, long now) {
        if (t.record != null) {
            long cpu = Proc.cpu(t.pid, t.tid);
            t.record.cpu = cpu < 0 ? -1 : Math.max(0, cpu - t.cpuLost - (t.tid == pid ? beganCpu : 0));
            t.record.end = time(t, now);
        }
        if (t.tid == pid && options.faults && pageCount != null) {
            try {
                trace.faultsAtExit = proc.faults();
                pageCount.count(trace.pages, 2);
            } catch (IOException e) {
                trace.faultsAtExit = null; // killed while we looked
            }
        }
    }

    private void ended(Task t, int status, long now) {
        tasks.remove(t.tid);
        if (t.record != null && t.record.end < 0) {
            t.record.end = time(t, now);
        }
        abandon(t);
        if (t.tid == pid) {
            trace.end = time(t, now);
            if ((status & 0x7f) == 0) {
                trace.status = status >> 8 & 0xff;
            } else {
                trace.signal = status & 0x7f;
            }
        }
    }

    // ---- system calls ----

    private void systemCall(Task t, long now) throws IOException {
        if (host.ptrace(Host.PTRACE_GET_SYSCALL_INFO, t.tid, info.byteSize(), info) < 0) {
            return;
        }
        byte op = info.get(ValueLayout.JAVA_BYTE, 0);
        if (t.memory == null) {
            t.memory = memoryOf(t);
        }
        if (op == SYSCALL_ENTRY) {
            enter(t, now);
        } else if (op == SYSCALL_EXIT && t.call != null) {
            Trace.Call c = t.call;
            t.call = null;
            c.result = info.get(ValueLayout.JAVA_LONG, 24);
            c.error = decoder.error(c.result);
            decoder.exit(c.number, t.args, c.args, c.result, t.memory);
            c.shown = decoder.result(c.number, c.result);
            c.duration = Math.max(0, own(t, now) - t.callBegan);
        }
    }

    private Memory memoryOf(Task t) throws IOException {
        Memory m = memories.get(t.pid);
        if (m == null) {
            m = new Memory(t.pid, false);
            memories.put(t.pid, m);
        }
        return m;
    }

    private void enter(Task t, long now) {
        if (trace.calls.size() >= options.maxCalls) {
            trace.callsNotShown++;
            return;
        }
        Trace.Call c = new Trace.Call();
        c.pid = t.pid;
        c.tid = t.tid;
        c.at = time(t, now);
        c.number = (int) info.get(ValueLayout.JAVA_LONG, 24);
        c.name = decoder.name(c.number);
        t.args = new long[6];
        for (int i = 0; i < 6; i++) {
            t.args[i] = info.get(ValueLayout.JAVA_LONG, 32 + 8L * i);
        }
        c.args = decoder.enter(c.number, t.args, t.memory);
        t.call = c;
        t.callBegan = own(t, now);
        trace.calls.add(c);
    }

    private void abandon(Task t) {
        if (t.call != null) {
            decoder.abandon(t.args, t.call.args);
            t.call = null;
        }
    }
}
