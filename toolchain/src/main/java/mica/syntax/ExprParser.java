// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import mica.base.Diagnostics;
import mica.base.SourceFile;

/** Expressions. Types are below, in {@link TypeParser}. */
abstract class ExprParser extends TypeParser {
    ExprParser(SourceFile source, Diagnostics diags, Names names) {
        super(source, diags, names);
    }

    abstract Stmt.Block funcBody();

    @Override
    final Expr expr() {
        return binaryExpr(null, 0);
    }

    /** One or more expressions. */
    final Expr[] exprList() {
        Expr x = expr();
        if (tok != Token.COMMA) {
            return new Expr[] {x};
        }
        int mark = top;
        push(x);
        while (got(Token.COMMA)) {
            push(expr());
        }
        return cutExprs(mark);
    }

    /** A binary expression whose operators bind tighter than {@code least}; its left operand may be given. */
    @Override
    final Expr binaryExpr(Expr x, int least) {
        if (x == null) {
            x = unaryExpr();
        }
        while ((tok == Token.OPERATOR || tok == Token.STAR) && prec > least) {
            int pos = pos();
            Operator o = op;
            int p = prec;
            next();
            x = new Expr.Binary(pos, o, x, binaryExpr(null, p));
        }
        return x;
    }

    final Expr unaryExpr() {
        switch (tok) {
            case STAR -> {
                int pos = pos();
                next();
                return new Expr.Star(pos, unaryExpr());
            }
            case OPERATOR -> {
                switch (op) {
                    case ADD, SUB, NOT, XOR, TILDE, AND -> {
                        int pos = pos();
                        Operator o = op;
                        next();
                        return new Expr.Unary(pos, o, unaryExpr());
                    }
                    default -> {
                        return primary(null);
                    }
                }
            }
            case ARROW -> {
                int pos = pos();
                next();
                Expr x = unaryExpr();
                if (x.kind == Expr.Kind.CHAN_TYPE) {
                    return receiveFirst(pos, (Expr.ChanType) x);
                }
                return new Expr.Unary(pos, Operator.RECV, x);
            }
            default -> {
                return primary(null);
            }
        }
    }

    /** {@code <-} before a channel type: {@code <- chan T} is {@code <-chan T}, {@code <- chan<- chan T} is {@code <-chan (<-chan T)}. */
    private Expr receiveFirst(int pos, Expr.ChanType c) {
        if (c.dir == Expr.Dir.RECV) {
            syntaxError("unexpected <-, expected chan");
            return c;
        }
        Expr elem = c.elem;
        if (c.dir == Expr.Dir.SEND) {
            if (elem.kind == Expr.Kind.CHAN_TYPE) {
                elem = receiveFirst(elem.pos, (Expr.ChanType) elem);
            } else {
                syntaxError("unexpected " + ExprPrinter.print(elem) + ", expected chan");
            }
        }
        return new Expr.ChanType(pos, Expr.Dir.RECV, elem);
    }

    private Expr operand() {
        switch (tok) {
            case NAME -> {
                return name();
            }
            case LITERAL -> {
                return literalOrNull();
            }
            case LPAREN -> {
                int pos = pos();
                next();
                xnest++;
                Expr x = expr();
                xnest--;
                want(Token.RPAREN);
                return new Expr.Paren(pos, x);
            }
            case FUNC -> {
                int pos = pos();
                next();
                Expr.FuncType t = funcType(pos, "function type");
                if (tok == Token.LBRACE) {
                    xnest++;
                    Stmt.Block body = funcBody();
                    xnest--;
                    return new Expr.FuncLit(pos, t, body);
                }
                return t;
            }
            case LBRACK, CHAN, MAP, STRUCT, INTERFACE -> {
                return type();
            }
            default -> {
                Expr x = new Expr.Bad(pos());
                syntaxError("expected expression");
                advance(Token.RPAREN, Token.RBRACK, Token.RBRACE);
                return x;
            }
        }
    }

    /** An operand (perhaps given) with its selectors, indices, calls and so on. */
    @Override
    final Expr primary(Expr x) {
        if (x == null) {
            x = operand();
        }
        for (; ; ) {
            int pos = pos();
            switch (tok) {
                case DOT -> {
                    next();
                    switch (tok) {
                        case NAME -> x = new Expr.Selector(pos, x, name());
                        case LPAREN -> {
                            next();
                            if (got(Token.TYPE)) {
                                x = new Expr.TypeAssert(pos, x, null);
                            } else {
                                x = new Expr.TypeAssert(pos, x, type());
                            }
                            want(Token.RPAREN);
                        }
                        default -> {
                            syntaxError("expected name or (");
                            advance(Token.SEMI, Token.RPAREN);
                        }
                    }
                }
                case LBRACK -> x = indexOrSlice(pos, x);
                case LPAREN -> x = call(pos, x);
                case LBRACE -> {
                    Expr t = x.unparen();
                    if (!mayBeLiteralType(t)) {
                        return x;
                    }
                    if (t != x) {
                        syntaxError("cannot parenthesize type in composite literal");
                    }
                    x = compositeLit(x);
                }
                default -> {
                    return x;
                }
            }
        }
    }

