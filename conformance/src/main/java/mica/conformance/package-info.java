// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * The slow suites: GOROOT's own tests against Mica's compiler and runtime.
 *
 * <p>In: a GOROOT of Go 1.27 and a list of the cases that are known to fail. Out: a verdict per case; the run fails when a listed
 * case passes or an unlisted one fails, so the list can only shrink. The compiler runs inside this process, so that it is warm.
 *
 * <p>Start reading at {@link mica.conformance.GorootTests}.
 */
package mica.conformance;
