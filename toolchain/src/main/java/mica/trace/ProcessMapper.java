// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Stops a running Mica program, finds out who owns each of its resident pages ({@link ResidentMemory}), and lets it go on. */
public final class ProcessMapper {
    /** The process that all threads of the kernel descend from. */
    private static final int KERNEL_THREADS = 2;
    private static final long PATIENCE = 5_000_000_000L;

    private final int pid;
    private final Proc proc;
    /** Stopped threads, and the signal that each was about to get. */
    private final Map<Integer, Integer> stopped = new HashMap<>();
    private Host host;
    private Image image;
    private RuntimeLayout layout;
    private String path;

    private ProcessMapper(int pid) {
        this.pid = pid;
        this.proc = new Proc(pid);
    }

    /** The memory of process {@code pid}. */
    public static ProcessMap read(int pid) throws TraceException {
        ProcessMapper m = new ProcessMapper(pid);
        CompletableFuture<ProcessMap> done = new CompletableFuture<>();
        // When this thread ends, the kernel lets go whatever it still traces.
        Thread.ofPlatform().name("ptrace").daemon().start(() -> m.work(done));
        try {
            return done.join();
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof TraceException t) {
                throw t;
            }
            throw e.getCause() instanceof RuntimeException r ? r : new mica.base.Fault("trace", String.valueOf(e.getCause()), e.getCause());
        }
    }

    private void work(CompletableFuture<ProcessMap> done) {
        try (Arena arena = Arena.ofConfined()) {
            host = new Host(arena);
            open();
            ProcessMap result;
            try {
                stop();
                long since = System.nanoTime();
                result = new ResidentMemory(proc, image, layout).read();
                result.threads = stopped.size();
                result.stopped = System.nanoTime() - since;
            } finally {
                release();
            }
            done.complete(result);
        } catch (IOException e) {
            done.completeExceptionally(new TraceException("mica map: " + gone(e)));
        } catch (Throwable t) {
            done.completeExceptionally(t);
        }
    }

    private String gone(IOException e) {
        return proc.runs() ? String.valueOf(e.getMessage()) : "process " + pid + " has ended";
    }

    // ---- before ----

    private void open() throws TraceException, IOException {
        if (pid <= 0 || !proc.exists()) {
            throw new TraceException("mica map: no process " + pid);
        }
        String status = proc.read("status");
        if (Proc.field(status, "State").startsWith("Z")) {
            throw new TraceException("mica map: process " + pid + " has ended; its parent has not asked for its status yet");
        }
        if (Proc.field(status, "VmSize").isEmpty()) {
            if (pid != KERNEL_THREADS && !Proc.field(status, "PPid").equals(String.valueOf(KERNEL_THREADS))) {
                throw new TraceException("mica map: process " + pid + " has ended");
            }
            throw new TraceException("mica map: process " + pid + " has no memory of its own: it is one of the kernel's");
        }
        try {
            path = proc.executable().toString();
            image = new Image(proc.executableLink(), path);
        } catch (java.nio.file.AccessDeniedException e) {
            boolean other = !Proc.field(status, "Uid").equals(Proc.field(new Proc((int) ProcessHandle.current().pid()).read("status"), "Uid"));
            throw new TraceException(Forbidden.message(host, "map", Host.EPERM) + ": process " + pid
                    + (other ? " belongs to another user" : " has rights that this one lacks, or allows nobody to look into it"));
        }
        layout = RuntimeLayout.find(image);
        if (layout == null) {
            throw new TraceException("mica map: process " + pid + " runs " + path + ", which this version of Mica has not built");
        }
        image.place(proc);
    }

    /** Stops all threads; those that are made meanwhile too. */
    private void stop() throws TraceException, IOException {
        for (boolean more = true; more;) {
            more = false;
            for (int tid : proc.threads()) {
                if (!stopped.containsKey(tid) && seize(tid)) {
                    more = true;
                }
            }
        }
        if (stopped.isEmpty()) {
            throw new TraceException("mica map: process " + pid + " has ended");
        }
    }

    private boolean seize(int tid) throws TraceException, IOException {
        int r = host.ptrace(Host.PTRACE_SEIZE, tid, 0, 0);
        if (r == -Host.ESRCH || r == -Host.EPERM && !proc.runs(tid)) {
            return false; // ended meanwhile
        }
        if (r < 0) {
            String tracer = Proc.field(proc.read("status"), "TracerPid");
            throw new TraceException(!tracer.isEmpty() && !tracer.equals("0") ? "mica map: process " + pid + " is traced by process " + tracer + " already"
                    : Forbidden.message(host, "map", -r));
        }
        host.ptrace(Host.PTRACE_INTERRUPT, tid, 0, 0);
        for (long until = System.nanoTime() + PATIENCE; ; ) {
            int w = host.wait(tid, Host.WNOHANG);
            if (w < 0) {
                return false;
            }
            if (w == tid) {
                int status = host.status();
                if ((status & 0xff) != 0x7f) {
                    return false; // it has ended
                }
                stopped.put(tid, status >> 16 == 0 ? status >> 8 & 0xff : 0);
                return true;
            }
            if (System.nanoTime() > until) {
                throw new TraceException("mica map: thread " + tid + " does not stop: it waits inside the kernel");
            }
            Thread.onSpinWait();
        }
    }

    private void release() {
        for (Map.Entry<Integer, Integer> e : stopped.entrySet()) {
            host.ptrace(Host.PTRACE_DETACH, e.getKey(), 0, e.getValue());
        }
    }
}
