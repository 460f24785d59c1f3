// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.inspect.Executable;

/**
 * Follows a Go program from execve to main.main by breakpoints, each of which is hit once.
 *
 * <p>The runtime's stations are breakpoints at functions. Packages are initialized one after the other, as the list of records
 * {@code go:main.inittasks} says ({state uint32, nfns uint32, addresses of nfns functions}): of the package whose turn it is, the entry of the
 * first function is the beginning, and the return from the last one the end. Where the list cannot be found, all functions
 * that are named like initializers get a breakpoint.
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
        long[] functions;
    }

    /** In their order. The second names are Mica's. */
    private static final Station[] STATIONS = {
        new Station("rt0_go", "runtime.rt0_go", "runtime.rt0_go.abi0"),
        new Station("args", "runtime.args", "runtime.sysargs"),
        new Station("osinit", "runtime.osinit"),
        new Station("schedinit", "runtime.schedinit"),
        new Station("newproc", "runtime.newproc", "runtime.newproc1"),
        new Station("mstart", "runtime.mstart", "runtime.mstart.abi0", "runtime.mstart1"),
        new Station("runtime.main", "runtime.main"),
        new Station("main.main", "main.main")
    };
    private static final String[] TASK_LISTS = {"go:runtime.inittasks", "runtime.runtime_inittasks", "go:main.inittasks"};
    private static final int MAX_TASKS = 100_000;

    final List<Trace.Step> steps = new ArrayList<>();
    final List<Trace.Missing> missing = new ArrayList<>();
    boolean complete;

    private final Image image;
    private final Memory memory;
    private final Breakpoints breakpoints;
    private final Map<Long, Station> stations = new HashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private int next;
    /** The package being initialized; null = none. */
    private Task running;
    private long expected;
    /** Calls of {@link #expected} to be passed before the one that is waited for. */
    private int pass;
    private long returnTo;
    /** Without a list of tasks: initializers by entry. */
    private final Map<Long, String> initializers = new HashMap<>();

    Boot(Image image, Memory memory, Breakpoints breakpoints) {
        this.image = image;
        this.memory = memory;
        this.breakpoints = breakpoints;
    }

    /** At the first instruction: {@code at} and {@code cpu} are what execve's return took. */
    void entry(long at, long cpu) {
        steps.add(new Trace.Step("exec", null, null, 0, cpu < 0 ? -1 : 0));
        enter("entry", null, image.exe.elf.entry == image.address("_rt0_amd64_linux") - image.bias ? "_rt0_amd64_linux" : null, at, cpu);
        for (Station s : STATIONS) {
            boolean found = false;
            for (String symbol : s.symbols) {
                long a = image.address(symbol);
                if (a != 0 && breakpoints.insert(a)) {
                    stations.put(a, s);
                    found = true;
                }
            }
            if (!found) {
                missing.add(new Trace.Missing(s.name, image.isGo() ? "the executable has no function " + s.symbols[0] + ": it is inlined or left out"
                        : "not a Go program"));
            }
        }
    }

    /** The address is one of ours. */
    boolean owns(long pc) {
        return stations.containsKey(pc) || pc == expected || pc == returnTo || initializers.containsKey(pc);
    }

    /** Main.main was reached, or will never be. */
    boolean done() {
        return complete;
    }

    /**
     * A breakpoint was hit.
     *
     * @param sp the thread's stack pointer @param at time since exec @param cpu the thread's processor time since exec
     * @return true if the breakpoint stays: the thread has to step over it
     */
    boolean hit(long pc, long sp, long at, long cpu) {
        Station s = stations.get(pc);
        if (s != null) {
            station(s, pc, at, cpu);
            return false;
        }
        if (pc == returnTo) {
            breakpoints.remove(pc);
            returnTo = 0;
            enter("runtime.main", null, null, at, cpu);
            running = null;
            if (initializers.isEmpty()) {
                arm();
            }
            return false;
        }
        String pkg = initializers.get(pc);
        if (pkg != null) {
            breakpoints.remove(pc);
            initializers.remove(pc);
            enter("init", pkg, image.function(pc), at, cpu);
            awaitReturn(sp);
            return false;
        }
        return task(pc, sp, at, cpu);
    }

    private void station(Station s, long pc, long at, long cpu) {
        for (String symbol : s.symbols) {
            long a = image.address(symbol);
            if (stations.remove(a, s)) {
                breakpoints.remove(a);
            }
        }
        enter(s.name, null, image.function(pc), at, cpu);
        if (s.name.equals("runtime.main")) {
            findTasks();
        } else if (s.name.equals("main.main")) {
            complete = true;
            Trace.Step main = steps.getLast();
            main.end = main.begin;
            main.cpuEnd = main.cpuBegin;
            breakpoints.removeAll();
        }
    }

    /** Ends the step before and begins the next one. */
    private void enter(String name, String pkg, String symbol, long at, long cpu) {
        Trace.Step last = steps.getLast();
        // what is subtracted is a median: a shorter stop must not turn time back
        last.end = Math.max(last.begin, at);
        last.cpuEnd = cpu < 0 ? -1 : Math.max(last.cpuBegin, cpu);
        steps.add(new Trace.Step(name, pkg, symbol == null || symbol.isEmpty() ? null : symbol, last.end, last.cpuEnd));
    }

    // ---- packages ----

    private void findTasks() {
        for (String list : TASK_LISTS) {
            long at = image.address(list);
            for (long i = 0; at != 0 && i < Math.min(MAX_TASKS, image.size(list) / 8); i++) {
                addTask(memory.word(at + 8 * i, 0));
            }
        }
        if (tasks.isEmpty()) {
            findRuntimeTasks();
        }
        if (!tasks.isEmpty()) {
            arm();
            return;
        }
        for (Executable.Sym f : image.functions()) {
            String pkg = initializerOf(f.name);
            if (pkg != null && breakpoints.insert(f.address + image.bias)) {
                initializers.put(f.address + image.bias, pkg);
            }
        }
        missing.add(new Trace.Missing("init", initializers.isEmpty() ? "no package has work to do, or the executable does not say which"
                : "without symbols the list of packages cannot be found: functions that are named like initializers are shown instead"));
    }

    /** The list that Mica's runtime shows to inspectors of stripped files. */
    private void findRuntimeTasks() {
        RuntimeLayout layout = RuntimeLayout.find(image);
        if (layout != null) {
            long at = memory.word(layout.moduledata + image.bias + layout.offset("moduledata.inittasks"), 0);
            long n = memory.word(layout.moduledata + image.bias + layout.offset("moduledata.ninittasks"), 0);
            for (long i = 0; i < Math.min(n, MAX_TASKS); i++) {
                addTask(memory.word(at + 8 * i, 0));
            }
        }
    }

    private void addTask(long record) {
        long head = memory.word(record, 0);
        int n = (int) (head >>> 32);
        if (n <= 0 || n > MAX_TASKS) {
            return;
        }
        Task t = new Task();
        t.functions = new long[n];
        for (int i = 0; i < n; i++) {
            t.functions[i] = memory.word(record + 8 + 8L * i, 0);
        }
        t.pkg = image.packageOfTask(record);
        if (t.pkg == null) {
            String name = image.function(t.functions[0]);
            t.pkg = initializerOf(name) == null ? name : initializerOf(name);
        }
        tasks.add(t);
    }

    /** Import path of a function that initializes a package ({@code init}, {@code init.0}, {@code init.var.3}); null = it is none. */
    static String initializerOf(String function) {
        int at = function.lastIndexOf(".init");
        if (at <= 0 || function.indexOf('(') >= 0 || function.indexOf('[') >= 0 || !function.substring(at).matches("\\.init(\\.var)?(\\.[0-9]+)?")) {
            return null;
        }
        return Image.unescape(function.substring(0, at));
    }

    /** Waits for the next package. */
    private void arm() {
        expected = 0;
        if (next < tasks.size()) {
            expected = tasks.get(next).functions[0];
            pass = 0;
            breakpoints.insert(expected);
        }
    }

    private boolean task(long pc, long sp, long at, long cpu) {
        if (running == null) {
            if (!image.function(memory.word(sp, 0)).startsWith("runtime.")) {
                return true; // equal code of another function, which the linker has folded with this one
            }
            running = tasks.get(next++);
            enter("init", running.pkg, image.function(pc), at, cpu);
            if (running.functions.length > 1) {
                long last = running.functions[running.functions.length - 1];
                pass = 0;
                for (int i = 1; i + 1 < running.functions.length; i++) {
                    pass += running.functions[i] == last ? 1 : 0;
                }
                if (last != pc) {
                    breakpoints.remove(pc);
                    breakpoints.insert(last);
                }
                expected = last;
                return last == pc;
            }
        } else if (pass-- > 0) {
            return true;
        }
        breakpoints.remove(pc);
        expected = 0;
        awaitReturn(sp);
        return false;
    }

    private void awaitReturn(long sp) {
        returnTo = memory.word(sp, 0);
        if (returnTo != 0) {
            breakpoints.insert(returnTo);
        }
    }
}
