// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** Expressions and types. {@link #kind} tells the class; late slots are written once by the checker. */
public abstract sealed class Expr extends Node {
    public static final Expr[] NONE = new Expr[0];

    /** One constant per class. */
    public enum Kind {
        BAD,
        NAME,
        BASIC_LIT,
        COMPOSITE_LIT,
        KEY_VALUE,
        FUNC_LIT,
        PAREN,
        SELECTOR,
        INDEX,
        SLICE,
        TYPE_ASSERT,
        CALL,
        STAR,
        UNARY,
        BINARY,
        ARRAY_TYPE,
        STRUCT_TYPE,
        FUNC_TYPE,
        INTERFACE_TYPE,
        MAP_TYPE,
        CHAN_TYPE,
        ELLIPSIS
    }

    public final Kind kind;
    /** Type of the value, or the type denoted. Written by the checker. */
    public TypeSlot type;
    /** Constant value, or null. Written by the checker. */
    public ConstSlot constant;
    /** The checker's operand mode. */
    public byte mode;

    Expr(Kind kind, int pos) {
        super(pos);
        this.kind = kind;
    }

    @Override
    public final int start() {
        Expr e = this;
        for (; ; ) {
            switch (e.kind) {
                case COMPOSITE_LIT -> {
                    Expr t = ((CompositeLit) e).typeExpr;
                    if (t == null) {
                        return e.pos;
                    }
                    e = t;
                }
                case KEY_VALUE -> e = ((KeyValue) e).key;
                case SELECTOR -> e = ((Selector) e).x;
                case INDEX -> e = ((Index) e).x;
                case SLICE -> e = ((Slice) e).x;
                case TYPE_ASSERT -> e = ((TypeAssert) e).x;
                case CALL -> e = ((Call) e).fun;
                case BINARY -> e = ((Binary) e).x;
                default -> {
                    return e.pos;
                }
            }
        }
    }

    /** The expression without enclosing parentheses. */
    public final Expr unparen() {
        Expr e = this;
        while (e.kind == Kind.PAREN) {
            e = ((Paren) e).x;
        }
        return e;
    }

    /** Where a syntax error left nothing usable. */
    public static final class Bad extends Expr {
        public Bad(int pos) {
            super(Kind.BAD, pos);
        }
    }

    /** An identifier. */
    public static final class Name extends Expr {
        public static final Name[] NONE = new Name[0];

        public final String name;
        /** What the name denotes, at its use or its declaration. */
        public ObjSlot obj;
        /** Type arguments if this names an instantiated generic function (explicit or inferred), else null. */
        public TypeSlot[] typeArgs;

        public Name(int pos, String name) {
            super(Kind.NAME, pos);
            this.name = name;
        }

        public boolean isBlank() {
            return name.length() == 1 && name.charAt(0) == '_';
        }
    }

    /** Kinds of literals. */
    public enum Lit {
        INT,
        FLOAT,
        IMAG,
        RUNE,
        STRING
    }

    /** A literal as it stands in the source (a carriage return inside a raw string included). */
    public static final class BasicLit extends Expr {
        public final Lit lit;
        public final String text;
        /** True if the scanner reported an error in it. */
        public final boolean bad;

        public BasicLit(int pos, Lit lit, String text, boolean bad) {
            super(Kind.BASIC_LIT, pos);
            this.lit = lit;
            this.text = text;
            this.bad = bad;
        }
    }

    /** {@code T{a, k: v}}; position: the opening brace. */
    public static final class CompositeLit extends Expr {
        /** Null inside another composite literal. */
        public final Expr typeExpr;
        public final Expr[] elements;
        /** How many elements are {@link KeyValue}. */
        public final int keyed;
        public final int rbrace;

        public CompositeLit(int pos, Expr typeExpr, Expr[] elements, int keyed, int rbrace) {
            super(Kind.COMPOSITE_LIT, pos);
            this.typeExpr = typeExpr;
            this.elements = elements;
            this.keyed = keyed;
            this.rbrace = rbrace;
        }
    }

