// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Expr;
import mica.types.Pkg;
import mica.types.Type;
import mica.types.TypeStrings;

/** Expressions as the compiler's remarks quote them: bodies are cut to {@code {...}} and "func literal". */
final class NoteText {
    private static final int MAX = 200;

    private NoteText() {}

    static String of(Expr e) {
        StringBuilder b = new StringBuilder();
        write(b, e);
        return b.length() <= MAX ? b.toString() : b.substring(0, MAX) + "...";
    }

    /** A literal of type t, seen from a package. */
    static String literal(Type t, Expr.CompositeLit e, Pkg from) {
        return type(t, from) + (e.elements.length == 0 ? "{}" : "{...}");
    }

    /** A type, its own package's names without qualifier. */
    static String type(Type t, Pkg from) {
        return TypeStrings.message(t, p -> p == from ? "" : p.name).replace("interface{", "interface {").replace("struct{", "struct {");
    }

    private static void write(StringBuilder b, Expr e) {
        switch (e) {
            case Expr.Name n -> b.append(n.name);
            case Expr.BasicLit l -> b.append(l.text.startsWith("`") ? '"' + l.text.substring(1, l.text.length() - 1) + '"' : l.text);
            case Expr.Paren p -> write(b, p.x);
            case Expr.Selector s -> {
                operand(b, s.x);
                b.append('.').append(s.sel.name);
            }
            case Expr.Star s -> {
                b.append('*');
                operand(b, s.x);
            }
            case Expr.Unary u -> {
                b.append(u.op.text);
                operand(b, u.x);
            }
            case Expr.Binary x -> {
                operand(b, x.x);
                b.append(' ').append(x.op.text).append(' ');
                operand(b, x.y);
            }
            case Expr.Call c -> call(b, c);
            case Expr.Index i -> {
                operand(b, i.x);
                b.append('[');
                list(b, i.indices);
                b.append(']');
            }
            case Expr.Slice s -> slice(b, s);
            case Expr.TypeAssert t -> {
                operand(b, t.x);
                b.append(".(");
                if (t.typeExpr == null) {
                    b.append("type");
                } else {
                    write(b, t.typeExpr);
                }
                b.append(')');
            }
            case Expr.CompositeLit l -> {
                if (l.typeExpr != null) {
                    write(b, l.typeExpr);
                }
                b.append(l.elements.length == 0 ? "{}" : "{...}");
            }
            case Expr.FuncLit f -> b.append("func literal");
            case Expr.KeyValue kv -> {
                write(b, kv.key);
                b.append(": ");
                write(b, kv.value);
            }
            case Expr.ArrayType a -> {
                b.append('[');
                if (a.len != null) {
                    write(b, a.len);
                }
                b.append(']');
                write(b, a.elem);
            }
            case Expr.MapType m -> {
                b.append("map[");
                write(b, m.key);
                b.append(']');
                write(b, m.value);
            }
            case Expr.ChanType c -> {
                b.append(c.dir == Expr.Dir.RECV ? "<-chan " : c.dir == Expr.Dir.SEND ? "chan<- " : "chan ");
                write(b, c.elem);
            }
            case Expr.InterfaceType i -> b.append(i.methods.length == 0 ? "interface {}" : "interface { ... }");
            case Expr.StructType s -> b.append(s.fields.length == 0 ? "struct {}" : "struct { ... }");
            case Expr.FuncType f -> b.append("func(...)");
            case Expr.Ellipsis x -> b.append("...");
            default -> b.append('_');
        }
    }

    /** In parentheses where the precedence of the text around could be misread. */
    private static void operand(StringBuilder b, Expr e) {
        Expr u = e.unparen();
        boolean parens = u != e && u instanceof Expr.Binary;
        b.append(parens ? "(" : "");
        write(b, u);
        b.append(parens ? ")" : "");
    }

    private static void call(StringBuilder b, Expr.Call c) {
        Expr fun = c.fun.unparen();
        boolean parens = !(fun instanceof Expr.Name || fun instanceof Expr.Selector || fun instanceof Expr.Call || fun instanceof Expr.Index
                || fun instanceof Expr.InterfaceType || fun instanceof Expr.FuncLit);
        b.append(parens ? "(" : "");
        write(b, fun);
        b.append(parens ? ")" : "").append('(');
        list(b, c.args);
        b.append(c.hasDots ? "...)" : ")");
    }

    private static void slice(StringBuilder b, Expr.Slice s) {
        operand(b, s.x);
        b.append('[');
        part(b, s.lo);
        b.append(':');
        part(b, s.hi);
        if (s.full) {
            b.append(':');
            part(b, s.max);
        }
        b.append(']');
    }

    private static void part(StringBuilder b, Expr e) {
        if (e != null) {
            write(b, e);
        }
    }

    private static void list(StringBuilder b, Expr[] es) {
        for (int i = 0; i < es.length; i++) {
            b.append(i == 0 ? "" : ", ");
            write(b, es[i]);
        }
    }
}
