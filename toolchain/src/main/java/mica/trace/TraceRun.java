// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One process from execve on: prepared, and then run to its end, or killed at its first instruction. Its stops are answered here. */
final class TraceRun implements Closeable {
    private static final int WNOTHREAD = 0x20000000;
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final byte NOP = (byte) 0x90;

    private final Prepared prepared;
    private final Host host;
    private final TraceOptions options;
    private final Trace trace;
    private final Registers registers;
    private final MemorySegment message;
    private final int pid;
    private final Proc proc;
    private final Memory memory;
    private final Breakpoints breakpoints;
    private final Map<Integer, Task> tasks = new LinkedHashMap<>();
    /** What wait said of threads that are not known yet. */
    private final Map<Integer, Integer> early = new HashMap<>();
    /** What there is to end when the time is over; also read by the thread that waits for that. */
    private final Set<Integer> processes = ConcurrentHashMap.newKeySet();
    private Boot boot;
    /** null = the process runs another program now. */
    private PageCount pageCount;
    private long mainAt;
    private final TraceClock clock = new TraceClock();
    private final CallRecorder calls;
    /** Nanoseconds from the end of execve to the entry. */
    private long entryAt;
    /** When the program went on from its entry. */
    private long entryLeft;
    private long beganCpu;

    /** Takes a process that has stopped after exec. */
    TraceRun(Prepared prepared, int pid, Trace trace) throws IOException {
        this.prepared = prepared;
        this.host = prepared.host;
        this.options = prepared.options;
        this.trace = trace;
        this.registers = prepared.registers;
        this.message = prepared.message;
        this.pid = pid;
        this.proc = new Proc(pid);
        this.memory = new Memory(pid, true);
        this.breakpoints = new Breakpoints(memory);
        this.pageCount = new PageCount(prepared.image, proc);
        this.calls = new CallRecorder(host, prepared.decoder, trace, clock, options.maxCalls);
        tasks.put(pid, new Task(pid, pid));
        processes.add(pid);
    }

