// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Node;
import mica.syntax.Stmt;

/** Function bodies: of declarations, of function literals, of ranges over functions; and what they capture. */
final class Bodies extends Part {
    /** Bodies that are checked or under way. */
    private final IdentityHashMap<Func, Boolean> begun = new IdentityHashMap<>();

    Bodies(Checker c) {
        super(c);
    }

    /** Reports functions that have no body and get none elsewhere. */
    void missing() {
        for (Func f : c.pkg.funcs) {
            Decl.Func fd = f.decl;
            if (fd != null && fd.body == null && c.pkg.complete && !f.name.equals("init") && !linknamed(f)) {
                error(fd.name.pos, "missing function body");
            }
        }
    }

    private boolean linknamed(Func f) {
        for (mica.syntax.File file : c.pkg.files) {
            for (mica.syntax.Directive d : file.directives) {
                // With one argument it only opens the name to others.
                if ((d.is("go:linkname") || d.is("go:linknamestd")) && d.arguments().startsWith(f.name + " ")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Which one of the package's types inside functions a declaration is, from 1 in the order of the source: bodies are checked in any order. */
    int localNumber(Decl.Type d) {
        int n = d.localNumber;
        for (mica.syntax.File f : c.pkg.files) {
            if (d.pos >= f.source.base && d.pos <= f.eof) {
                break;
            }
            n += f.localTypes;
        }
        return n;
    }

    /** Checks every body and every initializer of the package, in source order. */
    void checkAll() {
        for (Var v : c.pkg.vars) {
            checkInitializer(v);
        }
        for (Func f : c.pkg.funcs) {
            check(f);
        }
        c.drain();
    }

    /** Checks the body of a declared function once. */
    void check(Func f) {
        if (f.decl == null || f.decl.body == null || begun.put(f, Boolean.TRUE) != null) {
            return;
        }
        DeclInfo info = c.decls.info(f);
        Env saved = c.env;
        c.env = Env.at(info);
        Decl.Func d = f.decl;
        Signature sig = f.signature();
        c.env.scope = parameterScope(c.env.scope, sig);
        body(d, new BodyInfo(d, null), sig, d.body);
        info.bodyState = DeclInfo.RESOLVED;
        c.env = saved;
        c.drain();
    }

    /** Checks the initializer of a package variable once. */
    void checkInitializer(Var v) {
        c.decls.initializer(v);
        c.drain();
    }

    /** A function literal whose signature is known: inside functions its body is checked at once, outside when types are complete. */
    void funcLit(Expr.FuncLit e, Signature sig) {
        BodyInfo info = new BodyInfo(e, c.env.body);
        e.info = info;
        Env outer = c.env;
        Runnable check = () -> {
            Env saved = c.env;
            Env inner = outer.copy();
            inner.scope = parameterScope(outer.scope, sig);
            c.env = inner;
            body(e, info, sig, e.body);
            c.env = saved;
        };
        if (outer.body != null) {
            check.run();
        } else {
            c.later(check);
        }
    }

    private static Scope parameterScope(Scope outer, Signature sig) {
        Scope s = new Scope(outer);
        s.isFunc = true;
        for (TypeParam p : sig.recvTypeParams) {
            s.insert(p.obj);
        }
        for (TypeParam p : sig.typeParams) {
            s.insert(p.obj);
        }
        if (sig.recv != null) {
            enter(s, sig.recv);
        }
        for (Var v : sig.params.vars) {
            enter(s, v);
        }
        for (Var v : sig.results.vars) {
            enter(s, v);
        }
        return s;
    }

    private static void enter(Scope s, Var v) {
        if (!v.name.isEmpty()) {
            s.insert(v);
        }
    }

    /** The statements of one body in the surroundings {@code c.env}, whose scope holds the parameters. */
    private void body(Node node, BodyInfo info, Signature sig, Stmt.Block block) {
        Env env = c.env;
        env.sig = sig;
        env.body = info;
        env.inFunc = true;
        env.hasCallOrRecv = false;
        List<Var> outerLocals = env.locals;
        env.locals = new ArrayList<>();
        if (node instanceof Decl.Func d) {
            d.info = info;
        }
        own(node, sig);
        // Parameters and the body's variables share one block.
        Scope scope = env.scope;
        c.stmts.list(block.stmts);
        env.scope = scope;
        if (sig.results.size() > 0 && !Termination.terminates(block)) {
            error(block.rbrace, "missing return");
        }
        unused(env.locals);
        env.locals = (ArrayList<Var>) outerLocals;
    }

    private static void own(Node node, Signature sig) {
        if (sig.recv != null) {
            sig.recv.owner = node;
        }
        for (Var v : sig.params.vars) {
            v.owner = node;
        }
        for (Var v : sig.results.vars) {
            v.owner = node;
        }
    }

    private void unused(List<Var> locals) {
        locals.sort(Comparator.comparingInt(v -> v.pos));
        for (Var v : locals) {
            if (!v.used && !v.name.equals("_")) {
                c.diags.error(v.pos, "declared and not used: " + v.name);
                c.failed = true;
            }
        }
    }

    /** Type parameters of the declared function around what is being checked, the receiver's first. */
    TypeParam[] outerParams() {
        BodyInfo b = c.env.body;
        while (b != null && b.parent != null) {
            b = b.parent;
        }
        if (b == null || !(b.node instanceof Decl.Func d) || !(d.name.obj instanceof Func f)) {
            return new TypeParam[0];
        }
        Signature s = f.signature();
        TypeParam[] all = java.util.Arrays.copyOf(s.recvTypeParams, s.recvTypeParams.length + s.typeParams.length);
        System.arraycopy(s.typeParams, 0, all, s.recvTypeParams.length, s.typeParams.length);
        return all;
    }

    /** Enters a local variable that a statement declares. */
    void declareLocal(Expr.Name id, Var v) {
        v.owner = c.env.body == null ? null : c.env.body.node;
        c.declare(c.env.scope, id, v);
        if (c.env.locals != null && v.parent == c.env.scope) {
            c.env.locals.add(v);
        }
    }

    /** Notes that the body at work mentions a variable: if it belongs to a surrounding body, all bodies in between capture it. */
    void mention(Var v) {
        if (v.owner == null || c.env.body == null) {
            return;
        }
        for (BodyInfo b = c.env.body; b != null && b.node != v.owner; b = b.parent) {
            v.captured = true;
            if (!b.captures.contains(v)) {
                b.captures.add(v);
            }
        }
    }

    /** A defer statement or a call of recover stands in the body at work. */
    void noteDefer() {
        for (BodyInfo b = c.env.body; b != null; b = b.parent) {
            b.hasDefer = true;
            if (!(b.node instanceof Stmt.Range)) {
                return;
            }
        }
    }
}
