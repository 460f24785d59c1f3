// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Text to trees.
 *
 * <p>In: a {@link mica.base.SourceFile}. Out: a {@link mica.syntax.File}; errors go to {@link mica.base.Diagnostics}
 * in gc's wording. Also here: build constraints, directives, label and branch checks.
 *
 * <p>Invariants: trees are final but for the slots that the checker writes once (types of the marker interfaces
 * {@link mica.syntax.TypeSlot}, {@link mica.syntax.ConstSlot}, {@link mica.syntax.ObjSlot},
 * {@link mica.syntax.SelectionSlot}, {@link mica.syntax.BodySlot}); arrays are never null, an absent single child is null. A node's
 * {@code pos} is where gc places that node (operators at the operator, calls at the parenthesis); {@code start()} is
 * its leftmost position. Children after a syntax error may be {@code BAD}.
 *
 * <p>Start reading at: {@link mica.syntax.Parser}.
 */
package mica.syntax;
