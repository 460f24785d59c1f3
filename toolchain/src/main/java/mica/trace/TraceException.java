// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

/** Why a process cannot be started, watched or read; one message for the user. */
public final class TraceException extends Exception {
    private static final long serialVersionUID = 1;

    public TraceException(String message) {
        super(message, null, false, false);
    }
}
