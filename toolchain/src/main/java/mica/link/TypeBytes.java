// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.nio.charset.StandardCharsets;
import mica.base.Fault;
import mica.obj.Bytes;
import mica.obj.RelocType;
import mica.obj.Symbol;

/** Reads what the linker must know from the bytes of a type descriptor (internal/abi.Type of Go 1.27). */
final class TypeBytes {
    static final int EQUAL = 24;
    /** First word behind abi.Type: the element type of arrays, channels, pointers, slices, the key type of maps. */
    static final int FIRST = 48;
    /** Header of the list of fields, parameters or interface methods: its length. */
    private static final int LIST_LENGTH = 64;
    private static final int FUNC_COUNTS = 48;
    private static final int TFLAG = 20;
    private static final int KIND = 23;
    private static final int STR = 40;
    private static final int TFLAG_UNCOMMON = 1;
    private static final int TFLAG_EXTRA_STAR = 2;
    private static final int UNCOMMON_SIZE = 16;
    private static final int TFLAG_NAMED = 4;
    private static final int TFLAG_MASK_ON_DEMAND = 16;

    // Kinds; 17 array, 18 chan, 19 func, 20 interface, 21 map, 22 pointer, 23 slice, 25 struct.
    static final int ARRAY = 17;
    static final int CHAN = 18;
    static final int FUNC = 19;
    static final int INTERFACE = 20;
    static final int MAP = 21;
    static final int STRING = 24;
    static final int STRUCT = 25;

    private TypeBytes() {}

    /** Whether reflection must find the type by its string: an unnamed composite type other than an interface. */
    static boolean isTypelink(Symbol s) {
        int kind = s.data[KIND];
        return (s.data[TFLAG] & TFLAG_NAMED) == 0 && kind >= ARRAY && kind <= STRUCT && kind != INTERFACE && kind != STRING;
    }

    static int kind(Symbol s) {
        return s.data[KIND];
    }

    /** The runtime makes the type's pointer mask by walking through its elements or fields. */
    static boolean maskOnDemand(Symbol s) {
        return (s.data[TFLAG] & TFLAG_MASK_ON_DEMAND) != 0;
    }

    /** Offset of the fields of a struct or the parameters of a function, which come behind the UncommonType. */
    static int listStart(Symbol s) {
        return uncommonOffset(s) + ((s.data[TFLAG] & TFLAG_UNCOMMON) != 0 ? UNCOMMON_SIZE : 0);
    }

    /** Makes a struct's descriptor in {@code image} claim to have no fields, a function's no parameters. */
    static void clearList(Symbol s, byte[] image, int at) {
        if (kind(s) == STRUCT) {
            Bytes.store64(image, at + LIST_LENGTH - 8, 0);
            Bytes.store64(image, at + LIST_LENGTH, 0);
            Bytes.store64(image, at + LIST_LENGTH + 8, 0);
        } else {
            Bytes.store32(image, at + FUNC_COUNTS, 0);
        }
    }

    /** The type string that the Str field refers to, one byte a char. */
    static String string(Symbol s) {
        for (int i = 0; i < s.relocCount; i++) {
            if (s.relocOffset[i] == STR && s.relocType[i] == RelocType.NAMEOFF) {
                String str = decodeName(s.relocTarget[i].data, (int) s.relocAddend[i]);
                return (s.data[TFLAG] & TFLAG_EXTRA_STAR) != 0 ? str.substring(1) : str;
            }
        }
        throw new Fault("link: " + s.name, "type descriptor without a string");
    }

    /** Flags, varint length, bytes. Bytes stay bytes so that comparing them orders as Go orders strings. */
    private static String decodeName(byte[] b, int at) {
        int n = 0;
        int shift = 0;
        int p = at + 1;
        for (; ; p++, shift += 7) {
            n |= (b[p] & 0x7f) << shift;
            if (b[p] >= 0) {
                break;
            }
        }
        return new String(b, p + 1, n, StandardCharsets.ISO_8859_1);
    }

    /** Offset of the UncommonType behind the kind's own struct. */
    static int uncommonOffset(Symbol s) {
        switch (s.data[KIND]) {
            case 17:
                return 72;
            case 18:
                return 64;
            case 19, 22, 23:
                return 56;
            case 20, 25:
                return 80;
            case 21:
                return 136;
            default:
                return 48;
        }
    }
}
