// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Slot;
import mica.types.Type;

/** Where a local variable of the function at work lives. */
final class Local {
    enum Storage {
        /** In SSA variables {@link #ssa}, one per part. */
        SSA,
        /** In a stack slot whose address nobody keeps. */
        SLOT,
        /** In memory whose address is in SSA variable {@link #ssa}: an ALLOC, or a captured variable. */
        REF,
        /** As REF, the address is kept in stack slot {@link #slot}: results of functions with defer. */
        REF_SLOT
    }

    final Type type;
    final Layout layout;
    final Storage storage;
    final int ssa;
    final Slot slot;

    Local(Type type, Layout layout, Storage storage, int ssa, Slot slot) {
        this.type = type;
        this.layout = layout;
        this.storage = storage;
        this.ssa = ssa;
        this.slot = slot;
    }
}
