// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import mica.base.FileErrors;

/** One of the process's own outputs, which may be full, or a pipe that nobody reads: what a {@link PrintStream} alone keeps to itself. */
final class StandardStream extends FilterOutputStream {
    private static final int BUFFER = 8192;
    /** What a shell sees of a program that SIGPIPE has ended. */
    private static final int BROKEN_PIPE = 128 + 13;

    /** To write to; {@link #end} flushes it. */
    final PrintStream print = new PrintStream(new BufferedOutputStream(this, BUFFER), false, StandardCharsets.UTF_8);
    /** Why not all was written; null = it was. */
    private IOException failure;

    StandardStream(FileDescriptor fd) {
        super(new FileOutputStream(fd));
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        try {
            out.write(b, off, len);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** Writes what is left, and says what could not be written; the exit status of a command that ends with {@code status}. */
    int end(int status, String name, PrintStream err) {
        print.flush();
        if (failure == null) {
            return status;
        }
        String reason = FileErrors.reason(failure);
        if (reason.equals("broken pipe")) {
            return BROKEN_PIPE; // the reader has seen enough
        }
        err.println("mica: write " + name + ": " + reason);
        return Math.max(status, 1);
    }
}
