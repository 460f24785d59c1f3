// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.Fault;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.code.Amd64Backend;
import mica.link.Image;
import mica.link.InitTask;
import mica.link.LinkOptions;
import mica.link.Linker;
import mica.link.ObjectFiles;
import mica.obj.Elf;
import mica.obj.FormatException;
import mica.obj.GoObjectWriter;
import mica.obj.GoPackage;
import mica.obj.PcTable;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.Backend;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.FuncRef;
import mica.ssa.build.CodeUnit;
import mica.ssa.build.Fn;
import mica.ssa.build.PackageFunctions;
import mica.ssa.build.PackageInit;
import mica.ssa.build.ProgramBuilder;
import mica.ssa.pass.Decisions;
import mica.ssa.pass.PassContext;
import mica.ssa.pass.PassList;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Sizes;
import mica.types.Struct;

/** Typed packages to an executable's image: symbols for everything, of which the linker has those compiled that it reaches. */
final class Compile {
    private final BuildOptions options;
    private final Path goroot;
    private final Environment env;
    private final Sources sources;
    private final Diagnostics diagnostics;
    private final List<Package> packages;
    private final SymbolTable symbols = new SymbolTable();
    private final ProgramBuilder builder;
    private final ObjectFiles objects;
    /** Packages whose symbols come from objects, by import path: how they are initialized. */
    private final Map<String, GoPackage> compiled = new HashMap<>();
    private final Backend backend;
    private final ThreadLocal<PassContext> passes;
    /** As {@link #passes}, for functions that a probe wants to see. */
    private final ThreadLocal<PassContext> watched;
    /** The probe wants decisions. */
    private final boolean explains;
    /** Names of passes that are switched off. */
    private final Set<String> off = new HashSet<>();
    /** Time in passes and in the code generator, over all workers. */
    final LongAdder passNanos = new LongAdder();
    final LongAdder codeNanos = new LongAdder();
    private boolean assembled;
    /** The probe does not look at how functions are made: those of earlier builds will do. */
    boolean reuses;
    /** Assembly files that were read before, by path: a session reads each once. */
    Map<Path, SourceFile> assembly = new HashMap<>();

    Compile(BuildOptions options, Path goroot, Environment env, TypedProgram typed, List<Package> packages) {
        this.options = options;
        this.goroot = goroot;
        this.env = env;
        this.sources = typed.program.sources;
        this.diagnostics = typed.program.diagnostics;
        this.packages = packages;
        this.backend = new Amd64Backend(symbols, sources, options.probe);
        this.builder = new ProgramBuilder(typed.program, symbols, options.strings, this::emit);
        this.objects = new ObjectFiles(symbols, sources);
        explains = options.probe != null && options.probe.explains();
        builder.explains = explains;
        if (options.probe != null) {
            options.probe.begins(sources, linkPaths(p -> p.named), linkPaths(p -> !p.standard));
        }
        boolean verify = false;
        if (options.noInlining) {
            off.add("inline");
        }
        for (String d : options.debug) {
            if (d.startsWith("ssa/") && d.endsWith("/off")) {
                off.add(d.substring(4, d.length() - 4).replace('_', ' '));
            }
            verify |= d.equals("ssa/check/on") || d.equals("ssa/check");
        }
        boolean check = verify;
        this.passes = ThreadLocal.withInitial(() -> new PassContext(builder.services(), !options.noOptimization, off, check, null));
        this.watched = ThreadLocal.withInitial(
                () -> new PassContext(builder.services(), !options.noOptimization, off, check, options.probe));
    }

    private List<String> linkPaths(Predicate<Package> which) {
        return packages.stream().filter(which).map(p -> p.typed.linkPath).toList();
    }

    private void emit(Func f, Symbol out) {
        long start = System.nanoTime();
        boolean watch = options.probe != null && options.probe.wants(f);
        if (watch) {
            options.probe.after("build", f, 0);
        }
        PassContext c = watch ? watched.get() : passes.get();
        Decisions decided = null;
        if (explains) {
            decided = decisions(f, f.ref, c);
        } else {
            PassList.run(f, c);
        }
        long passed = System.nanoTime();
        backend.emit(f, out);
        if (decided != null) {
            if (out.func.provenance != null) {
                decided.emitted(withCode(f, out.func.provenance.values)::get);
            }
            options.probe.decided(f, decided);
        }
        passNanos.add(passed - start);
        codeNanos.add(System.nanoTime() - passed);
    }

