// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** A predeclared function or one of package unsafe. */
public final class Builtin extends Obj {
    public enum Id {
        APPEND, CAP, CLEAR, CLOSE, COMPLEX, COPY, DELETE, IMAG, LEN, MAKE, MAX, MIN, NEW, PANIC, PRINT, PRINTLN, REAL, RECOVER,
        UNSAFE_ADD, UNSAFE_ALIGNOF, UNSAFE_OFFSETOF, UNSAFE_SIZEOF, UNSAFE_SLICE, UNSAFE_SLICE_DATA, UNSAFE_STRING, UNSAFE_STRING_DATA
    }

    public final Id id;

    public Builtin(String name, Pkg pkg, Id id) {
        super(name, pkg, 0, Universe.INVALID);
        this.id = id;
    }

    @Override
    public Kind kind() {
        return Kind.BUILTIN;
    }
}