    /** {@code k: v} in a composite literal; position: the key's start. */
    public static final class KeyValue extends Expr {
        public final Expr key;
        public final Expr value;
        /** For a struct literal: the (perhaps promoted) field. */
        public SelectionSlot selection;

        public KeyValue(int pos, Expr key, Expr value) {
            super(Kind.KEY_VALUE, pos);
            this.key = key;
            this.value = value;
        }
    }

    /** {@code func(...) {...}}; position: {@code func}. */
    public static final class FuncLit extends Expr {
        public final FuncType typeExpr;
        public final Stmt.Block body;
        /** Captured variables and the like. */
        public BodySlot info;

        public FuncLit(int pos, FuncType typeExpr, Stmt.Block body) {
            super(Kind.FUNC_LIT, pos);
            this.typeExpr = typeExpr;
            this.body = body;
        }
    }

    /** {@code (x)}; position: the parenthesis. */
    public static final class Paren extends Expr {
        public final Expr x;

        public Paren(int pos, Expr x) {
            super(Kind.PAREN, pos);
            this.x = x;
        }
    }

    /** {@code x.sel}; position: the dot. */
    public static final class Selector extends Expr {
        public final Expr x;
        public final Name sel;
        /** What it selects; for a package member null, and {@code sel.obj} is the member. */
        public SelectionSlot selection;
        /** Type arguments if this selects an instantiated generic function or method, else null. */
        public TypeSlot[] typeArgs;

        public Selector(int pos, Expr x, Name sel) {
            super(Kind.SELECTOR, pos);
            this.x = x;
            this.sel = sel;
        }
    }

    /** {@code x[i]} or {@code x[T1, T2]}: indexing or instantiation; position: the bracket. */
    public static final class Index extends Expr {
        public final Expr x;
        /** At least one. */
        public final Expr[] indices;
        public final int rbrack;
        /** All type arguments (inferred ones included) if this instantiates a generic function, else null. */
        public TypeSlot[] typeArgs;

        public Index(int pos, Expr x, Expr[] indices, int rbrack) {
            super(Kind.INDEX, pos);
            this.x = x;
            this.indices = indices;
            this.rbrack = rbrack;
        }
    }

    /** {@code x[lo:hi:max]}; each may be null; position: the bracket. */
    public static final class Slice extends Expr {
        public final Expr x;
        public final Expr lo;
        public final Expr hi;
        public final Expr max;
        /** Whether two colons stand there. */
        public final boolean full;
        public final int rbrack;

        public Slice(int pos, Expr x, Expr lo, Expr hi, Expr max, boolean full, int rbrack) {
            super(Kind.SLICE, pos);
            this.x = x;
            this.lo = lo;
            this.hi = hi;
            this.max = max;
            this.full = full;
            this.rbrack = rbrack;
        }
    }

    /** {@code x.(T)}; position: the dot. The guard of a type switch is part of {@link Stmt.TypeSwitch}. */
    public static final class TypeAssert extends Expr {
        public final Expr x;
        /** Null for {@code x.(type)} outside a type switch, which the checker refuses. */
        public final Expr typeExpr;

        public TypeAssert(int pos, Expr x, Expr typeExpr) {
            super(Kind.TYPE_ASSERT, pos);
            this.x = x;
            this.typeExpr = typeExpr;
        }
    }

    /** {@code f(args...)}, conversion or builtin call; position: the parenthesis. */
    public static final class Call extends Expr {
        public static final Call[] NONE_CALLS = new Call[0];

        public final Expr fun;
        public final Expr[] args;
        public final boolean hasDots;
        public final int rparen;
        /** The checker's classification: conversion, builtin or call. */
        public byte callKind;

