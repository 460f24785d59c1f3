// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.util.Arrays;
import mica.base.Diagnostics;
import mica.base.SourceFile;

/** Types, signatures, fields and parameter lists. */
abstract class TypeParser extends ParserBase {
    TypeParser(SourceFile source, Diagnostics diags, Names names) {
        super(source, diags, names);
    }

    abstract Expr expr();

    abstract Expr binaryExpr(Expr x, int least);

    abstract Expr primary(Expr x);

    /** A type; complains if there is none. */
    final Expr type() {
        Expr t = typeOrNull();
        if (t == null) {
            t = new Expr.Bad(pos());
            syntaxError("expected type");
            advance(bit(Token.COMMA)
                    | bit(Token.COLON)
                    | bit(Token.SEMI)
                    | bit(Token.RPAREN)
                    | bit(Token.RBRACK)
                    | bit(Token.RBRACE));
        }
        return t;
    }

    final Expr typeOrNull() {
        int pos = pos();
        switch (tok) {
            case STAR -> {
                next();
                return new Expr.Star(pos, type());
            }
            case ARROW -> {
                next();
                want(Token.CHAN);
                return new Expr.ChanType(pos, Expr.Dir.RECV, chanElem());
            }
            case FUNC -> {
                next();
                return funcType(pos, "function type");
            }
            case LBRACK -> {
                next();
                if (got(Token.RBRACK)) {
                    return new Expr.ArrayType(pos, null, type());
                }
                return arrayType(pos, null);
            }
            case CHAN -> {
                next();
                Expr.Dir dir = got(Token.ARROW) ? Expr.Dir.SEND : Expr.Dir.BOTH;
                return new Expr.ChanType(pos, dir, chanElem());
            }
            case MAP -> {
                next();
                want(Token.LBRACK);
                Expr key = type();
                want(Token.RBRACK);
                return new Expr.MapType(pos, key, type());
            }
            case STRUCT -> {
                return structType();
            }
            case INTERFACE -> {
                return interfaceType();
            }
            case NAME -> {
                return qualifiedName(null);
            }
            case LPAREN -> {
                next();
                Expr t = type();
                want(Token.RPAREN);
                return new Expr.Paren(pos, t);
            }
            default -> {
                return null;
            }
        }
    }

    private Expr chanElem() {
        Expr t = typeOrNull();
        if (t == null) {
            t = new Expr.Bad(pos());
            syntaxError("missing channel element type");
        }
        return t;
    }

    /** {@code name}, {@code pkg.name}, with type arguments perhaps. */
    final Expr qualifiedName(Expr.Name first) {
        Expr x = first != null ? first : tok == Token.NAME ? name() : null;
        if (x == null) {
            x = new Expr.Name(pos(), "_");
            syntaxError("expected name");
            advance(Token.DOT, Token.SEMI, Token.RBRACE);
        }
        if (tok == Token.DOT) {
            int pos = pos();
            next();
            x = new Expr.Selector(pos, x, name());
        }
        if (tok == Token.LBRACK) {
            x = typeInstance(x);
        }
        return x;
    }

    private Expr typeInstance(Expr x) {
        int pos = pos();
        want(Token.LBRACK);
        xnest++;
        int mark = top;
        if (tok == Token.RBRACK) {
            syntaxError("expected type argument list");
            push(new Expr.Bad(pos()));
        } else {
            typeList();
        }
        Expr[] args = cutExprs(mark);
        xnest--;
        int rbrack = pos();
        want(Token.RBRACK);
        return new Expr.Index(pos, x, args, rbrack);
    }

    /** Pushes one or more types. */
    private void typeList() {
        push(type());
        moreTypes();
    }

    /** Pushes the types that follow, each after a comma; a trailing comma is fine. */
    private void moreTypes() {
        while (got(Token.COMMA)) {
            Expr t = typeOrNull();
            if (t == null) {
                return;
            }
            push(t);
        }
    }

    /** Pushes an expression (or type) and the types that follow it; whether there was a comma. */
    final boolean exprOrTypeList() {
        push(expr());
        if (tok != Token.COMMA) {
            return false;
        }
        moreTypes();
        return true;
    }

    /** The bracket is behind us; the length may be given. */
    final Expr arrayType(int pos, Expr len) {
        if (len == null) {
            if (tok == Token.DOT_DOT_DOT) {
                len = new Expr.Ellipsis(pos(), null);
                next();
            } else {
                xnest++;
                len = expr();
                xnest--;
            }
        }
        if (tok == Token.COMMA) {
            // A trailing comma is fine in type parameter lists, not here.
            syntaxError("unexpected comma; expected ]");
            next();
        }
        want(Token.RBRACK);
        return new Expr.ArrayType(pos, len, type());
    }

