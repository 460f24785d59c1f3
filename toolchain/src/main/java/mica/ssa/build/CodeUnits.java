// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.base.SourceFile;
import mica.types.Pkg;

/** Compiled functions of earlier builds, for a {@link ProgramBuilder} that is to make the same code again. */
public interface CodeUnits {
    /**
     * What is known of a package's functions. Only functions whose code depends on nothing but the package and what it imports are asked
     * for and given.
     *
     * @return null if nothing is
     */
    CodeUnit of(Pkg p);

    /** A name by which a source file of the program is found in another build; null if it has none. */
    String name(SourceFile file);

    /** The file of that name; null if the program has none. */
    SourceFile file(String name);
}