    /** Ids of values with instructions of their own. */
    private static BitSet withCode(Func f, PcTable values) {
        BitSet out = new BitSet(f.valueCount());
        for (int i = 0; i < values.count; i++) {
            if (values.value[i] >= 0) {
                out.set(values.value[i]);
            }
        }
        return out;
    }

    /** Runs the passes, noting what they decide. */
    private static Decisions decisions(Func f, FuncRef ref, PassContext c) {
        c.log = new Decisions(ref, f.name, f.notes == null ? f.name : f.notes.name);
        try {
            if (ref != null) {
                Decisions.inlinable(ref, ref instanceof Fn fn && PackageFunctions.isLiteral(fn), c);
            }
            PassList.run(f, c);
            return c.log;
        } finally {
            c.log = null;
        }
    }

    /**
     * Compiles a function of the finished program once more, watched, into a symbol of its own. The same comes out, since a function's
     * code depends on nothing but the source.
     *
     * @return null if the compiler did not make {@code s} from a body
     */
    Symbol again(Symbol s, Probe probe) {
        Fn fn = origin(s);
        Func f = fn == null ? null : fn.build();
        if (f == null) {
            return null;
        }
        Symbol copy = new Symbol(s.name, s.abi);
        probe.after("build", f, 0);
        PassList.run(f, new PassContext(builder.services(), !options.noOptimization, off, false, probe));
        new Amd64Backend(symbols, sources, probe).emit(f, copy);
        return copy;
    }

    /** The compiler's function behind a linked symbol, which an earlier build may have compiled; null if it was not made from a body. */
    private Fn origin(Symbol s) {
        if (s.origin instanceof CodeUnit) {
            Symbol by = s.reachedFrom;
            while (by != null && !(by.origin instanceof Fn) && !(by.origin instanceof CodeUnit)) {
                by = by.reachedFrom;
            }
            Fn around = by == null ? null : origin(by);
            Func f = around == null ? null : around.build();
            if (f != null) {
                // Whatever that function refers to becomes known.
                PassList.run(f, passes.get());
            }
        }
        return s.origin instanceof Fn fn ? fn : null;
    }

    /** Compiles what a probe demands though nothing reaches it: functions that are declared, and instances and literals that were seen. */
    void demand(Probe probe) {
        if (probe.demanded() == null) {
            return;
        }
        List<Fn> wanted = builder.matching(probe::demands);
        if (wanted.isEmpty()) {
            around(probe.demanded()).forEach(Fn::build);
            wanted = builder.matching(probe::demands);
        }
        for (Fn f : wanted) {
            Symbol.Definer d = f.symbol.definer;
            if (d != null && !f.symbol.isDefined()) {
                f.symbol.definer = null;
                d.define(f.symbol);
            }
        }
    }

    /** The functions around a function literal, outermost first; building one makes the literals in it known. */
    private List<Fn> around(String literal) {
        int end = literal.indexOf(".func");
        if (end <= 0) {
            return List.of();
        }
        String name = literal.substring(0, end);
        return builder.matching((link, shown) -> link.equals(name) || link.endsWith("/" + name) || link.endsWith("." + name)
                || shown.equals(name) || shown.endsWith("/" + name) || shown.endsWith("." + name));
    }

    /** Prints what is decided about all functions of a package (-m). */
    void diagnose(Package p, PrintStream out) {
        builder.explains = true;
        Remarks remarks = new Remarks(sources, options);
        new Diagnosis(builder, (f, fn) -> {
            Decisions d = decisions(f, fn, passes.get());
            if (options.live && f.notes != null) {
                live(f, d);
            }
            return d;
        }).run(p.typed, remarks);
        remarks.print(out);
    }

    /** Makes a function's code to see what its stack maps hold. */
    private void live(Func f, Decisions d) {
        f.notes.live = new ArrayList<>();
        backend.emit(f, new Symbol(f.name, 1));
        for (FuncNotes.Live l : f.notes.live) {
            d.live.add(new Decisions.Step(l.pos(), l.inline(), "live at " + l.what() + ": " + String.join(" ", l.names())));
        }
    }

