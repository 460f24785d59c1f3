// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;

/** {@code mica tool compile}: one package from its files, checked as the compiler does. */
final class ToolCompile extends Command {
    ToolCompile() {
        super("compile", "tool compile [options] file.go...", "compile one package", """
                Compile type-checks and compiles one package. Imported packages of the standard library are
                found without an -importcfg.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("C", "e", "N", "l", "S", "m", "B", "complete", "std", "+", "nolocalimports", "pack", "shared", "live", "v")
                .strings("p", "o", "lang", "d", "D", "trimpath", "buildid", "c", "goversion", "importcfg", "embedcfg", "symabis", "asmhdr")
                .refused("race", "msan", "asan", "cpuprofile", "memprofile", "json", "W", "I", "installsuffix");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        BuildOptions o = new BuildOptions();
        o.plainHeader = true;
        o.checkOnly = !flags.given("S");
        o.assembly = flags.bool("S");
        o.noColumns = flags.bool("C");
        o.allErrors = flags.bool("e");
        o.noOptimization = flags.bool("N");
        o.noInlining = flags.bool("l");
        o.decisions = flags.bool("m");
        o.noBounds = flags.bool("B");
        o.language = flags.string("lang", "");
        o.packagePath = flags.string("p", "");
        if (flags.given("d")) {
            o.debug.addAll(List.of(flags.string("d", "").split(",")));
        }
        if (!o.language.isEmpty() && !o.language.matches("go1(\\.[0-9]+)?")) {
            throw new BuildException("compile: invalid value \"" + o.language + "\" for -lang: should be something like \"go1.12\"", 2);
        }
        Environment env = context.environment(context.cwd, List.of());
        return new Builder(env, o, context.out, context.err).compile(flags.rest, flags.string("o", "")) ? 0 : 1;
    }
}
