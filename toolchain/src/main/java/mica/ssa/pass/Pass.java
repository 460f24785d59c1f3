// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Func;

/** One transformation of a function. */
@FunctionalInterface
public interface Pass {
    void run(Func f, PassContext c);
}
