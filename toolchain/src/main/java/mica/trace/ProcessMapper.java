// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import mica.inspect.Executable;
import mica.obj.ElfFile;
import mica.trace.ProcessMap.Owner;

/** Stops a running Mica program, finds out who owns each of its resident pages, and lets it go on. */
public final class ProcessMapper {
    private static final long PATIENCE = 5_000_000_000L;

    private final int pid;
    private final Proc proc;
    private final ProcessMap result = new ProcessMap();
    private final OwnerMap owners = new OwnerMap();
    /** Stopped threads, and the signal that each was about to get. */
    private final Map<Integer, Integer> stopped = new HashMap<>();
    private Host host;
    private Image image;
    private RuntimeLayout layout;

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
            try {
                stop();
                long since = System.nanoTime();
                look();
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
        return proc.exists() ? String.valueOf(e.getMessage()) : "process " + pid + " has ended";
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
            throw new TraceException("mica map: process " + pid + " has no memory of its own: it is one of the kernel's");
        }
        try {
            result.path = proc.executable().toString();
            image = new Image(proc.executableLink(), result.path);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new TraceException(Forbidden.message(host, "map", Host.EPERM) + ": process " + pid + " belongs to another user");
        }
        layout = RuntimeLayout.find(image);
        if (layout == null) {
            throw new TraceException("mica map: process " + pid + " runs " + result.path + ", which this version of Mica has not built");
        }
        image.place(proc);
        result.pid = pid;
        result.stripped = image.stripped;
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
        result.threads = stopped.size();
    }

    private boolean seize(int tid) throws TraceException, IOException {
        int r = host.ptrace(Host.PTRACE_SEIZE, tid, 0, 0);
        if (r == -Host.ESRCH) {
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

    // ---- the map ----

    private void look() throws IOException {
        result.mappings.addAll(proc.smaps());
        result.rss = Proc.kilobytes(Proc.field(proc.read("smaps_rollup"), "Rss"));
        result.statm = Long.parseLong(proc.read("statm").split(" ")[1]) * Proc.PAGE;
        for (Mapping m : result.mappings) {
            mapping(m);
        }
        image();
        try (Memory memory = new Memory(pid, false)) {
            new RuntimeMemory(memory, layout, owners).follow(image.bias);
        }
        try (FileChannel pagemap = proc.open("pagemap")) {
            for (Mapping m : result.mappings) {
                if (m.rss > 0 && m.start >= 0) {
                    pages(m, pagemap);
                }
            }
        }
    }

    private void mapping(Mapping m) {
        if (m.path.startsWith("[") && !m.path.startsWith("[anon") && !m.path.equals("[heap]")) {
            owners.set(m.start, m.end, new Owner("kernel", m.path));
        } else if (image.segment(m) >= 0) {
            owners.set(m.start, m.end, new Owner("padding", "between sections"));
        } else if (m.isFile()) {
            owners.set(m.start, m.end, new Owner("file", m.path));
        } else {
            owners.set(m.start, m.end, new Owner("anonymous", m.path.isEmpty() ? "mapped by the program" : m.path));
        }
    }

    /** Sections, and within them symbols: smaller ones later, as larger ones may enclose them. */
    private void image() {
        List<Executable.Sym> symbols = new ArrayList<>();
        try {
            symbols.addAll(image.stripped ? image.functions() : image.exe.symbols());
        } catch (mica.obj.FormatException e) {
            symbols.clear(); // sections alone then
        }
        symbols.removeIf(s -> s.size <= 0);
        symbols.sort(Comparator.comparingLong((Executable.Sym s) -> s.address));
        int i = 0;
        for (ElfFile.Section s : image.sections()) {
            long start = s.address + image.bias;
            owners.set(start, start + s.size, new Owner("section", s.name));
            while (i < symbols.size() && symbols.get(i).address < s.address) {
                i++;
            }
            List<Executable.Sym> here = new ArrayList<>();
            while (i < symbols.size() && symbols.get(i).address < s.address + s.size) {
                here.add(symbols.get(i++));
            }
            here.sort(Comparator.comparingLong((Executable.Sym y) -> -y.size));
            for (Executable.Sym y : here) {
                long from = y.address + image.bias;
                owners.set(from, Math.min(from + y.size, start + s.size), new Owner("section", s.name + " " + y.name));
            }
        }
    }

    /**
     * The resident pages of a mapping. The kernel's resident size leaves out the shared page of zeros that reading untouched memory
     * gives; pagemap shows such a page as neither a file's nor this process's alone, and so it does with pages shared after a fork: the size says which it is.
     */
    private void pages(Mapping m, FileChannel pagemap) throws IOException {
        long[] words = proc.pagemap(pagemap, m.start, m.end);
        int present = 0;
        int certain = 0;
        for (long w : words) {
            present += Proc.present(w) ? 1 : 0;
            certain += Proc.present(w) && (Proc.ofFile(w) || Proc.exclusive(w)) ? 1 : 0;
        }
        boolean all = (long) present * Proc.PAGE == m.rss;
        for (int i = 0; i < words.length; i++) {
            if (Proc.present(words[i]) && (all || Proc.ofFile(words[i]) || Proc.exclusive(words[i]))) {
                int from = i;
                while (i + 1 < words.length && Proc.present(words[i + 1]) && (all || Proc.ofFile(words[i + 1]) || Proc.exclusive(words[i + 1]))) {
                    i++;
                }
                run(m.start + (long) from * Proc.PAGE, m.start + (i + 1L) * Proc.PAGE);
            }
        }
        long rest = m.rss - (long) (all ? present : certain) * Proc.PAGE;
        if (rest > 0) {
            // shared pages and pages of zeros side by side: it cannot be seen which is which
            result.ranges.add(new ProcessMap.Range(m.end - rest, m.end, new Owner("unidentified", "shared pages of " + (m.path.isEmpty() ? "anonymous memory" : m.path))));
        }
    }

    private void run(long start, long end) {
        for (long at = start; at < end;) {
            long to = owners.end(at, end);
            Owner o = owners.at(at);
            result.ranges.add(new ProcessMap.Range(at, to, o == null ? new Owner("anonymous", "mapped by the program") : o));
            at = to;
        }
    }
}
