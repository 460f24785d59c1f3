// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** Functions of package runtime that tracebacks know by number (internal/abi's FuncID). */
public final class FuncIds {
    private FuncIds() {}

    public static final int NORMAL = 0;
    public static final int WRAPPER = 23;

    private static final String[] NAMES = {
        "abort", "asmcgocall", "asyncPreempt", "cgocallback", "corostart", "debugCallV2", "gcBgMarkWorker", "goexit",
                "gogo",
        "gopanic", "handleAsyncEvent", "mcall", "morestack", "mstart", "panicwrap", "rt0_go", "main", "runFinalizers",
        "runCleanups", "sigpanic", "systemstack", "systemstack_switch",
    };

    /** The number of a function by its link name, 0 for ordinary ones. */
    public static int of(String name) {
        if (!name.startsWith("runtime.")) {
            return NORMAL;
        }
        String n = name.substring("runtime.".length());
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(n)) {
                return i + 1;
            }
        }
        return n.equals("deferreturn") ? WRAPPER : NORMAL;
    }
}
