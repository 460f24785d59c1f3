// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** Notes the system calls of stopped threads, by struct ptrace_syscall_info (ptrace(2), PTRACE_GET_SYSCALL_INFO). */
final class CallRecorder implements Closeable {
    private static final int SYSCALL_ENTRY = 1;
    private static final int SYSCALL_EXIT = 2;

    private final Host host;
    private final SyscallDecoder decoder;
    private final Trace trace;
    private final TraceClock clock;
    private final int most;
    private final MemorySegment info;
    private final Map<Integer, Memory> memories = new HashMap<>();

    /** {@code most} calls are kept; later ones are counted only. */
    CallRecorder(Host host, SyscallDecoder decoder, Trace trace, TraceClock clock, int most) {
        this.host = host;
        this.decoder = decoder;
        this.trace = trace;
        this.clock = clock;
        this.most = most;
        this.info = host.arena().allocate(128, 8);
    }

    /** The thread has stopped at the entry or the exit of a call. */
    void stopped(Task t, long now) throws IOException {
        if (host.ptrace(Host.PTRACE_GET_SYSCALL_INFO, t.tid, info.byteSize(), info) < 0) {
            return;
        }
        byte op = info.get(ValueLayout.JAVA_BYTE, 0);
        if (op == SYSCALL_ENTRY) {
            enter(t, now);
        } else if (op == SYSCALL_EXIT && t.call != null) {
            Trace.Call c = t.call;
            t.call = null;
            c.result = info.get(ValueLayout.JAVA_LONG, 24);
            c.error = decoder.error(c.result);
            decoder.exit(c.number, t.args, c.args, c.result, memoryOf(t.pid));
            c.shown = decoder.result(c.number, c.result);
            c.duration = Math.max(0, clock.own(t, now) - t.callBegan);
        }
    }

    /** The memory of a process. */
    private Memory memoryOf(int pid) throws IOException {
        Memory m = memories.get(pid);
        if (m == null) {
            m = new Memory(pid, false);
            memories.put(pid, m);
        }
        return m;
    }

    /** A process has got other memory. */
    void forget(int pid) {
        Memory m = memories.remove(pid);
        if (m != null) {
            m.close();
        }
    }

    @Override
    public void close() {
        memories.values().forEach(Memory::close);
        memories.clear();
    }

    private void enter(Task t, long now) throws IOException {
        if (trace.calls.size() >= most) {
            trace.callsNotShown++;
            return;
        }
        Trace.Call c = new Trace.Call();
        c.pid = t.pid;
        c.tid = t.tid;
        c.at = clock.time(t, now);
        c.number = (int) info.get(ValueLayout.JAVA_LONG, 24);
        c.name = decoder.name(c.number);
        t.args = new long[6];
        for (int i = 0; i < 6; i++) {
            t.args[i] = info.get(ValueLayout.JAVA_LONG, 32 + 8L * i);
        }
        c.args = decoder.enter(c.number, t.args, memoryOf(t.pid));
        t.call = c;
        t.callBegan = clock.own(t, now);
        trace.calls.add(c);
    }

    /** The thread is gone; its call never returned. */
    void abandon(Task t) {
        if (t.call != null) {
            decoder.abandon(t.args, t.call.args);
            t.call = null;
        }
    }
}
