// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.function.Function;
import mica.ssa.CallInfo;

/** Finds the {@link EscapeSummary} of callees. */
final class Summaries {
    private Summaries() {}

    static Function<CallInfo, EscapeSummary> of(PassContext c) {
        return info -> info.ref != null && info.ref.summary instanceof EscapeSummary s ? s : null;
    }
}
