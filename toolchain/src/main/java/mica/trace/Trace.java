// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run has shown. Times are nanoseconds since the kernel had put the program into its process (the end of execve), the time that
 * watching took left out (see {@link StopCost}).
 */
public final class Trace {
    /** One interval of the way from execve to main.main; each begins where the one before it ends. */
    public static final class Step {
        public final String name;
        /** Import path, for the initialization of a package; else null. */
        public final String pkg;
        /** The symbol at whose first instruction it begins; null = the kernel. */
        public final String symbol;
        public final long begin;
        /** -1 = it never ended. */
        public long end = -1;

        Step(String name, String pkg, String symbol, long begin) {
            this.name = name;
            this.pkg = pkg;
            this.symbol = symbol;
            this.begin = begin;
        }

        @Override
        public String toString() {
            return pkg == null ? name : name + " " + pkg;
        }
    }

    /** A step that this executable does not show. */
    public static final class Missing {
        public final String name;
        public final String why;

        Missing(String name, String why) {
            this.name = name;
            this.why = why;
        }
    }

    /** One system call. */
    public static final class Call {
        public int pid;
        public int tid;
        public long at;
        /** From its entry to its exit; -1 = it never returned. */
        public long duration = -1;
        public int number;
        public String name;
        /** The arguments as text, each by its kind. */
        public List<String> args;
        /** As the kernel returns it. */
        public long result;
        /** The result as text: a number, an address, or -1 with the error's name; "?" = it never returned. */
        public String shown = "?";
        /** The name of the error; null = none. */
        public String error;
    }

    /** A thread, or the only thread of a process. */
    public static final class Thread {
        public int pid;
        public int tid;
        /** The thread that made it; 0 = the first. */
        public int parent;
        public long at;
        /** -1 = it was there until the process ended. */
        public long end = -1;
        public long cpu = -1;
        /** clone, fork, vfork, exec. */
        public String how;
    }

    /** A signal that was delivered. */
    public static final class Signal {
        public int pid;
        public int tid;
        public long at;
        public int number;
        public String name;
    }

    /** A range of the first mappings: the kernel's answer to one program header. */
    public static final class Mapped {
        public Mapping mapping;
        /** Index of the program header; -1 = none of the file's. */
        public int segment = -1;
        /** Names of the sections that lie in it, in order of address. */
        public List<String> sections = new ArrayList<>();
        /** What the kernel made it for, where there is no segment; "" = see the path. */
        public String note = "";
    }

    /** Pages of one owner that were resident at three times. */
    public static final class Pages {
        public final String owner;
        public long atEntry;
        /** -1 = main.main was not reached. */
        public long atMain = -1;
        /** -1 = not known: the process was killed. */
        public long atExit = -1;

        Pages(String owner) {
            this.owner = owner;
        }
    }

    public String path;
    public List<String> args = List.of();
    public int pid;
    public long entry;
    /** Where the file's addresses are in the process: 0 unless it is position independent. */
    public long bias;
    public boolean stripped;
    public boolean go;
    public boolean mica;

    public List<Mapped> maps;

    public List<Step> steps;
    public List<Missing> missing = new ArrayList<>();
    /** main.main was reached. */
    public boolean bootComplete;
    /** Processor time from execve to main.main; -1 = not known. */
    public long bootCpu = -1;
    /** Stops within the time line, whose cost was subtracted. */
    public int bootStops;
    public StopCost cost = new StopCost();

    public List<Call> calls;
    public long callsNotShown;

    public List<Pages> pages;
    /** Page faults {minor, major} up to the entry, to main.main and to the end; null = not known. */
    public long[] faultsAtEntry;
    public long[] faultsAtMain;
    public long[] faultsAtExit;

    /** At the last moment before the end, all threads counted that were there then; null = not asked for, or it was gone before it could be read. */
    public ProcessMap memory;

    public final List<Thread> threads = new ArrayList<>();
    public final List<Signal> signals = new ArrayList<>();

    /** The program's status, if it exited. */
    public int status = -1;
    /** The signal that ended it; 0 = none. */
    public int signal;
    /** Time of the end. */
    public long end;
    /** The program's time was over: the tracer ended it. */
    public volatile boolean overtime;

    /** The step that was not over when the process ended before main.main; null = none. */
    public Step unfinished() {
        return steps == null || bootComplete || steps.isEmpty() ? null : steps.getLast();
    }
}
