// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Object code becomes an executable.
 *
 * <p>In: root symbols and a {@link mica.obj.SymbolTable}; symbols that are referred to but not defined define themselves on
 * demand. Out: an {@link mica.link.Image}, which writes itself to a file.
 *
 * <p>Invariants: the set of reached symbols and every order derived from it are the same whatever the threads do; after
 * {@code reach} no new symbol of the program appears, after {@code layout} no size changes; what a section's writer writes is
 * exactly what layout reserved for it; contents of {@link mica.obj.Symbol#data} are never patched, only the image's copy is.
 *
 * <p>Start reading at {@link mica.link.Linker#link}.
 */
package mica.link;
