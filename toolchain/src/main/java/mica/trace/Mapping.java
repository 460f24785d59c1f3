// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

/** A range of addresses that the kernel has mapped: a line of /proc/PID/maps. */
public final class Mapping {
    private static final long HUGE = 1L << 37;

    public final long start;
    /** First address behind it. */
    public final long end;
    /** As the kernel writes it: {@code r-xp}. */
    public final String permissions;
    /** Of the range in the file. */
    public final long offset;
    /** File, or the kernel's name in brackets; "" = anonymous memory. */
    public final String path;
    /** Resident bytes by /proc/PID/smaps; -1 = not asked for. */
    public final long rss;

    Mapping(long start, long end, String permissions, long offset, String path, long rss) {
        this.start = start;
        this.end = end;
        this.permissions = permissions;
        this.offset = offset;
        this.path = path;
        this.rss = rss;
    }

    /** Too large to ask for each page; nearly nothing of it is there: shadow memory of sanitizers, for example. */
    boolean isHuge() {
        return end - start > HUGE;
    }

    public boolean isFile() {
        return path.startsWith("/");
    }
}
