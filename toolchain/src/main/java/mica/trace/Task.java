// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

/** A thread under our eyes. */
final class Task {
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
    Trace.Thread record;

    Task(int tid, int pid) {
        this.tid = tid;
        this.pid = pid;
    }
}
