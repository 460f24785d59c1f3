// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.ObjectPackages;
import mica.build.Version;

/** {@code mica tool compile}: one package from its files to an object. */
final class ToolCompile extends Command {
    ToolCompile() {
        super("compile", "tool compile [options] file.go...", "compile one package", """
                Compile type-checks and compiles one package and writes an ELF relocatable object with all of
                its functions, for mica tool link, nm, objdump and pack. Imported packages are looked for in
                what -importcfg names, then in the folders of -I, then in the standard library's source.

                	-o file          the object (default: the first file's name with .o)
                	-p path          import path of the package
                	-lang version    language version, such as go1.21
                	-importcfg file  lines "packagefile path=file" and "importmap old=new"
                	-I directory     search path.a and path.o there; may be given several times
                	-complete        every function has its body in Go
                	-std             the package is one of the standard library
                	-asmhdr file     write constants and offsets for assembly; with GOARCH=arm64
                	                 and without -o, these alone
                	-pack            write an archive instead of an object
                	-trimpath prefix remove the prefix from recorded file names
                	-N, -l           no optimizations, no inlining
                	-S               print the assembly
                	-m, -m=2         print decisions about inlining and escapes, with reasons
                	-live            print which pointers the collector finds at each call
                	-C, -e           errors without columns, all errors
                	-d list          debug settings
                	-V               print the version
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("C", "e", "N", "l", "S", "B", "complete", "std", "+", "nolocalimports", "pack", "shared", "live", "v", "V", "dwarf", "wb")
                .strings("p", "o", "lang", "d", "D", "trimpath", "buildid", "c", "goversion", "importcfg", "embedcfg", "symabis", "asmhdr")
                .counts("m")
                .lists("I")
                .refused("race", "msan", "asan", "cpuprofile", "memprofile", "json", "W", "installsuffix", "linkobj", "dynlink", "coveragecfg", "pgoprofile");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.bool("V")) {
            context.out.println("compile version " + Version.GO);
            return 0;
        }
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        // The compiler's errors are its output, and its status for wrong programs is 2.
        boolean header = isHeaderOnly(context, flags);
        Environment env = context.environment(context.cwd, List.of(), header ? new Target("linux", "arm64") : Target.linuxAmd64());
        Builder builder = new Builder(env, options(context, flags), context.out, context.out);
        try {
            if (header) {
                return builder.writeAsmHeader(flags.rest) ? 0 : 2;
            }
            return builder.compile(flags.rest, flags.string("o", "")) ? 0 : 2;
        } catch (BuildException e) {
            context.out.println(e.getMessage());
            return 2;
        }
    }

    /** For arm64 there is an assembler, which wants the constants and offsets, but no code of Go functions yet: no object, then. */
    private static boolean isHeaderOnly(Context context, Flags flags) {
        return !flags.string("asmhdr", "").isEmpty() && flags.string("o", "").isEmpty() && "arm64".equals(context.env.get("GOARCH"));
    }

    private static BuildOptions options(Context context, Flags flags) throws BuildException {
        BuildOptions o = new BuildOptions();
        o.plainHeader = true;
        o.assembly = flags.bool("S");
        o.noColumns = flags.bool("C");
        o.allErrors = flags.bool("e");
        o.noOptimization = flags.bool("N");
        o.noInlining = flags.bool("l");
        o.decisions = flags.count("m");
        o.live = flags.bool("live");
        o.noBounds = flags.bool("B");
        o.complete = flags.bool("complete");
        o.standard = flags.bool("std");
        o.pack = flags.bool("pack");
        o.asmHeader = flags.string("asmhdr", "");
        o.language = flags.string("lang", "");
        o.packagePath = flags.string("p", "");
        o.trimPrefix = flags.string("trimpath", "");
        if (flags.given("d")) {
            o.debug.addAll(List.of(flags.string("d", "").split(",")));
        }
        checkLanguage(o.language);
        o.objects = new ObjectPackages(context.cwd);
        try {
            if (!flags.string("importcfg", "").isEmpty()) {
                o.objects.config(flags.string("importcfg", ""));
            }
        } catch (BuildException e) {
            throw new BuildException("compile: " + e.getMessage());
        }
        for (String dir : flags.list("I")) {
            o.objects.addFolder(dir);
        }
        return o;
    }

    private static void checkLanguage(String language) throws BuildException {
        if (language.isEmpty()) {
            return;
        }
        if (!language.matches("go1(\\.[0-9]+)?")) {
            throw new BuildException("compile: invalid value \"" + language + "\" for -lang: should be something like \"go1.12\"");
        }
        int minor = language.equals("go1") ? 0 : Integer.parseInt(language.substring("go1.".length()));
        int max = Integer.parseInt(Version.GO.substring("go1.".length()));
        if (minor > max) {
            throw new BuildException("compile: invalid value \"" + language + "\" for -lang: max known version is \"" + Version.GO + "\"");
        }
    }
}
