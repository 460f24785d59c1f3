// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in memory, without a name in any folder, that a traced process can open as long as this one lives. */
final class Notes implements Closeable {
    private static final int MEMFD_CREATE = 319;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int CLOSE = 3;

    private final Host host;
    private final int fd;
    /** For processes that can look at this one. */
    final String path;

    Notes(Host host) throws IOException {
        this.host = host;
        MemorySegment name = host.arena().allocateFrom("mica-trace");
        fd = (int) host.syscall(MEMFD_CREATE, name.address(), CLOSE_ON_EXEC);
        if (fd < 0) {
            throw new IOException("memfd_create: " + host.message(-fd));
        }
        path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
    }

    void write(byte[] all) throws IOException {
        Files.write(Path.of(path), all);
    }

    byte[] read() throws IOException {
        return Files.readAllBytes(Path.of(path));
    }

    @Override
    public void close() {
        host.syscall(CLOSE, fd);
    }
}
