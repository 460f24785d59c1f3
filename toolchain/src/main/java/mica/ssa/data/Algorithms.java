// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import mica.obj.Symbol;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Interface;
import mica.types.Predicates;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.Type;
import mica.types.TypeSets;
import mica.types.Var;

/** Which function compares and which one hashes values of a type. */
final class Algorithms {
    private final TypeData data;

    Algorithms(TypeData data) {
        this.data = data;
    }

    /** Equality and hash may treat values as bytes: no padding, floats, strings, interfaces or blank fields. */
    static boolean isMemory(Type t) {
        Type u = t.underlying();
        switch (u.kind()) {
            case BASIC:
                return (((Basic) u).info & (Basic.FLOAT | Basic.COMPLEX | Basic.STRING)) == 0;
            case POINTER, CHAN:
                return true;
            case ARRAY:
                return ((Array) u).length == 0 || isMemory(((Array) u).elem);
            case STRUCT:
                return isMemoryStruct((Struct) u);
            default:
                return false;
        }
    }

    private static boolean isMemoryStruct(Struct s) {
        long end = 0;
        for (int i = 0; i < s.fields.length; i++) {
            Var f = s.fields[i];
            if (f.name.equals("_") || Sizes.offset(s, i) != end || !isMemory(f.type)) {
                return false;
            }
            end += Sizes.sizeof(f.type);
        }
        return end == Sizes.sizeof(s);
    }

    /** Value of the Equal field; null if values cannot be compared. */
    Symbol equal(Type t) {
        if (!Predicates.comparable(t, true, null)) {
            return null;
        }
        if (isMemory(t)) {
            return memory("memequal", Sizes.sizeof(t));
        }
        String name = runtimeName(t);
        return data.functionValue(name != null ? runtime(name + "equal") : data.functions.equal(t));
    }

    /** Value of a map type's Hasher field. */
    Symbol hash(Type key) {
        if (isMemory(key)) {
            return memory("memhash", Sizes.sizeof(key));
        }
        String name = runtimeName(key);
        return data.functionValue(name != null ? runtime(name + "hash") : data.functions.hash(key));
    }

    private Symbol runtime(String name) {
        return data.symbols.lookup("runtime." + name, 1);
    }

    private Symbol memory(String what, long size) {
        if (size == 0 || size == 1 || size == 2 || size == 4 || size == 8 || size == 16) {
            return data.functionValue(runtime(what + 8 * size));
        }
        return data.sizedFunctionValue(runtime(what + "_varlen"), size);
    }

    /** Prefix of the runtime's functions for types that are not made of others; null for structs and arrays. */
    private static String runtimeName(Type t) {
        Type u = t.underlying();
        switch (u.kind()) {
            case INTERFACE:
                return TypeSets.of((Interface) u).methods.length == 0 ? "nilinter" : "inter";
            case BASIC:
                switch (((Basic) u).id) {
                    case FLOAT32:
                        return "f32";
                    case FLOAT64:
                        return "f64";
                    case COMPLEX64:
                        return "c64";
                    case COMPLEX128:
                        return "c128";
                    default:
                        return "str";
                }
            default:
                return null;
        }
    }

    /** An equal key may have other bits (floats, strings), so an assignment to a present key must write the key too. */
    static boolean needsKeyUpdate(Type t) {
        Type u = t.underlying();
        switch (u.kind()) {
            case BASIC:
                return (((Basic) u).info & (Basic.FLOAT | Basic.COMPLEX | Basic.STRING)) != 0;
            case INTERFACE:
                return true;
            case ARRAY:
                return needsKeyUpdate(((Array) u).elem);
            case STRUCT:
                for (Var f : ((Struct) u).fields) {
                    if (needsKeyUpdate(f.type)) {
                        return true;
                    }
                }
                return false;
            default:
                return false;
        }
    }

    static boolean hashMightPanic(Type t) {
        Type u = t.underlying();
        switch (u.kind()) {
            case INTERFACE:
                return true;
            case ARRAY:
                return hashMightPanic(((Array) u).elem);
            case STRUCT:
                for (Var f : ((Struct) u).fields) {
                    if (hashMightPanic(f.type)) {
                        return true;
                    }
                }
                return false;
            default:
                return false;
        }
    }

    /** A value of type t is itself an interface's data word: one pointer and nothing else. */
    static boolean isDirect(Type t) {
        Type u = t.underlying();
        switch (u.kind()) {
            case POINTER, MAP, CHAN, SIGNATURE:
                return true;
            case BASIC:
                return ((Basic) u).id == Basic.Id.UNSAFE_POINTER;
            case ARRAY:
                return ((Array) u).length == 1 && isDirect(((Array) u).elem);
            case STRUCT:
                return ((Struct) u).fields.length == 1 && isDirect(((Struct) u).fields[0].type);
            default:
                return false;
        }
    }
}
