// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.TypeSlot;

/**
 * A Go type. Classes have identity; two types are the same when {@link Predicates#identical} says so. Closed types (without
 * type parameters) have a unique {@link #linkString}, which is the key wherever types are collected in maps.
 */
public abstract class Type implements TypeSlot {
    public enum Kind {
        BASIC, NAMED, ALIAS, POINTER, SLICE, ARRAY, MAP, CHAN, STRUCT, SIGNATURE, INTERFACE, TUPLE, TYPE_PARAM, UNION
    }

    private volatile String linkString;

    public abstract Kind kind();

    /** The underlying type: never Named, Alias; for a type parameter its constraint interface. */
    public Type underlying() {
        return this;
    }

    /**
     * A string that is equal exactly for identical closed types: full package paths, used in symbol names
     * ({@code type:map[string]*example.com/m/p.T}).
     */
    public final String linkString() {
        String s = linkString;
        if (s == null) {
            s = TypeStrings.link(this);
            linkString = s;
        }
        return s;
    }

    /** As error messages show it (package qualified by path where needed). */
    @Override
    public final String toString() {
        return TypeStrings.message(this);
    }
}
