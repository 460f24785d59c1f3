// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

/** A mistake of Mica's own (never the user's): carries what was being worked on, so that the report can name it. */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param where the pass, function or symbol at work @param message what was found to be wrong */
    public Fault(String where, String message) {
        super(where + ": " + message);
    }

    public Fault(String where, String message, Throwable cause) {
        super(where + ": " + message, cause);
    }
}