        public Call(int pos, Expr fun, Expr[] args, boolean hasDots, int rparen) {
            super(Kind.CALL, pos);
            this.fun = fun;
            this.args = args;
            this.hasDots = hasDots;
            this.rparen = rparen;
        }
    }

    /** {@code *x}: dereference or pointer type; position: the star. */
    public static final class Star extends Expr {
        public final Expr x;

        public Star(int pos, Expr x) {
            super(Kind.STAR, pos);
            this.x = x;
        }
    }

    /** {@code op x}, with {@code &}, {@code <-} and {@code ~} included; position: the operator. */
    public static final class Unary extends Expr {
        public final Operator op;
        public final Expr x;

        public Unary(int pos, Operator op, Expr x) {
            super(Kind.UNARY, pos);
            this.op = op;
            this.x = x;
        }
    }

    /** {@code x op y}; position: the operator. */
    public static final class Binary extends Expr {
        public final Operator op;
        public final Expr x;
        public final Expr y;

        public Binary(int pos, Operator op, Expr x, Expr y) {
            super(Kind.BINARY, pos);
            this.op = op;
            this.x = x;
            this.y = y;
        }
    }

    /** {@code [n]T}, {@code []T} (length null) or {@code [...]T} (length an {@link Ellipsis}); position: the bracket. */
    public static final class ArrayType extends Expr {
        public final Expr len;
        public final Expr elem;

        public ArrayType(int pos, Expr len, Expr elem) {
            super(Kind.ARRAY_TYPE, pos);
            this.len = len;
            this.elem = elem;
        }
    }

    /** {@code struct{...}}. */
    public static final class StructType extends Expr {
        public final Field[] fields;
        public final int rbrace;

        public StructType(int pos, Field[] fields, int rbrace) {
            super(Kind.STRUCT_TYPE, pos);
            this.fields = fields;
            this.rbrace = rbrace;
        }
    }

    /** A signature; position: {@code func}, or the name for declarations and interface methods. */
    public static final class FuncType extends Expr {
        public final Field[] typeParams;
        public final Field[] params;
        public final Field[] results;

        public FuncType(int pos, Field[] typeParams, Field[] params, Field[] results) {
            super(Kind.FUNC_TYPE, pos);
            this.typeParams = typeParams;
            this.params = params;
            this.results = results;
        }
    }

    /**
     * {@code interface{...}}: methods are fields with a name, elements are fields without one whose type is a type, a
     * {@link Binary} with {@code |} or a {@link Unary} with {@code ~}.
     */
    public static final class InterfaceType extends Expr {
        public final Field[] methods;
        public final int rbrace;
        /** True for the interface that surrounds a bare constraint such as {@code [T ~int]}; the parser never makes one. */
        public boolean implicit;

        public InterfaceType(int pos, Field[] methods, int rbrace) {
            super(Kind.INTERFACE_TYPE, pos);
            this.methods = methods;
            this.rbrace = rbrace;
        }
    }

    /** {@code map[K]V}. */
    public static final class MapType extends Expr {
        public final Expr key;
        public final Expr value;

        public MapType(int pos, Expr key, Expr value) {
            super(Kind.MAP_TYPE, pos);
            this.key = key;
            this.value = value;
        }
    }

    /** Channel directions. */
    public enum Dir {
        BOTH,
        SEND,
        RECV
    }

    /** {@code chan T}, {@code <-chan T}, {@code chan<- T}. */
    public static final class ChanType extends Expr {
        public final Dir dir;
        public final Expr elem;

        public ChanType(int pos, Dir dir, Expr elem) {
            super(Kind.CHAN_TYPE, pos);
            this.dir = dir;
            this.elem = elem;
        }
    }

    /** {@code ...T} as a parameter type, or {@code ...} as an array length (elem null). */
    public static final class Ellipsis extends Expr {
        public final Expr elem;

        public Ellipsis(int pos, Expr elem) {
            super(Kind.ELLIPSIS, pos);
            this.elem = elem;
        }
    }
}
