// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import mica.base.Fault;
import mica.base.Refused;
import mica.base.Sources;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.data.FunctionSource;
import mica.ssa.data.TypeData;
import mica.ssa.pass.PassServices;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Alias;
import mica.types.Named;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Program;
import mica.types.Selection;
import mica.types.Signature;
import mica.types.Type;
import mica.types.TypeName;
import mica.types.TypeParam;
import mica.types.Var;

/**
 * All functions of a program as objects that can be built: one per link name. Symbols get definers here; the functions behind
 * them are built when the linker reaches them. Safe for concurrent use.
 */
public final class ProgramBuilder implements FunctionSource {
    /** Values up to this size are captured by value if nobody changes them. */
    private static final long MAX_BY_VALUE = 128;
    private static final Type[] NO_TYPES = {};
    private static final String TYPE = "type:";

    /** Compiles a built function into its symbol. */
    public interface Sink {
        void emit(Func f, Symbol out);
    }

    public final Program program;
    public final SymbolTable symbols;
    public final TypeData data;
    final Layouts layouts = new Layouts();
    final Synth synth = new Synth(this);
    final StaticInit statics = new StaticInit(this);
    final Intrinsics intrinsics = new Intrinsics(this);
    final LinkNames names;
    private final Owners owners = new Owners(this);
    private final Sink sink;
    private final ConcurrentHashMap<String, Fn> functions = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Decl.Func, FuncFacts> facts = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<Pkg, PackageInit> inits = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<mica.types.Func, Fn> plain = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Var, Symbol> variables = new ConcurrentHashMap<>();
    private final IdentityHashMap<mica.types.Func, Integer> initNumbers = new IdentityHashMap<>();
    private final Map<String, Pkg> packages = new HashMap<>();
    /** Functions get {@link mica.ssa.FuncNotes}. */
    public volatile boolean explains;
    /** Values of -X, by link name. */
    final Map<String, String> stringValues;
    /** Functions that were compiled before; null: all are compiled. */
    public CodeUnits units;
    /** Functions without a body are in objects that this compilation does not see. */
    public boolean externalAssembly;
    /** Descriptors of declared types by name, made when one is first asked for by its name alone. */
    private Map<String, Type> declaredTypes;

    public ProgramBuilder(Program program, SymbolTable symbols, Map<String, String> stringValues, Sink sink) {
        this.program = program;
        this.symbols = symbols;
        this.stringValues = stringValues;
        this.sink = sink;
        this.data = new TypeData(symbols, this);
        for (Pkg p : program.packages()) {
            packages.put(p.path, p);
            int n = 0;
            for (mica.types.Func f : p.funcs) {
                if (f.name.equals("init") && f.decl != null && f.decl.recv == null) {
                    initNumbers.put(f, n++);
                }
            }
        }
        this.names = new LinkNames(this, program.packages());
    }

    Sources sources() {
        return program.sources;
    }

    /** The package of an import path; null if the program has none. */
    Pkg find(String path) {
        return packages.get(path);
    }

    Pkg pkg(String path) {
        Pkg p = find(path);
        if (p == null) {
            throw new Fault("ssa build", "package " + path + " is not part of the program");
        }
        return p;
    }

    // Functions.

    Fn fn(String linkName, Supplier<Fn> make) {
        Fn f = functions.get(linkName);
        if (f == null) {
            Fn fresh = make.get();
            Fn first = functions.putIfAbsent(linkName, fresh);
            f = first == null ? fresh : first;
        }
        // Even if another worker made it: that one may be about to do this, and the symbol is in our hands now.
        attach(f);
        return f;
    }

    private void attach(Fn f) {
        if (!f.symbol.isTaken()) {
            f.symbol.offer(x -> define(f, x), f, f.pos);
        }
        if (f.symbol.origin instanceof CodeUnit) {
            // It was referred to before anything said what function it is.
            f.symbol.origin = f;
        }
    }

    /** The package whose source alone, with what it imports, decides what a function's code is; null if there is none. */
    public Pkg owner(Symbol function) {
        return function.origin instanceof Fn f && f.symbol == function ? owners.of(f) : null;
    }

    /** The packages whose source decides, with a package's own, what its functions become; the package itself is one of them. */
    public Set<Pkg> dependencies(Pkg p) {
        return owners.dependencies(p);
    }

    /** Whether the function was compiled before, and so it is given. */
    private boolean isGiven(Symbol s) {
        Pkg p = units == null ? null : owner(s);
        CodeUnit u = p == null ? null : units.of(p);
        return u != null && u.define(s);
    }

