// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.ObjSlot;

/** A declared entity. */
public abstract class Obj implements ObjSlot {
    public enum Kind {
        PACKAGE_NAME, CONST, TYPE_NAME, VAR, FUNC, LABEL, BUILTIN, NIL
    }

    public final String name;
    /** Declaring package; null for universe objects. */
    public final Pkg pkg;
    public final int pos;
    public Type type;
    /** Scope that holds it; null for fields and methods. */
    public Scope parent;
    /** How it is declared at package level; null for everything else. The checker's. */
    DeclInfo info;

    Obj(String name, Pkg pkg, int pos, Type type) {
        this.name = name;
        this.pkg = pkg;
        this.pos = pos;
        this.type = type;
    }

    public abstract Kind kind();

    /** Begins with an upper-case letter. */
    public final boolean exported() {
        return Names.isExported(name);
    }
}
