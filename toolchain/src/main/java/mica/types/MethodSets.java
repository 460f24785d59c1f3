// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Method sets for type descriptors and interface tables: all methods of a type, promoted ones included. */
public final class MethodSets {
    private MethodSets() {}

    /** Methods of exactly t's method set (T: value receivers; *T: both), sorted by name, then package path of unexported ones. */
    public static Selection[] of(Type t) { throw new UnsupportedOperationException(); }
}
