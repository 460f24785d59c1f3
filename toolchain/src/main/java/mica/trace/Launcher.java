// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Starts a program so that it is traced from its first instruction on.
 *
 * <p>A JVM cannot fork and go on in the child, so that the child cannot ask to be traced. Instead {@code posix_spawn} runs on a
 * thread of its own, and the first thing it has the child do is to open a named pipe for reading, which blocks until somebody opens the
 * other end: by then the child is seized. It goes on, executes the program, and stops there.
 */
final class Launcher {
    private static final int O_WRONLY_NONBLOCK = 1 | 0x800;
    private static final int SPAWN_SETSIGMASK = 8;
    /** A descriptor that nobody uses; closed again before the program runs. */
    private static final int PIPE_FD = 991;

    private final Host host;

    Launcher(Host host) {
        this.host = host;
    }

    /** Where the program's input and output are; null = those of this process. */
    static final class Streams {
        Path in;
        Path out;
        Path err;
    }

    /**
     * Starts {@code file} with {@code args} (the program's name first); returns its process number when it has stopped after exec, nothing
     * of it having run. Further changes come by {@link Host#wait}.
     */
    int start(Path file, List<String> args, Map<String, String> env, Path cwd, Streams streams) throws TraceException {
        Path dir = null;
        try {
            dir = Files.createTempDirectory("mica-trace");
            return start(dir.resolve("go"), file, args, env, cwd, streams);
        } catch (IOException e) {
            throw new TraceException("mica trace: " + e.getMessage());
        } finally {
            remove(dir);
        }
    }

    private static void remove(Path dir) {
        try {
            if (dir != null) {
                Files.deleteIfExists(dir.resolve("go"));
                Files.deleteIfExists(dir);
            }
        } catch (IOException e) {
            // an empty temporary folder harms nobody
        }
    }

    private int start(Path pipe, Path file, List<String> args, Map<String, String> env, Path cwd, Streams streams) throws TraceException {
        MemorySegment name = host.arena().allocateFrom(pipe.toString());
        long r = host.syscall(133, name.address(), 0x1180, 0); // mknod: a FIFO, mode 0600
        if (r < 0) {
            throw new TraceException("mica trace: mkfifo: " + host.message((int) -r));
        }
        CompletableFuture<Integer> tid = new CompletableFuture<>();
        CompletableFuture<Integer> spawned = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("spawn").start(() -> spawn(pipe, file, args, env, cwd, streams, tid, spawned));
        int pid = child(tid.join(), spawned);
        if (pid == 0) {
            throw new TraceException("mica trace: fork/exec " + args.get(0) + ": " + host.message(spawned.join()));
        }
        int error = host.ptrace(Host.PTRACE_SEIZE, pid, 0, Host.OPTION_EXEC | Host.OPTION_EXITKILL);
        if (error < 0) {
            host.kill(pid, 9);
            release(name, pid);
            host.wait(pid, 0);
            throw new TraceException(Forbidden.message(host, "trace", -error));
        }
        release(name, pid);
        return stopped(pid, args.get(0), spawned);
    }

    private void spawn(Path pipe, Path file, List<String> args, Map<String, String> env, Path cwd, Streams streams, CompletableFuture<Integer> tid,
            CompletableFuture<Integer> spawned) {
        try (Arena a = Arena.ofConfined()) {
            Host own = new Host(a);
            tid.complete(own.gettid());
            spawned.complete(own.spawn(pipe, PIPE_FD, file, args, env, cwd, streams, SPAWN_SETSIGMASK));
        } catch (RuntimeException | Error e) {
            tid.completeExceptionally(e);
            spawned.completeExceptionally(e);
        }
    }

    /** The process that a thread has begun to make; 0 = that failed. */
    private static int child(int tid, CompletableFuture<Integer> spawned) throws TraceException {
        Path children = Path.of("/proc/self/task/" + tid + "/children");
        for (long until = System.nanoTime() + 10_000_000_000L; System.nanoTime() < until; Thread.onSpinWait()) {
            try {
                String s = Files.readString(children).strip();
                if (!s.isEmpty()) {
                    return Integer.parseInt(s.split(" ")[0]);
                }
            } catch (IOException e) {
                if (!spawned.isDone()) {
                    throw new TraceException("mica trace: the kernel does not say which processes a thread has made (" + children + ")");
                }
            }
            if (spawned.isDone() && spawned.join() != 0) {
                return 0;
            }
        }
        throw new TraceException("mica trace: the program's process does not appear");
    }

    /** Opens the pipe's other end, as soon as the child waits at its own. */
    private void release(MemorySegment pipe, int pid) throws TraceException {
        for (long until = System.nanoTime() + 10_000_000_000L; System.nanoTime() < until; Thread.onSpinWait()) {
            int fd = (int) host.syscall(2, pipe.address(), O_WRONLY_NONBLOCK, 0);
            if (fd >= 0) {
                host.syscall(3, fd);
                return;
            }
            if (fd != -Host.ENXIO || host.kill(pid, 0) < 0) {
                return;
            }
        }
    }

    private int stopped(int pid, String name, CompletableFuture<Integer> spawned) throws TraceException {
        while (true) {
            int r = host.wait(pid, 0);
            int status = host.status();
            if (r < 0 || (status & 0x7f) == 0 || (status & 0xff) != 0x7f) {
                int error = spawned.join();
                throw new TraceException("mica trace: fork/exec " + name + ": " + (error == 0 ? "the kernel cannot load it, and ended the process" : host.message(error)));
            }
            if (status >> 8 == (5 | Host.EVENT_EXEC << 8)) {
                return pid;
            }
            int signal = status >> 8 & 0xff;
            host.ptrace(Host.PTRACE_CONT, pid, 0, status >> 16 != 0 ? 0 : signal);
        }
    }
}
