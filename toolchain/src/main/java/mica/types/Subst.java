// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/**
 * Puts types in the place of type parameters. What mentions none of the parameters is returned as it is, without allocation;
 * a declared type is never looked into, only its arguments are.
 */
public final class Subst {
    private final TypeParam[] params;
    private final Type[] args;

    private Subst(TypeParam[] params, Type[] args) {
        this.params = params;
        this.args = args;
    }

    /** t with each params[i] replaced by args[i] (null: kept); t itself when it mentions none of them. */
    public static Type apply(Type t, TypeParam[] params, Type[] args) {
        if (params.length == 0 || t == null || t.kind() == Type.Kind.BASIC) {
            return t;
        }
        return new Subst(params, args).type(t);
    }

    /** As {@link #apply} for each; the array itself when nothing changes. */
    public static Type[] applyAll(Type[] list, TypeParam[] params, Type[] args) {
        return params.length == 0 ? list : new Subst(params, args).types(list);
    }

    static Tuple applyTuple(Tuple t, TypeParam[] params, Type[] args) {
        return params.length == 0 ? t : new Subst(params, args).tuple(t);
    }

    private Type type(Type t) {
        return switch (t.kind()) {
            case BASIC -> t;
            case TYPE_PARAM -> param((TypeParam) t);
            case NAMED -> named((Named) t);
            case ALIAS -> alias((Alias) t);
            case POINTER -> {
                Type e = ((Pointer) t).elem;
                Type s = type(e);
                yield s == e ? t : new Pointer(s);
            }
            case SLICE -> {
                Type e = ((Slice) t).elem;
                Type s = type(e);
                yield s == e ? t : new Slice(s);
            }
            case ARRAY -> {
                Type e = ((Array) t).elem;
                Type s = type(e);
                yield s == e ? t : new Array(s, ((Array) t).length);
            }
            case CHAN -> {
                Type e = ((Chan) t).elem;
                Type s = type(e);
                yield s == e ? t : new Chan(((Chan) t).dir, s);
            }
            case MAP -> {
                MapType m = (MapType) t;
                Type k = type(m.key);
                Type e = type(m.elem);
                yield k == m.key && e == m.elem ? t : new MapType(k, e);
            }
            case STRUCT -> struct((Struct) t);
            case SIGNATURE -> signature((Signature) t);
            case INTERFACE -> iface((Interface) t);
            case TUPLE -> tuple((Tuple) t);
            case UNION -> {
                Union u = (Union) t;
                Type[] terms = types(u.terms);
                yield terms == u.terms ? t : new Union(terms, u.tilde);
            }
        };
    }

    private Type param(TypeParam p) {
        int i = p.index;
        if (i >= 0 && i < params.length && params[i] == p) {
            return args[i] == null ? p : args[i];
        }
        for (int k = 0; k < params.length; k++) {
            if (params[k] == p) {
                return args[k] == null ? p : args[k];
            }
        }
        return p;
    }

    private Type named(Named n) {
        Type[] targs = n.typeArgs.length == 0 ? n.typeArgs : types(n.typeArgs);
        Type[] outer = n.outerArgs;
        if (n.origin.outerParams.length > 0) {
            outer = outer.length > 0 ? types(outer) : types(n.origin.outerParams);
            if (outer == n.origin.outerParams) {
                outer = n.outerArgs;
            }
        }
        if (targs == n.typeArgs && outer == n.outerArgs) {
            return n;
        }
        return Instances.named(n.origin, outer, targs);
    }

    private Type alias(Alias a) {
        if (a.typeArgs.length > 0) {
            Type[] targs = types(a.typeArgs);
            Type rhs = type(a.rhs);
            if (targs == a.typeArgs && rhs == a.rhs) {
                return a;
            }
            Alias b = new Alias(a.obj, rhs);
            b.typeParams = a.typeParams;
            b.typeArgs = targs;
            return b;
        }
        Type rhs = type(a.rhs);
        return rhs == a.rhs ? a : rhs;
    }

