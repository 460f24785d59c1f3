// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import mica.base.Diagnostics;
import mica.base.SourceFile;

/** Statements. */
abstract class StmtParser extends ExprParser {
    StmtParser(SourceFile source, Diagnostics diags, Names names) {
        super(source, diags, names);
    }

    /** A declaration whose keyword is the current token; pushes its specifications. */
    abstract void declGroup();

    @Override
    final Stmt.Block funcBody() {
        fnest++;
        int before = errors;
        int pos = pos();
        want(Token.LBRACE);
        Stmt[] list = stmtList();
        int rbrace = pos();
        want(Token.RBRACE);
        fnest--;
        Stmt.Block body = new Stmt.Block(pos, list, rbrace);
        if (errors == before) {
            Branches.check(body, diags);
        }
        return body;
    }

    private Stmt[] cutStmts(int mark) {
        return top == mark ? Stmt.NONE : cut(mark, new Stmt[top - mark]);
    }

    private Stmt[] stmtList() {
        int mark = top;
        while (tok != Token.EOF && tok != Token.RBRACE && tok != Token.CASE && tok != Token.DEFAULT) {
            Stmt s = stmtOrNull();
            if (s == null) {
                break;
            }
            push(s);
            // The semicolon before a closing brace is optional.
            if (!got(Token.SEMI) && tok != Token.RBRACE) {
                syntaxError("at end of statement");
                advance(bit(Token.SEMI) | bit(Token.RBRACE) | bit(Token.CASE) | bit(Token.DEFAULT));
                got(Token.SEMI);
            }
        }
        return cutStmts(mark);
    }

    private Stmt stmtOrNull() {
        int pos = pos();
        switch (tok) {
            case NAME -> {
                Expr[] lhs = exprList();
                if (tok == Token.COLON && lhs.length == 1 && lhs[0].kind == Expr.Kind.NAME) {
                    return labeled((Expr.Name) lhs[0]);
                }
                return simpleStmt(lhs, null);
            }
            case VAR, CONST, TYPE -> {
                int mark = top;
                declGroup();
                return new Stmt.DeclStmt(pos, top == mark ? Decl.NONE : cut(mark, new Decl[top - mark]));
            }
            case LITERAL, FUNC, LPAREN, LBRACK, STRUCT, MAP, CHAN, INTERFACE, ARROW, STAR -> {
                return simpleStmt(null, null);
            }
            case OPERATOR -> {
                return switch (op) {
                    case ADD, SUB, AND, XOR, NOT, TILDE -> simpleStmt(null, null);
                    default -> null;
                };
            }
            case LBRACE -> {
                return block(null);
            }
            case FOR -> {
                return forStmt();
            }
            case SWITCH -> {
                return switchStmt();
            }
            case SELECT -> {
                return selectStmt();
            }
            case IF -> {
                return ifStmt();
            }
            case FALLTHROUGH -> {
                next();
                return new Stmt.Branch(pos, Stmt.Jump.FALLTHROUGH, null);
            }
            case BREAK, CONTINUE -> {
                Stmt.Jump jump = tok == Token.BREAK ? Stmt.Jump.BREAK : Stmt.Jump.CONTINUE;
                next();
                return new Stmt.Branch(pos, jump, tok == Token.NAME ? name() : null);
            }
            case GOTO -> {
                next();
                return new Stmt.Branch(pos, Stmt.Jump.GOTO, name());
            }
            case GO, DEFER -> {
                return callStmt();
            }
            case RETURN -> {
                next();
                Expr[] results = tok != Token.SEMI && tok != Token.RBRACE ? exprList() : Expr.NONE;
                return new Stmt.Return(pos, results);
            }
            case SEMI -> {
                return new Stmt.Empty(pos);
            }
            default -> {
                return null;
            }
        }
    }

