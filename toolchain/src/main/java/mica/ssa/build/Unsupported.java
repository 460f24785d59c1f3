// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

/** Ends the building of a function that uses a construct that is not built yet. */
final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1;

    final int pos;
    final String what;

    Unsupported(int pos, String what) {
        super(what, null, false, false);
        this.pos = pos;
        this.what = what;
    }
}
