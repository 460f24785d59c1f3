// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Expressions: which construct they are, and what may stand in which place; records the result in the tree. */
final class Exprs extends Part {
    Exprs(Checker c) {
        super(c);
    }

    /** One value. */
    void expr(Operand x, Expr e) {
        expr(x, e, null);
    }

    /** One value that will be converted to {@code hint} (null if unknown): lets generic functions find their arguments. */
    void expr(Operand x, Expr e, Type hint) {
        raw(x, e, hint, hint == null ? null : "variable", false);
        onlyValue(x);
        single(x);
    }

    /** The value for a variable of type target (null if unknown) called name. */
    void exprFor(Operand x, Expr e, Type target, String name) {
        raw(x, e, target, name, false);
        onlyValue(x);
        single(x);
    }

    /** One value, or several from a call; or a generic function without arguments where {@code allowGeneric}. */
    void multi(Operand x, Expr e, boolean allowGeneric) {
        raw(x, e, null, null, allowGeneric);
        onlyValue(x);
    }

    /** One value or a type. */
    void exprOrType(Operand x, Expr e) {
        exprOrType(x, e, false);
    }

    void exprOrType(Operand x, Expr e, boolean allowGeneric) {
        raw(x, e, null, null, allowGeneric);
        if (x.mode == Mode.NO_VALUE) {
            error(x, describe(x) + " used as value or type");
            x.invalid();
        } else if (x.mode == Mode.BUILTIN) {
            error(x, describe(x) + " must be called");
            x.invalid();
        }
        single(x);
    }

    /** What a call calls: anything, builtins and generic functions too. */
    void exprOrType0(Operand x, Expr e) {
        raw(x, e, null, null, true);
        if (x.mode == Mode.NO_VALUE) {
            error(x, describe(x) + " used as value or type");
            x.invalid();
        }
        single(x);
    }

    /** A type or nil, in the cases of type switches. */
    void typeOrNil(Operand x, Expr e) {
        if (e.unparen() instanceof Expr.Name n && c.lookup(n.name) instanceof Nil) {
            raw(x, e, null, null, false);
            return;
        }
        x.invalid();
        x.expr = e;
        Type t = c.types.varType(e);
        if (Predicates.isValid(t)) {
            x.set(Mode.TYPE, t);
        }
    }

    /** An expression statement; true if it is a call or receive operation that may stand there. */
    boolean statement(Operand x, Expr e) {
        raw(x, e, null, null, false);
        if (!x.ok() || x.mode == Mode.NO_VALUE) {
            return true;
        }
        if (x.mode == Mode.BUILTIN || x.mode == Mode.TYPE) {
            return false;
        }
        Expr u = e.unparen();
        if (u.kind == Expr.Kind.CALL) {
            Expr.Call call = (Expr.Call) u;
            if (call.callKind == Mode.CALL_FUNCTION) {
                return true;
            }
            return call.callKind == Mode.CALL_BUILTIN && Builtins.allowedAsStatement(c.builtins.idOf(call));
        }
        return u.kind == Expr.Kind.UNARY && ((Expr.Unary) u).op == Operator.RECV;
    }

    /** Checks an expression only for its own errors and uses. */
    void use(Expr e) {
        if (e == null || e.kind == Expr.Kind.BAD || e instanceof Expr.Name n && n.isBlank()) {
            return;
        }
        if (e.kind == Expr.Kind.KEY_VALUE) {
            use(((Expr.KeyValue) e).value);
            return;
        }
        raw(new Operand(), e, null, null, true);
    }

    void use(Expr[] es) {
        for (Expr e : es) {
            use(e);
        }
    }

    private void onlyValue(Operand x) {
        switch (x.mode) {
            case Mode.NO_VALUE -> error(x, describe(x) + " used as value");
            case Mode.BUILTIN -> error(x, describe(x) + " must be called");
            case Mode.TYPE -> error(x, describe(x) + " is not an expression");
            default -> {
                return;
            }
        }
        x.invalid();
    }

    void single(Operand x) {
        if (x.mode == Mode.VALUE && x.type instanceof Tuple t) {
            error(x, "multiple-value " + describe(x) + " in single-value context");
            x.invalid();
        }
    }

    /**
     * Checks e and records mode, type and constant in the tree.
     *
     * @param hint type of the variable that takes the value, or null; @param target its name for messages
     * @param allowGeneric a generic function without type arguments is fine
     */
    void raw(Operand x, Expr e, Type hint, String target, boolean allowGeneric) {
        x.invalid();
        x.expr = e;
        x.id = null;
        dispatch(x, e, hint, target, allowGeneric);
        x.expr = e;
        if (!allowGeneric) {
            nonGeneric(x, e);
        }
        record(x, e);
    }