    private Stmt labeled(Expr.Name label) {
        int colon = pos();
        want(Token.COLON);
        if (tok == Token.RBRACE) {
            return new Stmt.Labeled(colon, label, new Stmt.Empty(pos()));
        }
        Stmt s = stmtOrNull();
        if (s == null) {
            syntaxErrorAt(colon, "missing statement after label");
            return null;
        }
        Stmt.Labeled l = new Stmt.Labeled(colon, label, s);
        switch (s.kind) {
            case FOR -> ((Stmt.For) s).label = l;
            case RANGE -> ((Stmt.Range) s).label = l;
            case SWITCH -> ((Stmt.Switch) s).label = l;
            case TYPE_SWITCH -> ((Stmt.TypeSwitch) s).label = l;
            case SELECT -> ((Stmt.Select) s).label = l;
            default -> {}
        }
        return l;
    }

    /** A range clause on the way from {@link #simpleStmt} to {@link #forStmt}, which makes the statement. */
    private Expr[] rangeLhs;

    private boolean rangeDefine;
    private int rangePos;
    private Expr rangeOver;

    private Stmt rangeClause(Expr[] lhs, boolean define) {
        int pos = pos();
        next();
        Expr x = expr();
        rangeLhs = lhs;
        rangeDefine = define;
        rangePos = pos;
        rangeOver = x;
        return null;
    }

    /**
     * A simple statement; its first expressions may be given, and {@code keyword} is FOR or SWITCH in their headers. For
     * a range clause the result is null and {@link #rangeOver} is set. A type switch guard {@code v := x.(type)} is an Assign
     * (or ExprStmt) whose right side is a TypeAssert without type.
     */
    private Stmt simpleStmt(Expr[] lhs, Token keyword) {
        if (lhs == null) {
            if (keyword == Token.FOR && tok == Token.RANGE) {
                return rangeClause(Expr.NONE, false);
            }
            lhs = exprList();
        }
        int pos = pos();
        if (lhs.length == 1 && tok != Token.ASSIGN && tok != Token.DEFINE) {
            Expr x = lhs[0];
            switch (tok) {
                case ASSIGN_OP -> {
                    Operator o = op;
                    next();
                    return new Stmt.Assign(pos, lhs, o, false, new Expr[] {expr()});
                }
                case INC_OP -> {
                    boolean inc = op == Operator.ADD;
                    next();
                    return new Stmt.IncDec(pos, x, inc);
                }
                case ARROW -> {
                    next();
                    return new Stmt.Send(pos, x, expr());
                }
                default -> {
                    return new Stmt.ExprStmt(x.pos, x);
                }
            }
        }
        switch (tok) {
            case ASSIGN, DEFINE -> {
                boolean define = tok == Token.DEFINE;
                next();
                if (keyword == Token.FOR && tok == Token.RANGE) {
                    return rangeClause(lhs, define);
                }
                Expr[] rhs = exprList();
                return new Stmt.Assign(pos, lhs, null, define, rhs);
            }
            default -> {
                syntaxError("expected := or = or comma");
                advance(Token.SEMI, Token.RBRACE);
                return new Stmt.ExprStmt(lhs[0].pos, lhs[0]);
            }
        }
    }

    private Stmt.Block block(String context) {
        int pos = pos();
        if (!got(Token.LBRACE)) {
            syntaxError(context == null ? "expected {" : "expected { after " + context);
            advance(Token.NAME, Token.RBRACE);
            int rbrace = pos();
            if (got(Token.RBRACE)) {
                return new Stmt.Block(pos, Stmt.NONE, rbrace);
            }
        }
        Stmt[] list = stmtList();
        int rbrace = pos();
        want(Token.RBRACE);
        return new Stmt.Block(pos, list, rbrace);
    }

    private Stmt callStmt() {
        int pos = pos();
        Token keyword = tok;
        next();
        Expr x = primary(null);
        Expr t = x.unparen();
        if (t != x) {
            errorAt(x.pos - source.base, "expression in " + keyword.text + " must not be parenthesized");
            x = t;
        }
        return keyword == Token.GO ? new Stmt.Go(pos, x) : new Stmt.Defer(pos, x);
    }

    // ---- headers of if, for and switch: results in these three fields

    private Stmt headerInit;
    private Stmt headerCond;
    private Stmt headerPost;
    private int headerSemi;
    private String headerSemiText;