    /** What follows a name: {@code []E}, {@code [n]E} (an ArrayType), or type arguments of that name (an Index). */
    private Expr arrayOrArgs(Expr.Name name) {
        int pos = pos();
        want(Token.LBRACK);
        if (got(Token.RBRACK)) {
            return new Expr.ArrayType(pos, null, type());
        }
        if (tok == Token.DOT_DOT_DOT) {
            return arrayType(pos, null);
        }
        xnest++;
        int mark = top;
        boolean comma = exprOrTypeList();
        Expr[] args = cutExprs(mark);
        xnest--;
        int rbrack = pos();
        want(Token.RBRACK);
        if (!comma) {
            Expr elem = typeOrNull();
            if (elem != null) {
                return new Expr.ArrayType(pos, args[0], elem);
            }
        }
        return new Expr.Index(pos, name, args, rbrack);
    }

    // ---- structs and interfaces

    private Expr structType() {
        int pos = pos();
        want(Token.STRUCT);
        want(Token.LBRACE);
        int mark = top;
        boolean closed = true;
        while (tok != Token.EOF && tok != Token.RBRACE) {
            fieldDecl();
            if (!separator("struct type", Token.SEMI, Token.RBRACE)) {
                closed = false;
                break;
            }
        }
        int rbrace = pos();
        if (closed) {
            want(Token.RBRACE);
        }
        return new Expr.StructType(pos, cutFields(mark), rbrace);
    }

    final Field[] cutFields(int mark) {
        return top == mark ? Field.NONE : cut(mark, new Field[top - mark]);
    }

    private Expr.BasicLit tag() {
        Expr.BasicLit t = literalOrNull();
        if (t != null && t.lit != Expr.Lit.STRING) {
            errorAt(t.pos - source.base, "invalid syntax tree: incorrect tag syntax: \"" + t.text + "\"");
            return null;
        }
        return t;
    }

    private void embedded(int pos, Expr t) {
        push(new Field(pos, null, t, tag()));
    }

    private void fieldDecl() {
        int pos = pos();
        switch (tok) {
            case NAME -> {
                Expr.Name name = name();
                if (tok == Token.DOT || tok == Token.LITERAL || tok == Token.SEMI || tok == Token.RBRACE) {
                    embedded(pos, qualifiedName(name));
                    return;
                }
                Expr.Name[] names = nameList(name);
                Expr t;
                if (names.length == 1 && tok == Token.LBRACK) {
                    t = arrayOrArgs(name);
                    if (t.kind == Expr.Kind.INDEX) {
                        embedded(pos, t);
                        return;
                    }
                } else {
                    t = type();
                }
                Expr.BasicLit tag = tag();
                for (Expr.Name n : names) {
                    push(new Field(n.pos, n, t, tag));
                }
            }
            case STAR -> {
                next();
                Expr t;
                if (tok == Token.LPAREN) {
                    syntaxError("cannot parenthesize embedded type");
                    next();
                    t = qualifiedName(null);
                    got(Token.RPAREN);
                } else {
                    t = qualifiedName(null);
                }
                embedded(pos, new Expr.Star(pos, t));
            }
            case LPAREN -> {
                syntaxError("cannot parenthesize embedded type");
                next();
                Expr t;
                if (tok == Token.STAR) {
                    int star = pos();
                    next();
                    t = new Expr.Star(star, qualifiedName(null));
                } else {
                    t = qualifiedName(null);
                }
                got(Token.RPAREN);
                embedded(pos, t);
            }
            default -> {
                syntaxError("expected field name or embedded type");
                advance(Token.SEMI, Token.RBRACE);
            }
        }
    }

    private Expr interfaceType() {
        int pos = pos();
        want(Token.INTERFACE);
        want(Token.LBRACE);
        int mark = top;
        boolean closed = true;
        while (tok != Token.EOF && tok != Token.RBRACE) {
            interfaceElem();
            if (!separator("interface type", Token.SEMI, Token.RBRACE)) {
                closed = false;
                break;
            }
        }
        int rbrace = pos();
        if (closed) {
            want(Token.RBRACE);
        }
        return new Expr.InterfaceType(pos, cutFields(mark), rbrace);
    }

    private void interfaceElem() {
        int pos = pos();
        switch (tok) {
            case NAME -> {
                Field f = method();
                push(f.name == null ? new Field(pos, null, union(f.typeExpr), null) : f);
            }
            default -> push(new Field(pos, null, union(null), null));
        }
    }