    /** Has the process stand at its entry with everything in place. */
    void prepare() throws IOException {
        host.ptrace(Host.PTRACE_SETOPTIONS, pid, 0, Host.OPTION_SYSGOOD | Host.OPTION_FORK | Host.OPTION_VFORK | Host.OPTION_CLONE
                | Host.OPTION_EXEC | Host.OPTION_EXIT | Host.OPTION_EXITKILL);
        if (prepared.image.elf.fileType != 2) {
            prepared.image.place(proc);
        }
        prepared.first(pid, memory, breakpoints, trace);
        observe();
        boot = prepared.boot(memory, trace);
        if (boot != null) {
            pageCount.skip = boot::owns;
            mainAt = boot.mainAt;
            beganCpu = Proc.cpu(pid, pid);
            boot.enter(host, pid, memory, registers, prepared.scratch, prepared.meter, trace.cost.wall);
            entryAt = boot.execTime();
        } else {
            beganCpu = Proc.cpu(pid, pid);
            mainAt = prepared.image.isGo() ? prepared.image.address("main.main") : 0;
            if (mainAt != 0) {
                breakpoints.insert(mainAt);
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

    /** Minor and major faults so far, without those of preparing. */
    private long[] faults() throws IOException {
        long[] f = proc.faults();
        return new long[] {f[0] - prepared.faultsLost[0], f[1] - prepared.faultsLost[1]};
    }

    /** Goes as far as {@link #run} would before the program's own first instruction, and notes what that uses. */
    void rehearse() throws IOException {
        if (boot != null) {
            long[] before = proc.faults();
            boot.warm(host, pid);
            long[] after = proc.faults();
            long cpu = Proc.cpu(pid, pid) - beganCpu;
            prepared.cpuLost = prepared.cpuLost == 0 ? cpu : Math.min(prepared.cpuLost, cpu);
            long entered = trace.faultsAtEntry == null ? 0 : before[0] - trace.faultsAtEntry[0];
            prepared.faultsLost = new long[] {after[0] - before[0] + entered, after[1] - before[1]};
        }
    }

    /** Lets the process run to its end. */
    void run() throws IOException {
        Task first = tasks.get(pid);
        trace.pid = pid;
        trace.calls = options.syscalls ? new ArrayList<>() : null;
        first.record = thread(first, 0, 0, "exec");
        beganCpu += prepared.cpuLost;
        if (boot != null) {
            boot.warm(host, pid);
        }
        entryLeft = System.nanoTime();
        resume(first, 0, entryLeft);
        clock.begin(entryLeft - entryAt);
        if (boot != null) {
            boot.left(prepared.meter.tick(entryLeft + trace.cost.wall / 2));
        }
        Thread limit = options.seconds > 0 ? Thread.ofVirtual().start(this::limit) : null;
        try {
            loop();
        } finally {
            if (limit != null) {
                limit.interrupt();
            }
        }
        trace.steps = boot == null ? null : boot.steps(entryAt);
    }

    /** Ends the program with its children when its time is over; what they leave is read as at any end. */
    private void limit() {
        try {
            TimeUnit.SECONDS.sleep(options.seconds);
        } catch (InterruptedException e) {
            return;
        }
        trace.overtime = true; // those that are made from here on are ended by their maker's stop
        try (Arena arena = Arena.ofConfined()) {
            Host own = new Host(arena);
            processes.forEach(p -> own.kill(p, SIGKILL));
        }
    }

    private void loop() throws IOException {
        while (!tasks.isEmpty()) {
            int tid = host.wait(-1, WNOTHREAD);
            long now = System.nanoTime();
            if (tid < 0) {
                return;
            }
            Task t = tasks.get(tid);
            if (t == null) {
                early.put(tid, host.status()); // its creator has not told of it yet
            } else {
                changed(t, host.status(), now);
            }
        }
    }

    private void changed(Task t, int status, long now) throws IOException {
        if ((status & 0xff) != 0x7f) {
            ended(t, status, now);
        } else {
            stopped(t, status >> 8 & 0xff, status >> 16, now);
        }
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
            calls.stopped(t, now);
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
        s.at = clock.time(t, now);
        s.number = signal;
        s.name = prepared.constants.one("signal", signal);
        trace.signals.add(s);
        if (signal == SIGINT || signal == SIGTERM) {
            prepared.signalled = true;
        }
    }

    /** A stop before main.main: what it took is none of the boot's time. */
    private void inBoot(Task t, long now, long took) {
        if (boot != null && t.tid == pid && !trace.bootComplete) {
            boot.stop(now - entryLeft, took + trace.cost.callWall);
            trace.bootStops++;
        }
    }

    private void breakpoint(Task t, long pc, long now) throws IOException {
        if (boot != null && pc == boot.mainAt) {
            memory.write(pc, NOP); // it goes on behind
        } else {
            registers.pc(pc);
            registers.set(t.tid);
            breakpoints.remove(pc);
        }
        if (pc == mainAt && !trace.bootComplete) {
            trace.bootComplete = true;
            if (t.tid == pid) {
                trace.bootCpu = Proc.cpu(t.pid, t.tid) - beganCpu - t.cpuLost;
            }
            if (options.faults) {
                trace.faultsAtMain = faults();
                pageCount.count(trace.pages, 1);
            }
        }
        resume(t, 0, now);
    }

    // ---- events ----

    private long eventMessage(int tid) {
        host.ptrace(Host.PTRACE_GETEVENTMSG, tid, 0, message);
        return message.get(ValueLayout.JAVA_LONG, 0);
    }

    private void event(Task t, int event, long now) throws IOException {
        switch (event) {
            case Host.EVENT_FORK, Host.EVENT_VFORK, Host.EVENT_CLONE -> made(t, event, (int) eventMessage(t.tid), now);
            case Host.EVENT_EXEC -> executed(t, now);
            case Host.EVENT_EXIT -> exiting(t, now);
            default -> {
                // nothing to note
            }
        }
    }

    private void made(Task parent, int event, int tid, long now) throws IOException {
        clock.fork(parent, now);
        Task t = new Task(tid, tid);
        tasks.put(tid, t);
        t.lost = parent.lost;
        boolean thread = event == Host.EVENT_CLONE && isThreadOf(tid, parent.pid);
        t.pid = thread ? parent.pid : tid;
        if (!thread) {
            processes.add(tid);
            if (trace.overtime) {
                host.kill(tid, SIGKILL);
            }
        }
        if (!thread && event == Host.EVENT_FORK) {
            try (Memory copy = new Memory(tid, true)) {
                breakpoints.removeFrom(copy);
            } catch (IOException e) {
                // gone already
            }
        }
        t.record = thread(t, parent.tid, clock.time(parent, now), event == Host.EVENT_FORK ? "fork" : event == Host.EVENT_VFORK ? "vfork" : "clone");
        Integer status = early.remove(tid);
        if (status != null) {
            changed(t, status, now);
        }
    }

    private static boolean isThreadOf(int tid, int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/task/" + tid));
    }

    /** The process of {@code t} runs another program now; its other threads are gone, and this one has the process's number. */
    private void executed(Task t, long now) {
        t.call = null;
        t.pid = t.tid;
        tasks.values().removeIf(o -> o != t && o.pid == t.tid);
        calls.forget(t.tid);
        if (t.tid == pid) {
            pageCount = null;
            mainAt = 0;
        }
        long at = clock.time(t, now);
        if (t.record != null) {
            t.record.end = at;
        }
        t.record = thread(t, t.record == null ? 0 : t.record.parent, at, "exec");
    }

    private void exiting(Task t, long now) {
        if (t.record != null) {
            long cpu = Proc.cpu(t.pid, t.tid);
            t.record.cpu = cpu < 0 ? -1 : Math.max(0, cpu - t.cpuLost - (t.tid == pid ? beganCpu : 0));
            t.record.end = clock.time(t, now);
        }
        if (t.tid == pid && options.faults && pageCount != null) {
            try {
                trace.faultsAtExit = faults();
                pageCount.count(trace.pages, 2);
            } catch (IOException e) {
                trace.faultsAtExit = null; // killed while we looked
            }
        }
        if (t.tid == pid && options.memory && pageCount != null) {
            trace.memory = memory();
        }
    }

    /** The memory of the first process, which all its threads leave as it is: they are about to end too. null = it is gone. */
    private ProcessMap memory() {
        ResidentMemory m = new ResidentMemory(proc, prepared.image, prepared.layout);
        m.tracers = pageCount.skip;
        try {
            long since = System.nanoTime();
            ProcessMap map = m.read();
            map.threads = (int) tasks.values().stream().filter(o -> o.pid == pid).count();
            map.stopped = System.nanoTime() - since;
            return map;
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // killed while we looked
        }
    }

    private void ended(Task t, int status, long now) {
        tasks.remove(t.tid);
        processes.remove(t.tid);
        if (t.record != null && t.record.end < 0) {
            t.record.end = clock.time(t, now);
        }
        calls.abandon(t);
        if (t.tid == pid) {
            trace.end = clock.time(t, now);
            if ((status & 0x7f) == 0) {
                trace.status = status >> 8 & 0xff;
            } else {
                trace.signal = status & 0x7f;
            }
        }
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

    /** Kills what is left of the program. */
    @Override
    public void close() {
        for (Task t : tasks.values()) {
            host.kill(t.pid, SIGKILL);
        }
        while (!tasks.isEmpty()) {
            int tid = host.wait(-1, WNOTHREAD);
            if (tid < 0) {
                tasks.clear();
                break;
            }
            int status = host.status();
            if ((status & 0xff) != 0x7f) {
                tasks.remove(tid);
            } else {
                host.ptrace(Host.PTRACE_CONT, tid, 0, 0);
            }
        }
        memory.close();
        calls.close();
    }
}
