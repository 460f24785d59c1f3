// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** Declarations, one per specification: a parenthesized group gives several that share {@link #group}. */
public abstract sealed class Decl extends Node {
    public static final Decl[] NONE = new Decl[0];

    /** One constant per class. */
    public enum Kind {
        BAD,
        IMPORT,
        CONST,
        TYPE,
        VAR,
        FUNC
    }

    /** Identity of a parenthesized group. */
    public static final class Group {}

    public final Kind kind;
    /** Null if not parenthesized. */
    public final Group group;
    /** Directives since the declaration before this one, in order. */
    public final Directive[] directives;

    Decl(Kind kind, int pos, Group group, Directive[] directives) {
        super(pos);
        this.kind = kind;
        this.group = group;
        this.directives = directives;
    }

    @Override
    public int start() {
        return pos;
    }

    /** Whether a directive with this verb (for example {@code go:noinline}) is attached. */
    public final boolean hasDirective(String verb) {
        for (Directive d : directives) {
            if (d.is(verb)) {
                return true;
            }
        }
        return false;
    }

    /** Where a syntax error left nothing usable. */
    public static final class Bad extends Decl {
        public Bad(int pos) {
            super(Kind.BAD, pos, null, Directive.NONE);
        }
    }

    /** {@code import name "path"}; position: the name or the path. */
    public static final class Import extends Decl {
        public static final Import[] NONE_IMPORTS = new Import[0];

        /** Null, {@code .}, {@code _} or a name. */
        public final Expr.Name local;
        public final Expr.BasicLit pathLit;
        /** The path, unquoted; empty after an error. */
        public final String path;
        /** The package name object (for an unnamed import; a named one is in {@code local.obj}). */
        public ObjSlot implicit;

        public Import(int pos, Group group, Directive[] directives, Expr.Name local, Expr.BasicLit pathLit, String path) {
            super(Kind.IMPORT, pos, group, directives);
            this.local = local;
            this.pathLit = pathLit;
            this.path = path;
        }
    }

    /** {@code a, b T = x, y} in a const declaration; position: the first name. */
    public static final class Const extends Decl {
        public final Expr.Name[] names;
        /** Or null. */
        public final Expr typeExpr;
        /** Empty when inherited (or missing). */
        public final Expr[] values;
        /** Index in its group. */
        public final int iota;
        /** The earlier specification whose type and values are repeated, or null. */
        public final Const inherited;

        public Const(
                int pos,
                Group group,
                Directive[] directives,
                Expr.Name[] names,
                Expr typeExpr,
                Expr[] values,
                int iota,
                Const inherited) {
            super(Kind.CONST, pos, group, directives);
            this.names = names;
            this.typeExpr = typeExpr;
            this.values = values;
            this.iota = iota;
            this.inherited = inherited;
        }
    }

    /** {@code Name[P any] T} or {@code Name = T}; position: the name. */
    public static final class Type extends Decl {
        public final Expr.Name name;
        public final Field[] typeParams;
        public final boolean alias;
        public final Expr typeExpr;
        /** Inside a function: which one of the file's types inside functions it is, from 1 in the order of the source; else 0. */
        public final int localNumber;

        public Type(
                int pos,
                Group group,
                Directive[] directives,
                Expr.Name name,
                Field[] typeParams,
                boolean alias,
                Expr typeExpr,
                int localNumber) {
            super(Kind.TYPE, pos, group, directives);
            this.name = name;
            this.typeParams = typeParams;
            this.alias = alias;
            this.typeExpr = typeExpr;
            this.localNumber = localNumber;
        }
    }

    /** {@code a, b T = x, y} in a var declaration; position: the first name. */
    public static final class Var extends Decl {
        public final Expr.Name[] names;
        /** Or null. */
        public final Expr typeExpr;
        /** Empty, one, or one per name. */
        public final Expr[] values;

        public Var(int pos, Group group, Directive[] directives, Expr.Name[] names, Expr typeExpr, Expr[] values) {
            super(Kind.VAR, pos, group, directives);
            this.names = names;
            this.typeExpr = typeExpr;
            this.values = values;
        }
    }

    /** A function or method; position: what follows {@code func} (receiver or name). */
    public static final class Func extends Decl {
        /** Position of {@code func}. */
        public final int funcPos;
        /** Null for a function. */
        public final Field recv;
        public final Expr.Name name;
        public final Expr.FuncType typeExpr;
        /** Null for a function without a body. */
        public final Stmt.Block body;
        public BodySlot info;

        public Func(
                int pos,
                Directive[] directives,
                int funcPos,
                Field recv,
                Expr.Name name,
                Expr.FuncType typeExpr,
                Stmt.Block body) {
            super(Kind.FUNC, pos, null, directives);
            this.funcPos = funcPos;
            this.recv = recv;
            this.name = name;
            this.typeExpr = typeExpr;
            this.body = body;
        }
    }
}
