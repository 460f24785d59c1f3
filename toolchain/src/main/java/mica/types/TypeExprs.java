// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Operator;

/** Expressions that denote types. */
final class TypeExprs extends Part {
    /** Bytes of an element: the runtime keeps the size in 16 bits. */
    private static final long MAX_CHANNEL_ELEM = (1 << 16) - 1;
    private static final long MAX_MAP_PART = Integer.MAX_VALUE;

    TypeExprs(Checker c) {
        super(c);
    }

    /** The type that e denotes; INVALID after an error. Generic types need arguments. */
    Type type(Expr e) {
        return definedType(e, null);
    }

    /** As {@link #type}, for the right side of def's declaration. */
    Type definedType(Expr e, Named def) {
        Type t = any(e, def);
        if (Predicates.isGeneric(t)) {
            error(e, "cannot use generic type " + genericName(t) + " without instantiation");
            t = Universe.INVALID;
            e.type = t;
        }
        return t;
    }

    /** The type of a variable: not one that is only a constraint. */
    Type varType(Expr e) {
        Type t = type(e);
        checkVarType(e, t);
        return t;
    }

    void checkVarType(Expr e, Type t) {
        if (t instanceof Basic || t instanceof Pointer || t instanceof Slice) {
            return;
        }
        c.later(() -> {
            if (Alias.strip(t) instanceof TypeParam || !(t.underlying() instanceof Interface i)) {
                return;
            }
            TypeSet s = TypeSets.of(i);
            if (!s.isMethodSet()) {
                error(e, "cannot use type " + name(t) + " outside a type constraint: "
                        + (s.comparable ? "interface is (or embeds) comparable" : "interface contains type constraints"));
            }
        });
    }

    /** A type that may lack its arguments. */
    Type genericOrType(Expr e) {
        return any(e, null);
    }

    private String genericName(Type t) {
        TypeParam[] ps = t instanceof Alias a ? a.typeParams : ((Named) t).typeParams;
        String n = name(t);
        return n.endsWith("]") ? n : n + parameterList(ps);
    }

    /** {@code [P, Q any, R int]}. */
    String parameterList(TypeParam[] ps) {
        StringBuilder b = new StringBuilder("[");
        for (int i = 0; i < ps.length; i++) {
            if (i > 0) {
                b.append(", ");
            }
            b.append(ps[i].obj.name);
            if (i + 1 == ps.length || ps[i + 1].constraint != ps[i].constraint) {
                b.append(' ').append(name(ps[i].constraint));
            }
        }
        return b.append(']').toString();
    }

    private Type any(Expr e, Named def) {
        Type t = write(e, def);
        e.type = t;
        e.mode = Mode.TYPE;
        return t;
    }

    private Type write(Expr e, Named def) {
        if (e.kind == Expr.Kind.TYPE_ASSERT && ((Expr.TypeAssert) e).typeExpr == null) {
            error(e, "invalid syntax tree: use of .(type) outside type switch");
            return Universe.INVALID;
        }
        switch (e.kind) {
            case BAD -> {
                return Universe.INVALID;
            }
            case NAME -> {
                Operand x = new Operand();
                if (((Expr.Name) e).isBlank()) {
                    error(e, "cannot use _ as value or type");
                    return Universe.INVALID;
                }
                c.idents.ident(x, (Expr.Name) e, true);
                return fromOperand(x, e);
            }
            case SELECTOR -> {
                Operand x = new Operand();
                Expr.Selector s = (Expr.Selector) e;
                c.selectors.selector(x, s, true);
                return fromOperand(x, e);
            }
            case INDEX -> {
                return instantiate((Expr.Index) e);
            }
            case PAREN -> {
                return any(((Expr.Paren) e).x, def);
            }
            case STAR -> {
                Type elem = varType(((Expr.Star) e).x);
                return Alias.mayBeValid(elem) ? new Pointer(elem) : Universe.INVALID;
            }
            case ARRAY_TYPE -> {
                return array((Expr.ArrayType) e);
            }
            case ELLIPSIS -> {
                error(e, "invalid use of ...");
                return Universe.INVALID;
            }
            case STRUCT_TYPE -> {
                return c.structs.struct((Expr.StructType) e);
            }
            case FUNC_TYPE -> {
                return c.signatures.type((Expr.FuncType) e);
            }
            case INTERFACE_TYPE -> {
                return c.interfaces.type((Expr.InterfaceType) e, def);
            }
            case MAP_TYPE -> {
                return map((Expr.MapType) e);
            }
            case CHAN_TYPE -> {
                Expr.ChanType t = (Expr.ChanType) e;
                int dir = t.dir == Expr.Dir.BOTH ? Chan.BOTH : t.dir == Expr.Dir.SEND ? Chan.SEND : Chan.RECV;
                Type elem = varType(t.elem);
                c.later(() -> sized(t.pos, elem, MAX_CHANNEL_ELEM, "channel element type too large (>64kB)"));
                return new Chan(dir, elem);
            }
            case UNARY -> {
                if (((Expr.Unary) e).op == Operator.TILDE) {
                    error(e, "cannot use " + text(e) + " outside of interface or type constraint");
                    return Universe.INVALID;
                }
            }
            case BINARY -> {
                if (((Expr.Binary) e).op == Operator.OR && isTypeUnion((Expr.Binary) e)) {
                    error(e, "cannot use " + text(e) + " outside of interface or type constraint");
                    return Universe.INVALID;
                }
            }
            default -> { }
        }
        error(e, text(e) + " is not a type");
        c.exprs.use(e);
        return Universe.INVALID;
    }

