// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Writes types as gc's messages show them. */
final class MessageWriter {
    private final StringBuilder sb;
    private final Qualifier q;
    /** Whether parameters and results are written with their names. */
    boolean parameterNames = true;

    MessageWriter(StringBuilder sb, Qualifier q) {
        this.sb = sb;
        this.q = q;
    }

    void typed(StringBuilder same, Type t) {
        type(t);
    }

    void type(Type t) {
        if (t == null) {
            sb.append("<nil>");
            return;
        }
        switch (t.kind()) {
            case BASIC -> sb.append(t == Universe.UNSAFE_POINTER ? "unsafe.Pointer" : ((Basic) t).name);
            case NAMED -> named((Named) t);
            case ALIAS -> alias((Alias) t);
            case POINTER -> {
                sb.append('*');
                type(((Pointer) t).elem);
            }
            case SLICE -> {
                sb.append("[]");
                type(((Slice) t).elem);
            }
            case ARRAY -> {
                Array a = (Array) t;
                sb.append('[');
                if (a.length >= 0) {
                    sb.append(a.length);
                } else {
                    sb.append("...");
                }
                sb.append(']');
                type(a.elem);
            }
            case MAP -> {
                sb.append("map[");
                type(((MapType) t).key);
                sb.append(']');
                type(((MapType) t).elem);
            }
            case CHAN -> chan((Chan) t);
            case STRUCT -> struct((Struct) t);
            case SIGNATURE -> {
                sb.append("func");
                signature((Signature) t);
            }
            case INTERFACE -> iface((Interface) t);
            case TUPLE -> tuple((Tuple) t, false);
            case TYPE_PARAM -> sb.append(((TypeParam) t).obj.name);
            case UNION -> union((Union) t);
        }
    }

    private void name(TypeName o) {
        if (o.pkg != null) {
            String p = q.prefix(o.pkg);
            if (p != null && !p.isEmpty()) {
                sb.append(p).append('.');
            }
        }
        sb.append(o.name);
    }

    private void named(Named n) {
        name(n.obj);
        if (n.typeArgs.length > 0) {
            arguments(n.typeArgs);
        } else if (n.typeParams.length > 0) {
            typeParams(n.typeParams);
        }
    }

    private void alias(Alias a) {
        name(a.obj);
        if (a.typeArgs.length > 0) {
            arguments(a.typeArgs);
        } else if (a.typeParams.length > 0) {
            typeParams(a.typeParams);
        }
    }

    private void arguments(Type[] args) {
        sb.append('[');
        for (int i = 0; i < args.length; i++) {
            if (i > 0) {
                sb.append(", ");
            }
            type(args[i]);
        }
        sb.append(']');
    }

    /** {@code [K comparable, V any]}: a constraint that several parameters share is written once. */
    void typeParams(TypeParam[] list) {
        sb.append('[');
        for (int i = 0; i < list.length; i++) {
            if (i > 0) {
                if (list[i].constraint != list[i - 1].constraint) {
                    sb.append(' ');
                    type(list[i - 1].constraint);
                }
                sb.append(", ");
            }
            sb.append(list[i].obj.name);
        }
        if (list.length > 0 && list[list.length - 1].constraint != null) {
            sb.append(' ');
            type(list[list.length - 1].constraint);
        }
        sb.append(']');
    }

    private void chan(Chan c) {
        sb.append(c.dir == Chan.RECV ? "<-chan " : c.dir == Chan.SEND ? "chan<- " : "chan ");
        boolean parens = c.dir != Chan.SEND && c.elem instanceof Chan e && e.dir == Chan.RECV && c.dir == Chan.BOTH;
        if (parens) {
            sb.append('(');
        }
        type(c.elem);
        if (parens) {
            sb.append(')');
        }
    }

    private void struct(Struct s) {
        sb.append("struct{");
        for (int i = 0; i < s.fields.length; i++) {
            if (i > 0) {
                sb.append("; ");
            }
            Var f = s.fields[i];
            if (!f.embedded) {
                sb.append(f.name).append(' ');
            }
            type(f.type);
            if (!s.tag(i).isEmpty()) {
                sb.append(' ');
                TypeStrings.quote(sb, s.tag(i));
            }
        }
        sb.append('}');
    }

    private void iface(Interface t) {
        if (t == Universe.EMPTY_INTERFACE) {
            sb.append("any");
            return;
        }
        if (t.implicit && t.methods.length == 0 && t.embedded.length == 1) {
            type(t.embedded[0]);
            return;
        }
        sb.append("interface{");
        boolean first = true;
        for (Func m : t.methods) {
            if (!first) {
                sb.append("; ");
            }
            first = false;
            sb.append(m.name);
            if (m.type instanceof Signature s) {
                signature(s);
            }
        }
        for (Type e : t.embedded) {
            if (!first) {
                sb.append("; ");
            }
            first = false;
            type(e);
        }
        sb.append('}');
    }

    private void union(Union u) {
        for (int i = 0; i < u.terms.length; i++) {
            if (i > 0) {
                sb.append(" | ");
            }
            if (u.tilde[i]) {
                sb.append('~');
            }
            type(u.terms[i]);
        }
    }

    void signature(Signature s) {
        if (s.typeParams.length > 0) {
            typeParams(s.typeParams);
        }
        tuple(s.params, s.variadic);
        Tuple r = s.results;
        if (r == null || r.size() == 0) {
            return;
        }
        sb.append(' ');
        if (r.size() == 1 && (r.vars[0].name.isEmpty() || !parameterNames)) {
            type(r.vars[0].type);
        } else {
            tuple(r, false);
        }
    }

    void tuple(Tuple t, boolean variadic) {
        sb.append('(');
        for (int i = 0; t != null && i < t.size(); i++) {
            if (i > 0) {
                sb.append(", ");
            }
            Var v = t.vars[i];
            if (!v.name.isEmpty() && parameterNames) {
                sb.append(v.name).append(' ');
            }
            if (variadic && i == t.size() - 1) {
                if (Alias.strip(v.type) instanceof Slice s) {
                    sb.append("...");
                    type(s.elem);
                } else {
                    type(v.type);
                    sb.append("...");
                }
            } else {
                type(v.type);
            }
        }
        sb.append(')');
    }
}
