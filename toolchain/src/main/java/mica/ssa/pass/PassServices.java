// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.obj.Symbol;
import mica.ssa.CallInfo;
import mica.ssa.FuncRef;

/** What passes need from the compilation around them. Must be safe for concurrent use. */
public interface PassServices {
    /** How to call a function of package runtime, by its name without "runtime."; a fresh object that the call may keep. */
    CallInfo runtimeCall(String name);

    /** A variable of package runtime, by its name without "runtime.". */
    default Symbol runtimeVariable(String name) {
        return null;
    }

    /** The function in a method table, as the table calls it; null if the symbol is no method table. */
    default FuncRef itabMethod(Symbol itab, int index) {
        return null;
    }

    /** The descriptor of the dynamic type that a method table is for; null if the symbol is none. */
    default Symbol itabType(Symbol itab) {
        return null;
    }

    /** That type's name in messages about a function. */
    default String itabTypeName(Symbol itab, FuncRef from) {
        return "";
    }

    /** The method table of a type for an interface with methods, both given by their descriptors; null if there is none. */
    default Symbol itabOf(Symbol type, Symbol want) {
        return null;
    }
}
