// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.syntax.File;

/** Prints errors as the go command does: per package a line {@code # path}, then at most ten, sorted by position. */
final class ErrorReport {
    private static final int LIMIT = 10;

    private ErrorReport() {}

    /** Prints what {@code diags} holds; false if there is an error. */
    static boolean print(Diagnostics diags, List<Package> packages, BuildOptions options, PrintStream err) {
        List<Diagnostics.Entry> all = diags.sorted();
        if (all.isEmpty()) {
            return true;
        }
        Sources sources = diags.sources;
        Map<SourceFile, Package> owners = new HashMap<>();
        for (Package p : packages) {
            for (File f : p.files) {
                owners.put(f.source, p);
            }
        }
        List<Package> order = new ArrayList<>(packages);
        order.add(null);
        for (Package p : order) {
            List<Diagnostics.Entry> mine = new ArrayList<>();
            for (Diagnostics.Entry e : all) {
                if (owners.get(sources.file(e.pos)) == p) {
                    mine.add(e);
                }
            }
            if (!mine.isEmpty()) {
                if (!options.plainHeader && (p != null || packages.size() == 1)) {
                    err.println("# " + (p != null ? p : packages.get(0)).shownPath());
                }
                lines(mine, sources, options, err);
            }
        }
        return false;
    }

    private static void lines(List<Diagnostics.Entry> entries, Sources sources, BuildOptions options, PrintStream err) {
        int n = 0;
        String failed = null;
        for (Diagnostics.Entry e : entries) {
            String at = place(e.pos, sources, options);
            err.println(at.isEmpty() ? e.text : at + ": " + e.text);
            failed = sources.file(e.pos) != null && isAssembly(sources.file(e.pos)) ? sources.file(e.pos).path : failed;
            if (++n == LIMIT && !options.allErrors && entries.size() > LIMIT) {
                err.println(at + ": too many errors");
                return;
            }
        }
        if (failed != null) {
            err.println("asm: assembly of " + failed + " failed");
        }
    }

    /** The assembler's errors have no columns. */
    private static boolean isAssembly(SourceFile f) {
        return f.path.endsWith(".s");
    }

    private static String place(int pos, Sources sources, BuildOptions options) {
        SourceFile f = sources.file(pos);
        if (f == null) {
            return "";
        }
        return options.noColumns || isAssembly(f) ? f.fileName(pos) + ":" + f.line(pos) : sources.format(pos);
    }
}
