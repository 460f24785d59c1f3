// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** What an expression has been found to be, while checking goes on; recorded in the tree when done. */
final class Operand {
    /** One of {@link Mode}. */
    byte mode;
    Type type;
    /** Value of a CONSTANT; null when unknown after an error. */
    Constant value;
    /** The expression it stands for, for positions and messages. */
    Expr expr;
    /** From 1: which result of a call with several it is; 0 for everything else. */
    int resultIndex;
    /** The second value of a comma-ok form, whose expression is the first's. */
    boolean commaOk;
    /** The generic function that an argument is, while its type arguments are being found. */
    Signature generic;
    /** Type arguments that were given to a generic function among the arguments of a call, when some are still missing; else null. */
    Type[] given;
    /** Which builtin, for mode BUILTIN. */
    Builtin.Id id;

    Operand() {}

    Operand(byte mode, Type type, Expr expr) {
        this.mode = mode;
        this.type = type;
        this.expr = expr;
    }

    void set(byte newMode, Type newType) {
        mode = newMode;
        type = newType;
        value = null;
    }

    void invalid() {
        mode = Mode.INVALID;
        type = Universe.INVALID;
        value = null;
    }

    void constant(Type t, Constant v) {
        mode = Mode.CONSTANT;
        type = t;
        value = v;
    }

    Operand copy() {
        Operand o = new Operand(mode, type, expr);
        o.value = value;
        o.id = id;
        return o;
    }

    void become(Operand o) {
        mode = o.mode;
        type = o.type;
        value = o.value;
        expr = o.expr;
        id = o.id;
    }

    boolean ok() {
        return mode != Mode.INVALID;
    }

    boolean isConstant() {
        return mode == Mode.CONSTANT;
    }

    boolean isNil() {
        return mode == Mode.NIL;
    }

    boolean isUntyped() {
        return Predicates.isUntyped(type);
    }

    /** As messages show operands: {@code x (variable of type int)}. */
    String describe(Qualifier q) {
        if (mode == Mode.NIL) {
            return type == null || type == Universe.UNTYPED_NIL || !Predicates.isValid(type)
                    ? "nil"
                    : "nil (of type " + TypeStrings.message(type, q) + ")";
        }
        StringBuilder b = new StringBuilder();
        String text = resultIndex > 0 ? ordinal(resultIndex) + " function result" : expr != null ? ExprText.of(expr) : mode == Mode.BUILTIN ? id.name().toLowerCase(java.util.Locale.ROOT) : "";
        b.append(text);
        boolean parens = !text.isEmpty();
        if (parens) {
            b.append(" (");
        }
        boolean hasType = false;
        if (mode != Mode.INVALID && mode != Mode.NO_VALUE && mode != Mode.BUILTIN && mode != Mode.TYPE && type != null) {
            if (Predicates.isUntyped(type)) {
                b.append(((Basic) Alias.strip(type)).name).append(' ');
            } else {
                hasType = true;
            }
        }
        b.append(modeText());
        if (mode == Mode.CONSTANT && value != null) {
            String v = value.toString();
            if (!v.equals(text)) {
                b.append(' ').append(v);
            }
        }
        if (hasType) {
            if (Predicates.isValid(type)) {
                describeType(b, q);
            } else {
                b.append(" with invalid type");
            }
        }
        if (parens) {
            b.append(')');
        }
        return b.toString();
    }

    private static String ordinal(int n) {
        String end = n % 100 >= 11 && n % 100 <= 13 ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
        return n + end;
    }

    private void describeType(StringBuilder b, Qualifier q) {
        b.append(" of ");
        if (Predicates.isGeneric(type)) {
            b.append("generic ");
        }
        TypeParam tp = Alias.strip(type) instanceof TypeParam p ? p : null;
        if (tp == null && (type instanceof Alias || type instanceof Named)) {
            String what = structure(type);
            if (!what.isEmpty()) {
                b.append(what).append(' ');
            }
        }
        b.append("type ").append(TypeStrings.message(type, q));
        if (tp != null) {
            b.append(" constrained by ").append(TypeStrings.message(tp.constraint, q));
            if (tp.underlying() instanceof Interface i && TypeSets.of(i).isEmpty()) {
                b.append(" with empty type set");
            }
        }
    }

    /** What a named type is made of: "struct", "int". */
    static String structure(Type t) {
        Type u = t.underlying();
        if (u instanceof Basic b) {
            return t instanceof Named ? b.name : t == Universe.BYTE || Alias.strip(t) == u ? "" : b.name;
        }
        return kindText(t);
    }

    /** "struct", "pointer", ... of the underlying type; "" for basic types. */
    static String kindText(Type t) {
        return switch (t.underlying().kind()) {
            case POINTER -> "pointer";
            case SLICE -> "slice";
            case ARRAY -> "array";
            case MAP -> "map";
            case CHAN -> "chan";
            case STRUCT -> "struct";
            case SIGNATURE -> "func";
            case INTERFACE -> Alias.strip(t) instanceof TypeParam ? "type parameter" : "interface";
            case TUPLE -> "tuple";
            case UNION -> "union";
            default -> "";
        };
    }

    private String modeText() {
        return switch (mode) {
            case Mode.INVALID -> "invalid operand";
            case Mode.NO_VALUE -> "no value";
            case Mode.BUILTIN -> "built-in";
            case Mode.TYPE -> "type";
            case Mode.CONSTANT -> "constant";
            case Mode.VARIABLE -> "variable";
            case Mode.MAP_INDEX -> "map index expression";
            case Mode.VALUE -> "value";
            case Mode.NIL -> "nil";
            default -> "comma, ok expression";
        };
    }
}
