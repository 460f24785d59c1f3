// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;
import mica.syntax.Field;

/** Expressions as messages quote them: bodies of literals are cut to "{…}". */
final class ExprText {
    private ExprText() {}

    static String of(Expr e) {
        StringBuilder b = new StringBuilder();
        write(b, e);
        return b.toString();
    }

    private static void write(StringBuilder b, Expr e) {
        switch (e.kind) {
            case NAME -> b.append(((Expr.Name) e).name);
            case BASIC_LIT -> b.append(((Expr.BasicLit) e).text);
            case BAD -> b.append("_");
            case PAREN -> {
                b.append('(');
                write(b, ((Expr.Paren) e).x);
                b.append(')');
            }
            case SELECTOR -> {
                write(b, ((Expr.Selector) e).x);
                b.append('.').append(((Expr.Selector) e).sel.name);
            }
            case STAR -> {
                b.append('*');
                write(b, ((Expr.Star) e).x);
            }
            case UNARY -> {
                b.append(((Expr.Unary) e).op.text);
                write(b, ((Expr.Unary) e).x);
            }
            case BINARY -> {
                write(b, ((Expr.Binary) e).x);
                b.append(' ').append(((Expr.Binary) e).op.text).append(' ');
                write(b, ((Expr.Binary) e).y);
            }
            case CALL -> writeCall(b, (Expr.Call) e);
            case INDEX -> {
                write(b, ((Expr.Index) e).x);
                b.append('[');
                list(b, ((Expr.Index) e).indices);
                b.append(']');
            }
            case SLICE -> writeSlice(b, (Expr.Slice) e);
            case TYPE_ASSERT -> {
                write(b, ((Expr.TypeAssert) e).x);
                b.append(".(");
                if (((Expr.TypeAssert) e).typeExpr == null) {
                    b.append("type");
                } else {
                    write(b, ((Expr.TypeAssert) e).typeExpr);
                }
                b.append(')');
            }
            case KEY_VALUE -> {
                write(b, ((Expr.KeyValue) e).key);
                b.append(": ");
                write(b, ((Expr.KeyValue) e).value);
            }
            case COMPOSITE_LIT -> {
                Expr.CompositeLit l = (Expr.CompositeLit) e;
                if (l.typeExpr != null) {
                    write(b, l.typeExpr);
                }
                b.append(l.elements.length > 0 ? "{…}" : "{}");
            }
            case FUNC_LIT -> {
                write(b, ((Expr.FuncLit) e).typeExpr);
                b.append(((Expr.FuncLit) e).body.stmts.length > 0 ? " {…}" : " {}");
            }
            default -> writeType(b, e);
        }
    }

    private static void writeCall(StringBuilder b, Expr.Call e) {
        write(b, e.fun);
        b.append('(');
        list(b, e.args);
        b.append(e.hasDots ? "...)" : ")");
    }

    private static void writeSlice(StringBuilder b, Expr.Slice e) {
        write(b, e.x);
        b.append('[');
        if (e.lo != null) {
            write(b, e.lo);
        }
        b.append(':');
        if (e.hi != null) {
            write(b, e.hi);
        }
        if (e.full) {
            b.append(':');
            if (e.max != null) {
                write(b, e.max);
            }
        }
        b.append(']');
    }

    private static void writeType(StringBuilder b, Expr e) {
        switch (e.kind) {
            case ARRAY_TYPE -> {
                Expr.ArrayType a = (Expr.ArrayType) e;
                b.append('[');
                if (a.len != null) {
                    write(b, a.len);
                }
                b.append(']');
                write(b, a.elem);
            }
            case ELLIPSIS -> {
                b.append("...");
                if (((Expr.Ellipsis) e).elem != null) {
                    write(b, ((Expr.Ellipsis) e).elem);
                }
            }
            case MAP_TYPE -> {
                b.append("map[");
                write(b, ((Expr.MapType) e).key);
                b.append(']');
                write(b, ((Expr.MapType) e).value);
            }
            case CHAN_TYPE -> {
                Expr.ChanType t = (Expr.ChanType) e;
                b.append(t.dir == Expr.Dir.RECV ? "<-chan " : t.dir == Expr.Dir.SEND ? "chan<- " : "chan ");
                boolean parens = t.dir != Expr.Dir.SEND && t.elem instanceof Expr.ChanType in && in.dir == Expr.Dir.RECV;
                if (parens) {
                    b.append('(');
                }
                write(b, t.elem);
                if (parens) {
                    b.append(')');
                }
            }
            case STRUCT_TYPE -> writeStruct(b, (Expr.StructType) e);
            case INTERFACE_TYPE -> writeInterface(b, (Expr.InterfaceType) e);
            case FUNC_TYPE -> {
                b.append("func");
                writeSignature(b, (Expr.FuncType) e);
            }
            default -> b.append("?");
        }
    }

    private static void writeStruct(StringBuilder b, Expr.StructType e) {
        b.append("struct{");
        for (int i = 0; i < e.fields.length; i++) {
            Field f = e.fields[i];
            if (i > 0) {
                b.append(f.name != null && f.typeExpr == e.fields[i - 1].typeExpr ? ", " : "; ");
            }
            boolean shared = i + 1 < e.fields.length && e.fields[i + 1].typeExpr == f.typeExpr && f.name != null;
            if (f.name != null) {
                b.append(f.name.name);
                if (!shared) {
                    b.append(' ');
                }
            }
            if (!shared) {
                write(b, f.typeExpr);
                if (f.tag != null) {
                    b.append(' ').append(f.tag.text);
                }
            }
        }
        b.append('}');
    }

    private static void writeInterface(StringBuilder b, Expr.InterfaceType e) {
        b.append("interface{");
        for (int i = 0; i < e.methods.length; i++) {
            Field f = e.methods[i];
            if (i > 0) {
                b.append("; ");
            }
            if (f.name != null) {
                b.append(f.name.name);
                writeSignature(b, (Expr.FuncType) f.typeExpr);
            } else {
                write(b, f.typeExpr);
            }
        }
        b.append('}');
    }

    private static void writeSignature(StringBuilder b, Expr.FuncType t) {
        if (t.typeParams.length > 0) {
            b.append('[');
            fields(b, t.typeParams);
            b.append(']');
        }
        b.append('(');
        fields(b, t.params);
        b.append(')');
        if (t.results.length == 1 && t.results[0].name == null) {
            b.append(' ');
            write(b, t.results[0].typeExpr);
        } else if (t.results.length > 0) {
            b.append(" (");
            fields(b, t.results);
            b.append(')');
        }
    }

    private static void fields(StringBuilder b, Field[] list) {
        for (int i = 0; i < list.length; i++) {
            Field f = list[i];
            if (i > 0) {
                b.append(", ");
            }
            if (f.name != null) {
                b.append(f.name.name);
                if (i + 1 < list.length && list[i + 1].typeExpr == f.typeExpr) {
                    continue;
                }
                b.append(' ');
            }
            write(b, f.typeExpr);
        }
    }

    private static void list(StringBuilder b, Expr[] es) {
        for (int i = 0; i < es.length; i++) {
            if (i > 0) {
                b.append(", ");
            }
            write(b, es[i]);
        }
    }
}
