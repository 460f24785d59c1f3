// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.Arrays;
import mica.ssa.MType;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;

/**
 * How a type lies in memory and how it is taken apart into machine scalars. A type with at most {@link #MAX_SCALARS} parts and no
 * array of two or more elements lives in SSA values; any other lives in memory.
 */
final class Layout {
    static final int MAX_SCALARS = 4;
    /** More parts than any register sequence has. */
    private static final int MAX_FLAT = 24;

    final Type type;
    final long size;
    final int align;
    final boolean hasPointers;
    /** Parts and their offsets in order; null when the type has an array of several elements or too many parts. */
    final MType[] parts;
    final long[] offsets;
    /** Lives in SSA values: parts are known and at most {@link #MAX_SCALARS}. */
    final boolean scalar;
    private byte[] mask;

    Layout(Type type) {
        this.type = type;
        Type u = GoTypes.under(type);
        if (u instanceof Basic b && (b.info & Basic.UNTYPED) != 0 && b.id != Basic.Id.UNTYPED_NIL) {
            u = GoTypes.under(GoTypes.defaultType(type));
        }
        if (u instanceof Basic b && b.id == Basic.Id.UNTYPED_NIL) {
            size = 8;
            align = 8;
            hasPointers = true;
        } else {
            size = Sizes.sizeof(u);
            align = Sizes.alignof(u);
            hasPointers = Sizes.hasPointers(u);
        }
        Flat f = new Flat();
        if (size == 0) {
            parts = new MType[0];
            offsets = new long[0];
        } else if (f.add(u, 0)) {
            parts = Arrays.copyOf(f.parts, f.count);
            offsets = Arrays.copyOf(f.offsets, f.count);
        } else {
            parts = null;
            offsets = null;
        }
        scalar = parts != null && parts.length <= MAX_SCALARS;
    }

    boolean isZeroSize() {
        return size == 0;
    }

    /** One bit per word that holds a pointer, LSB first; null = no pointers. */
    byte[] ptrMask() {
        if (!hasPointers) {
            return null;
        }
        byte[] m = mask;
        if (m == null) {
            long[] bits = new long[(int) ((size / 8 + 63) / 64) + 1];
            Sizes.pointers(type, 0, bits);
            m = toBytes(bits, (int) ((size / 8 + 7) / 8));
            mask = m;
        }
        return m;
    }

    static byte[] toBytes(long[] bits, int n) {
        byte[] m = new byte[n];
        for (int i = 0; i < n; i++) {
            m[i] = (byte) (bits[i / 8] >>> (i % 8 * 8));
        }
        return m;
    }

    /** Number of parts of a field or element type: parts of an aggregate are those of its fields in order. */
    static int count(Layout l) {
        return l.parts.length;
    }

    private static final class Flat {
        MType[] parts = new MType[4];
        long[] offsets = new long[4];
        int count;

        boolean add(Type t, long at) {
            Type u = GoTypes.under(t);
            switch (u.kind()) {
                case BASIC:
                    return basic((Basic) u, at);
                case POINTER, MAP, CHAN, SIGNATURE:
                    return part(MType.PTR, at);
                case SLICE:
                    return part(MType.PTR, at) && part(MType.I64, at + 8) && part(MType.I64, at + 16);
                case INTERFACE:
                    return part(MType.PTR, at) && part(MType.PTR, at + 8);
                case ARRAY:
                    Array a = (Array) u;
                    return a.length == 0 || a.length == 1 && add(a.elem, at);
                case STRUCT:
                    Struct s = (Struct) u;
                    long[] offs = Sizes.offsets(s);
                    for (int i = 0; i < s.fields.length; i++) {
                        if (!add(s.fields[i].type, at + offs[i])) {
                            return false;
                        }
                    }
                    return true;
                case TUPLE:
                    return false;
                default:
                    throw new mica.base.Fault("ssa build", "no layout for type " + t);
            }
        }

        private boolean basic(Basic b, long at) {
            switch (b.id) {
                case STRING, UNTYPED_STRING:
                    return part(MType.PTR, at) && part(MType.I64, at + 8);
                case COMPLEX64:
                    return part(MType.F32, at) && part(MType.F32, at + 4);
                case COMPLEX128, UNTYPED_COMPLEX:
                    return part(MType.F64, at) && part(MType.F64, at + 8);
                default:
                    return part(scalarOf(b), at);
            }
        }

        private boolean part(MType t, long at) {
            if (count == MAX_FLAT) {
                return false;
            }
            if (count == parts.length) {
                parts = Arrays.copyOf(parts, count * 2);
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            parts[count] = t;
            offsets[count++] = at;
            return true;
        }
    }

    static MType scalarOf(Basic b) {
        switch (b.id) {
            case BOOL, INT8, UINT8, UNTYPED_BOOL:
                return MType.I8;
            case INT16, UINT16:
                return MType.I16;
            case INT32, UINT32, UNTYPED_RUNE:
                return MType.I32;
            case INT, INT64, UINT, UINT64, UINTPTR, UNTYPED_INT:
                return MType.I64;
            case FLOAT32:
                return MType.F32;
            case FLOAT64, UNTYPED_FLOAT:
                return MType.F64;
            case UNSAFE_POINTER, UNTYPED_NIL:
                return MType.PTR;
            default:
                throw new mica.base.Fault("ssa build", "no machine type for " + b.name);
        }
    }
}
