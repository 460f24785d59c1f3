// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Decl;

/** A function, a method (concrete or of an interface), or an instance of a generic method's receiver type. */
public final class Func extends Obj {
    /** Declaration with body and directives; null for interface methods. For methods of instances: see {@link #origin}. */
    public Decl.Func decl;
    /** For a method of an instantiated type: the method of the generic type; this otherwise. */
    public Func origin = this;
    /** Index among the declared functions of its package, for deterministic order. */
    public int order;

    public Func(String name, Pkg pkg, int pos, Signature type) {
        super(name, pkg, pos, type);
    }

    public Signature signature() {
        if (type == null && info != null) {
            pkg.checker.decls.resolve(this);
        }
        return (Signature) type;
    }

    @Override
    public Kind kind() {
        return Kind.FUNC;
    }
}
