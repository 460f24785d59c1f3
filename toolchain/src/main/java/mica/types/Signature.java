// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A function or method type. The receiver is no part of its identity. */
public final class Signature extends Type {
    private static final TypeParam[] NONE = {};

    /** Receiver of a method (null for functions); its type is T or *T, or the interface for interface methods. */
    public Var recv;
    /** Type parameters that the receiver's type expression declares for this method's body. */
    public TypeParam[] recvTypeParams = NONE;
    public TypeParam[] typeParams = NONE;
    public Tuple params;
    public Tuple results;
    /** The last parameter's type is a slice ([]T for ...T), or string for append's special case. */
    public boolean variadic;
    /** Scope of parameters, in which the body is checked; null for types that are no declaration's or literal's. */
    Scope scope;

    public Signature(Var recv, TypeParam[] typeParams, Tuple params, Tuple results, boolean variadic) {
        this.recv = recv;
        this.typeParams = typeParams == null ? NONE : typeParams;
        this.params = params;
        this.results = results;
        this.variadic = variadic;
    }

    @Override
    public Kind kind() {
        return Kind.SIGNATURE;
    }
}
