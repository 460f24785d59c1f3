// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import mica.obj.Symbol;
import mica.types.Array;
import mica.types.MapType;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/**
 * Writes what a map's descriptor says beyond abi.Type: how a group of eight slots lies in memory
 * ({@code struct { ctrl uint64; slots [8]struct { key K; elem E } }}), and how keys are hashed.
 */
final class MapWriter {
    private static final int SLOTS = 8;
    /** Keys and elements over this size are stored behind a pointer. */
    private static final long MAX_INLINE = 128;
    private static final int NEED_KEY_UPDATE = 1;
    private static final int HASH_MIGHT_PANIC = 2;
    private static final int INDIRECT_KEY = 4;
    private static final int INDIRECT_ELEM = 8;

    private final TypeData data;
    private final MapType map;
    private final Symbol s;

    MapWriter(TypeData data, MapType map, Symbol s) {
        this.data = data;
        this.map = map;
        this.s = s;
    }

    int write(int at) {
        boolean indirectKey = indirect(map.key);
        boolean indirectElem = indirect(map.elem);
        Struct group = group(map);
        Struct slot = (Struct) ((Array) group.fields[1].type).elem;
        long slots = Sizes.offset(group, 1);
        long stride = Sizes.sizeof(slot);
        long elem = Sizes.offset(slot, 1);
        s.putAddress(at, data.type(map.key), 0);
        s.putAddress(at + 8, data.type(map.elem), 0);
        s.putAddress(at + 16, groupType(group), 0);
        s.putAddress(at + 24, data.algorithms.hash(map.key), 0);
        s.put(at + 32, Sizes.sizeof(group), 8);
        s.put(at + 40, slots, 8);
        s.put(at + 48, stride, 8);
        s.put(at + 56, slots + elem, 8);
        s.put(at + 64, stride, 8);
        s.put(at + 72, elem, 8);
        s.put(at + 80, (Algorithms.needsKeyUpdate(map.key) ? NEED_KEY_UPDATE : 0)
                | (Algorithms.hashMightPanic(map.key) ? HASH_MIGHT_PANIC : 0)
                | (indirectKey ? INDIRECT_KEY : 0)
                | (indirectElem ? INDIRECT_ELEM : 0), 8);
        return at + 88;
    }

    private static boolean indirect(Type t) {
        return Sizes.sizeof(t) > MAX_INLINE;
    }

    private static Struct group(MapType map) {
        Struct slot = struct(field("key", indirect(map.key) ? Universe.UNSAFE_POINTER : map.key),
                field("elem", indirect(map.elem) ? Universe.UNSAFE_POINTER : map.elem));
        return struct(field("ctrl", Universe.UINT64), field("slots", new Array(slot, SLOTS)));
    }

    /** The memory of a map of one group: internal/runtime/maps.Map, and the group behind it. */
    static Struct smallMap(MapType map) {
        return struct(field("used", Universe.UINT64), field("seed", Universe.UINTPTR), field("dirPtr", Universe.UNSAFE_POINTER),
                field("dirLen", Universe.INT), field("flags", Universe.UINT64), field("clearSeq", Universe.UINT64), field("group", group(map)));
    }

    private static Struct struct(Var... fields) {
        return new Struct(fields, null);
    }

    private static Var field(String name, Type t) {
        return new Var(name, null, 0, t, Var.Role.FIELD);
    }

    /**
     * The descriptor by which groups are allocated. Nobody but the allocator and the collector looks at it, so it names no fields
     * unless its pointer mask is made from them at run time, and it is never compared.
     */
    private Symbol groupType(Struct group) {
        Symbol g = data.symbols.lookup("type:noalg." + group.linkString());
        if (!g.isTaken()) {
            g.offer(x -> new TypeWriter(data, group, x).writeOpaque(), group, 0);
        }
        return g;
    }
}
