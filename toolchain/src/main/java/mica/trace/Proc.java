// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads what the kernel says about one process in /proc (proc(5)). Everything here may end while one reads: that gives IOException. */
final class Proc {
    static final int PAGE = 4096;

    final int pid;
    private final Path dir;

    Proc(int pid) {
        this.pid = pid;
        this.dir = Path.of("/proc/" + pid);
    }

    boolean exists() {
        return Files.exists(dir);
    }

    /** Whether it has not ended yet; one that has ended stays until its parent has asked for its status. */
    boolean runs() {
        return runs(pid);
    }

    /** The same of a thread. */
    boolean runs(int tid) {
        try {
            return !Proc.field(read("task/" + tid + "/status"), "State").matches("[ZX].*");
        } catch (IOException e) {
            return false;
        }
    }

    String read(String name) throws IOException {
        return Files.readString(dir.resolve(name), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Where the program's file is now. */
    Path executable() throws IOException {
        return Files.readSymbolicLink(dir.resolve("exe"));
    }

    /** The program's file itself, even if another one has its name now. */
    Path executableLink() {
        return dir.resolve("exe");
    }

    /** The value of a line {@code name: value}; "" = none. */
    static String field(String text, String name) {
        for (String line : text.split("\n")) {
            if (line.startsWith(name + ":")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }

    /** Numbers of the process's threads. */
    List<Integer> threads() throws IOException {
        List<Integer> list = new ArrayList<>();
        try (var s = Files.newDirectoryStream(dir.resolve("task"))) {
            for (Path p : s) {
                list.add(Integer.parseInt(p.getFileName().toString()));
            }
        }
        list.sort(null);
        return list;
    }

    /** Nanoseconds that a thread has spent on processors; exact while it is stopped. -1 = the kernel does not count. */
    static long cpu(int pid, int tid) {
        try {
            String s = Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/schedstat"));
            return Long.parseLong(s.substring(0, s.indexOf(' ')));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return -1;
        }
    }

    /** {minor, major} page faults so far, of all threads. */
    long[] faults() throws IOException {
        String s = read("stat");
        String[] f = s.substring(s.lastIndexOf(')') + 2).split(" ");
        return new long[] {Long.parseLong(f[7]), Long.parseLong(f[9])};
    }

    List<Mapping> maps() throws IOException {
        return parse(read("maps"));
    }

    /** The mappings with their resident bytes. */
    List<Mapping> smaps() throws IOException {
        return parse(read("smaps"));
    }

    /** Lines of maps, with or without the details of smaps below each. */
    static List<Mapping> parse(String text) {
        List<Mapping> list = new ArrayList<>();
        for (String line : text.split("\n")) {
            int blank = line.indexOf(' ');
            if (blank > 0 && line.charAt(blank - 1) != ':') {
                list.add(mapping(line));
            } else if (line.startsWith("Rss:") && !list.isEmpty()) {
                Mapping m = list.removeLast();
                list.add(new Mapping(m.start, m.end, m.permissions, m.offset, m.path, kilobytes(line)));
            }
        }
        return list;
    }

    static long kilobytes(String line) {
        String digits = line.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * 1024;
    }

    private static Mapping mapping(String line) {
        String[] f = line.split(" +", 6);
        int dash = f[0].indexOf('-');
        return new Mapping(Long.parseUnsignedLong(f[0].substring(0, dash), 16), Long.parseUnsignedLong(f[0].substring(dash + 1), 16), f[1],
                Long.parseUnsignedLong(f[2], 16), f.length > 5 ? f[5] : "", -1);
    }

    // ---- pages ----

    /** Bit 63 of a word of pagemap. */
    static boolean present(long word) {
        return word < 0;
    }

    /** Bit 61: the page belongs to a file, or is shared anonymous memory. */
    static boolean ofFile(long word) {
        return (word & 1L << 61) != 0;
    }

    /** Bit 56: mapped by this process only. */
    static boolean exclusive(long word) {
        return (word & 1L << 56) != 0;
    }

    /** Words of /proc/PID/pagemap for the pages of a range; absent ones are 0. */
    long[] pagemap(FileChannel pagemap, long start, long end) throws IOException {
        int n = (int) ((end - start) / PAGE);
        ByteBuffer b = ByteBuffer.allocate(n * 8).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining() && pagemap.read(b, start / PAGE * 8 + b.position()) > 0) {
            // on
        }
        b.flip();
        long[] words = new long[n];
        b.asLongBuffer().get(words, 0, b.remaining() / 8);
        return words;
    }

    FileChannel open(String name) throws IOException {
        return FileChannel.open(dir.resolve(name), StandardOpenOption.READ);
    }
}
