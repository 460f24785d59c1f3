// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Value;
import mica.types.Type;

/** The value of an expression: its scalars, or the address of memory that holds it and does not change before it is used. */
final class Operand {
    static final Value[] NO_VALUES = {};

    final Type type;
    /** Scalars in the order of {@link Layout#parts}; null if the value lies in memory. */
    final Value[] parts;
    /** Address of the value; null if it is scalar. */
    final Value addr;

    private Operand(Type type, Value[] parts, Value addr) {
        this.type = type;
        this.parts = parts;
        this.addr = addr;
    }

    static Operand of(Type type, Value... parts) {
        return new Operand(type, parts, null);
    }

    static Operand memory(Type type, Value addr) {
        return new Operand(type, null, addr);
    }

    boolean isMemory() {
        return parts == null;
    }

    /** The only (or first) scalar. */
    Value v() {
        return parts[0];
    }

    Operand as(Type t) {
        return t == type ? this : new Operand(t, parts, addr);
    }
}
