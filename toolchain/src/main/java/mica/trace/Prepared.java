// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** What the processes of one trace have in common: found out in the first of them, used in the last one. */
final class Prepared {
    final Host host;
    final TraceOptions options;
    final Image image;
    /** null = the program is not Mica's. */
    final RuntimeLayout layout;
    final Constants constants = new Constants();
    final SyscallDecoder decoder = new SyscallDecoder(constants);
    final Registers registers;
    final Registers scratch;
    final MemorySegment message;
    /** For {@link Probes}; null = no boot is asked for. */
    final Notes notes;
    StopCostMeter meter;
    /** What preparing a process uses: nanoseconds on a processor, minor and major faults. */
    long cpuLost;
    long[] faultsLost = new long[2];
    /** The program has got a signal that asks it to end. */
    volatile boolean signalled;
    private Boot boot;
    private long entry;

    Prepared(Host host, TraceOptions options, Image image) throws IOException {
        this.host = host;
        this.options = options;
        this.image = image;
        this.layout = RuntimeLayout.find(image);
        this.registers = new Registers(host);
        this.scratch = new Registers(host);
        this.message = host.arena().allocate(8, 8);
        this.notes = options.boot && image.isGo() ? new Notes(host) : null;
    }

    void close() {
        if (notes != null) {
            notes.close();
        }
    }

    /** A process stands at its entry. The first one tells what a stop costs. */
    void first(int pid, Memory memory, Breakpoints breakpoints, Trace trace) throws IOException {
        registers.get(pid);
        entry = registers.pc();
        if (meter == null) {
            describe(trace);
            measure(pid, memory, breakpoints, trace.cost);
            rehearseCalls(memory);
        }
    }

    /** The boot that the process is to be prepared for; null = none is asked for, or the program is not Go's. */
    Boot boot(Memory memory, Trace trace) throws IOException {
        if (notes != null && (boot == null || boot.bias != image.bias)) {
            boot = new Boot(image, memory, notes, entry, !namesPackages());
            trace.missing = boot.missing;
        }
        return boot;
    }

    private void describe(Trace trace) {
        trace.path = options.args.get(0);
        trace.args = options.args;
        trace.bias = image.bias;
        trace.entry = image.elf.entry + image.bias;
        trace.stripped = image.stripped;
        trace.go = image.isGo();
        trace.mica = layout != null;
    }

    /** The program's runtime will name packages itself. */
    private boolean namesPackages() {
        return options.env.getOrDefault("GODEBUG", "").contains("inittrace") || !options.env.getOrDefault("MICA_BOOTTRACE", "").isEmpty();
    }

    /** Lets the process go to its first instruction and measures there what a stop costs. The process cannot be used for anything else. */
    private void measure(int pid, Memory memory, Breakpoints breakpoints, StopCost cost) throws IOException {
        if (!breakpoints.insert(entry)) {
            throw new IOException("cannot write into the program's text");
        }
        host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
        Probes.trapped(host, pid);
        meter = new StopCostMeter(host, pid, entry, memory, registers);
        meter.measure(cost);
        breakpoints.remove(entry);
        registers.get(pid);
        registers.pc(entry);
        registers.set(pid);
    }

    /** So that the first calls of the program do not find the decoder's classes still to be loaded. */
    private void rehearseCalls(Memory memory) {
        if (options.syscalls) {
            long sp = registers.sp();
            for (int number : new int[] {1, 9, 13, 59, 131, 257, 302}) {
                long[] args = {sp, sp, sp, 0, 0, 0};
                decoder.exit(number, args, decoder.enter(number, args, memory), 0, memory);
                decoder.result(number, -1);
            }
        }
    }
}
