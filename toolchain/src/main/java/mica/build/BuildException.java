// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

/** Why a build cannot start or go on, in the go command's words; printed as it is, exit status 1. */
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1;

    public BuildException(String message) {
        super(message, null, false, false);
    }
}
