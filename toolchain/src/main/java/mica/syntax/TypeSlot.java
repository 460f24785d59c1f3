// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** The type of an expression; implemented by mica.types. */
public interface TypeSlot {}
