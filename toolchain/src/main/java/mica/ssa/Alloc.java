// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import mica.obj.Symbol;

/** What an ALLOC makes: a variable whose address is taken, new(T), &T{...}, a closure, the backing array of a literal. */
public final class Alloc {
    /** Bytes: a declared variable larger than this goes to the heap, as gc has it. */
    public static final long MAX_VARIABLE = 128 << 10;

    public enum Kind {
        /** A declared variable: "moved to heap: x". */
        VARIABLE,
        /** new(T). */
        NEW,
        /** &T{...}, a slice literal's array, a variadic argument's array. */
        LITERAL,
        CLOSURE,
        /** A value converted to an interface. */
        BOX,
        /** make([]T, n) with constant n. */
        MAKE_SLICE,
        /** Contents only the compiler knows: map headers, defer records. */
        OTHER
    }

    public final Kind kind;
    /** Name of the variable, or the source text for messages. */
    public final String name;
    public final long size;
    public final int align;
    /** As in {@link Slot#ptrMask}. */
    public final byte[] ptrMask;
    /** Type descriptor for runtime.newobject; its definition is asked for only if the object goes to the heap. */
    public final Symbol typeDescriptor;
    /** The Go type. */
    public final Object goType;
    /** How many elements of a slice it has room for; 0 if it is for something else. */
    public int elements;
    /** Boxes: the service that makes one on the heap from the value's words, because it knows some for good; null = none. */
    public String conversion;
    /** Must stay on the stack (runtime rules) or go to the heap (too large, escapes by directive). */
    public boolean forceStack;
    public boolean forceHeap;

    public Alloc(Kind kind, String name, long size, int align, byte[] ptrMask, Symbol typeDescriptor, Object goType) {
        this.kind = kind;
        this.name = name;
        this.size = size;
        this.align = align;
        this.ptrMask = ptrMask;
        this.typeDescriptor = typeDescriptor;
        this.goType = goType;
    }
}
