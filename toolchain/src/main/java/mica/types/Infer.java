// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Finds type arguments that were left out. */
public final class Infer {
    private Infer() {}

    /** An argument of the call: its type (may be untyped, or a generic Signature whose parameters are among those to be found). */
    public static final class Arg {
        public final Type type;
        /** Null for typed arguments; of constants the kind decides the default type. */
        public final int pos;
        /** As written, for messages. */
        public final String text;

        public Arg(Type type, int pos, String text) {
            this.type = type;
            this.pos = pos;
            this.text = text;
        }
    }

    /** What went wrong: pos -1 means at the call. */
    public static final class Failure {
        public int pos = -1;
        public String text;
    }

    /**
     * @param params all type parameters to find (of the callee, then renamed ones of generic function arguments)
     * @param known arguments already given: length of params, null where unknown; or null
     * @param paramTypes parameter types of the call, one for each argument (variadic ones expanded)
     * @param callee "in call to f" name, as written; null in other contexts
     * @param reverse paramTypes/args come from assigning a generic function to a variable
     * @return all arguments, or null with failure filled in
     */
    public static Type[] infer(TypeParam[] params, Type[] known, Type[] paramTypes, Arg[] args, String callee, boolean reverse,
            Qualifier q, Failure failure) { throw new UnsupportedOperationException(); }

    /** Fresh copies of type parameters (constraints renamed along), so that recursive uses don't mix. */
    public static TypeParam[] rename(TypeParam[] params) { throw new UnsupportedOperationException(); }
}
