// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/**
 * Writes closed types for the machine: the link form (full package paths, unexported names qualified) and the form that
 * reflect shows. Differences between the two stand beside each other here so that they stay deliberate.
 */
final class ExactWriter {
    private final StringBuilder sb;
    /** True inside type arguments of the reflect form too, as reflect shows those with full paths. */
    private boolean link;
    private final boolean unique;

    ExactWriter(StringBuilder sb, boolean link) {
        this.sb = sb;
        this.link = link;
        this.unique = link;
    }

    void type(Type t) {
        switch (t.kind()) {
            case BASIC -> basic((Basic) t);
            case NAMED -> named((Named) t);
            case ALIAS -> type(Alias.strip(t));
            case POINTER -> {
                sb.append('*');
                type(((Pointer) t).elem);
            }
            case SLICE -> {
                sb.append("[]");
                type(((Slice) t).elem);
            }
            case ARRAY -> {
                sb.append('[').append(((Array) t).length).append(']');
                type(((Array) t).elem);
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
            case UNION -> throw new mica.base.Fault("types", "a union has no link form: " + t);
        }
    }

    private void basic(Basic b) {
        switch (b.id) {
            case UINT8 -> sb.append("uint8");
            case INT32 -> sb.append("int32");
            case UNSAFE_POINTER -> sb.append("unsafe.Pointer");
            default -> sb.append(b.name);
        }
    }

    private void named(Named n) {
        Pkg p = n.obj.pkg;
        if (p != null) {
            sb.append(link ? p.linkPath : p.name).append('.');
        }
        sb.append(n.obj.name);
        if (n.localIndex() > 0 && link) {
            sb.append('\u00b7').append(n.localIndex());
        }
        if (n.outerArgs.length + n.typeArgs.length == 0) {
            return;
        }
        boolean saved = link;
        link = true;
        sb.append('[');
        list(n.outerArgs);
        if (n.outerArgs.length > 0) {
            sb.append(';');
        }
        list(n.typeArgs);
        sb.append(']');
        link = saved;
    }

    private void list(Type[] args) {
        for (int i = 0; i < args.length; i++) {
            if (i > 0) {
                sb.append(',');
            }
            type(args[i]);
        }
    }

    private void chan(Chan c) {
        sb.append(c.dir == Chan.RECV ? "<-chan " : c.dir == Chan.SEND ? "chan<- " : "chan ");
        boolean parens = c.dir == Chan.BOTH && Alias.strip(c.elem) instanceof Chan e && e.dir == Chan.RECV;
        if (parens) {
            sb.append('(');
        }
        type(c.elem);
        if (parens) {
            sb.append(')');
        }
    }

    private void struct(Struct s) {
        sb.append(s.fields.length == 0 ? "struct {" : "struct { ");
        for (int i = 0; i < s.fields.length; i++) {
            if (i > 0) {
                sb.append("; ");
            }
            Var f = s.fields[i];
            boolean plain = f.embedded && f.name.equals(TypeStrings.embeddedName(Alias.strip(f.type)));
            if (unique) {
                // An embedded field that goes by an alias's name must differ from an ordinary field and from the plain one.
                if (!f.exported()) {
                    sb.append(f.embedded && plain ? "" : f.pkg == null ? "" : f.pkg.linkPath + ".");
                }
                if (!plain) {
                    sb.append(f.name).append(f.embedded ? "= " : " ");
                } else if (!f.exported() && !owner(f)) {
                    sb.append(f.pkg == null ? "_" : f.pkg.linkPath).append(": ");
                }
            } else if (!f.embedded) {
                sb.append(f.name).append(' ');
            }
            type(f.type);
            if (!s.tag(i).isEmpty()) {
                sb.append(' ');
                TypeStrings.quote(sb, s.tag(i));
            }
        }
        sb.append(s.fields.length == 0 ? "}" : " }");
    }

    /** The embedded field's package is its type's own, so that the type's name says it. */
    private static boolean owner(Var f) {
        Type t = Alias.strip(f.type);
        if (t instanceof Pointer p) {
            t = Alias.strip(p.elem);
        }
        return t instanceof Named n && Names.samePackage(n.obj.pkg, f.pkg);
    }

    private void iface(Interface t) {
        Func[] methods = TypeSets.of(t).methods;
        sb.append(methods.length == 0 ? "interface {" : "interface { ");
        for (int i = 0; i < methods.length; i++) {
            if (i > 0) {
                sb.append("; ");
            }
            Func m = methods[i];
            if (!m.exported() && m.pkg != null) {
                sb.append(link ? m.pkg.linkPath : m.pkg.name).append('.');
            }
            sb.append(m.name);
            signature(m.signature());
        }
        sb.append(methods.length == 0 ? "}" : " }");
    }

    private void signature(Signature s) {
        tuple(s.params, s.variadic);
        Tuple r = s.results;
        if (r == null || r.size() == 0) {
            return;
        }
        sb.append(' ');
        if (r.size() == 1) {
            type(r.vars[0].type);
        } else {
            tuple(r, false);
        }
    }

    private void tuple(Tuple t, boolean variadic) {
        sb.append('(');
        for (int i = 0; t != null && i < t.size(); i++) {
            if (i > 0) {
                sb.append(", ");
            }
            Type v = t.vars[i].type;
            if (variadic && i == t.size() - 1 && Alias.strip(v) instanceof Slice s) {
                sb.append("...");
                type(s.elem);
            } else {
                type(v);
            }
        }
        sb.append(')');
    }
}
