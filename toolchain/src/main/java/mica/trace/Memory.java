// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The memory of a stopped process, by /proc/PID/mem. What is not mapped reads as null or as a shorter text. */
final class Memory implements Closeable {
    private final FileChannel mem;

    Memory(int pid, boolean write) throws IOException {
        Path p = Path.of("/proc/" + pid + "/mem");
        mem = write ? FileChannel.open(p, StandardOpenOption.READ, StandardOpenOption.WRITE) : FileChannel.open(p, StandardOpenOption.READ);
    }

    /** {@code n} bytes, or as many as there are up to the first address that is not mapped; null = none. */
    byte[] read(long address, int n) {
        if (address < 0 || n <= 0) {
            return n == 0 ? new byte[0] : null;
        }
        ByteBuffer b = ByteBuffer.allocate(n);
        try {
            while (b.hasRemaining() && mem.read(b, address + b.position()) > 0) {
                // on
            }
        } catch (IOException e) {
            // what was read up to here counts
        }
        return b.position() == 0 ? null : b.hasRemaining() ? java.util.Arrays.copyOf(b.array(), b.position()) : b.array();
    }

    /** A word; {@code otherwise} where nothing is mapped. */
    long word(long address, long otherwise) {
        byte[] b = read(address, 8);
        return b == null || b.length < 8 ? otherwise : ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** A NUL-terminated string of at most {@code max} bytes; null = not mapped. */
    String string(long address, int max) {
        StringBuilder s = new StringBuilder();
        for (long at = address; s.length() < max;) {
            // never beyond a page: the next one may be missing
            byte[] b = read(at, (int) Math.min(max - s.length(), Proc.PAGE - (at & Proc.PAGE - 1)));
            if (b == null) {
                return s.isEmpty() ? null : s.toString();
            }
            for (byte c : b) {
                if (c == 0) {
                    return s.toString();
                }
                s.append((char) (c & 0xff));
            }
            at += b.length;
        }
        return s.toString();
    }

    /** Bytes of a Latin-1 text that are UTF-8 where they can be. */
    static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Writes, into read-only text as well; false = the kernel refuses. */
    boolean write(long address, byte... bytes) {
        return write(address, ByteBuffer.wrap(bytes));
    }

    boolean write(long address, ByteBuffer bytes) {
        int n = bytes.remaining();
        try {
            return mem.write(bytes, address) == n;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            mem.close();
        } catch (IOException e) {
            // nothing was written through a buffer
        }
    }
}
