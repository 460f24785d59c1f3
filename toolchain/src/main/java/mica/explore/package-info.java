// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Views of every layer: JSON first, then text, then pages.
 *
 * <p>In: facts that the rooms below collect while they work ({@link mica.build.Probe}). Out: texts. Invariants: nothing is computed
 * again for a view; what is shown is what was built; each JSON has a {@code version} and stands in docs/json.md. Start reading at
 * {@code SsaView}.
 */
package mica.explore;