    /** What is decided about a function, and why; null if the compiler does not make it from a body. Not while a link is under way. */
    Decisions decisions(Symbol s) {
        Fn fn = origin(s);
        if (fn == null) {
            return null;
        }
        builder.explains = true;
        try {
            Func f = fn.build();
            return f == null || f.notes == null ? null : decisions(f, fn, passes.get());
        } finally {
            builder.explains = false;
        }
    }

    /**
     * Compiles a function before anything is linked.
     *
     * @return its symbol; null if the source has no such function or errors were reported
     */
    Symbol ahead(String linkName) {
        Symbol s = symbols.find(linkName, 1);
        if (s == null || !s.isDefined() && s.definer == null) {
            Fn f = builder.named(linkName);
            int literal = linkName.lastIndexOf(".func");
            if (f != null) {
                s = f.symbol;
            } else if (literal > 0 && ahead(linkName.substring(0, literal)) != null) {
                // A literal is known once the function around it is built.
                s = symbols.find(linkName, 1);
            }
        }
        Symbol.Definer d = s == null ? null : s.definer;
        if (d != null && !s.isDefined()) {
            s.definer = null;
            d.define(s);
        }
        return s != null && s.isDefined() && diagnostics.isEmpty() ? s : null;
    }

    /** Compiles all of one package: its functions, with those of assembly files; what goes wrong is in the diagnostics. */
    List<Symbol> functions(Package p) throws BuildException {
        assemble();
        List<Symbol> out = new ArrayList<>();
        for (Symbol s : PackageSymbols.of(builder, p.typed)) {
            if (s.kind == SymKind.TEXT) {
                out.add(s);
            }
        }
        return out;
    }

    /** Compiles all of one package; the bytes of its object file, or null if errors were reported. */
    byte[] object(Package p, List<Symbol> listed) throws BuildException {
        builder.externalAssembly = true;
        List<Symbol> all = PackageSymbols.of(builder, p.typed);
        if (!diagnostics.isEmpty()) {
            return null;
        }
        for (Symbol s : all) {
            if (s.kind == SymKind.TEXT) {
                listed.add(s);
            }
        }
        return GoObjectWriter.write(Elf.EM_X86_64, p.typed.linkPath, all, List.of(), ObjectFacts.of(p, builder), sources);
    }

    /** Takes the symbols of an object or archive into the link. @throws BuildException what is wrong with the file */
    void add(String file, byte[] contents) throws BuildException {
        try {
            for (GoPackage g : objects.add(file, contents)) {
                ObjectPackages.checkToolchain(file, g);
                compiled.put(g.path, g);
            }
        } catch (FormatException e) {
            throw new BuildException(e.getMessage(), 2);
        }
    }

    /** Assembles, compiles what is reached, links. Null if errors were reported. */
    Image link(Package main) throws BuildException {
        assemble();
        if (!diagnostics.isEmpty()) {
            return null;
        }
        if (!(main.typed.scope.here("main") instanceof mica.types.Func)) {
            diagnostics.error(0, "runtime.main_main·f: function main is undeclared in the main package");
            return null;
        }
        LinkOptions link = linkOptions(main);
        List<Symbol> roots = new ArrayList<>();
        roots.add(symbols.lookup("runtime.main", 1));
        roots.add(symbols.lookup("main.main", 1));
        for (Symbol s : roots) {
            builder.resolve(s);
        }
        CodeCache cache = codeCache();
        builder.units = cache;
        Image image;
        try {
            image = Linker.link(link, symbols, sources, roots);
            builder.units = null;
        } catch (Fault e) {
            // Bodies of imported packages are checked when they are reached: what fails on ill-typed code is the code's fault.
            if (diagnostics.isEmpty()) {
                throw e;
            }
            return null;
        }
        for (String e : objects.errors) {
            diagnostics.error(0, e);
        }
        if (cache != null && diagnostics.isEmpty()) {
            cache.store(image.symbols);
        }
        return image;
    }

    /** Functions of earlier builds; null if a view wants to see how each is made. */
    private CodeCache codeCache() {
        if (options.probe != null && !reuses || options.objects != null || !options.cut.isEmpty()) {
            return null;
        }
        List<String> settings = new ArrayList<>(new TreeSet<>(off));
        settings.add(options.noOptimization ? "-N" : "");
        return new CodeCache(env, builder, sources, packages, settings, assembly, !options.always && options.debug.isEmpty());
    }

