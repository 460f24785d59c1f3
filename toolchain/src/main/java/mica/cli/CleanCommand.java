// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.build.Builder;

/** {@code mica clean}: removes the build cache. */
final class CleanCommand extends Command {
    CleanCommand() {
        super("clean", "clean [-n] [-x] [-cache]", "remove the build cache", """
                Clean removes what builds keep for later ones.

                -cache
                	remove the executables and compiled functions of earlier builds from Mica's cache folder
                -n
                	print what would be removed, but do not remove it
                -x
                	print what is removed

                The fetched standard library stays.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("cache", "n", "x", "i", "r", "testcache", "fuzzcache").refused("modcache");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.bool("cache")) {
            String folder = Builder.cacheFolder(context.environment(context.cwd, List.of())).toString();
            if (flags.bool("n") || flags.bool("x")) {
                context.out.println("rm -r " + folder);
            }
            if (!flags.bool("n")) {
                Builder.clean(context.environment(context.cwd, List.of()));
            }
        }
        return 0;
    }
}
