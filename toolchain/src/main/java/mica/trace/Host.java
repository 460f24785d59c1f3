// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mica.base.Fault;

/**
 * The functions of the C library that tracing needs, with their errors as negative numbers (-errno). Constants are those of Linux on
 * amd64 (linux/ptrace.h, bits/waitflags.h, asm/unistd_64.h).
 */
@SuppressWarnings("restricted")
final class Host {
    static final int PTRACE_CONT = 7;
    static final int PTRACE_SINGLESTEP = 9;
    static final int PTRACE_GETREGS = 12;
    static final int PTRACE_SETREGS = 13;
    static final int PTRACE_DETACH = 17;
    static final int PTRACE_SYSCALL = 24;
    static final int PTRACE_SETOPTIONS = 0x4200;
    static final int PTRACE_GETEVENTMSG = 0x4201;
    static final int PTRACE_SEIZE = 0x4206;
    static final int PTRACE_INTERRUPT = 0x4207;
    static final int PTRACE_LISTEN = 0x4208;
    static final int PTRACE_GET_SYSCALL_INFO = 0x420e;

    static final int OPTION_SYSGOOD = 1;
    static final int OPTION_FORK = 2;
    static final int OPTION_VFORK = 4;
    static final int OPTION_CLONE = 8;
    static final int OPTION_EXEC = 0x10;
    static final int OPTION_EXIT = 0x40;
    static final int OPTION_EXITKILL = 0x100000;

    static final int EVENT_FORK = 1;
    static final int EVENT_VFORK = 2;
    static final int EVENT_CLONE = 3;
    static final int EVENT_EXEC = 4;
    static final int EVENT_EXIT = 6;
    static final int EVENT_STOP = 128;

    static final int WNOHANG = 1;
    static final int WALL = 0x40000000;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ENOEXEC = 8;
    static final int ECHILD = 10;
    static final int EACCES = 13;
    static final int ENXIO = 6;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library = linker.defaultLookup();
    private final Linker.Option errno = Linker.Option.captureCallState("errno");
    private final MethodHandle ptrace = handle("ptrace", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    private final MethodHandle wait4 = handle("wait4", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private final MethodHandle syscall = handle("syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private final MethodHandle strerror = linker.downcallHandle(find("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private final MemorySegment state;
    private final MemorySegment status;
    private final Arena arena;

    /** For use by one thread, as long as {@code arena} lives. */
    Host(Arena arena) {
        this.arena = arena;
        this.state = arena.allocate(STATE);
        this.status = arena.allocate(JAVA_INT);
    }

    private MemorySegment find(String name) {
        return library.find(name).orElseThrow(() -> new Fault("trace", "the C library has no function " + name));
    }

    private MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return linker.downcallHandle(find(name), FunctionDescriptor.of(result, arguments), errno);
    }

    /** A function of the C library that returns its error itself. */
    MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return linker.downcallHandle(find(name), FunctionDescriptor.of(result, arguments));
    }

    private long result(long r) {
        return r == -1 ? -state.get(JAVA_INT, ERRNO) : r;
    }

    /** A request to the kernel; 0 or -errno. */
    int ptrace(int request, int tid, long address, long data) {
        return (int) ptrace(request, tid, address, MemorySegment.ofAddress(data));
    }

    long ptrace(int request, int tid, long address, MemorySegment data) {
        try {
            return result((long) ptrace.invokeExact(state, (long) request, (long) tid, address, data));
        } catch (Throwable t) {
            throw failed("ptrace", t);
        }
    }

    /** Waits for a change of {@code pid} (-1 = any); its number, 0 or -errno. {@link #status()} says what happened. */
    int wait(int pid, int options) {
        int r;
        do {
            try {
                r = (int) result((int) wait4.invokeExact(state, pid, status, options | WALL, MemorySegment.NULL));
            } catch (Throwable t) {
                throw failed("wait4", t);
            }
        } while (r == -EINTR);
        return r;
    }

    int status() {
        return status.get(JAVA_INT, 0);
    }

    /** A system call by number; its result or -errno. */
    long syscall(int number, long... a) {
        try {
            return result((long) syscall.invokeExact(state, (long) number, at(a, 0), at(a, 1), at(a, 2), at(a, 3), at(a, 4), at(a, 5)));
        } catch (Throwable t) {
            throw failed("syscall", t);
        }
    }

    private static long at(long[] a, int i) {
        return i < a.length ? a[i] : 0;
    }

    int kill(int pid, int signal) {
        return (int) syscall(62, pid, signal);
    }

    int gettid() {
        return (int) syscall(186);
    }

    /** The C library's words for an error number. */
    String error(int errno) {
        try {
            MemorySegment s = (MemorySegment) strerror.invokeExact(Math.abs(errno));
            return s.reinterpret(256).getString(0);
        } catch (Throwable t) {
            throw failed("strerror", t);
        }
    }

    /** The same as Go prints it: the first letter is small. */
    String message(int errno) {
        String s = error(errno);
        return s.length() > 1 && Character.isLowerCase(s.charAt(1)) ? Character.toLowerCase(s.charAt(0)) + s.substring(1) : s;
    }

    /** NULL-terminated array of C strings. */
    static MemorySegment strings(Arena arena, List<String> list) {
        MemorySegment array = arena.allocate(ADDRESS, list.size() + 1L);
        for (int i = 0; i < list.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(list.get(i)));
        }
        return array;
    }

