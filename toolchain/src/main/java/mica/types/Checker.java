// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.syntax.Expr;

/**
 * Checks one package. The parts (one per language construct) share it: it holds the surroundings of what is being checked
 * ({@link Env}), takes errors, and keeps what can only be checked when the types that are being declared are complete.
 *
 * <p>Order: {@link Collect} enters all names; {@link Decls} resolves types, then signatures, then constants and variables (each also
 * when something asks for it earlier); delayed checks run whenever the outermost declaration is done; bodies follow on demand.
 */
final class Checker {
    final Program program;
    final Pkg pkg;
    final Diagnostics diags;
    final Qualifier qualifier;
    /** Names of this package are resolved. */
    boolean declarationsDone;

    /** What surrounds the expression or statement at work. */
    Env env = new Env();

    final Collect collect = new Collect(this);
    final Decls decls = new Decls(this);
    final Idents idents = new Idents(this);
    final TypeExprs types = new TypeExprs(this);
    final StructTypes structs = new StructTypes(this);
    final InterfaceTypes interfaces = new InterfaceTypes(this);
    final Signatures signatures = new Signatures(this);
    final ValidTypes validTypes = new ValidTypes(this);
    final Exprs exprs = new Exprs(this);
    final Operations operations = new Operations(this);
    final Shifts shifts = new Shifts(this);
    final Untyped untyped = new Untyped(this);
    final Indexing indexing = new Indexing(this);
    final LiteralExprs literals = new LiteralExprs(this);
    final Composites composites = new Composites(this);
    final Selectors selectors = new Selectors(this);
    final Calls calls = new Calls(this);
    final Arguments arguments = new Arguments(this);
    final Builtins builtins = new Builtins(this);
    final BuiltinTypes builtinTypes = new BuiltinTypes(this);
    final Conversions conversions = new Conversions(this);
    final Assignments assignments = new Assignments(this);
    final Bodies bodies = new Bodies(this);
    final Pragmas pragmas = new Pragmas(this);
    final CyclicInterfaces cyclicInterfaces = new CyclicInterfaces(this);
    final Monomorph monomorph = new Monomorph(this);
    final Stmts stmts = new Stmts(this);
    final Switches switches = new Switches(this);
    final Loops loops = new Loops(this);

    /** Delayed checks, in order. */
    private final ArrayDeque<Runnable> delayed = new ArrayDeque<>();
    /** Declarations being resolved, outermost first. */
    final ArrayList<Obj> path = new ArrayList<>();
    private boolean draining;
    private List<Initializer> initOrder;
    /** An error was reported for this package. */
    boolean failed;

    Checker(Program program, Pkg pkg) {
        this.program = program;
        this.pkg = pkg;
        this.diags = program.diagnostics;
        this.qualifier = Qualifier.in(pkg);
    }

    void checkPackage() {
        pkg.checker = this;
        pkg.completer = decls::resolve;
        collect.run();
        decls.all();
        drain();
        pkg.completer = null;
        declarationsDone = true;
        if (pkg.checkAllBodies) {
            pragmas.check();
            bodies.checkAll();
            initOrder();
            collect.unusedImports();
            if (!failed) {
                monomorph.report();
            }
            if (isClean()) {
                cyclicInterfaces.check();
            }
            if (isClean()) {
                pragmas.checkDeclared();
                bodies.missing();
            }
        }
    }

    /** Nothing is wrong so far: what gc only looks at then can be looked at. */
    private boolean isClean() {
        return !failed && (diags.isEmpty() || pkg.files.stream().noneMatch(f -> diags.concern(f.source)));
    }

    List<Initializer> initOrder() {
        if (initOrder == null) {
            initOrder = new InitOrder(this).compute();
            pkg.initOrder = initOrder;
        }
        return initOrder;
    }

    /** Runs an action when the types being declared at the moment are complete. */
    void later(Runnable action) {
        Env e = env;
        delayed.add(() -> {
            Env saved = env;
            env = e;
            action.run();
            env = saved;
        });
    }

    /** Runs delayed actions if no declaration is under way. */
    void drain() {
        if (draining || !path.isEmpty()) {
            return;
        }
        draining = true;
        for (Runnable r; (r = delayed.poll()) != null; ) {
            r.run();
        }
        draining = false;
    }

    // ---- errors ----

    /**
     * Reports an error, unless it only follows from an earlier one: texts that mention an invalid operand or type are dropped.
     */
    void error(int pos, String text) {
        if (failed && (text.contains("invalid operand") || text.contains("invalid type"))) {
            return;
        }
        failed = true;
        diags.error(env.errorPos != 0 ? env.errorPos : pos, text);
    }

    void error(Expr at, String text) {
        error(Places.start(at), text);
    }

    void error(Operand at, String text) {
        error(Places.start(at.expr), text);
    }

    /** Reports that something needs a newer language version than the file has. */
    boolean allowVersion(int minor) {
        return env.version >= minor;
    }

    boolean needVersion(int pos, int minor, String what) {
        if (allowVersion(minor)) {
            return true;
        }
        error(pos, what + " requires go1." + minor + " or later" + versionReason());
        return false;
    }

    /** What set the language version, in parentheses. */
    String versionReason() {
        return env.fileVersion != null && Versions.minor(env.fileVersion) == env.version
                ? " (file declares //go:build " + env.fileVersion + ")"
                : " (-lang was set to " + pkg.goVersion + "; check go.mod)";
    }

    String name(Type t) {
        return TypeStrings.message(t, qualifier);
    }

    static String text(Expr e) {
        return ExprText.of(e);
    }

    Cause cause() {
        Cause cause = new Cause(qualifier);
        cause.version = env.version;
        if (cause.version < Versions.LATEST) {
            cause.versionReason = versionReason();
        }
        return cause;
    }

    // ---- scopes ----

    /** Looks a name up from the innermost scope outwards. */
    Obj lookup(String name) {
        for (Scope s = env.scope; s != null; s = s.parent) {
            Obj o = s.here(name);
            if (o != null) {
                return o;
            }
        }
        return null;
    }

    /** Enters an object under its name; reports a redeclaration. */
    void declare(Scope scope, Expr.Name id, Obj o) {
        if (id != null) {
            id.obj = o;
        }
        if (o.name.equals("_")) {
            return;
        }
        Obj old = scope.insert(o);
        if (old != null) {
            redeclared(o.pos, o.name, old);
        }
    }

    void redeclared(int pos, String name, Obj old) {
        error(pos, name + " redeclared in this block" + otherDeclaration(old));
    }

    /** A second line that says where the other declaration is. */
    String otherDeclaration(Obj old) {
        return old.pos <= 0 ? "" : "\n\t" + program.sources.format(old.pos) + ": other declaration of " + old.name;
    }

    void openScope() {
        env.scope = new Scope(env.scope);
    }

    void closeScope() {
        env.scope = env.scope.parent;
    }
}