    /** A declared function (no method) with its type arguments. */
    Fn function(mica.types.Func f, Type[] args) {
        f = f.origin;
        if (f.signature().recv != null) {
            throw new Fault("ssa build", "method " + f.name + " taken for a function");
        }
        if (args.length == 0) {
            Fn known = plain.get(f);
            if (known != null) {
                return known;
            }
            Fn made = declared(f, NO_TYPES, NO_TYPES);
            plain.put(f, made);
            return made;
        }
        return declared(f, NO_TYPES, args);
    }

    /** The method m declared for the named type t (or *t), with type arguments of its own. */
    Fn method(Type t, mica.types.Func m, Type[] args) {
        Type base = Alias.strip(t);
        if (base instanceof Pointer p) {
            base = Alias.strip(p.elem);
        }
        return declared(m.origin, ((Named) base).typeArgs, args);
    }

    private Fn declared(mica.types.Func f, Type[] recvArgs, Type[] args) {
        String own = recvArgs.length == 0 && args.length == 0 ? plainName(f) : Names.function(f, recvArgs, args, false);
        String link = names.linkName(f, own);
        Object owner = recvArgs.length == 0 && args.length == 0 ? names.find(link) : f;
        if (owner != f && owner instanceof mica.types.Func g && f.decl != null && f.decl.body == null) {
            // Declared here without a body, defined elsewhere under the same link name: its symbol, our signature.
            Fn there = functionOf(g);
            return fn(link + "<" + f.pkg.path + ">", () -> alias(f, link, own, there));
        }
        return fn(link, () -> make(f, link, own, recvArgs, args));
    }

    /** A function that was found by name; methods included. */
    Fn functionOf(mica.types.Func g) {
        return g.signature().recv != null ? method(g.signature().recv.type, g, NO_TYPES) : function(g, NO_TYPES);
    }

    String plainName(mica.types.Func f) {
        Integer n = initNumbers.get(f);
        String s = Names.function(f, NO_TYPES, NO_TYPES, false);
        return n == null ? s : s + "." + n;
    }

    private Fn alias(mica.types.Func f, String link, String own, Fn there) {
        Fn a = make(f, link, own, NO_TYPES, NO_TYPES);
        a.provider = there;
        a.noInline = there.noInline;
        return a;
    }

    private Fn make(mica.types.Func f, String link, String own, Type[] recvArgs, Type[] args) {
        Signature sig = f.signature();
        TypeEnv env = TypeEnv.EMPTY;
        if (recvArgs.length + args.length > 0) {
            TypeParam[] ps = new TypeParam[recvArgs.length + args.length];
            Type[] as = new Type[ps.length];
            System.arraycopy(sig.recvTypeParams, 0, ps, 0, recvArgs.length);
            System.arraycopy(sig.typeParams, 0, ps, recvArgs.length, args.length);
            System.arraycopy(recvArgs, 0, as, 0, recvArgs.length);
            System.arraycopy(args, 0, as, recvArgs.length, args.length);
            env = new TypeEnv(ps, as);
        }
        int skip = sig.recv == null ? 0 : 1;
        Type[] params = new Type[sig.params.size() + skip];
        if (skip == 1) {
            params[0] = env.apply(sig.recv.type);
        }
        for (int i = skip; i < params.length; i++) {
            params[i] = env.apply(sig.params.vars[i - skip].type);
        }
        String shown = recvArgs.length + args.length > 0 ? Names.function(f, recvArgs, args, true) : link;
        Fn r = new Fn(this, link, shown, f.pkg, env, params, env.apply(Fn.types(sig.results)));
        r.func = f;
        r.node = f.decl;
        r.pos = f.pos;
        if (f.decl != null) {
            r.noInline = isOpaque(f);
            r.nosplit = f.decl.hasDirective("go:nosplit");
            r.keepsPointers = f.decl.hasDirective("go:uintptrescapes") || f.decl.hasDirective("go:uintptrkeepalive");
            if (f.decl.body == null && f.decl.hasDirective("go:noescape")) {
                r.summary = mica.ssa.pass.EscapeSummary.NO_ESCAPE;
            }
        }
        if (link.startsWith("runtime.") && sig.recv == null) {
            mica.ssa.pass.EscapeSummary known = mica.ssa.pass.RuntimeSummaries.of(link.substring("runtime.".length()));
            r.summary = known == null ? r.summary : known;
        }
        if (recvArgs.length + args.length > 0) {
            r.symbol.dupOk = true;
        }
        return r;
    }

