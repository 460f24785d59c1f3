// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Value;
import mica.types.Type;

/** Something that can be assigned to: parts of an SSA variable, memory, a map element, or nothing ({@code _}). */
final class Place {
    enum Kind {
        SSA, MEMORY, MAP, BLANK
    }

    final Kind kind;
    final Type type;
    /** SSA: number of the first SSA variable. */
    final int ssa;
    /** MEMORY: the address. */
    final Value addr;
    /** MAP: the map's type, the map and the evaluated key. */
    final Type mapType;
    final Value map;
    final Operand key;
    /** MEMORY: reached through a pointer, so that it may overlap with other such memory. */
    boolean deref;

    private Place(Kind kind, Type type, int ssa, Value addr, Type mapType, Value map, Operand key) {
        this.kind = kind;
        this.type = type;
        this.ssa = ssa;
        this.addr = addr;
        this.mapType = mapType;
        this.map = map;
        this.key = key;
    }

    static Place ssa(Type type, int first) {
        return new Place(Kind.SSA, type, first, null, null, null, null);
    }

    static Place memory(Type type, Value addr) {
        return new Place(Kind.MEMORY, type, -1, addr, null, null, null);
    }

    static Place map(Type type, Type mapType, Value map, Operand key) {
        return new Place(Kind.MAP, type, -1, null, mapType, map, key);
    }

    static Place blank(Type type) {
        return new Place(Kind.BLANK, type, -1, null, null, null, null);
    }
}
