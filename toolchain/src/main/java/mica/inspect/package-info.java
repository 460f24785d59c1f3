// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * Looks into executables and objects.
 *
 * <p>In: files of Mica, of the standard compiler, of a C compiler. Out: facts as plain objects and as the texts of
 * {@code nm},
 * {@code version -m} and the like; what the files hold is never trusted ({@link mica.obj.FormatException}).
 *
 * <p>Start reading at {@link mica.inspect.Executable}.
 */
package mica.inspect;
