// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Registers of a stopped thread: struct user_regs_struct of amd64 (sys/user.h), 27 words. */
final class Registers {
    private static final int RAX = 10;
    private static final int ORIG_RAX = 15;
    private static final int RIP = 16;
    private static final int RSP = 19;

    private final Host host;
    private final MemorySegment words;

    Registers(Host host) {
        this.host = host;
        this.words = host.arena().allocate(ValueLayout.JAVA_LONG, 32);
    }

    /** Reads those of a thread; false = it is gone. */
    boolean get(int tid) {
        return host.ptrace(Host.PTRACE_GETREGS, tid, 0, words) >= 0;
    }

    boolean set(int tid) {
        return host.ptrace(Host.PTRACE_SETREGS, tid, 0, words) >= 0;
    }

    private long at(int i) {
        return words.getAtIndex(ValueLayout.JAVA_LONG, i);
    }

    long pc() {
        return at(RIP);
    }

    void pc(long pc) {
        words.setAtIndex(ValueLayout.JAVA_LONG, RIP, pc);
        // no system call is to be started again
        words.setAtIndex(ValueLayout.JAVA_LONG, ORIG_RAX, -1);
    }

    long sp() {
        return at(RSP);
    }

    long ax() {
        return at(RAX);
    }

    long bx() {
        return at(5);
    }

    long bp() {
        return at(4);
    }

    long r12() {
        return at(3);
    }

    long dx() {
        return at(12);
    }

    void ax(long v) {
        words.setAtIndex(ValueLayout.JAVA_LONG, RAX, v);
    }
}
