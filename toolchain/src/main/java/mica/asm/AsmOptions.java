// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mica.base.SourceFile;
import mica.base.Sources;

/** How to assemble: package, macros, headers. One object may serve many files, one after the other. */
public final class AsmOptions {
    /** Where source texts and headers are registered; the same as the diagnostics'. */
    public final Sources sources;
    /** "amd64" or "arm64". */
    public String arch = "amd64";
    /** Import path put in front of names that begin with a middle dot. */
    public String packagePath = "";
    /** Macros defined before the first line, as -D does: name to text ("1" if none). */
    public final Map<String, String> defines = new LinkedHashMap<>();
    /** Directories searched for headers, as -I does, after the working directory and the including file's. */
    public final List<Path> includeDirs = new ArrayList<>();
    /** Headers by name that exist only in memory, go_asm.h before all: found before any file. */
    public final Map<String, String> headers = new HashMap<>();
    /** Whether {@code <ABIInternal>} and the like may be written: package runtime and those around it. */
    public boolean allowAbi;
    /** For TEXT symbols made here: {@code Symbol.origin}. */
    public Object origin;
    /** Whether functions that need it check the stack; off for comparisons with other assemblers. */
    public boolean stackChecks = true;

    /**
     * Whether functions of ABI0 load g from thread-local storage before they check the stack, as the standard assembler's on amd64 do. In
     * Mica's programs R14 holds g in assembly, too, and the load is left out.
     */
    public boolean loadG;

    /** Code for a shared library, as -shared makes: thread-local variables by the place that the loader gives them. */
    public boolean shared;
    /** As -dynlink makes, beyond {@link #shared}: what other libraries may define is found by way of the global offset table. */
    public boolean dynlink;
    /** Indirect calls and jumps go to runtime.retpolineR, R being the register (-spectre=ret). */
    public boolean retpolines;
    /** A function to be called in front of every check of the stack (-d=maymorestack=); "" = none. */
    public String mayMoreStack = "";
    /** The table of pc values to print (-d=pctab=), one of {@link AsmListing#TABLES}; "" = none. It is printed from {@link #listing}. */
    public String pcTable = "";

    /** Takes the statements as they are parsed, for -debug, numbered from 1 through all functions; null = nobody asks. */
    public List<String> parsed;
    /** Takes what functions consist of, for -S and tables; null = nobody asks. */
    public AsmListing listing;

    private final Map<String, SourceFile> loaded = new HashMap<>();

    public AsmOptions(Sources sources) {
        this.sources = sources;
    }

    /** The header of that name, or null. Falls back to the built-in textflag.h and funcdata.h. */
    SourceFile include(String name, SourceFile from) {
        SourceFile f = loaded.get(name);
        if (f == null) {
            f = load(name, Path.of(from.path).getParent());
            if (f != null) {
                loaded.put(name, f);
            }
        }
        return f;
    }

    /** Whether a source's text includes a header that is not there. */
    public boolean wants(SourceFile file, String header) {
        return new String(file.text, java.nio.charset.StandardCharsets.UTF_8).contains("#include \"" + header + '"') && include(header, file) == null;
    }

    private SourceFile load(String name, Path beside) {
        String text = headers.get(name);
        if (text != null) {
            return sources.add(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        try {
            Path p = Path.of(name);
            if (Files.isRegularFile(p)) {
                return sources.add(name, Files.readAllBytes(p));
            }
            List<Path> dirs = new ArrayList<>(includeDirs);
            if (beside != null) {
                dirs.add(0, beside);
            }
            for (Path dir : dirs) {
                p = dir.resolve(name);
                if (Files.isRegularFile(p)) {
                    return sources.add(p.toString(), Files.readAllBytes(p));
                }
            }
            String last = name.substring(name.lastIndexOf('/') + 1);
            try (InputStream in = AsmOptions.class.getResourceAsStream("/mica/asm/include/" + last)) {
                return in == null ? null : sources.add(last, in.readAllBytes());
            }
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return null;
        }
    }
}
