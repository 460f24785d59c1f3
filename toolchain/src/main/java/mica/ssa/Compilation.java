// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.Map;
import java.util.Set;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.build.PackageInit;
import mica.ssa.build.ProgramBuilder;
import mica.ssa.data.TypeData;
import mica.ssa.pass.PassContext;
import mica.ssa.pass.PassList;
import mica.ssa.pass.PassServices;
import mica.types.Func;
import mica.types.Pkg;
import mica.types.Program;

/**
 * One program from typed trees to symbols that define themselves. Made once all packages of the program are checked and all assembly
 * is in the symbol table; then the linker asks {@link #resolve} for definers of the names that it meets, and
 * {@link #init} for what runs before main. Safe for concurrent use.
 */
public final class Compilation {
    /** What can be chosen for a compilation. */
    public static final class Options {
        public boolean optimize = true;
        /** Names of passes that are switched off. */
        public Set<String> off = Set.of();
        /** Verify the SSA form after each pass. */
        public boolean verify;
        /** Values of string variables by link name (-X). */
        public Map<String, String> strings = Map.of();
        /** Is told of each function after it is built and after each pass; may be null. */
        public PassContext.Observer observer;
    }

    private final ProgramBuilder builder;
    private final PassContext passes;
    private final Options options;
    private final Backend backend;

    public Compilation(Program program, SymbolTable symbols, Backend backend, Options options) {
        this.backend = backend;
        this.options = options;
        this.builder = new ProgramBuilder(program, symbols, options.strings, this::emit);
        this.passes = new PassContext(builder.services(), options.optimize, options.off, options.verify, options.observer);
    }

    private CallInfo runtimeCall(String name) {
        return builder.runtimeCall(name);
    }

    private void emit(mica.ssa.Func f, Symbol out) {
        if (options.observer != null) {
            options.observer.after("build", f, 0);
        }
        PassList.run(f, passes);
        backend.emit(f, out);
    }

    /** Gives a symbol that is referred to by name its definer, if the source of the program declares something of that name. */
    public void resolve(Symbol s) {
        builder.resolve(s);
    }

    /** The text symbol (ABIInternal) of a declared function that is not generic. */
    public Symbol function(Func f) {
        return builder.declaredSymbol(f);
    }

    /** The function of a link name such as {@code main.main}; null if the program's source declares none. */
    public FuncRef named(String linkName) {
        return builder.named(linkName);
    }

    /** What runs before main for this package: a function for each variable that is no data, then its init functions. */
    public java.util.List<PackageInit.Step> init(Pkg p) {
        return builder.initSteps(p);
    }

    /** Descriptors, strings, function values. */
    public TypeData data() {
        return builder.data;
    }

    /** Services for passes run elsewhere. */
    public PassServices services() {
        return builder.services();
    }
}
