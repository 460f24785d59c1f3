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

    /** All functions of a package that is no program are complete: of an object file, or because a view asked for them. */
    default void compiled(Iterable<Symbol> functions, Sources sources) {}

    /**
     * Compiling begins; positions that follow are those of {@code sources}. A build of several programs begins several times.
     *
     * @param named link paths of the packages that the user named
     * @param own of all packages that are not of the standard library
     */
    default void begins(Sources sources, List<String> named, List<String> own) {}

    /** Whether decisions are to be collected. Asked once. */
    default boolean explains() {
        return false;
    }

    /** What was decided about a function, when its code is made; only if {@link #explains}. */
    default void decided(Func f, Decisions d) {}

    /** Whether a function is to be compiled even if nothing reaches it. Asked when all that is reached is compiled. */
    default boolean demands(String linkName, String shownName) {
        return false;
    }

    /** What {@link #demands} looks for, as the user wrote it; null = nothing. A function literal is known once the function around it was built. */
    default String demanded() {
        return null;
    }
}
