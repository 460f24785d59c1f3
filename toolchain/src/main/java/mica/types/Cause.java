// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Takes the reason why a question about types was answered with no, worded as gc words it. */
public final class Cause {
    public final Qualifier qualifier;
    /** The reason; "" when none was given. */
    public String text = "";
    /** Minor number of the language version whose rules hold. */
    int version = Versions.LATEST;
    /** What set it, as messages say it. */
    String versionReason = "";

    public Cause(Qualifier qualifier) {
        this.qualifier = qualifier;
    }

    public Cause(Pkg here) {
        this(Qualifier.in(here));
    }

    public String name(Type t) {
        return TypeStrings.message(t, qualifier);
    }
}