    /** Checks the body of a declared function and finds its facts. */
    void prepare(Fn fn) {
        Decl.Func d = (Decl.Func) fn.node;
        program.checkBody(fn.func);
        FuncFacts f = facts.get(d);
        if (f == null) {
            // The walk sets flags of variables: they must be complete before anybody builds.
            synchronized (d) {
                f = facts.get(d);
                if (f == null) {
                    f = FactsWalker.of(d);
                    facts.put(d, f);
                }
            }
        }
        fn.facts = f;
    }

    /** A function literal inside parent. */
    Fn literal(Fn parent, Expr.FuncLit lit) {
        FuncFacts f = parent.facts.all.get(lit);
        String link = (parent.literalPrefix != null ? parent.literalPrefix : parent.linkName) + f.suffix;
        String shown = parent.literalPrefix != null ? link : parent.shownName() + f.suffix;
        return fn(link, () -> {
            Signature sig = (Signature) Alias.strip((Type) lit.type);
            TypeEnv env = parent.env;
            Fn r = new Fn(this, link, shown, parent.pkg, env, env.apply(Fn.types(sig.params)),
                    env.apply(Fn.types(sig.results)));
            return nested(r, parent, f, lit.pos);
        });
    }

    /** The body of a range-over-func loop inside parent. */
    Fn rangeBody(Fn parent, Stmt.Range s) {
        FuncFacts f = parent.facts.all.get(s);
        String link = parent.linkName + f.suffix;
        return fn(link, () -> {
            Signature sig = (Signature) GoTypes.under(parent.env.apply((Type) s.x.type));
            Signature yield = (Signature) GoTypes.under(sig.params.vars[0].type);
            Fn r = new Fn(this, link, parent.shownName() + f.suffix, parent.pkg, parent.env, Fn.types(yield.params),
                    Fn.types(yield.results));
            return nested(r, parent, f, s.pos);
        });
    }

    private static Fn nested(Fn r, Fn parent, FuncFacts f, int pos) {
        r.func = parent.func;
        r.node = f.node;
        r.facts = f;
        r.pos = pos;
        r.nosplit = false;
        r.capture(f.captures.toArray(new Var[0]));
        return r;
    }

    boolean capturedByValue(Var v, Layout l) {
        return !v.reassigned && !v.addrTaken && l.size <= MAX_BY_VALUE;
    }

    Abi abi(Type[] params, Type[] results) {
        return Abi.of(layouts, params, results, 1);
    }

    // Definition.

    private void define(Fn fn, Symbol s) {
        if (isGiven(s)) {
            return;
        }
        try {
            Func f = fn.build();
            if (f == null) {
                Symbol asm = externalAssembly ? symbols.lookup(s.name, 0) : symbols.find(s.name, 0);
                if (!externalAssembly && (asm == null || !asm.isDefined() && asm.definer == null)) {
                    program.diagnostics.error(fn.pos, "missing function body");
                    broken(s);
                    return;
                }
                f = synth.toAssembly(fn, asm).build();
            }
            sink.emit(f, s);
        } catch (Refused e) {
            program.diagnostics.error(e.pos, e.getMessage());
            broken(s);
        } catch (Unsupported e) {
            program.diagnostics.error(e.pos, "not supported by mica yet: " + e.what);
            broken(s);
        } catch (RuntimeException e) {
            if (hasErrors(fn)) {
                // Nothing has to come of it.
                broken(s);
                return;
            }
            throw e instanceof Fault f ? f : new Fault("compile " + s.name, String.valueOf(e), e);
        }
    }

    /** Errors were reported for the source of the function, or for what is declared nowhere. */
    private boolean hasErrors(Fn fn) {
        Decl.Func d = fn.func == null ? null : fn.func.decl;
        for (mica.base.Diagnostics.Entry e : program.diagnostics.sorted()) {
            if (d == null || d.body == null || e.pos >= d.pos && e.pos <= d.body.rbrace) {
                return true;
            }
        }
        return false;
    }

    /** Something to link with, so that other errors are found too. */
    private static void broken(Symbol s) {
        s.data = new byte[] {(byte) 0xCC};
        s.size = 1;
        s.func = new mica.obj.FuncInfo();
        s.kind = SymKind.TEXT;
    }

    /** Gives a symbol that is referred to by name its definer, if the program's Go source has something of that name. */
    public void resolve(Symbol s) {
        if (s.isTaken()) {
            return;
        }
        if (s.name.endsWith(ArgsMap.SUFFIX)) {
            s.offer(x -> ArgsMap.define(this, x), null, 0);
            return;
        }
        if (s.name.startsWith(TYPE)) {
            Type t = declaredType(s.name.substring(TYPE.length()));
            if (t != null) {
                data.type(t);
            }
            return;
        }
        Object o = names.find(s.name);
        if (o instanceof Var v) {
            varSymbol(v);
        } else if (o instanceof mica.types.Func f) {
            Fn fn = functionOf(f);
            if (s.abi == 1) {
                attach(fn);
            } else if (f.decl != null && (f.decl.body != null || isRegisterAssembly(s.name))) {
                s.offer(x -> sink.emit(synth.fromAssembly(fn), x), fn, fn.pos);
            }
        }
    }

