// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Finds fields and methods by name, through embedded fields; and methods that an interface demands. */
public final class Lookup {
    private Lookup() {}

    public enum Status {
        FOUND, NOT_FOUND, AMBIGUOUS,
        /** A method with pointer receiver on a value that is not addressable and no pointer. */
        POINTER_RECEIVER
    }

    public static final class Result {
        public final Status status;
        /** Field (Var) or method (Func); null unless FOUND or POINTER_RECEIVER. */
        public final Obj obj;
        /** As in {@link Selection#path}; AMBIGUOUS: the path of the first candidate. */
        public final int[] path;
        public final boolean indirect;

        Result(Status status, Obj obj, int[] path, boolean indirect) {
            this.status = status;
            this.obj = obj;
            this.path = path;
            this.indirect = indirect;
        }
    }

    /** Field or method name of t (or of *t's base when t is a pointer). @param addressable x is addressable @param pkg where it is written */
    public static Result fieldOrMethod(Type t, boolean addressable, Pkg pkg, String name) { throw new UnsupportedOperationException(); }

    /** As above, names compared without regard to case (for hints in messages); null if none. */
    public static Obj foldCase(Type t, Pkg pkg, String name) { throw new UnsupportedOperationException(); }

    /** The first method of interface t that v lacks, or null. @param isStatic v's missing methods count even when v is an interface */
    public static Func missingMethod(Type v, Type t, boolean isStatic, Cause cause) { throw new UnsupportedOperationException(); }

    /** Pointed-to type if t is a pointer (not a named pointer type... its underlying), else t. */
    public static Type deref(Type t) { throw new UnsupportedOperationException(); }

    /** Index of the field in the struct, or -1. */
    public static int fieldIndex(Struct s, Pkg pkg, String name) { throw new UnsupportedOperationException(); }
}
