// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

/**
 * The times of a trace: nanoseconds since the end of execve. The clock is read when wait returns and again right before the program goes on; what lies
 * between is the tracer's time and is added to the thread's {@link Task#lost}, as is the measured cost of the stop itself ({@link StopCost}).
 */
final class TraceClock {
    private long began;
    private boolean threads;
    private long offset;
    /** The latest time given: a stop that was quicker than usual does not turn time back. */
    private long latest;

    /** {@code began} of System.nanoTime. */
    void begin(long began) {
        this.began = began;
    }

    /** Nanoseconds of a thread's own time: since the beginning, without what it lost. Good for differences. */
    long own(Task t, long now) {
        return now - began - t.lost;
    }

    /**
     * Nanoseconds since the beginning, for all threads. As long as there is one only, without what watching has cost it; later, stops hold
     * up some threads while others run, and there is no common time but the clock's.
     */
    long time(Task t, long now) {
        if (!threads) {
            offset = t.lost;
        }
        latest = Math.max(latest, now - began - offset);
        return latest;
    }

    /** From {@code now} on {@code t} is not the only thread. */
    void fork(Task t, long now) {
        time(t, now);
        threads = true;
    }
}
