// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.types.Alias;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Interface;
import mica.types.Pointer;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;
import mica.types.TypeSets;
import mica.types.Universe;

/** Short questions about closed types that the builder asks all the time. */
final class GoTypes {
    private GoTypes() {}

    static Type under(Type t) {
        return Alias.strip(t).underlying();
    }

    static Type.Kind kind(Type t) {
        return under(t).kind();
    }

    static boolean isInterface(Type t) {
        return kind(t) == Type.Kind.INTERFACE;
    }

    /** An interface without methods: its first word is a type descriptor, not an itab. */
    static boolean isEface(Type t) {
        return under(t) instanceof Interface i && TypeSets.of(i).methods.length == 0;
    }

    static boolean isString(Type t) {
        return info(t, Basic.STRING);
    }

    static boolean isFloat(Type t) {
        return info(t, Basic.FLOAT);
    }

    static boolean isComplex(Type t) {
        return info(t, Basic.COMPLEX);
    }

    static boolean isInteger(Type t) {
        return info(t, Basic.INTEGER);
    }

    static boolean isBoolean(Type t) {
        return info(t, Basic.BOOLEAN);
    }

    static boolean isUnsigned(Type t) {
        return info(t, Basic.UNSIGNED);
    }

    static boolean isUntyped(Type t) {
        return info(t, Basic.UNTYPED);
    }

    static boolean isUntypedNil(Type t) {
        return Alias.strip(t) instanceof Basic b && b.id == Basic.Id.UNTYPED_NIL;
    }

    static boolean isUnsafePointer(Type t) {
        return under(t) instanceof Basic b && b.id == Basic.Id.UNSAFE_POINTER;
    }

    static boolean info(Type t, int bits) {
        return under(t) instanceof Basic b && (b.info & bits) != 0;
    }

    /** Whether a value of type t is itself the data word of an interface (layouts.md section 1). */
    static boolean isDirectIface(Type t) {
        Type u = under(t);
        switch (u.kind()) {
            case POINTER, MAP, CHAN, SIGNATURE:
                return true;
            case BASIC:
                return ((Basic) u).id == Basic.Id.UNSAFE_POINTER;
            case ARRAY:
                Array a = (Array) u;
                return a.length == 1 && isDirectIface(a.elem);
            case STRUCT:
                Struct s = (Struct) u;
                return s.fields.length == 1 && isDirectIface(s.fields[0].type);
            default:
                return false;
        }
    }

    /** The element type of a pointer (or pointer-shaped named type), else null. */
    static Type pointee(Type t) {
        return under(t) instanceof Pointer p ? p.elem : null;
    }

    static long size(Type t) {
        return Sizes.sizeof(t);
    }

    /** A memory comparison decides equality: no padding, no floats, strings or interfaces, no blank fields. */
    static boolean isPlainMemory(Type t) {
        Type u = under(t);
        switch (u.kind()) {
            case BASIC:
                return (((Basic) u).info & (Basic.FLOAT | Basic.COMPLEX | Basic.STRING)) == 0;
            case POINTER, CHAN:
                return true;
            case ARRAY:
                return isPlainMemory(((Array) u).elem);
            case STRUCT:
                Struct s = (Struct) u;
                long[] offs = Sizes.offsets(s);
                long end = 0;
                for (int i = 0; i < s.fields.length; i++) {
                    if (s.fields[i].name.equals("_") || offs[i] != end || !isPlainMemory(s.fields[i].type)) {
                        return false;
                    }
                    end = offs[i] + size(s.fields[i].type);
                }
                return end == size(t);
            default:
                return false;
        }
    }

    /** The type that an untyped type stands for without context. */
    static Type defaultType(Type t) {
        if (Alias.strip(t) instanceof Basic b) {
            switch (b.id) {
                case UNTYPED_BOOL:
                    return Universe.BOOL;
                case UNTYPED_INT:
                    return Universe.INT;
                case UNTYPED_RUNE:
                    return Universe.RUNE;
                case UNTYPED_FLOAT:
                    return Universe.FLOAT64;
                case UNTYPED_COMPLEX:
                    return Universe.COMPLEX128;
                case UNTYPED_STRING:
                    return Universe.STRING;
                default:
                    return t;
            }
        }
        return t;
    }
}
