// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.Arrays;

/** Measures {@link StopCost} in a process that is stopped at a breakpoint at its entry; leaves memory and registers as they were. */
final class StopCostMeter {
    private static final int ROUNDS = 300;
    /** The first ones are slower: the JVM has not compiled the way yet. */
    private static final int COUNTED = 200;
    private static final int GETPID = 39;
    /** SYSCALL; INT3 */
    private static final byte[] CALL = {0x0f, 0x05, (byte) 0xcc};

    /** RDTSC; INT3 */
    private static final byte[] COUNTER = {0x0f, 0x31, (byte) 0xcc};
    private static final int TRIES = 20;

    /** Nanoseconds of the clock for one step of the processor's time stamp counter; measured over the whole time of measuring. */
    double nanosPerTick;
    private long[] pair;

    private final Host host;
    private final int pid;
    private final long entry;
    private final Memory memory;
    private final Registers registers;

    StopCostMeter(Host host, int pid, long entry, Memory memory, Registers registers) {
        this.host = host;
        this.pid = pid;
        this.entry = entry;
        this.memory = memory;
        this.registers = registers;
    }

    void measure(StopCost cost) {
        Registers saved = new Registers(host);
        saved.get(pid);
        long[] wall = new long[ROUNDS];
        long[] cpu = new long[ROUNDS];
        long[] first = counter();
        for (int i = 0; i < ROUNDS; i++) {
            breakpoint(wall, cpu, i);
        }
        cost.wall = typical(wall);
        cost.cpu = typical(cpu);
        byte[] old = memory.read(entry, CALL.length);
        if (old != null && old.length == CALL.length && memory.write(entry, CALL)) {
            for (int i = 0; i < ROUNDS; i++) {
                call(wall, cpu, i);
            }
            cost.callWall = Math.max(0, (typical(wall) - cost.wall) / 2);
            cost.callCpu = Math.max(0, (typical(cpu) - cost.cpu) / 2);
            memory.write(entry, old);
        }
        cost.samples = COUNTED;
        long[] last = counter();
        pair = last;
        nanosPerTick = (double) (last[0] - first[0]) / (last[1] - first[1]);
        saved.set(pid);
    }

    /** What a stop costs when nothing else disturbs: the tenth part of the samples is quicker. */
    private static long typical(long[] a) {
        long[] last = Arrays.copyOfRange(a, ROUNDS - COUNTED, ROUNDS);
        Arrays.sort(last);
        return last[COUNTED / 10];
    }

    /** Once from the breakpoint to itself. */
    private void breakpoint(long[] wall, long[] cpu, int i) {
        at(entry);
        long c = Proc.cpu(pid, pid);
        long t = System.nanoTime();
        host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
        host.wait(pid, 0);
        wall[i] = System.nanoTime() - t;
        cpu[i] = Proc.cpu(pid, pid) - c;
    }

    /** Two stops at a system call that does nothing, and one at the breakpoint behind it. */
    private void call(long[] wall, long[] cpu, int i) {
        at(entry);
        long c = Proc.cpu(pid, pid);
        long used = 0;
        for (int stop = 0; stop < 3; stop++) {
            long t = System.nanoTime();
            host.ptrace(Host.PTRACE_SYSCALL, pid, 0, 0);
            host.wait(pid, 0);
            used += System.nanoTime() - t;
        }
        wall[i] = used;
        cpu[i] = Proc.cpu(pid, pid) - c;
    }

    /** The counter at a time of the clock. */
    long tick(long clock) {
        return pair[1] + (long) ((clock - pair[0]) / nanosPerTick);
    }

    /** {clock, counter} at the same time: of several tries the one that took least. */
    private long[] counter() {
        byte[] old = memory.read(entry, COUNTER.length);
        memory.write(entry, COUNTER);
        long best = Long.MAX_VALUE;
        long[] result = new long[2];
        for (int i = 0; i < TRIES; i++) {
            at(entry);
            long t = System.nanoTime();
            host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
            host.wait(pid, 0);
            long took = System.nanoTime() - t;
            registers.get(pid);
            if (took < best) {
                best = took;
                result[0] = t + took / 2;
                result[1] = registers.dx() << 32 | registers.ax() & 0xffffffffL;
            }
        }
        memory.write(entry, old);
        return result;
    }

    private void at(long pc) {
        registers.get(pid);
        registers.pc(pc);
        registers.ax(GETPID);
        registers.set(pid);
    }
}
