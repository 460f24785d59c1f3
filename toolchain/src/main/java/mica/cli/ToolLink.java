// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.FileErrors;
import mica.base.Sources;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.ObjectPackages;
import mica.build.Version;
import mica.link.Image;
import mica.link.LinkOptions;
import mica.link.Linker;
import mica.link.ObjectFiles;
import mica.obj.FormatException;
import mica.obj.SymbolTable;

/** {@code mica tool link}: a static executable from relocatable objects and archives. */
final class ToolLink extends Command {
    ToolLink() {
        super("link", "tool link [options] file.o|file.a...", "link objects to an executable", """
                Link makes a static executable. If the first file is the object of a Go main package (mica tool
                compile), the program consists of it, the other files, and what it imports: from files that
                -importcfg names, from the folders of -L, else compiled from the standard library's source. Else
                it consists of the ELF objects named and the members of archives that they need.

                	-o FILE       name of the executable (default a.out)
                	-importcfg F  lines "packagefile path=file" and "importmap old=new"
                	-L DIR        search path.a and path.o there; may be given several times
                	-X PATH.NAME=VALUE  set a string variable
                	-E NAME       symbol where execution starts (default _start)
                	-B 0xHEX      record these bytes as GNU build id
                	-s            no symbol table
                	-w            no debug information
                	-buildid ID   record ID instead of a hash of the contents
                	-v            print how long each phase took
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("s", "w", "v", "V").strings("o", "E", "buildid", "B", "importcfg", "buildmode", "linkmode").lists("X", "L")
                .refused("extld", "extldflags", "H", "I", "r", "race", "msan", "asan", "linkshared", "installsuffix", "pluginpath");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.bool("V")) {
            context.out.println("link version " + Version.GO);
            return 0;
        }
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        BuildFlags.demand(flags, "buildmode", "exe", "default");
        BuildFlags.demand(flags, "linkmode", "internal", "auto");
        LinkOptions o = new LinkOptions();
        if (flags.given("B")) {
            String error = o.setGnuBuildId(flags.string("B", ""));
            if (error != null) {
                context.err.println(error);
                return 2;
            }
        }
        BuildOptions go = goOptions(context, flags, o);
        if (!flags.given("E") && goProgram(context, flags.rest)) {
            Environment env = context.environment(context.cwd, List.of());
            return new Builder(env, go, context.out, context.err).link(flags.rest, flags.string("o", "")) ? 0 : 2;
        }
        SymbolTable table = new SymbolTable();
        ObjectFiles objects = new ObjectFiles(table);
        for (String f : flags.rest) {
            add(context, objects, f);
        }
        Sources sources = new Sources();
        o.diagnostics = new Diagnostics(sources);
        o.resolver = objects;
        o.entry = flags.string("E", "_start");
        o.omitSymbols = flags.bool("s");
        o.omitDebug = flags.bool("w") || flags.bool("s");
        o.buildId = flags.given("buildid") ? flags.string("buildid", "") : null;
        Image image = Linker.link(o, table, sources, List.of());
        for (String e : objects.errors) {
            context.err.println(e);
        }
        for (Diagnostics.Entry e : o.diagnostics.sorted()) {
            context.err.println(e.text);
        }
        if (image == null || !objects.errors.isEmpty()) {
            return 1;
        }
        if (flags.bool("v")) {
            for (int i = 0; i < image.phaseNames.size(); i++) {
                context.err.println(image.phaseNames.get(i) + "\t" + image.phaseNanos.get(i) / 1000 + " us");
            }
        }
        Path out = context.cwd.resolve(flags.string("o", "a.out"));
        try {
            image.write(out);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + out + ": " + FileErrors.reason(e));
        }
        return 0;
    }

    private static BuildOptions goOptions(Context context, Flags flags, LinkOptions o) throws BuildException {
        BuildOptions go = new BuildOptions();
        go.plainHeader = true;
        go.noSymbols = flags.bool("s");
        go.noDwarf = flags.bool("w") || flags.bool("s");
        go.linkVerbose = flags.bool("v");
        go.gnuBuildId = o.gnuBuildId;
        go.buildId = flags.given("buildid") ? flags.string("buildid", "") : null;
        go.objects = new ObjectPackages(context.cwd);
        for (String x : flags.list("X")) {
            BuildFlags.setString(go, x);
        }
        for (String dir : flags.list("L")) {
            go.objects.addFolder(dir);
        }
        if (!flags.string("importcfg", "").isEmpty()) {
            go.objects.config(flags.string("importcfg", ""));
        }
        return go;
    }

    /** Whether the first file holds a Go package rather than C or assembly. */
    private static boolean goProgram(Context context, List<String> files) throws BuildException {
        return new ObjectPackages(context.cwd).holdsGo(files.get(0));
    }

    private static void add(Context context, ObjectFiles objects, String file) throws BuildException {
        try {
            objects.add(file, InputFile.read(context, "cannot open file " + file, file));
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
    }
}
