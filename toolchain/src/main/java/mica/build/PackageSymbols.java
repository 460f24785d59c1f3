// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.Symbol;
import mica.ssa.build.PackageInit;
import mica.ssa.build.ProgramBuilder;
import mica.types.Func;
import mica.types.Pkg;
import mica.types.Var;

/**
 * The symbols that a package's object file defines: all its functions and variables, and of what these refer to everything that
 * others could not find by a name alone (strings, type descriptors, instances of generic functions, wrappers). The walk goes wave
 * by wave: the symbols of one are made in parallel, then looked at in their order, so that the result does not depend on timing.
 */
final class PackageSymbols {
    private static final int WORKERS = 2;
    /** Bytes; compiling recurses as deep as the source nests. */
    private static final long STACK = 256L << 20;

    private final ProgramBuilder builder;
    private final Pkg pkg;
    private final Set<Symbol> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Symbol> symbols = new ArrayList<>();

    private PackageSymbols(ProgramBuilder builder, Pkg pkg) {
        this.builder = builder;
        this.pkg = pkg;
    }

    /** Compiles the package; what goes wrong is in the program's diagnostics afterwards. */
    static List<Symbol> of(ProgramBuilder builder, Pkg pkg) {
        return new PackageSymbols(builder, pkg).walk();
    }

    private List<Symbol> walk() {
        roots();
        int done = 0;
        while (done < symbols.size()) {
            List<Symbol> wave = new ArrayList<>(symbols.subList(done, symbols.size()));
            done = symbols.size();
            define(wave);
            for (Symbol s : wave) {
                references(s);
            }
        }
        symbols.removeIf(s -> !s.isDefined());
        return symbols;
    }

    private void roots() {
        for (Func f : pkg.funcs) {
            boolean generic = f.signature().typeParams.length + f.signature().recvTypeParams.length > 0;
            if (!generic && !f.name.equals("_")) {
                add(builder.declaredSymbol(f));
            }
        }
        for (Var v : pkg.vars) {
            if (!v.name.equals("_")) {
                add(builder.variable(v));
            }
        }
        for (PackageInit.Step s : builder.initSteps(pkg)) {
            add(s.function);
            for (Symbol v : s.onlyIf == null ? new Symbol[0] : s.onlyIf) {
                add(v);
            }
        }
    }

    private void add(Symbol s) {
        if (s == null || !seen.add(s)) {
            return;
        }
        Pkg provider = builder.provider(s);
        if (provider != null && provider != pkg) {
            return;
        }
        if (provider == null && !s.local) {
            // Others who need it make it too.
            s.dupOk = true;
        }
        symbols.add(s);
    }

    private void references(Symbol s) {
        for (int i = 0; i < s.relocCount; i++) {
            RelocType t = s.relocType[i];
            if (t != RelocType.USE_IFACE_METHOD && t != RelocType.USE_NAMED_METHOD) {
                add(s.relocTarget[i]);
            }
        }
        if (s.func != null) {
            for (Symbol f : s.func.funcdata) {
                add(f);
            }
        }
        if (s.methods != null) {
            for (MethodEntry m : s.methods) {
                add(m.nameRef);
                add(m.mtyp);
                add(m.ifn);
                add(m.tfn);
            }
        }
    }

    private void define(List<Symbol> wave) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Thread t = new Thread(null, () -> work(wave, next, failed), "compile-" + i, STACK);
            t.start();
            threads.add(t);
        }
        for (Thread t : threads) {
            try {
                t.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (failed.get() instanceof RuntimeException e) {
            throw e;
        }
        if (failed.get() instanceof Error e) {
            throw e;
        }
    }

    private static void work(List<Symbol> wave, AtomicInteger next, AtomicReference<Throwable> failed) {
        for (int i = next.getAndIncrement(); i < wave.size() && failed.get() == null; i = next.getAndIncrement()) {
            Symbol s = wave.get(i);
            try {
                if (!s.isDefined() && s.definer != null) {
                    s.definer.define(s);
                    s.definer = null;
                }
            } catch (RuntimeException | Error e) {
                failed.compareAndSet(null, e);
            }
        }
    }
}
