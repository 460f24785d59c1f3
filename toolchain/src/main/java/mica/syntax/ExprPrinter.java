// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/**
 * Expressions as error texts show them, on one line: bodies of function literals and contents of composite literals
 * become {@code {…}}; blanks and parentheses follow the tree.
 */
public final class ExprPrinter {
    private final StringBuilder out = new StringBuilder();

    private ExprPrinter() {}

    public static String print(Expr x) {
        ExprPrinter p = new ExprPrinter();
        p.expr(x);
        return p.out.toString();
    }

    /** Comma-separated. */
    public static String print(Expr[] list) {
        ExprPrinter p = new ExprPrinter();
        p.list(list);
        return p.out.toString();
    }

    /** A simple statement. */
    public static String print(Stmt s) {
        ExprPrinter p = new ExprPrinter();
        p.stmt(s);
        return p.out.toString();
    }

    private void stmt(Stmt s) {
        switch (s.kind) {
            case EXPR -> expr(((Stmt.ExprStmt) s).x);
            case SEND -> {
                expr(((Stmt.Send) s).chan);
                out.append(" <- ");
                expr(((Stmt.Send) s).value);
            }
            case INC_DEC -> {
                expr(((Stmt.IncDec) s).x);
                out.append(((Stmt.IncDec) s).inc ? "++" : "--");
            }
            case ASSIGN -> {
                Stmt.Assign a = (Stmt.Assign) s;
                list(a.lhs);
                out.append(' ').append(a.define ? ":=" : a.op != null ? a.op.text + "=" : "=").append(' ');
                list(a.rhs);
            }
            default -> out.append(s.kind);
        }
    }

    private void list(Expr[] list) {
        for (int i = 0; i < list.length; i++) {
            if (i > 0) {
                out.append(", ");
            }
            expr(list[i]);
        }
    }

    private void expr(Expr x) {
        if (x == null) {
            return;
        }
        switch (x.kind) {
            case BAD -> out.append("<bad expr>");
            case NAME -> out.append(((Expr.Name) x).name);
            case BASIC_LIT -> out.append(((Expr.BasicLit) x).text);
            case COMPOSITE_LIT -> {
                Expr.CompositeLit c = (Expr.CompositeLit) x;
                expr(c.typeExpr);
                out.append(c.elements.length == 0 ? "{}" : "{…}");
            }
            case KEY_VALUE -> {
                expr(((Expr.KeyValue) x).key);
                out.append(": ");
                expr(((Expr.KeyValue) x).value);
            }
            case FUNC_LIT -> {
                Expr.FuncLit f = (Expr.FuncLit) x;
                expr(f.typeExpr);
                out.append(f.body.stmts.length == 0 ? " {}" : " {…}");
            }
            case PAREN -> {
                out.append('(');
                expr(((Expr.Paren) x).x);
                out.append(')');
            }
            case SELECTOR -> {
                expr(((Expr.Selector) x).x);
                out.append('.').append(((Expr.Selector) x).sel.name);
            }
            case INDEX -> {
                expr(((Expr.Index) x).x);
                out.append('[');
                list(((Expr.Index) x).indices);
                out.append(']');
            }
            case SLICE -> slice((Expr.Slice) x);
            case TYPE_ASSERT -> {
                expr(((Expr.TypeAssert) x).x);
                out.append(".(");
                if (((Expr.TypeAssert) x).typeExpr == null) {
                    out.append("type");
                }
                expr(((Expr.TypeAssert) x).typeExpr);
                out.append(')');
            }
            case CALL -> {
                Expr.Call c = (Expr.Call) x;
                expr(c.fun);
                out.append('(');
                list(c.args);
                out.append(c.hasDots ? "...)" : ")");
            }
            case STAR -> {
                out.append('*');
                expr(((Expr.Star) x).x);
            }
            case UNARY -> {
                out.append(((Expr.Unary) x).op.text);
                expr(((Expr.Unary) x).x);
            }
            case BINARY -> {
                Expr.Binary b = (Expr.Binary) x;
                expr(b.x);
                out.append(' ').append(b.op.text).append(' ');
                expr(b.y);
            }
            default -> type(x);
        }
    }

    private void slice(Expr.Slice s) {
        expr(s.x);
        out.append('[');
        expr(s.lo);
        out.append(':');
        expr(s.hi);
        if (s.full) {
            out.append(':');
            expr(s.max);
        }
        out.append(']');
    }

    private void type(Expr x) {
        switch (x.kind) {
            case ARRAY_TYPE -> {
                out.append('[');
                expr(((Expr.ArrayType) x).len);
                out.append(']');
                expr(((Expr.ArrayType) x).elem);
            }
            case STRUCT_TYPE -> {
                out.append("struct{");
                fields(((Expr.StructType) x).fields, "; ");
                out.append('}');
            }
            case FUNC_TYPE -> {
                out.append("func");
                signature((Expr.FuncType) x);
            }
            case INTERFACE_TYPE -> {
                out.append("interface{");
                Field[] methods = ((Expr.InterfaceType) x).methods;
                for (int i = 0; i < methods.length; i++) {
                    if (i > 0) {
                        out.append("; ");
                    }
                    if (methods[i].name != null) {
                        out.append(methods[i].name.name);
                        signature((Expr.FuncType) methods[i].typeExpr);
                    } else {
                        expr(methods[i].typeExpr);
                    }
                }
                out.append('}');
            }
            case MAP_TYPE -> {
                out.append("map[");
                expr(((Expr.MapType) x).key);
                out.append(']');
                expr(((Expr.MapType) x).value);
            }
            case CHAN_TYPE -> {
                Expr.ChanType c = (Expr.ChanType) x;
                out.append(c.dir == Expr.Dir.RECV ? "<-chan " : c.dir == Expr.Dir.SEND ? "chan<- " : "chan ");
                boolean parens = c.dir != Expr.Dir.SEND
                        && c.elem.kind == Expr.Kind.CHAN_TYPE
                        && ((Expr.ChanType) c.elem).dir == Expr.Dir.RECV
                        && c.dir == Expr.Dir.BOTH;
                if (parens) {
                    out.append('(');
                }
                expr(c.elem);
                if (parens) {
                    out.append(')');
                }
            }
            default -> {
                out.append("...");
                expr(((Expr.Ellipsis) x).elem);
            }
        }
    }

    /** Fields with names that share a type are grouped: {@code a, b int}. */
    private void fields(Field[] list, String separator) {
        for (int i = 0; i < list.length; i++) {
            if (i > 0) {
                out.append(list[i].name != null && list[i - 1].typeExpr == list[i].typeExpr ? ", " : separator);
            }
            Field f = list[i];
            if (f.name != null) {
                out.append(f.name.name);
                if (i + 1 < list.length && list[i + 1].typeExpr == f.typeExpr) {
                    continue;
                }
                out.append(' ');
            }
            expr(f.typeExpr);
            if (f.tag != null) {
                out.append(' ').append(f.tag.text);
            }
        }
    }

    private void signature(Expr.FuncType t) {
        if (t.typeParams.length > 0) {
            out.append('[');
            fields(t.typeParams, ", ");
            out.append(']');
        }
        out.append('(');
        fields(t.params, ", ");
        out.append(')');
        if (t.results.length == 0) {
            return;
        }
        out.append(' ');
        if (t.results.length == 1 && t.results[0].name == null) {
            expr(t.results[0].typeExpr);
        } else {
            out.append('(');
            fields(t.results, ", ");
            out.append(')');
        }
    }
}
