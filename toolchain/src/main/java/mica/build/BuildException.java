// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

/** Why a build cannot start or go on, in the go command's words; printed as it is. */
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1;

    /** The command's exit status. */
    public final int status;

    public BuildException(String message) {
        this(message, 1);
    }

    public BuildException(String message, int status) {
        super(message, null, false, false);
        this.status = status;
    }
}