    private void header(Token keyword) {
        headerInit = null;
        headerCond = null;
        headerPost = null;
        headerSemi = 0;
        headerSemiText = null;
        rangeOver = null;
        if (tok == Token.LBRACE) {
            if (keyword == Token.IF) {
                syntaxError("missing condition in if statement");
                headerCond = new Stmt.ExprStmt(pos(), new Expr.Bad(pos()));
            }
            return;
        }
        int outer = xnest;
        xnest = -1;
        Stmt init = null;
        Stmt cond = null;
        Stmt post = null;
        int semi = 0;
        String semiText = null;
        if (tok != Token.SEMI) {
            if (got(Token.VAR)) {
                syntaxError("var declaration not allowed in " + keyword.text + " initializer");
            }
            init = simpleStmt(null, keyword);
            if (rangeOver != null) {
                xnest = outer;
                return;
            }
        }
        if (tok != Token.LBRACE) {
            if (tok == Token.SEMI) {
                semi = pos();
                semiText = lit;
                next();
            } else {
                // Asking for a brace rather than a semicolon gives the better message.
                want(Token.LBRACE);
                if (tok != Token.LBRACE) {
                    advance(Token.LBRACE, Token.RBRACE);
                }
            }
            if (keyword == Token.FOR) {
                boolean complete = true;
                if (tok != Token.SEMI) {
                    if (tok == Token.LBRACE) {
                        syntaxError("expected for loop condition");
                        complete = false;
                    } else {
                        cond = simpleStmt(null, null);
                    }
                }
                if (complete) {
                    want(Token.SEMI);
                    if (tok != Token.LBRACE) {
                        post = simpleStmt(null, null);
                        if (post != null && post.kind == Stmt.Kind.ASSIGN && ((Stmt.Assign) post).define) {
                            syntaxErrorAt(post.pos, "cannot declare in post statement of for loop");
                        }
                    }
                }
            } else if (tok != Token.LBRACE) {
                cond = simpleStmt(null, keyword);
            }
        } else {
            cond = init;
            init = null;
        }
        xnest = outer;
        rangeOver = null;
        headerInit = init;
        headerCond = cond;
        headerPost = post;
        headerSemi = semi;
        headerSemiText = semiText;
    }

    /** The condition as an expression; null if there is none. */
    private Expr condition(Token keyword) {
        Stmt s = headerCond;
        if (s == null) {
            if (keyword == Token.IF && headerSemi != 0) {
                if (!headerSemiText.equals("semicolon")) {
                    syntaxErrorAt(headerSemi, "unexpected " + headerSemiText + ", expected { after if clause");
                } else {
                    syntaxErrorAt(headerSemi, "missing condition in if statement");
                }
                return new Expr.Bad(headerSemi);
            }
            return keyword == Token.IF ? new Expr.Bad(pos()) : null;
        }
        if (s.kind == Stmt.Kind.EXPR) {
            return ((Stmt.ExprStmt) s).x;
        }
        String shown;
        if (s.kind == Stmt.Kind.ASSIGN && ((Stmt.Assign) s).op == null && !((Stmt.Assign) s).define) {
            Stmt.Assign a = (Stmt.Assign) s;
            shown = "assignment " + emphasized(a.lhs) + " = " + emphasized(a.rhs);
        } else {
            shown = ExprPrinter.print(s);
        }
        syntaxErrorAt(s.pos, "cannot use " + shown + " as value");
        return new Expr.Bad(s.pos);
    }

    private static String emphasized(Expr[] list) {
        String s = ExprPrinter.print(list);
        return list.length == 1 && list[0].kind == Expr.Kind.BINARY ? "(" + s + ")" : s;
    }

    private Stmt forStmt() {
        int pos = pos();
        next();
        header(Token.FOR);
        if (rangeOver != null) {
            Expr[] lhs = rangeLhs;
            boolean define = rangeDefine;
            int at = rangePos;
            Expr x = rangeOver;
            rangeOver = null;
            return new Stmt.Range(pos, lhs, define, x, at, block("for clause"));
        }
        Stmt init = headerInit;
        Stmt post = headerPost;
        Expr cond = condition(Token.FOR);
        return new Stmt.For(pos, init, cond, post, block("for clause"));
    }

