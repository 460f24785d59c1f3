// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.List;
import mica.obj.Symbol;

/** What one package runs before main: its functions in order, and the packages that come before it. */
public final class InitTask {
    /** One function to run. */
    static final class Step {
        final Symbol function;
        /** The step runs only if one of these symbols is in the program; null = always. */
        final Symbol[] onlyIf;
        /** Decided by {@link Reach}. */
        boolean kept;

        Step(Symbol function, Symbol[] onlyIf) {
            this.function = function;
            this.onlyIf = onlyIf;
        }
    }

    public final String pkg;
    /** Import paths of direct imports. */
    public final List<String> imports;
    final List<Step> steps = new ArrayList<>();
    /** The record's symbol, {@code pkg..inittask}; made by the linker. */
    Symbol record;

    public InitTask(String pkg, List<String> imports) {
        this.pkg = pkg;
        this.imports = imports;
    }

    /** Appends a function that always runs: it has effects. */
    public void add(Symbol function) {
        steps.add(new Step(function, null));
    }

    /** Appends a function without effects but on these variables: it is dropped when nobody else reaches any of them. */
    public void addPure(Symbol function, Symbol... variables) {
        steps.add(new Step(function, variables));
    }
}
