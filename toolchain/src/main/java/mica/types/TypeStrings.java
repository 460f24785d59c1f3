// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The three written forms of types: for messages, for link symbols, for reflection. */
public final class TypeStrings {
    private TypeStrings() {}

    /** Message form, packages qualified by name. */
    public static String message(Type t) { return message(t, Qualifier.NAME); }

    public static String message(Type t, Qualifier q) { throw new UnsupportedOperationException(); }

    /** A signature without the word func: {@code (x int) string}. */
    public static String signatureTail(Signature s, Qualifier q) { throw new UnsupportedOperationException(); }

    /** An object as gc shows it in messages, such as {@code func f(x int)} or {@code var x int}. */
    public static String object(Obj o, Qualifier q) { throw new UnsupportedOperationException(); }

    /** Unique form of a closed type with full package paths. */
    public static String link(Type t) { throw new UnsupportedOperationException(); }

    /** What reflect's String() returns. */
    public static String reflect(Type t) { throw new UnsupportedOperationException(); }
}
