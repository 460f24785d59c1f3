// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.util.Arrays;
import mica.base.Diagnostics;
import mica.base.SourceFile;

/** What every part of the parser uses: expecting tokens, error texts, resynchronization, lists. */
abstract class ParserBase extends Scanner {
    /** Nesting of functions; above 0 a statement keyword ends a resynchronization. */
    int fnest;
    /** Types declared inside functions so far. */
    int localTypes;
    /** Nesting of expressions; negative inside the header of a control statement, where a brace begins the block. */
    int xnest;

    private static final long STOP = bit(Token.BREAK)
            | bit(Token.CONST)
            | bit(Token.CONTINUE)
            | bit(Token.DEFER)
            | bit(Token.FALLTHROUGH)
            | bit(Token.FOR)
            | bit(Token.GO)
            | bit(Token.GOTO)
            | bit(Token.IF)
            | bit(Token.RETURN)
            | bit(Token.SELECT)
            | bit(Token.SWITCH)
            | bit(Token.TYPE)
            | bit(Token.VAR);

    ParserBase(SourceFile source, Diagnostics diags, Names names) {
        super(source, diags, names);
    }

    static long bit(Token t) {
        return 1L << t.ordinal();
    }

    final boolean got(Token t) {
        if (tok == t) {
            next();
            return true;
        }
        return false;
    }

    final void want(Token t) {
        if (!got(t)) {
            syntaxError("expected " + (t.isKeyword() ? "keyword " + t.text : t.text));
            advance();
        }
    }

    /** As {@link #got} of {@code =}, but takes {@code :=} for it with a complaint. */
    final boolean gotAssign() {
        switch (tok) {
            case DEFINE -> {
                syntaxError("expected =");
                next();
                return true;
            }
            case ASSIGN -> {
                next();
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    final void syntaxError(String message) {
        syntaxErrorAt(pos(), message);
    }

    /**
     * Reports a syntax error. A message that begins with "in ", "at ", "after " or "expected ", or is empty, follows
     * the words "unexpected (the current token)".
     */
    final void syntaxErrorAt(int pos, String message) {
        if (tok == Token.EOF && errors > 0) {
            return; // meaningless after an error
        }
        if (message.startsWith("in ") || message.startsWith("at ") || message.startsWith("after ")) {
            message = " " + message;
        } else if (message.startsWith("expected ")) {
            message = ", " + message;
        } else if (!message.isEmpty()) {
            plainSyntaxError(pos, message);
            return;
        }
        plainSyntaxError(pos, "unexpected " + tokenText() + message);
    }

    private String tokenText() {
        return switch (tok) {
            case NAME -> "name " + lit;
            case LITERAL -> "literal " + lit;
            case SEMI -> lit;
            case OPERATOR -> op.text;
            case ASSIGN_OP -> op.text + "=";
            case INC_OP -> op.text + op.text;
            default -> tok.isKeyword() ? "keyword " + tok.text : tok.text;
        };
    }

    private int lastSyncOffset = -1;
    private int syncs;

    /** Skips one token. */
    final void advance() {
        if (tok != Token.EOF) {
            next();
        }
    }

    final void advance(Token a) {
        advance(bit(a));
    }

    final void advance(Token a, Token b) {
        advance(bit(a) | bit(b));
    }

    final void advance(Token a, Token b, Token c) {
        advance(bit(a) | bit(b) | bit(c));
    }

    /** Skips to a token of the set, or, inside a function, to the beginning of a statement. */
    final void advance(long follow) {
        long set = follow | bit(Token.EOF);
        if (fnest > 0) {
            set |= STOP;
        }
        while ((set & bit(tok)) == 0) {
            next();
        }
        // The same place again and again would be an endless loop: move on.
        if (off == lastSyncOffset) {
            if (++syncs >= 10) {
                syncs = 0;
                if (tok != Token.EOF) {
                    next();
                }
            }
        } else {
            lastSyncOffset = off;
            syncs = 0;
        }
    }

    /**
     * After an element of a list: takes the separator, which is optional before {@code close}. False ends the list
     * without its closing token.
     */
    final boolean separator(String context, Token sep, Token close) {
        if (!got(sep) && tok != close) {
            syntaxError("in " + context + "; possibly missing " + sep.text + " or " + close.text);
            advance(Token.RPAREN, Token.RBRACK, Token.RBRACE);
            return tok == close;
        }
        return true;
    }

    final Expr.Name name() {
        if (tok == Token.NAME) {
            Expr.Name n = new Expr.Name(pos(), lit);
            next();
            return n;
        }
        Expr.Name n = new Expr.Name(pos(), "_");
        syntaxError("expected name");
        advance();
        return n;
    }

    /** A list {@code a, b, c} whose first name is given. */
    final Expr.Name[] nameList(Expr.Name first) {
        if (tok != Token.COMMA) {
            return new Expr.Name[] {first};
        }
        Expr.Name[] list = new Expr.Name[4];
        list[0] = first;
        int n = 1;
        while (got(Token.COMMA)) {
            if (n == list.length) {
                list = Arrays.copyOf(list, n * 2);
            }
            list[n++] = name();
        }
        return Arrays.copyOf(list, n);
    }

    final Expr.BasicLit literalOrNull() {
        if (tok != Token.LITERAL) {
            return null;
        }
        Expr.BasicLit b = new Expr.BasicLit(pos(), litKind, lit, litBad);
        next();
        return b;
    }

    // A stack of nodes for building arrays: a list's elements are pushed, then cut off as one array.
    Node[] stack = new Node[256];
    int top;

    final void push(Node n) {
        if (top == stack.length) {
            stack = Arrays.copyOf(stack, top * 2);
        }
        stack[top++] = n;
    }

    /** Copies what was pushed since {@code mark} into {@code to} and drops it. */
    final <T extends Node> T[] cut(int mark, T[] to) {
        System.arraycopy(stack, mark, to, 0, top - mark);
        top = mark;
        return to;
    }

    final Expr[] cutExprs(int mark) {
        return top == mark ? Expr.NONE : cut(mark, new Expr[top - mark]);
    }
}
