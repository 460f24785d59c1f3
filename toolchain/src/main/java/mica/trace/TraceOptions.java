// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What to run, and what to look at. */
public final class TraceOptions {
    public Path file;
    /** The program's arguments, its name first. */
    public List<String> args = List.of();
    public Map<String, String> env = Map.of();
    public Path cwd = Path.of("").toAbsolutePath();
    /** Where the program reads and writes; null = where this process does. */
    public Path stdin;
    public Path stdout;
    public Path stderr;

    public boolean maps = true;
    public boolean boot = true;
    public boolean syscalls = true;
    public boolean faults = true;
    /** Who owns the memory at the last moment before the end. */
    public boolean memory = true;
    /** Seconds after which the program is ended with its children; 0 = it has as long as it likes. */
    public int seconds;
    /** Later system calls are counted only. */
    public int maxCalls = 1_000_000;
}
