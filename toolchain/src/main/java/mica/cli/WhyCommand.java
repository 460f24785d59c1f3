// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;

/** {@code mica why}: through which references a symbol gets into a program. */
final class WhyCommand extends Command {
    WhyCommand() {
        super("why", "why [build flags] symbol [package | files]", "explain why a symbol is linked", """
                Why links the program without writing it, and prints the shortest chain of references from
                where execution starts (or from a package's initialization) to the symbol, which is named as
                mica tool nm prints it.
                """);
    }

    @Override
    void declare(Flags flags) {
        BuildFlags.declare(flags);
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        BuildOptions o = BuildFlags.options(flags);
        o.mustBeMain = true;
        o.why = flags.rest.get(0);
        List<String> rest = flags.rest.subList(1, flags.rest.size());
        Environment env = context.environment(BuildFlags.directory(context, flags), o.tags);
        return new Builder(env, o, context.out, context.err).build(rest, "") ? 0 : 1;
    }
}