    /** Terms separated by {@code |}; the first may be given. */
    private Expr union(Expr first) {
        Expr x = first != null ? first : term();
        while (tok == Token.OPERATOR && op == Operator.OR) {
            int pos = pos();
            next();
            x = new Expr.Binary(pos, Operator.OR, x, term());
        }
        return x;
    }

    private Expr term() {
        int pos = pos();
        if (tok == Token.OPERATOR && op == Operator.TILDE) {
            next();
            return new Expr.Unary(pos, Operator.TILDE, type());
        }
        Expr t = typeOrNull();
        if (t == null) {
            t = new Expr.Bad(pos);
            syntaxError("expected ~ term or type");
            advance(bit(Token.OPERATOR)
                    | bit(Token.SEMI)
                    | bit(Token.RPAREN)
                    | bit(Token.RBRACK)
                    | bit(Token.RBRACE));
        }
        return t;
    }

    /** A method, or an embedded type whose field has no name. */
    private Field method() {
        Expr.Name name = name();
        int pos = name.pos;
        switch (tok) {
            case LPAREN -> {
                return new Field(pos, name, funcType(pos, "interface method"), null);
            }
            case LBRACK -> {
                int bracket = pos();
                next();
                if (tok == Token.RBRACK) {
                    // name[]: neither type parameters nor arguments
                    int p = pos();
                    next();
                    if (tok == Token.LPAREN) {
                        errorAt(p - source.base, "empty type parameter list");
                        return new Field(pos, name, funcType(pos, "interface method"), null);
                    }
                    errorAt(p - source.base, "empty type argument list");
                    return new Field(pos, null, name, null);
                }
                // Type arguments look like a parameter list of types only: decide when it has been read.
                Field[] list = paramList(null, null, Token.RBRACK, false);
                if (list.length == 0) {
                    return new Field(pos, null, name, null);
                }
                if (list[0].name != null) {
                    errorAt(bracket - source.base, "interface method must have no type parameters");
                    return new Field(pos, name, funcType(pos, "interface method"), null);
                }
                Expr[] args = new Expr[list.length];
                for (int i = 0; i < args.length; i++) {
                    args[i] = list[i].typeExpr;
                }
                return new Field(pos, null, new Expr.Index(bracket, name, args, lastListEnd), null);
            }
            default -> {
                return new Field(pos, null, qualifiedName(name), null);
            }
        }
    }

    // ---- signatures

    /** Parameters and results; where {@code context} isn't null type parameters are refused with it. */
    final Expr.FuncType funcType(int pos, String context) {
        Field[] typeParams = Field.NONE;
        if (tok == Token.LBRACK) {
            int bracket = off;
            next();
            if (tok == Token.RBRACK) {
                syntaxError("empty type parameter list");
                next();
            } else {
                typeParams = withoutDots(paramList(null, null, Token.RBRACK, true), false);
            }
            if (context != null) {
                plainSyntaxError(source.base + bracket, context + " must have no type parameters");
                typeParams = Field.NONE;
            }
        }
        int paren = pos();
        want(Token.LPAREN);
        Field[] params = withoutDots(paramList(null, null, Token.RPAREN, false), true);
        Field[] results = Field.NONE;
        int resultPos = pos();
        if (got(Token.LPAREN)) {
            results = withoutDots(paramList(null, null, Token.RPAREN, false), false);
        } else {
            Expr t = typeOrNull();
            if (t != null) {
                results = new Field[] {new Field(resultPos, null, t, null)};
            }
        }
        return new Expr.FuncType(paren, typeParams, params, results);
    }

    /** Complains about {@code ...T} where it must not be (perhaps the last one may) and takes T for it. */
    final Field[] withoutDots(Field[] list, boolean lastMay) {
        for (int i = 0; i < list.length; i++) {
            Field f = list[i];
            if (f.typeExpr.kind != Expr.Kind.ELLIPSIS) {
                continue;
            }
            if (lastMay && i == list.length - 1) {
                continue;
            }
            Expr.Ellipsis dots = (Expr.Ellipsis) f.typeExpr;
            errorAt(dots.pos - source.base, lastMay ? "can only use ... with final parameter" : "invalid use of ...");
            int end = i + 1;
            while (end < list.length && list[end].typeExpr == dots) {
                end++;
            }
            for (; i < end; i++) {
                list[i] = new Field(list[i].pos, list[i].name, dots.elem, null);
            }
            i--;
        }
        return list;
    }

    /** Position of the closing token of the last parameter list. */
    int lastListEnd;