    private static boolean isTypeUnion(Expr.Binary e) {
        return e.y.kind == Expr.Kind.UNARY && ((Expr.Unary) e.y).op == Operator.TILDE;
    }

    private Type fromOperand(Operand x, Expr e) {
        switch (x.mode) {
            case Mode.TYPE -> {
                return x.type;
            }
            case Mode.INVALID -> { }
            case Mode.NO_VALUE -> error(e, text(e) + " used as type");
            default -> error(e, describe(x) + " is not a type");
        }
        return Universe.INVALID;
    }

    private Type array(Expr.ArrayType e) {
        if (e.len == null) {
            return new Slice(varType(e.elem));
        }
        if (e.len.kind == Expr.Kind.ELLIPSIS) {
            error(e, "invalid use of [...] array (outside a composite literal)");
            varType(e.elem);
            return Universe.INVALID;
        }
        long n = length(e.len);
        Type elem = varType(e.elem);
        return n < 0 ? Universe.INVALID : new Array(elem, n);
    }

    /** The length of an array type; -1 after an error. */
    private long length(Expr e) {
        if (e.kind == Expr.Kind.NAME) {
            Expr.Name n = (Expr.Name) e;
            Obj o = c.lookup(n.name);
            if (o == null) {
                error(e, "undefined array length " + n.name + " or missing type constraint");
                return -1;
            }
            if (!(o instanceof Const) && !(o instanceof Var)) {
                if (o instanceof TypeName || o instanceof Func) {
                    Operand x = new Operand();
                    c.idents.ident(x, n, false);
                }
                error(e, "invalid array length " + n.name);
                return -1;
            }
        }
        Operand x = new Operand();
        c.exprs.expr(x, e);
        if (!x.ok()) {
            return -1;
        }
        if (!x.isConstant()) {
            error(x, "array length " + text(e) + " (" + describe(x).substring(Math.min(describe(x).length(), text(e).length() + 2)) + " must be constant");
            return -1;
        }
        if (x.isUntyped() || Predicates.isInteger(x.type)) {
            Constant v = x.value.toInt();
            if (v != null) {
                if (v.isLong() && v.longValue() >= 0) {
                    if (x.isUntyped()) {
                        c.untyped.convert(x, Universe.INT);
                    }
                    return v.longValue();
                }
                error(x, "invalid array length " + text(e) + " (" + describe(x).substring(Math.min(describe(x).length(), text(e).length() + 2)));
                return -1;
            }
        }
        error(x, Predicates.isInteger(x.type) || x.isUntyped() ? "array length " + describe(x) + " must be integer"
                : "array length " + describe(x) + " must be integer");
        return -1;
    }

    /** Reports a type that is too large where it stands; one that depends on type parameters has no size yet. */
    private void sized(int pos, Type t, long max, String text) {
        if (Predicates.isValid(t) && !Predicates.isParameterized(t) && Sizes.sizeof(t) > max) {
            error(pos, text);
        }
    }

    private Type map(Expr.MapType e) {
        Type k = varType(e.key);
        Type v = varType(e.value);
        c.later(() -> {
            sized(e.pos, k, MAX_MAP_PART, "map key type too large");
            sized(e.pos, v, MAX_MAP_PART, "map element type too large");
        });
        c.later(() -> {
            if (!Predicates.isValid(k)) {
                return;
            }
            Cause cause = c.cause();
            if (!Predicates.comparable(k, true, cause)) {
                String why = Predicates.isTypeParam(k) ? " (missing comparable constraint)" : "";
                error(e.key, "invalid map key type " + name(k) + why);
            }
        });
        return new MapType(k, v);
    }

    // ---- instances ----

    private Type instantiate(Expr.Index e) {
        c.needVersion(Places.start(e), 18, "type instantiation");
        Type g = any(e.x, null);
        TypeParam[] ps = g instanceof Alias a ? a.typeParams : g instanceof Named n && !n.isInstance() ? n.typeParams : new TypeParam[0];
        if (Predicates.isValid(g) && (ps.length == 0 || g instanceof Alias a && a.typeArgs.length > 0)) {
            error(e.x, "invalid operation: " + text(e) + " (" + name(g) + " is not a generic type)");
            return Universe.INVALID;
        }
        Type[] args = new Type[e.indices.length];
        boolean ok = Predicates.isValid(g);
        for (int i = 0; i < args.length; i++) {
            args[i] = varType(e.indices[i]);
            ok &= Alias.mayBeValid(args[i]);
        }
        if (!Predicates.isValid(g)) {
            return Universe.INVALID;
        }
        if (!ok) {
            return Universe.INVALID;
        }
        String what = g instanceof Alias a ? a.obj.name : ((Named) g).obj.name;
        if (args.length < ps.length) {
            error(e.x, "not enough type arguments for type " + what + ": have " + args.length + ", want " + ps.length);
            return Universe.INVALID;
        }
        if (args.length > ps.length) {
            error(e.indices[ps.length], "too many type arguments for type " + what + ": have " + args.length + ", want " + ps.length);
            return Universe.INVALID;
        }
        c.later(() -> {
            c.monomorph.instance(e.pos, ps, args);
            Cause cause = c.cause();
            int i = Instances.verify(ps, args, cause);
            if (i >= 0) {
                error(e.indices[i], cause.text);
            }
        });
        if (g instanceof Alias a) {
            return Instances.alias(a, args);
        }
        Named inst = Instances.named((Named) g, args);
        if (inst.instancePos == 0) {
            inst.instancePos = Places.start(e.x);
        }
        return inst;
    }
}
