// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Watches processes of Linux on amd64.
 *
 * <p>In: the path of an executable with its arguments, or the number of a process. Out: what happened ({@link mica.trace.Trace}:
 * mappings, boot, system calls, faults, threads, end) or what its memory holds ({@link mica.trace.ProcessMap}), as plain objects, and
 * as JSON and text.
 *
 * <p>Invariants: this is the only room that asks about the host; the kernel is called in {@link mica.trace.Host} only, and all of
 * ptrace on one thread, because the kernel knows tracers as threads. Nothing stays behind, stopped or running: the kernel kills what
 * we started when we end, and lets go what we only looked at. What a process's memory holds is never trusted.
 *
 * <p>Start reading at {@link mica.trace.Tracer} and {@link mica.trace.ProcessMapper}.
 */
package mica.trace;