    /** Assembles the packages' assembly files, once. */
    void assemble() throws BuildException {
        if (assembled) {
            return;
        }
        assembled = true;
        for (Package p : packages) {
            if (p.asmFiles.isEmpty() || p.object != null) {
                continue;
            }
            AsmOptions asm = new AsmOptions(sources);
            asm.packagePath = p.typed.linkPath;
            asm.defines.put("GOOS_" + env.target.os, "1");
            asm.defines.put("GOARCH_" + env.target.arch, "1");
            asm.defines.put("GOAMD64_v1", "1");
            asm.allowAbi = p.standard;
            asm.headers.put("go_asm.h", AsmHeader.of(p.typed));
            asm.includeDirs.add(p.dir);
            asm.includeDirs.add(goroot.resolve("src/runtime"));
            for (Path f : p.asmFiles) {
                try {
                    SourceFile source = p.standard ? assembly.get(f) : null;
                    if (source == null) {
                        source = sources.add(Outputs.shown(env, f), Files.readAllBytes(f));
                        assembly.put(f, source);
                    }
                    source.recordedPath = options.trimPath ? p.importPath + "/" + f.getFileName() : f.toString();
                    Assembler.assemble(source, asm, symbols, diagnostics);
                } catch (IOException e) {
                    throw new BuildException("open " + f + ": " + e.getMessage());
                }
            }
        }
    }

    private LinkOptions linkOptions(Package main) {
        LinkOptions link = new LinkOptions();
        if (options.workers > 0) {
            link.workers = options.workers;
        }
        link.omitSymbols = options.noSymbols;
        link.omitDebug = options.noDwarf || options.noSymbols;
        link.graph = !options.linkMap.isEmpty();
        link.keepRelocations = options.keepRelocations;
        int cut = options.cut.indexOf("=>");
        if (cut > 0) {
            link.cutFrom = options.cut.substring(0, cut);
            link.cutTo = options.cut.substring(cut + 2);
        }
        link.buildId = options.buildId;
        link.gnuBuildId = options.gnuBuildId;
        link.goVersion = Goroot.version(goroot);
        link.diagnostics = diagnostics;
        link.resolver = s -> {
            objects.resolve(s);
            builder.resolve(s);
        };
        link.modInfo = main.object != null ? (options.objects.modInfo == null ? "" : options.objects.modInfo)
                : ModInfo.of(main, packages, options, env, options.godebug);
        if (!options.trimPath) {
            link.stringValues.put("runtime.defaultGOROOT", goroot.toString());
        }
        link.stringValues.putAll(options.strings);
        if (!options.godebug.isEmpty()) {
            link.stringValues.put("runtime.godebugDefault", options.godebug);
        }
        link.moduledata = moduledataOffsets();
        for (Package p : packages) {
            link.packageOrder.add(p.typed.linkPath);
            link.initTasks.add(initTask(p));
        }
        return link;
    }

    private InitTask initTask(Package p) {
        InitTask task = new InitTask(p.importPath, importPaths(p));
        GoPackage g = compiled.get(p.importPath);
        if (g != null) {
            for (GoPackage.Step s : g.steps) {
                addStep(task, s.function, s.onlyIf);
            }
        } else {
            for (PackageInit.Step s : builder.initSteps(p.typed)) {
                addStep(task, s.function, s.onlyIf);
            }
        }
        return task;
    }

    private static void addStep(InitTask task, Symbol function, Symbol[] onlyIf) {
        if (onlyIf == null) {
            task.add(function);
        } else {
            task.addPure(function, onlyIf);
        }
    }

    private static List<String> importPaths(Package p) {
        List<String> out = new ArrayList<>();
        for (Package q : p.imports) {
            out.add(q.importPath);
        }
        return out;
    }

    private LinkOptions.FieldOffsets moduledataOffsets() {
        Pkg runtime = null;
        for (Package p : packages) {
            if (p.importPath.equals("runtime")) {
                runtime = p.typed;
            }
        }
        Obj o = runtime == null ? null : runtime.scope.here("moduledata");
        if (o == null || !(o.type.underlying() instanceof Struct s)) {
            return null;
        }
        return field -> {
            for (int i = 0; i < s.fields.length; i++) {
                if (s.fields[i].name.equals(field)) {
                    return Sizes.offset(s, i);
                }
            }
            return -1;
        };
    }
}
