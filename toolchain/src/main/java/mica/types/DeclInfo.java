// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import mica.syntax.Decl;
import mica.syntax.Expr;

/** How a package-level object is declared, and which package-level objects its value or body refers to. */
final class DeclInfo {
    static final int UNRESOLVED = 0;
    static final int UNDER_WAY = 1;
    static final int RESOLVED = 2;

    final Obj obj;
    final Scope fileScope;
    final int version;
    final String fileVersion;
    int state = UNRESOLVED;
    /** Variables declared together by one call with several results; else null. */
    Var[] together;
    Expr typeExpr;
    Expr init;
    /** The initializer's tree has been checked. */
    boolean initChecked;
    /** Constants: the specification's index; and whether type and value are repeated from an earlier specification. */
    int iota;
    boolean inherited;
    Decl.Type typeDecl;
    Decl.Func funcDecl;
    /** Methods of a declared type, in source order. */
    List<Func> methods;
    /** Bodies: 0 unchecked, 1 under way, 2 checked. */
    int bodyState;
    /** Package-level variables, constants and functions that are referred to, in order. */
    private LinkedHashSet<Obj> refs;
    /** Index among all objects of the package, in source order. */
    int order;

    DeclInfo(Obj obj, Scope fileScope, int version, String fileVersion) {
        this.obj = obj;
        this.fileScope = fileScope;
        this.version = version;
        this.fileVersion = fileVersion;
    }

    void addRef(Obj o) {
        if (refs == null) {
            refs = new LinkedHashSet<>();
        }
        refs.add(o);
    }

    /** Variables that one call initializes together have the same references. */
    void shareRefs(DeclInfo from) {
        refs = from.refs;
    }

    List<Obj> refs() {
        return refs == null ? List.of() : new ArrayList<>(refs);
    }

    void addMethod(Func f) {
        if (methods == null) {
            methods = new ArrayList<>();
        }
        methods.add(f);
    }
}
