// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The name that an import declaration introduces in a file. */
public final class PkgName extends Obj {
    public final Pkg imported;
    public boolean used;
    /** The import declaration gives the name. */
    boolean declaredName;

    public PkgName(String name, Pkg pkg, int pos, Pkg imported) {
        super(name, pkg, pos, Universe.INVALID);
        this.imported = imported;
    }

    @Override
    public Kind kind() {
        return Kind.PACKAGE_NAME;
    }
}
