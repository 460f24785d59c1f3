// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** An interface as written; its complete method and type set is computed once by {@link TypeSets}. */
public final class Interface extends Type {
    /** Explicitly declared methods. */
    public Func[] methods;
    /** Embedded types: interfaces, and in constraints also unions and other types. */
    public Type[] embedded;
    /** Positions of the embedded elements, parallel. */
    public int[] embeddedPos;
    /** Made from a constraint literal such as [T ~int] that was not written as an interface. */
    public boolean implicit;
    /** Computed by {@link TypeSets#of}; null before. */
    public volatile TypeSet typeSet;
    /** The thread that is computing the type set: a second entry means a cycle, which counts as no restriction. */
    Thread busy;

    public Interface(Func[] methods, Type[] embedded, int[] embeddedPos) {
        this.methods = methods;
        this.embedded = embedded;
        this.embeddedPos = embeddedPos;
    }

    @Override
    public Kind kind() {
        return Kind.INTERFACE;
    }
}
