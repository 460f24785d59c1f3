// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.CallInfo;

/** What passes need from the compilation around them. Must be safe for concurrent use. */
public interface PassServices {
    /** How to call a function of package runtime, by its name without "runtime."; a fresh object that the call may keep. */
    CallInfo runtimeCall(String name);
}
