// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Symbol;

/** A TEXT and its body, as parsed. */
final class AsmFunction {
    final Symbol symbol;
    final int flags;
    final int frame;
    /** -2147483648 = not said. */
    final int args;
    final int pos;
    final List<AsmInst> body = new ArrayList<>();
    /** Index in the body of the instruction that follows a label. */
    final Map<String, Integer> labels = new HashMap<>();

    AsmFunction(Symbol symbol, int flags, int frame, int args, int pos) {
        this.symbol = symbol;
        this.flags = flags;
        this.frame = frame;
        this.args = args;
        this.pos = pos;
    }
}
