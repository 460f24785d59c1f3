// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

/**
 * What one stop costs, measured at the program's entry before it runs, and subtracted from all times.
 *
 * <p>Between two stops the wall clock passes t = (the program's time) + (from the trap to the tracer and back). The second part is measured
 * by stopping again and again at one breakpoint instruction without letting the program run: {@link #wall} is what a tenth of these stops stays below, as more would turn time back where a stop is quick. What the tracer
 * itself does between is no part of it, as its clock is read right after wait and right before the program goes on. A thread's time
 * on processors counts the kernel's part of a trap only: {@link #cpu}.
 */
public final class StopCost {
    /** Nanoseconds of the wall clock for one stop at a breakpoint; 0 = not measured. */
    public long wall;
    /** Nanoseconds of the thread's processor time for one stop at a breakpoint. */
    public long cpu;
    /** The same for a stop at the entry or exit of a system call. */
    public long callWall;
    public long callCpu;
    /** Repetitions that were measured. */
    public int samples;
}
