// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.File;

/** What a package under test has besides its own files. */
final class TestFiles {
    /** Files named _test.go with the package's own clause; they are among its files, too. */
    final List<File> inside = new ArrayList<>();
    /** Files named _test.go of the package whose name ends with _test. */
    final List<File> outside = new ArrayList<>();
    /** The package of {@link #outside}; null = no such files. */
    Package external;
    /** The generated main package, made when all files are read; null = no test files. */
    Package main;

    boolean isEmpty() {
        return inside.isEmpty() && outside.isEmpty();
    }
}
