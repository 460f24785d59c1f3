// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import mica.obj.MethodEntry;
import mica.obj.Symbol;

/**
 * Which parts of a type descriptor somebody can look at, and so which of its references count.
 *
 * <p>A descriptor is complete if its type can be the dynamic type of an interface value, if the runtime walks it to make a pointer
 * mask, or if it is unnamed and reflection looks types up by their strings. Any other one only tells size, pointers and
 * string to the allocator and serves as an identity: its fields, parameters and methods are left out, its element type
 * counts only where the runtime needs it (maps and channels), its equality only if maps compare keys by it.
 */
final class TypeEdges {
    private static final int METHOD_SIZE = 16;

    /** Reflection makes pointer types. */
    boolean makesPointers;
    /** Reflection looks for types by their strings. */
    boolean findsTypes;

    boolean isComplete(Symbol s) {
        return (s.linkFlags & Reach.IFACE) != 0
                || TypeBytes.maskOnDemand(s)
                || findsTypes && TypeBytes.isTypelink(s)
                || TypeBytes.kind(s) == TypeBytes.INTERFACE;
    }

    /** Whether relocation i of descriptor s makes its target needed. */
    boolean reaches(Symbol s, int i) {
        switch (s.relocType[i]) {
            case WEAK_TYPEOFF:
                return false;
            case IFACE_TYPEOFF:
                return makesPointers && (s.linkFlags & Reach.IFACE) != 0;
            default:
                break;
        }
        return isComplete(s) || always(s, i) || s.relocOffset[i] == TypeBytes.EQUAL && (s.linkFlags & Reach.MAP_KEY) != 0;
    }

    /** Whether a strong relocation of a descriptor counts even if nobody looks at all of it. */
    boolean always(Symbol s, int i) {
        int offset = s.relocOffset[i];
        if (offset < TypeBytes.FIRST) {
            return offset != TypeBytes.EQUAL;
        }
        int kind = TypeBytes.kind(s);
        return offset < TypeBytes.uncommonOffset(s) && (kind == TypeBytes.MAP || kind == TypeBytes.CHAN);
    }

    static boolean isMapKey(Symbol s, int i) {
        return s.relocOffset[i] == TypeBytes.FIRST && TypeBytes.kind(s) == TypeBytes.MAP;
    }

    /** Whether fields or parameters are left out. */
    boolean dropsList(Symbol s) {
        int kind = TypeBytes.kind(s);
        return (kind == TypeBytes.STRUCT || kind == TypeBytes.FUNC) && !isComplete(s);
    }

    /** Bytes of the descriptor in the image. */
    long size(Symbol s) {
        if (dropsList(s)) {
            return TypeBytes.listStart(s);
        }
        return beforeMethods(s) + (long) listed(s) * METHOD_SIZE;
    }

    private static long beforeMethods(Symbol s) {
        return s.methods == null || s.methods.length == 0 ? s.size : s.methods[0].offset;
    }

    private static int listed(Symbol s) {
        int n = 0;
        if (s.methods != null) {
            for (MethodEntry m : s.methods) {
                n += m.listed ? 1 : 0;
            }
        }
        return n;
    }

    /** Of these bytes, those of fields or parameters, which are left out when nobody looks at them; {@code s.size} is {@link #size}. */
    long listSize(Symbol s) {
        int kind = TypeBytes.kind(s);
        if (kind != TypeBytes.STRUCT && kind != TypeBytes.FUNC || dropsList(s)) {
            return 0;
        }
        return beforeMethods(s) - TypeBytes.listStart(s);
    }
}