    /**
     * posix_spawn of a program whose first step is to open {@code pipe}; 0 or the error number. All signals are unblocked: those that a JVM
     * blocks for itself are none of the program's.
     */
    int spawn(Path pipe, int pipeFd, Path file, List<String> args, Map<String, String> env,
            Path cwd, Launcher.Streams streams, int flags) {
        MemorySegment actions = arena.allocate(256, 16);
        MemorySegment attributes = arena.allocate(512, 16);
        List<String> list = new ArrayList<>();
        env.forEach((k, v) -> list.add(k + "=" + v));
        try {
            MethodHandle open = function("posix_spawn_file_actions_addopen", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
            MethodHandle close = function("posix_spawn_file_actions_addclose", JAVA_INT, ADDRESS, JAVA_INT);
            MethodHandle chdir = function("posix_spawn_file_actions_addchdir_np", JAVA_INT, ADDRESS, ADDRESS);
            int r = (int) function("posix_spawn_file_actions_init", JAVA_INT, ADDRESS).invokeExact(actions);
            r |= (int) open.invokeExact(actions, pipeFd, arena.allocateFrom(pipe.toString()), 0, 0);
            r |= (int) close.invokeExact(actions, pipeFd);
            r |= (int) chdir.invokeExact(actions, arena.allocateFrom(cwd.toString()));
            Path[] to = {streams.in, streams.out, streams.err};
            for (int fd = 0; fd < 3; fd++) {
                if (to[fd] != null) {
                    r |= (int) open.invokeExact(actions, fd, arena.allocateFrom(to[fd].toString()), fd == 0 ? 0 : 0x441, 0600);
                }
            }
            if (library.find("posix_spawn_file_actions_addclosefrom_np").isPresent()) {
                // as everywhere in Java: what this process has open is none of the program's
                r |= (int) function("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT).invokeExact(actions, 3);
            }
            r |= (int) function("posix_spawnattr_init", JAVA_INT, ADDRESS).invokeExact(attributes);
            r |= (int) function("posix_spawnattr_setsigmask", JAVA_INT, ADDRESS, ADDRESS).invokeExact(attributes, arena.allocate(128));
            r |= (int) function("posix_spawnattr_setflags", JAVA_INT, ADDRESS, JAVA_SHORT).invokeExact(attributes, (short) flags);
            if (r != 0) {
                return r;
            }
            MethodHandle spawn = function("posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
            return (int) spawn.invokeExact(arena.allocate(JAVA_INT), arena.allocateFrom(file.toString()), actions, attributes, strings(arena, args),
                    strings(arena, list));
        } catch (Throwable t) {
            throw failed("posix_spawn", t);
        }
    }

    Arena arena() {
        return arena;
    }

    static Fault failed(String what, Throwable t) {
        return new Fault("trace", what + ": " + t, t);
    }
}
