// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.base.Diagnostics;

/** Errors of one assembly: sends them to the diagnostics and counts them. */
final class AsmErrors {
    /** Ends the work on the current statement after an error was reported. */
    static class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super(null, null, false, false);
        }
    }

    /** Ends the whole assembly. */
    static final class Fatal extends Stop {
        private static final long serialVersionUID = 1;
    }

    private final Diagnostics diagnostics;
    int count;

    AsmErrors(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    void error(int pos, String text) {
        count++;
        diagnostics.error(pos, text);
    }

    /** Reports and gives up the current statement. */
    Stop stop(int pos, String text) {
        error(pos, text);
        return new Stop();
    }
}
