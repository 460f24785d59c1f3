// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.obj.Symbol;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.syntax.Decl;
import mica.syntax.Node;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Signature;
import mica.types.Struct;
import mica.types.Tuple;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/** A function that can be built: of the program's source, or made by the compiler. */
public final class Fn extends FuncRef {
    /** Builds the body of a function that has no source. */
    interface Maker {
        /** Called between begin and end of the builder; ends with a return. */
        void make(FuncBuilder b);
    }

    private static final Var[] NO_VARS = {};
    private static final Type[] NO_TYPES = {};

    final ProgramBuilder c;
    /** Whose rules hold; null for functions of no package. */
    final Pkg pkg;
    final TypeEnv env;
    private final String shownName;
    /** Closed types of the parameters, receiver first, and of the results. */
    final Type[] params;
    final Type[] results;
    /** Declaration of the function or method, without substitution; null for what has no source. */
    mica.types.Func func;
    /** Decl.Func, Expr.FuncLit, Stmt.Range, or null. */
    Node node;
    FuncFacts facts;
    Maker maker;
    boolean wrapper;
    boolean needsContext;
    /** Arguments that are pointers converted to uintptr keep their objects alive. */
    boolean keepsPointers;
    /** Variables that a literal or loop body captures. */
    Var[] captures = NO_VARS;
    /** Types of the words behind the code address in the closure object. */
    Type[] contextTypes = NO_TYPES;
    private Struct contextStruct;
    private Abi abi;
    /** The function whose symbol it shares and that has the body; null usually. */
    Fn provider;
    /** Decides what its code is, with the types of {@link #about}: the function that it was made for; null: its package. */
    Fn madeFor;
    /** What a function without source was made for. */
    Type[] about = NO_TYPES;
    /** Names of literals inside begin with this; null: with the function's own. */
    String literalPrefix;
    /** Where direct calls go, if not {@link #symbol}. */
    Symbol callSymbol;

    Fn(ProgramBuilder c, String linkName, String shownName, Pkg pkg, TypeEnv env, Type[] params, Type[] results) {
        super(linkName, c.symbols.lookup(linkName, 1));
        this.c = c;
        this.shownName = shownName;
        this.pkg = pkg;
        this.env = env;
        this.params = params;
        this.results = results;
        if (pkg != null && symbol.pkg.isEmpty()) {
            symbol.pkg = pkg.path;
        }
    }

    static Type[] types(Tuple t) {
        Type[] r = new Type[t.vars.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = t.vars[i].type;
        }
        return r;
    }

    @Override
    public String shownName() {
        return shownName;
    }

    Symbol callSymbol() {
        return callSymbol != null ? callSymbol : symbol;
    }

    synchronized Abi abi() {
        if (abi == null) {
            abi = Abi.of(c.layouts, params, results, 1);
        }
        return abi;
    }

    /** The signature as declared, with the variables that the body names. */
    Signature declaredSignature() {
        return FactsWalker.signatureOf(facts);
    }

    boolean hasBody() {
        return maker != null || node != null && !(node instanceof Decl.Func d && d.body == null);
    }

    /** The type of the closure object: {code, captured...}. */
    synchronized Struct contextStruct() {
        if (contextStruct == null) {
            Var[] fields = new Var[contextTypes.length + 1];
            fields[0] = field("F", Universe.UINTPTR, 0);
            for (int i = 0; i < contextTypes.length; i++) {
                fields[i + 1] = field("X" + i, contextTypes[i], i + 1);
            }
            contextStruct = new Struct(fields, null);
        }
        return contextStruct;
    }

    private static Var field(String name, Type t, int index) {
        Var v = new Var(name, null, 0, t, Var.Role.FIELD);
        v.index = index;
        return v;
    }

    /** Sets what a literal or loop body captures. */
    void capture(Var[] vars) {
        captures = vars;
        contextTypes = new Type[vars.length];
        for (int i = 0; i < vars.length; i++) {
            Type t = env.apply(vars[i].type);
            contextTypes[i] = c.capturedByValue(vars[i], c.layouts.of(t)) ? t : new Pointer(t);
        }
        needsContext = vars.length > 0;
    }

    @Override
    public Func build() {
        if (provider != null) {
            return provider.build();
        }
        if (!hasBody()) {
            return null;
        }
        return new BodyBuilder(this).build();
    }
}
