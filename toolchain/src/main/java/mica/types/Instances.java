// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Makes instances of generic types and functions; the same origin and identical arguments give the same Named. */
public final class Instances {
    private Instances() {}

    public static Named named(Named origin, Type[] args) { throw new UnsupportedOperationException(); }

    public static Alias alias(Alias origin, Type[] args) { throw new UnsupportedOperationException(); }

    /** The signature without type parameters. */
    public static Signature signature(Signature generic, Type[] args) { throw new UnsupportedOperationException(); }

    static Type expandUnderlying(Named n) { throw new UnsupportedOperationException(); }

    static Func expandMethod(Named n, Func generic) { throw new UnsupportedOperationException(); }

    /** Index of the first argument that does not satisfy its constraint (reason in cause), or -1. */
    public static int verify(TypeParam[] params, Type[] args, Cause cause) { throw new UnsupportedOperationException(); }
}
