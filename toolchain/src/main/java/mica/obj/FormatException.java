// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/** A file is not what it should be: says which file, where in it, and what is wrong. The user's input, not Mica's mistake. */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param offset byte offset in the file; -1 = the file as a whole */
    public FormatException(String file, long offset, String text) {
        super(file + ": " + (offset < 0 ? "" : "offset 0x" + Long.toHexString(offset) + ": ") + text);
    }
}
