// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** What the checker found out about a function body (captured variables, ...); implemented by mica.types. */
public interface BodySlot {}
