// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.base.Fault;

/** Sizes, alignments, offsets and pointer maps on 64-bit targets. Asked for closed types only. */
public final class Sizes {
    public static final int WORD = 8;
    /** No type may be larger than this, which is gc's limit. */
    public static final long MAX = 1L << 50;

    private Sizes() {}

    public static long sizeof(Type t) {
        Type u = t.underlying();
        return switch (u.kind()) {
            case BASIC -> basicSize((Basic) u);
            case POINTER, MAP, CHAN, SIGNATURE -> WORD;
            case SLICE -> 3 * WORD;
            case INTERFACE -> 2 * WORD;
            case ARRAY -> {
                Array a = (Array) u;
                long e = a.length <= 0 ? 0 : sizeof(a.elem);
                yield e == 0 ? 0 : saturate(a.length, e);
            }
            case STRUCT -> {
                long[] l = layout((Struct) u);
                yield l[l.length - 2];
            }
            default -> throw new Fault("sizes", "no size: " + t);
        };
    }

    private static long saturate(long n, long size) {
        return n > Long.MAX_VALUE / size ? Long.MAX_VALUE : n * size;
    }

    private static int basicSize(Basic b) {
        return switch (b.id) {
            case BOOL, INT8, UINT8, UNTYPED_BOOL -> 1;
            case INT16, UINT16 -> 2;
            case INT32, UINT32, FLOAT32, UNTYPED_RUNE -> 4;
            case INT, INT64, UINT, UINT64, UINTPTR, FLOAT64, COMPLEX64, UNSAFE_POINTER, UNTYPED_INT, UNTYPED_FLOAT, UNTYPED_NIL -> 8;
            case STRING, UNTYPED_STRING, COMPLEX128, UNTYPED_COMPLEX -> 16;
            case INVALID -> 0;
        };
    }

    public static int alignof(Type t) {
        Type u = t.underlying();
        return switch (u.kind()) {
            case BASIC -> basicAlign((Basic) u);
            case ARRAY -> alignof(((Array) u).elem);
            case STRUCT -> {
                long[] l = layout((Struct) u);
                yield (int) l[l.length - 1];
            }
            case POINTER, MAP, CHAN, SIGNATURE, SLICE, INTERFACE -> WORD;
            default -> throw new Fault("sizes", "no alignment: " + t);
        };
    }

    private static int basicAlign(Basic b) {
        return switch (b.id) {
            case COMPLEX64 -> 4;
            case INVALID -> 1;
            default -> Math.min(basicSize(b), WORD);
        };
    }

    /** Offset of field i. */
    public static long offset(Struct s, int i) {
        return layout(s)[i];
    }

    public static long[] offsets(Struct s) {
        return java.util.Arrays.copyOf(layout(s), s.fields.length);
    }

    private static long[] layout(Struct s) {
        long[] known = s.layout;
        if (known != null) {
            return known;
        }
        int n = s.fields.length;
        long[] l = new long[n + 2];
        long at = 0;
        long align = 1;
        long last = 1;
        for (int i = 0; i < n; i++) {
            Type ft = s.fields[i].type;
            long a = alignof(ft);
            align = Math.max(align, a);
            at = roundUp(at, a);
            l[i] = at;
            last = sizeof(ft);
            at = at + last < 0 ? Long.MAX_VALUE : at + last;
        }
        // The address of a trailing field without size must not lie in the next object.
        if (at > 0 && last == 0) {
            at++;
        }
        l[n] = roundUp(at, align);
        l[n + 1] = align;
        s.layout = l;
        return l;
    }

    public static long roundUp(long x, long align) {
        return x > Long.MAX_VALUE - align ? x : (x + align - 1) & -align;
    }

    public static boolean hasPointers(Type t) {
        Type u = t.underlying();
        return switch (u.kind()) {
            case BASIC -> pointerBasic((Basic) u);
            case ARRAY -> ((Array) u).length > 0 && hasPointers(((Array) u).elem);
            case STRUCT -> {
                for (Var f : ((Struct) u).fields) {
                    if (hasPointers(f.type)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> true;
        };
    }

    private static boolean pointerBasic(Basic b) {
        return switch (b.id) {
            case STRING, UNSAFE_POINTER, UNTYPED_STRING, UNTYPED_NIL -> true;
            default -> false;
        };
    }

    /** Bytes up to and including the last pointer; 0 without pointers. */
    public static long ptrdata(Type t) {
        Type u = t.underlying();
        return switch (u.kind()) {
            case BASIC -> pointerBasic((Basic) u) ? WORD : 0;
            case POINTER, MAP, CHAN, SIGNATURE, SLICE -> WORD;
            case INTERFACE -> 2 * WORD;
            case ARRAY -> {
                Array a = (Array) u;
                long last = a.length <= 0 ? 0 : ptrdata(a.elem);
                yield last == 0 ? 0 : (a.length - 1) * sizeof(a.elem) + last;
            }
            case STRUCT -> {
                Struct s = (Struct) u;
                long[] l = layout(s);
                for (int i = s.fields.length - 1; i >= 0; i--) {
                    long p = ptrdata(s.fields[i].type);
                    if (p > 0) {
                        yield l[i] + p;
                    }
                }
                yield 0;
            }
            default -> throw new Fault("sizes", "no pointer data: " + t);
        };
    }

    /** Pointer map of t: bit i for word i, {@code ptrdata/8} of them. */
    public static long[] pointerMask(Type t) {
        long words = ptrdata(t) / WORD;
        if (words > Integer.MAX_VALUE) {
            throw new Fault("sizes", "pointer map too large: " + t);
        }
        long[] mask = new long[(int) ((words + 63) / 64)];
        pointers(t, 0, mask);
        return mask;
    }

    /** Sets bit (base/8 + i) for each word i of t that holds a pointer; bit n is in mask[n/64]. */
    public static void pointers(Type t, long base, long[] mask) {
        Type u = t.underlying();
        switch (u.kind()) {
            case BASIC -> {
                if (pointerBasic((Basic) u)) {
                    set(mask, base);
                }
            }
            case POINTER, MAP, CHAN, SIGNATURE, SLICE -> set(mask, base);
            case INTERFACE -> {
                set(mask, base);
                set(mask, base + WORD);
            }
            case ARRAY -> {
                Array a = (Array) u;
                if (a.length > 0 && hasPointers(a.elem)) {
                    long size = sizeof(a.elem);
                    for (long i = 0; i < a.length; i++) {
                        pointers(a.elem, base + i * size, mask);
                    }
                }
            }
            case STRUCT -> {
                Struct s = (Struct) u;
                long[] l = layout(s);
                for (int i = 0; i < s.fields.length; i++) {
                    pointers(s.fields[i].type, base + l[i], mask);
                }
            }
            default -> throw new Fault("sizes", "no pointer map: " + t);
        }
    }

    private static void set(long[] mask, long at) {
        long w = at / WORD;
        mask[(int) (w >> 6)] |= 1L << (w & 63);
    }

    /** Exceeds what an address space can hold. */
    public static boolean tooLarge(Type t) {
        return sizeof(t) > MAX;
    }
}