    /** Whether a brace after {@code t} begins a composite literal rather than a block. */
    private boolean mayBeLiteralType(Expr t) {
        return switch (t.kind) {
            case NAME, SELECTOR -> xnest >= 0;
            case INDEX -> xnest >= 0 && !anyValue(((Expr.Index) t).indices);
            case ARRAY_TYPE, STRUCT_TYPE, MAP_TYPE -> true;
            default -> false;
        };
    }

    private static boolean anyValue(Expr[] list) {
        for (Expr e : list) {
            if (isValue(e)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code x} cannot be a type. */
    private static boolean isValue(Expr x) {
        return switch (x.kind) {
            case BASIC_LIT, COMPOSITE_LIT, FUNC_LIT, SLICE, TYPE_ASSERT, CALL, UNARY, BINARY -> true;
            case PAREN -> isValue(((Expr.Paren) x).x);
            case INDEX -> isValue(((Expr.Index) x).x) || anyValue(((Expr.Index) x).indices);
            default -> false;
        };
    }

    private Expr call(int pos, Expr fun) {
        next();
        xnest++;
        int mark = top;
        boolean dots = false;
        boolean closed = true;
        while (tok != Token.EOF && tok != Token.RPAREN) {
            push(expr());
            dots = got(Token.DOT_DOT_DOT);
            closed = separator("argument list", Token.COMMA, Token.RPAREN);
            if (!closed || dots) {
                break;
            }
        }
        int rparen = pos();
        xnest--;
        if (closed) {
            want(Token.RPAREN);
        }
        return new Expr.Call(pos, fun, cutExprs(mark), dots, rparen);
    }

    private Expr indexOrSlice(int pos, Expr x) {
        next();
        if (tok == Token.RBRACK) {
            // An empty index: accept it with a complaint.
            syntaxError("expected operand");
            Expr bad = new Expr.Bad(pos());
            int rbrack = pos();
            next();
            return new Expr.Index(pos, x, new Expr[] {bad}, rbrack);
        }
        xnest++;
        Expr lo = null;
        if (tok != Token.COLON) {
            int mark = top;
            boolean comma = exprOrTypeList();
            if (comma || tok == Token.RBRACK) {
                xnest--;
                int rbrack = pos();
                Expr[] indices = cutExprs(mark);
                want(Token.RBRACK);
                return new Expr.Index(pos, x, indices, rbrack);
            }
            lo = cutExprs(mark)[0];
        }
        if (!got(Token.COLON)) {
            syntaxError("expected comma, : or ]");
            advance(Token.COMMA, Token.COLON, Token.RBRACK);
        }
        Expr hi = tok != Token.COLON && tok != Token.RBRACK ? expr() : null;
        Expr max = null;
        boolean full = false;
        if (tok == Token.COLON) {
            full = true;
            if (hi == null) {
                errorAt(off, "middle index required in 3-index slice");
                hi = new Expr.Bad(pos());
            }
            next();
            if (tok == Token.RBRACK) {
                errorAt(off, "final index required in 3-index slice");
                max = new Expr.Bad(pos());
            } else {
                max = expr();
            }
        }
        xnest--;
        int rbrack = pos();
        want(Token.RBRACK);
        return new Expr.Slice(pos, x, lo, hi, max, full, rbrack);
    }

    private Expr compositeLit(Expr typeExpr) {
        int pos = pos();
        xnest++;
        want(Token.LBRACE);
        int mark = top;
        int keyed = 0;
        boolean closed = true;
        while (tok != Token.EOF && tok != Token.RBRACE) {
            Expr e = element();
            if (tok == Token.COLON) {
                next();
                e = new Expr.KeyValue(e.start(), e, element());
                keyed++;
            }
            push(e);
            if (!separator("composite literal", Token.COMMA, Token.RBRACE)) {
                closed = false;
                break;
            }
        }
        int rbrace = pos();
        xnest--;
        if (closed) {
            want(Token.RBRACE);
        }
        return new Expr.CompositeLit(pos, typeExpr, cutExprs(mark), keyed, rbrace);
    }

    private Expr element() {
        return tok == Token.LBRACE ? compositeLit(null) : expr();
    }
}