    private Type[] types(Type[] list) {
        Type[] out = list;
        for (int i = 0; i < list.length; i++) {
            Type s = type(list[i]);
            if (s != list[i]) {
                if (out == list) {
                    out = new Type[list.length];
                    System.arraycopy(list, 0, out, 0, i);
                }
            }
            if (out != list) {
                out[i] = s;
            }
        }
        return out;
    }

    private Var[] vars(Var[] list) {
        Var[] out = list;
        for (int i = 0; i < list.length; i++) {
            Var v = list[i];
            Type s = type(v.type);
            if (s != v.type) {
                if (out == list) {
                    out = list.clone();
                }
                out[i] = copy(v, s);
            }
        }
        return out;
    }

    static Var copy(Var v, Type t) {
        Var c = new Var(v.name, v.pkg, v.pos, t, v.role);
        c.embedded = v.embedded;
        c.index = v.index;
        c.origin = v.origin;
        c.decl = v.decl;
        return c;
    }

    private Struct struct(Struct s) {
        Var[] fields = vars(s.fields);
        return fields == s.fields ? s : new Struct(fields, s.tags);
    }

    private Tuple tuple(Tuple t) {
        if (t == null || t.vars.length == 0) {
            return t;
        }
        Var[] vars = vars(t.vars);
        return vars == t.vars ? t : new Tuple(vars);
    }

    private Signature signature(Signature s) {
        if (s.typeParams.length > 0) {
            return genericSignature(s);
        }
        Tuple p = tuple(s.params);
        Tuple r = tuple(s.results);
        if (p == s.params && r == s.results) {
            return s;
        }
        Signature c = new Signature(s.recv, s.typeParams, p, r, s.variadic);
        c.recvTypeParams = s.recvTypeParams;
        return c;
    }

    /** The signature's own parameters get copies when their constraints change, so that constraints stay consistent. */
    private Signature genericSignature(Signature s) {
        boolean changed = false;
        for (TypeParam p : s.typeParams) {
            changed |= p.constraint != null && type(p.constraint) != p.constraint;
        }
        if (!changed) {
            Tuple p = tuple(s.params);
            Tuple r = tuple(s.results);
            if (p == s.params && r == s.results) {
                return s;
            }
            Signature c = new Signature(s.recv, s.typeParams, p, r, s.variadic);
            c.recvTypeParams = s.recvTypeParams;
            return c;
        }
        int n = s.typeParams.length;
        TypeParam[] fresh = new TypeParam[n];
        TypeParam[] from = new TypeParam[params.length + n];
        Type[] to = new Type[params.length + n];
        System.arraycopy(params, 0, from, 0, params.length);
        System.arraycopy(args, 0, to, 0, params.length);
        for (int i = 0; i < n; i++) {
            TypeParam p = s.typeParams[i];
            fresh[i] = new TypeParam(new TypeName(p.obj.name, p.obj.pkg, p.obj.pos, null), p.index, p.constraint);
            from[params.length + i] = p;
            to[params.length + i] = fresh[i];
        }
        Subst inner = new Subst(from, to);
        for (TypeParam p : fresh) {
            p.constraint = inner.type(p.constraint);
        }
        Signature c = new Signature(s.recv, fresh, inner.tuple(s.params), inner.tuple(s.results), s.variadic);
        c.recvTypeParams = s.recvTypeParams;
        return c;
    }

    private Interface iface(Interface t) {
        Func[] methods = t.methods;
        for (int i = 0; i < t.methods.length; i++) {
            Func m = t.methods[i];
            Signature s = m.type == null ? null : signature(m.signature());
            if (s != m.type) {
                if (methods == t.methods) {
                    methods = methods.clone();
                }
                Func c = new Func(m.name, m.pkg, m.pos, s);
                c.origin = m.origin;
                c.decl = m.decl;
                methods[i] = c;
            }
        }
        Type[] embedded = types(t.embedded);
        if (methods == t.methods && embedded == t.embedded) {
            return t;
        }
        Interface c = new Interface(methods, embedded, t.embeddedPos);
        c.implicit = t.implicit;
        return c;
    }
}
