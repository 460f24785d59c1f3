// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;

/**
 * Text to tree, by recursive descent: this class holds the file and its declarations, its superclasses statements,
 * expressions, types, and the scanner. One function per rule of the grammar.
 */
public final class Parser extends StmtParser {
    private Parser(SourceFile source, Diagnostics diags, Names names) {
        super(source, diags, names);
    }

    /** Parses a whole file, bodies included. Errors go to {@code diags}; the result is usable even then. */
    public static File parseFile(SourceFile source, Diagnostics diags) {
        return parseFile(source, diags, new Names());
    }

    /** As above, with a table of names that serves many files of one thread. */
    public static File parseFile(SourceFile source, Diagnostics diags, Names names) {
        Parser p = new Parser(source, diags, names);
        p.next();
        return p.file(false);
    }

    /** Parses the package clause and the imports only. */
    public static File parseImports(SourceFile source, Diagnostics diags, Names names) {
        Parser p = new Parser(source, diags, names);
        p.next();
        return p.file(true);
    }

    private final List<Decl.Import> imports = new ArrayList<>();

    private File file(boolean importsOnly) {
        int pos = pos();
        Expr.Name packageName = null;
        Directive[] early = takeDirectives();
        if (tok != Token.PACKAGE) {
            syntaxError("package statement must be first");
        } else {
            next();
            packageName = name();
            want(Token.SEMI);
            if (errors == 0) {
                declarations(importsOnly);
            }
        }
        Decl[] decls = cut(0, new Decl[top]);
        Directive[] late = takeDirectives();
        Directive[] fileDirectives = new Directive[early.length + late.length];
        System.arraycopy(early, 0, fileDirectives, 0, early.length);
        System.arraycopy(late, 0, fileDirectives, early.length, late.length);
        return new File(
                pos,
                source,
                packageName != null ? packageName : new Expr.Name(pos, "_"),
                imports.toArray(Decl.Import.NONE_IMPORTS),
                decls,
                directives.toArray(Directive.NONE),
                fileDirectives,
                BuildConstraints.goVersion(text),
                source.pos(text.length),
                localTypes,
                syntaxFailed);
    }

    private void declarations(boolean importsOnly) {
        boolean afterImports = false;
        while (tok != Token.EOF) {
            if (tok == Token.IMPORT) {
                if (afterImports) {
                    syntaxError("imports must appear before other declarations");
                }
                afterImports = false;
            } else {
                afterImports = true;
                if (importsOnly) {
                    return;
                }
            }
            switch (tok) {
                case SEMI -> {
                    next();
                    continue;
                }
                case IMPORT, CONST, TYPE, VAR -> declGroup();
                case FUNC -> funcDecl();
                default -> {
                    Node last = top == 0 ? null : stack[top - 1];
                    if (tok == Token.LBRACE && last instanceof Decl.Func f && f.body == null) {
                        syntaxError("unexpected semicolon or newline before {");
                    } else {
                        syntaxError("non-declaration statement outside function body");
                    }
                    advanceToDecl();
                    continue;
                }
            }
            if (tok != Token.EOF && !got(Token.SEMI)) {
                syntaxError("after top level declaration");
                advanceToDecl();
            }
        }
    }

    private void advanceToDecl() {
        advance(bit(Token.IMPORT) | bit(Token.CONST) | bit(Token.TYPE) | bit(Token.VAR) | bit(Token.FUNC));
    }

    @Override
    void declGroup() {
        Token keyword = tok;
        next();
        if (tok != Token.LPAREN) {
            spec(keyword, null, 0, null);
            return;
        }
        Decl.Group group = new Decl.Group();
        next();
        int iota = 0;
        Decl.Const inherited = null;
        boolean closed = true;
        while (tok != Token.EOF && tok != Token.RPAREN) {
            Decl d = spec(keyword, group, iota++, inherited);
            if (d != null && d.kind == Decl.Kind.CONST) {
                Decl.Const c = (Decl.Const) d;
                if (c.inherited == null) {
                    inherited = c;
                }
            }
            if (!separator("grouped declaration", Token.SEMI, Token.RPAREN)) {
                closed = false;
                break;
            }
        }
        if (closed) {
            want(Token.RPAREN);
        }
    }

