// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Set;
import mica.ssa.Func;

/** Surroundings of a run of passes, and what is wanted of it. One per worker; options are shared and not changed. */
public final class PassContext {
    /** Receives what passes do, for dumps and views. */
    public interface Observer {
        /** Called after each pass that ran. */
        void after(String pass, Func f, long nanos);
    }

    public final PassServices services;
    /** Names of passes (or rules) that are switched off. */
    public final Set<String> off;
    /** Verify after each pass. */
    public final boolean verify;
    /** May be null. */
    public final Observer observer;
    /** Optional passes run at all. */
    public final boolean optimize;

    /** Where decisions of the function at hand are kept; null: nobody asks. Set anew for each function. */
    public Decisions log;

    public PassContext(PassServices services, boolean optimize, Set<String> off, boolean verify, Observer observer) {
        this.services = services;
        this.optimize = optimize;
        this.off = off;
        this.verify = verify;
        this.observer = observer;
    }
}