    void record(Operand x, Expr e) {
        e.mode = x.mode;
        e.type = x.type;
        e.constant = x.mode == Mode.CONSTANT ? x.value : null;
    }

    private void nonGeneric(Operand x, Expr e) {
        if (!x.ok() || x.mode == Mode.NO_VALUE) {
            return;
        }
        if (x.type instanceof Signature s && s.typeParams.length > 0 && x.mode == Mode.VALUE) {
            error(x, "cannot use generic function " + text(e) + " without instantiation");
            x.invalid();
        } else if (x.mode == Mode.TYPE && Predicates.isGeneric(x.type)) {
            error(x, "cannot use generic type " + text(e) + " without instantiation");
            x.invalid();
        }
    }

    private void dispatch(Operand x, Expr e, Type hint, String target, boolean allowGeneric) {
        switch (e.kind) {
            case BAD -> { }
            case NAME -> {
                c.idents.ident(x, (Expr.Name) e, false);
                c.arguments.reverse(x, e, hint, target);
            }
            case BASIC_LIT -> c.literals.basic(x, (Expr.BasicLit) e);
            case COMPOSITE_LIT -> c.composites.literal(x, (Expr.CompositeLit) e, hint);
            case FUNC_LIT -> c.literals.function(x, (Expr.FuncLit) e);
            case PAREN -> {
                raw(x, ((Expr.Paren) e).x, hint, target, allowGeneric);
            }
            case SELECTOR -> {
                c.selectors.selector(x, (Expr.Selector) e, false);
                c.arguments.reverse(x, e, hint, target);
            }
            case INDEX -> c.indexing.index(x, (Expr.Index) e, hint, target, allowGeneric);
            case SLICE -> c.indexing.slice(x, (Expr.Slice) e);
            case TYPE_ASSERT -> assertion(x, (Expr.TypeAssert) e);
            case CALL -> c.calls.call(x, (Expr.Call) e);
            case STAR -> star(x, (Expr.Star) e);
            case UNARY -> c.operations.unary(x, (Expr.Unary) e, hint);
            case BINARY -> {
                Expr.Binary b = (Expr.Binary) e;
                c.operations.binary(x, e, b.x, b.y, b.op, b.pos);
            }
            case KEY_VALUE -> {
                error(e, "no key:value expected");
            }
            case ELLIPSIS -> error(e, "invalid use of ...");
            default -> {
                x.mode = Mode.TYPE;
                x.type = c.types.type(e);
                if (!Predicates.isValid(x.type)) {
                    x.invalid();
                }
            }
        }
    }

    private void star(Operand x, Expr.Star e) {
        exprOrType(x, e.x, false);
        if (!x.ok()) {
            return;
        }
        if (x.mode == Mode.TYPE) {
            c.types.checkVarType(e.x, x.type);
            x.type = new Pointer(x.type);
            return;
        }
        if (x.isNil()) {
            error(x, "invalid operation: cannot indirect nil");
            x.invalid();
            return;
        }
        Type[] elem = new Type[1];
        boolean ok = TypeSets.forEach(x.type, (t, u) -> {
            if (!(u instanceof Pointer p)) {
                error(x, "invalid operation: cannot indirect " + describe(x));
                return false;
            }
            if (elem[0] != null && !Predicates.identical(elem[0], p.elem)) {
                error(x, "invalid operation: pointers of " + describe(x) + " must have identical base types");
                return false;
            }
            elem[0] = p.elem;
            return true;
        });
        if (ok && c.decls.complete(elem[0])) {
            x.set(Mode.VARIABLE, elem[0]);
        } else {
            x.invalid();
        }
    }

    private void assertion(Operand x, Expr.TypeAssert e) {
        expr(x, e.x);
        if (e.typeExpr == null) {
            error(e, "invalid syntax tree: use of .(type) outside type switch");
            x.invalid();
            return;
        }
        if (!x.ok()) {
            return;
        }
        if (Predicates.isTypeParam(x.type)) {
            error(x, "invalid operation: cannot use type assertion on type parameter value " + describe(x));
            x.invalid();
            return;
        }
        if (!(x.type.underlying() instanceof Interface)) {
            error(x, "invalid operation: " + describe(x) + " is not an interface");
            x.invalid();
            return;
        }
        Type t = c.types.varType(e.typeExpr);
        if (!Predicates.isValid(t) || !c.decls.complete(t)) {
            x.invalid();
            return;
        }
        Cause cause = c.cause();
        if (!Predicates.assertableTo(x.type, t, cause)) {
            error(e, "impossible type assertion: " + text(e) + "\n\t" + name(t) + " does not implement " + name(x.type) + " " + cause.text);
            x.invalid();
            return;
        }
        x.set(Mode.COMMA_OK, t);
    }
}
