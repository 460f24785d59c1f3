// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import mica.base.Diagnostics;
import mica.base.Fault;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.link.Image;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Func;
import mica.ssa.pass.Decisions;
import mica.types.Program;

/**
 * Builds one program again and again while it is edited, in memory. Packages of the standard library are read and checked once and
 * kept; those of the user are read at each build, with the texts of an editor in place of what is saved. Nothing is written. One
 * build runs at a time; a finished one can be asked about its functions until it is dropped.
 */
public final class Session {
    /** Positions are ints: beyond this many bytes of source a session begins anew. */
    private static final int MAX_POSITION = 1 << 30;

    private final Environment env;
    private final BuildOptions options;
    private final List<String> args;
    private final Path goroot;
    private Library library = new Library();

    /** What is kept between builds. */
    private static final class Library {
        final Sources sources = new Sources();
        final Diagnostics diagnostics = new Diagnostics(sources);
        final Map<String, Package> packages = new TreeMap<>();
        final Map<Path, SourceFile> assembly = new HashMap<>();
        final Program program = new Program(sources, diagnostics, (from, path) -> {
            // Only packages of the library are checked here, and those may import vendored ones.
            Package p = packages().get("vendor/" + path);
            p = p != null ? p : packages().get(path);
            return p == null ? null : p.typed;
        });

        private Map<String, Package> packages() {
            return packages;
        }
    }

    /** A step of a build and how long it took. */
    public record Phase(String name, long nanos) {}

    /** One build: checked at first; {@link #link} makes an executable of it. */
    public final class Build {
        public final Sources sources;
        public final Diagnostics diagnostics;
        public final List<Phase> phases = new ArrayList<>();
        /** All packages, imported ones before their importers. */
        public List<Package> packages = List.of();
        /** The package that was named. */
        public Package main;
        /** Null before {@link #link}, and if there were errors. */
        public Image image;
        private TypedProgram typed;
        private Compile compile;
        private long start = System.nanoTime();
        private volatile boolean cancelled;

        private final Library kept;

        private Build(Library library) {
            kept = library;
            sources = library.sources;
            diagnostics = new Diagnostics(sources);
        }

        /** Ends the build soon, from another thread: what is under way then throws {@link CancellationException}. */
        public void cancel() {
            cancelled = true;
        }

        /** Prints the errors as {@code mica build} does; false if there are any. */
        public boolean report(PrintStream err) {
            return ErrorReport.print(diagnostics, packages, options, err);
        }

        /** Whether there is something to compile: no errors so far, and a main package. */
        public boolean compiles() {
            return typed != null && diagnostics.isEmpty() && main.isMain();
        }

        /**
         * Compiles one function, watched by a probe: for the first time or once more. Beside the link that makes the executable, so that
         * it can be shown first.
         *
         * @param linkName of a function that is linked, or declared though nothing reaches it
         * @return its symbol; null if the compiler makes no such function from a body (assembly, adapters)
         * @throws Fault if other code came out than is linked
         */
        public Symbol function(String linkName, Probe probe) throws BuildException {
            synchronized (Session.this) {
                Symbol s = image != null ? find(linkName) : null;
                s = s != null ? s : compile().ahead(linkName);
                Symbol copy = s == null ? null : compile.again(s, probe);
                if (copy == null) {
                    return null;
                }
                if (copy.size != s.size || !Arrays.equals(copy.data, 0, (int) s.size, s.data, 0, (int) s.size)) {
                    throw new Fault("view of " + linkName, "compiling it once more made other code than is linked");
                }
                return copy;
            }
        }

        /** What the compiler decided about a linked function, and why; null if it does not make the function from a body. */
        public Decisions decisions(Symbol s) {
            synchronized (Session.this) {
                if (cancelled) {
                    throw new CancellationException();
                }
                return compile.decisions(s);
            }
        }

        /** A function of the executable by its link name; null if none is linked. */
        public Symbol find(String linkName) {
            Symbol other = null;
            for (Symbol s : image.symbols) {
                if (s.kind == SymKind.TEXT && s.name.equals(linkName)) {
                    if (s.abi == 1) {
                        return s;
                    }
                    other = s;
                }
            }
            return other;
        }

        /** Compiles all that is reached, and links. */
        public void link() throws BuildException {
            synchronized (Session.this) {
                Compile c = compile();
                start = System.nanoTime();
                try {
                    image = c.link(main);
                } catch (Fault e) {
                    // What a cancelled build ran into is nobody's mistake.
                    throw cancelled ? new CancellationException() : e;
                }
                if (image != null) {
                    linkPhases(c);
                }
            }
        }

