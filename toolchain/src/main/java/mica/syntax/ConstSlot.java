// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** A constant value; implemented by mica.types. */
public interface ConstSlot {}
