// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.nio.file.Path;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.explore.SsaRecorder;

/** {@code mica build}. */
final class BuildCommand extends Command {
    BuildCommand() {
        super("build", "build [-o output] [build flags] [packages]", "compile packages and dependencies", """
                Build compiles the packages named by the import paths, folders or .go files, along with
                their dependencies. A single main package becomes an executable, named after the last
                element of its import path or after the first file; other packages are only checked and
                compiled, and the result is dropped.

                -o output
                	the file, or the existing folder (or one that ends with a slash), that the result goes to
                -C dir
                	change to dir before doing anything
                -tags tag,list
                	further build tags
                -trimpath
                	no file system paths in the result: module and package paths instead
                -gcflags flags
                	-S prints the assembly, -N and -l switch off optimizations and inlining,
                	-m prints decisions, -d=... debug settings
                -ldflags flags
                	-s and -w leave out symbol table and debug information, -X path.name=value sets a string
                -v
                	print the names of packages as they are compiled
                -work
                	keep and print the name of the temporary folder
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.strings("o");
        BuildFlags.declare(flags);
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        Path dir = BuildFlags.directory(context, flags);
        BuildOptions options = BuildFlags.options(flags);
        options.cacheWords.addAll(flags.rest);
        Environment env = context.environment(dir, options.tags);
        String watched = context.env.getOrDefault("GOSSAFUNC", "");
        SsaRecorder recorder = watched.isEmpty() ? null : new SsaRecorder(watched);
        options.probe = recorder;
        if (!new Builder(env, options, context.out, context.err).build(flags.rest, flags.string("o", ""))) {
            return 1;
        }
        if (recorder != null && recorder.record() != null) {
            ExplainCommand.page(context, recorder);
        } else if (recorder != null) {
            context.err.println(ExplainCommand.missing(watched, recorder.candidates()));
        }
        return 0;
    }
}