        private Compile compile() throws BuildException {
            if (image == null && cancelled) {
                throw new CancellationException();
            }
            if (compile == null) {
                start = System.nanoTime();
                options.probe = new Stop(this);
                compile = new Compile(options, goroot, env, typed, packages);
                compile.assembly = kept.assembly;
                compile.reuses = true;
                compile.assemble();
                end("assemble");
            }
            return compile;
        }

        /** Reaching is compiling: its time is shared out by what the workers did meanwhile. */
        private void linkPhases(Compile c) {
            for (int i = 0; i < image.phaseNames.size(); i++) {
                long nanos = image.phaseNanos.get(i);
                if (!image.phaseNames.get(i).equals("reach")) {
                    phases.add(new Phase(image.phaseNames.get(i), nanos));
                    continue;
                }
                double workers = 2.0 * Math.max(1, nanos);
                long passes = (long) (nanos * Math.min(1, c.passNanos.sum() / workers));
                long code = (long) (nanos * Math.min(1, c.codeNanos.sum() / workers));
                phases.add(new Phase("build SSA", Math.max(0, nanos - passes - code)));
                phases.add(new Phase("passes", passes));
                phases.add(new Phase("code", code));
            }
        }

        private void end(String phase) {
            long now = System.nanoTime();
            phases.add(new Phase(phase, now - start));
            start = now;
        }
    }

    /** Looks at no function, and ends a build that was cancelled. */
    private record Stop(Build build) implements Probe {
        @Override
        public boolean wants(Func f) {
            if (build.cancelled) {
                throw new CancellationException();
            }
            return false;
        }

        @Override
        public void after(String pass, Func f, long nanos) {}

        @Override
        public void prepared(Func f, long nanos) {}

        @Override
        public void emitted(Func f, Symbol out, long nanos) {}

        @Override
        public void linked(Image image, Sources sources) {}
    }

    /**
     * @param args one package, or the files of one, as for {@code mica build}
     * @throws BuildException if there is no standard library
     */
    public Session(Environment env, BuildOptions options, List<String> args) throws BuildException {
        this.env = env;
        this.options = options;
        this.args = List.copyOf(args);
        this.goroot = Goroot.find(env);
    }

    /**
     * Reads and checks, with some texts in place of files.
     *
     * @param overlay contents by absolute path
     * @throws BuildException what prevents a build before any file is checked
     */
    public synchronized Build check(Map<Path, byte[]> overlay) throws BuildException {
        if (library.sources.end() > MAX_POSITION) {
            library = new Library();
        }
        Build b = new Build(library);
        Loader loader = load(overlay, b);
        b.end("parse");
        if (b.diagnostics.hasSyntaxError()) {
            return b;
        }
        for (Package p : b.packages) {
            if (p.standard) {
                checkOnce(p);
            }
        }
        b.typed = new TypedProgram(loader, b.packages, b.sources, b.diagnostics, options, library.program);
        b.end("check");
        return b;
    }

    private Loader load(Map<Path, byte[]> overlay, Build b) throws BuildException {
        Loader loader = new Loader(env, goroot, b.sources, b.diagnostics, options.trimPath);
        loader.overlay = overlay;
        loader.filesOnly = options.plainHeader;
        loader.packagePath = options.packagePath;
        for (Package p : library.packages.values()) {
            loader.keep(p);
        }
        List<Package> roots = loader.load(args, List.of("runtime"));
        if (roots.size() != 1) {
            throw new BuildException("mica: " + roots.size() + " packages are named; one can be explored at a time");
        }
        b.main = roots.get(0);
        // Packages that were kept but are imported no more are not part of this program.
        Set<Package> needed = new HashSet<>();
        closure(b.main, needed);
        closure(loader.find("runtime"), needed);
        List<Package> all = new ArrayList<>(loader.inDependencyOrder());
        all.removeIf(p -> !needed.contains(p));
        b.packages = all;
        return loader;
    }

    private static void closure(Package p, Set<Package> out) {
        if (out.add(p)) {
            for (Package q : p.imports) {
                closure(q, out);
            }
        }
    }

    private void checkOnce(Package p) {
        if (library.packages.putIfAbsent(p.importPath, p) == null) {
            p.typed = TypedProgram.typed(p, options);
            library.program.check(p.typed);
        }
    }
}
