// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.Expr;
import mica.syntax.Field;
import mica.syntax.Operator;

/** interface types, and the unions in constraints. */
final class InterfaceTypes extends Part {
    private static final int MAX_TERMS = 100;

    InterfaceTypes(Checker c) {
        super(c);
    }

    Interface type(Expr.InterfaceType e, Named def) {
        c.cyclicInterfaces.enter();
        Interface t = literal(e, def);
        c.cyclicInterfaces.leave(e, t);
        return t;
    }

    private Interface literal(Expr.InterfaceType e, Named def) {
        Interface t = new Interface(new Func[0], new Type[0], new int[0]);
        List<Func> methods = new ArrayList<>();
        List<Type> embedded = new ArrayList<>();
        List<Expr> at = new ArrayList<>();
        for (Field f : e.methods) {
            if (f.name == null) {
                embedded.add(element(f.typeExpr));
                at.add(f.typeExpr);
                continue;
            }
            if (f.name.isBlank()) {
                error(f.name, "methods must have a unique non-blank name");
                continue;
            }
            Expr.FuncType ft = (Expr.FuncType) f.typeExpr;
            Signature sig = c.signatures.type(ft);
            if (ft.typeParams.length > 0) {
                error(ft.typeParams[0].pos, "interface method must have no type parameters");
                sig.typeParams = new TypeParam[0];
            }
            sig.recv = new Var("", c.pkg, f.name.pos, def != null ? def : t, Var.Role.RECEIVER);
            Func m = new Func(f.name.name, c.pkg, f.name.pos, sig);
            f.name.obj = m;
            ft.type = sig;
            methods.add(m);
        }
        fill(t, methods, embedded, at);
        return t;
    }

    /** The interface that a bare constraint such as {@code ~int | string} stands for. */
    Interface implicit(Expr e) {
        Interface t = new Interface(new Func[0], new Type[0], new int[0]);
        t.implicit = true;
        List<Type> embedded = new ArrayList<>();
        embedded.add(element(e));
        fill(t, List.of(), embedded, List.of(e));
        return t;
    }

    private void fill(Interface t, List<Func> methods, List<Type> embedded, List<Expr> at) {
        t.methods = methods.toArray(new Func[0]);
        t.embedded = embedded.toArray(new Type[0]);
        t.embeddedPos = new int[at.size()];
        for (int i = 0; i < at.size(); i++) {
            t.embeddedPos[i] = Places.start(at.get(i));
        }
        c.later(() -> {
            for (int i = 0; i < t.embedded.length; i++) {
                Type u = t.embedded[i];
                if (Alias.strip(u) instanceof TypeParam) {
                    error(at.get(i), "term cannot be a type parameter");
                    t.embedded[i] = Universe.INVALID;
                }
            }
            TypeSets.of(t, new Errors());
        });
    }

    /** Reports what is wrong about an interface's elements. */
    private final class Errors implements TypeSets.Reporter {
        @Override
        public void duplicate(String name, int pos, int other) {
            error(pos, "duplicate method " + name + "\n\t" + c.program.sources.format(other) + ": other declaration of method " + name);
        }

        @Override
        public boolean mayOverlap() {
            return c.allowVersion(14);
        }

        @Override
        public boolean mayEmbed(int pos, Type t) {
            return c.needVersion(pos, 18, t instanceof Union ? "embedding interface element " + name(t) : "embedding non-interface type " + name(t));
        }
    }

    /** An element: a type, ~type, or a union of such terms. */
    private Type element(Expr e) {
        List<Expr> terms = new ArrayList<>();
        flatten(e, terms);
        if (terms.size() == 1 && !isTilde(e)) {
            return c.types.type(e);
        }
        int n = Math.min(terms.size(), MAX_TERMS);
        if (n < terms.size()) {
            error(terms.get(n), "cannot handle more than " + MAX_TERMS + " union terms (implementation limitation)");
            return Universe.INVALID;
        }
        Type[] types = new Type[terms.size()];
        boolean[] tilde = new boolean[terms.size()];
        for (int i = 0; i < types.length; i++) {
            Expr x = terms.get(i);
            tilde[i] = isTilde(x);
            types[i] = c.types.type(tilde[i] ? ((Expr.Unary) x).x : x);
            x.type = types[i];
            x.mode = Mode.TYPE;
            if (Alias.strip(types[i]) instanceof TypeParam) {
                error(tilde[i] ? ((Expr.Unary) x).x : x, tilde[i] ? "type in term " + text(x) + " cannot be a type parameter" : "term cannot be a type parameter");
                types[i] = Universe.INVALID;
            }
        }
        Union u = new Union(types, tilde);
        e.type = u;
        e.mode = Mode.TYPE;
        for (Type t : types) {
            if (!Predicates.isValid(t)) {
                return Universe.INVALID;
            }
        }
        c.later(() -> checkTerms(terms, u));
        return u;
    }

    private static boolean isTilde(Expr e) {
        return e.kind == Expr.Kind.UNARY && ((Expr.Unary) e).op == Operator.TILDE;
    }

    private static void flatten(Expr e, List<Expr> out) {
        if (e.kind == Expr.Kind.BINARY && ((Expr.Binary) e).op == Operator.OR) {
            flatten(((Expr.Binary) e).x, out);
            out.add(((Expr.Binary) e).y);
        } else {
            out.add(e);
        }
    }

    private void checkTerms(List<Expr> at, Union u) {
        for (int i = 0; i < u.terms.length; i++) {
            Type t = u.terms[i];
            Expr e = at.get(i);
            Type under = t.underlying();
            if (!Predicates.isValid(under)) {
                continue;
            }
            if (u.tilde[i]) {
                if (under instanceof Interface) {
                    error(e, "invalid use of ~ (" + name(t) + " is an interface)");
                    continue;
                }
                if (!Predicates.identical(under, t)) {
                    error(e, "invalid use of ~ (underlying type of " + name(t) + " is " + name(under) + ")");
                    continue;
                }
            }
            if (under instanceof Interface in) {
                if (u.terms.length > 1) {
                    TypeSet s = TypeSets.of(in);
                    if (s.methods.length > 0) {
                        error(e, "cannot use " + term(u, i) + " in union (" + term(u, i) + " contains methods)");
                    } else if (Alias.strip(t) == Universe.COMPARABLE) {
                        error(e, "cannot use comparable in union");
                    } else if (s.comparable) {
                        error(e, "cannot use " + term(u, i) + " in union (" + term(u, i) + " embeds comparable)");
                    }
                }
                continue;
            }
            for (int k = 0; k < i; k++) {
                if (overlap(u, k, i)) {
                    error(e, "overlapping terms " + term(u, i) + " and " + term(u, k));
                    break;
                }
            }
        }
    }

    private String term(Union u, int i) {
        return (u.tilde[i] ? "~" : "") + TypeStrings.message(u.terms[i], Qualifier.PATH);
    }

    private static boolean overlap(Union u, int a, int b) {
        Type x = u.terms[a];
        Type y = u.terms[b];
        if (x.underlying() instanceof Interface || y.underlying() instanceof Interface) {
            return false;
        }
        if (u.tilde[b]) {
            x = x.underlying();
        }
        if (u.tilde[a]) {
            y = y.underlying();
        }
        return Predicates.identical(x, y);
    }
}