    /**
     * A parameter list whose opening token is behind us. The name and perhaps the type of the first parameter may be
     * given. Type parameters must have names.
     */
    final Field[] paramList(Expr.Name firstName, Expr firstType, Token close, boolean typeParams) {
        xnest++;
        boolean sets = close == Token.RBRACK;
        Expr.Name[] names = new Expr.Name[4];
        Expr[] types = new Expr[4];
        int n = 0;
        int named = 0;
        int typed = 0;
        boolean closed = true;
        while (firstName != null || tok != Token.EOF && tok != close) {
            if (param(firstName, firstType, close, sets)) {
                if (n == names.length) {
                    names = Arrays.copyOf(names, n * 2);
                    types = Arrays.copyOf(types, n * 2);
                }
                names[n] = paramName;
                types[n++] = paramType;
                if (paramType != null) {
                    typed++;
                    if (paramName != null) {
                        named++;
                    }
                }
            }
            firstName = null;
            firstType = null;
            if (!separator("parameter list", Token.COMMA, close)) {
                closed = false;
                break;
            }
        }
        int endPos = pos();
        lastListEnd = endPos;
        if (closed) {
            want(close);
        }
        xnest--;
        if (n == 0) {
            return Field.NONE;
        }
        if (named == 0 && !typeParams) {
            // All without names: what looked like names are types.
            for (int i = 0; i < n; i++) {
                if (types[i] == null) {
                    types[i] = names[i];
                    names[i] = null;
                }
            }
        } else if (named != n) {
            distributeTypes(names, types, n, named == typed, endPos, typeParams);
        }
        Field[] fields = new Field[n];
        for (int i = 0; i < n; i++) {
            fields[i] = new Field(names[i] != null ? names[i].pos : types[i].start(), names[i], types[i], null);
        }
        return fields;
    }

    /** {@code a, b T}: gives each name the type that follows it; some have names, so all must. */
    private void distributeTypes(
            Expr.Name[] names, Expr[] types, int n, boolean typesNamed, int endPos, boolean typeParams) {
        int errorPos = 0;
        Expr t = null;
        for (int i = n - 1; i >= 0; i--) {
            if (types[i] != null) {
                t = types[i];
                if (names[i] == null) {
                    errorPos = t.start();
                    names[i] = new Expr.Name(errorPos, "_");
                }
            } else if (t != null) {
                types[i] = t;
            } else {
                errorPos = names[i].pos;
                types[i] = new Expr.Bad(errorPos);
            }
        }
        if (errorPos == 0) {
            return;
        }
        String message;
        if (typesNamed) {
            errorPos = endPos;
            message = typeParams ? "missing type constraint" : "missing parameter type";
        } else if (typeParams) {
            message = n == 1 ? "missing type parameter name or invalid array length" : "missing type parameter name";
        } else {
            message = "missing parameter name";
        }
        plainSyntaxError(errorPos, message);
    }

    private Expr.Name paramName;
    private Expr paramType;

    /** One parameter into {@link #paramName} and {@link #paramType}, either of which may be null; false if there is none. */
    private boolean param(Expr.Name name, Expr t, Token follow, boolean sets) {
        paramName = name;
        paramType = t;
        if (t != null) {
            if (sets) {
                paramType = union(t);
            }
            return true;
        }
        if (tok == Token.NAME || name != null) {
            if (name == null) {
                name = name();
            }
            if (tok == Token.LBRACK) {
                Expr x = arrayOrArgs(name);
                boolean args = x.kind == Expr.Kind.INDEX;
                paramName = args ? null : name;
                paramType = sets && isOr() ? union(x) : x;
                return true;
            }
            if (tok == Token.DOT) {
                Expr x = qualifiedName(name);
                paramName = null;
                paramType = sets && isOr() ? union(x) : x;
                return true;
            }
            if (sets && isOr()) {
                paramName = null;
                paramType = union(name);
                return true;
            }
            paramName = name;
        }
        if (tok == Token.DOT_DOT_DOT) {
            int pos = pos();
            next();
            Expr.Name n = paramName;
            Expr elem = typeOrNull();
            if (elem == null) {
                elem = new Expr.Bad(pos());
                syntaxError("... is missing type");
            }
            paramName = n;
            paramType = new Expr.Ellipsis(pos, elem);
            return true;
        }
        if (sets && tok == Token.OPERATOR && op == Operator.TILDE) {
            Expr.Name n = paramName;
            Expr u = union(null);
            paramName = n;
            paramType = u;
            return true;
        }
        Expr.Name n = paramName;
        Expr x = typeOrNull();
        if (sets && x != null && isOr()) {
            x = union(x);
        }
        paramName = n;
        paramType = x;
        if (n != null || x != null) {
            return true;
        }
        syntaxError("expected " + follow.text);
        advance(Token.COMMA, follow);
        return false;
    }

    private boolean isOr() {
        return tok == Token.OPERATOR && op == Operator.OR;
    }
}
