// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Parameters or results, or the type of a call with several results. */
public final class Tuple extends Type {
    public static final Tuple EMPTY = new Tuple(new Var[0]);
    public final Var[] vars;

    public Tuple(Var[] vars) {
        this.vars = vars;
    }

    public int size() {
        return vars.length;
    }

    @Override
    public Kind kind() {
        return Kind.TUPLE;
    }
}