    /** Whether assembly defines the function for ABIInternal, as memmove: assembly elsewhere still calls it by ABI0. */
    private boolean isRegisterAssembly(String name) {
        Symbol s = symbols.find(name, 1);
        return s != null && s.isDefined();
    }

    private synchronized Type declaredType(String linkString) {
        if (declaredTypes == null) {
            declaredTypes = new HashMap<>();
            for (Pkg p : packages.values()) {
                for (Obj o : p.scope.all()) {
                    if (o instanceof TypeName t && Alias.strip(t.type) instanceof Named n && n.obj == t && n.typeParams.length == 0) {
                        declaredTypes.put(n.linkString(), n);
                        Type pointer = new Pointer(n);
                        declaredTypes.put(pointer.linkString(), pointer);
                    }
                }
            }
        }
        return declaredTypes.get(linkString);
    }

    /**
     * The package whose declarations give a symbol that {@link #resolve} finds by its name alone: a function without type parameters, a
     * variable, the descriptor of a declared type or of a pointer to it. Null for all other symbols: whoever needs one makes it.
     */
    public Pkg provider(Symbol s) {
        if (s.origin instanceof Type t) {
            Type base = t instanceof Pointer p ? Alias.strip(p.elem) : t;
            boolean declared = base instanceof Named n && n.obj.pkg != null && n.typeArgs.length == 0 && n.obj.pkg.scope.here(n.obj.name) == n.obj;
            return declared ? ((Named) base).obj.pkg : null;
        }
        return names.find(s.name) instanceof Obj o ? o.pkg : null;
    }

    Pkg runtime() {
        return pkg("runtime");
    }

    /** Other packages that give bodies to functions which the package declares without one, where a caller could tell which body it is. */
    Set<Pkg> providers(Pkg p) {
        Set<Pkg> out = new LinkedHashSet<>();
        for (mica.types.Func f : p.funcs) {
            if (f.decl.body == null && names.find(names.linkName(f, plainName(f))) instanceof mica.types.Func g && g.pkg != p && g.decl.body != null) {
                Signature s = g.signature();
                if (!isOpaque(g) || s.params.vars.length + s.results.vars.length > 0 || s.recv != null) {
                    out.add(g.pkg);
                }
            }
        }
        return out;
    }

    /** Calls are never inlined: main.main keeps a frame of its own, so that tracebacks and profilers see it. */
    private boolean isOpaque(mica.types.Func f) {
        return f.decl.hasDirective("go:noinline") || f.name.equals("main") && f.pkg.linkPath.equals("main") && f.signature().recv == null;
    }

    /** The symbol of a package variable. */
    public Symbol variable(Var v) {
        return varSymbol(v);
    }

    /** The function of a link name, if the program's source declares it; else null. */
    public Fn named(String linkName) {
        return names.find(linkName) instanceof mica.types.Func f ? functionOf(f) : null;
    }

    /**
     * Functions with a body whose link name and shown name satisfy a condition, sorted by link name: those that the source declares (generic ones
     * aside), and what was asked for so far: instances, literals, wrappers.
     */
    public List<Fn> matching(BiPredicate<String, String> condition) {
        TreeMap<String, Fn> out = new TreeMap<>();
        for (Fn f : functions.values()) {
            if (f.hasBody() && condition.test(f.linkName, f.shownName())) {
                out.put(f.linkName, f);
            }
        }
        for (String link : names.functions()) {
            if (!out.containsKey(link) && condition.test(link, link)) {
                Fn f = named(link);
                if (f.hasBody()) {
                    out.put(link, f);
                }
            }
        }
        return List.copyOf(out.values());
    }

    Fn runtimeFn(String name) {
        Fn f = named("runtime." + name);
        if (f == null) {
            throw new Fault("ssa build", "package runtime has no function " + name);
        }
        return f;
    }

    Symbol funcValue(Fn f) {
        return data.functionValue(f.symbol);
    }

    // Variables.

    Symbol varSymbol(Var v) {
        Symbol s = variables.get(v);
        if (s == null) {
            String link = names.linkName(v);
            s = symbols.lookup(link);
            Object owner = names.find(link);
            Var o = owner instanceof Var w ? w : v;
            s.offer(x -> {
                x.pkg = o.pkg.path;
                statics.define(o, x);
            }, o, o.pos);
            variables.put(v, s);
        }
        return s;
    }

