// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** What a name denotes (variable, function, type, package...); implemented by mica.types. */
public interface ObjSlot {}