    /** One specification: pushed, and returned (null after an error). */
    private Decl spec(Token keyword, Decl.Group group, int iota, Decl.Const inherited) {
        Directive[] attached = takeDirectives();
        Decl d = switch (keyword) {
            case IMPORT -> importSpec(group, attached);
            case CONST -> constSpec(group, attached, iota, inherited);
            case TYPE -> typeSpec(group, attached);
            default -> varSpec(group, attached);
        };
        if (d != null) {
            push(d);
        }
        return d;
    }

    private Decl importSpec(Decl.Group group, Directive[] attached) {
        int pos = pos();
        Expr.Name local = null;
        if (tok == Token.NAME) {
            local = name();
        } else if (tok == Token.DOT) {
            local = new Expr.Name(pos, ".");
            next();
        }
        Expr.BasicLit path = literalOrNull();
        if (path == null) {
            syntaxError("missing import path");
            advance(Token.SEMI, Token.RPAREN);
            return null;
        }
        String unquoted = "";
        if (path.lit != Expr.Lit.STRING) {
            syntaxErrorAt(path.pos, "import path must be a string");
        } else if (!path.bad) {
            unquoted = Literals.stringText(path.text);
            String wrong = badImportPath(unquoted);
            if (wrong != null) {
                errorAt(path.pos - source.base, wrong);
                unquoted = "";
            }
        }
        Decl.Import d = new Decl.Import(pos, group, attached, local, path, unquoted);
        imports.add(d);
        return d;
    }

