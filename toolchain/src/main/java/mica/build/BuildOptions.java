// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a build was asked for, filled in by the command line. */
public final class BuildOptions {
    public final List<String> tags = new ArrayList<>();
    /** -trimpath: no file system paths in the result. */
    public boolean trimPath;
    public boolean verbose;
    /** -work: temporary folders are kept. */
    public boolean work;
    /** The one package must be a main package (mica run). */
    public boolean mustBeMain;
    /** Check types and bodies, and stop. */
    public boolean checkOnly;
    /** No line "# package" before the errors (mica tool compile). */
    public boolean plainHeader;
    /** -p of mica tool compile; empty: by the package clause. */
    public String packagePath = "";
    /** -complete: every function has its body in Go. */
    public boolean complete;
    /** Only one package's constants and layouts are wanted, not a program: the runtime need not be there. */
    public boolean headerOnly;
    /** -asmhdr: where go_asm.h goes; empty: nowhere. */
    public String asmHeader = "";
    /** -pack: an archive instead of an object. */
    public boolean pack;
    /** -trimpath of mica tool compile: {@code prefix} or {@code prefix=>replacement}; several are separated by semicolons. */
    public String trimPrefix = "";
    /** -std: the package is one of the standard library. */
    public boolean standard;
    /** Packages that come as object files; null: none. */
    public ObjectPackages objects;
    /** The command's settings in a fixed order, by which the cache knows a build of one program; null: the cache is not used. */
    public List<String> cacheWords;
    /** -a: build though the cache holds the result. */
    public boolean always;
    /** Flags that the executable records, by name. */
    public final TreeMap<String, String> recorded = new TreeMap<>();
    /** Settings of GODEBUG that the program starts with; found by the builder. */
    String godebug = "";
    /** -mod; "" = not given. */
    public String mod = "";
    /** -lang: language version such as "go1.21"; empty: the module's. */
    public String language = "";

    // Compiler: -gcflags.
    /** -S */
    public boolean assembly;
    /** -N */
    public boolean noOptimization;
    /** -l */
    public boolean noInlining;
    /** -m: how much is said of decisions; 0 = nothing. */
    public int decisions;
    /** -live: what the collector finds at calls. */
    public boolean live;

    /** Something is to be said of decisions: -m, or a debug setting that prints some. */
    boolean remarks() {
        return decisions > 0 || live || debug.stream().anyMatch(s -> s.startsWith("ssa/prove/debug") || s.startsWith("ssa/check_bce")
                || s.equals("nil") || s.startsWith("nil="));
    }

    /** -B */
    public boolean noBounds;
    /** -e: more than ten errors. */
    public boolean allErrors;
    /** -C: no columns in errors. */
    public boolean noColumns;
    /** -c: how many functions are compiled at once; 0 = as many as the linker finds good. */
    public int workers;
    /** -d, split at commas. */
    public final List<String> debug = new ArrayList<>();

    /** Watches the build for a view; null = nobody does. */
    public Probe probe;
    /** Compile and link, but write no executable. */
    public boolean noOutput;

    // Linker: -ldflags.
    /** -s */
    public boolean noSymbols;
    /** -B; null = a hash. */
    public byte[] gnuBuildId;
    /** -Map: a file for the link map, or empty: JSON if its name ends in .json, else as GNU ld writes it. */
    public String linkMap = "";
    /** -emit-relocs: relocations stay in the file. */
    public boolean keepRelocations;
    /** -cut=FROM=>TO: references of one symbol to another lead to a stub (for tests of predictions); empty = none. */
    public String cut = "";
    /** -v: print the linker's phases. */
    public boolean linkVerbose;
    /** -w */
    public boolean noDwarf;
    /** -X: variable to value. */
    public final TreeMap<String, String> strings = new TreeMap<>();
    /** -buildid, or null. */
    public String buildId;
}
