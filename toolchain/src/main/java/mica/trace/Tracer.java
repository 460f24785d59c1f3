// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a program to its end and notes what happens. One thread starts it, waits for its stops and lets it go on; everything else asks
 * this thread.
 */
public final class Tracer {
    private static final int SIGKILL = 9;
    /**
     * The program is first started a few times and killed at its first instruction, nothing of it having run: that measures what a stop costs,
     * and has the kernel and the JVM ready, so that the program itself does not stand still for long between execve and its entry. Cold
     * caches would make its boot look half as long again.
     */
    private static final int REHEARSALS = 20;

    private final TraceOptions options;
    private final Trace trace = new Trace();
    private final CompletableFuture<Trace> result = new CompletableFuture<>();
    private volatile Prepared prepared;
    private volatile int pid;

    private Tracer(TraceOptions options) {
        this.options = options;
    }

    /** Runs the program; when this process is asked to end meanwhile, the program ends first. */
    public static Trace run(TraceOptions options) throws TraceException {
        Tracer t = new Tracer(options);
        Thread hook = new Thread(t::ending);
        Runtime.getRuntime().addShutdownHook(hook);
        Thread.ofPlatform().name("ptrace").daemon().start(t::work);
        try {
            return t.result.join();
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof TraceException te) {
                throw te;
            }
            throw e.getCause() instanceof RuntimeException r ? r : new mica.base.Fault("trace", String.valueOf(e.getCause()), e.getCause());
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // this process ends already
            }
        }
    }

    /** This process is being ended. A terminal has told the program too: then its answer is waited for. */
    private void ending() {
        try {
            for (int i = 0; i < 50 && !result.isDone() && !signalled(); i++) {
                Thread.sleep(10);
            }
            if (!signalled() && pid != 0 && !result.isDone()) {
                try (Arena a = Arena.ofConfined()) {
                    new Host(a).kill(pid, SIGKILL);
                }
            }
            result.handle((t, e) -> null).join();
            Thread.sleep(3000); // for the report: the main thread ends this process when it is written
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean signalled() {
        Prepared p = prepared;
        return p != null && p.signalled;
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            Host host = new Host(arena);
            session(host);
            result.complete(trace);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void session(Host host) throws TraceException {
        Launcher.Streams streams = new Launcher.Streams();
        streams.in = options.stdin;
        streams.out = options.stdout;
        streams.err = options.stderr;
        try {
            prepared = new Prepared(host, options, new Image(options.file, options.args.get(0)));
            for (int i = 0; i < REHEARSALS && (options.boot || i == 0); i++) {
                attempt(host, streams, false);
            }
            attempt(host, streams, true);
        } catch (IOException e) {
            throw new TraceException("mica trace: " + options.args.get(0) + ": " + e.getMessage());
        } finally {
            if (prepared != null) {
                prepared.close();
            }
        }
    }

    /** Starts the program and prepares it; then lets it run, or kills it at its first instruction. */
    private void attempt(Host host, Launcher.Streams streams, boolean run) throws TraceException, IOException {
        pid = new Launcher(host).start(options.file, options.args, options.env, options.cwd, streams);
        try (TraceRun r = new TraceRun(prepared, pid, trace)) {
            r.prepare();
            if (run) {
                r.run();
            } else {
                r.rehearse();
            }
        }
    }
}