    /** What is wrong with an import path, or null. */
    private static String badImportPath(String path) {
        if (path.isEmpty()) {
            return "invalid import path (empty string)";
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '\ufffd' || "!\"#$%&'()*,:;<=>?[]^`{|}\\".indexOf(c) >= 0 || Character.isSpaceChar(c)) {
                return "invalid import path (invalid character " + describe(c) + ")";
            }
        }
        return path.charAt(0) == '/' ? "could not import " + path + " (import path cannot be absolute path)" : null;
    }

    private Decl constSpec(Decl.Group group, Directive[] attached, int iota, Decl.Const inherited) {
        int pos = pos();
        Expr.Name[] names = nameList(name());
        Expr type = null;
        Expr[] values = Expr.NONE;
        if (tok != Token.EOF && tok != Token.SEMI && tok != Token.RPAREN) {
            type = typeOrNull();
            if (gotAssign()) {
                values = exprList();
            }
        }
        Decl.Const from = type == null && values.length == 0 ? inherited : null;
        return new Decl.Const(pos, group, attached, names, type, values, iota, from);
    }

    private Decl varSpec(Decl.Group group, Directive[] attached) {
        int pos = pos();
        Expr.Name[] names = nameList(name());
        Expr type = null;
        Expr[] values = Expr.NONE;
        if (gotAssign()) {
            values = exprList();
        } else {
            type = type();
            if (gotAssign()) {
                values = exprList();
            }
        }
        return new Decl.Var(pos, group, attached, names, type, values);
    }

    private Decl typeSpec(Decl.Group group, Directive[] attached) {
        int pos = pos();
        Expr.Name name = name();
        Field[] params = Field.NONE;
        boolean alias = false;
        Expr type;
        if (tok == Token.LBRACK) {
            int bracket = pos();
            next();
            switch (tok) {
                case NAME -> {
                    // An array length or the first type parameter: read an expression and look at it.
                    Expr x = name();
                    if (tok != Token.LBRACK) {
                        xnest++;
                        x = binaryExpr(primary(x), 0);
                        xnest--;
                    }
                    splitParam(x, tok == Token.COMMA);
                    Expr.Name p = splitName;
                    Expr t = splitType;
                    if (p != null && (t != null || tok != Token.RBRACK)) {
                        params = withoutDots(paramList(p, t, Token.RBRACK, true), false);
                        alias = gotAssign();
                        type = typeOrNull();
                    } else {
                        type = arrayType(bracket, x);
                    }
                }
                case RBRACK -> {
                    next();
                    type = new Expr.ArrayType(bracket, null, type());
                }
                default -> type = arrayType(bracket, null);
            }
        } else {
            alias = gotAssign();
            type = typeOrNull();
        }
        if (type == null) {
            type = new Expr.Bad(pos());
            syntaxError("in type declaration");
            advance(Token.SEMI, Token.RPAREN);
        }
        return new Decl.Type(pos, group, attached, name, params, alias, type, fnest > 0 ? ++localTypes : 0);
    }

    private Expr.Name splitName;
    private Expr splitType;

    /**
     * Splits an expression such as {@code P *C} or {@code P (C)} into a type parameter and its constraint, if it can be
     * one: {@code force} says that it must be. A name alone gives a null constraint.
     */
    private void splitParam(Expr x, boolean force) {
        splitName = null;
        splitType = null;
        switch (x.kind) {
            case NAME -> splitName = (Expr.Name) x;
            case BINARY -> {
                Expr.Binary b = (Expr.Binary) x;
                if (b.op == Operator.MUL) {
                    if (b.x.kind == Expr.Kind.NAME && (force || isTypeElem(b.y))) {
                        splitName = (Expr.Name) b.x;
                        splitType = new Expr.Star(b.pos, b.y);
                    }
                } else if (b.op == Operator.OR) {
                    splitParam(b.x, force || isTypeElem(b.y));
                    if (splitName != null && splitType != null) {
                        splitType = new Expr.Binary(b.pos, Operator.OR, splitType, b.y);
                    } else {
                        splitName = null;
                    }
                }
            }
            case CALL -> {
                Expr.Call c = (Expr.Call) x;
                if (c.fun.kind == Expr.Kind.NAME
                        && c.args.length == 1
                        && !c.hasDots
                        && (force || isTypeElem(c.args[0]))) {
                    splitName = (Expr.Name) c.fun;
                    splitType = new Expr.Paren(c.pos, c.args[0]);
                }
            }
            default -> {}
        }
    }

    /** Whether {@code x} is a type literal or contains one, so that it cannot be an array length. */
    private static boolean isTypeElem(Expr x) {
        return switch (x.kind) {
            case ARRAY_TYPE, STRUCT_TYPE, FUNC_TYPE, INTERFACE_TYPE, MAP_TYPE, CHAN_TYPE -> true;
            case BINARY -> isTypeElem(((Expr.Binary) x).x) || isTypeElem(((Expr.Binary) x).y);
            case UNARY -> ((Expr.Unary) x).op == Operator.TILDE || isTypeElem(((Expr.Unary) x).x);
            case STAR -> isTypeElem(((Expr.Star) x).x);
            case PAREN -> isTypeElem(((Expr.Paren) x).x);
            default -> false;
        };
    }

    private void funcDecl() {
        int funcPos = pos();
        Directive[] attached = takeDirectives();
        next();
        int pos = pos();
        Field recv = null;
        boolean method = false;
        if (got(Token.LPAREN)) {
            method = true;
            Field[] list = withoutDots(paramList(null, null, Token.RPAREN, false), false);
            if (list.length == 0) {
                errorAt(off, "method has no receiver");
            } else {
                if (list.length > 1) {
                    errorAt(off, "method has multiple receivers");
                }
                recv = list[0];
            }
        }
        Expr.Name name;
        Expr.FuncType type;
        if (tok == Token.NAME) {
            name = name();
            type = funcType(name.pos, null);
        } else {
            name = new Expr.Name(pos(), "_");
            type = new Expr.FuncType(pos(), Field.NONE, Field.NONE, Field.NONE);
            syntaxError(method ? "expected name" : "expected name or (");
            advance(Token.LBRACE, Token.SEMI);
        }
        Stmt.Block body = tok == Token.LBRACE ? funcBody() : null;
        push(new Decl.Func(pos, attached, funcPos, recv, name, type, body));
    }
}
