// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Values of {@link mica.syntax.Expr#mode} and of {@link mica.syntax.Expr.Call#callKind}. */
public final class Mode {
    /** Not checked, or wrong. */
    public static final byte INVALID = 0;
    /** A call without results. */
    public static final byte NO_VALUE = 1;
    /** The name of a builtin function. */
    public static final byte BUILTIN = 2;
    /** A type; {@code Expr.type} is the type denoted. */
    public static final byte TYPE = 3;
    /** A constant; {@code Expr.constant} is its value. */
    public static final byte CONSTANT = 4;
    /** Addressable. */
    public static final byte VARIABLE = 5;
    /** m[k]: assignable, and allows the comma-ok form. */
    public static final byte MAP_INDEX = 6;
    /** A computed value (a call with several results: {@code Expr.type} is a {@link Tuple}). */
    public static final byte VALUE = 7;
    /** The predeclared nil; {@code Expr.type} is the type it takes on, or UNTYPED_NIL in a comparison that stayed so. */
    public static final byte NIL = 8;
    /** x.(T) and {@code <-c}: a value that allows the comma-ok form. {@code Expr.type} is T in that form, too. */
    public static final byte COMMA_OK = 9;

    /** An ordinary call (of a function, method or closure). */
    public static final byte CALL_FUNCTION = 1;
    /** T(x). */
    public static final byte CALL_CONVERSION = 2;
    /** A builtin function; which one says the {@link Builtin} that the function name denotes. */
    public static final byte CALL_BUILTIN = 3;

    private Mode() {}
}
