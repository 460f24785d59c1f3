// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** What a selector resolves to: field path, method, package member; implemented by mica.types. */
public interface SelectionSlot {}
