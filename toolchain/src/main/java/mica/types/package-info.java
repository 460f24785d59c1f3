// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Trees to a typed program.
 *
 * <p>In: packages as parsed files ({@link mica.types.Pkg}), an {@link mica.types.Importer} that finds what they import.
 * Out: a {@link mica.types.Program}: each expression's type, mode ({@link mica.types.Mode}) and constant, each name's object, each selector's
 * {@link mica.types.Selection}, inferred type arguments, captured variables ({@link mica.types.BodyInfo}), all in the slots of the tree;
 * errors in gc's words and places.
 *
 * <p>Two halves: the checker over trees ({@code Checker} and its parts, one per language construct), and the algebra of types
 * that it asks (identity, method sets, type sets, substitution, inference, constants, sizes).
 *
 * <p>Invariants: declarations of a package are complete before anything that imports it is checked; a function's body is checked once, when
 * somebody asks for it; types recorded in generic bodies are in terms of their type parameters; one lock per program guards all
 * checking.
 *
 * <p>Start reading at: {@link mica.types.Program}, then {@code Checker}.
 */
package mica.types;
