// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Node;

/** A variable: package level, local, parameter, result, receiver or struct field. */
public final class Var extends Obj {
    public enum Role {
        PACKAGE, LOCAL, PARAM, RESULT, RECEIVER, FIELD
    }

    public Role role;
    /** Embedded field. */
    public boolean embedded;
    /** Used somewhere (for "declared and not used"). */
    public boolean used;
    /** Index among the fields of its struct, or among params or results. */
    public int index = -1;
    /** For fields and methods of instantiated types: the generic origin; this otherwise. */
    public Var origin = this;
    /** Package variables: declaration for initialization order and directives (null otherwise). */
    public Node decl;
    /** Facts for the SSA builder, set by the checker for locals: captured by a closure; assigned after its declaration; address taken. */
    public boolean captured;
    public boolean reassigned;
    public boolean addrTaken;
    /** The function literal or declaration that declares it (locals), for capture analysis. */
    public Node owner;

    public Var(String name, Pkg pkg, int pos, Type type, Role role) {
        super(name, pkg, pos, type);
        this.role = role;
    }

    @Override
    public Kind kind() {
        return Kind.VAR;
    }
}
