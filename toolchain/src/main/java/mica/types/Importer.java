// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Finds the package that an import path means; implemented by whoever loads packages. */
@FunctionalInterface
public interface Importer {
    /**
     * The package that {@code path} means when a file of {@code from} imports it (vendor folders applied), its files
     * parsed, its {@code path}, {@code name}, {@code goVersion} and flags set; the same object for each call. Null when
     * there is none: then the loader has reported why, or {@code could not import} is reported here. "unsafe" is never asked for.
     */
    Pkg load(Pkg from, String path);
}
