// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import mica.obj.Symbol;
import mica.types.Selection;
import mica.types.Type;

/** Where descriptors get code from; the SSA builder provides it. All symbols are ABIInternal text, defined when reached. */
public interface FunctionSource {
    /** The method as an interface calls it: the receiver is the interface's data word (a pointer to T, or T itself if it is direct). */
    Symbol interfaceMethod(Type t, Selection method);

    /** The method with a receiver of type t, as reflect.Type.Method gives it. */
    Symbol method(Type t, Selection method);

    /** {@code func(p, q *T) bool} of a comparable type that neither a memory comparison nor a runtime function decides. */
    Symbol equal(Type t);

    /** {@code func(p *T, seed uintptr) uintptr} of such a type. */
    Symbol hash(Type t);
}
