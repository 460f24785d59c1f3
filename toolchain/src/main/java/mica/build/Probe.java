// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.List;
import mica.base.Sources;
import mica.code.Amd64Backend;
import mica.link.Image;
import mica.obj.Symbol;
import mica.ssa.Func;
import mica.ssa.pass.Decisions;
import mica.ssa.pass.PassContext;

/**
 * Watches a build from inside, for views. What a probe asks for is collected, and nothing else: a build without one costs nothing
 * more, and one with a probe makes the same bytes. Methods are called from the workers' threads, for one function from one thread.
 */
public interface Probe extends PassContext.Observer, Amd64Backend.Listener {
    /** The executable is complete; {@code image} says which symbols were reached. Not called if there were errors. */
    void linked(Image image, Sources sources);

    /** An object file's functions are complete ({@code mica tool compile}). */
    default void compiled(List<Symbol> functions, Sources sources) {}

    /** Compiling begins; positions that follow are those of {@code sources}. */
    default void begins(Sources sources) {}

    /** Whether decisions are to be collected. Asked once. */
    default boolean explains() {
        return false;
    }

    /** What was decided about a function, right before its code is generated; only if {@link #explains}. */
    default void decided(Func f, Decisions d) {}

    /** Link name of a function that is to be compiled even if nothing reaches it; null = none. */
    default String demanded() {
        return null;
    }
}
