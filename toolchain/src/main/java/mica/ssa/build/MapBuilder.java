// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Block;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.ssa.data.TypeData;
import mica.types.Basic;
import mica.types.MapType;
import mica.types.Type;
import mica.types.Universe;

/** Map operations, by calls of internal/runtime/maps through their link names. */
final class MapBuilder {
    /** runtime.zeroVal's size: larger elements bring their own zero value. */
    private static final long ZERO_VAL = 1024;
    /** Elements up to this size are stored in the slot, and the fast forms apply (layouts.md section 2). */
    private static final long MAX_INLINE = 128;

    private enum Fast {
        NONE, I32, I64, PTR, STRING
    }

    private final FuncBuilder b;

    MapBuilder(FuncBuilder b) {
        this.b = b;
    }

    private Fast fast(MapType m) {
        if (b.layout(m.elem).size > MAX_INLINE) {
            return Fast.NONE;
        }
        Type k = GoTypes.under(m.key);
        if (k instanceof Basic t && (t.info & Basic.STRING) != 0) {
            return Fast.STRING;
        }
        Layout l = b.layout(m.key);
        if (!GoTypes.isPlainMemory(m.key) || l.parts == null || l.parts.length != 1) {
            return Fast.NONE;
        }
        switch (l.parts[0]) {
            case I32:
                return Fast.I32;
            case I64:
                return Fast.I64;
            case PTR:
                return Fast.PTR;
            default:
                return Fast.NONE;
        }
    }

    private static String suffix(Fast f) {
        switch (f) {
            case I32:
                return "_fast32";
            case I64, PTR:
                return "_fast64";
            case STRING:
                return "_faststr";
            default:
                return "";
        }
    }

    private Value[] keyed(String name, Fast f, Type mapType, Value map, Operand key) {
        Value t = b.typeWord(mapType);
        switch (f) {
            case NONE:
                return b.rt(name, t, map, b.spill(key));
            case STRING:
                return b.rt(name, t, map, key.parts[0], key.parts[1]);
            default:
                return b.rt(name, t, map, key.parts[0]);
        }
    }

    /** An empty map that is not expected to grow. */
    Value empty(MapType m) {
        return b.rtMaking("makemap_small", TypeData.smallMap(m))[0];
    }

    /** m[k], or the zero value. */
    Operand read(Type mapType, Value map, Operand key) {
        MapType m = (MapType) GoTypes.under(mapType);
        Value p;
        if (b.layout(m.elem).size > ZERO_VAL) {
            p = b.rt1("mapaccess1_fat", b.typeWord(mapType), map, b.spill(key), b.zeroedTemp(m.elem));
        } else {
            Fast f = fast(m);
            p = keyed("mapaccess1" + suffix(f), f, mapType, map, key)[0];
        }
        return b.stable(b.loadFrom(m.elem, p));
    }

    Operand[] read2(Type mapType, Value map, Operand key) {
        MapType m = (MapType) GoTypes.under(mapType);
        Value[] r;
        if (b.layout(m.elem).size > ZERO_VAL) {
            r = b.rt("mapaccess2_fat", b.typeWord(mapType), map, b.spill(key), b.zeroedTemp(m.elem));
        } else {
            Fast f = fast(m);
            r = keyed("mapaccess2" + suffix(f), f, mapType, map, key);
        }
        return new Operand[] {b.stable(b.loadFrom(m.elem, r[0])), Operand.of(Universe.BOOL, r[1])};
    }

    /** Address of m[k]'s element, made if it does not exist. */
    Value assignSlot(Type mapType, Value map, Operand key) {
        Fast f = fast((MapType) GoTypes.under(mapType));
        String name = f == Fast.PTR ? "mapassign_fast64ptr" : "mapassign" + suffix(f);
        return keyed(name, f, mapType, map, key)[0];
    }

    void delete(Type mapType, Value map, Operand key) {
        Fast f = fast((MapType) GoTypes.under(mapType));
        keyed("mapdelete" + suffix(f), f, mapType, map, key);
    }

    /** len(m): the first word of the map, 0 for nil. */
    Value length(Value map) {
        int n = b.newVar(MType.I64);
        b.write(n, b.i64(0));
        Block some = b.newBlock();
        Block done = b.newBlock();
        b.branch(b.compare(Op.NE, map, b.nil()), some, done, 1);
        b.startSealed(some);
        b.write(n, b.load(MType.I64, map, 0));
        b.jump(done);
        b.startSealed(done);
        return b.read(n);
    }
}