    private Stmt ifStmt() {
        int pos = pos();
        next();
        header(Token.IF);
        Stmt init = headerInit;
        Expr cond = condition(Token.IF);
        Stmt.Block then = block("if clause");
        Stmt otherwise = null;
        if (got(Token.ELSE)) {
            switch (tok) {
                case IF -> otherwise = ifStmt();
                case LBRACE -> otherwise = block(null);
                default -> {
                    syntaxError("else must be followed by if or statement block");
                    advance(Token.NAME, Token.RBRACE);
                }
            }
        }
        return new Stmt.If(pos, init, cond, then, otherwise);
    }

    private Stmt switchStmt() {
        int pos = pos();
        next();
        header(Token.SWITCH);
        Stmt init = headerInit;
        Expr.Name binding = null;
        Expr.TypeAssert guard = null;
        Expr tag = null;
        Stmt c = headerCond;
        if (isGuard(c)) {
            guard = (Expr.TypeAssert) ((Stmt.Assign) c).rhs[0];
            binding = (Expr.Name) ((Stmt.Assign) c).lhs[0];
        } else {
            tag = condition(Token.SWITCH);
            if (tag != null && tag.kind == Expr.Kind.TYPE_ASSERT && ((Expr.TypeAssert) tag).typeExpr == null) {
                guard = (Expr.TypeAssert) tag;
            }
        }
        int lbrace = pos();
        if (!got(Token.LBRACE)) {
            syntaxError("missing { after switch clause");
            advance(Token.CASE, Token.DEFAULT, Token.RBRACE);
        }
        int mark = top;
        while (tok != Token.EOF && tok != Token.RBRACE) {
            push(caseClause());
        }
        Stmt.CaseClause[] clauses = cut(mark, new Stmt.CaseClause[top - mark]);
        int rbrace = pos();
        want(Token.RBRACE);
        if (guard != null) {
            return new Stmt.TypeSwitch(pos, init, binding, guard.x, guard.pos, clauses, lbrace, rbrace);
        }
        return new Stmt.Switch(pos, init, tag, clauses, lbrace, rbrace);
    }

    /** Whether it is {@code v := x.(type)}. */
    private static boolean isGuard(Stmt s) {
        if (s == null || s.kind != Stmt.Kind.ASSIGN || !((Stmt.Assign) s).define) {
            return false;
        }
        Stmt.Assign a = (Stmt.Assign) s;
        return a.lhs.length == 1
                && a.lhs[0].kind == Expr.Kind.NAME
                && a.rhs.length == 1
                && a.rhs[0].kind == Expr.Kind.TYPE_ASSERT
                && ((Expr.TypeAssert) a.rhs[0]).typeExpr == null;
    }

    private Stmt.CaseClause caseClause() {
        int pos = pos();
        Expr[] cases = Expr.NONE;
        boolean isDefault = false;
        switch (tok) {
            case CASE -> {
                next();
                cases = exprList();
            }
            case DEFAULT -> {
                next();
                isDefault = true;
            }
            default -> caseExpected();
        }
        int colon = pos();
        want(Token.COLON);
        return new Stmt.CaseClause(pos, cases, isDefault, colon, stmtList());
    }

    private void caseExpected() {
        syntaxError("expected case or default or }");
        advance(bit(Token.COLON) | bit(Token.CASE) | bit(Token.DEFAULT) | bit(Token.RBRACE));
    }

    private Stmt selectStmt() {
        int pos = pos();
        next();
        int lbrace = pos();
        if (!got(Token.LBRACE)) {
            syntaxError("missing { after select clause");
            advance(Token.CASE, Token.DEFAULT, Token.RBRACE);
        }
        int mark = top;
        while (tok != Token.EOF && tok != Token.RBRACE) {
            int at = pos();
            Stmt comm = null;
            switch (tok) {
                case CASE -> {
                    next();
                    comm = simpleStmt(null, null);
                }
                case DEFAULT -> next();
                default -> caseExpected();
            }
            int colon = pos();
            want(Token.COLON);
            push(new Stmt.CommClause(at, comm, colon, stmtList()));
        }
        Stmt.CommClause[] clauses = cut(mark, new Stmt.CommClause[top - mark]);
        int rbrace = pos();
        want(Token.RBRACE);
        return new Stmt.Select(pos, clauses, lbrace, rbrace);
    }
}
