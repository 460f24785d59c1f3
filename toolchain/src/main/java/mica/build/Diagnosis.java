// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiFunction;
import mica.ssa.Func;
import mica.ssa.build.Fn;
import mica.ssa.build.PackageFunctions;
import mica.ssa.build.ProgramBuilder;
import mica.ssa.pass.Decisions;
import mica.types.Pkg;

/**
 * Runs the passes over all functions of a package, reached or not, to hear what they decide. A function's decisions depend on the
 * function alone, so they are those of the build.
 */
final class Diagnosis {
    private final ProgramBuilder builder;
    /** Runs the passes over a function and returns what was decided. */
    private final BiFunction<Func, Fn, Decisions> passes;

    Diagnosis(ProgramBuilder builder, BiFunction<Func, Fn, Decisions> passes) {
        this.builder = builder;
        this.passes = passes;
    }

    void run(Pkg p, Remarks remarks) {
        LinkedHashSet<Fn> seen = new LinkedHashSet<>(PackageFunctions.declared(builder, p));
        List<Fn> todo = new ArrayList<>(seen);
        for (int i = 0; i < todo.size(); i++) {
            Fn fn = todo.get(i);
            if (PackageFunctions.isExternal(fn)) {
                for (String s : PackageFunctions.externalParameters(fn)) {
                    remarks.remark(fn.pos, s);
                }
                continue;
            }
            Func f = PackageFunctions.build(builder, fn);
            if (f == null) {
                continue;
            }
            for (Fn n : PackageFunctions.named(f, p)) {
                if (seen.add(n)) {
                    todo.add(n);
                }
            }
            remarks.add(passes.apply(f, fn));
        }
    }
}