    Symbol variableNamed(String linkName) {
        Symbol s = symbols.lookup(linkName);
        resolve(s);
        return s;
    }

    // Types of packages below.

    Type runtimeType(String name) {
        return typeIn("runtime", name);
    }

    Type mapIterType() {
        return typeIn("internal/runtime/maps", "Iter");
    }

    private Type typeIn(String path, String name) {
        Obj o = pkg(path).scope.here(name);
        if (!(o instanceof TypeName)) {
            throw new Fault("ssa build", "package " + path + " has no type " + name);
        }
        return o.type;
    }

    boolean isRuntimeType(Type t, String name) {
        return Alias.strip(t) instanceof Named n && n.obj.name.equals(name) && n.obj.pkg != null && n.obj.pkg.path.equals("runtime");
    }

    /** Loop variables are per iteration since language version go1.22. */
    boolean perIterationLoops(Fn fn, int pos) {
        String v = fn.pkg == null ? "" : fn.pkg.goVersion;
        if (!v.startsWith("go1.")) {
            return true;
        }
        int n = 0;
        for (int i = 4; i < v.length() && Character.isDigit(v.charAt(i)); i++) {
            n = n * 10 + v.charAt(i) - '0';
        }
        return n >= 22;
    }

    boolean neverReturns(Fn f) {
        switch (f.linkName) {
            case "runtime.throw", "runtime.fatal", "runtime.gopanic", "runtime.fatalthrow", "runtime.goPanicIndex",
                    "internal/runtime/maps.fatal", "runtime.panicdivide", "runtime.panicshift", "runtime.panicwrap":
                return true;
            default:
                return false;
        }
    }

    /** How to call a service of package runtime. */
    public CallInfo runtimeCall(String name) {
        Fn f = runtimeFn(name);
        return new CallInfo(f.symbol, f, f.abi().sig);
    }

    /** What passes may ask. */
    public PassServices services() {
        return new PassServices() {
            @Override
            public CallInfo runtimeCall(String name) {
                return ProgramBuilder.this.runtimeCall(name);
            }

            @Override
            public Symbol runtimeVariable(String name) {
                return variableNamed("runtime." + name);
            }

            @Override
            public FuncRef itabMethod(Symbol itab, int index) {
                Symbol s = data.itabMethod(itab, index);
                return s != null && s.origin instanceof FuncRef r ? r : null;
            }

            @Override
            public Symbol itabType(Symbol itab) {
                Type t = data.itabType(itab);
                return t == null ? null : data.type(t);
            }

            @Override
            public String itabTypeName(Symbol itab, FuncRef from) {
                return NoteText.type(data.itabType(itab), from instanceof Fn f ? f.pkg : null);
            }

            @Override
            public Symbol itabOf(Symbol type, Symbol want) {
                return type.origin instanceof Type t && want.origin instanceof Type w && GoTypes.isInterface(w) && !GoTypes.isEface(w)
                        && !GoTypes.isInterface(t) && mica.types.Predicates.implement(t, w, false, null) ? data.itab(t, w) : null;
            }
        };
    }

    public Symbol declaredSymbol(mica.types.Func f) {
        return functionOf(f).symbol;
    }

    // Initialization.

    public java.util.List<PackageInit.Step> initSteps(Pkg p) {
        return init(p).steps();
    }

    PackageInit init(Pkg p) {
        PackageInit i = inits.get(p);
        if (i == null) {
            synchronized (p) {
                i = inits.get(p);
                if (i == null) {
                    i = new PackageInit(this, p);
                    inits.put(p, i);
                }
            }
        }
        return i;
    }

    // What descriptors need.

    @Override
    public Symbol interfaceMethod(Type t, Selection method) {
        Type recv = t;
        int[] path = method.path;
        if (!GoTypes.isDirectIface(t)) {
            recv = new Pointer(t);
        }
        return methodFn(recv, method, path).symbol;
    }

    @Override
    public Symbol method(Type t, Selection method) {
        return methodFn(t, method, method.path).symbol;
    }

    private Fn methodFn(Type recv, Selection sel, int[] path) {
        return synth.methodOn(recv, (mica.types.Func) sel.obj, path, NO_TYPES);
    }

    @Override
    public Symbol equal(Type t) {
        return synth.equalFn(t).symbol;
    }

    @Override
    public Symbol hash(Type t) {
        return synth.hashFn(t).symbol;
    }

}
