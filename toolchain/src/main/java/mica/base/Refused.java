// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

/** The user's function asks for something that no function can have; whoever drives the compilation reports it at its place. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public final int pos;

    public Refused(int pos, String message) {
        super(message, null, false, false);
        this.pos = pos;
    }
}
