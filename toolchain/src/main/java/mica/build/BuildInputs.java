// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a build read: files by contents, folders by the names of the sources in them, and which places did not exist. Another build that
 * finds all of this unchanged makes the same result. Safe for concurrent use. One input is a line of text:
 * <pre>
 *   f SIZE MTIME SUM PATH      a file; times in nanoseconds, 0 = do not trust the time
 *   d MTIME HASH PATH          a folder; hash of the names that count ({@link #counts})
 *   t HASH PATH                a folder; hash of all names
 *   s SIZE MTIME PATH          a program that was asked
 *   + PATH                     a folder exists (what is in it does not matter)
 *   - PATH                     nothing is there
 * </pre>
 */
final class BuildInputs {
    /** A file changed so shortly before it was read may change again within the same tick of its clock. */
    private static final long RACY_NANOS = 2_000_000_000L;

    private final TreeMap<String, String> lines = new TreeMap<>();
    private final long now = nanos(Instant.now());
    private boolean complete = true;

    /** Reads a file. */
    byte[] read(Path file) throws IOException {
        long mtime = mtime(file);
        byte[] b = Files.readAllBytes(file);
        add(file, "f " + b.length + " " + trusted(mtime, now) + " " + sum(b) + " ");
        return b;
    }

    /** Says that the result depends on a program, which is too large to look into. */
    void program(Path file) throws IOException {
        add(file, "s " + Files.size(file) + " " + mtime(file) + " ");
    }

    /** Says that the result depends on which sources a folder holds. */
    void folder(Path dir) throws IOException {
        long mtime = mtime(dir);
        add(dir, "d " + trusted(mtime, now) + " " + hash(names(dir)) + " ");
    }

    /** Whether a folder exists; that is noted. */
    boolean isFolder(Path dir) {
        boolean there = Files.isDirectory(dir);
        add(dir, there ? "+ " : "- ");
        return there;
    }

    /** Whether a file exists; only that it does not is noted, as who finds one reads it. */
    boolean isFile(Path file) {
        boolean there = Files.isRegularFile(file);
        if (!there && !Files.exists(file)) {
            add(file, "- ");
        }
        return there;
    }

    /** Says that something was read that cannot be noted. */
    synchronized void incomplete() {
        complete = false;
    }

    private synchronized void add(Path p, String line) {
        String path = p.toAbsolutePath().normalize().toString();
        complete &= path.indexOf('\n') < 0;
        // A folder's contents say more than that it exists.
        if (!line.startsWith("+") || !lines.containsKey(path)) {
            lines.put(path, line + path);
        }
    }

    /** The inputs in the order of their paths, a line each; null if they are not complete. */
    synchronized String text() {
        return complete ? String.join("\n", lines.values()) + "\n" : null;
    }

    // ---- checking ----

    /**
     * Whether inputs are as they were; {@code line} is one of {@link #text}.
     *
     * @return the line, with a new time if only the time had changed; null = changed
     */
    static String check(String line, long now) {
        char kind = line.charAt(0);
        try {
            if (kind == '+') {
                return Files.isDirectory(Path.of(line.substring(2))) ? line : null;
            }
            if (kind == '-') {
                return Files.exists(Path.of(line.substring(2))) ? null : line;
            }
            if (kind == 't') {
                String[] w = line.split(" ", 3);
                return hash(allNames(Path.of(w[2]))).equals(w[1]) ? line : null;
            }
            String[] w = line.split(" ", kind == 'f' ? 5 : 4);
            Path path = Path.of(w[w.length - 1]);
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
            long mtime = nanos(a.lastModifiedTime().toInstant());
            if (kind == 's') {
                return a.size() == Long.parseLong(w[1]) && mtime == Long.parseLong(w[2]) ? line : null;
            }
            if (kind == 'd') {
                if (mtime == Long.parseLong(w[1])) {
                    return line;
                }
                return a.isDirectory() && hash(names(path)).equals(w[2]) ? "d " + trusted(mtime, now) + " " + w[2] + " " + path : null;
            }
            if (a.size() != Long.parseLong(w[1])) {
                return null;
            }
            if (mtime == Long.parseLong(w[2])) {
                return line;
            }
            return sum(Files.readAllBytes(path)).equals(w[3]) ? "f " + w[1] + " " + trusted(mtime, now) + " " + w[3] + " " + path : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static long trusted(long mtime, long now) {
        return mtime > now - RACY_NANOS ? 0 : mtime;
    }

    private static long mtime(Path p) throws IOException {
        return nanos(Files.getLastModifiedTime(p).toInstant());
    }

    static long nanos(Instant i) {
        return i.getEpochSecond() * 1_000_000_000L + i.getNano();
    }

    /** Sources, headers and folders: what a build looks for by name. */
    private static boolean counts(String name) {
        return name.endsWith(".go") || name.endsWith(".s") || name.endsWith(".h") || name.indexOf('.') < 0;
    }

    private static byte[] names(Path dir) throws IOException {
        StringBuilder sb = new StringBuilder();
        for (String n : sorted(dir)) {
            // A file without an extension may be the very program that a build writes.
            if (counts(n) && (n.indexOf('.') >= 0 || Files.isDirectory(dir.resolve(n)))) {
                sb.append(n).append('\0');
            }
        }
        return sb.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Tells contents of a file apart from what was there before: two checksums, which take a small part of a hash's time. */
    static String sum(byte[] b) {
        CRC32 x = new CRC32();
        CRC32C y = new CRC32C();
        x.update(b, 0, b.length);
        y.update(b, 0, b.length);
        return Long.toHexString(x.getValue() << 32 | y.getValue());
    }

    static String hash(byte[] b) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(b));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notes every folder below {@code dir}, for patterns that search there. */
    void tree(Path dir) throws IOException {
        try (Stream<Path> s = Files.walk(dir)) {
            List<Path> folders = s.filter(Files::isDirectory).limit(1001).toList();
            if (folders.size() > 1000) {
                incomplete();
                return;
            }
            for (Path f : folders) {
                add(f, "t " + hash(allNames(f)) + " ");
            }
        }
    }

    private static byte[] allNames(Path dir) throws IOException {
        return String.join("\0", sorted(dir)).getBytes(StandardCharsets.UTF_8);
    }

    private static String[] sorted(Path dir) throws IOException {
        String[] all = dir.toFile().list();
        if (all == null) {
            throw new IOException(dir + " cannot be read");
        }
        Arrays.sort(all);
        return all;
    }
}
